"""What of WeasyPrint 70 is replaced.

The base has no public way into its inline layout, so four functions are replaced:
`split_inline_box` (a line begins: set what the plan says), `justify_line` (the plan has done it)
and the two that measure a paragraph before it has a width. What the composer cannot do goes the
base's own way, unchanged.
"""

from __future__ import annotations

from typing import Any

from booklet.compose.boxtree import is_line
from booklet.compose.cascade import share_styles
from booklet.compose.cells import add_vertical_properties
from booklet.compose.columns import keep_columns_whole
from booklet.compose.decor_style import add_decoration_properties
from booklet.compose.filling import fill_line
from booklet.compose.haste import make_haste
from booklet.compose.hidden import leave_hidden_untagged
from booklet.compose.interlinear import teach_interlinear
from booklet.compose.latin import teach_latin
from booklet.compose.leaders import join_leaders
from booklet.compose.mending import mend
from booklet.compose.notes import make_pages
from booklet.compose.pages import teach_pages
from booklet.compose.paragraph import TooComplexError, read_paragraph
from booklet.compose.plan import Plan
from booklet.compose.properties import add_text_properties
from booklet.compose.ruby import mark_ruby, teach_ruby
from booklet.compose.ruby_boxes import RubyPair
from booklet.compose.ruby_readings import measure_in, read_readings, widened
from booklet.compose.setting import Setter
from booklet.compose.snapping import add_line_snap
from booklet.compose.steps import add_block_step
from booklet.compose.strain import STRETCH, note_stretch
from booklet.compose.style import compose_style
from booklet.compose.weasy import (
    check_math,
    inline_layout,
    is_replaced,
    page_layout,
    preferred,
    replace,
    restore,
    version_problem,
)  # fmt: skip

_split_inline_box = inline_layout.split_inline_box
_justify_line = inline_layout.justify_line
_inline_min_content_width = preferred.inline_min_content_width
_inline_max_content_width = preferred.inline_max_content_width
_PLAN = "_compose_plan"


def find_plan(line_box: Any, containing_block: Any, measure: Any, room: Any) -> Plan | None:
    """Give the plan of a paragraph, made once; None where the base lays it out.

    Args:
        line_box: The paragraph before layout.
        containing_block: What percentages refer to.
        measure: Gives the width of a picture or an inline block in pixels.
        room: What such widths depend on: a plan serves where it is the same.
    """
    known = getattr(line_box, _PLAN, None)
    if known is not None:
        children, plan, its_room = known
        if plan is None:
            if children is line_box.children:
                return None
        elif (not plan.paragraph.movable or room == its_room) and plan.fits(line_box):
            return plan  # type: ignore[no-any-return]
    plan = _make_plan(line_box, containing_block, measure)
    setattr(line_box, _PLAN, (line_box.children, plan, room))
    return plan


def _room(containing_block: Any) -> Any:
    """Give what percentages and automatic widths in a box depend on."""
    if isinstance(containing_block, tuple):
        return containing_block
    return containing_block.width, containing_block.height


def _make_plan(line_box: Any, containing_block: Any, measure: Any) -> Plan | None:
    if line_box.text_overflow != "clip" or line_box.style["direction"] != "ltr":
        return None
    try:
        paragraph = read_paragraph(line_box, containing_block, measure)
        if paragraph is not None and paragraph.pairs:
            readings = read_readings(paragraph, line_box.style, containing_block, measure)
            paragraph.readings.extend(readings)
    except TooComplexError:
        return None
    return None if paragraph is None else Plan.of(paragraph, compose_style(line_box.style))


# ---- what is replaced ---------------------------------------------------------------------------


def split_inline_box(  # noqa: PLR0913, PLR0917 - the base's own signature
    context: Any, box: Any, position_x: Any, max_x: Any, bottom_space: Any, skip_stack: Any,
    containing_block: Any, absolute_boxes: Any, fixed_boxes: Any, line_placeholders: Any,
    waiting_floats: Any, line_children: Any, first_letter_style: Any, first_line_style: Any,
) -> Any:  # fmt: skip
    """Set a line as planned."""
    plan = None
    if is_line(box):
        if not first_line_style:
            measure = measure_in(context, containing_block)
            plan = find_plan(box, containing_block, measure, _room(containing_block))
        mark_ruby(box, plan)
    elif isinstance(box, RubyPair):
        box = widened(box, context, containing_block)
    if plan is None:
        return _split_inline_box(
            context, box, position_x, max_x, bottom_space, skip_stack, containing_block,
            absolute_boxes, fixed_boxes, line_placeholders, waiting_floats, line_children,
            first_letter_style, first_line_style,
        )  # fmt: skip
    room = max_x - position_x
    # Beside a float every line is asked for on its own: those below are thought as wide.
    rest = room if context.excluded_shapes else room + box.text_indent
    line = plan.line(plan.paragraph.locate(skip_stack), room, rest)
    style = plan.style
    stretch = bool(style.justify_last if line.last else style.justify)
    filled = fill_line(
        line, plan.material, room, squeeze=bool(style.justify or stretch), stretch=stretch
    )
    setter = Setter(
        context, containing_block, bottom_space, absolute_boxes, fixed_boxes, line_placeholders,
        waiting_floats, room, plan, line, filled,
    )  # fmt: skip
    ended = line.resume == len(plan.material.widths)
    stop = None if ended else plan.paragraph.path_of(line.resume)
    new_box = setter.set(box, position_x, _path(skip_stack), stop)
    delattr(new_box, _PLAN)
    # A last line that is spread, such as 书　名, is spread on purpose.
    note_stretch(context, new_box, 0.0 if line.last else filled.stretch, filled.gaps)
    forced = plan.paragraph.codes[line.resume - 1] == "n"
    return new_box, _stack(stop), forced, None, None, {"left": 0, "right": 0}


def _path(skip_stack: Any) -> tuple[int, ...]:
    path: tuple[int, ...] = ()
    while skip_stack:
        ((index, skip_stack),) = skip_stack.items()
        path += (index,)
    return path


def _stack(path: tuple[int, ...] | None) -> Any:
    stack: dict[int, Any] | None = None
    for index in reversed(path or ()):
        stack = {index: stack}
    return stack


def justify_line(context: Any, line: Any, extra_width: Any) -> None:
    """Leave a planned line as it is."""
    if not hasattr(line, STRETCH):
        _justify_line(context, line, extra_width)


def inline_min_content_width(
    context: Any, box: Any, outer: Any = True, skip_stack: Any = None,
    first_line: Any = False, is_line_start: Any = False,
) -> Any:  # fmt: skip
    """Measure the longest part of a paragraph that cannot be broken, as it will be set."""
    plan = None
    if skip_stack is None and not first_line:
        plan = _measured(context, box, preferred.min_content_width)
    if plan is None:
        return _inline_min_content_width(context, box, outer, skip_stack, first_line, is_line_start)
    return preferred.adjust(box, outer, plan.narrowest(box.style["text_indent"].value))


def inline_max_content_width(
    context: Any, box: Any, outer: Any = True, is_line_start: Any = False
) -> Any:
    """Measure a paragraph on one line, as it will be set."""
    plan = _measured(context, box, preferred.max_content_width)
    if plan is None:
        return _inline_max_content_width(context, box, outer, is_line_start)
    return preferred.adjust(box, outer, plan.widest(box.style["text_indent"].value))


def _measured(context: Any, box: Any, width: Any) -> Plan | None:
    if not is_line(box):
        return None
    indent = box.style["text_indent"]
    if check_math(indent) or indent.unit == "%":
        return None
    # Nobody knows the room yet: percentages count for nothing.
    return find_plan(box, (0, 0), lambda atom: float(width(context, atom)), width)


# ---- switching on and off -----------------------------------------------------------------------


def install() -> None:
    """Teach WeasyPrint to compose; a second call does nothing.

    Raises:
        RuntimeError: It is not the version that this module was written for.
    """
    if problem := version_problem():
        raise RuntimeError(problem)
    if is_replaced():
        return
    mend()
    teach_latin()
    add_text_properties()
    add_decoration_properties()
    add_line_snap()
    leave_hidden_untagged()
    keep_columns_whole()
    add_block_step()
    add_vertical_properties()
    teach_ruby()
    replace(page_layout, "make_all_pages", make_pages)
    teach_pages()
    share_styles()
    make_haste()
    join_leaders()
    replace(inline_layout, "split_inline_box", split_inline_box)
    replace(inline_layout, "justify_line", justify_line)
    teach_interlinear()
    replace(preferred, "inline_min_content_width", inline_min_content_width)
    replace(preferred, "inline_max_content_width", inline_max_content_width)


def uninstall() -> None:
    """Give WeasyPrint its own line layout back, and forget the properties."""
    restore()
