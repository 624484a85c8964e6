"""Letters as outlines, so that what is written beside the page needs no font in the file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont, TTLibError

from booklet.finish.press.job import FontFile


class Letter(NamedTuple):
    """A character on a body of 1: operators that fill its outline, and how far it advances."""

    path: str
    advance: float


class _PathPen(BasePen):  # type: ignore[misc]
    """Writes an outline as operators of a PDF path, in units of the font."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.parts: list[str] = []

    def _moveTo(self, pt: Any) -> None:  # noqa: N802
        self._write("m", pt)

    def _lineTo(self, pt: Any) -> None:  # noqa: N802
        self._write("l", pt)

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802
        self._write("c", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802
        self.parts.append("h")

    def _endPath(self) -> None:  # noqa: N802
        self.parts.append("h")

    def _write(self, operator: str, *points: tuple[float, float]) -> None:
        self.parts += [f"{x:g} {y:g}" for x, y in points]
        self.parts.append(operator)


def draw_letters(fonts: Sequence[FontFile], text: str) -> dict[str, Letter]:
    """Draw the characters of a text, each with the first face that has it.

    Faces are closed again before anything else is done: a Chinese one fills much memory.

    Returns:
        Letters by character; those that no face has are left out, and so are spaces.
    """
    letters: dict[str, Letter] = {}
    for font in fonts:
        wanted = sorted(set(text) - set(letters) - {" "})
        if wanted:
            letters |= _draw(font, wanted)
    return letters


def _draw(font: FontFile, wanted: Sequence[str]) -> dict[str, Letter]:
    """Draw what one face has; a face that cannot be read has nothing."""
    try:
        face = TTFont(io.BytesIO(font.data), fontNumber=font.number, lazy=True)
        characters, glyphs = face.getBestCmap() or {}, face.getGlyphSet()
        size = face["head"].unitsPerEm
    except (TTLibError, OSError, KeyError, AssertionError):
        return {}
    letters = {}
    for char in wanted:
        if (name := characters.get(ord(char))) is not None:
            pen = _PathPen(glyphs)
            glyphs[name].draw(pen)
            path = f"q {1 / size:.8f} 0 0 {1 / size:.8f} 0 0 cm {' '.join(pen.parts)} f Q"
            letters[char] = Letter(path, glyphs[name].width / size)
    return letters
