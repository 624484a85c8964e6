"""Blocks fill whole steps: `block-step` of CSS Rhythmic Sizing 1 (2).

A heading, a picture, a table gets as much white as makes its outer height a multiple of a length,
so that the lines below it go on in the rhythm of those above. The white is split evenly, or put
on one side. Margins of a stepped block do not collapse with those of its neighbours: their sum
would not be a multiple. At the top of a page no white is put above it, at the foot only as much
as there is room.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from booklet.compose.linegrid import NEAR
from booklet.compose.properties import add_property, keyword
from booklet.compose.snapping import snapped_lines
from booklet.compose.weasy import (
    block_layout,
    boxes,
    computed_values,
    css_properties,
    expanders,
    include,
    replace,
    validators,
)  # fmt: skip

INSERT = ("margin-box", "padding-box")
ALIGN = ("auto", "center", "start", "end")
ROUND = ("up", "down", "nearest")

Layout = Callable[..., tuple[Any, ...]]


def add_block_step() -> None:
    """Make `block-step` known, and lay out blocks accordingly."""
    add_property("block-step-size", "none", _size, inherited=False)
    for name, words in (("insert", INSERT), ("align", ALIGN), ("round", ROUND)):
        add_property(f"block-step-{name}", words[0], keyword(words), inherited=False)
    replace(computed_values.COMPUTER_FUNCTIONS, "block_step_size", _computed_size)
    # A table's margins are those of the box around it and its captions; so is all about them.
    for name in ("block_step_size", "block_step_insert", "block_step_align", "block_step_round",
                 "margin_break"):  # fmt: skip
        include(css_properties.TABLE_WRAPPER_BOX_PROPERTIES, name)
    shorthand = expanders.generic_expander("-size", "-insert", "-align", "-round")(_longhands)
    replace(expanders.EXPANDERS, "block-step", shorthand)
    replace(block_layout, "_in_flow_layout", _apart(block_layout._in_flow_layout))
    replace(block_layout, "block_level_layout", _stepping(block_layout.block_level_layout))


def _size(tokens: Any) -> Any:
    if validators.get_single_keyword(tokens) == "none":
        return "none"
    return validators.get_length(tokens[0], negative=False) if len(tokens) == 1 else None


def _computed_size(style: Any, name: str, value: Any) -> Any:
    """Give a step in pixels; 'none' for no step and for one of no height."""
    if value == "none":
        return value
    return computed_values.length(style, name, value, pixels_only=True) or "none"


def _longhands(tokens: Any, _name: str) -> Iterator[tuple[str, Any]]:
    for token in tokens:
        word = validators.get_single_keyword([token])
        if word in INSERT:
            yield "-insert", [token]
        elif word in ALIGN:
            yield "-align", [token]
        elif word in ROUND:
            yield "-round", [token]
        elif _size([token]) is not None:
            yield "-size", [token]
        else:
            raise expanders.InvalidValues


# ---- layout -------------------------------------------------------------------------------------


def _apart(in_flow_layout: Layout) -> Layout:
    def layout(  # noqa: PLR0913, PLR0917 - the base's own signature
        context: Any, box: Any, index: Any, child: Any, new_children: Any, page_is_empty: Any,
        absolute_boxes: Any, fixed_boxes: Any, adjoining_margins: Any, *rest: Any,
    ) -> tuple[Any, ...]:  # fmt: skip
        """Lay out a block among others; the margins of a stepped one stay apart from theirs."""
        stepped = child.style["block_step_size"] != "none"
        if stepped and adjoining_margins:
            child.position_y += block_layout.collapse_margin(adjoining_margins)
            # Not empty: at the top of a page the base asks whether there is something to collapse.
            adjoining_margins = [0]
        result = in_flow_layout(
            context, box, index, child, new_children, page_is_empty, absolute_boxes, fixed_boxes,
            adjoining_margins, *rest,
        )  # fmt: skip
        if not stepped:
            return result
        abort, stop, resume_at, position_y, margins, next_page, children, max_lines = result
        if not abort and children and children[-1].index == index:
            position_y += block_layout.collapse_margin(margins)
            margins = []
        return abort, stop, resume_at, position_y, margins, next_page, children, max_lines

    return layout


def _stepping(block_level_layout: Layout) -> Layout:
    def layout(  # noqa: PLR0913, PLR0917 - the base's own signature
        context: Any, box: Any, bottom_space: Any, skip_stack: Any, containing_block: Any,
        page_is_empty: Any = True, absolute_boxes: Any = None, fixed_boxes: Any = None,
        adjoining_margins: Any = None, *rest: Any,
    ) -> tuple[Any, ...]:  # fmt: skip
        """Lay out a block, and fill up its last step."""
        step = box.style["block_step_size"]
        if isinstance(containing_block, (boxes.FlexContainerBox, boxes.GridContainerBox)):
            step = "none"
        begin, snapped = box.position_y, snapped_lines(context)
        result = block_level_layout(
            context, box, bottom_space, skip_stack, containing_block, page_is_empty,
            absolute_boxes, fixed_boxes, adjoining_margins, *rest,
        )  # fmt: skip
        new_box, resume_at, next_page, margins, through, max_lines = result
        if step == "none" or new_box is None or resume_at is not None or through:
            return result
        end = new_box.border_box_y() + new_box.border_height()
        if new_box.clearance:
            begin = new_box.border_box_y() - new_box.margin_top
        new_box.margin_bottom = block_layout.collapse_margin([*margins, new_box.margin_bottom])
        white = _white(end + new_box.margin_bottom - begin, step, box.style["block_step_round"])
        # What continues, or begins a page, has no margin above that could grow; and lines that
        # stand on the grid are not moved away from it.
        fixed = skip_stack is not None or snapped != snapped_lines(context)
        fixed = fixed or (page_is_empty and _is_cut(context, box.style["margin_break"]))
        above = 0.0 if fixed else _share(box.style["block_step_align"]) * white
        above = min(above, max(context.page_bottom - bottom_space - end, 0))
        _spread(new_box, above, white - above, box.style["block_step_insert"])
        return new_box, resume_at, next_page, [], through, max_lines

    return layout


def _is_cut(context: Any, margin_break: str) -> bool:
    """Tell whether the margin of the first block of a page has been cut off."""
    if context.current_page == 1 or margin_break == "keep":
        return False
    return margin_break == "discard" or not context.forced_break


def _white(height: float, step: float, method: str) -> float:
    """Tell what a height lacks of a multiple of a step; below 0 where it is rounded down."""
    less = height - math.floor((height + NEAR) / step) * step
    if method == "down" or (method == "nearest" and less < step / 2) or less <= NEAR:
        return -less
    return step - less


def _share(align: str) -> float:
    return {"start": 0.0, "end": 1.0}.get(align, 0.5)


def _spread(box: Any, above: float, below: float, insert: str) -> None:
    """Put white above and below a box that is laid out."""
    if insert == "margin-box":
        box.translate(0, above)
        box.margin_bottom += below
        return
    box.padding_top += above
    box.padding_bottom += below
    for child in box.children:
        child.translate(0, above)
