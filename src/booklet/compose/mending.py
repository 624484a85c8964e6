"""Crashes of WeasyPrint 70 on ordinary CSS, mended.

Each function stands in for one of the base, and says what the base gets wrong. What is mended
later in the base goes with it: the contract test tells when its source has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from booklet.compose.boxtree import is_line, is_text
from booklet.compose.cells import is_vertical
from booklet.compose.vertical import draw_vertical
from booklet.compose.weasy import (
    block_container_layout,
    block_content_width,
    block_layout,
    boxes,
    build,
    computed_values,
    css_properties,
    draw_first_line,
    draw_text_module,
    first_letter_to_box,
    font_face,
    font_key,
    include,
    inline_layout,
    leader,
    marker_to_box,
    pdf_stream,
    preferred,
    replace,
)


def mend() -> None:
    """Put what is mended into the base."""
    computers = computed_values.COMPUTER_FUNCTIONS
    replace(build, "marker_to_box", _marker_to_box)
    replace(inline_layout, "first_letter_to_box", _first_letter_to_box)
    replace(block_layout, "block_container_layout", _block_container_layout)
    replace(preferred, "_block_content_width", _block_content_width)
    replace(computers, "border_image_width", _in_pixels(computers["border_image_width"]))
    replace(computers, "column_width", _not_nothing(computers["column_width"]))
    replace(pdf_stream.Stream, "add_font", _add_font)
    replace(leader, "leader_index", _leader_index)
    replace(draw_text_module, "draw_first_line", _draw_first_line)
    # A table that spans columns: the box around it and its captions stands among their blocks.
    include(css_properties.TABLE_WRAPPER_BOX_PROPERTIES, "column_span")


def _marker_to_box(*arguments: Any) -> Iterator[Any]:
    """Let the words of `li::marker { content }` be words.

    The marker is positioned by a style that it shares with them, so that they are positioned, too.
    """
    for marker in marker_to_box(*arguments):
        for part in marker.descendants():
            if part is not marker and part.style is marker.style:
                part.style = part.style.copy()
                part.style["position"] = "static"
        yield marker


def _first_letter_to_box(box: Any, skip_stack: Any, first_letter_style: Any) -> Any:
    """Find the first letter of a paragraph once.

    A paragraph that is laid out again, on the next page or beside a float, already has a box for
    it. The base takes that for the paragraph, and makes a box of the letter within the box.
    """
    if first_letter_style and box.children and _is_letter(box.children[0]):
        return skip_stack
    return first_letter_to_box(box, skip_stack, first_letter_style)


def _block_container_layout(context: Any, box: Any, *arguments: Any, **keywords: Any) -> Any:
    """Let a first letter float as any other box does, at the head of its paragraph.

    The base puts it into the line, where no room is kept for it.
    """
    style = box.first_letter_style
    if style is not None and style["float"] in {"left", "right"} and box.children:
        _float_letter(box, style)
    return block_container_layout(context, box, *arguments, **keywords)


def _float_letter(box: Any, style: Any) -> None:
    line = box.children[0]
    if not is_line(line):
        return  # a block in the block has the first letter
    declared = {key: style[key] for key in style.cascaded}
    skip = inline_layout.skip_first_whitespace(line, None)
    if skip == "continue":
        return
    _first_letter_to_box(line, skip, declared)
    parent = line
    while parent.children and not _is_letter(parent.children[0]) and not is_text(parent):
        parent = parent.children[0]
    if is_text(parent) or not parent.children:
        return
    letter, *parent.children = parent.children
    box.children = [letter, boxes.BlockBox.anonymous_from(box, [line])]
    box.first_letter_style = None


def _is_letter(box: Any) -> bool:
    return not is_text(box) and (box.element_tag or "").endswith("::first-letter")


def _block_content_width(context: Any, box: Any, function: Any, outer: Any) -> Any:
    """Measure a float or a cell without the running elements in it, which stand in a margin."""
    if box.is_running():
        return 0
    if any(child.is_running() for child in box.children):
        box = box.copy_with_children([child for child in box.children if not child.is_running()])
    return block_content_width(context, box, function, outer)


def _in_pixels(compute: Any) -> Any:
    """Make pixels of the lengths of `border-image-width`; the base leaves them as written."""

    def border_image_width(style: Any, name: Any, values: Any) -> Any:
        return tuple(
            computed_values.length(style, name, value)
            if getattr(value, "unit", None) not in {None, "%"}
            else value
            for value in compute(style, name, values)
        )

    return border_image_width


def _not_nothing(compute: Any) -> Any:
    """Keep columns from being 0 wide; the base divides by their width (CSS Multicol 1, 3.1)."""

    def column_width(style: Any, name: Any, value: Any) -> Any:
        width = compute(style, name, value)
        return width if width == "auto" else max(width, 1)

    return column_width


def _add_font(self: Any, pango_font: Any) -> Any:
    """Give every file a font of its own.

    The base knows fonts by family, weight and slant. Of a family that is cut into several files,
    as web fonts are, it took the glyphs of one by the numbers of another: other characters.
    """
    key, description, size = font_key(pango_font)
    face, count = font_face(pango_font), 0
    while (font := self._fonts.get((key, count))) is not None and font.hb_face != face:
        count += 1
    if font is None:
        font = self._fonts[key, count] = pdf_stream.Font(pango_font, description, size)
        if count:
            _rename(font, count)
    return font, size


def _rename(font: Any, count: int) -> None:
    """Tag the subset of a further file of a family (ISO 32000-1, 9.6.4)."""
    old = font.hash
    last = (ord(old[-1]) - ord("A") + count) % 26
    font.hash = f"{old[:-1]}{chr(ord('A') + last)}"
    font.name = font.name.replace(old.encode(), font.hash.encode(), 1)


def _leader_index(box: Any) -> Any:
    """Find the leader of a line: not in what floats or is positioned, which is not laid out yet."""
    for index, child in enumerate(box.children):
        if not child.is_in_normal_flow():
            continue
        if child.is_leader:
            return (index, None), child
        if not is_text(child):
            inner, found = _leader_index(child)
            if inner is not None:
                return (index, inner), found
    return None, None


def _draw_first_line(
    stream: Any, textbox: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any
) -> Any:
    """Draw a text; the base forgets the width of one that is justified and has an ellipsis."""
    layout = textbox.pango_layout
    if layout.max_width is None:
        layout.max_width = textbox.width
    if is_vertical(textbox.style) and text_overflow == "clip" and block_ellipsis == "none":
        draw_vertical(stream, textbox, *matrix.values[4:])
        return []
    return draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
