"""What the table of codes is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A diagnostic code.

    Attributes:
        name: Stable; scripts may rely on it.
        meaning: What is wrong.
        remedy: What to do.
        severity: ``error``, ``warning`` or ``note``.
    """

    name: str
    meaning: str
    remedy: str
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class Chapter:
    """Codes of one stage, for the manual."""

    title: str
    codes: tuple[Code, ...]
