"""Gather: bytes become typed, matched, reconciled rows."""
