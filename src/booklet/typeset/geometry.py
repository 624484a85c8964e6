"""The page: type area from type size × characters × lines, and the margins that follow.

The measure is always a whole number of ems; what is left of the trim size goes to the margins
(clreq 2.3.2, 版心). All lengths are points, and thousandths of them: style sheets get them written
so, and a page area that is a hair too small loses a line of every page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from booklet.errors import Findings, Place
from booklet.model.derived import LARGE, Variant
from booklet.model.measures import (
    MM,
    Margins,
    TrimSize,
    TypeArea,
    parse_length,
    parse_trim,
    parse_type_size,
)
from booklet.model.publication import Layout
from booklet.theme.spec import PageSpec

NARROWEST_MARGIN = round(5 * MM, 3)
"""Points. Less than 5 mm is lost in the fold or the cutter's tolerance."""

LARGE_PITCH = 1.6
"""Baseline to baseline of large print, in type sizes, at most: its lines are short."""

PINYIN_PITCH = 2.25
"""Baseline to baseline, in type sizes, where a reading stands over every line: the reading has half
the size of its base, and needs as much air again to belong to the line below it."""

PINYIN_CELL = 1.5
"""Width of a character under a reading, in type sizes: five letters of half the size fit, so that
the characters stand below each other."""


SMALL = 0.95
"""Of A5; on a smaller page the type of a vertical theme shrinks along."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """A page of the book.

    Attributes:
        trim: The size after cutting.
        area: The type area, its pitch filled in.
        margins: The white around it on a recto; a verso mirrors it.
        hang: Lines left free above the text where a section opens.
        vertical: Whether its lines stand upright: a line is as high as the measure.
    """

    trim: TrimSize
    area: TypeArea
    margins: Margins
    hang: int
    vertical: bool = False

    @property
    def pitch(self) -> float:
        """Baseline to baseline in points."""
        assert self.area.pitch is not None
        return self.area.pitch

    @property
    def room(self) -> int:
        """Lines below the hang line."""
        return self.area.lines - self.hang

    def numbers(self) -> dict[str, float]:
        """Give the page to a theme's drawings: lengths in points, and counts."""
        area = self.area
        return {
            "size": area.size, "pitch": self.pitch, "characters": area.characters,
            "lines": area.lines, "measure": round(area.measure, 3),
            "across": round(area.lines * self.pitch, 3),
        }  # fmt: skip

    def custom_properties(self) -> str:
        """Give the page to CSS as custom properties on ``:root``."""
        width, height = self.trim.points
        values = {
            "trim-width": width, "trim-height": height,
            "em": self.area.size, "pitch": self.pitch,
            "measure": self.area.measure,
            "area-height": self.area.lines * self.pitch,
            "head": self.margins.head, "foot": self.margins.foot,
            "gutter": self.margins.gutter, "fore-edge": self.margins.fore_edge,
        }  # fmt: skip
        lines = [f"  --{name}: {points(value)};" for name, value in values.items()]
        counts = {"characters": self.area.characters, "lines": self.area.lines, "hang": self.hang,
                  "room": self.room}  # fmt: skip
        lines += [f"  --{name}: {value};" for name, value in counts.items()]
        return ":root {\n" + "\n".join(lines) + "\n}\n"


def points(value: float) -> str:
    """Write a length in points, to a thousandth and without idle zeros."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + "pt"


def plan_page(
    layout: Layout, page: PageSpec, place: Place, findings: Findings, *, vertical: bool = False
) -> Geometry | None:
    """Compute the page from what the publication asks and the theme proposes.

    Args:
        layout: What the publication asks.
        page: What the theme proposes.
        place: Where the publication asks it.
        findings: Told what does not fit.
        vertical: Whether lines stand upright.

    Returns:
        None where the type area does not fit the trim size (``type-area`` in the findings), or
        the theme proposes what is no measure (``theme-invalid``).
    """
    try:
        return _plan_page(layout, page, place, findings, vertical=vertical)
    except ValueError as error:  # the publication's own measures were read with the header
        findings.error(place, "theme-invalid", f"layout: {error}", "docs/themes.md lists every key")
        return None


def _plan_page(
    layout: Layout, page: PageSpec, place: Place, findings: Findings, *, vertical: bool
) -> Geometry | None:
    trim = layout.trim or parse_trim(page.trim)
    width, height = (round(side, 3) for side in trim.points)
    preset = page.presets.get(trim.name)
    area, head, gutter = layout.type_area, None, None
    if area is None and preset is not None:
        area = TypeArea(parse_type_size(page.size), preset.characters, preset.lines)
        head, gutter = parse_length(preset.head), parse_length(preset.gutter)
    elif area is None:
        area = _fitting_area(width, height, page, vertical=vertical)
    pitch = round(area.pitch or round(area.size * page.pitch * 4) / 4, 3)
    area = replace(area, size=round(area.size, 3), pitch=pitch)
    across = area.lines * pitch
    beside = width - (across if vertical else area.measure)
    above = height - (area.measure if vertical else across)
    head = layout.head_mm * MM if layout.head_mm is not None else head or above * page.head_share
    gutter = (
        layout.gutter_mm * MM
        if layout.gutter_mm is not None
        else gutter or beside * page.gutter_share
    )
    head, gutter = round(head, 3), round(gutter, 3)
    # What is left is the difference of what is written, so that all adds up.
    margins = Margins(head, round(above - head, 3), gutter, round(beside - gutter, 3))
    sides = (margins.head, margins.foot, margins.gutter, margins.fore_edge)
    if min(sides) < NARROWEST_MARGIN:
        findings.error(
            place,
            "type-area",
            f"{area.characters} characters × {area.lines} lines of {area.size:g} pt leave a margin "
            f"of {min(sides) / MM:.1f} mm on {trim.name} ({trim.millimetres} mm)",
            "fewer characters or lines, a smaller type size, or a larger trim size",
        )
        return None
    return Geometry(trim, area, margins, min(page.hang, area.lines // 2), vertical)


def adapt_layout(plain: Geometry, layout: Layout, variant: Variant) -> Layout:
    """Give a derived edition a page of its own, no larger in its type area than the plain one.

    Args:
        plain: The page of the publication itself.
        layout: What the header asks of it.
        variant: The derived edition.
    """
    if not variant.large and not variant.pinyin:
        return layout
    area = plain.area
    size = max(LARGE, area.size) if variant.large else area.size
    ratio = plain.pitch / area.size
    if variant.large:
        ratio = min(ratio, LARGE_PITCH)
    if variant.pinyin:
        ratio = max(ratio, PINYIN_PITCH)
    pitch, cell = round(size * ratio * 4) / 4, PINYIN_CELL if variant.pinyin else 1.0
    characters = int(area.measure / (size * cell) + 0.001)
    lines = int(area.lines * plain.pitch / pitch + 0.001)
    return Layout(plain.trim, TypeArea(size, max(characters, 4), max(lines, 4), pitch, cell))


def _fitting_area(
    width: float, height: float, page: PageSpec, *, vertical: bool = False
) -> TypeArea:
    """Propose a type area for a trim size that nobody drew: about 71 % × 78 % of the page."""
    size = parse_type_size(page.size)
    if vertical:
        # A page of wood keeps its proportions: of 67 % of the height, and 71 % of the width.
        small = min(width / (148 * MM), height / (210 * MM), 1.0)
        size = size if small > SMALL else round(size * small * 2) / 2
        columns = int(width * 0.71 / (size * page.pitch))
        return TypeArea(size, max(int(height * 0.68 / size), 8), max(columns, 4))
    if width < 115 * MM:  # a pocket page wants a smaller type
        size = min(size, 10.5)
    return TypeArea(
        size, max(int(width * 0.715 / size), 8), max(int(height * 0.776 / (size * page.pitch)), 8)
    )
