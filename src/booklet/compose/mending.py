"""Crashes of WeasyPrint 70 on ordinary CSS, mended.

Each function stands in for one of the base, and says what the base gets wrong. What is mended
later in the base goes with it: the contract test tells when its source has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from booklet.compose.boxtree import is_text
from booklet.compose.weasy import (
    block_content_width,
    build,
    computed_values,
    first_letter_to_box,
    inline_layout,
    marker_to_box,
    preferred,
    replace,
)


def mend() -> None:
    """Put what is mended into the base."""
    computers = computed_values.COMPUTER_FUNCTIONS
    replace(build, "marker_to_box", _marker_to_box)
    replace(inline_layout, "first_letter_to_box", _first_letter_to_box)
    replace(preferred, "_block_content_width", _block_content_width)
    replace(computers, "border_image_width", _in_pixels(computers["border_image_width"]))
    replace(computers, "column_width", _not_nothing(computers["column_width"]))


def _marker_to_box(*arguments: Any) -> Iterator[Any]:
    """Let the words of `li::marker { content }` be words.

    The marker is positioned by a style that it shares with them, so that they are positioned, too.
    """
    for marker in marker_to_box(*arguments):
        for child in marker.children:
            if child.style is marker.style:
                child.style = child.style.copy()
                child.style["position"] = "static"
        yield marker


def _first_letter_to_box(box: Any, skip_stack: Any, first_letter_style: Any) -> Any:
    """Find the first letter of a paragraph once.

    A paragraph that is laid out again, on the next page or beside a float, already has a box for
    it. The base takes that for the paragraph, and makes a box of the letter within the box.
    """
    if first_letter_style and box.children:
        first = box.children[0]
        tag = first.element_tag or ""
        if not is_text(first) and tag.endswith("::first-letter"):
            return skip_stack
    return first_letter_to_box(box, skip_stack, first_letter_style)


def _block_content_width(context: Any, box: Any, function: Any, outer: Any) -> Any:
    """Measure a float or a cell without the running elements in it, which stand in a margin."""
    if box.is_running():
        return 0
    if any(child.is_running() for child in box.children):
        box = box.copy_with_children([child for child in box.children if not child.is_running()])
    return block_content_width(context, box, function, outer)


def _in_pixels(compute: Any) -> Any:
    """Make pixels of the lengths of `border-image-width`; the base leaves them as written."""

    def border_image_width(style: Any, name: Any, values: Any) -> Any:
        return tuple(
            computed_values.length(style, name, value)
            if getattr(value, "unit", None) not in {None, "%"}
            else value
            for value in compute(style, name, values)
        )

    return border_image_width


def _not_nothing(compute: Any) -> Any:
    """Keep columns from being 0 wide; the base divides by their width (CSS Multicol 1, 3.1)."""

    def column_width(style: Any, name: Any, value: Any) -> Any:
        width = compute(style, name, value)
        return width if width == "auto" else max(width, 1)

    return column_width
