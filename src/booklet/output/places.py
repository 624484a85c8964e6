"""Where things stand on laid out pages: paragraphs with their source, headings, leaves.

What a preview needs to lead from a page back to the manuscript. All lengths are points from the
upper left corner of the trim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from booklet.output.turning import turned_pages

PER_PIXEL = 0.75
"""Points."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageFrame:
    """A page as a leaf shows it.

    Attributes:
        width: Points.
        height: Points.
        bleed: Points beyond the trim, on every side.
        top: From the trim to the first line, before the page was turned.
        recto: On the side of an opening where the book begins.
        turned: Laid out sideways and turned clockwise, as pages of vertical lines are.
    """

    width: float
    height: float
    bleed: float
    top: float
    recto: bool
    turned: bool


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
    box: Box


def page_frames(document: Any) -> tuple[PageFrame, ...]:
    """Give the frame of each page of a rendered document."""
    frames = []
    for page, turned in zip(document.pages, turned_pages(document), strict=True):
        top = page._page_box.content_box_y()
        width, height, bleed, top = (
            round(value * PER_PIXEL, 3)
            for value in (page.width, page.height, max(page.bleed.values()), top)
        )
        recto = page._page_box.page_type.side == document.pages[0]._page_box.page_type.side
        if turned:
            width, height = height, width
        frames.append(PageFrame(width, height, bleed, top, recto, turned))
    return tuple(frames)


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
    page = document.pages[number]
    found = tuple(_passages(page._page_box, ""))
    if not turned_pages(document)[number]:
        return found
    across = page.height * PER_PIXEL
    return tuple(Passage(item.source, _turned(item.box, across)) for item in found)


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


def _turned(box: Box, across: float) -> Box:
    """Turn a rectangle clockwise on a page that becomes that wide."""
    left, top, width, height = box
    return round(across - top - height, 2), left, height, width


def _rectangle(box: Any) -> Box:
    values = (
        box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height()
    )  # fmt: skip
    left, top, width, height = (round(value * PER_PIXEL, 2) for value in values)
    return left, top, width, height
