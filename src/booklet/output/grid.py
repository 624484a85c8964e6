"""A proof of the grid: type area, baselines and character cells, drawn over finished pages.

For the designer's eye alone: hairlines in a blue that cameras do not see and in magenta, which
darken nothing black. The text below them is that of the screen edition, glyph for glyph.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from booklet.compose import is_vertical, line_grid
from booklet.typeset.geometry import Geometry

AREA, BASELINE, CELL = "0.92 0.25 0.6", "0.35 0.7 0.9", "0.72 0.87 0.95"
"""Colours, RGB."""

HAIRLINE, BORDER = 0.2, 0.4
ASCENT, DESCENT = 0.88, 0.12
"""Ems of the square of a character above and below its baseline."""

FIGURE = (2.0, 3.6)
"""Width and height of the figure that numbers a line, in points."""

GAP = 4.0
"""Points between the type area and the numbers of its lines."""

PER_PIXEL = 0.75
"""Points."""

_STROKES = (
    "abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg",
)  # fmt: skip
"""Of a figure, as on a calculator."""

_ENDS = {
    "a": (0, 1, 1, 1), "b": (1, 1, 1, 0.5), "c": (1, 0.5, 1, 0), "d": (0, 0, 1, 0),
    "e": (0, 0.5, 0, 0), "f": (0, 1, 0, 0.5), "g": (0, 0.5, 1, 0.5),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageGrid:
    """Where the grid of a page stands, in points.

    Attributes:
        left: The left edge of the type area, from that of the page.
        drop: From the top of a line to its baseline.
        top: Where it is turned, the upper edge of the type area, from that of the page as laid
            out; None where the page stands as it was laid out.
    """

    left: float
    drop: float
    top: float | None = None


def page_grids(document: Any) -> tuple[PageGrid | None, ...]:
    """Give the grid of each page of a rendered document; None for one without margins."""
    return tuple(map(_page_grid, document.pages))


def _page_grid(page: Any) -> PageGrid | None:
    box, grid = page._page_box, line_grid(page)
    if grid is None or not box.margin_top:
        return None
    top = box.content_box_y() * PER_PIXEL if is_vertical(box.style) else None
    return PageGrid(box.content_box_x() * PER_PIXEL, grid.baseline * PER_PIXEL, top)


def draw_grid(data: bytes, geometry: Geometry, grids: Sequence[PageGrid | None]) -> bytes:
    """Draw the grid over the pages of a PDF.

    Args:
        data: The screen edition.
        geometry: The page.
        grids: As `page_grids` gives them.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        forms: dict[float, pikepdf.Stream] = {}
        for page, grid in zip(pdf.pages, grids, strict=True):
            if grid is None:
                continue
            if grid.drop not in forms:
                forms[grid.drop] = _form(pdf, geometry, grid.drop)
            name = page.add_resource(forms[grid.drop], pikepdf.Name.XObject)
            width, height = float(page.mediabox[2]), float(page.mediabox[3])
            top, turn = height - geometry.margins.head, ""
            if grid.top is not None:
                top, turn = width - grid.top, f"0 -1 1 0 0 {height:.3f} cm "
            # The pages leave their own coordinates in force, so they are put in brackets.
            page.contents_add(b"q\n", prepend=True)
            shift = f"{turn}1 0 0 1 {grid.left:.3f} {top:.3f} cm"
            place = f"\nQ /Artifact BMC q {shift} {name} Do Q EMC"
            page.contents_add(place.encode())
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _form(pdf: pikepdf.Pdf, geometry: Geometry, drop: float) -> pikepdf.Stream:
    """Draw the grid once; its origin is the upper left corner of the type area."""
    area, pitch = geometry.area, geometry.pitch
    width, height = area.measure, area.lines * pitch
    baselines = [-(line * pitch + drop) for line in range(area.lines)]
    parts = ["/Multiply gs 1 J", f"{HAIRLINE} w {CELL} RG"]
    for baseline in baselines:
        foot, head = baseline - DESCENT * area.size, baseline + ASCENT * area.size
        parts.append(f"0 {foot:.3f} {width:.3f} {area.size:.3f} re")
        cell = area.size * area.cell
        for character in range(1, area.characters):
            parts.append(_line(character * cell, foot, character * cell, head))
    parts.append(f"S {BASELINE} RG")
    for number, baseline in enumerate(baselines, 1):
        parts.append(_line(0, baseline, width, baseline))
        breadth = FIGURE[0] * (1.5 * len(str(number)) - 0.5)
        parts += _figures(number, -GAP - breadth, baseline)
        parts += _figures(number, width + GAP, baseline)
    parts.append(f"S {BORDER} w {AREA} RG 0 {-height:.3f} {width:.3f} {height:.3f} re S")
    form = pdf.make_stream("\n".join(parts).encode())
    room = 2 * GAP + 6 * FIGURE[0]
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = [-room, -height - GAP, width + room, GAP]
    multiply = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, BM=pikepdf.Name.Multiply)
    form.Resources = pikepdf.Dictionary(ExtGState=pikepdf.Dictionary(Multiply=multiply))
    return form


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f"{x:.3f} {y:.3f} m {to_x:.3f} {to_y:.3f} l"


def _figures(number: int, x: float, y: float) -> Iterator[str]:
    """Draw a number by strokes, so that the proof asks for no font."""
    wide, high = FIGURE
    for at, figure in enumerate(str(number)):
        left = x + at * 1.5 * wide
        for segment in _STROKES[int(figure)]:
            ends = _ENDS[segment]
            yield _line(
                left + ends[0] * wide, y + ends[1] * high, left + ends[2] * wide, y + ends[3] * high
            )
