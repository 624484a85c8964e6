"""The theme `pocket`: facts of its pages, its cover and its e-book."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checkers import run_epubcheck
from tests.conftest import SAMPLE, Press
from tests.pdf_facts import BLACK, Pdf, read_pdf
from tests.test_grid import off_the_grid, text_lines
from tests.theme_facts import (
    LONG_TITLE,
    RAIN,
    colours_of,
    geometry_of,
    last_above_nothing,
    press_build,
    sections,
    seen,
)

from booklet.build import Report, build
from booklet.errors import InputError, Severity
from booklet.theme import SearchPath
from booklet.theme.imports import with_imports

MM = 72 / 25.4
EM, PITCH = 10.5, 16
MEASURE, GUTTER, HEAD = 25 * EM, 51.0, 58.0
FOOT = HEAD + 26 * PITCH
HEADING = 14.0

BLOCKS = f"""## 表与图

{RAIN}[^1]

| 年份 | 雨日 |
|---|---:|
| 2001 | 120 |
| 2002 | 98 |

{RAIN * 3}

::: verse
山雨欲来云压城
一溪新水过桥明
:::

- {RAIN}
- 第二件事

{{汉字|hànzì}}与[着重]{{.dots}}。{RAIN}

```
def rain(): pass
```

::: note
{RAIN}
:::

{RAIN * 14}

## {LONG_TITLE}

{RAIN * 9}

——2011年1月1日，一段很长的谈话

[^1]: {RAIN}
"""


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The first publication in this theme, for screen, printer and reader."""
    folder = tmp_path_factory.mktemp("pocket")
    source = press_build(folder, "pocket", SAMPLE)
    return build(source, folder / "out", ["screen", "press", "cover", "ebook"])


@pytest.fixture(scope="module")
def book(letters: Report) -> Pdf:
    return read_pdf(letters.outputs[0].path.read_bytes())


@pytest.fixture(scope="module")
def pocket(press: Press) -> Callable[..., Pdf]:
    """Build a manuscript in this theme."""

    @cache
    def made(manuscript: str, title: str = "雨", options: str = "") -> Pdf:
        chosen = dict(pair.split("=") for pair in options.split()) or None
        return press(manuscript, theme="pocket", title=title, title_lines=None,
                     contributors=None, options=chosen)  # fmt: skip

    return made


# ---- the page -----------------------------------------------------------------------------------


def test_the_type_area_is_25_characters_by_26_lines(book: Pdf) -> None:
    page = book.labelled("8")
    assert (page.width / MM, page.height / MM) == pytest.approx((130, 184), abs=0.01)
    assert (geometry_of("pocket").pitch, geometry_of("pocket").area.characters) == (PITCH, 25)
    lines = text_lines(page, geometry_of("pocket"))
    fore_edge = page.width - GUTTER - MEASURE
    assert min(line.left for line in lines) == pytest.approx(fore_edge, abs=0.1)
    full = [line for line in lines if len(line.text) >= 24 and line.glyphs[-1].char not in "，。、"]
    assert full
    assert all(line.right == pytest.approx(fore_edge + MEASURE, abs=0.1) for line in full)
    assert max(line.y for line in lines) < FOOT


def test_lines_stand_on_the_grid(book: Pdf, pocket: Callable[..., Pdf]) -> None:
    geometry = geometry_of("pocket")
    first = book.labels.index("5")
    assert off_the_grid(book.pages[first:], geometry) == []
    other = pocket(BLOCKS)
    pages = other.pages[other.labels.index("3") :]
    assert sum(len(text_lines(page, geometry)) for page in pages) > 50
    assert off_the_grid(pages, geometry) == []


def test_no_heading_stands_last(book: Pdf, pocket: Callable[..., Pdf]) -> None:
    many = pocket(sections(50))
    for pdf in (book, many):
        assert last_above_nothing(pdf.pages[4:], HEADING) == []
    texts = [line.text for page in many.pages for line in page.lines if line.set_in(HEADING)]
    assert sum("回雨" in text for text in texts) == 50


def test_pages_follow_each_other_without_half_title_and_imprint_page(book: Pdf) -> None:
    assert book.labels == ("", "", *map(str, range(1, 11)))
    assert "习近平关于" in book.labelled("1").text
    assert "编前语" in book.labelled("2").text
    assert book.labelled("3").text.startswith("目录")
    assert not seen(book.labelled("4").glyphs)
    assert "一把握时代大势" in book.labelled("5").text
    last = book.labelled("10")
    imprint = [line for line in last.lines if line.set_in(7.5) and line.y > HEAD]
    assert "25字×26行" in "".join(line.text for line in imprint)
    assert FOOT - PITCH < imprint[-1].y < FOOT
    assert imprint[0].y > max(line.y for line in text_lines(last, geometry_of("pocket")))


def test_without_a_preface_the_contents_stand_on_the_back_of_the_title(
    pocket: Callable[..., Pdf],
) -> None:
    pdf = pocket(sections(50))
    assert pdf.labelled("2").text.startswith("目录")
    assert "第1回雨" in pdf.labelled("3").text


def test_one_section_has_neither_contents_nor_blank_pages(pocket: Callable[..., Pdf]) -> None:
    pdf = pocket(f"## 雨天\n\n{RAIN}\n")
    assert pdf.labels == ("", "", "1", "2", "3")
    assert "目录" not in pdf.text


def test_running_heads_stand_at_the_fore_edge(book: Pdf) -> None:
    verso, recto = book.labelled("6"), book.labelled("7")
    left = verso.find("习近平关于建设网络强国的讲话")
    assert left.text.startswith("6\u3000")
    assert left.left == pytest.approx(verso.width - GUTTER - MEASURE, abs=0.1)
    right = recto.find("以人民为中心")
    assert right.text.endswith("\u30007")
    assert right.right == pytest.approx(GUTTER + MEASURE, abs=0.2)
    assert all(glyph.size == pytest.approx(7.5) for glyph in (*left.glyphs, *right.glyphs))


def test_the_inside_is_black_and_the_cover_has_the_tokens_colours(book: Pdf) -> None:
    inside = {glyph.color for page in book.pages[1:] for glyph in page.glyphs}
    assert inside <= {BLACK, (0x66, 0x66, 0x66)}
    cover = book.pages[0]
    assert cover.corner == (0x1F, 0x4D, 0x53)
    assert cover.corner in colours_of("pocket")
    assert {glyph.color for glyph in cover.glyphs} == {BLACK}


# ---- states -------------------------------------------------------------------------------------


def test_contents_of_more_than_30_entries_stand_in_two_columns(pocket: Callable[..., Pdf]) -> None:
    page = pocket(sections(50)).labelled("2")
    numbers = [line for line in page.lines if "回雨" in line.text]
    assert max(line.text.count("回雨") for line in numbers) == 2
    assert len(numbers) < 26


def test_a_long_title_keeps_within_label_page_and_running_head(pocket: Callable[..., Pdf]) -> None:
    pdf = pocket(sections(9), title=LONG_TITLE)
    cover = [glyph for glyph in pdf.pages[0].glyphs if glyph.size > 12]
    assert "".join(glyph.char for glyph in cover).replace("\n", "") == LONG_TITLE
    assert max(glyph.right for glyph in cover) < GUTTER + 22 + 202
    heads = [line for line in pdf.labelled("4").lines if line.y < HEAD]
    assert [line.text for line in heads] == [f"4\u3000{LONG_TITLE[:20]}……"]


def test_numbers_come_with_the_indexes(pocket: Callable[..., Pdf]) -> None:
    manuscript = sections(3, 2)
    plain, indexed = pocket(manuscript), pocket(manuscript, options="indexes=auto")
    assert "按时间索引" not in plain.text
    assert "按时间索引" in indexed.text
    first = text_lines(plain.labelled("3"), geometry_of("pocket"))[0]
    assert first.text.startswith("山中")
    assert any(line.text.startswith("1山中") for line in indexed.labelled("3").lines)


def test_roman_folios_are_refused(tmp_path: Path) -> None:
    source = press_build(tmp_path, "pocket", SAMPLE)
    with (source / "booklet.yaml").open("a", encoding="utf-8") as header:
        header.write("options: {folios: roman}\n")
    with pytest.raises(InputError) as caught:
        build(source, tmp_path / "out", ["screen"])
    assert [item.code for item in caught.value.diagnostics] == ["option-value"]


# ---- printer and reader -------------------------------------------------------------------------


def test_files_for_the_printer_pass_preflight(letters: Report) -> None:
    assert [output.edition for output in letters.outputs] == ["screen", "press", "cover", "ebook"]
    grave = [str(item) for item in letters.diagnostics if item.severity > Severity.NOTE]
    assert grave == []


def test_the_e_book_passes_epubcheck_in_the_colour_of_the_theme(letters: Report) -> None:
    path = letters.outputs[-1].path
    assert run_epubcheck(path).faults == ()
    with zipfile.ZipFile(path) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".css")]
        css = archive.read(name).decode()
    assert "@import" not in css
    assert "#b3141c" not in css
    assert css.count("#1f4d53") > 1


SHEETS = {
    "reader/epub.css": '@charset "utf-8";\na { color: red }',
    "loop.css": '@import "loop.css";',
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> SearchPath:
    root = tmp_path_factory.mktemp("themes")
    for name, css in SHEETS.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(css, "utf-8")
    return SearchPath((root,))


def test_an_imported_sheet_stands_before_the_rules(files: SearchPath) -> None:
    css = with_imports('/* mine */\n@import url("reader/epub.css");\nb { color: blue }', files)
    assert " ".join(css.split()) == "/* mine */ a { color: red } b { color: blue }"


@pytest.mark.parametrize("name", ["missing.css", "../secret.css", "http://example.org/a.css"])
def test_what_is_not_the_themes_is_left_to_be_refused(name: str, files: SearchPath) -> None:
    css = f'@import "{name}";'
    assert with_imports(css, files) == css


def test_a_sheet_that_imports_itself_ends(files: SearchPath) -> None:
    assert with_imports('@import "loop.css";', files).strip() == '@import "loop.css";'


@given(st.text(alphabet=" \n/*@importcharset\"'();.:{}ab", max_size=60))
def test_no_sheet_stops_the_imports(css: str) -> None:
    assert css.endswith(with_imports(css, SearchPath(())))
