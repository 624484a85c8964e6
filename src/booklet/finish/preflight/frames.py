"""The graphics state, and the content stream that it belongs to (ISO 32000-1, 8.4)."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from booklet.finish.preflight.events import BLACK, Colour
from booklet.finish.preflight.faces import Face
from booklet.finish.preflight.geometry import IDENTITY, Box, Matrix, common
from booklet.finish.preflight.scanning import Operands, Scanner
from booklet.finish.preflight.source import Page

if TYPE_CHECKING:
    from booklet.finish.preflight.walk import Walk

Operation = Callable[["Walk", "Frame", Operands, str], None]
"""What an operator does: the walk, the content stream, its operands, its name."""

DEEPEST_STATES = 512
"""Saved states inside one another; the standard asks readers for 28."""


@dataclass(slots=True)
class GraphicsState:
    """What `q` saves.

    Attributes:
        clip: The box around the clip; None where nothing can be seen.
        line: Line width in units of the content stream.
        fill_opacity: 0 to 1; so is ``stroke_opacity``.
        over: Whether fills and whether strokes overprint, and by which mode.
    """

    matrix: Matrix
    clip: Box | None
    fill: Colour = BLACK
    stroke: Colour = BLACK
    line: float = 1.0
    fill_opacity: float = 1.0
    stroke_opacity: float = 1.0
    over: tuple[bool, bool, int] = (False, False, 0)
    face: Face | None = None
    font: str = ""
    size: float = 0.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0

    def look(self) -> tuple[Any, ...]:
        """Give what a form inherits, so that two drawings of it can be told apart."""
        return (
            tuple(round(value, 3) for value in self.matrix), self.clip, self.fill, self.stroke,
            self.line, self.fill_opacity, self.stroke_opacity, self.over, self.font, self.mode,
        )  # fmt: skip


@dataclass(slots=True)
class Frame:
    """One content stream under way: a page, a form, the cell of a pattern, a soft mask.

    Attributes:
        page: The page it is drawn on.
        resources: Its resource dictionary, or None.
        state: The current graphics state.
        scanner: Its content.
        base: The matrix it began with, to which patterns are fastened.
        owner: Its name; '' for the page itself.
        key: Its object, to find forms that draw themselves.
        placed: Whether boxes are where they are printed.
        mask: Whether it is drawn for a soft mask.
        inside: For the cell of a pattern: whether the pattern is on the page.
        saved: States that `q` saved.
        lost: `q` beyond the deepest state.
        parts: Boxes around the parts of the current path.
        at: The current point.
        clipping: Whether the path will clip.
        text: Text matrix; ``line_start`` that of the line.
        named: What the resources say of names, as far as they were asked.
    """

    page: Page
    resources: Any
    state: GraphicsState
    scanner: Scanner
    base: Matrix = IDENTITY
    owner: str = ""
    key: Any = None
    placed: bool = True
    mask: bool = False
    inside: bool = True
    saved: list[GraphicsState] = field(default_factory=list)
    lost: int = 0
    parts: list[list[float]] = field(default_factory=list)
    at: tuple[float, float] = (0.0, 0.0)
    clipping: bool = False
    text: Matrix = IDENTITY
    line_start: Matrix = IDENTITY
    named: dict[tuple[str, str], Any] = field(default_factory=dict)
    unknown: int = 0
    content: Iterator[tuple[str, Operands]] = field(init=False)

    def __post_init__(self) -> None:
        self.content = iter(self.scanner)

    def save(self) -> None:
        """Save the graphics state."""
        if len(self.saved) < DEEPEST_STATES:
            self.saved.append(copy.copy(self.state))
        else:
            self.lost += 1

    def restore(self) -> None:
        """Take the last state back."""
        if self.lost:
            self.lost -= 1
        elif self.saved:
            self.state = self.saved.pop()

    def cut(self, box: Box) -> None:
        """Cut the clip to a box."""
        self.state.clip = None if self.state.clip is None else common(self.state.clip, box)
