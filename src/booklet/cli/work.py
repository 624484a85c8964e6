"""What commands share that do heavy work: limits from the command line, a worker, progress."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Optional

import typer

from booklet import limits, worker
from booklet.errors import ToolError
from booklet.progress import Progress, terminal_progress

LimitOption = Annotated[
    Optional[list[str]],  # noqa: UP045 - typer reads the annotation
    typer.Option(
        "--limit", metavar="NAME=VALUE",
        help="Set a limit, whatever its ceiling; docs/limits.md lists them; may be repeated.",
    ),
]  # fmt: skip


def is_named(context: typer.Context, option: str) -> bool:
    """Tell whether the user has typed an option himself."""
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


@contextlib.contextmanager
def lifted(words: Sequence[str] | None) -> Iterator[None]:
    """Hold the limits that the command line sets.

    Raises:
        typer.BadParameter: There is no such limit, or its value is no number.
    """
    try:
        asked = dict(limits.parse(word) for word in words or ())
    except limits.LimitError as error:
        raise typer.BadParameter(str(error), param_hint="--limit") from error
    with limits.using(lifted=asked):
        yield


def begin(subject: Path, stage: str, inputs: Sequence[Path], *, programs: bool = False) -> None:
    """Go on in a worker; see `worker.enter`."""
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        worker.enter(subject, stage, inputs, programs=programs)
    except ToolError:
        if sys.stderr.isatty():
            sys.stderr.write("\x1b[?25h\n")  # a display that was cut off hides the cursor
        raise


def finish() -> None:
    """End a worker whose command has succeeded and said all; elsewhere, do nothing."""
    sys.stdout.flush()
    sys.stderr.flush()
    worker.end_at_once()


class _Noted:
    """Progress that the parent of a worker can read."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown

    def step(self, name: str) -> None:
        worker.note(name)
        self._shown.step(name)

    def detail(self, text: str) -> None:
        self._shown.detail(text)

    def close(self) -> None:
        self._shown.close()


def progress() -> Progress:
    """Give a progress display for stderr whose steps the parent of a worker can read."""
    return _Noted(terminal_progress())
