"""The gate: what is looked at before a book leaves the house, and one report of it."""
