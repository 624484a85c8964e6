"""Paper, spines and bindings: arithmetic, and what a header may say of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from booklet.model.binding import (
    SADDLE_LIMIT,
    STOCKS,
    BarcodeSpec,
    CoverSpec,
    bound_pages,
    largest_saddle,
    parse_paper,
    spine_width,
)
from booklet.model.measures import parse_trim
from booklet.typeset.coversheet import plan_sheet


@pytest.mark.parametrize(
    ("paper", "stock", "caliper"),
    [
        ("胶版纸80克", "胶版纸", 0.104),
        ("80g 双胶纸", "胶版纸", 0.104),
        ("60克书写纸", "书写纸", 0.078),
        ("轻型纸 70 gsm", "轻型纸", 0.126),
        ("铜版纸128g/m²", "铜版纸", 0.1088),
        ("白卡纸250克", "白卡纸", 0.3125),
    ],
)
def test_a_paper_is_read_by_stock_and_weight(paper: str, stock: str, caliper: float) -> None:
    found = parse_paper(paper)
    assert found.stock == stock
    assert found.caliper == pytest.approx(caliper, abs=1e-9)


@pytest.mark.parametrize("paper", ["", "胶版纸", "80克", "宣纸80克", "胶版纸30克", "胶版纸300克"])
def test_a_paper_that_nobody_sells_is_refused(paper: str) -> None:
    with pytest.raises(ValueError, match=r"no known paper|is made in"):
        parse_paper(paper)


@pytest.mark.parametrize(
    ("spec", "pages", "spine"),
    [
        # 120 leaves of 0.104 mm and two boards of 0.25 mm.
        ({"paper": "胶版纸80克"}, 240, 12.98),
        ({"paper": "胶版纸80克", "bulk": 1.25}, 240, 12.5),
        ({"paper": "轻型纸80克", "board": "白卡纸250克"}, 320, 160 * 0.144 + 0.625),
        ({"paper": "铜版纸128克", "board_caliper": "0.2mm"}, 96, 48 * 0.1088 + 0.4),
        ({"caliper": "0.1mm"}, 100, 5.5),
        ({"spine": "13mm"}, 9999, 13),
    ],
)
def test_a_spine_is_as_wide_as_its_leaves_and_boards(
    spec: dict[str, object], pages: int, spine: float
) -> None:
    found = CoverSpec.model_validate({"binding": "perfect", **spec}).spine_of(pages)
    assert found == pytest.approx(spine, abs=1e-9)


@given(st.integers(1, 2000), st.floats(0.02, 2), st.floats(0, 2))
def test_each_leaf_adds_its_thickness(leaves: int, caliper: float, board: float) -> None:
    one, two = (spine_width(2 * count, caliper, board) for count in (leaves, leaves + 1))
    assert two - one == pytest.approx(caliper, abs=1e-6)


@given(st.integers(0, 3000), st.sampled_from(["saddle", "perfect"]), st.integers(1, 64))
def test_binding_adds_no_more_blanks_than_it_needs(pages: int, binding: str, multiple: int) -> None:
    step = {"saddle": 4, "perfect": 2}[binding]
    found = bound_pages(pages, binding, multiple)  # type: ignore[arg-type]
    assert found >= pages
    assert found % step == 0
    assert found % multiple == 0
    assert found - pages < step * multiple


def test_a_saddle_stitched_booklet_has_a_fold_and_no_spine() -> None:
    plan = plan_sheet(parse_trim("A5"), CoverSpec(paper="胶版纸80克"), 64, 3)
    assert plan.spine == 0
    assert plan.folds == (148,)
    assert [panel.name for panel in plan.panels] == ["back", "front"]


@pytest.mark.parametrize("paper", ["轻型纸55克", "胶版纸80克", "铜版纸157克"])
def test_staples_hold_paper_up_to_their_limit(paper: str) -> None:
    caliper = parse_paper(paper).caliper
    most = largest_saddle(caliper)
    assert most % 4 == 0
    assert most / 2 * caliper <= SADDLE_LIMIT < (most + 4) / 2 * caliper


def test_flaps_and_the_side_of_the_spine_decide_the_order_of_panels() -> None:
    spec = CoverSpec(binding="perfect", spine="10mm", flaps="70mm", bound="right")
    plan = plan_sheet(parse_trim("大32开"), spec, 200, 3)
    assert plan.width == 2 * (140 + 70) + 10
    assert plan.folds == (70, 210, 220, 360)
    names = [panel.name for panel in plan.panels]
    assert names == ["flap-front", "front", "spine", "back", "flap-back"]


@pytest.mark.parametrize(
    "spec",
    [
        {"binding": "perfect"},
        {"binding": "saddle", "spine": "3mm"},
        {"bulk": 1.3},
        {"paper": "胶版纸80克", "caliper": "0.1mm"},
        {"board": "白卡纸250克", "board_caliper": "0.3mm"},
        {"caliper": "0.001mm"},
        {"flaps": "1mm"},
        {"glue": "1mm"},
    ],
)
def test_a_cover_that_contradicts_itself_is_refused(spec: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CoverSpec.model_validate(spec)


@pytest.mark.parametrize("magnification", [0.79, 1.21])
def test_a_barcode_keeps_to_the_sizes_of_the_standard(magnification: float) -> None:
    with pytest.raises(ValidationError):
        BarcodeSpec(magnification=magnification)


def test_every_stock_lists_its_weights_from_light_to_heavy() -> None:
    assert all(list(stock.weights) == sorted(stock.weights) for stock in STOCKS.values())
