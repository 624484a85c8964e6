"""The cover edition: the sheet's boxes, its panels, and what happens when the book grows."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops
from tests.cover_sheets import (
    ISBN,
    MM,
    PERFECT,
    SHORT,
    cover,
    drawn,
    fills,
    glyphs,
    lines,
    make,
    page_boxes,
)
from tests.press_pages import complaints, ink_coverage, rgb_uses

from booklet.build import Report, build
from booklet.editions.job import prepare
from booklet.editions.run import Run
from booklet.errors import Findings, ReleaseError
from booklet.finish.cover_facts import read_facts
from booklet.finish.preflight import Barcode, Means, Order, find_tools, limits_of, preflight
from booklet.model.press import PRESETS, PresetName
from booklet.progress import NullProgress

SAME = 0.01
"""Points."""

BOOK = {
    "cover": PERFECT,
    "publisher": "某某出版社",
    "contributors": [{"name": "王小明", "role": "aut"}],
}


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The cover of a perfect-bound book."""
    return cover(tmp_path_factory.mktemp("bound"), **BOOK)


@pytest.fixture(scope="module")
def spine(bound: bytes) -> float:
    """Its spine in millimetres."""
    facts = read_facts(bound)
    assert facts is not None
    return facts.spine


# ---- the sheet ----------------------------------------------------------------------------------


def test_the_sheet_is_two_pages_and_a_spine_with_bleed_all_round(
    bound: bytes, spine: float
) -> None:
    facts = read_facts(bound)
    assert facts is not None
    assert spine == facts.pages / 2 * 2 + 2 * 1
    boxes = page_boxes(bound)
    trim, bleed, media = boxes["TrimBox"], boxes["BleedBox"], boxes["MediaBox"]
    assert trim[2] - trim[0] == pytest.approx((2 * 148 + spine) * MM, abs=SAME)
    assert trim[3] - trim[1] == pytest.approx(210 * MM, abs=SAME)
    for at, way in enumerate((-1, -1, 1, 1)):
        assert (bleed[at] - trim[at]) * way == pytest.approx(3 * MM, abs=SAME)
    assert media[:2] == (0, 0)


def test_the_bleed_is_what_the_press_asks_for(tmp_path: Path) -> None:
    boxes = page_boxes(cover(tmp_path, press={"bleed": "5mm"}))
    assert boxes["TrimBox"][0] - boxes["BleedBox"][0] == pytest.approx(5 * MM, abs=SAME)


def test_the_field_reaches_the_bleed_on_all_its_sides(bound: bytes, spine: float) -> None:
    field = max(fills(bound), key=lambda fill: fill.width * fill.height)
    assert field.left == pytest.approx(-3, abs=SAME / MM)
    assert field.top == pytest.approx(-3, abs=SAME / MM)
    assert field.right == pytest.approx(2 * 148 + spine + 3, abs=SAME / MM)
    dpi = 100
    image, trim = drawn(bound, dpi), page_boxes(bound)["TrimBox"]
    edge = round((trim[0] / MM - 2.8) / 25.4 * dpi), round((trim[0] / MM - 2.8) / 25.4 * dpi)
    red, green, blue = image.getpixel(edge)  # type: ignore[misc]
    assert red > 2 * max(green, blue)


def test_marks_stand_outside_the_bleed_and_show_both_folds(bound: bytes, spine: float) -> None:
    dpi = 300
    image, boxes = drawn(bound, dpi).convert("L"), page_boxes(bound)
    left, top = boxes["TrimBox"][0] / MM, boxes["TrimBox"][0] / MM

    def dark(x: float, y: float) -> int:
        column = round((left + x) / 25.4 * dpi)
        row = round((top + y) / 25.4 * dpi)
        darkest, _ = image.crop((column - 1, row - 8, column + 2, row + 8)).getextrema()
        return int(darkest)  # type: ignore[arg-type]

    for fold in (148, 148 + spine):
        assert dark(fold, -3 - 1 - 6) < 128
        assert dark(fold, 210 + 3 + 1 + 6) < 128
    assert dark(140, -3 - 1 - 6) == 255
    outside = [glyph for glyph in glyphs(bound) if glyph.y / MM > top + 213]
    assert outside == []  # the slug line is drawn, not set


def test_the_slug_line_of_a_long_title_ends_before_the_fold(tmp_path: Path) -> None:
    data, dpi = cover(tmp_path, title="网" * 60, **BOOK), 200
    image, left = drawn(data, dpi).convert("L"), page_boxes(data)["TrimBox"][0] / MM

    def band(start: float, end: float) -> float:
        box = (left + start, left + 210 + 3.5, left + end, left + 210 + 3 + 7)
        darkest, _ = image.crop([round(side / 25.4 * dpi) for side in box]).getextrema()  # type: ignore[arg-type]
        return float(darkest)  # type: ignore[arg-type]

    assert band(100, 130) < 128
    assert band(145, 147.5) == 255


def test_the_front_is_the_cover_of_the_screen_edition(tmp_path: Path) -> None:
    report = make(tmp_path, ["screen", "cover"], **BOOK, press={"preset": "lulu"})
    screen, sheet = (output.path.read_bytes() for output in report.outputs)
    dpi, facts = 144, read_facts(sheet)
    assert facts is not None
    one = first_page(screen, dpi)
    whole, (left, low, _, high) = drawn(sheet, dpi), page_boxes(sheet)["TrimBox"]
    x, y = (left + (148 + facts.spine) * MM) / 72 * dpi, left / 72 * dpi
    assert high - low == pytest.approx(210 * MM, abs=SAME)
    two = whole.transform(
        one.size, Image.Transform.AFFINE, (1, 0, x, 0, 1, y), Image.Resampling.BILINEAR
    )
    different = ImageChops.difference(one.convert("L"), two.convert("L")).histogram()
    assert sum(different[100:]) < one.width * one.height * 0.002


def first_page(data: bytes, dpi: float) -> Image.Image:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        image: Image.Image = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
        return image
    finally:
        document.close()


def test_the_sheet_is_a_press_file(bound: bytes, tmp_path: Path) -> None:
    assert rgb_uses(bound) == []
    assert complaints(bound, tmp_path) == ""
    assert len(ink_coverage(bound, tmp_path)) == 1
    assert b"PDF/X-4" in bound or b"GTS_PDFX" in bound


@pytest.mark.parametrize("preset", ["offset-cn", "mono", "ingramspark", "kdp", "lulu"])
def test_every_printer_takes_the_sheet(preset: PresetName, tmp_path: Path) -> None:
    report = make(tmp_path, ["cover"], **BOOK, isbn=ISBN, press={"preset": preset})
    assert report.diagnostics == ()
    data = report.outputs[0].path.read_bytes()
    facts = read_facts(data)
    assert facts is not None
    # A cover has colours even where the interior is black alone.
    press = PRESETS["offset-cn" if preset == "mono" else preset]
    order = Order(
        trim=(148 * MM, 210 * MM), spine=facts.spine * MM, barcode=Barcode(ISBN.replace("-", ""))
    )
    checked = preflight(data, limits_of(press), order, Means(tools=find_tools()))
    assert [finding.as_dict() for finding in checked.findings] == []
    assert {"P36", "P37"} <= set(checked.checks_run)


def test_a_cover_in_black_alone_has_one_plate(tmp_path: Path) -> None:
    data = cover(tmp_path, cover={"black": True})
    ((cyan, magenta, yellow, black),) = ink_coverage(trimmed(data), tmp_path)
    assert (cyan, magenta, yellow) == (0, 0, 0)
    assert black > 0.5


def trimmed(data: bytes) -> bytes:
    """Cut the marks off, which are on every plate."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        page.mediabox = page.trimbox
        file = io.BytesIO()
        pdf.save(file)
        return file.getvalue()


def test_two_runs_give_the_same_bytes(bound: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "book"
    again = cover(tmp_path, **BOOK)
    assert folder.is_dir()
    one, two = read_facts(bound), read_facts(again)
    assert one == two
    third = build(folder, tmp_path / "third", ["cover"]).outputs[0].path.read_bytes()
    assert third == again


# ---- the spine ----------------------------------------------------------------------------------


def test_the_spine_reads_from_head_to_foot(bound: bytes, spine: float) -> None:
    rows = "".join(lines(bound, 148, 148 + spine))
    assert rows == "网络强国读本王小明某某出版社"


def test_the_words_of_the_spine_stand_in_its_middle(bound: bytes, spine: float) -> None:
    left = page_boxes(bound)["TrimBox"][0]
    inside = [g for g in glyphs(bound) if 148 < (g.x - left) / MM < 148 + spine]
    assert len(inside) == len("网络强国读本王小明某某出版社")
    for glyph in inside:
        middle = (glyph.x + glyph.size / 2 - left) / MM
        assert middle == pytest.approx(148 + spine / 2, abs=SAME)


def test_marks_of_a_title_take_their_vertical_forms(tmp_path: Path) -> None:
    data = cover(tmp_path, title="《网络》（强国）", **{**BOOK, "cover": PERFECT})
    facts = read_facts(data)
    assert facts is not None
    spine = [148.0, 148 + facts.spine]
    assert "".join(lines(data, *spine)).startswith("《网络》（强国）")
    left, top = page_boxes(data)["TrimBox"][0], page_boxes(data)["TrimBox"][0]
    inside = [g for g in glyphs(data) if spine[0] < (g.x - left) / MM < spine[1]]
    bracket = next(g for g in inside if g.char == "《")
    # Upright it is taller than wide; in its vertical form it lies across the line.
    dpi = 600
    image = drawn(data, dpi).convert("L")
    x, y = bracket.x, bracket.y
    box = [
        round(v / 72 * dpi) for v in (x, y - bracket.size, x + bracket.size, y + 0.2 * bracket.size)
    ]
    ink = image.crop((box[0], box[1], box[2], box[3])).point(lambda v: 255 if v > 170 else 0)
    found = ink.getbbox()
    assert found is not None
    assert found[2] - found[0] > 1.2 * (found[3] - found[1])
    assert top > 0


@pytest.mark.parametrize("title", ["网" * 48, "W" * 48, "网络" * 5, "《》" * 24])
def test_a_title_of_any_length_stays_in_the_field_of_the_spine(title: str, tmp_path: Path) -> None:
    spec = {"binding": "perfect", "spine": "6mm"}
    data = cover(tmp_path, title=title, **{**BOOK, "cover": spec})
    left, _, _, top = page_boxes(data)["TrimBox"]
    height = 663.3075 if top else 0
    inside = [g for g in glyphs(data) if 148 < (g.x - left) / MM < 154]
    assert inside
    words = "".join(g.char for g in inside)
    assert "出版社" in words
    trim_top = height - top
    lowest = max(g.y for g in inside if g.color == (255, 255, 255) and g.char in title)
    assert (lowest - trim_top) / MM < 140


def test_a_narrow_spine_is_left_without_words(tmp_path: Path) -> None:
    spec = {"binding": "perfect", "spine": "4.9mm", "spine_text": True}
    report = make(tmp_path, ["cover"], **{**BOOK, "cover": spec})
    assert [item.code for item in report.diagnostics] == ["spine-narrow"]
    assert lines(report.outputs[0].path.read_bytes(), 148, 152.9) == ()


def test_words_that_nobody_asked_for_are_left_out_in_silence(tmp_path: Path) -> None:
    spec = {"binding": "perfect", "spine": "20mm", "spine_text": False}
    report = make(tmp_path, ["cover"], **{**BOOK, "cover": spec})
    assert report.diagnostics == ()
    assert lines(report.outputs[0].path.read_bytes(), 148, 168) == ()


def test_a_right_bound_book_has_its_front_at_the_left(tmp_path: Path) -> None:
    spec = {**PERFECT, "bound": "right"}
    data = cover(tmp_path, **{**BOOK, "cover": spec})
    front = lines(data, 0, 148)
    assert "网络强国读本" in front[0]
    assert [glyph.size for glyph in glyphs(data) if glyph.char == "网"][-1] > 20


# ---- saddle stitch ------------------------------------------------------------------------------


def test_a_stapled_booklet_has_one_fold(tmp_path: Path) -> None:
    data = cover(tmp_path)
    trim = page_boxes(data)["TrimBox"]
    assert trim[2] - trim[0] == pytest.approx(296 * MM, abs=SAME)
    facts = read_facts(data)
    assert facts is not None
    assert facts.spine == 0
    assert facts.pages % 4 == 0


def test_too_many_pages_for_staples_are_told(tmp_path: Path) -> None:
    spec = {"binding": "saddle", "caliper": "1.5mm"}
    report = make(tmp_path, ["cover"], cover=spec)
    assert [item.code for item in report.diagnostics] == ["saddle-thick"]
    assert "staples hold 3.5 mm" in report.diagnostics[0].message


# ---- stale covers -------------------------------------------------------------------------------


def rebuild(folder: Path, chapters: int, editions: list[str], *, strict: bool = False) -> Report:
    """Build the press edition again with another number of chapters."""
    source = folder / "book"
    text = "".join(f"## 第{number}章\n\n正文。\n\n" for number in range(chapters))
    (source / "manuscript.md").write_text(text, encoding="utf-8")
    header = json.loads((source / "booklet.yaml").read_text("utf-8"))
    header["editions"] = editions
    (source / "booklet.yaml").write_text(json.dumps(header, ensure_ascii=False), encoding="utf-8")
    return build(source, folder / "out", ["press"], strict=strict)


def test_a_cover_of_a_book_that_grew_is_reported_with_both_figures(tmp_path: Path) -> None:
    before = make(tmp_path, ["cover"], **BOOK).outputs[0].path
    old = read_facts(before.read_bytes())
    report = rebuild(tmp_path, 9, ["press"])
    (found,) = report.diagnostics
    assert found.code == "cover-stale"
    assert str(found.severity) == "warning"
    assert old is not None
    assert f"for {old.pages} pages and a spine of {old.spine:.2f} mm" in found.message
    assert "now has" in found.message
    assert read_facts(before.read_bytes()) == old
    with pytest.raises(ReleaseError, match="strict"):
        rebuild(tmp_path, 9, ["press"], strict=True)


def test_a_stale_cover_that_the_header_lists_is_made_anew(tmp_path: Path) -> None:
    before = make(tmp_path, ["cover"], **BOOK).outputs[0].path
    old = read_facts(before.read_bytes())
    report = rebuild(tmp_path, 9, ["press", "cover"], strict=True)
    assert [str(item.severity) for item in report.diagnostics] == ["note"]
    assert [output.edition for output in report.outputs] == ["press", "cover"]
    new = read_facts(before.read_bytes())
    assert old is not None
    assert new is not None
    assert new.pages == report.outputs[0].pages + report.outputs[0].pages % 2 > old.pages
    assert new.spine - old.spine == pytest.approx(new.pages - old.pages, abs=1e-3)
    assert rebuild(tmp_path, 9, ["press", "cover"]).diagnostics == ()


def test_a_cover_that_still_fits_is_left_alone(tmp_path: Path) -> None:
    make(tmp_path, ["cover"])  # stapled: the sheet is the same for any number of pages
    report = rebuild(tmp_path, 5, ["press", "cover"])
    assert report.diagnostics == ()
    assert [output.edition for output in report.outputs] == ["press"]


def test_a_file_that_is_no_cover_of_ours_says_nothing() -> None:
    assert read_facts(b"%PDF-1.4 nothing") is None


# ---- the back cover alone -----------------------------------------------------------------------


def back_cover(folder: Path, template: str | None) -> bytes | None:
    source = folder / "book"
    (source / "templates" / "parts").mkdir(parents=True)
    (source / "manuscript.md").write_text(SHORT, encoding="utf-8")
    header = {"title": "网络强国读本", "manuscript": "manuscript.md"}
    (source / "booklet.yaml").write_text(json.dumps(header, ensure_ascii=False), encoding="utf-8")
    if template is not None:
        (source / "templates/parts/cover-back.html").write_text(template, encoding="utf-8")
    findings = Findings()
    return Run(prepare(source, findings, NullProgress()), findings, NullProgress()).back_cover


def test_the_back_cover_is_one_page_at_trim_size(tmp_path: Path) -> None:
    data = back_cover(tmp_path, None)
    assert data is not None
    image = first_page(data, 72)
    assert image.size == (420, 596)
    assert "".join(glyph.char for glyph in glyphs(data)) == "网络强国读本"


def test_a_theme_may_leave_its_back_cover_out(tmp_path: Path) -> None:
    assert back_cover(tmp_path, "{# nothing #}\n") is None
