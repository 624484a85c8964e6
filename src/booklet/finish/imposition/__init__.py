"""Imposition: pages on sheets, so that printing, folding and cutting gives a book.

`impose` takes any PDF. Pages meet trim to trim at the fold; nothing is drawn anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from booklet.errors import Findings, Place
from booklet.finish.imposition.marks import cramped
from booklet.finish.imposition.plan import Plan, Ticket, make_plan
from booklet.finish.imposition.report import describe, instruct
from booklet.finish.imposition.schemes import Page

__all__ = ["Imposed", "Page", "Plan", "Ticket", "impose", "instruct"]


@dataclass(frozen=True, slots=True)
class Imposed:
    """Sheets, ready to print.

    Attributes:
        data: The file.
        plan: Which page stands where.
        facts: What came out, as plain values.
    """

    data: bytes
    plan: Plan
    facts: dict[str, Any]


def impose(
    sources: Sequence[bytes | BinaryIO],
    ticket: Ticket,
    place: Place,
    findings: Findings,
    sequence: Sequence[Page] | None = None,
) -> Imposed:
    """Put the pages of one or more files on sheets.

    Args:
        sources: The files, whose pages are numbered on; the first lends title, dates and intents.
        ticket: What is asked for.
        place: The file's name for findings.
        findings: Collects warnings and notes.
        sequence: Pages in reading order with the caller's own blanks, from a caller who knows what
            the files hold; by default all in order, and what is left out is told.

    Raises:
        InputError: A file cannot be read, its pages differ in size, or the sheet is too small.
    """
    from booklet.finish.imposition.incoming import guarded, read_incoming, tell_left_out
    from booklet.finish.imposition.place import place as draw

    with guarded(place, findings):
        files = [read_incoming(source, place, findings) for source in sources]
        boxes = [page.box for file in files for page in file.pages]
        plan = make_plan(boxes, ticket, place, findings, sequence)
        data, marks = draw(files, plan)
    _tell_cramped(plan, place, findings)
    left_out = sum((file.left_out for file in files), Counter())
    if sequence is None:
        tell_left_out(left_out, place, findings)
    facts = describe(plan, marks) | {"left_out": dict(sorted(left_out.items()))}
    return Imposed(data, plan, facts)


def _tell_cramped(plan: Plan, place: Place, findings: Findings) -> None:
    """Tell if a sheet that must be cut has no room to show where."""
    cut = plan.largest.bleed > 0 or plan.ticket.scheme == "cut-stack" or plan.ticket.gang
    margins = cramped(plan.largest)
    if plan.ticket.marks and cut and margins:
        findings.note(
            place, "marks-left-out",
            f"{plan.paper.name} has no room for marks: {', '.join(margins)}", "a larger sheet",
        )  # fmt: skip
