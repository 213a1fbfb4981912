"""ICP Workbench: find the Ideal Customer Profile in a company's own data."""
