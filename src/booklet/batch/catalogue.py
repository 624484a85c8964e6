"""A catalogue: a table, JSON Lines or a YAML list, one row a booklet; or a folder of publications.

Reading is quick, for there may be tens of thousands of rows: a row is parsed when its turn comes,
and only its slug is looked at before, so that no two rows write the same files.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from booklet import limits
from booklet.batch.cells import Cell, read_cells
from booklet.batch.rows import OWN, REMARK, Row, parts_of, slug_fault
from booklet.errors import Diagnostic, Findings, InputError, Place, Severity
from booklet.manuscript.decoding import decode
from booklet.manuscript.files import FileError, Folder
from booklet.manuscript.locate import HEADER_FILE, slug_of
from booklet.manuscript.source import Source
from booklet.manuscript.yamlpos import read_yaml
from booklet.model.header import Header

TABLES = (".csv", ".tsv")
LINES = (".jsonl", ".ndjson")
YAML = (".yaml", ".yml")

_ITEM = re.compile(r"^-(?=[ \n]|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A booklet to be made.

    Attributes:
        row: Its row; a row without values for a publication of a folder.
        slug: Name of its outputs, '' where it cannot have one.
        source: The publication, where each row has its own.
        faults: Why it cannot be made.
    """

    row: Row
    slug: str
    source: Path | None = None
    faults: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is to be made.

    Attributes:
        name: As the user typed it.
        folder: Where its pictures are; None for a folder of publications.
        entries: In order.
    """

    name: str
    folder: Folder | None
    entries: tuple[Entry, ...]


def read_catalogue(path: Path, stem: str, findings: Findings) -> Catalogue:
    """Read a catalogue, or look through a folder of publications.

    Args:
        path: As the user typed it.
        stem: Slug of the publication; rows without a slug are numbered after it.
        findings: Collects what is wrong with the whole of it.

    Raises:
        InputError: It cannot be used.
    """
    if path.is_dir():
        entries = [*_publications(path)]
        folder = None
    else:
        prefix = "" if path.parent == Path() else path.parent.as_posix().rstrip("/") + "/"
        folder = Folder(path.parent.resolve(), prefix, findings)
        rows = list(_rows(path, folder, findings))
        width = max(4, len(str(len(rows))))
        entries = [Entry(row, _slug(row) or f"{stem}-{row.number:0{width}}") for row in rows]
    if not entries and not findings.fatal:
        findings.error(
            Place(path.as_posix()), "catalogue-empty", "there is no booklet in it",
            "a row for each booklet, or a folder with a publication for each",
        )  # fmt: skip
    if findings.fatal:
        msg = f"{path} cannot be used"
        raise InputError(msg, findings)
    return Catalogue(path.as_posix(), folder, tuple(_checked(entries)))


def _checked(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Find slugs that cannot be used, or are used before."""
    seen: dict[str, Place] = {}
    for entry in entries:
        found = Findings(list(entry.row.faults))
        place = _slug_place(entry.row)
        if fault := slug_fault(entry.slug):
            hint = "such as guest-0001: it becomes the name of files"
            found.error(place, "slug-invalid", fault, hint)
        elif entry.slug in seen:
            found.error(
                place, "slug-duplicate", f"the slug {entry.slug} is taken",
                f"it stands first at {seen[entry.slug]}",
            )  # fmt: skip
        else:
            seen[entry.slug] = place
        yield replace(entry, faults=tuple(found)) if found.items else entry


def _slug_place(row: Row) -> Place:
    return next((cell.place for name, cell in row.cells if name == "slug"), row.place)


# ---- a folder ----------------------------------------------------------------------------------


def _publications(path: Path) -> Iterator[Entry]:
    if (path / HEADER_FILE).is_file():
        found = Diagnostic(
            Place(path.as_posix()), Severity.ERROR, "catalogue-kind",
            "this is one publication, not a folder of them",
            "booklet build, or a catalogue before it: booklet batch guests.csv " + path.as_posix(),
        )  # fmt: skip
        msg = f"{path} is no catalogue"
        raise InputError(msg, (found,))
    folders = sorted(one for one in path.iterdir() if (one / HEADER_FILE).is_file())
    for number, folder in enumerate(folders, 1):
        row = Row(number, Place((folder / HEADER_FILE).as_posix()))
        yield Entry(row, slug_of(folder.name), folder)


# ---- rows --------------------------------------------------------------------------------------


def _rows(path: Path, folder: Folder, findings: Findings) -> Iterator[Row]:
    kind = path.suffix.lower()
    shown = path.as_posix()
    if kind not in (*TABLES, *LINES, *YAML):
        findings.error(
            Place(shown), "catalogue-kind", f"{path.name} is no catalogue",
            f"a table ({', '.join(TABLES)}), JSON Lines ({LINES[0]}) or YAML ({YAML[0]})",
        )  # fmt: skip
        return
    try:
        source = decode(folder.bytes_of(path.name), shown, findings)
    except FileError as fault:
        findings.error(Place(shown), fault.code, str(fault), fault.hint)
        return
    if source is None:
        return
    read = _table if kind in TABLES else _lines if kind in LINES else _yaml
    most = limits.value("batch-rows")
    for row in read(source, findings):
        if row.number > most:
            said = f"too many rows ({limits.named('batch-rows')})"
            findings.error(row.place, "text-limit", said, "divide the catalogue")
            return
        yield row


def _table(source: Source, findings: Findings) -> Iterator[Row]:
    rows = read_cells(source, findings)
    head = next(rows, [])
    if not _check_head(head, findings):
        return
    columns = [cell.text.strip() for cell in head]
    for number, cells in enumerate(rows, 1):
        given = zip(columns, cells, strict=False)
        kept = tuple((n, c) for n, c in given if c.text.strip() and not n.startswith(REMARK))
        yield Row(number, cells[0].place, kept, faults=_too_long(cells, len(columns)))


def _too_long(cells: list[Cell], columns: int) -> tuple[Diagnostic, ...]:
    """Tell of a row that has more cells than the head, as an unquoted comma makes them."""
    if not any(cell.text.strip() for cell in cells[columns:]):
        return ()
    found = Diagnostic(
        cells[columns].place, Severity.ERROR, "csv-invalid",
        f"the row has {len(cells)} cells, the head {columns}",
        'put text that holds a comma in quotes: "…"',
    )  # fmt: skip
    return (found,)


def _check_head(head: list[Cell], findings: Findings) -> bool:
    known = [*OWN, *Header.model_fields]
    seen: set[str] = set()
    for cell in head:
        name = cell.text.strip()
        first = str(parts_of(name)[0])
        if name.startswith(REMARK):
            continue
        if first not in known or (first in {"words", "images"} and "." not in name):
            near = difflib.get_close_matches(first, known, 1)
            findings.error(
                cell.place, "column-unknown", f"unknown column {name or '(empty)'}",
                f"did you mean {near[0]}?" if near else f"columns: {', '.join(OWN)}, keys of the "
                f"header such as title or cover.author, and remarks that begin with {REMARK}",
            )  # fmt: skip
        if name in seen:
            findings.error(cell.place, "column-unknown", f"the column {name} stands twice")
        seen.add(name)
    return not findings.fatal


def _lines(source: Source, findings: Findings) -> Iterator[Row]:
    number = 0
    for index, line in enumerate(source.lines):
        if line.strip():
            number += 1
            place = Place(source.file, source.line + index, 1)
            yield Row(number, place, source=Source(source.file, line, source.line + index))


def _yaml(source: Source, findings: Findings) -> Iterator[Row]:
    """Part a list at its items: what is nested in an item is indented."""
    starts = [match.start() for match in _ITEM.finditer(source.text)]
    head = source.text[: starts[0]] if starts else source.text
    if any(line.strip() and not line.startswith(("#", "---", "%")) for line in head.split("\n")):
        findings.error(
            source.place(0), "value-type", "a catalogue in YAML is a list of mappings",
            "- slug: guest-1",
        )  # fmt: skip
        return
    line = source.line + head.count("\n")
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], None], strict=True), 1):
        text = source.text[start:end]
        yield Row(number, Place(source.file, line, 1), source=Source(source.file, text, line))
        line += text.count("\n")


def _slug(row: Row) -> str:
    """Find the slug of a row without reading all of it; '' where it gives none."""
    if row.source is None:
        return next((cell.text.strip() for name, cell in row.cells if name == "slug"), "")
    value: object = None
    try:
        value = json.loads(row.source.text)
    except ValueError:
        tree = read_yaml(row.source, Findings())  # told when its turn comes
        value = None if tree is None else tree.value
        if isinstance(value, list) and value:
            value = value[0]
    slug = value.get("slug") if isinstance(value, dict) else None
    return "" if slug is None else str(slug).strip()
