"""The front cover as a picture, drawn, or kept from a build in which it was the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from booklet.editions.run import Run
from booklet.errors import Diagnostic, Place, Severity
from booklet.fonts import fonts_state
from booklet.typeset.book import PagedBook, Resource

NAME, KIND = "images/cover.png", "image/png"


def cover_of(run: Run, cover: PagedBook) -> tuple[tuple[Diagnostic, ...], Resource]:
    """Draw the cover of an e-book.

    Args:
        run: The build, whose means may keep the picture.
        cover: The front cover, typeset.

    Returns:
        What there is to tell of it, and the picture.
    """
    keeper = run.means.keeper() if run.means is not None else None
    key = ""
    if keeper is not None:
        from booklet.output.naming import name_of

        key = name_of(cover, run.door, "cover", fonts_state(run.job.shelf.families))
        if (found := _kept(keeper.get(key))) is not None:
            return found
    from booklet.output.cover_picture import cover_picture

    before = len(run.findings.items)
    front = run.render(cover)
    picture = cover_picture(front.draw_screen(), NAME)
    told = (*run.findings.items[before:], *front.diagnostics)
    del run.findings.items[before:]
    if keeper is not None:
        keeper.put(key, (picture.data, tuple(_plain(told))))
    return told, picture


def _plain(told: Iterable[Diagnostic]) -> Iterable[tuple[Any, ...]]:
    for one in told:
        place = one.place
        yield (
            place.file, place.line, place.column, str(one.severity), one.code, one.message, one.hint
        )  # fmt: skip


def _kept(value: object) -> tuple[tuple[Diagnostic, ...], Resource] | None:
    """Read what was kept; None for what cannot be it."""
    known: Any = value
    try:
        data, told = known
        findings = tuple(
            Diagnostic(Place(file, line, column), Severity(severity), code, message, hint)
            for file, line, column, severity, code, message, hint in told
        )
    except (TypeError, ValueError):
        return None
    return (findings, Resource(NAME, KIND, data)) if isinstance(data, bytes) else None
