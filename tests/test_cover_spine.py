"""Words on a spine: which characters stand, which lie with the line, which blanks are closed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklet.typeset.spine import CLOSING, OPENING, halves, spine_text

TEXT = st.text(st.sampled_from("网络强国《》（）“”’——…，。·A bz-39　\n"), max_size=40)


def shape(text: str) -> str:
    """Write each cell with a mark for how it stands: ``|`` upright, ``_`` lying, ``#`` figures."""
    signs = {"upright": "|", "turned": "_", "figures": "#", "opening": "<", "closing": ">"}
    return " ".join(
        f"{cell.text.strip()}{signs[cell.kind]}{'!' if cell.tight else ''}"
        for cell in spine_text(text).cells
    )


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("网络", "网| 络|"),
        ("CSS与HTML", "CSS_ 与| HTML_"),
        ("第3版", "第| 3# 版|"),
        ("12讲", "12# 讲|"),
        ("2026年", "2026_ 年|"),
        ("A股", "A# 股|"),
        ("5G时代", "5G_ 时| 代|"),
        ("中国——世界", "中| 国| ——_ 世| 界|"),
        ("Don’t panic", "Don’t panic_"),
        ("“网”络", "“<! 网| ”> 络|"),
        ("生活·读书", "生| 活| ·| 读| 书|"),
        ("王明　李强", "王| 明| | 李| 强|"),
    ],
)
def test_a_character_stands_or_lies(text: str, cells: str) -> None:
    assert shape(text) == cells


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("《甲》乙", "《<! 甲| 》> 乙|"),
        ("甲《乙》", "甲| 《< 乙| 》>!"),
        ("《甲》《乙》", "《<! 甲| 》>! 《< 乙| 》>!"),
        ("（《甲》）", "（<! 《<! 甲| 》>! ）>!"),
        ("甲，乙", "甲| ，> 乙|"),
    ],
)
def test_a_blank_half_is_closed_beside_a_mark_and_at_the_ends(text: str, cells: str) -> None:
    assert shape(text) == cells


def test_the_length_of_a_line_counts_ems() -> None:
    assert spine_text("网络强国").length == 4
    assert spine_text("《网络》").length == 3
    assert spine_text("第12讲").length == 3


@given(TEXT)
def test_no_character_is_lost(text: str) -> None:
    found = "".join(cell.text for cell in spine_text(text).cells)
    assert "".join(found.split()) == "".join(text.split())


@given(TEXT)
def test_two_columns_hold_the_text_and_break_where_lines_may(text: str) -> None:
    one, two = halves(text)
    plain = "".join(text.split())
    assert "".join((one + two).split()) == plain
    if one and two:
        assert two[0] not in CLOSING
        assert one[-1] not in OPENING


@pytest.mark.parametrize("text", ["- ’3", "a“-b", "-  ’3’ -", "’-“ -’"])
def test_a_mark_within_latin_neither_begins_nor_ends_a_column(text: str) -> None:
    one, two = halves(text)
    assert two[:1] not in CLOSING
    assert one[-1:] not in OPENING


def test_two_columns_are_alike_in_length() -> None:
    one, two = halves("习近平总书记关于加快建设网络强国推动网信事业发展的重要论述")
    assert abs(len(one) - len(two)) <= 1
