"""Elements within a line, as atoms with marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from booklet.errors import Place
from booklet.importing.elements import (
    FOREIGN,
    SILENT,
    Element,
    classes_of,
    first_of,
    is_hidden,
    name_of,
    shown,
    style_of,
    words_in,
)
from booklet.importing.flat import EMPHASIS, LINK, SPAN, STRONG, Atom, Mark
from booklet.importing.room import Page, Room
from booklet.model.content import (
    LINK_SCHEMES,
    Block,
    Break,
    Code,
    NoteRef,
    Picture,
    Ruby,
    Text,
)

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_STRONG = {"b", "strong"}
_EMPHASIS = {"i", "em", "cite", "dfn", "var"}
_CODE = {"code", "tt", "kbd", "samp"}
_PLAINER = {
    "sup": "raised", "sub": "lowered", "s": "struck out", "strike": "struck out",
    "del": "struck out",
}  # fmt: skip
_OWN = ("dots", "name", "work", "verbatim")
_BOLD = re.compile(r"font-weight:(?:bold|bolder|[6-9]00)")
_DOTS = re.compile(r"text-emphasis(?:-style)?:(?!none)")
_CODES = re.compile(r"\s*\n\s*")
_XLINK = "{http://www.w3.org/1999/xlink}href"
_SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True, slots=True)
class Cut:
    """The border of a block: what follows is another paragraph."""

    place: Place


Item = Atom | Block | Cut
Marks = tuple[Mark, ...]


class Liner:
    """Reads what stands within a line; blocks are left to its heir."""

    def __init__(self, page: Page, room: Room) -> None:
        self.page, self.room = page, room

    def inside(self, element: Element, marks: Marks = ()) -> Iterator[Item]:
        """Yield everything within an element."""
        if element.text and name_of(element) != "rp":
            yield Atom(Text(element.text), marks)
        for child in element:
            yield from self.element(child, marks)
            if child.tail:
                yield Atom(Text(child.tail), marks)

    def element(self, element: Element, marks: Marks) -> Iterator[Item]:
        """Yield an element, unless it is no part of the text."""
        name = name_of(element)
        if not name or name in SILENT or element in self.room.left_out:
            return
        note = self.room.calls.get(element)
        if note is not None:
            yield Atom(NoteRef(note), marks)
        elif is_hidden(element):
            self._leave_out(element, "it is hidden in the source")
        elif name in FOREIGN:
            self._leave_out(element, f"<{name}> cannot stand in a publication")
        elif element not in self.room.bodies:
            yield from self.visible(element, name, marks)

    def visible(self, element: Element, name: str, marks: Marks) -> Iterator[Item]:
        """Yield an element of the text."""
        yield from self.line_element(element, name, marks)

    def _leave_out(self, element: Element, why: str) -> None:
        words = words_in(element)
        said = f"; its words {shown(words)} are left out" if words else ""
        self.room.findings.warning(
            self.page.place(element), "import-not-carried", f"{why}{said}",
            "write its words into the text if they belong there" if words else "",
        )  # fmt: skip
        self.room.leave_out(element)

    def changed(self, element: Element, message: str, hint: str = "") -> None:
        """Tell that something is carried as something simpler."""
        self.room.findings.warning(self.page.place(element), "import-changed", message, hint)

    # ---- within a line -----------------------------------------------------------------------

    def line_element(self, element: Element, name: str, marks: Marks) -> Iterator[Item]:
        """Yield an element that stands within a line, or one that means nothing."""
        special: dict[str, Callable[[Element, Marks], Iterator[Item]]] = {
            "a": self._link, "ruby": self._ruby, "img": self._image, "image": self._image,
            "svg": self._svg, "math": self._math, "q": self._quoted,
        }  # fmt: skip
        if name == "br":
            yield Atom(Break(), marks)
        elif name in special:
            yield from special[name](element, marks)
        elif name in _CODE and element.find(".//*") is None:
            yield from self._code(element, marks)
        else:
            if name in _PLAINER and words_in(element):
                self.changed(
                    element, f"{shown(words_in(element))} is {_PLAINER[name]} in the source",
                    "the words stand in the line as others do; write it so that they are right",
                )  # fmt: skip
            yield from self.inside(element, marks + self._marks(element, name))

    def _marks(self, element: Element, name: str) -> Marks:
        style, found = style_of(element), list[Mark]()
        own = sorted(set(_OWN) & classes_of(element)) if name in {"span", "em", "i", "u"} else []
        if _DOTS.search(style):
            own.append("dots")
        if own:
            found.append((SPAN, " ".join(dict.fromkeys(own))))
        if name in _STRONG or _BOLD.search(style):
            found.append((STRONG, ""))
        if (name in _EMPHASIS and not own) or "font-style:italic" in style:
            found.append((EMPHASIS, ""))
        return tuple(found)

    def _code(self, element: Element, marks: Marks) -> Iterator[Item]:
        text = _CODES.sub(" ", element.text or "")
        if text.strip():
            yield Atom(Code(text.strip()), tuple(mark for mark in marks if mark[0] != SPAN))
        elif text:
            yield Atom(Text(text), marks)

    def _quoted(self, element: Element, marks: Marks) -> Iterator[Item]:
        """A quotation within a line, around which readers set the marks."""
        nested = any(name_of(one) == "q" for one in element.iterancestors())
        opening, closing = "‘’" if nested else "“”"
        self.room.added += [opening, closing]
        yield Atom(Text(opening), marks)
        yield from self.inside(element, marks)
        yield Atom(Text(closing), marks)

    def _link(self, element: Element, marks: Marks) -> Iterator[Item]:
        address = (element.get("href") or element.get(_XLINK) or "").strip()
        scheme = _SCHEME.match(address)
        if scheme and scheme[1].lower() in LINK_SCHEMES:
            marks = (*marks, (LINK, address))
        elif target := self.room.target(self.page, address):
            marks = (*marks, (LINK, f"\0{target}"))
        elif address:
            self.room.findings.warning(
                self.page.place(element), "import-link",
                f"the link to {address[:60]} works in no edition; its words are kept",
            )  # fmt: skip
        yield from self.inside(element, marks)

    def _ruby(self, element: Element, marks: Marks) -> Iterator[Item]:
        """Pair bases and readings in their order."""
        bases: list[str] = []
        readings: list[str] = []
        for base, text in (*self._ruby_texts(element), (True, "")):
            if base and readings and (text.strip() or not text):
                for at in range(max(len(bases), len(readings))):
                    pair = (bases[at : at + 1] or [""])[0], (readings[at : at + 1] or [""])[0]
                    yield from self._pair(element, *pair, marks)
                bases, readings = [], []
            if text.strip():
                (bases if base else readings).append(" ".join(text.split()))
        for left in bases:
            yield Atom(Text(left), marks)
        for one in element.iter():
            if (note := self.room.calls.get(one)) is not None:
                yield Atom(NoteRef(note), marks)

    def _ruby_texts(self, element: Element, *, base: bool = True) -> Iterator[tuple[bool, str]]:
        """Yield the texts of a ruby, and whether each is a base; parsers may have nested them."""
        name, room = name_of(element), self.room
        if not name or name in SILENT or element in room.left_out or element in room.calls:
            return
        own = name == "rb" or (base and name not in {"rt", "rtc"})
        if name != "rp":
            yield own, element.text or ""
        for child in element:
            yield from self._ruby_texts(child, base=own)
            yield own, child.tail or ""

    def _pair(self, element: Element, base: str, reading: str, marks: Marks) -> Iterator[Item]:
        fits = 0 < len(base) <= 100 and 0 < len(reading) <= 200
        if fits and not re.search(r"[{}|\n]", base + reading):
            yield Atom(Ruby(base, reading), marks)
            return
        if base:
            yield Atom(Text(base), marks)
        if reading:
            self.changed(element, f"the reading {shown(reading)} follows its base in brackets")
            self.room.added += ["（", "）"]
            yield Atom(Text(f"（{reading}）"), marks)

    # ---- pictures ----------------------------------------------------------------------------

    def _image(self, element: Element, marks: Marks) -> Iterator[Item]:
        address = element.get("src") or element.get("data-src") or element.get(_XLINK) or ""
        address = address or element.get("href", "")
        source = self.room.picture(self.page, address, self.page.place(element))
        if source is not None:
            alt = " ".join((element.get("alt") or element.get("aria-label") or "").split())
            yield Atom(Picture(source, alt), tuple(m for m in marks if m[0] == LINK))

    def _svg(self, element: Element, marks: Marks) -> Iterator[Item]:
        """Take a drawing as a file; one that only wraps a picture is that picture."""
        self.room.leave_out(element)
        label = element.get("aria-label") or ""
        title = first_of(element, "title", "desc")
        alt = " ".join((label or (words_of_title(title) if title is not None else "")).split())
        images = [one for one in element.iter() if name_of(one) == "image"]
        if len(images) == 1 and not words_in(element):
            image = images[0]
            address = image.get(_XLINK) or image.get("href") or image.get("xlink:href") or ""
            source = self.room.picture(self.page, address, self.page.place(element))
        else:
            if "}" not in str(element.tag):
                element.set("xmlns", _SVG)
            data = etree.tostring(element, encoding="utf-8", with_tail=False)
            source = self.room.drawing(data, self.page.place(element))
        if source is not None:
            yield Atom(Picture(source, alt), tuple(m for m in marks if m[0] == LINK))

    def _math(self, element: Element, marks: Marks) -> Iterator[Item]:
        words = words_in(element)
        self.changed(
            element, f"the formula {shown(words)} is carried as its characters in a line",
            "set it as a picture, or write it so that a line can hold it",
        )  # fmt: skip
        yield Atom(Text(words), marks)


def words_of_title(element: Element) -> str:
    """Give the words of the title of a drawing, which is no title of a page."""
    return "".join(str(text) for text in element.itertext())
