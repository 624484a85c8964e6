"""Draw lines under, over and through text (CSS Text Decoration 4, 2.2): whole waves, whole dots.

Everything is a path, so that nothing is added to the text that a reader copies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ROUND = 0.5523
"""Share of the radius at which the handles of a quarter circle end."""

CREST = 0.3642
"""Share of half a wave at which the handles of a cosine end."""

WAVE, SWING = 1 / 3, 0.055
"""Ems of one wave, and from its middle to a crest, for a thin line."""

MANY = 5000
"""Waves, dots or dashes of one line; no text needs as many, and a plain line is drawn instead."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line beside text; lengths in pixels.

    Attributes:
        style: ``text-decoration-style``.
        left: Where it begins.
        right: Where it ends.
        top: Its upper edge.
        thickness: That of one line; `extent` tells the whole height.
        em: Type size.
        color: As the base keeps it.
    """

    style: str
    left: float
    right: float
    top: float
    thickness: float
    em: float
    color: Any

    @property
    def extent(self) -> float:
        """Give the height of the whole line."""
        return extent(self.style, self.thickness, self.em)

    def draw(self, stream: Any) -> None:
        """Draw it."""
        if self.right <= self.left or self.thickness <= 0:
            return
        stream.set_color(self.color)
        if self.style == "wavy" and 0 < self._count(_period(self.thickness, self.em)) < MANY:
            self._wave(stream)
            return
        self._lay(stream)
        stream.fill()

    def _lay(self, stream: Any) -> None:
        thick, width = self.thickness, self.right - self.left
        if self.style == "dotted" and (count := self._count(2 * thick, thick)) < MANY:
            step = (width - thick) / count if count else 0.0
            for number in range(count + 1):
                x = self.left + thick / 2 + number * step
                circle(stream, x, self.top + thick / 2, thick / 2)
        elif self.style == "dashed" and (count := self._count(5 * thick, 3 * thick)) < MANY:
            step = (width - 3 * thick) / count if count else 0.0
            for number in range(count + 1):
                stream.rectangle(self.left + number * step, self.top, min(3 * thick, width), thick)
        else:
            stream.rectangle(self.left, self.top, width, thick)
            if self.style == "double":
                stream.rectangle(self.left, self.top + 2 * thick, width, thick)

    def _count(self, period: float, end: float = 0.0) -> int:
        """Tell how many whole periods fit best, `end` beside them."""
        share = (self.right - self.left - end) / period
        return min(max(round(share), 1 if not end else 0), MANY)

    def _wave(self, stream: Any) -> None:
        """Draw a cosine from trough to trough: it ends with a level stroke, cut upright."""
        half = (self.right - self.left) / self._count(_period(self.thickness, self.em)) / 2
        count = round((self.right - self.left) / half)
        crest = self.top + self.thickness / 2
        trough = crest + 2 * _swing(self.thickness, self.em)
        with stream.stacked():
            stream.set_color(self.color, stroke=True)
            stream.set_line_width(self.thickness)
            stream.move_to(self.left, trough)
            here, there = trough, crest
            for number in range(count):
                x = self.left + number * half
                stream.curve_to(
                    x + CREST * half, here, x + (1 - CREST) * half, there, x + half, there
                )
                here, there = there, here
            stream.stroke()


def extent(style: str, thickness: float, em: float) -> float:
    """Give the height of a whole line, in pixels."""
    if style == "double":
        return 3 * thickness
    return thickness + (2 * _swing(thickness, em) if style == "wavy" else 0.0)


def _period(thickness: float, em: float) -> float:
    return max(WAVE * em, 6 * thickness)


def _swing(thickness: float, em: float) -> float:
    return max(SWING * em, thickness)


def circle(stream: Any, x: float, y: float, radius: float) -> None:
    """Add a circle to the path."""
    reach = ROUND * radius
    stream.move_to(x + radius, y)
    stream.curve_to(x + radius, y + reach, x + reach, y + radius, x, y + radius)
    stream.curve_to(x - reach, y + radius, x - radius, y + reach, x - radius, y)
    stream.curve_to(x - radius, y - reach, x - reach, y - radius, x, y - radius)
    stream.curve_to(x + reach, y - radius, x + radius, y - reach, x + radius, y)
    stream.close()
