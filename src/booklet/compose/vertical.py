"""Draw the text of vertical lines, which are laid out sideways: notes, reading marks, figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from booklet.compose.boxtree import is_inline, is_text
from booklet.compose.cells import DASHES, MIDDLE, RULES, stands_upright
from booklet.compose.reading_marks import draw_mark, place_marks
from booklet.compose.ruby_boxes import RubyPair
from booklet.compose.turned_fonts import UNITS, Kind, has_own_form, turned_font
from booklet.compose.weasy import FROM_UNITS, ffi, get_color, pango

ROWS = 4 / 3
"""Ems from one half line of a note to the other."""

BEFORE = 0.3
"""Ems before the seam where a mark begins that is read by itself."""

_HALF_LINE, _BESIDE = "_compose_half_line", "_compose_beside"
_READ, _ALONE = "_compose_read", "_compose_alone"


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph, or several in the room of one, and where it stands.

    Attributes:
        pango_font: Its font as Pango knows it.
        size: Type size in pixels.
        codes: Its number in the font.
        width: Its natural advance in ems.
        text: What it stands for.
        x: Pixels along the line.
        advance: Pixels that it takes.
        kind: How it stands.
        row: Ems from the middle of the line, towards its head.
        before: Marks that are read before it.
        after: Marks that are read after it.
    """

    pango_font: Any
    size: float
    codes: tuple[int, ...]
    width: float
    text: str
    x: float
    advance: float
    kind: Kind
    row: float = 0.0
    before: str = ""
    after: str = ""


# ---- half lines of notes -------------------------------------------------------------------------


def number_half_lines(line: Any) -> None:
    """Tell each text of a note in a line how many characters of its half lines stand before it."""
    for is_note, group in groupby(_texts(line), _is_note):
        if is_note:
            texts = list(group)
            counts = [_count(text) for text in texts]
            before = 0
            for text, count in zip(texts, counts, strict=True):
                setattr(text, _HALF_LINE, (before, sum(counts)))
                before += count


def read_marks(line: Any) -> None:
    """Have marks beside a line read with the character before them, or with the first one.

    Behind a reading 注音 a mark is read by itself: between it and its character stands the reading.
    """
    before, last = "", None
    for text in _texts(line):
        if text is None or not text.text.strip():
            continue
        for name in (_BESIDE, _ALONE):
            text.__dict__.pop(name, None)
        if text.style["reading_marks"] == "beside":
            if last is None:
                before += text.text
            elif last.__dict__.get(_READ):
                setattr(text, _ALONE, True)
            else:
                one, two = last.__dict__.get(_BESIDE, ("", ""))
                setattr(last, _BESIDE, (one, two + text.text))
            continue
        if before:
            setattr(text, _BESIDE, (before, ""))
            before = ""
        last = text


def _texts(box: Any) -> Iterator[Any]:
    for child in box.children:
        if is_text(child):
            yield child
        elif is_inline(child):
            for text in _texts(child):
                if text is not None and isinstance(child, RubyPair):
                    setattr(text, _READ, True)
                yield text
        else:
            yield None


def _is_note(text: Any) -> bool:
    return text is not None and text.style["inline_note"] == "double"


def _count(text: Any) -> int:
    style = text.style
    if style["reading_marks"] == "beside":
        return 0
    return 1 if style["text_combine_upright"] == "all" else len(text.text)


# ---- drawing -------------------------------------------------------------------------------------


def draw_vertical(stream: Any, textbox: Any, x: float, y: float) -> None:
    """Draw a text box within ``BT`` and ``ET``.

    Args:
        stream: The page; lengths in pixels, y downwards.
        textbox: The text.
        x: Where it begins.
        y: Its baseline.
    """
    style, placed = textbox.style, textbox.__dict__.get(_HALF_LINE)
    if style["reading_marks"] == "beside":
        em = style["font_size"]
        if textbox.__dict__.get(_ALONE):
            _show_unseen(stream, textbox, x, y)
        _draw_marks(stream, em, _in_half_line(x, em, placed), y, textbox)
        return
    glyphs = list(_glyphs(stream, textbox, x))
    if not glyphs:
        return
    if style["text_combine_upright"] == "all":
        glyphs = [_combined(glyphs)]
    if placed is not None:
        glyphs = list(_half_lines(glyphs, x, *placed))
    before, after = textbox.__dict__.get(_BESIDE, ("", ""))
    glyphs[0] = replace(glyphs[0], before=before)
    glyphs[-1] = replace(glyphs[-1], after=after)
    for _, group in groupby(glyphs, lambda glyph: (glyph.size, glyph.row)):
        for run in _neighbours(group):
            _show(stream, run, y)


def _combined(glyphs: list[Glyph]) -> Glyph:
    """Put figures side by side in the room of one character (纵中横)."""
    return replace(
        glyphs[0], codes=tuple(code for glyph in glyphs for code in glyph.codes),
        text="".join(glyph.text for glyph in glyphs), kind="combined", width=1.0,
        advance=sum(glyph.advance for glyph in glyphs),
    )  # fmt: skip


def _in_half_line(x: float, em: float, placed: tuple[int, int] | None) -> tuple[float, float]:
    """Give where marks stand that follow some characters of a note: along the line, and the row."""
    if placed is None:
        return x, 0.0
    before, count = placed
    first = -(-count // 2)
    start = x - before * em / 2
    if before <= first:
        return start + before * em, ROWS / 2
    return start + (before - first) * em, -ROWS / 2


def _half_lines(glyphs: list[Glyph], x: float, before: int, count: int) -> Iterator[Glyph]:
    """Move the glyphs of a note to the half line that each stands in."""
    em, first = glyphs[0].size, -(-count // 2)
    start = x - before * em / 2
    for at, glyph in enumerate(glyphs, before):
        right = at < first
        yield replace(
            glyph, x=start + (at if right else at - first) * em, advance=glyph.advance * 2,
            row=ROWS / 2 if right else -ROWS / 2,
        )  # fmt: skip


def _neighbours(glyphs: Iterator[Glyph]) -> Iterator[list[Glyph]]:
    """Part glyphs where one does not follow the other."""
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and abs(run[-1].x + run[-1].advance - glyph.x) > 1e-6 * glyph.size:
            yield run
            run = []
        run.append(glyph)
    yield run


def _show(stream: Any, run: list[Glyph], y: float) -> None:
    """Show glyphs that follow each other; what rounding takes from one gap, the next gets."""
    head, string, owed, name = run[0], "", 0.0, ""
    stream.set_text_matrix(1, 0, 0, -1, head.x, y - head.row * head.size)
    for glyph in run:
        font, code = _shown_by(stream, glyph)
        if font.hash != name:
            if string:
                stream.show_text(string)
            string, name = "", font.hash
            stream.set_font_size(name, glyph.size)
        string += f"<{code:04x}>"
        owed += font.widths[code] - glyph.advance / glyph.size * UNITS
        if glyph is not run[-1] and (given := round(owed)):
            owed -= given
            string += f"{given}"
    stream.show_text(string.replace("><", ""))


def _shown_by(stream: Any, glyph: Glyph) -> tuple[Any, int]:
    """Give the font that shows a glyph, and its code there."""
    if glyph.kind == "lying" and not glyph.before and not glyph.after:
        font, _ = stream.add_font(glyph.pango_font)
        (code,) = glyph.codes
        font.to_unicode.setdefault(code, glyph.text)
        font.widths.setdefault(code, round(glyph.width * UNITS))
        return font, code
    turned = turned_font(stream, glyph.pango_font, glyph.before, glyph.after)
    return turned, turned.code(glyph.kind, glyph.codes, glyph.text, glyph.width)


def _show_unseen(stream: Any, textbox: Any, x: float, y: float) -> None:
    """Show the characters of marks unseen (ISO 32000-1, 9.3.6, mode 3), for readers of the text."""
    stream.set_text_rendering(3)
    for glyph in _glyphs(stream, textbox, x - BEFORE * textbox.style["font_size"]):
        _show(stream, [glyph], y)
    stream.set_text_rendering(0)


def _draw_marks(stream: Any, em: float, place: tuple[float, float], y: float, box: Any) -> None:
    """Draw marks beside a seam; their characters are read elsewhere."""
    color = get_color(box.style, "color")
    if not color.alpha:
        return
    x, row = place
    stream.end_text()
    with stream.stacked():
        stream.set_color(color, stroke=True)
        for mark in place_marks(box.text):
            draw_mark(stream, mark, x, y - (MIDDLE + row) * em, em)
    stream.begin_text()


# ---- reading glyphs ------------------------------------------------------------------------------


def _glyphs(stream: Any, textbox: Any, x: float) -> Iterator[Glyph]:
    """Read the glyphs of a text."""
    line, _ = textbox.pango_layout.get_first_line()
    data, size = textbox.pango_layout.text.encode(), textbox.style["font_size"]
    node = line.runs[0]
    while node != ffi.NULL:
        item, string = node.data.item, node.data.glyphs
        node = node.next
        pango_font, count = item.analysis.font, string.num_glyphs
        for number in range(count):
            glyph = string.glyphs[number]
            code, advance = glyph.glyph, glyph.geometry.width * FROM_UNITS
            start = item.offset + string.log_clusters[number]
            end = item.offset + (
                string.log_clusters[number + 1] if number + 1 < count else item.length
            )
            text = data[start:end].decode()
            if code != int(pango.PANGO_GLYPH_EMPTY):
                pango.pango_font_get_glyph_extents(
                    pango_font, code, stream.ink_rect, stream.logical_rect
                )
                width = stream.logical_rect.width * FROM_UNITS / size
                own = text[:1] in RULES and has_own_form(pango_font, code)
                upright = stands_upright(text, width, textbox.style, own_form=own)
                kind: Kind = "upright" if upright else "rule" if text in DASHES else "lying"
                yield Glyph(pango_font, size, (code,), width, text, x, advance, kind)
            x += advance
