"""Where text stands on pages that are laid out, and how it is coloured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from booklet.compose import stands_beside
from booklet.errors import Place
from booklet.output.pictures import PIXEL

BOLD = 700
ORNAMENT = 36.0
"""Points from which type in a margin is an ornament, as a ghost numeral is."""


@dataclass(frozen=True, slots=True)
class TextBox:
    """A piece of text on a page.

    Attributes:
        page: Index of the page, from 0.
        box: Left, top, right, bottom in points from the top left corner of the trim.
        words: Its beginning.
        size: Type size in points.
        color: Red, green, blue of 255.
        place: In the manuscript; `build` for words of the theme.
        decorative: It says nothing: ``aria-hidden``, or large type in a margin.
    """

    page: int
    box: tuple[float, float, float, float]
    words: str
    size: float
    bold: bool
    color: tuple[int, int, int]
    place: Place
    decorative: bool


def text_boxes(document: Any) -> Iterator[TextBox]:
    """List the text of a laid out document, without what a transform moves elsewhere."""
    for number, page in enumerate(document.pages):
        stack = [(child, "", False, False) for child in reversed(page._page_box.children)]
        while stack:
            box, source, margin, hidden = stack.pop()
            if box.style["transform"] or not box.style["opacity"]:
                continue
            element = getattr(box, "element", None)
            if element is not None and hasattr(element, "get"):
                source = element.get("data-src") or source
                margin = margin or element.get("data-running") is not None
                hidden = hidden or element.get("aria-hidden") == "true"
            if hasattr(box, "text"):
                if (found := _text(number, box, source)) is not None:
                    ornament = hidden or (margin and found.size >= ORNAMENT)
                    yield replace(found, decorative=ornament)
                continue
            children = reversed(getattr(box, "children", ()))
            stack.extend((child, source, margin, hidden) for child in children)


def _text(number: int, box: Any, source: str) -> TextBox | None:
    words = " ".join(box.text.split())
    size = float(box.style["font_size"])
    color = box.style["color"].to("srgb")
    if not words or not size or box.style["visibility"] != "visible" or not color.alpha:
        return None
    if stands_beside(box.style):
        return None  # a mark beside the text, drawn where no box is
    baseline = box.position_y + box.baseline
    edges = (
        box.position_x,
        baseline - 0.88 * size,
        box.position_x + box.width,
        baseline + 0.12 * size,
    )
    red, green, blue = (round(255 * min(max(part, 0), 1)) for part in color.coordinates)
    left, top, right, bottom = (float(edge) * PIXEL for edge in edges)
    file, _, line = source.rpartition(":")
    place = Place(file, int(line)) if line.isdigit() else Place(source or "build")
    bold = int(box.style["font_weight"]) >= BOLD
    return TextBox(
        number, (left, top, right, bottom), words[:30], size * PIXEL, bold, (red, green, blue),
        place, decorative=False,
    )  # fmt: skip
