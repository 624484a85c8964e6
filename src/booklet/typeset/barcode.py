"""The barcode of an ISBN: an EAN-13 symbol as exact rectangles (GB/T 12904, GB/T 12906).

A library encodes the digits; the drawing is ours, because a printer wants solid bars of exact
width in black alone, and quiet zones that are really white.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from markupsafe import Markup

MODULE = 0.33
"""Millimetres: the narrowest bar at nominal size."""

QUIET_LEFT, QUIET_RIGHT = 11, 7
"""Modules that stay white before and after the bars."""

BARS = 95
"""Modules from the first bar to the last."""

BAR_HEIGHT, HEIGHT = 22.85, 25.93
"""Millimetres at nominal size: of a bar, and of the whole symbol with its digits."""

GUARD = 5
"""Modules by which the guard bars are longer."""

DIGIT_SIZE = 3.3
"""Millimetres of type at nominal size: figures of most typefaces are then 2.4 mm high."""

DIGIT_TOP = 0.2
"""Ems from the top of a line to the top of its figures, roughly."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the symbol, in millimetres from its top left corner, quiet zone included."""

    left: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Digit:
    """A digit below the bars: its middle, in millimetres from the left."""

    char: str
    middle: float


@dataclass(frozen=True, slots=True)
class Symbol:
    """An EAN-13 symbol.

    Attributes:
        digits: Thirteen digits.
        magnification: Of the nominal size, 0.8 to 2.
        reduction: Millimetres that each bar is narrower than its modules, against ink gain; half
            of it goes to either side.
    """

    digits: str
    magnification: float
    reduction: float = 0.0

    @property
    def module(self) -> float:
        """Width of one module in millimetres."""
        return MODULE * self.magnification

    @property
    def width(self) -> float:
        """Millimetres, quiet zones included: 37.29 at nominal size."""
        return (QUIET_LEFT + BARS + QUIET_RIGHT) * self.module

    @property
    def height(self) -> float:
        """Millimetres, digits included: 25.93 at nominal size."""
        return HEIGHT * self.magnification

    def bars(self) -> Iterator[Bar]:
        """Give the bars from left to right."""
        at = QUIET_LEFT
        short = BAR_HEIGHT * self.magnification
        for kind, group in groupby(_modules(self.digits)):
            count = len(list(group))
            if kind != "0":
                left = at * self.module + self.reduction / 2
                height = short + GUARD * self.module if kind == "G" else short
                yield Bar(left, count * self.module - self.reduction, height)
            at += count

    def places(self) -> Iterator[Digit]:
        """Give the digits: the first before the bars, six below each half."""
        starts = [QUIET_LEFT - 9, *range(QUIET_LEFT + 3, QUIET_LEFT + 45, 7)]
        starts += range(QUIET_LEFT + 50, QUIET_LEFT + 92, 7)
        for char, start in zip(self.digits, starts, strict=True):
            yield Digit(char, (start + 3.5) * self.module)


def _modules(digits: str) -> str:
    """Encode digits: ``0`` a space, ``1`` a bar, ``G`` a guard bar, 95 modules."""
    from barcode.ean import EuropeanArticleNumber13

    pattern: str = EuropeanArticleNumber13(digits, guardbar=True).build()[0]
    return pattern


def symbol_of(isbn: str, magnification: float, reduction: float = 0.0) -> Symbol:
    """Make the symbol of an ISBN-13 whose check digit was found right."""
    return Symbol("".join(filter(str.isdigit, isbn)), magnification, reduction)


def draw_symbol(symbol: Symbol) -> Markup:
    """Draw a symbol as HTML: bars as SVG rectangles, digits as text of the page."""
    width, height = symbol.width, symbol.height
    bars = "".join(
        f'<rect x="{_mm(bar.left)}" y="0" width="{_mm(bar.width)}" height="{_mm(bar.height)}"/>'
        for bar in symbol.bars()
    )
    size = DIGIT_SIZE * symbol.magnification
    top = BAR_HEIGHT * symbol.magnification + symbol.module / 2 - DIGIT_TOP * size
    digits = "".join(
        f'<span style="position: absolute; left: {_mm(digit.middle - size)}mm; width: '
        f'{_mm(2 * size)}mm; text-align: center">{escape(digit.char)}</span>'
        for digit in symbol.places()
    )
    return Markup(
        f'<div class="ean" style="position: relative; width: {_mm(width)}mm; '
        f'height: {_mm(height)}mm; background: #fff; color: #000">'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_mm(width)}mm" height="{_mm(height)}mm" '
        f'viewBox="0 0 {_mm(width)} {_mm(height)}" fill="#000" style="position: absolute; left: 0; '
        f'top: 0">{bars}</svg>'
        f'<div class="digits" style="position: absolute; left: 0; top: {_mm(top)}mm; width: 100%; '
        f'font-size: {_mm(size)}mm; line-height: 1">{digits}</div></div>'
    )


def _mm(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
