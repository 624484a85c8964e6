"""Trim sizes, type sizes and the page that follows from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from booklet.errors import Findings, Place
from booklet.model.measures import (
    MM,
    TRIM_SIZES,
    TYPE_SIZES,
    TrimSize,
    TypeArea,
    parse_length,
    parse_trim,
    parse_type_size,
)
from booklet.model.publication import Layout
from booklet.theme import open_theme
from booklet.theme.spec import PageSpec
from booklet.typeset.geometry import NARROWEST_MARGIN, Geometry, plan_page, points

PLACE = Place("booklet.yaml", 7, 3)
NOWHERE = Path("nowhere")


def reader_page() -> PageSpec:
    findings = Findings()
    theme = open_theme("reader", NOWHERE, ({}, {}), lambda key, _: Place(key), findings)
    assert theme is not None
    return theme.page


PAGE = reader_page()


def plan(layout: Layout, page: PageSpec | None = None) -> tuple[Geometry | None, Findings]:
    findings = Findings()
    return plan_page(layout, page or PAGE, PLACE, findings), findings


# ---- names and measures ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "width", "height"),
    [
        ("A5", 148, 210),
        ("a5", 148, 210),
        (" 大32开 ", 140, 203),
        ("小32开", 130, 184),
        ("jis-b5", 182, 257),
        ("140x203mm", 140, 203),
        ("140 × 203 mm", 140, 203),
        ("140mm X 203mm", 140, 203),
        ("140*203毫米", 140, 203),
        ("101.5x137.25mm", 101.5, 137.25),
        ("20x20mm", 20, 20),
        ("5000x5000mm", 5000, 5000),
    ],
)
def test_a_trim_size_is_read_by_name_and_by_measure(text: str, width: float, height: float) -> None:
    trim = parse_trim(text)
    assert (trim.width, trim.height) == (width, height)


@pytest.mark.parametrize("name", TRIM_SIZES)
def test_a_named_trim_size_keeps_its_name_in_any_case_of_letters(name: str) -> None:
    assert parse_trim(name.upper()) == parse_trim(name.lower()) == TrimSize(name, *TRIM_SIZES[name])


@pytest.mark.parametrize(
    "text",
    ["", "A7", "32", "140x203", "140x203pt", "140x203cm", "-140x203mm", "x203mm", "140x203mmm",
     "19x200mm", "0x0mm", "200x5001mm", "nanxinfmm", "1e3x200mm", "140×203mm\n140×203mm"],
)  # fmt: skip
def test_a_trim_size_that_nobody_can_cut_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="trim size"):
        parse_trim(text)


@given(st.floats(20, 5000), st.floats(20, 5000))
def test_a_measure_is_read_as_it_was_written(width: float, height: float) -> None:
    trim = parse_trim(f"{width:.3f}x{height:.3f}mm")
    assert trim.width == pytest.approx(width, abs=0.0005)
    assert trim.points == pytest.approx((trim.width * 72 / 25.4, trim.height * 72 / 25.4))
    assert parse_trim(parse_trim("140x203.5mm").name).height == 203.5


def test_the_ladder_of_type_sizes_is_that_of_the_trade() -> None:
    ladder = {"小初": 36, "一号": 26, "小一": 24, "小二": 18, "三号": 16, "四号": 14, "小四": 12,
              "五号": 10.5, "小五": 9, "六号": 7.5}  # fmt: skip
    assert {name: parse_type_size(name) for name in ladder} == ladder
    sizes = list(TYPE_SIZES.values())
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("text", "size"),
    [("10.5pt", 10.5), ("15Q", 10.63), ("15级", 10.63), ("4mm", 11.34), ("4pt", 4)],
)
def test_a_type_size_is_read_by_measure(text: str, size: float) -> None:
    assert parse_type_size(text) == pytest.approx(size, abs=0.005)


@pytest.mark.parametrize("text", ["", "小七", "12", "3.9pt", "201pt", "1em", "12px", "号", "四 号"])
def test_a_type_size_that_nobody_sets_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is "):
        parse_type_size(text)


@pytest.mark.parametrize("text", ["", "12", "pt", "-3mm", "1,5mm", "1e2pt", "12 pt 3", "３mm x"])
def test_a_length_without_number_or_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no length"):
        parse_length(text)


@given(st.floats(0, 10_000))
def test_a_length_in_millimetres_is_the_same_length_in_points(millimetres: float) -> None:
    text = f"{millimetres:.4f}"
    assert parse_length(text + "mm") == pytest.approx(parse_length(text + "pt") * 72 / 25.4)
    assert parse_length(text + "mm") == pytest.approx(4 * parse_length(text + "Q"))


# ---- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "characters", "lines", "margins", "hang", "room"),
    [
        ("A5", 25, 22, (25.4, 21.6, 20.1, 22.1), 7, 15),
        ("大32开", 24, 21, (25.0, 22.4, 18.3, 20.0), 7, 14),
    ],
)
def test_the_pages_drawn_by_hand_come_out_as_drawn(
    name: str,
    characters: int,
    lines: int,
    margins: tuple[float, float, float, float],
    hang: int,
    room: int,
) -> None:
    geometry, _ = plan(Layout(trim=parse_trim(name)))
    assert geometry is not None
    assert geometry.area == TypeArea(12, characters, lines, 21)
    found = geometry.margins
    sides = (found.head, found.foot, found.gutter, found.fore_edge)
    assert [side / MM for side in sides] == pytest.approx(margins, abs=0.1)
    assert (geometry.hang, geometry.room) == (hang, room)


def test_the_theme_proposes_the_page_where_the_publication_asks_for_none() -> None:
    assert plan(Layout())[0] == plan(Layout(trim=parse_trim("A5")))[0]


@pytest.mark.parametrize("name", TRIM_SIZES)
def test_every_named_trim_size_holds_the_type_area_that_is_proposed_for_it(name: str) -> None:
    geometry, findings = plan(Layout(trim=parse_trim(name)))
    assert geometry is not None
    assert not list(findings)
    assert geometry.margins.head > geometry.margins.foot
    assert geometry.margins.fore_edge >= geometry.margins.gutter


def test_a_type_area_that_does_not_fit_is_reported_where_it_was_asked_for() -> None:
    geometry, findings = plan(
        Layout(trim=parse_trim("A5"), type_area=TypeArea(size=12, characters=34, lines=22))
    )
    assert geometry is None
    (finding,) = findings
    assert (finding.place, finding.code) == (PLACE, "type-area")
    assert "34 characters × 22 lines of 12 pt" in finding.message
    assert "148×210 mm" in finding.message
    assert finding.hint


def test_a_margin_of_less_than_five_millimetres_does_not_fit() -> None:
    area = TypeArea(size=10, characters=20, lines=20, pitch=15)
    trim = TrimSize("test", (200 + 2 * 15) / MM, (300 + 2 * 15) / MM)
    good, none = plan(Layout(trim, area, gutter_mm=15 / MM, head_mm=15 / MM))
    assert good is not None
    assert not list(none)
    bad, some = plan(Layout(trim, area, gutter_mm=16 / MM, head_mm=15 / MM))
    assert bad is None
    assert [finding.code for finding in some] == ["type-area"]


def test_the_publication_may_ask_for_gutter_and_head_alone() -> None:
    geometry, _ = plan(Layout(trim=parse_trim("A5"), gutter_mm=18, head_mm=20))
    assert geometry is not None
    assert geometry.margins.gutter == pytest.approx(18 * MM, abs=0.0005)
    assert geometry.margins.head == pytest.approx(20 * MM, abs=0.0005)


def test_a_wrong_measure_in_a_theme_is_a_finding_and_no_crash() -> None:
    page = PAGE.model_copy(update={"trim": "A9"})
    geometry, findings = plan(Layout(), page)
    assert geometry is None
    assert [finding.code for finding in findings] == ["theme-invalid"]


layouts = st.builds(
    Layout,
    trim=st.builds(TrimSize, st.just("test"), st.floats(40, 600), st.floats(40, 800)),
    type_area=st.none()
    | st.builds(
        TypeArea,
        st.sampled_from([7.5, 9, 10.5, 12, 14, parse_length("15Q")]),
        st.integers(4, 60),
        st.integers(4, 60),
        st.none() | st.floats(8, 40),
    ),
    gutter_mm=st.none() | st.floats(0, 60),
    head_mm=st.none() | st.floats(0, 60),
)


@given(layouts)
def test_type_area_and_margins_add_up_to_the_trim_size(layout: Layout) -> None:
    geometry, findings = plan(layout)
    if geometry is None:
        assert [finding.code for finding in findings] == ["type-area"]
        return
    assert not list(findings)
    assert layout.trim is not None
    # As style sheets get them, in thousandths of a point, they leave nothing over.
    width, height = (round(side, 3) for side in layout.trim.points)
    area, margins = geometry.area, geometry.margins
    measure = area.characters * area.size
    assert margins.gutter + measure + margins.fore_edge == pytest.approx(width, abs=1e-6)
    assert margins.head + area.lines * geometry.pitch + margins.foot == pytest.approx(
        height, abs=1e-6
    )
    assert min(margins.head, margins.foot, margins.gutter, margins.fore_edge) >= NARROWEST_MARGIN
    if layout.type_area is not None:
        asked = layout.type_area
        assert area.size == pytest.approx(asked.size, abs=0.0005)
        assert (area.characters, area.lines) == (asked.characters, asked.lines)
        assert asked.pitch is None or geometry.pitch == pytest.approx(asked.pitch, abs=0.0005)
    assert 0 <= geometry.hang <= area.lines // 2
    assert geometry.hang + geometry.room == area.lines


@given(layouts)
def test_the_lengths_given_to_css_add_up_to_the_trim_size(layout: Layout) -> None:
    geometry, _ = plan(layout)
    assume(geometry is not None)
    assert geometry is not None
    css = dict(
        line.strip(" ;").removeprefix("--").split(": ")
        for line in geometry.custom_properties().splitlines()
        if "--" in line
    )
    length = {name: float(value[:-2]) for name, value in css.items() if value.endswith("pt")}
    across = length["gutter"] + length["measure"] + length["fore-edge"]
    down = length["head"] + length["area-height"] + length["foot"]
    # Three rounded numbers against a fourth: two thousandths of a point.
    assert across == pytest.approx(length["trim-width"], abs=0.0021)
    assert down == pytest.approx(length["trim-height"], abs=0.0021)
    # Not a thousandth less, or a line holds one character less.
    assert int(css["characters"]) * length["em"] == pytest.approx(length["measure"], abs=1e-6)
    assert int(css["hang"]) + int(css["room"]) == int(css["lines"])


def test_a_length_in_css_has_no_idle_zeros() -> None:
    assert [points(value) for value in (21, 10.5, 62.5276, 0.0004)] == [
        "21pt", "10.5pt", "62.528pt", "0pt",
    ]  # fmt: skip
