"""Fonts of turned glyphs: characters that stand upright in a line that runs down the page.

A page of vertical lines is laid out sideways and turned clockwise. What is to stand upright there
is turned back in a font of its own, made of the glyphs that are used. So the text of a column is
one straight run of glyphs, and readers find it as it was written; upright glyphs that were placed
one by one, or a font in vertical writing mode, are read by some of them as lines of one character.

A mark beside a character 句读 is drawn as a path and read with the glyph before it: of that glyph
the font says that it stands for its character and the mark (ISO 32000-1, 9.10.3).
"""

from __future__ import annotations

import io
from functools import cached_property
from hashlib import md5
from typing import Any, Literal

from booklet.compose import cells
from booklet.compose.weasy import Font, face_data, face_index, face_size, font_face, font_key

Kind = Literal["upright", "lying", "combined", "rule"]

UNITS = 1000
MIDDLE, TOP = round(cells.MIDDLE * UNITS), round(cells.TOP * UNITS)

MOST_FACES = 6
"""Faces that stay open between the books of a process."""


class TurnedFont:
    """A font of turned glyphs, as the base embeds fonts.

    The attributes are those of the base's own fonts. Codes are given as glyphs are drawn, from 1.
    """

    type = "otf"
    bitmap = png = svg = colr = used_in_forms = False
    font_size, upem, index = UNITS, UNITS, 0

    def __init__(self, pango_font: Any, before: str, after: str) -> None:
        """Begin a font.

        Args:
            pango_font: The font whose glyphs are turned.
            before: Marks that are read before each glyph.
            after: Marks that are read after it.
        """
        _, description, size = font_key(pango_font)
        base = Font(pango_font, description, size)
        self.before, self.after = before, after
        self.pango_font = pango_font
        said = f"{base.hash} turned {before} {after}".encode()
        digest = md5(said, usedforsecurity=False).digest()
        self.hash = "".join(chr(65 + byte % 26) for byte in digest[:6])
        self.name = b"/" + self.hash.encode() + b"+" + base.name.partition(b"+")[2] + b"-Turned"
        self.ascent, self.descent = base.ascent, base.descent
        self.flags, self.italic_angle = base.flags, base.italic_angle
        self.stemv, self.stemh = base.stemv, base.stemh
        self.family, self.style, self.weight = base.family, base.style, base.weight
        self.widths: dict[int, int] = {}
        self.to_unicode: dict[int, str] = {}
        self.missing: dict[int, int] = {}
        self.file_content = b""
        self._codes: dict[tuple[Kind, tuple[int, ...]], int] = {}

    def code(self, kind: Kind, glyphs: tuple[int, ...], text: str, width: float) -> int:
        """Give the code of a glyph, or of several that stand in the room of one.

        Args:
            kind: How they are turned.
            glyphs: Their numbers in the font.
            text: What they stand for.
            width: The natural width of a lying one, in ems.
        """
        key = kind, glyphs
        if key not in self._codes:
            code = self._codes[key] = len(self._codes) + 1
            self.widths[code] = round(width * UNITS) if kind == "lying" else UNITS
            self.to_unicode[code] = self.before + text + self.after
        return self._codes[key]

    def clean(self, _: Any, __: Any) -> None:
        """Make the file, when the base is about to embed it."""
        from fontTools.fontBuilder import FontBuilder  # slow to import, and seldom needed
        from fontTools.pens.t2CharStringPen import T2CharStringPen

        face = _open_face(self.pango_font)
        names = [".notdef", *(f"g{code}" for code in self.widths)]
        strings, metrics = {".notdef": T2CharStringPen(UNITS, None).getCharString()}, {}
        metrics[".notdef"] = (UNITS, 0)
        for (kind, parts), code in self._codes.items():
            pen = T2CharStringPen(self.widths[code], None)
            _draw(pen, face.glyphs, [face.order[part] for part in parts], kind, face.scale)
            strings[f"g{code}"] = pen.getCharString()
            metrics[f"g{code}"] = (self.widths[code], 0)
        name = self.name[1:].decode()
        builder = FontBuilder(UNITS, isTTF=False)
        builder.font.recalcTimestamp = False
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap({})
        builder.setupCFF(name, {"FullName": name}, strings, {})
        builder.setupHorizontalMetrics(metrics)
        builder.setupHorizontalHeader(ascent=TOP, descent=TOP - UNITS)
        builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
        builder.setupOS2(sTypoAscender=TOP, sTypoDescender=TOP - UNITS, usWinAscent=TOP)
        builder.setupPost(keepGlyphNames=False)
        builder.font["head"].created = builder.font["head"].modified = 0
        target = io.BytesIO()
        builder.save(target)
        self.file_content = target.getvalue()


def turned_font(stream: Any, pango_font: Any, before: str, after: str) -> TurnedFont:
    """Give the turned font of a page's fonts, made when it is first asked for."""
    key = font_key(pango_font)[0], "turned", before, after
    if key not in stream._fonts:
        stream._fonts[key] = TurnedFont(pango_font, before, after)
    return stream._fonts[key]  # type: ignore[no-any-return]


def has_own_form(pango_font: Any, glyph: int) -> bool:
    """Tell whether a glyph is the form that a font has for vertical lines."""
    return glyph in _open_face(pango_font).vertical_forms


def _draw(pen: Any, glyphs: Any, names: list[str], kind: Kind, scale: float) -> None:
    """Draw glyphs as they stand in a line that lies: upright ones are turned to the left."""
    from fontTools.misc.transform import Transform
    from fontTools.pens.boundsPen import BoundsPen
    from fontTools.pens.transformPen import TransformPen

    if kind == "lying":
        glyphs[names[0]].draw(TransformPen(pen, Transform().scale(scale, scale)))
        return
    if kind == "rule":  # from edge to edge, so that two of them join
        bounds = BoundsPen(glyphs)
        glyphs[names[0]].draw(bounds)
        left, low, right, high = bounds.bounds or (0, 0, 1, 0)
        place = Transform(1, 0, 0, 1, 0, MIDDLE).scale(UNITS / (right - left), scale)
        glyphs[names[0]].draw(TransformPen(pen, place.translate(-left, -(low + high) / 2)))
        return
    # A point (x, y) of a glyph goes to (880 - y, x), and its middle to that of the line.
    turn = Transform(0, 1, -1, 0, TOP, MIDDLE)
    widths = [glyphs[name].width * scale for name in names]
    total = sum(widths)
    shrunk = min(1.0, UNITS / total) if kind == "combined" and total else 1.0
    left = -total * shrunk / 2
    for name, width in zip(names, widths, strict=True):
        place = turn.translate(left, 0).scale(shrunk * scale, scale)
        glyphs[name].draw(TransformPen(pen, place))
        left += width * shrunk


class _Face:
    """An open font file."""

    def __init__(self, data: bytes, index: int) -> None:
        from fontTools.ttLib import TTFont

        self.font = TTFont(io.BytesIO(data), fontNumber=index, lazy=True)
        self.glyphs, self.order = self.font.getGlyphSet(), self.font.getGlyphOrder()
        self.scale = UNITS / self.font["head"].unitsPerEm

    @cached_property
    def vertical_forms(self) -> frozenset[int]:
        """Glyphs that stand for others in vertical lines."""
        if "GSUB" not in self.font:
            return frozenset()
        table = self.font["GSUB"].table
        lookups = {
            number
            for record in table.FeatureList.FeatureRecord
            if record.FeatureTag in {"vert", "vrt2"}
            for number in record.Feature.LookupListIndex
        }
        found: set[int] = set()
        for number in sorted(lookups):
            for part in table.LookupList.Lookup[number].SubTable:
                mapping = getattr(getattr(part, "ExtSubTable", part), "mapping", {})
                found.update(map(self.font.getGlyphID, mapping.values()))
        return frozenset(found)


_open_faces: dict[tuple[Any, ...], _Face] = {}


def _open_face(pango_font: Any) -> _Face:
    """Open the file of a font, or find it open: files of Chinese fonts are large."""
    face = font_face(pango_font)
    key = font_key(pango_font)[0], face_size(face), face_index(face)
    if key not in _open_faces:
        while len(_open_faces) >= MOST_FACES:
            _open_faces.pop(next(iter(_open_faces)))
        _open_faces[key] = _Face(face_data(face), face_index(face))
    return _open_faces[key]
