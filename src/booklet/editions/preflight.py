"""What every file for a print shop goes through before it is released."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from booklet.editions.run import Run
from booklet.errors import Diagnostic, Place, Severity
from booklet.model.measures import MM
from booklet.model.press import Press

if TYPE_CHECKING:
    from booklet.finish.preflight import Finding, Means, Order
    from booklet.output.overset import Overset

MEANS: Means | None = None
"""What a run may use; None for all that is here."""

PIXELS = "P20"
FEW = 12
"""Pages that are named one by one."""


def judge(
    run: Run, suffix: str, data: bytes, press: Press, order: Order, overset: Iterable[Overset] = ()
) -> Iterator[Diagnostic]:
    """Hold a file against what its printer asks for.

    Args:
        run: The build.
        suffix: Of the file's name.
        data: The file.
        press: What the printer asks for.
        order: What is known of the job.
        overset: Text that did not fit while the pages were laid out (P35).

    Yields:
        ``preflight`` for each finding, as heavy as the check is for this printer, and
        ``preflight-not-run`` where a renderer is missing.
    """
    from booklet.finish.preflight import BY_ID
    from booklet.output.overset import Fault

    place = Place(run.job.publication.slug + suffix)
    told = any(item.code == "image-resolution" for item in run.findings)
    yield from judge_file(place, data, press, order, run.progress.detail, pixels=not told)
    for text in overset:
        message = f"P35 overset: 「{text.words}」 does not fit: {text.fault}"
        hint = BY_ID["P35"].remedy
        # What sticks out of its line is all there; what is cut is lost.
        severity = Severity.WARNING if text.fault is Fault.LONG else Severity.ERROR
        yield Diagnostic(text.place, severity, "preflight", message, hint)


def judge_file(
    place: Place,
    data: bytes,
    press: Press,
    order: Order,
    tell: Callable[[str], None],
    *,
    pixels: bool = True,
) -> Iterator[Diagnostic]:
    """Hold a file, ours or anybody's, against what a printer asks for.

    Args:
        place: What messages call the file.
        data: The file.
        press: What the printer asks for.
        order: What is known of the job.
        tell: Told of each check.
        pixels: Whether to warn of coarse pictures.

    Yields:
        As `judge`.
    """
    from booklet.finish.preflight import BY_ID, Means, limits_of, preflight

    report = preflight(data, limits_of(press), order, replace(MEANS or Means(), tell=tell))
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for finding in report.findings:
        coarse = finding.check == PIXELS and finding.severity is Severity.WARNING
        if pixels or not coarse:  # those were named with their line in the manuscript
            key = (finding.check, finding.severity, finding.message, finding.object)
            alike.setdefault(key, []).append(finding)
    for group in alike.values():
        yield _diagnostic(place, group, BY_ID[group[0].check].name)
    for check, count in report.more.items():
        message = f"{check} {BY_ID[check].name}: {count} more"
        yield Diagnostic(place, Severity.NOTE, "preflight", message, BY_ID[check].remedy)
    missed = [item for item in report.not_run if item.missed]
    for reason, remedy in dict.fromkeys((item.reason, item.remedy) for item in missed):
        checks = ", ".join(item.check for item in missed if item.reason == reason)
        yield Diagnostic(
            place, Severity.WARNING, "preflight-not-run", f"{checks}: {reason}", remedy
        )


def _diagnostic(place: Place, alike: list[Finding], name: str) -> Diagnostic:
    """Tell a finding, once for all pages that have the same."""
    from booklet.finish.preflight import few_words

    first = alike[0]
    pages = list(dict.fromkeys(finding.page for finding in alike if finding.page))
    where = ""
    if len(pages) == 1:
        where = f", page {pages[0]}" + (f" at {first.spot}" if first.spot else "")
    elif pages:
        more = f" and {len(pages) - FEW} more" if len(pages) > FEW else ""
        where = f", pages {', '.join(map(str, pages[:FEW]))}{more}"
    about = few_words(text for finding in alike for text in finding.words)
    said = " ".join(f"「{text}」" for text in about)
    thing = f" ({': '.join(filter(None, (first.object, said)))})" if first.object or said else ""
    message = f"{first.check} {name}{where}: {first.message}{thing}"
    return Diagnostic(place, first.severity, "preflight", message, first.remedy)


def order_of_pages(run: Run, press: Press, pages: int) -> Order:
    """Describe the job of the interior: its size, its condition, the blanks that are meant."""
    from booklet.finish.preflight import Order

    shown = run.pages
    blanks = {number for number, index in enumerate(shown.interior, 1) if shown.labels[index].blank}
    blanks |= set(range(len(shown.interior) + 1, pages + 1))
    return Order(
        trim=run.job.geometry.trim.points, condition=_condition(press), blanks=frozenset(blanks)
    )


def order_of_cover(run: Run, press: Press, spine: float) -> Order:
    """Describe the job of a cover whose spine is given in millimetres."""
    from booklet.finish.preflight import Barcode, Order

    isbn = run.job.publication.header.isbn
    digits = "".join(char for char in isbn or "" if char.isdigit())
    return Order(
        trim=run.job.geometry.trim.points, condition=_condition(press), spine=spine * MM,
        barcode=Barcode(digits) if digits else None,
    )  # fmt: skip


def _condition(press: Press) -> str:
    return press.condition if press.inking != "srgb" and press.standard != "none" else ""
