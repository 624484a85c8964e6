"""The theme `magazine`: facts of its pages, its cover and its e-book, and of what it repeats."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checkers import run_epubcheck
from tests.conftest import SAMPLE, Press
from tests.pdf_facts import Glyph, Line, Page, Pdf, read_pdf
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
from booklet.errors import Place, Severity
from booklet.finish.pdf_text import read_pdf_text
from booklet.model.content import Excerpt, Paragraph, Ruby, Text
from booklet.model.publication import Section
from booklet.typeset.pullquotes import LONGEST, SHORTEST, pull_quote
from booklet.typeset.segments import faults_of_repeats, parse_fragment, segments_of

MM = 72 / 25.4
EM, PITCH = 10.5, 17
COLUMN, BETWEEN = 20 * EM, 2 * EM
GUTTER, HEAD = 66.0, 70.0
FOOT = HEAD + 40 * PITCH
RED, GHOST, GREY, WHITE = (
    (0xD2, 0x23, 0x2A),
    (0xDE, 0x4F, 0x4F),
    (0x75, 0x75, 0x75),
    (255, 255, 255),
)
DAY, ORDINAL, TITLE, QUOTE = 38.0, 30.0, 16.0, 18.0
HERE = Place("m.md", 1)

BLOCKS = f"""{RAIN * 3}

## 表

| 年份 | 雨日 | 说明 |
|---|---:|---|
| 2001 | 120 | {RAIN[:20]} |
| 2002 | 98 | {RAIN[:20]} |

{RAIN * 8}[^1]

::: verse
山雨欲来云压城
一溪新水过桥明
:::

- {RAIN}
- 第二件事

### 小节

{{汉字|hànzì}}与[着重]{{.dots}}。{RAIN}

```
def rain(): pass
```

::: note
{RAIN}
:::

{RAIN * 40}

| 年份 | 说明 |
|---|---|
""" + "\n".join(f"| {2001 + row} | {RAIN} |" for row in range(50)) + f"""

{RAIN * 8}

## 长段

{RAIN * 60}

——2011年1月1日，一段很长的谈话[^2]

[^1]: {RAIN}

[^2]: {RAIN * 4}
"""  # fmt: skip


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The first publication in this theme, for screen, printer and reader."""
    folder = tmp_path_factory.mktemp("magazine")
    source = press_build(folder, "magazine", SAMPLE)
    return build(source, folder / "out", ["screen", "press", "cover", "ebook"])


@pytest.fixture(scope="module")
def book(letters: Report) -> Pdf:
    return read_pdf(letters.outputs[0].path.read_bytes())


@pytest.fixture(scope="module")
def magazine(press: Press) -> Callable[..., Pdf]:
    """Build a manuscript in this theme."""

    @cache
    def made(manuscript: str, title: str = "雨") -> Pdf:
        return press(manuscript, theme="magazine", title=title, title_lines=None, contributors=None)

    return made


def body(pdf: Pdf) -> tuple[Page, ...]:
    """Give the pages after the red one."""
    return pdf.pages[red_page(pdf).index + 1 :]


def red_page(pdf: Pdf) -> Page:
    return next(page for page in pdf.pages if page.corner == RED)


def set_in(page: Page, size: float) -> str:
    """Read what a page sets in some size, from top to bottom."""
    glyphs = [glyph for glyph in page.glyphs if abs(glyph.size - size) < 0.05]
    return "".join(glyph.char for glyph in seen(glyphs))


def columns(page: Page) -> tuple[list[Line], list[Line]]:
    """Part the lines of text of a page at the middle between its columns."""
    left = GUTTER if int(page.index) % 2 == 0 else page.width - GUTTER - 2 * COLUMN - BETWEEN
    middle = left + COLUMN + BETWEEN / 2
    parts: tuple[list[Line], list[Line]] = ([], [])
    for line in text_lines(page, geometry_of("magazine")):
        for side in (0, 1):
            own = [glyph for glyph in line.glyphs if (glyph.x > middle) == bool(side)]
            if seen(own):
                parts[side].append(Line(line.y, tuple(own)))
    return parts


# ---- the page -----------------------------------------------------------------------------------


def test_the_type_area_is_two_columns_of_20_characters(book: Pdf) -> None:
    page = book.labelled("3")
    assert (page.width / MM, page.height / MM) == pytest.approx((210, 285), abs=0.01)
    geometry = geometry_of("magazine")
    assert (geometry.pitch, geometry.area.lines) == (PITCH, 40)
    for side, lines in enumerate(columns(page)):
        left = GUTTER + side * (COLUMN + BETWEEN)
        full = [one for one in lines if len(one.text) >= 20 and one.glyphs[-1].char not in "，。、"]
        assert full
        assert all(line.left == pytest.approx(left, abs=0.1) for line in full)
        assert all(line.right == pytest.approx(left + COLUMN, abs=0.3) for line in full)


def test_lines_of_both_columns_stand_on_the_grid(book: Pdf, magazine: Callable[..., Pdf]) -> None:
    geometry = geometry_of("magazine")
    assert off_the_grid(body(book), geometry) == []
    blocks = body(magazine(BLOCKS))
    assert sum(len(text_lines(page, geometry)) for page in blocks) > 120
    assert off_the_grid(blocks, geometry) == []


def test_the_first_column_is_full_before_the_second_begins(book: Pdf) -> None:
    left, right = columns(book.labelled("4"))
    assert left[-1].y > HEAD + 34 * PITCH
    assert right[0].y < HEAD + 5 * PITCH


def test_no_heading_is_last_in_its_column(book: Pdf, magazine: Callable[..., Pdf]) -> None:
    many = magazine(sections(50))
    for pdf in (book, many, magazine(BLOCKS)):
        assert last_above_nothing(body(pdf), TITLE) == []
    for page in body(many):
        middle = page.width / 2
        for side in (False, True):
            own = [g for g in seen(page.glyphs) if (g.x > middle) == side and g.y < FOOT]
            last = max(own, key=lambda glyph: glyph.y, default=None)
            assert last is None or last.size < TITLE


def test_a_heading_above_a_table_spans_with_it(magazine: Callable[..., Pdf]) -> None:
    page = next(page for page in body(magazine(BLOCKS)) if "年份" in page.text)
    heading = next(line for line in page.lines if line.set_in(TITLE))
    table = page.find("2001")
    assert 0 < table.y - heading.y < 5 * PITCH
    assert table.right - table.left > COLUMN


def test_a_date_stands_large_above_each_excerpt(book: Pdf) -> None:
    days = "".join(set_in(page, DAY) for page in body(book))
    manuscript = (SAMPLE / "manuscript.md").read_text("utf-8")
    dates = re.findall(r"^——\d+年(\d+)月(\d+)日", manuscript, re.MULTILINE)
    assert len(dates) == 18
    assert days == "".join(f"{month}.{day}" for month, day in dates)
    points = [g for page in body(book) for g in page.glyphs if g.size > 37 and g.char == "."]
    assert {glyph.color for glyph in points} == {RED}


def test_the_years_make_cover_and_red_page(book: Pdf) -> None:
    assert book.labels[2:] == ("1", "2", "3", "4", "5")
    cover = [glyph for glyph in seen(book.pages[0].glyphs) if glyph.size > 200]
    assert "".join(glyph.char for glyph in cover) == "20142018"
    assert {glyph.color for glyph in cover} == {RED}
    assert max(glyph.right for glyph in cover) < book.pages[0].width
    page = book.labelled("2")
    assert page.corner == RED
    ghosts = [glyph for glyph in seen(page.glyphs) if glyph.size > 200]
    assert "".join(glyph.char for glyph in ghosts) == "20142018"
    assert {glyph.color for glyph in ghosts} == {GHOST}


def test_colours_are_those_of_the_tokens(book: Pdf) -> None:
    known = colours_of("magazine") | {WHITE}
    used = {glyph.color for page in book.pages for glyph in page.glyphs}
    assert used <= known
    assert {RED, GHOST, GREY} <= used


def test_folios_stand_outside_and_titles_beside_them(book: Pdf) -> None:
    verso, recto = book.labelled("4"), book.labelled("5")
    left = sorted((g for g in seen(verso.glyphs) if g.y > FOOT + 10), key=lambda g: g.x)
    assert "".join(glyph.char for glyph in left) == "4习近平关于建设网络强国的讲话"
    assert left[0].x == pytest.approx(verso.width - GUTTER - 2 * COLUMN - BETWEEN, abs=0.5)
    right = sorted((g for g in seen(recto.glyphs) if g.y > FOOT + 10), key=lambda g: g.x)
    assert "".join(glyph.char for glyph in right) == "培养网信人才5"
    assert right[-1].right == pytest.approx(GUTTER + 2 * COLUMN + BETWEEN, abs=0.5)


# ---- what is repeated ---------------------------------------------------------------------------


def test_pull_quotes_are_sentences_from_further_on_that_nobody_hears_twice(
    letters: Report, book: Pdf
) -> None:
    quotes = [
        "".join(g.char for g in seen(page.glyphs) if g.size == QUOTE and g.color == RED)
        for page in body(book)
    ]
    (quote,) = [quote for quote in quotes if quote]
    manuscript = (SAMPLE / "manuscript.md").read_text("utf-8")
    assert quote == "网络空间是亿万民众共同的精神家园。"
    assert manuscript.count(quote) == 1
    heard = "".join(read_pdf_text(letters.outputs[0].path.read_bytes()))
    assert heard.count(quote) == 1


def test_the_ghost_years_are_not_read(letters: Report) -> None:
    texts = read_pdf_text(letters.outputs[0].path.read_bytes())
    assert "2014" in texts[0]
    assert "20142018" not in texts[3]
    assert texts[3].startswith("习近平关于")


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<p data-m="body">水退了。</p><p data-repeat="1" aria-hidden="true">水退了。</p>', ""),
        (
            '<p data-m="body">水退了。</p><p data-repeat="1" aria-hidden="true">水涨了。</p>',
            "not say",
        ),
        ('<p data-m="body">水退了。</p><p data-repeat="1">水退了。</p>', "must be aria-hidden"),
        ('<p data-repeat="1" aria-hidden="true"><b data-m="body">水</b></p>', "the text itself"),
    ],
)
def test_what_repeats_the_manuscript_repeats_it_verbatim(html: str, fault: str) -> None:
    found = list(faults_of_repeats(parse_fragment(html)))
    assert len(found) == bool(fault)
    assert all(fault in one for one in found)


def test_hidden_words_are_no_part_of_the_text() -> None:
    root = parse_fragment('<p data-m="body">水</p><p data-m="body" aria-hidden="true">退</p>')
    assert [part.text for part in segments_of(root)] == ["水"]


def excerpt(number: int, *inlines: object) -> Excerpt:
    return Excerpt(f"e{number}", number, (Paragraph(inlines, HERE),), None, HERE)  # type: ignore[arg-type]


def section(*texts: str) -> Section:
    excerpts = tuple(excerpt(number, Text(text)) for number, text in enumerate(texts, 1))
    return Section("s1", 1, "水", (Text("水"),), excerpts, HERE)


SENTENCE = "水退下去的时候，岸就宽了。"


@pytest.mark.parametrize(
    ("texts", "quote"),
    [
        ((SENTENCE,), ""),
        (("短。", SENTENCE), SENTENCE),
        ((SENTENCE, SENTENCE), ""),
        (("短。", f"太短。{SENTENCE}后面。"), SENTENCE),
        (("短。", f"他说：“{SENTENCE}”走了。"), ""),
        (("短。", RAIN), ""),
        (("短。", "没有句号的一段话也不能引"), ""),
        (("短。", "短。", SENTENCE), SENTENCE),
    ],
)
def test_a_quote_is_a_whole_sentence_of_a_later_excerpt(texts: tuple[str, ...], quote: str) -> None:
    assert pull_quote(section(*texts)) == quote


def test_a_sentence_with_readings_is_not_pulled() -> None:
    later = excerpt(2, Ruby("水", "shuǐ"), Text(SENTENCE[1:]))
    one = Section("s1", 1, "水", (), (excerpt(1, Text("短。")), later), HERE)
    assert pull_quote(one) == ""


@given(st.lists(st.text("水退了“”（）。，！ ", max_size=50), max_size=4))
def test_every_quote_is_verbatim_and_of_a_size(texts: list[str]) -> None:
    quote = pull_quote(section(*texts))
    if quote:
        assert any(quote in text for text in texts[1:])
        assert SHORTEST <= len(quote) <= LONGEST
        assert quote.count("“") == quote.count("”")


# ---- states -------------------------------------------------------------------------------------


def test_one_year_stands_alone(magazine: Callable[..., Pdf]) -> None:
    pdf = magazine(sections(2, 2))
    big = [glyph for glyph in seen(pdf.pages[0].glyphs) if glyph.size > 250]
    assert "".join(glyph.char for glyph in big) == "2001"


def test_without_dates_sections_are_counted_and_excerpts_numbered(
    magazine: Callable[..., Pdf],
) -> None:
    manuscript = "\n\n".join(
        f"## 第{name}\n\n{RAIN}\n\n——无名氏\n\n{RAIN}\n\n——无名氏" for name in "甲乙丙"
    )
    pdf = magazine(manuscript)
    big = [glyph for glyph in seen(pdf.pages[0].glyphs) if glyph.size > 250]
    assert "".join(glyph.char for glyph in big) == "3"
    assert "".join(set_in(page, DAY) for page in body(pdf)) == "123456"


def test_dates_are_as_large_as_they_are_known(magazine: Callable[..., Pdf]) -> None:
    dates = ["2018年4月20日至21日", "2018年5月", "2019年", ""]
    text = "\n\n".join(f"{RAIN}\n\n——{date}{'，' if date else ''}院中" for date in dates)
    pdf = magazine(f"## 雨\n\n{text}\n")
    assert set_in(body(pdf)[0], DAY) == "4.205月20194"
    assert "目录" not in pdf.text


def test_day_and_year_keep_apart_in_narrow_columns(press: Press) -> None:
    area = {"size": "12pt", "characters": 20, "lines": 22, "pitch": "20pt"}
    manuscript = f"## 雨\n\n{RAIN}\n\n——2018年12月30日，院中\n"
    pdf = press(
        manuscript, theme="magazine", title="雨", title_lines=None, contributors=None,
        layout={"trim": "A5", "type_area": area},
    )  # fmt: skip
    head = next(line for page in body(pdf) for line in page.lines if "30" in line.text)
    day = max(glyph.right for glyph in head.glyphs if glyph.size > 20 and glyph.char.isdigit())
    page = next(page for page in body(pdf) if head in page.lines)
    year = [glyph for glyph in page.glyphs if glyph.color == RED and glyph.char == "2"]
    assert min(glyph.x for glyph in year) > day + 6


def test_a_long_title_keeps_on_cover_and_red_page(magazine: Callable[..., Pdf]) -> None:
    pdf = magazine(sections(12), title=LONG_TITLE)
    for page, size in ((pdf.pages[0], 29), (red_page(pdf), 34)):
        glyphs: list[Glyph] = [g for g in page.glyphs if g.size == pytest.approx(size, abs=0.1)]
        assert "".join(glyph.char for glyph in seen(glyphs)) == LONG_TITLE
        assert max(glyph.right for glyph in glyphs) < page.width - 72


def test_fifty_sections_are_listed_on_one_page(magazine: Callable[..., Pdf]) -> None:
    pdf = magazine(sections(50))
    assert pdf.labelled("1").text.count("回雨") == 50
    assert red_page(pdf).index == 3


# ---- printer and reader -------------------------------------------------------------------------


def test_files_for_the_printer_pass_preflight(letters: Report) -> None:
    grave = [str(item) for item in letters.diagnostics if item.severity > Severity.NOTE]
    assert grave == []


def test_the_e_book_passes_epubcheck_and_hides_what_it_repeats(letters: Report) -> None:
    path = letters.outputs[-1].path
    assert run_epubcheck(path).faults == ()
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        chapters = "".join(archive.read(name).decode() for name in names)
    assert chapters.count('<p class="pull-quote" aria-hidden="true">') == 1
    assert "data-repeat" not in chapters
    assert chapters.count('class="date-head"') == 18


def test_a_long_preface_leaves_the_contents_a_page_and_the_count_whole(
    magazine: Callable[..., Pdf],
) -> None:
    pdf = magazine(f"> **【编前语】**{RAIN * 16}\n\n{sections(3)}")
    assert pdf.labels[:6] == ("", "", "1", "2", "3", "4")
    assert pdf.labelled("2").text.startswith("目录")
    assert red_page(pdf).index == pdf.labels.index("4")


def test_a_small_page_keeps_its_imprint_and_leaves_out_a_quote_that_has_no_room(
    press: Press,
) -> None:
    text = (
        f"{RAIN * 2}\n\n——2001年1月2日，在院中\n\n雨下到第三天的傍晚才慢慢停了，檐下的水缸都满了。"
    )
    pdf = press(
        f"## 雨\n\n{text}\n\n——2002年1月2日，在院中\n", theme="magazine", title="雨",
        title_lines=None, contributors=None, publisher="某某出版社", date="2026-03-21",
        layout={"trim": "A5", "type_area": {"size": "14pt", "characters": 21, "lines": 18}},
    )  # fmt: skip
    first = body(pdf)[0]
    assert set_in(first, ORDINAL) == "1"
    assert not set_in(first, QUOTE)
    feet = [glyph.y for glyph in seen(red_page(pdf).glyphs) if glyph.size == 7.5]
    assert feet
    assert max(feet) < 210 * MM - 3 * MM


def test_lines_of_verse_begin_below_each_other(magazine: Callable[..., Pdf]) -> None:
    lines = ("山中雨一夜，", "树杪百重泉，", RAIN)
    verse = "\n".join(("::: verse", *lines, ":::"))
    page = body(magazine(f"## 雨\n\n{verse}\n\n——2001年，在院中\n"))[0]
    starts = {
        line.text.strip()[:3]: seen(line.glyphs)[0].x
        for line in columns(page)[0]
        if line.text.strip()[:3] in ("山中雨", "树杪百", "山中的")
    }
    assert len(starts) == 3
    assert max(starts.values()) - min(starts.values()) < 0.1
