"""Put the files of a publication together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from booklet.errors import ToolError
from booklet.output.epub.accessibility import accessibility
from booklet.output.epub.container import Part, write_container
from booklet.output.epub.documents import SpineDocument, cover_page, dress, href_of
from booklet.output.epub.metadata import COVER_ID
from booklet.output.epub.navigation import NAV_HREF, contents_place, navigation_part, ncx_part
from booklet.output.epub.package import package_document
from booklet.output.epub.references import (
    Targets,
    check_documents,
    check_resources,
    check_toc,
)
from booklet.typeset.book import ReflowBook, Resource


def pack_epub(book: ReflowBook, modified: dt.datetime) -> bytes:
    """Write a book as EPUB 3.3.

    The bytes depend on the arguments alone. The reading order is that of a Chinese book: cover,
    title page, preface, contents, chapters and the rest.

    Args:
        book: The book.
        modified: When it was last modified, with its time zone.

    Returns:
        The EPUB.

    Raises:
        ToolError: The book breaks the contract of `ReflowBook`, so that the EPUB would be faulty.
    """
    documents = tuple(_documents(book))
    pictures = ((book.cover,) if book.cover else ()) + book.resources
    check_resources((*pictures, *book.fonts))
    targets = _targets(documents, pictures)
    check_documents(documents, targets)
    check_toc(book, targets)
    nav = navigation_part(book, documents)
    texts = [document.part for document in documents]
    parts = (
        nav,
        ncx_part(book, documents),
        Part("css", "css/style.css", "text/css", book.css.encode()),
        *texts,
        *_pictures(book),
        *_fonts(book),
    )
    place = contents_place(documents)
    spine = (*texts[:place], nav, *texts[place:])
    package = package_document(book, modified, accessibility(book, documents), parts, spine)
    return write_container(parts, package, book.font_licences)


def _documents(book: ReflowBook) -> Iterator[SpineDocument]:
    if not book.documents:
        msg = "an EPUB needs at least one document"
        raise ToolError(msg)
    if book.cover:
        yield cover_page(book, book.cover)
    for document in book.documents:
        yield dress(document, book.language)


def _targets(documents: Sequence[SpineDocument], pictures: Sequence[Resource]) -> Targets:
    """Tell which paths there are to point to, with the ids of each."""
    texts = {document.href: document.ids for document in documents}
    return (
        texts | {href_of(item): frozenset() for item in pictures} | {NAV_HREF: frozenset({"toc"})}
    )


def _fonts(book: ReflowBook) -> Iterator[Part]:
    for number, font in enumerate(book.fonts, 1):
        yield Part(f"font-{number}", href_of(font), font.media_type, font.data)


def _pictures(book: ReflowBook) -> Iterator[Part]:
    if book.cover:
        cover = book.cover
        properties = ("cover-image",)
        yield Part(COVER_ID, href_of(cover), cover.media_type, cover.data, properties)
    for number, item in enumerate(book.resources, 1):
        yield Part(f"resource-{number}", href_of(item), item.media_type, item.data)
