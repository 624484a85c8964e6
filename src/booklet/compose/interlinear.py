"""Draw what stands between the lines 行间标点: emphasis marks, and lines under, over and through.

Where these stand depends on all the text of a line of type. It is found when a line is about to be
drawn, and handed to its text boxes, which the base draws one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from booklet.compose.bodies import OVER, UNDER, forget_bodies, read_bodies
from booklet.compose.boxtree import is_inline, is_line
from booklet.compose.decoration import NEAR, Part, baseline_of
from booklet.compose.emphasis import GAP, Marks, centres, height_of, is_over
from booklet.compose.outlines import Outline, outline_of
from booklet.compose.strokes import Stroke
from booklet.compose.walk import is_marked_line, walk_line
from booklet.compose.weasy import draw, draw_text_module, get_color, replace

_PLACED = "_compose_interlinear"

_draw_inline_level = draw.draw_inline_level
_draw_text = draw.draw_text
_draw_text_decoration = draw_text_module.draw_text_decoration


@dataclass(slots=True)
class _Placed:
    """What is drawn with a text box; the pixels are those between which a line is drawn with it.

    Attributes:
        below: Lines under and over, drawn before the text.
        above: Lines through, drawn after it.
        marks: Emphasis marks.
        top: The upper edge of all that stands over the text; None for nothing.
        foot: The lower edge of all that stands under it.
        read: Whether a reading stands where the marks would.
    """

    below: list[tuple[Stroke, tuple[float, float] | None]] = field(default_factory=list)
    above: list[Stroke] = field(default_factory=list)
    marks: Marks | None = None
    top: float | None = None
    foot: float | None = None
    read: bool = False

    def clear(self, *, top: float, foot: float, over: bool) -> None:
        """Take note of what stands over or under the text."""
        if over:
            self.top = top if self.top is None else min(top, self.top)
        else:
            self.foot = foot if self.foot is None else max(foot, self.foot)


# ---- placing -------------------------------------------------------------------------------------


def place(box: Any) -> None:
    """Place what stands between the lines, for a line box or an inline box drawn on its own."""
    walk = walk_line(box)
    for text in walk.texts:
        text.__dict__.pop(_PLACED, None)
    for decoration in walk.decorations:
        for kind, stroke, parts in decoration.strokes():
            _place_stroke(kind, stroke, parts)
    for text in walk.emphasised if walk.readings else ():
        if text is not None:
            _clear_readings(text, walk.readings)
    for level, group in groupby(walk.emphasised, key=_level):
        if level is not None:
            _place_marks(list(group))
    for text in walk.texts:
        forget_bodies(text)


def _placed(box: Any) -> _Placed:
    placed = box.__dict__.get(_PLACED)
    if placed is None:
        placed = _Placed()
        setattr(box, _PLACED, placed)
    return placed  # type: ignore[no-any-return]


def _place_stroke(kind: str, stroke: Stroke, parts: list[Part]) -> None:
    """Have a line drawn by the first text box along it, and again over each background.

    What runs through the text is drawn by the last one, over them all.
    """
    if kind == "line-through":
        _placed(parts[-1].box).above.append(stroke)
        for part in parts:
            _placed(part.box)
        return
    firsts = [at for at, part in enumerate(parts) if not at or part.fresh]
    for number, first in enumerate(firsts):
        clip = None
        if len(firsts) > 1:
            left = parts[first].left if number else stroke.left
            last = firsts[number + 1] if number + 1 < len(firsts) else 0
            clip = left, (parts[last].left if last else stroke.right)
        _placed(parts[first].box).below.append((stroke, clip))
    for part in parts:
        _placed(part.box).clear(
            top=stroke.top, foot=stroke.top + stroke.extent, over=kind == "overline"
        )


def _clear_readings(box: Any, readings: list[Any]) -> None:
    """Keep clear of a reading on the side where marks will stand (CSS Text Decoration 4, 3.4)."""
    over, baseline = is_over(box.style), baseline_of(box)
    for reading in readings:
        end = reading.position_x + reading.width
        if reading.position_x >= box.position_x + box.width or end <= box.position_x:
            continue
        line, em = baseline_of(reading), reading.style["font_size"]
        if (line < baseline) == over:
            placed = _placed(box)
            placed.clear(top=line - OVER * em, foot=line + UNDER * em, over=over)
            placed.read = True


def _level(box: Any) -> Any:
    """Give what the text boxes of a row of marks have in common."""
    if box is None:
        return None
    placed = box.__dict__.get(_PLACED)
    read = placed is not None and placed.read
    return round(baseline_of(box) / NEAR), box.style["font_size"], is_over(box.style), read


def _place_marks(boxes: list[Any]) -> None:
    """Place a row of marks on one height, outside of lines on the same side (clreq 3.1.8)."""
    rows = []
    for box in boxes:
        found = list(centres(read_bodies(box), box.style["text_emphasis_skip"]))
        if found:
            rows.append((box, found))
    if not rows:
        return
    over, baseline = is_over(boxes[0].style), baseline_of(boxes[0])
    edge = max(
        body.high if over else body.deep for _, found in rows for _, body in found
    )  # fmt: skip
    for box, _ in rows:
        placed = _placed(box)
        if over and placed.top is not None:
            edge = max(edge, baseline - placed.top)
        elif not over and placed.foot is not None:
            edge = max(edge, placed.foot - baseline)
    for box, found in rows:
        style = box.style
        em, look = style["font_size"], style["text_emphasis_style"]
        outline: Outline | None = None
        if look[0] == "string" and (outline := outline_of(look[1], style)) is None:
            continue
        away = edge + em * (GAP + height_of(look, outline) / 2)
        _placed(box).marks = Marks(
            look, outline, [box.position_x + x for x, _ in found],
            baseline - away if over else baseline + away, em,
            get_color(style, "text_emphasis_color"),
        )  # fmt: skip


# ---- what is replaced ----------------------------------------------------------------------------


def draw_inline_level(stream: Any, page: Any, box: Any, *inherited: Any) -> None:
    """Draw a line; the base hands on more than the box only to what stands within one."""
    if not inherited and (is_line(box) or is_inline(box)) and is_marked_line(box):
        place(box)
    _draw_inline_level(stream, page, box, *inherited)


def draw_text(stream: Any, textbox: Any, *others: Any) -> None:
    """Draw a text box with what stands around it, in the order of CSS Text Decoration 4, 5."""
    placed = textbox.__dict__.get(_PLACED)
    if placed is None:
        _draw_text(stream, textbox, *others)
        return
    _draw_strokes(stream, placed.below)
    _draw_text(stream, textbox, *others)
    if placed.marks is not None:
        placed.marks.draw(stream)
    for stroke in placed.above:
        stroke.draw(stream)


def _draw_strokes(stream: Any, strokes: list[tuple[Stroke, tuple[float, float] | None]]) -> None:
    for stroke, clip in strokes:
        if clip is None:
            stroke.draw(stream)
            continue
        left, right = clip
        with stream.stacked():
            stream.rectangle(left, stroke.top, right - left, stroke.extent)
            stream.clip()
            stream.end()
            stroke.draw(stream)


def draw_text_decoration(stream: Any, textbox: Any, *others: Any) -> None:
    """Leave out the lines of the base where others were placed."""
    if _PLACED not in textbox.__dict__:
        _draw_text_decoration(stream, textbox, *others)


def teach_interlinear() -> None:
    """Have the base draw what stands between the lines."""
    replace(draw, "draw_inline_level", draw_inline_level)
    replace(draw, "draw_text", draw_text)
    replace(draw_text_module, "draw_text_decoration", draw_text_decoration)
