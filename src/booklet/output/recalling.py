"""Pages that a warm process keeps at hand: after an edit, only what has changed is set anew."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from booklet.output.galley import Galley
from booklet.output.memory import Naming, moved
from booklet.output.setting import Task
from booklet.output.tray import Tray
from booklet.typeset.pieces import Pieces, Start

MOST_PIECES = 2_000
"""Pieces that are kept; about 10,000 pages of a book of short sections."""

SOURCE = "data-src"


@dataclass(slots=True)
class Kept:
    """A piece with its pages.

    Attributes:
        start: What stood before it.
        galley: What it tells.
        document: Its pages.
        tree: The elements that they were made of.
        lines: Its first line in each file of the manuscript.
    """

    start: Start
    galley: Galley
    document: Any
    tree: Any
    lines: Mapping[str, int]


@dataclass
class Memory:
    """The pieces of the last layouts, by name, and the fonts that their pictures are drawn with."""

    kept: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    tray: Tray = field(default_factory=Tray)


class Bench(Protocol):
    """A typesetter that keeps pages at hand."""

    documents: dict[int, Any]
    trees: dict[int, Any]

    def set(self, task: Task, ahead: Sequence[Task] = ()) -> tuple[Task, Galley]:
        """Set a piece."""

    def renew(self, pieces: Pieces) -> None:
        """Go on with other pieces."""


@dataclass
class Recalling:
    """Takes pieces from memory, with their pages, and sets the others.

    Attributes:
        bench: Sets what is not there.
        memory: The pieces of earlier layouts.
        naming: Names pieces.
    """

    bench: Bench
    memory: Memory
    naming: Naming

    def set(self, task: Task, ahead: Sequence[Task] = ()) -> tuple[Task, Galley]:
        """Set a piece; see `Hands`."""
        key, lines = self.naming.name(task)
        kept = self.memory.kept.get(key)
        if kept is not None and task.serves(replace(task, start=kept.start), kept.galley.left.used):
            self.memory.kept.move_to_end(key)
            _count_from(kept, lines)
            self.bench.documents[task.number] = kept.document
            return task, kept.galley
        made, galley = self.bench.set(task, ahead)
        number = task.number
        self.memory.kept[key] = Kept(
            made.start, galley, self.bench.documents[number], self.bench.trees[number], lines
        )
        self.memory.kept.move_to_end(key)
        while len(self.memory.kept) > MOST_PIECES:
            self.memory.kept.popitem(last=False)
        return made, galley

    def renew(self, pieces: Pieces) -> None:
        """Go on with other pieces; see `Hands`."""
        self.naming.renew(pieces)
        self.bench.renew(pieces)


def _count_from(kept: Kept, lines: Mapping[str, int]) -> None:
    """Let a piece count its lines from where it stands now: the files may have new names, too."""
    if kept.lines == lines:
        return
    before, after = list(kept.lines.items()), list(lines.items())
    moves = {old[0]: (new[0], new[1] - old[1]) for old, new in zip(before, after, strict=True)}
    for element in kept.tree.iter():
        file, _, line = (element.get(SOURCE) or "").rpartition(":")
        if file in moves and line.isdigit():
            element.set(SOURCE, f"{moves[file][0]}:{int(line) + moves[file][1]}")

    def change(place: Any) -> Any:
        if place.file not in moves or not place.line:
            return place
        name, by = moves[place.file]
        return replace(place, file=name, line=place.line + by)

    kept.galley, kept.lines = moved(kept.galley, change), lines
