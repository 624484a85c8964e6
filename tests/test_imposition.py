"""Imposition as arithmetic: a binder who gets the sheets reads 1 … n, and blanks where told."""

from __future__ import annotations

from itertools import chain, groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.binder import NOTHING, PrintedSheet, Side, cut, fold_down, nest, read

from booklet.errors import Findings, InputError, Place
from booklet.finish.imposition import Plan, Ticket, instruct, schemes
from booklet.finish.imposition.boxes import PageBox
from booklet.finish.imposition.lettering import HEIGHT, strokes, width_of
from booklet.finish.imposition.marks import Marks, label, mark
from booklet.finish.imposition.plan import make_plan
from booklet.finish.imposition.schemes import Sheet, fill, fold_order
from booklet.finish.imposition.sheets import Rect
from booklet.model.imposition import SHEETS, Binding, Scheme, parse_caliper, parse_sheet
from booklet.model.measures import MM, TRIM_SIZES

A5 = (148.0, 210.0)
LARGE = parse_sheet("SRA2")
COUNTS = st.integers(1, 200)
BINDINGS = st.sampled_from(["left", "right"])
FOLDED = st.sampled_from([2, 4, 8])
CELLS = st.sampled_from([1, 2, 4, 6, 8, 9, 16])


def page_box(size: tuple[float, float] = A5, bleed: float = 0) -> PageBox:
    trim = Rect(0, 0, size[0] * MM, size[1] * MM)
    return PageBox(trim, trim.grown(*(bleed * MM,) * 4), 0, 1.0)


def plan(
    count: int,
    scheme: Scheme,
    *,
    bleed: float = 0,
    size: tuple[float, float] = A5,
    **wishes: object,
) -> Plan:
    """Plan a job of equal pages without a finding."""
    findings = Findings()
    ticket = Ticket(scheme, **wishes)  # type: ignore[arg-type]
    made = make_plan([page_box(size, bleed)] * count, ticket, Place("a.pdf"), findings)
    assert [str(item) for item in findings if item.code != "sheets-thick"] == []
    return made


def side(sheet: Sheet, which: schemes.Side) -> Side:
    """Print a side: what stands in each part of it."""
    grid = sheet.grid
    parts: Side = [[NOTHING] * grid.columns for _ in range(grid.rows)]
    for slot in which.slots:
        parts[slot.row][slot.column] = (slot.page, slot.turned)
    return parts


def printed(sheet: Sheet) -> PrintedSheet:
    return PrintedSheet(side(sheet, sheet.front), side(sheet, sheet.back))


def bound(sheets: tuple[Sheet, ...], binding: Binding) -> list[object]:
    """Fold, nest and gather."""
    book = []
    for _, section in groupby(sheets, key=lambda sheet: sheet.signature):
        heaps = [
            fold_down(printed(sheet), fold_order(len(sheet.front.slots), binding))
            for sheet in section
        ]
        book += nest(heaps)
    return read(book)


# ---- reading order -----------------------------------------------------------------------------


@given(COUNTS, BINDINGS, FOLDED, st.booleans())
def test_stapled_sheets_read_on(count: int, binding: Binding, up: int, last_back: bool) -> None:
    pages = fill(count, 4, last_back=last_back)
    assert bound(schemes.saddle(pages, binding, up), binding) == list(pages)


@given(COUNTS, st.integers(1, 16).map(lambda n: 4 * n), BINDINGS, FOLDED)
def test_sewn_signatures_read_on(count: int, size: int, binding: Binding, up: int) -> None:
    pages = fill(count, 4)
    sheets = schemes.signatures(pages, size, binding, up)
    assert bound(sheets, binding) == list(pages)
    sizes = [
        sum(2 * len(sheet.front.slots) for sheet in section)
        for _, section in groupby(sheets, key=lambda sheet: sheet.signature)
    ]
    assert sizes[:-1] == [size] * (len(sizes) - 1)
    assert 4 <= sizes[-1] <= size
    assert sum(sizes) == count + -count % 4  # no signature is filled up beyond its last sheet


@given(COUNTS, CELLS, BINDINGS, st.booleans())
def test_cut_stacks_read_on(count: int, cells: int, binding: Binding, last_back: bool) -> None:
    pages = fill(count, 2 * cells, last_back=last_back)
    for shape in schemes.SHAPES[cells]:
        sheets = schemes.cut_stack(pages, shape, binding)
        stacks = cut([printed(sheet) for sheet in sheets], from_right=binding == "right")
        assert read(chain.from_iterable(stacks)) == list(pages)
        assert 2 * cells * len(sheets) == len(pages) < count + 2 * cells


@given(COUNTS, CELLS, BINDINGS)
def test_n_up_sides_read_on(count: int, cells: int, binding: Binding) -> None:
    pages = fill(count, cells)
    for shape in schemes.SHAPES[cells]:
        seen: list[object] = []
        for sheet in schemes.n_up(pages, shape, binding):
            for parts in (printed(sheet).front, printed(sheet).back):
                rows = [row if binding == "left" else row[::-1] for row in parts]
                seen += [page for row in rows for page, _ in row]
        assert seen[: len(pages)] == list(pages)
        assert set(seen[len(pages) :]) <= {None}


@given(COUNTS, CELLS, BINDINGS)
def test_every_stack_of_a_gang_is_a_copy(count: int, cells: int, binding: Binding) -> None:
    for shape in schemes.SHAPES[cells]:
        sheets = schemes.gang_up(range(1, count + 1), shape, binding)
        stacks = cut([printed(sheet) for sheet in sheets], from_right=binding == "right")
        assert len(stacks) == cells
        for stack in stacks:
            assert read(stack)[:count] == list(range(1, count + 1))


def test_known_sheets() -> None:
    outer, inner = schemes.saddle(fill(8, 4))
    assert [slot.page for slot in outer.front.slots] == [8, 1]
    assert [slot.page for slot in outer.back.slots] == [2, 7]
    assert [slot.page for slot in inner.front.slots] == [6, 3]
    right, _ = schemes.saddle(fill(8, 4), "right")
    assert [slot.page for slot in right.front.slots] == [1, 8]
    # 16 pages on one sheet, as printers have laid them for centuries: heads together.
    (whole,) = schemes.signatures(fill(16, 4), 16, "left", 8)
    assert [slot.page for slot in whole.front.slots] == [5, 12, 9, 8, 4, 13, 16, 1]
    assert [slot.page for slot in whole.back.slots] == [7, 10, 11, 6, 2, 15, 14, 3]


def test_24_pages_are_a_signature_of_16_and_one_of_8() -> None:
    made = plan(24, "signatures", signature=16)
    assert [sheet.signature for sheet in made.sheets] == [1] * 4 + [2] * 2
    assert made.blanks == ()


@pytest.mark.parametrize(
    ("last_back", "expected"), [(False, (11, 12)), (True, (10, 11))], ids=["end", "before the back"]
)
def test_blanks_stand_where_the_ticket_says(last_back: bool, expected: tuple[int, ...]) -> None:
    made = plan(10, "saddle", last_back=last_back)
    assert made.blanks == expected
    outer = made.sheets[0].front.slots
    assert outer[0].page == (10 if last_back else None)


# ---- geometry ----------------------------------------------------------------------------------


@given(COUNTS, BINDINGS, FOLDED, st.sampled_from([0, 3.0]))
def test_pages_meet_at_the_spine_and_nowhere_else(
    count: int, binding: Binding, up: int, bleed: float
) -> None:
    made = plan(count, "signatures", bleed=bleed, binding=binding, up=up, sheet=LARGE)
    for sheet in made.sheets:
        block = made.blocks[sheet.grid]
        for sides in (sheet.front, sheet.back):
            for one, two in pairwise(sides.slots):
                if one.row != two.row:
                    continue
                gap = block.cell(two).left - block.cell(one).right
                if one.spine == "right" and two.spine == "left":
                    assert gap == pytest.approx(0, abs=0.001)
                    assert block.window(one).right == pytest.approx(block.window(two).left)
                else:
                    assert gap >= 6 * MM - 0.001
                    assert block.window(one).right <= block.window(two).left + 0.001


@given(COUNTS, FOLDED)
def test_leaves_are_pushed_out_by_the_leaves_around_them(count: int, up: int) -> None:
    made = plan(count, "saddle", up=up, caliper=0.1, sheet=LARGE)
    total = len(made.sequence)
    layers: dict[int, list[int | None]] = {}
    for sheet in made.sheets:
        for slot in (*sheet.front.slots, *sheet.back.slots):
            layers.setdefault(slot.layer, []).append(slot.page)
    assert sorted(layers) == list(range(total // 4))
    for layer, pages in layers.items():
        first, last = 2 * layer + 1, total - 2 * layer
        expected = {first, first + 1, last - 1, last}
        assert {page for page in pages if page} <= expected
    assert made.push == pytest.approx(0.1 * MM)


def test_creep_may_be_given_as_a_whole() -> None:
    made = plan(40, "saddle", creep=0.9)
    assert made.layers == 9
    assert made.push * made.layers == pytest.approx(0.9 * MM)


@pytest.mark.parametrize(
    ("trim", "bleed", "expected"),
    [("A5", 0, "A4"), ("大32开", 0, "A4"), ("A4", 0, "A3"), ("A5", 3, "SRA4"), ("A4", 3, "SRA3"),
     ("16开", 0, "A3"), ("A6", 3, "A4")],
)  # fmt: skip
def test_the_smallest_sheet_of_the_trade_is_taken(trim: str, bleed: float, expected: str) -> None:
    made = plan(8, "saddle", size=TRIM_SIZES[trim], bleed=bleed)
    assert made.paper.name == expected
    assert made.largest.scale == 1


@given(
    CELLS, st.sampled_from(["A6", "A5", "大32开", "24开", "A4"]), st.sampled_from(sorted(SHEETS))
)
def test_the_better_orientation_is_chosen(cells: int, trim: str, sheet: str) -> None:
    size, paper = TRIM_SIZES[trim], parse_sheet(sheet)
    made = plan(cells, "n-up", up=cells, size=size, sheet=paper, fit=True)
    block = made.largest
    assert sorted(block.paper) == pytest.approx(sorted(paper.points))
    assert block.trim.left >= -0.3
    assert block.trim.bottom >= -0.3
    possible = [
        min(1, wide / (columns * size[0]), high / (rows * size[1]))
        for columns, rows in schemes.SHAPES[cells]
        for wide, high in [(paper.width, paper.height), (paper.height, paper.width)]
    ]
    assert block.scale == pytest.approx(max(possible), abs=0.003)


def test_a_sheet_that_is_too_small_is_refused_with_the_size_that_is_needed() -> None:
    findings = Findings()
    ticket = Ticket(sheet=parse_sheet("A5"))
    with pytest.raises(InputError) as caught:
        make_plan([page_box(bleed=3)] * 8, ticket, Place("a.pdf"), findings)
    (found,) = caught.value.diagnostics
    assert found.code == "sheet-small"
    assert "296×210 mm" in found.message
    assert "302×216 mm" in found.message
    assert "A4" in found.hint
    assert "71 %" in found.hint


def test_pages_of_two_sizes_are_refused_or_scaled() -> None:
    boxes = [page_box(), page_box(), page_box((150, 212)), page_box(TRIM_SIZES["A4"])]
    findings = Findings()
    with pytest.raises(InputError) as caught:
        make_plan(boxes, Ticket(), Place("a.pdf"), findings)
    (found,) = caught.value.diagnostics
    assert found.code == "page-sizes"
    assert "148×210 mm, page 3 150×212, and 1 more" in found.message
    findings = Findings()
    make_plan(boxes, Ticket(fit=True), Place("a.pdf"), findings)
    assert [(item.code, item.severity) for item in findings] == [("page-sizes", "warning")]


def test_too_many_sheets_for_a_stapler_are_told() -> None:
    findings = Findings()
    make_plan([page_box()] * 84, Ticket(), Place("a.pdf"), findings)
    assert [(item.code, item.severity) for item in findings] == [("sheets-thick", "note")]


# ---- marks -------------------------------------------------------------------------------------


def points(marks: Marks) -> list[tuple[float, float]]:
    """Every point of the marks that are cut off."""
    return [point for line in (*marks.crops, *marks.folds, *marks.strokes) for point in line]


@pytest.mark.parametrize("scheme", ["saddle", "signatures", "cut-stack", "n-up"])
@pytest.mark.parametrize("up", [2, 4, 8])
@given(bleed=st.sampled_from([0, 3.0, 5.0]), binding=BINDINGS)
def test_marks_stand_outside_the_bleed_and_on_the_paper(
    scheme: Scheme, up: int, bleed: float, binding: Binding
) -> None:
    paper = parse_sheet("500x700mm")
    made = plan(36, scheme, up=up, bleed=bleed, sheet=paper, binding=binding)
    for sheet in made.sheets:
        block = made.blocks[sheet.grid]
        for front in (True, False):
            marks = mark(sheet, block, scheme, front=front)
            bled, paper_area = block.bled.grown(*(0.9 * MM,) * 4), block.sheet
            for x, y in points(marks):
                assert not (bled.left < x < bled.right and bled.bottom < y < bled.top)
                assert paper_area.left <= x <= paper_area.right
                assert paper_area.bottom <= y <= paper_area.top
            assert {"crop", "sheet number"} <= set(marks.kinds)
            assert ("fold" in marks.kinds) == (scheme in {"saddle", "signatures"})


def test_marks_without_room_are_left_out() -> None:
    made = plan(8, "saddle", sheet=parse_sheet("A4"))
    assert mark(made.sheets[0], made.largest, "saddle", front=True) == Marks()
    made = plan(8, "saddle", size=TRIM_SIZES["大32开"], sheet=parse_sheet("A4"))
    marks = mark(made.sheets[0], made.largest, "saddle", front=True)
    assert marks.kinds == ("crop", "fold", "sheet number")
    # Dashed in the middle of the sheet, above and below.
    assert [line[0][0] for line in marks.folds] == pytest.approx([297 / 2 * MM] * 2)


@given(st.integers(1, 400), st.sampled_from([2, 4, 8]), BINDINGS)
def test_collation_marks_go_down_the_spine_like_steps(
    count: int, up: int, binding: Binding
) -> None:
    made = plan(count, "signatures", up=up, signature=16, binding=binding, sheet=LARGE)
    steps = []
    for sheet in made.sheets:
        block = made.blocks[sheet.grid]
        assert mark(sheet, block, "signatures", front=False).step is None
        step = mark(sheet, block, "signatures", front=True).step
        assert (step is None) == (sheet.place > 1)
        if step is not None:
            steps.append((block.rows[-1][1] - step.top, sheet, block))
            # On the fold between the first page of the signature and the last.
            spine = (step.left + step.right) / 2
            ends = [slot for slot in sheet.front.slots if slot.layer == 0]
            assert {
                round(block.cell(s).left if s.spine == "left" else block.cell(s).right, 3)
                for s in ends
            } == {round(spine, 3)}
    falls = [after - before for (before, *_), (after, *_) in pairwise(steps)]
    assert all(fall == pytest.approx(5 * MM) or fall < 0 for fall in falls)  # below: from the top
    assert all(14 < step[0] / MM < 196 for step in steps)


def test_the_slug_names_signature_sheet_and_side() -> None:
    made = plan(24, "signatures")
    assert label(made.sheets[4], "signatures", front=True) == "SIGNATURE 2  SHEET 1/2 FRONT"
    assert label(made.sheets[1], "saddle", front=False) == "SHEET 2/4 BACK"


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-. ", min_size=1, max_size=20))
def test_letters_stay_within_their_lines(text: str) -> None:
    drawn = [point for stroke in strokes(text, (10, 20), HEIGHT) for point in stroke]
    assert all(10 <= x <= 10 + width_of(text, HEIGHT) + 1e-6 for x, _ in drawn)
    assert all(20 <= y <= 20 + HEIGHT for _, y in drawn)
    assert all(any(strokes(letter, (0, 0), 1)) for letter in text if letter != " ")


# ---- words -------------------------------------------------------------------------------------


def test_the_instructions_say_how_to_turn_fold_and_pile() -> None:
    words = " ".join(instruct(plan(24, "saddle")))
    assert "6 sheets of A4 on both sides, turned on the short edge" in words
    assert "fold the pile in the middle" in words
    words = " ".join(instruct(plan(24, "signatures", up=8, sheet=LARGE, bleed=3)))
    assert "of 8 pages a side" in words
    assert "the right half over the left, then the top half over the bottom, then the left" in words
    assert "Trim" in words
    words = " ".join(
        instruct(plan(24, "cut-stack", up=4, binding="right", sheet=parse_sheet("A3")))
    )
    assert "top right goes on top" in words


def test_sheets_and_calipers_are_read() -> None:
    assert parse_sheet("sra3").points == pytest.approx((320 * MM, 450 * MM))
    assert parse_sheet("320x450mm").millimetres == "320×450"
    assert parse_caliper("0.1mm") == pytest.approx(0.1)
    for wrong in ("A99", "3x4mm", ""):
        with pytest.raises(ValueError, match="sheet size"):
            parse_sheet(wrong)
    with pytest.raises(ValueError, match="thicker"):
        parse_caliper("2mm")
