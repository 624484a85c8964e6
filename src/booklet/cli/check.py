"""``booklet check``."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Optional

import typer

from booklet import limits
from booklet.cli.build import edition_names
from booklet.cli.output import print_json, say_diagnostics, tell
from booklet.cli.work import LimitOption, begin, lifted
from booklet.cli.work import progress as work_progress
from booklet.errors import (
    BookletError,
    Diagnostic,
    ExitCode,
    InputError,
    Place,
    Severity,
    clean,
)
from booklet.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from booklet.check.report import GateReport, Verdict

FOR_THE_PRESS = {"press", "cover"}
PRESET: Final = "offset-cn"
"""The printer of a PDF that is given as a file."""

Sources = Annotated[
    Optional[list[Path]],  # noqa: UP045 - typer reads the annotation
    typer.Argument(
        metavar="[PUBLICATION]...",
        help="Publications to build and judge, or finished EPUB and PDF files; else the current "
        "folder.",
    ),
]
Editions = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--edition", "-e", help="Edition to judge; else those of the header."),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Let warnings and missing checkers forbid the release.")
]
Json = Annotated[bool, typer.Option("--json", help="Print files, checkers and findings as JSON.")]

REFUSAL = "findings forbid the release"


@dataclass(slots=True)
class _Gathered:
    """What there is to judge, and what is known of it.

    Attributes:
        books: Name and bytes of each e-book.
        files: Names of all files.
        known: Findings of builds.
        preflight: Findings of preflight of finished PDFs.
        preflighted: Whether a file for the press was judged.
    """

    books: list[tuple[str, bytes]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    known: list[Diagnostic] = field(default_factory=list)
    preflight: list[Diagnostic] = field(default_factory=list)
    preflighted: bool = False


def check(
    sources: Sources = None,
    edition: Editions = None,
    *,
    strict: Strict = False,
    as_json: Json = False,
    limit: LimitOption = None,
) -> None:
    """Judge manuscript, e-books and press files; exit 1 if a finding forbids the release."""
    shown = work_progress()
    try:
        with lifted(limit):
            report = _judge(sources or [Path()], edition_names(edition or []), shown)
    except BookletError as error:
        if not as_json:
            raise
        print_json({"files": []}, error.diagnostics, str(error))
        raise typer.Exit(int(error.exit_code)) from error
    finally:
        shown.close()
    forbidden = report.forbids(strict=strict)
    if as_json:
        print_json(report.as_dict(), report.findings, REFUSAL if forbidden else None)
    else:
        say_diagnostics(report.findings)
        for line in _summary(report, forbidden=forbidden):
            tell(line)
    if forbidden:
        raise typer.Exit(int(ExitCode.FINDINGS))


def _judge(paths: list[Path], wanted: list[str], shown: Progress) -> GateReport:
    for path in paths:
        _see(path)
    begin(paths[0], "load the libraries", paths, programs=True)
    from booklet.check.gate import judge_books

    gathered = _Gathered()
    for path in paths:
        _gather(path, wanted, gathered, shown)
    now = dt.datetime.now(dt.UTC)
    return judge_books(gathered.books, list(_verdicts(gathered)), gathered.files, now, shown)


def _see(path: Path) -> None:
    """See that there is something to judge, before anything is built.

    Raises:
        InputError: There is not, or it is too large.
    """
    place, msg = Place(str(path)), "nothing was checked"
    if not path.exists():
        found = Diagnostic(
            place, Severity.ERROR, "file-missing", "this does not exist",
            "name a publication, an EPUB or a PDF",
        )  # fmt: skip
        raise InputError(msg, (found,))
    if path.is_file() and path.stat().st_size > limits.value("checked-size"):
        said = f"it is too large ({limits.named('checked-size')})"
        found = Diagnostic(place, Severity.ERROR, "file-size", said, "divide it")
        raise InputError(msg, (found,))


def _gather(source: Path, wanted: list[str], gathered: _Gathered, progress: Progress) -> None:
    """Read a finished file, or build a publication aside; its own files stay as they are."""
    suffix = source.suffix.lower() if source.is_file() else ""
    try:
        if suffix == ".epub":
            gathered.books.append((str(source), source.read_bytes()))
            gathered.files.append(str(source))
        elif suffix == ".pdf":
            gathered.files.append(str(source))
            gathered.preflight += _preflight(source, progress)
            gathered.preflighted = True
        else:
            _build(source, wanted, gathered, progress)
    except BookletError as error:
        # One that cannot be built hides nothing of the others.
        if str(source) not in gathered.files:
            gathered.files.append(str(source))
        gathered.known += error.diagnostics or (
            Diagnostic(Place(str(source)), Severity.ERROR, "file-unreadable", str(error)),
        )


def _build(source: Path, wanted: list[str], gathered: _Gathered, progress: Progress) -> None:
    from booklet.build import build

    with tempfile.TemporaryDirectory() as folder:
        made = build(source, Path(folder), wanted, progress=progress)
        gathered.known += made.diagnostics
        for output in made.outputs:
            gathered.files.append(output.path.name)
            if output.path.suffix == ".epub":
                gathered.books.append((output.path.name, output.path.read_bytes()))
            gathered.preflighted |= output.edition in FOR_THE_PRESS


def _preflight(file: Path, progress: Progress) -> list[Diagnostic]:
    from booklet.editions.preflight import judge_file
    from booklet.finish.preflight import Order
    from booklet.model.press import PRESETS

    progress.step(f"preflight {clean(str(file))}")
    place = Place(str(file))
    return list(judge_file(place, file.read_bytes(), PRESETS[PRESET], Order(), progress.detail))


def _verdicts(gathered: _Gathered) -> Iterator[Verdict]:
    """Put what is known already into the form of a report."""
    from booklet.check.report import Checker, Verdict

    yield Verdict(None, tuple(gathered.known))
    if gathered.preflighted:
        from booklet.finish.preflight import CHECKS

        checker = Checker("preflight", f"of {len(CHECKS)} checks")
        yield Verdict(checker, tuple(gathered.preflight))


def _summary(report: GateReport, *, forbidden: bool) -> Iterator[str]:
    """Say in a few lines what was judged, by whom, and whether it may leave the house."""
    for name in report.files:
        yield f"{clean(name)}: {_counted(report.counts(name)) or 'nothing to object'}"
    yield f"asked: {', '.join(map(str, report.checkers))}"
    for one in report.missing:
        yield f"not asked: {one.name}, for {one.reason}"
    counts = Counter(finding.severity for finding in report.findings)
    verdict = "not to be released" if forbidden else "free for release"
    yield f"{verdict}: {_counted(counts) or 'no findings'}"


def _counted(counts: Counter[Severity]) -> str:
    return ", ".join(
        f"{counts[one]} {one}{'' if counts[one] == 1 else 's'}" for one in Severity if counts[one]
    )
