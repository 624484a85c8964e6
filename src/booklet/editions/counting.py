"""Pages that state how many they are: laid out, counted, and laid out again until they say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booklet.model.binding import bound_pages
from booklet.model.imprint import leaves_a_sheet
from booklet.typeset.imprint import Figures, Imprint, counts_pages
from booklet.typeset.paged import typeset_pages
from booklet.typeset.views import ColophonLine

if TYPE_CHECKING:
    from booklet.editions.job import Job
    from booklet.editions.run import Run
    from booklet.output.page_labels import PageLabel
    from booklet.output.rendering import Rendering

MOST_ROUNDS = 4
"""Layouts of one book. Two suffice unless the figure itself moves the pages."""


def interior_pages(labels: tuple[PageLabel, ...]) -> int:
    """Count the pages between the covers: those with a folio, printed or not."""
    return sum(1 for label in labels if label.text)


def bound(job: Job, pages: int) -> int:
    """Count the pages of the book with the blanks that printer and binder add."""
    header = job.publication.header
    return bound_pages(pages, header.cover.binding, header.press.resolve().multiple)


def lay_out_pages(run: Run) -> Rendering:
    """Typeset and lay out the book.

    Findings get ``imprint-sheets`` where the header asks for a figure that nothing determines,
    and ``imprint-unstable`` where the pages never agree with the figure that stands on them.
    """
    job = run.job
    pub, theme, geometry = job.publication, job.theme, job.geometry
    _check_sheets(run)
    figures: Figures | None = None
    for _ in range(MOST_ROUNDS):
        run.progress.step("typeset the pages")
        book = typeset_pages(pub, theme, geometry, figures)
        run.progress.step("render the PDF")
        rendering = run.render(book, run.progress)
        if not counts_pages(pub.header):
            return rendering
        pages = interior_pages(rendering.labels)
        counted = Figures(pages, bound(job, pages))
        if _lines(job, counted) == _lines(job, figures):
            return rendering
        figures = counted
    run.findings.error(
        job.place("imprint"), "imprint-unstable",
        f"the pages do not settle: with {counted.pages} printed, there are other numbers again",
        "give sheets and characters as printed",
    )  # fmt: skip
    return rendering


def _lines(job: Job, figures: Figures | None) -> tuple[ColophonLine, ...]:
    words = job.theme.strings(job.publication.header.language)
    return tuple(Imprint(job.publication, words, job.geometry, True, figures).lines())


def _check_sheets(run: Run) -> None:
    job, spec = run.job, run.job.publication.header.imprint
    if spec is None or spec.sheets != "auto":
        return
    if leaves_a_sheet(job.geometry.trim, spec.format) is None:
        run.findings.warning(
            job.place("imprint", "sheets"), "imprint-sheets",
            f"nothing says how many leaves of {job.geometry.trim.name} a full sheet gives",
            "write format: 880mm×1230mm 1/32, or the sheets as printed",
        )  # fmt: skip
