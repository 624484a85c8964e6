"""The gate: every judge there is, over every e-book, into one report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from booklet import __version__
from booklet.check.ace import run_ace
from booklet.check.epub_lint import lint_epub
from booklet.check.epubcheck import run_epubcheck
from booklet.check.report import Checker, GateReport, Verdict, gather
from booklet.errors import Diagnostic
from booklet.progress import Progress

LINT = "booklet"


def judge_books(
    books: Sequence[tuple[str, bytes]],
    others: Sequence[str],
    known: Sequence[Diagnostic],
    latest: dt.datetime,
    progress: Progress,
) -> GateReport:
    """Judge e-books by our own lint, EPUBCheck and Ace.

    Args:
        books: Name and bytes of each e-book.
        others: Names of files that the build has judged already, such as those for the press.
        known: What the build found.
        latest: Now, with its time zone: no book was modified later.
        progress: Told of each step.
    """
    lint = [finding for name, data in books for finding in lint_epub(data, latest, name=f"{name}/")]
    verdicts = [Verdict(Checker(LINT, __version__), (*known, *lint))]
    if books:
        progress.step("ask EPUBCheck")
        verdicts.append(run_epubcheck(books))
        progress.step("ask Ace")
        verdicts.append(run_ace(books))
    return gather((*(name for name, _ in books), *others), verdicts)
