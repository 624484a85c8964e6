"""Lines that are too loose to be let pass, with their place in the manuscript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from booklet.errors import Diagnostic, Place, Severity
from booklet.typeset.segments import SOFT_HYPHEN

LONGEST_WORDS = 16
"""Characters shown of a line."""

_HINT = (
    "rephrase it, or let the long word in the next line be broken: "
    "U+00AD where it may take a hyphen, `overflow-wrap: anywhere` for code"
)


def strained_findings(document: Any, folios: Sequence[str]) -> Iterator[Diagnostic]:
    """Warn of lines that were stretched further than a reader will forgive.

    Args:
        document: As laid out.
        folios: Of its pages; '' where a page has none.
    """
    from booklet.compose import strained_lines

    for line in strained_lines(document):
        folio = folios[line.page - 1] or str(line.page)
        words = line.text.strip().replace(SOFT_HYPHEN, "")
        if len(words) > LONGEST_WORDS:
            words = f"{words[:LONGEST_WORDS]}……"
        yield Diagnostic(
            _place(line.element), Severity.WARNING, "strained-line",
            f"page {folio}: 「{words}」 is stretched by {line.stretch:.2f} em at every gap", _HINT,
        )  # fmt: skip


def _place(element: Any) -> Place:
    """Find the label of a paragraph: on its element, or on one within."""
    for inner in element.iter() if element is not None else ():
        file, _, line = (inner.get("data-src") or "").rpartition(":")
        if file and line.isdecimal():
            return Place(file, int(line))
    return Place("build")
