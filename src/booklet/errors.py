"""What can go wrong, and how it is told.

A user's mistake is a `Diagnostic`: a place, a severity, a stable code, one sentence and one hint.
Diagnostics are collected in `Findings`, never thrown one by one. Only what stops a stage is an
exception, and each exception class owns the exit code of the command that meets it:

    BookletError
    ├── InputError     2  wrong input or usage; carries every diagnostic found so far
    ├── ReleaseError   1  the outputs may not leave the house (fidelity, preflight, --strict)
    └── ToolError      3  a missing tool, or a fault of ours
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """Exit status of every command."""

    OK = 0
    FINDINGS = 1
    INPUT = 2
    TOOL = 3


class Severity(StrEnum):
    """How much a diagnostic weighs: an error forbids the build, a warning under ``--strict``."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a source file.

    Attributes:
        file: File name as the user would type it, relative to the publication where it can be.
        line: 1-based line, or 0 where only the file is known.
        column: 1-based column in characters, or 0 where only the line is known.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [clean(self.file)]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: ``place: severity[code]: message`` and a hint."""

    place: Place
    severity: Severity
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: {self.severity}[{self.code}]: {clean(self.message)}"
        return f"{text}\n  hint: {clean(self.hint)}" if self.hint else text

    def as_dict(self) -> dict[str, str | int]:
        """Give the finding as plain values for ``--json``."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "severity": str(self.severity),
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
        }


@dataclass(slots=True)
class Findings:
    """Collects diagnostics while a stage goes on looking for more."""

    items: list[Diagnostic] = field(default_factory=list)

    def error(self, place: Place, code: str, message: str, hint: str = "") -> None:
        """Record a fault that forbids the build."""
        self.items.append(Diagnostic(place, Severity.ERROR, code, message, hint))

    def warning(self, place: Place, code: str, message: str, hint: str = "") -> None:
        """Record a fault that a person should look at; ``--strict`` makes it fatal."""
        self.items.append(Diagnostic(place, Severity.WARNING, code, message, hint))

    def note(self, place: Place, code: str, message: str, hint: str = "") -> None:
        """Record something worth knowing that never fails a build."""
        self.items.append(Diagnostic(place, Severity.NOTE, code, message, hint))

    def extend(self, more: Iterable[Diagnostic]) -> None:
        """Add diagnostics that another stage returned."""
        self.items.extend(more)

    @property
    def fatal(self) -> bool:
        """Tell whether an error was recorded."""
        return any(item.severity is Severity.ERROR for item in self.items)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(in_order(self.items))


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by file and place, each finding once."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda item: item.place))


class BookletError(Exception):
    """Anything that stops a stage. ``str()`` is one sentence for the user."""

    exit_code = ExitCode.TOOL

    def __init__(self, message: str, diagnostics: Iterable[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.diagnostics = in_order(diagnostics)


class InputError(BookletError):
    """The publication, a template or the command line is wrong."""

    exit_code = ExitCode.INPUT


class ReleaseError(BookletError):
    """An output was made, but a check forbids its release; the previous files stay."""

    exit_code = ExitCode.FINDINGS


class ToolError(BookletError):
    """Something outside the publication is missing or failed."""

    exit_code = ExitCode.TOOL


def clean(text: str) -> str:
    r"""Make text safe for a terminal.

    Control, format, surrogate and private-use characters and line separators become ``\\uXXXX``,
    so that a manuscript cannot move the cursor or reverse the reading order of a message.
    """
    unsafe = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    return "".join(
        f"\\u{ord(char):04x}" if unicodedata.category(char) in unsafe else char for char in text
    )
