"""Measure one command: python bench/meter.py [--limit SECONDS] [--out LOG] -- COMMAND...

Prints as JSON what the command and every process it started took: processor seconds, seconds on the
clock, the peak of memory. It is a program of its own, so that nothing it waits for is not part of
the command. On Linux it adopts processes whose parents have ended, so that their time counts too.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

SHORTEST = 0.03
"""Seconds between two looks at the processes."""

SHARE = 15
"""A look costs no more than one in so many parts of one core."""

_SUBREAPER = 36
_GOODBYE = 3.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took.

    Attributes:
        cpu: Processor seconds, user and system, of the tree of processes.
        wall: Seconds on the clock.
        peak: Megabytes of the tree at its largest. Pages that processes share count once where the
            system tells (Linux); a peak shorter than a look may be missed, but not that of one
            process alone.
        code: Exit status; negative for a signal.
        late: It was ended because it took too long.
    """

    cpu: float
    wall: float
    peak: float
    code: int
    late: bool = False


@dataclass
class _Watch(threading.Thread):
    """Looks at all processes below this one until told to stop."""

    peak: float = 0
    seconds: dict[tuple[int, float], float] = field(default_factory=dict)
    done: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread.__init__(self, daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        while not self.done.is_set():
            since = time.perf_counter()
            self._look()
            self.done.wait(max(SHORTEST, SHARE * (time.perf_counter() - since)))

    def _look(self) -> None:
        size = 0.0
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                self.seconds[process.pid, process.create_time()] = times.user + times.system
                size += _size(process)
        self.peak = max(self.peak, size)


def _size(process: psutil.Process) -> float:
    """Give the megabytes of a process; what it shares with others in equal parts."""
    try:
        memory = process.memory_full_info()
    except psutil.AccessDenied:
        memory = process.memory_info()
    return float(getattr(memory, "pss", memory.rss)) / 2**20


def run(command: list[str], limit: float, log: Path) -> Taken:
    """Run a command and measure it; nothing else may be running below this process."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    watch = _Watch()
    late = False
    with log.open("wb") as said:
        since = time.perf_counter()
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        ) as process:
            watch.start()
            try:
                process.wait(limit)
            except subprocess.TimeoutExpired:
                late = True
                _end(psutil.Process().children(recursive=True))
                process.wait()
            wall = time.perf_counter() - since
            _gather()
    watch.done.set()
    watch.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Taken(
        max(used.ru_utime + used.ru_stime, sum(watch.seconds.values())), wall,
        max(watch.peak, used.ru_maxrss / unit), process.returncode, late,
    )  # fmt: skip


def _gather() -> None:
    """Wait for what was left behind, and end it where it does not end by itself."""
    until = time.perf_counter() + _GOODBYE
    while True:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if ended:
            continue
        if time.perf_counter() > until:
            _end(psutil.Process().children(recursive=True))
        time.sleep(0.01)


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.send_signal(signal.SIGKILL)


def measure(
    command: list[str], folder: Path, *, limit: float = 600, environment: dict[str, str] | None
) -> tuple[Taken, str]:
    """Measure a command in a folder, in a process that does nothing else.

    Returns:
        What it took, and the end of what it said.
    """
    log = folder / "said.txt"
    words = [sys.executable, __file__, "--limit", str(limit), "--out", str(log), "--", *command]
    done = subprocess.run(
        words, cwd=folder, check=True, capture_output=True, text=True, env=environment
    )
    said = log.read_text("utf-8", "replace").strip()
    return Taken(**json.loads(done.stdout)), said[-2000:]


def main() -> None:
    """Measure the command that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=600, help="seconds on the clock")
    parser.add_argument("--out", type=Path, default=Path(os.devnull), help="what the command says")
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    sys.stdout.write(json.dumps(asdict(run(asked.command, asked.limit, asked.out))) + "\n")


if __name__ == "__main__":
    main()
