"""Render a book: in pieces where that gives the same pages, else at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from booklet.errors import Diagnostic
from booklet.output.means import Means
from booklet.output.overset import Overset
from booklet.output.page_labels import PageLabel
from booklet.output.pdf import WholeRendering
from booklet.output.pictures import PlacedPicture
from booklet.output.pieced import PiecedRendering, WholeError
from booklet.output.places import Heading, PageFrame, Passage
from booklet.output.renderer import Shop
from booklet.output.textboxes import TextBox
from booklet.progress import Progress
from booklet.typeset.book import PagedBook

if TYPE_CHECKING:
    from booklet.output.grid import PageGrid
    from booklet.output.writing import Bound


class Rendering(Protocol):
    """A book that is laid out, from which several PDF files are drawn.

    Attributes:
        book: What is laid out, with the words that style sheets wrote.
        labels: The folio of each page, as printed or as it would be.
        bound: How the screen edition was bound of pieces; None where it was not.
        whole: Why the book was set at once; '' for one that was set in pieces.
    """

    book: PagedBook
    labels: tuple[PageLabel, ...]
    bound: Bound | None
    whole: str

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What the renderer and the door had to say so far."""

    def draw_screen(self) -> bytes:
        """Draw the screen edition: PDF/UA-1, tagged, with outline, links and page labels."""

    def draw_plain(self, pages: Sequence[int]) -> bytes:
        """Draw some pages for the press, by index: RGB, with bleed, untagged, without links."""

    def pictures(self) -> tuple[PlacedPicture, ...]:
        """List the pictures of the publication where the pages place them."""

    def page_grids(self) -> tuple[PageGrid | None, ...]:
        """Tell where the grid of each page stands; None for a page without margins."""

    def page_frames(self) -> tuple[PageFrame, ...]:
        """Tell size, bleed and side of each page."""

    def headings(self) -> tuple[Heading, ...]:
        """List the outline."""

    def passages(self, page: int) -> tuple[Passage, ...]:
        """List what stands on a page, given by its index, with the lines of the manuscript."""

    def overset(self) -> tuple[Overset, ...]:
        """List the text that does not fit where it stands."""

    def texts(self) -> tuple[TextBox, ...]:
        """List the text of the pages: where it stands, and in which colour."""


def render_book(
    book: PagedBook,
    shop: Shop,
    progress: Progress,
    *,
    plain: bool = True,
    means: Means | None = None,
) -> Rendering:
    """Lay a book out.

    Args:
        book: What to render.
        shop: Where it is set.
        progress: Told how many pages there are, and why a book is set at once.
        plain: Its pages will be asked for as the press takes them.
        means: What may be used.

    Raises:
        ReleaseError: The renderer stops, or cannot go on without a file that the door refused.
    """
    try:
        return PiecedRendering(book, shop, progress, plain=plain, means=means)
    except WholeError as reason:
        progress.detail(f"in one piece: {reason}")
        shop.door.refused.clear()
        rendering = WholeRendering(book, shop.door, shop.font_config, shop.made, progress)
        rendering.whole = str(reason)
        return rendering
