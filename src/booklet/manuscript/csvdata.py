"""Excerpts in rows: CSV to the plain values that YAML would give."""

from __future__ import annotations

import csv
import io

from booklet.errors import Findings, Place
from booklet.manuscript.source import Source
from booklet.manuscript.yamlpos import Path, Tree

COLUMNS = ("section", "text", "date", "occasion", "attribution", "id")
_HEAD = f"the first line names the columns: {','.join(COLUMNS)}"
_QUOTES = 'close every quote; write a quote within quotes twice: ""'


def read_csv(source: Source, findings: Findings) -> Tree | None:
    """Read rows of excerpts; a new value of ``section`` begins a section."""
    rows = _rows(source, findings)
    if rows is None:
        return None
    if not rows:
        findings.error(source.place(0), "csv-invalid", "the file has no head", _HEAD)
        return None
    columns = [name.strip() for name in rows[0][1]]
    if not _check_columns(columns, source, findings):
        return None
    tree = Tree(value=[])
    tree.values[()] = source.place(0)
    for line, cells in rows[1:]:
        if len(cells) > len(columns):
            findings.error(
                Place(source.file, line),
                "csv-invalid",
                f"the row has {len(cells)} cells, the head {len(columns)}",
                'put text that holds a comma in quotes: "…"',
            )
        row = {name: cell for name, cell in zip(columns, cells, strict=False) if cell.strip()}
        if row:
            _add_row(tree, row, Place(source.file, line))
    return tree


def _rows(source: Source, findings: Findings) -> list[tuple[int, list[str]]] | None:
    reader = csv.reader(io.StringIO(source.text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        findings.error(
            Place(source.file, line), "csv-invalid", f"the row cannot be read: {error}", _QUOTES
        )
        return None
    return rows


def _check_columns(columns: list[str], source: Source, findings: Findings) -> bool:
    place = source.place(0)
    for name in columns:
        if name not in COLUMNS:
            findings.error(place, "csv-invalid", f"unknown column {name or '(empty)'}", _HEAD)
    for name in ("section", "text"):
        if name not in columns:
            findings.error(place, "csv-invalid", f"there is no column {name}", _HEAD)
    if len(set(columns)) < len(columns):
        findings.error(place, "csv-invalid", "two columns have the same name", _HEAD)
    return not findings.fatal


def _add_row(tree: Tree, row: dict[str, str], place: Place) -> None:
    sections = tree.value if isinstance(tree.value, list) else []
    title = row.pop("section", "").strip()
    if not sections or (title and sections[-1]["title"] != title):
        path: Path = (len(sections),)
        sections.append({"title": title, "excerpts": []})
        tree.values[path] = tree.values[(*path, "title")] = place
    at: Path = (len(sections) - 1, "excerpts", len(sections[-1]["excerpts"]))
    sections[-1]["excerpts"].append(row)
    tree.values[at] = place
    for key, value in row.items():
        tree.values[(*at, key)] = place
        tree.texts[(*at, key)] = Source(place.file, value, place.line, 0, exact=False)
