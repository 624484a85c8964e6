"""A pool of processes on this machine.

They are forked from a process that has loaded the renderer and has done nothing else, so each
begins warm. One that dies takes its booklet with it, which is tried once more by itself; one that
takes too long is ended.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from booklet.batch.record import Outcome
from booklet.batch.worker import Order, Task, warm_up, work
from booklet.errors import Diagnostic, Severity

RECYCLED = 200
"""Booklets after which a process makes room for a fresh one, so that no leak adds up."""

WAITING = 2
"""Orders that wait for each process, so that none is ever idle."""

MOST_MEMORY = 4 * 1024**3
"""Bytes of address space of a process."""

WARM = "booklet.batch.warm"


def processors() -> int:
    """Count the processors that this process may use."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return count or 1


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
    _again: deque[Order] = field(default_factory=deque)
    _tried: set[int] = field(default_factory=set)

    def run(self, orders: Iterator[Order]) -> Iterator[Outcome]:
        """Make booklets, and yield what became of each as it is known."""
        context: Any = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([WARM])
        pool: Any = ProcessPool(
            self.jobs, max_tasks=RECYCLED, initializer=_begin, initargs=(str(Path.cwd()),),
            context=context,
        )  # fmt: skip
        under_way: dict[Any, Order] = {}
        try:
            while True:
                while len(under_way) < self.jobs * WAITING:
                    order = self._again.popleft() if self._again else next(orders, None)
                    if order is None:
                        break
                    future = pool.schedule(work, (self.task, order), timeout=self.limit)
                    under_way[future] = order
                if not under_way:
                    break
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    outcome = self._outcome(future, under_way.pop(future))
                    if outcome is not None:
                        yield outcome
        finally:
            pool.stop()
            pool.join()

    def _outcome(self, future: Future[Outcome], order: Order) -> Outcome | None:
        """Tell what became of an order; None where it is tried again."""
        try:
            return future.result()
        except TimeoutError:
            return self._lost(
                order, "booklet-time", f"{order.slug} takes more than {self.limit:g} seconds",
                "a longer --limit-time, if it is worth it",
            )  # fmt: skip
        except ProcessExpired as error:
            if order.number not in self._tried:
                self._tried.add(order.number)
                self._again.append(order)
                return None
            reason = _reason(error.exitcode)
            return self._lost(
                order, "booklet-died", f"the process that makes {order.slug} ends twice: {reason}",
                "often too little memory: fewer --jobs, or smaller pictures",
            )  # fmt: skip

    def _lost(self, order: Order, code: str, message: str, hint: str) -> Outcome:
        found = Diagnostic(order.place, Severity.ERROR, code, message, hint)
        return Outcome(
            order.number, order.slug, "failed", diagnostics=(found,), key=order.key
        )  # fmt: skip


def _reason(status: int | None) -> str:
    if status is not None and status < 0:
        return signal.Signals(-status).name
    return f"exit status {status}"


def _begin(folder: str) -> None:
    """Begin the life of a process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the batch ends it
    os.chdir(folder)
    _limit_memory()
    warm_up()


def _limit_memory() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (OSError, ValueError):  # not every system has this limit
        return
