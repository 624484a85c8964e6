"""The imprint page 版权页: the order of its lines, its figures, and that nothing is invented."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.conftest import write_publication
from tests.pdf_facts import Pdf, read_pdf

from booklet.build import Report, build
from booklet.errors import Findings, Place, ReleaseError
from booklet.manuscript import load_publication
from booklet.model.binding import bound_pages
from booklet.model.header import Header
from booklet.model.imprint import CipSpec, leaves_a_sheet, printed_sheets, thousands
from booklet.model.measures import parse_trim
from booklet.theme import Theme, open_theme
from booklet.typeset.geometry import Geometry, plan_page
from booklet.typeset.imprint import Figures, Imprint, cip_lines, counts_pages

TEXT = "## 一\n\n" + "这是一段很长的正文。" * 60 + "\n\n## 二\n\n正文。\n"

TRADE: dict[str, Any] = {
    "title": "网络强国读本",
    "title_lines": None,
    "contributors": [
        {"name": "王明", "role": "com"},
        {"name": "李四", "role": "cov"},
        {"name": "张三", "role": "red"},
        {"name": "钱六", "role": "com"},
        {"name": "某某", "role": "oth"},
    ],
    "series": {"name": "强国丛书", "position": 3},
    "publisher": "某某出版社",
    "isbn": "978-7-301-12345-4",
    "price": "定价：48.00元",
    "edition": "2026年11月第1版",
    "date": "2026-11",
    "rights": "版权所有",
    "imprint": {
        "address": "某市某街1号",
        "postcode": "100000",
        "telephone": "010-0000000",
        "website": "https://example.org",
        "distributor": "某某书店",
        "printer": "某某印刷厂",
        "format": "880mm×1230mm 1/32",
        "sheets": "auto",
        "characters": "area",
        "impression": "2026年11月第1次印刷",
        "print_run": "1—3000册",
    },
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Theme:
    """The default theme."""
    findings = Findings()
    empty = tmp_path_factory.mktemp("empty")
    theme = open_theme("reader", empty, ({}, {}), lambda *_: Place("x"), findings)
    assert theme is not None
    return theme


def imprint(
    theme: Theme, folder: Path, *, paged: bool = True, figures: Figures | None = None, **header: Any
) -> list[tuple[str, str]]:
    """Give the lines of a publication's imprint page."""
    loaded = load_publication(write_publication(folder / "book", TEXT, **header))
    assert loaded.publication is not None
    words = theme.strings(loaded.publication.header.language)
    geometry = page(theme, loaded.publication.layout)
    made = Imprint(loaded.publication, words, geometry, paged, figures)
    return [(line.label.replace("　", ""), line.value) for line in made.lines()]


def page(theme: Theme, layout: Any) -> Geometry:
    geometry = plan_page(layout, theme.page, Place("x"), Findings())
    assert geometry is not None
    return geometry


# ---- figures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pages", "leaves", "sheets"),
    [(240, 32, "7.5"), (332, 16, "20.75"), (24, 32, "0.75"), (28, 32, "0.875"), (64, 64, "1"),
     (320, 32, "10"), (30, 32, "0.938"), (6, 64, "0.094")],
)  # fmt: skip
def test_printed_sheets_are_pages_by_leaves(pages: int, leaves: int, sheets: str) -> None:
    assert printed_sheets(pages, leaves) == sheets


@given(st.integers(1, 5000), st.sampled_from([8, 16, 32, 64]))
def test_printed_sheets_are_never_too_few(pages: int, leaves: int) -> None:
    assert 0 <= float(printed_sheets(pages, leaves)) * leaves - pages < leaves / 1000 + 1e-9


@pytest.mark.parametrize(
    ("trim", "printed", "leaves"),
    [("A5", "auto", 32), ("大32开", "auto", 32), ("140x203mm", "auto", 32), ("大16开", "auto", 16),
     ("A4", "auto", 16), ("64开", "auto", 64), ("B5", "auto", None), ("150x200mm", "auto", None),
     ("150x200mm", "787mm×1092mm 1/24", 24), ("A5", "880×1230 1/30", 30), ("A5", "1/0", None)],
)  # fmt: skip
def test_leaves_a_sheet_follow_from_the_format(trim: str, printed: str, leaves: int | None) -> None:
    assert leaves_a_sheet(parse_trim(trim), printed) == leaves


def test_characters_are_given_in_whole_thousands() -> None:
    assert [thousands(count) for count in (0, 499, 1499, 1500, 180_400)] == [
        "1", "1", "1", "2", "180",
    ]  # fmt: skip


# ---- lines --------------------------------------------------------------------------------------


def test_the_lines_stand_in_the_order_of_the_trade(reader: Theme, tmp_path: Path) -> None:
    assert imprint(reader, tmp_path, figures=Figures(238, 240), **TRADE) == [
        ("编选", "王明　钱六"),
        ("责任编辑", "张三"),
        ("封面设计", "李四"),
        ("丛书", "强国丛书 3"),
        ("出版者", "某某出版社"),
        ("发行", "某某书店"),
        ("地址", "某市某街1号"),
        ("邮编", "100000"),
        ("电话", "010-0000000"),
        ("网址", "https://example.org"),
        ("印刷", "某某印刷厂"),
        ("开本", "880mm×1230mm 1/32"),
        ("印张", "7.5"),
        ("字数", "131千字"),  # 25 × 22 × 238 = 130 900
        ("版次", "2026年11月第1版"),
        ("印次", "2026年11月第1次印刷"),
        ("印数", "1—3000册"),
        ("出版日期", "2026年11月"),
        ("书号", "ISBN 978-7-301-12345-4"),
        ("定价", "48.00元"),
        ("版权", "版权所有"),
    ]


def test_a_minimal_header_prints_how_the_booklet_is_made_and_nothing_else(
    reader: Theme, tmp_path: Path
) -> None:
    header: dict[str, Any] = {"title": "书", "title_lines": None, "contributors": None}
    assert imprint(reader, tmp_path, **header) == [
        ("开本", "148毫米×210毫米"),
        ("版心", "25字×22行"),
        ("篇幅", "2章　603字"),
        ("字体", "思源宋体　霞鹜文楷"),
    ]


def test_an_imprint_without_data_prints_its_format_alone(reader: Theme, tmp_path: Path) -> None:
    header: dict[str, Any] = {
        "title": "书",
        "title_lines": None,
        "contributors": None,
        "imprint": {},
    }
    assert imprint(reader, tmp_path, figures=Figures(24, 24), **header) == [
        ("开本", "148毫米×210毫米")
    ]


def test_a_publisher_that_distributes_has_one_line(reader: Theme, tmp_path: Path) -> None:
    header = {**TRADE, "imprint": {"distributor": "某某出版社"}}
    lines = imprint(reader, tmp_path, **header)
    assert ("出版发行", "某某出版社") in lines
    assert not {"出版者", "发行"} & {label for label, _ in lines}


def test_the_e_book_has_the_lines_but_no_figures_of_pages(reader: Theme, tmp_path: Path) -> None:
    lines = imprint(reader, tmp_path, paged=False, **TRADE)
    assert not {"开本", "印张", "字数"} & {label for label, _ in lines}
    assert ("印次", "2026年11月第1次印刷") in lines
    text = {**TRADE, "imprint": {"characters": "text"}}
    assert ("字数", "1千字") in imprint(reader, tmp_path / "two", paged=False, **text)


def test_figures_may_be_given_as_printed(reader: Theme, tmp_path: Path) -> None:
    spec = {"sheets": "7.25", "characters": "180千字"}
    lines = dict(imprint(reader, tmp_path, **{**TRADE, "imprint": spec}))
    assert (lines["印张"], lines["字数"]) == ("7.25", "180千字")
    assert not counts_pages(Header.model_validate({"imprint": spec}))


# ---- CIP data -----------------------------------------------------------------------------------


def cip(reader: Theme, folder: Path, **spec: Any) -> tuple[str, ...]:
    header = {**TRADE, "cip": {"number": "2026123456", **spec}}
    loaded = load_publication(write_publication(folder / "book", TEXT, **header))
    assert loaded.publication is not None
    return cip_lines(loaded.publication, reader.strings("zh-Hans"))


def test_cip_data_stand_in_the_order_of_the_standard(reader: Theme, tmp_path: Path) -> None:
    spec = {
        "parallel_title": "A Reader",
        "other_title": "插图版",
        "responsibility": "王明，钱六编",
        "edition": "2版",
        "place": "北京",
        "series": "强国丛书",
        "classification": ["TP393.4", "D60"],
    }
    assert cip(reader, tmp_path, **spec) == (
        "网络强国读本=A Reader：插图版／王明，钱六编.—2版.—北京：某某出版社，2026.11"
        ".—（强国丛书）.—ISBN 978-7-301-12345-4",
        "Ⅰ.TP393.4；D60",
        "中国国家版本馆CIP数据核字第2026123456号",
    )


def test_the_older_form_numbers_every_heading(reader: Theme, tmp_path: Path) -> None:
    spec = {
        "number": "中国版本图书馆CIP数据核字（2019）第123456号",
        "headings": ["网…", "王…"],
        "subjects": ["互联网络－中国", "网络安全－中国"],
        "classification": ["TP393.4"],
    }
    assert cip(reader, tmp_path, **spec)[1:] == (
        "Ⅰ.①网…　Ⅱ.①王…　Ⅲ.①互联网络－中国②网络安全－中国　Ⅳ.①TP393.4",
        "中国版本图书馆CIP数据核字（2019）第123456号",
    )


def test_cip_data_are_printed_only_if_given(reader: Theme, tmp_path: Path) -> None:
    loaded = load_publication(write_publication(tmp_path / "book", TEXT, **TRADE))
    assert loaded.publication is not None
    assert cip_lines(loaded.publication, reader.strings("zh-Hans")) == ()
    with pytest.raises(ValidationError):
        CipSpec.model_validate({"title": "书"})  # without the number they were not issued


# ---- the page -----------------------------------------------------------------------------------


def made(folder: Path, **header: Any) -> tuple[Report, Pdf]:
    """Build the screen edition, and read it back."""
    source = write_publication(folder / "book", TEXT, **{**TRADE, **header})
    report = build(source, folder / "out", ["screen", "ebook"])
    return report, read_pdf(report.outputs[0].path.read_bytes())


def interior(pdf: Pdf) -> int:
    return sum(1 for label in pdf.labels if label)


@pytest.fixture(scope="module")
def trade(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Pdf]:
    """A book with all that a publisher states."""
    return made(tmp_path_factory.mktemp("trade"), cip={"number": "2026123456", "place": "北京"})


def test_the_printed_figures_are_those_of_the_finished_pages(trade: tuple[Report, Pdf]) -> None:
    report, pdf = trade
    assert report.diagnostics == ()
    pages = interior(pdf)
    sheets = printed_sheets(bound_pages(pages, "saddle"), 32)
    text = pdf.page_of("图书在版编目（CIP）数据").text
    assert f"印张{sheets}" in text
    assert f"字数{thousands(25 * 22 * pages)}千字" in text
    assert text.index("（CIP）") < text.index("责任编辑") < text.index("印张") < text.index("定价")


def test_the_cip_data_stand_above_the_lines_on_the_verso_of_the_title_page(
    trade: tuple[Report, Pdf],
) -> None:
    _, pdf = trade
    page = pdf.page_of("图书在版编目（CIP）数据")
    assert pdf.labels[page.index] == "4"
    head, price = page.find("图书在版编目"), page.find("定")
    assert head.y < page.find("出版者").y < price.y < page.height - 60
    described = page.find("网络强国读本.—北京")
    assert described.left == pytest.approx(head.left, abs=0.1)


def test_labels_of_two_and_of_four_characters_are_flush(trade: tuple[Report, Pdf]) -> None:
    _, pdf = trade
    page = pdf.page_of("责任编辑")
    ends = [
        next(glyph for glyph in page.find(value).glyphs if glyph.char == char).right
        for value, char in (("张三", "辑"), ("某某印刷厂", "刷"), ("48.00元", "价"))
    ]
    assert max(ends) - min(ends) < 0.5


def test_the_e_book_repeats_them(trade: tuple[Report, Pdf]) -> None:
    report, _ = trade
    with zipfile.ZipFile(report.outputs[1].path) as book:
        text = book.read("EPUB/text/colophon.xhtml").decode()
    assert "中国国家版本馆CIP数据核字第2026123456号" in text
    assert "ISBN 978-7-301-12345-4" in text
    assert "印　张" not in text


def test_too_many_lines_run_on_to_the_next_page(tmp_path: Path) -> None:
    more = {f"第{number}项": "说明" for number in range(40)}
    _, pdf = made(tmp_path, colophon=more)
    assert "第39项说明" in pdf.text
    assert pdf.page_of("第39项说明").index > pdf.page_of("责任编辑").index


def test_sheets_that_nothing_determines_are_left_out_and_told(tmp_path: Path) -> None:
    spec = {"sheets": "auto"}
    report, pdf = made(tmp_path, imprint=spec, layout={"trim": "150x200mm"})
    assert [item.code for item in report.diagnostics] == ["imprint-sheets"]
    assert "印张" not in pdf.text


def test_pages_that_depend_on_their_own_number_do_not_settle(tmp_path: Path) -> None:
    """A template adds a page whenever the number of pages is the one that it had counted on."""
    source = write_publication(tmp_path / "book", TEXT, **TRADE)
    (source / "templates").mkdir()
    (source / "templates/book.html").write_text(
        '{% extends "reader/book.html" %}{% block indexes %}{% for line in book.colophon %}'
        '{% if line.value == "0.25" %}<section class="back-page">再来一页</section>{% endif %}'
        "{% endfor %}{% endblock %}",
        encoding="utf-8",
    )
    css = ".back-page { break-before: page }"
    (source / "templates/print-extra.css").write_text(css, encoding="utf-8")
    with pytest.raises(ReleaseError) as caught:
        build(source, tmp_path / "out", ["screen"])
    assert "imprint-unstable" in {item.code for item in caught.value.diagnostics}


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ({"isbn": None}, ["price-without-isbn"]),
        ({"isbn": None, "language": "zh-HK"}, []),
        ({"isbn": None, "price": None}, []),
        ({}, []),
    ],
)
def test_internal_material_is_not_sold(
    header: dict[str, Any], codes: list[str], tmp_path: Path
) -> None:
    keys = {**TRADE, "imprint": None, **header}
    source = write_publication(tmp_path / "book", TEXT, **keys)
    report = build(source, tmp_path / "out", ["screen"])
    assert [item.code for item in report.diagnostics] == codes
    assert all(item.place.file.endswith("booklet.yaml") for item in report.diagnostics)
