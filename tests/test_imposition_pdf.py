"""Sheets read back from the finished PDF: what stands where, boxes, marks, colours, metadata."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Name
from tests.binder import NOTHING, PrintedSheet, Side, cut, fold_down, nest, read
from tests.numbered import PLAIN, Make, Word, numbered, saved, words

from booklet.errors import Findings, Place
from booklet.finish.imposition import Imposed, Ticket, impose
from booklet.finish.imposition.boxes import Matrix
from booklet.finish.imposition.schemes import fold_order
from booklet.model.imposition import Scheme, parse_sheet
from booklet.model.measures import MM

LARGE = parse_sheet("SRA2")
BLED = Make(bleed=3, slug=5)
STRANGE = [
    Make(),
    Make(origin=(-20.5, 300)),
    Make(bleed=3, slug=6, origin=(-8.5, -8.5)),
    Make(rotate=90),
    Make(rotate=180, bleed=3, origin=(7, 11)),
    Make(rotate=270, unit=2, bleed=3),
    Make(unit=0.5),
]


def sheets(count: int, make: Make = PLAIN, **wishes: Any) -> Imposed:
    """Impose numbered pages; nothing is wrong with them."""
    findings = Findings()
    made = impose([numbered(count, make)], Ticket(**wishes), Place("a.pdf"), findings)
    assert [str(item) for item in findings if item.severity != "note"] == []
    return made


def side_of(found: list[Word], trim: list[float], columns: int, rows: int) -> Side:
    """Tell what is printed in each part of a side, by where it stands."""
    parts: Side = [[NOTHING] * columns for _ in range(rows)]
    left, bottom, right, top = trim
    for word in found:
        column = int((word.x - left) / (right - left) * columns)
        row = int((top - word.y) / (top - bottom) * rows)
        assert parts[row][column] == NOTHING
        parts[row][column] = (int(word.text), word.turned)
    return parts


def printed(data: bytes, columns: int, rows: int) -> list[PrintedSheet]:
    """Print a file on both sides."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        trims = [[float(edge) for edge in page.trimbox] for page in pdf.pages]
    sides = [
        side_of(found, trim, columns, rows) for found, trim in zip(words(data), trims, strict=True)
    ]
    return [PrintedSheet(*pair) for pair in zip(sides[::2], sides[1::2], strict=True)]


def numbers(count: int, blanks: tuple[int, ...]) -> list[object]:
    """Write what a reader must find: the pages in order, and nothing where blanks are told."""
    pages = iter(range(1, count + 1))
    return [None if place in blanks else next(pages) for place in range(1, count + len(blanks) + 1)]


# ---- the binder reads the file -----------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 4, 10, 25, 36])
@pytest.mark.parametrize(("up", "columns", "rows"), [(2, 2, 1), (4, 2, 2), (8, 4, 2)])
@pytest.mark.parametrize("binding", ["left", "right"])
def test_printed_signatures_read_on(
    count: int, up: int, columns: int, rows: int, binding: Any
) -> None:
    # Signatures of as many pages as a sheet has, so that no sheet is smaller than the others.
    size = 2 * up
    pages = count + -count % size if up > 2 else count
    made = sheets(
        pages, scheme="signatures", signature=size, up=up, binding=binding, sheet=LARGE,
        last_back=True,
    )  # fmt: skip
    heaps = [
        fold_down(sheet, fold_order(up, binding)) for sheet in printed(made.data, columns, rows)
    ]
    assert read(chain.from_iterable(heaps)) == numbers(pages, made.plan.blanks)


@pytest.mark.parametrize("make", STRANGE)
@pytest.mark.parametrize("count", [1, 6, 23])
@pytest.mark.parametrize("last_back", [False, True])
def test_printed_saddle_stitch_reads_on(make: Make, count: int, last_back: bool) -> None:
    made = sheets(count, make, last_back=last_back, caliper=0.1, sheet=parse_sheet("A3"))
    heaps = [fold_down(sheet, ("left",)) for sheet in printed(made.data, 2, 1)]
    book = read(nest(heaps))
    assert book == numbers(count, made.plan.blanks)
    blanks = -count % 4
    first = count if last_back else count + 1
    assert made.facts["blanks"] == list(range(first, first + blanks))


def test_signatures_are_nested_and_gathered() -> None:
    made = sheets(44, BLED, scheme="signatures", signature=16, sheet=parse_sheet("SRA3"))
    parts = zip(printed(made.data, 2, 1), made.plan.sheets, strict=True)
    sections = [
        [fold_down(sheet, ("left",)) for sheet, _ in section]
        for _, section in groupby(parts, key=lambda pair: pair[1].signature)
    ]
    assert [len(section) for section in sections] == [4, 4, 3]
    assert read(chain.from_iterable(map(nest, sections))) == list(range(1, 45))


@pytest.mark.parametrize("binding", ["left", "right"])
@pytest.mark.parametrize("grid", [(2, 1), (2, 2), (3, 2)])
def test_printed_piles_are_cut_and_read_on(binding: Any, grid: tuple[int, int]) -> None:
    made = sheets(
        29, BLED, scheme="cut-stack", shape=grid, binding=binding, sheet=LARGE, last_back=True
    )
    stacks = cut(printed(made.data, *grid), from_right=binding == "right")
    assert read(chain.from_iterable(stacks)) == numbers(29, made.plan.blanks)


def test_printed_gangs_are_copies() -> None:
    made = sheets(3, scheme="n-up", up=4, gang=True, sheet=LARGE)
    stacks = cut(printed(made.data, 2, 2), from_right=False)
    assert [read(stack) for stack in stacks] == [[1, 2, 3, None]] * 4


# ---- geometry ----------------------------------------------------------------------------------

_PLACED = re.compile(r"q ([-\d. ]+) re W n ([-\d. ]+) cm /P(\d+) Do Q")


def placements(page: pikepdf.Page) -> dict[int, tuple[list[float], Matrix]]:
    """Give the clip (as edges) and the matrix of each page on a side."""
    found = {}
    for clip, matrix, number in _PLACED.findall(page.Contents.read_bytes().decode()):
        x, y, width, height = map(float, clip.split())
        a, b, c, d, e, f = map(float, matrix.split())
        found[int(number)] = ([x, y, x + width, y + height], (a, b, c, d, e, f))
    return found


def mapped(box: tuple[float, float, float, float], matrix: Matrix) -> list[float]:
    """Map a rectangle to the sheet."""
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in box[::2] for y in box[1::2]]
    ys = [b * x + d * y + f for x in box[::2] for y in box[1::2]]
    return [min(xs), min(ys), max(xs), max(ys)]


@pytest.mark.parametrize("make", STRANGE)
def test_trims_touch_at_the_fold_and_pages_stand_upright_at_full_size(make: Make) -> None:
    made = sheets(16, make, sheet=parse_sheet("SRA3"))
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        for side, page in zip(
            (s for sheet in made.plan.sheets for s in (sheet.front, sheet.back)),
            pdf.pages, strict=True,
        ):  # fmt: skip
            where = placements(page)
            left, right = (
                mapped(make.trim, where[slot.page][1]) for slot in side.slots if slot.page
            )
            assert left[2] == pytest.approx(right[0], abs=0.01)
            assert left[2] == pytest.approx(450 * MM / 2, abs=0.01)
            assert left[2] - left[0] == pytest.approx(148 * MM, abs=0.01)
            assert left[3] - left[1] == pytest.approx(210 * MM, abs=0.01)
            assert (left[1], left[3]) == pytest.approx((right[1], right[3]), abs=0.01)


def test_creep_moves_pages_to_the_spine_and_leaves_marks_and_fold() -> None:
    plain, moved = sheets(16, BLED), sheets(16, BLED, caliper=0.2)
    with (
        pikepdf.open(io.BytesIO(plain.data)) as before,
        pikepdf.open(io.BytesIO(moved.data)) as after,
    ):
        for number, (one, two) in enumerate(zip(before.pages, after.pages, strict=True)):
            first, second = placements(one), placements(two)
            layer = number // 2
            shifts = sorted(second[page][1][4] - first[page][1][4] for page in first)
            assert shifts == pytest.approx([-0.2 * layer * MM, 0.2 * layer * MM], abs=0.001)
            assert [clip for clip, _ in first.values()] == [clip for clip, _ in second.values()]
            marks = [page.Contents.read_bytes().split(b"Do Q")[-1] for page in (one, two)]
            assert marks[0] == marks[1]
    assert moved.facts["creep"] == {"layer": 0.2, "total": 0.6}


def test_bleed_is_cut_at_the_fold_and_kept_at_the_other_edges() -> None:
    made = sheets(4, BLED, sheet=parse_sheet("SRA4"), marks=False)
    (front, _) = pypdfium2.PdfDocument(made.data)
    picture = front.render(scale=4, optimize_mode=None).to_pil().convert("RGB")
    width, height = picture.size
    px = MM * 4
    middle = height // 2
    four, one = (230, 179, 179), (179, 179, 230)
    shift = 10
    assert picture.getpixel((width // 2 - 1, middle + shift)) == four
    assert picture.getpixel((width // 2, middle + shift)) == one
    edge = (320 - 296) / 2
    for inside, expected in [(-2.8, four), (-3.2, (255, 255, 255)), (0.5, four)]:
        x = int((edge + inside) * px)
        assert picture.getpixel((x, middle)) == expected
        assert picture.getpixel((width // 4, int((7.5 + inside) * px))) == expected


def boxes(page: pikepdf.Page) -> dict[str, list[float]]:
    return {
        key[1:]: [float(edge) / MM for edge in value]
        for key, value in page.obj.items()
        if key.endswith("Box")
    }


def test_boxes_are_those_of_the_sheet() -> None:
    with pikepdf.open(io.BytesIO(sheets(8, BLED, sheet=parse_sheet("SRA3")).data)) as pdf:
        for page in pdf.pages:
            found = boxes(page)
            assert set(found) == {"MediaBox", "BleedBox", "TrimBox"}
            assert found["MediaBox"] == pytest.approx([0, 0, 450, 320], abs=0.001)
            assert found["TrimBox"] == pytest.approx([77, 55, 373, 265], abs=0.001)
            assert found["BleedBox"] == pytest.approx([74, 52, 376, 268], abs=0.001)
            assert "/Rotate" not in page.obj
            assert "/UserUnit" not in page.obj
    # Where the paper ends, the bleed ends.
    with pikepdf.open(io.BytesIO(sheets(8, BLED, sheet=parse_sheet("A4")).data)) as pdf:
        assert boxes(pdf.pages[0])["BleedBox"] == pytest.approx([0, 0, 297, 210], abs=0.001)


@pytest.mark.parametrize("up", [2, 6, 9, 16])
def test_pages_that_are_scaled_stay_whole_and_apart(up: int) -> None:
    made = sheets(up, Make(), scheme="n-up", up=up, sheet=parse_sheet("A4"), fit=True)
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        placed = [mapped(Make().trim, matrix) for _, matrix in placements(pdf.pages[0]).values()]
        media = [float(edge) for edge in pdf.pages[0].mediabox]
    assert len(placed) == up
    for one in placed:
        assert one[0] >= -0.5
        assert one[1] >= -0.5
        assert one[2] <= media[2] + 0.5
        assert one[3] <= media[3] + 0.5
        assert (one[2] - one[0]) / (one[3] - one[1]) == pytest.approx(148 / 210, abs=1e-4)
        for two in placed:
            overlap_x = min(one[2], two[2]) - max(one[0], two[0])
            overlap_y = min(one[3], two[3]) - max(one[1], two[1])
            assert one is two or overlap_x < 0.01 or overlap_y < 0.01


def test_a_page_of_another_size_is_scaled_into_the_middle() -> None:
    pdf = pikepdf.open(io.BytesIO(numbered(8)))
    other = pikepdf.open(io.BytesIO(numbered(1, Make(size=(210, 297)))))
    pdf.pages[2] = other.pages[0]
    findings = Findings()
    made = impose([saved(pdf)], Ticket(fit=True), Place("a.pdf"), findings)
    with pikepdf.open(io.BytesIO(made.data)) as result:
        where = next(placements(p)[3] for p in result.pages if 3 in placements(p))
        neighbour = next(placements(p)[1] for p in result.pages if 1 in placements(p))
    placed = mapped((0, 0, 210 * MM, 297 * MM), where[1])
    slot = mapped(Make().trim, neighbour[1])  # page 1 stands in the same half of its sheet
    assert placed[3] - placed[1] <= 210 * MM + 0.01
    assert placed[2] - placed[0] == pytest.approx(148 * MM, abs=0.5)
    assert placed[0] + placed[2] == pytest.approx(slot[0] + slot[2], abs=0.01)
    assert placed[1] + placed[3] == pytest.approx(slot[1] + slot[3], abs=0.01)


@pytest.mark.parametrize(
    ("sheet", "told"), [("SRA3", []), ("SRA4", []), ("300x300mm", ["left, right"])]
)
def test_a_sheet_without_room_for_marks_is_told_if_it_must_be_cut(
    sheet: str, told: list[str]
) -> None:
    findings = Findings()
    ticket = Ticket(sheet=parse_sheet(sheet))
    impose([numbered(4, BLED)], ticket, Place("a.pdf"), findings)
    assert [item.message.rpartition(": ")[2] for item in findings] == told
    assert {item.code for item in findings} <= {"marks-left-out"}
    findings = Findings()
    impose([numbered(4)], ticket, Place("a.pdf"), findings)  # no bleed, nothing to be cut
    assert list(findings) == []


# ---- what a file says of itself ----------------------------------------------------------------


def test_marks_print_on_every_plate_of_a_press_file_and_in_black_elsewhere() -> None:
    press = sheets(24, Make(bleed=3, press=True), scheme="signatures", sheet=parse_sheet("SRA3"))
    with pikepdf.open(io.BytesIO(press.data)) as pdf:
        spaces = {str(page.Resources.ColorSpace.All[1]) for page in pdf.pages}
        assert spaces == {"/All"}
        # The forms of the pages are not searched: what is read here, we drew.
        drawn = b"".join(page.Contents.read_bytes() for page in pdf.pages)
        assert not re.search(rb"\b(rg|RG|g|G)\b", drawn)
        assert drawn.count(b"0 0 0 1 k") == 2  # the collation marks of two signatures
    plain = sheets(8, Make(bleed=3), sheet=parse_sheet("SRA3"))
    with pikepdf.open(io.BytesIO(plain.data)) as pdf:
        assert all("/ColorSpace" not in page.Resources for page in pdf.pages)
        assert b"0 G" in pdf.pages[0].Contents.read_bytes()
        assert not any(
            isinstance(item, pikepdf.Dictionary) and "/FontFile3" in item for item in pdf.objects
        )


XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmpMM:DocumentID="uuid:1" xmpMM:InstanceID="uuid:2"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" pdfxid:GTS_PDFXVersion="PDF/X-4">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">山居札记</rdf:li></rdf:Alt></dc:title>
<xmpMM:History><rdf:Seq><rdf:li>saved by somebody</rdf:li></rdf:Seq></xmpMM:History>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def test_title_condition_and_claims_are_carried_as_far_as_they_are_true() -> None:
    pdf = pikepdf.open(io.BytesIO(numbered(4, Make(bleed=3, press=True))))
    pdf.Root.Metadata = pdf.make_stream(XMP.encode(), Type=Name.Metadata, Subtype=Name.XML)
    profile = pdf.make_stream(b"\0" * 12 + b"prtrCMYK" + b"\0" * 108, N=4)
    pdf.Root.OutputIntents[0].DestOutputProfile = profile
    pdf.Root.Lang = pikepdf.String("zh-Hans")
    pdf.docinfo["/Title"] = "山居札记"
    pdf.docinfo["/Company"] = "not carried"
    pdf.docinfo["/GTS_PDFXVersion"] = "PDF/X-4"
    made = impose([saved(pdf)], Ticket(), Place("a.pdf"), Findings())
    with pikepdf.open(io.BytesIO(made.data)) as result:
        assert result.pdf_version == pdf.pdf_version
        assert {str(key): str(value) for key, value in result.docinfo.items()} == {
            "/Title": "山居札记", "/GTS_PDFXVersion": "PDF/X-4", "/Producer": "booklet",
        }  # fmt: skip
        assert str(result.Root.Lang) == "zh-Hans"
        (intent,) = result.Root.OutputIntents
        assert str(intent.OutputConditionIdentifier) == "FOGRA39"
        assert intent.DestOutputProfile.read_bytes()[12:20] == b"prtrCMYK"
        xmp = result.Root.Metadata.read_bytes().decode()
        assert result.Root.ViewerPreferences.Duplex == Name.DuplexFlipShortEdge
        assert str(result.Root.ViewerPreferences.PrintScaling) == "/None"
    assert "山居札记" in xmp
    assert 'GTS_PDFXVersion="PDF/X-4"' in xmp
    assert 'DocumentID="uuid:1"' in xmp
    for gone in ("pdfuaid", "History", "somebody", "uuid:2"):
        assert gone not in xmp


def test_metadata_that_is_no_xml_or_expands_is_left_out() -> None:
    laughs = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        "&b;</x:xmpmeta>"
    )
    for packet in (b"no xml", laughs.encode()):
        pdf = pikepdf.open(io.BytesIO(numbered(4)))
        pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
        made = impose([saved(pdf)], Ticket(), Place("a.pdf"), Findings())
        with pikepdf.open(io.BytesIO(made.data)) as result:
            assert "/Metadata" not in result.Root


def test_a_resource_is_stored_once() -> None:
    made = sheets(40, scheme="n-up", up=4, gang=True, sheet=LARGE)
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        fonts = [
            item for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/BaseFont") is not None
        ]  # fmt: skip
        forms = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)
                 and item.get("/Subtype") == Name.Form]  # fmt: skip
    assert (len(fonts), len(forms)) == (1, 40)


def test_the_same_job_gives_the_same_bytes() -> None:
    wishes: dict[str, Any] = {"scheme": "signatures", "sheet": LARGE, "up": 8, "caliper": 0.1}
    assert sheets(30, BLED, **wishes).data == sheets(30, BLED, **wishes).data


def test_732_pages_take_well_under_a_second() -> None:
    data = numbered(732, BLED)
    before = time.process_time()
    made = impose([data], Ticket("signatures", LARGE), Place("a.pdf"), Findings())
    assert time.process_time() - before < 1.5  # 0.3 s on a machine at rest
    assert made.facts["sheets"] == 183


SCHEMES: tuple[tuple[Scheme, int], ...] = (
    ("saddle", 2), ("signatures", 8), ("cut-stack", 4), ("n-up", 9),
)  # fmt: skip


@pytest.mark.parametrize(("scheme", "up"), SCHEMES)
@pytest.mark.parametrize(
    "command",
    [["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=nullpage"],
     ["pdftoppm", "-r", "20", "-gray"], ["mutool", "draw", "-q", "-r", "20", "-o", "/dev/null"]],
    ids=lambda command: command[0],
)  # fmt: skip
def test_three_renderers_draw_the_sheets_in_silence(
    scheme: Scheme, up: int, command: list[str], tmp_path: Path
) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not on this machine")
    made = sheets(21, Make(bleed=3, press=True), scheme=scheme, up=up, sheet=LARGE, fit=True)
    (tmp_path / "a.pdf").write_bytes(made.data)
    last = [str(tmp_path / "page")] if command[0] == "pdftoppm" else []
    run = subprocess.run(
        [*command, str(tmp_path / "a.pdf"), *last], capture_output=True, text=True, check=True
    )
    # Debian builds MuPDF without colour management, and it says so each time.
    assert run.stderr.replace("warning: ICC support is not available\n", "") == ""
