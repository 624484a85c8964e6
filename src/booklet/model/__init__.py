"""Frozen values of a publication: no paths, no HTML, no page numbers."""
