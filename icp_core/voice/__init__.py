"""What customers say: scores, choices, themes, phrases, codes, and what to ask next."""
