"""The office edition: the whole book on the sheets of an office printer, to be folded and stapled.

The same pages as on the screen, front cover and back cover included: what was proved is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from booklet.editions.making import SUFFIXES
from booklet.editions.run import Made, Run
from booklet.model.imposition import parse_caliper, parse_sheet

(SUFFIX,) = SUFFIXES["office"]

PAGES_PER_SHEET = 4


def make(run: Run) -> Iterator[Made]:
    """Make the sheets."""
    from booklet.finish.imposition import Ticket, impose

    pages, back = run.pages, run.back_cover
    if run.findings.fatal:
        return  # never released
    run.progress.step("impose the office sheets")
    spec = run.job.publication.header.office
    ticket = Ticket(
        spec.scheme, parse_sheet(spec.sheet) if spec.sheet else None, spec.signature, spec.binding,
        marks=spec.marks, caliper=parse_caliper(spec.caliper),
    )  # fmt: skip
    sources = [pages.screen] if back is None else [pages.screen, back]
    sequence = order(len(pages.labels), pages.interior, has_back=back is not None)
    place = run.job.place("office", "sheet" if spec.sheet else "")
    imposed = impose(sources, ticket, place, run.findings, sequence)
    steps = " ".join(imposed.facts["instructions"])
    run.findings.note(place, "office-sheets", steps)
    yield Made("office", SUFFIX, imposed.data, imposed.facts["sides"])


def order(count: int, interior: Sequence[int], *, has_back: bool) -> tuple[int | None, ...]:
    """Order the pages between the covers, with blanks only where they are needed.

    The interior begins on a recto and runs on, onto the inside of the back cover if that saves a
    sheet. What blanks the sheets need stand before the back cover.

    Args:
        count: Pages of the book with its front cover.
        interior: Indexes of the pages between the covers, from 0.
        has_back: The back cover follows as page ``count + 1``.

    Returns:
        Page numbers from 1, and None for blanks; a multiple of 4.
    """
    first, last = (interior[0], interior[-1] + 1) if interior else (0, count)
    numbers = list(range(1, count + 1))
    front: list[int | None] = [*numbers[:first]]
    front += [None] * (len(front) % 2)
    end = [*numbers[last:], *([count + 1] if has_back else [])]
    used = len(front) + last - first + len(end)
    return (*front, *numbers[first:last], *[None] * (-used % PAGES_PER_SHEET), *end)
