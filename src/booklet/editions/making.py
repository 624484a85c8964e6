"""How each edition is made; a build loads the recipes that it follows, and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from booklet.model.header import EditionName

if TYPE_CHECKING:
    from booklet.editions.run import Made, Run

SUFFIXES: dict[EditionName, tuple[str, ...]] = {
    "screen": (".pdf",),
    "ebook": (".epub",),
    "press": ("-press.pdf",),
    "office": ("-office.pdf",),
    "cover": ("-cover.pdf",),
}
"""What follows the slug in the names of each edition's files."""


def _screen(run: Run) -> Iterator[Made]:
    from booklet.editions import screen

    return screen.make(run)


def _ebook(run: Run) -> Iterator[Made]:
    from booklet.editions import ebook

    return ebook.make(run)


def _press(run: Run) -> Iterator[Made]:
    from booklet.editions import press

    return press.make(run)


def _office(run: Run) -> Iterator[Made]:
    from booklet.editions import office

    return office.make(run)


def _cover(run: Run) -> Iterator[Made]:
    from booklet.editions import cover

    return cover.make(run)


EDITIONS: dict[EditionName, Callable[[Run], Iterator[Made]]] = {
    "screen": _screen,
    "ebook": _ebook,
    "press": _press,
    "office": _office,
    "cover": _cover,
}
"""How each edition is made, in the order of `SUFFIXES`."""


def keep_up_cover(run: Run, existing: bytes) -> Iterator[Made]:
    """Hold an older cover against the pages of this build; see `cover.keep_up`."""
    from booklet.editions import cover

    return cover.keep_up(run, existing)


def show_grid(run: Run) -> Iterator[Made]:
    """Make a proof of the grid; see `grid.make`."""
    from booklet.editions import grid

    return grid.make(run)
