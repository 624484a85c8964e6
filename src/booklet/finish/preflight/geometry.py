"""Matrices and rectangles, in points (ISO 32000-1, 8.3)."""

from __future__ import annotations

import math
from collections.abc import Iterable

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


def multiply(one: Matrix, two: Matrix) -> Matrix:
    """Apply one matrix, then another."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def matrix_from(numbers: Iterable[float]) -> Matrix:
    """Make a matrix of six numbers; of any other count, the identity."""
    values = tuple(numbers)
    if len(values) != 6 or not all(map(math.isfinite, values)):
        return IDENTITY
    a, b, c, d, e, f = values
    return a, b, c, d, e, f


def apply(matrix: Matrix, x: float, y: float) -> Point:
    """Move a point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def scale(matrix: Matrix) -> float:
    """Tell how much a matrix enlarges, as the geometric mean of both directions."""
    return math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))


def moved(box: Box, matrix: Matrix) -> Box:
    """Give the upright box around a box that was moved."""
    left, bottom, right, top = box
    corners = [apply(matrix, x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def common(one: Box, two: Box) -> Box | None:
    """Give what two boxes share; None where they do not even touch."""
    left, bottom = max(one[0], two[0]), max(one[1], two[1])
    right, top = min(one[2], two[2]), min(one[3], two[3])
    return (left, bottom, right, top) if left <= right and bottom <= top else None


def around(one: Box, two: Box) -> Box:
    """Give the box around two boxes."""
    return min(one[0], two[0]), min(one[1], two[1]), max(one[2], two[2]), max(one[3], two[3])


def grown(box: Box, by: float) -> Box:
    """Move all four edges outwards."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def holds(outer: Box, inner: Box, slack: float = 0.0) -> bool:
    """Tell whether one box lies within another."""
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def width(box: Box) -> float:
    """Give the width of a box."""
    return box[2] - box[0]


def height(box: Box) -> float:
    """Give the height of a box."""
    return box[3] - box[1]
