"""Segments: which customers, in one sentence; compared with the rest, discovered, priced."""
