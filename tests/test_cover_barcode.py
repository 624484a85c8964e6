"""The barcode, read back from the finished cover: it scans, and its bars are black ink alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from tests.cover_sheets import ISBN, Fill, cover, drawn, fills, lines

from booklet.typeset.barcode import BARS, QUIET_LEFT, QUIET_RIGHT, Symbol, symbol_of

MODULE = 0.33
BLACK = (0, 0, 0, 1)
TRIM = (148, 210)
EXACT = 0.01 / 72 * 25.4
"""A hundredth of a point, in millimetres."""


def bars_of(data: bytes) -> list[Fill]:
    """Give the bars: all that the lower right of the back fills beside its white ground."""
    return [
        fill
        for fill in fills(data)
        if fill.left < TRIM[0] and fill.top > TRIM[1] * 2 / 3 + 5 and fill.inks != (0, 0, 0, 0)
    ]


@pytest.fixture(scope="module", params=[0.8, 1.0, 1.2])
def magnification(request: pytest.FixtureRequest) -> float:
    """The smallest, the nominal and the largest size."""
    return float(request.param)


@pytest.fixture(scope="module")
def printed(magnification: float, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A cover with an ISBN."""
    spec = {"barcode": {"magnification": magnification}}
    return cover(tmp_path_factory.mktemp("barcode"), isbn=ISBN, price="48.00元", cover=spec)


def test_a_scanner_reads_the_isbn_from_the_finished_file(printed: bytes) -> None:
    found = zxingcpp.read_barcodes(drawn(printed, 300))
    assert [(code.format, code.text) for code in found] == [
        (zxingcpp.BarcodeFormat.EAN13, "9787301123454")
    ]


def test_the_bars_have_the_width_of_the_standard(printed: bytes, magnification: float) -> None:
    bars, module = bars_of(printed), MODULE * magnification
    assert len(bars) == 30  # six guards, and two for each of twelve digits
    assert bars[-1].right - bars[0].left == pytest.approx(BARS * module, abs=EXACT)
    for bar in bars:
        modules = bar.width / module
        assert modules == pytest.approx(round(modules), abs=EXACT / module)
        assert 1 <= round(modules) <= 4
    heights = {round(bar.height / magnification, 3) for bar in bars}
    assert heights == {22.85, 24.5}


def test_the_bars_are_black_ink_and_nothing_else(printed: bytes) -> None:
    assert {fill.inks for fill in bars_of(printed)} == {BLACK}


def test_the_quiet_zones_are_white(printed: bytes, magnification: float) -> None:
    bars, module = bars_of(printed), MODULE * magnification
    before, after = QUIET_LEFT * module, QUIET_RIGHT * module
    ground = next(
        fill
        for fill in fills(printed)
        if fill.inks == (0, 0, 0, 0) and fill.left <= bars[0].left and fill.right >= bars[-1].right
    )
    assert bars[0].left - ground.left == pytest.approx(before, abs=EXACT)
    assert ground.right - bars[-1].right == pytest.approx(after, abs=EXACT)
    # Nothing is printed there: measured on the page, beside the bars' upper part.
    dpi, slug = 600, 12
    image = drawn(printed, dpi).convert("L")

    def pixels(millimetres: float) -> int:
        return round((millimetres + slug) / 25.4 * dpi)

    top, low = pixels(bars[0].top), pixels(bars[0].top + 15)
    for left, right in (
        (bars[0].left - before, bars[0].left), (bars[-1].right, bars[-1].right + after),
    ):  # fmt: skip
        zone = image.crop((pixels(left) + 2, top, pixels(right) - 2, low))
        assert zone.getextrema() == (255, 255)


def test_the_symbol_keeps_fifteen_millimetres_from_the_edges(printed: bytes) -> None:
    ground = max(
        (fill for fill in fills(printed) if fill.inks == (0, 0, 0, 0)), key=lambda fill: fill.left
    )
    assert TRIM[0] - ground.right == pytest.approx(15, abs=EXACT)
    assert TRIM[1] - ground.bottom >= 15 - EXACT


def test_the_number_stands_above_the_bars_and_the_price_below(printed: bytes) -> None:
    rows = lines(printed, 80, TRIM[0])
    assert rows[-3:] == (f"ISBN{ISBN}", "9787301123454", "定价：48.00元")


def test_a_price_is_printed_only_if_given(tmp_path: Path) -> None:
    data = cover(tmp_path, isbn=ISBN)
    assert len(bars_of(data)) == 30
    assert lines(data, 80, TRIM[0])[-1] == "9787301123454"


def test_without_isbn_there_is_no_symbol(tmp_path: Path) -> None:
    data = cover(tmp_path)
    assert bars_of(data) == []
    assert zxingcpp.read_barcodes(drawn(data, 300)) == []
    assert lines(data, 0, TRIM[0])[-1] == "网络强国读本"


def test_each_bar_may_be_narrower_than_its_modules_for_a_press_that_gains(tmp_path: Path) -> None:
    spec = {"barcode": {"magnification": 1, "reduction": "0.05mm"}}
    data = cover(tmp_path, isbn=ISBN, cover=spec)
    bars = bars_of(data)
    thin = min(bar.width for bar in bars)
    assert thin == pytest.approx(MODULE - 0.05, abs=EXACT)
    assert bars[-1].right - bars[0].left == pytest.approx(BARS * MODULE - 0.05, abs=EXACT)
    assert [code.text for code in zxingcpp.read_barcodes(drawn(data, 300))] == ["9787301123454"]


def check_digit(twelve: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return twelve + str(-total % 10)


@given(st.integers(0, 10**12 - 1), st.floats(0.8, 1.2))
def test_every_number_fills_its_modules(number: int, magnification: float) -> None:
    symbol = symbol_of(check_digit(f"{number:012d}"), magnification)
    bars = list(symbol.bars())
    assert len(bars) == 30
    assert bars[0].left == pytest.approx(QUIET_LEFT * symbol.module)
    last = bars[-1].left + bars[-1].width
    assert symbol.width - last == pytest.approx(QUIET_RIGHT * symbol.module)
    assert sum(bar.height > 23 * magnification for bar in bars) == 6
    assert "".join(digit.char for digit in symbol.places()) == symbol.digits


def test_the_nominal_size_is_that_of_the_standard() -> None:
    symbol = Symbol("9787301123454", 1)
    assert symbol.width == pytest.approx(37.29)
    assert symbol.height == pytest.approx(25.93)
