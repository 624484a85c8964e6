"""The theme `classic`: facts of its pages, read back from every edition of its sample."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from tests.column_facts import cells, columns, open_pages, words
from tests.conftest import SAMPLE, write_publication

from booklet.build import Report, build
from booklet.errors import InputError, Severity
from booklet.finish.pdf_text import read_pdf_text
from booklet.finish.press.text import as_written

ROOT = Path(__file__).parents[1]
CLASSIC = ROOT / "templates" / "classic" / "sample"
EM, PITCH, SIDE = 21, 33, 420.0
HEAD = 118
RED = (0xC0, 0x28, 0x1F)
COVER, TITLE, TABLET, PREFACE, CONTENTS, FIRST = 0, 2, 3, 4, 5, 6


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Every edition of the sample."""
    return build(CLASSIC, tmp_path_factory.mktemp("classic"))


@pytest.fixture(scope="module")
def files(report: Report) -> dict[str, bytes]:
    """The files by edition."""
    return {output.edition: output.path.read_bytes() for output in report.outputs}


Small = Callable[..., bytes]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Make the screen edition of a short manuscript in classical columns."""

    @cache
    def make(manuscript: str, **options: str) -> bytes:
        folder = tmp_path_factory.mktemp("small") / "book"
        write_publication(
            folder, manuscript, title=None, title_lines=None, theme="classic", language="zh-Hant",
            options=options, editions=["screen"],
        )  # fmt: skip
        return build(folder, folder / "out").outputs[0].path.read_bytes()

    return make


# ---- columns and cells ---------------------------------------------------------------------------


def test_columns_run_from_right_to_left_with_a_pitch_of_33_points(files: dict[str, bytes]) -> None:
    page = open_pages(files["screen"])[FIRST]
    xs = list(columns(cells(page), EM))
    # A recto lies left of the fold: the fold, and with it the first column, is at the right.
    assert xs[0] == pytest.approx(148 * 72 / 25.4 - 46 - PITCH / 2, abs=0.3)
    assert [round(one - two, 1) for one, two in pairwise(xs)] == [PITCH] * 8


def test_every_character_of_the_text_stands_in_a_cell(files: dict[str, bytes]) -> None:
    document = open_pages(files["screen"])
    full = 0
    for number in range(FIRST, len(document)):
        for column in columns(cells(document[number]), EM).values():
            assert len(column) <= 19
            full += len(column) == 19
            for cell in column:
                place = (cell.y - HEAD) / EM
                assert place == pytest.approx(round(place), abs=0.02)
                assert 0 <= round(place) < 19
    assert full >= 15


def test_the_order_of_the_file_is_that_of_the_columns(files: dict[str, bytes]) -> None:
    for number in range(FIRST, FIRST + 2):
        found = [c for c in cells(open_pages(files["screen"])[number]) if abs(c.size - EM) < 0.1]
        assert found == sorted(found, key=lambda cell: (-cell.x, cell.y))


def test_the_title_stands_two_characters_lower(files: dict[str, bytes]) -> None:
    by_column = list(columns(cells(open_pages(files["screen"])[FIRST]), EM).values())
    assert "".join(cell.char for cell in by_column[0]) == "聽雨小志"
    assert "".join(cell.char for cell in by_column[1]) == "居處第一"
    assert by_column[1][0].y == pytest.approx(HEAD + 2 * EM, abs=0.3)
    assert by_column[2][0].y == pytest.approx(HEAD, abs=0.3)


def test_the_preface_stands_one_character_lower(files: dict[str, bytes]) -> None:
    for column in columns(cells(open_pages(files["screen"])[PREFACE]), EM).values():
        assert column[0].y == pytest.approx(HEAD + EM, abs=0.3)


# ---- notes in two half lines ---------------------------------------------------------------------


def half_lines(data: bytes, page: int) -> dict[float, str]:
    found = columns(cells(open_pages(data)[page]), EM / 2)
    inside = {x: column for x, column in found.items() if column[0].y >= HEAD - 1}
    return {x: "".join(cell.char for cell in column) for x, column in inside.items()}


def test_a_note_is_read_in_its_right_half_first(small: Small) -> None:
    data = small("# 書\n\n## 篇\n\n雨[^a]止。\n\n[^a]: 甲乙丙丁戊己庚\n")
    (right, one), (left, two), *_ = half_lines(data, FIRST - 2).items()
    assert (one, two) == ("甲乙丙丁", "戊己庚")
    assert right - left == pytest.approx(14, abs=0.1)


def test_a_long_note_goes_on_in_the_next_column_in_two_half_lines(small: Small) -> None:
    note = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    data = small(f"# 書\n\n## 篇\n\n{'雨' * 17}[^a]止。\n\n[^a]: {note}\n")
    parts = [part for part in half_lines(data, FIRST - 2).values() if part[0] in note]
    # Two cells of four are left in the column; the other twelve characters open the next one.
    assert parts == ["甲乙丙丁", "戊己庚辛", "壬癸子丑寅卯", "辰巳午未申酉"]
    (after,) = [c for c in cells(open_pages(data)[FIRST - 2]) if c.char.startswith("止")]
    assert after.y == pytest.approx(HEAD + 3 * EM, abs=0.3)


def test_an_attribution_is_a_note(small: Small) -> None:
    data = small("# 書\n\n## 篇\n\n雨聲在瓦。\n\n——2018年4月20日，某處談話\n")
    first, second, *_ = half_lines(data, FIRST - 2).values()
    assert (first + second).replace(" ", "") == "——2018年4月20日，某處談話"


# ---- text that readers find ----------------------------------------------------------------------


def printed(text: str) -> str:
    return "".join(text.split())


def source_of(section: str) -> str:
    """Give a section of the sample as it is read: notes where they are called."""
    text = (CLASSIC / "manuscript.md").read_text(encoding="utf-8")
    notes = dict(re.findall(r"^\[\^(\w+)\]: (.+)$", text, re.MULTILINE))
    body = text.partition(f"## {section}\n")[2].partition("\n## ")[0].partition("\n[^")[0]
    body = re.sub(r"\[\^(\w+)\]", lambda match: notes[match[1]], body)
    return printed(re.sub(r"^:::.*$", "", body, flags=re.MULTILINE))


@pytest.mark.parametrize("section", ["居處第一", "聽雨第二", "器物第三"])
def test_poppler_reads_the_columns_as_they_were_written(
    files: dict[str, bytes], section: str, tmp_path: Path
) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(files["screen"])
    run = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    # The strip of a page stands in the file behind its text.
    strips = rf"聽雨小志{section}[五六七八九十]+\f?"
    said = re.sub(strips, "", printed(run.stdout.decode()))
    assert source_of(section) in said


def test_pdfium_finds_words_across_marks_and_says_what_is_written(files: dict[str, bytes]) -> None:
    document = open_pages(files["screen"])
    text = document[FIRST].get_textpage()
    searcher = text.search("心大則樓大。吾臥而見四山之雲，坐而聞十里之雨")
    assert searcher.get_next() is not None
    assert "或問：「樓小如此，何以居？」曰：「心大則樓大。" in words(document[FIRST])


def test_marks_take_no_room_and_are_red_paths(small: Small) -> None:
    plain, marked = (
        small("# 書\n\n## 篇\n\n雨聲在瓦\n"),
        small("# 書\n\n## 篇\n\n雨，聲；在。瓦？\n"),
    )
    places = [
        [(c.x, c.y) for c in cells(open_pages(data)[FIRST - 2]) if abs(c.size - EM) < 0.1]
        for data in (plain, marked)
    ]
    assert places[0] == places[1]
    assert (reds(plain), reds(marked) > 20) == (0, True)


def reds(data: bytes) -> int:
    image = pypdfium2.PdfDocument(data)[FIRST - 2].render(scale=2).to_pil().convert("RGB")
    colors = image.getcolors(1 << 24) or []
    return sum(
        count for count, (red, green, blue) in colors if red > 150 and green < 90 and blue < 90
    )


def test_a_mark_behind_a_reading_is_read_behind_it(small: Small) -> None:
    data = small("# 書\n\n## 篇\n\n一座{栈|zhàn}{桥|qiáo}，橋頭{立|lì}。\n")
    said = read_pdf_text(data)[FIRST - 2]
    assert "栈zhàn桥qiáo，橋頭立lì。" in said


def test_unpunctuated_text_shows_no_mark_and_keeps_each(small: Small) -> None:
    data = small("# 書\n\n## 篇\n\n雨，聲；在。瓦？\n", punctuation="plain")
    assert reds(data) == 0
    assert "雨，聲；在。瓦？" in words(open_pages(data)[FIRST - 2])


def test_punctuation_in_the_line_takes_cells(small: Small) -> None:
    data = small("# 書\n\n## 篇\n\n雨，聲；在。瓦？\n", punctuation="inline")
    (column,) = [
        column for column in columns(cells(open_pages(data)[FIRST - 2]), EM).values()
        if column[0].char == "雨"
    ]  # fmt: skip
    assert [cell.char for cell in column] == [*"雨，聲；在。瓦？"]
    assert column[-1].y - column[0].y == pytest.approx(7 * EM, abs=0.1)


def test_figures_of_a_date_stand_upright(small: Small) -> None:
    data = small("# 書\n\n## 篇\n\n時在2018年4月20日。\n")
    (column,) = [
        column for column in columns(cells(open_pages(data)[FIRST - 2]), EM).values()
        if column[0].char == "時"
    ]  # fmt: skip
    # 2018 one below the other, 20 side by side in one cell.
    assert [cell.char for cell in column] == [*"時在2018年4月", "20", "日。"]


# ---- what turns with the page --------------------------------------------------------------------


def test_pages_are_upright_in_every_box(files: dict[str, bytes]) -> None:
    for edition in ("screen", "press"):
        with pikepdf.open(io.BytesIO(files[edition])) as pdf:
            for page in pdf.pages:
                assert "/Rotate" not in page.obj
                left, low, right, high = map(float, page.trimbox)
                assert (right - left, high - low) == pytest.approx((419.53, 595.28), abs=0.01)
                box, bleed = [*map(float, page.mediabox)], [*map(float, page.obj.BleedBox)]
                assert box[0] <= bleed[0] <= left
                assert high <= bleed[3] <= box[3]


def test_the_book_is_bound_at_the_right(files: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(files["screen"])) as pdf:
        assert pdf.Root.ViewerPreferences.Direction == "/R2L"


def links(page: pikepdf.Page) -> Iterator[tuple[tuple[float, ...], str]]:
    for annotation in page.obj.get("/Annots", []):
        yield tuple(map(float, annotation.Rect)), str(annotation.get("/Dest", ""))


def test_links_of_the_contents_lie_over_their_words(files: dict[str, bytes]) -> None:
    found = columns(cells(open_pages(files["screen"])[CONTENTS]), EM)
    entries = {
        "".join(cell.char for cell in column): x for x, column in found.items()
    }  # fmt: skip
    with pikepdf.open(io.BytesIO(files["screen"])) as pdf:
        page = pdf.pages[CONTENTS]
        boxes = [box for box, _ in links(page)]
        high = float(page.mediabox[3])
    for title in ("居處第一", "聽雨第二", "器物第三", "四時第四"):
        over = [box for box in boxes if box[0] <= entries[title] <= box[2]]
        assert over, title
        assert any(box[1] <= high - HEAD - 3 * EM <= box[3] for box in over)


def test_outline_and_labels_lead_to_the_pages(files: dict[str, bytes]) -> None:
    document = pypdfium2.PdfDocument(files["screen"])
    entries = {item.get_title(): item.get_dest() for item in document.get_toc()}
    assert [title for title in entries if "第" in title] == [
        "居處第一", "聽雨第二", "器物第三", "四時第四",
    ]  # fmt: skip
    for title in ("居處第一", "四時第四"):
        dest = entries[title]
        page = document[dest.get_index()]
        left, high = dest.get_view()[1][:2]
        assert title in words(open_pages(files["screen"])[dest.get_index()])
        assert 0 <= left <= page.get_width()
        assert 0 <= high <= page.get_height()
    assert [document.get_page_label(number) for number in (TITLE, FIRST)] == ["1", "5"]


def test_the_strip_counts_leaves_in_chinese_figures(files: dict[str, bytes]) -> None:
    document = open_pages(files["screen"])
    for number, leaf in ((PREFACE, "三"), (CONTENTS, "四"), (FIRST, "五")):
        strip = [cell for cell in cells(document[number]) if abs(cell.size - EM / 2) < 0.1]
        side = max(strip, key=lambda cell: cell.y)
        assert side.char == leaf or number == FIRST
        assert "聽雨小志" in "".join(cell.char for cell in strip)


def test_the_halves_of_a_leaf_carry_the_strip_outside(files: dict[str, bytes]) -> None:
    document = open_pages(files["screen"])
    for number, left in ((FIRST, True), (FIRST + 1, False)):
        found = cells(document[number])
        text = [cell.x for cell in found if abs(cell.size - EM) < 0.1]
        (strip,) = {
            round(c.x) for c in found
            if c.char == "志" and abs(c.size - EM / 2) < 0.1
        }  # fmt: skip
        assert (strip < min(text)) is left
        assert (strip > max(text)) is not left


def test_the_proof_of_the_grid_frames_the_columns(tmp_path: Path) -> None:
    outputs = build(CLASSIC, tmp_path, ["screen"], show_grid=True).outputs
    (path,) = [output.path for output in outputs if output.edition == "grid"]
    page = pypdfium2.PdfDocument(path.read_bytes())[FIRST]
    image = page.render(scale=2).to_pil().convert("RGB")
    framed = [
        (x / 2, y / 2) for x in range(image.width) for y in range(image.height)
        if image.getpixel((x, y))[1] < 150 < image.getpixel((x, y))[0] - 40
        and image.getpixel((x, y))[2] > 120
    ]  # fmt: skip
    across = 148 * 72 / 25.4
    assert min(x for x, _ in framed) == pytest.approx(across - 46 - 9 * PITCH, abs=1)
    assert max(x for x, _ in framed) == pytest.approx(across - 46, abs=1)
    assert min(y for _, y in framed) == pytest.approx(HEAD, abs=1)
    assert max(y for _, y in framed) == pytest.approx(HEAD + 19 * EM, abs=1)


# ---- editions ------------------------------------------------------------------------------------


def test_every_edition_is_made_without_a_warning(report: Report) -> None:
    assert {output.edition for output in report.outputs} == {
        "screen", "press", "office", "cover", "ebook",
    }  # fmt: skip
    assert all(item.severity is Severity.NOTE for item in report.diagnostics), report.diagnostics


def test_the_press_edition_is_pdf_x4_and_says_the_same(files: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(files["press"])) as pdf:
        assert b"PDF/X-4" in pdf.Root.Metadata.read_bytes()
    ours, theirs = open_pages(files["press"]), open_pages(files["screen"])
    assert "心大則樓大。吾臥而見四山之雲" in words(ours[FIRST - 2])
    assert words(theirs[FIRST]) == words(ours[FIRST - 2])


SLIP = (26 + 32, 30 + 250)
"""A blank place on the slip, in points from the upper left corner of the front."""


def light(data: bytes, *places: tuple[float, float]) -> list[bool]:
    """Tell where the first page is lighter than cloth; places from its trim's upper left corner."""
    page = pypdfium2.PdfDocument(data)[0]
    left, _, _, high = page.get_trimbox()
    box, image = page.get_mediabox(), page.render(scale=1).to_pil().convert("L")
    return [
        image.getpixel((round(left - box[0] + x), round(box[3] - high + y))) > 150
        for x, y in places
    ]


def test_the_front_lies_left_of_the_spine(files: dict[str, bytes]) -> None:
    across = 148 * 72 / 25.4
    x, y = SLIP
    assert light(files["cover"], (x, y), (across + x, y)) == [True, False]


def test_the_outer_sheet_has_the_front_cover_left(files: dict[str, bytes]) -> None:
    x, y = SLIP
    assert light(files["office"], (x, y), (421 + x, y)) == [True, False]


def test_the_ebook_is_vertical_with_ordinary_punctuation(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files["ebook"])) as book:
        names = book.namelist()
        package = next(book.read(name) for name in names if name.endswith(".opf")).decode()
        css = next(book.read(name) for name in names if name.endswith(".css")).decode()
        text = next(book.read(name) for name in names if "section-02" in name).decode()
    assert 'page-progression-direction="rtl"' in package
    assert "writing-mode: vertical-rl" in css
    assert "border-block-end" in css
    assert "春雨如私語，夏雨如急鼓，秋雨如長歎，冬雨如無聲。" in text
    assert "judou" not in text


def test_two_builds_are_alike(report: Report, tmp_path: Path) -> None:
    again = build(CLASSIC, tmp_path, ["screen"])
    first = next(output for output in report.outputs if output.edition == "screen")
    assert again.outputs[0].path.read_bytes() == first.path.read_bytes()


def test_the_first_publication_is_set_verbatim(tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "book", theme="classic", editions=["screen"])
    report = build(folder, tmp_path / "out")  # the proof of fidelity is part of the build
    assert not [item for item in report.diagnostics if item.severity is not Severity.NOTE]
    document = open_pages(report.outputs[0].path.read_bytes())
    everything = "".join(words(page) for page in document)
    assert "信息化和经济全球化相互促进，互联网已经融" in everything
    assert SAMPLE.is_dir()


# ---- what the theme refuses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "line", "code", "severity"),
    [
        ("| 甲 | 乙 |\n|---|---|\n| 一 | 二 |", 5, "theme-refuses", Severity.ERROR),
        ("```\n甲\n```", 5, "theme-refuses", Severity.ERROR),
        ("雨`聲`止。", 5, "theme-refuses", Severity.ERROR),
        ("雨，\n止於 Paris。", 5, "theme-latin", Severity.WARNING),
    ],
)
def test_what_the_theme_cannot_set_is_told_at_its_place(
    tmp_path: Path, block: str, line: int, code: str, severity: Severity
) -> None:
    folder = write_publication(
        tmp_path / "book", f"# 書\n\n## 篇\n\n{block}\n", title=None, title_lines=None,
        theme="classic", editions=["screen"],
    )  # fmt: skip
    try:
        found = build(folder, tmp_path / "out").diagnostics
    except InputError as error:
        found = error.diagnostics
    (item,) = [item for item in found if item.code == code]
    assert (item.severity, item.place.line, bool(item.hint)) == (severity, line, True)
    assert item.place.file.endswith("manuscript.md")


def test_the_reader_of_written_order_leaves_other_files_alone() -> None:
    data = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(data)
    assert as_written(data.getvalue()) == data.getvalue()
