"""Tables, and the cells that the parser would drop."""

from __future__ import annotations

import re

from markdown_it.rules_block.table import escapedSplit

from booklet.errors import Findings, Place
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
    written = _cells(line)
    if len(written) == columns:
        return
    message = f"the row has {len(written)} cells, the head of the table {columns}"
    if any(cell.strip() for cell in written[columns:]):
        inliner.findings.error(
            start_of(row, source), "table-cells", message,
            "give the head a cell for each column, or write \\| for a | in a cell",
        )  # fmt: skip
    else:
        inliner.findings.warning(
            start_of(row, source), "table-row", message,
            "write a | for each empty cell, or take away those that are too many",
        )  # fmt: skip


def _cells(line: str) -> list[str]:
    """Part a line into its cells, as the parser does."""
    written = escapedSplit(_QUOTE_MARKS.sub("", line, count=1).strip())
    if written and not written[0]:
        written.pop(0)
    if written and not written[-1]:
        written.pop()
    return written


def check_bars(node: Node, source: Source, findings: Findings) -> None:
    """Tell of a paragraph whose lines were meant for a table: ``table-delimiter``.

    So are two lines that begin with ``|``, and one with a ``|`` above a row of dashes.
    """
    inline = node.children[0]
    lines = inline.content.split("\n")
    for (row, column), one, two in zip(inline.meta["starts"], lines, lines[1:], strict=False):
        dashes = {"|", "-"} <= set(two) <= set("|-: \t")
        if "|" not in one or not (dashes or (one.startswith("|") and two.startswith("|"))):
            continue
        head, under = len(_cells(one)), len(_cells(two))
        message = "lines begin with | but make no table: no row of dashes is under the first"
        if dashes:
            message = f"this makes no table: {head} cells above a row of dashes for {under}"
        findings.warning(
            source.place(row, column), "table-delimiter", message,
            f"write {'|---' * head}| under the head, or \\| for a | that is text",
        )  # fmt: skip
        return
