"""Reading marks 句读: rings, dots and hooks beside the characters, in the place of punctuation.

A column has room for them at its right, between the characters and the rule. All lengths are ems,
measured in the turned line: along it, and away from its middle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from booklet.compose.strokes import ROUND

RING, DOT, PEN = 0.257, 0.171, 0.048
"""Diameters of a ring and of a dot, and the width of the line that draws a ring."""

AWAY = 0.643
"""From the middle of the column to that of a mark."""

HOOK, REACH, LINE = 0.26, 0.2, 0.038
"""Room of a bracket along the column, its breadth, and the width of its line."""

RINGS = frozenset("。．.！!？?｡")
DOTS = frozenset("，,、：:；;､")
OPENING, CLOSING = "“‘「『《〈（(［[【〔〖｛{", "”’」』》〉）)］]】〕〗｝}"
SHAPES = {
    "“": "cc", "‘": "c", "「": "c", "『": "cc", "《": "vv", "〈": "v", "（": "a", "(": "a",
}  # fmt: skip
"""A hook is a corner, two corners, one or two chevrons, or an arc; others are square."""

PARTNERS = dict(zip(CLOSING, OPENING, strict=True))
MARKS = RINGS | DOTS | frozenset(OPENING + CLOSING)
"""All that can stand beside a character."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark where it stands: its character, and where its room begins along the line, in ems."""

    char: str
    start: float

    @property
    def room(self) -> float:
        """Ems along the line."""
        return room_of(self.char)


def room_of(char: str) -> float:
    """Tell how much of the column a mark takes, in ems."""
    return RING if char in RINGS else DOT if char in DOTS else HOOK


def place_marks(chars: str) -> Iterator[Placed]:
    """Place the marks between two characters; 0 is the seam between them.

    What belongs to the character before ends a little behind the seam, as a ring does that stands
    at the lower right of its character; what opens stands beside the character behind.
    """
    before = [char for char in chars if char not in OPENING]
    total = sum(map(room_of, before))
    at = RING / 2 - total if before else 0.0
    if before and any(char in OPENING for char in chars):
        at -= RING / 2
    for char in before:
        yield Placed(char, at)
        at += room_of(char)
    at = max(at, 0.0)
    for char in chars:
        if char in OPENING:
            yield Placed(char, at)
            at += HOOK


def draw_mark(stream: Any, mark: Placed, x: float, y: float, em: float) -> None:
    """Draw a mark; the colours are set.

    Args:
        stream: The page; lengths in pixels, y downwards.
        mark: The mark.
        x: The seam.
        y: The middle of the column.
        em: The type size.
    """
    middle, height = x + (mark.start + mark.room / 2) * em, y - AWAY * em
    if mark.char in RINGS:
        stream.set_line_width(PEN * em)
        _circle(stream, middle, height, (RING - PEN) / 2 * em)
        stream.stroke()
    elif mark.char in DOTS:
        _circle(stream, middle, height, DOT / 2 * em)
        stream.fill()
    else:
        stream.set_line_width(LINE * em)
        for line in _hook(mark.char):
            for number, (along, across) in enumerate(line):
                point = middle + along * em, height - across * em
                (stream.line_to if number else stream.move_to)(*point)
        stream.stroke()


def _hook(char: str) -> Iterator[list[Point]]:
    """Give the lines of a bracket: along the column, and outwards from the middle of the marks."""
    closes = char in PARTNERS
    shape = SHAPES.get(PARTNERS.get(char, char), "b")
    near, far, side = -HOOK * 0.3, HOOK * 0.3, REACH / 2
    for number in range(len(shape)):
        step = number * HOOK * 0.27
        lines: dict[str, list[Point]] = {
            "c": [(far, side - step), (near + step, side - step), (near + step, -side)],
            "v": [(near + far + step, -side), (near + step, 0), (near + far + step, side)],
            "a": [(far * 0.6, -side), (near * 0.4, -side / 2), (near * 0.4, side / 2),
                  (far * 0.6, side)],
            "b": [(far, -side), (near, -side), (near, side), (far, side)],
        }  # fmt: skip
        line = lines[shape[number]]
        # What closes is what opens, turned round.
        yield [(-along, -across) for along, across in line] if closes else line


def _circle(stream: Any, x: float, y: float, radius: float) -> None:
    handle = radius * ROUND
    stream.move_to(x + radius, y)
    stream.curve_to(x + radius, y + handle, x + handle, y + radius, x, y + radius)
    stream.curve_to(x - handle, y + radius, x - radius, y + handle, x - radius, y)
    stream.curve_to(x - radius, y - handle, x - handle, y - radius, x, y - radius)
    stream.curve_to(x + handle, y - radius, x + radius, y - handle, x + radius, y)
    stream.close()
