"""The metadata of the package document (EPUB 3.3, "Metadata").

Everything here comes from the header or is counted in the documents; what the editor did not give
is left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from lxml import etree

from booklet.errors import ToolError
from booklet.model.header import Contributor, Header, Series
from booklet.output.epub.identifiers import isbn_urn
from booklet.output.epub.xml import DC, add
from booklet.typeset.book import ReflowBook

PUBLICATION_ID = "publication-id"
COVER_ID = "cover-image"
# MARC relators of those who answer for the content as a whole; who adds to it is a contributor.
_CREATING = frozenset({"art", "aut", "cmp", "com", "cre"})

# A Chinese, Japanese or Korean name is sorted as it is written: the family name stands first.
_SORTED_AS_WRITTEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
# A name that was transliterated may keep the order of its own language.
_TRANSLITERATED = re.compile(r"[·・•‧．.]")
_CONFORMANCE = "EPUB Accessibility 1.1 - WCAG 2.2 Level {}"


def creators(header: Header) -> tuple[Contributor, ...]:
    """Give those who made the work: authors, and compilers of an anthology."""
    return tuple(person for person in header.contributors if person.role in _CREATING)


def write_metadata(
    package: etree._Element,
    book: ReflowBook,
    modified: dt.datetime,
    accessibility: Iterable[tuple[str, str]],
) -> None:
    """Append ``metadata`` to the package element.

    Args:
        package: The package element.
        book: The book.
        modified: When the publication was last modified, with its time zone.
        accessibility: Properties and values of EPUB Accessibility 1.1, "Package metadata".
    """
    metadata = etree.SubElement(
        package, f"{{{etree.QName(package).namespace}}}metadata", nsmap={"dc": DC}
    )
    _identifiers(metadata, book)
    _dc(metadata, "title", book.title)
    _dc(metadata, "language", book.language)
    _people(metadata, book.header)
    _publication(metadata, book.header)
    _meta(metadata, "dcterms:modified", utc(modified))
    if book.header.series:
        _series(metadata, book.header.series)
    if book.fonts:
        _meta(metadata, "ibooks:specified-fonts", "true")
    if book.pages:
        _meta(metadata, "pageBreakSource", book.page_source)
    for name, value in accessibility:
        _meta(metadata, f"schema:{name}", value)
    if evaluated := book.header.ebook.evaluated:
        _meta(metadata, "dcterms:conformsTo", _CONFORMANCE.format(evaluated.level), {"id": "claim"})
        _meta(metadata, "a11y:certifiedBy", evaluated.by, {"refines": "#claim"})
    if book.cover:
        # EPUB 2 readers and shops look here, not at the manifest property.
        add(metadata, "meta", "", {"name": "cover", "content": COVER_ID})


def utc(moment: dt.datetime) -> str:
    """Write a moment as EPUB 3.3, "Last modified date", asks: ``2026-11-23T08:00:00Z``.

    Raises:
        ToolError: The moment has no time zone, so that its meaning would be that of the machine.
    """
    if moment.tzinfo is None:
        msg = "the time of modification has no time zone"
        raise ToolError(msg)
    plain = moment.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None)
    return f"{plain.isoformat()}Z"


def _identifiers(metadata: etree._Element, book: ReflowBook) -> None:
    _dc(metadata, "identifier", book.identifier, {"id": PUBLICATION_ID})
    isbn = isbn_urn(book.header.isbn) if book.header.isbn else ""
    if isbn and isbn != book.identifier:
        _dc(metadata, "identifier", isbn, {"id": "isbn"})


def _people(metadata: etree._Element, header: Header) -> None:
    makers = creators(header)
    others = tuple(person for person in header.contributors if person not in makers)
    for kind, people in (("creator", makers), ("contributor", others)):
        for number, person in enumerate(people, 1):
            name = f"{kind}-{number}"
            _dc(metadata, kind, person.name, {"id": name})
            about = {"refines": f"#{name}"}
            _meta(metadata, "role", person.role, about | {"scheme": "marc:relators"})
            if file_as := sort_form(person):
                _meta(metadata, "file-as", file_as, about)
            _meta(metadata, "display-seq", str(number), about)


def sort_form(person: Contributor) -> str:
    """Give the form by which a name is sorted, '' where only the editor could tell.

    EPUB 3.3, "file-as". A name that begins with a Han, kana or hangul character and was not
    transliterated sorts as it is written.
    """
    if person.sort:
        return person.sort
    own = _SORTED_AS_WRITTEN.match(person.name) and not _TRANSLITERATED.search(person.name)
    return person.name if own else ""


def _publication(metadata: etree._Element, header: Header) -> None:
    for name, value in (
        ("publisher", header.publisher),
        ("date", str(header.date) if header.date else None),
        ("rights", header.rights),
        ("description", header.description),
        *(("subject", subject) for subject in header.subjects),
    ):
        if value:
            _dc(metadata, name, value)


def _series(metadata: etree._Element, series: Series) -> None:
    _meta(metadata, "belongs-to-collection", series.name, {"id": "series"})
    _meta(metadata, "collection-type", "series", {"refines": "#series"})
    # Calibre and the readers that follow it know their own names only.
    legacy = [("calibre:series", series.name)]
    if series.position is not None:
        position = str(series.position)
        _meta(metadata, "group-position", position, {"refines": "#series"})
        legacy.append(("calibre:series_index", position))
    for name, content in legacy:
        add(metadata, "meta", "", {"name": name, "content": content})


def _dc(
    metadata: etree._Element, name: str, value: str, attributes: dict[str, str] | None = None
) -> None:
    add(metadata, f"{{{DC}}}{name}", value, attributes or {})


def _meta(
    metadata: etree._Element, name: str, value: str, attributes: dict[str, str] | None = None
) -> None:
    add(metadata, "meta", value, {"property": name} | (attributes or {}))
