"""Weigh the clusters of a paragraph: where it breaks, what it gives up, where it stretches."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from operator import add
from unicodedata import category

from booklet.compose.addresses import insides, seams
from booklet.compose.classes import (
    CLOSES,
    MARKS,
    OPENS,
    SPACES,
    UNSEEN,
    blanks,
    break_rule,
    may_stretch,
    meets,
)
from booklet.compose.lines import Material
from booklet.compose.paragraph import Leaf, Paragraph
from booklet.compose.ruby_room import Ground, inner_clusters, make_room
from booklet.compose.shaping import line_breaks
from booklet.compose.style import ComposeStyle

QUARTER = 0.25
"""Ems between Han and Latin (clreq 3.2.2)."""

_SEEN_MARKS, _STOPS = frozenset(MARKS), frozenset("DS")
_WORD = frozenset("WNwPpt")
_WORD_ENDS = frozenset("WN")


def weigh(paragraph: Paragraph, style: ComposeStyle) -> Material:
    """Tell how the clusters of a paragraph may be broken, squeezed and stretched."""
    return _Scale(paragraph, style).material()


@dataclass(slots=True)
class _Amounts:
    """What marks can give up; see `Material`."""

    trims: dict[int, float] = field(default_factory=dict)
    blanks: dict[int, float] = field(default_factory=dict)
    at_start: dict[int, float] = field(default_factory=dict)
    at_first: dict[int, float] = field(default_factory=dict)
    at_end: dict[int, float] = field(default_factory=dict)
    tails: dict[int, float] = field(default_factory=dict)
    insets: dict[int, tuple[float, float]] = field(default_factory=dict)


class _Scale:
    def __init__(self, paragraph: Paragraph, style: ComposeStyle) -> None:
        self.paragraph, self.style = paragraph, style
        self.codes = paragraph.codes
        self.count = len(self.codes)
        self.ink = [code not in UNSEEN for code in self.codes]
        self.inked = [at for at, seen in enumerate(self.ink) if seen]
        self.widths = paragraph.widths
        self.pairs = [0.0] * self.count
        self.amounts = _Amounts()
        self.seams: frozenset[int] = frozenset()

    def material(self) -> Material:
        """Weigh."""
        inked, codes = self.inked, self.codes
        seen = codes if len(inked) == self.count else [codes[at] for at in inked]
        both = list(map(add, seen, seen[1:]))
        method = self.style.justify or self.style.justify_last or "auto"
        stretch = {pair: may_stretch(pair, method) for pair in set(both)}
        gaps = [stretch[pair] for pair in both]
        if self.style.autospace:
            met = {pair for pair in stretch if meets(pair)}
            for at, pair in enumerate(both):
                if pair in met:
                    self.pairs[inked[at]] += QUARTER * self._han(inked[at], inked[at + 1])
        for leaf in self.paragraph.leaves:
            self._spacing(leaf)
        if _SEEN_MARKS & set(codes):
            self._marks(seen)
        if "last" in self.style.hanging:
            self._hang_last()
        if len(inked) != self.count:
            spread = [False] * self.count
            for at, gap in zip(inked, gaps, strict=False):
                spread[at] = gap
            gaps = spread
        else:
            gaps.append(False)
        readings = self._readings(gaps) if self.paragraph.readings else ()
        stops, poor = self._stops()
        newlines = [at + 1 for at, code in enumerate(codes) if code == "n" and at + 1 < self.count]
        stops = sorted({*stops, *newlines, self.count})
        amounts = self.amounts
        return Material(
            widths=self.widths, ems=self.paragraph.ems, stops=stops,
            forced=[*newlines, self.count], poor=poor, seams=self.seams,
            spaces=[code in " n" for code in codes], ink=self.ink, pairs=self.pairs,
            trims=amounts.trims, gaps=gaps, blanks=amounts.blanks, at_start=amounts.at_start,
            at_first=amounts.at_first, at_end=amounts.at_end, tails=amounts.tails,
            insets=amounts.insets, readings=readings,
        )  # fmt: skip

    def _han(self, one: int, two: int) -> float:
        """Give the type size of the Han character of two neighbours."""
        return self.paragraph.ems[one if self.codes[one] in "Hki" else two]

    def _spacing(self, leaf: Leaf) -> None:
        """Space words and letters (CSS Text 4, 9), and show soft hyphens at the ends of lines."""
        codes = self.codes
        if leaf.word_spacing:
            for at in range(leaf.begin, leaf.end):
                if codes[at] in SPACES:
                    self.amounts.insets[at] = (0.0, leaf.word_spacing)
        if leaf.spacing:
            for at in range(leaf.begin, leaf.end):
                if codes[at] not in UNSEEN and codes[at + 1 : at + 2] not in (["c"], ["j"]):
                    self.pairs[at] += leaf.spacing
        if leaf.hyphen is not None:
            for at in range(leaf.begin, leaf.end):
                if codes[at] == "y":
                    self.ink[at] = True
                    self.amounts.tails[at] = sum(leaf.hyphen.widths)

    # ---- punctuation ----------------------------------------------------------------------------

    def _marks(self, seen: list[str]) -> None:
        paragraph, inked = self.paragraph, self.inked
        languages = _Languages(paragraph)
        for place, code in enumerate(seen):
            if code not in _SEEN_MARKS:
                continue
            at = inked[place]
            em = paragraph.ems[at]
            if paragraph.widths[at] < 0.9 * em:
                continue
            left, right = (one * em for one in blanks(code, languages.of(at)))
            if code in self.style.half:
                # The house style takes the blank away for good.
                self._give(at, left, right)
                continue
            after = seen[place + 1] if place + 1 < len(seen) else ""
            before = seen[place - 1] if place else ""
            self._mark(at, code, left, right, (before, after))
            self._ends(at, code, left, right)

    def _give(self, at: int, left: float, right: float) -> None:
        if self.widths is self.paragraph.widths:
            self.widths = list(self.widths)
        self.widths[at] -= left + right
        self.amounts.insets[at] = (-left, -right)

    def _mark(self, at: int, code: str, left: float, right: float, around: tuple[str, str]) -> None:
        """Collapse neighbouring blanks (CSS Text 4, 8.4).

        A closing mark gives way before any other mark, an opening one behind another.
        """
        before, after = around
        adjacent, amounts = self.style.adjacent, self.amounts
        if right:
            # An opening mark that the house style has halved leaves a full stop its blank.
            halved = bool(after) and after in OPENS and after in self.style.half
            shares = after and after in "OQqCDSLXI" and not halved
            if adjacent and shares and self._is_wide(at, 1):
                self.pairs[at] -= right
            elif adjacent:
                amounts.blanks[at] = right
        if left:
            if adjacent and before and before in "OQI" and self._is_wide(at, -1):
                earlier = self._neighbour(at, -1)
                self.pairs[earlier] -= left
                amounts.trims[at] = amounts.trims.get(at, 0.0) - left
            elif adjacent and not self._was_squeezed(at, before):
                amounts.blanks[at] = -left

    def _neighbour(self, at: int, step: int) -> int:
        at += step
        while not self.ink[at] or self.codes[at] in UNSEEN:
            at += step
        return at

    def _is_wide(self, at: int, step: int) -> bool:
        other = self._neighbour(at, step)
        return self.paragraph.widths[other] >= 0.9 * self.paragraph.ems[other]

    def _was_squeezed(self, at: int, before: str) -> bool:
        """Tell whether the closing mark before an opening one has given up its half already."""
        return bool(before) and before in CLOSES and self.pairs[self._neighbour(at, -1)] < 0

    def _ends(self, at: int, code: str, left: float, right: float) -> None:
        style, amounts, width = self.style, self.amounts, self.paragraph.widths[at]
        if code in OPENS and left:
            if style.trim_start:
                amounts.at_start[at] = left
            if style.trim_first:
                amounts.at_first[at] = left
            if "first" in style.hanging:
                amounts.at_first[at] = width
        elif right:
            if style.trim_end:
                amounts.at_end[at] = right
            if style.force_end:
                amounts.tails[at], amounts.at_end[at] = -right, 0.0
            if code in _STOPS and "force-end" in style.hanging:
                amounts.tails[at], amounts.at_end[at] = -width, 0.0
            elif code in _STOPS and "allow-end" in style.hanging:
                amounts.at_end[at] = width

    def _hang_last(self) -> None:
        """Hang a closing bracket or quote at the end of the last line (CSS Text 4, 8.2)."""
        for at in reversed(self.inked):
            if self.codes[at] in SPACES or self.codes[at] == "n":
                continue
            char = self.paragraph.texts[at][0]
            if category(char) in {"Pe", "Pf"} or char in "'\"":
                self.amounts.tails[at], self.amounts.at_end[at] = -self.widths[at], 0.0
            return

    # ---- ruby ----------------------------------------------------------------------------------

    def _readings(self, gaps: list[bool]) -> Collection[int]:
        """Make room for readings that are wider than their bases."""
        paragraph, amounts = self.paragraph, self.amounts
        ground = Ground(self.codes, self.widths, paragraph.ems, gaps, self.pairs, amounts.blanks)
        make_room(paragraph.readings, ground)
        for needs, given in ((ground.starts, amounts.at_start), (ground.firsts, amounts.at_first)):
            for at, need in needs.items():
                given[at] = given.get(at, 0.0) - need
        for at, need in ground.ends.items():
            amounts.tails[at] = amounts.tails.get(at, 0.0) + need
        return ground.ends.keys()

    # ---- breaks ---------------------------------------------------------------------------------

    def _stops(self) -> tuple[list[int], dict[int, bool]]:
        """Find the clusters that a line may begin with, and those that only a long word may.

        The latter with whether they stand in an address, which may always be broken.
        """
        paragraph, codes = self.paragraph, self.codes
        texts = paragraph.texts
        text = "".join(texts)
        language = next((one.style["lang"] for one in paragraph.leaves if one.style["lang"]), "")
        allowed = line_breaks(text, language)
        if len(text) != self.count:
            allowed = self._by_cluster(allowed)
        strictness, words = self.style.strictness, self.style.words
        plain = [at for at in range(self.count) if codes[at] != "z"]
        rules: dict[tuple[str, str], bool | None] = {}
        stops = []
        for one, two in pairwise(plain):
            pair = codes[one], codes[two]
            if pair not in rules:
                rules[pair] = break_rule(*pair, strictness, words=words)
            rule = rules[pair]
            if rule is None and (pair[0] == "q" or pair[1] == "Q"):
                rule = self._beside_word(one, two) or None
            if allowed[two] if rule is None else rule:
                # The left edge of an inline box goes to the next line with the text behind it.
                stops.append(self._after_edges(one, two))
        barred = set(self._barred())
        stops = [stop for stop in stops if stop not in barred]
        row = "".join(text[0] if text else "\0" for text in texts)
        self.seams = frozenset(seams(row))
        always = self.seams | insides(row)
        poor = {at: at in always for at in self._emergencies() if at not in barred}
        if paragraph.readings:
            # A base is torn only where it is too long for any line.
            inner = inner_clusters(paragraph.readings)
            poor |= {stop: False for stop in stops if stop in inner}
            stops = [stop for stop in stops if stop not in inner]
        return stops, poor

    def _beside_word(self, one: int, two: int) -> bool:
        """Tell whether a Chinese quotation mark, one em wide, stands beside a Latin word."""
        quote, word = (one, two) if self.codes[one] == "q" else (two, one)
        wide = self.paragraph.widths[quote] >= 0.9 * self.paragraph.ems[quote]
        return wide and self.codes[word] in _WORD_ENDS

    def _by_cluster(self, allowed: list[int]) -> list[int]:
        where, found = 0, []
        for text in self.paragraph.texts:
            found.append(allowed[where] if text else 0)
            where += len(text)
        return found

    def _after_edges(self, one: int, two: int) -> int:
        while two - 1 > one and self.paragraph.edges.get(two - 1) is False:
            two -= 1
        return two

    def _barred(self) -> Iterator[int]:
        """Yield where ``white-space: nowrap`` or a superscript forbids a break."""
        yield from self.paragraph.stuck
        leaves = self.paragraph.leaves
        for leaf in leaves:
            if leaf.unbroken:
                yield from range(leaf.begin + 1, leaf.end)
            elif leaf.shaped is not None and leaf.style["hyphens"] == "none":
                yield from (n + 1 for n in range(leaf.begin, leaf.end) if self.codes[n] == "y")
        for one, two in pairwise(leaves):
            if one.unbroken and one.unbroken == two.unbroken and one.shaped and two.shaped:
                yield from range(one.end, two.begin + 1)

    def _emergencies(self) -> Iterator[int]:
        """Yield breaks within words, where ``overflow-wrap`` allows them (CSS Text 4, 5.5)."""
        codes = self.codes
        for leaf in self.paragraph.leaves:
            if leaf.emergency and leaf.shaped is not None:
                for at in range(leaf.begin + 1, leaf.end):
                    if codes[at] in _WORD and codes[at - 1] in _WORD:
                        yield at


class _Languages:
    """The language of each cluster."""

    def __init__(self, paragraph: Paragraph) -> None:
        self.leaves = iter(paragraph.leaves)
        self.end, self.language = -1, ""

    def of(self, at: int) -> str:
        """Give the language of a cluster; they must be asked for in order."""
        while at >= self.end:
            leaf = next(self.leaves)
            self.end, self.language = leaf.end, leaf.style["lang"] or ""
        return self.language
