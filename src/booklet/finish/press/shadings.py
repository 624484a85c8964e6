"""Gradients: the stops and what lies between them get the inks of the press.

Inks do not mix as light does, so that colours between two stops are separated as well and written
as samples; the bounds of the stops stay where they are, and a hard edge stays hard.
"""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from booklet.finish.press.functions import (
    Piece,
    exponential,
    read_function,
    sampled,
    stitched,
)
from booklet.finish.press.job import PressError
from booklet.finish.press.separation import Colour, Separation, Values
from booklet.finish.press.spaces import Space, read_space

BETWEEN = 33
"""Samples between two stops."""

KINDS = {
    1: "a gradient by a function of two inputs",
    4: "a mesh",
    5: "a mesh",
    6: "a mesh",
    7: "a mesh",
}


def separate_shading(pdf: pikepdf.Pdf, shading: Any, separation: Separation) -> Any:
    """Give a gradient the inks of the press.

    Returns:
        A new shading dictionary.

    Raises:
        PressError: It is neither axial nor radial, or of a space that cannot be separated.
    """
    kind = int(shading.get("/ShadingType", 0))
    if kind not in (2, 3):
        msg = f"{KINDS.get(kind, 'a gradient of unknown kind')} cannot be separated"
        raise PressError(msg, "use a linear or radial gradient, or a picture")
    space = read_space(shading.ColorSpace)
    new = Dictionary(dict(shading.items()))
    new.ColorSpace = Name(separation.space)
    pieces = read_function(shading.Function)
    for piece in pieces:
        if len(piece.at(0)) != space.channels:
            msg = (
                f"a gradient has {len(piece.at(0))} values where its colours have {space.channels}"
            )
            raise PressError(msg)
    new.Function = _separated(pdf, pieces, space, separation)
    if "/Background" in shading:
        ground = tuple(float(value) for value in shading.Background)
        new.Background = Array(separation.separate(space.colour(ground)))
    return new


def separate_spot(pdf: pikepdf.Pdf, space: Any, separation: Separation) -> Array:
    """Keep the plate of a spot colour, and give its stand-in the inks of the press."""
    alternate = read_space(space[2])
    function = _separated(pdf, read_function(space[3]), alternate, separation)
    return Array([space[0], space[1], Name(separation.space), function])


def _separated(
    pdf: pikepdf.Pdf, pieces: tuple[Piece, ...], space: Space, separation: Separation
) -> Any:
    # A grey stop beside a coloured one keeps all four inks, or the tone would jump beside it.
    grey = all(
        space.colour(piece.at(place / (piece.samples - 1))).neutral
        for piece in pieces
        for place in range(piece.samples)
    )

    def inks(piece: Piece, place: float) -> Values:
        colour: Colour = space.colour(piece.at(place))
        return separation.separate(colour, grey=grey)

    done: list[tuple[Piece, Any]] = []
    for piece in pieces:
        first, last = inks(piece, 0), inks(piece, 1)
        if piece.exponent and (grey or first == last):
            done.append((piece, exponential(first, last, piece.exponent)))
        else:
            count = max(piece.samples, BETWEEN)
            places = (index / (count - 1) for index in range(count))
            done.append((piece, sampled(pdf, [inks(piece, place) for place in places])))
    return stitched(done)
