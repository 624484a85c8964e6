"""Lines as a PDF lays them out: the origin and the advance of every glyph, in thousandths of an em.

The content streams are read operator by operator (ISO 32000-2, 9.4): matrices, fonts, sizes, and
the adjustments within ``TJ``. Advances come from ``/W``, characters from ``/ToUnicode``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any

import pikepdf

from booklet.fonts import fontconfig_folder, isolated, open_shelf

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
SAME_LINE = 0.25
"""Points between baselines that count as one."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph as laid out; points from the left and the top of the page.

    Attributes:
        text: What it is extracted as.
        x: Its origin.
        y: Its baseline.
        size: The type size.
        natural: The advance that the font gives it.
        advance: The advance as laid out: up to the origin of the next, if they are shown together.
        font: The name of its font.
    """

    text: str
    x: float
    y: float
    size: float
    natural: float
    advance: float
    font: str

    @property
    def end(self) -> float:
        """Where the line goes on."""
        return self.x + self.advance


@dataclass(frozen=True, slots=True)
class LineFacts:
    """The glyphs of one baseline, in the order in which the page shows them."""

    page: int
    y: float
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def left(self) -> float:
        return self.glyphs[0].x

    @property
    def end(self) -> float:
        """Where the advance of the last glyph ends."""
        return self.glyphs[-1].end

    def advances(self) -> Iterator[tuple[Glyph, Glyph, float]]:
        """Yield neighbours, and the ems from the origin of the first to that of the second."""
        for one, two in pairwise(self.glyphs):
            yield one, two, (two.x - one.x) / one.size


@dataclass(slots=True)
class _Font:
    name: str
    widths: dict[int, float]
    texts: dict[int, str]
    default: float

    def width(self, code: int) -> float:
        return self.widths.get(code, self.default)


@dataclass(slots=True)
class _State:
    matrix: Matrix = IDENTITY
    text: Matrix = IDENTITY
    font: _Font | None = None
    size: float = 0.0
    saved: list[Matrix] = field(default_factory=list)


def read_lines(pdf: bytes) -> list[LineFacts]:
    """Read every line of a PDF, page by page, from the top."""
    found: list[LineFacts] = []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for number, page in enumerate(opened.pages):
            glyphs = list(_read_page(page))
            found += _lines(number, glyphs, float(page.mediabox[3]))
    return found


def read_glyphs(pdf: bytes) -> list[tuple[int, Glyph]]:
    """Read every glyph of a PDF with the index of its page, in the order in which they are shown.

    Their baselines are measured from the top of the page.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [
            (number, replace(glyph, y=float(page.mediabox[3]) - glyph.y))
            for number, page in enumerate(opened.pages)
            for glyph in _read_page(page)
        ]


def _lines(page: int, glyphs: Sequence[Glyph], height: float) -> Iterator[LineFacts]:
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.y):
        if not rows or abs(rows[-1][0].y - glyph.y) > SAME_LINE:
            rows.append([])
        rows[-1].append(glyph)
    for row in rows:
        yield LineFacts(page, height - row[0].y, tuple(row))


def _read_page(page: Any) -> Iterator[Glyph]:
    fonts = {
        str(name): _read_font(font) for name, font in (page.resources.get("/Font") or {}).items()
    }
    state = _State()
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = instruction.operands, instruction.operator
        match str(operator):
            case "q":
                state.saved.append(state.matrix)
            case "Q":
                state.matrix = state.saved.pop()
            case "cm":
                state.matrix = _times(_numbers(operands), state.matrix)
            case "BT":
                state.text = IDENTITY
            case "Tm":
                state.text = _numbers(operands)
            case "Tf":
                state.font, state.size = fonts[str(operands[0])], float(operands[1])
            case "Tj":
                yield from _show([operands[0]], state)
            case "TJ":
                yield from _show(list(operands[0]), state)


def _show(parts: list[Any], state: _State) -> Iterator[Glyph]:
    """Walk through a ``TJ`` array; a number moves what follows to the left."""
    font = state.font
    assert font is not None
    pen, shown = 0.0, []
    for part in parts:
        if not isinstance(part, pikepdf.String):
            pen -= float(part)
            continue
        data = bytes(part)
        for at in range(0, len(data), 2):
            code = int.from_bytes(data[at : at + 2], "big")
            shown.append((code, pen))
            pen += font.width(code)
    for (code, x), (_, after) in zip(shown, [*shown[1:], (0, pen)], strict=True):
        yield _glyph(font, code, state, x, after)
    advance = pen / 1000 * state.size
    state.text = _times((1, 0, 0, 1, advance, 0), state.text)


def _glyph(font: _Font, code: int, state: _State, x: float, after: float) -> Glyph:
    em = state.size / 1000
    place = _times((1, 0, 0, 1, x * em, 0), state.text)
    place = _times(place, state.matrix)
    scale = abs(place[0])
    return Glyph(
        font.texts.get(code, ""), place[4], place[5], state.size * scale,
        font.width(code) * em * scale, (after - x) * em * scale, font.name,
    )  # fmt: skip


def _numbers(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in operands)
    return a, b, c, d, e, f


def _times(one: Matrix, two: Matrix) -> Matrix:
    """Multiply matrices: ``one`` is applied first (ISO 32000-2, 8.3.4)."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def _read_font(font: Any) -> _Font:
    inner = font["/DescendantFonts"][0]
    widths: dict[int, float] = {}
    entries = list(inner.get("/W") or [])
    while entries:
        first, second, *entries = entries
        if isinstance(second, pikepdf.Array):
            widths |= {int(first) + at: float(width) for at, width in enumerate(second)}
        else:
            widths |= dict.fromkeys(range(int(first), int(second) + 1), float(entries.pop(0)))
    table = bytes(font["/ToUnicode"].read_bytes()) if "/ToUnicode" in font else b""
    return _Font(str(font["/BaseFont"]), widths, _read_table(table), float(inner.get("/DW", 1000)))


def _read_table(table: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", table)
    texts = {}
    for code, text in pairs:
        if len(text) % 4 == 0:
            texts[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
    return texts


# ---- setting small documents -------------------------------------------------------------------


@cache
def _fonts() -> Any:
    """A renderer's font configuration that knows the serif family of the shelf alone."""
    from weasyprint.text.fonts import FontConfiguration

    shelf = open_shelf([])
    family = shelf.family("Noto Serif CJK SC")
    assert family is not None
    with isolated(fontconfig_folder([family])):
        return FontConfiguration()


EM = 10.0
"""Points."""

STYLE = (
    "@page{{size:{width}pt 800pt;margin:20pt}} html{{font:10pt/18pt 'Noto Serif CJK SC'}}"
    "p{{margin:0;text-align:justify}} p+p{{break-before:page}} {css}"
)


def render(body: str, css: str = "", *, ems: float = 50, language: str = "zh-CN") -> Any:
    """Lay out a document at 10 points, each paragraph on a page of its own."""
    from weasyprint import HTML

    style = STYLE.format(width=40 + ems * EM, css=css)
    html = f"<html lang={language}><style>{style}</style><body style='margin:0'>{body}</body>"
    return HTML(string=html).render(font_config=_fonts())


def set_lines(
    body: str, css: str = "", *, ems: float = 50, language: str = "zh-CN"
) -> list[LineFacts]:
    """Read the lines of a document back from its PDF."""
    return read_lines(render(body, css, ems=ems, language=language).write_pdf())
