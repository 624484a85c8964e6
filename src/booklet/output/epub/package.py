"""The package document (EPUB 3.3, "Package document"): metadata, manifest, spine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from booklet.output.epub.container import Part
from booklet.output.epub.metadata import PUBLICATION_ID, write_metadata
from booklet.output.epub.xml import OPF, XML_LANG, add, root, serialise
from booklet.typeset.book import ReflowBook

IBOOKS = "http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"


def package_document(
    book: ReflowBook,
    modified: dt.datetime,
    accessibility: Iterable[tuple[str, str]],
    parts: Sequence[Part],
    spine: Iterable[Part],
) -> bytes:
    """Write the package document.

    Args:
        book: The book.
        modified: When the publication was last modified, with its time zone.
        accessibility: Properties and values of its accessibility.
        parts: Every file but this one.
        spine: Those that are read from beginning to end, in reading order; all linear.
    """
    package = root("package", {None: OPF})
    package.set("version", "3.0")  # so in every EPUB 3, 3.3 too
    package.set("unique-identifier", PUBLICATION_ID)
    package.set(XML_LANG, book.language)
    package.set("dir", "ltr")  # a title may begin with a mark that has no direction of its own
    if book.fonts:  # else Apple Books shows its own (Apple Books Asset Guide, "Fonts")
        package.set("prefix", f"ibooks: {IBOOKS}")
    write_metadata(package, book, modified, accessibility)
    manifest = add(package, "manifest")
    for part in parts:
        attributes = {"id": part.id, "href": part.href, "media-type": part.media_type}
        if part.properties:
            attributes["properties"] = " ".join(part.properties)
        add(manifest, "item", "", attributes)
    order = add(package, "spine", "", {"toc": "ncx"})
    if book.direction == "rtl":  # else a reader lets the first page lie left (EPUB 3.3, "spine")
        order.set("page-progression-direction", "rtl")
    for part in spine:
        add(order, "itemref", "", {"idref": part.id})
    return serialise(package)
