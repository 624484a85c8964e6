"""Themes put to the test and on show: a torture manuscript, contrast, a gallery of spreads."""
