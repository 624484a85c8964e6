"""A book set in pieces: the same pages as set at once, but each piece by itself.

So a long book needs no more memory than its longest piece, pieces can be set side by side, and what
has not changed since it was set last need not be set again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from booklet.compose import Beginning, going_on
from booklet.errors import Diagnostic, Findings
from booklet.output.binding import Spine, bind
from booklet.output.galley import Galley, Plain, draw_plain, draw_screen, pull_galley
from booklet.output.grid import PageGrid
from booklet.output.keeping import open_parcel, pack_sheaf
from booklet.output.laidout import LaidOut
from booklet.output.means import Means
from booklet.output.memory import Naming, Remembering, basis
from booklet.output.nesting import guard_layouts
from booklet.output.overset import Overset
from booklet.output.page_labels import add_page_labels, join_labels
from booklet.output.parsed_sheets import parse_sheets
from booklet.output.pictures import PlacedPicture
from booklet.output.quick_tree import Frame, read_document
from booklet.output.recalling import Recalling
from booklet.output.renderer import (
    LABEL,
    Shop,
    dated,
    drawings_of,
    listening,
    refusals,
    render_finding,
    shared_fonts,
)
from booklet.output.setting import Hands, Task, WholeError, set_pieces
from booklet.output.sheaf import Parcel, Sheaf
from booklet.output.tray import Tray
from booklet.output.workshop import WORTH_IT, Workshop
from booklet.output.writing import Bound
from booklet.progress import Progress
from booklet.typeset.book import PagedBook
from booklet.typeset.footnotes import refer_elsewhere, with_generated
from booklet.typeset.paged import THEME_URL
from booklet.typeset.pieces import Pieces, Start, cut

if TYPE_CHECKING:
    from booklet.output.css_console import Console
    from booklet.output.fetch import Door

__all__ = ["PiecedRendering", "WholeError"]


@dataclass
class Typesetter:
    """Sets pieces in this process.

    Attributes:
        pieces: Of the book.
        door: Serves pictures and drawings.
        fonts: Of the base.
        console: Knows what messages are about style.
        plain: Draw for the press as well.
        keep: Keep the pages that were laid out.
        findings: What the style sheets gave to tell.
    """

    pieces: Pieces
    door: Door
    fonts: Any
    console: Console
    plain: bool
    keep: bool
    documents: dict[int, Any] = field(default_factory=dict)
    trees: dict[int, Any] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        from booklet.output.fetcher import DoorFetcher

        self._fetcher = DoorFetcher(self.door)
        with _stopping():
            parsed = parse_sheets(self.pieces.sheets, self._fetcher, self.fonts)
        self._sheets, self._counters = list(parsed.sheets), parsed.counters
        self._drawings: dict[str, Any] = {}
        self._frame = Frame(*self.pieces.frame)
        for sheet, said in zip(self.pieces.sheets, parsed.said, strict=True):
            self.findings.extend(self.console.hear(said, sheet))
        self.known = frozenset[str]().union(*(piece.ids for piece in self.pieces.pieces))

    def set(self, task: Task, ahead: Sequence[Task] = ()) -> tuple[Task, Galley]:
        """Set a piece; see `Hands`."""
        with listening() as messages, _stopping(), going_on(_beginning(task.start)):
            source, images = self._read(task.content), dict(self._drawings)
            document = source.render(
                stylesheets=self._sheets, font_config=self.fonts, counter_style=self._counters,
                cache=images,
            )  # fmt: skip
            self._drawings |= drawings_of(images, THEME_URL)
            galley = pull_galley(
                document, known=self.known, screen=not (self.keep or task.draft),
                plain=self.plain and not task.draft,
                hear=lambda: self._heard(messages),
            )  # fmt: skip
        if self.keep:
            self.documents[task.number] = document
            self.trees[task.number] = source.etree_element
        if isinstance(galley.screen, Sheaf):
            galley = replace(galley, screen=pack_sheaf(galley.screen))
        if refused := refusals(self.door):
            galley = replace(galley, findings=(*galley.findings, *refused))
        return task, galley

    def renew(self, pieces: Pieces) -> None:
        """Go on with other pieces; see `Hands`."""
        self.pieces = pieces
        self._frame = Frame(*pieces.frame)

    def _read(self, content: str) -> Any:
        from weasyprint import HTML

        root = self._frame.read(content)
        if root is None:
            return HTML(
                string=self.pieces.document(content), base_url=THEME_URL, url_fetcher=self._fetcher
            )
        return read_document(root, THEME_URL, self._fetcher)

    def _heard(self, messages: list[tuple[int, str]]) -> tuple[Diagnostic, ...]:
        """Make findings of what the renderer has said, and forget it."""
        said, messages[:] = list(messages), []
        style = [text for _, text in said if self.console.is_about_style(text)]
        return (
            *self.console.hear(style),
            *(render_finding(level, text) for level, text in said if text not in style),
        )


def _beginning(start: Start) -> Beginning | None:
    if start.right is None:
        return None
    return Beginning(start.right, start.folio, dict(start.strings))


@contextlib.contextmanager
def _stopping() -> Iterator[None]:
    """Leave it to the book as a whole to find out why the renderer stops."""
    try:
        yield
    except Exception as error:
        if os.environ.get("BOOKLET_TRACEBACK"):
            raise
        msg = f"the renderer stopped: {type(error).__name__}: {error}"
        raise WholeError(msg) from error


class PiecedRendering(LaidOut):
    """A book laid out and drawn in pieces, from which several PDF files are bound.

    Attributes:
        book: What is laid out, with the words that style sheets wrote.
        labels: The folio of each page, as printed or as it would be.
        diagnostics: What there is to tell of it.
    """

    def __init__(
        self,
        book: PagedBook,
        shop: Shop,
        progress: Progress,
        *,
        plain: bool = True,
        means: Means | None = None,
    ) -> None:
        """Lay a book out.

        Args:
            book: What to render.
            shop: Where it is set.
            progress: Told how many pages there are.
            plain: Its pages will be asked for as the press takes them.
            means: What may be used; by default this process, which keeps the pages at hand.

        Raises:
            WholeError: It has to be set at once.
        """
        from booklet.compose import install
        from booklet.output.css_console import Console

        install()
        guard_layouts()
        self.book, self._made = book, shop.made
        pieces = cut(book)
        if pieces.whole:
            raise WholeError(pieces.whole)
        console = Console(book.sheets, shop.door.theme.files)
        self._fonts = shared_fonts(shop.font_config, book)
        means = means or Means()
        keep = means.keep
        self._tray = means.memory.tray if means.memory is not None else None
        typesetter = Typesetter(
            pieces, shop.door, self._fonts, console, plain=plain and not keep, keep=keep
        )
        with contextlib.ExitStack() as stack:
            hands: Hands = typesetter
            length = sum(len(piece.html) for piece in pieces.pieces)
            if not keep and means.jobs > 1 and length >= WORTH_IT:
                hands = stack.enter_context(Workshop(typesetter, means.jobs))
            self._basis = basis(pieces, shop.door, shop.font_config, plain=plain and not keep)
            naming = Naming(self._basis, pieces, shop.door)
            if keep and means.memory is not None:
                hands = Recalling(typesetter, means.memory, naming)
            self._shelf = None if keep else means.keeper()
            if self._shelf is not None:
                stack.callback(self._shelf.tidy)
                hands = Remembering(hands, self._shelf, naming)
            self._set(typesetter, hands)
        self._findings = Findings(list(typesetter.findings))
        self._findings.extend(console.look())
        for galley in self._galleys:
            self._findings.extend(galley.findings)
        self._findings.extend(refusals(shop.door))
        self.labels = join_labels(label for one in self._galleys for label in one.labels)
        progress.detail(f"{len(self.labels)} pages")

    def _set(self, typesetter: Typesetter, hands: Hands) -> None:
        while True:
            self._galleys = set_pieces(typesetter.pieces, hands)
            again = set[str]().union(*(galley.again for galley in self._galleys))
            if not again:
                break
            self.book = refer_elsewhere(self.book, again)
            hands.renew(cut(self.book))
        self._documents, self._known = typesetter.documents, typesetter.known
        if self._documents:
            every = [self._documents[number] for number in range(len(self._galleys))]
            self._document = every[0].copy([page for one in every for page in one.pages])
        words = {key: said for galley in self._galleys for key, said in galley.words.items()}
        self.book = with_generated(self.book, words)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What there is to tell of it."""
        return tuple(self._findings)

    def draw_screen(self) -> bytes:
        """Bind the screen edition: PDF/UA-1, tagged, with outline, links and page labels."""
        self.bound = self._bind(
            [
                galley.screen or draw_screen(self._documents[number], self._known)
                for number, galley in enumerate(self._galleys)
            ],
            variant="pdf/ua-1",
            finish=lambda pdf: add_page_labels(pdf, self.labels),
        )
        return self.bound.data

    def draw_plain(self, pages: Sequence[int]) -> bytes:
        """Bind some pages for the press: RGB, untagged, without links, outline or labels.

        Args:
            pages: Indexes of the pages, from 0, in order.
        """
        wanted, first, sheaves = set(pages), 0, []
        for number, galley in enumerate(self._galleys):
            own = [at for at in range(len(galley.counters)) if first + at in wanted]
            first += len(galley.counters)
            if own:
                sheaves.append(self._plain(number, galley).sheaf.only(own))
        return self._bind(sheaves, tray=self._tray).data

    def _plain(self, number: int, galley: Galley) -> Plain:
        if galley.plain is not None:
            return galley.plain
        if number not in self._documents:
            msg = "the pages were not drawn for the press"
            raise ValueError(msg)
        return draw_plain(self._documents[number])

    def page_grids(self) -> tuple[PageGrid | None, ...]:
        """Tell where the grid of each page stands; None for a page without margins."""
        return tuple(grid for galley in self._galleys for grid in galley.grids)

    def pictures(self) -> tuple[PlacedPicture, ...]:
        """List the pictures of the publication where the pages place them."""
        return tuple(one.moved(first) for first, plain in self._plains() for one in plain.pictures)

    def overset(self) -> tuple[Overset, ...]:
        """List the text that does not fit where it stands."""
        return tuple(one.moved(first) for first, plain in self._plains() for one in plain.overset)

    def _plains(self) -> Iterator[tuple[int, Plain]]:
        """Give the pages of each piece for the press, with the index of the first one."""
        first = 0
        for number, galley in enumerate(self._galleys):
            yield first, self._plain(number, galley)
            first += len(galley.counters)

    def _bind(
        self,
        pieces: Sequence[Sheaf | Parcel],
        variant: str | None = None,
        finish: Callable[[Any], None] | None = None,
        tray: Tray | None = None,
    ) -> Bound:
        html = LABEL.sub("", dated(self.book.html, self._made))
        words = html + "".join(sheet.css for sheet in self.book.sheets)
        with listening() as messages:
            spine = Spine(
                html, self._fonts, hashlib.sha256(words.encode()).digest()[:16], variant,
                open_parcel, finish, self._shelf, self._basis, messages, tray,
            )  # fmt: skip
            bound = bind(spine, pieces)
        self._findings.extend(render_finding(level, text) for level, text in messages)
        return bound
