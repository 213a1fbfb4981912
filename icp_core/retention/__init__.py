"""Retention: how long customers stay, in which months they leave, and who is slipping now."""
