"""Operators of text (ISO 32000-1, 9)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from booklet.finish.preflight.events import TextRun
from booklet.finish.preflight.faces import ABOVE, BELOW, Face
from booklet.finish.preflight.frames import Frame, GraphicsState, Operation
from booklet.finish.preflight.geometry import (
    IDENTITY,
    Box,
    Matrix,
    common,
    matrix_from,
    moved,
    multiply,
)
from booklet.finish.preflight.scanning import Operands

if TYPE_CHECKING:
    from booklet.finish.preflight.walk import Walk

INVISIBLE = frozenset({3, 7})
"""Text rendering modes that paint nothing."""

_FILLS, _STROKES = frozenset({0, 2, 4, 6}), frozenset({1, 2, 5, 6})


def _begin(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    frame.text = frame.line_start = IDENTITY


def _parameter(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    state, value = frame.state, float(operands[0])
    match name:
        case "Tc":
            state.char_space = value
        case "Tw":
            state.word_space = value
        case "Tz":
            state.stretch = value / 100
        case "TL":
            state.leading = value
        case "Ts":
            state.rise = value
        case _:
            state.mode = int(value)


def _font(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    frame.state.face = walk.face(frame, operands[0])
    frame.state.font, frame.state.size = operands[0], float(operands[1])


def _matrix(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    frame.text = frame.line_start = matrix_from(operands)


def _move(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    x, y = operands
    if name == "TD":
        frame.state.leading = -y
    _next_line(frame, x, y)


def _line(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    _next_line(frame, 0.0, -frame.state.leading)


def _next_line(frame: Frame, x: float, y: float) -> None:
    frame.text = frame.line_start = multiply((1.0, 0.0, 0.0, 1.0, x, y), frame.line_start)


def _show(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    if name == '"':
        frame.state.word_space, frame.state.char_space = float(operands[0]), float(operands[1])
    if name in ("'", '"'):
        _next_line(frame, 0.0, -frame.state.leading)
    shown = operands[-1]
    _set(walk, frame, shown if isinstance(shown, list) else [shown])


def _set(walk: Walk, frame: Frame, pieces: Operands) -> None:
    state, face = frame.state, frame.state.face
    if face is None:
        frame.unknown += 1  # text without a font
        return
    codes: list[int] = []
    pen = least = most = 0.0
    for piece in pieces:
        if isinstance(piece, bytes):
            these = face.codes(piece)
            codes += these
            pen += _advance(state, face, these)
        elif isinstance(piece, float):
            pen -= piece / 1000 * state.size * (1.0 if face.vertical else state.stretch)
        least, most = min(least, pen), max(most, pen)
    if codes and state.mode not in INVISIBLE:
        _emit(walk, frame, face, tuple(codes), _box(state, face, least, most))
    step: Matrix = (1.0, 0.0, 0.0, 1.0, *((0.0, pen) if face.vertical else (pen, 0.0)))
    frame.text = multiply(step, frame.text)


def _advance(state: GraphicsState, face: Face, codes: tuple[int, ...]) -> float:
    spaced = 0 if face.wide else codes.count(32)
    width = face.advance(codes) * state.size
    if face.vertical:
        return width - len(codes) * state.char_space
    return (width + len(codes) * state.char_space + spaced * state.word_space) * state.stretch


def _box(state: GraphicsState, face: Face, least: float, most: float) -> Box:
    size, rise = state.size, state.rise
    if face.vertical:
        return -size / 2, least, size / 2, most
    return least, rise - BELOW * size, most, rise + ABOVE * size


def _emit(walk: Walk, frame: Frame, face: Face, codes: tuple[int, ...], box: Box) -> None:
    state = frame.state
    matrix = multiply(frame.text, state.matrix)
    place = moved(box, matrix)
    if state.clip is None or common(place, state.clip) is None:
        return
    filled = state.fill if state.mode in _FILLS and state.fill_opacity > 0 else None
    stroked = state.stroke if state.mode in _STROKES and state.stroke_opacity > 0 else None
    if filled is None and stroked is None:
        return
    size = abs(state.size) * math.hypot(matrix[2], matrix[3])
    setting = walk.setting(frame, place, fills=filled is not None)
    walk.tell("text", TextRun(setting, face, state.font, place, size, codes, filled, stroked))
    for colour in (filled, stroked):
        if colour is not None and colour.pattern:
            walk.fill_with_pattern(frame, colour, place, setting)


OPERATORS: dict[str, Operation] = {
    "BT": _begin,
    **dict.fromkeys(("Tc", "Tw", "Tz", "TL", "Ts", "Tr"), _parameter),
    "Tf": _font,
    "Tm": _matrix,
    **dict.fromkeys(("Td", "TD"), _move),
    "T*": _line,
    **dict.fromkeys(("Tj", "TJ", "'", '"'), _show),
}
"""The operators of this module."""
