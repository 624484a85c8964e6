"""Feed random inputs to the readers for a while: ``python bench/fuzz.py [SECONDS] [TARGET]…``.

Prints how many inputs each target took, and stops with the smallest input that breaks one.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests import fuzz_targets as fuzz

TARGETS = {
    "manuscript": (fuzz.MANUSCRIPTS, fuzz.read_manuscript),
    "header": (fuzz.HEADERS, lambda text: fuzz.read_manuscript("# 题\n\n文。\n", text)),
    "attribution": (fuzz.LINES, fuzz.read_line),
    "impose": (fuzz.CUTS, fuzz.impose_damaged),
    "preflight": (fuzz.CUTS, fuzz.preflight_damaged),
    "sheet": (fuzz.SHEETS, fuzz.read_sheet),
    "drawing": (fuzz.DRAWINGS, fuzz.read_drawing),
}
ROUND = 200
"""Inputs of one target before the next has its turn."""


def feed(name: str) -> int:
    """Give a target a round of inputs; tell how many it took."""
    strategy, target = TARGETS[name]
    taken = 0

    @seed(random.randrange(1 << 32))
    @settings(
        max_examples=ROUND, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def once(drawn: object) -> None:
        nonlocal taken
        taken += 1
        target(drawn)  # type: ignore[operator]

    once()
    return taken


def main(seconds: float, names: list[str]) -> None:
    """Run the targets in turn until the time is over."""
    counts = dict.fromkeys(names, 0)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for name in names:
            counts[name] += feed(name)
    for name, count in counts.items():
        sys.stdout.write(f"{name}: {count:,} inputs\n")


if __name__ == "__main__":
    main(float((sys.argv[1:] or ["60"])[0]), sys.argv[2:] or list(TARGETS))
