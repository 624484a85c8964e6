"""A galley: what setting one piece of a book gave, as plain values that can be kept and sent.

Boxes of the renderer are large, and know the whole document. A galley knows what the rest of the
book and the editions ask of a piece, and nothing else of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydyf

from booklet.compose import Laid, laid
from booklet.errors import Diagnostic
from booklet.output.generated import generated_words, misleading_calls
from booklet.output.grid import PageGrid, page_grids
from booklet.output.overset import Overset, overset
from booklet.output.page_labels import PageLabel, label_pages
from booklet.output.pictures import PlacedPicture, placed_pictures
from booklet.output.sheaf import Parcel, Sheaf, draw_sheaf
from booklet.output.strained import strained_findings
from booklet.output.tags import (
    describe_links,
    keep_own_links,
    link_findings,
    plain_outline,
    release_margins,
    scope_headers,
)


@dataclass(frozen=True, slots=True)
class Plain:
    """The pages as the press takes them: RGB, with bleed, untagged.

    Attributes:
        sheaf: The pages, drawn.
        pictures: Pictures of the publication on them.
        overset: Text on them that does not fit.
    """

    sheaf: Sheaf
    pictures: tuple[PlacedPicture, ...]
    overset: tuple[Overset, ...]


@dataclass(frozen=True, slots=True)
class Galley:
    """A piece of a book that is laid out and drawn.

    Attributes:
        left: What it leaves to the next piece.
        counters: The page counter on each of its pages.
        folios: The page counter where each of its ids stands.
        ends_right: Its last page is a right page.
        labels: The folio of each of its pages, as it knows it.
        words: What style sheets wrote, by key.
        again: Calls of notes that need notes of their own.
        findings: What there is to tell of it.
        grids: The grid of each page.
        screen: Its pages for the screen, tagged, linked, at trim size; None where they are at hand
            and drawn when asked for. Packed once they are drawn.
        plain: Its pages for the press, where they were asked for.
    """

    left: Laid
    counters: tuple[int, ...]
    folios: Mapping[str, int]
    ends_right: bool
    labels: tuple[PageLabel, ...]
    words: Mapping[str, str]
    again: frozenset[str]
    findings: tuple[Diagnostic, ...]
    grids: tuple[PageGrid | None, ...]
    screen: Sheaf | Parcel | None = field(default=None, repr=False)
    plain: Plain | None = field(default=None, repr=False)


def pull_galley(
    document: Any,
    *,
    known: Collection[str],
    screen: bool = True,
    plain: bool,
    hear: Callable[[], Sequence[Diagnostic]],
) -> Galley:
    """Draw a piece that is laid out, and read from it what the book needs to know.

    Args:
        document: The piece.
        known: Ids of the other pieces.
        screen: Draw it for the screen.
        plain: Draw it for the press.
        hear: Gives what the renderer has to say so far, each time what is new.

    Returns:
        The galley.
    """
    left = laid(document)
    pages, counters, labels = document.pages, left.counters, label_pages(document)
    folios: dict[str, int] = {}
    for page, counter in zip(pages, counters, strict=True):
        for name in page.anchors:
            folios.setdefault(name, counter)
    keep_own_links(document)
    plain_outline(document)
    findings = [
        *strained_findings(document, [label.text for label in labels]),
        *link_findings(document),
        *hear(),
    ]
    words, again = generated_words(document), frozenset(misleading_calls(document))
    for_screen = draw_screen(document, known) if screen else None
    for_press = draw_plain(document) if plain else None
    return Galley(
        left=left,
        counters=counters,
        folios=folios,
        ends_right=bool(pages) and pages[-1]._page_box.page_type.side == "right",
        labels=labels,
        words=words,
        again=again,
        findings=(*findings, *hear()),
        grids=page_grids(document),
        screen=for_screen,
        plain=for_press,
    )


def draw_screen(document: Any, known: Collection[str]) -> Sheaf:
    """Draw the pages of a piece for the screen; ``known`` are the ids of the other pieces."""
    # The bleed is for the press alone; the page of a screen ends at the trim.
    bleeds = [page.bleed for page in document.pages]
    for page in document.pages:
        page.bleed = dict.fromkeys(page.bleed, 0)

    def finish(pdf: pydyf.PDF) -> None:
        describe_links(document)
        release_margins(pdf)
        scope_headers(pdf)

    sheaf = draw_sheaf(document, tagged=True, known=known, finish=finish)
    for page, bleed in zip(document.pages, bleeds, strict=True):
        page.bleed = bleed
    return sheaf


def draw_plain(document: Any) -> Plain:
    """Draw the pages of a piece as the press takes them."""
    pictures, unfit = tuple(placed_pictures(document)), tuple(overset(document))
    kept = [(page, page.links, page.bookmarks, page.anchors) for page in document.pages]
    for page in document.pages:
        page.links, page.bookmarks, page.anchors = [], [], {}
    sheaf = draw_sheaf(document, tagged=False)
    for page, links, bookmarks, anchors in kept:
        page.links, page.bookmarks, page.anchors = links, bookmarks, anchors
    return Plain(sheaf, pictures, unfit)
