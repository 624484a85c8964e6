"""Tables of HTML: those of rows and columns, and those that only place blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from booklet import limits
from booklet.importing.elements import (
    Element,
    children,
    classes_of,
    first_of,
    name_of,
    number_of,
    style_of,
)
from booklet.importing.flat import Atom
from booklet.importing.lines import Cut, Item
from booklet.importing.single import one_line
from booklet.model.content import Break, Inlines, Paragraph, Table, Text

if TYPE_CHECKING:
    from booklet.importing.blocks import Blocker

_LAYOUT = ("table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "figure", "hr")
_ALIGN = re.compile(r"text-align:(left|right|center)")
_MOST_CELLS = 100_000
_SIDES = {"left", "right", "center"}

_Row = list[tuple[Element, Inlines]]


def read_grid(blocker: Blocker, table: Element) -> Iterator[Item]:
    """Read a table; one that holds blocks, or has one cell, is set as these blocks."""
    yield from _loose(blocker, table)
    rows = [row for row in _rows(table) if row not in blocker.room.left_out]
    cells = [cell for row in rows for cell in _cells(row)]
    if len(cells) < 2 or _is_huge(rows) or any(_is_layout(cell) for cell in cells):
        if len(cells) > 1:
            blocker.changed(
                table,
                "a table that holds blocks, or is too large, is set as blocks, one after another",
            )
        for cell in cells:
            yield from blocker.blocks(cell)
        return
    head, body, aligns = _grid(blocker, table, rows)
    yield Table(head, tuple(body), aligns, blocker.page.place(table))


def _loose(blocker: Blocker, part: Element) -> Iterator[Item]:
    """Yield what stands in a table and in no cell: its caption, and what was put there wrongly."""
    if part.text and part.text.strip():
        yield Atom(Text(part.text))
    for child in children(part):
        name = name_of(child)
        if name in {"thead", "tbody", "tfoot", "tr"}:
            yield from _loose(blocker, child)
        elif name not in {"td", "th"} or name_of(part) != "tr":
            yield from blocker.element(child, ())
        if child.tail and child.tail.strip():
            yield Atom(Text(child.tail))
    yield Cut(blocker.page.place(part))


def _rows(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, those of its foot last."""
    parts = sorted(children(table), key=lambda part: name_of(part) == "tfoot")
    for part in parts:
        if name_of(part) == "tr":
            yield part
        elif name_of(part) in {"thead", "tbody", "tfoot"}:
            yield from (row for row in children(part) if name_of(row) == "tr")


def _cells(row: Element) -> list[Element]:
    return [cell for cell in children(row) if name_of(cell) in {"td", "th"}]


def _is_huge(rows: list[Element]) -> bool:
    """Tell whether a table, made even, would have more cells than a page can be asked to hold."""
    most = limits.value("span")
    widths = (
        sum(max(1, number_of(cell.get("colspan", "1"), most)) for cell in _cells(row))
        for row in rows
    )
    return max(widths, default=0) * len(rows) > _MOST_CELLS


def _is_layout(cell: Element) -> bool:
    return first_of(cell, *_LAYOUT) is not None


def _grid(
    blocker: Blocker, table: Element, rows: list[Element]
) -> tuple[tuple[Inlines, ...], list[tuple[Inlines, ...]], tuple[str, ...]]:
    filled: list[list[Inlines]] = []
    waiting: dict[int, int] = {}
    spans = flattened = False
    for row in rows:
        line: list[Inlines] = []

        def fill(line: list[Inlines] = line) -> None:
            """Put empty cells where cells of rows above reach down."""
            while waiting.get(len(line), 0) > 0:
                waiting[len(line)] -= 1
                line.append(())

        for cell in _cells(row):
            fill()
            blocks = blocker.blocks(cell)
            one = blocks[0] if len(blocks) == 1 else None
            broken = isinstance(one, Paragraph) and any(isinstance(i, Break) for i in one.inlines)
            flattened |= len(blocks) > 1 or broken or (one is not None and _is_block(one))
            most = limits.value("span")
            wide = max(1, number_of(cell.get("colspan", "1"), most))
            deep = max(1, number_of(cell.get("rowspan", "1"), most))
            spans |= wide > 1 or deep > 1
            wide = min(wide, max(1, most - len(line)))
            for offset in range(wide):
                if deep > 1:
                    waiting[len(line)] = deep - 1
                line.append(one_line(blocks) if offset == 0 else ())
        fill()
        filled.append(line)
    if spans:
        blocker.changed(
            table, "cells that reach over several columns or rows are set as one and empty ones"
        )
    if flattened:
        blocker.changed(table, "the paragraphs of a cell are set as one line")
    columns = max(map(len, filled), default=1)
    whole = [(*line, *[()] * (columns - len(line))) for line in filled]
    headed = _is_head(rows[0])
    head = whole[0] if headed else ((),) * columns
    return head, whole[1:] if headed else whole, _aligns(rows, columns)


def _is_block(block: object) -> bool:
    return type(block).__name__ not in {"Paragraph", "Figure"}


def _is_head(row: Element) -> bool:
    parent = row.getparent()
    in_head = parent is not None and name_of(parent) == "thead"
    cells = _cells(row)
    return in_head or all(name_of(cell) == "th" for cell in cells)


def _aligns(rows: list[Element], columns: int) -> tuple[str, ...]:
    cells = next((_cells(row) for row in rows if len(_cells(row)) == columns), [])
    found = [_align(cell) for cell in cells]
    return (*found, *[""] * (columns - len(found)))


def _align(cell: Element) -> str:
    match = _ALIGN.search(style_of(cell))
    named = classes_of(cell) & _SIDES
    said = match[1] if match else cell.get("align", "").lower()
    return said if said in _SIDES else next(iter(sorted(named)), "")
