"""Each check fires at its own fault and at no other; a good file passes all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from tests.preflight_files import (
    TRIM,
    XMP,
    Spoil,
    box,
    draw,
    form,
    good,
    gradient,
    image,
    packed,
    profile,
    saved,
    spoiled,
    spot,
)

from booklet.errors import Severity
from booklet.finish.preflight import (
    CHECKS,
    Barcode,
    Limits,
    Means,
    Order,
    PreflightReport,
    Tools,
    find_tools,
    limits_of,
    preflight,
)
from booklet.finish.preflight.registry import table
from booklet.model.measures import MM
from booklet.model.press import PRESETS, PresetName
from booklet.typeset.barcode import symbol_of

TOOLS = find_tools()
FAST = Means(draw=False)
ISBN = "9787020002207"

drawn = pytest.mark.skipif(not TOOLS.ghostscript, reason="Ghostscript draws the plates")


def run(
    data: bytes, preset: PresetName = "offset-cn", order: Order | None = None, *, fast: bool = True
) -> PreflightReport:
    return preflight(data, limits_of(PRESETS[preset]), order, FAST if fast else Means())


def ids(report: PreflightReport) -> set[str]:
    return {finding.check for finding in report.findings}


def operators(words: str, **resources: Any) -> Spoil:
    """Spoil a file by drawing something on its first page."""
    return lambda pdf: draw(pdf, words, **resources)


def set_page(key: str, value: Any) -> Spoil:
    """Spoil the first page by a key."""
    return lambda pdf: pdf.pages[0].obj.__setitem__(key, value)


def text(size: float, colour: str, x: float = 100, y: float = 100, codes: str = "0002") -> str:
    return f"BT {colour} /F {size} Tf {x} {y} Td <{codes}> Tj ET"


def content(pdf: pikepdf.Pdf, words: str, page: int = 0) -> None:
    """Write a page anew, at the corner of its trim."""
    pdf.pages[page].obj.Contents = pdf.make_indirect(packed(pdf, b"q Q"))
    draw(pdf, words, page)


def owner_password() -> dict[str, Any]:
    lock = pikepdf.Encryption(owner="o", user="", R=3, aes=False, metadata=False)
    return {"encryption": lock, "deterministic_id": False}


# ---- the good file -------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
def test_a_good_file_is_silent(preset: PresetName) -> None:
    data = saved(good(preset))
    report = run(data, preset, Order(trim=TRIM, twin=data), fast=not TOOLS.ghostscript)
    assert report.findings == ()
    assert not report.fatal
    if TOOLS.ghostscript:
        assert [one.check for one in report.not_run if one.missed] == []


# ---- one fixture for each check ------------------------------------------------------------------


class Case(NamedTuple):
    """A fault: the check that must fire, how the file is spoiled, and for whom it is made."""

    check: str
    spoil: Spoil
    preset: PresetName = "offset-cn"
    severity: Severity = Severity.ERROR
    options: dict[str, Any] = {}  # noqa: RUF012 - never changed


def nothing(pdf: pikepdf.Pdf) -> None:
    """Leave the file as it is."""


def no_trim(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        del page.obj.TrimBox


def narrow_bleed(pdf: pikepdf.Pdf) -> None:
    left, bottom, right, top = (float(edge) for edge in pdf.pages[0].obj.TrimBox)
    pdf.pages[0].obj.BleedBox = box(left - 2 * MM, bottom - 9, right + 9, top + 9)


def narrow_trim(pdf: pikepdf.Pdf) -> None:
    left, bottom, right, top = (float(edge) for edge in pdf.pages[0].obj.TrimBox)
    pdf.pages[0].obj.TrimBox = box(left, bottom, right - MM, top)


def no_bleed_at_all(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.BleedBox = pdf.pages[0].obj.TrimBox


def no_metadata_date(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Metadata = Stream(pdf, XMP.replace("xmp:ModifyDate", "xmp:NoDate").encode())


def title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "A title"


def intent(key: str, value: Callable[[pikepdf.Pdf], Any]) -> Spoil:
    return lambda pdf: pdf.Root.OutputIntents[0].__setitem__(key, value(pdf))


def no_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


def untrapped(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo["/Trapped"]


def script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def attachment(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array()))


def layers(pdf: pikepdf.Pdf) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Layer"))
    pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(Order=[layer]))


def font_changed(change: Callable[[Any], None]) -> Spoil:
    return lambda pdf: change(pdf.pages[0].obj.Resources.Font.F)


def _not_embedded(font: Any) -> None:
    del font.DescendantFonts[0].FontDescriptor.FontFile2


def _opentype(font: Any) -> None:
    descriptor = font.DescendantFonts[0].FontDescriptor
    descriptor.FontFile3 = descriptor.FontFile2
    descriptor.FontFile3.Subtype = Name.OpenType


def lzw(pdf: pikepdf.Pdf) -> None:
    stream = Stream(pdf, b"")
    stream.write(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", filter=Name.LZWDecode)
    pdf.Root.PieceInfo = pdf.make_indirect(stream)


def link(pdf: pikepdf.Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[100, 100, 150, 120])
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


def picture(pixels: int, space: Name = Name.DeviceCMYK, value: bytes = bytes(4)) -> Spoil:
    """Draw a picture of two thirds of an inch."""

    def spoil(pdf: pikepdf.Pdf) -> None:
        drawing = "q 48 0 0 48 120 60 cm /New Do Q"
        draw(pdf, drawing, XObject={"New": image(pdf, pixels, space, value)})

    return spoil


def line_art(pdf: pikepdf.Pdf) -> None:
    stencil = packed(
        pdf, bytes(40 * 300), Type=Name.XObject, Subtype=Name.Image, Width=320, Height=300,
        ImageMask=True, BitsPerComponent=1,
    )  # fmt: skip
    drawing = "0 0 0 1 k q 48 0 0 48 120 60 cm /New Do Q"
    draw(pdf, drawing, XObject={"New": pdf.make_indirect(stencil)})


def in_form(words: bytes, **keys: Any) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        draw(pdf, "/New Do", XObject={"New": form(pdf, words, **keys)})

    return spoil


def in_pattern(pdf: pikepdf.Pdf) -> None:
    cell = packed(
        pdf, b"1 0 0 rg 0 0 4 4 re f", Type=Name.Pattern, PatternType=1, PaintType=1,
        TilingType=1, BBox=[0, 0, 5, 5], XStep=5, YStep=5, Resources=Dictionary(),
    )  # fmt: skip
    drawing = "/Pattern cs /New scn 60 60 50 50 re f"
    draw(pdf, drawing, Pattern={"New": pdf.make_indirect(cell)})


def in_mask(pdf: pikepdf.Pdf) -> None:
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    mask = form(pdf, b"1 0 0 rg 0 0 50 50 re f", Group=group)
    state = Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask))
    pdf.pages[0].obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)
    draw(pdf, "/New gs 0 0 0 .5 k 60 60 50 50 re f", ExtGState={"New": state})


def icc_colour(count: int) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        kind = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}[count]
        space = Array([Name.ICCBased, packed(pdf, profile(space=kind), N=count)])
        numbers = " ".join(["0.5"] * count)
        draw(pdf, f"/New cs {numbers} sc 60 60 50 50 re f", ColorSpace={"New": space})

    return spoil


def lab(pdf: pikepdf.Pdf) -> None:
    space = Array([Name.Lab, Dictionary(WhitePoint=[0.96, 1, 0.82])])
    draw(pdf, "/New cs 50 9 9 sc 60 60 50 50 re f", ColorSpace={"New": space})


def shading(space: Name, components: int) -> Spoil:
    drawing = "q 60 60 50 50 re W n /New sh Q"
    return operators(drawing, Shading={"New": gradient(space, components)})


def postscript(pdf: pikepdf.Pdf) -> None:
    thing = packed(pdf, b"showpage", Type=Name.XObject, Subtype=Name.PS)
    draw(pdf, "/New Do", XObject={"New": pdf.make_indirect(thing)})


def two_blank_pages(pdf: pikepdf.Pdf) -> None:
    content(pdf, "q Q")
    content(pdf, "q Q", 1)


def group(space: Name | None) -> Dictionary:
    keys = {} if space is None else {"/CS": space}
    return Dictionary({"/S": Name.Transparency, **keys})


INLINE = " EI\x01" * 8
SPOT = {"New": spot("PANTONE 186 C")}

CASES = [
    Case("P01", nothing, options=owner_password()),
    Case("P01", operators("this is no operator"), severity=Severity.WARNING),
    Case("P01", set_page("/Contents", 7)),
    Case("P02", nothing, severity=Severity.WARNING, options={"version": "1.7"}),
    Case("P02", nothing, "ingramspark", Severity.WARNING, {"version": "1.5"}),
    Case("P04", no_intent),
    Case("P04", intent("/S", lambda _: Name.GTS_PDFA1)),
    Case("P04", intent("/OutputConditionIdentifier", lambda _: pikepdf.String("涂布纸"))),
    Case("P04", intent("/DestOutputProfile", lambda pdf: packed(pdf, profile(b"scnr"), N=4))),
    Case("P04", intent("/DestOutputProfile", lambda pdf: packed(pdf, profile(space=b"RGB "), N=3))),
    Case("P04", intent("/DestOutputProfile", lambda _: 1)),
    Case("P05", no_metadata_date),
    Case("P05", title, "kdp", Severity.WARNING),
    Case("P06", untrapped),
    Case("P07", script),
    Case("P07", attachment),
    Case("P08", layers, severity=Severity.WARNING),
    Case("P09", font_changed(_not_embedded)),
    Case("P09", font_changed(_opentype)),
    Case("P11", no_trim),
    Case("P11", set_page("/ArtBox", box(40, 40, 300, 300))),
    Case("P11", set_page("/CropBox", box(40, 40, 300, 400))),
    Case("P12", narrow_bleed),
    Case("P12", no_bleed_at_all, "mono"),
    Case("P13", narrow_trim),
    Case("P14", set_page("/Rotate", 90), severity=Severity.WARNING),
    Case("P14", set_page("/UserUnit", 2), severity=Severity.WARNING),
    Case("P15", link),
    Case("P15", link, "lulu", Severity.WARNING),
    Case("P16", operators("1 0 0 rg 60 60 50 50 re f")),
    Case("P16", operators("q .5 .1 .1 RG 60 60 m 99 60 l S Q"), "kdp", Severity.WARNING),
    Case("P16", picture(210, Name.DeviceRGB, bytes([1, 2, 3]))),
    Case("P16", in_form(b"/DeviceRGB cs 60 60 50 50 re f")),
    Case("P16", in_pattern),
    Case("P16", in_mask),
    Case("P16", icc_colour(3)),
    Case("P16", icc_colour(4)),
    Case("P16", lab),
    Case("P16", shading(Name.DeviceRGB, 3)),
    Case("P17", operators(text(10, "/Over gs 0 0 0 1 k", codes="00020000"))),
    Case("P17", operators(text(10, "/Over gs 0 0 0 1 k", codes="0002FFFF"))),
    Case("P18", shading(Name.DeviceCMYK, 3)),
    Case("P18", shading(Name.DeviceGray, 4)),
    Case("P19", lzw),
    Case("P20", picture(48)),
    Case("P20", picture(180), severity=Severity.WARNING),
    Case("P20", picture(48), "lulu", Severity.WARNING),
    Case("P20", line_art, severity=Severity.WARNING),
    Case("P21", operators("0 0 0 1 K .1 w 60 60 m 99 60 l S")),
    Case("P21", operators("0 0 0 1 K 0 w 60 60 m 99 60 l S")),
    Case("P21", operators("0 0 0 1 K 1 w q .1 0 0 .1 0 0 cm 600 600 m 999 600 l S Q")),
    Case("P21", operators("0 0 0 1 k 60 60 .1 50 re f")),
    Case("P21", operators("0 0 0 1 k q 60 60 50 .1 re W n 60 60 50 50 re f Q")),
    Case("P21", operators("0 0 0 1 k 60 60 50 50 re 60.1 60.1 49.8 49.8 re f*")),
    Case("P22", operators(text(4, "/Over gs 0 0 0 1 k")), severity=Severity.WARNING),
    Case(
        "P22",
        operators("q .1 0 0 .1 50 50 cm " + text(40, "/Over gs 0 0 0 1 k") + " Q"),
        severity=Severity.WARNING,
    ),
    Case("P23", operators(text(10, ".6 .5 .5 .9 k"))),
    Case("P24", operators(text(6, ".5 .5 0 0 k")), severity=Severity.WARNING),
    Case("P25", operators("0 .5 0 .2 k 60 60 50 50 re f"), "mono"),
    Case("P26", operators("/Over gs 0 0 0 0 k 60 60 50 50 re f")),
    Case("P26", operators("/Over gs " + text(20, "1 g"))),
    Case("P26", operators("/Under gs " + text(10, "0 0 0 1 k")), severity=Severity.WARNING),
    Case("P26", operators("/Over gs " + text(10, "0 g")), severity=Severity.WARNING),
    Case("P27", operators(text(10, "/Over gs 0 0 0 1 k", x=1.5 * MM))),
    Case("P27", operators(text(10, "/Over gs 0 0 0 1 k", x=TRIM[0] - 12))),
    Case("P27", operators(text(10, "/Over gs 0 0 0 1 k", x=-6))),
    Case("P27", operators(text(10, "0 0 0 rg", x=8 * MM)), "lulu", Severity.WARNING),
    Case("P28", operators("/New gs", ExtGState={"New": Dictionary(ca=0.5)}), "ingramspark"),
    Case("P28", operators("/New gs", ExtGState={"New": Dictionary(BM=Name.Multiply)}), "kdp"),
    Case("P28", in_form(b"q Q", Group=group(None)), "ingramspark"),
    Case("P28", in_form(b"q Q", Group=group(Name.DeviceRGB))),
    Case("P28", set_page("/Group", group(Name.DeviceRGB))),
    Case(
        "P28", operators("/New gs", ExtGState={"New": Dictionary(CA=0.5)}),
        severity=Severity.WARNING,
    ),
    Case("P29", operators("/New cs 1 scn 60 60 50 50 re f", ColorSpace=SPOT)),
    Case("P29", operators("/All cs .5 scn 60 60 50 50 re f")),
    Case("P30", operators("/New gs", ExtGState={"New": Dictionary(TR=Dictionary(FunctionType=2))})),
    Case("P30", operators("/New gs", ExtGState={"New": Dictionary(HT=Dictionary(HalftoneType=1))})),
    Case("P30", postscript),
    Case(
        "P30", operators(f"q 2 0 0 2 60 60 cm BI /W 16 /H 16 /IM true ID {INLINE} EI Q"),
        severity=Severity.WARNING,
    ),
    Case("P31", operators("1 1 .9 .5 k 60 60 50 50 re f")),
    Case("P31", operators("1 1 .3 .3 k 60 60 50 50 re f"), "ingramspark"),
    Case("P33", lambda pdf: content(pdf, "q Q"), severity=Severity.WARNING),
    Case("P33", lambda pdf: content(pdf, "1 g 60 60 50 50 re f"), severity=Severity.WARNING),
    Case("P33", two_blank_pages),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check)
def test_a_fault_makes_its_check_fire_and_no_other(case: Case) -> None:
    data = spoiled(case.spoil, case.preset, **case.options)
    report = run(data, case.preset)
    assert ids(report) == {case.check}
    assert {finding.severity for finding in report.findings} == {case.severity}
    assert all(finding.remedy and finding.message for finding in report.findings)


def test_the_trailer_must_identify_the_file() -> None:
    data = saved(good()).replace(b"/ID [", b"/IX [")
    assert ids(run(data)) == {"P03"}


def test_metadata_must_not_be_compressed() -> None:
    pdf = good()
    pdf.Root.Metadata = Stream(pdf, XMP.encode().hex().encode() + b">")
    pdf.Root.Metadata.Subtype, pdf.Root.Metadata.Type = Name.XML, Name.Metadata
    keys = b"/Subtype /XML /Type /Metadata"
    data = saved(pdf).replace(keys, b"/Filter /ASCIIHexDecode".ljust(len(keys)))
    assert [one.message for one in run(data).findings] == ["the XMP metadata are compressed"]


def test_the_order_may_ask_for_a_multiple_a_size_a_condition() -> None:
    data = saved(good())
    press = replace(PRESETS["offset-cn"], multiple=16)
    assert ids(preflight(data, limits_of(press), None, FAST)) == {"P10"}
    assert ids(run(data, order=Order(trim=(TRIM[0] + 3, TRIM[1])))) == {"P13"}
    assert ids(run(data, order=Order(condition="FOGRA51"))) == {"P04"}
    assert ids(run(data, order=Order(trim=TRIM, condition="FOGRA39"))) == set()


def test_spot_colours_of_the_job_are_allowed() -> None:
    spoil = operators("/New cs 1 scn 60 60 50 50 re f", ColorSpace=SPOT)
    press = replace(PRESETS["offset-cn"], spots=("PANTONE 186 C",))
    assert ids(preflight(spoiled(spoil), limits_of(press), None, FAST)) == set()


def test_kdp_has_no_bleed_at_the_spine() -> None:
    pdf = good("kdp")
    for page in pdf.pages:
        left, bottom, right, top = (float(edge) for edge in page.obj.TrimBox)
        page.obj.BleedBox = box(left, bottom - 9, right + 9, top + 9)
        page.obj.MediaBox = page.obj.BleedBox
    assert ids(run(saved(pdf), "kdp")) == set()
    assert ids(run(saved(pdf), "offset-cn")) >= {"P12"}


def test_blank_pages_at_the_end_or_on_purpose_are_no_error() -> None:
    pdf = good()
    content(pdf, "q Q", 2)
    content(pdf, "q Q", 3)
    report = run(saved(pdf))
    assert [(one.check, one.page, one.severity) for one in report.findings] == [
        ("P33", 3, Severity.WARNING),
        ("P33", 4, Severity.WARNING),
    ]
    assert run(saved(pdf), order=Order(blanks=frozenset({3, 4}))).findings == ()


def test_a_cover_is_two_pages_and_a_spine_wide() -> None:
    data = saved(good(pages=1))
    half = (TRIM[0] - 20) / 2, TRIM[1]
    assert ids(run(data, order=Order(trim=half, spine=20))) == set()
    assert ids(run(data, order=Order(trim=half, spine=22))) == {"P37"}


def test_two_builds_must_be_the_same() -> None:
    data = saved(good())
    assert ids(run(data, order=Order(twin=data))) == set()
    report = run(data, order=Order(twin=data[:200] + b"!" + data[201:]))
    assert [one.message for one in report.findings] == ["the two files differ from byte 200 on"]
    assert ids(report) == {"P38"}


# ---- what a finding says -------------------------------------------------------------------------


def test_a_finding_names_page_object_and_place() -> None:
    pdf = good()
    draw(pdf, text(4, "/Over gs 0 0 0 1 k", x=10 * MM, y=20 * MM), page=2)
    (finding,) = run(saved(pdf)).findings
    assert (finding.page, finding.object) == (3, "text in Squares")
    assert finding.spot is not None
    assert finding.spot.x == pytest.approx(10, abs=0.01)
    assert finding.spot.y == pytest.approx(148 - 20 - 4 * 0.88 / MM, abs=0.01)


def test_the_same_fault_on_a_page_is_counted_and_many_are_not_all_listed() -> None:
    pdf = good()
    for page in range(4):
        draw(pdf, "1 0 0 rg 60 60 50 50 re f 60 90 50 50 re f", page)
    report = run(saved(pdf))
    assert [(one.page, one.count) for one in report.findings] == [(n, 2) for n in range(1, 5)]
    tiny = " ".join(text(4 + number / 100, "/Over gs 0 0 0 1 k") for number in range(0, 90, 10))
    listed = run(spoiled(operators(tiny)))
    assert len(listed.findings) == 5
    assert listed.more == {"P22": 4}


# ---- drawing -------------------------------------------------------------------------------------


def with_damaged_picture(pdf: pikepdf.Pdf) -> None:
    broken = image(pdf, 210, Name.DeviceCMYK, bytes(4))
    broken.write(b"no deflated data at all", filter=Name.FlateDecode)
    draw(pdf, "q 48 0 0 48 120 60 cm /New Do Q", XObject={"New": broken})


def short_of_the_bleed(pdf: pikepdf.Pdf) -> None:
    content(pdf, f"0 0 0 .5 k 0 60 {TRIM[0] / 2:.3f} 50 re f")


DRAWN = [
    Case("P25", picture(210, Name.DeviceCMYK, b"\x00\x80\x00\x10"), "mono"),
    Case("P31", picture(210, Name.DeviceCMYK, b"\xff\xff\xff\x80")),
    Case("P31", picture(210, Name.DeviceCMYK, b"\xc8\xb4\xa0\x60"), "ingramspark"),
    Case("P32", short_of_the_bleed),
    Case(
        "P33", lambda pdf: content(pdf, "q 48 0 0 48 120 60 cm /Im Do Q 1 g 0 0 500 500 re f"),
        severity=Severity.WARNING,
    ),
    Case("P34", with_damaged_picture),
]  # fmt: skip


@drawn
@pytest.mark.parametrize("case", DRAWN, ids=lambda case: case.check)
def test_a_fault_that_only_drawing_shows_makes_its_check_fire(case: Case) -> None:
    data = spoiled(case.spoil, case.preset)
    assert ids(run(data, case.preset)) == set()
    report = run(data, case.preset, fast=False)
    assert ids(report) == {case.check}
    assert {finding.severity for finding in report.findings} == {case.severity}


@drawn
def test_marks_outside_the_bleed_are_no_ink() -> None:
    spoil = operators(f"/All cs 1 scn {-11 * MM} 20 {4 * MM} 90 re f")
    assert run(spoiled(spoil), fast=False).findings == ()


@pytest.mark.skipif(not TOOLS.mutool, reason="MuPDF stands in for Ghostscript")
def test_mupdf_draws_the_plates_where_there_is_no_ghostscript() -> None:
    limits, means = limits_of(PRESETS["offset-cn"]), Means(tools=Tools(mutool=TOOLS.mutool))
    assert preflight(saved(good()), limits, None, means).findings == ()
    data = spoiled(picture(210, Name.DeviceCMYK, b"\xff\xff\xff\x80"))
    assert ids(preflight(data, limits, None, means)) == {"P31"}


def test_what_cannot_be_drawn_has_not_passed() -> None:
    limits: Limits = limits_of(PRESETS["mono"])
    report = preflight(saved(good("mono")), limits, None, Means(tools=Tools()))
    missed = {one.check: one.remedy for one in report.not_run if one.missed}
    assert set(missed) == {"P25", "P31", "P32", "P33", "P34"}
    assert all("Ghostscript" in remedy for remedy in missed.values())
    assert set(report.checks_run) | {one.check for one in report.not_run} == {
        check.id for check in CHECKS
    }
    assert not set(report.checks_run) & set(missed)


# ---- the barcode ---------------------------------------------------------------------------------


def barcode_file(colour: str = "0 0 0 1 k", zoom: float = 1.0, digits: str = ISBN) -> bytes:
    """Draw the bars of a symbol at the middle of a page that is otherwise pale."""
    symbol = symbol_of(digits, zoom)
    x, y = 30 * MM, 40 * MM
    bars = " ".join(
        f"{x + bar.left * MM:.4f} {y:.4f} {bar.width * MM:.4f} {bar.height * MM:.4f} re"
        for bar in symbol.bars()
    )
    pdf = good(pages=1)
    box_ = f"0 0 0 0 k {x} {y - 3} {symbol.width * MM} {symbol.height * MM + 3} re f"
    draw(pdf, f"{box_} {colour} {bars} f")
    return saved(pdf)


def test_a_barcode_is_read() -> None:
    assert run(barcode_file(), order=Order(barcode=Barcode(ISBN))).findings == ()
    place = (29 * MM, 38 * MM, 70 * MM, 70 * MM)
    assert run(barcode_file(), order=Order(barcode=Barcode(ISBN, 1, place))).findings == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (barcode_file(digits="9787101003048"), "not 9787020002207"),
        (barcode_file(".8 .7 .7 .9 k"), "not in K 100 %"),
        (barcode_file(zoom=0.7), "modules"),
        (saved(good(pages=1)), "no barcode"),
        (barcode_file("0 .4 .9 0 k"), "not in K 100 %"),
    ],
    ids=["another", "four inks", "small", "none", "orange"],
)
def test_a_bad_barcode_is_told(data: bytes, words: str) -> None:
    report = run(data, order=Order(barcode=Barcode(ISBN)))
    found = [one for one in report.findings if one.check == "P36"]
    assert any(words in one.message for one in found), report.findings
    assert all(one.severity is Severity.ERROR for one in found)


def test_a_barcode_needs_quiet_zones() -> None:
    pdf = pikepdf.open(__import__("io").BytesIO(barcode_file()))
    draw(pdf, f"0 0 0 1 k {32 * MM} {35 * MM} 1 90 re f")
    report = run(saved(pdf), order=Order(barcode=Barcode(ISBN)))
    assert [one.check for one in report.findings] == ["P36"]


def test_the_manual_has_the_table() -> None:
    manual = (Path(__file__).parents[1] / "docs" / "preflight.md").read_text("utf-8")
    assert table() in manual
