"""How vertical text is dressed, laid out and drawn: pure values and small properties."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.theme_facts import opened

from booklet.compose.reading_marks import HOOK, RING, place_marks, room_of
from booklet.errors import Findings, Place
from booklet.model.publication import Layout
from booklet.theme.numerals import chinese_numeral
from booklet.typeset.columns import BESIDE, dress, parts_of
from booklet.typeset.geometry import plan_page
from booklet.typeset.paged import LEAF_SHEET
from booklet.typeset.segments import parse_fragment, segments_of, serialise

TEXT = st.text(alphabet="雨聲一二。，“”《》（）—…0123456789.%abZ 　")


@given(TEXT, st.booleans())
def test_parts_give_back_the_text(text: str, beside: bool) -> None:
    assert "".join(part.text for part in parts_of(text, beside=beside)) == text


@given(TEXT)
def test_only_marks_stand_beside(text: str) -> None:
    for part in parts_of(text, beside=True):
        assert (part.name == "judou") == (set(part.text) <= set(BESIDE))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("2018年4月20日", [("2018", "upright"), ("年", ""), ("4", "upright"), ("月", ""),
                          ("20", "tcy"), ("日", "")]),
        ("計100件", [("計", ""), ("100", "upright"), ("件", "")]),
        ("增3.5%。", [("增", ""), ("3.5%", "upright"), ("。", "judou")]),
        ("WTO與A4", [("WTO與A4", "")]),
        ("雨——止", [("雨", ""), ("—", "dash"), ("—", "dash"), ("止", "")]),
    ],
)  # fmt: skip
def test_figures_stand_upright(text: str, names: list[tuple[str, str]]) -> None:
    assert [(part.text, part.name) for part in parts_of(text, beside=True)] == names


def test_marks_in_the_line_stay_text() -> None:
    assert [part.name for part in parts_of("雨，止。", beside=False)] == [""]


def dressed(html: str) -> etree._Element:
    root = parse_fragment(html)
    dress(root, beside=True)
    return root


NOTE = (
    '<p data-m="body" data-src="m.md:1">雨聲\u2060<a class="note-call" id="call-1" href="#note-1" '
    'data-added="" data-generated="call-1"></a><span class="footnote" id="note-1"><a class='
    '"note-mark" href="#call-1" data-added="note" data-generated="call-1"></a>'
    '<span data-m="note-1" data-src="m.md:3">甲乙丙丁戊，己</span></span>止。</p>'
)


def test_a_note_stands_where_it_is_called() -> None:
    root = dressed(NOTE)
    assert "".join(root.itertext()).replace("\u2060", "") == "雨聲甲乙丙丁戊，己止。"
    streams = [(part.text, part.stream, part.is_aside) for part in segments_of(root)]
    assert ("甲乙丙丁", "note-1", False) in streams
    assert not [part for part in segments_of(root) if part.generated]


def test_a_note_is_parted_into_cells_of_four() -> None:
    root = dressed(NOTE)
    found = root.xpath("//*[contains(@class, 'cell')]")
    assert [("".join(cell.itertext()), cell.get("class")) for cell in found] == [
        ("甲乙丙丁", "cell"), ("戊，己", "cell short-2"),
    ]  # fmt: skip


@given(st.text(alphabet="雨聲。，一", min_size=1, max_size=40))
def test_no_cell_holds_more_than_four_characters(text: str) -> None:
    root = dressed(f'<p><span class="jiazhu" data-m="body">{text}</span></p>')
    assert "".join(root.itertext()) == text
    for cell in root.xpath("//*[contains(@class, 'cell')]"):
        assert sum(char not in BESIDE for char in "".join(cell.itertext())) <= 4


def test_an_attribution_follows_the_last_words() -> None:
    root = dressed(
        '<figure><blockquote><p data-m="body">一雨。</p></blockquote>'
        '<figcaption class="attribution" data-m="body" data-src="m.md:3">——某年，某處</figcaption>'
        "</figure>"
    )
    assert "".join(root.itertext()) == "一雨。——某年，某處"
    (note,) = root.xpath("//*[contains(@class, 'jiazhu')]")
    assert note.getparent().tag.endswith("}p")
    assert note.get("data-src") == "m.md:3"


def test_an_attribution_follows_verse_that_ends_an_excerpt() -> None:
    root = dressed(
        '<figure><blockquote><p data-m="body">序。</p><div class="verse"><p class="line" '
        'data-m="body">一雨。</p></div></blockquote><figcaption class="attribution" data-m="body">'
        "——某處</figcaption></figure>"
    )
    assert "".join(root.itertext()) == "序。一雨。——某處"


@pytest.mark.parametrize("item", ["欠茶的，不催。", "<p>欠茶的，不催。</p>"])
def test_an_attribution_follows_a_list_that_ends_an_excerpt(item: str) -> None:
    root = dressed(
        '<figure><blockquote><p data-m="body">序。</p><ol><li data-m="body">'
        f'<span class="marker">1.</span>{item}</li></ol></blockquote>'
        '<figcaption class="attribution" data-m="body">——某處</figcaption></figure>'
    )
    assert "".join(root.itertext()) == "序。一　欠茶的，不催。——某處"


def test_an_attribution_stands_alone_below_what_is_no_line() -> None:
    root = dressed(
        '<figure><blockquote><p data-m="body">序。</p><figure class="picture"><figcaption>圖一'
        '</figcaption></figure></blockquote><figcaption class="attribution" data-m="body">——某處'
        "</figcaption></figure>"
    )
    assert "".join(root.itertext()) == "序。圖一——某處"
    assert root.xpath("//*[contains(@class, 'alone')]")


def test_links_of_a_note_keep_their_target_and_lose_no_id_twice() -> None:
    root = dressed('<p><span class="jiazhu"><a id="x" href="#y">甲乙丙丁戊己</a></span></p>')
    links = root.xpath("//*[local-name() = 'a']")
    assert [link.get("href") for link in links] == ["#y", "#y"]
    assert [link.get("id") for link in links] == ["x", None]


def test_what_is_plain_stays() -> None:
    html = '<p data-plain="1">ISBN 978，12</p>'
    assert "span" not in serialise(dressed(html))


@given(st.text(alphabet="。，”』“「", min_size=1, max_size=6))
def test_marks_share_the_seam_without_touching(chars: str) -> None:
    placed = list(place_marks(chars))
    assert sorted(mark.char for mark in placed) == sorted(chars)
    spans = sorted((mark.start, mark.start + mark.room) for mark in placed)
    for one, two in pairwise(spans):
        assert two[0] >= one[1] - 1e-9


def test_a_ring_stands_on_the_seam_and_a_hook_beside_what_it_opens() -> None:
    (ring,) = place_marks("。")
    assert ring.start == pytest.approx(-RING / 2)
    (hook,) = place_marks("「")
    assert (hook.start, room_of("「")) == (0, HOOK)


@pytest.mark.parametrize("number", [1, 10, 19, 20, 99, 100, 101, 110, 119, 120, 999])
def test_figures_of_leaves_are_put_together_from_their_parts(number: int) -> None:
    symbols = LEAF_SHEET.partition("additive-symbols: ")[2].rstrip(" }\n")
    weights = [(int(n), text.strip('"')) for n, text in map(str.split, symbols.split(", "))]
    assert weights == sorted(weights, reverse=True)
    said, rest = "", number
    for weight, text in weights:
        said, rest = said + text * (rest // weight), rest % weight
    assert said == chinese_numeral(number)


def test_the_page_of_classic_is_nine_columns_of_nineteen() -> None:
    findings = Findings()
    theme = opened("classic")
    page = plan_page(Layout(), theme.page, Place("here"), findings, vertical=theme.vertical)
    assert page is not None
    assert not list(findings)
    assert (page.area.characters, page.area.lines, page.pitch, page.area.size) == (19, 9, 33, 21)
    margins = page.margins
    assert (margins.head, margins.gutter) == (118, 46)
    assert margins.foot == pytest.approx(210 * 72 / 25.4 - 118 - 19 * 21, abs=0.01)
    assert margins.fore_edge == pytest.approx(148 * 72 / 25.4 - 46 - 9 * 33, abs=0.01)
