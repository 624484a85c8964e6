"""What templates and style sheets may not put into a book: code, and ways out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import tinycss2
from lxml import etree

from booklet.limits.markup import faults_of_size
from booklet.limits.sheets import check_sheets
from booklet.limits.svg import SvgError, check_svg
from booklet.model.content import LINK_SCHEMES

FORBIDDEN = frozenset(
    {
        "script",
        "iframe",
        "object",
        "applet",
        "form",
        "input",
        "button",
        "base",
        "link",
        "meta",
        "video",
        "audio",
        "canvas",
        "frame",
        "frameset",
    }
)
"""Elements that run, load or send something, or that no page can show."""

_HANDLER = re.compile(r"^on[a-z]+$", re.IGNORECASE)


def faults_of_markup(root: etree._Element) -> Iterator[str]:
    """Say what a template's HTML may not hold."""
    yield from faults_of_size(root)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for css in (element.get("style"), element.text if element.tag.endswith("style") else None):
            if css:
                yield from (fault.message for fault in check_sheets([css]))
        name = etree.QName(element).localname.lower()
        if name in FORBIDDEN:
            yield f"<{name}> is not allowed"
        if name == "img" and not element.get("src", "").strip():
            yield "an <img> names no picture"
        if name == "svg":
            yield from _faults_of_drawing(element)
        for attribute, value in element.attrib.items():
            if _HANDLER.match(attribute):
                yield f"{attribute}= is not allowed"
            elif attribute in {"href", "xlink:href", "cite"} and not _leads_right(value):
                yield f"a link may not lead to {value[:80]}"
            elif attribute in {"src", "poster", "data", "srcset"} and _scheme(value) not in {
                "",
                "file",
            }:
                yield f"nothing may be loaded from {value[:80]}"


def _faults_of_drawing(element: etree._Element) -> Iterator[str]:
    """Say what an SVG within a page may not hold; it is drawn as a picture of its own."""
    if any(etree.QName(one).localname.lower() == "svg" for one in element.iterancestors()):
        return
    try:
        check_svg("an <svg>", etree.tostring(element, with_tail=False))
    except SvgError as error:
        yield str(error)


def _scheme(address: str) -> str:
    try:
        return urlsplit(address.strip()).scheme.lower()
    except ValueError:
        return "?"


def _leads_right(address: str) -> bool:
    return _scheme(address) in {*LINK_SCHEMES, ""} and not address.strip().startswith(("/", "\\"))


def faults_of_style(css: str) -> Iterator[str]:
    """Say what the style sheet of an e-book asks for from outside itself."""
    beyond = [f"line {fault.line}: {fault.message}" for fault in check_sheets([css])]
    yield from beyond
    if beyond:  # no parser should see it
        return
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            yield f"line {rule.source_line}: @import is not allowed"
        yield from _urls(rule)


def _urls(node: object) -> Iterator[str]:
    kind = getattr(node, "type", "")
    if kind == "url" or (kind == "function" and getattr(node, "lower_name", "") == "url"):
        address = getattr(node, "value", "") or ""
        if not str(address).startswith("data:image/"):
            line = getattr(node, "source_line", 0)
            yield f"line {line}: url({str(address)[:80]}) is not in the e-book"
    for part in ("prelude", "content", "arguments"):
        for child in getattr(node, part, None) or ():
            yield from _urls(child)
