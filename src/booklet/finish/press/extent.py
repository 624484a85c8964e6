"""Where a page paints: the extent of every path, picture and line of type, never too small."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Array, Name

from booklet.finish.press.boxes import Box
from booklet.finish.press.survey import IDENTITY, Matrix, matrix_of, multiply

EVERYWHERE = Box(-math.inf, -math.inf, math.inf, math.inf)
NOWHERE = Box(0, 0, 0, 0)
ASCENT, DESCENT = 1.0, -0.3
"""Ems that glyphs reach above and below the baseline, where the font does not say."""

FILLS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
STROKES = frozenset({"S", "s", "B", "B*", "b", "b*"})
SHOWS = frozenset({"Tj", "TJ", "'", '"'})
_PATHS = frozenset({"m", "l", "c", "v", "y", "re"})


def overlap(one: Box, other: Box) -> Box | None:
    """Give what two boxes share; None where they are apart."""
    found = Box(
        max(one.left, other.left), max(one.low, other.low),
        min(one.right, other.right), min(one.high, other.high),
    )  # fmt: skip
    return found if found.left < found.right and found.low < found.high else None


def covers(outer: Box, inner: Box) -> bool:
    """Tell whether a box lies within another."""
    return overlap(outer, inner) == inner


def around(points: Iterable[tuple[float, float]], margin: float = 0) -> Box:
    """Give the box around points."""
    xs, ys = zip(*points, strict=True)
    return Box(min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin)


def placed(matrix: Matrix, box: tuple[float, float, float, float]) -> Box:
    """Give the extent of a rectangle after a matrix."""
    a, b, c, d, e, f = matrix
    left, low, right, high = box
    corners = ((x, y) for x in (left, right) for y in (low, high))
    return around((a * x + c * y + e, b * x + d * y + f) for x, y in corners)


def form_extents(form: Any, outer: Extents) -> Extents:
    """Begin to follow a form that is painted where another stream has come to."""
    matrix = multiply(matrix_of(form.get("/Matrix")), outer.here)
    left, low, right, high = (float(value) for value in form.BBox)
    clip = overlap(placed(matrix, (left, low, right, high)), outer.clipped) or NOWHERE
    return Extents(form.get("/Resources"), matrix, clip)


@dataclass(frozen=True, slots=True)
class _Font:
    """What counts of a font here; lengths are in ems.

    Attributes:
        bytes_each: Bytes of a code.
        ascent: Above the baseline.
        descent: Below it, negative.
        widths: Advances by code; an em for those that are missing.
    """

    bytes_each: int = 1
    ascent: float = ASCENT
    descent: float = DESCENT
    widths: Mapping[int, float] = field(default_factory=dict)

    def advance(self, shown: bytes) -> float:
        """Add up the advances of codes."""
        size = self.bytes_each
        codes = (int.from_bytes(shown[at : at + size], "big") for at in range(0, len(shown), size))
        return sum(self.widths.get(code, 1.0) for code in codes)


def _read_font(font: Any) -> _Font:
    if font is None or font.get("/Subtype") != Name.Type0:
        return _Font()
    (descendant,) = font.DescendantFonts
    widths = dict(_widths(list(descendant.get("/W", []))))
    told: Any = descendant.get("/FontDescriptor")
    if told is None or not told.get("/Ascent") or not told.get("/Descent"):
        return _Font(2, widths=widths)
    return _Font(2, float(told.Ascent) / 1000, -abs(float(told.Descent)) / 1000, widths)


def _widths(listed: list[Any]) -> Iterator[tuple[int, float]]:
    """Read the widths of a CID font: runs of their own, or one for many (ISO 32000-1, 9.7.4.3)."""
    at = 0
    while at + 1 < len(listed):
        first = int(listed[at])
        if isinstance(listed[at + 1], Array):
            yield from ((first + n, float(w) / 1000) for n, w in enumerate(listed[at + 1]))
            at += 2
        elif at + 2 < len(listed):
            last = min(int(listed[at + 1]), 0xFFFF)
            yield from ((code, float(listed[at + 2]) / 1000) for code in range(first, last + 1))
            at += 3
        else:
            return


@dataclass(slots=True)
class _State:
    """The part of the graphics state that says where things are."""

    matrix: Matrix
    clip: Box = EVERYWHERE
    square: bool = True
    line_width: float = 1.0
    size: float = 0.0
    leading: float = 0.0
    rise: float = 0.0
    stretch: float = 1.0
    font: _Font = field(default_factory=_Font)


@dataclass(slots=True)
class Extents:
    """Follows the operators of a content stream, and tells what each paints.

    Attributes:
        resources: Of the stream.
        matrix: To the coordinates of the page, at the start.
        clip: What the stream may paint on, at the start.
    """

    resources: Any
    matrix: Matrix = IDENTITY
    clip: Box = EVERYWHERE
    _state: _State = field(init=False)
    _stack: list[_State] = field(default_factory=list)
    _points: list[tuple[float, float]] = field(default_factory=list)
    _rectangles: int = 0
    _others: int = 0
    _clips: bool = False
    _text: Matrix = IDENTITY
    _line: Matrix = IDENTITY

    def __post_init__(self) -> None:
        self._state = _State(self.matrix, self.clip)

    @property
    def here(self) -> Matrix:
        """The matrix at this place."""
        return self._state.matrix

    @property
    def clipped(self) -> Box:
        """What may be painted on at this place."""
        return self._state.clip

    @property
    def is_rectangle(self) -> bool:
        """Tell whether the path covers all of its extent, and no clip cuts it aslant."""
        upright = self._state.matrix[1] == self._state.matrix[2] == 0
        return upright and self._state.square and self._rectangles == 1 and not self._others

    def follow(self, operands: list[Any], operator: str) -> Box | None:
        """Take an operator in; give what it paints, or None."""
        state = self._state
        if operator in _PATHS:
            self._draw([float(value) for value in operands], operator)
        elif operator in FILLS or operator in STROKES or operator == "n":
            return self._end_path(operator)
        elif operator in ("W", "W*"):
            self._clips = True
        elif operator == "cm":
            state.matrix = multiply(matrix_of(operands), state.matrix)
        elif operator == "q":
            self._stack.append(replace(state))
        elif operator == "Q" and self._stack:
            self._state = self._stack.pop()
        elif operator == "w":
            state.line_width = float(operands[0])
        elif operator == "sh":
            return state.clip
        elif operator in SHOWS:
            return self._show(operands, operator)
        else:
            self._set_text(operands, operator)
        return None

    def unit(self) -> Box | None:
        """Give the extent of a picture painted here: the unit square."""
        return overlap(placed(self._state.matrix, (0, 0, 1, 1)), self._state.clip)

    def _draw(self, numbers: list[float], operator: str) -> None:
        if operator == "re":
            x, y, width, height = numbers
            numbers = [x, y, x + width, y, x, y + height, x + width, y + height]
            self._rectangles += 1
        else:
            self._others += 1
        a, b, c, d, e, f = self._state.matrix
        self._points += [
            (a * x + c * y + e, b * x + d * y + f)
            for x, y in zip(numbers[::2], numbers[1::2], strict=True)
        ]

    def _end_path(self, operator: str) -> Box | None:
        state, painted = self._state, None
        if self._points:
            margin = 0.0
            if operator in STROKES:
                a, b, c, d = state.matrix[:4]
                margin = state.line_width * max(math.hypot(a, b), math.hypot(c, d))
            box = around(self._points, margin)
            painted = overlap(box, state.clip) if operator != "n" else None
            if self._clips:
                state.square = state.square and self.is_rectangle
                state.clip = overlap(box, state.clip) or NOWHERE
        self._points, self._rectangles, self._others, self._clips = [], 0, 0, False
        return painted

    # ---- type ------------------------------------------------------------------------------------

    def _set_text(self, operands: list[Any], operator: str) -> None:
        state = self._state
        match operator:
            case "BT":
                self._text = self._line = IDENTITY
            case "Tm":
                self._text = self._line = matrix_of(operands)
            case "Td" | "TD":
                x, y = (float(value) for value in operands)
                state.leading = -y if operator == "TD" else state.leading
                self._next_line(x, y)
            case "T*":
                self._next_line(0, -state.leading)
            case "Tf":
                state.size = float(operands[1])
                state.font = _read_font(self._font(str(operands[0])))
            case "TL":
                state.leading = float(operands[0])
            case "Ts":
                state.rise = float(operands[0])
            case "Tz":
                state.stretch = float(operands[0]) / 100
            case _:
                pass

    def _next_line(self, x: float, y: float) -> None:
        self._line = multiply((1, 0, 0, 1, x, y), self._line)
        self._text = self._line

    def _font(self, name: str) -> Any:
        fonts = self.resources.get("/Font") if self.resources is not None else None
        return fonts.get(name) if fonts is not None else None

    def _show(self, operands: list[Any], operator: str) -> Box | None:
        state = self._state
        if operator in ("'", '"'):
            self._next_line(0, -state.leading)
        shown, ems = operands[-1], 0.0
        for part in shown if isinstance(shown, Array) else [shown]:
            if isinstance(part, pikepdf.String):
                ems += state.font.advance(bytes(part))
            else:
                ems -= float(part) / 1000
        advance = ems * state.size * max(state.stretch, 0.01)
        low, high = (
            state.size * ems + state.rise for ems in (state.font.descent, state.font.ascent)
        )
        matrix = multiply(self._text, state.matrix)
        self._text = multiply((1, 0, 0, 1, advance, 0), self._text)
        return overlap(placed(matrix, (0, min(low, high), advance, max(low, high))), state.clip)
