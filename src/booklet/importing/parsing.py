"""Markup of strangers to trees: no entities but those that HTML knows, no DTD, no network."""

from __future__ import annotations

import re
from collections import Counter
from html import entities
from html.parser import HTMLParser

from lxml import etree

from booklet import limits
from booklet.errors import Findings, Place
from booklet.importing.refusal import refusal
from booklet.model.transcript import visible

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_PROLOG = re.compile(r"(?:\s|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_OWN = {"amp", "lt", "gt", "quot", "apos"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:0*([0-9]{1,7})|[xX]0*([0-9A-Fa-f]{1,6}));")
_TOO_DEEP = "depth"


def parse_xml(text: str, place: Place) -> etree._Element:
    """Parse a part that must be well-formed and declares nothing.

    Raises:
        InputError: It is not well-formed, has a document type, or is beyond the limits.
    """
    body = _without_declaration(text)
    if _doctype(body) is not None:
        raise _unsafe(place)
    try:
        return _parse_xml(body, place)
    except etree.XMLSyntaxError as error:
        raise refusal(
            Place(place.file, error.lineno or 0),
            "import-markup",
            f"it is not well-formed: {error.msg}",
            "save the document again",
        ) from error


def parse_page(text: str, place: Place, findings: Findings, *, xhtml: bool) -> etree._Element:
    """Parse a page of HTML or XHTML; one that is not well-formed is read as browsers do.

    Raises:
        InputError: It declares entities, loses words when read, or is beyond the limits.
    """
    body = _CONTROL.sub("", _without_declaration(text))
    found = _doctype(body)
    if found is not None:
        if body[found.end() : found.end() + 1] == "[":
            raise _unsafe(place)
        body = body[: found.start()] + "\n" * found[0].count("\n") + body[found.end() + 1 :]
    if xhtml:
        try:
            return _parse_xml(_REFERENCE.sub(_printable, _ENTITY.sub(_named, body)), place)
        except etree.XMLSyntaxError as error:
            findings.warning(
                Place(place.file, error.lineno or 0), "import-repaired",
                f"it is not well-formed and was read as a browser does: {error.msg}",
                "look whether its words are in their places",
            )  # fmt: skip
    return _parse_html(body, place)


def without_doctype(text: str) -> str:
    """Take away a document type that declares nothing of its own; others stay, to be refused."""
    found = _doctype(text)
    if found is None or text[found.end() : found.end() + 1] != ">":
        return text
    return text[: found.start()] + text[found.end() + 1 :]


def _without_declaration(text: str) -> str:
    return _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)


def _doctype(text: str) -> re.Match[str] | None:
    start = _PROLOG.match(text)
    return _DOCTYPE.match(text, start.end() if start else 0)


def _unsafe(place: Place) -> Exception:
    return refusal(
        place, "import-markup", "it declares a document type with parts of its own, or entities",
        "save it anew with a program that writes none; entities are never expanded",
    )  # fmt: skip


def _named(match: re.Match[str]) -> str:
    """Put in the character of an entity of HTML, which XML does not know."""
    name = match[1]
    return match[0] if name in _XML_OWN else entities.html5.get(f"{name};", match[0])


def _printable(match: re.Match[str]) -> str:
    """Leave out a reference to what no XML may hold."""
    code = int(match[1]) if match[1] else int(match[2], 16)
    allowed = code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
    return match[0] if allowed or 0x10000 <= code <= 0x10FFFF else ""


def _parse_xml(body: str, place: Place) -> etree._Element:
    _check_size(body, place)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(body.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if _TOO_DEEP in str(error.msg):
            raise _deep(place) from error
        raise
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unsafe(place)
    _check_depth(root, place)
    return root


def _parse_html(body: str, place: Place) -> etree._Element:
    _check_size(body, place)
    parser = etree.HTMLParser(
        recover=True, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8",
        collect_ids=False,
    )  # fmt: skip
    root = etree.fromstring(body.encode("utf-8", "replace") or b"<p></p>", parser)
    if any(_TOO_DEEP in error.message for error in parser.error_log):
        raise _deep(place)
    if root is None:
        root = etree.fromstring("<html><body/></html>")
    _check_depth(root, place)
    _check_words(body, root, place)
    return root


def _check_size(body: str, place: Place) -> None:
    if body.count("<") > 2 * limits.value("markup-elements"):
        raise refusal(
            place, "import-limit", f"it has too many elements ({limits.named('markup-elements')})",
            "divide it",
        )  # fmt: skip


def _check_depth(root: etree._Element, place: Place) -> None:
    depth, most = 0, limits.value("import-depth")
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > most:
            raise _deep(place)


def _deep(place: Place) -> Exception:
    return refusal(
        place, "import-limit", f"elements are nested too deeply ({limits.named('import-depth')})",
        "write it with fewer levels",
    )  # fmt: skip


# ---- what a forgiving parser may lose --------------------------------------------------------


class _Words(HTMLParser):
    """The words of HTML, by a parser that shares nothing with the other."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: Counter[str] = Counter()

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:
            self.found.update(visible(data))


def _check_words(body: str, root: etree._Element, place: Place) -> None:
    """Refuse what a forgiving parser has lost words of."""
    words = _Words()
    words.feed(body)
    words.close()
    kept: Counter[str] = Counter()
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag not in {"script", "style"}:
            kept.update(visible(element.text or ""))
        if element is not root:
            kept.update(visible(element.tail or ""))
    lost = words.found - kept
    if lost.total():
        shown = "".join(list(lost)[:10])
        raise refusal(
            place, "import-text-lost",
            f"{lost.total():,} characters are lost when the HTML is read, such as 「{shown}」",
            "repair its tags: a validator of HTML names them",
        )  # fmt: skip
