"""``booklet check``."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from booklet.cli.build import edition_names
from booklet.cli.output import print_json, say_diagnostics
from booklet.errors import (
    BookletError,
    Diagnostic,
    ExitCode,
    InputError,
    Place,
    ReleaseError,
    Severity,
)
from booklet.progress import Progress, terminal_progress

if TYPE_CHECKING:
    from booklet.check.report import GateReport

LARGEST_FILE = 1 << 28
"""Bytes; the file is read into memory."""

Sources = Annotated[
    Optional[list[Path]],  # noqa: UP045 - typer reads the annotation
    typer.Argument(
        metavar="[PUBLICATION]...",
        help="Publications to build and judge, or finished EPUB files; else the current folder.",
    ),
]
Editions = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--edition", "-e", help="Edition to judge; else those of the header."),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Let warnings and missing checkers forbid the release.")
]
Json = Annotated[bool, typer.Option("--json", help="Print checkers and findings as JSON.")]

REFUSAL = "findings forbid the release"


@dataclass(slots=True)
class _Gathered:
    """What there is to judge."""

    books: list[tuple[str, bytes]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    known: list[Diagnostic] = field(default_factory=list)


def check(
    sources: Sources = None,
    edition: Editions = None,
    *,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Judge e-books by EPUBCheck, Ace and our own lint; exit 1 if a finding forbids release."""
    from booklet.check.gate import judge_books

    progress = terminal_progress()
    try:
        wanted = edition_names(edition or [])
        gathered = _Gathered()
        for source in sources or [Path()]:
            _gather(source, wanted, gathered, progress)
        now = dt.datetime.now(dt.UTC)
        report = judge_books(gathered.books, gathered.others, gathered.known, now, progress)
    except BookletError as error:
        if not as_json:
            raise
        print_json({"files": []}, error.diagnostics, str(error))
        raise typer.Exit(int(error.exit_code)) from error
    finally:
        progress.close()
    forbidden = report.forbids(strict=strict)
    if as_json:
        print_json(report.as_dict(), report.findings, REFUSAL if forbidden else None)
    else:
        _tell(report)
    if forbidden:
        raise typer.Exit(int(ExitCode.FINDINGS))


def _gather(source: Path, wanted: list[str], gathered: _Gathered, progress: Progress) -> None:
    """Read an EPUB, or build a publication aside; its own files stay as they are."""
    from booklet.build import build

    if source.suffix.lower() == ".epub":
        gathered.books.append((source.name, _read(source)))
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = build(source, Path(folder), wanted, progress=progress)
        except ReleaseError as error:
            gathered.known += error.diagnostics
            return
        gathered.known += made.diagnostics
        for output in made.outputs:
            if output.edition == "ebook":
                gathered.books.append((output.path.name, output.path.read_bytes()))
            else:
                gathered.others.append(output.path.name)


def _read(file: Path) -> bytes:
    place = Place(str(file))
    if not file.is_file():
        raise _refusal("file-missing", place, "there is no such file", "name an EPUB")
    if file.stat().st_size > LARGEST_FILE:
        raise _refusal("file-size", place, "it is larger than 256 MiB", "divide it")
    return file.read_bytes()


def _refusal(code: str, place: Place, message: str, hint: str) -> InputError:
    msg = "nothing was checked"
    return InputError(msg, (Diagnostic(place, Severity.ERROR, code, message, hint),))


def _tell(report: GateReport) -> None:
    say_diagnostics(report.findings)
    for name in report.files:
        typer.echo(name)
    typer.echo(f"asked: {', '.join(map(str, report.checkers))}")
    for one in report.missing:
        typer.echo(f"not asked: {one.name}: {one.reason}; {one.remedy}")
    counts = Counter(finding.severity for finding in report.findings)
    typer.echo(
        ", ".join(f"{counts[one]} {one}{'' if counts[one] == 1 else 's'}" for one in Severity)
    )
