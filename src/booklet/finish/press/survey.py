"""A first look at every page: what is transparent, and how large each picture is placed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from booklet.finish.press.job import PressError

Matrix = tuple[float, float, float, float, float, float]
ObjectId = tuple[int, int]

IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
DEEPEST = 16
"""Forms inside one another; a file with more is built to exhaust its reader."""

OPERATORS = "q Q cm gs Do sh scn SCN"
"""What the survey reads of a page."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found.

    Attributes:
        transparency: For each page what is transparent there, in words; empty where nothing is.
        sizes: Width and height in points at which a picture is placed, the largest of each.
    """

    transparency: tuple[tuple[str, ...], ...]
    sizes: dict[ObjectId, tuple[float, float]]


def survey(pdf: pikepdf.Pdf) -> Survey:
    """Look at every page of a PDF."""
    surveyor = _Surveyor()
    found = tuple(tuple(surveyor.page(page)) for page in pdf.pages)
    return Survey(found, surveyor.sizes)


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """Apply one matrix, then another."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
        e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip


def matrix_of(value: Any) -> Matrix:
    """Read a matrix of six numbers; none stands for the identity."""
    if value is None:
        return IDENTITY
    a, b, c, d, e, f = (float(number) for number in value)
    return (a, b, c, d, e, f)


def state_transparency(state: Any) -> str:
    """Say what a graphics state makes transparent; '' where it is opaque."""
    opacity = min(float(state.get(key, 1)) for key in ("/ca", "/CA"))
    if isinstance(state.get("/SMask"), Dictionary):
        return "a soft mask"
    modes = state.get("/BM", Name.Normal)
    mode = modes[0] if isinstance(modes, Array) and len(modes) else modes
    if mode not in (Name.Normal, Name.Compatible):
        return f"the blend mode {str(mode)[1:]}"
    return f"an opacity of {opacity:g}" if opacity < 1 else ""


@dataclass(slots=True)
class _Surveyor:
    sizes: dict[ObjectId, tuple[float, float]] = field(default_factory=dict)
    parsed: dict[ObjectId, list[Any]] = field(default_factory=dict)

    def page(self, page: pikepdf.Page) -> list[str]:
        """Look at a page; give what is transparent there."""
        instructions = pikepdf.parse_content_stream(page, OPERATORS)
        return list(
            dict.fromkeys(self._read(instructions, page.obj.get("/Resources"), IDENTITY, 0))
        )

    def _read(self, instructions: Any, resources: Any, matrix: Matrix, depth: int) -> Iterator[str]:
        if depth > DEEPEST:
            msg = "forms are nested too deep"
            raise PressError(msg)
        stack: list[Matrix] = []
        for operands, operator in instructions:
            match str(operator):
                case "q":
                    stack.append(matrix)
                case "Q" if stack:
                    matrix = stack.pop()
                case "cm":
                    matrix = multiply(matrix_of(operands), matrix)
                case "gs":
                    yield from self._state(_named(resources, "/ExtGState", operands), matrix, depth)
                case "Do":
                    yield from self._object(_named(resources, "/XObject", operands), matrix, depth)
                case "scn" | "SCN" if operands and isinstance(operands[-1], Name):
                    pattern = _named(resources, "/Pattern", operands)
                    yield from self._pattern(pattern, depth)
                case _:
                    pass

    def _state(self, state: Any, matrix: Matrix, depth: int) -> Iterator[str]:
        if state is None:
            return
        if words := state_transparency(state):
            yield words
        mask = state.get("/SMask")
        if isinstance(mask, Dictionary):
            yield from self._object(mask.get("/G"), matrix, depth)

    def _object(self, found: Any, matrix: Matrix, depth: int) -> Iterator[str]:
        if found is None:
            return
        if found.get("/Subtype") == Name.Image:
            width = math.hypot(matrix[0], matrix[1])
            height = math.hypot(matrix[2], matrix[3])
            known = self.sizes.get(found.objgen, (0.0, 0.0))
            self.sizes[found.objgen] = (max(known[0], width), max(known[1], height))
            if "/SMask" in found:
                yield "a picture with an alpha channel"
        else:
            yield from self._stream(found, multiply(matrix_of(found.get("/Matrix")), matrix), depth)

    def _pattern(self, pattern: Any, depth: int) -> Iterator[str]:
        if pattern is None:
            return
        # A pattern is placed on its page or form; its own matrix says how large.
        matrix = matrix_of(pattern.get("/Matrix"))
        if isinstance(pattern, pikepdf.Stream):
            yield from self._stream(pattern, matrix, depth)
        else:
            yield from self._state(pattern.get("/ExtGState"), matrix, depth)

    def _stream(self, stream: Any, matrix: Matrix, depth: int) -> Iterator[str]:
        if stream.objgen not in self.parsed:
            self.parsed[stream.objgen] = list(pikepdf.parse_content_stream(stream, OPERATORS))
        instructions = self.parsed[stream.objgen]
        yield from self._read(instructions, stream.get("/Resources"), matrix, depth + 1)


def _named(resources: Any, category: str, operands: Any) -> Any:
    """Look up what an operator names."""
    found = resources.get(category) if resources is not None else None
    return found.get(str(operands[-1])) if found is not None and len(operands) else None
