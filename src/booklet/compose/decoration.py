"""Find the lines that run under, over and through the text of a line of type.

The base draws them text box by text box. Here each decorating box has one line for all its text
(CSS Text Decoration 4, 2.9), as long as the text, and apart from that of its neighbour
(clreq 3.1.8).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from booklet.compose.bodies import OVER, UNDER, ink_ends, is_wide, read_bodies
from booklet.compose.strokes import Stroke, extent
from booklet.compose.weasy import get_color, percentage

APART = 0.08
"""Ems by which ``text-decoration-inset: auto`` shortens a line at either end."""

GAP = 0.04
"""Ems between the em box of Han characters and a line under or over them."""

NEAR = 0.01
"""Pixels; text boxes so near to each other stand side by side."""


@dataclass(slots=True)
class Part:
    """The share of a text box in a line; pixels from the left edge of the page."""

    box: Any
    left: float
    right: float
    fresh: bool


@dataclass(slots=True)
class Decoration:
    """What one decorating box draws in a line of type.

    Attributes:
        style: That of the decorating box.
        kinds: Of ``underline``, ``overline``, ``line-through``.
        starts: Whether the box begins here, and does not go on from the line above.
        ends: Whether it ends here.
        pieces: Its text; what stands in the way begins another piece.
    """

    style: Any
    kinds: frozenset[str]
    starts: bool = True
    ends: bool = True
    pieces: list[list[Part]] = field(default_factory=list)
    _edge: float | None = None

    def add(self, box: Any, *, fresh: bool) -> None:
        """Add a text box.

        Args:
            box: It.
            fresh: Whether a background was painted since the last one, which would hide a line.
        """
        left, right = ink_ends(box)
        part = Part(box, box.position_x + left, box.position_x + right, fresh)
        if self._edge is None or abs(box.position_x - self._edge) > NEAR:
            self.pieces.append([part])
        else:
            self.pieces[-1][-1].right = box.position_x
            self.pieces[-1].append(part)
        self._edge = box.position_x + box.width

    def interrupt(self) -> None:
        """Take note of a picture, an inline block or the like."""
        self._edge = None

    def strokes(self) -> Iterator[tuple[str, Stroke, list[Part]]]:
        """Give every line with its kind and the text along it."""
        style, pieces = self.style, self.pieces
        em = style["font_size"]
        if not pieces or not em:
            return
        line_style, color = (
            style["text_decoration_style"],
            get_color(style, "text_decoration_color"),
        )
        start, end = self._insets(em)
        boxes = [part.box for piece in pieces for part in piece]
        frame = _Frame(style, boxes)
        for kind in sorted(self.kinds & {"underline", "overline", "line-through"}):
            thickness = frame.thickness(kind)
            top = frame.top(kind, extent(line_style, thickness, em))
            for number, piece in enumerate(pieces):
                left = piece[0].left + (0.0 if number else start)
                right = piece[-1].right - (end if number == len(pieces) - 1 else 0.0)
                yield kind, Stroke(line_style, left, right, top, thickness, em, color), piece

    def _insets(self, em: float) -> tuple[float, float]:
        value, style = self.style["text_decoration_inset"], self.style
        if value == "auto":
            start = end = APART * em
        else:
            start, end = (float(percentage(one, style, 0)) if one else 0.0 for one in value)
        return (start if self.starts else 0.0), (end if self.ends else 0.0)


class _Frame:
    """The heights between which the text of a decorating box stands, in pixels down the page."""

    def __init__(self, style: Any, boxes: list[Any]) -> None:
        self.style, self.em = style, style["font_size"]
        # The size of the decorating box counts, not that of a superscript in it (2.9).
        self.box = next((box for box in boxes if box.style["font_size"] == self.em), boxes[0])
        self.baseline = baseline_of(self.box)
        self.metrics = self.box.pango_layout
        self.scale = self.em / self.box.style["font_size"]
        self.level = [box for box in boxes if abs(baseline_of(box) - self.baseline) < NEAR]
        self.wide = any(is_wide(char) for box in self.level for char in box.text)

    def _reach(self, *, over: bool) -> float:
        """Tell how far the text reaches above or below the baseline, at least the em box."""
        edge = OVER if over else UNDER
        reach = edge * max(box.style["font_size"] for box in self.level)
        for box in self.level:
            if any(char.isalnum() and not is_wide(char) for char in box.text):
                bodies = read_bodies(box)
                reach = max([reach, *(body.high if over else body.deep for body in bodies)])
        return float(reach)

    def thickness(self, kind: str) -> float:
        """Give the thickness of one line."""
        value = self.style["text_decoration_thickness"]
        if value in ("auto", "from-font"):
            known = "strikethrough" if kind == "line-through" else "underline"
            return float(getattr(self.metrics, f"{known}_thickness") * self.scale)
        return float(max(0.0, percentage(value, self.style, self.em)))

    def top(self, kind: str, height: float) -> float:
        """Give the upper edge of a line of some height."""
        if kind == "line-through":
            middle = self.metrics.strikethrough_position * self.scale
            if self.wide:
                middle = (OVER - UNDER) / 2 * self.em
            return float(self.baseline - middle - height / 2)
        if kind == "underline":
            return float(self.baseline + self._under())
        if not self.wide:
            return float(self.baseline - self.metrics.ascent * self.scale)
        return float(self.baseline - self._reach(over=True) - GAP * self.em - height)

    def _under(self) -> float:
        """Give the distance from the baseline to an underline (2.7, 2.8)."""
        position = self.style["text_underline_position"]
        offset = self.style["text_underline_offset"]
        given = None if offset == "auto" else float(percentage(offset, self.style, self.em))
        font = float(-self.metrics.underline_position * self.scale)
        if position == "from-font":
            return font + (given or 0.0)
        if position == "auto":
            if given is not None:
                return given
            if not self.wide:
                return font
        return self._reach(over=False) + (GAP * self.em if given is None else given)


def baseline_of(box: Any) -> float:
    """Give the baseline of a text box, in pixels down the page."""
    return float(box.position_y + box.baseline)
