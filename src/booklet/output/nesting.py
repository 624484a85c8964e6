"""Boxes within boxes that the renderer lays out again and again, counted before it begins.

A flexible box, a grid and a box of columns each lay out what they hold several times. One within
another multiplies that: ten of them take hours. Which boxes they are is known only when all style
sheets are applied, so the tree of boxes is looked at between its making and its layout.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from booklet import limits

_FLEX, _GRID, _COLUMNS = 4, 2, 5
"""How often each lays out what it holds, about, as measured on chains of them."""

_CROWD = 100
"""A grid looks at its items in pairs: so many pairs take about as long as one box."""


class NestedError(Exception):
    """Boxes that would take too long to lay out; ``str()`` says which."""


class FittingError(Exception):
    """The boxes are within the limits, and nobody wants them laid out."""


_looking: list[None] = []


@contextlib.contextmanager
def only_looking() -> Iterator[None]:
    """Raise `FittingError` instead of laying boxes out, for a while."""
    _looking.append(None)
    try:
        yield
    finally:
        _looking.pop()


def guard_layouts() -> None:
    """Have the renderer refuse what would take too long; to be called before it renders."""
    from weasyprint import document

    made = document.build_formatting_structure
    if getattr(made, "_guarded", False):
        return

    def build_formatting_structure(*arguments: Any) -> Any:
        root = made(*arguments)
        check_boxes([root, *arguments[-1]])
        if _looking:
            raise FittingError
        return root

    build_formatting_structure._guarded = True  # type: ignore[attr-defined]
    document.build_formatting_structure = build_formatting_structure


def check_boxes(roots: list[Any]) -> None:
    """Count how often the boxes of some trees would be laid out.

    Raises:
        NestedError: Too often, or too many are within one another.
    """
    deepest, most = limits.value("layout-depth"), limits.value("layout-work")
    work = 0
    stack = [(root, 0, 1) for root in roots]
    while stack:
        box, depth, times = stack.pop()
        children = getattr(box, "children", ())
        if depth > 1:
            work += times
        if children and (again := _again(box)):
            depth, times = depth + 1, times * again
            work += times * len(children) ** 2 // _CROWD if again != _COLUMNS else 0
            if depth > deepest:
                _refuse(box, "are nested too deeply", "layout-depth")
        if work > most:
            _refuse(box, "would be laid out too often", "layout-work")
        stack += [(child, depth, times) for child in children]


def _again(box: Any) -> int:
    """Tell how often a box lays out what it holds, where that is more than once; else 0."""
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.FlexContainerBox):
        return _FLEX
    if isinstance(box, boxes.GridContainerBox):
        return _GRID
    if isinstance(box, boxes.BlockContainerBox):
        style = box.style
        if style["column_width"] != "auto" or style["column_count"] != "auto":
            return _COLUMNS
    return 0


def _refuse(box: Any, what: str, name: str) -> None:
    element = box.element
    tag = str(box.element_tag or "")[:40]
    classes = "" if element is None else element.get("class", "")[:60]
    shown = f'<{tag} class="{classes}">' if classes else f"<{tag}>"
    msg = f"flexible boxes, grids and columns {what}, up to {shown} ({limits.named(name)})"
    raise NestedError(msg)
