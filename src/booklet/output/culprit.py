"""Which rule of which style sheet the renderer does not survive, found by leaving rules out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic

import tinycss2

from booklet.errors import Place
from booklet.output.css_console import file_of
from booklet.typeset.book import Stylesheet

PATIENCE = 60.0
"""Seconds that the search may take."""

Survives = Callable[[Sequence[Stylesheet]], bool]
"""Tells whether the renderer comes through with other style sheets."""


def find_culprit(sheets: Sequence[Stylesheet], survives: Survives) -> Place | None:
    """Find the rule without which, and without all after it, the renderer would have come through.

    Args:
        sheets: In the order of the cascade; the last are the publication's own.
        survives: Lays the book out with other style sheets.

    Returns:
        None where it does not survive the bare HTML either, or where the search takes too long.
    """
    trials = _Trials(survives)
    count = _fewest(len(sheets), lambda number: not trials.survive(sheets[:number]))
    if not count or trials.spent:
        return None
    before, sheet = sheets[: count - 1], sheets[count - 1]
    rules = [
        rule
        for rule in tinycss2.parse_stylesheet(sheet.css, skip_comments=True, skip_whitespace=True)
        if rule.type != "error"
    ]

    def stops(number: int) -> bool:
        css = tinycss2.serialize(rules[:number])
        return not trials.survive([*before, replace(sheet, css=css)])

    number = _fewest(len(rules), stops)
    if not number or trials.spent:
        return Place(file_of(sheet))
    rule = rules[number - 1]
    return Place(file_of(sheet), rule.source_line, rule.source_column)


class _Trials:
    """Tries layouts until patience ends."""

    def __init__(self, survives: Survives) -> None:
        self._survives, self._begun = survives, monotonic()

    @property
    def spent(self) -> bool:
        """Whether there is no time for another one."""
        return monotonic() - self._begun > PATIENCE

    def survive(self, sheets: Sequence[Stylesheet]) -> bool:
        """Try one; when the time is over, all survive."""
        return self.spent or self._survives(sheets)


def _fewest(count: int, stops: Callable[[int], bool]) -> int:
    """Find the fewest of some things with which the renderer stops; 0 if it stops without any.

    With all of them it is known to stop.
    """
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if stops(middle):
            high = middle
        else:
            low = middle + 1
    return high
