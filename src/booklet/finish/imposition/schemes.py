"""Which page stands where: imposition as arithmetic, without paper sizes and without PDF.

A page is named by its number in the file, from 1; None is a blank. A sheet is described as it
comes out of the printer: its front, and its back as seen after turning the sheet over sideways,
about its vertical axis. The first sheet is the outermost of its signature, or the top of its stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from booklet.model.imposition import Binding, Scheme

Page = int | None
Edge = Literal["left", "right"]
Join = Literal["spine", "fold", "cut"]
"""How two neighbours on a sheet meet: at the spine, trim to trim; at a fold that is trimmed away
after binding; or at a cut. The last two leave room for the bleed of both."""

PAGES_PER_LEAF = 2

FOLDED: dict[int, tuple[tuple[int, ...], ...]] = {
    2: ((4, 1),),
    4: ((5, 4), (8, 1)),
    8: ((5, 12, 9, 8), (4, 13, 16, 1)),
}
"""Fronts of sheets folded once, twice and three times, left-bound, by pages a side.

Where there are two rows they stand head to head: the upper one is turned by 180°.
"""

Fold = Literal["left", "right", "top"]
"""The half that is laid over the other."""

FOLDS: dict[int, tuple[Fold, ...]] = {2: ("left",), 4: ("top", "left"), 8: ("right", "top", "left")}
"""How those sheets are folded, left-bound, once they lie with their first page face down."""

SHAPES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((1, 1),),
    2: ((2, 1), (1, 2)),
    4: ((2, 2), (4, 1), (1, 4)),
    6: ((3, 2), (2, 3)),
    8: ((4, 2), (2, 4)),
    9: ((3, 3),),
    16: ((4, 4), (8, 2), (2, 8)),
}
"""Columns and rows that a number of pages a side may take."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one page on one side of a sheet.

    Attributes:
        page: Its number in the file, from 1; None for a blank.
        column: From the left, from 0.
        row: From the top, from 0.
        spine: The edge of the slot, as it lies on the sheet, that is bound.
        turned: Whether the page stands on its head.
        layer: Leaves of paper around this one at the fold, which push it outwards.
    """

    page: Page
    column: int
    row: int
    spine: Edge
    turned: bool = False
    layer: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet: its slots by rows, each from the left."""

    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns and rows of slots, and how neighbours meet, from the left and from the top."""

    columns: int
    rows: int
    column_joins: tuple[Join, ...]
    row_joins: tuple[Join, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        number: In the whole job, from 1.
        signature: The signature that it belongs to, from 1.
        place: In its signature, from 1: the outermost, or the top of the stack.
        of: Sheets in its signature.
    """

    number: int
    signature: int
    place: int
    of: int
    grid: Grid
    front: Side
    back: Side


def fill(count: int, multiple: int, *, last_back: bool = False) -> tuple[Page, ...]:
    """Number the pages, with as many blanks as the sheets need.

    Args:
        count: Pages of the file, at least 1.
        multiple: What the number of places must be a multiple of.
        last_back: The last page is the back cover: blanks stand before it, not after it.
    """
    blanks = (None,) * (-count % multiple)
    pages = tuple(range(1, count + 1))
    return (*pages[:-1], *blanks, pages[-1]) if last_back else (*pages, *blanks)


def signatures(
    pages: Sequence[Page], size: int, binding: Binding = "left", up: int = 2
) -> tuple[Sheet, ...]:
    """Divide the pages into signatures of folded and nested sheets; the last may be short.

    Args:
        pages: A multiple of 4.
        size: Pages in a full signature, a multiple of 4.
        binding: The side of the spine.
        up: Pages on one side of a sheet: 2 (folded once), 4 (twice) or 8 (three times).
    """
    sheets: list[Sheet] = []
    for number, first in enumerate(range(0, len(pages), size), 1):
        section = list(_nested(pages[first : first + size], up))
        for place, (grid, front, back) in enumerate(section, 1):
            sides = (front, back) if binding == "left" else (_mirror(front), _mirror(back))
            sheets.append(
                Sheet(len(sheets) + 1, number, place, len(section), grid, Side(sides[0]),
                      Side(sides[1]))
            )  # fmt: skip
    return tuple(sheets)


def saddle(pages: Sequence[Page], binding: Binding = "left", up: int = 2) -> tuple[Sheet, ...]:
    """Nest all sheets in one signature, to be stapled through the fold."""
    return signatures(pages, len(pages), binding, up)


def _nested(
    pages: Sequence[Page], up: int
) -> Iterator[tuple[Grid, tuple[Slot, ...], tuple[Slot, ...]]]:
    """Give the sheets of one signature, outermost first; inner ones are smaller if need be."""
    outside = 0  # pages of the sheets around, on either half
    while left := len(pages) - 2 * outside:
        per_side = next(n for n in sorted(FOLDED, reverse=True) if n <= up and 2 * n <= left)
        yield _folded(pages, outside, per_side)
        outside += per_side


def _folded(
    pages: Sequence[Page], outside: int, up: int
) -> tuple[Grid, tuple[Slot, ...], tuple[Slot, ...]]:
    rows, columns = FOLDED[up], len(FOLDED[up][0])

    def slot(position: int, column: int, row: int) -> Slot:
        # `position` counts the pages of this sheet alone, `at` those of the signature, from 0.
        at = position - 1 + (outside if position <= up else len(pages) - outside - 2 * up)
        turned = len(rows) == 2 and row == 0
        recto = position % 2 == 1
        spine: Edge = "left" if recto is not turned else "right"
        layer = min(at, len(pages) - 1 - at) // PAGES_PER_LEAF
        return Slot(pages[at], column, row, spine, turned, layer)

    def other_face(position: int) -> int:
        return position + 1 if position % 2 else position - 1

    front = tuple(
        slot(position, column, row)
        for row, positions in enumerate(rows)
        for column, position in enumerate(positions)
    )
    back = tuple(
        slot(other_face(position), column, row)
        for row, positions in enumerate(rows)
        for column, position in enumerate(reversed(positions))
    )
    joins: tuple[Join, ...] = ("spine",) if columns == 2 else ("spine", "fold", "spine")
    heads: tuple[Join, ...] = ("fold",) if len(rows) == 2 else ()
    return Grid(columns, len(rows), joins, heads), front, back


def cut_stack(
    pages: Sequence[Page], shape: tuple[int, int], binding: Binding = "left"
) -> tuple[Sheet, ...]:
    """Lay leaves so that, once the pile is cut and its stacks are piled up, they read on.

    The stack of the first slot goes on top, that of the next beneath it.

    Args:
        pages: A multiple of twice the slots of a side.
        shape: Columns and rows.
        binding: The side of the spine; right-bound stacks are counted from the right.
    """
    columns, rows = shape
    cells = columns * rows
    depth = len(pages) // (PAGES_PER_LEAF * cells)
    grid = cut_grid(columns, rows)

    def leaf(sheet: int, cell: int, face: int) -> Page:
        return pages[PAGES_PER_LEAF * (cell * depth + sheet) + face]

    return tuple(
        Sheet(
            sheet + 1, 1, sheet + 1, depth, grid,
            _side([leaf(sheet, cell, 0) for cell in range(cells)], columns, binding),
            # Behind each leaf lies its own back: the columns change sides as the sheet is turned.
            _side([leaf(sheet, cell, 1) for cell in range(cells)], columns, binding, turned=True),
        )
        for sheet in range(depth)
    )  # fmt: skip


def n_up(
    pages: Sequence[Page], shape: tuple[int, int], binding: Binding = "left"
) -> tuple[Sheet, ...]:
    """Set pages side by side in reading order, front and then back, for proofs and handouts.

    Args:
        pages: A multiple of the slots of a side.
        shape: Columns and rows.
        binding: ``right`` counts the columns from the right.
    """
    columns, rows = shape
    cells = columns * rows
    sides = [
        _side(pages[first : first + cells], columns, binding)
        for first in range(0, len(pages), cells)
    ]
    return _paired(sides, cut_grid(columns, rows))


def gang_up(
    pages: Sequence[Page], shape: tuple[int, int], binding: Binding = "left"
) -> tuple[Sheet, ...]:
    """Repeat each page over its side: as many copies as there are slots, cut apart."""
    columns, rows = shape
    sides = [_side([page] * (columns * rows), columns, binding) for page in pages]
    return _paired(sides, cut_grid(columns, rows))


def _paired(sides: list[Side], grid: Grid) -> tuple[Sheet, ...]:
    if len(sides) % 2:
        sides = [*sides, Side(())]
    count = len(sides) // 2
    return tuple(
        Sheet(n + 1, 1, n + 1, count, grid, sides[2 * n], sides[2 * n + 1]) for n in range(count)
    )


def _side(pages: Sequence[Page], columns: int, binding: Binding, *, turned: bool = False) -> Side:
    """Set pages by rows in the direction of reading; the back of a turned sheet runs against it."""
    slots = []
    for cell, page in enumerate(pages):
        row, column = divmod(cell, columns)
        if (binding == "right") is not turned:
            column = columns - 1 - column
        spine: Edge = "right" if (binding == "right") is not turned else "left"
        slots.append(Slot(page, column, row, spine))
    return Side(tuple(sorted(slots, key=lambda slot: (slot.row, slot.column))))


def cut_grid(columns: int, rows: int) -> Grid:
    """Give a grid whose slots are cut apart."""
    cut: tuple[Join, ...] = ("cut",)
    return Grid(columns, rows, cut * (columns - 1), cut * (rows - 1))


def _mirror(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Exchange left and right: what binds on the left then binds on the right."""
    columns = 1 + max(slot.column for slot in slots)
    mirrored = [
        Slot(
            slot.page, columns - 1 - slot.column, slot.row,
            "right" if slot.spine == "left" else "left", slot.turned, slot.layer,
        )
        for slot in slots
    ]  # fmt: skip
    return tuple(sorted(mirrored, key=lambda slot: (slot.row, slot.column)))


def fold_order(up: int, binding: Binding) -> tuple[Fold, ...]:
    """Tell which half of a sheet is folded over the other, fold after fold.

    Args:
        up: Pages on one side of the sheet, which lies with its first page face down.
        binding: The side of the spine.
    """
    other: dict[Fold, Fold] = {"left": "right", "right": "left", "top": "top"}
    folds = FOLDS[up]
    return folds if binding == "left" else tuple(other[fold] for fold in folds)


def multiple_of(scheme: Scheme, cells: int, *, gang: bool = False) -> int:
    """Tell what the number of places must be a multiple of."""
    if scheme in {"saddle", "signatures"}:
        return 4
    if scheme == "cut-stack":
        return PAGES_PER_LEAF * cells
    return 1 if gang else cells
