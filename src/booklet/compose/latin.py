"""A Latin family before the Chinese one: quotation marks, dashes and ellipses stay Chinese.

`font-family: "Source Serif 4", "Noto Serif CJK SC"` sets Latin letters and figures in the first
family. It has “ ” ‘ ’ — … · as well, which Unicode does not tell from the Chinese marks; so in
Chinese text these are set in the first family of the stack that has Han characters. An apostrophe
stays Latin, and so does a dash, an ellipsis or a point between two Latin letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from booklet.compose.cells import MIDDLE, is_vertical
from booklet.compose.classes import CODES, has_cjk
from booklet.compose.weasy import (
    family_attribute,
    ffi,
    inline_layout,
    layout_set_text,
    line_break,
    pango,
    replace,
    split_text_box,
    strut,
)  # fmt: skip

_SHARED = re.compile("[“”‘’—…⋯·\u3000]+")
"""Marks that Latin and Chinese fonts both have, and the space that Pango takes from any font."""

_LETTERS = frozenset("WN")
_KEPT, _STRUT = "compose_han", "compose_strut"
"""Attributes: of the base's font configuration, the family that sets Han by style; of a style."""

NORMAL = 400
"""The weight of upright text."""


def teach_latin() -> None:
    """Replace what the base shapes text with, and how high it takes a line to be."""
    replace(line_break.Layout, "set_text", _set_text)
    replace(line_break, "strut", _strut)
    replace(inline_layout, "strut", _strut)
    replace(inline_layout, "split_text_box", _split_text_box)


def chinese_marks(text: str) -> Iterator[tuple[int, int]]:
    """Yield from where to where marks are Chinese, in a text that is."""
    for found in _SHARED.finditer(text):
        begin = found.start()
        for at in range(found.start(), found.end()):
            if _is_latin(text, at):
                if begin < at:
                    yield begin, at
                begin = at + 1
        if begin < found.end():
            yield begin, found.end()


def _is_latin(text: str, at: int) -> bool:
    """Tell whether a mark belongs to the Latin words around it."""
    if text[at] in "“”‘" or not at or CODES[text[at - 1]] not in _LETTERS:
        return False
    rest = text[at + 1 :]
    if text[at] == "’":
        rest = rest.removeprefix(" ")
    return bool(rest) and CODES[rest[0]] in _LETTERS


def set_chinese_marks(layout: Any, text: str, style: Any) -> None:
    """Have Pango take the marks of a Chinese text from the family that sets its characters."""
    family = _han_family(style)
    if not family or not str(style["lang"] or "").lower().startswith(("zh", "ja", "yue")):
        return
    ranges = list(chinese_marks(text))
    if not ranges:
        return
    attributes = pango.pango_layout_get_attributes(layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for begin, end in ranges:
        attribute = family_attribute(family.encode())
        attribute.start_index = len(text[:begin].encode())
        attribute.end_index = len(text[:end].encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout, attributes)


def _han_family(style: Any) -> str:
    """Name the families that set Han in a style; '' where these are the first."""
    families = style["font_family"]
    if len(families) < 2:
        return ""
    known = style.font_config.__dict__.setdefault(_KEPT, {})
    key = (families, style["font_weight"], style["font_style"], style["lang"])
    if key not in known:
        known[key] = ""  # so that the character below is shaped as it stands
        known[key] = _find_han_family(style)
    return str(known[key])


def _find_han_family(style: Any) -> str:
    layout = line_break.create_layout("一", style, None, None, 0)
    line, _ = layout.get_first_line()
    if line.runs == ffi.NULL:
        return ""
    description = ffi.gc(
        pango.pango_font_describe_with_absolute_size(line.runs.data.item.analysis.font),
        pango.pango_font_description_free,
    )
    found = ffi.string(pango.pango_font_description_get_family(description)).decode()
    families = list(style["font_family"])
    if families[0].lower() == found.lower():
        return ""
    return ",".join([found, *families])


# ---- what is replaced ---------------------------------------------------------------------------


def _set_text(self: Any, text: str, justify: Any = False) -> None:
    """Set the text of a layout."""
    layout_set_text(self, text, justify)
    if len(self.style["font_family"]) > 1 and has_cjk(self.text):
        set_chinese_marks(self.layout, self.text, self.style)


def _strut(style: Any) -> Any:
    """Measure the line of a style: its height, and where its baseline stands.

    Bold and italic faces of a family may be a little higher than the upright one. What is set in
    them within a line must not move it. In a vertical line the squares of the characters stand in
    the middle, whatever their fonts say (CSS Writing Modes 4, 4.2).
    """
    height, baseline = _own_strut(style)
    if is_vertical(style) and style["line_height"] != "normal":
        return height, height / 2 + MIDDLE * style["font_size"]
    return height, baseline


def _own_strut(style: Any) -> Any:
    """Measure the line of a style as its upright face has it."""
    if style["font_weight"] == NORMAL and style["font_style"] == "normal":
        return strut(style)
    known = style.__dict__.get(_STRUT)
    if known is None:
        plain = style.copy()
        plain["font_weight"], plain["font_style"] = NORMAL, "normal"
        known = style.__dict__[_STRUT] = strut(plain)
    return known


def _split_text_box(
    context: Any, box: Any, available_width: Any, skip: Any, is_line_start: Any = True
) -> Any:
    """Cut a text box; characters of other fonts than the first do not push lines apart.

    What they are higher counts for nothing where `line-height` is given (CSS 2, 10.8.1).
    """
    new, *rest = split_text_box(context, box, available_width, skip, is_line_start)
    if new is not None and new.style["line_height"] != "normal":
        _, new.baseline = _strut(new.style)
    return (new, *rest)
