"""Text that does not fit: cut off at the trim, clipped by its box, or longer than its measure.

A finished file no longer knows which box a line was meant for, so this is read from the pages while
they are laid out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from booklet.errors import Place
from booklet.output.pictures import PIXEL

ABOVE, BELOW = 0.88, 0.12
"""Ems of a character above and below the baseline."""

CUT_SLACK = 0.05
"""Ems that may be missing before a character is harmed: its side bearing."""

HANGING = 1.0
"""Ems that a line may stick out of its measure: marks hang there (标点悬挂)."""

LONGEST_WORDS = 30

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom in CSS pixels from the top left corner of the trim."""


class Fault(StrEnum):
    """What is wrong with a piece of text."""

    CUT = "it is cut off at the trim"
    CLIPPED = "its box clips it"
    LONG = "it sticks out of its line"


@dataclass(frozen=True, slots=True)
class Overset:
    """A piece of text that does not fit.

    Attributes:
        page: Index of the page, from 0.
        words: The text, or its beginning.
        fault: What is wrong.
        by: Points by which it does not fit.
        at: Left and top of the text on the page, in points from the corner of the trim.
        place: Where the manuscript has it, or the template.
    """

    page: int
    words: str
    fault: Fault
    by: float
    at: tuple[float, float]
    place: Place

    def moved(self, pages: int) -> Overset:
        """Give the same, so many pages further on."""
        return replace(self, page=self.page + pages)


@dataclass(frozen=True, slots=True)
class _Context:
    """What the boxes around a piece of text allow it.

    Attributes:
        clip: Where ink shows.
        right: Where its lines end; None outside of lines.
        source: File and line of the manuscript.
    """

    clip: Rectangle | None
    right: float | None
    source: str


def overset(document: Any) -> Iterator[Overset]:
    """Find text that does not fit in the pages of a laid out document."""
    for number, page in enumerate(document.pages):
        box = page._page_box
        trim = (0.0, 0.0, float(box.margin_width()), float(box.margin_height()))
        yield from _page(number, box, trim)


def _page(number: int, page: Any, trim: Rectangle) -> Iterator[Overset]:
    stack = [(child, _Context(None, None, "")) for child in reversed(page.children)]
    while stack:
        box, context = stack.pop()
        if not _shows(box):
            continue
        context = _within(box, context)
        if hasattr(box, "text"):
            found = _judge(number, box, context, trim)
            if found is not None:
                yield found
            continue
        stack.extend((child, context) for child in reversed(getattr(box, "children", ())))


def _shows(box: Any) -> bool:
    """Tell whether a box is drawn, and where it was laid out: a transform moves it elsewhere."""
    style = box.style
    return bool(style["opacity"]) and not style["transform"]


def _within(box: Any, context: _Context) -> _Context:
    element = getattr(box, "element", None)
    if element is not None and hasattr(element, "get") and (source := element.get("data-src")):
        context = replace(context, source=source)
    if not box.is_in_normal_flow():
        context = replace(context, right=None)  # what is placed by itself has left its line
    if _has_lines(box):
        context = replace(context, right=box.content_box_x() + box.width)
    if box.style["overflow"] != "visible" and hasattr(box, "padding_width"):
        left, top = box.padding_box_x(), box.padding_box_y()
        own = (left, top, left + box.padding_width(), top + box.padding_height())
        context = replace(context, clip=own if context.clip is None else _common(own, context.clip))
    return context


def _has_lines(box: Any) -> bool:
    from weasyprint.formatting_structure.boxes import BlockContainerBox, LineBox

    return isinstance(box, BlockContainerBox) and any(
        isinstance(child, LineBox) for child in box.children
    )


def _common(one: Rectangle, two: Rectangle) -> Rectangle:
    return max(one[0], two[0]), max(one[1], two[1]), min(one[2], two[2]), min(one[3], two[3])


def _judge(number: int, box: Any, context: _Context, trim: Rectangle) -> Overset | None:
    words = " ".join(box.text.split())
    size = float(box.style["font_size"])
    if not words or not size or box.style["visibility"] != "visible":
        return None
    baseline = box.position_y + box.baseline
    text = (
        box.position_x, baseline - ABOVE * size,
        box.position_x + box.width, baseline + BELOW * size,
    )  # fmt: skip
    beyond = [(Fault.CUT, _outside(text, trim), CUT_SLACK)]
    if context.clip is not None:
        beyond.append((Fault.CLIPPED, _outside(text, context.clip), CUT_SLACK))
    if context.right is not None:
        beyond.append((Fault.LONG, text[2] - context.right, HANGING))
    for fault, by, slack in beyond:
        if by > slack * size:
            return Overset(
                number, words[:LONGEST_WORDS], fault, by * PIXEL,
                (text[0] * PIXEL, text[1] * PIXEL), _place(context.source),
            )  # fmt: skip
    return None


def _outside(text: Rectangle, room: Rectangle) -> float:
    """Measure how far text reaches beyond a rectangle, on the side where it does most."""
    return max(room[0] - text[0], room[1] - text[1], text[2] - room[2], text[3] - room[3])


def _place(source: str) -> Place:
    file, _, line = source.rpartition(":")
    return Place(file, int(line)) if line.isdigit() else Place(source or "build")
