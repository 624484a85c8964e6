"""Tables and a plot of what was measured."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bench.contenders import PLAIN


@dataclass(frozen=True, slots=True)
class Run:
    """One run: figures as `bench.meter.Taken` gives them.

    Attributes:
        name: Of the contender.
        size: Pages that the book was written for.
        round: In which it ran.
        load: Of the machine, when it began: processes that wanted a core.
        size_of_output: Bytes; 0 where there is none.
        pages: Of the output; None for what has none.
    """

    name: str
    size: int
    round: int
    cpu: float
    wall: float
    peak: float
    code: int
    late: bool
    load: float
    size_of_output: int = 0
    pages: int | None = None


HEAD = (
    "| | runs | CPU s | CPU ÷ WeasyPrint | wall s | wall ÷ WeasyPrint | peak MB | pages | MB |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)


def table(runs: Sequence[Run], skipped: Mapping[str, str]) -> str:
    """Write a table for each size of book; medians, and ratios within each round."""
    parts = []
    for size in sorted({run.size for run in runs}):
        own = [run for run in runs if run.size == size]
        loads = [run.load for run in own]
        lines = [_line(name, own) for name in dict.fromkeys(run.name for run in own)]
        parts.append(
            f"### {size:,} pages\n\nLoad of the machine during the runs: {min(loads):.1f} to "
            f"{max(loads):.1f}.\n\n{HEAD}" + "".join(lines)
        )
    if skipped:
        parts.append("".join(f"- {name}: skipped; {why}.\n" for name, why in skipped.items()))
    return "\n".join(parts)


def _line(name: str, runs: Sequence[Run]) -> str:
    own = [run for run in runs if run.name == name]
    good = [run for run in own if not run.code and not run.late]
    if not good:
        what = f"not done in {own[-1].wall:.0f} s" if own[-1].late else f"exit {own[-1].code}"
        return f"| {name} | {len(own)} | {what} | | | | {own[-1].peak:.0f} | | |\n"
    cpu, wall = [run.cpu for run in good], [run.wall for run in good]
    spread = f" ({min(cpu):.2f}–{max(cpu):.2f})" if len(cpu) > 1 else ""
    last = good[-1]
    cells = [
        f"{len(good)}", f"{statistics.median(cpu):.2f}{spread}", _ratio(name, runs, "cpu"),
        f"{statistics.median(wall):.2f}", _ratio(name, runs, "wall"),
        f"{max(run.peak for run in good):.0f}", f"{last.pages or '–'}",
        f"{last.size_of_output / 1e6:.2f}" if last.size_of_output else "–",
    ]  # fmt: skip
    return f"| {name} | {' | '.join(cells)} |\n"


def ratios(name: str, runs: Sequence[Run], what: str) -> list[float]:
    """Divide by plain WeasyPrint in the same round of the same size."""
    good = {
        (run.name, run.size, run.round): float(getattr(run, what))
        for run in runs
        if not run.code and not run.late
    }
    return [
        value / base
        for (one, size, turn), value in good.items()
        if one == name and (base := good.get((PLAIN, size, turn)))
    ]


def _ratio(name: str, runs: Sequence[Run], what: str) -> str:
    found = ratios(name, runs, what)
    return f"{statistics.median(found):.2f}" if found else "–"


def stage_table(profiles: Mapping[int, Mapping[str, float]]) -> str:
    """Write where time goes: a column for each size, seconds and share."""
    sizes = sorted(profiles)
    names = list(dict.fromkeys(name for size in sizes for name in profiles[size]))
    head = "| stage | " + " | ".join(f"{size:,} pages: CPU s | share" for size in sizes) + " |\n"
    lines = [head, "|---" * (1 + 2 * len(sizes)) + "|\n"]
    for name in names:
        cells = []
        for size in sizes:
            seconds, whole = profiles[size].get(name, 0.0), sum(profiles[size].values())
            cells.append(f"{seconds:.2f} | {100 * seconds / whole:.0f} %")
        lines.append(f"| {name} | {' | '.join(cells)} |\n")
    totals = [f"**{sum(profiles[size].values()):.2f}** | " for size in sizes]
    lines.append(f"| **all** | {' | '.join(totals)} |\n")
    return "".join(lines)


def between(text: str, name: str, new: str) -> str:
    """Put what was measured between the markers of a document.

    Raises:
        ValueError: It has no such markers.
    """
    opening, closing = f"<!-- {name} -->\n", f"<!-- end {name} -->"
    before, found, rest = text.partition(opening)
    _, closed, after = rest.partition(closing)
    if not found or not closed:
        msg = f"the document has no markers {name}"
        raise ValueError(msg)
    return before + opening + new.rstrip("\n") + "\n" + closing + after


# ---- plot ----------------------------------------------------------------------------------------

_ROW, _LEFT, _WIDTH, _DECADES = 18, 214, 360, (-2, 2)


def plot(runs: Sequence[Run]) -> str:
    """Draw the ratios of processor time as an SVG; the scale is logarithmic, WeasyPrint is 1."""
    rows, y = [], 34
    for size in sorted({run.size for run in runs}):
        own = [run for run in runs if run.size == size]
        rows.append(f'<text x="8" y="{y + 12}" font-weight="bold">{size:,} pages</text>')
        y += _ROW + 4
        for name in dict.fromkeys(run.name for run in own):
            if name == PLAIN or not (found := ratios(name, own, "cpu")):
                continue
            ratio = statistics.median(found)
            start, end = sorted((_x(1), _x(ratio)))
            colour = "#b3141c" if name.startswith("booklet") else "#888"
            rows.append(
                f'<text x="{_LEFT - 6}" y="{y + 11}" text-anchor="end">{escape(name)}</text>'
                f'<rect x="{start:.1f}" y="{y + 2}" width="{max(end - start, 1):.1f}" height="11" '
                f'fill="{colour}"/><text x="{end + 4:.1f}" y="{y + 11}">{ratio:.2f}</text>'
            )
            y += _ROW
        y += 8
    marks = "".join(
        f'<path d="M{_x(10.0**power):.1f} 26V{y}" stroke="{"#000" if power == 0 else "#ddd"}"/>'
        f'<text x="{_x(10.0**power):.1f}" y="20" text-anchor="middle">{10.0**power:g}</text>'
        for power in range(_DECADES[0], _DECADES[1] + 1)
    )
    width = _LEFT + _WIDTH + 50
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y + 8}" width="{width}" '
        f'font-family="sans-serif" font-size="11"><title>CPU time ÷ plain WeasyPrint</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{marks}{"".join(rows)}</svg>\n'
    )


def _x(ratio: float) -> float:
    from math import log10

    low, high = _DECADES
    return _LEFT + _WIDTH * (min(max(log10(ratio), low), high) - low) / (high - low)
