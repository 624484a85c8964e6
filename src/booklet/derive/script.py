"""From one Chinese script to another, by the phrases of OpenCC, so that each character is followed.

Words of a line are converted together, across emphasis and links. What comes out is paired with
what went in: one character with one, but for phrases of the tables (硬盘 and 硬碟 too, 博客 and
部落格) and terms of the editor's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise

from booklet.derive.ledger import Pair, same
from booklet.derive.quotes import turn_quotes

LONGEST_PHRASE = 16
"""Characters of the longest phrase that is looked for where lengths differ."""

KINDS = {
    "zh": "s", "zh-cn": "s", "zh-sg": "s", "zh-hans": "s", "zh-hans-cn": "s",
    "zh-hant": "t", "zh-tw": "tw", "zh-hant-tw": "tw", "zh-hk": "hk", "zh-mo": "hk",
    "zh-hant-hk": "hk",
}  # fmt: skip
"""The script of a language tag, in lower case, as OpenCC names it."""

CONFIGS: dict[tuple[str, str], tuple[str, ...]] = {
    ("s", "t"): ("s2t",), ("s", "tw"): ("s2tw",), ("s", "hk"): ("s2hk",),
    ("t", "s"): ("t2s",), ("t", "tw"): ("t2tw",), ("t", "hk"): ("t2hk",),
    ("tw", "s"): ("tw2s",), ("tw", "t"): ("tw2t",), ("tw", "hk"): ("tw2t", "t2hk"),
    ("hk", "s"): ("hk2s",), ("hk", "t"): ("hk2t",), ("hk", "tw"): ("hk2t", "t2tw"),
}  # fmt: skip
LOCAL: dict[tuple[str, str], tuple[str, ...]] = {
    ("s", "tw"): ("s2twp",), ("s", "hk"): ("s2hkp",),
    ("tw", "s"): ("tw2sp",), ("hk", "s"): ("hk2sp",),
}  # fmt: skip
"""Conversions by the vocabulary of the place too."""

MENDED = {
    "参与制造": "參與製造", "被发明": "被發明", "了如何": "了如何", "了如下": "了如下",
    "了如此": "了如此", "了如同": "了如同",
}  # fmt: skip
"""What OpenCC 1.4 converts wrongly from simplified Chinese, and what it should be."""


class ConversionError(Exception):
    """A conversion that cannot be followed; ``str()`` is the text."""


@cache
def _table(name: str) -> Callable[[str], str]:
    from opencc import OpenCC

    return OpenCC(name).convert


def fold(char: str) -> str:
    """Give the simplified form of one character, whatever form it has."""
    return _table("t2s")(_table("hk2t")(_table("tw2t")(char)))


@dataclass(frozen=True)
class Converter:
    """Converts lines.

    Attributes:
        tables: Names of OpenCC's conversions, one after the other; none leaves words alone.
        terms: Words that the editor knows better, and what they become; the longest wins.
        quotes: Quotation marks, and what they become.
        met: Terms that were met.
    """

    tables: tuple[str, ...]
    terms: Mapping[str, str] = field(default_factory=dict)
    quotes: Mapping[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set, compare=False)

    def text(self, text: str) -> str:
        """Convert a text that stands alone."""
        return "".join(target for _, target in self.pieces([text])[0])

    def pieces(self, pieces: Sequence[str]) -> list[tuple[Pair, ...]]:
        """Convert the pieces of a line together.

        Returns:
            The pairs of each piece; their sources are the piece, character for character.

        Raises:
            ConversionError: Something of the text would be lost, or cannot be followed.
        """
        text = "".join(pieces)
        edges, total = [], 0
        for piece in pieces:
            total += len(piece)
            edges.append(total)
        pairs = turn_quotes(self._pairs(text, frozenset(edges)), self.quotes)
        return _part(pairs, pieces)

    def _pairs(self, text: str, edges: frozenset[int]) -> list[Pair]:
        """Pair a text with its conversion; no pair spans an edge."""
        pairs: list[Pair] = []
        at = 0
        while at < len(text):
            start, term = self._term(text, at, edges)
            pairs += self._between(text[at:start], at, edges)
            if term:
                self.met.add(term)
                target = self.terms[term]
                even = len(target) == len(term)
                pairs += zip(term, target, strict=True) if even else [(term, target)]
            at = start + len(term)
        return pairs

    def _term(self, text: str, at: int, edges: frozenset[int]) -> tuple[int, str]:
        """Find the next term; one that becomes longer or shorter must lie within a piece."""
        if self._known is None:
            return len(text), ""
        while match := self._known.search(text, at):
            term, start = match[0], match.start()
            torn = any(start < edge < match.end() for edge in edges)
            if not torn or len(self.terms[term]) == len(term):
                return start, term
            at = start + 1
        return len(text), ""

    @cached_property
    def _known(self) -> re.Pattern[str] | None:
        longest_first = sorted(self.terms, key=lambda term: (-len(term), term))
        return re.compile("|".join(map(re.escape, longest_first))) if self.terms else None

    def _between(self, text: str, begin: int, edges: frozenset[int]) -> list[Pair]:
        """Convert what stands between terms; as a whole, or piece by piece where it must be."""
        if not text or not self.tables:
            return list(same(text))
        pairs = self._align(text, self._convert(text))
        if pairs is None:
            raise ConversionError(text)
        at, torn = begin, False
        for source, _ in pairs:
            torn = torn or any(at < edge < at + len(source) for edge in edges)
            at += len(source)
        if not torn:
            return pairs
        cuts = [
            0,
            *sorted(edge - begin for edge in edges if 0 < edge - begin < len(text)),
            len(text),
        ]
        parts = [text[one:two] for one, two in pairwise(cuts)]
        return [pair for part in parts for pair in self._between(part, 0, frozenset())]

    def _convert(self, text: str) -> str:
        for table in self.tables:
            text = _table(table)(text)
        return text

    def _align(self, source: str, target: str) -> list[Pair] | None:
        """Pair characters; where one is not the other's form, the phrase that makes it so.

        Returns:
            None where there is no such pairing: the conversion lost or made up something.
        """
        if len(source) == len(target) and all(map(self._akin, source, target)):
            return list(zip(source, target, strict=True))
        return follow(source, target, self._akin, self._convert)

    def _akin(self, source: str, target: str) -> bool:
        return source == target or self._forms(source, target)

    @cached_property
    def _forms(self) -> Callable[[str, str], bool]:
        return cache(lambda one, two: fold(one) == fold(two) or self._convert(one) == two)


Akin = Callable[[str, str], bool]
Convert = Callable[[str], str]
Spot = tuple[int, int]


def follow(source: str, target: str, akin: Akin, convert: Convert) -> list[Pair] | None:
    """Follow a conversion whose phrases change more than the forms of characters.

    Depth first and without recursion: texts are long, wrong turns are short.

    Returns:
        None where no series of characters and phrases leads from the one to the other.
    """
    end, dead = (len(source), len(target)), {(0, 0)}
    path: list[Pair] = []
    waiting = [_steps(source, target, (0, 0), akin, convert)]
    here = (0, 0)
    while here != end:
        pair = next(waiting[-1], None)
        if pair is None:
            waiting.pop()
            if not path:
                return None
            last = path.pop()
            here = (here[0] - len(last[0]), here[1] - len(last[1]))
            continue
        there = (here[0] + len(pair[0]), here[1] + len(pair[1]))
        if there not in dead:
            dead.add(there)
            path.append(pair)
            here = there
            waiting.append(_steps(source, target, here, akin, convert))
    return [one for pair in path for one in _even(pair)]


def _steps(source: str, target: str, at: Spot, akin: Akin, convert: Convert) -> Iterator[Pair]:
    """Yield what may come next: a character and its form, else a phrase and its own conversion."""
    one, two = at
    if one < len(source) and two < len(target) and akin(source[one], target[two]):
        yield source[one], target[two]
    for length in range(1, min(LONGEST_PHRASE, len(source) - one) + 1):
        phrase = source[one : one + length]
        if not phrase.isalnum():  # no table changes marks, and none may get lost
            return
        found = convert(phrase)
        if found and target.startswith(found, two):
            yield phrase, found


def _even(pair: Pair) -> tuple[Pair, ...]:
    if len(pair[0]) != len(pair[1]):
        return (pair,)
    return tuple(zip(*pair, strict=True))


def _part(pairs: Sequence[Pair], pieces: Sequence[str]) -> list[tuple[Pair, ...]]:
    """Part pairs as the pieces part their sources."""
    parts, at = [], 0
    for piece in pieces:
        begin, length = at, 0
        while length < len(piece):
            length += len(pairs[at][0])
            at += 1
        parts.append(tuple(pairs[begin:at]))
    return parts
