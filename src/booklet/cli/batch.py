"""``booklet batch``."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from booklet.cli.build import Editions, edition_names
from booklet.cli.output import print_json, say, say_diagnostics, tell
from booklet.cli.work import LimitOption, lifted
from booklet.errors import BookletError, Diagnostic, ExitCode, Severity
from booklet.progress import Progress, terminal_progress

if TYPE_CHECKING:
    from booklet.batch.record import Outcome
    from booklet.batch.run import BatchReport

CatalogueFile = Annotated[
    Path,
    typer.Argument(
        help="Catalogue: .csv, .tsv, .jsonl or .yaml, a row for each booklet; or a folder of "
        "publications."
    ),
]
Publication = Annotated[Path, typer.Argument(help="The publication that the rows change.")]
Out = Annotated[
    str,
    typer.Option("--out", "-o", help="Folder for outputs, or an address such as s3://bucket/name."),
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=0, max=512, help="Processes; 0 for one a processor.")
]
Scheduler = Annotated[
    str, typer.Option("--scheduler", help="Build on the Dask cluster of this scheduler.")
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Build also what is there and unchanged.")]
Merge = Annotated[bool, typer.Option("--merge", help="Make one print file of all booklets.")]
Separator = Annotated[
    bool, typer.Option("--separator", help="With --merge: a leaf before each booklet names it.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Let warnings forbid the release of a booklet.")
]
Limit = Annotated[
    float, typer.Option("--limit-time", min=1, help="Seconds that one booklet may take.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]

TELLING = 10.0
"""Seconds between two words about progress where there is no terminal."""

RECENT = 200
"""Booklets by which the rate is told."""


def batch(  # noqa: PLR0913 - an argument for each option
    catalogue: CatalogueFile,
    publication: Publication = Path(),
    edition: Editions = None,
    out: Out = "",
    jobs: Jobs = 0,
    scheduler: Scheduler = "",
    *,
    fresh: Fresh = False,
    merge: Merge = False,
    separator: Separator = False,
    strict: Strict = False,
    limit_time: Limit = 120.0,
    as_json: Json = False,
    limit: LimitOption = None,
) -> None:
    """Build many booklets: one for each row of a catalogue, or each publication of a folder."""
    from booklet.batch.merging import Merging
    from booklet.batch.run import Request, run_batch

    try:
        request = Request(
            catalogue, publication, out or f"build/{catalogue.resolve().stem}",
            tuple(edition_names(edition or [])), jobs, scheduler, fresh, strict, limit_time,
            bool(out), Merging(separator) if merge else None,
        )  # fmt: skip
        with lifted(limit):
            report, store = run_batch(request, _Teller(quiet=as_json))
    except BookletError as error:
        if not as_json:
            raise
        print_json({"booklets": []}, error.diagnostics, str(error))
        raise typer.Exit(int(error.exit_code)) from error
    status = _status(report)
    if as_json:
        words = _words(report) if status else None
        print_json(report.as_dict(store), report.diagnostics, words)
    else:
        _tell(report)
        for outcome in report.outcomes:
            for item in outcome.outputs:
                tell(store.shown(f"{outcome.slug}/{item.name}"))
        for name in report.merged:
            tell(store.shown(name))
    if status:
        raise typer.Exit(int(status))


def _status(report: BatchReport) -> ExitCode:
    if report.stop:
        return ExitCode.TOOL
    bad = report.count("failed") or any(
        item.severity is Severity.ERROR for item in report.diagnostics
    )
    return ExitCode.FINDINGS if bad else ExitCode.OK


def _tell(report: BatchReport) -> None:
    """Say what was found: faults row by row, what many booklets share once."""
    shared: dict[tuple[str, str, str], list[Diagnostic]] = {}
    for outcome in report.outcomes:
        for item in outcome.diagnostics:
            if item.severity is Severity.ERROR:
                continue  # told when it happened
            key = (item.code, item.message, item.place.file)
            shared.setdefault(key, []).append(item)
    for items in shared.values():
        say_diagnostics(items[:1])
        if len(items) > 1:
            say(f"  in {len(items)} booklets")
    say_diagnostics(report.diagnostics)
    say(_words(report))


def _words(report: BatchReport) -> str:
    built, kept, failed = (report.count(state) for state in ("built", "kept", "failed"))
    parts = [f"{built} built"]
    parts += [f"{kept} unchanged"] if kept else []
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{report.left} not begun"] if report.left else []
    words = f"{', '.join(parts)} in {span(report.seconds)}"
    if report.stop:
        words = f"error: stopped: {report.stop}; {words}; the same command goes on from here"
    return words


def span(seconds: float) -> str:
    """Say a stretch of time as people do."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return f"{hours} h {minutes:02} min"
    if minutes:
        return f"{minutes} min {whole % 60:02} s"
    return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"


class _Teller:
    """Says on stderr how far a batch is, and what failed as soon as it does."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.shown = sys.stderr.isatty()
        self.progress: Progress = terminal_progress()
        self.count = self.done = self.failed = 0
        self.recent: deque[float] = deque(maxlen=RECENT)
        self.last = time.monotonic()

    def begin(self, count: int) -> None:
        """So many booklets are asked for."""
        self.count = count
        self.progress.step(f"build {count} booklets")
        self.recent.append(time.monotonic())

    def tell(self, outcome: Outcome) -> None:
        """One of them is done, well or not."""
        self.done += 1
        now = time.monotonic()
        if outcome.state == "built":
            self.recent.append(now)
        if outcome.state == "failed":
            self.failed += 1
            if not self.quiet:
                self._say(_errors(outcome.diagnostics))
        if self.shown:
            self.progress.detail(self.words())
        elif now - self.last > TELLING:
            self.last = now
            say(self.words())
        if self.done == self.count:
            self.progress.close()

    def words(self) -> str:
        """Say how far it is, how fast, and how long it will take."""
        words = f"{self.done} of {self.count}"
        since = self.recent[-1] - self.recent[0]
        if len(self.recent) > 1 and since > 0:
            rate = (len(self.recent) - 1) / since
            left = (self.count - self.done) / rate
            words += f" · {rate:.1f} a second · {span(left)} left"
        return words + (f" · {self.failed} failed" if self.failed else "")

    def _say(self, found: Iterable[Diagnostic]) -> None:
        say_diagnostics(found)


def _errors(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [item for item in found if item.severity is Severity.ERROR]
