"""Rows of a catalogue: what each says, as changes to the publication, and where it says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from booklet import limits
from booklet.batch.cells import Cell
from booklet.errors import Diagnostic, Findings, Place
from booklet.manuscript.changes import LISTS, Changes, Image, Word
from booklet.manuscript.files import FileError, Folder
from booklet.manuscript.pictures import check_data
from booklet.manuscript.source import Source
from booklet.manuscript.yamlpos import Path, Tree, Value, read_yaml

OWN = ("slug", "sections", "words", "images")
"""Keys of a row that are no keys of the header."""

REMARK = "#"
"""A column or key that begins so is the editor's own affair."""

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 100
RESERVED = {
    *("merged", "batch", "con", "prn", "aux", "nul"),
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
}
"""Names of files of ours, and of devices of Windows."""

_LISTED = LISTS - {"contributors"} | {"sections"}
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a catalogue: cells of a table, or a mapping in YAML or JSON.

    Attributes:
        number: From 1, the head of a table not counted.
        place: Where it begins.
        cells: Columns and cells that are not empty.
        source: The mapping.
        faults: What is wrong with the row as such.
    """

    number: int
    place: Place
    cells: tuple[tuple[str, Cell], ...] = ()
    source: Source | None = None
    faults: tuple[Diagnostic, ...] = ()

    def tree(self, findings: Findings) -> Tree | None:
        """Give its values, parted at the dots of their keys, with their places."""
        if self.source is None:
            return _tree_of_cells(self, findings)
        tree = read_yaml(self.source, findings)
        if tree is None:
            return None
        if isinstance(tree.value, list) and len(tree.value) == 1:  # an item of a YAML list
            tree = _item(tree)
        if not isinstance(tree.value, dict):
            findings.error(
                self.place, "value-type", "a row must be a mapping of keys to values",
                "slug: guest-1",
            )  # fmt: skip
            return None
        return _nested(tree, findings)


def _item(tree: Tree) -> Tree:
    """Give the tree of the only item of a list."""
    assert isinstance(tree.value, list)
    return Tree(
        tree.value[0],
        {path[1:]: found for path, found in tree.keys.items() if path},
        {path[1:]: found for path, found in tree.values.items() if path},
        {path[1:]: found for path, found in tree.written.items() if path},
        {path[1:]: found for path, found in tree.texts.items() if path},
    )


# ---- keys with dots ----------------------------------------------------------------------------


def parts_of(key: str) -> Path:
    """Part a key at its dots; the names of pictures and fields may hold dots themselves."""
    first, dot, rest = key.partition(".")
    if dot and first in {"images", "words"}:
        return (first, rest)
    return tuple(key.split("."))


def _nested(tree: Tree, findings: Findings) -> Tree:
    assert isinstance(tree.value, dict)
    made = Tree(value={})
    made.values[()] = tree.values.get((), Place(""))
    for key, value in tree.value.items():
        if key.startswith(REMARK):
            continue
        to = parts_of(key)
        if not _put(made, to, value, tree.key_place((key,)), findings):
            continue
        for mine, its in ((made.keys, tree.keys), (made.values, tree.values)):
            for path, place in its.items():
                if path[:1] == (key,):
                    mine[(*to, *path[1:])] = place
        for path, text in tree.written.items():
            if path[:1] == (key,):
                made.written[(*to, *path[1:])] = text
    return made


def _tree_of_cells(row: Row, findings: Findings) -> Tree:
    made = Tree(value={})
    made.values[()] = row.place
    for column, cell in row.cells:
        to = parts_of(column)
        text, place = cell.text.strip(), cell.place
        value: Value = text
        _check_length(text, column, place, findings)
        if to[0] == "options":
            value = _plain(text)
        elif to[-1] in _LISTED and len(to) == 1:
            value = [part.strip() for part in text.split("|") if part.strip()]
            for index, part in enumerate(value):
                made.values[(*to, index)], made.written[(*to, index)] = place, str(part)
        made.written[to], made.keys[to], made.values[to] = text, place, place
        _put(made, to, value, place, findings)
    return made


def _plain(text: str) -> Value:
    """Read an option: true, false, a number, or text."""
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text


def _put(made: Tree, to: Path, value: Value, place: Place, findings: Findings) -> bool:
    """Set a value at a path; tell of a key that stands in the way."""
    there: Any = made.value
    for step in to[:-1]:
        there = there.setdefault(step, {})
        if not isinstance(there, dict):
            break
    if not isinstance(there, dict) or to[-1] in there:
        findings.error(
            place, "yaml-duplicate", f"{'.'.join(map(str, to))} is given twice", "keep one"
        )
        return False
    there[to[-1]] = value
    return True


# ---- a row as changes --------------------------------------------------------------------------


def changes_of(row: Row, slug: str, folder: Folder, findings: Findings) -> Changes | None:
    """Make changes of a row.

    Args:
        row: The row.
        slug: Name of its outputs.
        folder: The catalogue's; pictures come from it, and from nowhere else.
        findings: Collects what is wrong.

    Returns:
        None where the row cannot be read.
    """
    tree = row.tree(findings)
    if tree is None or not isinstance(tree.value, dict):
        return None
    reader = _RowReader(tree, folder, findings)
    value = {key: item for key, item in tree.value.items() if key not in OWN}
    header = Tree(value, tree.keys, tree.values, tree.written)
    return Changes(
        row.place, slug, header, tuple(reader.sections()), dict(reader.words()),
        dict(reader.images()),
    )  # fmt: skip


@dataclass(slots=True)
class _RowReader:
    """Reads what is no key of the header."""

    tree: Tree
    folder: Folder
    findings: Findings
    value: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        assert isinstance(self.tree.value, dict)
        self.value = self.tree.value

    def sections(self) -> Iterator[Word]:
        """Yield the sections that are asked for."""
        asked = self.value.get("sections")
        for index, item in enumerate(asked if isinstance(asked, list) else [asked]):
            at: Path = ("sections", index) if isinstance(asked, list) else ("sections",)
            if item is not None and (word := self._word(at, item)) is not None:
                yield word

    def words(self) -> Iterator[tuple[str, Word]]:
        """Yield what fields say."""
        for name, item in self._mapping("words").items():
            word = None if item is None else self._word(("words", name), item)
            if word is not None:
                yield name, word

    def images(self) -> Iterator[tuple[str, Image]]:
        """Yield pictures that stand instead of others."""
        for name, item in self._mapping("images").items():
            at: Path = ("images", name)
            word = None if item is None else self._word(at, item)
            if word is None:
                continue
            try:
                data = self.folder.bytes_of(word.text)
                check_data(word.text, data)
            except FileError as fault:
                code = {"file-missing": "image-missing", "file-outside": "image-outside"}
                hint = fault.hint.replace("booklet.yaml", "the catalogue")
                message = str(fault).replace("the publication's", "the catalogue's")
                self.findings.error(word.place, code.get(fault.code, fault.code), message, hint)
                continue
            yield name, Image(data, word.place)

    def _mapping(self, key: str) -> dict[str, Any]:
        found = self.value.get(key)
        if found is None or isinstance(found, dict):
            return found or {}
        self._wrong((key,), f"{key} must be a mapping of names to values")
        return {}

    def _word(self, path: Path, item: Any) -> Word | None:
        if isinstance(item, dict | list):
            self._wrong(path, f"{'.'.join(map(str, path))} must be text")
            return None
        text = self.tree.written.get(path, str(item))
        _check_length(text, ".".join(map(str, path)), self.tree.place(path), self.findings)
        return Word(text.strip(), self.tree.place(path)) if text.strip() else None

    def _wrong(self, path: Path, message: str) -> None:
        self.findings.error(self.tree.place(path), "value-type", message)


def _check_length(text: str, name: str, place: Place, findings: Findings) -> None:
    if len(text) > limits.value("batch-cell"):
        said = f"{name}: {len(text):,} characters ({limits.named('batch-cell')})"
        findings.error(place, "text-limit", said, "put long texts into the manuscript")


# ---- slugs -------------------------------------------------------------------------------------


def slug_fault(slug: str) -> str:
    """Say why a slug cannot name files; '' where it can."""
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        return f"{slug[:40]!r} is not made of small ASCII letters, digits and single - within"
    return f"{slug} is reserved" if slug in RESERVED else ""
