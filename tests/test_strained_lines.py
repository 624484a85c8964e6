"""Lines that are too loose: broken better where that can be, told where it cannot."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import write_publication
from tests.line_facts import render, set_lines
from tests.pdf_facts import read_pdf

from booklet.build import Report, build
from booklet.compose import install, strained_lines
from booklet.compose.addresses import LONG_ADDRESS, insides, seams
from booklet.errors import ReleaseError

WORD = "Pneumonoultramicroscopicsilicovolcanoconiosis"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    install()


def made(tmp_path: Path, text: str, *, strict: bool = False) -> Report:
    folder = write_publication(
        tmp_path / "book", f"# 题\n\n## 甲\n\n{text}\n\n## 乙\n\n文。\n", title="题",
        title_lines=None, form="book",
    )  # fmt: skip
    return build(folder, tmp_path / "out", ["screen"], strict=strict)


# ---- told ----------------------------------------------------------------------------------------


def test_a_loose_line_is_told_with_its_place_and_page(tmp_path: Path) -> None:
    report = made(tmp_path, f"头一段。\n\n这里有某些{WORD}很长的词。")
    (found,) = report.diagnostics
    assert (found.code, found.severity, found.place.line) == ("strained-line", "warning", 7)
    assert found.message.startswith("page 6: 「这里有某些」 is stretched by ")
    assert "U+00AD" in found.hint
    pdf = read_pdf(report.outputs[0].path.read_bytes())
    assert "这里有某些" in pdf.labelled("6").text


def test_strict_refuses_a_loose_line(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError):
        made(tmp_path, f"这里有某些{WORD}很长的词。", strict=True)


def test_the_item_of_a_list_knows_its_line(tmp_path: Path) -> None:
    report = made(tmp_path, "- 一\n\n- 这里有这样一个很长很长的Deinstitutionalizationally词。")
    assert [(item.code, item.place.line) for item in report.diagnostics] == [("strained-line", 7)]


def test_soft_hyphens_help_as_the_hint_says(tmp_path: Path) -> None:
    word = (
        "Pneu\u00admo\u00adno\u00adul\u00adtra\u00admi\u00adcro\u00adscop\u00adic\u00adsil\u00adi"
    )
    report = made(
        tmp_path, f"这里有某些{word}\u00adco\u00advol\u00adca\u00adno很长的词，well-known。"
    )
    assert report.diagnostics == ()
    text = read_pdf(report.outputs[0].path.read_bytes()).text
    assert "Pneumonoul" in text


def test_the_samples_have_no_loose_line(sample_report: Report) -> None:
    assert [item for item in sample_report.diagnostics if item.code == "strained-line"] == []


def test_words_alone_may_be_parted_further() -> None:
    """Three quarters of an em between words is loose; within Chinese a third of that is."""
    latin, chinese = "<p>汉<br>one two three extraordinary", "<p>一二三四五extraordinary"
    loose = [
        line.text
        for body in (latin, chinese)
        for line in strained_lines(render(body, "p { text-align: justify }", ems=7.2))
    ]
    assert loose == ["一二三四五"]
    assert [line.text for line in strained_lines(render(latin, ems=10.4))] == ["one two three"]


# ---- broken better -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("https://zh.wikipedia.org/wiki/%E4%B8%AD",
         ["https://", "zh.", "wikipedia.", "org/", "wiki/", "%E4", "%B8", "%AD"]),
        ("见themes/qing/theme.yaml。", ["见themes/", "qing/", "theme.", "yaml。"]),
        ("someone@example.org", ["someone@", "example.", "org"]),
        ("strained_lines_of", ["strained_", "lines_", "of"]),
        ("v1.2.3", ["v1.2.3"]),
        ("well-known, and so on", ["well-", "known, and so on"]),
    ],
)  # fmt: skip
def test_addresses_break_behind_their_signs(text: str, parts: list[str]) -> None:
    cuts = [0, *sorted(seams(text)), len(text)]
    assert [text[one:two] for one, two in pairwise(cuts)] == parts


@given(st.text(st.sampled_from("ab1/._-%中 "), max_size=30))
def test_two_characters_stay_on_either_side(text: str) -> None:
    for at in seams(text) | insides(text):
        assert 2 <= at <= len(text) - 2
        for char in text[at - 2 : at + 2]:
            assert "!" <= char <= "~"
    if all(len(word) < LONG_ADDRESS for word in text.replace("中", " ").split()):
        assert not seams(text)


def test_an_address_is_broken_rather_than_a_line_left_empty() -> None:
    css = "html { overflow-wrap: break-word; text-autospace: normal }"
    text = "<p>见网址https://www.example.org/very/long/path/to/some/document-2014.html这一篇文章。"
    lines = set_lines(text, css, ems=20)
    assert len(lines) == 3
    assert all(abs(line.end - 220) < 0.5 for line in lines[:-1])
    # At three gaps less than one em: no hole in the line.
    assert all(line.stretch < 0.3 for line in strained_lines(render(text, css, ems=20)))


def test_without_leave_nothing_is_broken() -> None:
    lines = set_lines("<p>见someone.with.a.long.name@department.example.org。", ems=12)
    assert any("someone.with.a.long.name@department.example.org" in line.text for line in lines)


def test_a_long_number_is_broken_where_it_must_be() -> None:
    text = "<p>号码是" + "0123456789" * 4 + "号，完。"
    lines = set_lines(text, "html { overflow-wrap: break-word }", ems=15)
    assert len(lines) > 1
    assert all(abs(line.end - 170) < 0.5 for line in lines[:-1])
