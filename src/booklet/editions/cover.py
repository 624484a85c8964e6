"""The cover edition: back, spine and front as one flat sheet, for the print shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from booklet.editions.counting import bound, interior_pages
from booklet.editions.making import SUFFIXES
from booklet.editions.preflight import judge, order_of_cover
from booklet.editions.press import check_pictures, press_job
from booklet.editions.run import Made, Run
from booklet.finish.fidelity import compare_with_pages
from booklet.model.binding import SADDLE_LIMIT, SPINE_TEXT_FROM, UNKNOWN_CALIPER, largest_saddle
from booklet.model.measures import MM
from booklet.typeset.coversheet import SheetPlan, plan_sheet, typeset_cover_sheet

if TYPE_CHECKING:
    from booklet.finish.cover_facts import CoverFacts
    from booklet.model.header import Header
    from booklet.model.press import Press

(SUFFIX,) = SUFFIXES["cover"]

SAME = 0.005
"""Millimetres by which two sheets of one size may differ: the rounding of what is recorded."""


def make(run: Run) -> Iterator[Made]:
    """Make the sheet, and record in it how many pages it was made for."""
    from booklet.finish.cover_facts import with_facts
    from booklet.finish.pdf_text import read_pdf_text
    from booklet.finish.press import prepare_press
    from booklet.finish.press.text import compare_text

    findings, header = run.findings, run.job.publication.header
    press = cover_press(header)
    facts = facts_of(run)
    judge_binding(run, facts.pages)
    run.progress.step("typeset the cover")
    plan = _plan(run, facts.pages)
    book = typeset_cover_sheet(run.job.publication, run.job.theme, run.job.geometry, plan)
    words = run.job.theme.strings(header.language)
    label = f"{words['cover']} {facts.width:.2f} × {facts.height:g} mm"
    job = press_job(run, press, label=label, flat=True)
    if job is None or findings.fatal:
        return  # never released; what is wrong is told already
    rendering = run.render(book)
    screen = rendering.draw_screen()
    findings.extend(check_pictures(rendering.pictures(), press))
    plain = rendering.draw_plain([0])
    findings.extend(rendering.diagnostics)
    folds = tuple(fold * MM for fold in plan.folds)
    file = prepare_press(plain, replace(job, folds=folds))
    findings.extend(file.diagnostics)
    if findings.fatal:
        return
    run.progress.step("prove the cover")
    findings.extend(compare_with_pages(book.segments, read_pdf_text(screen), run.generated, ()))
    findings.extend(compare_text(file.data, screen, (0,)))
    run.progress.step("preflight the cover")
    data = with_facts(file.data, facts, run.job.made)
    order = order_of_cover(run, press, facts.spine)
    findings.extend(judge(run, SUFFIX, data, press, order, rendering.overset()))
    yield Made("cover", SUFFIX, data, 1)


def cover_press(header: Header) -> Press:
    """Tell what the printer asks for of the cover.

    It is a job of its own: it has no blanks to fill it up, and its inks are not the interior's.
    """
    press = header.press.resolve()
    inking = press.inking
    if header.cover.black or inking == "black":
        inking = "black" if header.cover.black else "cmyk"
    return replace(press, multiple=1, inking=inking)


def _plan(run: Run, pages: int) -> SheetPlan:
    header = run.job.publication.header
    bleed = header.press.resolve().bleed / MM
    return plan_sheet(run.job.geometry.trim, header.cover, pages, bleed)


def facts_of(run: Run) -> CoverFacts:
    """Tell what a cover of this build is made for."""
    from booklet.finish.cover_facts import CoverFacts

    pages = bound(run.job, interior_pages(run.pages.labels))
    plan = _plan(run, pages)
    return CoverFacts(pages, plan.spine, plan.width, plan.trim.height)


def judge_binding(run: Run, pages: int) -> None:
    """Tell where binding and paper do not go together.

    Findings get ``saddle-thick`` where staples would not hold the booklet, and ``spine-narrow``
    where text was asked for on a spine that cannot carry it.
    """
    job, findings = run.job, run.findings
    spec = job.publication.header.cover
    thickness = spec.block_of(pages)
    if spec.binding == "saddle" and thickness > SADDLE_LIMIT:
        caliper = spec.leaf_caliper or UNKNOWN_CALIPER
        findings.warning(
            job.place("cover", "binding"), "saddle-thick",
            f"{pages} pages are {thickness:.1f} mm thick, and staples hold {SADDLE_LIMIT:g} mm: "
            f"{largest_saddle(caliper)} pages of this paper",
            "binding: perfect, with the paper of the interior; or thinner paper",
        )  # fmt: skip
    spine = spec.spine_of(pages)
    if spec.spine_text and spine < SPINE_TEXT_FROM:
        which = f"a spine of {spine:.2f} mm" if spine else "a saddle-stitched booklet"
        findings.warning(
            job.place("cover", "spine_text"), "spine-narrow",
            f"{which} carries no text: it would need {SPINE_TEXT_FROM:g} mm",
            "leave out spine_text, or print on thicker paper",
        )  # fmt: skip


def keep_up(run: Run, existing: bytes) -> Iterator[Made]:
    """Hold an older cover against the pages of this build, and make it anew if the header wants it.

    Findings get ``cover-stale``: a warning, or a note where the cover is made anew.

    Args:
        run: The build, whose pages are typeset.
        existing: The cover that lies beside the outputs.
    """
    from booklet.finish.cover_facts import read_facts

    before = read_facts(existing)
    if before is None:
        return
    now, spec = facts_of(run), run.job.publication.header.cover
    moved = spec.binding == "perfect" and before.pages != now.pages
    pairs = ((before.spine, now.spine), (before.width, now.width), (before.height, now.height))
    if not moved and all(abs(one - two) <= SAME for one, two in pairs):
        return
    place, listed = run.job.place("editions"), "cover" in run.job.publication.header.editions
    message = (
        f"the cover was made for {before.pages} pages and a spine of {before.spine:.2f} mm; "
        f"the book now has {now.pages} pages and {now.spine:.2f} mm"
    )
    if listed:
        run.findings.note(place, "cover-stale", message, "it is made anew")
        yield from make(run)
    else:
        run.findings.warning(
            place, "cover-stale", message, "build it again: booklet build -e cover"
        )
