"""The theme `children`: cells and rows, readings, spreads, bleed, states, and what it refuses."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup
from tests.checkers import run_epubcheck
from tests.pdf_facts import Glyph, Line, Page, Pdf, read_pdf

from booklet.build import Report, build
from booklet.errors import InputError, Severity
from booklet.fonts import check_shelf, open_shelf
from booklet.model.measures import MM
from booklet.theme import built_in_folder
from booklet.theme.environment import marks

SAMPLE = built_in_folder() / "children" / "sample"
FIVE, SEVEN, RIDDLE, EIGHT, PROSE = "5", "7", "9", "13", "15"
"""Folios of the sample's pieces."""

BLUE = (0x31, 0x50, 0x8A)


@dataclass(frozen=True)
class Books:
    """The sample's editions."""

    report: Report
    screen: Pdf
    press: Path
    ebook: Path


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    report = build(SAMPLE, tmp_path_factory.mktemp("children"), ["screen", "press", "ebook"])
    paths = {output.edition: output.path for output in report.outputs}
    screen = read_pdf(paths["screen"].read_bytes())
    return Books(report, screen, paths["press"], paths["ebook"])


def is_han(glyph: Glyph) -> bool:
    return "\u4e00" <= glyph.char <= "\u9fff"


def rows(page: Page, size: float) -> list[Line]:
    """The lines of characters of a size, without readings."""
    lines = [
        Line(line.y, tuple(g for g in line.glyphs if is_han(g) and abs(g.size - size) < 0.1))
        for line in page.lines
    ]
    return [line for line in lines if line.glyphs]


def readings(page: Page, size: float) -> list[list[Glyph]]:
    """The readings of a size, in the order of the page."""
    found: list[list[Glyph]] = []
    for glyph in page.glyphs:
        if "Andika" not in glyph.font or abs(glyph.size - size) > 0.1:
            found.append([])
        else:
            found[-1:] = [[*(found[-1] if found else []), glyph]]
    return [one for one in found if one]


def pitches(values: list[float]) -> set[float]:
    return {round(two - one, 1) for one, two in pairwise(values)}


# ---- marks --------------------------------------------------------------------------------------


def test_marks_are_wrapped_and_nothing_else_of_markup() -> None:
    html = Markup('<a title="，">春，</a>“夏”&amp;…')
    span = '<span class="mark">{}</span>'
    assert marks(html) == (
        f'<a title="，">春{span.format("，")}</a>{span.format("“")}夏{span.format("”")}&amp;'
        f"{span.format('…')}"
    )


@given(st.text(st.characters(exclude_categories=["C"])))
def test_wrapping_marks_changes_no_text(text: str) -> None:
    assert unescape(re.sub(r"</?span[^>]*>", "", marks(text))) == text


# ---- the sample ----------------------------------------------------------------------------------


def test_the_sample_is_whole_and_fills_four_sheets(books: Books) -> None:
    assert [str(item) for item in books.report.diagnostics] == []
    assert [label for label in books.screen.labels if label] == [str(n) for n in range(1, 17)]


def test_a_picture_stands_on_the_left_and_its_words_on_the_right(books: Books) -> None:
    silent = [page.text == "" for page in books.screen.pages if books.screen.labels[page.index]]
    assert [number for number, empty in enumerate(silent, 1) if empty] == [4, 6, 8, 10, 12, 14]


@pytest.mark.parametrize(
    ("folio", "size", "cell", "row"),
    [(FIVE, 36, 56, 78), (SEVEN, 30, 46, 78), (RIDDLE, 30, 46, 66), (EIGHT, 26, 44, 48)],
)
def test_verse_stands_in_cells_and_rows(
    books: Books, folio: str, size: float, cell: float, row: float
) -> None:
    lines = rows(books.screen.labelled(folio), size)
    if folio == EIGHT:
        lines = [line for line in lines if line.glyphs[0].size < 27]
    assert len(lines) == (8 if folio == EIGHT else 4)
    assert {round(line.left, 1) for line in lines} == {round(lines[0].left, 1)}
    assert {pitch for line in lines for pitch in pitches([g.x for g in line.glyphs])} == {cell}
    assert pitches([line.y for line in lines]) == {row}


@pytest.mark.parametrize(("folio", "size", "sound"), [(FIVE, 36, 15), (SEVEN, 30, 12.5)])
def test_readings_stand_in_the_middle_of_their_characters(
    books: Books, folio: str, size: float, sound: float
) -> None:
    page = books.screen.labelled(folio)
    bases = [glyph for glyph in page.glyphs if is_han(glyph) and abs(glyph.size - size) < 0.1]
    above = [one for one in readings(page, sound) if abs(one[0].size - sound) < 0.1][-len(bases) :]
    assert len(above) == len(bases)
    for base, reading in zip(bases, above, strict=True):
        middle = (reading[0].x + reading[-1].right) / 2
        assert middle == pytest.approx(base.x + size / 2, abs=0.6)
        assert base.y - reading[0].y > size


def test_readings_are_coloured_by_the_piece_and_never_below_11_points(books: Books) -> None:
    page = books.screen.labelled(SEVEN)
    sounds = [glyph for glyph in page.glyphs if "Andika" in glyph.font and glyph.char != SEVEN]
    assert {glyph.color for glyph in sounds} == {BLUE}
    all_sounds = [g for page in books.screen.pages for g in page.glyphs if "Andika" in g.font]
    assert min(glyph.size for glyph in all_sounds) > 10.9


def test_a_mark_takes_half_a_cell(books: Books) -> None:
    (line, *_) = [line for line in books.screen.labelled(PROSE).lines if "上，" in line.text]
    glyphs = line.glyphs
    at = next(n for n, glyph in enumerate(glyphs) if glyph.char == "，")
    assert glyphs[at].x - glyphs[at - 1].x == pytest.approx(40, abs=0.1)
    assert glyphs[at + 1].x - glyphs[at].x == pytest.approx(20, abs=0.1)


def test_the_folio_is_white_in_a_disc_at_the_outer_corner(books: Books) -> None:
    page = books.screen.labelled(SEVEN)
    (folio,) = [glyph for glyph in page.glyphs if glyph.char == SEVEN]
    assert folio.color == (255, 255, 255)
    document = pypdfium2.PdfDocument(books.report.outputs[0].path)
    image = document[page.index].render(scale=2).to_pil().convert("RGB")
    middle = page.width - 39, page.height - 35
    for x, y in ((-11, 0), (11, 0), (0, -11), (0, 11)):
        assert image.getpixel((int(2 * (middle[0] + x)), int(2 * (middle[1] + y)))) == BLUE
    assert image.getpixel((int(2 * (middle[0] - 12)), int(2 * (middle[1] - 12)))) != BLUE


def test_a_picture_reaches_the_bleed_on_every_side(books: Books) -> None:
    document = pypdfium2.PdfDocument(books.press)
    trim, media = document[3].get_trimbox(), document[3].get_mediabox()
    image = document[3].render(scale=1).to_pil().convert("L")
    left, right = trim[0] - media[0] - 2.8 * MM, trim[2] - media[0] + 2.8 * MM
    top, foot = media[3] - trim[3] - 2.8 * MM, media[3] - trim[1] + 2.8 * MM
    edge = [image.getpixel((int(x), int((top + foot) / 2))) for x in (left, right)]
    edge += [image.getpixel((int((left + right) / 2), int(y))) for y in (top, foot)]
    assert max(edge) < 240
    assert image.getpixel((int(left - 2.8 * MM), int((top + foot) / 2) + 60)) > 250


def test_ruby_is_tagged(books: Books) -> None:
    count = (SAMPLE / "manuscript.md").read_text("utf-8").count("|")
    names = [tag.name for tag in books.screen.tags]
    assert names.count("Ruby") >= count
    assert names.count("Ruby") == names.count("RB") == names.count("RT")


def test_the_e_book_has_real_ruby_and_the_picture_before_the_poem(books: Books) -> None:
    assert run_epubcheck(books.ebook).faults == ()
    with zipfile.ZipFile(books.ebook) as archive:
        texts = [name for name in archive.namelist() if name.startswith("EPUB/text/")]
        trees = [etree.fromstring(archive.read(name)) for name in texts]
        poem = etree.fromstring(archive.read("EPUB/text/section-01.xhtml"))
        css = archive.read("EPUB/css/style.css").decode()
    count = (SAMPLE / "manuscript.md").read_text("utf-8").count("|")
    assert sum(len(tree.findall(".//{*}ruby")) for tree in trees) == count
    order = [etree.QName(element).localname for element in poem.iter("{*}figure", "{*}h1")]
    assert order == ["figure", "h1"]
    assert re.search(r"\.verse \{[^}]*font-size: 1\.8em", css)
    assert re.search(r"\nrt \{[^}]*font-size: 0\.45em", css)


# ---- states --------------------------------------------------------------------------------------


def publication(folder: Path, text: str, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "images").mkdir(exist_ok=True)
    shutil.copy(SAMPLE / "images" / "cat.svg", folder / "images")
    (folder / "manuscript.md").write_text(text, "utf-8")
    header = "language: zh-Hans\nmanuscript: manuscript.md\ntheme: children\n"
    (folder / "booklet.yaml").write_text(header, "utf-8")
    for name, content in files.items():
        (folder / name).write_text(content, "utf-8")
    return folder


def read(text: str, sounds: str) -> str:
    """Write a text with its readings."""
    waiting = iter(sounds.split())
    return "".join(f"{{{c}|{next(waiting)}}}" if "\u4e00" <= c <= "\u9fff" else c for c in text)


def verse(*lines: str) -> str:
    return "\n".join(["::: verse", *lines, ":::\n"])


SHUANG = read("床窗双庄霜，", "chuáng chuāng shuāng zhuāng shuāng")
MOON = read("明月上山来。", "míng yuè shàng shān lái")
POET = read("唐·某", "táng mǒu")


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Pdf:
    """Poems of many shapes, most of them without a picture."""
    text = "\n".join(
        [
            "# 诗\n",
            f'## {read("宽", "kuān")}\n\n![猫](images/cat.svg "一只猫")\n\n{POET}\n',
            verse(SHUANG, MOON, SHUANG, MOON),
            f"## {read('八句', 'bā jù')}\n\n{POET}\n",
            verse(*[SHUANG, MOON] * 4),
            f"## {read('六句', 'liù jù')}\n\n{POET}\n",
            verse(*[SHUANG, MOON] * 3),
            "## 没有注音\n",
            verse("床前明月光，", "疑是地上霜。"),
            "## 很长很长的题目很长很长的题目很长很长的题目\n",
            "一篇没有注音的短文，排成密排的大字。" * 12 + "\n\n- 甲\n- 乙\n",
        ]
    )
    folder = publication(tmp_path_factory.mktemp("states") / "book", text)
    report = build(folder, folder / "out", ["screen"])
    assert [str(item) for item in report.diagnostics] == []
    return read_pdf(report.outputs[0].path.read_bytes())


def test_wide_readings_do_not_touch_and_do_not_move_the_left_edge(states: Pdf) -> None:
    page = states.page_of("一只猫")
    lines = rows(page, 36)
    assert len({round(line.left, 1) for line in lines}) == 1
    sounds = [
        line.glyphs for line in page.lines
        if all("Andika" in g.font for g in line.glyphs) and line.set_in(15) and len(line.glyphs) > 9
    ]  # fmt: skip
    assert len(sounds) == 4
    for glyphs in sounds:
        gaps = [two.x - one.right for one, two in pairwise(glyphs)]
        assert sum(gap > 2 for gap in gaps) == 4
        assert min(gaps) > -1


@pytest.mark.parametrize(("words", "lines"), [("八句", 8), ("六句", 6)])
def test_long_poems_with_title_and_poet_stay_on_their_page(
    states: Pdf, words: str, lines: int
) -> None:
    pages = [page for page in states.pages if words in page.text and page.index > 4]
    (page,) = pages
    assert len([line for line in page.lines if "月" in line.text or "窗" in line.text]) == lines
    assert max(line.y for line in page.lines if "月" in line.text) < page.height - 42


def test_a_title_without_a_reading_and_verse_without_readings_are_set_in_cells(states: Pdf) -> None:
    page = states.page_of("疑是地上霜。")
    (line, *_) = rows(page, 36)
    assert pitches([glyph.x for glyph in line.glyphs]) == {56}


def test_prose_without_readings_is_set_solid(states: Pdf) -> None:
    page = states.page_of("密排的大字")
    line = rows(page, 20)[0]
    assert pitches([glyph.x for glyph in line.glyphs]) <= {20, 40}


def test_one_piece_needs_no_contents(tmp_path: Path) -> None:
    text = f"# 猫\n\n## {MOON}\n\n![猫](images/cat.svg)\n\n{verse(MOON, MOON)}"
    report = build(publication(tmp_path / "one", text), tmp_path, ["screen"])
    pdf = read_pdf(report.outputs[0].path.read_bytes())
    assert [label for label in pdf.labels if label] == ["1", "2", "3", "4"]
    assert "目录" not in pdf.text


def test_readings_that_were_made_stand_in_the_same_cells(tmp_path: Path) -> None:
    poem = verse("床前明月光，", "疑是地上霜。")
    text = f"# 诗\n\n## 静夜思\n\n{poem}\n## 老猫\n\n老猫睡在屋顶上。\n"
    folder = publication(tmp_path / "book", text)
    with (folder / "booklet.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "editions: [screen]\nderived: {pinyin: {ruby: pinyin, editions: [screen, ebook]}}\n"
        )
    report = build(folder, folder / "out")
    paths = [output.path for output in report.outputs if "pinyin" in output.path.name]
    assert sorted(path.suffix for path in paths) == [".epub", ".pdf"]
    pdf = read_pdf(next(path for path in paths if path.suffix == ".pdf").read_bytes())
    page = pdf.page_of("床前明月光")
    lines = rows(page, 36)
    assert pitches([glyph.x for glyph in lines[0].glyphs]) == {56}
    assert pitches([line.y for line in lines]) == {78}
    assert any(line.set_in(15, "Andika") and "chuáng" in line.text for line in page.lines)
    assert rows(pdf.page_of("屋顶上"), 24)


# ---- what it refuses, and what it tells ----------------------------------------------------------


def test_a_table_is_refused_at_its_place(tmp_path: Path) -> None:
    text = f"# 表\n\n## 一\n\n{MOON}\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 二 |\n"
    with pytest.raises(InputError) as caught:
        build(publication(tmp_path / "book", text), tmp_path, ["screen"])
    (found,) = caught.value.diagnostics
    assert (found.code, found.place.line) == ("theme-refuses", 7)
    assert "table" in found.message


def test_a_character_without_its_reading_is_told(tmp_path: Path) -> None:
    text = f"# 月\n\n## 月\n\n{verse(MOON, MOON.replace('{山|shān}', '山'))}"
    report = build(publication(tmp_path / "book", text), tmp_path, ["screen"])
    (found,) = report.diagnostics
    assert (found.code, found.severity) == ("reading-missing", Severity.WARNING)
    assert found.message.endswith("山")
    assert found.place.line == 6


def test_a_book_without_readings_is_set_and_noted(tmp_path: Path) -> None:
    text = "# 书\n\n## 一\n\n一段没有注音的文字。\n\n——2018年4月20日，在会上\n\n## 二\n\n另一段。\n"
    report = build(publication(tmp_path / "book", text), tmp_path, ["screen"])
    assert [(item.code, item.severity) for item in report.diagnostics] == [
        ("reading-missing", Severity.NOTE)
    ]


def test_without_andika_the_next_font_stands_in(tmp_path: Path) -> None:
    (found,) = check_shelf(open_shelf(system=[tmp_path]), ["Andika"])
    assert (found.code, found.severity) == ("font-absent", Severity.NOTE)
