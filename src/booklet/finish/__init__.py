"""Finished files read back, and held against the manuscript."""
