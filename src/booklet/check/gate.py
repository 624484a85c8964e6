"""The gate: every judge there is, over every e-book, into one report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from booklet import __version__
from booklet.check.ace import run_ace
from booklet.check.archive import danger
from booklet.check.epub_lint import lint_epub
from booklet.check.epubcheck import run_epubcheck
from booklet.check.report import Checker, GateReport, Verdict, gather
from booklet.errors import Diagnostic, Place, Severity
from booklet.progress import Progress

LINT = "booklet"


def judge_books(
    books: Sequence[tuple[str, bytes]],
    others: Sequence[Verdict],
    files: Sequence[str],
    latest: dt.datetime,
    progress: Progress,
) -> GateReport:
    """Judge e-books by our own lint, EPUBCheck and Ace.

    Args:
        books: Name and bytes of each e-book.
        others: What is said of them and of other files already: by the build, by preflight.
        files: Names of all files, in the order of the report.
        latest: Now, with its time zone: no book was modified later.
        progress: Told of each step.
    """
    own: list[Diagnostic] = []
    sound: list[tuple[str, bytes]] = []
    for name, data in books:
        progress.step(f"lint {name}")
        own += lint_epub(data, latest, name=f"{name}/")
        if danger(data):
            own.append(_not_handed_on(name))
        else:
            sound.append((name, data))
    verdicts = [Verdict(Checker(LINT, __version__), tuple(own)), *others]
    if sound:
        progress.step(f"ask EPUBCheck of {_count(sound)}")
        verdicts.append(run_epubcheck(sound))
        progress.step(f"ask Ace of {_count(sound)}")
        verdicts.append(run_ace(sound))
    return gather(files, verdicts)


def _not_handed_on(name: str) -> Diagnostic:
    """Other judges unpack what they are given; a bomb is not handed on."""
    message = "EPUBCheck and Ace are not asked of it: they would have to unpack it"
    return Diagnostic(Place(name), Severity.WARNING, "checker-missing", message, "pack it anew")


def _count(books: Sequence[object]) -> str:
    return f"{len(books)} e-book{'' if len(books) == 1 else 's'}"
