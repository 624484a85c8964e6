"""Books to files: PDF by WeasyPrint, EPUB by EbookLib."""

from booklet.linker import spare_searches

spare_searches()
