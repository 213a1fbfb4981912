"""Facts: one row per customer with all attributes and measures, as of a date."""
