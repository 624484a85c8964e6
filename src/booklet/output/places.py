"""Where things stand on laid out pages: paragraphs with their source, headings, leaves.

What a preview needs to lead from a page back to the manuscript. All lengths are points from the
upper left corner of the trim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

PER_PIXEL = 0.75
"""Points."""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """A page as a leaf shows it.

    Attributes:
        width: Points.
        height: Points.
        bleed: Points beyond the trim, on every side.
        side: Which page of an opening it is.
    """

    width: float
    height: float
    bleed: float
    side: Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the outline: its words, its level from 1, the index of its page."""

    title: str
    level: int
    page: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A rectangle that some lines of the manuscript fill.

    Attributes:
        source: ``file:line``.
        box: Left, top, width and height.
    """

    source: str
    box: tuple[float, float, float, float]


def page_frames(document: Any) -> tuple[PageFrame, ...]:
    """Give the frame of each page of a rendered document."""
    return tuple(
        PageFrame(
            round(page.width * PER_PIXEL, 3),
            round(page.height * PER_PIXEL, 3),
            round(max(page.bleed.values()) * PER_PIXEL, 3),
            "left" if page._page_box.page_type.side == "left" else "right",
        )
        for page in document.pages
    )


def headings(document: Any) -> tuple[Heading, ...]:
    """Give the outline in reading order."""
    return tuple(
        Heading(" ".join(label.split()), level, number)
        for number, page in enumerate(document.pages)
        for level, label, _, _ in page.bookmarks
    )


def passages(document: Any, number: int) -> tuple[Passage, ...]:
    """List what stands on a page, the outermost first.

    Args:
        document: A rendered document.
        number: Index of the page, from 0.
    """
    return tuple(_passages(document.pages[number]._page_box, ""))


def _passages(box: Any, around: str) -> Iterator[Passage]:
    source = around
    element = getattr(box, "element", None)
    if element is not None and hasattr(element, "get"):
        source = element.get("data-src") or around
    if source != around and hasattr(box, "border_width"):
        yield Passage(source, _rectangle(box))
    for child in getattr(box, "children", ()):
        # A note or a running head lies beside its box in the tree, in a place of its own.
        yield from _passages(child, source)


def _rectangle(box: Any) -> tuple[float, float, float, float]:
    values = (
        box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height()
    )  # fmt: skip
    left, top, width, height = (round(value * PER_PIXEL, 2) for value in values)
    return left, top, width, height
