"""What lies under a place of a page, as long as that can be told: paper, or one even tint."""

from __future__ import annotations

from dataclasses import dataclass, field

from booklet.finish.press.boxes import Box
from booklet.finish.press.extent import covers, overlap
from booklet.finish.press.job import PressError
from booklet.finish.press.separation import Colour

Light = tuple[float, float, float]
WHITE: Light = (1.0, 1.0, 1.0)
SLIVER = 0.1
"""Points. Neighbours that share less are apart, but for rounding."""

HINT = "use opaque colours and pictures, or standard: pdf/x-4"


@dataclass(frozen=True, slots=True)
class _Mark:
    """Something that is painted already: where, and of what tint, if it is even."""

    box: Box
    tint: Light | None


@dataclass(slots=True)
class Ground:
    """All that is painted so far, in order.

    Attributes:
        painted: Where, and of what tint.
        group_start: Where in it the group begins that is being painted; -1 outside of one.
    """

    painted: list[_Mark] = field(default_factory=list)
    group_start: int = -1

    def mark(self, box: Box | None, tint: Light | None = None) -> None:
        """Remember what is painted."""
        if box is not None:
            self.painted.append(_Mark(box, tint))

    def under(self, box: Box, what: str, *, group: bool) -> Light:
        """Tell the one tint that lies under a box.

        Args:
            box: Where.
            what: What is painted there, in words.
            group: It is opaque in its group, so that only what lies below the group shows through.

        Raises:
            PressError: There is more than one tint, or none that is known.
        """
        end = self.group_start if group and self.group_start >= 0 else len(self.painted)
        for index in range(end - 1, -1, -1):
            mark = self.painted[index]
            shared = overlap(mark.box, box)
            if shared is None or min(shared.width, shared.height) < SLIVER:
                continue
            if mark.tint is None or not covers(mark.box, box) or 0 <= self.group_start <= index:
                where = f"{what} over more than paper or one even tint"
                raise refusal(where)
            return mark.tint
        return WHITE


def refusal(what: str) -> PressError:
    """Say what cannot be made opaque."""
    msg = f"{what} cannot be made opaque, and this preset allows no transparency"
    return PressError(msg, HINT, code="press-transparency")


def light(colour: Colour) -> Light | None:
    """Give a colour as sRGB, where that needs no profile."""
    if colour.kind == "cmyk" or colour.profile:
        return None
    red, green, blue = colour.values * 3 if colour.kind == "gray" else colour.values
    return red, green, blue


def mix(colour: Colour, ground: Light, opacity: float) -> Colour:
    """Mix a colour with the tint that it lies on."""
    if colour.kind == "cmyk" and ground == WHITE:
        return Colour("cmyk", tuple(round(value * opacity, 5) for value in colour.values))
    above = light(colour)
    if above is None:
        raise refusal("a transparent colour in CMYK or of a profile, over a tint")
    mixed = (a * opacity + b * (1 - opacity) for a, b in zip(above, ground, strict=True))
    return Colour("rgb", tuple(round(value, 5) for value in mixed))
