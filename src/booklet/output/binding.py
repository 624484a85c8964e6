"""Bind the drawn pages of all pieces into one file: one page tree, outline, structure tree."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import pydyf

from booklet.output.quire import STEP, Around, Quire, fold, shared_streams
from booklet.output.sheaf import FontUse, Parcel, Sheaf
from booklet.output.tray import Tray
from booklet.output.writing import Bound, Raw, RawStream, write_file

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_OWN = 3
"""Objects that every file of the writer begins with."""


Cut = tuple[tuple[bool, bytes], ...]
"""A font as objects: whether each is a stream, and its text; last of all the font's reference."""


class Quires(Protocol):
    """Keeps quires and fonts that were made before."""

    def get(self, key: str) -> Any:
        """Give an entry; None where there is none."""

    def put(self, key: str, value: Any) -> None:
        """Keep an entry, if there is room."""


@dataclass(frozen=True, slots=True)
class Spine:
    """What holds the pieces of a book together.

    Attributes:
        html: The document, for its metadata.
        fonts: The font configuration of the base.
        identifier: Of the file.
        variant: Of the base: ``pdf/ua-1``, or None.
        open: Opens a parcel.
        finish: Told of the objects of the file before they are written, but of those in quires.
        kept: Knows quires and fonts that were made before; None for none.
        basis: Digest of the fonts that there are, and of all else that they are cut by.
        tray: Fonts that may hold more than the pages use; None where the file is to be exact.
        messages: What the base has had to say so far.
    """

    html: str
    fonts: Any
    identifier: bytes
    variant: str | None
    open: Callable[[Parcel], Sheaf]
    finish: Callable[[pydyf.PDF], None] | None = None
    kept: Quires | None = None
    basis: bytes = b""
    messages: Sequence[object] = ()
    tray: Tray | None = None


def bind(spine: Spine, pieces: Sequence[Sheaf | Parcel]) -> Bound:
    """Write one file of the pages of all pieces.

    Args:
        spine: What holds them together.
        pieces: In reading order; tagged, if the variant wants tags.
    """
    from weasyprint import DEFAULT_OPTIONS, HTML
    from weasyprint.document import Document, DocumentMetadata
    from weasyprint.html import get_html_metadata
    from weasyprint.pdf import generate_pdf

    tagged = bool(spine.variant)
    options = DEFAULT_OPTIONS | {
        "pdf_variant": spine.variant, "pdf_tags": tagged,
        "pdf_version": "1.7" if spine.variant else None,
    }  # fmt: skip
    # Of the document, the metadata alone are needed: all of them stand in its head.
    source = HTML(string=spine.html.partition("<body>")[0] + "<body></body></html>")
    metadata = DocumentMetadata(**get_html_metadata(source))
    document = Document([], metadata, source.url_fetcher, spine.fonts, {}, None)
    pdf = generate_pdf(document, None, 1, **options)
    binder = _Binder(spine, pdf, tagged=tagged)
    binder.take(pieces)
    binder.add_fonts(options)
    _outline(pdf, document, binder.quires)
    if spine.finish is not None:
        spine.finish(pdf)
    return write_file(pdf, binder.quires, spine.identifier, binder.fonts.number)


@dataclass
class _Binder:
    """Makes a quire of each piece, and ties them to the file."""

    spine: Spine
    pdf: pydyf.PDF
    tagged: bool
    quires: list[Quire] = field(default_factory=list)
    uses: _Uses = field(default_factory=lambda: _Uses())
    fonts: Any = None

    def take(self, pieces: Sequence[Sheaf | Parcel]) -> None:
        """Make the quires, and list them in the trees of the file."""
        pdf = self.pdf
        objects = {item.reference: item for item in pdf.objects}
        root = objects[pdf.catalog["StructTreeRoot"]] if self.tagged else None
        top = objects[root["K"][0]] if root is not None else None
        self.fonts = pydyf.Dictionary()
        pdf.add_object(self.fonts)
        letters = {"P": pdf.pages.number, "F": self.fonts.number}
        if top is not None:
            letters["D"] = top.number
        first = -(-len(pdf.objects) // STEP) * STEP
        streams: dict[bytes, int] = {}
        for piece in pieces:
            quire = self._quire(piece, first, letters, streams)
            for digest, number in quire.streams.items():
                streams.setdefault(digest, number)
            self.uses.add(quire.fonts)
            # What is known of it is known; a long book has many.
            self.quires.append(replace(quire, fonts={}, streams={}))
            first = -(-(quire.first + quire.count) // STEP) * STEP
        # What the file holds beside the quires has its numbers after theirs.
        hole = pydyf.Object()
        hole.free = "f"
        pdf.objects.extend([hole] * (first - len(pdf.objects)))
        self._list_pages()
        self._list_structure(root, top, objects)

    def _quire(
        self,
        piece: Sheaf | Parcel,
        first: int,
        letters: Mapping[str, int],
        streams: Mapping[bytes, int],
    ) -> Quire:
        shared = dict(piece.shared) if isinstance(piece, Parcel) else shared_streams(piece)
        elsewhere = {at: streams[name] for at, name in shared.items() if name in streams}
        around = Around(first, letters, elsewhere)
        kept, key = self.spine.kept, ""
        if kept is not None and isinstance(piece, Parcel):
            facts = (piece.name, first, sorted(letters.items()), sorted(elsewhere.items()))
            key = hashlib.sha256(b"quire" + repr(facts).encode()).hexdigest()
            if isinstance(found := kept.get(key), Quire) and found.first == first:
                return found
        sheaf = self.spine.open(piece) if isinstance(piece, Parcel) else piece
        quire = fold(sheaf, around, shared, tagged=self.tagged)
        if kept is not None and key:
            kept.put(key, quire)
        return quire

    def _list_pages(self) -> None:
        kids = self.pdf.pages["Kids"]
        for quire in self.quires:
            for number in quire.pages:
                kids.extend([number, 0, "R"])
        self.pdf.pages["Count"] = len(kids) // 3

    def _list_structure(self, root: Any, top: Any, objects: Mapping[bytes, Any]) -> None:
        dests = sorted(dest for quire in self.quires for dest in quire.dests)
        if dests:
            names = pydyf.Array()
            for name, place in dests:
                names += [pydyf.String(name), place]
            self.pdf.catalog.setdefault("Names", pydyf.Dictionary())
            self.pdf.catalog["Names"]["Dests"] = pydyf.Dictionary({"Names": names})
        if root is None:
            return
        leaves = [quire.leaf for quire in self.quires if quire.leaf]
        for quire in self.quires:
            top["K"].extend(quire.tops)
        tree = objects[root["ParentTree"]]
        tree.clear()
        if leaves:
            tree["Kids"] = pydyf.Array(b"%d 0 R" % leaf[0] for leaf in leaves)
            root["ParentTreeNextKey"] = leaves[-1][2] + 1
        else:
            tree["Nums"] = pydyf.Array()

    def add_fonts(self, options: Mapping[str, Any]) -> None:
        """Cut each font to the glyphs that the pages use, or take it from those kept."""
        listed: list[bytes] = []
        for name, use in self.uses.all():
            *bodies, (_, reference) = self._font(name, use, options)
            by = len(self.pdf.objects) - _OWN
            for is_stream, body in bodies:
                text = _moved(body, by)
                self.pdf.add_object(RawStream(text) if is_stream else Raw(text))
            listed.append(b"/%s %s" % (name.encode(), _moved(reference, by)))
        stands = Raw(b"<<" + b"".join(listed) + b">>")
        stands.number = self.fonts.number
        self.pdf.objects[stands.number] = self.fonts = stands

    def _font(self, name: str, use: FontUse, options: Mapping[str, Any]) -> Cut:
        if (tray := self.spine.tray) is not None:
            made: Cut = tray.font(name, use, lambda use: tuple(self._cut(name, use, options)))
            return made
        kept, key = self.spine.kept, ""
        if kept is not None and self.spine.basis:
            facts = (name, use.description, use.size, [*use.widths.items()], [*use.texts.items()])
            digest = hashlib.sha256(b"font" + self.spine.basis + repr(facts).encode("utf-8"))
            key = digest.hexdigest()
            if isinstance(found := kept.get(key), tuple) and found:
                return found
        silent = len(self.spine.messages)
        made = tuple(self._cut(name, use, options))
        # A message of the base has to be heard again the next time.
        if kept is not None and key and len(self.spine.messages) == silent:
            kept.put(key, made)
        return made

    def _cut(
        self, name: str, use: FontUse, options: Mapping[str, Any]
    ) -> Iterator[tuple[bool, bytes]]:
        from weasyprint.pdf.fonts import build_fonts_dictionary

        from booklet.compose import open_font

        font = open_font(self.spine.fonts, use.description, use.size)
        font.widths, font.to_unicode = dict(use.widths), dict(use.texts)
        aside = pydyf.PDF()
        listed = build_fonts_dictionary(aside, {name: font}, True, True, options)
        for item in aside.objects[_OWN:]:
            yield isinstance(item, pydyf.Stream), item.data
        yield False, listed[name]


def _moved(body: bytes, by: int) -> bytes:
    """Name other objects by numbers that are larger by so many; streams' contents name none."""
    head, stream, rest = body.partition(b"\nstream\n")
    return _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + by), head) + stream + rest


class _Uses:
    """What all pieces use of each font, in the order in which they use it first."""

    def __init__(self) -> None:
        self._first: dict[str, FontUse] = {}
        self._widths: dict[str, dict[int, float]] = {}
        self._texts: dict[str, dict[int, str]] = {}

    def add(self, fonts: Mapping[str, FontUse]) -> None:
        """Add what a piece uses; what a glyph stands for first, it stands for in all."""
        for name, use in fonts.items():
            self._first.setdefault(name, FontUse(use.description, use.size, {}, {}))
            self._widths.setdefault(name, {}).update(use.widths)
            texts = self._texts.setdefault(name, {})
            for glyph, text in use.texts.items():
                texts.setdefault(glyph, text)

    def all(self) -> Iterator[tuple[str, FontUse]]:
        """Give each font with all that is used of it."""
        for name, use in self._first.items():
            widths, texts = (dict(sorted(of[name].items())) for of in (self._widths, self._texts))
            yield name, FontUse(use.description, use.size, widths, texts)  # type: ignore[arg-type]


@dataclass
class _Bookmarked:
    """A page as the base makes outlines of it."""

    bookmarks: list[Any]
    height: float


class _Outlined:
    """A file as the base adds outlines to it: it asks for all pages at each bookmark."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self.page_references = pdf.page_references
        self.add_object, self.catalog = pdf.add_object, pdf.catalog


def _outline(pdf: pydyf.PDF, document: Any, quires: Sequence[Quire]) -> None:
    from weasyprint.pdf.anchors import add_outlines

    pages = [
        _Bookmarked(list(bookmarks), height)
        for quire in quires
        for height, bookmarks in quire.outline
    ]
    tree = document.copy(pages).make_bookmark_tree(0.75, transform_pages=True)
    add_outlines(_Outlined(pdf), tree)
