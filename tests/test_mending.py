"""Crashes of the renderer on ordinary CSS: mended, or told with the rule that caused them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import write_publication
from tests.line_facts import LineFacts, read_lines, render
from weasyprint import layout, pdf
from weasyprint.css import computed_values
from weasyprint.formatting_structure import build as boxes
from weasyprint.layout import block, inline, preferred
from weasyprint.text import line_break

from booklet.build import build
from booklet.compose import install, uninstall
from booklet.errors import ReleaseError
from booklet.fonts import open_shelf
from booklet.output.culprit import find_culprit
from booklet.typeset.book import Stylesheet

TEXT = "网络安全和信息化是一体之两翼、驱动之双轮，必须统一谋划。"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    install()


def lines(body: str, css: str) -> list[LineFacts]:
    """Read the lines of a document back, their glyphs from left to right."""
    css = "@page { size: 200pt 120pt; margin: 15pt } p + p { break-before: auto } " + css
    return [
        replace(line, glyphs=tuple(sorted(line.glyphs, key=lambda glyph: glyph.x)))
        for line in read_lines(render(body, css).write_pdf(pdf_variant="pdf/ua-1"))
    ]


# ---- markers, letters, running elements ----------------------------------------------------------


@pytest.mark.parametrize("inner", ["{}", "<p>{}</p>"])
def test_the_content_of_a_marker_stands_before_its_item(inner: str) -> None:
    items = "".join(f"<li>{inner.format(TEXT * 2)}" for _ in range(2))
    found = lines(f"<ol>{items}</ol>", "li::marker { content: counter(list-item) '、' }")
    heads = [line for line in found if line.text[0].isdigit()]
    assert [line.text[:3] for line in heads] == ["1、网", "2、网"]
    for line in heads:
        at = line.glyphs[2].x
        assert line.left < at
        follows = [other for other in found if other.page == line.page and other.y > line.y]
        assert follows[0].left == pytest.approx(at, abs=0.1)


@pytest.mark.parametrize("opening", ["", "“", "<b>"])
def test_a_floated_first_letter_keeps_room_for_itself_across_pages(opening: str) -> None:
    css = "p::first-letter { float: left; font-size: 32pt; line-height: 32pt }"
    found = lines(f"<p>{opening}{TEXT * 3}" * 4, css)
    letters = [
        (line, glyph)
        for line in found
        for glyph in line.glyphs
        if glyph.text == "网" and glyph.size == pytest.approx(32, abs=0.01)
    ]
    assert len(letters) == 4
    for initial, letter in letters:
        beside = [
            line
            for line in found
            if line.page == initial.page
            and initial.y - 24 < line.y <= initial.y + 4
            and line.glyphs[0].size < 12
        ]
        assert beside
        assert all(line.left >= letter.x + 31.9 for line in beside)


def test_a_block_in_a_block_keeps_its_first_letter() -> None:
    """The paragraph within has the first letter of the block, as a letter of a line."""
    css = "div::first-letter { float: left; font-size: 32pt; line-height: 32pt }"
    found = lines(f"<div><p>{TEXT}</p>{TEXT}</div>", css)
    assert sorted("".join(line.text for line in found)) == sorted(TEXT * 2)


@pytest.mark.parametrize(
    "body",
    [
        "<div style='float: left'><p class=r>眉</p>{}</div>",
        "<table><tr><td><p class=r>眉</p>{}</td></tr></table>",
        "<div style='display: flex'><div><p class=r>眉</p>{}</div></div>",
    ],
)
def test_a_running_head_may_stand_in_a_float_or_a_cell(body: str) -> None:
    css = "@page { @top-center { content: element(x) } } .r { position: running(x) }"
    found = lines(body.format(TEXT), css)
    assert [line.text for line in found if line.y < 15] == ["眉"]
    assert "".join(line.text for line in found if line.y > 15) == TEXT


# ---- other common CSS ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "css"),
    [
        ("<h1>{}</h1>", "h1 { border-image: linear-gradient(red, blue) 5 / 5pt stretch }"),
        ("<p><b>{}</b>", "b { border: 2pt solid; border-image: linear-gradient(red, red) 3/3pt }"),
        ("<div>{}</div>", "div { columns: 8em; font-size: 0 }"),
        ("<table><td>{}", "td { text-align-last: justify; text-overflow: ellipsis;"
         " overflow: hidden; white-space: nowrap }"),
        ("<ul><li>{}", "li::marker { content: leader('.') '甲' }"),
    ],
)  # fmt: skip
def test_css_that_stopped_the_renderer_is_laid_out(body: str, css: str) -> None:
    lines(body.format(TEXT), css)


def test_a_border_image_is_as_wide_as_it_says() -> None:
    """Points were taken for pixels, where they were taken at all."""
    css = (
        "div { height: 40pt; border: 6pt solid; border-image: linear-gradient(red, red) 1 / 6pt }"
        "@page { background: white }"
    )
    data = render("<div></div>", css).write_pdf()
    with pikepdf.open(io.BytesIO(data)) as opened:
        clips = [
            [float(value) for value in step.operands]
            for step in pikepdf.parse_content_stream(opened.pages[0])
            if str(step.operator) == "re"
        ]
    assert any(abs(min(abs(width), abs(height)) - 8) < 0.01 for _, _, width, height in clips)


# ---- fonts in slices -----------------------------------------------------------------------------


def test_a_family_in_slices_prints_the_characters_that_stand_there(tmp_path: Path) -> None:
    """Two files of one family and weight were taken for one, by the numbers of its glyphs."""
    family = open_shelf([]).family("Noto Serif CJK SC")
    assert family is not None
    face = next(one for one in family.faces if one.weight == 400)
    slices, css = ("永恒巡夜严寒尼采", "晚上希望好天气岁"), ""
    for number, characters in enumerate(slices):
        options = subset.Options()
        path = tmp_path / f"{number}.otf"
        with face.path.open("rb") as file, TTFont(file, fontNumber=face.index) as font:
            cutter = subset.Subsetter(options)
            cutter.populate(text=characters)
            cutter.subset(font)
            font.save(path)
        ranges = ", ".join(f"U+{ord(char):X}" for char in characters)
        css += (
            f"@font-face {{ font-family: Sliced; src: url({path.as_uri()}); "
            f"unicode-range: {ranges} }}"
        )
    text = "".join(one + two for one, two in zip(*slices, strict=True))
    data = render(f"<p>{text}", css + "p { font-family: Sliced }").write_pdf()
    assert "".join(line.text for line in read_lines(data)) == text
    with pikepdf.open(io.BytesIO(data)) as opened:
        fonts = opened.pages[0].resources["/Font"]
        names = [str(font["/BaseFont"]) for _, font in fonts.items()]
    assert len(names) == len(set(names)) == 2
    assert all(name[7] == "+" and name[1:7].isalpha() and name[1:7].isupper() for name in names)


# ---- what is not mended names its rule -----------------------------------------------------------


def test_a_rule_that_stops_the_renderer_is_named(tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "book", "# 题\n\n## 甲\n\n文。\n", title="题",
                               title_lines=None, form="book")  # fmt: skip
    (folder / "templates").mkdir()
    css = "/* of the last edition */\np { color: #000 }\n\n  html { position: running(x) }\nb {}\n"
    (folder / "templates" / "print-extra.css").write_text(css)
    with pytest.raises(ReleaseError) as refused:
        build(folder, tmp_path / "out", ["screen"])
    (found,) = (item for item in refused.value.diagnostics if item.code == "render")
    assert str(found.place) == "templates/print-extra.css:4:3"


@given(
    st.lists(st.lists(st.sampled_from("abc"), max_size=6), min_size=1, max_size=4), st.data()
)  # fmt: skip
def test_the_first_rule_that_stops_is_found(sheets: list[list[str]], data: st.DataObject) -> None:
    made = [
        Stylesheet(f"{number}.css", "\n".join(f"{name} {{}}" for name in names))
        for number, names in enumerate(sheets)
    ]
    rules = [(number, line) for number, names in enumerate(sheets) for line in range(len(names))]
    if not rules:
        assert find_culprit(made, lambda _: False) is None
        return
    number, line = data.draw(st.sampled_from(rules))
    whole = ["", *made[number].css.split("\n")]

    def survives(tried: Sequence[Stylesheet]) -> bool:
        if len(tried) <= number:
            return True
        return len(tried[number].css.split("{}")) - 1 <= line

    place = find_culprit(made, survives)
    assert place is not None
    assert (place.file, place.line) == (f"templates/{number}.css", line + 1)
    assert whole[place.line]


def test_what_is_mended_is_given_back() -> None:
    uninstall()
    before = (
        boxes.marker_to_box, inline.first_letter_to_box, block.block_container_layout,
        preferred._block_content_width, pdf.stream.Stream.add_font, inline.strut,
        line_break.Layout.set_text, layout.make_all_pages,
        computed_values.COMPUTER_FUNCTIONS["border_image_width"],
    )  # fmt: skip
    install()
    assert boxes.marker_to_box is not before[0]
    uninstall()
    assert before == (
        boxes.marker_to_box, inline.first_letter_to_box, block.block_container_layout,
        preferred._block_content_width, pdf.stream.Stream.add_font, inline.strut,
        line_break.Layout.set_text, layout.make_all_pages,
        computed_values.COMPUTER_FUNCTIONS["border_image_width"],
    )  # fmt: skip
    install()
