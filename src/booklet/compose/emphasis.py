"""Emphasis marks 着重号: which characters carry one, what it looks like, and where it stands.

Marks are drawn as paths: they are no text, and do not move the lines apart (clreq 3.1.8).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from booklet.compose.bodies import Body, is_wide
from booklet.compose.outlines import Outline
from booklet.compose.strokes import circle

GAP = 0.06
"""Ems between the em box and a mark."""

LINE = 0.03
"""Ems; the line of an open mark."""

HEIGHTS = {"dot": 0.17, "circle": 0.36, "double-circle": 0.36, "triangle": 0.3, "sesame": 0.28}
"""Ems; marks are half as large as the characters (CSS Text Decoration 4, 3.1)."""

_SYMBOLS = frozenset("#%‰‱٪؉؊&⁊@§¶⁋⁓〽")
"""Punctuation by its category that counts as a symbol (CSS Text Decoration 4, 3.5)."""

Look = tuple[str, str]
"""Fill and shape, or 'string' and the string."""


@cache
def is_marked(cluster: str, skip: frozenset[str]) -> bool:
    """Tell whether a cluster carries a mark.

    Args:
        cluster: A character, and what combines with it.
        skip: ``text-emphasis-skip``.
    """
    char = cluster[0]
    category = unicodedata.category(char)
    if category in {"Cc", "Cf", "Cn"} or category[0] == "M":
        return False
    if category[0] == "Z":
        return "spaces" not in skip or len(cluster) > 1
    if "narrow" in skip and not is_wide(char):
        return False
    if category[0] == "S" or not _SYMBOLS.isdisjoint(unicodedata.normalize("NFKD", char)):
        return "symbols" not in skip
    return category[0] != "P" or "punctuation" not in skip


def centres(bodies: Sequence[Body], skip: frozenset[str]) -> Iterator[tuple[float, Body]]:
    """Yield the middle of every character that carries a mark, from the left of its text box.

    The letters of a ligature share its width.
    """
    for body in bodies:
        if is_marked(body.text, skip):
            count = sum(is_letter(char) for char in body.text[1:]) + 1
            for number in range(count):
                yield body.x + body.width * (number + 0.5) / count, body


def is_letter(char: str) -> bool:
    """Tell whether a character of a cluster stands for itself, and combines with none."""
    return unicodedata.category(char)[0] not in "MC"


def is_over(style: Any) -> bool:
    """Tell whether marks stand over their characters (CSS Text Decoration 4, 3.4).

    Where nothing is said, the language decides: under for Chinese, over for others.
    """
    position = style["text_emphasis_position"]
    if position == "auto":
        return not (style["lang"] or "").lower().startswith("zh")
    return bool(position == "over")


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a text box; lengths in pixels.

    Attributes:
        look: Their fill and shape, or their string.
        outline: What is drawn for a string.
        places: The middle of each, from the left of the page.
        y: Their middle, down the page.
        em: Size of the characters that carry them.
        color: As the base keeps it.
    """

    look: Look
    outline: Outline | None
    places: Sequence[float]
    y: float
    em: float
    color: Any

    def draw(self, stream: Any) -> None:
        """Draw them."""
        fill, shape = self.look
        if self.outline is not None:
            stream.set_color(self.color)
            for x in self.places:
                self.outline.draw(stream, x, self.y, self.em / 2)
            stream.fill()
        elif fill == "filled" and shape != "double-circle":
            stream.set_color(self.color)
            self._shapes(stream, 0.0)
            stream.fill()
        else:
            with stream.stacked():
                stream.set_color(self.color, stroke=True)
                stream.set_color(self.color)
                stream.set_line_width(LINE * self.em)
                self._shapes(stream, LINE)
                stream.stroke()
                if shape == "double-circle":
                    self._inner(stream, filled=fill == "filled")

    def _shapes(self, stream: Any, line: float) -> None:
        """Add every mark to the path, within its outer edge."""
        shape = self.look[1]
        size = HEIGHTS[shape]
        for x in self.places:
            if shape == "triangle":
                triangle(stream, x, self.y, self.em * size, self.em * line)
            elif shape == "sesame":
                sesame(stream, x, self.y, self.em * (size - line))
            else:
                circle(stream, x, self.y, self.em * (size - line) / 2)

    def _inner(self, stream: Any, *, filled: bool) -> None:
        for x in self.places:
            circle(stream, x, self.y, self.em * HEIGHTS["double-circle"] / 4)
        if filled:
            stream.fill()
        else:
            stream.stroke()


def height_of(look: Look, outline: Outline | None) -> float:
    """Give the height of a mark, in ems of the text."""
    return outline.height / 2 if outline is not None else HEIGHTS[look[1]]


def triangle(stream: Any, x: float, y: float, height: float, line: float) -> None:
    """Add an equilateral triangle to the path, its corners within ``height`` with their line."""
    # A mitred corner of 60 degrees reaches out by the width of the line, a side by half of it.
    inner = height - 1.5 * line
    side = inner * 2 / 3**0.5
    foot = y + height / 2 - line / 2
    stream.move_to(x - side / 2, foot)
    stream.line_to(x + side / 2, foot)
    stream.line_to(x, foot - inner)
    stream.close()


def sesame(stream: Any, x: float, y: float, size: float) -> None:
    """Add a sesame seed to the path: its tip at the upper left, its belly at the lower right."""

    def at(*points: float) -> list[float]:
        return [(x, y)[place % 2] + point * size for place, point in enumerate(points)]

    stream.move_to(*at(-0.5, -0.42))
    stream.curve_to(*at(-0.46, -0.5, -0.38, -0.5, -0.28, -0.46))
    stream.curve_to(*at(0.1, -0.32, 0.5, 0.02, 0.5, 0.28))
    stream.curve_to(*at(0.5, 0.42, 0.4, 0.5, 0.28, 0.5))
    stream.curve_to(*at(0.06, 0.5, 0.0, 0.3, -0.1, 0.12))
    stream.curve_to(*at(-0.2, -0.06, -0.36, -0.24, -0.5, -0.42))
    stream.close()
