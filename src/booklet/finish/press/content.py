"""The content of a page, form or pattern, written anew in the inks of the press.

Every colour is separated, every name that is used is asked for, marks of structure are dropped.
Black type and thin black rules overprint, and nothing else does: white that overprints is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from pikepdf import ContentStreamInstruction, Name, Operator

from booklet.finish.press.inks import SOLID_BLACK
from booklet.finish.press.separation import Colour, Separation, Values
from booklet.finish.press.spaces import PLATES, Space, device_space, is_pattern, read_space
from booklet.finish.press.survey import IDENTITY, Matrix, matrix_of, multiply

THIN = 2.5
"""Points. Black strokes and bars up to this overprint; wider areas knock out what is below."""

_DROPPED = frozenset({"BMC", "BDC", "EMC", "MP", "DP", "BX", "EX", "ri"})
_DEVICE = {"g": "gray", "rg": "rgb", "k": "cmyk"}
_FILLS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
_STROKES = frozenset({"S", "s", "B", "B*", "b", "b*"})
_PATHS = frozenset({"m", "l", "c", "v", "y", "re"})
_ENDS = _FILLS | _STROKES | {"n"}
_TEXT = frozenset({"Tj", "TJ", "'", '"'})


class Desk(Protocol):
    """Hands out what a content stream names, made ready for the press."""

    def use(self, category: str, name: str) -> Any:
        """Take something into the resources of the new stream; None where there is no such name."""

    def original(self, category: str, name: str) -> Any:
        """Look at something as it was before."""

    def inline(self, image: Any) -> str:
        """Make an image XObject of an inline image, and give its name."""

    def pattern_space(self, separation: Separation) -> str:
        """Name the space of patterns that are coloured when they are used."""

    def overprint(self, fill: bool, stroke: bool) -> str:
        """Name the graphics state in which fills, strokes, both or neither overprint."""


@dataclass(frozen=True, slots=True)
class _Side:
    """What fills or strokes are painted with: a space, and inks where they are known."""

    space: Space | None
    inks: Values | None = None


@dataclass(slots=True)
class _State:
    """The part of the graphics state that matters here."""

    fill: _Side
    stroke: _Side
    matrix: Matrix = IDENTITY
    line_width: float = 1.0
    render_mode: int = 0
    clipped_thin: bool = False
    overprint: tuple[bool, bool] = (False, False)

    @property
    def scale(self) -> float:
        a, b, c, d = self.matrix[:4]
        return float(abs(a * d - b * c) ** 0.5)


@dataclass(slots=True)
class _Part:
    """The extent of one part of a path."""

    left: float
    low: float
    right: float
    high: float

    def take(self, numbers: list[float]) -> None:
        """Grow to hold some points."""
        self.left, self.right = min(self.left, *numbers[::2]), max(self.right, *numbers[::2])
        self.low, self.high = min(self.low, *numbers[1::2]), max(self.high, *numbers[1::2])

    @property
    def width(self) -> float:
        """The shorter side."""
        return min(self.right - self.left, self.high - self.low)


@dataclass(slots=True)
class Rewriter:
    """Writes one content stream anew.

    Attributes:
        desk: Hands out resources.
        separation: Gives colours their inks.
        overprints: Whether black type and rules overprint.
        begins_black: Whether the stream begins with solid black, as pages do.
        spots: Names of spot colours that keep their plates.
    """

    desk: Desk
    separation: Separation
    overprints: bool = False
    begins_black: bool = False
    spots: frozenset[str] = frozenset()
    out: list[ContentStreamInstruction] = field(default_factory=list)
    _state: _State = field(init=False)
    _stack: list[_State] = field(default_factory=list)
    _parts: list[_Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        side = _Side(device_space("gray"), SOLID_BLACK if self.begins_black else None)
        self._state = _State(side, side)

    def rewrite(self, instructions: Iterable[Any]) -> list[ContentStreamInstruction]:
        """Write instructions anew; what they leave open is closed."""
        for instruction in instructions:
            operator = str(instruction.operator)
            if operator == "INLINE IMAGE":
                self._knock_out()
                self._emit([Name("/" + self.desk.inline(instruction.iimage))], "Do")
            elif operator not in _DROPPED:
                self._instruct(list(instruction.operands), operator)
        while self._stack:
            self._restore()
        return self.out

    # ---- dispatch --------------------------------------------------------------------------------

    def _instruct(self, operands: list[Any], operator: str) -> None:
        lower = operator.lower()
        if lower in _DEVICE and operator in (lower, lower.upper()):
            self._device(operands, operator)
        elif operator in ("cs", "CS"):
            self._choose_space(operands, stroke=operator == "CS")
        elif operator in ("sc", "scn", "SC", "SCN"):
            self._choose(operands, operator, stroke=operator.isupper())
        elif operator in ("q", "Q"):
            self._save() if operator == "q" else self._restore()
        elif operator in ("gs", "Do", "sh", "Tf"):
            self._name(operands, operator)
        else:
            self._follow(operands, operator)
            self._paint(operator)
            self._emit(operands, operator)
            if operator in _ENDS:
                self._parts = []

    def _emit(self, operands: Iterable[Any], operator: str) -> None:
        self.out.append(ContentStreamInstruction(list(operands), Operator(operator)))

    def _save(self) -> None:
        self._stack.append(replace(self._state))
        self._emit([], "q")

    def _restore(self) -> None:
        if self._stack:  # one too many would undo the state that the page is set in
            self._state = self._stack.pop()
            self._emit([], "Q")

    def _follow(self, operands: list[Any], operator: str) -> None:
        """Keep up with the parts of the state that decide what overprints."""
        state = self._state
        if operator == "cm":
            state.matrix = multiply(matrix_of(operands), state.matrix)
        elif operator == "w":
            state.line_width = float(operands[0])
        elif operator == "Tr":
            state.render_mode = int(operands[0])
        elif operator in ("W", "W*"):
            state.clipped_thin = state.clipped_thin or self._is_thin()
        elif operator in _PATHS:
            self._draw([float(value) for value in operands], operator)

    def _draw(self, numbers: list[float], operator: str) -> None:
        """Keep the extent of each part of the path."""
        if operator == "re":
            x, y, width, height = numbers
            numbers = [x, y, x + width, y + height]
        if operator in ("m", "re") or not self._parts:
            self._parts.append(_Part(numbers[0], numbers[1], numbers[0], numbers[1]))
        self._parts[-1].take(numbers)

    # ---- colour ----------------------------------------------------------------------------------

    def _device(self, operands: list[Any], operator: str) -> None:
        space = device_space(_DEVICE[operator.lower()])  # type: ignore[arg-type]
        self._set(space, tuple(map(float, operands)), stroke=operator.isupper())

    def _choose_space(self, operands: list[Any], *, stroke: bool) -> None:
        name = str(operands[0])
        named = self.desk.original("/ColorSpace", name)
        found = operands[0] if named is None else named
        if is_pattern(found):
            self._emit([Name.Pattern], "CS" if stroke else "cs")
            under = found[1] if named is not None and len(found) > 1 else None
            self._remember(_Side(None if under is None else read_space(under)), stroke=stroke)
            return
        space = read_space(found)
        if self._has_plate(space):
            self.desk.use("/ColorSpace", name)
            self._emit(operands, "CS" if stroke else "cs")
            self._remember(_Side(space), stroke=stroke)
        else:
            self._set(space, space.initial, stroke=stroke)

    def _choose(self, operands: list[Any], operator: str, *, stroke: bool) -> None:
        side = self._state.stroke if stroke else self._state.fill
        if operands and isinstance(operands[-1], Name):
            self._choose_pattern(operands, side, stroke=stroke)
        elif side.space is not None and self._has_plate(side.space):
            self._emit(operands, operator)
        else:
            space = side.space or device_space({1: "gray", 3: "rgb"}.get(len(operands), "cmyk"))  # type: ignore[arg-type]
            self._set(space, tuple(map(float, operands)), stroke=stroke)

    def _choose_pattern(self, operands: list[Any], side: _Side, *, stroke: bool) -> None:
        name = operands[-1]
        if self.desk.use("/Pattern", str(name)) is None:
            return
        values: tuple[Any, ...] = ()
        if len(operands) > 1 and side.space is not None:
            colour = side.space.colour(tuple(map(float, operands[:-1])))
            values = self.separation.separate(colour)
            space = Name("/" + self.desk.pattern_space(self.separation))
            self._emit([space], "CS" if stroke else "cs")
        self._emit([*values, name], "SCN" if stroke else "scn")
        self._remember(_Side(side.space), stroke=stroke)

    def _has_plate(self, space: Space) -> bool:
        return bool(space.spot) and (space.spot in self.spots or space.spot in PLATES)

    def _set(self, space: Space, values: Values, *, stroke: bool) -> None:
        colour: Colour = space.colour(values)
        inks = self.separation.separate(colour)
        operands, operator = self.separation.operator(inks, stroke=stroke)
        self._emit(map(_number, operands), operator)
        self._remember(_Side(space, inks), stroke=stroke)

    def _remember(self, side: _Side, *, stroke: bool) -> None:
        if stroke:
            self._state.stroke = side
        else:
            self._state.fill = side

    # ---- names -----------------------------------------------------------------------------------

    def _name(self, operands: list[Any], operator: str) -> None:
        category = {"gs": "/ExtGState", "Do": "/XObject", "sh": "/Shading", "Tf": "/Font"}[operator]
        if self.desk.use(category, str(operands[0])) is None:
            return
        if operator in ("Do", "sh"):
            self._knock_out()
        self._emit(operands, operator)

    # ---- overprint -------------------------------------------------------------------------------

    def _paint(self, operator: str) -> None:
        """Set the overprint of what an operator is about to paint."""
        if not self.overprints:
            return
        state = self._state
        fills, strokes = operator in _FILLS, operator in _STROKES
        slight = fills and (state.clipped_thin or self._is_thin())
        if operator in _TEXT:
            mode = state.render_mode % 4
            fills, strokes, slight = mode in (0, 2), mode in (1, 2), True
        if not fills and not strokes:
            return
        thin = state.line_width * state.scale <= THIN
        self._overprint(
            state.fill.inks == SOLID_BLACK and slight if fills else None,
            state.stroke.inks == SOLID_BLACK and thin if strokes else None,
        )

    def _is_thin(self) -> bool:
        """Tell whether the path is of thin bars only."""
        scale = self._state.scale
        return bool(self._parts) and all(part.width * scale <= THIN for part in self._parts)

    def _knock_out(self) -> None:
        self._overprint(False, False)

    def _overprint(self, fill: bool | None, stroke: bool | None) -> None:
        now = self._state.overprint
        wanted = (now[0] if fill is None else fill, now[1] if stroke is None else stroke)
        if wanted != now:
            self._emit([Name("/" + self.desk.overprint(*wanted))], "gs")
            self._state.overprint = wanted


def _number(value: float) -> float:
    return int(value) if value == int(value) else value
