"""A Latin family before the Chinese one: who sets which character, and how high lines are."""

from __future__ import annotations

import string
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import write_publication
from tests.line_facts import LineFacts, read_lines
from tests.pdf_facts import read_pdf

from booklet.build import build
from booklet.compose import install
from booklet.compose.latin import chinese_marks
from booklet.fonts import fontconfig_folder, isolated, open_shelf

SHARED = "“”‘’—…·"
LATIN = string.ascii_letters + string.digits + " .,-'" + SHARED
NAME = "Test Latin"


def make_font(path: Path, *, weight: int = 400, italic: bool = False) -> None:
    """Make a Latin font, half an em wide throughout, with metrics unlike those of Chinese ones."""
    names = [".notdef", *(f"g{ord(char)}" for char in LATIN)]
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 500), (450, 500), (450, 0)):
        pen.lineTo(point)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"g{ord(char)}" for char in LATIN})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 50)))
    # A bold face is a little higher, as in many families.
    builder.setupHorizontalHeader(ascent=700 + weight // 10, descent=-200)
    style = f"{'Bold' if weight > 400 else ''}{'Italic' if italic else ''}" or "Regular"
    builder.setupNameTable({"familyName": NAME, "styleName": style})
    builder.setupOS2(
        usWeightClass=weight, sTypoAscender=700, sTypoDescender=-200, usWinAscent=900,
        usWinDescent=300, fsSelection=(0x20 if weight > 400 else 0) | italic or 0x40,
    )  # fmt: skip
    builder.setupPost()
    builder.font["head"].macStyle = (weight > 400) | (2 if italic else 0)
    builder.save(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four faces of the Latin family."""
    found = tmp_path_factory.mktemp("latin")
    for weight in (400, 700):
        for italic in (False, True):
            make_font(found / f"{weight}-{italic}.ttf", weight=weight, italic=italic)
    return found


@pytest.fixture(scope="module")
def fonts(folder: Path) -> Any:
    from weasyprint.text.fonts import FontConfiguration

    install()
    shelf = open_shelf([folder])
    families = [shelf.family(name) for name in ("Noto Serif CJK SC", NAME)]
    with isolated(fontconfig_folder([family for family in families if family])):
        return FontConfiguration()


def set_in(fonts: Any, body: str, css: str = "", *, language: str = "zh-CN") -> list[LineFacts]:
    from weasyprint import HTML

    style = (
        "@page { size: 300pt 800pt; margin: 20pt } p { margin: 0; text-align: justify }"
        f"html {{ font: 10pt/18pt '{NAME}', 'Noto Serif CJK SC'; text-autospace: normal }} {css}"
    )
    html = f"<html lang={language}><style>{style}</style><body style='margin: 0'>{body}"
    return read_lines(HTML(string=html).render(font_config=fonts).write_pdf())


def latin_of(lines: list[LineFacts]) -> str:
    """Give what the Latin family set, with a bar wherever it was interrupted."""
    parts: list[str] = []
    before = False
    for line in lines:
        for glyph in line.glyphs:
            latin = "Latin" in glyph.font
            if latin:
                parts.append(glyph.text if before else f"|{glyph.text}")
            before = latin
    return "".join(parts).removeprefix("|")


# ---- who sets what -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("他说：“好，World 2024。”——是的……甲·乙。", "World 2024"),
        ("这是don’t和John’s，students’ work也是。", "don’t|John’s|students’ work"),
        ("见A·B与2014—2015年，wait…what呢。", "A·B|2014—2015|wait…what"),
        ("“Web”是“网”。", "Web"),
        ("强调<b>“Web 2.0”</b>与<i>“Hamlet”</i>。", "Web 2.0|Hamlet"),
        ("她问‘Why’——没人答。", "Why"),
    ],
)
def test_shared_marks_are_chinese_in_chinese_text(fonts: Any, text: str, latin: str) -> None:
    assert latin_of(set_in(fonts, f"<p>{text}")) == latin


def test_a_text_without_chinese_or_in_another_language_keeps_its_marks(fonts: Any) -> None:
    text = "He said “yes” — don’t…"
    assert latin_of(set_in(fonts, f"<p>{text}")) == text
    assert latin_of(set_in(fonts, f"<p lang=en>{text}</p>")) == text
    assert latin_of(set_in(fonts, f"<p lang=en>{text}中</p>")) == text


def test_headings_cells_margins_and_leaders_are_set_like_text(fonts: Any) -> None:
    css = (
        "@page { @top-center { content: '“甲”A' } } h2 { font-size: 10pt; margin: 0 }"
        "a::after { content: leader('·') '“丁”D' }"
    )
    body = "<h2>“乙”B</h2><table><tr><td>“丙”C</table><p>“丁”<a></a>"
    lines = set_in(fonts, body, css)
    assert sorted(glyph.text for line in lines for glyph in line.glyphs if "Latin" in glyph.font
                  and glyph.text != "·") == ["A", "B", "C", "D"]  # fmt: skip


def test_the_chinese_face_first_is_left_alone(fonts: Any) -> None:
    css = f"html {{ font-family: 'Noto Serif CJK SC', '{NAME}' }}"
    assert latin_of(set_in(fonts, "<p>他说：“Web 2.0”——don’t", css)) == ""


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*"甲乙ab12 ,", *SHARED]), max_size=14).map("".join))
def test_every_mark_is_chinese_but_those_within_latin(text: str) -> None:
    chinese = {at for begin, end in chinese_marks(text) for at in range(begin, end)}
    for at, char in enumerate(text):
        if char not in SHARED:
            assert at not in chinese
            continue
        before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
        within = before in "ab12" and after in "ab12" and char not in "“”‘"
        if within:
            assert at not in chinese
        elif char in "“”‘" or before not in "ab12":
            assert at in chinese


# ---- how it stands -------------------------------------------------------------------------------

MIXED = (
    "<p>文字Latin 12与<b>粗体Bold</b>、<i>斜体Italic</i>、<b><i>Both</i></b>，“引文”——又说Word。"
    "纯汉字的一行一行一行一行一行一行一行一行一行一行<b>Bold</b>纯汉字的一行一行一行，"
    "还有<b>粗</b>与<i>Italic</i>以及Latin。"
)


def test_lines_stay_on_the_pitch(fonts: Any) -> None:
    lines = set_in(fonts, MIXED * 4)
    assert len(lines) > 10
    for one, two in pairwise(lines):
        assert two.y - one.y == pytest.approx(18, abs=0.01)


def test_bold_and_italic_have_their_own_faces(fonts: Any) -> None:
    found = {
        glyph.text: glyph.font.partition("+")[2]
        for line in set_in(fonts, "<p>甲A<b>B</b><i>C</i><b><i>D</i></b>")
        for glyph in line.glyphs
    }
    assert found["A"] == "Test-Latin"
    assert {found[char] for char in "BCD"} == {
        "Test-Latin-Bold", "Test-Latin-Italic", "Test-Latin-Bold-Italic",
    }  # fmt: skip


def test_figures_beside_han_are_spaced_and_quotes_are_one_em_wide(fonts: Any) -> None:
    (line,) = set_in(fonts, "<p>第12页“Web”说")
    advances = {(one.text, two.text): ems for one, two, ems in line.advances()}
    assert advances["第", "1"] == pytest.approx(1.25, abs=0.02)
    assert advances["2", "页"] == pytest.approx(0.75, abs=0.02)
    assert advances["“", "W"] == pytest.approx(1, abs=0.02)
    assert advances["”", "说"] == pytest.approx(1, abs=0.02)


# ---- in a book -----------------------------------------------------------------------------------


@pytest.fixture
def themed(tmp_path: Path, folder: Path) -> Path:
    """A publication whose theme names the Latin family first."""
    book = write_publication(
        tmp_path / "book", "# 题\n\n## 甲\n\n他说：“Web 2.0”——don’t。\n", title="题",
        title_lines=None, form="book", theme="mine",
    )  # fmt: skip
    (book / "fonts").mkdir()
    for path in folder.iterdir():
        (book / "fonts" / path.name).write_bytes(path.read_bytes())
    theme = book / "themes" / "mine"
    theme.mkdir(parents=True)
    (theme / "theme.yaml").write_text(
        "name: mine\nlabel: {zh: 名, en: name}\ndescription: {zh: 述, en: what}\n"
        f"extends: reader\nfonts:\n  song: {{default: [{NAME}, Noto Serif CJK SC]}}\n"
    )
    return book


def test_a_theme_only_names_the_latin_family_first(themed: Path, tmp_path: Path) -> None:
    build(themed, tmp_path / "out", ["screen"])
    pdf = read_pdf((tmp_path / "out" / "book" / "book.pdf").read_bytes())
    page = pdf.page_of("他说")
    latin = "".join(glyph.char for glyph in page.glyphs if "Latin" in glyph.font)
    assert latin.replace(" ", "").startswith("Web2.0don’t")
    assert {glyph.font for glyph in page.glyphs if glyph.char in "“”—"} == {"Noto-Serif-CJK-SC"}
