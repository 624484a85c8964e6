"""The EPUB edition: a `ReflowBook` in, the bytes of an EPUB 3.3 publication out."""

from booklet.output.epub.identifiers import stable_identifier
from booklet.output.epub.pack import pack_epub

__all__ = ["pack_epub", "stable_identifier"]
