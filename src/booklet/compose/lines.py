"""What a paragraph is made of, cluster by cluster, and a line of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

MANY = 12
"""Clusters of which some are seen for sure."""

NARROW = 0.7
"""Ems; what is narrower is a letter of a word, and a word may stand alone in a last line."""


@dataclass(frozen=True)
class Material:
    """What a paragraph is made of, cluster by cluster; lengths in pixels throughout.

    Attributes:
        widths: Natural advances.
        ems: Type sizes.
        stops: Clusters that a line may begin with, and the count of clusters.
        forced: Clusters that a line must begin with, and the count of clusters.
        poor: Clusters inside of words, where only a word that is too long for any line breaks;
            True where that is an address or a long number, which may always break.
        seams: Clusters behind the signs of an address.
        spaces: Whether it is a collapsible space, which vanishes at either end of a line.
        ink: Whether it is seen, or is a space within a line.
        pairs: What is added, or taken away, between it and the next seen in the same line.
        trims: Of that, what is taken from the left of the next one.
        gaps: Whether the gap after it may be stretched.
        blanks: How much it can be squeezed within a line; negative where that is on its left.
        at_start: What it gives up as the first of a line.
        at_first: The same in the first line.
        at_end: What it can give up as the last of a line.
        tails: What is added to it at the end of a line: a hyphen, or a blank taken away.
        insets: What its width holds already: on its left and on its right.
        readings: Where what is added at the end of a line is room below a reading.
    """

    widths: Sequence[float]
    ems: Sequence[float]
    stops: Sequence[int]
    forced: Sequence[int]
    poor: Mapping[int, bool]
    seams: frozenset[int]
    spaces: Sequence[bool]
    ink: Sequence[bool]
    pairs: Sequence[float]
    trims: Mapping[int, float]
    gaps: Sequence[bool]
    blanks: Mapping[int, float]
    at_start: Mapping[int, float]
    at_first: Mapping[int, float]
    at_end: Mapping[int, float]
    tails: Mapping[int, float]
    insets: Mapping[int, tuple[float, float]]
    readings: Collection[int] = ()

    @cached_property
    def total(self) -> list[float]:
        """Advances and pairs of all clusters before each one."""
        both = map(float.__add__, self.widths, self.pairs)
        return [0.0, *accumulate(both)]

    @cached_property
    def gap_total(self) -> list[int]:
        """Gaps before each cluster."""
        return [0, *accumulate(map(int, self.gaps))]

    @cached_property
    def blank_total(self) -> list[float]:
        """Blanks before each cluster."""
        amounts = [0.0] * (len(self.widths) + 1)
        for at, blank in self.blanks.items():
            amounts[at + 1] = abs(blank)
        return list(accumulate(amounts))

    def is_lonely(self, start: int, stop: int) -> bool:
        """Tell whether a last line would hold one character and its mark; no word is lonely."""
        if stop - start > MANY:
            return False
        seen = 0
        for at in range(start, stop):
            if self.ink[at] and not self.spaces[at]:
                seen += 3 if self.widths[at] < NARROW * self.ems[at] else 1
        return seen <= 2

    def stops_for(self, room: float) -> Sequence[int]:
        """Give the stops, and those within words that are longer than a line (CSS Text 4, 5.5)."""
        if not self.poor:
            return self.stops
        stops, total, found = self.stops, self.total, list(self.stops)
        for at, always in self.poor.items():
            if not always:
                after = bisect_left(stops, at)
                start = stops[after - 1] if after else 0
                always = total[stops[after]] - total[start] > room
            if always:
                found.append(at)
        return sorted(set(found))

    def trim(self, start: int, stop: int) -> tuple[int, int]:
        """Leave out the spaces at either end of a line."""
        spaces = self.spaces
        while start < stop and spaces[start]:
            start += 1
        while stop > start and spaces[stop - 1]:
            stop -= 1
        return start, stop

    def first_ink(self, start: int, stop: int) -> int:
        """Find the first seen cluster at or behind one; the last one if there is none."""
        while start < stop - 1 and not self.ink[start]:
            start += 1
        return start

    def last_ink(self, start: int, stop: int) -> int:
        """Find the last seen cluster before one."""
        stop -= 1
        while stop > start and not self.ink[stop]:
            stop -= 1
        return stop


@dataclass(frozen=True, slots=True)
class Line:
    """A line of clusters.

    Attributes:
        begin: Where the line above ends.
        start: Its first cluster, spaces left out.
        end: The cluster behind its last.
        resume: The cluster that begins the next line.
        first: Its first seen cluster.
        final: Its last seen cluster.
        width: Natural width, pairs squeezed, mark at the start trimmed.
        last: Whether it ends the paragraph or stands before a forced break.
    """

    begin: int
    start: int
    end: int
    resume: int
    first: int
    final: int
    width: float
    last: bool
