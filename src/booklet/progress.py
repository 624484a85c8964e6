"""Progress of long work: a protocol, a silent one, and one for a terminal.

Results go to stdout; progress goes to stderr, and only to a terminal.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Protocol

from booklet.errors import clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status


class Progress(Protocol):
    """Told what is being done."""

    def step(self, name: str) -> None:
        """Begin a named step; the one before it has ended."""

    def detail(self, text: str) -> None:
        """Say something about the running step, such as its page count."""

    def close(self) -> None:
        """End the last step."""


class NullProgress:
    """Says nothing."""

    def step(self, name: str) -> None:
        """Ignore the step."""

    def detail(self, text: str) -> None:
        """Ignore the detail."""

    def close(self) -> None:
        """Do nothing."""


class TerminalProgress:
    """Shows the running step with a spinner, and each finished one with its time."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._name = self._detail = ""
        self._since = 0.0

    def step(self, name: str) -> None:
        """Begin a named step."""
        self.close()
        self._name, self._detail, self._since = _plain(name), "", time.monotonic()
        self._status = self._console.status(self._name)
        self._status.start()

    def detail(self, text: str) -> None:
        """Show a detail beside the step."""
        self._detail = _plain(text)
        if self._status:
            self._status.update(f"{self._name} · {self._detail}")

    def close(self) -> None:
        """End the running step and print its time."""
        if self._status is None:
            return
        self._status.stop()
        self._status = None
        detail = f" · {self._detail}" if self._detail else ""
        seconds = time.monotonic() - self._since
        self._console.print(f"  [green]✓[/green] {self._name}{detail} [dim]{seconds:.1f} s[/dim]")


def _plain(text: str) -> str:
    """Take out of a name what the terminal or rich would obey."""
    from rich.markup import escape

    return escape(clean(text))


def terminal_progress() -> Progress:
    """Give a progress display for stderr, silent where stderr is no terminal."""
    if not sys.stderr.isatty():
        return NullProgress()
    from rich.console import Console

    return TerminalProgress(Console(stderr=True))
