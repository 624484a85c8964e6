"""Which characters a face, a family or several families can print."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import merge
from itertools import chain, pairwise

from pydantic import TypeAdapter

from booklet.fonts.face import Face, opened, recall

# Set without a glyph: spaces and breaks of the source, soft hyphen, zero-width marks, and the
# selectors that choose among the glyphs of the character before them.
NEEDS_NO_GLYPH = frozenset(
    chain(
        map(ord, "\t\n \u00ad\u2060\ufeff"),
        range(0x200B, 0x200E),
        range(0xFE00, 0xFE10),
        range(0xE0100, 0xE01F0),
    )
)

Ranges = tuple[tuple[int, int], ...]

_RANGES = TypeAdapter(Ranges)


@dataclass(frozen=True, slots=True)
class Coverage:
    """A set of characters.

    Attributes:
        ranges: First and last code point of each run, ascending, never touching.
    """

    ranges: Ranges = ()

    @classmethod
    def of(cls, points: Iterable[int]) -> Coverage:
        """Pack code points, in any order."""
        ordered = sorted(set(points))
        if not ordered:
            return cls()
        gaps = [pair for pair in pairwise(ordered) if pair[1] - pair[0] > 1]
        firsts = [ordered[0], *(after for _, after in gaps)]
        lasts = [*(before for before, _ in gaps), ordered[-1]]
        return cls(tuple(zip(firsts, lasts, strict=True)))

    @property
    def points(self) -> frozenset[int]:
        """All code points that have a glyph."""
        return frozenset(chain.from_iterable(range(a, b + 1) for a, b in self.ranges))

    def __contains__(self, char: str) -> bool:
        point = ord(char)
        if point in NEEDS_NO_GLYPH:
            return True
        at = bisect_right(self.ranges, (point, 0x110000)) - 1
        return at >= 0 and point <= self.ranges[at][1]

    def missing(self, text: str) -> tuple[str, ...]:
        """List the characters of a text that cannot be printed, each once, in reading order."""
        return tuple(char for char in dict.fromkeys(text) if char not in self)

    def __or__(self, other: Coverage) -> Coverage:
        return self if self == other else _joined(self, other)

    def __and__(self, other: Coverage) -> Coverage:
        return self if self == other else _shared(self, other)


@lru_cache(maxsize=64)
def _joined(one: Coverage, other: Coverage) -> Coverage:
    """Join two sets; a process that makes many books joins the same ones each time."""
    ranges: list[tuple[int, int]] = []
    for first, last in merge(one.ranges, other.ranges):
        if ranges and first <= ranges[-1][1] + 1:
            ranges[-1] = ranges[-1][0], max(last, ranges[-1][1])
        else:
            ranges.append((first, last))
    return Coverage(tuple(ranges))


@lru_cache(maxsize=64)
def _shared(one: Coverage, other: Coverage) -> Coverage:
    """Give what two sets share."""
    ranges: list[tuple[int, int]] = []
    mine, its = list(reversed(one.ranges)), list(reversed(other.ranges))
    while mine and its:
        first, last = max(mine[-1][0], its[-1][0]), min(mine[-1][1], its[-1][1])
        if first <= last:
            ranges.append((first, last))
        (mine if mine[-1][1] <= its[-1][1] else its).pop()
    return Coverage(tuple(ranges))


def cover(face: Face) -> Coverage:
    """Read what one face covers, or take it from the cache.

    Raises:
        BrokenFontError: The file has changed since it came to the shelf and is no font now.
    """
    return Coverage(recall(face.path, f"cmap-{face.index}", _RANGES, lambda: _read(face)))


@cache
def _glyph_names() -> list[str]:
    return [str(number) for number in range(0x10000)]


def _read(face: Face) -> Ranges:
    with opened(face.path, face.index) as font:
        # The glyph names of a CJK font take three times as long to read as its characters.
        font.setGlyphOrder(_glyph_names())
        found: dict[int, str] = font.getBestCmap() or {}
    return Coverage.of(point for point, glyph in found.items() if glyph != "0").ranges
