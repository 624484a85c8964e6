"""Where the characters of a set text box stand: their own bodies, not the gaps between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any
from unicodedata import east_asian_width

from booklet.compose.shaping import FIELDS, Segment
from booklet.compose.weasy import FROM_UNITS, ffi, pango

OVER, UNDER = 0.88, 0.12
"""Ems from the baseline to the edges of a Han character's em box (OpenType, `ideo` baseline)."""

_KEPT = "_compose_bodies"


@dataclass(frozen=True, slots=True)
class Body:
    """A cluster; lengths in pixels.

    Attributes:
        text: Its characters.
        x: Its origin, from the left edge of the text box.
        width: Its natural advance, or half of that where the blank of a mark is gone.
        high: How far it reaches above the baseline: the em box of a wide character, the ink of
            another, at least the em box.
        deep: The same below.
    """

    text: str
    x: float
    width: float
    high: float
    deep: float


def is_wide(text: str) -> bool:
    """Tell whether a cluster fills an em, as Han characters do."""
    return east_asian_width(text[0]) in "WF"


def read_bodies(box: Any) -> list[Body]:
    """Find the clusters of a text box from left to right, and keep them until `forget_bodies`."""
    kept: dict[str, Any] = box.__dict__
    if _KEPT not in kept:
        layout = box.pango_layout
        if isinstance(layout, Segment) and layout.plain:
            kept[_KEPT] = list(_of_segment(layout))
        else:
            kept[_KEPT] = list(_of_layout(layout, box.style))
    return kept[_KEPT]  # type: ignore[no-any-return]


def forget_bodies(box: Any) -> None:
    """Let go of what was found in a text box."""
    box.__dict__.pop(_KEPT, None)


def ink_ends(box: Any) -> tuple[float, float]:
    """Tell where the text of a box begins and ends, in pixels from its left edge.

    What justification or letter spacing puts behind the last character is left out; a mark that
    hangs outside counts with the half that is not blank.
    """
    layout = box.pango_layout
    if not (isinstance(layout, Segment) and layout.plain):
        return 0.0, box.width
    shaped, origin, first, last = layout.shaped, layout.origin, layout.low, layout.high - 1
    start, end = 0.0, float(box.width)
    if (left := layout.before.get(first + origin, 0.0)) < 0:
        start = min(0.0, left + shaped.widths[first] / 2)
    if layout.tail is not None:
        return start, end
    while last > first and not shaped.widths[last]:
        end -= layout.after.get(last + origin, 0.0)
        last -= 1
    after = layout.after.get(last + origin, 0.0)
    return start, end - (after if after > 0 else min(0.0, after + shaped.widths[last] / 2))


def _of_segment(segment: Segment) -> Iterator[Body]:
    shaped, origin = segment.shaped, segment.origin
    before, after, em = segment.before, segment.after, shaped.em
    glyphs = memoryview(shaped.infos).cast("I")[::FIELDS]
    x = 0.0
    for at in range(segment.low, segment.high):
        x += before.get(at + origin, 0.0)
        text, advance = shaped.texts[at], shaped.widths[at]
        width, high, deep = advance, OVER * em, UNDER * em
        if not is_wide(text):
            one, two = shaped.glyphs[at], shaped.glyphs[at + 1]
            run = shaped.runs[bisect_right(shaped.runs, one, key=lambda run: run.stop)]
            width, high, deep = _reach(run.font, glyphs[one:two], width, high, deep)
        yield Body(text, x, width, high, deep)
        x += advance + after.get(at + origin, 0.0)


def _of_layout(layout: Any, style: Any) -> Iterator[Body]:
    """Read a line that the base has set; it is shaped again for that."""
    em, x = style["font_size"], 0.0
    layout.reactivate(style)
    line, _ = layout.get_first_line()
    said = layout.text.encode()
    node = line.runs
    while node != ffi.NULL:
        item, string = node.data.item, node.data.glyphs
        node = node.next
        infos = string.glyphs[0 : string.num_glyphs]
        clusters = ffi.unpack(string.log_clusters, string.num_glyphs)
        ends = dict(pairwise([*sorted(set(clusters)), item.length]))
        rows = zip(clusters, infos, strict=True)
        for start, row in groupby(rows, key=lambda pair: pair[0]):
            group = [info for _, info in row]
            text = said[item.offset + start : item.offset + ends[start]].decode()
            glyphs = [info.glyph for info in group]
            advance = sum(info.geometry.width for info in group) * FROM_UNITS
            left = x + group[0].geometry.x_offset * FROM_UNITS
            x += advance
            width, high, deep = _reach(item.analysis.font, glyphs, advance, OVER * em, UNDER * em)
            if is_wide(text):
                high, deep = OVER * em, UNDER * em
            yield Body(text, left, width, high, deep)
    layout.deactivate()


def _reach(
    font: Any, glyphs: Any, width: float, high: float, deep: float
) -> tuple[float, float, float]:
    """Measure the glyphs of a cluster.

    Args:
        font: Their font.
        glyphs: Their numbers.
        width: Their advance as shaped, which may hold the space to the next letter.
        high: The least height above the baseline.
        deep: The least depth.

    Returns:
        The natural advance, height and depth.
    """
    ink, logical = ffi.new("PangoRectangle *"), ffi.new("PangoRectangle *")
    unseen, unknown = pango.PANGO_GLYPH_EMPTY, pango.PANGO_GLYPH_UNKNOWN_FLAG
    for glyph in glyphs:
        if glyph != unseen and not glyph & unknown:
            pango.pango_font_get_glyph_extents(font, glyph, ink, logical)
            high = max(high, -ink.y * FROM_UNITS)
            deep = max(deep, (ink.y + ink.height) * FROM_UNITS)
            if len(glyphs) == 1:
                width = logical.width * FROM_UNITS
    return width, high, deep
