"""A book for pages, cut where a new page begins: pieces that can be laid out one by one.

What a piece needs of the others is little: on which side of the leaf and with which folio it
begins, what running heads say by then, and the folios that contents and indexes name. Where a style
sheet asks for more than that, the book stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape

import cssselect2
from cssselect2 import compile_selector_list
from lxml import etree

from booklet.typeset.book import PagedBook, Stylesheet
from booklet.typeset.crossing import TARGET_FOLIO, crossing, folio_selectors
from booklet.typeset.segments import XHTML, parse_fragment

_AROUND = re.compile(r'<(html|body)\b[^>]*?\sclass="([^"]*)"')

TARGET = "booklet-target"
"""Counter that carries the folio of a link's target."""

_FRAME = re.compile(r"^(.*?<body>\n)(.*)(\n</body>.*)$", re.DOTALL)
_TOLD = "data-told"
_LINK = re.compile(rf'<a\b[^>]*?\s{_TOLD}="([^"]*)"[^>]*>')
_STYLE = re.compile(r'\sstyle="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Start:
    """What a piece needs to know of all that stands before it.

    Attributes:
        right: The page before it is a right page; None where nothing stands before it.
        folio: Value of the page counter on that page.
        strings: Values of ``string-set`` by then.
    """

    right: bool | None = None
    folio: int = 0
    strings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a book that begins on a new page.

    Attributes:
        html: Its elements, within those around them.
        ids: Ids that it holds.
        targets: Ids that its links lead to.
        told: Those of them whose folios it prints.
    """

    html: str
    ids: frozenset[str]
    targets: tuple[str, ...]
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pieces:
    """A book in pieces.

    Attributes:
        pieces: In reading order.
        sheets: Style sheets to set them with.
        frame: What stands before and after the elements of a document.
        whole: Why the book cannot be cut; '' if it can.
    """

    pieces: tuple[Piece, ...]
    sheets: tuple[Stylesheet, ...]
    frame: tuple[str, str]
    whole: str = ""

    def content(self, piece: Piece, folios: Mapping[str, int]) -> str:
        """Write the elements of a piece.

        Args:
            piece: One of the pieces.
            folios: Page counters by id, of the targets that are known.
        """
        return _LINK.sub(lambda link: _told(link, folios), piece.html)

    def document(self, content: str) -> str:
        """Write a piece as a document of its own.

        Args:
            content: Its elements.
        """
        return content.join(self.frame)


def cut(book: PagedBook) -> Pieces:
    """Cut a book into its top-level parts, and its sections from one another."""
    frame = _FRAME.match(book.html)
    if frame is None:
        return _uncut(book, "its document has no body")
    root = parse_fragment(frame[2])
    if (root.text or "").strip() or any((child.tail or "").strip() for child in root):
        return _uncut(book, "words stand outside of all elements")
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.removeprefix(XHTML)
    parts = list(_parts(root))
    if len(parts) < 2:
        return _uncut(book, "it has one part alone")
    names = [(part.tag, frozenset(part.get("class", "").split())) for _, part in parts]
    around = [("main", frozenset(inner.get("class", "").split())) for inner in root.iter("main")]
    around += [(tag, frozenset(said.split())) for tag, said in _AROUND.findall(frame[1])]
    around += [("html", frozenset()), ("body", frozenset())]
    if reason := crossing(book.sheets, names, around):
        return _uncut(book, reason)
    _mark_links(root, folio_selectors(book.sheets))
    pieces = tuple(_piece(*part) for part in parts)
    if any(_calls_afar(part) for _, part in parts):
        return _uncut(book, "a note is called from more than one part")
    sheets = tuple(
        Stylesheet(sheet.name, _told_sheet(sheet.css), sheet.file) for sheet in book.sheets
    )
    return Pieces(pieces, sheets, (frame[1], frame[3]))


def _calls_afar(part: etree._Element) -> bool:
    """Tell whether a part calls a note that stands in another one."""
    own = set(part.xpath(".//@id | @id"))
    calls = part.xpath(".//*[@data-generated]/@href")
    return any(str(call).startswith("#") and str(call)[1:] not in own for call in calls)


def _mark_links(root: etree._Element, selectors: Sequence[str] | None) -> None:
    """Mark the links of which a style sheet prints the folio; all of them where none can tell."""
    links = [
        link for link in root.iter("a") if link.get("href", "").startswith("#")
    ]  # fmt: skip
    if selectors is not None:
        wanted = compile_selector_list(", ".join(selectors)) if selectors else []
        tests = [selector.test for selector in wanted]
        # Elements have to be held, or others get their ids.
        held = {id(above): above for link in links for above in link.iterancestors()}
        wrappers = _wrapped(cssselect2.ElementWrapper.from_xml_root(root), held)
        marked = {id(one.etree_element) for one in wrappers if any(test(one) for test in tests)}
        links = [link for link in links if id(link) in marked]
    for link in links:
        link.set(_TOLD, link.get("href")[1:])


def _wrapped(
    wrapper: cssselect2.ElementWrapper, around: Collection[int]
) -> Iterator[cssselect2.ElementWrapper]:
    """Give the elements below one, but go no deeper than where the links are."""
    for child in wrapper.iter_children():
        yield child
        if id(child.etree_element) in around:
            yield from _wrapped(child, around)


def _uncut(book: PagedBook, reason: str) -> Pieces:
    return Pieces((), book.sheets, ("", ""), reason)


def _parts(root: etree._Element) -> Iterator[tuple[etree._Element | None, etree._Element]]:
    """Give each part with the wrapper around it, if there is one."""
    for child in root:
        if not isinstance(child.tag, str):
            continue
        inner = [one for one in child if isinstance(one.tag, str)]
        if child.tag == "main" and len(inner) > 1 and not _words(child):
            yield from ((child, one) for one in inner)
        else:
            yield None, child


def _words(wrapper: etree._Element) -> str:
    return "".join([wrapper.text or "", *(child.tail or "" for child in wrapper)]).strip()


def _piece(wrapper: etree._Element | None, part: etree._Element) -> Piece:
    before, after = part.getprevious(), part.getnext()
    html = _sibling(before) + _html(part)
    if wrapper is not None:
        # The wrapper opens with its first part and closes with its last one.
        breaks = ["break-before: auto"] * (before is not None)
        breaks += ["break-after: auto"] * (after is not None)
        style = "; ".join([*filter(None, [wrapper.get("style", "")]), *breaks])
        known = {**wrapper.attrib, **({"style": style} if style else {})}
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in known.items())
        html = f"<{wrapper.tag}{attributes}>{html}</{wrapper.tag}>"
        html = _sibling(wrapper.getprevious()) + html
    ids = frozenset(str(value) for value in part.xpath(".//@id | @id"))
    links = [str(value)[1:] for value in part.xpath(".//@href") if str(value).startswith("#")]
    told = frozenset(str(value) for value in part.xpath(f".//@{_TOLD}"))
    return Piece(html, ids, tuple(dict.fromkeys(links)), told)


def _sibling(element: etree._Element | None) -> str:
    """Stand in for what stands before, so that ``:first-child`` and ``+`` mean the same."""
    if element is None or not isinstance(element.tag, str):
        return ""
    return (
        f'<{element.tag} class="{escape(element.get("class", ""))}" style="display: none">'
        f"</{element.tag}>"
    )


def _html(element: etree._Element) -> str:
    text: str = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return text.replace(f' xmlns="{XHTML[1:-1]}"', "").replace(
        ' xmlns:epub="http://www.idpf.org/2007/ops"', ""
    )


def _told_sheet(css: str) -> str:
    return TARGET_FOLIO.sub(lambda match: f"counter({TARGET}{match[1] or ''})", css)


def _told(link: re.Match[str], folios: Mapping[str, int]) -> str:
    """Tell a link the folio of its target."""
    tag = link[0].replace(f' {_TOLD}="{link[1]}"', "")
    if (folio := folios.get(unescape(link[1]))) is None:
        return tag
    told = f"counter-reset: {TARGET} {folio}"
    if style := _STYLE.search(tag):
        return tag.replace(style[0], f' style="{style[1]}; {told}"', 1)
    return f'<a style="{told}"' + tag[2:]
