"""Nothing goes on when the command that began it is killed, whatever it is doing just then.

A process that is stopped hears of no closed pipe and comes to no end by itself: only one that the
system ends with its parent is gone a moment later.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from tests.batch_book import guests, write_book, write_table
from tests.conftest import environment, write_publication
from tests.numbered import numbered
from tests.test_pieces import LONG

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have other means")

PATIENCE = 60.0
SOON = 5.0


@contextlib.contextmanager
def command(*words: str, cwd: Path) -> Iterator[psutil.Process]:
    """Run a command, and end all that it has begun whatever happens."""
    began = subprocess.Popen(
        [sys.executable, "-m", "booklet", *words], cwd=cwd, env=environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    process = psutil.Process(began.pid)
    family: list[psutil.Process] = []
    try:
        yield process
    finally:
        with contextlib.suppress(psutil.Error):
            family = process.children(recursive=True)
        began.kill()
        began.wait()
        for one in family:
            with contextlib.suppress(psutil.Error):
                one.kill()


def family_of(
    process: psutil.Process, enough: Callable[[list[psutil.Process]], bool]
) -> list[psutil.Process]:
    """Wait until a command has begun the processes that a test is about."""
    until = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(psutil.NoSuchProcess):
            found: list[psutil.Process] = process.children(recursive=True)
            if enough(found):
                return found
        assert process.is_running(), "it has come to its end"
        assert process.status() != psutil.STATUS_ZOMBIE, "it has come to its end"
        assert time.monotonic() < until
        time.sleep(0.005)


def assert_gone(family: list[psutil.Process]) -> None:
    until = time.monotonic() + SOON
    left = family
    while left and time.monotonic() < until:
        left = [one for one in left if _lives(one)]
        time.sleep(0.02)
    assert not left


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)  # nobody may ask for its status here
    except psutil.NoSuchProcess:
        return False


def stopped(family: list[psutil.Process]) -> list[psutil.Process]:
    for one in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.send_signal(signal.SIGSTOP)
    return family


def names(family: list[psutil.Process]) -> set[str]:
    found = set()
    for one in family:
        with contextlib.suppress(psutil.Error):
            found.add(one.name())
    return found


def test_layout_processes_end_with_their_command(tmp_path: Path) -> None:
    words = "".join(f"## 第{n}节\n\n{LONG * 3}\n\n——李白\n\n" for n in range(20))
    book = write_publication(tmp_path / "book", f"# 书名\n\n{words}", title_lines=None)
    with command("build", str(book), "-e", "screen", cwd=tmp_path) as process:
        # The worker, and at least one that sets pieces beside it where there are processors.
        many = 2 if len(psutil.Process().cpu_affinity() or [0]) > 1 else 1
        family = stopped(family_of(process, lambda found: len(found) >= many))
        process.kill()
        assert_gone(family)


def test_renderers_end_with_their_command(tmp_path: Path) -> None:
    if not shutil.which("gs"):
        pytest.skip("no Ghostscript is here")
    (tmp_path / "x.pdf").write_bytes(numbered(400))
    with command("preflight", "x.pdf", cwd=tmp_path) as process:
        family = stopped(family_of(process, lambda found: "gs" in names(found)))
        process.kill()
        assert_gone(family)


def test_the_worker_of_a_preview_ends_with_it(tmp_path: Path) -> None:
    book = write_publication(tmp_path / "book", "# 书名\n\n## 甲\n\n书卷。\n\n——李白\n")
    with command("preview", str(book), "--no-open", cwd=tmp_path) as process:
        family = stopped(family_of(process, lambda found: any(map(_leads, found))))
        process.kill()
        assert_gone(family)


def test_the_processes_of_a_batch_end_with_it(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    table = write_table(tmp_path / "guests.csv", guests(40))
    words = ("batch", str(table), str(book), "-o", str(tmp_path / "out"), "-j", "2")
    with command(*words, cwd=tmp_path) as process:
        until = time.monotonic() + PATIENCE
        while not list((tmp_path / "out").glob("*/*.pdf")):
            assert time.monotonic() < until
            time.sleep(0.01)
        family = stopped([one for one in process.children(recursive=True) if _leads(one)])
        assert family
        process.kill()
        assert_gone(family)


def _leads(process: psutil.Process) -> bool:
    """Tell a process that works, and has seen to its own end: it leads a group of its own."""
    with contextlib.suppress(psutil.Error, ProcessLookupError):
        return bool(os.getpgid(process.pid) == process.pid)
    return False
