"""What one booklet of many has of its own: it stands instead of what the publication says.

A row of a catalogue changes a publication without touching its files. Every change knows its
place in the catalogue, so that what is wrong with it is told where it was written.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from booklet.errors import Findings, Place
from booklet.manuscript.yamlpos import Path, Tree

Found = TypeVar("Found")

LISTS = frozenset({"contributors", "title_lines", "subjects", "editions"})
"""Keys of the header whose values are lists; a number in a path is an item of them."""


_NOWHERE = Place("")


@dataclass(frozen=True, slots=True)
class Word:
    """Words of a cell, and the place of the cell."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that stands instead of another, and the place of the cell that names it."""

    data: bytes = field(repr=False)
    place: Place


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of one booklet.

    Attributes:
        place: Of the row.
        slug: ASCII name of the output files; '' keeps that of the publication.
        header: Keys that stand instead of those of the header; null takes a key away.
        sections: Sections of the body that are kept, by number from 1, a range of numbers or id;
            none for all of them.
        words: What the fields of the manuscript say, by name.
        images: Pictures by the names that the manuscript has for those that they replace.
    """

    place: Place = _NOWHERE
    slug: str = ""
    header: Tree = field(default_factory=lambda: Tree(value={}))
    sections: tuple[Word, ...] = ()
    words: Mapping[str, Word] = field(default_factory=dict)
    images: Mapping[str, Image] = field(default_factory=dict)


# ---- the header --------------------------------------------------------------------------------


def lay_over(tree: Tree, over: Tree, findings: Findings) -> None:
    """Set the values of one tree into another.

    Mappings are joined key by key. A number names an item of a list; the next after the last adds
    one. Everything else takes the place of what was there; null takes it away.

    Args:
        tree: The header; it is changed.
        over: A mapping.
        findings: Collects ``value-invalid`` for an item that a list cannot have.
    """
    if not isinstance(tree.value, dict) or not isinstance(over.value, dict):
        return  # the header itself is told to be no mapping
    _Layer(tree, over, findings).join(tree.value, over.value, (), ())


@dataclass(slots=True)
class _Layer:
    tree: Tree
    over: Tree
    findings: Findings

    def join(self, base: Any, values: Mapping[str, Any], to: Path, of: Path) -> None:
        """Set values into a mapping or a list at a path of the tree."""
        for name, value in values.items():
            source = (*of, name)
            key = self._index(base, name, source) if isinstance(base, list) else name
            if key is None:
                continue
            target = (*to, key)
            if value is None and isinstance(base, dict):
                base.pop(key, None)
                self._forget(target)
            elif isinstance(value, dict):
                self._join_below(base, key, value, (target, source))
            else:
                self._forget(target)
                self._put(base, key, value)
                self._take(target, source)

    def _join_below(self, base: Any, key: Any, value: Any, paths: tuple[Path, Path]) -> None:
        target, source = paths
        there = base[key] if key in (range(len(base)) if isinstance(base, list) else base) else None
        if not isinstance(there, dict | list):
            self._forget(target)
            items = all(name.isdigit() for name in value) and target[-1] in LISTS
            there = [] if items else {}
            self._put(base, key, there)
        for found in (self.tree.keys, self.tree.values):
            place = (self.over.keys if found is self.tree.keys else self.over.values).get(source)
            if place is not None:
                found.setdefault(target, place)
        self.join(there, value, target, source)

    def _put(self, base: Any, key: Any, value: Any) -> None:
        if isinstance(base, list) and key == len(base):
            base.append(value)
        else:
            base[key] = value

    def _index(self, items: list[Any], name: str, source: Path) -> int | None:
        if name.isdigit() and int(name) <= len(items):
            return int(name)
        self.findings.error(
            self._place(source), "value-invalid",
            f"{'.'.join(map(str, source))}: the list has {len(items)} items, counted from 0",
            f"{len(items)} adds one",
        )  # fmt: skip
        return None

    def _place(self, source: Path) -> Place:
        """Give the place of a key, or of the first cell within it."""
        within = (found for path, found in self.over.keys.items() if path[: len(source)] == source)
        return next(within, self.over.place(source))

    def _forget(self, target: Path) -> None:
        """Drop the places of what is no more."""
        tree = self.tree
        for found in (tree.keys, tree.values, tree.written, tree.texts):
            for path in [path for path in found if path[: len(target)] == target]:
                del found[path]

    def _take(self, target: Path, source: Path) -> None:
        """Take over the places of a value and of all within it."""
        over, tree = self.over, self.tree

        def copied(found: Mapping[Path, Found]) -> dict[Path, Found]:
            return {
                (*target, *path[len(source) :]): item
                for path, item in found.items()
                if path[: len(source)] == source
            }

        tree.keys.update(copied(over.keys))
        tree.values.update(copied(over.values))
        tree.written.update(copied(over.written))
        tree.texts.update(copied(over.texts))


# ---- sections and pictures ---------------------------------------------------------------------


def choose_sections(
    asked: Iterable[Word], ids: Sequence[str], findings: Findings
) -> tuple[int, ...]:
    """Tell which sections are kept, in the order of the publication.

    Args:
        asked: ``3``, ``2-4`` or an id.
        ids: Id of each section; '' where the author gives none.
        findings: Collects ``section-unknown``.

    Returns:
        Indexes from 0; all of them where nothing is asked.
    """
    kept: set[int] = set()
    words = tuple(asked)
    for word in words:
        first, dash, last = word.text.partition("-")
        if word.text in ids:
            kept.add(ids.index(word.text))
        elif first.isdecimal() and (last.isdecimal() if dash else not last):
            numbers = range(int(first), min(int(last or first), len(ids) + 1) + 1)
            if not numbers or numbers[0] < 1 or numbers[-1] > len(ids):
                _tell_section(word, ids, findings)
            kept.update(number - 1 for number in numbers)
        else:
            _tell_section(word, ids, findings)
    if not words:
        return tuple(range(len(ids)))
    return tuple(index for index in range(len(ids)) if index in kept)


def _tell_section(word: Word, ids: Sequence[str], findings: Findings) -> None:
    names = [name for name in ids if name]
    near = difflib.get_close_matches(word.text, names, 1)
    known = f"1 to {len(ids)}" + (f", {', '.join(names)}" if names else "")
    findings.error(
        word.place, "section-unknown", f"the publication has no section {word.text}",
        f"did you mean {near[0]}?" if near else f"sections: {known}",
    )  # fmt: skip


def check_images(images: Mapping[str, Image], used: Iterable[str], findings: Findings) -> None:
    """Tell of pictures that replace none."""
    known = sorted(set(used))
    for name, image in images.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            findings.error(
                image.place, "picture-unknown", f"the manuscript has no picture {name}",
                f"did you mean {near[0]}?" if near else f"pictures: {', '.join(known) or 'none'}",
            )  # fmt: skip
