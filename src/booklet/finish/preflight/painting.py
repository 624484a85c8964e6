"""Operators of paths, colours and the graphics state (ISO 32000-1, 8.4 to 8.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booklet.finish.preflight.events import Colour, Shape
from booklet.finish.preflight.frames import Frame, Operation
from booklet.finish.preflight.geometry import (
    Box,
    apply,
    around,
    common,
    grown,
    matrix_from,
    multiply,
    scale,
)
from booklet.finish.preflight.scanning import Operands
from booklet.finish.preflight.spaces import CMYK, GRAY, RGB

if TYPE_CHECKING:
    from booklet.finish.preflight.walk import Walk

MOST_PARTS = 20_000
"""Parts of one path that are kept apart; further ones count as one."""


def _state(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    match name:
        case "q":
            frame.save()
        case "Q":
            frame.restore()
        case "cm":
            frame.state.matrix = multiply(matrix_from(operands), frame.state.matrix)
        case _:
            frame.state.line = float(operands[0])


# ---- colours -------------------------------------------------------------------------------------


def _device(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    space = {"g": GRAY, "r": RGB, "k": CMYK}[name[0].lower()]
    _set(frame, name.isupper(), Colour(space, space.inks(tuple(operands))))


def _space(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    space = walk.space(frame, operands[0])
    first = (1.0,) if space.kind == "spot" else (0.0,)
    values = (0.0, 0.0, 0.0, 1.0) if space.kind == "cmyk" else first * space.components
    _set(frame, name == "CS", Colour(space, space.inks(values)))


def _colour(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    strokes = name.isupper()
    space = (frame.state.stroke if strokes else frame.state.fill).space
    if operands and isinstance(operands[-1], str):
        base, key = space.base or space, walk.pattern_key(frame, operands[-1])
        _set(frame, strokes, Colour(base, base.inks(tuple(operands[:-1])), key))
        return
    _set(frame, strokes, Colour(space, space.inks(tuple(map(float, operands)))))


def _set(frame: Frame, strokes: bool, colour: Colour) -> None:
    if strokes:
        frame.state.stroke = colour
    else:
        frame.state.fill = colour


# ---- paths ---------------------------------------------------------------------------------------


def _build(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    if name == "h":
        return
    matrix = frame.state.matrix
    if name == "re":
        x, y, width, height = operands[:4]
        points = [
            apply(matrix, *corner)
            for corner in ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        ]
    else:
        pairs = zip(operands[::2], operands[1::2], strict=True)
        points = [apply(matrix, x, y) for x, y in pairs]
    if name in ("m", "re") and len(frame.parts) < MOST_PARTS:
        x, y = points[0]
        frame.parts.append([x, y, x, y])
    elif not frame.parts:
        frame.unknown += 1  # a path that begins with no point
        return
    part = frame.parts[-1]
    for x, y in points:
        part[0], part[1] = min(part[0], x), min(part[1], y)
        part[2], part[3] = max(part[2], x), max(part[3], y)


def _clip(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    frame.clipping = True


def _paint(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    parts: list[Box] = [(a, b, c, d) for a, b, c, d in frame.parts]
    frame.parts, clipping, frame.clipping = [], frame.clipping, False
    if not parts:
        return
    box = parts[0]
    for part in parts[1:]:
        box = around(box, part)
    letter = name[0].lower()
    if letter != "n":
        fills, strokes = letter in "fb", letter in "sb"
        nested = name.endswith("*")
        _emit(walk, frame, (box, tuple(parts), nested), fills=fills, strokes=strokes)
    if clipping:
        frame.cut(box)


def _emit(
    walk: Walk,
    frame: Frame,
    path: tuple[Box, tuple[Box, ...], bool],
    *,
    fills: bool,
    strokes: bool,
) -> None:
    (box, parts, nested), state = path, frame.state
    filled = state.fill if fills and state.fill_opacity > 0 else None
    stroked = state.stroke if strokes and state.stroke_opacity > 0 else None
    line = state.line * scale(state.matrix) if stroked else 0.0
    seen = state.clip and common(grown(box, line / 2), state.clip)
    if not seen or state.clip is None or (filled is None and stroked is None):
        return
    setting = walk.setting(frame, seen, fills=filled is not None)
    walk.tell("shape", Shape(setting, seen, parts, nested, state.clip, line, filled, stroked))
    for colour in (filled, stroked):
        if colour is not None and colour.pattern:
            walk.fill_with_pattern(frame, colour, seen, setting)


OPERATORS: dict[str, Operation] = {
    **dict.fromkeys(("q", "Q", "cm", "w"), _state),
    **dict.fromkeys(("g", "rg", "k", "G", "RG", "K"), _device),
    **dict.fromkeys(("cs", "CS"), _space),
    **dict.fromkeys(("sc", "scn", "SC", "SCN"), _colour),
    **dict.fromkeys(("m", "l", "c", "v", "y", "re", "h"), _build),
    **dict.fromkeys(("W", "W*"), _clip),
    **dict.fromkeys(("n", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*"), _paint),
}
"""The operators of this module."""
