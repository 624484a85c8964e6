"""Editions made side by side: what they share is made once, and the rest in processes of their own.

The outputs and the findings, and their order, are those of one edition made after the other. Where
that could not be so (an earlier edition fails, and the later ones would not have been made), or a
process ends too soon, editions are made here, one after the other.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from booklet.editions.making import EDITIONS
from booklet.editions.run import Made, Run
from booklet.errors import Diagnostic, Severity
from booklet.model.header import EditionName
from booklet.progress import NullProgress

Outcome = tuple[tuple[Made, ...], tuple[Diagnostic, ...]]
"""What an edition gave: files, and findings."""

HERE = frozenset({"screen", "office"})
"""Editions that take no more than the pages take."""

TOGETHER = frozenset({"press", "cover"})
"""Editions that know of one another: a picture that was told of is told of once."""

_LONGEST_GOODBYE = 5.0


@dataclass(slots=True)
class _Maker:
    """A process that makes editions."""

    names: tuple[EditionName, ...]
    pipe: Connection
    process: BaseProcess


def make_all(run: Run, names: Sequence[EditionName]) -> list[Made]:
    """Make editions of one job.

    Args:
        run: The build; several processes if its means allow it.
        names: The editions, in order.
    """
    away = _away(run, names)
    if not away:
        return [made for name in names for made in EDITIONS[name](run)]
    outcomes: dict[EditionName, Outcome] = {}
    makers: list[_Maker] = []
    # What is there now lives as long as this process; no process shall copy it to look at it.
    gc.collect()
    gc.freeze()
    try:
        # An e-book that names no printed pages need not wait for them.
        early = [group for group in away if "ebook" in group and not _cites_pages(run)]
        makers += [_fork(run, group) for group in early]
        outcomes |= _made(run, names[:1])
        if not any(item.severity is Severity.ERROR for item in outcomes[names[0]][1]):
            with _told(run, outcomes[names[0]]):
                makers += [_fork(run, group) for group in away if group not in early]
                outcomes |= _made(run, [name for name in names[1:] if name in HERE])
        run.progress.step(f"make {' and '.join(name for one in makers for name in one.names)}")
        for maker in makers:
            outcomes |= _collected(maker)
    finally:
        gc.unfreeze()
        for maker in makers:
            _end(maker)
    return list(_in_order(run, names, outcomes))


def _away(run: Run, names: Sequence[EditionName]) -> list[tuple[EditionName, ...]]:
    """Group the editions that are made in processes of their own; none where one process is all."""
    means = run.means
    if means is None or means.keep or means.jobs < 2 or not hasattr(os, "fork"):
        return []
    if not names or names[0] not in HERE:
        return []  # pages are the first thing that the others have in common
    rest = [name for name in names[1:] if name not in HERE]
    groups = [tuple(name for name in rest if name in TOGETHER)]
    groups += [(name,) for name in rest if name not in TOGETHER]
    return [group for group in groups if group]


def _cites_pages(run: Run) -> bool:
    return run.job.publication.header.ebook.pages != "none"


def _made(run: Run, names: Sequence[EditionName]) -> dict[EditionName, Outcome]:
    """Make editions, and take their findings out of the list of all."""
    items = run.findings.items
    begin, outcomes = len(items), {}
    for name in names:
        before = len(items)
        files = tuple(EDITIONS[name](run))
        outcomes[name] = files, tuple(items[before:])
    del items[begin:]
    return outcomes


@contextlib.contextmanager
def _told(run: Run, outcome: Outcome) -> Iterator[None]:
    """Let later editions know what an earlier one has found."""
    items = run.findings.items
    begin = len(items)
    items.extend(outcome[1])
    try:
        yield
    finally:
        del items[begin:]


def _in_order(
    run: Run, names: Sequence[EditionName], outcomes: dict[EditionName, Outcome]
) -> Iterator[Made]:
    """Give files and tell findings as if each edition had waited for the one before it."""
    for name in names:
        outcome = outcomes.get(name)
        if outcome is None or run.findings.fatal:
            yield from EDITIONS[name](run)
            continue
        run.findings.extend(outcome[1])
        yield from outcome[0]


# ---- processes -----------------------------------------------------------------------------------


def _fork(run: Run, names: tuple[EditionName, ...]) -> _Maker:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(run, names, theirs), daemon=True)
    with warnings.catch_warnings():
        # The thread of the progress display holds nothing that a maker uses.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    theirs.close()
    return _Maker(names, ours, process)


def _work(run: Run, names: tuple[EditionName, ...], pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard speaks to the parent
    run.progress = NullProgress()
    if run.means is not None:
        run.means = replace(run.means, jobs=1)
    # Whatever goes wrong here goes wrong again where somebody can be told.
    with contextlib.suppress(Exception):
        pipe.send(_made(run, names))
    os._exit(0)


def _collected(maker: _Maker) -> dict[EditionName, Outcome]:
    try:
        found: Any = maker.pipe.recv()
    except (EOFError, OSError):
        return {}
    return found if isinstance(found, dict) else {}


def _end(maker: _Maker) -> None:
    maker.pipe.close()
    maker.process.join(_LONGEST_GOODBYE)
    if maker.process.exitcode is None:
        maker.process.kill()
        maker.process.join()
