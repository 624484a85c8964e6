"""Books to files: PDF by WeasyPrint, EPUB by EbookLib."""

from booklet.linker import await_renderer

await_renderer()
