"""Set the pieces of a book until every folio is right.

Each piece is told on which side and with which folio it begins. Contents and indexes name folios of
pieces that come later, so they are set again once these are known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from booklet.output.galley import Galley
from booklet.typeset.pieces import Pieces, Start

MOST_ROUNDS = 6
"""How often all pieces are gone through; two suffice unless a folio moves the page it stands on."""


class WholeError(Exception):
    """The book cannot be set in pieces after all; says why."""


@dataclass(frozen=True, slots=True)
class Task:
    """A piece to be set.

    Attributes:
        number: Of the piece.
        start: What stands before it.
        content: Its elements.
        draft: It prints folios that are not known yet, so that it need not be drawn.
    """

    number: int
    start: Start
    content: str
    draft: bool = False

    def serves(self, other: Task, used: frozenset[str]) -> bool:
        """Tell whether what was set for another task is right for this one.

        Args:
            other: The other task.
            used: Names of the strings that its margins took from what stands before it.
        """
        mine, its = dict(self.start.strings), dict(other.start.strings)
        return (
            self.content == other.content
            and self.draft == other.draft
            and (self.start.right, self.start.folio) == (other.start.right, other.start.folio)
            and all(mine.get(name) == its.get(name) for name in used)
        )


class Hands(Protocol):
    """Whoever sets pieces: this process, or several at once."""

    def set(self, task: Task, ahead: Sequence[Task]) -> tuple[Task, Galley]:
        """Set a piece.

        Args:
            task: The piece.
            ahead: What will likely be asked for next, in this order.

        Returns:
            The galley, and the task that it was set for: one that serves.
        """

    def renew(self, pieces: Pieces) -> None:
        """Go on with other pieces: their words have changed."""


def set_pieces(pieces: Pieces, hands: Hands) -> tuple[Galley, ...]:
    """Set every piece, until all folios are right.

    Raises:
        WholeError: One of them needs the whole book around it.
    """
    known: dict[int, tuple[Task, Galley]] = {}
    folios = Folios(dict.fromkeys((id_ for piece in pieces.pieces for id_ in piece.ids), 0))
    for _ in range(MOST_ROUNDS):
        start, changed = Start(), False
        done: list[Galley] = []
        running: set[str] = set()
        for number in range(len(pieces.pieces)):
            task = _task(pieces, number, start, folios)
            if not (number in known and task.serves(known[number][0], known[number][1].left.used)):
                known[number] = hands.set(task, _Ahead(pieces, task, folios, known))
                changed = True
            galley = known[number][1]
            _check(galley, done[-1] if done else None, running)
            done.append(galley)
            running |= galley.left.running
            folios.learn(galley.folios)
            start = _next(start, galley)
        if not changed:
            return tuple(done)
        folios.settle()
    msg = "its folios move the pages that they stand on"
    raise WholeError(msg)


@dataclass(slots=True)
class Folios:
    """The page counters where ids stand.

    Attributes:
        values: By id; 0 for one that is not known yet.
        known: Ids that are known.
    """

    values: dict[str, int]
    known: set[str] = field(default_factory=set)

    def learn(self, values: Mapping[str, int]) -> None:
        """Take note of where ids stand."""
        self.values |= values
        self.known.update(values)

    def settle(self) -> None:
        """Take all as known: what has no place after a round has none."""
        self.known.update(self.values)


def _task(pieces: Pieces, number: int, start: Start, folios: Folios) -> Task:
    piece = pieces.pieces[number]
    draft = not (piece.told & folios.values.keys()) <= folios.known
    return Task(number, start, pieces.content(piece, folios.values), draft)


def _next(start: Start, galley: Galley) -> Start:
    strings = dict(start.strings) | dict(galley.left.strings)
    return Start(galley.ends_right, galley.counters[-1], tuple(sorted(strings.items())))


MOST_AHEAD = 4
"""Pieces that are foretold; the further ahead, the likelier it is that one page more spoils it."""

MOST_LIKENED = 200
"""Pieces set lately among which one of about the same length is looked for."""


@dataclass
class _Ahead(Sequence[Task]):
    """The tasks that will likely be asked for next, foretold only where somebody looks at them."""

    pieces: Pieces
    task: Task
    folios: Folios
    known: Mapping[int, tuple[Task, Galley]]

    @cached_property
    def _tasks(self) -> list[Task]:
        return _foretold(self.pieces, self.task, self.folios, self.known)

    def __len__(self) -> int:
        return len(self._tasks)

    def __getitem__(self, at: Any) -> Any:
        return self._tasks[at]


def _foretold(
    pieces: Pieces, task: Task, folios: Folios, known: Mapping[int, tuple[Task, Galley]]
) -> list[Task]:
    """Foretell the next tasks: each piece takes as many pages as one of about its length did."""
    found: list[Task] = []
    start, number = task.start, task.number
    lengths = {
        at: (len(pieces.pieces[at].html), len(galley.counters), at)
        for at, (_, galley) in list(known.items())[-MOST_LIKENED:]
    }
    last = min(number + MOST_AHEAD, len(pieces.pieces) - 1)
    while number < last and lengths:
        length = len(pieces.pieces[number].html)
        before = known.get(number)
        pages = (
            len(before[1].counters) if before
            else min(lengths.values(), key=lambda one: abs(one[0] - length))[1]
        )  # fmt: skip
        right = bool(start.right) if start.right is not None else False
        start = Start(right ^ bool(pages % 2), start.folio + pages, start.strings)
        number += 1
        following = _task(pieces, number, start, folios)
        if not (number in known and following.serves(known[number][0], known[number][1].left.used)):
            found.append(following)
    return found


def _check(one: Galley, before: Galley | None, running: Collection[str]) -> None:
    """Refuse a piece that would not begin a page, or that looks back further than it can see.

    Args:
        one: The piece.
        before: The piece before it; None for the first one.
        running: Running elements of all pieces before it.
    """
    if not one.counters:
        msg = "one of its parts has no page"
        raise WholeError(msg)
    if one.left.fixed:
        msg = "something stands on every page (position: fixed)"
        raise WholeError(msg)
    if before is None:
        return
    last, here = before.left.closing, one.left.opening
    if not (last.forced or here.forced or last.name != here.name):
        msg = "one of its parts goes on where the other ends"
        raise WholeError(msg)
    if not (last.bare and here.bare):
        msg = "what wraps its sections has a border, padding or margin"
        raise WholeError(msg)
    if again := sorted(one.left.missed.intersection(running)):
        msg = f"a running element of one part stands on pages of another: {again[0]}"
        raise WholeError(msg)
