"""Kinds and edges of the base's inline boxes."""

from __future__ import annotations

from typing import Any

from booklet.compose.haste import use_sizes
from booklet.compose.weasy import boxes, check_math


def is_text(box: Any) -> bool:
    """Tell whether a box holds text."""
    return isinstance(box, boxes.TextBox)


def is_inline(box: Any) -> bool:
    """Tell whether a box is a span of a line."""
    return isinstance(box, boxes.InlineBox)


def is_line(box: Any) -> bool:
    """Tell whether a box is a paragraph or a line of one."""
    return isinstance(box, boxes.LineBox)


def is_simple_atom(box: Any) -> bool:
    """Tell whether a box is a picture or an inline block."""
    return isinstance(box, boxes.AtomicInlineLevelBox)


def held(atom: Any) -> tuple[Any, ...]:
    """Give what the width of a picture or an inline block depends on, besides its room."""
    return tuple(
        (id(part.style), getattr(part, "text", None), id(getattr(part, "replacement", None)))
        for part in (atom, *getattr(atom, "descendants", tuple)())
    )


def is_out_of_flow(box: Any) -> bool:
    """Tell whether a box takes no room in its line."""
    return not box.is_in_normal_flow()


def edges(box: Any, containing_block: Any) -> tuple[float, float, bool]:
    """Give the margin, border and padding of an inline box in pixels, left and right.

    Returns:
        Both, and whether they depend on the room.
    """
    use_sizes(box, containing_block)
    style, sides = box.style, []
    movable = False
    for side in ("left", "right"):
        if getattr(box, f"margin_{side}") == "auto":
            setattr(box, f"margin_{side}", 0)
        sides.append(
            getattr(box, f"margin_{side}")
            + getattr(box, f"padding_{side}")
            + getattr(box, f"border_{side}_width")
        )
        for name in (f"margin_{side}", f"padding_{side}"):
            value = style[name]
            movable |= value != "auto" and (check_math(value) or value.unit == "%")
    return sides[0], sides[1], movable
