"""Fill a line: squeeze its pairs and ends, then share out what is left (clreq 3.2.4)."""

from __future__ import annotations

from dataclasses import dataclass, field

from booklet.compose.breaking import EXACT
from booklet.compose.lines import Line, Material


@dataclass(slots=True)
class Filled:
    """A line at its final width, in pixels.

    Attributes:
        before: What is added before each cluster.
        after: What is added after each cluster.
        stretch: Ems added to each gap.
        gaps: How many gaps that were.
    """

    before: dict[int, float] = field(default_factory=dict)
    after: dict[int, float] = field(default_factory=dict)
    stretch: float = 0.0
    gaps: int = 0

    def put_before(self, at: int, amount: float) -> None:
        """Move a cluster to the right, and what follows it."""
        self.before[at] = self.before.get(at, 0.0) + amount

    def put_after(self, at: int, amount: float) -> None:
        """Move what follows a cluster to the right."""
        self.after[at] = self.after.get(at, 0.0) + amount


def fill_line(
    line: Line, material: Material, room: float, *, squeeze: bool, stretch: bool
) -> Filled:
    """Tell how the clusters of a line move.

    Args:
        line: The line.
        material: Its paragraph.
        room: Pixels from edge to edge.
        squeeze: Whether blanks within the line may be used to fit it in.
        stretch: Whether the line is to end at the edge.
    """
    filled = Filled()
    if line.start == line.end:
        return filled
    first, final = line.first, line.final
    _settle(filled, line, material)
    starts = material.at_start if line.begin else material.at_first
    trimmed = starts.get(first, 0.0)
    if trimmed:
        filled.put_before(first, -trimmed)
    slack = room - line.width
    end = material.at_end.get(final, 0.0)
    if end and slack < -EXACT:
        given = min(end, -slack)
        filled.put_after(final, -given)
        slack += given
    if slack < -EXACT:
        if squeeze:
            _squeeze(filled, line, material, -slack, trimmed)
    elif stretch and slack > 0:
        gaps = material.gap_total[final] - material.gap_total[first]
        if gaps:
            share = slack / gaps
            for at in range(first, final):
                if material.gaps[at]:
                    filled.put_after(at, share)
            filled.stretch, filled.gaps = share / (material.ems[first] or 1.0), gaps
    return filled


def _settle(filled: Filled, line: Line, material: Material) -> None:
    """Put in what the line takes for granted: pairs, house style, the end of a line."""
    pairs, trims = material.pairs, material.trims
    for at in range(line.first, line.final):
        if pairs[at]:
            filled.put_after(at, pairs[at])
    if trims:
        for at in range(line.first + 1, line.final + 1):
            if at in trims:
                filled.put_before(at, trims[at])
                earlier = at - 1
                while not material.ink[earlier]:
                    earlier -= 1
                filled.put_after(earlier, -trims[at])
    if material.insets:
        for at in range(line.start, line.end):
            if at in material.insets:
                left, right = material.insets[at]
                filled.put_before(at, left)
                filled.put_after(at, right)
    tail = material.tails.get(line.final, 0.0)
    if tail < 0 or line.final in material.readings:
        filled.put_after(line.final, tail)


def _squeeze(filled: Filled, line: Line, material: Material, excess: float, trimmed: float) -> None:
    """Take blanks of marks within the line, each in proportion (挤进)."""
    blanks = {
        at: material.blanks[at]
        for at in range(line.first, line.final)
        if at in material.blanks and not (trimmed > 0 and at == line.first)
    }
    total = sum(map(abs, blanks.values()))
    share = min(excess / total, 1.0) if total else 0.0
    for at, blank in blanks.items():
        if blank < 0:
            filled.put_before(at, blank * share)
        else:
            filled.put_after(at, -blank * share)
