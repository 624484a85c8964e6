"""A binder who has only the printed sheets: turns, folds, nests, cuts, piles up, and reads.

What is printed is given as marks on paper: what stands in each part of a side, and whether it
stands on its head. The binder shares no code with imposition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Printed = tuple[object, bool]
"""What is printed on a part of a side (None: nothing), and whether it stands on its head."""

Side = list[list[Printed]]
"""Parts of a side as one sees it, by rows from the top, each from the left."""

Leaf = tuple[Printed, Printed]
"""A part of a sheet that lies on the table: what faces up, what faces down."""

NOTHING: Printed = (None, False)


@dataclass(frozen=True)
class PrintedSheet:
    """A sheet from the printer: its front, and its back after turning it over sideways."""

    front: Side
    back: Side


def face_down(sheet: PrintedSheet) -> list[list[list[Leaf]]]:
    """Lay a sheet with its front on the table: a heap of one leaf for each part."""
    return [
        [[(up, down)] for up, down in zip(back, reversed(front), strict=True)]
        for back, front in zip(sheet.back, sheet.front, strict=True)
    ]


def face_up(sheet: PrintedSheet) -> list[list[list[Leaf]]]:
    """Lay a sheet with its back on the table."""
    return [
        [[(up, down)] for up, down in zip(front, reversed(back), strict=True)]
        for back, front in zip(sheet.back, sheet.front, strict=True)
    ]


def _over(heap: list[Leaf], *, head: bool) -> list[Leaf]:
    """Turn a heap over; if about a level fold, head and foot change places."""

    def turned(printed: Printed) -> Printed:
        return printed[0], printed[1] is not head

    return [(turned(down), turned(up)) for up, down in reversed(heap)]


def fold(parts: list[list[list[Leaf]]], half: str) -> list[list[list[Leaf]]]:
    """Fold a lying sheet in the middle: the ``left``, ``right`` or ``top`` half over the other."""
    rows, columns = len(parts), len(parts[0])
    if half == "top":
        middle = rows // 2
        return [
            [
                _over(parts[middle - 1 - row][column], head=True) + parts[middle + row][column]
                for column in range(columns)
            ]
            for row in range(middle)
        ]
    middle = columns // 2
    if half == "left":
        return [
            [_over(row[middle - 1 - i], head=False) + row[middle + i] for i in range(middle)]
            for row in parts
        ]
    return [
        [_over(row[columns - 1 - i], head=False) + row[i] for i in range(middle)] for row in parts
    ]


def fold_down(sheet: PrintedSheet, halves: Iterable[str]) -> list[Leaf]:
    """Fold a sheet until it is one heap, its first page on top."""
    parts = face_down(sheet)
    for half in halves:
        parts = fold(parts, half)
    assert len(parts) == len(parts[0]) == 1
    return parts[0][0]


def nest(heaps: Sequence[list[Leaf]]) -> list[Leaf]:
    """Put folded sheets into each other, the first outermost."""
    book: list[Leaf] = []
    for heap in reversed(heaps):
        middle = len(heap) // 2
        book = heap[:middle] + book + heap[middle:]
    return book


def cut(sheets: Sequence[PrintedSheet], *, from_right: bool) -> list[list[Leaf]]:
    """Cut a pile, first sheet on top, into stacks: by rows, in the direction of reading."""
    piles = [face_up(sheet) for sheet in sheets]
    rows, columns = len(piles[0]), len(piles[0][0])
    order = range(columns - 1, -1, -1) if from_right else range(columns)
    return [[pile[row][column][0] for pile in piles] for row in range(rows) for column in order]


def read(leaves: Iterable[Leaf]) -> list[object]:
    """Turn the leaves and read; nothing may stand on its head."""
    faces = [face for leaf in leaves for face in leaf]
    assert not any(turned for printed, turned in faces if printed is not None)
    return [printed for printed, _ in faces]
