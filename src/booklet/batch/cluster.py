"""The same on a Dask cluster, which shares nothing with this machine but where the files go.

The publication is sent once. A worker that dies loses nothing: the cluster gives its booklets to
another. A booklet that takes too long is interrupted in its worker.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from booklet.batch.record import Outcome
from booklet.batch.worker import Order, Task, work
from booklet.errors import Diagnostic, Place, Severity, ToolError

WAITING = 2
"""Orders that wait for each worker, so that none is ever idle."""

PATIENCE = 15
"""Seconds to wait for the scheduler, and for its first worker."""


class OutOfTimeError(BaseException):
    """A booklet takes too long; not an `Exception`, so that no handler of a fault keeps it."""


@dataclass
class Cluster:
    """Workers of a Dask cluster.

    Attributes:
        task: What all booklets have in common; its publication is a parcel.
        address: Of the scheduler: ``tcp://host:8786``.
        limit: Seconds that one booklet may take.
    """

    task: Task
    address: str
    limit: float

    def run(self, orders: Iterator[Order]) -> Iterator[Outcome]:
        """Make booklets, and yield what became of each as it is known.

        Raises:
            ToolError: There is no scheduler, or no worker, or the library for them is missing.
        """
        distributed, client = self._connect()
        try:
            task = client.scatter(self.task, broadcast=True)
            waiting = distributed.as_completed(loop=client.loop)
            under_way: dict[str, Order] = {}

            def submit() -> None:
                # Workers may come and go.
                most = max(1, sum(client.nthreads().values())) * WAITING
                while len(under_way) < most and (order := next(orders, None)) is not None:
                    future = client.submit(
                        _work_in_time, task, order, self.limit, pure=False,
                        key=f"booklet-{order.number}-{order.key[:16]}",
                    )  # fmt: skip
                    under_way[future.key] = order
                    waiting.add(future)

            submit()
            for future in waiting:
                order = under_way.pop(future.key)
                yield self._outcome(future, order)
                future.release()
                submit()
        except (OSError, distributed.comm.CommClosedError) as error:
            raise _gone(self.address, f"the cluster is gone: {error}") from error
        finally:
            client.close()

    def _connect(self) -> tuple[Any, Any]:
        try:
            import distributed
        except ImportError as error:
            msg = "a cluster needs the library Dask distributed"
            hint = "pip install 'booklet-press[cluster]'"
            found = Diagnostic(
                Place("--scheduler"), Severity.ERROR, "cluster-missing", msg, hint
            )  # fmt: skip
            raise ToolError(msg, [found]) from error
        try:
            client = distributed.Client(  # type: ignore[no-untyped-call]
                self.address, timeout=PATIENCE, set_as_default=False, name="booklet batch"
            )
        except (OSError, ValueError, TimeoutError) as error:
            reason = str(error).split("\n", 1)[0] or type(error).__name__
            raise _gone(self.address, f"no scheduler answers: {reason}") from error
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            client.close()  # type: ignore[no-untyped-call]
            raise _gone(self.address, "the scheduler has no workers") from error
        return distributed, client

    def _outcome(self, future: Any, order: Order) -> Outcome:
        error = future.exception()
        if error is None:
            outcome: Outcome = future.result()
            return outcome
        found = Diagnostic(
            order.place, Severity.ERROR, "booklet-died",
            f"the workers that make {order.slug} end: {type(error).__name__}",
            "look into the logs of the workers; often too little memory",
        )  # fmt: skip
        return Outcome(
            order.number, order.slug, "failed", diagnostics=(found,), key=order.key
        )  # fmt: skip


def _gone(address: str, message: str) -> ToolError:
    found = Diagnostic(
        Place("--scheduler"), Severity.ERROR, "cluster-unreachable", f"{address}: {message}",
        "dask scheduler, and dask worker ADDRESS --nthreads 1 on each machine",
    )  # fmt: skip
    msg = "there is no cluster to work with"
    return ToolError(msg, [found])


def _work_in_time(task: Task, order: Order, limit: float) -> Outcome:
    """Make a booklet in a thread of a worker."""
    try:
        return work(task, order, lambda: _bounded(limit))
    except OutOfTimeError:
        found = Diagnostic(
            order.place, Severity.ERROR, "booklet-time",
            f"{order.slug} takes more than {limit:g} seconds", "a longer --limit-time",
        )  # fmt: skip
        return Outcome(
            order.number, order.slug, "failed", diagnostics=(found,), key=order.key
        )  # fmt: skip


@contextmanager
def _bounded(limit: float) -> Iterator[None]:
    """Interrupt this thread after a time: a worker's process is not ours to end."""
    thread, turn, done = threading.get_ident(), threading.Lock(), threading.Event()

    def interrupt() -> None:
        with turn:
            if done.is_set():
                return
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(thread), ctypes.py_object(OutOfTimeError)
            )

    timer = threading.Timer(limit, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with turn:
            done.set()
        timer.cancel()
