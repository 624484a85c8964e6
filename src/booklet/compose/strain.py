"""Lines that had to be stretched too far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from booklet.compose.boxtree import is_line, is_text
from booklet.compose.classes import has_cjk
from booklet.compose.style import STRAIN

STRETCH = "compose_stretch"
"""The attribute of a set line that tells how far it was stretched, in ems a gap."""

_NOTED = "compose_strained"
"""The attribute of the base's font configuration that tells that some line was."""


WORDS = 3.0
"""How much further the words of a line may be parted that holds no Chinese."""


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


def note_stretch(context: Any, line: Any, stretch: float) -> None:
    """Remember how far a line was stretched."""
    setattr(line, STRETCH, stretch)
    if stretch > STRAIN:
        context.font_config.__dict__[_NOTED] = True


def strained_lines(document: Any, limit: float = STRAIN) -> Iterator[Strain]:
    """Find the lines of a rendered document that needed more than ``limit`` ems a gap.

    Between the words of a line that holds no Chinese, three times as much is still no harm.
    """
    if limit >= STRAIN and _NOTED not in document.font_config.__dict__:
        return
    for number, page in enumerate(document.pages, 1):
        for box in page._page_box.descendants():
            if not is_line(box) or getattr(box, STRETCH, 0.0) <= limit:
                continue
            text = "".join(part.text for part in box.descendants() if is_text(part))
            stretch = getattr(box, STRETCH)
            if has_cjk(text) or stretch > limit * WORDS:
                yield Strain(number, text, stretch, box.element)
