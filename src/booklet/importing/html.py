"""A lone page of HTML."""

from __future__ import annotations

from booklet.errors import Findings, Place
from booklet.importing.elements import Element, name_of
from booklet.importing.files import Files
from booklet.importing.meta import meta_of, title_block
from booklet.importing.parsing import parse_page
from booklet.importing.reading import Reading, Sheet
from booklet.importing.room import Page, Room
from booklet.importing.tree import Draft

_NAMES = {"author", "description", "keywords", "date", "publisher", "subject", "rights",
          "copyright", "language"}  # fmt: skip


def read_html(text: str, name: str, files: Files, place: Place, findings: Findings) -> Draft:
    """Read a page."""
    xhtml = "<?xml" in text[:100] or name.lower().endswith(".xhtml")
    root = parse_page(text, place, findings, xhtml=xhtml)
    body = body_of(root)
    said = {key: value for key, value in _said(root).items() if value}
    page, room = Page(name, place.file, body), Room(files, findings)
    said = {**said, **room.take_title_block(page, title_block(body))}
    meta = meta_of(said, lambda _: place, findings)
    return Reading(room, meta, [Sheet(page)]).draft()


def body_of(root: Element) -> Element:
    """Find the body of a page."""
    return next((one for one in root.iter() if name_of(one) == "body"), root)


def _said(root: Element) -> dict[str, str]:
    """Read what the head of a page says."""
    found: dict[str, str] = {}
    for element in root.iter():
        if name_of(element) == "title" and "title" not in found:
            parent = element.getparent()
            if parent is not None and name_of(parent) == "head":
                found["title"] = " ".join("".join(map(str, element.itertext())).split())
        elif name_of(element) == "meta":
            key = element.get("name", "").lower().removeprefix("dc.").removeprefix("dcterms.")
            if key in _NAMES:
                found.setdefault(key, element.get("content", ""))
    if lang := root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"):
        found["lang"] = lang
    return found
