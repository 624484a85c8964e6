"""Facts read back from a finished PDF: where each glyph stands, and what the file says of itself.

Positions are points from the top left corner of the page, as a designer measures them. Text is
read by PDFium, everything else by pikepdf: neither has a part in making the file.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

BLACK = (0, 0, 0)
SAME_LINE = 0.05
"""Points; baselines of one line differ by rounding only."""

Box = tuple[float, float, float, float]
Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A printed character: its origin on the baseline, its advance, and how it is set."""

    char: str
    x: float
    y: float
    width: float
    size: float
    font: str
    color: Color

    @property
    def right(self) -> float:
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Line:
    """Glyphs on one baseline, from left to right."""

    y: float
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.char for glyph in self.glyphs)

    @property
    def left(self) -> float:
        return self.glyphs[0].x

    @property
    def right(self) -> float:
        return max(glyph.right for glyph in self.glyphs)

    def set_in(self, size: float, font: str = "") -> bool:
        """Tell whether any glyph has this size, and a font whose name holds ``font``."""
        return any(abs(g.size - size) < SAME_LINE and font in g.font for g in self.glyphs)


@dataclass(frozen=True, slots=True)
class Link:
    """A link: the page it stands on, its box from the top, and where it leads."""

    page: int
    box: Box
    target: str
    to_page: int
    words: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A structure element: its type, depth, attributes, and the page it names."""

    name: str
    depth: int
    alt: str
    page: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its size, its boxes as the file gives them, its glyphs in file order.

    ``corner`` is the colour of the paper at the top left, where a band shows.
    """

    index: int
    width: float
    height: float
    boxes: Mapping[str, Box]
    glyphs: tuple[Glyph, ...]
    corner: Color

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line, from the top."""
        ordered = sorted(self.glyphs, key=lambda glyph: (round(glyph.y, 1), glyph.x))
        rows: list[list[Glyph]] = []
        for glyph in ordered:
            if rows and abs(rows[-1][0].y - glyph.y) < SAME_LINE:
                rows[-1].append(glyph)
            else:
                rows.append([glyph])
        return tuple(Line(row[0].y, tuple(sorted(row, key=lambda g: g.x))) for row in rows)

    @property
    def text(self) -> str:
        """All characters from top to bottom, without white space."""
        return "".join("".join(line.text.split()) for line in self.lines)

    def find(self, text: str) -> Line:
        """Give the first line that holds a text."""
        return next(line for line in self.lines if text in line.text)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A whole file.

    Attributes:
        labels: The label of each page, as a viewer shows it.
        outline: Title, page index and depth of each entry.
        tags: The structure tree in order.
        fonts: Base names without the subset's prefix, each with its type and whether it is whole
            in the file.
    """

    pages: tuple[Page, ...]
    labels: tuple[str, ...]
    outline: tuple[tuple[str, int, int], ...]
    links: tuple[Link, ...]
    tags: tuple[Tag, ...]
    fonts: Mapping[str, tuple[str, bool]]
    info: Mapping[str, str]
    xmp: str
    catalog: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "".join(page.text for page in self.pages)

    def page_of(self, text: str) -> Page:
        """Give the first page that holds a text, white space aside."""
        return next(page for page in self.pages if text in page.text)

    def labelled(self, label: str) -> Page:
        """Give the page of that label."""
        return self.pages[self.labels.index(label)]


def read_pdf(data: bytes) -> Pdf:
    """Read every fact of a file."""
    document = pypdfium2.PdfDocument(data)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pages = tuple(
                Page(
                    number, page.get_width(), page.get_height(), _boxes(pdf.pages[number]),
                    tuple(_glyphs(page)), _corner(page),
                )
                for number, page in enumerate(document)
            )  # fmt: skip
            index = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
            return Pdf(
                pages=pages,
                labels=tuple(document.get_page_label(number) for number in range(len(document))),
                outline=tuple(_outline(document)),
                links=tuple(_links(pdf, index, pages)),
                tags=tuple(_tags(pdf, index)),
                fonts=dict(_fonts(pdf)),
                info={str(key)[1:]: str(value) for key, value in pdf.docinfo.items()},
                xmp=pdf.Root.Metadata.read_bytes().decode(),
                catalog={
                    "lang": str(pdf.Root.get("/Lang", "")),
                    "layout": str(pdf.Root.get("/PageLayout", "")),
                    "marked": str(pdf.Root.MarkInfo.get("/Marked")),
                    "title-bar": str(pdf.Root.ViewerPreferences.get("/DisplayDocTitle")),
                },
            )
    finally:
        document.close()


# ---- text --------------------------------------------------------------------------------------


def _glyphs(page: Any) -> Iterator[Glyph]:
    height = page.get_height()
    text = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix, box = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
    channels = [ctypes.c_uint() for _ in range(4)]
    for at in range(pdfium.FPDFText_CountChars(text)):
        if pdfium.FPDFText_IsGenerated(text, at):
            continue
        pdfium.FPDFText_GetCharOrigin(text, at, x, y)
        pdfium.FPDFText_GetMatrix(text, at, matrix)
        pdfium.FPDFText_GetLooseCharBox(text, at, box)
        pdfium.FPDFText_GetFillColor(text, at, *channels)
        red, green, blue, _ = (channel.value for channel in channels)
        yield Glyph(
            char=chr(pdfium.FPDFText_GetUnicode(text, at)),
            x=x.value,
            y=height - y.value,
            width=box.right - x.value,
            size=pdfium.FPDFText_GetFontSize(text, at) * abs(matrix.d),
            font=_font_name(text, at),
            color=(red, green, blue),
        )
    text.close()


def _corner(page: Any) -> Color:
    red, green, blue = page.render(scale=0.05).to_pil().convert("RGB").getpixel((0, 0))
    return red, green, blue


def _font_name(text: Any, at: int) -> str:
    name, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, at, name, 256, flags)
    return _without_prefix(name.value.decode())


def _without_prefix(name: str) -> str:
    return re.sub(r"^/?[A-Z]{6}\+", "", name)


def _boxes(page: pikepdf.Page) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    for name in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox"):
        if (found := page.obj.get(name)) is not None:
            left, bottom, right, top = (float(value) for value in found)
            boxes[name[1:]] = (left, bottom, right, top)
    return boxes


# ---- structure ---------------------------------------------------------------------------------


def _outline(document: Any) -> Iterator[tuple[str, int, int]]:
    for mark in document.get_toc():
        target = mark.get_dest()
        yield mark.get_title(), -1 if target is None else target.get_index(), mark.level


def _links(
    pdf: pikepdf.Pdf, index: Mapping[tuple[int, int], int], pages: tuple[Page, ...]
) -> Iterator[Link]:
    names = dict(_destinations(pdf))
    for number, page in enumerate(pdf.pages):
        annotations: Any = page.obj.get("/Annots", [])
        for item in annotations:
            if item.get("/Subtype") != "/Link":
                continue
            a, b, c, d = (float(value) for value in item.Rect)
            height = pages[number].height
            box = (min(a, c), height - max(b, d), max(a, c), height - min(b, d))
            target = str(item.get("/Dest") or item.A.get("/URI") or "")
            to_page = index[names[target]] if target in names else -1
            words = "".join(
                glyph.char
                for glyph in pages[number].glyphs
                if box[0] - 0.5 <= glyph.x and glyph.right <= box[2] + 0.5
                and box[1] <= glyph.y <= box[3]
            )  # fmt: skip
            yield Link(number, box, target, to_page, words)


def _destinations(pdf: pikepdf.Pdf) -> Iterator[tuple[str, tuple[int, int]]]:
    names: Any = pdf.Root.get("/Names")
    tree: Any = names.Dests.Names if names is not None and "/Dests" in names else []
    for name, target in zip(tree[::2], tree[1::2], strict=True):
        yield str(name), target[0].objgen


def _tags(pdf: pikepdf.Pdf, index: Mapping[tuple[int, int], int]) -> Iterator[Tag]:
    stack: list[tuple[Any, int]] = [(pdf.Root.StructTreeRoot.get("/K"), 0)]
    while stack:
        item, depth = stack.pop()
        if isinstance(item, pikepdf.Array):
            stack.extend((part, depth) for part in reversed(list(item)))
        elif isinstance(item, pikepdf.Dictionary) and "/S" in item:
            own = item.get("/Pg")
            page = index[own.objgen] if own is not None else -1
            yield Tag(str(item.S)[1:], depth, str(item.get("/Alt", "")), page)
            stack.append((item.get("/K"), depth + 1))


def _fonts(pdf: pikepdf.Pdf) -> Iterator[tuple[str, tuple[str, bool]]]:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font":
            inner: Any = item.get("/DescendantFonts", [item])
            for font in inner:
                descriptor = font.get("/FontDescriptor", {})
                whole = any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))
                yield _without_prefix(str(font.BaseFont)), (str(font.Subtype)[1:], whole)
