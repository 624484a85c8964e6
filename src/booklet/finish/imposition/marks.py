"""Marks for the hands that print, fold, gather and cut: where they lie, without drawing them.

All stand outside the bleed, in what is cut off, except the collation mark: it lies on the spine
of a signature, where it is covered when the book is bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from booklet.finish.imposition.lettering import strokes, width_of
from booklet.finish.imposition.schemes import Sheet
from booklet.finish.imposition.sheets import Block, Rect, folds
from booklet.model.imposition import Scheme
from booklet.model.measures import MM

OFFSET = 1 * MM
"""From the bleed to the mark, so that a knife a hair off leaves no ink on the page."""

LONGEST, SHORTEST = 5 * MM, 1.5 * MM
SLUG_HEIGHT = 2 * MM
HAIRLINE = 0.25
"""Points; the thinnest line that every press holds."""

STEP_WIDTH, STEP_HEIGHT = 2 * MM, 5 * MM
STEP_FROM_HEAD = 20 * MM

Line = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one side of a sheet, in points.

    Attributes:
        crops: Where to cut.
        folds: Where to fold; drawn dashed.
        strokes: The letters of the slug.
        step: The collation mark, on the outside of a signature's outermost sheet.
    """

    crops: tuple[Line, ...] = ()
    folds: tuple[Line, ...] = ()
    strokes: tuple[tuple[tuple[float, float], ...], ...] = ()
    step: Rect | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name what is there."""
        present = {
            "crop": self.crops, "fold": self.folds, "sheet number": self.strokes,
            "collation": self.step,
        }  # fmt: skip
        return tuple(name for name, marks in present.items() if marks)


def mark(sheet: Sheet, block: Block, scheme: Scheme, *, front: bool) -> Marks:
    """Set the marks of one side, as far as the paper has room for them."""
    upright, level = folds(block)
    cuts_x = _cuts(block.columns, block.grid.column_joins)
    cuts_y = [-y for y in _cuts([(-top, -low) for low, top in block.rows], block.grid.row_joins)]
    spans = _margins(block)
    ends, sides = (spans["above"], spans["below"]), (spans["left"], spans["right"])
    return Marks(
        crops=(*_upright(cuts_x, ends), *_level(cuts_y, sides)),
        folds=(*_upright(upright, ends), *_level(level, sides)),
        strokes=tuple(_slug(sheet, block, scheme, front=front)),
        step=_step(sheet, block) if front and scheme == "signatures" else None,
    )


def cramped(block: Block) -> tuple[str, ...]:
    """Name the margins of the paper that have no room for marks."""
    return tuple(name for name, span in _margins(block).items() if span is None)


def _margins(block: Block) -> dict[str, tuple[float, float] | None]:
    """Tell where marks begin and end in each margin, from the bleed outwards."""
    trim, bleed = block.trim, block.bleed
    return {
        "above": _beyond(trim.top, block.paper[1], bleed),
        "below": _beyond(trim.bottom, 0, bleed),
        "left": _beyond(trim.left, 0, bleed),
        "right": _beyond(trim.right, block.paper[0], bleed),
    }


def _cuts(spans: Iterable[tuple[float, float]], joins: Iterable[str]) -> list[float]:
    """Find the edges that a knife follows: all but those that meet at a spine."""
    spans = list(spans)
    edges = [spans[0][0]]
    for (one, two), join in zip(pairwise(spans), joins, strict=True):
        if join != "spine":
            edges += [one[1], two[0]]
    return list(dict.fromkeys([*edges, spans[-1][1]]))


def _beyond(trim: float, edge: float, bleed: float) -> tuple[float, float] | None:
    """Give where a mark begins and ends between the bleed and the edge of the paper."""
    away = 1 if edge > trim else -1
    start = trim + away * (bleed + OFFSET)
    length = min(LONGEST, away * (edge - start))
    return (start, start + away * length) if length >= SHORTEST else None


def _upright(
    places: Iterable[float], ranges: Iterable[tuple[float, float] | None]
) -> Iterator[Line]:
    for span in ranges:
        if span is not None:
            yield from (((x, span[0]), (x, span[1])) for x in places)


def _level(places: Iterable[float], ranges: Iterable[tuple[float, float] | None]) -> Iterator[Line]:
    for span in ranges:
        if span is not None:
            yield from (((span[0], y), (span[1], y)) for y in places)


def label(sheet: Sheet, scheme: Scheme, *, front: bool) -> str:
    """Word the slug: which sheet this is, and which side of it."""
    side = "FRONT" if front else "BACK"
    number = f"SHEET {sheet.place}/{sheet.of} {side}"
    return f"SIGNATURE {sheet.signature}  {number}" if scheme == "signatures" else number


def _slug(
    sheet: Sheet, block: Block, scheme: Scheme, *, front: bool
) -> Iterator[tuple[tuple[float, float], ...]]:
    """Write the slug under the first column, or over it, where the paper has room."""
    text = label(sheet, scheme, front=front)
    left, right = block.columns[0]
    needed = block.bleed + OFFSET + SLUG_HEIGHT + HAIRLINE
    if width_of(text, SLUG_HEIGHT) + 4 * OFFSET > right - left:
        return
    if block.trim.bottom >= needed:
        baseline = block.trim.bottom - block.bleed - OFFSET - SLUG_HEIGHT
    elif block.paper[1] - block.trim.top >= needed:
        baseline = block.trim.top + block.bleed + OFFSET
    else:
        return
    yield from strokes(text, (left + 2 * OFFSET, baseline), SLUG_HEIGHT)


def _step(sheet: Sheet, block: Block) -> Rect | None:
    """Set the collation mark: on gathered signatures the marks go down like steps."""
    if sheet.place != 1:
        return None
    # The outside of the folded sheet is the spine beside its first page, in the last row.
    pages = [slot for slot in sheet.front.slots if slot.layer == 0 and not slot.turned]
    column = max(slot.column for slot in pages if slot.spine == "right")
    spine = block.columns[column][1]
    bottom, top = block.rows[-1]
    height = STEP_HEIGHT * block.scale
    room = int((top - bottom - 2 * STEP_FROM_HEAD * block.scale) // height) or 1
    head = top - STEP_FROM_HEAD * block.scale - (sheet.signature - 1) % max(1, room) * height
    half = STEP_WIDTH * block.scale / 2
    return Rect(spine - half, head - height, spine + half, head)
