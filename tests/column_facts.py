"""Facts of pages whose lines stand upright: columns and cells, read back from finished files."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2
from pypdfium2 import raw as pdfium

from booklet.finish.press.text import as_written

MIDDLE = 0.38
"""Ems from the baseline of a turned character to its middle."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A character of a column; points from the upper left corner of the page.

    Attributes:
        x: The middle of its column.
        y: Its upper edge.
        size: Its type size.
        char: What it stands for, with the marks that are read with it.
    """

    x: float
    y: float
    size: float
    char: str


def open_pages(data: bytes) -> Any:
    """Open a file so that its text comes in the order in which it was written."""
    return pypdfium2.PdfDocument(as_written(data))


def cells(page: Any) -> list[Cell]:
    """Read the characters of a page that run downwards, in the order of the file."""
    return [*_cells(page)]


def _cells(page: Any) -> Iterator[Cell]:
    height, text = page.get_height(), page.get_textpage()
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    found: list[Cell] = []
    for at in range(pdfium.FPDFText_CountChars(text)):
        if pdfium.FPDFText_IsGenerated(text, at):
            continue
        pdfium.FPDFText_GetCharOrigin(text, at, x, y)
        pdfium.FPDFText_GetMatrix(text, at, matrix)
        size = pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.a, matrix.b)
        if abs(matrix.a) > 1e-3 or matrix.b > 0:
            continue  # it does not run downwards
        char = chr(pdfium.FPDFText_GetUnicode(text, at))
        cell = Cell(
            round(x.value + MIDDLE * size, 2), round(height - y.value, 2), round(size, 2), char
        )
        if found and (found[-1].x, found[-1].y) == (cell.x, cell.y):
            last = found.pop()
            cell = Cell(last.x, last.y, last.size, last.char + char)
        found.append(cell)
    text.close()
    yield from found


def columns(found: Sequence[Cell], size: float) -> dict[float, list[Cell]]:
    """Sort the characters of a type size by their column, from right to left, from the head."""
    by_column: dict[float, list[Cell]] = {}
    for cell in sorted(found, key=lambda cell: (-cell.x, cell.y)):
        if abs(cell.size - size) < 0.1:
            by_column.setdefault(cell.x, []).append(cell)
    return by_column


def words(page: Any) -> str:
    """Give the text of a page as PDFium reads it, white space aside."""
    text = page.get_textpage()
    said = "".join(text.get_text_range().split())
    text.close()
    return said
