"""The press edition: what a print shop finds in the file, read back by other programs."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Name
from PIL import Image
from pydantic import ValidationError
from tests.conftest import SAMPLE, write_publication
from tests.press_pages import (
    BLEED,
    HEIGHT,
    WIDTH,
    colours_of,
    complaints,
    encoded,
    ink_coverage,
    painted,
    photo,
    profile,
    rgb_uses,
    stress_pdf,
    wide_gamut,
)

from booklet.build import Report, build
from booklet.cli.tools import doctor
from booklet.errors import BookletError, Severity
from booklet.finish.press import FontFile, PressFile, PressJob, prepare_press
from booklet.finish.press.boxes import GAP, MARK, SLUG, Box, plan_boxes
from booklet.finish.press.job import name_pages
from booklet.finish.press.marks import crop_marks, ink_bars, registration_marks
from booklet.finish.press.text import compare_text
from booklet.fonts import open_shelf
from booklet.model.measures import MM
from booklet.model.press import PRESETS, Press, PressSpec
from booklet.output.profiles import find_profile
from booklet.output.srgb import in_srgb

MADE = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
NAMES = tuple(PRESETS)
OFFSET = PRESETS["offset-cn"]
NEAR = 0.01
"""Points: the accuracy of boxes."""


def job(press: Press = OFFSET, **more: Any) -> PressJob:
    return PressJob(press, "河边的话", MADE, profile(), **more)


@cache
def stress(name: str) -> PressFile:
    """The stress pages, made ready by a preset."""
    press = PRESETS[name]  # type: ignore[index]
    return prepare_press(stress_pdf(transparent=press.transparency), job(press))


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def box(page: pikepdf.Page, name: str) -> Box:
    return Box(*(float(value) for value in page.obj[name]))


def streams(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every content stream: pages, forms, patterns."""
    yield from pdf.pages
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and (
            item.get("/Subtype") == Name.Form or "/PatternType" in item
        ):
            yield item


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, bytes, bytes]:
    """The press and screen editions of the sample."""
    report = build(SAMPLE, tmp_path_factory.mktemp("press"), ["press", "screen"])
    press, screen = (output.path.read_bytes() for output in report.outputs)
    return report, press, screen


# ---- every preset, on pages that hold everything -------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_reader_draws_every_page_without_a_word(name: str, tmp_path: Path) -> None:
    file = stress(name)
    assert file.diagnostics == ()
    assert complaints(file.data, tmp_path) == ""


@pytest.mark.parametrize("name", [name for name in NAMES if PRESETS[name].inking != "srgb"])
def test_nothing_in_the_file_is_rgb(name: str) -> None:
    assert rgb_uses(stress_pdf(transparent=True)), "the scan finds what is there"
    assert rgb_uses(stress(name).data) == []


def test_one_ink_leaves_the_other_plates_blank_but_for_the_marks(tmp_path: Path) -> None:
    press = replace(PRESETS["mono"], marks=False, slug=False)
    data = prepare_press(stress_pdf(transparent=True), job(press)).data
    for cyan, magenta, yellow, black in ink_coverage(data, tmp_path):
        assert cyan == magenta == yellow == 0 < black


@pytest.mark.parametrize("name", NAMES)
def test_boxes_lie_in_one_another_to_a_hundredth(name: str) -> None:
    press = PRESETS[name]  # type: ignore[index]
    with opened(stress(name).data) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            media, bleed, trim = (box(page, f"/{kind}Box") for kind in ("Media", "Bleed", "Trim"))
            assert (media.left, media.low) == (0, 0)
            assert (trim.width, trim.height) == pytest.approx((WIDTH, HEIGHT), abs=NEAR)
            beyond = [
                trim.left - bleed.left, trim.low - bleed.low,
                bleed.right - trim.right, bleed.high - trim.high,
            ]  # fmt: skip
            wanted = [press.bleed] * 4
            if not press.gutter_bleed:
                wanted[0 if number % 2 else 2] = 0
            assert beyond == pytest.approx(wanted, abs=NEAR)
            slug = SLUG if press.marks else 0
            around = [bleed.left, bleed.low, media.right - bleed.right, media.high - bleed.high]
            assert around == pytest.approx([slug] * 4, abs=NEAR)
            assert not {"/CropBox", "/ArtBox", "/Rotate", "/UserUnit"} & set(page.obj.keys())


def test_a_book_bound_on_the_right_has_its_gutter_there() -> None:
    press = PRESETS["kdp"]
    data = prepare_press(stress_pdf(transparent=False), job(press, bound="right")).data
    with opened(data) as pdf:
        lefts = [box(page, "/TrimBox").left for page in pdf.pages]
    assert lefts == pytest.approx([press.bleed, 0, press.bleed, 0, press.bleed], abs=NEAR)


@pytest.mark.parametrize("name", NAMES)
def test_what_belongs_to_screens_is_gone(name: str) -> None:
    with opened(stress_pdf(transparent=True)) as pdf:
        assert any("/Annots" in page.obj for page in pdf.pages)
    with opened(stress(name).data) as pdf:
        assert set(pdf.Root.keys()) <= {"/Type", "/Pages", "/Metadata", "/OutputIntents", "/Lang"}
        for page in pdf.pages:
            assert not {"/Annots", "/StructParents", "/Tabs", "/AA"} & set(page.obj.keys())
        for stream in streams(pdf):
            operators = {str(i.operator) for i in pikepdf.parse_content_stream(stream)}
            assert not operators & {"BDC", "BMC", "EMC", "DP", "MP", "INLINE IMAGE"}


@pytest.mark.parametrize("name", NAMES)
def test_pages_name_what_they_use_and_nothing_else(name: str) -> None:
    with opened(stress(name).data) as pdf:
        for stream in streams(pdf):
            used = {
                str(operand)
                for instruction in pikepdf.parse_content_stream(stream)
                for operand in instruction.operands
                if isinstance(operand, Name)
            }
            holder = stream.obj if isinstance(stream, pikepdf.Page) else stream
            named = {name for entries in holder.Resources.values() for name in entries}
            assert named <= used


@pytest.mark.parametrize("name", [name for name in NAMES if not PRESETS[name].transparency])
def test_a_file_without_transparency_is_one_of_pdf_1_4(name: str) -> None:
    data = stress(name).data
    assert data.startswith(b"%PDF-1.4")
    assert b"/ObjStm" not in data
    assert not re.search(rb"/(SMask|Group|ca|CA|BM)\b", data)
    with opened(data) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/FontFile3" in item:
                assert item.FontFile3.Subtype == Name.CIDFontType0C


def test_transparency_that_stays_is_blended_in_ink_on_its_page_alone() -> None:
    with opened(stress("offset-cn").data) as pdf:
        groups: list[Any] = [page.obj.get("/Group") for page in pdf.pages]
        assert [group is not None for group in groups] == [False] * 4 + [True, False]
        assert str(groups[4].CS) == "/DeviceCMYK"
        spaces = [
            str(item.Group.CS)
            for item in pdf.objects
            if isinstance(item, pikepdf.Stream) and "/Group" in item
        ]
        assert set(spaces) == {"/DeviceCMYK", "/DeviceGray"}, "masks are about light"


@pytest.mark.parametrize("name", NAMES)
def test_two_runs_are_the_same_to_the_byte(name: str) -> None:
    press = PRESETS[name]  # type: ignore[index]
    again = prepare_press(stress_pdf(transparent=press.transparency), job(press))
    assert again.data == stress(name).data


@pytest.mark.parametrize("name", NAMES)
def test_the_pages_look_the_same_in_grey(name: str) -> None:
    press = PRESETS[name]  # type: ignore[index]
    before = pypdfium2.PdfDocument(stress_pdf(transparent=press.transparency))
    after = pypdfium2.PdfDocument(stress(name).data)
    with opened(stress(name).data) as pdf:
        for number, page in enumerate(after):
            trim = box(pdf.pages[number], "/TrimBox")
            crop = (
                trim.left,
                trim.low,
                page.get_width() - trim.right,
                page.get_height() - trim.high,
            )
            ours = page.render(crop=tuple(map(float, crop)), grayscale=True).to_pil()
            edge = (BLEED, BLEED, BLEED, BLEED)
            theirs = before[number].render(crop=edge, grayscale=True).to_pil().resize(ours.size)
            # Ink is paler than light; a shape that is missing or shifted differs by far more.
            small = (40, 50)
            pairs = zip(ours.resize(small).tobytes(), theirs.resize(small).tobytes(), strict=True)
            assert sum(abs(a - b) > 70 for a, b in pairs) <= 20


# ---- what the file says of itself ----------------------------------------------------------------


def test_pdf_x_4_names_its_condition_and_holds_the_profile() -> None:
    with opened(stress("offset-cn").data) as pdf:
        assert pdf.pdf_version == "1.6"
        (intent,) = pdf.Root.OutputIntents
        assert (intent.S, str(intent.OutputConditionIdentifier)) == (Name.GTS_PDFX, "FOGRA39")
        assert str(intent.RegistryName) == "http://www.color.org"
        assert str(intent.Info) == "ISO Coated v2 300% (basICColor)"
        assert intent.DestOutputProfile.read_bytes() == profile()
        assert int(intent.DestOutputProfile.N) == 4
        info = {key: str(value) for key, value in pdf.docinfo.items()}
        assert info["/Title"] == "河边的话"
        assert info["/Trapped"] == "/False"
        assert info["/CreationDate"] == info["/ModDate"] == "D:20261123080000Z"
        assert "/GTS_PDFXVersion" not in info
        xmp = pdf.Root.Metadata
        assert "/Filter" not in xmp, "readers of metadata look for plain text"
        text = xmp.read_bytes().decode()
    for part in (
        "<pdfxid:GTS_PDFXVersion>PDF/X-4<", ">河边的话<", "<pdf:Trapped>False<",
        "<xmp:CreateDate>2026-11-23T08:00:00Z<", "<xmp:MetadataDate>", "<xmpMM:VersionID>1<",
        "<xmpMM:DocumentID>uuid:", "<xmpMM:RenditionClass>default<",
    ):  # fmt: skip
        assert part in text


def test_pdf_x_1a_says_so_in_its_info() -> None:
    with opened(stress("ingramspark").data) as pdf:
        assert str(pdf.docinfo["/GTS_PDFXVersion"]) == "PDF/X-1a:2003"
        assert len(pdf.trailer.ID) == 2
        assert "/OutputIntents" in pdf.Root


def test_a_file_without_metadata_says_nothing() -> None:
    with opened(stress("kdp").data) as pdf:
        assert list(pdf.docinfo.keys()) == []
        assert not {"/Metadata", "/OutputIntents"} & set(pdf.Root.keys())


def test_light_stays_light_for_printers_who_separate() -> None:
    data = stress("lulu").data
    assert "/DeviceRGB" in rgb_uses(data)
    assert b"/DeviceCMYK" not in data


# ---- black and overprint -------------------------------------------------------------------------


def test_black_type_overprints_and_nothing_pale_does() -> None:
    with opened(stress("offset-cn").data) as pdf:
        events = [event for page in pdf.pages for event in painted(page)]
    type_ = [event for event in events if event.kind == "text"]
    assert {event.overprints for event in type_ if event.inks == (0, 0, 0, 1)} == {True}
    assert {event.overprints for event in type_ if event.inks != (0, 0, 0, 1)} == {False}
    areas = [event for event in events if event.kind == "area"]
    assert not any(event.overprints for event in areas)
    assert any(event.inks == (0, 0, 0, 1) for event in areas), "large black areas knock out"
    rules = [event for event in events if event.kind == "rule"]
    assert {event.overprints for event in rules if event.inks == (0, 0, 0, 1)} == {True}
    assert {event.overprints for event in rules if event.inks != (0, 0, 0, 1)} == {False}


@pytest.mark.parametrize("name", ["kdp", "lulu"])
def test_presets_that_want_none_have_no_overprint(name: str) -> None:
    with opened(stress(name).data) as pdf:
        assert not any(event.overprints for page in pdf.pages for event in painted(page))


def test_text_pages_of_the_sample_are_black_alone(
    sample: tuple[Report, bytes, bytes], tmp_path: Path
) -> None:
    """What Ghostscript finds on the plates is what the operators of each page ask for."""
    with opened(sample[1]) as pdf:
        asked = [colours_of(page.obj) for page in pdf.pages]
        for page in pdf.pages:
            page.obj.MediaBox = page.obj.TrimBox  # marks are on every plate
        file = io.BytesIO()
        pdf.save(file)
    found = [inks[:3] != (0, 0, 0) for inks in ink_coverage(file.getvalue(), tmp_path)]
    assert found == asked
    assert found.count(False) >= 3
    assert rgb_uses(sample[1]) == []


# ---- marks ---------------------------------------------------------------------------------------


def test_marks_stand_outside_the_bleed() -> None:
    boxes = plan_boxes(300, 400, OFFSET, "right")
    bleed = boxes.bleed
    drawn = f"{crop_marks(boxes)} {registration_marks(boxes)}"
    origin, points = (0.0, 0.0), []
    for words in re.findall(r"((?:-?[\d.]+ )+)(m|l|cm)\b", drawn):
        numbers = [float(value) for value in words[0].split()]
        if words[1] == "cm":
            origin = (numbers[4], numbers[5])
        else:
            points.append((origin[0] + numbers[0], origin[1] + numbers[1]))
        if words[1] == "l" and not drawn:
            origin = (0.0, 0.0)
    assert len(points) >= 16
    for x, y in points[:16]:
        outside = (x < bleed.left or x > bleed.right) or (y < bleed.low or y > bleed.high)
        assert outside
        gap = max(bleed.left - x, x - bleed.right, bleed.low - y, y - bleed.high)
        assert GAP - NEAR <= gap <= GAP + MARK + NEAR
    for patch in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re", ink_bars(boxes, "cmyk")):
        x, y, width, height = map(float, patch)
        assert y >= bleed.high + GAP
        assert y + height <= boxes.media.high
        assert boxes.trim.left < x < x + width < (boxes.trim.left + boxes.trim.right) / 2


def test_marks_are_on_every_plate(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300 + 2 * BLEED, 400 + 2 * BLEED))
    pdf.pages[0].obj.TrimBox = pikepdf.Array([BLEED, BLEED, 300 + BLEED, 400 + BLEED])
    blank = io.BytesIO()
    pdf.save(blank)
    fonts = (FontFile(b"no font"), FontFile(sample_font()))
    data = prepare_press(blank.getvalue(), job(OFFSET, lettering=fonts)).data
    ((cyan, magenta, yellow, black),) = ink_coverage(data, tmp_path)
    assert min(cyan, magenta, yellow, black) > 0.002
    page = pypdfium2.PdfDocument(data)[0]
    assert page.get_textpage().get_text_range() == "", "the slug line is drawn, not written"
    low, left = SLUG - GAP - MARK, SLUG
    crop = (left, low, page.get_width() / 2, page.get_height() - SLUG)
    line = page.render(scale=2, crop=crop, grayscale=True).to_pil()
    assert line.getextrema()[0] < 60, "and it is there"


def sample_font() -> bytes:
    family = open_shelf().family("Noto Serif CJK SC")
    assert family is not None
    assert family.faces[0].index == 0 or family.faces[0].path.suffix == ".ttc"
    return family.faces[0].path.read_bytes()


def test_blank_pages_fill_the_file_up_at_its_end() -> None:
    file = prepare_press(stress_pdf(transparent=True), job(replace(OFFSET, multiple=4)))
    assert file.pages == 8
    with opened(file.data) as pdf:
        first, last = pdf.pages[0], pdf.pages[-1]
        assert len(pdf.pages) == 8
        assert [box(first, name) for name in ("/MediaBox", "/TrimBox")] == [
            box(last, name) for name in ("/MediaBox", "/TrimBox")
        ]


def test_pages_are_named_as_people_name_them() -> None:
    assert name_pages([4]) == "page 4"
    assert name_pages([1, 2, 3, 7, 9, 10]) == "pages 1-3, 7, 9-10"


# ---- what cannot be done -------------------------------------------------------------------------


def test_too_little_bleed_is_told_once_with_its_pages() -> None:
    file = prepare_press(stress_pdf(transparent=True), job(replace(OFFSET, bleed=5 * MM)))
    (found,) = file.diagnostics
    assert (found.code, found.severity) == ("press-bleed", Severity.ERROR)
    assert str(found).startswith("press: error[press-bleed]: pages 1-6: the page is drawn with a")
    assert file.data == b""


def test_a_profile_that_is_of_no_use_is_refused() -> None:
    bad = replace(job(), profile=wide_gamut())
    (found,) = prepare_press(stress_pdf(transparent=True), bad).diagnostics
    assert found.code == "press-profile"
    assert "it describes a monitor" in found.message


def test_what_has_no_form_in_ink_is_told_with_its_page() -> None:
    with opened(stress_pdf(transparent=False)) as pdf:
        pdf.pages[-1].obj.Resources.Shading.Gradient.ShadingType = 4
        file = io.BytesIO()
        pdf.save(file)
    (found,) = prepare_press(file.getvalue(), job()).diagnostics
    assert (found.code, found.message[:7]) == ("press-colour", "page 5:")


def test_a_font_that_cannot_be_unwrapped_is_told() -> None:
    with opened(stress_pdf(transparent=False)) as pdf:
        broken = pdf.make_stream(b"no font")
        broken.Subtype = Name.OpenType
        descriptor = pikepdf.Dictionary(
            Type=Name.FontDescriptor, FontName=Name.Broken, FontFile3=broken
        )
        font = pdf.make_indirect(
            pikepdf.Dictionary(Type=Name.Font, FontDescriptor=pdf.make_indirect(descriptor))
        )
        last = pdf.pages[-1].obj
        last.Resources.Font = pikepdf.Dictionary(F=font)
        last.Contents = pdf.make_stream(b"BT /F 9 Tf ET")
        file = io.BytesIO()
        pdf.save(file)
    (found,) = prepare_press(file.getvalue(), job(PRESETS["ingramspark"])).diagnostics
    assert found.code == "press-font"


def test_pages_that_say_other_words_are_told(sample: tuple[Report, bytes, bytes]) -> None:
    _, press, screen = sample
    pages = range(2, 2 + len(pypdfium2.PdfDocument(press)))
    assert list(compare_text(press, screen, pages)) == []
    swapped = [*pages[:-2], pages[-1], pages[-2]]
    found = list(compare_text(press, screen, swapped))
    assert {item.code for item in found} == {"press-text"}
    assert len(found) == 2
    assert len(list(compare_text(press, screen, [*pages, 0]))) == 1


# ---- the header ----------------------------------------------------------------------------------


def test_a_key_changes_one_thing_of_a_preset() -> None:
    press = PressSpec(preset="kdp", bleed="5mm", spots=("Gold",)).resolve()
    assert (press.bleed, press.spots) == (5 * MM, ("Gold",))
    assert replace(press, bleed=OFFSET.bleed, spots=()) == replace(
        PRESETS["kdp"], bleed=OFFSET.bleed
    )
    assert not PressSpec(marks=False).resolve().slug
    assert not PressSpec(standard="pdf/x-1a:2003").resolve().transparency
    assert not PressSpec(cmyk="separate").resolve().keep_cmyk


@pytest.mark.parametrize(
    "wrong",
    [
        {"profile": "a.icc"}, {"bleed": "40mm"}, {"bleed": "3"}, {"condition": "胶版纸"},
        {"preset": "lulu", "standard": "pdf/x-4"}, {"ink_limit": 100}, {"preset": "web"},
    ],
)  # fmt: skip
def test_a_header_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PressSpec(**wrong)


def test_a_spot_colour_keeps_its_plate_if_it_is_listed() -> None:
    press = replace(OFFSET, spots=("Spot Orange",))
    data = prepare_press(stress_pdf(transparent=True), job(press)).data

    def plates(data: bytes) -> set[str]:
        with opened(data) as pdf:
            return {
                str(item[1])
                for item in pdf.objects
                if isinstance(item, pikepdf.Array) and item and item[0] == Name.Separation
            } | {
                str(space[1])
                for page in pdf.pages
                for space in page.obj.Resources.get("/ColorSpace", {}).values()
                if space[0] == Name.Separation
            }

    assert plates(data) == {"/All", "/Spot Orange"}
    assert plates(stress("offset-cn").data) == {"/All"}
    assert rgb_uses(data) == []


# ---- through the whole build ---------------------------------------------------------------------


def publication(folder: Path, manuscript: str, press: dict[str, Any]) -> Path:
    return write_publication(folder, manuscript, title=None, title_lines=None, press=press)


def test_the_sample_is_made_and_every_page_says_what_the_screen_says(
    sample: tuple[Report, bytes, bytes], tmp_path: Path
) -> None:
    report, press, screen = sample
    made = report.outputs[0]
    assert (made.edition, made.path.name) == ("press", f"{report.slug}-press.pdf")
    assert report.diagnostics == ()
    assert made.pages == report.outputs[1].pages - 2, "the cover is a file of its own"
    assert list(compare_text(press, screen, range(2, made.pages + 2))) == []
    assert complaints(press, tmp_path) == ""


def test_the_band_of_the_sample_reaches_the_bleed(sample: tuple[Report, bytes, bytes]) -> None:
    document = pypdfium2.PdfDocument(sample[1])
    with opened(sample[1]) as pdf:
        bleed, trim = box(pdf.pages[6], "/BleedBox"), box(pdf.pages[6], "/TrimBox")
    page = document[6]
    picture = page.render(scale=4).to_pil().convert("RGB")
    height = page.get_height()

    def at(x: float, y: float) -> Any:
        return picture.getpixel((int(x * 4), int((height - y) * 4)))

    inside = at(trim.left + 1, trim.high - 1)
    assert inside != (255, 255, 255)
    for x, y in (
        (bleed.left + 0.5, trim.high - 20), (bleed.right - 0.5, trim.high - 20),
        (trim.left + 100, bleed.high - 0.5), (bleed.left + 0.5, bleed.high - 0.5),
    ):  # fmt: skip
        assert at(x, y) == inside
    assert at(bleed.left - 1, trim.high - 20) == (255, 255, 255)


def test_the_bleed_is_drawn_as_far_as_the_press_wants(tmp_path: Path) -> None:
    folder = publication(tmp_path / "book", "# 题\n\n字。\n", {"preset": "lulu", "bleed": "5mm"})
    (output,) = build(folder, tmp_path, ["press"]).outputs
    with opened(output.path.read_bytes()) as pdf:
        page = pdf.pages[0]
        assert box(page, "/TrimBox").left == pytest.approx(5 * MM, abs=NEAR)


def test_without_a_profile_the_build_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publication(tmp_path / "book", "# 题\n\n字。\n", {"condition": "FOGRA51"})
    with pytest.raises(BookletError) as caught:
        build(folder, tmp_path, ["press"])
    (found,) = caught.value.diagnostics
    assert (found.code, found.severity) == ("press-profile", Severity.ERROR)
    assert "no ICC profile of FOGRA51" in found.message
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    shelf = tmp_path / "booklet/icc"
    shelf.mkdir(parents=True)
    (shelf / "FOGRA51.icc").write_bytes(profile())
    assert find_profile("FOGRA51") == shelf / "FOGRA51.icc"
    assert find_profile("../FOGRA51") is None
    (output,) = build(folder, tmp_path, ["press"]).outputs
    with opened(output.path.read_bytes()) as pdf:
        assert str(pdf.Root.OutputIntents[0].OutputConditionIdentifier) == "FOGRA51"


def test_the_doctor_names_the_profile_and_its_licence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor()
    assert "ICC profile of FOGRA39: /" in capsys.readouterr().out
    monkeypatch.setattr("booklet.output.profiles.SYSTEM_FOLDERS", ())
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    doctor()
    assert "none     ICC profile of FOGRA39" in capsys.readouterr().out


def test_the_printers_profile_is_a_file_of_the_publication(tmp_path: Path) -> None:
    press = {"profile": "printer.icc", "condition": "JC200103"}
    folder = publication(tmp_path / "book", "# 题\n\n字。\n", press)
    for data, words in ((None, "cannot be read"), (wide_gamut(), "it describes a monitor")):
        if data:
            (folder / "printer.icc").write_bytes(data)
        with pytest.raises(BookletError) as caught:
            build(folder, tmp_path, ["press"])
        (found,) = caught.value.diagnostics
        assert found.code == "press-profile"
        assert words in found.message
        assert found.place.file.endswith("booklet.yaml")
    (folder / "printer.icc").write_bytes(profile())
    assert build(folder, tmp_path, ["press"]).outputs[0].pages


def test_a_coarse_picture_is_told_with_its_line(tmp_path: Path) -> None:
    text = "# 题\n\n字。\n\n![照片](images/a.png)\n\n![线条](images/b.png)\n"
    folder = publication(tmp_path / "book", text, {})
    (folder / "images").mkdir()
    photo(size=(1200, 900)).save(folder / "images/a.png")
    photo("1", (1800, 1350)).save(folder / "images/b.png")
    report = build(folder, tmp_path, ["press"])
    coarse = [item for item in report.diagnostics if item.code == "image-resolution"]
    assert [(item.place.line, item.severity) for item in coarse] == [
        (5, Severity.WARNING), (7, Severity.WARNING),
    ]  # fmt: skip
    assert re.search(
        r"images/a.png has 2\d\d pixels to an inch at .* print wants 300", str(coarse[0])
    )
    assert "print wants 550" in coarse[1].message


def test_a_fine_picture_is_reduced_by_choice(tmp_path: Path) -> None:
    text = "# 题\n\n字。\n\n![照片](images/a.png)\n"
    sizes = []
    for wanted in (None, 300):
        folder = publication(
            tmp_path / f"book-{wanted}", text, {"downsample": wanted} if wanted else {}
        )
        (folder / "images").mkdir()
        photo(size=(3600, 2400)).save(folder / "images/a.png")
        (output,) = build(folder, tmp_path, ["press"]).outputs
        with opened(output.path.read_bytes()) as pdf:
            sizes += [
                int(item.Width)
                for item in pdf.objects
                if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == Name.Image
            ]
    assert sizes[0] == 3600
    assert 1000 < sizes[1] < 2000


def test_a_picture_with_a_profile_of_its_own_is_brought_to_srgb(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 128)).save(file, "PNG", icc_profile=wide_gamut())
    with Image.open(io.BytesIO(in_srgb(file.getvalue(), "image/png"))) as done:
        red, green, _, alpha = done.convert("RGBA").getpixel((1, 1))  # type: ignore[misc]
    assert green > 200 > red
    assert alpha == 128
    plain = encoded(photo(), "PNG").encode()
    assert in_srgb(plain, "image/png") == plain
