r"""CSV to cells that know their places.

The standard library's reader tells a row's line at best; what is wrong in a catalogue of thousands
of rows has to be found by the editor, so each cell has a line and a column. RFC 4180, with ``\n``
between the rows as decoding leaves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from booklet.errors import Findings, Place
from booklet.manuscript.source import Source

_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_PLAIN = {mark: re.compile(rf"[^{mark}\n]*") for mark in (",", ";", "\t")}


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell, without its quotes, and where it begins."""

    text: str
    place: Place


def separator_of(source: Source) -> str:
    """Tell what stands between the cells: a tab, or what the head of the table is parted by."""
    head = source.lines[0]
    if source.file.lower().endswith(".tsv"):
        return "\t"
    return ";" if ";" in head and "," not in head else ","


def read_cells(source: Source, findings: Findings) -> Iterator[list[Cell]]:
    """Yield the rows that hold anything.

    Findings get ``csv-invalid`` where a quote is never closed or text follows a closed one; the
    rest of the table is then unread.
    """
    mark = separator_of(source)
    plain, text = _PLAIN[mark], source.text
    at, line, start = 0, source.line, 0
    row: list[Cell] = []
    while at <= len(text):
        place = Place(source.file, line, at - start + 1)
        if text.startswith('"', at):
            match = _QUOTED.match(text, at)
            if match is None:
                findings.error(
                    place, "csv-invalid", "this quote is never closed",
                    'close it; write a quote within quotes twice: ""',
                )  # fmt: skip
                return
            words = match[1].replace('""', '"')
            if lines := match[0].count("\n"):
                line += lines
                start = match.start() + match[0].rindex("\n") + 1
        else:
            match = plain.match(text, at)
            assert match is not None  # it may be empty
            words = match[0]
        row.append(Cell(words, place))
        at = match.end()
        if at < len(text) and text[at] not in (mark, "\n"):
            findings.error(
                Place(source.file, line, at - start + 1), "csv-invalid",
                "text follows the closing quote of a cell", 'write a quote within quotes twice: ""',
            )  # fmt: skip
            return
        if at == len(text) or text[at] == "\n":
            if any(cell.text.strip() for cell in row):
                yield row
            row, line, start = [], line + 1, at + 1
        at += 1
