"""Publications for Chinese text: one manuscript, a PDF and an EPUB."""

__version__ = "0.1.0"
