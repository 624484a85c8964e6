"""Read the elements of a piece as XML, where that gives what a parser of HTML gives.

The parser of the base is written in Python and reads letter by letter. Most of what a book is made
of is plain: there, only the tags without an end are to be closed for the parser of XML.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_EMPTY = frozenset({"br", "hr", "img", "wbr"})
_CLOSING_P = frozenset({
    "address", "article", "aside", "blockquote", "details", "dialog", "dd", "div", "dl", "dt",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "li", "main", "nav", "ol", "p", "section", "summary", "ul",
})  # fmt: skip
"""Elements whose tag ends a paragraph (HTML, 13.2.6.4.7)."""

_WITHIN = _EMPTY | {
    "a", "abbr", "b", "bdi", "cite", "code", "em", "i", "mark", "q", "rb", "rp", "rt", "rtc",
    "ruby", "s", "small", "span", "strong", "sub", "sup", "time", "u",
}  # fmt: skip
_PLAIN = _CLOSING_P | _WITHIN
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = {"li": frozenset({"ul", "ol"}), "dt": frozenset({"dl"}), "dd": frozenset({"dl"})}

_TAG = re.compile(rf'<({"|".join(sorted(_EMPTY))})((?:\s+[^\s=<>"/]+="[^"<]*")*)\s*>')
_STRANGE = re.compile(r'[\0\r\f\v]|<[!?]|="[^"]*[\n\t]')
"""What XML reads otherwise: line ends, comments, sections of characters, blanks in attributes."""

_PLACE = "booklet-place"


@dataclass(slots=True)
class Frame:
    """What stands around the elements of every piece.

    Attributes:
        before: HTML before the elements.
        after: HTML after them.
    """

    before: str
    after: str
    _tree: Element | None = field(default=None, init=False)

    def read(self, content: str) -> Element | None:
        """Read a document.

        Args:
            content: Its elements.

        Returns:
            Its root; None where only a parser of HTML knows what it gives.
        """
        elements = read_plain(content)
        if elements is None:
            return None
        if self._tree is None:
            import tinyhtml5  # type: ignore[import-untyped]

            place = f'<div id="{_PLACE}"></div>'
            self._tree = tinyhtml5.parse(
                self.before + place + self.after, namespace_html_elements=False
            )
        root = copy.deepcopy(self._tree)
        body = root.find("body")
        if body is None or len(body) != 1 or body[0].get("id") != _PLACE:
            return None
        elements[-1].tail = (elements[-1].tail or "") + (body[0].tail or "")
        body[:] = elements
        return root


def read_plain(content: str) -> list[Element] | None:
    """Read elements that stand side by side; None where they are not plain.

    Args:
        content: HTML whose tags are all written out.
    """
    if _STRANGE.search(content):
        return None
    closed = _TAG.sub(r"<\1\2/>", content)
    try:
        root = ElementTree.fromstring(f"<{_PLACE}>{closed}</{_PLACE}>")
    except ElementTree.ParseError:
        return None
    if not len(root) or root.text or not _is_plain(root):
        return None
    return list(root)


def _is_plain(root: Element) -> bool:
    """Tell whether a parser of HTML would leave all elements where they stand."""
    waiting = [(child, "", False, False) for child in root]
    while waiting:
        element, parent, in_p, in_a = waiting.pop()
        tag = element.tag
        if tag not in _PLAIN:
            return False
        if tag in _EMPTY and (len(element) or element.text):
            return False
        if in_p and tag in _CLOSING_P:
            return False
        if tag == "a" and in_a:
            return False
        if tag in _LISTS and parent not in _LISTS[tag]:
            return False
        if tag in _HEADINGS and parent in _HEADINGS:
            return False
        if any(name != name.lower() or name[0] == "{" for name in element.attrib):
            return False
        in_p, in_a = in_p or tag == "p", in_a or tag == "a"
        waiting += [(child, tag, in_p, in_a) for child in element]
    return True


def read_document(root: Element, base_url: str, fetcher: Any) -> Any:
    """Make the base's document of a tree that is read already.

    Args:
        root: Its root element.
        base_url: What its addresses are relative to.
        fetcher: Loads what they name.
    """
    import cssselect2
    from weasyprint import HTML

    html = HTML.__new__(HTML)
    html.base_url, html.url_fetcher, html.media_type = base_url, fetcher, "print"
    html.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
    html.etree_element = html.wrapper_element.etree_element
    return html
