"""Room for readings: where one is wider than its base, and where it would touch its neighbour.

A reading is centred over its base (clreq 3.3.4.1). What it is wider, reaches over the neighbours
as far as they allow; only the rest moves them away from the base. All of it is put into the gaps
beside bases, and nothing into bases, unless their reading is wider and they are to be spread
(CSS Ruby 1, 4.3): so it vanishes at the ends of lines, where a line is kept as long as the reading.
"""

from __future__ import annotations

from collections.abc import MutableMapping, MutableSequence, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from booklet.compose.classes import CLOSES, OPENS, UNSEEN

APART = 0.25
"""Ems of the reading between two readings of letters (clreq 3.3.4.1)."""

REACH = 0.5
"""Ems of the base that a reading may reach over a neighbour: any character that has no reading on
the same side (clreq 3.3.4.1), by as much as over kana (JLREQ 3.3.8)."""

_INKED = frozenset("HkiVWNw")
"""Classes that a reading may reach over; of marks it is the blank alone."""

_BLANK = frozenset(" _I")


@dataclass(frozen=True, slots=True)
class Annotated:
    """A base that has a reading; lengths in pixels.

    Attributes:
        begin: Its first cluster.
        end: The cluster behind its last.
        row: What the readings have in common that may touch each other: their side and level.
        width: The width of the reading.
        blanks: What of a base that is longer is left free before and after the reading: shares.
        apart: What it keeps from its neighbours.
        overhang: ``ruby-overhang``.
        align: ``ruby-align`` of the base.
        indent: Blank before it, where it begins the paragraph.
        edges: Blank before and after every line: the padding of the block.
    """

    begin: int
    end: int
    row: tuple[bool, int]
    width: float
    blanks: tuple[float, float]
    apart: float
    overhang: bool
    align: str
    indent: float
    edges: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True)
class Ground:
    """The paragraph below the readings, cluster by cluster; see `Material`.

    `gaps`, `pairs` and `blanks` are changed; `starts` and `ends` receive what a line needs more
    that begins or ends with a cluster, and `firsts` what the paragraph needs more.
    """

    codes: Sequence[str]
    widths: Sequence[float]
    ems: Sequence[float]
    gaps: MutableSequence[bool]
    pairs: MutableSequence[float]
    blanks: MutableMapping[int, float]
    starts: MutableMapping[int, float] = field(default_factory=dict)
    ends: MutableMapping[int, float] = field(default_factory=dict)
    firsts: MutableMapping[int, float] = field(default_factory=dict)

    def seen(self, begin: int, end: int) -> list[int]:
        """List the clusters that are seen, spaces included."""
        return [at for at in range(begin, end) if self.codes[at] not in UNSEEN]


@dataclass(slots=True)
class _Base:
    """A base in its row: how far its reading reaches beyond it, and where it is widened."""

    annotated: Annotated
    first: int
    last: int
    left: float
    right: float
    moved: list[float] = field(default_factory=lambda: [0.0, 0.0])


def make_room(readings: Sequence[Annotated], ground: Ground) -> None:
    """Widen the gaps beside bases whose readings need that.

    Such a base is not stretched any more with its line: its reading would not end where it did.
    """
    ordered = sorted(readings, key=lambda one: (one.row[1], one.row[0], one.begin))
    filled: list[_Base] = []
    for _, row in groupby(ordered, key=lambda one: one.row):
        bases = [base for one in row if (base := _base(one, ground)) is not None]
        if bases:
            _Row(bases, ground).settle()
        filled += [base for base in bases if base.left + base.right > 0]
    for base in filled:
        ground.gaps[base.first : base.last] = [False] * (base.last - base.first)


def _base(annotated: Annotated, ground: Ground) -> _Base | None:
    seen = ground.seen(annotated.begin, annotated.end)
    if not seen:
        return None
    first, last = seen[0], seen[-1]
    width = sum(ground.widths[first : last + 1]) + sum(ground.pairs[first:last])
    more = annotated.width - width
    if more < 0:
        before, after = annotated.blanks
        return _Base(annotated, first, last, more * before, more * after)
    if annotated.align == "start":
        return _Base(annotated, first, last, 0.0, more)
    return _Base(annotated, first, last, more / 2, more / 2)


class _Row:
    """Bases whose readings stand on one level, in order."""

    def __init__(self, bases: list[_Base], ground: Ground) -> None:
        self.bases, self.ground = bases, ground

    def settle(self) -> None:
        """Find what each side of each base needs, and put it in."""
        ground, bases = self.ground, self.bases
        self._outer(bases[0], 0)
        for one, two in pairwise(bases):
            between = ground.seen(one.last + 1, two.first)
            if between:
                self._outer(one, 1)
                self._outer(two, 0)
            self._meet(one, two, over=bool(between))
        self._outer(bases[-1], 1)
        for base in bases:
            self._spread(base)
            self._widen(base)

    def _outer(self, base: _Base, side: int) -> None:
        """Keep a reading from reaching further over a neighbour than that allows."""
        reach = base.right if side else base.left
        if reach > 0:
            base.moved[side] = max(0.0, reach - self._allowed(base, side))

    def _allowed(self, base: _Base, side: int) -> float:
        """Tell how far a reading may reach beyond its base, and use the blank of a mark up."""
        ground, annotated = self.ground, base.annotated
        at = _neighbour(ground, base.last if side else base.first, 1 if side else -1)
        if at is None:
            return 0.0
        gap = max(0.0, ground.pairs[base.last if side else at])
        if not annotated.overhang:
            return gap
        code, reach = ground.codes[at], REACH * ground.ems[base.first]
        if code in _INKED or code in _BLANK:
            return gap + min(reach, ground.widths[at])
        if code in (OPENS if side else CLOSES):
            blank = ground.blanks.get(at, 0.0)
            used = min(abs(blank), reach, max(0.0, (base.right if side else base.left) - gap))
            if used:
                # A blank below a reading is not squeezed away.
                ground.blanks[at] = blank - used if blank > 0 else blank + used
            return gap + used
        return gap

    def _meet(self, one: _Base, two: _Base, *, over: bool) -> None:
        """Keep two readings apart, and each from the base of the other.

        Args:
            one: A base.
            two: The next.
            over: Whether anything is seen between the two.
        """
        ground, space = self.ground, slice(one.last + 1, two.first)
        room = sum(ground.widths[space]) + sum(ground.pairs[one.last : two.first])
        right, left = one.right - one.moved[1], two.left - two.moved[0]
        apart = max(one.annotated.apart, two.annotated.apart)
        needed = right + left + apart
        if not over:
            needed = max(needed, right, left)
        if needed <= room:
            return
        wide, other = max(right, 0.0), max(left, 0.0)
        share = wide / (wide + other) if wide + other else 0.5
        one.moved[1] += (needed - room) * share
        two.moved[0] += (needed - room) * (1 - share)

    def _spread(self, base: _Base) -> None:
        """Spread a base that would be widened, as ``ruby-align`` says (CSS Ruby 1, 4.3)."""
        ground = self.ground
        more = min(sum(base.moved), base.left + base.right)
        gaps = [at for at in range(base.first, base.last) if ground.gaps[at]]
        if more <= 0 or not gaps or base.annotated.align in {"start", "center"}:
            return
        share = more / (len(gaps) + (base.annotated.align == "space-around"))
        for at in gaps:
            ground.pairs[at] += share
        half = share * len(gaps) / 2
        base.left, base.right = base.left - half, base.right - half
        base.moved = [max(0.0, moved - half) for moved in base.moved]

    def _widen(self, base: _Base) -> None:
        ground, (left, right) = self.ground, base.moved
        if right:
            ground.pairs[base.last] += right
        before = _neighbour(ground, base.first, -1)
        if left and before is not None:
            ground.pairs[before] += left
        start, end = base.annotated.edges
        _most(ground.starts, base.first, base.left - start)
        _most(ground.ends, base.last, base.right - end)
        _most(ground.firsts, base.first, base.left - start - base.annotated.indent)


def _most(needs: MutableMapping[int, float], at: int, need: float) -> None:
    if need > 0:
        needs[at] = max(needs.get(at, 0.0), need)


def _neighbour(ground: Ground, at: int, step: int) -> int | None:
    at += step
    while 0 <= at < len(ground.codes):
        if ground.codes[at] not in UNSEEN:
            return at
        at += step
    return None


def inner_clusters(readings: Sequence[Annotated]) -> frozenset[int]:
    """Give the clusters of bases except the first of each."""
    return frozenset(at for one in readings for at in range(one.begin + 1, one.end))
