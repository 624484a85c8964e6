"""Where the slots of a sheet lie: paper, orientation, scale, gaps and the room for bleed.

Lengths are in points, from the lower left corner of the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from booklet.finish.imposition.schemes import Grid, Join, Slot
from booklet.model.imposition import SHEETS
from booklet.model.measures import MM, TrimSize

SLACK = 0.5
"""Points by which pages may exceed a sheet: the rounding between inches and millimetres."""

FOLD_TRIM = 3 * MM
"""Points cut off beside a fold at the head or the fore-edge, so that the knife opens it."""

Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top, as a PDF writes a rectangle."""
        return self.left, self.bottom, self.right, self.top

    def grown(self, left: float, bottom: float, right: float, top: float) -> Rect:
        """Move each edge outwards."""
        return Rect(self.left - left, self.bottom - bottom, self.right + right, self.top + top)

    def within(self, other: Rect) -> Rect:
        """Cut off what lies outside another rectangle."""
        return Rect(
            max(self.left, other.left), max(self.bottom, other.bottom),
            min(self.right, other.right), min(self.top, other.top),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """The slots of one side, laid out in the middle of a sheet.

    Attributes:
        grid: What is laid out.
        paper: The sheet as it lies, width and height.
        columns: Left and right trim of each column.
        rows: Bottom and top trim of each row, from the top.
        bleed: Ink beyond the trim, at the scale of the sheet.
        scale: Size on the sheet by size in the file.
    """

    grid: Grid
    paper: Size
    columns: tuple[tuple[float, float], ...]
    rows: tuple[tuple[float, float], ...]
    bleed: float
    scale: float

    @property
    def sheet(self) -> Rect:
        """The whole paper."""
        return Rect(0, 0, *self.paper)

    @property
    def trim(self) -> Rect:
        """All slots with the gaps between them."""
        return Rect(self.columns[0][0], self.rows[-1][0], self.columns[-1][1], self.rows[0][1])

    @property
    def bled(self) -> Rect:
        """The slots with their bleed, as far as the paper reaches."""
        return self.trim.grown(*(self.bleed,) * 4).within(self.sheet)

    def cell(self, slot: Slot) -> Rect:
        """The trim of a slot."""
        left, right = self.columns[slot.column]
        bottom, top = self.rows[slot.row]
        return Rect(left, bottom, right, top)

    def window(self, slot: Slot) -> Rect:
        """Where the page of a slot may leave ink: bleed on every edge but the spine."""
        joins = self.grid.column_joins
        left = slot.column > 0 and joins[slot.column - 1] == "spine"
        right = slot.column < len(joins) and joins[slot.column] == "spine"
        return self.cell(slot).grown(
            0 if left else self.bleed, self.bleed, 0 if right else self.bleed, self.bleed
        )


def size_of(grid: Grid, page: Size, bleed: float) -> Size:
    """Tell the size of a block at full scale, trim to trim, without the bleed around it."""
    width, height = page
    return (
        grid.columns * width + sum(_gap(join, bleed) for join in grid.column_joins),
        grid.rows * height + sum(_gap(join, bleed) for join in grid.row_joins),
    )


def _gap(join: Join, bleed: float) -> float:
    match join:
        case "spine":
            return 0.0
        case "fold":
            return 2 * max(bleed, FOLD_TRIM)
        case "cut":
            return 2 * bleed


def orient(paper: TrimSize, wanted: Size) -> Size:
    """Lay a sheet so that a block of this size has the most room; lying where both are equal."""
    short, long = sorted(paper.points)
    return max([(long, short), (short, long)], key=lambda size: room(size, wanted))


def room(paper: Size, wanted: Size) -> float:
    """Tell how many times a block fits on a sheet: below 1 it is too large."""
    return min((paper[0] + SLACK) / wanted[0], (paper[1] + SLACK) / wanted[1])


def choose_sheet(wanted: Size, bleed: float) -> TrimSize | None:
    """Find the smallest sheet of the trade that holds a block with its bleed."""
    whole = (wanted[0] + 2 * bleed, wanted[1] + 2 * bleed)
    for name, (width, height) in SHEETS.items():
        if name in {"letter", "tabloid"}:
            continue  # on request only
        paper = TrimSize(name, width, height)
        if room(orient(paper, whole), whole) >= 1:
            return paper
    return None


def lay_out(grid: Grid, page: Size, bleed: float, paper: Size, scale: float) -> Block:
    """Lay out the slots of a grid in the middle of a sheet.

    Args:
        grid: Columns and rows.
        page: Width and height of a page after trimming, at full scale.
        bleed: Ink beyond the trim, at full scale.
        paper: The sheet as it lies.
        scale: Size on the sheet by size in the file.
    """
    width, height = (scale * length for length in size_of(grid, page, bleed))
    left, top = (paper[0] - width) / 2, (paper[1] + height) / 2
    columns = _spread(left, scale * page[0], [scale * _gap(j, bleed) for j in grid.column_joins])
    # Rows are counted from the top, so they are spread downwards.
    rows = _spread(-top, scale * page[1], [scale * _gap(j, bleed) for j in grid.row_joins])
    return Block(
        grid, paper, columns, tuple((-low, -high) for high, low in rows), scale * bleed, scale
    )


def _spread(start: float, length: float, gaps: Iterable[float]) -> tuple[tuple[float, float], ...]:
    starts = [start]
    for gap in gaps:
        starts.append(starts[-1] + length + gap)
    return tuple((at, at + length) for at in starts)


def millimetres(size: Size, bleed: float = 0) -> str:
    """Write a size in whole tenths of a millimetre, with bleed around it: ``302×216``."""
    return "×".join(f"{round((side + 2 * bleed) / MM, 1):g}" for side in size)


def folds(block: Block) -> tuple[list[float], list[float]]:
    """Tell where a sheet is folded: upright folds from the left, level folds from the top."""
    upright = _between(block.columns, block.grid.column_joins)
    level = _between([(-high, -low) for low, high in block.rows], block.grid.row_joins)
    return upright, [-y for y in level]


def _between(spans: Iterable[tuple[float, float]], joins: Iterable[Join]) -> list[float]:
    return [
        (one[1] + two[0]) / 2
        for (one, two), join in zip(pairwise(spans), joins, strict=True)
        if join != "cut"
    ]
