"""Contents, landmarks and page list: the navigation document and its EPUB 2 double, the NCX.

EPUB 3.3, "EPUB navigation document"; the NCX (OPF 2.0.1, "NCX") repeats it for old readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree

from booklet.output.epub.container import Part
from booklet.output.epub.documents import MEDIA_TYPE, SpineDocument
from booklet.output.epub.metadata import creators
from booklet.output.epub.xml import EPUB_TYPE, NCX, OPS, XHTML, XML_LANG, add, root, serialise
from booklet.typeset.book import DocumentRole, PageMark, ReflowBook, TocEntry

NAV_HREF = "nav.xhtml"
NCX_HREF = "toc.ncx"
NCX_MEDIA_TYPE = "application/x-dtbncx+xml"

# What comes before the contents in a Chinese book where no chapter says so: 封面、扉页、前言.
_BEFORE_CONTENTS = frozenset({"cover", "titlepage", "preface"})
# EPUB 3.3, "The landmarks nav element": terms of the structural semantics vocabulary.
_LANDMARKS: dict[DocumentRole, str] = {
    "cover": "cover",
    "titlepage": "titlepage",
    "preface": "preface",
    "chapter": "bodymatter",
    "index": "index",
    "colophon": "colophon",
}


def contents_place(documents: Sequence[SpineDocument]) -> int:
    """Tell how many documents stand before the visible contents.

    A Chinese book runs cover, title page, preface, contents, chapters: the contents stand directly
    before the first chapter.
    """
    roles = [document.role for document in documents]
    if "chapter" in roles:
        return roles.index("chapter")
    return next(
        (place for place, role in enumerate(roles) if role not in _BEFORE_CONTENTS), len(roles)
    )


def navigation_part(book: ReflowBook, documents: Sequence[SpineDocument]) -> Part:
    """Make the navigation document, which is also the contents that the reader sees.

    Args:
        book: The book.
        documents: Documents of the spine without the contents, cover page first.
    """
    html = root("html", {None: XHTML, "epub": OPS})
    html.set("lang", book.language)
    html.set(XML_LANG, book.language)
    head = add(html, "head")
    add(head, "meta", "", {"charset": "utf-8"})
    add(head, "title", book.labels.contents)
    add(head, "link", "", {"rel": "stylesheet", "type": "text/css", "href": "css/style.css"})
    body = add(html, "body")
    toc = _nav(body, "toc", book.labels.contents, "h1")
    within = {mark.entry: mark for mark in reversed(book.pages) if not mark.document}
    if "" in within:  # the heading has to come first
        marker = _page_break(within[""])
        marker.tail, toc[0].text = toc[0].text, None
        toc[0].insert(0, marker)
    roles = {document.name: document.role for document in documents}
    _list(toc, book.toc, within, roles)
    _landmarks(body, book, documents)
    if pages := page_targets(book, documents):
        _page_list(body, book.labels.pages, pages)
    return Part("nav", NAV_HREF, MEDIA_TYPE, serialise(html, "<!DOCTYPE html>"), ("nav",))


def _nav(body: etree._Element, kind: str, label: str, heading: str) -> etree._Element:
    attributes = {EPUB_TYPE: kind, "id": kind, "aria-labelledby": f"{kind}-heading"}
    role = {"role": "doc-toc", "class": "contents"} if kind == "toc" else {"hidden": "hidden"}
    nav = add(body, "nav", "", attributes | role)
    add(nav, heading, label, {"id": f"{kind}-heading"})
    return nav


def _list(
    parent: etree._Element,
    entries: Iterable[TocEntry],
    within: Mapping[str, PageMark],
    roles: Mapping[str, DocumentRole],
) -> None:
    """List entries; what is no chapter and no heading of one says so, for the style sheet."""
    items = add(parent, "ol")
    for entry in entries:
        role = roles.get(entry.href)
        item = add(items, "li", "", {"class": role} if role else {})
        ordinal = {"data-ordinal": entry.ordinal} if entry.ordinal else {}
        link = add(item, "a", entry.title, {"href": f"text/{entry.href}"} | ordinal)
        if entry.href in within:  # only within the link may a list item of a nav hold more
            marker = _page_break(within[entry.href])
            marker.tail, link.text = link.text, None
            link.insert(0, marker)
        if entry.children:
            _list(item, entry.children, within, roles)


def _page_break(mark: PageMark) -> etree._Element:
    """Make the marker of a page that begins in the contents."""
    marker = etree.Element(f"{{{XHTML}}}span")
    marker.set(EPUB_TYPE, "pagebreak")
    marker.set("role", "doc-pagebreak")
    marker.set("id", mark.id)
    marker.set("aria-label", mark.label)
    return marker


def page_targets(book: ReflowBook, documents: Sequence[SpineDocument]) -> list[tuple[str, str]]:
    """Give folio and target of each printed page, in reading order (EPUB 3.3, "page-list").

    Args:
        book: The book.
        documents: Documents of the spine without the contents, cover page first.
    """
    names = [document.name for document in documents]
    place = contents_place(documents)
    order = {name: (number, 0) for number, name in enumerate(names)} | {"": (place, -1)}
    marks = sorted(book.pages, key=lambda mark: order[mark.document])
    return [
        # Ace does not follow a link that is a fragment alone.
        (mark.label, f"{f'text/{mark.document}' if mark.document else NAV_HREF}#{mark.id}")
        for mark in marks
    ]


def _landmarks(body: etree._Element, book: ReflowBook, documents: Sequence[SpineDocument]) -> None:
    """List where cover, contents, text and the rest begin; hidden, for the contents are seen."""
    items = add(_nav(body, "landmarks", book.labels.landmarks, "h2"), "ol")
    for kind, href, label in _landmark_targets(book, documents):
        add(add(items, "li"), "a", label, {EPUB_TYPE: kind, "href": href})


def _landmark_targets(
    book: ReflowBook, documents: Sequence[SpineDocument]
) -> Iterator[tuple[str, str, str]]:
    words = {
        "cover": book.labels.cover,
        "titlepage": book.labels.title_page,
        "bodymatter": book.labels.body,
    }
    place = contents_place(documents)
    body_found = False
    for number, document in enumerate(documents):
        if number == place:
            yield "toc", "#toc", book.labels.contents
        kind = _LANDMARKS.get(document.role)
        if kind and not (kind == "bodymatter" and body_found):
            body_found = body_found or kind == "bodymatter"
            yield kind, document.href, words.get(kind, document.title)
    if place == len(documents):
        yield "toc", "#toc", book.labels.contents


def _page_list(body: etree._Element, label: str, pages: Iterable[tuple[str, str]]) -> None:
    """List printed pages (EPUB Accessibility 1.1, "Page list"): flat, in order, hidden."""
    nav = _nav(body, "page-list", label, "h2")
    nav.set("role", "doc-pagelist")
    items = add(nav, "ol")
    for folio, href in pages:
        add(add(items, "li"), "a", folio, {"href": href})


def ncx_part(book: ReflowBook, documents: Sequence[SpineDocument]) -> Part:
    """Make the NCX with the same entries as the navigation document."""
    pages = page_targets(book, documents)
    ncx = root("ncx", {None: NCX})
    ncx.set("version", "2005-1")
    ncx.set(XML_LANG, book.language)
    head = add(ncx, "head")
    folios = [int(folio) for folio, _ in pages if folio.isdecimal()]
    for name, content in (
        ("dtb:uid", book.identifier),
        ("dtb:depth", str(_depth(book.toc))),
        ("dtb:totalPageCount", str(len(pages))),
        ("dtb:maxPageNumber", str(max(folios, default=0))),
    ):
        add(head, "meta", "", {"name": name, "content": content})
    add(add(ncx, "docTitle"), "text", book.title)
    for creator in creators(book.header):
        add(add(ncx, "docAuthor"), "text", creator.name)
    order = _Order()
    _points(add(ncx, "navMap"), book.toc, order)
    if pages:
        _page_targets(add(ncx, "pageList"), pages, order)
    return Part("ncx", NCX_HREF, NCX_MEDIA_TYPE, serialise(ncx))


class _Order:
    """Numbers the targets of the NCX; one target has one number, as the DTD asks."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def __call__(self, href: str) -> str:
        return str(self._seen.setdefault(href, len(self._seen) + 1))


def _points(
    parent: etree._Element, entries: Iterable[TocEntry], order: _Order, prefix: str = "point"
) -> None:
    for number, entry in enumerate(entries, 1):
        href = f"text/{entry.href}"
        name = f"{prefix}-{number}"
        point = add(parent, "navPoint", "", {"id": name, "playOrder": order(href)})
        add(add(point, "navLabel"), "text", entry.title)
        add(point, "content", "", {"src": href})
        _points(point, entry.children, order, name)


def _page_targets(parent: etree._Element, pages: Iterable[tuple[str, str]], order: _Order) -> None:
    for number, (folio, href) in enumerate(pages, 1):
        arabic = folio.isdecimal()
        attributes = {"id": f"page-{number}", "type": "normal" if arabic else "front"}
        attributes |= {"value": folio} if arabic else {}
        target = add(parent, "pageTarget", "", attributes | {"playOrder": order(href)})
        add(add(target, "navLabel"), "text", folio)
        add(target, "content", "", {"src": href})


def _depth(entries: Iterable[TocEntry]) -> int:
    return max((1 + _depth(entry.children) for entry in entries), default=0)
