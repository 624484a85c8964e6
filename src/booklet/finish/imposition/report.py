"""What came out of an imposition, as values for ``--json`` and as words for the pressroom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from booklet.finish.imposition.plan import Plan
from booklet.finish.imposition.schemes import fold_order
from booklet.model.measures import MM

_OPPOSITE = {"left": "right", "right": "left", "top": "bottom"}


def describe(plan: Plan, marks: frozenset[str]) -> dict[str, Any]:
    """Give the facts of a job as plain values; lengths are millimetres."""
    ticket, block = plan.ticket, plan.largest
    return {
        "scheme": ticket.scheme,
        "binding": ticket.binding,
        "sheet": {
            "name": plan.paper.name,
            "width": _mm(block.paper[0]),
            "height": _mm(block.paper[1]),
        },
        "page": {"width": _mm(plan.page[0]), "height": _mm(plan.page[1])},
        "scale": round(block.scale, 4),
        "bleed": _mm(block.bleed),
        "pages": sum(page is not None for page in plan.sequence),
        "pages_a_side": block.grid.columns * block.grid.rows,
        "columns": block.grid.columns,
        "rows": block.grid.rows,
        "sheets": len(plan.sheets),
        "sides": 2 * len(plan.sheets),
        "blanks": list(plan.blanks),
        "signatures": _signatures(plan) if ticket.scheme in {"saddle", "signatures"} else [],
        "creep": {"layer": _mm(plan.push), "total": _mm(plan.push * plan.layers)},
        "marks": sorted(marks),
        "instructions": list(instruct(plan)),
    }


def _mm(points: float) -> float:
    return round(points / MM, 3)


def _signatures(plan: Plan) -> list[dict[str, int]]:
    ticket = plan.ticket
    size = ticket.signature if ticket.scheme == "signatures" else len(plan.sequence)
    return [
        {
            "number": number,
            "sheets": sum(sheet.signature == number for sheet in plan.sheets),
            "first": start + 1,
            "last": min(start + size, len(plan.sequence)),
        }
        for number, start in enumerate(range(0, len(plan.sequence), size), 1)
    ]


def instruct(plan: Plan) -> Iterator[str]:
    """Say what the hands have to do, one step a sentence."""
    ticket, block = plan.ticket, plan.largest
    edge = "short" if block.paper[0] >= block.paper[1] else "long"
    count = len(plan.sheets)
    yield (
        f"Print {count} {_plural('sheet', count)} of {plan.paper.name} on both sides, "
        f"turned on the {edge} edge, at 100 %."
    )
    match ticket.scheme:
        case "saddle":
            yield from _fold(plan, "the pile")
            yield "Staple twice through the fold."
        case "signatures":
            number = len(_signatures(plan))
            yield f"Part the sheets into {number} {_plural('signature', number)}."
            yield from _fold(plan, "each signature")
            yield "Gather the signatures: the marks on the spine go down like steps. Sew them."
        case "cut-stack":
            yield "Cut the whole pile along the marks."
            yield (
                "Pile the stacks up: the one at the top "
                f"{'right' if ticket.binding == 'right' else 'left'} goes on top, then row by row."
            )
        case "n-up":
            if ticket.gang:
                copies = block.grid.columns * block.grid.rows
                yield f"Cut along the marks: every stack is a copy, {copies} in all."
    if block.bleed and ticket.scheme != "n-up":
        yield "Trim along the crop marks."


def _fold(plan: Plan, pile: str) -> Iterator[str]:
    kinds = sorted({len(sheet.front.slots) for sheet in plan.sheets}, reverse=True)
    if kinds == [2]:
        yield f"Keep the order; fold {pile} in the middle, the first page outside."
        return
    for up in kinds:
        halves = ", then the ".join(
            f"{half} half over the {_OPPOSITE[half]}"
            for half in fold_order(up, plan.ticket.binding)
        )
        which = f"each sheet of {up} pages a side" if len(kinds) > 1 else "each sheet"
        yield f"Lay {which} with its lowest page face down; fold the {halves}."
    yield "Nest the folded sheets, sheet 1 outermost."


def _plural(word: str, count: int) -> str:
    return word if count == 1 else word + "s"
