"""Composed lines, read back from the PDF: flush, legal, exact, and saying what the source says."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.line_facts import EM, LineFacts, read_lines, set_lines

from booklet.build import Report
from booklet.compose import install

LEFT = 20.0
FLUSH = 0.05
"""Ems by which a full line may miss the edge."""

OPENING, CLOSING = set("“‘（《〈「『【〔"), set("”’）》〉」』】〕，。、：；！？")
NEVER_FIRST = CLOSING | set("·…％℃")
LATIN = re.compile(r"[A-Za-z0-9]")
HAN = re.compile("[一-鿿]")


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    install()


# ---- judging -------------------------------------------------------------------------------------


def wide(char: str) -> bool:
    return any(ord(one) > 0x2000 for one in char)


def stretch_of(line: LineFacts) -> float | None:
    """How far a line is stretched, seen between Han characters."""
    found = [
        ems - 1
        for one, two, ems in line.advances()
        if HAN.match(one.text) and HAN.match(two.text) and one.size == two.size
    ]
    return min(found) if found else None


def check_line(line: LineFacts) -> None:
    """Check what holds in every line, full or not."""
    stretch = stretch_of(line)
    for one, two, ems in line.advances():
        a, b = one.text, two.text
        natural = one.natural / one.size
        if a == b and a in "—…":
            assert ems == pytest.approx(natural, abs=0.003), line.text
        elif LATIN.match(a) and LATIN.match(b):
            # Fonts move letters apart as well: t and A by 0.015 em.
            assert ems <= natural + 0.02, line.text
        elif HAN.match(a) and HAN.match(b):
            assert ems > 0.997, line.text
            assert stretch is not None
            assert ems == pytest.approx(1 + stretch, abs=0.01), line.text
        elif (a in CLOSING and b in CLOSING | OPENING) or (a in OPENING and b in OPENING):
            if one.size == two.size and min(natural, two.natural / two.size) > 0.9:
                check_pair(f"{a}{b} in {line.text}", ems, stretch)
        elif HAN.match(a) and b in CLOSING:
            assert ems > 0.997, line.text


def check_pair(where: str, ems: float, stretch: float | None) -> None:
    """A pair of marks shares a blank: what is between their origins is half an em (8.4)."""
    if stretch is None:
        assert ems > 0.49, where
    else:
        assert ems == pytest.approx(0.5 + stretch, abs=0.01), where


def has_gap(line: LineFacts) -> bool:
    return any(
        one.text == " "
        or ((wide(one.text) or wide(two.text)) and one.text + two.text not in ("——", "……"))
        for one, two, _ in line.advances()
    )


def may_break(line: LineFacts) -> bool:
    """Tell whether a line that is too long could have been broken."""
    return any(
        (one.text == " " and two.text not in NEVER_FIRST)
        or (HAN.match(one.text) and HAN.match(two.text))
        for one, two, _ in line.advances()
    )


def check_ends(lines: list[LineFacts]) -> None:
    for line in lines[1:]:
        assert line.text[0] not in NEVER_FIRST, line.text
    for line in lines[:-1]:
        assert line.text[-1] not in OPENING, line.text
    for one, two in pairwise(lines):
        assert one.text[-1] + two.text[0] not in ("——", "……")


def check_text(lines: list[LineFacts], source: str) -> None:
    at = 0
    for line in lines:
        while at < len(source) and source[at] == " ":
            at += 1
        assert source.startswith(line.text, at), (line.text, source[at : at + 40])
        at += len(line.text)
    assert not source[at:].strip()


def check_paragraph(lines: list[LineFacts], source: str, right: float) -> None:
    check_text(lines, source)
    check_ends(lines)
    for line in lines:
        check_line(line)
    for line in lines[:-1]:
        if line.end > right and not may_break(line):
            continue
        if has_gap(line):
            assert line.end == pytest.approx(right, abs=FLUSH * EM), line.text
    stretch = stretch_of(lines[-1])
    assert stretch is None or stretch < 0.003
    assert lines[-1].end < right + FLUSH * EM


def paragraphs(lines: list[LineFacts]) -> Iterator[list[LineFacts]]:
    for page in sorted({line.page for line in lines}):
        yield [line for line in lines if line.page == page]


# ---- random text ---------------------------------------------------------------------------------

HAN_TEXT = st.text(
    st.sampled_from("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会"),
    min_size=1,
    max_size=9,
)
LATIN_TEXT = st.sampled_from(
    [
        "Internet",
        "AI",
        "a",
        "WTO",
        "central group",
        "Wi-Fi",
        "e.g.",
        "fi",
        "2014",
        "35.6",
        "1,000",
        "7",
    ]
)
WORDS = st.one_of(HAN_TEXT, HAN_TEXT, HAN_TEXT, LATIN_TEXT)
AFTER = st.sampled_from(
    ["，", "。", "、", "；", "：", "！", "？", "——", "……", "", "", "·", " ", "%"]
)


@dataclass(frozen=True)
class Marked:
    """Text, and the HTML that says it."""

    text: str
    html: str

    def __add__(self, other: Marked) -> Marked:
        return Marked(self.text + other.text, self.html + other.html)


def plain(text: str) -> Marked:
    return Marked(text, html.escape(text))


def wrapped(inner: Marked, tag: str) -> Marked:
    return Marked(inner.text, f"<{tag}>{inner.html}</{tag.split()[0]}>")


def bracketed(inner: Marked, pair: str) -> Marked:
    return plain(pair[0]) + inner + plain(pair[1])


def joined(parts: list[Marked]) -> Marked:
    total = Marked("", "")
    for part in parts:
        total += part
    return total


CLAUSE = st.builds(lambda word, mark: plain(word + mark), WORDS, AFTER)
PAIRS = st.sampled_from(["“”", "‘’", "（）", "《》", "「」", "『』", "【】"])
TAGS = st.sampled_from(["b", "i", "a href='https://x.y/'", "u", "span", "span style='color:red'"])
NESTED = st.recursive(
    CLAUSE,
    lambda inner: st.one_of(
        st.builds(bracketed, inner, PAIRS),
        st.builds(wrapped, inner, TAGS),
        st.lists(inner, min_size=2, max_size=4).map(joined),
    ),
    max_leaves=6,
)
PARAGRAPH = st.lists(NESTED, min_size=3, max_size=30).map(joined)


def collapsed(text: str) -> str:
    return re.sub(" +", " ", text).strip()


# A failing paragraph is as readable small as large, and shrinking takes minutes.
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(
        st.tuples(PARAGRAPH, st.integers(8, 40), st.sampled_from([0, 2])), min_size=4, max_size=8
    )
)
def test_any_text_is_set_flush_and_legally(cases: list[tuple[Marked, int, int]]) -> None:
    cases = [case for case in cases if collapsed(case[0].text)]
    body = "".join(
        f"<p style='width:{ems}em;text-indent:{indent}em'>{marked.html}</p>"
        for marked, ems, indent in cases
    )
    found = list(paragraphs(set_lines(body)))
    assert len(found) == len(cases)
    for (marked, ems, _), lines in zip(cases, found, strict=True):
        check_paragraph(lines, collapsed(marked.text), LEFT + ems * EM)


def test_a_chinese_quotation_parts_from_a_latin_word() -> None:
    text = "a%“一，”e.g.“一，”"
    lines = set_lines(f"<p>{text}", "p{width:8em}")
    assert [line.text for line in lines] == ["a%“一，”", "e.g.“一，”"]


# ---- real text -----------------------------------------------------------------------------------

SPEECH = (
    "“没有网络安全就没有国家安全，没有信息化就没有现代化。”2014年2月27日，他在中央网络安全和信息化领导小组"
    "（以下简称“领导小组”）第一次会议上说：“网络安全和信息化是一体之两翼、驱动之双轮，必须统一谋划、统一部署……”"
    "——《人民日报》、《光明日报》等都在头版刊登了Internet时代的这一论述（见第3页）；“十三五”规划、"
    "《网络安全法》、《国家信息化发展战略纲要》，共同构成了制度的‘四梁八柱’。"
)


@pytest.mark.parametrize("ems", [8, 12, 17.3, 24, 28, 33.5, 40])
def test_a_speech_is_set_flush_at_any_width(ems: float) -> None:
    css = f"p{{width:{ems}em;text-indent:2em}}"
    check_paragraph(set_lines(f"<p>{SPEECH * 3}", css), SPEECH * 3, LEFT + ems * EM)


def test_the_sample_is_set_flush(sample_report: Report) -> None:
    """Its running text, where a line is followed by another of the same paragraph."""
    size = 12
    lines = read_lines(sample_report.outputs[0].path.read_bytes())
    body = [line for line in lines if line.glyphs[0].size == pytest.approx(size, abs=0.01)]
    edges = {page: max(line.end for line in body if line.page == page) for page in range(99)
             if any(line.page == page for line in body)}  # fmt: skip
    full = [
        one
        for one, two in pairwise(body)
        if one.page == two.page and two.y - one.y < 25 and one.left >= two.left - 0.01
        and edges[one.page] - one.end < size and len(one.glyphs) > 10
    ]  # fmt: skip
    assert len(full) > 20
    for line in full:
        check_line(line)
        assert line.text[0] not in NEVER_FIRST
        assert line.text[-1] not in OPENING
        assert line.end == pytest.approx(edges[line.page], abs=FLUSH * size)


def test_a_very_long_paragraph_is_set_in_time() -> None:
    text = SPEECH * 60
    assert len(text) > 10_000
    css = "@page{size:240pt 5000pt}p{width:20em;orphans:2;widows:2}"
    lines = set_lines(f"<p>{text}", css)
    check_paragraph(lines, text, LEFT + 200)


@pytest.mark.parametrize(
    "body",
    [
        "<table><td><p>{}</table>", "<div style='display:flex'><p>{}</div>",
        "<div style='columns:1'><p>{}</div>", "<p style='position:absolute'>{}",
        "<div><p>{}</div>", "<p><i>{}</i>", "<p style='text-indent:-2em;padding-left:2em'>{}",
    ],
)  # fmt: skip
def test_a_paragraph_is_set_flush_wherever_it_stands(body: str) -> None:
    css = "p{width:20em;box-sizing:border-box}table{border-spacing:0}td{padding:0}"
    lines = set_lines(body.format(SPEECH), css)
    assert len(lines) > 5
    for line in lines[:-1]:
        assert line.end == pytest.approx(LEFT + 200, abs=FLUSH * EM)


def test_pages_of_different_widths_share_a_paragraph() -> None:
    css = "@page{size:240pt 130pt}@page:left{margin-right:60pt}p{margin:0}"
    lines = set_lines(f"<p>{SPEECH * 2}", css)
    check_text(lines, SPEECH * 2)
    assert len({line.page for line in lines}) > 2
    for line in lines[:-1]:
        assert line.end == pytest.approx(180 if line.page % 2 else 220, abs=FLUSH * EM)


def test_a_float_narrows_the_lines_beside_it() -> None:
    css = "div{float:left;width:60pt;height:50pt}p{width:20em}"
    lines = set_lines(f"<div></div><p>{SPEECH}", css)
    check_text(lines, SPEECH)
    assert [line.left > 79 for line in lines[:4]] == [True, True, True, False]
    for line in lines[:-1]:
        assert line.end == pytest.approx(LEFT + 200, abs=FLUSH * EM)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("葛\U000e0100城的名字写法" * 9, None), ("𠮷野家𪚲字很少见" * 9, None),
        ("甲\u200b乙\u2060丙字" * 20, "甲乙丙字" * 20), ("e\u0301té之后再来" * 12, None),
    ],
)  # fmt: skip
def test_rare_characters_keep_their_place(text: str, says: str | None) -> None:
    lines = set_lines(f"<p style='width:12em'>{text}")
    if says is not None:
        check_text(lines, says)
    for line in lines[:-1]:
        assert line.end == pytest.approx(LEFT + 120, abs=FLUSH * EM)


def test_pictures_blocks_and_padding_count_in_a_line() -> None:
    box = "<span style='display:inline-block;width:2em;height:1em'></span>"
    link = "<a href='https://x.y/' style='padding:0 3px;border:1px solid'>链接</a>"
    body = f"<p style='width:15em'>{(SPEECH[:30] + box + '，' + link + '。') * 5}"
    lines = set_lines(body)
    flush = [line for line in lines[:-1] if line.end == pytest.approx(LEFT + 150, abs=0.5)]
    assert len(flush) >= len(lines) - 4  # the others end with a box or with padding
    assert all(line.end < LEFT + 150.5 for line in lines)
    # The comma behind a box may stand first among the glyphs, not in the line.
    assert all(line.text[0] not in NEVER_FIRST or line.left > LEFT + 15 for line in lines)


ODD = {
    "first-letter": ("<p>{}", "p::first-letter{font-size:2em}"),
    "first-letter-nested": ("<p><b>{}</b>", "p::first-letter{color:red}"),
    "footnote": ("<p>{}<span class=n>{}</span>{}", ".n{float:footnote}"),
    "absolute": ("<p>{}<b style='position:relative'>{}<i style='position:absolute'>乙</i></b>", ""),
    "breaks": ("<p>{}<br><br>{}<br>", ""),
    "tail": ("<p>{}<br>{}<br><i style='position:absolute'>乙</i>", ""),
    "underlined": ("<p><u>{}</u><del>{}</del>", ""),
    "negative": ("<p>{}<a style='margin-left:-3em'>{}</a>", ""),
    "percentages": ("<p>{}<span style='padding:0 5%'>{}</span>", ""),
    "empty": ("<p><b></b>{}<b> </b> <i></i>{} <b></b>", ""),
    "generated": ("<p>{}", "p::before{content:'共' counter(pages) '页'}"),
    "large": ("<p><span style='font-size:40pt'>{}</span>", ""),
    "fallback": ("<p>{}<span style='display:inline-flex'>甲</span>{}", ""),
    "float": ("<p><span style='float:left;width:3em;height:3em'></span>{}", ""),
    "preserved": ("<p style='white-space:pre-wrap'>{}\n  {}", ""),
    "clamped": ("<p style='max-lines:2;block-ellipsis:auto;continue:discard'>{}", ""),
    "ellipsis": (
        "<p style='white-space:nowrap;overflow:hidden;text-overflow:ellipsis'>{}", "",
    ),
    "zero": ("<p style='font-size:0'>{}<p>甲", ""),
    "narrow": ("<div style='width:0'>{}</div>", ""),
}  # fmt: skip


SHORTENED = {"clamped", "ellipsis", "zero", "footnote"}
UNPLANNED = {"fallback", "preserved", "narrow", "breaks", "tail"}


@pytest.mark.parametrize("name", ODD)
def test_odd_paragraphs_keep_their_text(name: str) -> None:
    body, css = ODD[name]
    lines = set_lines(body.replace("{}", SPEECH), css + "p{width:20em}")
    said = "".join(line.text for line in lines)
    assert said
    if name not in SHORTENED:
        # What is positioned may stand among the glyphs of another line.
        assert said.count(SPEECH[-20:]) >= body.count("{}") - (name in {"absolute", "tail"})
    if name not in SHORTENED | UNPLANNED:
        flush = [line.end == pytest.approx(LEFT + 200, abs=0.5) for line in lines]
        assert sum(flush) >= len(lines) - 4
