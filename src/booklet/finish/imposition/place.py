"""Draw the sheets: each page one form, clipped to its window, and the marks around."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, StreamDecodeLevel

from booklet.finish.imposition.boxes import Matrix
from booklet.finish.imposition.incoming import Incoming, IncomingPage
from booklet.finish.imposition.marks import HAIRLINE, Line, Marks, mark
from booklet.finish.imposition.metadata import carry_metadata
from booklet.finish.imposition.plan import SAME_SIZE, Plan
from booklet.finish.imposition.schemes import Sheet, Side, Slot
from booklet.finish.imposition.sheets import Block

VERSIONS = {"1.3", "1.4", "1.5", "1.6", "1.7", "2.0"}

PEN = 0.4
"""Points; the width of the letters of the slug, which are two millimetres high."""


def place(sources: Sequence[Incoming], plan: Plan) -> tuple[bytes, frozenset[str]]:
    """Draw the sheets of a plan.

    Args:
        sources: The files whose pages the plan numbers; the first lends metadata and intents.
        plan: The sheets.

    Returns:
        The file, and the kinds of marks that the paper had room for.
    """
    return _Placer(sources, plan).draw()


class _Placer:
    def __init__(self, sources: Sequence[Incoming], plan: Plan) -> None:
        self._first, self._plan = sources[0], plan
        self._pages = [page for source in sources for page in source.pages]
        self._out = pikepdf.new()
        self._forms: dict[int, pikepdf.Object] = {}
        self._press = self._first.press
        self._inks = self._make_inks()
        self._kinds: set[str] = set()

    def draw(self) -> tuple[bytes, frozenset[str]]:
        plan, out = self._plan, self._out
        for sheet in plan.sheets:
            block = plan.blocks[sheet.grid]
            for side in (sheet.front, sheet.back):
                self._draw_side(sheet, side, block)
        carry_metadata(self._first.pdf, out, repr(plan.ticket))
        self._prefer(plan.largest)
        version = self._first.pdf.pdf_version
        target = io.BytesIO()
        out.save(
            target, force_version=version if version in VERSIONS else "1.7", deterministic_id=True,
            fix_metadata_version=False, object_stream_mode=ObjectStreamMode.generate,
            # What came packed stays packed as it was: nothing more is unpacked than was checked.
            stream_decode_level=StreamDecodeLevel.none,
        )  # fmt: skip
        return target.getvalue(), frozenset(self._kinds)

    def _draw_side(self, sheet: Sheet, side: Side, block: Block) -> None:
        out, drawn = self._out, Dictionary()
        content: list[str] = []
        for slot in side.slots:
            if slot.page is not None:
                name = f"/P{slot.page}"
                drawn[name] = self._form(slot.page)
                content.append(self._page(slot, block, name))
        resources = Dictionary(XObject=drawn) if len(drawn) else Dictionary()
        if self._plan.ticket.marks:
            marks = mark(sheet, block, self._plan.ticket.scheme, front=side is sheet.front)
            self._kinds.update(marks.kinds)
            content.extend(self._marks(marks))
            if self._press:
                resources.ColorSpace = Dictionary(All=self._inks)
        page = Dictionary(
            Type=Name.Page,
            MediaBox=_array(block.sheet.corners),
            BleedBox=_array(block.bled.corners),
            TrimBox=_array(block.trim.within(block.sheet).corners),
            Resources=resources,
            Contents=out.make_stream("\n".join(content or ["q Q"]).encode("ascii")),
        )
        out.pages.append(pikepdf.Page(out.make_indirect(page)))

    def _form(self, number: int) -> pikepdf.Object:
        if number not in self._forms:
            self._forms[number] = self._out.copy_foreign(self._pages[number - 1].form)
        return self._forms[number]

    def _page(self, slot: Slot, block: Block, name: str) -> str:
        window = block.window(slot)
        clip = _numbers((window.left, window.bottom, window.width, window.height))
        matrix = _numbers(self._matrix(self._pages[(slot.page or 1) - 1], slot, block))
        return f"q {clip} re W n {matrix} cm {name} Do Q"

    def _matrix(self, page: IncomingPage, slot: Slot, block: Block) -> Matrix:
        """Map the content of a page to its slot: size, creep, spine to spine, and head down."""
        cell = block.cell(slot)
        width, height = page.box.size
        wanted = self._plan.page
        differs = max(abs(width - wanted[0]), abs(height - wanted[1])) > SAME_SIZE
        fit = min(1.0, wanted[0] / width, wanted[1] / height) if differs else 1.0
        scale = block.scale * fit
        width, height = scale * width, scale * height
        if differs:
            left = (cell.left + cell.right - width) / 2
        else:
            left = cell.left if slot.spine == "left" else cell.right - width
        bottom = (cell.bottom + cell.top - height) / 2
        shift = slot.layer * self._plan.push
        left += -shift if slot.spine == "left" else shift
        a, b, c, d, e, f = (scale * part for part in page.box.upright())
        if slot.turned:
            return -a, -b, -c, -d, left + width - e, bottom + height - f
        return a, b, c, d, left + e, bottom + f

    # ---- marks ---------------------------------------------------------------------------------

    def _make_inks(self) -> pikepdf.Object:
        """Make the colour of registration: full on every plate (ISO 32000-1, 8.6.6.4)."""
        tint = Dictionary(
            FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0, 0]), C1=Array([1, 1, 1, 1]),
            N=1,
        )  # fmt: skip
        return self._out.make_indirect(Array([Name.Separation, Name.All, Name.DeviceCMYK, tint]))

    def _marks(self, marks: Marks) -> Iterator[str]:
        if not marks.kinds:
            return
        yield "q /All CS 1 SCN" if self._press else "q 0 G"
        yield f"{HAIRLINE} w"
        yield from _lines(marks.crops)
        if marks.folds:
            yield "[3 2] 0 d"
            yield from _lines(marks.folds)
            yield "[] 0 d"
        if marks.strokes:
            yield f"{PEN} w 1 J 1 j"
            yield from map(_letter, marks.strokes)
        if marks.step is not None:
            # In black alone: it lies within the trim, where four full inks would not dry.
            box = marks.step
            yield "0 0 0 1 k" if self._press else "0 g"
            yield f"{_numbers((box.left, box.bottom, box.width, box.height))} re f"
        yield "Q"

    def _prefer(self, block: Block) -> None:
        """Ask the print dialogue for true size and for both sides, turned sideways."""
        lying = block.paper[0] >= block.paper[1]
        self._out.Root.ViewerPreferences = Dictionary(
            PrintScaling=Name("/None"),
            Duplex=Name.DuplexFlipShortEdge if lying else Name.DuplexFlipLongEdge,
        )


def _lines(lines: Iterable[Line]) -> Iterator[str]:
    return (_path(line) for line in lines)


def _path(points: Iterable[tuple[float, float]]) -> str:
    (x, y), *rest = points
    return " ".join([f"{_numbers((x, y))} m", *(f"{_numbers(point)} l" for point in rest), "S"])


def _letter(points: Iterable[tuple[float, float]]) -> str:
    """Draw a stroke of a letter, to a hundredth of a point."""
    (x, y), *rest = points
    return f"{x:.2f} {y:.2f} m " + "".join(f"{x:.2f} {y:.2f} l " for x, y in rest) + "S"


def _array(numbers: Iterable[float]) -> Array:
    return Array([round(number, 5) for number in numbers])


def _numbers(numbers: Iterable[float]) -> str:
    """Write numbers without exponents; a scale needs more digits than a place."""
    return " ".join(f"{number:.7f}".rstrip("0").rstrip(".") for number in numbers)
