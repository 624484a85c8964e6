"""Books to files: PDF by WeasyPrint, EPUB by EbookLib."""
