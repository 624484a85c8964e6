"""What was aimed at, and whether what was measured reaches it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench.tables import Run, ratios


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure to reach.

    Attributes:
        words: What it is of.
        name: Of the contender.
        size: Pages that the book is written for.
        what: A figure of `Run`.
        most: The largest value that reaches it.
        ratio: It is a multiple of plain WeasyPrint's.
        unit: Of the value.
    """

    words: str
    name: str
    size: int
    what: str
    most: float
    ratio: bool = False
    unit: str = "s"

    def found(self, runs: Sequence[Run]) -> float | None:
        """Give the median of what was measured; None for nothing."""
        own = [run for run in runs if run.size == self.size]
        if self.ratio:
            values = ratios(self.name, own, self.what)
        else:
            values = [
                float(getattr(run, self.what))
                for run in own
                if run.name == self.name and not run.code and not run.late
            ]
        return statistics.median(values) if values else None


GOALS = (
    Goal("cold, CPU", "booklet, cold", 8, "cpu", 1.0, ratio=True),
    Goal("cold, CPU", "booklet, cold", 146, "cpu", 0.65, ratio=True),
    Goal("cold, CPU", "booklet, cold", 729, "cpu", 0.45, ratio=True),
    Goal("cold, on the clock, two cores", "booklet, cold", 729, "wall", 0.28, ratio=True),
    Goal("peak memory", "booklet, cold", 7281, "peak", 1000, unit="MB"),
    Goal("EPUB, CPU", "booklet, EPUB", 729, "cpu", 0.5),
    Goal("one character changed, whole PDF from a cold process, on the clock",
         "booklet, one character changed", 729, "wall", 1.5),
    Goal("nothing changed, on the clock", "booklet, nothing changed", 146, "wall", 0.3),
    Goal("`booklet --help`, on the clock", "booklet --help", 8, "wall", 0.2),
)  # fmt: skip


def goals_table(runs: Sequence[Run]) -> str:
    """Write each goal beside what was measured."""
    lines = ["| goal | pages | at most | found | |\n|---|---|---|---|---|\n"]
    for goal in GOALS:
        found = goal.found(runs)
        unit = "× WeasyPrint" if goal.ratio else goal.unit
        digits = 0 if goal.unit == "MB" else 2
        said = "not measured" if found is None else f"{found:.{digits}f}"
        verdict = "" if found is None else "reached" if found <= goal.most else "**missed**"
        lines.append(
            f"| {goal.words} | {goal.size:,} | {goal.most:g} {unit} | {said} | {verdict} |\n"
        )
    return "".join(lines)
