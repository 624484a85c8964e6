"""What the page is told of a laid out book: plain data, no pictures yet."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from booklet.errors import Diagnostic, Place, Severity
from booklet.preview.controls import controls, groups
from booklet.typeset.viewing import picture_sources

if TYPE_CHECKING:
    from booklet.editions.run import Run


def describe(run: Run) -> dict[str, Any]:
    """Describe the pages of a run that is laid out.

    Lengths are points; places on a page are told from the upper left corner of its trim.
    """
    job, rendering = run.job, run.rendering
    publication, geometry = job.publication, job.geometry
    grids = rendering.page_grids()
    frames = zip(rendering.labels, rendering.page_frames(), grids, strict=True)
    return {
        "title": publication.title,
        "slug": publication.slug,
        "language": publication.header.language,
        "theme": job.theme.name,
        "bound": publication.header.cover.bound,
        "pages": [
            {
                "label": label.text, "name": label.name, "blank": label.blank,
                "width": frame.width, "height": frame.height, "bleed": frame.bleed,
                "top": frame.top, "recto": frame.recto, "turned": frame.turned,
                "grid": grid and {"left": round(grid.left, 3), "drop": round(grid.drop, 3)},
            }
            for label, frame, grid in frames
        ],
        "outline": [
            {"title": entry.title, "level": entry.level, "page": entry.page}
            for entry in rendering.headings()
        ],
        "area": {
            "size": geometry.area.size, "characters": geometry.area.characters,
            "lines": geometry.area.lines, "pitch": geometry.pitch,
        },
        "controls": controls(job),
        "groups": groups(job),
        "folders": sorted({str(folder) for folder in job.theme.files.folders}),
        "used": [*job.loaded.sources, *picture_sources(publication)],
    }  # fmt: skip


def as_plain(diagnostics: Iterable[Diagnostic]) -> list[dict[str, str | int]]:
    """Give findings as plain data."""
    return [item.as_dict() for item in diagnostics]


def tell_fault(error: Exception) -> dict[str, Any]:
    """Tell a fault that no stage has words for."""
    if os.environ.get("BOOKLET_TRACEBACK"):
        raise error
    words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    hint = "run booklet build with BOOKLET_TRACEBACK=1 and report what it prints"
    if isinstance(error, MemoryError):
        words, hint = "the pages need more memory than a preview may take", "divide the publication"
    found = Diagnostic(Place("preview"), Severity.ERROR, "preview-stopped", words, hint)
    return {"error": words, "findings": as_plain([found])}
