"""Several processes that set pieces side by side.

They are forked from this one when its fonts and style sheets are open, so that they share them.
Each sets one piece after another; what they are given ahead of time is foretold, and thrown away
where it was foretold wrongly. One that dies costs no more than its piece, which is then set here.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import os
import signal
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from booklet.output.galley import Galley
from booklet.output.setting import Hands, Task, WholeError
from booklet.typeset.pieces import Pieces

WORTH_IT = 24_000
"""Characters of HTML from which setting side by side is quicker than one after another."""

LARGE = 400_000
"""Characters of HTML of a piece that needs much memory; nobody shall wait beside it."""

_LONGEST_GOODBYE = 5.0
"""Seconds for a process to end by itself."""


@dataclass(slots=True)
class _Worker:
    """A process that sets pieces.

    Attributes:
        pipe: Tasks go out, galleys come in.
        process: The process.
        task: What it is setting; None where it waits.
    """

    pipe: Connection
    process: BaseProcess
    task: Task | None = None


@dataclass
class Workshop:
    """Sets pieces in several processes.

    Attributes:
        typesetter: Sets them where no process can.
        count: Processes.
        ready: Pieces that were set ahead of time.
    """

    typesetter: Hands
    count: int
    ready: dict[int, tuple[Task, Galley]] = field(default_factory=dict)
    _workers: list[_Worker] = field(default_factory=list)
    _opened: bool = False

    def __enter__(self) -> Workshop:
        """Fork no process yet: the cache may have all."""
        return self

    def _open(self) -> None:
        if not self._opened:
            self._opened = True
            # What is there now lives as long as this process: no collector need look at it again,
            # and none copies it for a process that only reads it.
            gc.collect()
            _give_back()
            gc.freeze()
        while len(self._workers) < self.count:
            self._workers.append(self._fork())

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self._close()

    def renew(self, pieces: Pieces) -> None:
        """Go on with other pieces, in processes that know them; see `Hands`."""
        self._close()
        self.typesetter.renew(pieces)
        self.ready.clear()

    def _close(self) -> None:
        if not self._opened:
            return
        self._opened = False
        gc.unfreeze()
        self._end(self._workers)
        self._workers.clear()

    def _dismiss(self) -> None:
        """End the processes that have nothing to do; they are forked anew if they are needed."""
        idle = [worker for worker in self._workers if worker.task is None]
        self._end(idle)
        self._workers = [worker for worker in self._workers if worker not in idle]

    @staticmethod
    def _end(workers: Sequence[_Worker]) -> None:
        for worker in workers:
            worker.pipe.close()
        for worker in workers:
            if worker.task is not None:
                worker.process.kill()  # what it sets is wanted by nobody
            worker.process.join(_LONGEST_GOODBYE)
            if worker.process.exitcode is None:
                worker.process.kill()
                worker.process.join()

    def set(self, task: Task, ahead: Sequence[Task] = ()) -> tuple[Task, Galley]:
        """Set a piece; see `Hands`."""
        if not (self._opened or ahead):
            return self.typesetter.set(task, ())
        if ahead or not self._workers:
            self._open()
        while True:
            if (found := self.ready.pop(task.number, None)) and _serves(task, found):
                self._employ(ahead)
                return found
            if not any(_same(worker.task, task) for worker in self._workers):
                free = next((one for one in self._workers if one.task is None), None)
                if free is not None:
                    self._give(free, task)
            self._employ(ahead)
            if not ahead and len(task.content) > LARGE:
                self._dismiss()
            if not self._workers:
                return self.typesetter.set(task, ())
            self._receive()

    def _employ(self, ahead: Sequence[Task]) -> None:
        """Give those who wait something to do that will be asked for."""
        wanted = [
            task for task in ahead
            if not any(_same(worker.task, task) for worker in self._workers)
            and not (task.number in self.ready and _serves(task, self.ready[task.number]))
        ]  # fmt: skip
        for worker in [one for one in self._workers if one.task is None]:
            if wanted:
                self._give(worker, wanted.pop(0))

    def _give(self, worker: _Worker, task: Task) -> None:
        try:
            worker.pipe.send(task)
            worker.task = task
        except OSError:
            self._lose(worker)

    def _receive(self) -> None:
        """Wait until at least one piece is set."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        if not busy:
            return
        for pipe in wait(list(busy)):
            worker = busy[pipe]  # type: ignore[index]
            try:
                answer: Any = worker.pipe.recv()
            except (EOFError, OSError):
                self._lose(worker)
                continue
            task, worker.task = worker.task, None
            if isinstance(answer, Galley) and task is not None:
                self.ready[task.number] = task, answer
            elif isinstance(answer, str):
                raise WholeError(answer)

    def _lose(self, worker: _Worker) -> None:
        """Go on without a process that has died, and set its piece here."""
        self._workers.remove(worker)
        self.count -= 1
        worker.pipe.close()
        worker.process.join(_LONGEST_GOODBYE)
        if worker.task is not None:
            self.ready[worker.task.number] = self.typesetter.set(worker.task, ())

    def _fork(self) -> _Worker:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        others = [worker.pipe for worker in self._workers]
        process = context.Process(
            target=_work, args=(self.typesetter, theirs, [ours, *others]), daemon=True
        )
        with warnings.catch_warnings():
            # The thread of the progress display holds nothing that a worker uses.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        theirs.close()
        return _Worker(ours, process)


def _give_back() -> None:
    """Give memory back to the system that was freed: trees and templates of a long book."""
    with contextlib.suppress(AttributeError, OSError):  # only one C library knows how to
        ctypes.CDLL(None).malloc_trim(0)


def _work(typesetter: Hands, pipe: Connection, others: Sequence[Connection]) -> None:
    """Set pieces until the other end of the pipe is closed."""
    for other in others:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard speaks to the parent
    with contextlib.suppress(EOFError, OSError):
        for task in _tasks(pipe):
            try:
                pipe.send(typesetter.set(task, ())[1])
            except WholeError as reason:
                pipe.send(str(reason))
    os._exit(0)


def _tasks(pipe: Connection) -> Iterator[Task]:
    while True:
        yield pipe.recv()


def _same(one: Task | None, other: Task) -> bool:
    """Tell whether a task under way may serve another; its strings are known when it is done."""
    return (
        one is not None
        and one.number == other.number
        and one.content == other.content
        and one.draft == other.draft
        and (one.start.right, one.start.folio) == (other.start.right, other.start.folio)
    )


def _serves(task: Task, found: tuple[Task, Galley]) -> bool:
    return task.serves(found[0], found[1].left.used)
