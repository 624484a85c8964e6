"""Batches on a Dask cluster, and what is told where there is none."""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.batch_book import guests, write_book, write_table
from tests.test_batch import EPOCH, Watch, codes, states

from booklet.batch import cluster
from booklet.batch.cluster import Cluster, OutOfTimeError
from booklet.batch.record import Outcome
from booklet.batch.run import Request, run_batch
from booklet.batch.store import FolderStore
from booklet.batch.worker import Order, Task
from booklet.errors import Place, ToolError

ROWS = 4
BAD = 2


@pytest.fixture
def two_workers() -> Iterator[Any]:
    """Two workers, each a process, on this machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own affair
        distributed = pytest.importorskip("distributed")
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
            host="127.0.0.1", silence_logs=50,
        ) as made:  # fmt: skip
            yield made


@pytest.mark.filterwarnings("ignore")
def test_a_worker_of_the_cluster_that_is_killed_loses_nothing(
    two_workers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.chdir(tmp_path)
    write_book(tmp_path / "club")
    rows = guests(ROWS)
    rows[BAD - 1]["layout.trim"] = "B99"
    write_table(tmp_path / "guests.csv", rows)
    killed: list[int] = []

    def kill(_: Outcome) -> None:
        if not killed:
            killed.append(next(iter(two_workers.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    request = Request(
        Path("guests.csv"), Path("club"), "out", scheduler=two_workers.scheduler_address
    )
    report, _ = run_batch(request, Watch(kill))
    assert killed
    assert states(report) == ["built", "failed", "built", "built"]
    found = report.outcomes[BAD - 1].diagnostics
    assert [(item.place.file, item.place.line, item.code) for item in found] == [
        ("guests.csv", BAD + 1, "trim-unknown")
    ]
    write_table(tmp_path / "one.csv", rows[:1])
    here, _ = run_batch(Request(Path("one.csv"), Path("club"), "here", jobs=1), Watch())
    assert states(here) == ["built"]
    name = "guest-0001/guest-0001.pdf"
    assert Path("out", name).read_bytes() == Path("here", name).read_bytes()


def refused(monkeypatch: pytest.MonkeyPatch, address: str) -> tuple[list[str], str]:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    task = Task(None, (), False, FolderStore(Path("out")))
    with pytest.raises(ToolError) as caught:
        next(Cluster(task, address, 1.0).run(iter(())))
    return codes(caught.value.diagnostics), str(caught.value.diagnostics[0])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere", "gopher://a:1"])
def test_a_scheduler_that_does_not_answer_is_told(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    since = time.monotonic()
    found, words = refused(monkeypatch, address)
    assert found == ["cluster-unreachable"]
    assert address in words
    assert "\n  hint: dask scheduler" in words
    assert time.monotonic() - since < 30


def test_the_library_for_clusters_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    found, words = refused(monkeypatch, "tcp://127.0.0.1:9")
    assert found == ["cluster-missing"]
    assert "booklet-press[cluster]" in words


def test_a_worker_of_another_version_refuses(tmp_path: Path) -> None:
    task = Task(tmp_path, (), False, FolderStore(tmp_path), version="0.0.0")
    outcome = cluster._work_in_time(task, Order(1, "a", "key", Place("a.csv", 2)), 60.0)
    assert codes(outcome.diagnostics) == ["cluster-version"]
    assert outcome.stop


def test_a_booklet_is_interrupted_in_its_thread() -> None:
    def busy() -> None:
        with cluster._bounded(0.1):
            while time.monotonic() - since < 30:
                sum(range(1000))

    since = time.monotonic()
    with pytest.raises(OutOfTimeError):
        busy()
    assert time.monotonic() - since < 10


def test_a_booklet_in_time_is_not_interrupted() -> None:
    with cluster._bounded(0.05):
        pass
    time.sleep(0.1)
