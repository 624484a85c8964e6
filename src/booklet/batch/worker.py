"""One booklet, made in a process that stays warm for the next.

The same function serves a process of this machine and a worker of a cluster. It returns what became
of the booklet, and never raises for what is wrong with one.
"""

from __future__ import annotations

import errno
import gc
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from booklet import __version__, limits
from booklet.batch.bundle import Bundle, Unpacked
from booklet.batch.record import Kept, Outcome, checksum, write_record
from booklet.batch.store import Store
from booklet.build import Wish, make_editions
from booklet.errors import BookletError, Diagnostic, Place, Severity, in_order
from booklet.manuscript.changes import Changes
from booklet.output.at_hand import AtHand
from booklet.output.means import Means
from booklet.progress import NullProgress

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
"""Errors after which no other booklet could be written either."""

EPOCH = "SOURCE_DATE_EPOCH"

Bounded = Callable[[], AbstractContextManager[None]]

_alone = threading.Lock()
_means = Means(at_hand=AtHand(), keep=False)
_unpacked = Unpacked()


@dataclass(frozen=True, slots=True)
class Task:
    """What all booklets of a batch have in common.

    Attributes:
        source: The publication, or a parcel of it; None where each has its own.
        editions: Which are made; none for those of the header.
        strict: Let warnings forbid the release.
        store: Where the files go.
        epoch: The date of the files, as the environment gives it.
        lifted: Limits that the command line has set.
        version: Of the program that asks.
    """

    source: Path | Bundle | None
    editions: tuple[str, ...]
    strict: bool
    store: Store
    epoch: str | None = None
    lifted: Mapping[str, int] = field(default_factory=dict)
    version: str = __version__


@dataclass(frozen=True, slots=True)
class Order:
    """A booklet to be made.

    Attributes:
        number: Of its row, from 1.
        slug: Name of its files.
        key: Digest of all that it is made of.
        changes: What it has of its own.
        source: Its publication, if it has its own.
        place: Where it is asked for.
    """

    number: int
    slug: str
    key: str
    place: Place
    changes: Changes | None = field(default=None, repr=False)
    source: Path | Bundle | None = None


def work(task: Task, order: Order, bounded: Bounded = nullcontext) -> Outcome:
    """Make, prove and write a booklet, and its record last.

    Args:
        task: What all booklets have in common.
        order: The booklet.
        bounded: Within which the work is done, such as a limit of time.
    """
    since = time.process_time()
    with (
        _alone,
        bounded(),
        _dated(task.epoch),
        limits.using(lifted=task.lifted),
    ):  # the renderer is no place for two threads
        try:
            outcome = _work(task, order)
        except BookletError as error:
            outcome = _failed(order, error.diagnostics or (_fault(order, str(error)),))
        except OSError as error:
            outcome = _unwritten(order, error)
        except Exception as error:
            if os.environ.get("BOOKLET_TRACEBACK"):
                raise
            outcome = _failed(order, (_fault(order, f"{type(error).__name__}: {error}"),))
        gc.collect()
    source = order.source or task.source
    if isinstance(source, Bundle):
        here = _unpacked.path(source).parent.as_posix() + "/"
        outcome = replace(
            outcome, diagnostics=tuple(_shown(item, here, source) for item in outcome.diagnostics)
        )
    return replace(outcome, seconds=time.process_time() - since)


def _work(task: Task, order: Order) -> Outcome:
    if task.version != __version__:
        message = f"this worker has booklet {__version__}, not {task.version}"
        found = Diagnostic(
            order.place, Severity.ERROR, "cluster-version", message,
            "install the same version on every machine",
        )  # fmt: skip
        return replace(_failed(order, (found,)), stop=message)
    source = order.source or task.source
    path = _unpacked.path(source) if isinstance(source, Bundle) else source
    assert path is not None
    since = time.process_time()
    finished = make_editions(
        path, Wish(task.editions, task.strict, changes=order.changes, means=_means), NullProgress(),
        lambda slug, name: task.store.get(f"{slug}/{name}"),
    )  # fmt: skip
    outputs = []
    for file in finished.files:
        task.store.put(f"{order.slug}/{file.name}", file.data)
        outputs.append(
            Kept(
                file.edition, file.derived, file.name, len(file.data), file.pages,
                checksum(file.data),
            )
        )  # fmt: skip
    outcome = Outcome(
        order.number, order.slug, "built", finished.title, tuple(outputs),
        time.process_time() - since, finished.diagnostics, order.key,
    )  # fmt: skip
    write_record(outcome, task.store)
    return outcome


def _failed(order: Order, found: tuple[Diagnostic, ...]) -> Outcome:
    return Outcome(
        order.number, order.slug, "failed", diagnostics=in_order(found), key=order.key
    )  # fmt: skip


def _fault(order: Order, message: str) -> Diagnostic:
    return Diagnostic(
        order.place, Severity.ERROR, "booklet-fault", f"a fault of booklet itself: {message}",
        "build it alone with BOOKLET_TRACEBACK=1 and report what it prints",
    )  # fmt: skip


def _unwritten(order: Order, error: OSError) -> Outcome:
    message = error.strerror or str(error)
    found = Diagnostic(
        order.place, Severity.ERROR, "out-unwritable",
        f"{order.slug} cannot be written: {message}", "make room, and run the same batch again",
    )  # fmt: skip
    stop = message if error.errno in FULL else ""
    return replace(_failed(order, (found,)), stop=stop)


def _shown(item: Diagnostic, here: str, bundle: Bundle) -> Diagnostic:
    """Name a file of an unpacked publication as the user would."""
    if not item.place.file.startswith(here):
        return item
    file = bundle.shown + item.place.file.removeprefix(here)
    return replace(item, place=replace(item.place, file=file))


@contextmanager
def _dated(epoch: str | None) -> Iterator[None]:
    """Date what is made as the batch is asked to, whatever the environment of this process says."""
    before = os.environ.pop(EPOCH, None)
    if epoch is not None:
        os.environ[EPOCH] = epoch
    try:
        yield
    finally:
        os.environ.pop(EPOCH, None)
        if before is not None:
            os.environ[EPOCH] = before


def warm_up() -> None:
    """Load what every booklet needs, and leave it out of every later collection of garbage."""
    with suppress(ImportError, OSError):  # told when it is needed
        import weasyprint  # noqa: F401

        import booklet.compose
        import booklet.finish.pdf_text
        import booklet.output.rendering  # noqa: F401
    gc.collect()
    gc.freeze()
