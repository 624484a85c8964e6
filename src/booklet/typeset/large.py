"""Large print: a theme's style sheets with every size of type grown, and colours that are read.

The page has its own measures, which the style sheets take from custom properties; what they say in
points was drawn for the body that the theme proposes, and grows with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

from booklet.model.derived import SMALLEST_LARGE

LEAST_LETTER = 7.0
"""Points below which a size is that of an ornament, such as the bullet of a list."""

CONTRAST = 7.0
"""Contrast of text with white paper (WCAG 2.2, 1.4.6)."""

LEAST_CONTRAST = 3.0
"""Contrast below which a colour is that of grounds and lines, not of text."""

_COLOR = re.compile(r"#[0-9a-fA-F]{6}\b")
_CHANNELS = ((0.2126, 1), (0.7152, 3), (0.0722, 5))


def enlarged(css: str, factor: float) -> str:
    """Enlarge a style sheet.

    Args:
        css: The style sheet.
        factor: The body of the page by that which the sheet was drawn for.

    Returns:
        The same sheet with lengths in points grown by the factor, sizes of type at least
        `SMALLEST_LARGE`, and colours of text darkened to a contrast of `CONTRAST`.
    """
    values = tinycss2.parse_component_value_list(css)
    _grow(values, max(factor, 1.0))
    return _COLOR.sub(lambda match: darkened(match[0]), str(tinycss2.serialize(values)))


def _grow(values: Iterable[Any], factor: float) -> None:
    name, sized = "", False
    for value in values:
        if value.type == "ident" and not name:
            name = value.lower_value
        elif value == ";":
            name, sized = "", False
        elif value.type == "dimension" and value.lower_unit == "pt":
            is_size = name in {"font", "font-size"} and not sized
            sized = sized or is_size
            grown = value.value * factor
            if is_size and value.value >= LEAST_LETTER:
                grown = max(grown, SMALLEST_LARGE)
            value.representation = f"{grown:.3f}".rstrip("0").rstrip(".")
        for inner in _within(value):
            _grow(inner, factor)


def _within(value: Any) -> Iterator[Any]:
    for name in ("content", "arguments"):
        inner = getattr(value, name, None)
        if isinstance(inner, list):
            yield inner


def darkened(color: str) -> str:
    """Darken a colour of text until it is read on white paper; grounds and lines stay."""
    if not LEAST_CONTRAST <= contrast(color) < CONTRAST:
        return color
    channels = [int(color[at : at + 2], 16) for _, at in _CHANNELS]
    for share in range(99, 0, -1):
        darker = "#" + "".join(f"{channel * share // 100:02x}" for channel in channels)
        if contrast(darker) >= CONTRAST:
            return darker
    return "#000000"


def contrast(color: str) -> float:
    """Tell the contrast of a colour with white (WCAG 2.2, "contrast ratio"), from 1 to 21."""

    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    light = sum(weight * linear(int(color[at : at + 2], 16)) for weight, at in _CHANNELS)
    return 1.05 / (light + 0.05)
