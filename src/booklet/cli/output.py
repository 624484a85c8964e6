"""How the commands speak: findings to stderr, results to stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping

import typer

from booklet.errors import Diagnostic, Severity, clean

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


def tell(*columns: object) -> None:
    r"""Print a line of a result; what would move a cursor is written as ``\uXXXX``.

    Args:
        columns: Texts, names or paths, perhaps a stranger's; they are parted by tabs.
    """
    typer.echo("\t".join(clean(str(column)) for column in columns))


def say(text: str) -> None:
    """Tell the user something that is no result."""
    typer.echo(clean(text), err=True)


def say_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Print findings, in colour where a terminal shows it."""
    for item in diagnostics:
        text = str(item)
        if sys.stderr.isatty():
            mark = f"{item.severity}[{item.code}]"
            text = text.replace(mark, typer.style(mark, fg=_COLORS[item.severity], bold=True), 1)
        typer.echo(text, err=True)


def print_json(
    result: Mapping[str, object], diagnostics: Iterable[Diagnostic], error: str | None = None
) -> None:
    """Print what a command made and found, with ``ok`` and, if it failed, ``error``."""
    report = dict(result)
    report["diagnostics"] = [item.as_dict() for item in diagnostics]
    if error is not None:
        report["error"] = error
    report["ok"] = error is None
    tell_json(report)


def tell_json(value: object) -> None:
    """Print a value as JSON that a terminal shows without harm; programs read it as it is."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    typer.echo("".join(char if char == "\n" else _escaped(char) for char in text))


def _escaped(char: str) -> str:
    if clean(char) == char:
        return char
    return json.dumps(char)[1:-1]  # in ASCII, in two parts where it takes them
