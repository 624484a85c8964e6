"""Dress the HTML of a vertical book: what stands upright, what beside, and notes in the line.

Words are neither added nor taken away but for those of the theme: calls and marks of notes go, for
a note stands where it is called; numbers of lists are written in Chinese figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from lxml import etree

from booklet.theme.numerals import chinese_numeral
from booklet.typeset.segments import XHTML

BESIDE = "。．！？｡，、：；､“‘「『《〈（［【〔〖｛”’」』》〉）］】〕〗｝"
"""Punctuation that can stand beside a character."""

CELL = 4
"""Characters of a note in the room of one character of the text."""

ITEM = "一"
"""Stands before an item of a list without numbers, as each article of an old list begins."""

PLAIN = "data-plain"
"""Attribute of an element whose words stay as they are: a barcode's, a horizontal line's."""

DASHES = "\u2014\u2015\u2500"
"""Each in an element of its own, for fonts join two of them to a glyph that is no two cells."""

_PART = re.compile(
    rf"(?P<marks>[{re.escape(BESIDE)}]+)|(?P<ascii>[!-~]+)|(?P<dash>[{DASHES}])"
    rf"|[^!-~{DASHES}{re.escape(BESIDE)}]+"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_RUNNING = frozenset({f"{XHTML}p", f"{XHTML}li"})
"""What an attribution can follow in its line."""
_LINES = (
    *_RUNNING,
    *(f"{XHTML}{name}" for name in ("h3", "h4", "h5", "h6", "figcaption", "td", "pre")),
)
_SKIPPED = frozenset({"svg", "style", "script", "math", "rt", "rp"})


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text: its words, and the class of the element that dresses it, or ''."""

    text: str
    name: str

    @property
    def weight(self) -> int:
        """Characters of room that it takes in a note."""
        return 0 if self.name == "judou" else 1 if self.name == "tcy" else len(self.text)


def parts_of(text: str, *, beside: bool) -> Iterator[Part]:
    """Part a text by how it stands in a vertical line.

    Args:
        text: The text.
        beside: Whether punctuation stands beside the characters.
    """
    rest = ""
    for match in _PART.finditer(text):
        name = _dress(match, beside=beside)
        if not name:
            rest += match[0]
            continue
        if rest:
            yield Part(rest, "")
            rest = ""
        yield Part(match[0], name)
    if rest:
        yield Part(rest, "")


def _dress(match: re.Match[str], *, beside: bool) -> str:
    if match["marks"]:
        return "judou" if beside else ""
    if match["dash"]:
        return "dash"
    if match["ascii"] and _NUMBER.fullmatch(match["ascii"]):
        return "tcy" if len(match["ascii"]) == 2 else "upright"
    return ""


def dress(root: etree._Element, *, beside: bool) -> None:
    """Dress the tree of a vertical book, in place.

    Args:
        root: The tree that a template made, with its labels.
        beside: Whether punctuation stands beside the characters (句读).
    """
    for element in [*root.iter(f"{XHTML}span")]:
        _note(element)
    for figure in [*root.iter(f"{XHTML}figcaption")]:
        _attribution(figure)
    for marker in root.iter(f"{XHTML}span"):
        name = marker.get("class", "").split()
        if name[:1] == ["marker"]:
            number = (marker.text or "").rstrip(".")
            marker.text = f"{chinese_numeral(int(number)) if number.isdigit() else ITEM}　"
        elif "number" in name:
            marker.text = ""
    for element in [*root.iter(f"{XHTML}span")]:
        if "jiazhu" in element.get("class", "").split():
            _in_cells(element, beside=beside)
    _walk(root, beside=beside)


# ---- notes ---------------------------------------------------------------------------------------


def _note(element: etree._Element) -> None:
    """Set a note where it is called; a further call of it says nothing."""
    if "data-again" in element.attrib or "data-elsewhere" in element.attrib:
        _drop(element)
        return
    if element.get("class") != "footnote":
        return
    call = element.getprevious()
    if call is not None and call.get("class") == "note-call":
        call.tail = ""
        _drop(call)
    for mark in [*element.iter(f"{XHTML}a", f"{XHTML}span")]:
        if mark.get("class") in {"note-mark", "note-call"}:
            _drop(mark)
    element.set("class", "jiazhu note")
    element.set("data-inline", "")


def _attribution(element: etree._Element) -> None:
    """Set an attribution after the last words of what it is for."""
    figure = element.getparent()
    if figure is None or "attribution" not in element.get("class", "").split():
        return
    last = _last_words(figure, element)
    if last is None:
        element.set("class", element.get("class", "") + " alone")
        inner = etree.SubElement(element, f"{XHTML}span", {"class": "jiazhu"})
        inner.text, element.text = element.text, None
        for child in list(element)[:-1]:
            inner.append(child)
        return
    figure.remove(element)
    element.tag = f"{XHTML}span"
    element.set("class", "jiazhu attribution")
    element.tail = None
    last.append(element)


def _last_words(figure: etree._Element, caption: etree._Element) -> etree._Element | None:
    """Find the paragraph or item that ends an excerpt; None where something else ends it."""
    last = None
    for line in figure.iter(*_LINES):
        if line is not caption and next(line.iterdescendants(*_LINES), None) is None:
            last = line
    return None if last is None or last.tag not in _RUNNING else last


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail, before = element.tail or "", element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _in_cells(note: etree._Element, *, beside: bool) -> None:
    """Part a note into cells: four characters in the room of one of the text.

    A line ends between cells, so that the rest of a note goes on in the next column in two half
    lines again.
    """
    atoms = list(_atoms(note, (), beside=beside))
    for child in list(note):
        note.remove(child)
    note.text = None
    cell, weight = etree.SubElement(note, f"{XHTML}span", {"class": "cell"}), 0
    chain: tuple[etree._Element, ...] = ()
    inner, used = cell, set[int]()
    for wrappers, part in atoms:
        if weight >= CELL and part.weight:
            cell, weight, chain = etree.SubElement(note, f"{XHTML}span", {"class": "cell"}), 0, ()
            inner = cell
        if wrappers != chain:
            inner, chain = cell, wrappers
            for wrapper in wrappers:
                inner = etree.SubElement(inner, wrapper.tag, dict(wrapper.attrib))
                if id(wrapper) in used:
                    inner.attrib.pop("id", None)
                used.add(id(wrapper))
        if part.name:
            etree.SubElement(inner, f"{XHTML}span", {"class": part.name}).text = part.text
        elif len(inner):
            inner[-1].tail = (inner[-1].tail or "") + part.text
        else:
            inner.text = (inner.text or "") + part.text
        weight += part.weight
    if 0 < weight < CELL:
        cell.set("class", f"cell short-{CELL - weight}")


def _atoms(
    element: etree._Element, wrappers: tuple[etree._Element, ...], *, beside: bool
) -> Iterator[tuple[tuple[etree._Element, ...], Part]]:
    """Give the characters of a note one by one, with the elements that each stands in."""
    yield from ((wrappers, part) for part in _single(element.text, beside=beside))
    for child in element:
        if isinstance(child.tag, str):
            plain = copy(child)
            plain.tail = None
            yield from _atoms(child, (*wrappers, plain), beside=beside)
        yield from ((wrappers, part) for part in _single(child.tail, beside=beside))


def _single(text: str | None, *, beside: bool) -> Iterator[Part]:
    for part in parts_of("".join((text or "").split("\n")), beside=beside):
        if part.name in {"judou", "tcy"}:
            yield part
        else:
            yield from (Part(char, part.name) for char in part.text)


# ---- text ----------------------------------------------------------------------------------------


def _walk(element: etree._Element, *, beside: bool) -> None:
    if not isinstance(element.tag, str) or etree.QName(element).localname in _SKIPPED:
        return
    names = element.get("class", "").split()
    if PLAIN in element.attrib or "judou" in names or "tcy" in names or "upright" in names:
        return
    children = list(element)
    for child in children:
        _walk(child, beside=beside)
        _dress_tail(child, beside=beside)
    if element.text:
        parts = list(parts_of(element.text, beside=beside))
        if any(part.name for part in parts):
            element.text = None
            _insert(element, 0, parts)


def _dress_tail(child: etree._Element, *, beside: bool) -> None:
    parts = list(parts_of(child.tail or "", beside=beside))
    parent = child.getparent()
    if parent is not None and any(part.name for part in parts):
        child.tail = None
        _insert(parent, parent.index(child) + 1, parts)


def _insert(parent: etree._Element, at: int, parts: list[Part]) -> None:
    """Put parts into an element before its child of a number."""
    for part in parts:
        if part.name:
            span = etree.Element(f"{XHTML}span", {"class": part.name})
            span.text = part.text
            parent.insert(at, span)
            at += 1
        elif at:
            parent[at - 1].tail = (parent[at - 1].tail or "") + part.text
        else:
            parent.text = (parent.text or "") + part.text
