"""Tables, and the cells that the parser would drop."""

from __future__ import annotations

import re

from markdown_it.rules_block.table import escapedSplit

from booklet.errors import Place
from booklet.manuscript.inlines import Inliner
from booklet.manuscript.nodes import Node, inline_of, start_of
from booklet.manuscript.source import Source
from booklet.model.content import Table

_QUOTE_MARKS = re.compile(r"[\s>]*")


def read_table(node: Node, place: Place, source: Source, inliner: Inliner) -> Table:
    """Convert a table."""
    rows = [row for part in node.children for row in part.children]
    cells = [tuple(inliner.inlines(inline_of(cell)) for cell in row.children) for row in rows]
    for row in rows[1:]:
        _check_row(row, len(rows[0].children), source, inliner)
    aligns = tuple(
        str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in rows[0].children
    )
    return Table(cells[0], tuple(cells[1:]), aligns, place)


def _check_row(row: Node, columns: int, source: Source, inliner: Inliner) -> None:
    """A row's surplus cells are dropped by the parser: that must not pass."""
    line = source.lines[row.map[0]] if row.map else ""
    written = escapedSplit(_QUOTE_MARKS.sub("", line, count=1).strip())
    if written and not written[0]:
        written.pop(0)
    if written and not written[-1]:
        written.pop()
    if any(cell.strip() for cell in written[columns:]):
        inliner.findings.error(
            start_of(row, source),
            "table-cells",
            f"the row has {len(written)} cells, the head of the table {columns}",
            "give the head a cell for each column, or write \\| for a | in a cell",
        )
