"""Lines that had to be stretched too far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from booklet.compose.boxtree import is_line, is_text
from booklet.compose.style import STRAIN

STRETCH = "compose_stretch"
"""The attribute of a set line that tells how far it was stretched, in ems a gap."""


@dataclass(frozen=True, slots=True)
class Strain:
    """A line that was stretched too far.

    Attributes:
        page: Number of its page, from 1.
        text: What it says.
        stretch: Ems added to each of its gaps.
    """

    page: int
    text: str
    stretch: float


def strained_lines(document: Any, limit: float = STRAIN) -> Iterator[Strain]:
    """Find the lines of a rendered document that needed more than ``limit`` ems a gap."""
    for number, page in enumerate(document.pages, 1):
        for box in page._page_box.descendants():
            if is_line(box) and getattr(box, STRETCH, 0.0) > limit:
                text = "".join(part.text for part in box.descendants() if is_text(part))
                yield Strain(number, text, getattr(box, STRETCH))
