"""着重号: one mark for each character, on its middle, and nothing else moved or said."""

from __future__ import annotations

import html
import logging
import unicodedata
from itertools import groupby

import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.line_facts import EM, Glyph, LineFacts, read_lines, render
from tests.path_facts import Drawn, read_paths

from booklet.compose import install
from booklet.compose.emphasis import is_marked

DOTS = ".e{text-emphasis:filled dot}"
SPEECH = (
    "没有网络安全，就没有国家安全；（没有）“信息化”就没有现代化……Internet page 2014年，一体——两翼。"
)


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    install()


def set_marks(
    body: str, css: str = DOTS, *, ems: float = 30, language: str = "zh-CN"
) -> tuple[list[LineFacts], list[Drawn]]:
    """Read the lines and the paths of a document back."""
    data = render(body, css, ems=ems, language=language).write_pdf()
    return read_lines(data), read_paths(data)


def extracted(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


def expected(line: LineFacts) -> list[float]:
    """Where the marks of a line should be that is emphasised as a whole."""
    return sorted(x for glyph in line.glyphs for x in middles(glyph))


def middles(glyph: Glyph) -> list[float]:
    """Give the middle of a character's body; the letters of a ligature share theirs."""
    letters = [one for one in glyph.text if unicodedata.category(one)[0] in "LNS" or one == "%"]
    width = glyph.natural / max(len(letters), 1)
    return [glyph.x + width * (number + 0.5) for number in range(len(letters))]


def by_line(marks: list[Drawn]) -> dict[tuple[int, float], list[Drawn]]:
    ordered = sorted(marks, key=lambda mark: (mark.page, round(mark.middle[1], 1)))
    groups = groupby(ordered, key=lambda mark: (mark.page, round(mark.middle[1], 1)))
    return {key: list(group) for key, group in groups}


def check_lines(lines: list[LineFacts], marks: list[Drawn]) -> None:
    """Check that every character of these lines carries its mark, and no other."""
    rows = iter(by_line(marks).values())
    for line in lines:
        places = expected(line)
        if not places:
            continue
        row = next(rows)
        found = sorted(mark.middle[0] for mark in row)
        assert found == pytest.approx(places, abs=0.02 * line.glyphs[0].size), line.text
        assert 0.2 < (row[0].middle[1] - line.y) / line.glyphs[0].size < 0.5
    assert next(rows, None) is None


# ---- where marks stand ---------------------------------------------------------------------------

WORDS = st.one_of(
    st.text(st.sampled_from("的一是在不了有和人这中大为上个国我以要他"), min_size=1, max_size=9),
    st.sampled_from(["Internet", "AI", "fly", "2014", "35.6%", "e\u0301t", "葛\U000e0100", "𠮷"]),
)
AFTER = st.sampled_from(
    ["，", "。", "、", "——", "……", "”", "（", "", "", " ", "·", "\u3000", "\u200b"]
)
TAGS = st.sampled_from(["b", "a href='https://x.y/'", "u", "i style='letter-spacing:.2em'", ""])


def wrapped(word: str, after: str, tag: str) -> tuple[str, str]:
    said = html.escape(word + after)
    return word + after, f"<{tag}>{said}</{tag.split()[0]}>" if tag else said


PARAGRAPH = st.lists(st.builds(wrapped, WORDS, AFTER, TAGS), min_size=4, max_size=30)


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.tuples(PARAGRAPH, st.integers(8, 30)), min_size=3, max_size=6))
def test_every_character_carries_its_mark_in_any_text(
    cases: list[tuple[list[tuple[str, str]], int]],
) -> None:
    body = "".join(
        f"<p class=e style='width:{ems}em'>{''.join(said for _, said in words)}</p>"
        for words, ems in cases
    )
    css = DOTS + "u,a{text-decoration:none}i{font-style:normal}"
    lines, marks = set_marks(body, css)
    check_lines(lines, marks)


@pytest.mark.parametrize("align", ["justify", "left", "center", "right"])
def test_marks_follow_stretched_and_squeezed_lines(align: str) -> None:
    css = DOTS + f"p{{width:11.7em;text-align:{align};text-autospace:normal}}"
    check_lines(*set_marks(f"<p class=e>{SPEECH * 3}", css))


@pytest.mark.parametrize(
    "body",
    [
        "<p class=e>An emphasised gypsy paragraph, set by the base, with flying office words.",
        "<pre class=e style='font-family:inherit'>没有  空格\n第二行，字</pre>",
        "<p class=e style='letter-spacing:.3em'>Latin of the base",
        "<h1 class=e style='font-size:16pt;width:6em'>没有网络安全就没有国家安全</h1>",
        "<p class=e style='position:relative;width:8em'>没有<span style='position:relative'>网络"
        "安全就没有</span>国家安全",
    ],
)
def test_marks_stand_right_whoever_sets_the_line(body: str) -> None:
    lines, marks = set_marks(body, DOTS + "h1,pre{margin:0}p{width:14em}")
    check_lines(lines, marks)


def test_marks_move_nothing_and_say_nothing() -> None:
    body = f"<p style='width:15em'>{SPEECH}<span class=e>{SPEECH}</span>{SPEECH}"
    plain, marked = (render(body, css).write_pdf() for css in ("", DOTS))
    assert read_lines(plain) == read_lines(marked)
    assert extracted(plain) == extracted(marked) == "".join((SPEECH * 3).split())
    assert not read_paths(plain)
    assert read_paths(marked)


def test_marks_belong_to_their_text_in_a_tagged_file() -> None:
    css = DOTS + "u{text-decoration:underline wavy}"
    document = render("<p class=e>甲，<u>乙</u>", css)
    drawn = read_paths(document.write_pdf(pdf_variant="pdf/ua-1"))
    assert {one.tags for one in drawn} == {("Span",)}


def test_the_row_of_a_line_is_level_and_clear_of_descenders() -> None:
    lines, marks = set_marks(
        "<p><span class=e>一体</span>，<span class=e>一体<b>page</b>一体</span>"
    )
    rows = by_line(marks)
    assert [len(row) for row in rows.values()] == [2, 8]
    upper, lower = (row[0] for row in rows.values())
    assert upper.top > lines[0].y + 0.12 * EM
    assert lower.top > lines[0].y + 0.26 * EM


def test_marks_stand_outside_lines() -> None:
    """先线后点 (clreq 3.1.8): both find room in half an em between the lines."""
    css = DOTS + "u{text-decoration:underline wavy}"
    lines, drawn = set_marks("<p><u class=e>先线后点", css)
    (wave,) = [one for one in drawn if one.stroked]
    dots = [one for one in drawn if not one.stroked]
    assert len(dots) == 4
    assert all(dot.top > wave.bottom for dot in dots)
    assert all(dot.bottom < lines[0].y + 0.62 * EM for dot in dots)


# ---- which characters ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("css", "marked"),
    [
        ("", "甲A7％＋々§"),
        ("text-emphasis-skip:spaces", "甲A7％＋々§，—"),
        ("text-emphasis-skip:spaces punctuation symbols", "甲A7々"),
        ("text-emphasis-skip:spaces punctuation narrow", "甲％＋々"),
        ("text-emphasis-skip:punctuation", "甲A7％＋々§ "),
    ],
)
def test_text_emphasis_skip(css: str, marked: str) -> None:
    text = "甲A7％＋々§，— 字"
    lines, drawn = set_marks(f"<p class=e>{text}", DOTS + f".e{{{css}}}")
    places = {glyph.text: glyph.x + glyph.natural / 2 for glyph in lines[0].glyphs}
    found = {
        char for char, x in places.items() if any(abs(one.middle[0] - x) < 0.2 for one in drawn)
    }
    assert found == set(marked) | {"字"}


@given(st.characters(), st.sets(st.sampled_from(["spaces", "punctuation", "symbols", "narrow"])))
def test_less_is_marked_the_more_is_skipped(char: str, skip: set[str]) -> None:
    everything = frozenset({"spaces", "punctuation", "symbols", "narrow"})
    assert is_marked(char, frozenset(skip)) >= is_marked(char, everything)
    if unicodedata.category(char) in {"Cc", "Cf", "Cn"}:
        assert not is_marked(char, frozenset(skip))


@pytest.mark.parametrize(("language", "level"), [("zh-CN", 1), ("ja", 2)])
def test_readings_carry_no_marks_and_are_not_overprinted(language: str, level: int) -> None:
    """Marks on the side of a reading stand outside it, those of its neighbours do not."""
    body = "<p style='line-height:3'>甲<span class=e>乙<ruby>汉<rt>han</rt></ruby>丙</span>"
    lines, drawn = set_marks(body, language=language)
    assert len(drawn) == 3
    assert len({round(mark.middle[1], 2) for mark in drawn}) == level
    (reading,) = [line for line in lines if "han" in line.text]
    read = sorted(drawn, key=lambda mark: mark.left)[1]
    if language == "ja":
        assert read.bottom < reading.y - 0.4 * EM


# ---- what they look like -------------------------------------------------------------------------

HEIGHTS = {"dot": 0.17, "circle": 0.36, "double-circle": 0.36, "triangle": 0.3, "sesame": 0.28}


@pytest.mark.parametrize("fill", ["filled", "open", ""])
@pytest.mark.parametrize("shape", HEIGHTS)
def test_shapes(shape: str, fill: str) -> None:
    lines, drawn = set_marks("<p class=e>甲", f".e{{text-emphasis:{shape} {fill} red}}")
    outer = max(drawn, key=lambda one: one.width)
    stroked = fill == "open" or shape == "double-circle"
    assert outer.stroked == stroked
    assert len(drawn) == (2 if shape == "double-circle" else 1)
    assert drawn[-1].stroked == (fill == "open")
    assert {one.color for one in drawn} == {(1, 0, 0)}
    # A mitred corner reaches farther than half its line.
    slack = 0.5 * outer.line if shape == "triangle" else 0.0
    assert outer.height + slack == pytest.approx(HEIGHTS[shape] * EM, abs=0.02 * EM)
    left = lines[0].glyphs[0].x
    assert outer.middle[0] == pytest.approx(left + EM / 2, abs=0.02 * EM)


def test_a_fill_alone_is_a_circle_and_the_color_is_the_text_s() -> None:
    _, (mark,) = set_marks("<p class=e style='color:#00f'>甲", ".e{text-emphasis:filled}")
    assert mark.width == pytest.approx(HEIGHTS["circle"] * EM, abs=0.01)
    assert mark.color == (0, 0, 1)


def test_a_string_is_drawn_and_not_written() -> None:
    css = ".e{text-emphasis:'※' #0a0;text-emphasis-position:over}"
    data = render("<p class=e>甲，乙", css).write_pdf()
    lines, drawn = read_lines(data), read_paths(data)
    assert extracted(data) == "甲，乙"
    assert {one.color[1] for one in drawn} == {0.667}
    for glyph in (lines[0].glyphs[0], lines[0].glyphs[2]):
        own = [one for one in drawn if abs(one.middle[0] - glyph.x - EM / 2) < EM / 2]
        left, right = min(one.left for one in own), max(one.right for one in own)
        assert (left + right) / 2 == pytest.approx(glyph.x + EM / 2, abs=0.02 * EM)
        assert 0.3 * EM < right - left < 0.5 * EM
        assert all(one.bottom < lines[0].y - 0.88 * EM for one in own)


def test_a_string_that_no_font_has_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        _, drawn = set_marks("<p class=e>甲", ".e{text-emphasis:'\U000f1234'}")
    assert not drawn
    assert "No font has the emphasis mark" in caplog.text


# ---- sides ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "css", "over"),
    [
        ("zh-CN", "", False), ("zh-Hant", "", False), ("ja", "", True), ("ko", "", True),
        ("zh-CN", "over", True), ("ja", "under right", False), ("ja", "left under", False),
        ("zh-CN", "auto", False), ("ja", "auto", True),
    ],
)  # fmt: skip
def test_text_emphasis_position(language: str, css: str, over: bool) -> None:
    style = DOTS + (f".e{{text-emphasis-position:{css}}}" if css else "")
    lines, (mark,) = set_marks("<p class=e>字", style, language=language)
    if over:
        assert mark.bottom < lines[0].y - 0.88 * EM
    else:
        assert mark.top > lines[0].y + 0.12 * EM


def test_a_part_in_another_language_goes_by_its_own() -> None:
    lines, drawn = set_marks("<p class=e>汉字<span lang=ja>かな</span>", DOTS)
    assert [mark.middle[1] > lines[0].y for mark in drawn] == [True, True, False, False]


# ---- the language of style sheets ----------------------------------------------------------------


@pytest.mark.parametrize(
    "declaration",
    [
        "text-emphasis: none", "text-emphasis: 'x' red", "text-emphasis: red open sesame",
        "text-emphasis: var(--x)", "text-emphasis-style: dot filled", "text-emphasis: inherit",
        "text-emphasis-color: currentcolor", "text-emphasis-position: right over",
        "text-emphasis-skip: narrow spaces", "text-underline-position: under left",
        "text-underline-position: from-font", "text-decoration-inset: auto",
        "text-decoration-inset: 1px -2em", "text-decoration-inset: calc(1em + 2px)",
    ],
)  # fmt: skip
def test_what_the_standard_says_is_read(declaration: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        render("<p>甲", f"p{{--x:dot;{declaration}}}").write_pdf()
    assert not caplog.text


@pytest.mark.parametrize(
    "declaration",
    [
        "text-emphasis: square", "text-emphasis: dot dot", "text-emphasis: none dot",
        "text-emphasis: 'x' dot", "text-emphasis: red blue", "text-emphasis-style: red",
        "text-emphasis-position: right", "text-emphasis-position: over under",
        "text-emphasis-skip: all", "text-emphasis-skip: spaces spaces",
        "text-underline-position: over", "text-decoration-inset: 1px 2px 3px",
        "text-decoration-inset: 10%", "text-decoration-inset: auto 1px",
    ],
)  # fmt: skip
def test_what_it_does_not_say_is_reported(
    declaration: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        render("<p>甲", f"p{{{declaration}}}")
    assert "Ignored" in caplog.text
    assert declaration.split(":")[0] in caplog.text
