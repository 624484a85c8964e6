"""Operators that draw what has a name: forms, pictures, shadings, graphics states."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary, Stream

from booklet.finish.preflight.events import Gradient, Group, Picture, Raster, State
from booklet.finish.preflight.faces import Face
from booklet.finish.preflight.frames import Frame, GraphicsState, Operation
from booklet.finish.preflight.geometry import common, moved
from booklet.finish.preflight.scanning import Operands
from booklet.finish.preflight.source import name_of, number_of, part
from booklet.finish.preflight.spaces import function_outputs, group_space, read_space

if TYPE_CHECKING:
    from booklet.finish.preflight.walk import Walk

UNIT = (0.0, 0.0, 1.0, 1.0)
"""The square that an image fills (ISO 32000-1, 8.9.5)."""


def _draw(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    label = operands[0]
    thing = walk.named(frame, "/XObject", label)
    if not isinstance(thing, Stream):
        frame.unknown += 1  # a name that the resources do not have
        return
    match name_of(thing.get("/Subtype")):
        case "Image":
            _image(walk, frame, label, thing)
        case "Form":
            walk.enter_form(frame, label, thing)
        case _:
            setting = walk.setting(frame, walk.whole(frame))
            walk.tell("state", State(setting, label, thing))


def _image(walk: Walk, frame: Frame, label: str, image: Any) -> None:
    stencil = image.get("/ImageMask") is True
    space = image.get("/ColorSpace")
    raster = Raster(
        label,
        (number_of(image.get("/Width")), number_of(image.get("/Height"))),
        None if stencil or space is None else walk.space(frame, space),
        1 if stencil else int(number_of(image.get("/BitsPerComponent"), 8)),
        stencil,
        masked=isinstance(image.get("/SMask"), Stream),
    )
    _place(walk, frame, raster)


def _inline(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    image = operands[0]

    def look(long: str, short: str) -> Any:
        return image.get(long, image.get(short))

    stencil = look("/ImageMask", "/IM") is True
    space = look("/ColorSpace", "/CS")
    if isinstance(space, list):  # only Indexed spaces may be written out here
        space = space[1] if len(space) > 1 else None
    known = isinstance(space, str) and not stencil
    raster = Raster(
        "inline image",
        (number_of(look("/Width", "/W")), number_of(look("/Height", "/H"))),
        walk.space(frame, space) if known else None,
        1 if stencil else int(number_of(look("/BitsPerComponent", "/BPC"), 8)),
        stencil,
        inline=True,
    )
    _place(walk, frame, raster)


def _place(walk: Walk, frame: Frame, raster: Raster) -> None:
    state = frame.state
    box = moved(UNIT, state.matrix)
    seen = state.clip and common(box, state.clip)
    if not seen or state.fill_opacity <= 0:
        return
    a, b, c, d = state.matrix[:4]
    colour = state.fill if raster.stencil else None
    setting = walk.setting(frame, seen)
    size = math.hypot(a, b), math.hypot(c, d)
    walk.tell("picture", Picture(setting, raster, seen, size, colour))
    if colour is not None and colour.pattern:
        walk.fill_with_pattern(frame, colour, seen, setting)


def _shade(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    label = operands[0]
    shading = walk.named(frame, "/Shading", label)
    if not isinstance(shading, (Dictionary, Stream)):
        frame.unknown += 1
        return
    if frame.state.clip is not None and frame.state.fill_opacity > 0:
        tell_gradient(walk, frame, label, shading, frame.state.clip)


def tell_gradient(
    walk: Walk, frame: Frame, label: str, shading: Any, box: tuple[float, float, float, float]
) -> None:
    """Tell of a shading that paints a box."""
    function = shading.get("/Function")
    gradient = Gradient(
        walk.setting(frame, box), label, box,
        read_space(shading.get("/ColorSpace"), frame.resources),
        None if function is None else function_outputs(function), function is not None,
    )  # fmt: skip
    walk.tell("gradient", gradient)


def _graphics_state(walk: Walk, frame: Frame, operands: Operands, name: str) -> None:
    label = operands[0]
    dictionary = walk.named(frame, "/ExtGState", label)
    if not isinstance(dictionary, Dictionary):
        frame.unknown += 1
        return
    change = walk.kept(frame, "change", label, lambda: _read_change(walk, dictionary))
    _apply(frame.state, change)
    key = walk.key_of(dictionary) or (id(frame.resources), label)
    if walk.first_on_page(("gs", key)):
        walk.tell("state", State(walk.setting(frame, walk.whole(frame)), label, dictionary))
    mask = dictionary.get("/SMask")
    group = part(mask, "/G")
    if isinstance(group, Stream) and walk.first_on_page(("mask", walk.key_of(group))):
        walk.enter_form(frame, label, group, mask=True)


@dataclass(frozen=True, slots=True)
class Change:
    """What a graphics state changes; None leaves a thing as it is."""

    line: float | None
    fill_opacity: float | None
    stroke_opacity: float | None
    fill_over: bool | None
    stroke_over: bool | None
    mode: int | None
    font: tuple[Face, float] | None


def _read_change(walk: Walk, dictionary: Any) -> Change:
    def number(key: str) -> float | None:
        value = dictionary.get(key)
        return None if value is None else number_of(value, 1.0)

    strokes, fills = dictionary.get("/OP"), dictionary.get("/op", dictionary.get("/OP"))
    mode, font = number("/OPM"), dictionary.get("/Font")
    has_font = isinstance(font, Array) and len(font) == 2
    return Change(
        number("/LW"), number("/ca"), number("/CA"),
        None if fills is None else fills is True, None if strokes is None else strokes is True,
        None if mode is None else int(mode),
        (walk.face_of(font[0]), number_of(font[1])) if has_font else None,
    )  # fmt: skip


def _apply(state: GraphicsState, change: Change) -> None:
    if change.line is not None:
        state.line = change.line
    if change.fill_opacity is not None:
        state.fill_opacity = change.fill_opacity
    if change.stroke_opacity is not None:
        state.stroke_opacity = change.stroke_opacity
    fills, strokes, mode = state.over
    state.over = (
        fills if change.fill_over is None else change.fill_over,
        strokes if change.stroke_over is None else change.stroke_over,
        mode if change.mode is None else change.mode,
    )
    if change.font is not None:
        (state.face, state.size), state.font = change.font, "font of a graphics state"


def tell_group(walk: Walk, frame: Frame, label: str, form: Any) -> None:
    """Tell of a form that is a transparency group."""
    group = form.get("/Group")
    if isinstance(group, Dictionary) and group.get("/S") == "/Transparency":
        space = group_space(group, form.get("/Resources", frame.resources))
        walk.tell("group", Group(walk.setting(frame, walk.whole(frame)), label, space))


OPERATORS: dict[str, Operation] = {
    "Do": _draw,
    "BI": _inline,
    "sh": _shade,
    "gs": _graphics_state,
}
"""The operators of this module."""
