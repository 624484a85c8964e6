"""Books to files: PDF by WeasyPrint, EPUB by EbookLib."""

from booklet.linker import defer_imports, spare_searches

spare_searches()
defer_imports()
