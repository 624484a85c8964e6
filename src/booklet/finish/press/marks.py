"""What stands beside the page: crop and registration marks, bars of ink, and the slug line.

All of it lies outside the bleed. Marks are in the colour All, so that they are on every plate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from booklet.finish.press.boxes import GAP, MARK, PageBoxes
from booklet.finish.press.lettering import Letter
from booklet.model.measures import MM
from booklet.model.press import Inking

LINE = 0.25
"""Points, the width of a mark."""

FOLD = MARK + 2 * MM
"""Length of a fold mark."""

FOLD_DASH = 2
"""Points, the dashes of a fold mark and the gaps between them."""

PATCH = 4 * MM
"""Side of a patch of ink."""

RADIUS = 1.25 * MM
"""Of a registration mark's circle."""

LETTER = 6.0
"""Points, the size of the slug line; it becomes smaller where the page is narrow."""

BLANK = 0.3
"""Ems of a space, and of a character that no face has."""

ASIDE = 5 * MM
"""Between a corner of the trim and what stands beside it."""

_KAPPA = 0.5523
"""Handle of a Bézier curve that makes a quarter of a circle."""

_TINTS = ((0, 0, 0, 0.75), (0, 0, 0, 0.5), (0, 0, 0, 0.25))
BARS: dict[Inking, tuple[tuple[float, float, float, float], ...]] = {
    "cmyk": (
        (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1),
        (1, 1, 0, 0), (1, 0, 1, 0), (0, 1, 1, 0), *_TINTS,
    ),
    "black": ((0, 0, 0, 1), *_TINTS),
    "srgb": (),
}  # fmt: skip
"""Patches of ink, as many of them as there is room for."""


def registration_space(pdf: pikepdf.Pdf) -> Any:
    """Make the colour space All, which prints on every plate (ISO 32000-1, 8.6.6.4)."""
    mixed = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    return pdf.make_indirect(Array([Name.Separation, Name.All, Name.DeviceCMYK, mixed]))


def crop_marks(boxes: PageBoxes) -> str:
    """Draw two lines at each corner, in line with the trim."""
    trim, bleed = boxes.trim, boxes.bleed
    lines = []
    for x in (trim.left, trim.right):
        for start, way in ((bleed.low - GAP, -1), (bleed.high + GAP, 1)):
            lines.append(f"{x:.4f} {start:.4f} m {x:.4f} {start + way * MARK:.4f} l S")
    for y in (trim.low, trim.high):
        for start, way in ((bleed.left - GAP, -1), (bleed.right + GAP, 1)):
            lines.append(f"{start:.4f} {y:.4f} m {start + way * MARK:.4f} {y:.4f} l S")
    return " ".join(lines)


def fold_marks(boxes: PageBoxes, folds: tuple[float, ...]) -> str:
    """Draw broken lines above and below each fold, longer than the other marks.

    Args:
        boxes: Of the sheet.
        folds: Points from the left trim.
    """
    low, high = boxes.bleed.low - GAP, boxes.bleed.high + GAP
    lines = [
        f"{boxes.trim.left + fold:.4f} {start:.4f} m "
        f"{boxes.trim.left + fold:.4f} {start + way * FOLD:.4f} l S"
        for fold in folds
        for start, way in ((low, -1), (high, 1))
    ]
    return f"[{FOLD_DASH} {FOLD_DASH}] 0 d {' '.join(lines)}" if lines else ""


def registration_marks(boxes: PageBoxes) -> str:
    """Draw a cross in a circle in the middle of each side."""
    trim, bleed = boxes.trim, boxes.bleed
    across, along = (trim.left + trim.right) / 2, (trim.low + trim.high) / 2
    out = GAP + MARK / 2
    centres = (
        (across, bleed.low - out), (across, bleed.high + out),
        (bleed.left - out, along), (bleed.right + out, along),
    )  # fmt: skip
    return " ".join(_target(x, y) for x, y in centres)


def _target(x: float, y: float) -> str:
    r, k, arm = RADIUS, RADIUS * _KAPPA, MARK / 2
    return (
        f"q 1 0 0 1 {x:.4f} {y:.4f} cm "
        f"{-arm:.4f} 0 m {arm:.4f} 0 l S 0 {-arm:.4f} m 0 {arm:.4f} l S "
        f"{r:.4f} 0 m {r:.4f} {k:.4f} {k:.4f} {r:.4f} 0 {r:.4f} c "
        f"{-k:.4f} {r:.4f} {-r:.4f} {k:.4f} {-r:.4f} 0 c "
        f"{-r:.4f} {-k:.4f} {-k:.4f} {-r:.4f} 0 {-r:.4f} c "
        f"{k:.4f} {-r:.4f} {r:.4f} {-k:.4f} {r:.4f} 0 c S Q"
    )


def ink_bars(boxes: PageBoxes, inking: Inking) -> str:
    """Draw patches of ink above the page, left of its middle."""
    trim = boxes.trim
    room = trim.width / 2 - 2 * ASIDE
    low = boxes.bleed.high + GAP + (MARK - PATCH) / 2
    patches = BARS[inking][: max(int(room / PATCH), 0)]
    return " ".join(
        f"{c:g} {m:g} {y:g} {k:g} k {trim.left + ASIDE + at * PATCH:.4f} {low:.4f} "
        f"{PATCH:.4f} {PATCH:.4f} re f"
        for at, (c, m, y, k) in enumerate(patches)
    )


@dataclass(slots=True)
class Slug:
    """Draws what stands beside pages: what they share once, the page number on each.

    Attributes:
        letters: To write the slug line with; none for no slug line.
        words: What the slug line says before the page number.
        pages: How many pages there are.
        folds: Where a flat sheet is folded, in points from its left trim.
    """

    pdf: pikepdf.Pdf
    inking: Inking
    letters: Mapping[str, Letter]
    words: str
    pages: int
    folds: tuple[float, ...] = ()
    _all: Any = None
    _frames: dict[PageBoxes, Any] = field(default_factory=dict)
    _forms: dict[str, Any] = field(default_factory=dict)

    def draw(self, boxes: PageBoxes, page: int) -> tuple[str, Dictionary]:
        """Draw it for one page: operators, and the XObjects that they name.

        Args:
            boxes: Of the page.
            page: Its number, from 1.
        """
        if boxes not in self._frames:
            self._frames[boxes] = self._frame(boxes)
        named = {"/PxMarks": self._frames[boxes]}
        line = self._line(boxes, f"{page} / {self.pages}", named) if self.letters else ""
        return f"/PxMarks Do {line}".rstrip(), Dictionary(named)

    def _form(self, content: str, box: list[float]) -> Any:
        if self._all is None:
            self._all = registration_space(self.pdf)
        form = self.pdf.make_stream(content.encode("ascii"))
        form.Type, form.Subtype = Name.XObject, Name.Form
        form.BBox = Array(box)
        form.Resources = Dictionary(ColorSpace=Dictionary(PxAll=self._all))
        return form

    def _frame(self, boxes: PageBoxes) -> Any:
        marks = f"{crop_marks(boxes)} {registration_marks(boxes)}"
        folds = fold_marks(boxes, self.folds)
        content = f"q /PxAll CS 1 SCN {LINE} w {marks} {folds} Q q {ink_bars(boxes, self.inking)} Q"
        return self._form(content, boxes.media.rounded())

    def _line(self, boxes: PageBoxes, number: str, named: dict[str, Any]) -> str:
        """Write the slug line below the page, left of its middle and of its first fold."""
        room = min((boxes.trim.width / 2, *self.folds)) - ASIDE - MARK
        words = self.words
        text = f"{words}   {number}"
        while words and self._width(text) * LETTER > room * 1.5:
            words = words[:-1]
            text = f"{words}…   {number}"
        size = min(LETTER, room / max(self._width(text), 1))
        x, y = boxes.trim.left + ASIDE, boxes.bleed.low - GAP - MARK / 2 - size * 0.35
        parts = []
        for char in text:
            form, advance = self._letter(char)
            if form is not None:
                name = f"/PxL{ord(char):x}"
                named[name] = form
                parts.append(f"q {size:.4f} 0 0 {size:.4f} {x:.4f} {y:.4f} cm {name} Do Q")
            x += advance * size
        return " ".join(parts)

    def _width(self, text: str) -> float:
        return sum(letter.advance if (letter := self.letters.get(c)) else BLANK for c in text)

    def _letter(self, char: str) -> tuple[Any, float]:
        letter = self.letters.get(char)
        if letter is None:
            return None, BLANK
        if char not in self._forms:
            self._forms[char] = self._form(f"/PxAll cs 1 scn {letter.path}", [-1, -1, 2, 2])
        return self._forms[char], letter.advance
