"""The boxes of a page, as a stranger's PDF may have them: any origin, order, rotation and unit.

ISO 32000-1, 14.11.2: a missing crop box is the media box; missing trim and bleed boxes are the crop
box. No box reaches outside the media box. A bleed box counts here only where a trim box is given:
without one, nobody has said which part of the page is meant to be cut off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from booklet.finish.imposition.sheets import Rect, Size
from booklet.model.measures import MM

Matrix = tuple[float, float, float, float, float, float]

SMALLEST, LARGEST = 3.0, 14400.0
"""Points of a page's side (ISO 32000-1, annex C; below 3 no viewer opens it)."""

LARGEST_BLEED = 10 * MM
"""Points; a bleed box that reaches further holds the marks of another program."""


class BoxError(ValueError):
    """A box that is none; ``str()`` says why."""


@dataclass(frozen=True, slots=True)
class PageBox:
    """How a page stands in its file.

    Attributes:
        trim: The page after cutting, in the units of its content stream.
        ink: The rectangle that may be drawn: the trim with its bleed, in the same units.
        rotate: Clockwise turn for display: 0, 90, 180 or 270.
        unit: Points in one unit.
    """

    trim: Rect
    ink: Rect
    rotate: int
    unit: float

    @property
    def size(self) -> Size:
        """Width and height of the trimmed page as displayed, in points."""
        width, height = self.unit * self.trim.width, self.unit * self.trim.height
        return (height, width) if self.rotate in {90, 270} else (width, height)

    @property
    def bleed(self) -> float:
        """The widest ink beyond the trim, in points."""
        trim, ink = self.trim, self.ink
        beyond = (trim.left - ink.left, trim.bottom - ink.bottom,
                  ink.right - trim.right, ink.top - trim.top)  # fmt: skip
        return min(LARGEST_BLEED, self.unit * max(0.0, *beyond))

    def upright(self) -> Matrix:
        """Map content to points with the lower left corner of the displayed trim at 0, 0."""
        u, trim = self.unit, self.trim
        left, bottom, right, top = (u * edge for edge in trim.corners)
        match self.rotate:
            case 90:
                return 0.0, -u, u, 0.0, -bottom, right
            case 180:
                return -u, 0.0, 0.0, -u, right, top
            case 270:
                return 0.0, u, -u, 0.0, top, -left
            case _:
                return u, 0.0, 0.0, u, -left, -bottom


def read_boxes(page: Any) -> PageBox:
    """Read the boxes of a page, inherited ones too.

    Args:
        page: A page of pikepdf.

    Raises:
        BoxError: The page has no media box, or a size that no sheet of paper has.
    """
    media = _rect(page, "/MediaBox")
    if media is None:
        msg = "it has no media box"
        raise BoxError(msg)
    crop = (_rect(page, "/CropBox") or media).within(media)
    given = _rect(page, "/TrimBox")
    trim = (given or crop).within(media)
    if trim.width <= 0 or trim.height <= 0:
        msg = "its boxes do not overlap"
        raise BoxError(msg)
    ink = (_rect(page, "/BleedBox") or trim).within(media) if given else trim
    unit = _number(page.obj.get("/UserUnit", 1))
    box = PageBox(trim, _around(ink, trim), _rotation(page), unit)
    if not all(SMALLEST <= side <= LARGEST for side in box.size):
        width, height = (side / MM for side in box.size)
        msg = f"it measures {width:.4g}×{height:.4g} mm"
        raise BoxError(msg)
    return box


def _around(ink: Rect, trim: Rect) -> Rect:
    """Let the bleed box hold the trim box, which some programs forget."""
    return Rect(
        min(ink.left, trim.left), min(ink.bottom, trim.bottom),
        max(ink.right, trim.right), max(ink.top, trim.top),
    )  # fmt: skip


def inherited(page: Any, key: str) -> Any:
    """Look a value up in the page and in the nodes above it (ISO 32000-1, 7.7.3.4)."""
    node = page.obj
    for _ in range(64):  # a tree that is deeper is a loop
        if (value := node.get(key)) is not None:
            return value
        node = node.get("/Parent")
        if not hasattr(node, "get"):
            return None
    return None


def _rect(page: Any, key: str) -> Rect | None:
    """Read a rectangle whose corners may come in any order."""
    value = inherited(page, key) if key in {"/MediaBox", "/CropBox"} else page.obj.get(key)
    if value is None:
        return None
    try:
        a, b, c, d = (_number(part) for part in value)
    except (TypeError, ValueError):
        msg = f"its {key[1:]} is no rectangle"
        raise BoxError(msg) from None
    return Rect(min(a, c), min(b, d), max(a, c), max(b, d))


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number) or abs(number) > 1e6:
        msg = "its boxes or its unit are no numbers that a page can have"
        raise BoxError(msg)
    return number


def _rotation(page: Any) -> int:
    value = inherited(page, "/Rotate")
    if value is None:
        return 0
    try:
        turn = int(value)
    except (TypeError, ValueError):
        turn = 45
    if turn % 90:
        msg = "it is rotated by no right angle"
        raise BoxError(msg)
    return turn % 360
