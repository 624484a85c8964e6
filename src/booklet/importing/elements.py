"""What elements of HTML are, and what is asked of one again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = "etree._Element"

SILENT = frozenset({"script", "style", "head", "title", "meta", "link", "base", "template",
                    "wbr", "param", "source", "track", "colgroup", "col", "area"})  # fmt: skip
"""Elements without words for a reader."""

FOREIGN = frozenset({"iframe", "object", "embed", "video", "audio", "canvas", "applet", "select",
                     "datalist", "noscript", "noframes", "frameset", "map", "progress", "meter",
                     "dialog", "portal"})  # fmt: skip
"""Elements of which no publication can have anything."""

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "menu", "nav", "ol", "optgroup", "option", "p", "pre", "search", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
"""Elements that begin and end a line."""

_EPUB = "{http://www.idpf.org/2007/ops}type"
_WORD = re.compile(r"[ \t\n\r\f]+")


def name_of(element: Element) -> str:
    """Give an element's name in small letters, without namespace; '' for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def types_of(element: Element) -> set[str]:
    """Give what an element says that it is: EPUB types, and roles without ``doc-``."""
    said = element.get(_EPUB) or element.get("epub:type") or ""
    roles = (role.removeprefix("doc-") for role in element.get("role", "").split())
    return {word.rpartition(":")[2].lower() for word in said.split()} | set(roles)


def classes_of(element: Element) -> set[str]:
    """Give the classes of an element."""
    return set(element.get("class", "").split())


def style_of(element: Element) -> str:
    """Give the style of an element without white space."""
    return _WORD.sub("", element.get("style", "").lower())


def is_hidden(element: Element) -> bool:
    """Tell whether no reader sees an element."""
    style = style_of(element)
    return "hidden" in element.attrib or "display:none" in style or "visibility:hidden" in style


def words_in(element: Element) -> str:
    """Give the words of an element, white space collapsed."""
    return _WORD.sub(" ", "".join(_texts(element))).strip()


def _texts(element: Element) -> Iterator[str]:
    for one in element.iter():
        if isinstance(one.tag, str) and name_of(one) not in SILENT:
            yield one.text or "" if name_of(one) != "rp" else ""
        if one is not element:
            yield one.tail or ""


def shown(words: str, most: int = 24) -> str:
    """Quote words in a message, shortened."""
    return f"「{words[:most]}…」" if len(words) > most else f"「{words}」"


def children(element: Element) -> Iterator[Element]:
    """Yield the elements right within an element."""
    for child in element:
        if isinstance(child.tag, str):
            yield child


def first_of(element: Element, *names: str) -> Element | None:
    """Find the first element of some names within another."""
    return next((one for one in element.iter() if name_of(one) in names), None)


def number_of(text: str, most: int) -> int:
    """Read a small whole number from an attribute; 0 where there is none."""
    digits = re.match(r"\s*\+?(\d{1,9})", text)
    return min(int(digits[1]), most) if digits else 0
