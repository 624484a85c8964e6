"""How the commands speak: findings to stderr, results to stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import typer

from booklet.errors import Diagnostic, Severity

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


def say(text: str) -> None:
    """Tell the user something that is no result."""
    typer.echo(text, err=True)


def say_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Print findings, in colour where a terminal shows it."""
    for item in diagnostics:
        text = str(item)
        if sys.stderr.isatty():
            mark = f"{item.severity}[{item.code}]"
            text = text.replace(mark, typer.style(mark, fg=_COLORS[item.severity], bold=True), 1)
        say(text)
