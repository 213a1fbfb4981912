"""Intervals, tests and the words for figures; nothing here knows about customers."""
