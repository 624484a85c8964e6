"""From a job ticket and the sizes of the pages to sheets: everything but the drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from booklet.errors import Findings, InputError, Place
from booklet.finish.imposition.boxes import PageBox
from booklet.finish.imposition.schemes import (
    SHAPES,
    Grid,
    Page,
    Sheet,
    cut_grid,
    cut_stack,
    fill,
    gang_up,
    multiple_of,
    n_up,
    saddle,
    signatures,
)
from booklet.finish.imposition.sheets import (
    Block,
    Size,
    choose_sheet,
    lay_out,
    millimetres,
    orient,
    room,
    size_of,
)
from booklet.model.imposition import Binding, Scheme
from booklet.model.measures import MM, TrimSize

SAME_SIZE = 1.0
"""Points by which pages of one job may differ: 0.35 mm, the rounding of careless programs."""

STAPLED_SHEETS = 20
"""Sheets of 80 g/m² that a stapler for booklets takes."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A job ticket: what is asked for.

    Attributes:
        sheet: The paper; None takes the smallest of the trade that is large enough.
        signature: Pages in a full signature, a multiple of 4.
        up: Pages on one side of a sheet.
        shape: Columns and rows, where the scheme cuts; None takes those that fit best.
        gang: Repeat each page over its side.
        fit: Scale down what is too large.
        last_back: The last page is the back cover; blanks stand before it.
        caliper: Thickness of one sheet in millimetres; 0 leaves creep alone.
        creep: Millimetres from the outermost to the innermost leaf, instead of the caliper.
    """

    scheme: Scheme = "saddle"
    sheet: TrimSize | None = None
    signature: int = 16
    binding: Binding = "left"
    up: int = 2
    shape: tuple[int, int] | None = None
    gang: bool = False
    fit: bool = False
    marks: bool = True
    last_back: bool = False
    caliper: float = 0.0
    creep: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The sheets of a job, laid out.

    Attributes:
        ticket: What was asked for.
        sequence: The pages in reading order, with blanks.
        sheets: Outermost or topmost first.
        blocks: Where the slots of each kind of sheet lie.
        paper: The sheet, upright.
        page: Trimmed size of a page in the file, in points.
        push: Points that each layer of paper pushes the leaves within it outwards.
    """

    ticket: Ticket
    sequence: tuple[Page, ...]
    sheets: tuple[Sheet, ...]
    blocks: dict[Grid, Block]
    paper: TrimSize
    page: Size
    push: float

    @property
    def blanks(self) -> tuple[int, ...]:
        """Places of the blanks in the finished book, from 1."""
        return tuple(at for at, page in enumerate(self.sequence, 1) if page is None)

    @property
    def largest(self) -> Block:
        """The block of the first sheet; all others are as large or smaller."""
        return self.blocks[self.sheets[0].grid]

    @property
    def layers(self) -> int:
        """Leaves of paper around the innermost one."""
        return _layers(self.sheets)


def make_plan(
    pages: Sequence[PageBox],
    ticket: Ticket,
    place: Place,
    findings: Findings,
    sequence: Sequence[Page] | None = None,
) -> Plan:
    """Work out the sheets of a job.

    Args:
        pages: The boxes of each page of the file.
        ticket: What is asked for.
        place: Where findings are told.
        findings: Collects warnings.
        sequence: Pages in reading order with blanks of the caller's own, from 1; by default the
            file's pages, filled up as the ticket says.

    Raises:
        InputError: The pages differ in size, or the sheet is too small.
    """
    size = _one_size(pages, ticket, place, findings)
    bleed = max(page.bleed for page in pages)
    shape = _shape(ticket, size, bleed)
    sequence = _fill(sequence, len(pages), ticket, shape)
    sheets = _sheets(sequence, ticket, shape)
    grids = list(dict.fromkeys(sheet.grid for sheet in sheets))
    largest = max((size_of(grid, size, bleed) for grid in grids), key=lambda s: s[0] * s[1])
    paper = ticket.sheet or choose_sheet(largest, bleed) or choose_sheet(largest, 0)
    scale = 1.0 if paper is None else min(1.0, room(orient(paper, largest), largest))
    if paper is None or (scale < 1 and not ticket.fit):
        raise _too_small(largest, bleed, paper, place, findings)
    lying = orient(paper, largest)
    blocks = {grid: lay_out(grid, size, bleed, lying, scale) for grid in grids}
    _tell_thick(sheets, ticket, place, findings)
    return Plan(ticket, tuple(sequence), sheets, blocks, paper, size, _push(ticket, sheets))


def _one_size(pages: Sequence[PageBox], ticket: Ticket, place: Place, findings: Findings) -> Size:
    """Find the size that most pages have; the others must have it too, or be scaled."""
    rounded = Counter((round(w, 1), round(h, 1)) for w, h in (page.size for page in pages))
    common = rounded.most_common(1)[0][0]
    size = next(
        page.size for page in pages if (round(page.size[0], 1), round(page.size[1], 1)) == common
    )
    others = [
        number
        for number, page in enumerate(pages, 1)
        if max(abs(page.size[0] - size[0]), abs(page.size[1] - size[1])) > SAME_SIZE
    ]
    if others:
        first = pages[others[0] - 1].size
        message = (
            f"most pages measure {millimetres(size)} mm, page {others[0]} {millimetres(first)}"
        )
        if others[1:]:
            message += f", and {len(others) - 1} more differ"
        if not ticket.fit:
            findings.error(
                place, "page-sizes", message, "booklet impose --fit scales them down, in the middle"
            )
            msg = "no sheets were made"
            raise InputError(msg, findings)
        findings.warning(place, "page-sizes", message, "they were scaled down, in the middle")
    return size


def _shape(ticket: Ticket, page: Size, bleed: float) -> tuple[int, int]:
    """Choose columns and rows: those for which the pages come out largest."""
    if ticket.scheme in {"saddle", "signatures"}:
        return ticket.up, 1  # folded sheets have shapes of their own
    if ticket.shape is not None:
        return ticket.shape

    def largeness(shape: tuple[int, int]) -> float:
        wanted = size_of(cut_grid(*shape), page, bleed)
        paper = ticket.sheet or choose_sheet(wanted, bleed)
        if paper is not None:
            # A free choice of paper goes to the smallest; there more room is no advantage.
            area = paper.width * paper.height if ticket.sheet is None else 1.0
            return min(1.0, room(orient(paper, wanted), wanted)) / area
        return 0.0

    return max(SHAPES[ticket.up], key=largeness)


def _fill(
    sequence: Sequence[Page] | None, count: int, ticket: Ticket, shape: tuple[int, int]
) -> Sequence[Page]:
    multiple = multiple_of(ticket.scheme, shape[0] * shape[1], gang=ticket.gang)
    if sequence is None:
        return fill(count, multiple, last_back=ticket.last_back)
    return (*sequence, *(None,) * (-len(sequence) % multiple))


def _sheets(sequence: Sequence[Page], ticket: Ticket, shape: tuple[int, int]) -> tuple[Sheet, ...]:
    match ticket.scheme:
        case "saddle":
            return saddle(sequence, ticket.binding, ticket.up)
        case "signatures":
            return signatures(sequence, ticket.signature, ticket.binding, ticket.up)
        case "cut-stack":
            return cut_stack(sequence, shape, ticket.binding)
        case "n-up":
            set_up = gang_up if ticket.gang else n_up
            return set_up(sequence, shape, ticket.binding)


def _layers(sheets: Sequence[Sheet]) -> int:
    """Count the leaves of paper around the innermost one."""
    return max((slot.layer for sheet in sheets for slot in sheet.front.slots), default=0)


def _push(ticket: Ticket, sheets: Sequence[Sheet]) -> float:
    if ticket.creep is not None:
        return ticket.creep * MM / max(1, _layers(sheets))
    return ticket.caliper * MM


def _too_small(
    wanted: Size, bleed: float, paper: TrimSize | None, place: Place, findings: Findings
) -> InputError:
    needed = f"the pages of a side need {millimetres(wanted)} mm"
    if bleed:
        needed += f", with bleed {millimetres(wanted, bleed)} mm"
    if paper is None:
        message, hint = (
            f"{needed}; no sheet of the trade is so large",
            "name one by its measure: 900x1300mm",
        )
    else:
        share = 100 * room(orient(paper, wanted), wanted)
        enough = choose_sheet(wanted, 0)
        message = f"{needed}; {paper.name} has {paper.millimetres} mm"
        hint = f"the sheet {enough.name} takes them; " if enough else ""
        hint += f"booklet impose --fit scales them to {share:.0f} %"
    findings.error(place, "sheet-small", message, hint)
    return InputError("no sheets were made", findings)


def _tell_thick(sheets: Sequence[Sheet], ticket: Ticket, place: Place, findings: Findings) -> None:
    if ticket.scheme != "saddle":
        return
    layers = _layers(sheets) + 1
    if layers > STAPLED_SHEETS:
        findings.note(
            place, "sheets-thick",
            f"{layers} folded layers are more than a stapler takes (about {STAPLED_SHEETS})",
            "sew signatures instead: the scheme signatures",
        )  # fmt: skip
