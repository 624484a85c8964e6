"""Where a section's excerpts part over two facing pages.

The unit of a reading book is the spread: a section opens on a verso, and its excerpts are shared
out so that both pages carry about the same number of lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

Mode = Literal["spread", "page", "recto", "run-on"]

MOST_SPREADS = 12
"""Sections; a longer book wastes too much paper with a spread for each."""


@dataclass(frozen=True, slots=True)
class SpreadPlan:
    """How the sections open.

    Attributes:
        mode: ``spread``, ``page`` (the next page, either side), ``recto`` or ``run-on``.
        turns: Ids of the excerpts that open the right-hand page of their spread.
    """

    mode: Mode
    turns: frozenset[str] = frozenset()


def balance(heights: Sequence[int], room: int) -> int | None:
    """Find where to break a sequence of excerpts over two pages.

    Args:
        heights: Lines of each excerpt with the blank line after it.
        room: Lines on each page.

    Returns:
        Index of the first excerpt on the second page, at the smallest difference between the
        pages; None where no break fits both.
    """
    best: tuple[int, int] | None = None
    for index in range(1, len(heights)):
        left, right = sum(heights[:index]) - 1, sum(heights[index:]) - 1
        if max(left, right) <= room:
            best = min(best or (abs(left - right), index), (abs(left - right), index))
    return best[1] if best else None


def plan_spreads(
    sections: Sequence[Sequence[tuple[str, int]]], room: int, asked: str, folios: str
) -> SpreadPlan:
    """Choose how sections open.

    Args:
        sections: For each section the ids and heights (in lines, blank line included) of its
            excerpts; empty where a section holds anything else.
        room: Lines below the hang line of a page.
        asked: The theme option ``sections``: ``auto`` or a mode.
        folios: The theme option ``folios``; a body that begins with page 1 begins on a recto, so
            that it cannot open on a verso.
    """
    breaks = [balance([height for _, height in section], room) for section in sections]
    fits = bool(sections) and len(sections) <= MOST_SPREADS and None not in breaks
    if asked not in {"auto", "spread"}:
        return SpreadPlan(cast("Mode", asked))  # the theme's option lists the modes
    if folios == "roman":
        return SpreadPlan("recto" if len(sections) <= MOST_SPREADS else "page")
    if asked == "auto" and not fits:
        return SpreadPlan("page")
    turns = {
        section[index][0]
        for section, index in zip(sections, breaks, strict=True)
        if index is not None
    }
    return SpreadPlan("spread", frozenset(turns))
