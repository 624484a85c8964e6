"""Printed pages within the documents of the e-book (EPUB Accessibility 1.1, "Page breaks").

A page begins at a character of the manuscript, which both books set: there the marker goes, within
a paragraph too. Pages that hold words of the theme alone, such as an index, begin at a character
of an element that both books have. Pages whose words the e-book does not repeat get no marker.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from booklet.typeset.book import PageMark, PageStart
from booklet.typeset.segments import INVISIBLE, XHTML, added_stream, is_left_out, visible

CONTENTS = "contents"
"""Id of the contents in the printed book."""

_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"

Row = tuple[str, str]
"""What characters are counted in: a stream, or the home of words without one."""


def row_of(stream: str, home: str) -> Row:
    """Give the row of characters in which a page start is counted."""
    return (stream, "") if stream else ("", home)


def mark_pages(
    trees: Mapping[str, etree._Element], starts: Iterable[PageStart], homes: Mapping[str, str]
) -> tuple[PageMark, ...]:
    """Put the markers of printed pages into documents.

    Args:
        trees: Documents by file name, still with their labels; changed in place.
        starts: Pages in order.
        homes: The file that each id stands in.

    Returns:
        The pages that have a place in the e-book, in the order of the printed book.
    """
    pages = tuple(starts)
    marker = _Marker(pages)
    for name, root in trees.items():
        marker.mark(name, root)
    marks = []
    for number, page in enumerate(pages):
        if number in marker.found:
            marks.append(PageMark(page.label, marker.found[number], marker.ids[number]))
        elif not page.stream and page.home == CONTENTS:
            marks.append(PageMark(page.label, "", marker.ids[number]))
        elif not page.stream and homes.get(page.home[1:]) and page.home.startswith(">"):
            entry = homes[page.home[1:]]
            marks.append(PageMark(page.label, "", marker.ids[number], entry))
    return tuple(marks)


def _ids(pages: Iterable[PageStart]) -> list[str]:
    """Name the markers after the folios, each by a name of its own."""
    seen: Counter[str] = Counter()
    ids = []
    for page in pages:
        name = "page-" + (re.sub(r"[^A-Za-z0-9]+", "-", page.label).strip("-") or "x")
        seen[name] += 1
        ids.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return ids


@dataclass(slots=True)
class _Marker:
    """Walks documents as `segments_of` does, counting characters, and puts markers in.

    Attributes:
        pages: All pages.
        ids: Their markers' ids.
        found: The document of each page that was found, by the page's index.
        counts: Characters met so far in each row.
        wanted: Pages that are waited for: row → offset → indexes.
        name: The document.
        met: Whether words of the manuscript, and whether words of the theme, were met in it.
    """

    pages: tuple[PageStart, ...]
    ids: list[str] = field(init=False)
    found: dict[int, str] = field(default_factory=dict)
    counts: Counter[Row] = field(default_factory=Counter)
    wanted: dict[Row, dict[int, list[int]]] = field(default_factory=dict)
    name: str = ""
    met: set[bool] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.ids = _ids(self.pages)
        for index, page in enumerate(self.pages):
            row = self.wanted.setdefault(row_of(page.stream, page.home), {})
            row.setdefault(page.offset, []).append(index)

    def mark(self, name: str, root: etree._Element) -> None:
        """Mark one document."""
        self.name = name
        self.met.clear()
        if self.wanted:
            self._walk(root, "", "", root)

    def _walk(self, element: etree._Element, stream: str, home: str, root: etree._Element) -> None:
        if not isinstance(element.tag, str):
            return
        if is_left_out(element):
            return
        name = etree.QName(element).localname
        stream = element.get("data-m", stream)
        if "data-added" in element.attrib:
            stream = added_stream(element.get("data-added", ""), stream)
        home = element.get("id") or home
        if name == "a" and (target := element.get("href", "")).startswith("#"):
            home = f">{target[1:]}"
        children = list(element)
        row = row_of(stream, home)
        self._text(element, None, row, root)
        for child in children:
            self._walk(child, stream, home, root)
            self._text(element, child, row, root)

    def _text(
        self, parent: etree._Element, after: etree._Element | None, row: Row, root: etree._Element
    ) -> None:
        """Count a stretch of text, and part it where a page begins."""
        text = (parent.text if after is None else after.tail) or ""
        length = len(visible(text))
        if not length:
            return
        # The number of a section may stand before its title: the page begins with the section.
        first = bool(row[0]) not in self.met and (bool(row[0]) or not self.met)
        self.met.add(bool(row[0]))
        begin = self.counts[row]
        self.counts[row] += length
        waiting = self.wanted.get(row)
        if not waiting:
            return
        for offset in range(begin, begin + length):
            for index in waiting.pop(offset, ()):
                self.found[index] = self.name
                marker = self._marker(index)
                starts = offset == begin and after is None
                picture = _picture_above(parent) if starts else None
                if first and offset == begin:
                    _open(root, marker)
                elif picture is not None and not self._within(picture):
                    picture.insert(0, marker)
                elif (ruby := _ruby_around(parent)) is not None:
                    ruby.addprevious(marker)
                elif offset == begin and (number := _number_before(parent, after)) is not None:
                    number.addprevious(marker)
                else:
                    after = _part(parent, after, _raw(text, offset - begin), marker)
                    text, begin = marker.tail or "", offset

    def _within(self, element: etree._Element) -> bool:
        """Tell whether a page begins in an element already, before its first words."""
        return bool(element.xpath(".//*[@role='doc-pagebreak']"))

    def _marker(self, index: int) -> etree._Element:
        marker = etree.Element(f"{XHTML}span")
        marker.set(_EPUB_TYPE, "pagebreak")
        marker.set("role", "doc-pagebreak")
        marker.set("id", self.ids[index])
        marker.set("aria-label", self.pages[index].label)
        return marker


def _open(root: etree._Element, marker: etree._Element) -> None:
    """Put a marker at the very beginning of a document: into its section, before all else."""
    section = next((child for child in root if isinstance(child.tag, str)), root)
    place = 0
    while place < len(section) and section[place].get("role") == "doc-pagebreak":
        place += 1
    section.insert(place, marker)


def _raw(text: str, count: int) -> int:
    """Tell where in a text the visible character number ``count`` stands, from 0."""
    for at, char in enumerate(text):
        if not char.isspace() and ord(char) not in INVISIBLE:
            if not count:
                return at
            count -= 1
    return len(text)


def _ruby_around(element: etree._Element) -> etree._Element | None:
    """Find the ruby that an element belongs to; a marker goes before it, never into it."""
    around = [element, *element.iterancestors()]
    return next((one for one in around if etree.QName(one).localname == "ruby"), None)


def _picture_above(element: etree._Element) -> etree._Element | None:
    """Find the picture whose caption begins here: the page begins with the picture.

    Neither book parts the two. Only the first words of the caption count.
    """
    for one in (element, *element.iterancestors()):
        if etree.QName(one).localname == "figcaption":
            figure = one.getparent()
            before = "".join(str(text) for text in element.xpath("preceding::text()"))
            inside = figure is not None and "picture" in figure.get("class", "").split()
            start = "".join(str(text) for text in one.xpath("preceding::text()"))
            return figure if inside and visible(before) == visible(start) else None
    return None


def _number_before(parent: etree._Element, after: etree._Element | None) -> etree._Element | None:
    """Find the words of the theme that open a paragraph: its page begins with them."""
    if after is None or "data-added" not in after.attrib or visible(parent.text or ""):
        return None
    return after if after.getprevious() is None else None


def _part(
    parent: etree._Element, after: etree._Element | None, at: int, marker: etree._Element
) -> etree._Element:
    """Part a text at a character by a marker; give the element that the rest stands behind."""
    if after is None:
        text = parent.text or ""
        parent.text, marker.tail = text[:at], text[at:]
        parent.insert(0, marker)
    else:
        text = after.tail or ""
        after.tail, marker.tail = text[:at], text[at:]
        parent.insert(parent.index(after) + 1, marker)
    return marker
