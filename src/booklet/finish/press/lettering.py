"""Letters as outlines, so that what is written beside the page needs no font in the file."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
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
        size = face["head"].unitsPerEm
        return {char: _letter(face, glyph, size) for char, glyph in _glyphs(face, wanted).items()}
    except (TTLibError, OSError, KeyError, AssertionError, struct.error):
        return {}


def _letter(face: TTFont, glyph: int, size: int) -> Letter:
    """Draw a glyph on a body of 1."""
    name = face.getGlyphName(glyph)
    if "CFF " in face:  # a glyph set would read the metrics of all glyphs
        outline = face["CFF "].cff.topDictIndex[0].CharStrings[name]
        pen = _PathPen(None)
    else:
        glyphs = face.getGlyphSet()
        outline, pen = glyphs[name], _PathPen(glyphs)
    outline.draw(pen)
    path = f"q {1 / size:.8f} 0 0 {1 / size:.8f} 0 0 cm {' '.join(pen.parts)} f Q"
    return Letter(path, outline.width / size)


def _glyphs(face: TTFont, wanted: Sequence[str]) -> dict[str, int]:
    """Look characters up without reading the whole table, which in Chinese faces is large."""
    table = face.reader["cmap"]
    (count,) = struct.unpack_from(">H", table, 2)
    for platform, encoding, start in struct.iter_unpack(">HHL", table[4 : 4 + 8 * count]):
        (form,) = struct.unpack_from(">H", table, start)
        if (platform, encoding, form) == (3, 10, 12):
            return dict(_in_groups(table[start:], wanted))
    characters = face.getBestCmap() or {}
    return {c: face.getGlyphID(characters[ord(c)]) for c in wanted if ord(c) in characters}


def _in_groups(subtable: bytes, wanted: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Search a subtable of format 12 (ISO 14496-22, 5.2.1.3.7)."""
    (count,) = struct.unpack_from(">L", subtable, 12)
    for first, last, glyph in struct.iter_unpack(">LLL", subtable[16 : 16 + 12 * count]):
        for char in wanted:
            if first <= ord(char) <= last:
                yield char, glyph + ord(char) - first
