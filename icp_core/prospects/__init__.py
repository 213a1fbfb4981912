"""Prospects: who fits, why, and what to ask next."""
