"""Lines that had to be stretched too far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from booklet.compose.boxtree import is_line, is_text
from booklet.compose.classes import has_cjk
from booklet.compose.style import STRAIN

STRETCH, GAPS = "compose_stretch", "compose_gaps"
"""Attributes of a set line: how far it was stretched, in ems a gap, and at how many gaps."""

_NOTED = "compose_strained"
"""The attribute of the base's font configuration that tells that some line was."""


WORDS = 3.0
"""How much further the words of a line may be parted that holds no Chinese."""

LEAST = 0.6
"""Ems that a line must have been stretched in all; a few wide gaps among long words pass."""


@dataclass(frozen=True, slots=True)
class Strain:
    """A line that was stretched too far.

    Attributes:
        page: Number of its page, from 1.
        text: What it says.
        stretch: Ems added to each of its gaps.
        element: The element of the paragraph.
    """

    page: int
    text: str
    stretch: float
    element: Any = None


def note_stretch(context: Any, line: Any, stretch: float, gaps: int) -> None:
    """Remember how far a line was stretched, and at how many gaps."""
    setattr(line, STRETCH, stretch)
    setattr(line, GAPS, gaps)
    if stretch > STRAIN:
        context.font_config.__dict__[_NOTED] = True


def strained_lines(document: Any, limit: float = STRAIN) -> Iterator[Strain]:
    """Find the lines of a rendered document that needed more than ``limit`` ems a gap.

    Between the words of a line that holds no Chinese, three times as much is still no harm; and
    so is a little more at two or three gaps among long words.
    """
    if limit >= STRAIN and _NOTED not in document.font_config.__dict__:
        return
    for number, page in enumerate(document.pages, 1):
        for box in page._page_box.descendants():
            stretch = getattr(box, STRETCH, 0.0) if is_line(box) else 0.0
            if stretch <= limit or stretch * getattr(box, GAPS) < LEAST:
                continue
            text = "".join(part.text for part in box.descendants() if is_text(part))
            if has_cjk(text) or stretch > limit * WORDS:
                yield Strain(number, text, stretch, box.element)
