"""Readings of ruby: shaped before a line is broken, set when their bases have their places.

A reading is a paragraph of one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from booklet.compose.breaking import measure_line
from booklet.compose.classes import WIDE
from booklet.compose.filling import fill_line
from booklet.compose.haste import use_sizes
from booklet.compose.lines import Line
from booklet.compose.paragraph import Measure, Paragraph, TooComplexError, read_alone
from booklet.compose.plan import Plan
from booklet.compose.ruby_boxes import RubyPair, level_of
from booklet.compose.ruby_room import APART, Annotated
from booklet.compose.ruby_style import is_under
from booklet.compose.setting import Setter
from booklet.compose.style import compose_style
from booklet.compose.weasy import (
    check_math,
    inline_layout,
    preferred,
)  # fmt: skip

ENDLESS = 1e6
"""Pixels of room for a reading that only the base can lay out."""

_READING = "_compose_reading"


@dataclass(frozen=True, slots=True)
class Place:
    """What the base hands around while it lays out a line."""

    context: Any
    block: Any
    bottom_space: Any
    absolute_boxes: Any
    fixed_boxes: Any


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading that was shaped.

    Attributes:
        box: Its box before layout.
        plan: Its clusters.
        line: They all.
    """

    box: Any
    plan: Plan
    line: Line

    @property
    def width(self) -> float:
        """Pixels that it takes, set solid."""
        return self.line.width

    @property
    def apart(self) -> float:
        """Pixels that it keeps from the next: none if it is of Han characters or kana."""
        wide = any(code in WIDE for code in self.plan.paragraph.codes)
        return 0.0 if wide else APART * float(self.box.style["font_size"])

    @property
    def blanks(self) -> tuple[float, float]:
        """What of a longer base is left free before and after: shares (CSS Ruby 1, 4.3)."""
        line, material, align = self.line, self.plan.material, self.box.style["ruby_align"]
        gaps = material.gap_total[line.final] - material.gap_total[line.first]
        if align == "start":
            return 0.0, 1.0
        if align == "center" or not gaps:
            return 0.5, 0.5
        end = 0.5 / (gaps + 1) if align == "space-around" else 0.0
        return end, end

    def set(self, place: Place, left: float, right: float, align: str) -> list[Any]:
        """Set it over or under a base.

        Args:
            place: What the base hands around.
            left: Where the base begins, in pixels.
            right: Where it ends.
            align: Its ``ruby-align``, which counts where it is shorter than the reading.
        """
        line, material = self.line, self.plan.material
        spare, (before, after) = right - left - line.width, self.blanks
        if spare < 0:
            before, after = (0.0, 1.0) if align == "start" else (0.5, 0.5)
        start, inner = left + spare * before, line.width + max(0.0, spare * (1 - before - after))
        filled = fill_line(line, material, inner, squeeze=False, stretch=inner > line.width)
        setter = Setter(
            place.context, place.block, place.bottom_space, place.absolute_boxes,
            place.fixed_boxes, [], [], inner, self.plan, line, filled,
        )  # fmt: skip
        use_sizes(self.box, place.block)
        return [setter.set(self.box, start, (), None)]


@dataclass(frozen=True, slots=True)
class _Foreign:
    """A reading that only the base can lay out."""

    box: Any
    width: float
    apart: float = 0.0

    def set(self, place: Place, left: float, right: float, _align: str) -> list[Any]:
        """Set it in the middle, its lines one behind the other."""
        found: list[Any] = []
        x, skip = (left + right - self.width) / 2, None
        use_sizes(self.box, place.block)
        while skip is not None or not found:
            new, skip, *_ = inline_layout.split_inline_box(
                place.context, self.box, x, ENDLESS, place.bottom_space, skip, place.block,
                place.absolute_boxes, place.fixed_boxes, [], [], [], None, None,
            )  # fmt: skip
            found.append(new)
            x += new.margin_width()
        return found


# ---- reading -------------------------------------------------------------------------------------


def read_readings(
    paragraph: Paragraph, style: Any, block: Any, measure: Measure
) -> list[Annotated]:
    """Shape the readings of a paragraph, and tell what they need.

    Args:
        paragraph: The bases, and the rest.
        style: That of the paragraph.
        block: What percentages refer to.
        measure: Gives the width of a picture or an inline block in pixels.

    Raises:
        TooComplexError: One of them holds what only the base can lay out.
    """
    found: list[Annotated] = []
    indent = style["text_indent"]
    blank = 0.0 if check_math(indent) or indent.unit == "%" else max(0.0, indent.value)
    for pair, begin, end in paragraph.pairs:
        reading = _compose(pair, block, measure)
        setattr(pair, _READING, reading)
        if reading is not None:
            level, own = level_of(pair), reading.box.style
            found.append(
                Annotated(
                    begin, end, (is_under(own, level), level), reading.width, reading.blanks,
                    reading.apart, own["ruby_overhang"] == "auto", pair.style["ruby_align"], blank,
                    (padding(block, "left"), padding(block, "right")),
                )
            )  # fmt: skip
    return found


def padding(block: Any, side: str) -> float:
    """Tell the padding of a block on one side, in pixels; 0 before it is known."""
    value = getattr(block, f"padding_{side}", 0.0)
    return float(value) if isinstance(value, int | float) else 0.0


def _compose(pair: RubyPair, block: Any, measure: Measure) -> Reading | None:
    text = pair.reading
    if text is None:
        return None
    paragraph = read_alone(text, block, measure)
    if not paragraph.texts:
        return None
    plan = Plan.of(paragraph, compose_style(text.style))
    return Reading(text, plan, measure_line(plan.material, 0, len(paragraph.texts)))


def reading_of(pair: RubyPair, context: Any, block: Any) -> Any:
    """Give the reading of a pair; shape it where the paragraph was not read."""
    if not hasattr(pair, _READING):
        try:
            reading: Any = _compose(pair, block, measure_in(context, block))
        except TooComplexError:
            width = preferred.inline_max_content_width(context, pair.reading)
            reading = _Foreign(pair.reading, float(width))
        setattr(pair, _READING, reading)
    return getattr(pair, _READING)


def measure_in(context: Any, block: Any) -> Measure:
    """Give the way to measure pictures and inline blocks within a box."""

    def measure(atom: Any) -> float:
        use_sizes(atom, block)
        laid_out = inline_layout.atomic_box(context, atom, 0, None, block, [], [])
        return float(laid_out.margin_width())

    return measure


def widened(pair: RubyPair, context: Any, block: Any) -> RubyPair:
    """Give a pair that the base is about to lay out the width of its reading."""
    reading = reading_of(pair, context, block)
    if reading is None:
        return pair
    wide: RubyPair = pair.copy()
    width = preferred.inline_max_content_width(context, _base_of(pair), outer=False)
    more = max(0.0, reading.width + reading.apart - float(width)) / 2
    wide.margin_left = wide.margin_right = more
    return wide


def _base_of(pair: RubyPair) -> Any:
    base = pair.copy()
    base.children = pair.children[:-1]
    return base
