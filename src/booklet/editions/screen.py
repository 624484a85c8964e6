"""The screen edition: a tagged PDF at trim size, for reading, mailing and archiving."""

from __future__ import annotations

from collections.abc import Iterator

from booklet.editions.making import SUFFIXES
from booklet.editions.run import Made, Run

(SUFFIX,) = SUFFIXES["screen"]


def make(run: Run) -> Iterator[Made]:
    """Make the PDF."""
    pages = run.pages
    yield Made("screen", SUFFIX, pages.screen, len(pages.labels))
