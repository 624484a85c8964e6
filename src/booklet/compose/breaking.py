"""Choose where the lines of a paragraph end, all at once.

The least bad paragraph is found by dynamic programming over the break opportunities, as Knuth and
Plass do for Latin text: a line may be stretched between its characters, or squeezed by the blanks
of its punctuation (挤进) before a character is pushed to the next line (推出). A last line of one
character and its mark (孤字) is avoided where another choice costs less.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from math import inf

from booklet.compose.lines import Line, Material

STRETCH_COST, SQUEEZE_COST = 400.0, 1.3
"""Badness of one em between two characters, and of using all the blanks of a line."""

ENDING, INNER = 0.05, 0.15
"""Badness of halving the mark at the end of a line, and of touching those within at all."""

LONELY = 4.0
"""Badness of a last line that holds one character and its mark."""

EMERGENCY, SEAM = 6.0, 2.0
"""Badness of a break inside a word that is too long for any line, or inside a long number; and of
one behind a sign of an address."""

OVERFULL = 1000.0
SHORTEST, LONGEST = 1.5, 0.75
"""Ems that a line worth a look may lack, and have too many."""

HOPELESS, NEARBY = 1.5, 8
"""Badness by which one way to a break may exceed that to a break so near, and still be tried."""

UGLY, EMPTY = 5.0, 10.0
"""Badness of a line from which every other way is tried, and the ems that a line then may lack."""

EXACT = 1e-4
"""Pixels that count as nothing."""


def measure_line(material: Material, begin: int, stop: int) -> Line:
    """Measure the line from one break to another."""
    one, two = material.trim(begin, stop)
    last = material.forced[bisect_left(material.forced, stop)] == stop
    if one == two:
        return Line(begin, one, two, stop, one, one, 0.0, last)
    first, final = material.first_ink(one, two), material.last_ink(one, two)
    total = material.total
    # The pair of the last seen cluster is with one of the next line.
    width = total[two] - total[one] - sum(material.pairs[final:two])
    given = (material.at_start if begin else material.at_first).get(first, 0.0)
    width += material.tails.get(final, 0.0) - given
    return Line(begin, one, two, stop, first, final, width, last)


def break_paragraph(
    material: Material, begin: int, first: float, rest: float, *, squeeze: bool, stretch: bool
) -> list[Line]:
    """Break a paragraph into lines.

    Args:
        material: The paragraph.
        begin: The cluster to begin with.
        first: Room in the first line.
        rest: Room in the others.
        squeeze: Whether blanks within a line may be used; else only those at its ends.
        stretch: Whether full lines will be filled.
    """
    whole = measure_line(material, begin, len(material.widths))
    # Behind the last break may stand what has no width.
    if begin == len(material.widths):
        return [whole]
    if len(material.forced) == 1 and whole.width <= first + EXACT:
        return [whole]
    stops = _Stops(material, begin, max(first, rest))
    return _Breaker(stops, first, rest, squeeze=squeeze, stretch=stretch).lines()


def fill_lines(material: Material, begin: int, first: float, rest: float) -> list[Line]:
    """Break a paragraph into lines that each take what they can hold; arguments as above."""
    stops, lines, room = material.stops_for(max(first, rest)), list[Line](), first
    at, count = bisect_right(stops, begin), len(stops)
    while begin < len(material.widths) and at < count:
        barrier = material.forced[bisect_right(material.forced, begin)]
        best = at
        while best + 1 < count and stops[best + 1] <= barrier:
            if measure_line(material, begin, stops[best + 1]).width > room + EXACT:
                break
            best += 1
        lines.append(measure_line(material, begin, stops[best]))
        begin, at, room = stops[best], best + 1, rest
    return lines or [measure_line(material, begin, len(material.widths))]


class _Stops:
    """What a line costs that ends at a break, worked out once for every break."""

    def __init__(self, material: Material, begin: int, room: float) -> None:
        self.material, self.begin = material, begin
        stops = material.stops_for(room)
        self.stops = stops = stops[bisect_right(stops, begin) :]
        spaces, ink, pairs = material.spaces, material.ink, material.pairs
        total, gaps, blanks = material.total, material.gap_total, material.blank_total
        self.ends, finals = list(stops), [stop - 1 for stop in stops]
        widths = [total[stop] - pairs[stop - 1] for stop in stops]
        for number, final in enumerate(finals):
            if ink[final] and not spaces[final]:
                continue
            two = final + 1
            while two > begin and spaces[two - 1]:
                two -= 1
            last = material.last_ink(begin, two) if two > begin else begin
            # The pair of the last seen cluster is with one of the next line.
            widths[number] = total[two] - sum(pairs[last:two])
            self.ends[number], finals[number] = two, last
        if tails := material.tails:
            widths = [
                width + tails.get(final, 0.0) for width, final in zip(widths, finals, strict=True)
            ]
        self.width = widths
        self.give = [material.at_end.get(final, 0.0) for final in finals]
        self.gap = [gaps[final] for final in finals]
        self.blank = [blanks[final] for final in finals]


class _Breaker:
    def __init__(
        self, stops: _Stops, first: float, rest: float, *, squeeze: bool, stretch: bool
    ) -> None:
        self.stops, self.material = stops, stops.material
        self.first, self.rest, self.squeeze, self.stretch = first, rest, squeeze, stretch
        self.end, self.forced = len(stops.stops) - 1, len(stops.material.forced) > 1
        self.shortest = SHORTEST

    def lines(self) -> list[Line]:
        """Find the least bad sequence of lines."""
        stops, begin = self.stops.stops, self.stops.begin
        way, worst = self._search(HOPELESS)
        if worst > UGLY:
            self.shortest = EMPTY
            way, _ = self._search(inf)
        breaks = [begin, *(stops[at - 1] for at in way)]
        return [measure_line(self.material, one, two) for one, two in pairwise(breaks)]

    def _search(self, patience: float) -> tuple[list[int], float]:
        """Find the best way: the numbers of its breaks, 1 for the first that there is.

        Returns:
            The way, and the badness of its worst line; infinite where giving up bad ways early has
            left none.
        """
        known = self.stops
        count = len(known.stops)
        scores, before = [inf] * (count + 1), [0] * (count + 1)
        scores[0] = 0.0
        floor, floor_at = 0.0, 0
        poor, seams = self.material.poor, self.material.seams
        for node in range(count):
            score = scores[node]
            if score > floor + patience and node - floor_at <= NEARBY:
                continue
            if score < floor or node - floor_at > NEARBY:
                floor, floor_at = score, node
            for at, cost in self._costs(node):
                total = score + cost
                if poor and known.stops[at] in poor:
                    total += SEAM if known.stops[at] in seams else EMERGENCY
                if total < scores[at + 1] - 1e-12:
                    scores[at + 1], before[at + 1] = total, node
        way, worst, at = [], 0.0, count
        while at > 0 and scores[count] < inf:
            way.append(at)
            worst = max(worst, scores[at] - scores[before[at]])
            at = before[at]
        return way[::-1], worst if way else inf

    def _skip(self, start: int) -> tuple[int, int]:
        """Find the first cluster behind the spaces of a line, and the first seen one."""
        material, one, count = self.material, start, len(self.material.widths)
        while one < count - 1 and material.spaces[one]:
            one += 1
        return one, material.first_ink(one, count)

    def _costs(self, node: int) -> list[tuple[int, float]]:
        """Give the ends of the lines that may begin at a break, with what each costs."""
        material, known = self.material, self.stops
        stops, widths, ends, gap = known.stops, known.width, known.ends, known.gap
        start = stops[node - 1] if node else known.begin
        room = self.rest if node else self.first
        if material.spaces[start] or not material.ink[start]:
            one, first = self._skip(start)
        else:
            one = first = start
        given = (material.at_start if start else material.at_first).get(first, 0.0)
        em = material.ems[first] or 1.0
        full = material.total[one] + given + room
        barrier = self.end
        if self.forced:
            barrier = bisect_left(stops, material.forced[bisect_right(material.forced, start)])
        # Breaks that would leave many ems empty are not worth a look.
        near = min(max(bisect_left(widths, full - self.shortest * em, node) - 1, node), barrier)
        gaps, give, blanks = material.gap_total[one], known.give, known.blank
        # The blank of a mark that is trimmed at the start cannot be used again.
        spent = material.blank_total[first] + max(given, 0.0) if self.squeeze else inf
        weight = STRETCH_COST / em / em if self.stretch else 0.0
        found: list[tuple[int, float]] = []
        for at in range(near, barrier + 1):
            slack = full - widths[at] if ends[at] > one else room
            if slack >= -EXACT:
                if at == barrier:
                    cost = self._last(one, ends[at])
                elif weight:
                    share = slack / (gap[at] - gaps or 2)
                    cost = weight * share * share
                else:
                    cost = (slack / room) ** 2 if room > 0 else 0.0
            elif (inner := -slack - give[at]) <= EXACT:
                cost = ENDING
            elif inner <= (spare := blanks[at] - spent) + EXACT and spare > 0:
                cost = INNER + SQUEEZE_COST * (inner / spare) ** 2
            elif not found:
                return [(at, OVERFULL - slack)]
            elif -slack > LONGEST * em:
                break
            else:
                continue
            found.append((at, cost))
        return found

    def _last(self, one: int, two: int) -> float:
        return LONELY if one and self.material.is_lonely(one, two) else 0.0
