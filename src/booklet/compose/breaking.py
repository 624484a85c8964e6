"""Choose where the lines of a paragraph end, all at once.

The least bad paragraph is found by dynamic programming over the break opportunities, as Knuth and
Plass do for Latin text: a line may be stretched between its characters, or squeezed by the blanks
of its punctuation (挤进) before a character is pushed to the next line (推出). A last line of one
character and its mark (孤字) is avoided where another choice costs less.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

STRETCH_COST, SQUEEZE_COST = 400.0, 1.3
"""Badness of one em between two characters, and of using all the blanks of a line."""

LONELY = 4.0
"""Badness of a last line that holds one character and its mark."""

OVERFULL = 1000.0
SHORTEST, LONGEST = 4.0, 1.5
"""Ems that a line worth a look may lack, and have too many."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a paragraph is made of, cluster by cluster; lengths in one unit throughout.

    Attributes:
        widths: Natural advances.
        breaks: Whether a line may begin with the cluster.
        forced: Whether a line must begin with it.
        spaces: Whether it is a collapsible space, which vanishes at either end of a line.
        pairs: What the cluster and the next give up when they stand in one line, 0 or less.
        squeezed_after: Whether a pair takes it from the right of the first, else from the left of
            the second.
        gaps: Whether the gap after it may be stretched.
        blanks: How much the cluster can be squeezed within a line.
        opens: Whether that blank is on its left.
        at_start: What it gives up as the first of a line.
        at_end: What it can give up as the last of a line.
        ems: Type sizes.
        visible: Whether it counts as a character of the last line.
    """

    widths: Sequence[float]
    breaks: Sequence[bool]
    forced: Sequence[bool]
    spaces: Sequence[bool]
    pairs: Sequence[float]
    squeezed_after: Sequence[bool]
    gaps: Sequence[bool]
    blanks: Sequence[float]
    opens: Sequence[bool]
    at_start: Sequence[float]
    at_end: Sequence[float]
    ems: Sequence[float]
    visible: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of clusters ``start`` … ``end`` - 1, spaces at its ends left out.

    Attributes:
        resume: The cluster that begins the next line.
        width: Natural width, pairs squeezed, mark at the start trimmed.
        last: Whether it ends the paragraph or stands before a forced break.
    """

    start: int
    end: int
    resume: int
    width: float
    last: bool


class _Sums:
    """Prefix sums, so that a line is measured in constant time."""

    def __init__(self, material: Material) -> None:
        self.width = [0.0, *accumulate(material.widths)]
        self.pair = [0.0, *accumulate(material.pairs)]
        self.gap = [0, *accumulate(int(gap) for gap in material.gaps)]
        self.blank = [0.0, *accumulate(material.blanks)]


def break_paragraph(material: Material, first: float, rest: float, *, justify: bool) -> list[Line]:
    """Break a paragraph into lines.

    Args:
        material: The paragraph.
        first: Room in the first line.
        rest: Room in the others.
        justify: Whether full lines will be filled; else only their ends are squeezed.
    """
    return _Breaker(material, first, rest, justify=justify).lines()


class _Breaker:
    def __init__(self, material: Material, first: float, rest: float, *, justify: bool) -> None:
        self.material, self.first, self.rest, self.justify = material, first, rest, justify
        self.sums = _Sums(material)
        self.count = count = len(material.widths)
        self.stops = [at for at in range(1, count) if material.breaks[at] or material.forced[at]]
        self.stops.append(count)
        self.forced = [at for at in range(1, count) if material.forced[at]]

    def _trim(self, start: int, stop: int) -> tuple[int, int]:
        """Leave out the spaces at either end of a line."""
        spaces = self.material.spaces
        while start < stop and spaces[start]:
            start += 1
        while stop > start and spaces[stop - 1]:
            stop -= 1
        return start, stop

    def line(self, start: int, stop: int) -> Line:
        """Measure the line from one break to another."""
        sums = self.sums
        one, two = self._trim(start, stop)
        last = stop == self.count or self.material.forced[stop]
        if one == two:
            return Line(one, two, stop, 0.0, last)
        width = sums.width[two] - sums.width[one] + sums.pair[two - 1] - sums.pair[one]
        return Line(one, two, stop, width - self.material.at_start[one], last)

    def cost(self, start: int, stop: int, room: float) -> tuple[float | None, float]:
        """Tell how bad a line is, None where it does not fit, and by how much it is too long."""
        material, sums = self.material, self.sums
        one, two = self._trim(start, stop)
        if one == two:
            return 0.0, 0.0
        width = (
            sums.width[two] - sums.width[one] + sums.pair[two - 1] - sums.pair[one]
            - material.at_start[one]
        )  # fmt: skip
        slack = room - width
        if slack < -1e-6:
            end = material.at_end[two - 1]
            inner = -slack - end
            if inner <= 1e-6:
                return 0.05, -slack
            blanks = sums.blank[two - 1] - sums.blank[one] if self.justify else 0.0
            if inner > blanks + 1e-6:
                return None, -slack
            return 0.15 + SQUEEZE_COST * (inner / blanks) ** 2, -slack
        if stop == self.count or material.forced[stop]:
            lonely = one and sum(material.visible[one:two]) <= 2
            return LONELY if lonely else 0.0, -slack
        if not self.justify:
            return (slack / room) ** 2 if room > 0 else 0.0, -slack
        em = material.ems[one] or 1.0
        gaps = sums.gap[two - 1] - sums.gap[one]
        return STRETCH_COST * (slack / em / (gaps or 2)) ** 2, -slack

    def lines(self) -> list[Line]:
        """Find the least bad sequence of lines."""
        best: dict[int, tuple[float, int]] = {0: (0.0, 0)}
        for index, start in enumerate([0, *self.stops[:-1]]):
            if start not in best:
                continue
            total = best[start][0]
            for stop, cost in self._from(start, index, self.rest if start else self.first):
                score = total + cost
                if stop not in best or score < best[stop][0] - 1e-12:
                    best[stop] = (score, start)
        found: list[Line] = []
        stop = self.count
        while stop:
            start = best[stop][1]
            found.append(self.line(start, stop))
            stop = start
        return found[::-1]

    def _from(self, start: int, index: int, room: float) -> Iterator[tuple[int, float]]:
        """Yield the ends of the lines that may begin at a break, with what each costs."""
        em = self.material.ems[start] or 1.0
        # Breaks that would leave many ems empty are not worth a look.
        reach = self.sums.width[start] + room - SHORTEST * em
        near = max(
            bisect_left(self.stops, reach, index, key=self.sums.width.__getitem__) - 1, index
        )
        forced = bisect_left(self.forced, start + 1)
        if forced < len(self.forced):
            near = min(near, bisect_left(self.stops, self.forced[forced]))
        fitting = False
        for at in range(near, len(self.stops)):
            stop = self.stops[at]
            cost, excess = self.cost(start, stop, room)
            if cost is not None:
                fitting = True
                yield stop, cost
            elif not fitting:
                yield stop, OVERFULL + excess
                break
            elif excess > LONGEST * em:
                break
            if stop == self.count or self.material.forced[stop]:
                break
