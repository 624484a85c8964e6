"""One build under way: the job, what was found, and the pages that several editions share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from booklet import limits
from booklet.editions.counting import lay_out_pages
from booklet.editions.job import Job, font_families
from booklet.errors import Findings
from booklet.finish.fidelity import compare_with_manuscript, compare_with_pages, missing_marks
from booklet.fonts import fontconfig_folder
from booklet.model.header import EditionName
from booklet.progress import NullProgress, Progress
from booklet.typeset.book import PagedBook
from booklet.typeset.coversheet import typeset_back_cover

if TYPE_CHECKING:
    from booklet.output.fetch import Door
    from booklet.output.means import Means
    from booklet.output.page_labels import PageLabel
    from booklet.output.rendering import Rendering
    from booklet.output.writing import Bound

GENERATED = "0123456789ivxlcdm.·•…"
"""Characters that style sheets may add by counters and leaders."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file of an edition, not yet in its place.

    Attributes:
        edition: Which.
        suffix: What follows the slug in its name.
        data: The file.
        pages: Its pages, or sides of sheets; 0 for an e-book.
    """

    edition: EditionName | Literal["grid"]
    suffix: str
    data: bytes
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of the book, drawn and proved.

    Attributes:
        screen: The screen edition.
        labels: The folio of each of its pages.
        texts: The text of each of them, as the proof read it.
        book: What was set.
        rendering: What other editions are drawn from.
    """

    screen: bytes
    labels: tuple[PageLabel, ...]
    texts: tuple[str, ...]
    book: PagedBook
    rendering: Rendering

    @property
    def interior(self) -> tuple[int, ...]:
        """Indexes of the pages between the covers: those with a folio, printed or not."""
        return tuple(index for index, label in enumerate(self.labels) if label.text)

    def draw_interior(self) -> bytes:
        """Draw the pages between the covers for the press: RGB, with bleed, nothing to click."""
        return self.rendering.draw_plain(self.interior)


class Run:
    """What the editions of one build share; made once, when first asked for."""

    def __init__(
        self,
        job: Job,
        findings: Findings,
        progress: Progress,
        *,
        plain: bool = True,
        means: Means | None = None,
    ) -> None:
        """Begin with a job; findings are collected and progress is told.

        Args:
            job: What is built.
            findings: Collects.
            progress: Told of each step.
            plain: The pages will be asked for as the press takes them.
            means: What rendering may use; by default it keeps its pages at hand.
        """
        self.job, self.findings, self.progress = job, findings, progress
        self.plain, self.means = plain, means

    @property
    def generated(self) -> str:
        """Characters that style sheets may add: of every theme, this one, and the publication."""
        own = self.job.publication.header.generates
        return GENERATED + self.job.theme.generates + "".join(own.split())

    @cached_property
    def rendering(self) -> Rendering:
        """The pages of the book, laid out and not yet drawn."""
        return lay_out_pages(self)

    @cached_property
    def pages(self) -> Pages:
        """The pages of the book, typeset, rendered and compared with the manuscript."""
        job, findings = self.job, self.findings
        rendering = self.rendering
        book = rendering.book
        self._count(len(rendering.labels))
        screen = rendering.draw_screen()
        findings.extend(rendering.diagnostics)
        self.progress.step("prove the PDF")
        findings.extend(compare_with_manuscript(job.loaded.transcript, book.segments, "screen"))
        findings.extend(missing_marks(book.segments))
        texts: tuple[str, ...] = ()
        if not findings.fatal:
            labels = tuple(label.text for label in rendering.labels)
            texts = self._read_back(screen, rendering.bound)
            findings.extend(compare_with_pages(book.segments, texts, self.generated, labels))
        return Pages(screen, rendering.labels, texts, book, rendering)

    @property
    def asides(self) -> tuple[str, ...]:
        """What is told only to who asks for it: why the book was set in one piece."""
        known = self.__dict__.get("rendering")
        if known is None or not known.whole:
            return ()
        return (f"{self.job.publication.slug}: set in one piece: {known.whole}",)

    def _read_back(self, screen: bytes, bound: Bound | None) -> tuple[str, ...]:
        """Give the text of each page; quires that were read before are not read again."""
        from booklet.finish.pdf_text import read_pdf_text

        if bound is None or not bound.spans:
            return read_pdf_text(screen)
        from booklet.finish.excerpts import UnreadableError
        from booklet.finish.pdf_quires import read_quires
        from booklet.output.naming import own_state

        keeper = self.means.keeper() if self.means is not None else None
        variant = self.job.publication.variant.name
        key = own_state("readings", self.job.publication.slug, variant).hex()
        kept = keeper.get(key) if keeper is not None else None
        known = kept if isinstance(kept, dict) else {}
        try:
            texts, readings = read_quires(screen, bound.spans, bound.fonts, known)
        except UnreadableError:
            return read_pdf_text(screen)
        if keeper is not None and readings.keys() - known.keys():
            keeper.put(key, readings)
        return texts

    def _count(self, pages: int) -> None:
        if pages > limits.value("pages"):
            self.findings.error(
                self.job.place(""), "page-limit",
                f"the edition has {pages:,} pages ({limits.named('pages')})",
                f"divide the publication; or {limits.raised('pages')}",
            )  # fmt: skip

    @cached_property
    def back_cover(self) -> bytes | None:
        """The back cover as a PDF of one page at trim size; None where the theme has none."""
        job = self.job
        book = typeset_back_cover(job.publication, job.theme, job.geometry)
        if book is None:
            return None
        rendering = self.render(book)
        data = rendering.draw_screen()
        self.findings.extend(rendering.diagnostics)
        return data

    @property
    def door(self) -> Door:
        """A door to the files of this publication."""
        from booklet.output.fetch import Door

        job = self.job
        return Door(job.loaded.root, job.theme, job.geometry.numbers(), job.loaded.images)

    def render(self, book: PagedBook, progress: Progress | None = None) -> Rendering:
        """Lay out a book with the fonts and files of this publication."""
        from booklet.output.css_fonts import fonts_of_sheets
        from booklet.output.css_limits import refuse_hostile_sheets
        from booklet.output.renderer import Shop
        from booklet.output.rendering import render_book

        job, door = self.job, self.door
        names = font_families(job.theme, book.language)
        families = [family for name in names if (family := job.shelf.family(name))]
        refuse_hostile_sheets(book)
        more, found = fonts_of_sheets(book, job.theme.files, job.shelf)
        self.findings.extend(found)
        families += more
        config = fontconfig_folder(families)
        shop = Shop(door, config, job.made)
        return render_book(
            book, shop, progress or NullProgress(), plain=self.plain, means=self.means
        )
