"""The proof of the grid: the screen edition with type area, baselines and cells drawn over it."""

from __future__ import annotations

from collections.abc import Iterator

from booklet.editions.run import Made, Run

SUFFIX = "-grid.pdf"


def make(run: Run) -> Iterator[Made]:
    """Make the PDF."""
    from booklet.output.grid import draw_grid

    pages = run.pages
    run.progress.step("draw the grid")
    data = draw_grid(pages.screen, run.job.geometry, pages.rendering.page_grids())
    yield Made("grid", SUFFIX, data, len(pages.labels))
