"""Measure booklet against its peers: python bench/books.py [--pages 8 146 729] [--rounds 3].

The same Chinese anthology is set by plain WeasyPrint, by booklet in several states, and by
Chromium, Typst and XeLaTeX where they are installed. Every round runs each of them once, WeasyPrint
first, so that ratios are taken within a round and whatever else the machine does disturbs all.
`--huge` adds a book of 7,281 pages. `--docs FILE` puts tables and plot into a document, `--json
FILE` keeps every run, `--from FILE` measures nothing and writes from runs that were kept.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import tables
from bench.anthology import sections
from bench.contenders import Contender, contenders, pages, write
from bench.goals import goals_table
from bench.meter import measure
from bench.tables import Run

ROOT = Path(__file__).parents[1]
HUGE = 7281
PLOT = "images/performance.svg"


def runs_of(folder: Path, size: int, first: int, asked: argparse.Namespace) -> Iterator[Run]:
    """Measure all contenders with a book of one size, round by round, from the first one on."""
    book = sections(size)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, book)
    lost: set[str] = set()
    for turn in range(first, first + asked.rounds):
        for one in _wanted(contenders(book), asked.only):
            if one.missing or one.name in lost:
                continue
            run = _run(one, folder, size, turn, asked.limit)
            if run.code or run.late:
                lost.add(one.name)
            yield run


def _wanted(all_of_them: Sequence[Contender], only: Sequence[str]) -> list[Contender]:
    return [one for one in all_of_them if not only or any(word in one.name for word in only)]


def _run(one: Contender, folder: Path, size: int, turn: int, limit: float) -> Run:
    output = folder / one.output if one.output else None
    one.prepare(folder, turn)
    if output is not None and output.is_file() and not one.again:
        output.unlink()
    load = os.getloadavg()[0]
    environment = {**os.environ, "LANG": "C.UTF-8"}
    # Installed packages come compiled; so shall ours, wherever it is measured.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    taken, said = measure(one.command, folder, limit=limit, environment=environment)
    made = output is not None and output.is_file()
    if taken.code and not taken.late:
        sys.stderr.write(f"{one.name}: exit {taken.code}\n{said}\n")
    return Run(
        one.name, size, turn, taken.cpu, taken.wall, taken.peak, taken.code, taken.late, load,
        output.stat().st_size if made and output else 0, pages(output) if made and output else None,
    )  # fmt: skip


def stages(publication: Path) -> dict[str, float]:
    """Tell where the time of a cold build goes, from a process of its own."""
    words = [sys.executable, str(ROOT / "bench" / "stages.py"), str(publication)]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    return {str(name): float(seconds) for name, seconds in json.loads(done.stdout).items()}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[8, 146, 729])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--huge", action="store_true", help=f"measure {HUGE:,} pages too")
    parser.add_argument("--only", nargs="+", default=[], help="contenders with these words alone")
    parser.add_argument("--limit", type=float, default=600, help="seconds that one run may take")
    parser.add_argument(
        "--profile",
        type=int,
        nargs="*",
        help="tell where the time of a cold build goes, for these sizes or all",
    )
    parser.add_argument("--keep", type=Path, help="folder that keeps the books")
    parser.add_argument("--json", type=Path, help="file that keeps all runs; is added to")
    parser.add_argument(
        "--from", dest="known", type=Path, nargs="+", help="read these, measure nothing"
    )
    parser.add_argument("--docs", type=Path, help="document to put tables and plot into")
    return parser.parse_args()


def main() -> None:
    """Measure, and tell."""
    asked = _arguments()
    runs, profiles = _read(asked.known or ([asked.json] if asked.json else []))
    if not asked.known:
        sizes = [*asked.pages, *([HUGE] if asked.huge else [])]
        with tempfile.TemporaryDirectory() as aside:
            folder = (asked.keep or Path(aside)).resolve()
            for size in sizes:
                first = 1 + max((run.round for run in runs if run.size == size), default=-1)
                for run in runs_of(folder / str(size), size, first, asked):
                    runs.append(run)
                    _keep(asked.json, runs, profiles)
                    sys.stderr.write(
                        f"{size:,} pages, round {run.round + 1}: {run.name}: {run.cpu:.2f} s CPU, "
                        f"{run.wall:.2f} s, {run.peak:.0f} MB; load {run.load:.1f}\n"
                    )
            wanted = sizes if asked.profile == [] else asked.profile or ()
            for size in wanted:
                if not (folder / str(size)).is_dir():
                    write(folder / str(size), sections(size))
                profiles[size] = stages(folder / str(size) / "book")
                _keep(asked.json, runs, profiles)
    skipped = {one.name: one.missing for one in contenders(sections(8)) if one.missing}
    measured = tables.table(runs, skipped)
    goals = goals_table(runs)
    sys.stdout.write("\n".join((measured, goals, tables.stage_table(profiles))))
    if asked.docs:
        text = tables.between(asked.docs.read_text("utf-8"), "measured", measured)
        text = tables.between(text, "goals", goals)
        text = tables.between(text, "stages", tables.stage_table(profiles))
        asked.docs.write_text(text, "utf-8")
        (asked.docs.parent / PLOT).write_text(tables.plot(runs), "utf-8")


def _read(files: Sequence[Path]) -> tuple[list[Run], dict[int, dict[str, float]]]:
    """Read the runs and the profiles that files keep."""
    runs: list[Run] = []
    profiles: dict[int, dict[str, float]] = {}
    for path in files:
        told: Any = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        runs += [Run(**run) for run in told.get("runs", [])]
        profiles |= {int(size): shares for size, shares in told.get("profiles", {}).items()}
    return runs, profiles


def _keep(path: Path | None, runs: Sequence[Run], profiles: dict[int, dict[str, float]]) -> None:
    if path is not None:
        told = {"runs": [asdict(run) for run in runs], "profiles": profiles}
        path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
