"""Set a planned line: the boxes of the base, cut where the plan says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from booklet.compose.boxtree import is_inline, is_line, is_out_of_flow, is_text
from booklet.compose.cells import is_vertical
from booklet.compose.filling import Filled
from booklet.compose.haste import use_sizes
from booklet.compose.lines import Line
from booklet.compose.paragraph import Leaf, Path
from booklet.compose.plan import Plan
from booklet.compose.shaping import Segment
from booklet.compose.vertical import number_half_lines, read_marks
from booklet.compose.weasy import (
    absolute_layout,
    adjust_line_height,
    inline_layout,
    line_break,
    out_of_flow_layout,
)  # fmt: skip


@dataclass(slots=True)
class Setter:
    """Sets one line; the attributes are those that the base hands around."""

    context: Any
    containing_block: Any
    bottom_space: Any
    absolute_boxes: Any
    fixed_boxes: Any
    placeholders: Any
    waiting_floats: Any
    room: float
    plan: Plan
    line: Line
    filled: Filled

    def set(self, box: Any, position_x: float, skip: Path, stop: Path | None) -> Any:
        """Set the part of a line or inline box that stands in the line.

        Args:
            box: The box before layout.
            position_x: Pixels from the left edge of the page.
            skip: Where in the box to begin.
            stop: Where in the box the next line begins; None for behind it.
        """
        return self._set(box, (), position_x, skip, stop, self.absolute_boxes)

    def _set(
        self, box: Any, path: Path, position_x: float, skip: Path, stop: Path | None,
        absolute_boxes: Any,
    ) -> Any:  # fmt: skip
        whole_line = is_line(box)
        is_start = whole_line or self.plan.paragraph.begins[path] >= self.line.begin
        initial_x = position_x
        if not whole_line and is_start:
            position_x += box.margin_left + box.border_left_width + box.padding_left
        mine = [] if box.style["position"] == "relative" else absolute_boxes
        children: list[Any] = []
        for index, child in self._children(box, skip, stop):
            child.position_y = box.position_y
            here = (*path, index)
            if is_out_of_flow(child):
                children += self._out_of_flow(box, index, child, position_x, mine)
                continue
            inner = skip[1:] if skip and skip[0] == index else ()
            until = stop[1:] if stop and stop[0] == index else None
            use_sizes(child, self.containing_block)
            if is_inline(child):
                for side in ("margin_left", "margin_right"):
                    if getattr(child, side) == "auto":
                        setattr(child, side, 0)
                new = self._set(child, here, position_x, inner, until, mine)
            elif is_text(child):
                new = self._text(child, here)
                if new is None:
                    continue
                new.position_x = position_x
            else:
                at = self.plan.paragraph.begins[here]
                position_x += self.filled.before.get(at, 0.0)
                new = inline_layout.atomic_box(
                    self.context, child, position_x, None, self.containing_block, mine,
                    self.fixed_boxes,
                )  # fmt: skip
                new.position_x = position_x
                position_x += self.filled.after.get(at, 0.0)
            position_x += new.margin_width()
            children.append(new)
        return self._finish(box, children, initial_x, mine, is_start=is_start, is_end=stop is None)

    def _children(self, box: Any, skip: Path, stop: Path | None) -> Any:
        first = skip[0] if skip else 0
        last = len(box.children)
        if stop is not None:
            # Without more to its path, the child belongs to the next line as a whole.
            last = stop[0] + (1 if len(stop) > 1 else 0)
        return list(enumerate(box.children))[first:last]

    def _finish(
        self, box: Any, children: list[Any], initial_x: float, mine: Any, *,
        is_start: bool, is_end: bool,
    ) -> Any:  # fmt: skip
        new = box.copy_with_children(children)
        new.remove_decoration(start=not is_start, end=not is_end)
        if not is_line(box):
            new.position_x = initial_x
        elif is_vertical(box.style):
            number_half_lines(new)
            read_marks(new)
        new.width = 0
        for child in reversed(children):
            if child.is_in_normal_flow():
                new.width = child.position_x + child.margin_width() - new.content_box_x()
                break
        adjust_line_height(new)
        if new.style["position"] == "relative":
            for absolute in mine:
                absolute_layout(
                    self.context, absolute, new, self.fixed_boxes, self.bottom_space,
                    skip_stack=None,
                )  # fmt: skip
        return new

    def _out_of_flow(
        self, box: Any, index: int, child: Any, position_x: float, mine: Any
    ) -> list[Any]:
        waiting: list[Any] = []
        out_of_flow_layout(
            self.context, box, self.containing_block, index, child, [], [], waiting,
            self.waiting_floats, mine, self.fixed_boxes, self.placeholders,
            {"left": 0, "right": 0}, position_x, position_x, self.bottom_space,
        )  # fmt: skip
        return [new for _, new, _ in waiting]

    def _text(self, box: Any, path: Path) -> Any:
        """Cut a text box."""
        leaf = self.plan.leaf(path)
        if leaf is None or leaf.shaped is None:
            return None
        low, high = max(leaf.begin, self.line.start), min(leaf.end, self.line.end)
        if low >= high:
            return None
        segment, width = self._segment(leaf, low, high)
        new = box.copy_with_text(segment.text)
        new.width, new.pango_layout = width, segment
        height, baseline = leaf.shaped.metrics(low - leaf.begin, high - leaf.begin)
        line_height, strut = line_break.strut(box.style)
        half_leading = (line_height - height) / 2
        new.height = height
        new.margin_top = new.margin_bottom = half_leading
        # Where `line-height` is given, only the first font of the stack counts (CSS 2, 10.8.1).
        fixed = box.style["line_height"] != "normal"
        new.baseline = strut if fixed else baseline + half_leading
        return new

    def _segment(self, leaf: Leaf, low: int, high: int) -> tuple[Segment, float]:
        shaped = leaf.shaped
        assert shaped is not None
        begin, filled = leaf.begin, self.filled
        tail = leaf.hyphen if self._hyphenated(high) else None
        segment = Segment(
            shaped, low - begin, high - begin, begin, filled.before, filled.after, tail
        )
        segment.max_width = self.room
        width = sum(shaped.widths[low - begin : high - begin])
        for shifts in (filled.before, filled.after):
            if shifts:
                width += sum(shifts[at] for at in range(low, high) if at in shifts)
        return segment, width + (sum(tail.widths) if tail else 0.0)

    def _hyphenated(self, high: int) -> bool:
        """Tell whether a line ends here with a soft hyphen that shows."""
        line = self.line
        is_end = high == line.end and not line.last
        return is_end and self.plan.paragraph.codes[line.final] == "y" and line.final == high - 1
