"""Processes of this machine.

They are forked from a process that has loaded the renderer and has done nothing else, so each
begins warm. Each has a pipe of its own: one that dies, however and whenever it does, holds up no
other. Its booklet is tried once more; one that takes too long is ended.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from booklet import limits
from booklet.batch.record import Outcome
from booklet.batch.worker import Order, Task, warm_up, work
from booklet.errors import Diagnostic, Severity
from booklet.worker import allowance, confine

RECYCLED = 200
"""Booklets after which a process makes room for a fresh one, so that no leak adds up."""

WARM = "booklet.batch.warm"

GOODBYE = 5.0
"""Seconds for a process to end by itself."""


def processors() -> int:
    """Count the processors that this process may use."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return count or 1


@dataclass
class _Hand:
    """A process.

    Attributes:
        pipe: Orders go out, outcomes come in.
        alive: By which the process knows that the batch goes on.
        order: What it is making; None where it waits.
        since: When it was given that.
        done: Booklets that it has made.
    """

    pipe: Connection
    alive: Connection
    process: BaseProcess
    order: Order | None = None
    since: float = 0.0
    done: int = 0

    def end(self, *, kill: bool = False) -> None:
        """End the process."""
        self.pipe.close()
        if not kill:
            self.process.join(GOODBYE)
        if self.process.exitcode is None:
            self.process.kill()
        self.process.join()
        self.alive.close()


@dataclass
class LocalPool:
    """Processes of this machine.

    Attributes:
        task: What all booklets have in common.
        jobs: Processes.
        limit: Seconds that one booklet may take.
    """

    task: Task
    jobs: int
    limit: float
    _hands: list[_Hand] = field(default_factory=list)
    _again: deque[Order] = field(default_factory=deque)
    _tried: set[int] = field(default_factory=set)

    def run(self, orders: Iterator[Order]) -> Iterator[Outcome]:
        """Make booklets, and yield what became of each as it is known."""
        self._context: Any = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([WARM])
        try:
            while self._employ(orders):
                yield from self._heard()
        finally:
            for hand in self._hands:
                hand.end(kill=hand.order is not None)
            self._hands.clear()

    def _employ(self, orders: Iterator[Order]) -> bool:
        """Give every process something to do; tell whether any is at work."""
        for _ in range(self.jobs):
            idle = next((hand for hand in self._hands if hand.order is None), None)
            if idle is None and len(self._hands) >= self.jobs:
                break
            order = self._again.popleft() if self._again else next(orders, None)
            if order is None:
                break
            hand = idle or self._hire()
            hand.order, hand.since = order, time.monotonic()
            with contextlib.suppress(OSError):  # it has died; that is heard at its pipe
                hand.pipe.send(order)
        return any(hand.order is not None for hand in self._hands)

    def _hire(self) -> _Hand:
        ours, theirs = multiprocessing.Pipe()
        alive, hold = multiprocessing.Pipe(duplex=False)
        process = self._context.Process(
            target=_serve, args=(theirs, alive, self.task, str(Path.cwd())), daemon=True
        )
        process.start()
        theirs.close()
        alive.close()
        hand = _Hand(ours, hold, process)
        self._hands.append(hand)
        return hand

    def _heard(self) -> Iterator[Outcome]:
        """Wait until a process has something to tell, dies, or has taken too long."""
        busy = {hand.pipe: hand for hand in self._hands if hand.order is not None}
        now = time.monotonic()
        patience = min(hand.since + self.limit for hand in busy.values()) - now
        for pipe in wait(list(busy), max(patience, 0.0)):
            yield from self._receive(busy[pipe])  # type: ignore[index]
        for hand in [hand for hand in self._hands if hand.order is not None]:
            if time.monotonic() - hand.since >= self.limit:
                yield from self._overdue(hand)

    def _receive(self, hand: _Hand) -> Iterator[Outcome]:
        order = hand.order
        assert order is not None
        try:
            outcome: Outcome = hand.pipe.recv()
        except (EOFError, OSError):
            self._hands.remove(hand)
            hand.end()
            yield from self._died(order, hand.process.exitcode)
            return
        hand.order = None
        hand.done += 1
        if hand.done >= RECYCLED:
            self._hands.remove(hand)
            hand.end()
        yield outcome

    def _died(self, order: Order, status: int | None) -> Iterator[Outcome]:
        if order.number not in self._tried:
            self._tried.add(order.number)
            self._again.append(order)
            return
        yield _lost(
            order, "booklet-died",
            f"the process that makes {order.slug} ends twice: {_reason(status)}",
            "often too little memory: fewer --jobs, or smaller pictures",
        )  # fmt: skip

    def _overdue(self, hand: _Hand) -> Iterator[Outcome]:
        order = hand.order
        assert order is not None
        self._hands.remove(hand)
        hand.end(kill=True)
        yield _lost(
            order, "booklet-time", f"{order.slug} takes more than {self.limit:g} seconds",
            "a longer --limit-time, if it is worth it",
        )  # fmt: skip


def _lost(order: Order, code: str, message: str, hint: str) -> Outcome:
    found = Diagnostic(order.place, Severity.ERROR, code, message, hint)
    return Outcome(order.number, order.slug, "failed", diagnostics=(found,), key=order.key)


def _reason(status: int | None) -> str:
    if status is not None and status < 0:
        return signal.Signals(-status).name
    return f"exit status {status}"


# ---- in the process ----------------------------------------------------------------------------


def _serve(pipe: Connection, alive: Connection, task: Task, folder: str) -> None:
    """Make booklets until the other end of the pipe is closed, or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard speaks to the batch
    os.chdir(folder)
    with limits.using(lifted=task.lifted):
        confine(alive.fileno(), allowance(0))  # the batch sees to the time of each booklet
    warm_up()
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send(work(task, pipe.recv()))
