"""Measure `booklet batch`: booklets a second and core, memory, one bad row located.

    python bench/batch.py [COUNT] [JOBS]

Writes a small publication with fields and a table of COUNT rows, one with a bad cell, builds
all of them, and then once more to see that all are kept. Prints a table in Markdown. Processor time
is that of the processes that build, as each booklet's record tells it.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.batch_book import guests, write_book, write_table  # noqa: E402

WARM = 20
"""Booklets that are left out of the rate: processes begin, caches fill."""


class _Watching(threading.Thread):
    """Samples the memory of a process and all below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process, self.peak, self.largest = psutil.Process(pid), 0, 0

    def run(self) -> None:
        """Sample until the process has gone."""
        with contextlib.suppress(psutil.Error):
            while self.process.is_running():
                sizes = [0]
                for one in (self.process, *self.process.children(recursive=True)):
                    with contextlib.suppress(psutil.Error):
                        sizes.append(one.memory_full_info().pss)
                self.peak = max(self.peak, sum(sizes))
                self.largest = max(self.largest, *sizes)
                time.sleep(0.5)


def run(folder: Path, jobs: int, *more: str) -> tuple[dict[str, object], float, float, _Watching]:
    """Run a batch; give report, seconds by the clock, processor seconds, memory."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    since = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "booklet", "batch", "guests.csv", "club", "-o", "out", "--json",
         "--jobs", str(jobs), *more],
        cwd=folder, stdout=subprocess.PIPE, env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"},
    )  # fmt: skip
    watching = _Watching(process.pid)
    watching.start()
    out, _ = process.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(out), time.monotonic() - since, spent, watching


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if sys.argv[1:] else 1000
    jobs = int(sys.argv[2]) if sys.argv[2:] else len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_book(folder / "club")
        rows = guests(count)
        bad = count // 2
        rows[bad - 1]["layout.trim"] = "B99"
        write_table(folder / "guests.csv", rows)
        report, clock, _, memory = run(folder, jobs, "--merge")
        booklets = report["booklets"]
        built = [one for one in booklets if one["state"] == "built"]  # type: ignore[attr-defined]
        failed = [one for one in booklets if one["state"] == "failed"]  # type: ignore[attr-defined]
        warm = sorted(one["seconds"] for one in built[WARM:])
        rate = len(warm) / sum(warm)
        place = failed[0]["diagnostics"][0]
        merged = (folder / "out/merged.pdf").stat().st_size
        again, kept_clock, kept_spent, _ = run(folder, jobs)
        lines = [
            ("booklets built, failed", f"{len(built)}, {len(failed)}"),
            ("pages of each", f"{built[0]['outputs'][0]['pages']}"),
            ("bad row", f"{place['file']}:{place['line']}:{place['column']} {place['code']}"),
            ("booklets a second and core, warm", f"{rate:.2f}"),
            ("processor seconds of a booklet: median, 95 %",
             f"{warm[len(warm) // 2]:.3f}, {warm[len(warm) * 19 // 20]:.3f}"),
            (f"seconds by the clock, {jobs} processes", f"{clock:.0f}"),
            ("memory of all processes, peak", f"{memory.peak / 1e6:.0f} MB"),
            ("memory of the largest process, peak", f"{memory.largest / 1e6:.0f} MB"),
            ("merged file", f"{merged / 1e6:.0f} MB"),
            ("the same again: kept; seconds, processor seconds of the batch itself",
             f"{again['kept']}; {kept_clock:.1f}, {kept_spent:.1f}"),
        ]  # fmt: skip
        sys.stdout.write("".join(f"| {label} | {value} |\n" for label, value in lines))


if __name__ == "__main__":
    main()
