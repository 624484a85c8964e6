"""A batch: the catalogue read, each booklet planned, built or kept, and all of it reported."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from booklet import limits
from booklet.batch.bundle import Bundle, digest_of, pack, workshop
from booklet.batch.catalogue import Catalogue, Entry, read_catalogue
from booklet.batch.merging import Merging, merge_booklets
from booklet.batch.record import RECORD, Outcome, read_record
from booklet.batch.rows import changes_of
from booklet.batch.store import FolderStore, Store, alone, open_store
from booklet.batch.worker import EPOCH, Order, Task
from booklet.errors import Diagnostic, Findings
from booklet.manuscript.changes import Changes
from booklet.manuscript.locate import MARKDOWN, find_publication, slug_of
from booklet.output.put import refuse_links_out


class Watch(Protocol):
    """Told of a batch under way."""

    def begin(self, count: int) -> None:
        """So many booklets are asked for."""

    def tell(self, outcome: Outcome) -> None:
        """One of them is done, well or not."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a batch.

    Attributes:
        catalogue: A table, JSON Lines, YAML, or a folder of publications.
        publication: What a catalogue of rows changes.
        out: A folder, or an address that fsspec knows.
        editions: Which editions; none for those of the row or of the header.
        jobs: Processes on this machine; 0 for one a processor.
        scheduler: Address of a Dask scheduler; '' for this machine.
        fresh: Build what is there already, too.
        strict: Let warnings forbid the release of a booklet.
        limit: Seconds that one booklet may take.
        named: The user has named the folder of outputs himself.
        merging: How the booklets become one print file; None where they do not.
    """

    catalogue: Path
    publication: Path = Path()
    out: str = "build"
    editions: tuple[str, ...] = ()
    jobs: int = 0
    scheduler: str = ""
    fresh: bool = False
    strict: bool = False
    limit: float = 120.0
    named: bool = True
    merging: Merging | None = None


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch.

    Attributes:
        outcomes: Of each booklet, in the order of the catalogue.
        seconds: By the clock.
        stop: Why it stopped before its end; '' where it did not.
        left: Booklets that were not begun.
        diagnostics: What is to be told of the whole.
        merged: Print files of all booklets.
    """

    outcomes: tuple[Outcome, ...]
    seconds: float
    stop: str = ""
    left: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    merged: tuple[str, ...] = ()

    def count(self, state: str) -> int:
        """Count the booklets of a state."""
        return sum(outcome.state == state for outcome in self.outcomes)

    def as_dict(self, store: Store) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "booklets": [outcome.as_dict(store) for outcome in self.outcomes],
            "built": self.count("built"), "kept": self.count("kept"),
            "failed": self.count("failed"), "left": self.left,
            "merged": [store.shown(name) for name in self.merged],
            "seconds": round(self.seconds, 3),
        }  # fmt: skip


def run_batch(request: Request, watch: Watch) -> tuple[BatchReport, Store]:
    """Make the booklets of a catalogue.

    Returns:
        What became of each, and where the files are.

    Raises:
        InputError: The catalogue or the outputs folder cannot be used.
        ToolError: The cluster cannot be used.
    """
    since = time.monotonic()
    store = open_store(request.out)
    if isinstance(store, FolderStore):
        for home in filter(Path.is_dir, (request.publication, request.catalogue)):
            links = [path.name for path in store.folder.glob("*") if path.is_symlink()]
            refuse_links_out(home, store.folder, links, named=request.named)
    catalogue = read_catalogue(request.catalogue, _stem(request), Findings())
    with alone(store):
        watch.begin(len(catalogue.entries))
        batch = _Batch(request, catalogue, store)
        outcomes = []
        for outcome in batch.outcomes():
            outcomes.append(outcome)
            watch.tell(outcome)
        outcomes.sort(key=lambda one: one.number)
        left = len(catalogue.entries) - len(outcomes)
        report = BatchReport(tuple(outcomes), 0.0, batch.stop, left)
        if request.merging is not None and not batch.stop:
            merged = merge_booklets(report.outcomes, store, request.merging)
            report = replace(report, diagnostics=merged.diagnostics, merged=merged.names)
        report = replace(report, seconds=time.monotonic() - since)
        if not batch.stop:
            text = json.dumps(report.as_dict(store), ensure_ascii=False, indent=1) + "\n"
            with contextlib.suppress(OSError):  # it is printed as well, and each has its record
                store.put(RECORD, text.encode("utf-8"))
    return report, store


def _stem(request: Request) -> str:
    if request.catalogue.is_dir():
        return ""
    folder, name = find_publication(request.publication)
    return slug_of(Path(name).stem if Path(name).suffix.lower() in MARKDOWN else folder.root.name)


@dataclass
class _Batch:
    """The booklets of a catalogue on their way.

    Attributes:
        stop: Why nothing more can be made.
    """

    request: Request
    catalogue: Catalogue
    store: Store
    stop: str = ""

    def __post_init__(self) -> None:
        self._epoch = os.environ.get(EPOCH)
        self._out = self.store.folder if isinstance(self.store, FolderStore) else None
        self._waiting: list[Outcome] = []
        self._source: Path | Bundle | None = None
        self._base = ""
        if self.catalogue.folder is not None:
            self._source, digest = self._sent(self.request.publication)
            self._base = digest
        self._workshop = workshop()

    def outcomes(self) -> Iterator[Outcome]:
        """Yield what became of each booklet; not in order."""
        orders = self._orders()
        first = next(orders, None)
        yield from self._told()
        if first is None:
            return
        hands = self._hands()
        for outcome in hands.run(_before(first, orders)):
            yield outcome
            yield from self._told()
            self.stop = self.stop or outcome.stop
        yield from self._told()

    def _told(self) -> Iterator[Outcome]:
        """Yield those that need no building."""
        while self._waiting:
            yield self._waiting.pop(0)

    def _hands(self) -> Any:
        """Give whoever makes booklets."""
        request = self.request
        task = Task(
            self._source, request.editions, request.strict, self.store, self._epoch, limits.lifted()
        )
        if request.scheduler:
            from booklet.batch.cluster import Cluster

            # The workers of a cluster run in folders of their own.
            task = replace(task, store=self.store.anywhere())
            return Cluster(task, request.scheduler, request.limit)
        from booklet.batch.pool import LocalPool, processors

        return LocalPool(task, request.jobs or processors(), request.limit)

    def _orders(self) -> Iterator[Order]:
        """Yield the booklets that have to be built."""
        for entry in self.catalogue.entries:
            if self.stop:
                return
            order = self._order(entry)
            if order is None:
                continue
            kept = None
            if not self.request.fresh:
                kept = read_record(order.number, order.slug, order.key, self.store)
            if kept is None:
                yield order
            else:
                self._waiting.append(kept)

    def _order(self, entry: Entry) -> Order | None:
        row, found = entry.row, Findings(list(entry.faults))
        changes: Changes | None = None
        source: Path | Bundle | None = None
        base = self._base
        if self.catalogue.folder is not None:
            changes = changes_of(row, entry.slug, self.catalogue.folder, found)
        elif entry.source is not None:
            changes = Changes(slug=entry.slug)
            source, base = self._sent(entry.source)
        if found.fatal:
            self._waiting.append(
                Outcome(row.number, entry.slug, "failed", diagnostics=tuple(found))
            )
            return None
        key = self._key(base, changes)
        return Order(row.number, entry.slug, key, row.place, changes, source)

    def _sent(self, path: Path) -> tuple[Path | Bundle, str]:
        """Give a publication as it is sent to whoever builds it, and its digest."""
        digest = digest_of(path, self._out)
        return (pack(path, digest) if self.request.scheduler else path), digest

    def _key(self, base: str, changes: Changes | None) -> str:
        """Name all that a booklet is made of."""
        request = self.request
        said: list[object] = [
            base, self._workshop, request.editions, request.strict, self._epoch
        ]  # fmt: skip
        if changes is not None:
            said += [
                changes.slug, changes.header.value,
                [word.text for word in changes.sections],
                sorted((name, word.text) for name, word in changes.words.items()),
                sorted(
                    (name, hashlib.sha256(image.data).hexdigest())
                    for name, image in changes.images.items()
                ),
            ]  # fmt: skip
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _before(first: Order, rest: Iterator[Order]) -> Iterator[Order]:
    yield first
    yield from rest
