"""Ruby read back from the PDF: readings over their bases, apart, and within the measure."""

from __future__ import annotations

import html
import io
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pikepdf
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from tests.line_facts import EM, Glyph, read_glyphs, render
from tests.path_facts import read_paths

from booklet.compose import install

LEFT, PITCH = 20.0, 18.0
CENTRED, FLUSH = 0.02, 0.05
"""Ems by which a reading may miss the middle of its base, and a full line the edge."""

APART, REACH = 0.25, 0.5
"""Ems of the reading between two readings, and of the base that it may reach over a neighbour."""

NEAR = 0.05
"""Points that rounding to thousandths of an em may add up to in a line."""

OPENING, CLOSING = "“‘（《「", "”’）》」，。、：；！？"
HAN = re.compile("[一-鿿]")


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    install()


# ---- reading back --------------------------------------------------------------------------------


@dataclass
class Item:
    """Plain text, or a base with its reading; and where its glyphs were found."""

    base: str
    reading: str = ""
    before: str = ""
    after: str = ""
    glyphs: list[Glyph] = field(default_factory=list)
    read: list[Glyph] = field(default_factory=list)
    page: int = 0

    @property
    def html(self) -> str:
        inner = html.escape(self.base)
        if self.reading:
            inner = f"<ruby>{inner}<rt>{html.escape(self.reading)}</rt></ruby>"
        return self.before + inner + self.after

    @property
    def ends(self) -> tuple[float, float]:
        return self.glyphs[0].x, _end(self.glyphs[-1])

    @property
    def reading_ends(self) -> tuple[float, float]:
        return self.read[0].x, self.read[-1].x + self.read[-1].natural


def _end(glyph: Glyph) -> float:
    """Where a character ends; a mark that was halved ends there."""
    natural = glyph.x + glyph.natural
    return min(natural, glyph.end) if glyph.text in CLOSING else natural


def find(pdf: bytes, items: Sequence[Item]) -> None:
    """Find the glyphs of every item: each once, in order, a reading behind its base."""
    glyphs = iter(read_glyphs(pdf))
    for item in items:
        for text, found in ((item.base, item.glyphs), (item.reading, item.read)):
            for char in text.replace(" ", ""):
                page, glyph = next(glyphs)
                while glyph.text == " ":
                    page, glyph = next(glyphs)
                assert glyph.text == char, (item, glyph)
                found.append(glyph)
                item.page = page
    assert not [glyph for _, glyph in glyphs if glyph.text != " "]


@dataclass
class Line:
    """The items of a baseline, cut to what stands on it."""

    y: float
    glyphs: list[tuple[Glyph, Item]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph, _ in self.glyphs)

    @property
    def readings(self) -> list[Item]:
        items = {id(item): item for _, item in self.glyphs if item.read}
        return list(items.values())

    @property
    def ends(self) -> tuple[float, float]:
        """Where the line begins and ends, readings included."""
        bases = [(glyph.x, _end(glyph)) for glyph, _ in self.glyphs]
        ends = bases + [item.reading_ends for item in self.readings]
        return min(one for one, _ in ends), max(two for _, two in ends)


def lines_of(items: Sequence[Item]) -> list[Line]:
    lines: list[Line] = []
    for item in items:
        for glyph in item.glyphs:
            if not lines or abs(lines[-1].y - glyph.y) > 1:
                lines.append(Line(glyph.y))
            lines[-1].glyphs.append((glyph, item))
    return lines


def set_items(items: Sequence[Item], ems: float, css: str = "") -> list[Line]:
    body = f"<p style='width:{ems}em'>{''.join(item.html for item in items)}"
    find(render(body, css).write_pdf(), items)
    return lines_of(items)


def parse(source: str) -> list[Item]:
    """Read ``文{字|zì}`` as `Item`s."""
    return [
        Item(*part[1:-1].split("|")) if part.startswith("{") else Item(part)
        for part in re.split(r"(\{[^}]*\})", source)
        if part
    ]


# ---- judging -------------------------------------------------------------------------------------


def check_line(line: Line) -> None:
    for item in line.readings:
        assert all(abs(glyph.y - line.y) < 1 for glyph in item.glyphs), item  # a base is not torn
        middle, read_middle = sum(item.ends) / 2, sum(item.reading_ends) / 2
        assert read_middle == pytest.approx(middle, abs=CENTRED * EM), item
    for one, two in pairwise(line.readings):
        apart = two.reading_ends[0] - one.reading_ends[1]
        wide = HAN.search(one.reading + two.reading) or re.search("[ぁ-ん]", one.reading)
        assert apart > (0 if wide else APART * EM / 2) - NEAR, (one, two)
    for at, (glyph, item) in enumerate(line.glyphs):
        if item.read and glyph is item.glyphs[-1] and at + 1 < len(line.glyphs):
            check_reach(item, *line.glyphs[at + 1], right=True)
        if item.read and glyph is item.glyphs[0] and at:
            check_reach(item, *line.glyphs[at - 1], right=False)


def check_reach(item: Item, glyph: Glyph, neighbour: Item, *, right: bool) -> None:
    """Check how far a reading reaches over the character beside its base."""
    start, end = glyph.x, glyph.x + glyph.natural
    over = item.reading_ends[1] - start if right else end - item.reading_ends[0]
    blank = OPENING if right else CLOSING
    allowed = REACH * EM
    if neighbour.read or glyph.text in (CLOSING if right else OPENING):
        allowed = 0.0
    elif glyph.text in blank:
        allowed = EM / 2
    assert over < allowed + NEAR, (item, glyph)


ONE_WORD = re.compile(r"[A-Za-z0-9.]+[，。、：！…”》）]*")


def check(lines: list[Line], ems: float) -> None:
    """Check what holds in every justified paragraph."""
    right = LEFT + ems * EM
    for line in lines:
        check_line(line)
        start, end = line.ends
        assert start > LEFT - NEAR - (EM / 2 if line.text[0] in OPENING else 0), line.text
        assert end < right + FLUSH * EM or _stands_out(line, right), line.text
    for line in lines[:-1]:
        assert line.text[-1] not in OPENING
        if line.glyphs[0][1] is line.glyphs[-1][1] and line.readings:
            continue  # one base alone, which its reading has spread already
        if _stands_out(line, right):
            continue
        assert line.ends[1] == pytest.approx(right, abs=FLUSH * EM), line.text
    for one, two in pairwise(lines):
        assert two.y - one.y == pytest.approx(PITCH, abs=0.01)
        assert two.text[0] not in CLOSING


def _stands_out(line: Line, right: float) -> bool:
    """Tell whether a word that no rule lets break is wider than its measure."""
    return line.ends[1] > right and ONE_WORD.fullmatch(line.text) is not None


# ---- random text ---------------------------------------------------------------------------------

PINYIN = ["ā", "yī", "de", "hàn", "xiǎo", "shuāng", "chuáng", "zhuàng"]
HAN_TEXT = st.text(st.sampled_from("的一是在不了有和人这中大为上个国我以要他时来用"), max_size=7)
LATIN = st.sampled_from(["AI", "a", "WTO", "2014", "35.6", "7 ", " and "])
MARKS = st.sampled_from(["，", "。", "、", "：", "！", "……", "", "", "", ""])
PLAIN = st.builds(lambda one, two: Item(one + two), st.one_of(HAN_TEXT, HAN_TEXT, LATIN), MARKS)
QUOTED = st.builds(lambda text, pair: Item(pair[0] + text + pair[1]), HAN_TEXT,
                   st.sampled_from(["“”", "《》", "（）"]))  # fmt: skip
MONO = st.builds(Item, st.sampled_from("床前明月光疑地霜举头望低思故乡"), st.sampled_from(PINYIN))
GROUP = st.builds(
    Item,
    st.text(st.sampled_from("网络空间命运共同体"), min_size=2, max_size=4),
    st.sampled_from(["wǎngluò", "mìng yùn", "wǎngluòkōngjiān", "わ", "かんじ", "词义", "a b c"]),
)
TAGS = st.sampled_from(
    [("", ""), ("", ""), ("<b>", "</b>"), ("<a href='https://x.y/'>", "</a>"), ("<u>", "</u>"),
     ("<span style='ruby-align:center'>", "</span>"), ("<i style='color:red'>", "</i>")]
)  # fmt: skip


def dressed(item: Item, tags: tuple[str, str]) -> Item:
    return Item(item.base, item.reading, *tags)


ITEMS = st.lists(
    st.builds(dressed, st.one_of(PLAIN, MONO, MONO, GROUP, QUOTED), TAGS), min_size=3, max_size=40
)


STYLES = st.sampled_from(
    ["", "", "text-indent:2em", "letter-spacing:.4em", "ruby-position:under", "ruby-overhang:none",
     "text-autospace:normal", "text-spacing-trim:trim-both", "--punctuation:kaiming"]
)  # fmt: skip


# A failing paragraph is as readable small as large, and shrinking takes minutes.
@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@example([Item("WTO"), Item("WTO……"), Item("共同")], 9, "letter-spacing:.4em")
@given(ITEMS, st.integers(8, 40), STYLES)
def test_any_text_with_readings_is_set_flush_and_in_order(
    items: list[Item], ems: int, style: str
) -> None:
    items = [Item(i.base, i.reading, i.before, i.after) for i in items if i.base.strip()]
    if items:
        check(set_items(items, ems, f"p{{{style}}}"), ems)


# ---- one thing at a time -------------------------------------------------------------------------

STORY = (
    "从前有一{只|zhī}小{兔|tù}{子|zi}，{它|tā}{住|zhù}{在|zài}{森|sēn}{林|lín}{里|lǐ}。"
    "{魑魅魍魉|chīmèiwǎngliǎng}吓不{倒|dǎo}它，“{床|chuáng}{霜|shuāng}”也不怕；它说：“{你|nǐ}{好|hǎo}！”"
)


@pytest.mark.parametrize("ems", [8, 13, 21.7, 40])
def test_a_story_is_set_flush(ems: float) -> None:
    check(set_items(parse(STORY * 3), ems), ems)


@pytest.mark.parametrize("pitch", [10, 13.5, 18, 30])
def test_readings_change_no_pitch(pitch: float) -> None:
    """Not even where they do not fit between the lines; and no line of a paragraph moves."""
    css = f"p{{line-height:{pitch}pt}}"
    with_readings = set_items(parse(STORY * 2), 17, css)
    plain = [Item(re.sub(r"\{(.*?)\|.*?\}", r"\1", STORY * 2))]
    without = set_items(plain, 17, css)
    assert with_readings[0].y == pytest.approx(without[0].y, abs=0.001)
    for lines in (with_readings, without):
        for one, two in pairwise(lines):
            assert two.y - one.y == pytest.approx(pitch, abs=0.001)


def test_a_reading_stands_clear_of_its_base_and_near_to_it() -> None:
    (line,) = set_items(parse("{床|chuáng}{前|qián}明月"), 20)
    baseline = line.readings[0].read[0].y
    descender, foot = 0.25 * EM / 2, baseline - line.y + 0.88 * EM
    assert -0.15 * EM < foot + descender < 0.03 * EM
    assert {glyph.y for item in line.readings for glyph in item.read} == {baseline}


def single(source: str, css: str = "") -> tuple[Line, list[Item]]:
    items = parse(source)
    (line,) = set_items(items, 40, css)
    return line, items


def reach(item: Item) -> float:
    """Ems of the base by which a reading is wider than it, on either side."""
    return (item.reading_ends[1] - item.reading_ends[0] - item.ends[1] + item.ends[0]) / 2 / EM


def gap(one: Item, two: Item) -> float:
    """Ems between two bases."""
    return (two.ends[0] - one.ends[1]) / EM


def test_a_wide_reading_reaches_over_han_characters() -> None:
    _, (before, base, after) = single("明月{床|chuáng}前光")
    assert 0.2 < reach(base) < REACH
    assert gap(before, base) == pytest.approx(0, abs=0.003)
    assert gap(base, after) == pytest.approx(0, abs=0.003)


def test_what_is_more_than_half_an_em_widens_the_base() -> None:
    _, (before, base, after) = single("明月{床|chuángchuángchuáng}前光")
    assert reach(base) > 1
    assert gap(before, base) == pytest.approx(reach(base) - REACH, abs=0.003)
    assert gap(base, after) == pytest.approx(reach(base) - REACH, abs=0.003)


def test_a_reading_reaches_over_blanks_and_not_over_marks() -> None:
    _, (before, base, after) = single("明月，{床|chuáng}“前”")
    assert gap(before, base) == pytest.approx(0, abs=0.003)
    assert gap(base, after) == pytest.approx(0, abs=0.003)
    _, (before, base, after) = single("明“{床|chuáng}，前”")
    assert gap(before, base) == pytest.approx(reach(base), abs=0.003)
    assert gap(base, after) == pytest.approx(reach(base), abs=0.003)


def test_a_blank_below_a_reading_is_not_squeezed() -> None:
    """A line that has to be squeezed takes what it needs from other marks."""
    for ems in (10.6, 10.8):
        lines = set_items(parse("一、二三四，{床|chuáng}五六七八九十一二三四五六七"), ems)
        check(lines, ems)


def test_neighbouring_readings_are_kept_apart() -> None:
    _, (one, two, three) = single("{床|chuáng}{霜|shuāng}{一|yī}")
    assert two.reading_ends[0] - one.reading_ends[1] == pytest.approx(APART * EM / 2, abs=NEAR)
    # A base that has a reading is not reached over, though its own leaves room.
    assert three.ends[0] == pytest.approx(two.reading_ends[1], abs=NEAR)
    _, (one, _, two) = single("{床|chuángchuáng}的{霜|shuāngshuāng}")
    assert two.reading_ends[0] - one.reading_ends[1] > APART * EM / 2 - NEAR
    _, (one, two) = single("{床|かんじん}{霜|かんじん}")
    assert two.reading_ends[0] - one.reading_ends[1] == pytest.approx(0, abs=NEAR)


def test_spaced_bases_need_no_more_room() -> None:
    _, (one, two) = single("{床|chuáng}{前|qián}", "p{letter-spacing:.8em}")
    assert gap(one, two) == pytest.approx(0.8, abs=0.003)


def test_ruby_overhang() -> None:
    _, (before, base, after) = single("明月{床|chuáng}前，", "p{ruby-overhang:none}")
    assert gap(before, base) == pytest.approx(reach(base), abs=0.003)
    assert gap(base, after) == pytest.approx(reach(base), abs=0.003)


@pytest.mark.parametrize(
    ("align", "start", "inner"),
    [("space-around", 0.25, 0.5), ("space-between", 0, 1), ("center", 0.5, 0), ("start", 0, 0)],
)  # fmt: skip
def test_ruby_align_of_a_short_reading(align: str, start: float, inner: float) -> None:
    """Its share of the four ems that it is short of: before it, and between its two characters."""
    item = Item("网络空间命", "かん")
    set_items([item], 40, f"p{{ruby-align:{align}}}")
    one, two = item.read
    assert one.x - item.glyphs[0].x == pytest.approx(4 * EM * start, abs=NEAR)
    assert two.x - one.x - EM / 2 == pytest.approx(4 * EM * inner, abs=NEAR)


def test_ruby_align_spreads_a_short_base() -> None:
    long = "かんじかんじかんじ"
    around, between, centre = (
        [round((two.x - one.x) / EM, 2) for one, two in pairwise(item.glyphs)]
        for align in ("space-around", "space-between", "center")
        for item in [Item("网络", long)]
        if set_items([Item("（"), item, Item("）")], 40, f"p{{ruby-align:{align}}}")
    )
    # The reading is 4.5 ems wide, its base 2.
    assert (around, between, centre) == ([2.25], [3.5], [1.0])


def test_letters_are_never_spread() -> None:
    item = Item("网络空间", "wǎngluò")
    set_items([item], 40)
    for one, two in pairwise(item.read):
        assert two.x - one.x < one.natural + NEAR  # fonts move letters together


def test_ruby_position() -> None:
    item = Item("床", "chuáng")
    (line,) = set_items([item], 40, "p{ruby-position:under}")
    assert item.read[0].y > line.y + 0.12 * EM + 0.8 * EM / 2


def rows(body: str, css: str = "") -> dict[float, str]:
    """The text of every baseline, those of 10 points and of readings apart."""
    found: dict[float, str] = {}
    for _, glyph in read_glyphs(render(body, css).write_pdf()):
        key = next((y for y in found if abs(y - glyph.y) < 0.3), glyph.y)
        found[key] = found.get(key, "") + glyph.text
    return dict(sorted(found.items()))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<ruby>漢<rt>hàn</rt>字<rt>zì</rt></ruby>", ["hànzì", "漢字"]),
        ("<ruby><rb>漢</rb><rb>字</rb><rp>(</rp><rt>hàn</rt><rt>zì</rt><rp>)</rp></ruby>",
         ["hànzì", "漢字"]),
        ("<ruby>\n 漢\n <rt> hàn </rt>\n 字 <rt>zì</rt>\n</ruby>好", ["hànzì", "漢字好"]),
        ("<ruby>旧金山<rt>jiùjīnshān</rt><rt>San</rt></ruby>", ["jiùjīnshān", "旧金山", "San"]),
        ("<ruby><ruby>旧<rt>jiù</rt>山<rt>shān</rt></ruby><rt>San</rt></ruby>",
         ["jiùshān", "旧山", "San"]),
        ("<ruby style='ruby-position:over'>旧<rt>jiù</rt><rt>old</rt></ruby>",
         ["old", "jiù", "旧"]),
        ("甲<ruby><rt>lost</rt></ruby><rt>stray</rt><ruby>丙</ruby>", ["甲loststray丙"]),
        ("<ruby><b>漢</b>字<rt>h<i>à</i>n</rt></ruby>", ["hàn", "漢字"]),
        ("<ruby>漢<rt>h<br>n</rt></ruby>", ["hn", "漢"]),
        ("<p style='white-space:pre-wrap'><ruby>漢<rt>hàn</rt></ruby> x\n", ["hàn", "漢 x"]),
        ("<ruby style='display:inline'>漢<rt style='display:inline'>x</rt></ruby>", ["漢x"]),
    ],
)  # fmt: skip
def test_markup(body: str, expected: list[str]) -> None:
    assert list(rows(f"<p>{body}").values()) == expected


@pytest.mark.parametrize(
    ("body", "css"),
    [
        ("<h1>{}</h1>", "h1{font-size:20pt;text-align:center}"),
        ("<table><tr><td>{}<td>乙</table>", ""),
        ("<table><tr><td style='width:1pt;white-space:nowrap'>{}</table>", ""),
        ("<p>{}", "p::first-line{color:red;letter-spacing:.1em}"),
        ("<p><span style='float:left;width:3em;height:3em'></span>{}", ""),
        ("<p style='white-space:pre-wrap'>{}", ""), ("<p style='direction:rtl'>{}", ""),
        ("<p>甲<span style='display:inline-block'>{}</span>", ""), ("<p><u>{}</u>", ""),
        ("<p>甲<span style='float:left'>{}</span>", ""), ("<div style='columns:2'>{}</div>", ""),
        ("<p>{}", "p::first-letter{font-size:2em}"), ("<div style='display:flex'>{}</div>", ""),
        ("<p>甲<span class=n>{}</span>", ".n{float:footnote}"), ("<ul><li>{}</ul>", ""),
        ("<p style='position:relative'><span style='position:absolute'>{}</span>", ""),
        ("<p style='width:0'>{}", ""), ("<p>{}", "rt{position:relative;top:-1pt}"),
        ("<p style='text-align:right'>{}", ""), ("<p>{}", "p{hyphens:auto}*{word-spacing:2pt}"),
    ],
)  # fmt: skip
def test_readings_are_set_wherever_they_stand(body: str, css: str) -> None:
    text = "<ruby>床<rt>chuáng</rt>前<rt>qián</rt></ruby>明月<ruby>网<rt>wǎng</rt></ruby>"
    pdf = render(body.format(text), css + "body{width:20em}").write_pdf()
    glyphs = [glyph for _, glyph in read_glyphs(pdf)]
    said = "".join(glyph.text for glyph in glyphs)
    for base, reading in (("床", "chuáng"), ("前", "qián"), ("网", "wǎng")):
        assert said.count(base) == said.count(reading) == 1, said
        under, read = glyphs[said.index(base)], glyphs[said.index(reading) :][: len(reading)]
        middle = (read[0].x + read[-1].x + read[-1].natural) / 2
        assert middle == pytest.approx(under.x + under.natural / 2, abs=0.06 * EM)
        assert 0.9 * under.size < under.y - read[0].y < 1.2 * under.size


def test_a_cell_is_as_wide_as_its_readings() -> None:
    css = "table{border-spacing:0}td{padding:0;white-space:nowrap}p{margin:0;text-align:left}"
    body = "<table><tr><td><p><ruby>床<rt>chuángchuáng</rt></ruby><td><p>乙</table>"
    glyphs = [glyph for _, glyph in read_glyphs(render(body, css).write_pdf())]
    reading = [glyph for glyph in glyphs if glyph.size < EM / 2 + 1]
    (second,) = (glyph for glyph in glyphs if glyph.text == "乙")
    assert reading[0].x == pytest.approx(LEFT, abs=0.1)
    assert second.x == pytest.approx(reading[-1].x + reading[-1].natural, abs=0.1)


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_ends_of_lines_hold_the_whole_reading(align: str) -> None:
    items = parse("{床|chuángchuáng}明月{霜|shuāngshuāng}")
    (line,) = set_items(items, 12, f"p{{text-align:{align}}}")
    start, end = line.ends
    room = 12 * EM - (end - start)
    share = {"left": 0, "center": 0.5, "right": 1}[align]
    assert start - LEFT == pytest.approx(room * share, abs=NEAR)


def test_an_indent_is_blank_below_a_reading() -> None:
    (line,) = set_items(parse("{床|chuáng}明月"), 20, "p{text-indent:2em}")
    assert line.glyphs[0][0].x == pytest.approx(LEFT + 2 * EM, abs=NEAR)


def test_a_base_longer_than_the_line_is_torn() -> None:
    """Its reading stands whole over the last part, and begins within the measure."""
    items = parse("甲{网络空间命运共同体网络空间命运共同体|gòngtóngtǐ}乙丙丁戊己庚辛")
    lines = set_items(items, 8)
    assert [len(line.text) for line in lines[:2]] == [8, 8]
    last = max(glyph.y for glyph in items[1].glyphs)
    assert items[1].read[0].y == pytest.approx(last, abs=EM + 1)
    assert items[1].read[0].x > LEFT - NEAR


def test_a_reading_longer_than_the_line_begins_with_it() -> None:
    items = parse("甲{床|chuáng chuáng chuáng chuáng chuáng chuáng}乙")
    lines = set_items(items, 8)
    assert [line.text for line in lines] == ["甲", "床", "乙"]
    assert items[1].read[0].x == pytest.approx(LEFT, abs=NEAR)


def test_the_line_under_a_base_is_not_one_under_its_reading() -> None:
    """It is as long as the base, and there is no other; a reading may have one of its own."""
    items = [Item("床", "chuángchuáng", "<u>", "</u>")]
    pdf = render(f"<p>甲{items[0].html}乙").write_pdf()
    find(pdf, [Item("甲"), *items, Item("乙")])
    (line,) = read_paths(pdf)
    assert (line.left, line.right) == pytest.approx(items[0].ends, abs=NEAR)
    own = read_paths(render("<p><ruby>床<rt><u>a</u></rt></ruby>").write_pdf())
    assert len(own) == 1


def test_unknown_values_are_reported(caplog: pytest.LogCaptureFixture) -> None:
    css = (
        "p{ruby-align:left}p{ruby-overhang:both}p{ruby-position:inter-character}"
        "p{ruby-position:over under}p{display:ruby block}p{ruby-merge:auto}"
    )
    with caplog.at_level(logging.WARNING, "weasyprint"):
        render("<p>甲", css)
    messages = [record.getMessage() for record in caplog.records]
    assert [re.search("`(.*?):", message)[1] for message in messages] == [  # type: ignore[index]
        "ruby-align", "ruby-overhang", "ruby-position", "ruby-position", "display", "ruby-merge",
    ]  # fmt: skip


def test_a_bookmark_says_bases_alone() -> None:
    document = render("<h1><ruby>漢<rt>hàn</rt>字<rt>zì</rt></ruby>好</h1>")
    assert [title for title, *_ in document.make_bookmark_tree()] == ["漢字好"]


def test_a_pdf_says_what_is_read_and_how() -> None:
    """Structure elements Ruby, RB, RT, in that order (ISO 32000-1, 14.8.4.4.3)."""
    body = "<p>甲<ruby>漢<rt>hàn</rt>字<rt>zì</rt></ruby>"
    pdf = render(body).write_pdf(pdf_variant="pdf/ua-1")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = list(_structure(opened.Root.StructTreeRoot.K))
    assert found == ["Ruby", "RB", "RT", "Ruby", "RB", "RT"]


def _structure(kid: object) -> Iterator[str]:
    if isinstance(kid, pikepdf.Array):
        for one in list(kid):
            yield from _structure(one)
    elif isinstance(kid, pikepdf.Dictionary):
        if str(kid.get("/S"))[1:] in {"Ruby", "RB", "RT"}:
            yield str(kid["/S"])[1:]
        if "/K" in kid:
            yield from _structure(kid["/K"])
