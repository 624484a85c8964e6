"""Colour spaces of PDF: what the numbers of a page mean as colours (ISO 32000-1, 8.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from pikepdf import Array, Name

from booklet.finish.press.functions import Piece, read_function, value_at
from booklet.finish.press.job import PressError
from booklet.finish.press.separation import Colour, Kind, Values

PLATES = frozenset({"All", "None"})
"""Names that a Separation space has for every plate and for none."""

_DEVICE: dict[str, tuple[Kind, int]] = {
    "/DeviceGray": ("gray", 1), "/G": ("gray", 1), "/CalGray": ("gray", 1),
    "/DeviceRGB": ("rgb", 3), "/RGB": ("rgb", 3), "/CalRGB": ("rgb", 3),
    "/DeviceCMYK": ("cmyk", 4), "/CMYK": ("cmyk", 4),
}  # fmt: skip
_BY_COUNT: dict[int, Kind] = {1: "gray", 3: "rgb", 4: "cmyk"}
_D50 = (0.9642, 1.0, 0.8249)
_TO_SRGB = (
    (3.1339, -1.6169, -0.4906),
    (-0.9788, 1.9161, 0.0335),
    (0.0719, -0.2290, 1.4052),
)
"""XYZ relative to D50, to linear sRGB (Bradford)."""


@dataclass(frozen=True, slots=True)
class Space:
    """A colour space.

    Attributes:
        channels: Numbers of a colour.
        colour: What they mean.
        initial: The numbers that a page begins with.
        profile: ICC profile of the space; empty for those of devices.
        spot: Name of the plate that it has of its own; empty for process colours.
    """

    channels: int
    colour: Callable[[Values], Colour]
    initial: Values
    profile: bytes = b""
    spot: str = ""


def _device(kind: Kind, profile: bytes, values: Values) -> Colour:
    return Colour(kind, values, profile)


def device_space(kind: Kind, profile: bytes = b"") -> Space:
    """Give the space of a device, or one like it that an ICC profile describes."""
    channels = {"gray": 1, "rgb": 3, "cmyk": 4}[kind]
    initial = (0.0, 0.0, 0.0, 1.0) if kind == "cmyk" else (0.0,) * channels
    return Space(channels, partial(_device, kind, profile), initial, profile)


def read_space(space: Any) -> Space:
    """Read a colour space, by name or array.

    Raises:
        PressError: No such space is known.
    """
    family = str(space[0]) if isinstance(space, Array) else str(space)
    if family in _DEVICE:
        return device_space(_DEVICE[family][0])
    if isinstance(space, Array):
        if family == "/ICCBased":
            stream: Any = space[1]
            kind = _BY_COUNT.get(int(stream.get("/N", 0)))
            if kind:
                # The grey of any profile goes to black; its curve is that of the press.
                return device_space(kind, b"" if kind == "gray" else stream.read_bytes())
        if family == "/Lab":
            return _lab(space[1])
        if family in ("/Separation", "/DeviceN"):
            return _tinted(space)
    msg = f"the colour space {family[1:]} cannot be separated"
    raise PressError(msg)


def is_pattern(space: Any) -> bool:
    """Tell whether a space is that of patterns."""
    family = space[0] if isinstance(space, Array) else space
    return bool(family == Name.Pattern)


def _tinted(space: Any) -> Space:
    """Read a spot colour: a tint of what a function mixes of process colours."""
    if space[0] == Name.DeviceN:
        names = [str(name)[1:] for name in space[1]]
        if len(names) != 1:
            msg = f"a mixture of {', '.join(names)} cannot be separated"
            raise PressError(msg)
        name = names[0]
    else:
        name = str(space[1])[1:]
    alternate = read_space(space[2])
    pieces = read_function(space[3])
    return Space(1, partial(_mixed, alternate, pieces), (1.0,), spot=name)


def _mixed(alternate: Space, pieces: tuple[Piece, ...], values: Values) -> Colour:
    return alternate.colour(value_at(pieces, values[0]))


def _lab(parameters: Any) -> Space:
    limits = [float(value) for value in parameters.get("/Range", [-100, 100, -100, 100])]
    white = [float(value) for value in parameters.get("/WhitePoint", _D50)]
    if len(limits) != 4 or len(white) != 3:
        msg = "a Lab colour space is not whole"
        raise PressError(msg)
    return Space(3, lab_colour, (0.0, 0.0, 0.0))


def lab_colour(values: Values) -> Colour:
    """Give a Lab colour as sRGB, relative to its white; what sRGB lacks is clipped."""
    light, red_green, yellow_blue = values
    base = (light + 16) / 116
    xyz = [
        white * _inverse(base + shift)
        for white, shift in zip(_D50, (red_green / 500, 0, -yellow_blue / 200), strict=True)
    ]
    linear = (sum(w * v for w, v in zip(row, xyz, strict=True)) for row in _TO_SRGB)
    return Colour("rgb", tuple(round(_companded(value), 5) for value in linear))


def _inverse(value: float) -> float:
    return value**3 if value > 6 / 29 else (value - 4 / 29) * 108 / 841


def _companded(value: float) -> float:
    value = min(max(value, 0.0), 1.0)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
