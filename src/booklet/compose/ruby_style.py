"""What CSS says of ruby: its display values, its properties, and the rules of every document."""

from __future__ import annotations

from typing import Any

from booklet.compose.properties import add_property, keyword, replace_validator
from booklet.compose.ruby_boxes import BOX_TYPES, bases_only
from booklet.compose.weasy import (
    CSS,
    UA_STYLESHEET,
    boxes,
    build,
    replace,
    tags,
    validators,
)  # fmt: skip

ALIGN = ("space-around", "center", "space-between", "start")
OVERHANG = ("auto", "none")
POSITIONS = {
    ("alternate",): "alternate",
    ("over",): "over",
    ("under",): "under",
    ("alternate", "over"): "alternate",
    ("alternate", "under"): "alternate-under",
}
"""Computed values of ``ruby-position`` by its sorted words."""

RULES = """
ruby { display: ruby }
rb { display: ruby-base }
rt { display: ruby-text; font-size: 50%; line-height: 1; white-space: nowrap; text-indent: 0;
     letter-spacing: normal; word-spacing: normal }
"""
"""Rules of the user agent (HTML, 15.3.4; CSS Ruby 1, appendix A).

A reading is set solid however far its base is spaced (clreq 3.3.4.1).
"""

TAGS = {"ruby::pair": "Ruby", "rb": "RB", "rt": "RT"}
"""Structure types of a PDF (ISO 32000-1, 14.8.4.4.3)."""


def add_ruby_style() -> None:
    """Make the display values and properties known, and add the rules."""
    add_property("ruby-align", ALIGN[0], keyword(ALIGN))
    add_property("ruby-overhang", OVERHANG[0], keyword(OVERHANG))
    add_property("ruby-position", "alternate", _position)
    replace_validator("display", _with_ruby(validators.PROPERTIES["display"]))
    replace(boxes.ParentBox, "content_text", bases_only(boxes.ParentBox.content_text))
    for display, kind in BOX_TYPES.items():
        replace(build.BOX_TYPE_FROM_DISPLAY, display, kind)
    replace(tags, "_get_pdf_tag", _with_ruby_tags(tags._get_pdf_tag))
    known = UA_STYLESHEET.matcher.lower_local_name_selectors
    for name, rules in CSS(string=RULES).matcher.lower_local_name_selectors.items():
        replace(known, name, [*known.get(name, ()), *rules])


def is_under(style: Any, level: int) -> bool:
    """Tell on which side of its base a reading stands.

    Args:
        style: That of the reading.
        level: How many readings stand between it and the base.
    """
    position = style["ruby_position"]
    if position in {"over", "under"}:
        return bool(position == "under")
    return bool(level % 2) is not bool(position == "alternate-under")


def _position(tokens: Any) -> str | None:
    words = [token.lower_value if token.type == "ident" else "" for token in tokens]
    return POSITIONS.get(tuple(sorted(words)))


def _with_ruby(display: Any) -> Any:
    def validate(tokens: Any) -> Any:
        """Read ``ruby``, ``inline ruby``, ``ruby-base`` and ``ruby-text`` besides the others."""
        words = [token.lower_value for token in tokens if token.type == "ident"]
        if len(words) == len(tokens) and sorted(words) in (["ruby"], ["inline", "ruby"]):
            return ("inline", "ruby")
        if words in (["ruby-base"], ["ruby-text"]) and len(tokens) == 1:
            return ("inline", words[0])
        return display(tokens)

    return validate


def _with_ruby_tags(pdf_tag: Any) -> Any:
    def tag_of(tag: Any) -> Any:
        """Give the structure type of an element."""
        return TAGS.get(tag) or pdf_tag(tag)

    return tag_of
