"""The cover and what binds it: paper, boards, the width of the spine, the barcode's size.

Lengths in the header are written with their unit; computed, they are millimetres. Paper is known
by its weight in g/m² and its bulk in cm³/g: the thickness of a leaf is weight × bulk / 1000.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from booklet.model.measures import MM, parse_length

Binding = Literal["saddle", "perfect"]

BOARD_CALIPER = 0.25
"""Millimetres: a common cover board, where the header names none."""

SPINE_TEXT_FROM = 5.0
"""Millimetres. A narrower spine carries no text: it would wander onto the panels in binding."""

SADDLE_LIMIT = 3.5
"""Millimetres of folded paper, beyond which staples hold badly and inner pages creep too far."""

UNKNOWN_CALIPER = 0.104
"""Millimetres, 胶版纸80克: what the limit of saddle stitch is judged by where no paper is named."""

LEAVES_TOGETHER: dict[Binding, int] = {"saddle": 4, "perfect": 2}
"""Pages that a binding adds at a time: a folded sheet has four, a leaf has two."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A kind of paper, as mills and print shops list it.

    Attributes:
        bulk: cm³/g, in the middle of what mills state; a mill's own figure is better.
        weights: g/m² that are commonly made; others between the first and the last exist.
    """

    bulk: float
    weights: tuple[int, ...]


STOCKS: dict[str, Stock] = {
    "胶版纸": Stock(1.30, (60, 70, 80, 100, 120)),
    "书写纸": Stock(1.30, (50, 60, 70, 80)),
    "纯质纸": Stock(1.35, (70, 80, 100, 120)),
    "轻型纸": Stock(1.80, (55, 60, 70, 80, 100)),
    "铜版纸": Stock(0.85, (80, 105, 128, 157, 200, 250, 300)),
    "哑粉纸": Stock(0.92, (105, 128, 157, 200, 250, 300)),
    "白卡纸": Stock(1.25, (200, 230, 250, 300, 350)),
}
"""Stocks of Chinese mills; the coated ones and 白卡纸 serve as cover boards as well."""

_OTHER_NAMES = {"双胶纸": "胶版纸", "轻质纸": "轻型纸", "铜板纸": "铜版纸", "哑光铜版纸": "哑粉纸"}
_PAPER = re.compile(
    r"^\s*(?P<before>[^\W\d]*?)\s*(?P<weight>\d{2,3})\s*(?:克|g/m²|gsm|g)\s*(?P<after>[^\W\d]*)\s*$"
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: its stock, g/m² and cm³/g."""

    stock: str
    weight: int
    bulk: float

    @property
    def caliper(self) -> float:
        """Thickness of one leaf in millimetres."""
        return self.weight * self.bulk / 1000


def parse_paper(text: str) -> Paper:
    """Read a paper by stock and weight: ``胶版纸80克``, ``80g 胶版纸``.

    Raises:
        ValueError: No such stock, no such form, or a weight that the stock is not made in.
    """
    match = _PAPER.match(text)
    name = (match["before"] + match["after"]) if match else ""
    name = _OTHER_NAMES.get(name, name)
    if match is None or name not in STOCKS:
        msg = f"{text!r} is no known paper; write one of {', '.join(STOCKS)} with its weight: 80克"
        raise ValueError(msg)
    stock, weight = STOCKS[name], int(match["weight"])
    if not stock.weights[0] <= weight <= stock.weights[-1]:
        made = ", ".join(map(str, stock.weights))
        msg = f"{name} is made in {made} g/m², not in {weight}"
        raise ValueError(msg)
    return Paper(name, weight, stock.bulk)


def spine_width(pages: int, caliper: float, board: float) -> float:
    """Tell how wide the spine of a perfect-bound book is.

    Args:
        pages: Pages of the interior with its blanks; two make a leaf.
        caliper: Thickness of one leaf in millimetres.
        board: Thickness of the cover in millimetres; it goes round, so it counts twice.

    Returns:
        Millimetres.
    """
    return pages / 2 * caliper + 2 * board


def bound_pages(pages: int, binding: Binding, multiple: int = 1) -> int:
    """Count the pages of an interior with the blanks that binding adds.

    Args:
        pages: Pages as typeset.
        binding: Saddle stitch folds sheets of four pages, perfect binding takes leaves of two.
        multiple: What the print shop wants the number to be a multiple of.
    """
    step = math.lcm(multiple, LEAVES_TOGETHER[binding])
    return -(-pages // step) * step


def largest_saddle(caliper: float) -> int:
    """Tell how many pages of a paper staples can hold, a multiple of 4.

    Args:
        caliper: Thickness of one leaf in millimetres.
    """
    return int(SADDLE_LIMIT / caliper / 2) * 4


def _length(least: float, most: float) -> AfterValidator:
    """Refuse what is no length, or none between two bounds in millimetres."""

    def check(text: str) -> str:
        millimetres = parse_length(text) / MM
        if not least <= millimetres <= most:
            msg = f"{text} is outside {least:g} mm to {most:g} mm"
            raise ValueError(msg)
        return text

    return AfterValidator(check)


def _paper(text: str) -> str:
    parse_paper(text)
    return text


_Paper = Annotated[str, AfterValidator(_paper)]
_Caliper = Annotated[str, _length(0.02, 2)]


class _Model(BaseModel):
    """A value: frozen, compared by content, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class BarcodeSpec(_Model):
    """How large the barcode of the ISBN is printed, GB/T 12904 and GB/T 12906."""

    magnification: float = Field(
        default=0.85, ge=0.8, le=1.2, description="Of the nominal size, 37.29 mm × 25.93 mm."
    )
    reduction: Annotated[str, _length(0, 0.1)] = Field(
        default="0mm", description="Bar width reduction for a press that gains, such as 0.02mm."
    )

    @property
    def reduction_mm(self) -> float:
        """Millimetres that each bar is narrower than its modules."""
        return _millimetres(self.reduction)


class CoverSpec(_Model):
    """The cover: how the book is bound, on what paper, and what stands on spine and back."""

    binding: Binding = Field(
        default="saddle", description="saddle: 骑马订, stapled; perfect: 胶订, glued, with a spine."
    )
    bound: Literal["left", "right"] = Field(
        default="left", description="The side of the spine, seen from the front."
    )
    paper: _Paper | None = Field(
        default=None, description="Paper of the interior: 胶版纸80克, 轻型纸70克, 铜版纸128克 …"
    )
    bulk: float | None = Field(
        default=None, ge=0.5, le=3, description="松厚度 of that paper in cm³/g, as the mill says."
    )
    caliper: _Caliper | None = Field(
        default=None, description="Thickness of one leaf as measured, such as 0.104mm."
    )
    board: _Paper | None = Field(default=None, description="Paper of the cover: 白卡纸250克 …")
    board_caliper: _Caliper | None = Field(
        default=None, description="Thickness of the cover as measured; 0.25mm if nothing is said."
    )
    spine: Annotated[str, _length(0, 100)] | None = Field(
        default=None, description="Width of the spine as the binder gives it, such as 13mm."
    )
    spine_text: bool | None = Field(
        default=None, description="Text on the spine; left out, it is there from 5 mm on."
    )
    flaps: Annotated[str, _length(30, 200)] | None = Field(
        default=None, description="勒口: width of each flap, such as 70mm."
    )
    black: bool = Field(
        default=False, description="In black alone; a cover has colours even where press is mono."
    )
    barcode: BarcodeSpec = BarcodeSpec()

    @model_validator(mode="after")
    def _thickness_is_known_once(self) -> Self:
        if self.bulk is not None and self.paper is None:
            msg = "bulk belongs to a paper: add paper: 胶版纸80克"
            raise ValueError(msg)
        if self.caliper and self.paper:
            msg = "paper and caliper both say how thick a leaf is: keep one"
            raise ValueError(msg)
        if self.board and self.board_caliper:
            msg = "board and board_caliper both say how thick the cover is: keep one"
            raise ValueError(msg)
        if self.binding == "saddle" and self.spine:
            msg = "a saddle-stitched booklet has no spine: leave it out, or write binding: perfect"
            raise ValueError(msg)
        if self.binding == "perfect" and not (self.paper or self.caliper or self.spine):
            msg = "the spine of a perfect-bound book depends on its paper: add paper: 胶版纸80克"
            raise ValueError(msg)
        return self

    @property
    def leaf_caliper(self) -> float | None:
        """Thickness of one leaf in millimetres; None where the header does not say."""
        if self.caliper:
            return _millimetres(self.caliper)
        if self.paper is None:
            return None
        paper = parse_paper(self.paper)
        return paper.weight * (self.bulk or paper.bulk) / 1000

    @property
    def board_thickness(self) -> float:
        """Thickness of the cover in millimetres."""
        if self.board_caliper:
            return _millimetres(self.board_caliper)
        return parse_paper(self.board).caliper if self.board else BOARD_CALIPER

    def spine_of(self, pages: int) -> float:
        """Tell how wide the spine is in millimetres; 0 for saddle stitch.

        Args:
            pages: Pages of the interior with its blanks.
        """
        if self.binding == "saddle":
            return 0.0
        if self.spine:
            return _millimetres(self.spine)
        return spine_width(pages, self.leaf_caliper or UNKNOWN_CALIPER, self.board_thickness)

    def block_of(self, pages: int) -> float:
        """Tell how thick the paper of the interior is in millimetres, cover left out."""
        return pages / 2 * (self.leaf_caliper or UNKNOWN_CALIPER)

    @property
    def flap_width(self) -> float:
        """Width of each flap in millimetres; 0 where there are none."""
        return _millimetres(self.flaps) if self.flaps else 0.0


def _millimetres(text: str) -> float:
    return parse_length(text) / MM
