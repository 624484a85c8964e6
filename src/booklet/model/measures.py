"""Trim sizes, type sizes and the type area: the measures a book designer names.

Lengths of paper are in millimetres, lengths of type in PostScript points (1 pt = 1/72 inch).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MM = 72 / 25.4
"""Points in one millimetre."""

LARGEST_SIDE_MM = 5000.0
"""Longest side of a page: 14400 pt is the limit of a PDF page without UserUnit."""

TYPE_SIZES: dict[str, float] = {
    "初号": 42, "小初": 36, "一号": 26, "小一": 24, "二号": 22, "小二": 18, "三号": 16, "小三": 15,
    "四号": 14, "小四": 12, "五号": 10.5, "小五": 9, "六号": 7.5, "小六": 6.5, "七号": 5.5,
    "八号": 5,
}  # fmt: skip
"""The 字号 ladder in points."""

TRIM_SIZES: dict[str, tuple[float, float]] = {
    "A4": (210, 297), "A5": (148, 210), "A6": (105, 148),
    "B5": (176, 250), "B6": (125, 176), "JIS-B5": (182, 257), "JIS-B6": (128, 182),
    "大16开": (210, 285), "16开": (185, 260), "小16开": (184, 260),
    "大24开": (185, 210), "24开": (182, 196),
    "大32开": (140, 203), "32开": (130, 185), "小32开": (130, 184),
    "大64开": (101, 137), "64开": (92, 126),
    "pocket": (108, 175), "letter": (215.9, 279.4), "half-letter": (139.7, 215.9),
}  # fmt: skip
"""Trim sizes by name, width × height in millimetres (GB/T 788-1999, ISO 216, JIS P 0138)."""

_MEASURE = re.compile(
    r"^\s*(?P<width>\d+(?:\.\d+)?)\s*(?:mm|毫米)?\s*[x×X*]\s*"
    r"(?P<height>\d+(?:\.\d+)?)\s*(?:mm|毫米)\s*$"
)
_POINTS = re.compile(r"^\s*(?P<value>\d+(?:\.\d+)?)\s*(?P<unit>pt|mm|q|Q|级)\s*$")
_UNITS = {"pt": 1.0, "mm": MM, "q": MM / 4, "Q": MM / 4, "级": MM / 4}


@dataclass(frozen=True, slots=True)
class TrimSize:
    """The size of the page after cutting.

    Attributes:
        name: The trade's name, or ``140×203mm`` for a size given by measure.
        width: Millimetres, 20 or more.
        height: Millimetres, 20 or more.
    """

    name: str
    width: float
    height: float

    @property
    def points(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.width * MM, self.height * MM

    @property
    def millimetres(self) -> str:
        """Width × height as a colophon states them."""
        return f"{self.width:g}×{self.height:g}"


def parse_trim(text: str) -> TrimSize:
    """Read a trim size by name (``A5``, ``大32开``) or by measure (``140x203mm``).

    Raises:
        ValueError: No such name, no such form, or a side outside 20 mm … 5000 mm.
    """
    wanted = text.strip()
    for name, (width, height) in TRIM_SIZES.items():
        if wanted.casefold() == name.casefold():
            return TrimSize(name, width, height)
    match = _MEASURE.match(wanted)
    if match is None:
        msg = f"unknown trim size {text!r}"
        raise ValueError(msg)
    width, height = float(match["width"]), float(match["height"])
    if not all(20 <= side <= LARGEST_SIDE_MM for side in (width, height)):
        msg = f"trim size {text!r} is outside 20 mm to {LARGEST_SIDE_MM:g} mm"
        raise ValueError(msg)
    return TrimSize(f"{width:g}×{height:g}mm", width, height)


def parse_type_size(text: str) -> float:
    """Read a type size: a 字号 (``小四``), points, millimetres or 级 (``10.5pt``, ``15Q``).

    Returns:
        Points, from 4 to 200.

    Raises:
        ValueError: Neither a 字号 nor a measure, or out of range.
    """
    wanted = text.strip()
    if wanted in TYPE_SIZES:
        return TYPE_SIZES[wanted]
    points = parse_length(wanted)
    if not 4 <= points <= 200:
        msg = f"type size {text!r} is outside 4 pt to 200 pt"
        raise ValueError(msg)
    return points


def parse_length(text: str) -> float:
    """Read a length with its unit, and give points.

    Raises:
        ValueError: No number, or a unit other than pt, mm, Q, 级.
    """
    match = _POINTS.match(text)
    if match is None:
        msg = f"{text!r} is no length such as 12pt or 20mm"
        raise ValueError(msg)
    return float(match["value"]) * _UNITS[match["unit"]]


@dataclass(frozen=True, slots=True)
class TypeArea:
    """The 版心: the rectangle of the text, whole ems wide and whole lines high.

    Attributes:
        size: Type size in points; one em of the measure.
        characters: Characters in a full line.
        lines: Lines on a full page.
        pitch: Baseline to baseline in points (行距); None takes the theme's ratio.
        cell: Width of a character with the space after it (字距), in type sizes.
    """

    size: float
    characters: int
    lines: int
    pitch: float | None = None
    cell: float = 1.0

    @property
    def measure(self) -> float:
        """Length of a full line in points."""
        return self.characters * self.size * self.cell


@dataclass(frozen=True, slots=True)
class Margins:
    """The white around the type area, in points: 天头, 地脚, 订口, 切口."""

    head: float
    foot: float
    gutter: float
    fore_edge: float
