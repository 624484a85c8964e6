"""The screen edition as a reader sees it: facts measured in the finished file.

Lengths are points from the top left corner of the page. The numbers are those of the reader theme:
25 characters of 12 pt make the measure of A5, lines stand 21 pt apart.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from tests.conftest import SAMPLE, Press
from tests.pdf_facts import BLACK, Box, Color, Glyph, Line, Page, Pdf

from booklet.build import Report, build
from booklet.theme.numerals import chinese_numeral
from booklet.typeset.segments import visible

MM = 72 / 25.4
SONG, KAI = "Noto-Serif-CJK-SC", "LXGW-WenKai"
BODY, BODY_SIZE, KEY = SONG, 12.0, f"{SONG}-Semi-Bold"
ASCENT, DESCENT = 1.151, 0.286
"""Em above and below the baseline, by the tables of Noto Serif CJK."""

MEASURE, PITCH, HEAD, HANG = 300.0, 21.0, 72.0, 7
DROP = (PITCH - (ASCENT + DESCENT) * BODY_SIZE) / 2 + ASCENT * BODY_SIZE
"""From the top of a line of text to its baseline."""

AREA_FOOT = HEAD + 22 * PITCH
RED: Color = (179, 20, 28)
TINT: Color = (247, 238, 232)
WHITE: Color = (255, 255, 255)


# ---- what the manuscript says, read without booklet --------------------------------------------


def manuscript() -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the sections of the sample: title, and (text, attribution) of each excerpt."""
    sections: list[tuple[str, list[tuple[str, str]]]] = []
    text = ""
    source = (SAMPLE / "manuscript.md").read_text(encoding="utf-8")
    for block in source.split("\n\n"):
        if title := re.fullmatch(r"\*\*(.+)\*\*", block.strip()):
            sections.append((title[1], []))
        elif block.startswith("——"):
            sections[-1][1].append((text, block.strip()))
        else:
            text = block.strip()
    return sections


SECTIONS = manuscript()
TITLES = [title for title, _ in SECTIONS]
EXCERPTS = [excerpt for _, excerpts in SECTIONS for excerpt in excerpts]
PLAIN = "书卷多情似故人，晨昏忧乐每相亲。眼前直下三千字，胸次全无一点尘。"


def sections_of(count: int, excerpts: int, text: str = PLAIN + PLAIN[:11]) -> str:
    """Write a manuscript of many sections."""
    parts = ["# 书名"]
    for number in range(1, count + 1):
        parts.append(f"## 第{number}篇")
        for month in range(1, excerpts + 1):
            parts += [text, f"——20{number + 20}年{month}月1日，在座谈会上的讲话"]
    return "\n\n".join(parts) + "\n"


def flowing(length: int) -> str:
    """Write a text of that many characters, without marks that could shift a line's end."""
    return ("书卷多情似故人晨昏忧乐每相亲" * (length // 14 + 1))[: length - 1] + "。"


# ---- helpers of measurement ---------------------------------------------------------------------


def body_lines(page: Page, size: float = BODY_SIZE) -> list[Line]:
    """Give the lines of text: those with a character of the text's size and face."""
    return [
        line
        for line in page.lines
        if not line.text.isdigit() and any(is_text(glyph, size) for glyph in line.glyphs)
    ]


def is_text(glyph: Glyph, size: float = BODY_SIZE) -> bool:
    plain = glyph.font == BODY and abs(glyph.size - size) < 0.05
    return plain or (glyph.font == KEY and abs(glyph.size - 16) < 0.05)


def opening(pdf: Pdf, title: str) -> Page:
    """Give the page where a section opens: the one on which its title is set largest."""
    wanted = visible(title)
    found = [
        (max(glyph.size for glyph in line.glyphs), -page.index, page)
        for page in pdf.pages[1:]
        for line in page.lines
        if line.text == wanted and line.glyphs[0].font.endswith("Bold")
    ]
    return max(found)[2]


def folio(page: Page) -> str:
    """Give the number printed in the foot margin, '' where there is none."""
    return "".join(line.text for line in page.lines if line.y > AREA_FOOT)


def running_head(page: Page) -> str:
    """Give the words in the head margin."""
    return "".join(line.text for line in page.lines if line.y < HEAD)


def contents_pages(pdf: Pdf) -> list[Page]:
    first = pdf.page_of("目录").index
    return [page for page in pdf.pages[first:] if "· · ·" in "".join(x.text for x in page.lines)]


def contents(pdf: Pdf) -> list[tuple[str, str]]:
    """Read the contents as printed: words and number of each entry."""
    entries = []
    for page in contents_pages(pdf):
        for line in page.lines:
            if match := re.match(r"(.+?)[· ]{3,}(\w+)$", line.text):
                glyphs = [glyph for glyph in line.glyphs if glyph.color != RED]
                words = re.sub(r"[· ]{2,}\w+$", "", "".join(glyph.char for glyph in glyphs))
                entries.append((words, match[2]))
    return entries


def blanks(pdf: Pdf) -> list[int]:
    return [page.index for page in pdf.pages if not page.glyphs]


def close(one: Sequence[float], two: Sequence[float], slack: float) -> bool:
    return all(abs(a - b) <= slack for a, b in zip(one, two, strict=True))


# ---- the sample: pages, folios, labels -------------------------------------------------------


def test_cover_blank_and_twenty_three_folios(sample_pdf: Pdf) -> None:
    assert sample_pdf.labels == ("", "", *map(str, range(1, 24)))
    # Behind the cover, the half-title and the preface, so that the next part opens on its side.
    assert blanks(sample_pdf) == [1, 3, 7]


def test_every_page_is_a5_in_every_box(sample_pdf: Pdf) -> None:
    a5: Box = (0, 0, 148 * MM, 210 * MM)
    for page in sample_pdf.pages:
        assert {"MediaBox", "TrimBox"} <= page.boxes.keys()
        for box in page.boxes.values():
            assert close(box, a5, 0.1 * MM)


def test_the_label_of_a_page_is_its_printed_folio(sample_pdf: Pdf) -> None:
    printed = [(folio(page), sample_pdf.labels[page.index]) for page in sample_pdf.pages]
    body = printed[sample_pdf.labels.index("8") :]
    assert [one for one, _ in body] == [label for _, label in body]


def test_the_front_matter_counts_in_silence(sample_pdf: Pdf) -> None:
    front = sample_pdf.pages[: sample_pdf.labels.index("8")]
    colophon = sample_pdf.page_of("编选").index
    assert all(not running_head(page) for page in front if page.index)
    assert all(not folio(page) for page in front if page.index not in {0, colophon})


def test_folios_stand_at_the_outer_edge(sample_pdf: Pdf) -> None:
    for page in sample_pdf.pages[sample_pdf.labels.index("8") :]:
        line = page.lines[-1]
        recto = int(sample_pdf.labels[page.index]) % 2 == 1
        edge = 57 + MEASURE if recto else page.width - 57 - MEASURE
        assert abs((line.right if recto else line.left) - edge) < 0.5


def test_contents_give_the_folio_of_each_title(sample_pdf: Pdf) -> None:
    entries = contents(sample_pdf)
    assert [words for words, _ in entries] == [*TITLES, "按时间索引", "按场合索引"]
    for words, number in entries:
        assert sample_pdf.labels[opening(sample_pdf, words).index] == number


def test_sections_open_on_versos(sample_pdf: Pdf) -> None:
    labels = [int(sample_pdf.labels[opening(sample_pdf, title).index]) for title in TITLES]
    assert labels == list(range(8, 22, 2))


# ---- the grid -----------------------------------------------------------------------------------


def test_both_pages_of_a_spread_hang_from_one_line(sample_pdf: Pdf) -> None:
    baseline = HEAD + HANG * PITCH + DROP
    for title in TITLES:
        verso = opening(sample_pdf, title)
        for page in (verso, sample_pdf.pages[verso.index + 1]):
            assert abs(body_lines(page)[0].y - baseline) < 0.2


def test_lines_of_text_stand_on_the_grid(sample_pdf: Pdf) -> None:
    for page in sample_pdf.pages[sample_pdf.labels.index("8") : sample_pdf.labels.index("22")]:
        for line in body_lines(page):
            if line.set_in(BODY_SIZE, BODY):
                lines = (line.y - HEAD - DROP) / PITCH
                assert abs(lines - round(lines)) * PITCH < 0.2


def test_nothing_stands_beyond_the_measure(sample_pdf: Pdf) -> None:
    for page in sample_pdf.pages[1:]:
        left = 57 if page.index % 2 == 0 else page.width - 57 - MEASURE
        for glyph in page.glyphs:
            if "Heavy" not in glyph.font:
                assert left - 0.6 * glyph.size <= glyph.x, (page.index, glyph)
                assert glyph.right <= left + MEASURE + 0.55 * glyph.size, (page.index, glyph)


def test_lines_are_flush(sample_pdf: Pdf) -> None:
    """A line that another follows fills the measure; a mark at its end may hang by half."""
    for page in sample_pdf.pages[sample_pdf.labels.index("8") : sample_pdf.labels.index("22")]:
        left = 57 if page.index % 2 == 0 else page.width - 57 - MEASURE
        for one, two in pairwise(body_lines(page)):
            if one.set_in(BODY_SIZE, BODY) and abs(two.y - one.y - PITCH) < 0.2:
                over = one.right - left - MEASURE
                hangs = (
                    one.text[-1] in "，、。；：！？”’」』）》" and abs(over - BODY_SIZE / 2) < 0.6
                )
                assert abs(over) < 0.6 or hangs, (page.index, one.text, over)


def test_an_attribution_ends_its_text(sample_pdf: Pdf) -> None:
    for text, attribution in EXCERPTS:
        together = visible(text[-12:] + attribution)
        assert sum(together in page.text for page in sample_pdf.pages) >= 1


def test_running_heads(sample_pdf: Pdf) -> None:
    title = visible("习近平关于建设网络强国的讲话")
    versos = [opening(sample_pdf, one) for one in TITLES]
    rectos = [sample_pdf.pages[page.index + 1] for page in versos]
    assert [running_head(page) for page in versos] == [""] * 7
    assert [running_head(page) for page in rectos] == [title] * 7
    assert [running_head(sample_pdf.labelled(label)) for label in ("22", "23")] == ["", ""]


def test_the_band_is_on_every_page_that_opens_something(sample_pdf: Pdf) -> None:
    banded = {sample_pdf.labels[p.index] for p in sample_pdf.pages[1:] if p.corner == TINT}
    assert banded == {"5", "7", *map(str, range(8, 24))}
    assert sample_pdf.pages[0].corner == RED


def test_red_is_kept_for_numbers_and_ordinals(sample_pdf: Pdf) -> None:
    red: list[str] = []
    for page in sample_pdf.pages[1:]:
        red += [glyph.char for glyph in page.glyphs if glyph.color == RED]
    words = "".join(red)
    for known in ("【编前语】", "行末数字为各则序号", "行末数字为各则序号"):
        assert known in words
        words = words.replace(known, "", 1)
    assert re.fullmatch(r"[0-9一二三四五六七]+", words)


def test_text_is_pure_black(sample_pdf: Pdf) -> None:
    for page in sample_pdf.pages[1:]:
        for glyph in page.glyphs:
            if is_text(glyph) or KAI in glyph.font:
                assert glyph.color in {BLACK, RED}
    colors = {glyph.color for page in sample_pdf.pages for glyph in page.glyphs}
    assert colors == {BLACK, RED, WHITE, (236, 217, 207), (102, 102, 102)}


# ---- words --------------------------------------------------------------------------------------


def test_every_excerpt_is_there_verbatim(sample_pdf: Pdf) -> None:
    assert len(EXCERPTS) == 18
    at = 0
    for number, (text, attribution) in enumerate(EXCERPTS, 1):
        at = sample_pdf.text.index(visible(f"{number}{text}{attribution}"), at)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_a_second_reader_finds_every_excerpt(sample_report: Report) -> None:
    command = ["pdftotext", "-raw", "-enc", "UTF-8", str(sample_report.outputs[0].path), "-"]
    words = visible(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    for text, attribution in EXCERPTS:
        assert visible(text) in words
        assert visible(attribution) in words


def test_outline(sample_pdf: Pdf) -> None:
    titles = [title for title, _, _ in sample_pdf.outline]
    assert titles[-10:] == ["目录", *TITLES, "按时间索引", "按场合索引"]
    assert [level for _, _, level in sample_pdf.outline] == [0] * len(titles)
    for title, page, _ in sample_pdf.outline[-9:]:
        assert page == opening(sample_pdf, title).index
    assert ("目录", 8, 0) in sample_pdf.outline


def test_the_preface_is_in_the_outline(sample_pdf: Pdf) -> None:
    assert sample_pdf.outline[0] == ("编前语", 6, 0)


def test_contents_link_to_the_sections(sample_pdf: Pdf) -> None:
    links = [link for link in sample_pdf.links if link.page == 8]
    for title in TITLES:
        targets = {link.to_page for link in links if title in link.words}
        assert targets == {opening(sample_pdf, title).index}


def test_indexes_link_to_the_excerpts(sample_pdf: Pdf) -> None:
    first = sample_pdf.labels.index("22")
    links = [link for link in sample_pdf.links if link.page >= first]
    for page in (first, first + 1):
        numbers = sorted({int(link.words) for link in links if link.page == page})
        assert numbers == list(range(1, 19))
    for link in links:
        text, _ = EXCERPTS[int(link.words) - 1]
        assert link.words + visible(text)[:8] in sample_pdf.pages[link.to_page].text


def test_every_internal_link_arrives(sample_pdf: Pdf) -> None:
    assert sample_pdf.links
    assert all(link.to_page >= 0 for link in sample_pdf.links)


def test_metadata(sample_pdf: Pdf) -> None:
    assert sample_pdf.info["Title"] == "习近平关于建设网络强国的讲话"
    assert sample_pdf.catalog["lang"] == "zh-Hans"
    assert sample_pdf.catalog["layout"] == "/TwoPageRight"


def test_the_compiler_is_named_as_author(sample_pdf: Pdf) -> None:
    assert sample_pdf.info["Author"] == "新华社《学习进行时》"


def test_fonts_are_those_of_the_theme_and_whole(sample_pdf: Pdf) -> None:
    assert set(sample_pdf.fonts) == {
        SONG, f"{SONG}-Bold", KEY, f"{SONG}-Heavy", KAI,
    }  # fmt: skip
    for kind, whole in sample_pdf.fonts.values():
        assert kind != "Type3"
        assert whole


# ---- other pages, other options ------------------------------------------------------------------


def test_large_32mo(press: Press) -> None:
    pdf = press(layout={"trim": "大32开"})
    # 24 characters: the index by date turns over.
    assert pdf.labels == ("", "", *map(str, range(1, len(pdf.pages) - 1)))
    assert 26 <= len(pdf.pages) <= 28
    for page in pdf.pages:
        assert close((page.width, page.height), (140 * MM, 203 * MM), 0.1 * MM)
    for title in TITLES:
        verso = opening(pdf, title)
        assert int(pdf.labels[verso.index]) % 2 == 0
        for page in (verso, pdf.pages[verso.index + 1]):
            left = 52 if page.index % 2 == 0 else page.width - 52 - 288
            for line in body_lines(page):
                assert left - 0.5 <= line.left
                assert line.right <= left + 288 + 0.55 * BODY_SIZE
    assert_contents_are_right(pdf)


def assert_contents_are_right(pdf: Pdf) -> None:
    entries = contents(pdf)
    assert entries
    for words, number in entries:
        assert pdf.labels[opening(pdf, words).index] == number, words


@pytest.mark.parametrize("sections", ["page", "recto", "run-on", "spread"])
def test_roman_folios(press: Press, sections: str) -> None:
    pdf = press(options={"sections": sections, "folios": "roman"})
    body = opening(pdf, TITLES[0]).index
    assert pdf.labels[:2] == ("", "")
    assert pdf.labels[2:body] == ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
    assert pdf.labels[body:] == tuple(map(str, range(1, len(pdf.pages) - body + 1)))
    assert body % 2 == 0  # a recto: the cover is the first of all pages
    assert folio(pdf.labelled("vii")) == "vii"
    assert folio(pdf.labelled("1")) == "1"
    assert_contents_are_right(pdf)


def test_sections_on_rectos(press: Press) -> None:
    pdf = press(options={"sections": "recto"})
    for title in TITLES:
        assert int(pdf.labels[opening(pdf, title).index]) % 2 == 1
    assert_contents_are_right(pdf)


def test_sections_on_the_next_page(press: Press) -> None:
    pdf = press(options={"sections": "page"})
    openings = [opening(pdf, title).index for title in TITLES]
    assert openings == sorted(set(openings))
    assert {index % 2 for index in openings} == {0, 1}
    assert [pdf.pages[index].corner for index in openings] == [TINT] * 7
    assert_contents_are_right(pdf)


def test_sections_that_run_on(press: Press, sample_pdf: Pdf) -> None:
    pdf = press(options={"sections": "run-on"})
    assert len(pdf.pages) < len(sample_pdf.pages)
    first, last = opening(pdf, TITLES[0]).index, opening(pdf, TITLES[-1]).index
    assert all(page.corner == WHITE for page in pdf.pages[first : last + 1])
    headings = [opening(pdf, title).lines for title in TITLES]
    lowest = [max(line.y for line in lines if line.set_in(16, "-Bold")) for lines in headings]
    assert max(lowest) > HEAD + 8 * PITCH  # a section opens in the middle of a page
    assert_contents_are_right(pdf)


def test_spreads_are_what_auto_means_for_the_sample(press: Press, sample_pdf: Pdf) -> None:
    pdf = press(options={"sections": "spread"})
    assert [page.text for page in pdf.pages] == [page.text for page in sample_pdf.pages]


def test_contents_write_folios_as_the_pages_do(press: Press) -> None:
    pdf = press(options={"folio-style": "chinese"})
    lines = ["".join(line.text.split()) for page in pdf.pages for line in page.lines]
    ends = [line.rpartition("·")[2] for line in lines if "···" in line]
    assert ends[: len(TITLES)] == [chinese_numeral(folio) for folio in range(8, 22, 2)]


def test_without_a_preface_the_contents_follow(press: Press) -> None:
    blocks = (SAMPLE / "manuscript.md").read_text(encoding="utf-8").split("\n\n")
    pdf = press("\n\n".join([blocks[0], *blocks[2:]]))
    assert pdf.labels[pdf.page_of("目录").index] == "5"
    assert pdf.labels[opening(pdf, TITLES[0]).index] == "6"
    assert_contents_are_right(pdf)


def test_one_section_has_no_contents(press: Press) -> None:
    pdf = press(sections_of(1, 2), title="书名", title_lines=None)
    assert "目录" not in pdf.text
    assert [title for title, _, _ in pdf.outline] == ["第1篇"]
    assert int(pdf.labels[opening(pdf, "第1篇").index]) % 2 == 0


def test_fifty_sections_of_one_excerpt(press: Press) -> None:
    pdf = press(sections_of(50, 1), title="书名", title_lines=None)
    pages = contents_pages(pdf)
    assert len(pages) > 1
    assert [page.corner for page in pages] == [TINT, *[WHITE] * (len(pages) - 1)]
    entries = contents(pdf)
    assert len(entries) == 52
    first = opening(pdf, "第1篇").index
    assert [opening(pdf, f"第{n}篇").index for n in range(1, 51)] == list(range(first, first + 50))
    assert_contents_are_right(pdf)
    # The later pages of the contents start on the first line.
    tops = {round(page.lines[0].y, 1) for page in pages[1:]}
    assert tops == {92.9}


def test_a_title_of_forty_characters(press: Press) -> None:
    title = "关于加强网络空间国际治理与建设网络强国以及推动数字经济健康发展的重要讲话摘编选"
    assert len(title) == 39
    title += "本"
    text = sections_of(2, 2).replace("# 书名", f"# {title}", 1)
    pdf = press(text, title=title, title_lines=None)
    cover, half_title, title_page = pdf.pages[0], pdf.labelled("1"), pdf.labelled("3")
    assert title in cover.text
    assert half_title.text == title
    assert title in title_page.text
    assert len([line for line in title_page.lines if line.set_in(18)]) in {3, 4}
    for page in (cover, half_title, title_page):
        assert all(line.right <= 57 + MEASURE + 6 for line in page.lines)
    recto = pdf.pages[opening(pdf, "第1篇").index + 1]
    assert running_head(recto) == title[:20] + "……"


def test_a_type_area_of_ones_own(press: Press) -> None:
    area = {"size": "五号", "characters": 26, "lines": 24}
    text = f"# 书名\n\n## 甲\n\n{flowing(1400)}\n\n——李白\n\n## 乙\n\n{flowing(80)}\n\n——李白\n"
    pdf = press(text, title="书名", title_lines=None, layout={"trim": "A5", "type_area": area})
    first = opening(pdf, "甲").index
    full = body_lines(pdf.pages[first + 1], 10.5)
    assert len(full) == 24
    assert all(abs(line.right - line.left - 26 * 10.5) < 1 for line in full)
    steps = {round(two.y - one.y, 2) for one, two in pairwise(full)}
    assert steps == {18.5}
    assert len(body_lines(pdf.pages[first], 10.5)) == 24 - HANG


def test_the_number_takes_two_characters_of_any_size(press: Press) -> None:
    area = {"size": "五号", "characters": 26, "lines": 24}
    pdf = press(layout={"trim": "A5", "type_area": area})
    line = body_lines(opening(pdf, TITLES[0]), 10.5)[0]
    first = next(glyph for glyph in line.glyphs if glyph.color == BLACK)
    assert abs(first.x - line.left - 2 * 10.5) < 0.1


def test_an_excerpt_over_three_pages(press: Press) -> None:
    text = (
        f"# 书名\n\n## 甲\n\n{flowing(950)}\n\n——2016年4月19日，在座谈会上的讲话\n\n"
        f"## 乙\n\n{flowing(80)}\n\n——李白\n"
    )
    pdf = press(text, title="书名", title_lines=None)
    first = opening(pdf, "甲").index
    counts = [len(body_lines(pdf.pages[first + n])) for n in range(3)]
    assert counts[0] == 22 - HANG
    assert min(counts) >= 2
    last = pdf.pages[first + 2]
    assert "——2016年4月19日，在座谈会上的讲话" in last.text
    assert all("——2016" not in pdf.pages[first + n].text for n in range(2))


def test_a_later_recto_carries_the_section_title(press: Press) -> None:
    text = f"# 书名\n\n## 甲\n\n{flowing(1200)}\n\n——李白\n\n## 乙\n\n{flowing(80)}\n\n——李白\n"
    pdf = press(text, title="书名", title_lines=None)
    first = opening(pdf, "甲").index
    heads = {index % 2: running_head(pdf.pages[index]) for index in (first + 1, first + 2)}
    assert heads == {0: "甲", 1: "书名"}


def test_an_attribution_without_a_date(press: Press) -> None:
    text = f"# 书名\n\n## 甲\n\n{flowing(80)}\n\n——李白\n\n## 乙\n\n{flowing(60)}\n\n——杜甫\n"
    pdf = press(text, title="书名", title_lines=None)
    page = opening(pdf, "甲")
    line = page.find("——李白")
    assert line.text == "——李白"
    assert line.set_in(10.5, KAI)
    last = body_lines(page)[-1]
    assert abs(line.y - last.y - PITCH) < 3  # its box is one line high
    side = page.width - 57 - MEASURE if page.index % 2 else 57
    assert abs(line.right - side - MEASURE) < 0.5
    assert "按时间索引" not in pdf.text


def spans(pdf: Pdf, paragraphs: Sequence[str], start: int) -> list[list[int]]:
    """Count the lines of each paragraph on each of its pages."""
    marks = [(page.index, "".join(g.char for g in line.glyphs if is_text(g)))
             for page in pdf.pages[start:] for line in body_lines(page)]  # fmt: skip
    counts = []
    line = 0
    for paragraph in paragraphs:
        rest, pages = visible(paragraph), list[int]()
        while rest:
            index, words = marks[line]
            assert rest.startswith(words), (rest[:20], words)
            rest = rest[len(words) :]
            pages.append(index)
            line += 1
        counts.append([pages.count(index) for index in dict.fromkeys(pages)])
    return counts


def test_no_line_stands_alone(press: Press) -> None:
    # Lengths from 14 to 26 lines move the page breaks through every line of a paragraph.
    texts = [flowing(25 * lines - 10) for lines in range(14, 27)]
    parts = [f"{text}\n\n——2016年4月{day}日，在座谈会上的讲话" for day, text in enumerate(texts, 1)]
    manuscript = "# 书名\n\n## 甲\n\n" + "\n\n".join(parts) + f"\n\n## 乙\n\n{PLAIN}\n\n——李白\n"
    pdf = press(manuscript, title="书名", title_lines=None, options={"indexes": "off"})
    counts = spans(pdf, texts, opening(pdf, "甲").index)
    broken = [count for count in counts if len(count) > 1]
    assert len(broken) >= 5
    assert min(lines for count in broken for lines in count) >= 2
    # The attribution stays with the last two lines.
    for day, text in enumerate(texts, 1):
        page = pdf.page_of(f"——2016年4月{day}日，在座谈会")
        tail = [line for line in body_lines(page) if line.text[-3:] in {text[-3:]}]
        assert text[-14:] in page.text
        assert tail


@pytest.mark.parametrize("paragraph", [30, 55, 80])
def test_paragraphs_of_a_chapter_keep_two_lines_together(press: Press, paragraph: int) -> None:
    texts = [flowing(paragraph + extra) for extra in range(40)]
    manuscript = "# 书名\n\n## 甲\n\n" + "\n\n".join(texts) + f"\n\n## 乙\n\n{PLAIN}\n"
    pdf = press(manuscript, title="书名", title_lines=None, form="book")
    counts = spans(pdf, texts, opening(pdf, "甲").index)
    broken = [count for count in counts if len(count) > 1]
    assert all(min(count) >= 2 for count in broken)


def test_contents_of_a_lone_file(tmp_path: Path) -> None:
    file = tmp_path / "独.md"
    file.write_text(sections_of(2, 1), encoding="utf-8")
    report = build(file, tmp_path / "out", ["screen"])
    assert report.title == "书名"
    assert report.outputs[0].path.read_bytes().startswith(b"%PDF-1.")


def test_the_author_reaches_the_metadata(press: Press) -> None:
    people = [{"name": "苏轼", "role": "aut"}]
    pdf = press(sections_of(2, 2), title="书名", title_lines=None, contributors=people)
    assert pdf.info["Author"] == "苏轼"
    assert "苏轼" in pdf.xmp


def test_colour_tokens_reach_the_page(press: Press) -> None:
    pdf = press(sections_of(2, 2), title="书名", title_lines=None, tokens={"accent": "#00427a"})
    assert pdf.pages[0].corner == (0, 0x42, 0x7A)
    assert RED not in {glyph.color for page in pdf.pages for glyph in page.glyphs}
