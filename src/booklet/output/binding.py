"""Bind the drawn pages of all pieces into one file: one page tree, outline, structure tree."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydyf

from booklet.output.sheaf import FontUse, Sheaf

_MARK = re.compile(rb"\x01(?:N(\d+)|T(\d+)|(\d+)|([A-Z]))\x01")
_SAME_FROM = 512
"""Bytes from which a stream is looked for among those that are bound already."""


class _Raw(pydyf.Object):  # type: ignore[misc]
    """An object whose text is known."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body

    @property
    def data(self) -> bytes:
        return self.body


class _RawStream(pydyf.Stream):  # type: ignore[misc]
    """A stream whose text is known, compressed or not."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body

    @property
    def data(self) -> bytes:
        return self.body


def bind(
    html: str,
    fonts_of: Any,
    sheaves: Sequence[Sheaf],
    *,
    identifier: bytes,
    variant: str | None = None,
    finish: Callable[[pydyf.PDF], None] | None = None,
) -> bytes:
    """Write one file of the pages of all pieces.

    Args:
        html: The document, for its metadata.
        fonts_of: The font configuration of the base.
        sheaves: In reading order; tagged, if the variant wants tags.
        variant: Of the base: ``pdf/ua-1``, or None.
        identifier: Of the file.
        finish: Told of the objects before they are written.
    """
    from weasyprint import DEFAULT_OPTIONS, HTML
    from weasyprint.document import Document, DocumentMetadata
    from weasyprint.html import get_html_metadata
    from weasyprint.pdf import generate_pdf
    from weasyprint.pdf.fonts import build_fonts_dictionary

    from booklet.compose import open_font

    version = "1.7" if variant else None
    options = DEFAULT_OPTIONS | {
        "pdf_variant": variant, "pdf_tags": bool(variant), "pdf_version": version,
    }  # fmt: skip
    # Of the document, the metadata alone are needed: all of them stand in its head.
    source = HTML(string=html.partition("<body>")[0] + "<body></body></html>")
    metadata = DocumentMetadata(**get_html_metadata(source))
    document = Document([], metadata, source.url_fetcher, fonts_of, {}, None)
    pdf = generate_pdf(document, None, 1, **options)
    fonts = {}
    for name, use in _merged(sheaves):
        font = open_font(fonts_of, use.description, use.size)
        font.widths, font.to_unicode = dict(use.widths), dict(use.texts)
        fonts[name] = font
    dictionary = build_fonts_dictionary(pdf, fonts, True, True, options)
    pdf.add_object(dictionary)
    _Binder(pdf, dictionary.reference).bind(sheaves, tagged=bool(variant))
    _outline(pdf, document, sheaves)
    if finish is not None:
        finish(pdf)
    target = io.BytesIO()
    pdf.write(target, version, identifier, True)
    return target.getvalue()


def _merged(sheaves: Sequence[Sheaf]) -> Iterator[tuple[str, FontUse]]:
    """Give what all pieces use of each font, in the order in which they use it first."""
    uses: dict[str, FontUse] = {}
    for sheaf in sheaves:
        for name, use in sheaf.fonts.items():
            before = uses.setdefault(name, FontUse(use.description, use.size, {}, {}))
            before.widths.update(use.widths)  # type: ignore[attr-defined]
            for glyph, text in use.texts.items():
                before.texts.setdefault(glyph, text)  # type: ignore[attr-defined]
    for name, use in uses.items():
        texts = dict(sorted(use.texts.items()))
        yield name, FontUse(use.description, use.size, dict(sorted(use.widths.items())), texts)


@dataclass
class _Binder:
    """Numbers the objects of one piece after another."""

    pdf: pydyf.PDF
    fonts: bytes
    bodies: dict[bytes, int] = field(default_factory=dict)
    dests: list[tuple[str, bytes]] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    links: dict[int, int] = field(default_factory=dict)
    letters: dict[bytes, bytes] = field(default_factory=dict)
    page: int = 0

    def bind(self, sheaves: Sequence[Sheaf], *, tagged: bool) -> None:
        objects = {item.reference: item for item in self.pdf.objects}
        owners = pydyf.Array()
        links: list[tuple[bytes, bytes, int]] = []
        first_link = sum(len(sheaf.pages) for sheaf in sheaves)
        root = objects[self.pdf.catalog["StructTreeRoot"]] if tagged else None
        top = objects[root["K"][0]] if root is not None else None
        for sheaf in sheaves:
            self._one(sheaf, top.reference if top is not None else b"", first_link + len(links))
            for number, drawn in enumerate(sheaf.pages, self.page - len(sheaf.pages)):
                if tagged:
                    owners += [number, pydyf.Array(map(self._filled, drawn.owners))]
            for element, _ in sheaf.annotations:
                links.append((self._filled(element), b"", 0))
            if top is not None:
                top["K"].extend(map(self._filled, sheaf.tops))
        if root is not None:
            for number, (element, _, _) in enumerate(links, first_link):
                owners += [number, element]
            objects[root["ParentTree"]]["Nums"] = owners
        if self.dests:
            names = pydyf.Array()
            for name, place in sorted(self.dests):
                names += [pydyf.String(name), place]
            self.pdf.catalog.setdefault("Names", pydyf.Dictionary())
            self.pdf.catalog["Names"]["Dests"] = pydyf.Dictionary({"Names": names})

    def _one(self, sheaf: Sheaf, top: bytes, link: int) -> None:
        pdf = self.pdf
        self.letters = {b"P": pdf.pages.reference, b"F": self.fonts, b"D": top}
        self.links = {number: at for at, (_, number) in enumerate(sheaf.annotations, link)}
        self.numbers = {}
        waiting: list[tuple[int, bytes]] = []
        pages = {drawn.number for drawn in sheaf.pages}
        for number, body in sheaf.objects.items():
            if number in sheaf.streams and _is_closed(body):
                known = self.bodies.setdefault(hashlib.sha256(body).digest(), len(pdf.objects))
                self.numbers[number] = known
                if known == len(pdf.objects):
                    pdf.add_object(_RawStream(body))
                continue
            self.numbers[number] = len(pdf.objects)
            stands = _RawStream(b"") if number in sheaf.streams else _Raw(b"")
            pdf.add_object(stands)
            waiting.append((number, body))
        for number, body in waiting:
            if number in pages:
                self.letters[b"S"] = b"%d" % self.page
                self.page += 1
                pdf.pages["Count"] += 1
                pdf.pages["Kids"].extend([self.numbers[number], 0, "R"])
            pdf.objects[self.numbers[number]].body = self._filled(body)
        self.dests += [(name, self._filled(place)) for name, place in sheaf.dests]

    def _filled(self, body: bytes) -> bytes:
        """Fill in what was left open; the content of a stream holds no marks."""
        head, stream, rest = body.partition(b"\nstream\n")
        return _MARK.sub(self._named, head) + stream + rest

    def _named(self, mark: re.Match[bytes]) -> bytes:
        cell, link, number, letter = mark.groups()
        if number:
            return b"%d 0 R" % self.numbers[int(number)]
        if cell:
            return b"%d" % self.numbers[int(cell)]
        if link:
            return b"%d" % self.links[int(link)]
        return self.letters[letter]


def _is_closed(body: bytes) -> bool:
    """Tell whether a stream is worth comparing, and names no other object."""
    return len(body) >= _SAME_FROM and not _MARK.search(body.partition(b"\nstream\n")[0])


@dataclass
class _Bookmarked:
    """A page as the base makes outlines of it."""

    bookmarks: list[Any]
    height: float


def _outline(pdf: pydyf.PDF, document: Any, sheaves: Sequence[Sheaf]) -> None:
    from weasyprint.pdf.anchors import add_outlines

    pages = [
        _Bookmarked(list(drawn.bookmarks), drawn.height) for one in sheaves for drawn in one.pages
    ]
    tree = document.copy(pages).make_bookmark_tree(0.75, transform_pages=True)
    add_outlines(pdf, tree)
