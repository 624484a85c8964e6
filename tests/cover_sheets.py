"""Covers made for tests, and facts read back from them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image
from tests.conftest import write_publication
from tests.line_facts import IDENTITY, Matrix, _numbers, _times
from tests.pdf_facts import Glyph, Page, _glyphs

from booklet.build import Report, build
from booklet.model.header import EditionName

MM = 72 / 25.4
SHORT = "## 一\n\n正文。\n"
ISBN = "978-7-301-12345-4"
"""A number made for tests: right in its check digit, of no book."""

PERFECT = {"binding": "perfect", "caliper": "2mm", "board_caliper": "1mm"}
"""Board for paper, so that a few pages have a spine to write on."""


def make(folder: Path, editions: Sequence[EditionName], **header: object) -> Report:
    """Build editions of a short book without a title line of its own."""
    keys = {"title": "网络强国读本", "title_lines": None, "contributors": None, **header}
    source = write_publication(folder / "book", SHORT, **keys)
    return build(source, folder / "out", editions)


def cover(folder: Path, **header: object) -> bytes:
    """Make the cover of a short book, and give its file."""
    return make(folder, ("cover",), **header).outputs[0].path.read_bytes()


def page_boxes(data: bytes) -> dict[str, tuple[float, ...]]:
    """Give the boxes of the only page."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1
        page: Any = pdf.pages[0].obj
        return {
            name: tuple(float(value) for value in page[f"/{name}"])
            for name in ("MediaBox", "BleedBox", "TrimBox")
        }


def drawn(data: bytes, dpi: float) -> Image.Image:
    """Draw the only page."""
    document = pypdfium2.PdfDocument(data)
    try:
        image: Image.Image = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
        return image
    finally:
        document.close()


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled rectangle, in millimetres from the left and top of the trim, and its inks."""

    left: float
    top: float
    width: float
    height: float
    inks: tuple[float, ...]

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


def fills(data: bytes) -> tuple[Fill, ...]:
    """Read every rectangle that the page itself fills; marks beside it are forms and left out."""
    left, _, _, top = page_boxes(data)["TrimBox"]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return tuple(
            Fill((x - left) / MM, (top - high) / MM, width / MM, height / MM, inks)
            for x, high, width, height, inks in _rectangles(pdf.pages[0])
        )


def glyphs(data: bytes) -> tuple[Glyph, ...]:
    """Give the glyphs of the only page, in points from its left and top."""
    document = pypdfium2.PdfDocument(data)
    try:
        return tuple(_glyphs(document[0]))
    finally:
        document.close()


def lines(data: bytes, left: float, right: float) -> tuple[str, ...]:
    """Give the lines that stand between two edges, in millimetres from the trim, from the top."""
    start = page_boxes(data)["TrimBox"][0]
    inside = [g for g in glyphs(data) if left < (g.x - start) / MM < right]
    page = Page(0, 0, 0, {}, tuple(inside), (0, 0, 0))
    return tuple("".join(line.text.split()) for line in page.lines)


def _rectangles(page: Any) -> Iterator[tuple[float, float, float, float, tuple[float, ...]]]:
    matrix: Matrix = IDENTITY
    inks: tuple[float, ...] = ()
    saved: list[tuple[Matrix, tuple[float, ...]]] = []
    path: list[list[float]] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "q":
                saved.append((matrix, inks))
            case "Q":
                matrix, inks = saved.pop()
            case "cm":
                matrix = _times(_numbers(operands), matrix)
            case "k" | "g" | "rg":
                inks = tuple(float(value) for value in operands)
            case "re":
                path.append([float(value) for value in operands])
            case "f" | "f*":
                for x, y, width, height in path:
                    a, _, _, d, e, f = matrix
                    low, high = sorted((d * y + f, d * (y + height) + f))
                    yield a * x + e, high, a * width, high - low, inks
                path = []
            case "n" | "S":
                path = []
