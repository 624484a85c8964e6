"""The boxes of a page: what is cut, what is cut off, and what the printer keeps beside it.

PDF 1.6, 10.10.1; ISO 15930 asks that TrimBox lies in BleedBox and that in MediaBox. All lengths
are points; the lower left corner of the MediaBox is at 0, 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from booklet.model.measures import MM
from booklet.model.press import Press

GAP = 1 * MM
"""Between the bleed and the marks."""

MARK = 5 * MM
"""Length of a crop mark."""

SLUG = GAP + MARK + 3 * MM
"""Beyond the bleed, room for marks and the slug line."""

Side = Literal["left", "right", "flat"]


class Box(NamedTuple):
    """A rectangle."""

    left: float
    low: float
    right: float
    high: float

    @property
    def width(self) -> float:
        """Points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Points."""
        return self.high - self.low

    def rounded(self) -> list[float]:
        """Give the numbers as a file has them."""
        return [round(value, 4) for value in self]


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """The boxes of one page.

    Attributes:
        trim: The page as it is when cut.
        bleed: As far as art reaches.
        media: All of it.
        shift: From the corner of the trim to where it lies now.
    """

    trim: Box
    bleed: Box
    media: Box

    @property
    def shift(self) -> tuple[float, float]:
        """Where the corner of the trim lies."""
        return self.trim.left, self.trim.low


def plan_boxes(width: float, height: float, press: Press, side: Side) -> PageBoxes:
    """Lay out the boxes of a page.

    Args:
        width: Of the trim, points.
        height: Of the trim, points.
        press: Says how far the bleed goes, and whether there are marks beyond it.
        side: Of its spread: a ``right`` page has its gutter on the left, a ``flat`` sheet none.
    """
    bleed = press.bleed
    left = right = bleed
    if not press.gutter_bleed:
        left = 0 if side == "right" else bleed
        right = 0 if side == "left" else bleed
    slug = SLUG if press.marks else 0.0
    trim = Box(left + slug, bleed + slug, left + slug + width, bleed + slug + height)
    return PageBoxes(
        trim=trim,
        bleed=Box(trim.left - left, trim.low - bleed, trim.right + right, trim.high + bleed),
        media=Box(0, 0, trim.right + right + slug, trim.high + bleed + slug),
    )
