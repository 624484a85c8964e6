"""Upright characters: which stand upright in a vertical line, and how much of it each one takes.

A vertical line is laid out sideways, as a horizontal one, and its page is turned when it is drawn.
The properties are those of CSS Writing Modes 4, 5 and 9.1: `writing-mode`, `text-orientation`
and `text-combine-upright`. Two are ours: `inline-note: double` sets a note in two half lines 夹注,
`reading-marks: beside` puts punctuation beside the character before it 句读, where it takes no
room.
"""

from __future__ import annotations

from typing import Any
from unicodedata import east_asian_width

from booklet.compose.properties import add_property, keyword
from booklet.compose.weasy import TO_UNITS

KEYWORDS = {
    "writing-mode": ("horizontal-tb", "vertical-rl"),
    "text-orientation": ("mixed", "upright", "sideways"),
    "text-combine-upright": ("none", "all"),
    "inline-note": ("none", "double"),
    "reading-marks": ("none", "beside"),
}
"""Inherited properties of one keyword, the initial value first."""

WIDE = 0.95
"""Ems from which a character of East Asia stands upright; narrower ones lie on their side."""

DASHES = frozenset("\u2014\u2015\u2500")
"""Rules that run along the line; one that stands alone in its box is as long as a character."""

RULES = DASHES | frozenset("\u2013\u2025\u2026")
"""What runs along the line, unless the font has a vertical form of it."""

MIDDLE, TOP = 0.38, 0.88
"""Ems above the baseline: the middle and the top of the square of a Chinese character."""

FIELDS, WIDTH = 5, 1
"""Fields of a glyph as Pango stores it, each a whole number, and which of them is the advance."""


def add_vertical_properties() -> None:
    """Make the properties of vertical lines known."""
    for name, keywords in KEYWORDS.items():
        add_property(name, keywords[0], keyword(keywords))


def is_vertical(style: Any) -> bool:
    """Tell whether text stands in a vertical line."""
    return bool(style["writing_mode"] == "vertical-rl")


def stands_beside(style: Any) -> bool:
    """Tell whether text is a mark that stands beside the character before it."""
    return is_vertical(style) and bool(style["reading_marks"] == "beside")


def fit_cells(text: str, infos: bytearray, widths: list[int], style: Any) -> None:
    """Give glyphs the advances that they have in a vertical line.

    Args:
        text: Their text.
        infos: The glyphs as Pango stores them; changed.
        widths: Their advances in units of Pango; changed.
        style: The style of their text.
    """
    if not is_vertical(style):
        return
    em = style["font_size"] * TO_UNITS
    if style["reading_marks"] == "beside":
        fitted = [0.0] * len(widths)
    elif style["text_combine_upright"] == "all":
        fitted = [em / len(widths)] * len(widths)
    elif style["text_orientation"] == "upright" or DASHES.issuperset(text):
        fitted = [em] * len(widths)
    else:
        fitted = [float(width) for width in widths]
    if style["inline_note"] == "double":
        fitted = [width / 2 for width in fitted]
    widths[:] = map(round, fitted)
    fields = memoryview(infos).cast("i")
    for at, width in enumerate(widths):
        fields[at * FIELDS + WIDTH] = width


def stands_upright(text: str, width: float, style: Any, *, own_form: bool) -> bool:
    """Tell whether a character stands upright.

    Args:
        text: The character, with what is combined with it.
        width: Its natural advance in ems.
        style: Its style.
        own_form: Whether its font has a form of it for vertical lines, which is drawn.
    """
    orientation = style["text_orientation"]
    if orientation != "mixed":
        return bool(orientation == "upright")
    if text[:1] in RULES and not own_form:
        return False
    return width >= WIDE and east_asian_width(text[:1] or " ") in "WFA"
