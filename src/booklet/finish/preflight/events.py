"""What a page paints, one event for each object, for the checks that watch.

Boxes are in points of the page, cut to the clip; colours are as the content stream sets them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from booklet.finish.preflight.faces import Face
from booklet.finish.preflight.geometry import Box
from booklet.finish.preflight.source import Page
from booklet.finish.preflight.spaces import GRAY, SOLID_BLACK, Inks, Space

MOST_LETTERS = 30
"""Characters of a string that a finding may name."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A current colour: its space, and its inks where they are known.

    Attributes:
        pattern: Name of the pattern that paints instead; '' for none.
    """

    space: Space = GRAY
    inks: Inks | None = SOLID_BLACK
    pattern: str = ""


BLACK = Colour()


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and how an object is painted.

    Attributes:
        page: The page.
        inside: Whether it touches what may carry art: the bleed, else the page.
        placed: Whether its box is where it is printed; in the cell of a pattern it is not.
        mask: Whether it is drawn for a soft mask, which carries no ink.
        opacity: 0 to 1.
        fill_over: Whether fills overprint.
        stroke_over: Whether strokes overprint.
        nonzero: Whether only inks that are there overprint (OPM 1).
        owner: The form it is drawn in; '' for the page itself.
    """

    page: Page
    inside: bool
    placed: bool
    mask: bool
    opacity: float
    fill_over: bool
    stroke_over: bool
    nonzero: bool
    owner: str


@dataclass(frozen=True, slots=True)
class TextRun:
    """A string of text.

    Attributes:
        box: Around it, from its origin to the end of its last character.
        size: Height of an em as printed, in points.
        codes: Character codes.
        filled: Colour of its inside, or None.
        stroked: Colour of its outline, or None.
    """

    setting: Setting
    face: Face
    font: str
    box: Box
    size: float
    codes: tuple[int, ...]
    filled: Colour | None
    stroked: Colour | None

    @property
    def words(self) -> str:
        """What it says, as far as its font tells; the first characters."""
        return self.face.words(self.codes[:MOST_LETTERS])

    @property
    def colours(self) -> tuple[Colour, ...]:
        """The colours that it shows."""
        return tuple(one for one in (self.filled, self.stroked) if one is not None)


@dataclass(frozen=True, slots=True)
class Shape:
    """A path that is filled, stroked or both.

    Attributes:
        box: Around it.
        parts: Around each of its parts.
        nested: Whether parts within parts are holes: filled by the even-odd rule.
        clip: The clip around it.
        line: Width of its stroke as printed, in points.
    """

    setting: Setting
    box: Box
    parts: tuple[Box, ...]
    nested: bool
    clip: Box
    line: float
    filled: Colour | None
    stroked: Colour | None

    @property
    def colours(self) -> tuple[Colour, ...]:
        """The colours that it shows."""
        return tuple(one for one in (self.filled, self.stroked) if one is not None)


@dataclass(frozen=True, slots=True)
class Raster:
    """The pixels of an image.

    Attributes:
        name: In the resources.
        pixels: Columns and rows.
        space: Its colour space; None for a stencil.
        bits: Per component.
        stencil: Whether a colour is painted through it.
        inline: Whether its data are in the content stream.
        masked: Whether it has a soft mask.
    """

    name: str
    pixels: tuple[float, float]
    space: Space | None
    bits: int
    stencil: bool
    inline: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that is painted.

    Attributes:
        size: Width and height as printed, in points.
        colour: What is painted through it, if it is a stencil.
    """

    setting: Setting
    raster: Raster
    box: Box
    size: tuple[float, float]
    colour: Colour | None


@dataclass(frozen=True, slots=True)
class Gradient:
    """A shading: its space, and how many components its function gives, where that is known."""

    setting: Setting
    name: str
    box: Box
    space: Space
    outputs: int | None
    functional: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A transparency group; ``space`` is None where it blends in that of its page."""

    setting: Setting
    name: str
    space: Space | None


@dataclass(frozen=True, slots=True)
class State:
    """A graphics state that is called up by name."""

    setting: Setting
    name: str
    dictionary: Any


class Watcher:
    """Watches what pages paint. Each check overrides what concerns it."""

    def begin(self, page: Page) -> None:
        """A page begins."""

    def text(self, run: TextRun) -> None:
        """Text is shown."""

    def shape(self, shape: Shape) -> None:
        """A path is painted."""

    def picture(self, picture: Picture) -> None:
        """An image is painted."""

    def gradient(self, gradient: Gradient) -> None:
        """A shading is painted."""

    def group(self, group: Group) -> None:
        """A transparency group is drawn."""

    def state(self, state: State) -> None:
        """A graphics state is called up."""

    def fault(self, page: Page, what: str, slight: bool) -> None:
        """Something on a page could not be read."""

    def end(self, page: Page) -> None:
        """A page ends."""
