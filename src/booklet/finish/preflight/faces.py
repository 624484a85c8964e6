"""Fonts (ISO 32000-1, 9): whether they are embedded, and how wide and high what they show is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pikepdf import Array, Stream

from booklet.finish.preflight.source import name_of, number_of, part
from booklet.finish.preflight.wording import read_letters

MISSING = frozenset({0, 0xFFFF})
"""CIDs of the box of a missing glyph: 0 by the standard, 65535 as some renderers write it."""

ABOVE, BELOW = 0.88, 0.12
"""Ems of a character above and below the baseline, as Chinese type is cast."""

MOST_WIDTHS = 70_000


@dataclass(frozen=True, slots=True)
class Face:
    """A font as a page uses it.

    Attributes:
        name: BaseFont, without the tag of a subset.
        embedded: Whether its program is in the file.
        type3: Whether its glyphs are drawings of the file.
        opentype: Whether its program is an OpenType file, which PDF knows from 1.6 on.
        wide: Whether codes have two bytes.
        cids: Whether codes are CIDs themselves.
        vertical: Whether it is set from top to bottom.
        widths: Advance of each code in thousandths of an em.
        width: Advance of all other codes.
        letters: What codes stand for; nothing where the font does not say it.
    """

    name: str
    embedded: bool
    type3: bool
    opentype: bool
    wide: bool
    cids: bool
    vertical: bool
    widths: dict[int, float]
    width: float
    letters: dict[int, str] = field(default_factory=dict)

    def words(self, codes: tuple[int, ...]) -> str:
        """Give what some codes stand for, as far as it is known."""
        return "".join(self.letters.get(code, "") for code in codes)

    def codes(self, text: bytes) -> tuple[int, ...]:
        """Split a string into its codes."""
        if not self.wide:
            return tuple(text)
        return tuple(int.from_bytes(text[at : at + 2], "big") for at in range(0, len(text), 2))

    def advance(self, codes: tuple[int, ...]) -> float:
        """Add the advances of some codes, in ems."""
        if self.vertical:
            return float(-len(codes))
        widths, other = self.widths, self.width
        return sum(widths.get(code, other) for code in codes) / 1000

    def missing(self, codes: tuple[int, ...]) -> int:
        """Count the codes that show the box of a missing glyph."""
        return sum(code in MISSING for code in codes) if self.cids else 0


def read_face(font: Any) -> Face:
    """Read a font dictionary; what cannot be read counts as not embedded."""
    subtype = name_of(part(font, "/Subtype"))
    wide = subtype == "Type0"
    descendants = part(font, "/DescendantFonts")
    inner = descendants[0] if wide and isinstance(descendants, Array) and len(descendants) else font
    descriptor = part(inner, "/FontDescriptor")
    program = next(
        (
            found
            for key in ("/FontFile3", "/FontFile2", "/FontFile")
            if isinstance(found := part(descriptor, key), Stream)
        ),
        None,
    )
    encoding = part(font, "/Encoding")
    map_name = name_of(encoding) or name_of(part(encoding, "/CMapName"))
    return Face(
        name_of(part(font, "/BaseFont")).rpartition("+")[2] or name_of(part(font, "/Name")),
        program is not None,
        subtype == "Type3",
        program is not None and program.get("/Subtype") == "/OpenType",
        wide,
        wide and map_name in ("Identity-H", "Identity-V") and not _remapped(inner),
        wide and (map_name.endswith("-V") or part(encoding, "/WMode") == 1),
        _cid_widths(part(inner, "/W")) if wide else _simple_widths(font),
        number_of(part(inner, "/DW"), 1000.0) if wide
        else number_of(part(descriptor, "/MissingWidth"), 500.0),
        read_letters(font),
    )  # fmt: skip


def _remapped(font: Any) -> bool:
    """Tell whether CIDs are mapped to glyphs by a table, so that any may be the missing one."""
    return isinstance(part(font, "/CIDToGIDMap"), Stream)


def _simple_widths(font: Any) -> dict[int, float]:
    first, widths = int(number_of(part(font, "/FirstChar"))), part(font, "/Widths")
    if not isinstance(widths, Array) or len(widths) > 256:
        return {}
    scale = 1.0
    matrix = part(font, "/FontMatrix")  # of a Type 3 font, whose widths are in its own units
    if isinstance(matrix, Array) and len(matrix) == 6:
        scale = abs(number_of(matrix[0], 0.001)) * 1000
    return {first + at: number_of(width) * scale for at, width in enumerate(list(widths))}


def _cid_widths(value: Any) -> dict[int, float]:
    """Read the two forms of a W array (ISO 32000-1, 9.7.4.3)."""
    widths: dict[int, float] = {}
    if not isinstance(value, Array) or len(value) > MOST_WIDTHS:
        return widths
    items = list(value)
    at = 0
    while at + 1 < len(items) and len(widths) < MOST_WIDTHS:
        first, second = int(number_of(items[at])), items[at + 1]
        if isinstance(second, Array):
            for offset, width in enumerate(list(second)[:MOST_WIDTHS]):
                widths[first + offset] = number_of(width)
            at += 2
        else:
            last = min(int(number_of(second)), first + MOST_WIDTHS)
            same = number_of(items[at + 2]) if at + 2 < len(items) else 0.0
            widths.update((code, same) for code in range(first, last + 1))
            at += 3
    return widths
