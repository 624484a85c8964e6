"""Ruby: readings over and under their bases.

A reading has no part in the layout of its line, whose pitch it therefore never changes. It is put
into the box of its pair when the line is laid out, so that base and reading are drawn and tagged
one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from booklet.compose.bodies import OVER, UNDER
from booklet.compose.boxtree import is_inline, is_line, is_simple_atom, is_text
from booklet.compose.classes import CODES, UNSEEN
from booklet.compose.plan import Plan
from booklet.compose.ruby_boxes import RubyPair, has_pairs, level_of
from booklet.compose.ruby_readings import Place, padding, reading_of
from booklet.compose.ruby_style import add_ruby_style, is_under
from booklet.compose.shaping import Segment
from booklet.compose.weasy import inline_layout, replace

CLEAR = 0.08
"""Ems of the base between its em box and that of its reading."""

_MARK = "_compose_ruby"

NextLine = Callable[..., tuple[Any, Any]]


def teach_ruby() -> None:
    """Have the base know ruby, and set readings with its lines."""
    add_ruby_style()
    replace(inline_layout, "get_next_linebox", _annotating(inline_layout.get_next_linebox))


def mark_ruby(line_box: Any, plan: Plan | None) -> None:
    """Note of a paragraph whether its lines will have readings."""
    if _MARK not in line_box.__dict__:
        found = has_pairs(line_box) if plan is None else bool(plan.paragraph.pairs)
        setattr(line_box, _MARK, found)


def _annotating(get_next_linebox: NextLine) -> NextLine:
    def next_line(  # noqa: PLR0913, PLR0917 - the base's own signature
        context: Any, linebox: Any, position_y: Any, bottom_space: Any, skip_stack: Any,
        containing_block: Any, absolute_boxes: Any, fixed_boxes: Any, *styles: Any,
    ) -> tuple[Any, Any]:  # fmt: skip
        """Lay out the next line of a paragraph, and set its readings."""
        line, resume_at = get_next_linebox(
            context, linebox, position_y, bottom_space, skip_stack, containing_block,
            absolute_boxes, fixed_boxes, *styles,
        )  # fmt: skip
        if line is not None and getattr(linebox, _MARK, False):
            place = Place(context, containing_block, bottom_space, absolute_boxes, fixed_boxes)
            for pair in _pairs(line):
                _annotate(pair, place)
        return line, resume_at

    return next_line


def _pairs(box: Any) -> Iterator[RubyPair]:
    """Yield the pairs of a line, the inner before the outer."""
    for child in box.children:
        if is_inline(child) or is_line(child):
            yield from _pairs(child)
            if isinstance(child, RubyPair):
                yield child


def _annotate(pair: RubyPair, place: Place) -> None:
    """Put the reading of a pair over or under it; that of a torn base stands with its last part."""
    reading = reading_of(pair, place.context, place.block)
    end = "right" if pair.style["direction"] == "ltr" else "left"
    if reading is None or end in pair.remove_decoration_sides:
        return
    ends = [_ends(part) for part in _parts(pair, inner=False)] or [(pair.position_x,) * 2]
    left, right = min(end for end, _ in ends), max(end for _, end in ends)
    reading.box.position_y = pair.position_y
    new = reading.set(place, left, right, pair.style["ruby_align"])
    _keep_within(new, left, right, place.block)
    baseline = _baseline(pair, reading.box)
    for box in new:
        box.position_y = baseline - box.baseline
        odd: list[Any] = []
        inline_layout.inline_box_verticality(box, odd, baseline)
        for child in odd:
            inline_layout.translate_subtree(child, baseline)
    pair.children = [*pair.children, *new]


def _parts(box: Any, *, inner: bool) -> Iterator[Any]:
    """Yield the text boxes and pictures of a base; with those of inner readings or without."""
    for child in box.children:
        if is_inline(child):
            if inner or child.is_in_normal_flow():
                yield from _parts(child, inner=inner)
        elif (is_text(child) or is_simple_atom(child)) and child.is_in_normal_flow():
            yield child


def _ends(part: Any) -> tuple[float, float]:
    """Tell where a part of a base begins and ends, in pixels across the page.

    What is added beside it in its line does not count.
    """
    left, right = part.position_x, part.position_x + part.margin_width()
    if not is_text(part) or not isinstance(part.pango_layout, Segment):
        return left, right
    segment = part.pango_layout
    first, last = segment.low, segment.high - 1
    while last > first and CODES[segment.shaped.texts[last][0]] in UNSEEN:
        last -= 1
    left += max(0.0, segment.before.get(first + segment.origin, 0.0))
    right -= max(0.0, segment.after.get(last + segment.origin, 0.0))
    return left, right


def _keep_within(new: list[Any], left: float, right: float, block: Any) -> None:
    """Keep a reading within the measure and the padding beside it, if its base is."""
    low = min(block.content_box_x() - padding(block, "left"), left)
    high = max(block.content_box_x() + block.width + padding(block, "right"), right)
    shift = min(0.0, high - new[-1].position_x - new[-1].margin_width())
    shift = max(shift, low - new[0].position_x)
    for box in new:
        box.translate(shift)


def _baseline(pair: RubyPair, reading: Any) -> float:
    """Find the baseline of a reading, in pixels down the page.

    Args:
        pair: A pair whose base, and whose inner readings, have their places.
        reading: The box of the reading; its margin towards the base moves it off.
    """
    parts, style = list(_parts(pair, inner=True)), reading.style
    clear, em = CLEAR * pair.style["font_size"], style["font_size"]
    if is_under(style, level_of(pair)):
        foot = max((_extent(part)[1] for part in parts), default=pair.position_y)
        return float(foot + clear + _points(reading.margin_top) + OVER * em)
    top = min((_extent(part)[0] for part in parts), default=pair.position_y)
    return float(top - clear - _points(reading.margin_bottom) - UNDER * em)


def _points(margin: Any) -> float:
    return 0.0 if margin == "auto" else float(margin)


def _extent(part: Any) -> tuple[float, float]:
    """Tell where a part of a base has its top and its foot, in pixels down the page."""
    if is_text(part):
        em, baseline = part.style["font_size"], part.position_y + part.baseline
        return baseline - OVER * em, baseline + UNDER * em
    return part.position_y, part.position_y + part.margin_height()
