"""Styles and numbers of Word: what kind of paragraph a style means, what kind of list a number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from booklet.importing.elements import Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"

_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])(?:\s*char)?", re.IGNORECASE)
_TOC = re.compile(r"(?:toc|目录|目錄)\s*(?:[1-9]|heading|标题)?", re.IGNORECASE)
_KINDS = (
    (re.compile(r"title|标题|標題|书名", re.IGNORECASE), "title"),
    (re.compile(r"subtitle|副标题|副標題", re.IGNORECASE), "subtitle"),
    (re.compile(r"author|作者|著者", re.IGNORECASE), "author"),
    (re.compile(r"date|日期", re.IGNORECASE), "date"),
    (re.compile(r"(?:intense |明显)?(?:quote|引用)|block text|引文", re.IGNORECASE), "quote"),
    (re.compile(r"html preformatted|(?:source )?code|代码|代碼", re.IGNORECASE), "code"),
    (re.compile(r"caption|题注|題注|图题|图注", re.IGNORECASE), "caption"),
    (re.compile(r"verse|poem|poetry|诗|诗歌|韵文", re.IGNORECASE), "verse"),
)
_CODE = re.compile(r"verbatim char|html code|source text|代码字符|行内代码", re.IGNORECASE)
_OWN = {"title", "subtitle", "author", "date"}
"""Kinds that a style does not take from the one that it builds on."""
_DEPTH = 20
"""Styles that build on one another; a circle would never end."""


def local(element: Element) -> str:
    """Give the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element | None, name: str) -> str:
    """Give an attribute of the namespace of Word, '' where there is none."""
    if element is None:
        return ""
    return str(element.get(f"{{{W}}}{name}") or element.get(f"{{{STRICT}}}{name}") or "")


def child(element: Element | None, *names: str) -> Element | None:
    """Find a descendant by the names on the way to it."""
    for name in names:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def is_on(element: Element | None, *names: str) -> bool:
    """Tell whether a property that is on or off is on."""
    found = child(element, *names)
    return found is not None and attribute(found, "val").lower() not in {
        "0",
        "false",
        "off",
        "none",
    }


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of its paragraphs or words."""

    kind: str = ""
    level: int = 0
    list_id: str = ""
    list_level: int = 0
    bold: bool = False
    italic: bool = False
    code: bool = False


@dataclass(slots=True)
class Styles:
    """Styles by id."""

    known: dict[str, Style] = field(default_factory=dict)

    def of(self, id_: str) -> Style:
        """Give a style; an unknown one says nothing."""
        return self.known.get(id_, Style())


def read_styles(root: Element | None) -> Styles:
    """Read the styles of a document, each with what it takes from the one that it builds on."""
    raw = {
        attribute(one, "styleId"): one
        for one in (() if root is None else root)
        if local(one) == "style"
    }
    return Styles({id_: _style(id_, raw, 0) for id_ in raw})


def _style(id_: str, raw: dict[str, Element], depth: int) -> Style:
    element = raw.get(id_)
    if element is None or depth > _DEPTH:
        return Style()
    parent = _style(attribute(child(element, "basedOn"), "val"), raw, depth + 1)
    name = attribute(child(element, "name"), "val").strip()
    kind, level = ("", 0) if parent.kind in _OWN else (parent.kind, parent.level)
    if match := _HEADING.fullmatch(name):
        kind, level = "heading", int(match[1])
    elif _TOC.fullmatch(name):
        kind, level = "toc", 0
    else:
        own = next((kind for pattern, kind in _KINDS if pattern.fullmatch(name)), "")
        kind, level = (own, 0) if own else (kind, level)
    outline = attribute(child(element, "pPr", "outlineLvl"), "val")
    if outline.isdigit() and int(outline) < 9 and kind in {"", "heading"}:
        kind, level = "heading", int(outline) + 1
    numbers = child(element, "pPr", "numPr")
    paragraph = attribute(element, "type") == "character"
    return Style(
        kind, level,
        attribute(child(numbers, "numId"), "val") or parent.list_id,
        _small(attribute(child(numbers, "ilvl"), "val")) or parent.list_level,
        paragraph and (is_on(element, "rPr", "b") or parent.bold),
        paragraph and (is_on(element, "rPr", "i") or parent.italic),
        paragraph and (_CODE.fullmatch(name) is not None or parent.code),
    )  # fmt: skip


def _small(digits: str) -> int:
    return min(int(digits), 8) if digits.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: ``bullet``, ``decimal`` or another format, and its first number."""

    form: str
    start: int


@dataclass(slots=True)
class Numbers:
    """Levels of lists by the id of the list and the level."""

    known: dict[tuple[str, int], Level] = field(default_factory=dict)

    def of(self, id_: str, level: int) -> Level | None:
        """Give a level; None where the paragraph is in no list."""
        return self.known.get((id_, level)) if id_ not in {"", "0"} else None


def read_numbers(root: Element | None) -> Numbers:
    """Read the kinds of lists of a document."""
    numbers = Numbers()
    if root is None:
        return numbers
    kinds: dict[str, dict[int, Level]] = {}
    for one in root:
        if local(one) == "abstractNum":
            levels = {
                _small(attribute(level, "ilvl")): Level(
                    attribute(child(level, "numFmt"), "val") or "decimal",
                    _start(attribute(child(level, "start"), "val")),
                )
                for level in one
                if local(level) == "lvl"
            }
            kinds[attribute(one, "abstractNumId")] = levels
    for one in root:
        if local(one) == "num":
            levels = kinds.get(attribute(child(one, "abstractNumId"), "val"), {})
            for level, what in levels.items():
                numbers.known[attribute(one, "numId"), level] = what
    return numbers


def _start(digits: str) -> int:
    return int(digits) if digits.isdigit() and len(digits) < 9 else 1
