"""Pages of one piece as PDF objects that name each other by marks: they can be kept and bound.

The renderer writes a file at once. Here the pages of a piece are drawn alone; what is known only
when all pieces are bound (numbers of objects and pages, the fonts) is left open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pydyf

OPEN = b"\x01"
"""Stands before and after what is left open; no other byte of an object's text is 1."""

_REFERENCE = re.compile(rb"(\d+) 0 R")
CONTENTS = re.compile(rb"/Contents \x01(\d+)\x01")
"""Names the stream that a page is drawn by."""

_CELL = re.compile(r"(\d+)-(\d+-\d+)")

Bookmark = tuple[int, str, tuple[float, float], str]


@dataclass(frozen=True, slots=True)
class FontUse:
    """How pages use a font: enough to open it again, and to cut it to its glyphs.

    Attributes:
        description: As Pango writes it, without a size.
        size: Of the text that used it first, in CSS pixels.
        widths: Advance of each glyph, in thousandths of an em.
        texts: Characters of each glyph.
    """

    description: str
    size: float
    widths: Mapping[int, float]
    texts: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page.

    Attributes:
        number: Of its object within the sheaf.
        height: In CSS pixels, for its outline.
        bookmarks: What the outline says of it.
        owners: For each piece of marked content, the object of its structure element.
    """

    number: int
    height: float
    bookmarks: tuple[Bookmark, ...]
    owners: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheaf:
    """The pages of a piece, drawn.

    Attributes:
        pages: In order.
        objects: Text of each object by its number; what it names is left open.
        streams: Numbers of the objects that are streams.
        dests: Name and text of each destination.
        tops: Structure elements below the document.
        annotations: Structure element and annotation of each link.
        fonts: By the name that pages call them.
    """

    pages: tuple[DrawnPage, ...]
    objects: Mapping[int, bytes] = field(repr=False)
    streams: frozenset[int] = frozenset()
    dests: tuple[tuple[str, bytes], ...] = ()
    tops: tuple[bytes, ...] = ()
    annotations: tuple[tuple[bytes, int], ...] = ()
    fonts: Mapping[str, FontUse] = field(default_factory=dict)

    def only(self, pages: Sequence[int]) -> Sheaf:
        """Give some of its pages, by index; the others leave nothing behind."""
        kept = tuple(self.pages[at] for at in pages)
        if len(kept) == len(self.pages):
            return self
        gone = {page.number for page in self.pages} - {page.number for page in kept}
        contents = {
            int(match[1]) for number in gone if (match := CONTENTS.search(self.objects[number]))
        }
        objects = {at: body for at, body in self.objects.items() if at not in gone | contents}
        return replace(self, pages=kept, objects=objects)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A sheaf, packed: for the way between processes, and for the cache.

    Attributes:
        data: The sheaf as bytes.
        name: Digest of it.
        shared: Streams that other sheaves may have, too: number, and digest of the text.
    """

    data: bytes = field(repr=False)
    name: bytes
    shared: tuple[tuple[int, bytes], ...]


def draw_sheaf(
    document: Any,
    *,
    tagged: bool,
    known: Collection[str] = (),
    finish: Callable[[pydyf.PDF], None] | None = None,
) -> Sheaf:
    """Draw the pages of a piece.

    Args:
        document: A rendered document of the base.
        tagged: With structure, links and destinations.
        known: Targets of links in other pieces.
        finish: Told of the objects before they are written.
    """
    from weasyprint import DEFAULT_OPTIONS
    from weasyprint.pdf import generate_pdf

    from booklet.compose import drawn_fonts

    own = {name for page in document.pages for name in page.anchors}
    # The base drops a link whose target it does not see: those afar stand on the first page.
    linked = {
        target for page in document.pages for kind, target, *_ in page.links if kind == "internal"
    }
    afar = sorted(linked.intersection(known) - own)
    if document.pages and tagged:
        document.pages[0].anchors.update((name, (0, 0, 0, 0)) for name in afar)
    options = DEFAULT_OPTIONS | {"pdf_tags": tagged, "pdf_version": "1.7"}
    with drawn_fonts(document.font_config) as fonts:
        pdf = generate_pdf(document, None, 1, **options)
    for name in afar:
        document.pages[0].anchors.pop(name, None)
    if finish is not None:
        finish(pdf)
    uses = {
        font.hash: FontUse(font.description, font.font_size, font.widths, font.to_unicode)
        for font in fonts(document)
    }
    return _Writer(pdf, own).sheaf(document, uses)


class _Writer:
    """Takes a file apart that the base has drawn."""

    def __init__(self, pdf: pydyf.PDF, own: Collection[str]) -> None:
        self.pdf, self.own = pdf, own
        self.by_reference = {item.reference: item for item in pdf.objects}
        self.marks: dict[bytes, bytes] = {pdf.pages.reference: b"\x01P\x01"}

    def sheaf(self, document: Any, fonts: Mapping[str, FontUse]) -> Sheaf:
        pdf, objects = self.pdf, self.by_reference
        gone = {pdf.objects[0].reference, pdf.pages.reference, pdf.catalog.reference}
        gone |= self._outline()
        pages = [objects[reference] for reference in pdf.page_references]
        resources = objects[pages[0]["Resources"]] if pages else {}
        if "Font" in resources:
            self.marks[resources["Font"]] = b"\x01F\x01"
            gone.add(resources["Font"])
        tops: tuple[bytes, ...] = ()
        numbers: dict[int, Any] = {}
        if "StructTreeRoot" in pdf.catalog:
            root = objects[pdf.catalog["StructTreeRoot"]]
            top = objects[root["K"][0]]
            self.marks[top.reference] = b"\x01D\x01"
            gone |= {root.reference, top.reference, root["ParentTree"]}
            tops = tuple(self.text(one) for one in top["K"])
            nums = objects[root["ParentTree"]]["Nums"]
            numbers = dict(zip(nums[::2], nums[1::2], strict=True))
        for page in pages:
            if "StructParents" in page:
                page["StructParents"] = b"\x01S\x01"
        links = [
            (self.text(numbers[item["StructParent"]]), item.number)
            for item in pdf.objects
            if isinstance(item, pydyf.Dictionary) and "StructParent" in item and item.free != "f"
        ]
        for _, number in links:
            pdf.objects[number]["StructParent"] = b"\x01T%d\x01" % number
        self._cells()
        dests = pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", [])
        kept = [
            item for item in pdf.objects if item.reference not in gone and item.free != "f"
        ]  # fmt: skip
        return Sheaf(
            pages=tuple(
                DrawnPage(
                    item.number, page.height, tuple(page.bookmarks),
                    tuple(self.text(owner) for owner in numbers.get(index, ())),
                )
                for index, (item, page) in enumerate(zip(pages, document.pages, strict=True))
            ),
            objects={item.number: self.body(item) for item in kept},
            streams=frozenset(item.number for item in kept if isinstance(item, pydyf.Stream)),
            dests=tuple(
                (name.string, self.text(place))
                for name, place in zip(dests[::2], dests[1::2], strict=True)
                if name.string in self.own
            ),
            tops=tops,
            annotations=tuple(links),
            fonts=fonts,
        )  # fmt: skip

    def _outline(self) -> set[bytes]:
        """Name the objects of the outline, which is made of all pieces together."""
        first = self.pdf.catalog.get("Outlines")
        waiting, found = [first] if first else [], set()
        while waiting:
            reference = waiting.pop()
            if reference in found:
                continue
            found.add(reference)
            item = self.by_reference[reference]
            waiting += [item[key] for key in ("First", "Next") if key in item]
        return found

    def _cells(self) -> None:
        """Name header cells by marks: the base names them by the number of their table."""
        for item in self.pdf.objects:
            if not isinstance(item, pydyf.Dictionary) or item.get("S") not in {"/TH", "/TD"}:
                continue
            if "ID" in item:
                item["ID"] = _cell(item["ID"])
            headers = item.get("A", {}).get("Headers")
            if headers:
                headers[:] = [_cell(name) for name in headers]

    def body(self, item: Any) -> bytes:
        """Write an object, and leave open what it names."""
        if isinstance(item, pydyf.Stream):
            item.extra = {key: self.text(value) for key, value in item.extra.items()}
            data: bytes = item.data
            return data
        return self.text(item)

    def text(self, value: Any) -> bytes:
        """Write a value, and leave open what it names."""
        if isinstance(value, bytes):
            match = _REFERENCE.fullmatch(value)
            if match is None:
                return value
            return self.marks.get(value) or OPEN + match[1] + OPEN
        if isinstance(value, dict):
            parts = [b"/%s %s" % (key.encode(), self.text(item)) for key, item in value.items()]
            return b"<<%s>>" % b"".join(parts)
        if isinstance(value, list | tuple):
            return b"[%s]" % b" ".join([self.text(item) for item in value])
        return bytes(pydyf._to_bytes(value))


def _cell(name: pydyf.String) -> bytes:
    match = _CELL.fullmatch(name.string)
    if match is None:
        data: bytes = name.data
        return data
    return b"(\x01N%s\x01-%s)" % (match[1].encode(), match[2].encode())
