"""The properties of CSS Text Decoration 4 that the base lacks: emphasis, and where lines run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tinycss2.color5 import parse_color

from booklet.compose.properties import add_property, keyword
from booklet.compose.weasy import (
    InvalidValues,
    computed_values,
    expanders,
    get_length,
    replace,
    validators,
)  # fmt: skip

FILLS = ("filled", "open")
SHAPES = ("dot", "circle", "double-circle", "triangle", "sesame")
SKIPPED = frozenset({"spaces", "punctuation", "symbols", "narrow"})
SIDES = frozenset({"left", "right"})


def add_decoration_properties() -> None:
    """Make the properties known.

    The `right` and `left` of positions are for vertical lines: they are read, and do nothing.
    """
    add_property("text-emphasis-style", "none", _style)
    add_property("text-emphasis-color", "currentcolor", validators.other_colors)
    add_property("text-emphasis-position", "auto", _position)
    add_property("text-emphasis-skip", frozenset({"spaces", "punctuation"}), _skip)
    add_property("text-underline-position", "auto", _underline_position)
    add_property("text-decoration-inset", (0, 0), _inset, inherited=False)
    computed = computed_values.COMPUTER_FUNCTIONS
    replace(computed, "text_emphasis_color", computed_values.color)
    replace(computed, "text_decoration_inset", _compute_inset)
    shorthand = expanders.generic_expander("-style", "-color")(_expand_emphasis)
    replace(expanders.EXPANDERS, "text-emphasis", shorthand)


def _words(tokens: Any) -> list[str]:
    return [token.lower_value if token.type == "ident" else "" for token in tokens]


def _style(tokens: Any) -> Any:
    """Read ``none | [[filled | open] || [dot | circle | …]] | <string>`` (CSS Text Decor. 4, 3.1).

    Returns:
        'none', a pair of fill and shape, or a pair of 'string' and the text.
    """
    if len(tokens) == 1 and tokens[0].type == "string":
        return ("string", tokens[0].value) if tokens[0].value.strip() else "none"
    words = _words(tokens)
    if words == ["none"]:
        return "none"
    fills = [word for word in words if word in FILLS]
    shapes = [word for word in words if word in SHAPES]
    if len(fills) > 1 or len(shapes) > 1 or len(fills) + len(shapes) != len(words):
        return None
    return (fills or ["filled"])[0], (shapes or ["circle"])[0]


def _position(tokens: Any) -> str | None:
    words = _words(tokens)
    if words == ["auto"]:
        return "auto"
    lines = [word for word in words if word in {"over", "under"}]
    sides = [word for word in words if word in SIDES]
    known = len(lines) == 1 and len(sides) <= 1 and len(words) == 1 + len(sides)
    return lines[0] if known else None


def _skip(tokens: Any) -> frozenset[str] | None:
    words = _words(tokens)
    known = set(words) <= SKIPPED and len(set(words)) == len(words)
    return frozenset(words) if known else None


def _underline_position(tokens: Any) -> str | None:
    words = _words(tokens)
    if words == ["auto"]:
        return "auto"
    lines = [word for word in words if word in {"from-font", "under"}]
    sides = [word for word in words if word in SIDES]
    if len(lines) > 1 or len(sides) > 1 or len(lines) + len(sides) != len(words):
        return None
    return lines[0] if lines else "auto"


def _inset(tokens: Any) -> Any:
    """Read ``<length>{1,2} | auto``; one length stands for both ends."""
    if keyword(("auto",))(tokens):
        return "auto"
    lengths = [get_length(token) for token in tokens]
    if len(lengths) > 2 or None in lengths:
        return None
    return lengths[0], lengths[-1]


def _compute_inset(style: Any, name: str, value: Any) -> Any:
    if value == "auto":
        return value
    return tuple(computed_values.length(style, name, length) if length else 0 for length in value)


def _expand_emphasis(tokens: Any, _name: str) -> Iterator[tuple[str, list[Any]]]:
    style: list[Any] = []
    color: list[Any] = []
    for token in tokens:
        (color if parse_color(token) else style).append(token)
    if len(color) > 1:
        raise InvalidValues
    if style:
        yield "-style", style
    if color:
        yield "-color", color
