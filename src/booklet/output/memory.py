"""Galleys from the cache: found by all that a piece is made of, wherever it stands in its file.

Lines of the manuscript move whenever something is written above them, so entries count lines from
the first one of their piece.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

from booklet.errors import Place
from booklet.output.at_hand import Keeper
from booklet.output.fetch import Door
from booklet.output.galley import Galley
from booklet.output.keeping import FORMAT
from booklet.output.naming import addresses, own_state, picture_state, theme_state
from booklet.output.setting import Hands, Task
from booklet.typeset.pieces import Pieces, Start

_SOURCE = re.compile(r'(?<=\sdata-src=")([^"]*):(\d+)(?=")')
_LANGUAGE = re.compile(r"<html[^>]*>")


@dataclass
class Naming:
    """Names pieces by all that they are made of.

    Attributes:
        basis: Digest of what all pieces have in common.
        pieces: Of the book.
        door: Serves the pictures that pieces show.
    """

    basis: bytes
    pieces: Pieces
    door: Door

    def renew(self, pieces: Pieces) -> None:
        """Go on with other pieces."""
        self.pieces = pieces
        self.__dict__.pop("_ids", None)

    def name(self, task: Task) -> tuple[str, Mapping[str, int]]:
        """Give the name of a task's entry, and the first line of the piece in each file."""
        lines: dict[str, int] = {}
        for file, line in _SOURCE.findall(task.content):
            lines[file] = min(int(line), lines.get(file, int(line)))
        files = list(lines)

        def counted(match: re.Match[str]) -> str:
            return f"{files.index(match[1])}:{int(match[2]) - lines[match[1]]}"

        digest = hashlib.sha256(self.basis)
        piece = self.pieces.pieces[task.number]
        known = sorted(set(piece.targets) & self._ids)
        facts = task.start.right, task.start.folio, task.draft, known
        for part in (_SOURCE.sub(counted, task.content), repr(facts)):
            digest.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
        for address in addresses(task.content):
            digest.update(self._picture(address))
        return digest.hexdigest(), {unescape(file): line for file, line in lines.items()}

    @functools.cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset[str]().union(*(piece.ids for piece in self.pieces.pieces))

    @functools.cached_property
    def _pictures(self) -> dict[str, bytes]:
        return {}

    def _picture(self, address: str) -> bytes:
        if address not in self._pictures:
            self._pictures[address] = picture_state(self.door, address)
        return self._pictures[address]


@dataclass
class Remembering:
    """Looks into the cache before a piece is set, and keeps what was set.

    Attributes:
        hands: Set what is not there.
        shelf: The cache.
        naming: Names pieces.
    """

    hands: Hands
    shelf: Keeper
    naming: Naming

    def set(self, task: Task, ahead: Sequence[Task] = ()) -> tuple[Task, Galley]:
        """Set a piece; see `Hands`."""
        key, lines = self.naming.name(task)
        if (found := self._known(key, task, lines)) is not None:
            return task, found
        unknown = [one for one in ahead if self._known(*self._key_of(one)) is None]
        made, galley = self.hands.set(task, unknown)
        self.shelf.put(key, (made.start, moved(galley, _relative(lines))))
        return made, galley

    def renew(self, pieces: Pieces) -> None:
        """Go on with other pieces; see `Hands`."""
        self.naming.renew(pieces)
        self.hands.renew(pieces)

    def _key_of(self, task: Task) -> tuple[str, Task, Mapping[str, int]]:
        key, lines = self.naming.name(task)
        return key, task, lines

    def _known(self, key: str, task: Task, lines: Mapping[str, int]) -> Galley | None:
        kept = self.shelf.get(key)
        if not (isinstance(kept, tuple) and len(kept) == 2 and isinstance(kept[1], Galley)):
            return None
        start, galley = kept
        if not isinstance(start, Start) or not task.serves(
            replace(task, start=start), galley.left.used
        ):
            return None
        return moved(galley, _absolute(lines))


def basis(pieces: Pieces, door: Door, font_config: Path, *, plain: bool) -> bytes:
    """Digest what all pieces of a book have in common.

    Args:
        pieces: Of the book.
        door: Its theme and tokens.
        font_config: Its folder is named by the fonts in it.
        plain: Pieces are drawn for the press as well.
    """
    digest = hashlib.sha256()
    language = _LANGUAGE.search(pieces.frame[0])
    facts: list[Any] = [
        FORMAT, own_state(font_config.parent.name), plain, language[0] if language else "",
        sorted(door.theme.tokens.items()),
        *((sheet.name, sheet.css) for sheet in pieces.sheets),
    ]  # fmt: skip
    digest.update(repr(facts).encode("utf-8", "surrogatepass"))
    digest.update(theme_state(door))
    return digest.digest()


# ---- lines ---------------------------------------------------------------------------------------


def _relative(lines: Mapping[str, int]) -> Callable[[Place], Place]:
    files = list(lines)

    def change(place: Place) -> Place:
        if place.file not in lines or not place.line:
            return place
        return Place(
            f"\0{files.index(place.file)}", place.line - lines[place.file] + 1, place.column
        )

    return change


def _absolute(lines: Mapping[str, int]) -> Callable[[Place], Place]:
    files = list(lines)

    def change(place: Place) -> Place:
        if not place.file.startswith("\0"):
            return place
        file = files[int(place.file[1:])]
        return Place(file, place.line + lines[file] - 1, place.column)

    return change


def moved(galley: Galley, change: Callable[[Place], Place]) -> Galley:
    """Change every place that a galley tells."""
    plain = galley.plain
    if plain is not None:
        plain = replace(
            plain,
            pictures=tuple(replace(one, place=change(one.place)) for one in plain.pictures),
            overset=tuple(replace(one, place=change(one.place)) for one in plain.overset),
        )
    findings = tuple(replace(one, place=change(one.place)) for one in galley.findings)
    return replace(galley, findings=findings, plain=plain)
