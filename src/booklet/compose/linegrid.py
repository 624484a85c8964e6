"""A line grid: cells of one pitch with a baseline in each, and where a line finds its place.

The grid of CSS Line Grid 1 (2, 3.1) as plain numbers, without a renderer. A page has one, made of
the line height and the font of the document: the 版心 filled with lines (clreq 2.3.1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

NEAR = 0.2
"""Pixels by which a line may begin before the end of what stands above it: more than the rounding
of lengths to thousandths of a point can add up to, less than an eye can see."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a line reaches from its baseline, and what it asks for; pixels.

    Attributes:
        above: The highest that stands in it: the square of a character, a picture.
        below: The lowest.
        height: Its line height.
    """

    above: float
    below: float
    height: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: its top, its baseline and its height, in pixels."""

    top: float
    baseline: float
    height: float


@dataclass(frozen=True, slots=True)
class LineGrid:
    """Cells one below the other; pixels.

    Attributes:
        top: Where the first cell begins.
        pitch: From baseline to baseline.
        baseline: From the top of a cell to the baseline in it.
        em: The type size that it is made for.
    """

    top: float
    pitch: float
    baseline: float
    em: float

    @property
    def spare(self) -> float:
        """What may reach into a neighbouring cell: half of the white between two lines."""
        return max(self.pitch - self.em, 0) / 4

    def below(self, y: float) -> float:
        """Give the top of the first cell that begins at ``y`` or below."""
        return self.top + math.ceil((y - self.top - NEAR) / self.pitch) * self.pitch

    def cells(self, height: float) -> int:
        """Count the cells that a height fills, at least one."""
        return max(math.ceil((height - NEAR) / self.pitch), 1)

    def on_baseline(self, y: float, extent: Extent) -> Place:
        """Set a line on a baseline of the grid, in whole cells.

        Args:
            y: Where the line could begin.
            extent: A line takes more than one cell only where its line height or what stands in
                it asks for that; the line height of spans within it does not count.
        """
        over = self._further(extent.above - self.baseline)
        under = self._further(extent.below - (self.pitch - self.baseline))
        over = max(over, self.cells(extent.height) - 1 - under)
        top = self.below(y)
        baseline = top + over * self.pitch + self.baseline
        return Place(top, baseline, (over + 1 + under) * self.pitch)

    def contained(self, y: float, height: float, baseline: float) -> Place:
        """Set a line in the middle of as many cells as its height needs.

        Args:
            y: Where the line could begin.
            height: Its own height.
            baseline: From its top to its baseline.
        """
        room = self.cells(height) * self.pitch
        top = self.below(y)
        return Place(top, top + (room - height) / 2 + baseline, room)

    def _further(self, excess: float) -> int:
        return max(math.ceil((excess - self.spare) / self.pitch), 0)
