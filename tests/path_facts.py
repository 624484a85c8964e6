"""Paths read back from a PDF: what is drawn beside the text (ISO 32000-2, 8.5).

Positions are points from the left and the top of the page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from tests.line_facts import IDENTITY, Matrix, _numbers, _times

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One subpath of a path that was painted.

    Attributes:
        page: Its page, from 0.
        points: Its points in order, handles of curves included.
        ends: The points that lie on it: handles left out.
        stroked: Whether it is a stroke; else it is filled.
        line: Width of the stroke.
        color: Red, green and blue.
        path: The number of its path; subpaths painted at once share it.
        tags: Marked content around it, outermost first.
    """

    page: int
    points: tuple[Point, ...]
    ends: tuple[Point, ...]
    stroked: bool
    line: float
    color: tuple[float, ...]
    path: int
    tags: tuple[str, ...]

    @property
    def box(self) -> Box:
        """Left, top, right and bottom, its stroke left out."""
        xs, ys = zip(*self.ends, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def left(self) -> float:
        return self.box[0]

    @property
    def right(self) -> float:
        return self.box[2]

    @property
    def top(self) -> float:
        return self.box[1] - (self.line / 2 if self.stroked else 0)

    @property
    def bottom(self) -> float:
        return self.box[3] + (self.line / 2 if self.stroked else 0)

    @property
    def middle(self) -> Point:
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height with the stroke."""
        return self.bottom - self.top


@dataclass(slots=True)
class _State:
    matrix: Matrix = IDENTITY
    fill: tuple[float, ...] = (0, 0, 0)
    stroke: tuple[float, ...] = (0, 0, 0)
    line: float = 1.0

    def copy(self) -> _State:
        return _State(self.matrix, self.fill, self.stroke, self.line)


@dataclass(slots=True)
class _Reader:
    page: int
    height: float
    state: _State = field(default_factory=_State)
    saved: list[_State] = field(default_factory=list)
    subpaths: list[tuple[list[Point], list[Point]]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    count: int = 0

    def read(self, page: Any) -> Iterator[Drawn]:
        for instruction in pikepdf.parse_content_stream(page):
            yield from self.step(str(instruction.operator), list(instruction.operands))

    def step(self, operator: str, operands: list[Any]) -> Iterator[Drawn]:
        state = self.state
        match operator:
            case "q":
                self.saved.append(state.copy())
            case "Q":
                self.state = self.saved.pop()
            case "cm":
                state.matrix = _times(_numbers(operands), state.matrix)
            case "rg" | "RG":
                color = tuple(round(float(one), 3) for one in operands)
                setattr(state, "fill" if operator == "rg" else "stroke", color)
            case "w":
                state.line = float(operands[0])
            case "BDC" | "BMC":
                self.tags.append(str(operands[0])[1:])
            case "EMC":
                self.tags.pop()
            case "m" | "l" | "c" | "re":
                self.add(operator, [float(one) for one in operands])
            case "f" | "f*" | "S" | "s":
                yield from self.painted(stroked=operator in "Ss")
                self.subpaths = []
            case "n":
                self.subpaths = []

    def add(self, operator: str, numbers: Sequence[float]) -> None:
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        if operator == "re":
            (x, y), (width, height) = pairs
            corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
            points = [self.at(point) for point in corners]
            self.subpaths.append((points, points))
            return
        if operator == "m":
            self.subpaths.append(([], []))
        points, ends = self.subpaths[-1]
        moved = [self.at(pair) for pair in pairs]
        points += moved
        ends.append(moved[-1])

    def at(self, point: Point) -> Point:
        a, b, c, d, e, f = self.state.matrix
        x, y = point
        return a * x + c * y + e, self.height - (b * x + d * y + f)

    def painted(self, *, stroked: bool) -> Iterator[Drawn]:
        state = self.state
        self.count += 1
        line = state.line * abs(state.matrix[0]) if stroked else 0.0
        color = state.stroke if stroked else state.fill
        for points, ends in self.subpaths:
            yield Drawn(
                self.page, tuple(points), tuple(ends), stroked, line, color, self.count,
                tuple(self.tags),
            )  # fmt: skip


def read_paths(pdf: bytes) -> list[Drawn]:
    """Read every subpath that is painted, page by page, in the order of the file."""
    found: list[Drawn] = []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for number, page in enumerate(opened.pages):
            found += _Reader(number, float(page.mediabox[3])).read(page)
    return found
