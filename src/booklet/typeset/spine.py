"""Words on a spine: Chinese set upright one below the other, Latin turned with the line.

The line runs down the spine and is turned clockwise as a whole; a cell that is upright is turned
back (clreq 2.2, GB/T 11668). The renderer knows no vertical writing, but its fonts know the
vertical forms of marks, which the theme's style sheet asks for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

CellKind = Literal["upright", "turned", "figures", "opening", "closing"]

OPENING = frozenset("（〔［｛〈《「『【〖‘“")
CLOSING = frozenset("）〕］｝〉》」』】〗’”、，。．")
"""Marks with a blank half after them; `OPENING` have theirs before them."""

_NO_START = CLOSING | frozenset("：；！？·…—")

_TURNED = frozenset("—–―‐-~〜")
"""Marks that a vertical line turns with itself rather than exchanging their form."""

_FORMS = frozenset("‘’“”…·‥•×÷°")
"""Marks of no width of their own that are upright between Chinese characters."""

_SPACES = re.compile(r"[ \t\r\n]+")  # the ideographic space is a character of a spine

_NARROW = frozenset("fijlrtI.,:;'|!()[]-/ ")
_WIDE = frozenset("mwMWQ@%&—―")


@dataclass(frozen=True, slots=True)
class SpineCell:
    """A character, or a run that stays together.

    Attributes:
        text: One upright character; two figures side by side; or a run of Latin.
        kind: How it stands. Opening and closing marks are upright with half of them blank.
        tight: The blank half is taken away, since another mark, or nothing, stands beside it.
    """

    text: str
    kind: CellKind
    tight: bool = False

    @property
    def length(self) -> float:
        """Length along the spine in ems; an upper estimate for Latin."""
        if self.kind != "turned":
            return 0.5 if self.tight else 1.0
        return sum(_advance(char) for char in self.text)


@dataclass(frozen=True, slots=True)
class SpineText:
    """A line on a spine: its cells, and its length in ems."""

    cells: tuple[SpineCell, ...]

    @property
    def length(self) -> float:
        """Length along the spine in ems, never less than it will be."""
        return round(sum(cell.length for cell in self.cells), 2)


def _advance(char: str) -> float:
    if char in _NARROW:
        return 0.4
    if char in _WIDE:
        return 1.0
    return 0.78 if char.isupper() else 0.62


def spine_text(text: str) -> SpineText:
    """Set a text for a spine."""
    cells = [cell for run in _runs(_SPACES.sub(" ", text).strip()) for cell in _cells(run)]
    return SpineText(tuple(_tightened(cells)))


def _stands(char: str) -> bool:
    """Tell whether a character stands upright in a vertical line (UAX #50, roughly)."""
    if char in _TURNED:
        return False
    return unicodedata.east_asian_width(char) in "WF" or char in _FORMS


def _runs(text: str) -> Iterator[str]:
    """Part a text where characters that stand meet characters that lie.

    Quotation marks and the apostrophe belong to the Latin that they stand amid.
    """
    run = ""
    for at, char in enumerate(text):
        around = text[at - 1 : at] + text[at + 1 : at + 2]
        stands = _stands(char) and not (
            char in _FORMS and around.strip() and not any(map(_stands, around))
        )
        if run and (stands or (run[-1] in _TURNED) != (char in _TURNED)):
            yield run
            run = ""
        run += char
        if stands:
            yield run
            run = ""
    if run:
        yield run


def _cells(run: str) -> Iterator[SpineCell]:
    words = run.strip()
    if len(run) == 1 and _stands(run):
        kind: CellKind = "opening" if run in OPENING else "closing" if run in CLOSING else "upright"
        yield SpineCell(run, kind)
    elif re.fullmatch(r"\d{1,2}|[A-Za-z]", words):
        yield SpineCell(words, "figures")
    else:
        yield SpineCell(run, "turned")


def _tightened(cells: Sequence[SpineCell]) -> Iterator[SpineCell]:
    """Close the blanks of marks at the ends of the line and beside each other."""
    marks = {"opening", "closing"}
    padded = [None, *cells, None]
    for before, (cell, after) in zip(padded, pairwise(padded[1:]), strict=False):
        if cell is None:
            continue
        beside = before if cell.kind == "opening" else after
        half = cell.kind in marks and (beside is None or beside.kind in marks)
        # Of an opening mark after a closing one, both blanks face each other: the first goes.
        facing = cell.kind == "opening" and beside is not None and beside.kind == "closing"
        yield SpineCell(cell.text, cell.kind, half and not facing)


def halves(text: str) -> tuple[str, str]:
    """Part a long text for two columns, where they are most alike in length.

    A word of Latin is not parted; no column begins with a closing mark or ends with an opening one.
    """
    line = spine_text(text)
    best, nearest, done, last = 0, line.length, 0.0, ""
    for index, (one, two) in enumerate(pairwise(line.cells), 1):
        done += one.length
        last = one.text.strip()[-1:] or last
        first = two.text.strip()[:1]  # a run of Latin may begin with the space before it
        if not first or first in _NO_START or last in OPENING:
            continue
        if abs(line.length - 2 * done) < nearest:
            best, nearest = index, abs(line.length - 2 * done)
    texts = [cell.text for cell in line.cells]
    return "".join(texts[:best]).strip(), "".join(texts[best:]).strip()
