"""A composed paragraph: its clusters, and its lines for each room that it was asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from booklet.compose.boxtree import held
from booklet.compose.breaking import EXACT, break_paragraph, fill_lines, measure_line
from booklet.compose.lines import Line, Material
from booklet.compose.material import weigh
from booklet.compose.paragraph import Leaf, Paragraph, Path
from booklet.compose.style import ComposeStyle

KEPT = 8
"""Sets of lines that a paragraph remembers; pages of different widths ask in turns."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines from a cluster on, for the room in the first one and in the others, in pixels."""

    begin: int
    first: float
    rest: float
    lines: list[Line]

    def serves(self, begin: int, room: float, rest: float) -> Line | None:
        """Give the line that begins with a cluster, if it was made for that room."""
        number = bisect_right(self.lines, begin, key=lambda line: line.begin) - 1
        if number < 0 or abs(self.rest - rest) > EXACT:
            return None
        if abs((self.rest if number else self.first) - room) > EXACT:
            return None
        line = self.lines[number]
        return line if line.begin <= begin <= line.start else None


@dataclass(slots=True)
class Plan:
    """A paragraph that was read and weighed.

    Attributes:
        paragraph: Its clusters.
        material: What they weigh.
        style: What its properties ask for.
        found: Its lines, newest last.
    """

    paragraph: Paragraph
    material: Material
    style: ComposeStyle
    found: list[Lines] = field(default_factory=list)
    _leaves: dict[Path, Leaf] = field(default_factory=dict)

    @classmethod
    def of(cls, paragraph: Paragraph, style: ComposeStyle) -> Plan:
        """Weigh a paragraph."""
        return cls(paragraph, weigh(paragraph, style), style)

    def line(self, begin: int, room: float, rest: float) -> Line:
        """Give the line that begins with a cluster.

        Args:
            begin: The cluster.
            room: Pixels in this line.
            rest: Pixels in the lines below.
        """
        for known in reversed(self.found):
            if line := known.serves(begin, room, rest):
                return line
        lines = Lines(begin, room, rest, self._break(begin, room, rest))
        self.found = [*self.found[1 - KEPT :], lines]
        return lines.lines[0]

    def _break(self, begin: int, room: float, rest: float) -> list[Line]:
        if self.style.stable:
            return fill_lines(self.material, begin, room, rest)
        stretch = bool(self.style.justify)
        return break_paragraph(self.material, begin, room, rest, squeeze=stretch, stretch=stretch)

    def leaf(self, path: Path) -> Leaf | None:
        """Find the text box at a place."""
        if not self._leaves:
            self._leaves = {leaf.path: leaf for leaf in self.paragraph.leaves}
        return self._leaves.get(path)

    def fits(self, line_box: Any) -> bool:
        """Tell whether the paragraph still holds the same text in the same style."""
        for leaf in self.paragraph.leaves:
            box = _at(line_box, leaf.path)
            if getattr(box, "text", None) != leaf.text or box.style is not leaf.style:
                return False
        atoms = ((_at(line_box, path), known) for path, known in self.paragraph.atoms)
        return all(atom is not None and held(atom) == known for atom, known in atoms)

    def widest(self, indent: float) -> float:
        """Give the width of the longest line where only forced breaks count.

        Args:
            indent: Pixels before the first line.
        """
        return self._longest([0, *self.material.forced], indent)

    def narrowest(self, indent: float) -> float:
        """Give the width of the longest part that cannot be broken; ``indent`` as in `widest`."""
        # `overflow-wrap: anywhere` counts here, `break-word` does not (CSS Text 4, 5.5).
        anywhere = any(leaf.style["overflow_wrap"] == "anywhere" for leaf in self.paragraph.leaves)
        stops = self.material.stops_for(0.0) if anywhere else self.material.stops
        return self._longest([0, *stops], indent)

    def _longest(self, stops: Sequence[int], indent: float) -> float:
        widths = [measure_line(self.material, one, two).width for one, two in pairwise(stops)]
        return max(widths[0] + indent, *widths)


def _at(box: Any, path: Path) -> Any:
    """Find a box within another one; None where there is none."""
    for index in path:
        if index >= len(box.children):
            return None
        box = box.children[index]
    return box
