"""What can be read from the pages of a book while they are laid out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from booklet.output.grid import PageGrid, page_grids
from booklet.output.overset import Overset, overset
from booklet.output.pictures import PlacedPicture, placed_pictures
from booklet.output.places import Heading, PageFrame, Passage, headings, page_frames, passages
from booklet.output.textboxes import TextBox, text_boxes
from booklet.output.turning import turned_box

if TYPE_CHECKING:
    from booklet.output.writing import Bound


class LaidOut:
    """A book whose pages are at hand.

    Attributes:
        bound: How the screen edition was bound, for who reads it back piece by piece; None where it
            was not.
        whole: Why it was set at once; '' for a book set in pieces.
        _document: Its pages, as a rendered document of the base.
    """

    bound: Bound | None = None
    whole: str = ""
    _document: Any

    def pictures(self) -> tuple[PlacedPicture, ...]:
        """List the pictures of the publication where the pages place them."""
        return tuple(placed_pictures(self._document))

    def page_grids(self) -> tuple[PageGrid | None, ...]:
        """Tell where the grid of each page stands; None for a page without margins."""
        return page_grids(self._document)

    def page_frames(self) -> tuple[PageFrame, ...]:
        """Tell size, bleed and side of each page."""
        return page_frames(self._document)

    def headings(self) -> tuple[Heading, ...]:
        """List the outline."""
        return headings(self._document)

    def passages(self, page: int) -> tuple[Passage, ...]:
        """List what stands on a page, given by its index, with the lines of the manuscript."""
        return passages(self._document, page)

    def overset(self) -> tuple[Overset, ...]:
        """List the text that does not fit where it stands."""
        pages = self._document.pages
        found = overset(self._document)
        corners = ((item, turned_box(pages[item.page], (*item.at, *item.at))) for item in found)
        return tuple(replace(item, at=(left, top)) for item, (left, top, _, _) in corners)

    def texts(self) -> tuple[TextBox, ...]:
        """List the text of the pages: where it stands, and in which colour."""
        pages = self._document.pages
        found = text_boxes(self._document)
        return tuple(replace(text, box=turned_box(pages[text.page], text.box)) for text in found)
