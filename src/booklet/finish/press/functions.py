"""Functions of one input: how a gradient runs, how a tint is mixed (ISO 32000-1, 7.10).

Sampled, exponential and stitching functions are read; a PostScript calculator is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary

from booklet.finish.press.job import PressError

Values = tuple[float, ...]
DEEPEST = 8
"""Stitching functions inside one another; no gradient has more than two."""

MOST_SAMPLES = 4096


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a function.

    Attributes:
        start: Where it begins, in the function's own domain.
        end: Where it ends.
        at: Its values at a place from 0 (start) to 1 (end).
        exponent: 1 where it is straight, other numbers where it is a power; 0 where it is neither.
        samples: How many places tell all of it.
    """

    start: float
    end: float
    at: Callable[[float], Values]
    exponent: float = 1
    samples: int = 2


def read_function(function: Any, depth: int = 0) -> tuple[Piece, ...]:
    """Read a function, or an array of functions that give one value each.

    Raises:
        PressError: It has several inputs, or is of a kind that is not read.
    """
    if depth > DEEPEST:
        msg = "a gradient is nested too deep"
        raise PressError(msg)
    if isinstance(function, Array):
        return _side_by_side([read_function(one, depth + 1) for one in function])
    kind = int(function.get("/FunctionType", -1))
    domain = _numbers(function, "/Domain", (0, 1))
    if kind not in (0, 2, 3) or len(domain) != 2:
        msg = f"a function of type {kind} with {len(domain) // 2} inputs cannot be separated"
        raise PressError(msg)
    if kind == 2:
        return (_exponential(function, domain),)
    return (_sampled(function, domain),) if kind == 0 else _stitched(function, domain, depth)


def value_at(pieces: Sequence[Piece], place: float) -> Values:
    """Give the values of a function at a place of its domain."""
    for piece in pieces:
        if place <= piece.end:
            break
    width = piece.end - piece.start
    return piece.at(min(max((place - piece.start) / width, 0), 1) if width else 1)


def exponential(start: Values, end: Values, exponent: float = 1) -> Dictionary:
    """Make a function that runs from one list of values to another."""
    return Dictionary(
        FunctionType=2, Domain=[0, 1], C0=Array(start), C1=Array(end), N=_plain(exponent)
    )


def sampled(pdf: pikepdf.Pdf, samples: Sequence[Values]) -> pikepdf.Object:
    """Make a function of samples at even distances."""
    channels = len(samples[0])
    data = bytes(round(min(max(v, 0), 1) * 255) for values in samples for v in values)
    stream = pdf.make_stream(data)
    stream.FunctionType = 0
    stream.Domain = Array([0, 1])
    stream.Range = Array([0, 1] * channels)
    stream.Size = Array([len(samples)])
    stream.BitsPerSample = 8
    return stream


def stitched(pieces: Sequence[tuple[Piece, Any]]) -> Any:
    """Join functions, each of which runs from 0 to 1 over its piece."""
    if len(pieces) == 1:
        (piece, function) = pieces[0]
        function.Domain = Array([0, 1])
        if (piece.start, piece.end) == (0, 1):
            return function
    return Dictionary(
        FunctionType=3,
        Domain=Array([pieces[0][0].start, pieces[-1][0].end]),
        Functions=Array([function for _, function in pieces]),
        Bounds=Array([piece.end for piece, _ in pieces[:-1]]),
        Encode=Array([0, 1] * len(pieces)),
    )


# ---- kinds --------------------------------------------------------------------------------------


def _exponential(function: Any, domain: Values) -> Piece:
    first = _numbers(function, "/C0", (0,))
    last = _numbers(function, "/C1", (1,))
    power = float(function.get("/N", 1))
    start, end = domain

    def at(place: float) -> Values:
        share = (start + place * (end - start)) ** power
        return tuple(a + share * (b - a) for a, b in zip(first, last, strict=True))

    straight = power == 1 or domain != (0, 1)
    return Piece(start, end, at, 1 if power == 1 else 0 if straight else power)


def _sampled(function: Any, domain: Values) -> Piece:
    size, bits = int(function.Size[0]), int(function.BitsPerSample)
    limits = _numbers(function, "/Range", ())
    decode = _numbers(function, "/Decode", limits)
    channels, data = len(limits) // 2, function.read_bytes()
    if (
        bits not in (8, 16)
        or not 2 <= size <= MOST_SAMPLES
        or len(data) < size * channels * bits // 8
    ):
        msg = f"a gradient of {size} samples of {bits} bits cannot be separated"
        raise PressError(msg)
    step, most = bits // 8, (1 << bits) - 1
    encode = _numbers(function, "/Encode", (0, size - 1))

    def sample(index: int) -> Values:
        values = []
        for channel in range(channels):
            at = (index * channels + channel) * step
            share = int.from_bytes(data[at : at + step], "big") / most
            low, high = decode[2 * channel : 2 * channel + 2]
            values.append(low + share * (high - low))
        return tuple(values)

    def at(place: float) -> Values:
        position = min(max(encode[0] + place * (encode[1] - encode[0]), 0), size - 1)
        index = min(int(position), size - 2)
        low, high = sample(index), sample(index + 1)
        return tuple(a + (position - index) * (b - a) for a, b in zip(low, high, strict=True))

    return Piece(domain[0], domain[1], at, 0, size)


def _stitched(function: Any, domain: Values, depth: int) -> tuple[Piece, ...]:
    bounds = [domain[0], *_numbers(function, "/Bounds", ()), domain[1]]
    encode = _numbers(function, "/Encode", ())
    parts: list[Any] = list(function.Functions)
    if len(bounds) != len(parts) + 1 or len(encode) != 2 * len(parts):
        msg = "a gradient has another number of bounds than of parts"
        raise PressError(msg)
    pieces: list[Piece] = []
    for index, part in enumerate(parts):
        inner = read_function(part, depth + 1)
        start, end = encode[2 * index : 2 * index + 2]
        pieces.append(_part(inner, (bounds[index], bounds[index + 1]), (start, end)))
    return tuple(pieces)


def _part(inner: tuple[Piece, ...], span: Values, encode: Values) -> Piece:
    """Take a function into a stitching function as one piece of it."""
    whole = (inner[0].start, inner[-1].end) == encode
    if len(inner) == 1 and (whole or inner[0].exponent == 1):
        exponent, samples = inner[0].exponent, inner[0].samples
    else:
        exponent, samples = 0.0, sum(max(piece.samples, 9) for piece in inner)

    def at(place: float) -> Values:
        return value_at(inner, encode[0] + place * (encode[1] - encode[0]))

    return Piece(span[0], span[1], at, exponent, samples)


def _side_by_side(functions: list[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """Join functions that give one value each."""
    if not functions:
        msg = "a gradient has no function"
        raise PressError(msg)
    first = functions[0]
    simple = all(len(pieces) == 1 for pieces in functions)
    exponents = {piece.exponent for pieces in functions for piece in pieces}
    start, end = first[0].start, first[-1].end

    def at(place: float) -> Values:
        where = start + place * (end - start)
        return tuple(value for pieces in functions for value in value_at(pieces, where))

    samples = max(sum(max(piece.samples, 9) for piece in pieces) for pieces in functions)
    exponent = exponents.pop() if simple and len(exponents) == 1 else 0
    return (Piece(start, end, at, exponent, 2 if exponent == 1 else samples),)


def _numbers(function: Any, key: str, default: Values) -> Values:
    found = function.get(key)
    return tuple(float(value) for value in found) if found is not None else default


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value
