"""How the commands speak: findings to stderr, results to stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping

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


def print_json(
    result: Mapping[str, object], diagnostics: Iterable[Diagnostic], error: str | None = None
) -> None:
    """Print what a command made and found, with ``ok`` and, if it failed, ``error``."""
    report = dict(result)
    report["diagnostics"] = [item.as_dict() for item in diagnostics]
    if error is not None:
        report["error"] = error
    report["ok"] = error is None
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
