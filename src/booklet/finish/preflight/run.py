"""Run all checks over one file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from booklet.errors import Severity
from booklet.finish.preflight.art_checks import (
    BlankChecks,
    FaultChecks,
    LineChecks,
    PictureChecks,
    StateChecks,
)
from booklet.finish.preflight.barcode import InkWatch, check_barcode
from booklet.finish.preflight.colour_checks import ColourChecks
from booklet.finish.preflight.file_checks import check_file
from booklet.finish.preflight.limits import Limits, Order
from booklet.finish.preflight.page_checks import check_pages
from booklet.finish.preflight.plates import PlateChecks, read_images, resolution_for
from booklet.finish.preflight.registry import CHECKS, Scope
from booklet.finish.preflight.report import Ledger, PreflightReport
from booklet.finish.preflight.source import Damage, Page, Source, limited, open_source
from booklet.finish.preflight.tools import Tools, draw_plates, find_tools, listen, on_disk
from booklet.finish.preflight.type_checks import TypeChecks
from booklet.finish.preflight.walk import Walk
from booklet.limits import named, value

DRAWN = ("P25", "P31", "P32", "P33")
"""Checks that are complete only when the plates were drawn."""

INSTALL = "install Ghostscript: apt install ghostscript, or brew install ghostscript"

MOST_SAYINGS = 3
"""Lines of a renderer that are reported."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a run may use.

    Attributes:
        max_pages: Pages that are looked at; 0 for the limit ``pdf-checked-pages``.
        draw: Whether pages are drawn; without, four checks stay open.
        tools: The renderers; None to look for them.
        tell: Told of each step.
    """

    max_pages: int = 0
    draw: bool = True
    tools: Tools | None = None
    tell: Callable[[str], None] = lambda _step: None


def preflight(
    data: bytes, limits: Limits, order: Order | None = None, means: Means | None = None
) -> PreflightReport:
    """Check a file against what a printer asks for.

    Args:
        data: The file, anybody's.
        limits: What the printer asks for.
        order: What else is known of the job.
        means: What the run may use.

    Returns:
        Findings, and which checks were run. A file that is damaged or hostile gets findings too.
    """
    order, means = order or Order(), means or Means()
    means = replace(means, max_pages=means.max_pages or value("pdf-checked-pages"))
    ledger = Ledger(limits)
    for check in CHECKS:
        if reason := order.not_asked(check.id):
            ledger.skip(check.id, reason)
    if order.twin is not None:
        _compare(data, order.twin, ledger)
    with limited():
        means.tell("open the file")
        try:
            source = open_source(data, means.max_pages)
        except Damage as error:
            ledger.add("P01", str(error))
            for check in CHECKS[1:]:
                if check.id != "P38":
                    ledger.skip(check.id, "the file cannot be read", CHECKS[0].remedy)
            return ledger.report(0)
        with source.pdf:
            blank = _read(source, data, (limits, order, ledger), means)
    if means.draw:
        blank |= _draw(source, data, limits, ledger, means)
    else:
        _not_drawn(ledger, "drawing was not wanted", "run it again without --fast")
    _tell_blanks(blank, source.count, order, ledger)
    return ledger.report(source.count)


def _read(source: Source, data: bytes, job: tuple[Limits, Order, Ledger], means: Means) -> set[int]:
    """Run the checks that need no drawing; give the pages on which nothing is painted."""
    limits, order, ledger = job
    if source.count > means.max_pages:
        message = f"it has {source.count} pages, and only {means.max_pages} were looked at"
        if means.max_pages == value("pdf-checked-pages"):
            message += f" ({named('pdf-checked-pages')})"
        ledger.add("P01", message, severity=Severity.WARNING)
    check_file(source, limits, order, ledger)
    check_pages(source.pages, limits, order, ledger)
    means.tell("read the pages")
    colours, blanks, inks = ColourChecks(limits, ledger), BlankChecks(limits, ledger), InkWatch()
    colours.cmyk_intent = limits.pdfx
    version = tuple(int(part) for part in source.pdf.pdf_version.split("."))
    watchers = [
        FaultChecks(limits, ledger), TypeChecks(limits, ledger, version), colours,
        LineChecks(limits, ledger), PictureChecks(limits, ledger), StateChecks(limits, ledger),
        blanks,
    ]  # fmt: skip
    walk = Walk([*watchers, inks] if order.barcode else watchers)
    for page in source.pages:
        walk.page(page)
    barcode = order.barcode
    if barcode is not None:
        there = next((one for one in source.pages if one.number == barcode.page), None)
        if there is None:
            ledger.add("P36", f"there is no page {barcode.page} for the barcode")
        else:
            check_barcode(data, there, barcode, inks, ledger)
    return blanks.blank


def _draw(source: Source, data: bytes, limits: Limits, ledger: Ledger, means: Means) -> set[int]:
    """Have the renderers draw; give the pages that stayed white."""
    tools = find_tools() if means.tools is None else means.tools
    if tools == Tools():
        _not_drawn(ledger, "no renderer is here", INSTALL)
        return set()
    means.tell("draw the pages")
    with on_disk(data) as path:
        others = listen(tools, path, len(source.pages))
        try:
            blank = _plates(path, source.pages, (limits, ledger), tools)
            for name, run in others.items():
                _tell_sayings(name, run.finish(), ledger)
        finally:
            for run in others.values():
                run.close()
    return blank


def _plates(path: Path, pages: list[Page], job: tuple[Limits, Ledger], tools: Tools) -> set[int]:
    limits, ledger = job
    checks = PlateChecks(limits, ledger)
    run = draw_plates(tools, path, len(pages), resolution_for(pages))
    if run is None or run.output is None:
        _plates_missing(ledger, "Ghostscript is not here", INSTALL)
        return set()
    with run:
        drawn = 0
        for page, image in zip(pages, read_images(run.output), strict=False):
            checks.check(page, image)
            drawn += 1
        run.output.close()
        said = run.finish()
    if tools.ghostscript:
        _tell_sayings("Ghostscript", said, ledger)
    if drawn < len(pages):
        reason = f"only {drawn} of {len(pages)} pages could be drawn"
        _plates_missing(ledger, reason, "see what the renderers say")
    return checks.blank


def _tell_sayings(name: str, said: str, ledger: Ledger) -> None:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for line in list(dict.fromkeys(lines))[:MOST_SAYINGS]:
        ledger.add("P34", f"{name}: {line[:200]}")


def _not_drawn(ledger: Ledger, reason: str, remedy: str) -> None:
    _plates_missing(ledger, reason, remedy)
    for check in CHECKS:
        if check.scope is Scope.RENDERERS:
            ledger.skip(check.id, reason, remedy)


def _plates_missing(ledger: Ledger, reason: str, remedy: str) -> None:
    for check in DRAWN:
        ledger.skip(check, reason, remedy)


def _tell_blanks(blank: set[int], count: int, order: Order, ledger: Ledger) -> None:
    """Name blank pages; some in a row are an error, unless the file ends with them."""
    unmeant = sorted(blank - order.blanks)
    for _, group in groupby(enumerate(unmeant), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in group]
        in_a_row = len(numbers) > 1 and numbers[-1] != count
        for number in numbers:
            message = (
                f"it is one of {len(numbers)} blank pages in a row" if in_a_row else "it is blank"
            )
            severity = Severity.ERROR if in_a_row else None
            ledger.add("P33", message, number, severity=severity)


def _compare(data: bytes, twin: bytes, ledger: Ledger) -> None:
    if data == twin:
        return
    pairs = enumerate(zip(data, twin, strict=False))
    at = next((at for at, (one, two) in pairs if one != two), min(len(data), len(twin)))
    ledger.add("P38", f"the two files differ from byte {at:,} on")
