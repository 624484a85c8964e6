"""The outline of a character as a path, so that it can be drawn without being text."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from booklet.compose.shaping import FIELDS, shape
from booklet.compose.weasy import LOGGER, face_data, face_index, font_face, pango

Step = tuple[str, tuple[float, ...]]
"""An operator of a path and its points, in ems, y upwards."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a character in ems, its middle at the origin.

    Attributes:
        steps: Its path.
        height: That of its ink.
    """

    steps: tuple[Step, ...]
    height: float

    def draw(self, stream: Any, x: float, y: float, em: float) -> None:
        """Add it to the path.

        Args:
            stream: Of the page.
            x: Where its middle stands, pixels from the left.
            y: Pixels down the page.
            em: Type size in pixels.
        """
        for name, points in self.steps:
            moved = [
                y - point * em if place % 2 else x + point * em
                for place, point in enumerate(points)
            ]
            getattr(stream, name)(*moved)


def outline_of(text: str, style: Any) -> Outline | None:
    """Find the outline of the first character of a text, as a style would set it.

    Returns:
        None where no font of the style has it.
    """
    key = (text, *style["font_family"], style["font_weight"], style["font_style"], style["lang"])
    kept = style.font_config.__dict__.setdefault("compose_outlines", {})
    if key not in kept:
        kept[key] = _find(text, style)
    return kept[key]  # type: ignore[no-any-return]


def _find(text: str, style: Any) -> Outline | None:
    shaped = shape(text, style)
    glyph = int(memoryview(shaped.infos).cast("I")[::FIELDS][0])
    if glyph == pango.PANGO_GLYPH_EMPTY or glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG:
        LOGGER.warning('No font has the emphasis mark "%s"', shaped.texts[0])
        return None
    face = font_face(shaped.runs[0].font)
    font = TTFont(io.BytesIO(face_data(face)), fontNumber=face_index(face), lazy=True)
    glyphs, name = font.getGlyphSet(), font.getGlyphName(glyph)
    bounds, units = BoundsPen(glyphs), font["head"].unitsPerEm
    glyphs[name].draw(bounds)
    if bounds.bounds is None:
        return None
    left, low, right, high = bounds.bounds
    pen = _Pen(glyphs, ((left + right) / 2, (low + high) / 2), units)
    glyphs[name].draw(pen)
    return Outline(tuple(pen.steps), (high - low) / units)


class _Pen(BasePen):  # type: ignore[misc]
    """Writes down the steps of a path as those of a page."""

    def __init__(self, glyphs: Any, middle: tuple[float, float], units: int) -> None:
        super().__init__(glyphs)
        self.middle, self.units = middle, units
        self.steps: list[Step] = []

    def _add(self, name: str, *points: Any) -> None:
        x, y = self.middle
        ems = [
            part for point in points
            for part in ((point[0] - x) / self.units, (point[1] - y) / self.units)
        ]  # fmt: skip
        self.steps.append((name, tuple(ems)))

    def _moveTo(self, point: Any) -> None:  # noqa: N802 - the library's name
        self._add("move_to", point)

    def _lineTo(self, point: Any) -> None:  # noqa: N802
        self._add("line_to", point)

    def _curveToOne(self, one: Any, two: Any, three: Any) -> None:  # noqa: N802
        self._add("curve_to", one, two, three)

    def _closePath(self) -> None:  # noqa: N802
        self._add("close")
