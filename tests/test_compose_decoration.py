"""专名号 and 书名号: lines as long as their text, whole, and apart from their neighbours."""

from __future__ import annotations

from itertools import pairwise

import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.line_facts import EM, LineFacts, read_lines, render
from tests.path_facts import Drawn, read_paths

from booklet.compose import install
from booklet.compose.decoration import APART
from booklet.compose.strokes import MANY

NAME = "u{text-decoration:underline;text-decoration-inset:auto}"
NEAR = 0.02
"""Points; a PDF rounds origins to thousandths of the type size."""


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    install()


def set_decorated(
    body: str, css: str = "", *, ems: float = 30, language: str = "zh-CN"
) -> tuple[list[LineFacts], list[Drawn]]:
    """Read the lines and the paths of a document back."""
    data = render(body, css, ems=ems, language=language).write_pdf()
    return read_lines(data), read_paths(data)


def spans(line: LineFacts, said: str) -> list[tuple[float, float]]:
    """Tell where a text begins and ends in a line: at its first and last character's body."""
    found, at = [], line.text.find(said)
    while at >= 0:
        starts, place = [], 0
        for glyph in line.glyphs:
            if at <= place < at + len(said):
                starts.append(glyph)
            place += len(glyph.text)
        found.append((starts[0].x, starts[-1].x + starts[-1].natural))
        at = line.text.find(said, at + 1)
    return found


def on_line(line: LineFacts, drawn: list[Drawn]) -> list[Drawn]:
    """Give what is drawn under a line and above the next one, from the left."""
    own = [one for one in drawn if one.page == line.page and -EM < one.top - line.y < EM]
    return sorted(own, key=lambda one: one.left)


# ---- length --------------------------------------------------------------------------------------

FILL = st.text(st.sampled_from("的一是在不了有和人这，。、"), max_size=9)
NAMES = st.text(st.sampled_from("甲乙丙丁戊己庚辛壬癸"), min_size=1, max_size=7)


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.tuples(FILL, NAMES), min_size=6, max_size=20), st.integers(7, 20))
def test_a_line_is_as_long_as_its_name(words: list[tuple[str, str]], ems: int) -> None:
    body = "".join(f"{fill}<u>{name}</u>" for fill, name in words)
    css = NAME + f"p{{width:{ems}em}}"
    lines, drawn = set_decorated(f"<p>{body}", css)
    # Which name each character of the text belongs to.
    owners = [
        number if part else None
        for number, pair in enumerate(words)
        for part, text in enumerate(pair)
        for _ in text
    ]
    wanted, place = [], 0
    for line in lines:
        glyphs = list(line.glyphs)
        mine = owners[place : place + len(glyphs)]
        for owner in dict.fromkeys(one for one in mine if one is not None):
            first = mine.index(owner)
            last = len(mine) - 1 - mine[::-1].index(owner)
            starts = place + first == owners.index(owner)
            ends = place + last == len(owners) - 1 - owners[::-1].index(owner)
            left = glyphs[first].x + (APART * EM if starts else 0)
            right = glyphs[last].x + EM - (APART * EM if ends else 0)
            wanted.append((line.page, left, right, line.y))
        place += len(glyphs)
    assert place == len(owners)
    found = [one for line in lines for one in on_line(line, drawn)]
    assert len(found) == len(wanted) == len(drawn)
    for one, (page, left, right, y) in zip(found, wanted, strict=True):
        assert one.page == page
        assert (one.left, one.right) == pytest.approx((left, right), abs=NEAR)
        assert 0.12 * EM < one.top - y < 0.2 * EM


def test_neighbours_do_not_touch() -> None:
    _, drawn = set_decorated("<p><u>孔子</u><u>孟子</u><u>荀子</u>", NAME)
    for one, two in pairwise(sorted(drawn, key=lambda one: one.left)):
        assert 0.1 * EM < two.left - one.right < 0.2 * EM


def test_a_line_goes_on_through_gaps_and_bold_text() -> None:
    body = "<p style='width:8.7em'>作者是<u>陀思<b>妥耶</b>夫斯基</u>，他还写过别的书"
    lines, drawn = set_decorated(body, NAME)
    assert len(drawn) == 2
    for line, one in zip(lines, drawn, strict=False):
        left, right = one.left, one.right
        covered = [glyph for glyph in line.glyphs if left - 1 < glyph.x and glyph.x + 9 < right]
        assert {glyph.text for glyph in covered} <= set("陀思妥耶夫斯基")
    assert lines[0].glyphs[-1].x + EM == pytest.approx(drawn[0].right, abs=NEAR)


def test_letter_spacing_ends_with_the_name() -> None:
    lines, (one,) = set_decorated("<p><u style='letter-spacing:.5em'>孔子</u>曰", "")
    ((left, right),) = spans(lines[0], "孔子")
    assert (one.left, one.right) == pytest.approx((left, right), abs=NEAR)
    assert one.width == pytest.approx(2.5 * EM, abs=NEAR)


@pytest.mark.parametrize(
    ("inset", "start", "end"),
    [("0", 0, 0), ("2pt", 2, 2), ("1pt -3pt", 1, -3), ("calc(.1em + 1pt)", 2, 2), ("auto", .8, .8)],
)  # fmt: skip
def test_text_decoration_inset(inset: str, start: float, end: float) -> None:
    css = f"u{{text-decoration-inset:{inset}}}"
    lines, (one,) = set_decorated("<p>见<u>孔子</u>曰", css)
    ((left, right),) = spans(lines[0], "孔子")
    assert (one.left, one.right) == pytest.approx((left + start, right - end), abs=NEAR)


@pytest.mark.parametrize(("how", "shorter"), [("slice", 0.0), ("clone", 2.0)])
def test_an_inset_at_a_line_end(how: str, shorter: float) -> None:
    css = f"u{{text-decoration-inset:2pt;box-decoration-break:{how}}}p{{width:6em}}"
    lines, drawn = set_decorated("<p>一二三四<u>五六七八</u>九", css)
    first, second = drawn
    assert first.right == pytest.approx(lines[0].end - shorter, abs=NEAR)
    assert second.left == pytest.approx(lines[1].left + shorter, abs=NEAR)


def test_an_inset_longer_than_its_text_leaves_nothing() -> None:
    assert not set_decorated("<p><u>孔子</u>", "u{text-decoration-inset:12pt}")[1]


def test_paragraphs_of_the_base_have_the_same_lines() -> None:
    lines, (one,) = set_decorated("<p>See <u>Peking <i>Review</i></u> now", NAME)
    ((left, right),) = spans(lines[0], "Peking Review")
    place = left + APART * EM, right - APART * EM
    # The base rounds each advance of its own down to a thousandth.
    assert (one.left, one.right) == pytest.approx(place, abs=3 * NEAR)


# ---- shape ---------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 25), st.sampled_from([6.0, 9.0, 10.5, 24.0]), st.sampled_from([0, 0.3, 1.5]))
def test_waves_are_whole(count: int, size: float, thickness: float) -> None:
    thick = f"{thickness}pt" if thickness else ""
    css = f"p{{font-size:{size}pt}}u{{text-decoration:underline wavy {thick}}}"
    lines, (wave,) = set_decorated(f"<p><u>{'史' * count}</u>", css, ems=80)
    line = lines[0]
    assert (wave.left, wave.right) == pytest.approx((line.left, line.end), abs=NEAR)
    # Level troughs and crests in turns, from trough to trough, all equally far apart.
    heights = [y for _, y in wave.ends]
    assert heights[0] == heights[-1] == max(heights)
    assert len(heights) % 2 == 1
    assert heights[::2] == pytest.approx([max(heights)] * len(heights[::2]), abs=1e-3)
    assert heights[1::2] == pytest.approx([min(heights)] * len(heights[1::2]), abs=1e-3)
    steps = [two[0] - one[0] for one, two in pairwise(wave.ends)]
    assert steps == pytest.approx([steps[0]] * len(steps), abs=1e-3)
    period = 2 * steps[0]
    assert 0.6 * max(size / 3, 6 * wave.line) <= period <= 1.5 * max(size / 3, 6 * wave.line)
    assert max(heights) - min(heights) == pytest.approx(2 * max(0.055 * size, wave.line), abs=0.01)
    # Its tangents are level at both ends, so that the stroke is cut upright.
    assert wave.points[1][1] == pytest.approx(wave.points[0][1], abs=1e-3)
    assert wave.points[-2][1] == pytest.approx(wave.points[-1][1], abs=1e-3)
    assert wave.line == pytest.approx(thickness or 0.05 * size, rel=0.01)


@pytest.mark.parametrize(
    ("style", "thick", "count", "height"),
    [("solid", 1, 1, 1), ("double", 1, 2, 3), ("dotted", 1, 15, 1), ("dashed", 1, 6, 1)],
)
def test_styles(style: str, thick: float, count: int, height: float) -> None:
    css = f"u{{text-decoration:underline {style} {thick}pt #00f}}"
    lines, drawn = set_decorated("<p><u>三个字</u>", css)
    assert len(drawn) == count
    assert {one.path for one in drawn} == {1}
    assert {one.color for one in drawn} == {(0, 0, 1)}
    assert max(one.bottom for one in drawn) - min(one.top for one in drawn) == pytest.approx(
        height, abs=1e-3
    )
    ordered = sorted(drawn, key=lambda one: one.left)
    assert ordered[0].left == pytest.approx(lines[0].left, abs=NEAR)
    assert ordered[-1].right == pytest.approx(lines[0].end, abs=NEAR)
    gaps = [two.left - one.right for one, two in pairwise(ordered)]
    if style in {"dotted", "dashed"}:
        assert gaps == pytest.approx([gaps[0]] * len(gaps), abs=1e-3)
        assert 0.5 * thick < gaps[0] < 2.5 * thick


# ---- height --------------------------------------------------------------------------------------

BASE = "u{text-decoration:underline 1pt}"


@pytest.mark.parametrize(
    ("text", "css", "top"),
    [
        ("汉字", "", 1.6), ("汉字", "text-underline-position:under", 1.6),
        ("汉字", "text-underline-position:under left", 1.6),
        ("汉字", "text-underline-position:from-font", 0.75),
        ("汉字", "text-underline-position:from-font;text-underline-offset:1pt", 1.75),
        ("汉字", "text-underline-offset:3pt", 3), ("汉字", "text-underline-offset:20%", 2),
        ("汉字", "text-underline-position:under;text-underline-offset:3pt", 4.2),
        ("汉字", "text-underline-position:under;text-underline-offset:0", 1.2),
        ("word", "", 0.75), ("word", "text-underline-position:under", 1.6),
        ("gypsy", "text-underline-position:under", 2.7 + 0.4), ("字gypsy", "", 2.7 + 0.4),
    ],
)  # fmt: skip
def test_where_an_underline_stands(text: str, css: str, top: float) -> None:
    lines, (one,) = set_decorated(f"<p><u>{text}</u>", BASE + f"u{{{css}}}")
    assert one.top - lines[0].y == pytest.approx(top, abs=0.05)


def test_a_superscript_does_not_move_the_line() -> None:
    lines, (one,) = set_decorated("<p><u>孔子<sup style='font-size:60%'>1</sup>曰</u>", BASE)
    (body,) = [line for line in lines if "孔" in line.text]
    assert one.top - body.y == pytest.approx(1.6, abs=0.05)
    assert one.height == pytest.approx(1, abs=1e-3)


def test_lines_over_and_through_text() -> None:
    css = "u{text-decoration:overline 1pt}s{text-decoration:line-through 1pt}"
    lines, (over, through) = set_decorated("<p><u>汉字</u><s>汉字</s>", css)
    assert over.bottom == pytest.approx(lines[0].y - 0.92 * EM, abs=0.05)
    assert through.middle[1] == pytest.approx(lines[0].y - 0.38 * EM, abs=0.05)


# ---- whose line it is ----------------------------------------------------------------------------


def test_every_decorating_box_has_its_own_line_and_color() -> None:
    body = (
        "<p><a href='https://x.y/'>一二<span style='color:red'>三四</span>"
        "<s style='color:#0f0'>五六</s></a>七"
    )
    css = "a{color:#00f;text-decoration:underline}s{text-decoration:line-through}"
    lines, drawn = set_decorated(body, css)
    by_color = {one.color: one for one in drawn}
    assert len(drawn) == 2
    under, through = by_color[0, 0, 1], by_color[0, 1, 0]
    assert (under.left, under.right) == pytest.approx(spans(lines[0], "一二三四五六")[0], abs=NEAR)
    assert (through.left, through.right) == pytest.approx(spans(lines[0], "五六")[0], abs=NEAR)


def test_a_block_and_a_first_letter_are_underlined_whole() -> None:
    css = "p{text-decoration:underline;width:5em}p::first-letter{color:red}"
    lines, drawn = set_decorated("<p>一二三四五<b>六七</b>八", css)
    assert len(lines) == 2
    for line, one in zip(lines, drawn, strict=True):
        assert (one.left, one.right) == pytest.approx((line.left, line.end), abs=NEAR)


def test_a_picture_interrupts_a_line() -> None:
    box = "<span style='display:inline-block;width:2em;height:1em'></span>"
    lines, drawn = set_decorated(f"<p><u>孔子{box}孟子</u>", NAME)
    first, second = sorted(drawn, key=lambda one: one.left)
    assert first.right == pytest.approx(lines[0].left + 2 * EM, abs=NEAR)
    assert second.left == pytest.approx(lines[0].left + 4 * EM, abs=NEAR)
    assert second.right == pytest.approx(lines[0].left + (6 - APART) * EM, abs=NEAR)


@pytest.mark.parametrize("css", ["position:relative", "opacity:.5", "position:relative;z-index:1"])
def test_a_box_that_is_drawn_on_its_own_keeps_its_line(css: str) -> None:
    lines, drawn = set_decorated(f"<p>见<u>孔<b style='{css}'>夫</b>子</u>书", BASE)
    assert {round(one.top - lines[0].y, 1) for one in drawn} <= {1.6}
    if "opacity" not in css:  # that is drawn in a form of its own
        assert sum(one.width for one in drawn) == pytest.approx(3 * EM, abs=0.1)


def test_a_name_that_is_drawn_on_its_own_ends_as_others_do() -> None:
    css = NAME + "u{position:relative}p{width:6em}"
    _, drawn = set_decorated("<p>一二三四<u>五六七八</u>九", css)
    first, second = sorted(drawn, key=lambda one: one.top)
    assert (first.left, first.right) == pytest.approx((20 + (4 + APART) * EM, 80), abs=NEAR)
    assert (second.left, second.right) == pytest.approx((20, 20 + (2 - APART) * EM), abs=NEAR)


@pytest.mark.parametrize(
    ("css", "text", "start", "end"),
    [
        ("text-spacing-trim:trim-both", "《甲》", 0, 0),
        ("hanging-punctuation:first last", "《甲》", -5, 5),
        ("", "甲，", 0, 0),
    ],
)
def test_a_line_covers_the_ink_of_marks_at_the_ends(
    css: str, text: str, start: float, end: float
) -> None:
    lines, (one,) = set_decorated(f"<p><u>{text}</u>", BASE + f"p{{{css}}}")
    assert one.left == pytest.approx(20 + start, abs=NEAR)
    assert one.right == pytest.approx(lines[0].end + end, abs=NEAR)


def test_a_background_within_does_not_hide_the_line() -> None:
    body = "<p><u>孔<mark>夫</mark>子</u>"
    css = "u{text-decoration:underline 2pt #f00;text-underline-offset:1pt}mark{background:#ff0}"
    data = render(body, css).write_pdf()
    document = pypdfium2.PdfDocument(data)
    picture = document[0].render(scale=4).to_pil().convert("RGB")
    document.close()
    line = read_lines(data)[0]
    y = round((line.y + 2) * 4)
    colors = {picture.getpixel((round((line.left + x) * 4), y)) for x in (5, 12, 18, 25)}
    assert colors == {(255, 0, 0)}


def test_a_long_line_of_tiny_waves_stays_small() -> None:
    body = "<p><u style='font-size:.001pt'>甲<span style='font-size:10pt'>" + "字" * 28
    for style in ("wavy", "dotted", "dashed"):
        css = f"u{{text-decoration:underline {style} .0001pt}}"
        _, drawn = set_decorated(body, css)
        assert sum(len(one.points) for one in drawn) < 10 * MANY


def test_a_hidden_text_has_no_line() -> None:
    assert not set_decorated("<p><u style='visibility:hidden'>孔子</u>", BASE)[1]
