"""Checks of lines, pictures, gradients, transparency and device state: P18, P20, P21, P28, P30.

And of P33, blank pages, as far as they show without drawing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Stream

from booklet.errors import Severity
from booklet.finish.preflight.events import (
    Gradient,
    Group,
    Picture,
    Setting,
    Shape,
    State,
    TextRun,
)
from booklet.finish.preflight.geometry import Box, common, height, holds, width
from booklet.finish.preflight.limits import Limits
from booklet.finish.preflight.report import Ledger
from booklet.finish.preflight.source import Page, name_of, number_of, part
from booklet.finish.preflight.watching import Reporter

SPECK = 1.0
"""Points; what is shorter is a dot, not a line."""

MOST_NESTED = 32
"""Parts of one path that are compared with each other."""


class LineChecks(Reporter):
    """Watches for lines that are too thin: P21."""

    def shape(self, shape: Shape) -> None:
        """Check a path."""
        setting = shape.setting
        if not setting.inside or setting.mask:
            return
        thinnest = self.limits.thinnest_line
        if shape.stroked is not None and shape.line < thinnest - 0.005:
            self._thin(setting, shape.box, shape.line, "stroked")
        if shape.filled is not None:
            for box in _filled_parts(shape):
                thin, long = sorted((width(box), height(box)))
                if thin < thinnest - 0.005 and long >= SPECK:
                    self._thin(setting, box, thin, "filled")
                    return

    def _thin(self, setting: Setting, box: Box, got: float, how: str) -> None:
        message = f"a {how} line is {got:.2f} pt wide, below {self.limits.thinnest_line:g} pt"
        self.report("P21", message, setting, box, "line")


def _filled_parts(shape: Shape) -> Iterator[Box]:
    """Give what is filled, cut to the clip: whole parts, or the frames around holes."""
    parts = shape.parts
    few = len(parts) <= MOST_NESTED
    for outer in parts:
        around = [one for one in parts if _within(outer, one)] if few else []
        if around and not (shape.nested and len(around) % 2 == 0):
            continue  # a hole, or inside a part that is filled anyway
        holes = [one for one in parts if _within(one, outer)] if few and shape.nested else []
        largest = max(holes, key=lambda box: width(box) * height(box), default=None)
        for box in (outer,) if largest is None else _frame(outer, largest):
            seen = common(box, shape.clip)
            if seen is not None:
                yield seen


def _within(inner: Box, outer: Box) -> bool:
    return inner != outer and holds(outer, inner, 0.001)


def _frame(outer: Box, hole: Box) -> tuple[Box, ...]:
    """Give the four bars between a box and the hole in it; those without width are none."""
    left, bottom, right, top = outer
    bars = (
        (left, bottom, hole[0], top), (hole[2], bottom, right, top),
        (left, bottom, right, hole[1]), (left, hole[3], right, top),
    )  # fmt: skip
    return tuple(bar for bar in bars if width(bar) > 0.001 and height(bar) > 0.001)


class PictureChecks(Reporter):
    """Watches pictures and gradients: P18, P20, and inline images for P30."""

    def picture(self, picture: Picture) -> None:
        """Check a picture."""
        raster, setting = picture.raster, picture.setting
        if raster.inline:
            self.report(
                "P30", "an inline image stands in the content", setting, picture.box,
                raster.name, severity=Severity.WARNING,
            )  # fmt: skip
        if not setting.inside or setting.mask or raster.pixels == (1, 1):
            return
        press = self.limits.press
        wanted = press.line_art_ppi if raster.bits == 1 else press.picture_ppi
        got = min(
            pixels / size * 72 if size > 0 else wanted
            for pixels, size in zip(raster.pixels, picture.size, strict=True)
        )
        if got < wanted - 0.5:
            kind = "line art" if raster.bits == 1 else "a picture"
            columns, rows = (int(side) for side in raster.pixels)
            message = f"{kind} of {columns} × {rows} pixels has {got:.0f} ppi, below {wanted}"
            name = f"picture {raster.name}"
            severity = None if got < wanted * self.limits.coarse else Severity.WARNING
            self.report("P20", message, setting, picture.box, name, severity=severity)

    def gradient(self, gradient: Gradient) -> None:
        """Check a gradient."""
        wanted = gradient.space.components
        if gradient.functional and gradient.outputs != wanted:
            got = "an unclear number of" if gradient.outputs is None else gradient.outputs
            message = f"its function gives {got} components, {gradient.space.family} has {wanted}"
            name = f"gradient {gradient.name}"
            self.report("P18", message, gradient.setting, gradient.box, name)


class StateChecks(Reporter):
    """Watches transparency and what is the device's: P28, P30."""

    _live = _page_group = False

    def begin(self, page: Page) -> None:
        """Forget the page before."""
        self._live = self._page_group = False

    def state(self, state: State) -> None:
        """Check a graphics state, or an XObject that is neither form nor image."""
        thing, where = state.dictionary, (state.setting, state.setting.page.boxes.cut, state.name)
        if isinstance(thing, Stream):
            kind = name_of(thing.get("/Subtype")) or "nameless"
            self.report("P30", f"an XObject of type {kind} is drawn", *where)
            return
        for key, harmless in (("/TR", "Identity"), ("/TR2", "Default"), ("/HT", "Default")):
            value = thing.get(key)
            if value is not None and name_of(value) != harmless:
                self.report("P30", f"a graphics state sets {key}", *where)
        if what := _transparency(thing):
            self._transparent(state.setting, what, state.name)

    def picture(self, picture: Picture) -> None:
        """Check a picture for a soft mask."""
        if picture.raster.masked:
            self._transparent(picture.setting, "a soft mask", f"picture {picture.raster.name}")

    def group(self, group: Group) -> None:
        """Check a transparency group."""
        where = (group.setting, group.setting.page.boxes.cut, group.name or "page")
        press, space = self.limits.press, group.space
        if not press.transparency:
            self.report("P28", "it has a transparency group", *where)
        elif press.inking != "srgb" and space is not None and space.family == "ICCBased":
            self.report("P28", "a group blends in an ICC-based space", *where)
        elif press.inking != "srgb" and space is not None and space.kind not in ("cmyk", "gray"):
            self.report("P28", f"a group blends in {space.family}", *where)
        if not group.name:
            self._page_group = space is not None

    def end(self, page: Page) -> None:
        """Check whether a page with transparency says in which space it blends."""
        press = self.limits.press
        if self._live and not self._page_group and press.transparency and press.inking != "srgb":
            message = "it has transparency, but no group says in which space it blends"
            self.ledger.add("P28", message, page.number, severity=Severity.WARNING)

    def _transparent(self, setting: Setting, what: str, name: str) -> None:
        self._live = True
        if not self.limits.press.transparency:
            self.report("P28", f"it has {what}", setting, setting.page.boxes.cut, name)


def _transparency(dictionary: Any) -> str:
    """Say what a graphics state makes transparent; '' where it is opaque."""
    if isinstance(part(dictionary, "/SMask"), Dictionary):
        return "a soft mask"
    mode: Any = dictionary.get("/BM")
    if isinstance(mode, Array):
        mode = mode[0] if len(mode) else None
    if isinstance(mode, Name) and mode not in ("/Normal", "/Compatible"):
        return f"the blend mode {name_of(mode)}"
    opacity = min(number_of(dictionary.get(key), 1.0) for key in ("/ca", "/CA"))
    return f"an opacity of {opacity:g}" if opacity < 1 else ""


class BlankChecks(Reporter):
    """Notes the pages on which nothing is painted: P33.

    Attributes:
        blank: Their numbers.
    """

    def __init__(self, limits: Limits, ledger: Ledger) -> None:
        """Begin with no page."""
        super().__init__(limits, ledger)
        self.blank: set[int] = set()

    def begin(self, page: Page) -> None:
        """A page is blank until something is painted."""
        self.blank.add(page.number)

    def text(self, run: TextRun) -> None:
        """Note text."""
        self._painted(run.setting, run.box)

    def shape(self, shape: Shape) -> None:
        """Note a path, unless it is white."""
        if any(colour.inks is None or colour.inks.total > 0 for colour in shape.colours):
            self._painted(shape.setting, shape.box)

    def picture(self, picture: Picture) -> None:
        """Note a picture."""
        self._painted(picture.setting, picture.box)

    def gradient(self, gradient: Gradient) -> None:
        """Note a gradient."""
        self._painted(gradient.setting, gradient.box)

    def fault(self, page: Page, what: str, slight: bool) -> None:
        """Leave out a page that cannot be read: nobody knows what is on it."""
        if not slight:
            self.blank.discard(page.number)

    def _painted(self, setting: Setting, box: Box) -> None:
        page = setting.page
        if not setting.mask and (not setting.placed or common(box, page.boxes.cut) is not None):
            self.blank.discard(page.number)


class FaultChecks(Reporter):
    """Reports what cannot be read: P01."""

    def fault(self, page: Page, what: str, slight: bool) -> None:
        """Report a fault."""
        severity = Severity.WARNING if slight else None
        self.ledger.add("P01", what, page.number, severity=severity)
