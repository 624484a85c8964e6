"""Cost of the worker: python bench/worker.py [--pairs 15] [--json FILE] [PUBLICATION...].

Builds each publication with the worker and without it (BOOKLET_NO_WORKER=1), in turn, each time
into an empty folder: nothing is taken from a cache. It tells the processor time of the whole
command, children included, as the median of the paired differences with its quartiles, and fails
if the outputs differ by a byte. Without names it takes the two samples.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parents[1]
SAMPLES = tuple(HERE / "content" / name for name in ("wangluo-qiangguo", "zuo-yi-ben-xiaoce"))
OFF = "BOOKLET_NO_WORKER"


@dataclass(frozen=True, slots=True)
class Cost:
    """What the worker costs in a build.

    Attributes:
        name: Of the publication.
        pairs: How often it was built with and without.
        cpu: Median of the processor seconds without a worker.
        more: Median of the paired differences, in seconds: with a worker, less without.
        share: That difference as a share of `cpu`.
        quartiles: Of the paired differences, each as a share of its own pair.
    """

    name: str
    pairs: int
    cpu: float
    more: float
    share: float
    quartiles: tuple[float, float]


class DifferentError(Exception):
    """A build failed, or its outputs depend on the worker."""


def built(publication: Path, *, off: bool) -> tuple[float, str]:
    """Build the screen edition; give its processor seconds, and a digest of all outputs."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
    environment.pop(OFF, None)
    if off:
        environment[OFF] = "1"
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "booklet", "build", str(publication), "-e", "screen",
             "-o", folder],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            msg = f"{publication.name}: the build ended with {process.returncode}"
            raise DifferentError(msg)
        digest = hashlib.sha256()
        for path in sorted(Path(folder).glob("*/*.*")):
            if path.is_file() and not path.parent.name.startswith("."):
                digest.update(path.name.encode() + path.read_bytes())
    return usage.ru_utime + usage.ru_stime, digest.hexdigest()


def measure(publication: Path, pairs: int) -> Cost:
    """Build with and without a worker, in turn.

    Raises:
        DifferentError: The outputs are not the same.
    """
    built(publication, off=True)  # warms what the system keeps of files
    without, differences = list[float](), list[float]()
    for number in range(pairs):
        taken = dict[bool, tuple[float, str]]()
        for off in (True, False) if number % 2 else (False, True):
            taken[off] = built(publication, off=off)
        if taken[True][1] != taken[False][1]:
            msg = f"{publication.name}: the worker changes the outputs"
            raise DifferentError(msg)
        without.append(taken[True][0])
        differences.append(taken[False][0] - taken[True][0])
    shares = [more / cpu for more, cpu in zip(differences, without, strict=True)]
    low, _, high = statistics.quantiles(shares, n=4)
    cpu, more = statistics.median(without), statistics.median(differences)
    return Cost(publication.name, pairs, cpu, more, more / cpu, (low, high))


def main(words: Sequence[str] | None = None) -> int:
    """Measure, and print a line for each publication."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("publications", nargs="*", type=Path, default=list(SAMPLES))
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(words)
    costs = []
    for publication in asked.publications:
        try:
            cost = measure(publication, asked.pairs)
        except DifferentError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        costs.append(cost)
        low, high = cost.quartiles
        sys.stdout.write(
            f"{cost.name}: {cost.cpu:.2f} s without, {cost.more * 1000:+.0f} ms with a worker: "
            f"{cost.share:+.1%} (quartiles {low:+.1%} to {high:+.1%}, {cost.pairs} pairs, "
            "same bytes)\n"
        )
        sys.stdout.flush()
    if asked.json:
        asked.json.write_text(json.dumps([asdict(cost) for cost in costs], indent=2), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
