"""Checks of colours: P16, P23 to P26, P29, and P31 as far as it shows without drawing."""

from __future__ import annotations

from typing import Any

from booklet.errors import Severity
from booklet.finish.preflight.events import Colour, Gradient, Picture, Setting, Shape, TextRun
from booklet.finish.preflight.geometry import Box
from booklet.finish.preflight.spaces import Inks, Space
from booklet.finish.preflight.watching import Reporter

CALIBRATED = frozenset({"CalGray", "CalRGB", "CalCMYK"})
NEARLY_NONE = 0.005
"""Half a per cent: below what any plate shows."""


class ColourChecks(Reporter):
    """Watches the colours of all that is painted."""

    cmyk_intent = False
    """Whether the file has an output intent for CMYK."""

    def text(self, run: TextRun) -> None:
        """Check the colours of text."""
        what = f"text in {run.face.name or run.font}"
        for colour in run.colours:
            self._painted(run.setting, run.box, what, colour)
        if run.setting.mask or not run.setting.inside:
            return
        for colour in run.colours:
            if colour.inks is not None and not colour.pattern:
                self._ink_of_text(run, what, colour.inks)
        if run.filled is not None:
            self._overprint_of_text(run, what, run.filled)

    def shape(self, shape: Shape) -> None:
        """Check the colours of fills and strokes."""
        if shape.filled is not None:
            self._painted(shape.setting, shape.box, "fill", shape.filled)
            self._white(shape.setting, shape.box, "fill", shape.filled, shape.setting.fill_over)
        if shape.stroked is not None:
            self._painted(shape.setting, shape.box, "line", shape.stroked)
            self._white(shape.setting, shape.box, "line", shape.stroked, shape.setting.stroke_over)

    def picture(self, picture: Picture) -> None:
        """Check the colours of pictures, and what is painted through stencils."""
        name = f"picture {picture.raster.name}"
        if picture.colour is not None:
            self._painted(picture.setting, picture.box, name, picture.colour)
            over = picture.setting.fill_over
            self._white(picture.setting, picture.box, name, picture.colour, over)
        elif picture.raster.space is not None:
            self._space(picture.setting, picture.box, name, picture.raster.space)

    def gradient(self, gradient: Gradient) -> None:
        """Check the space of gradients."""
        self._space(gradient.setting, gradient.box, f"gradient {gradient.name}", gradient.space)

    # ---- any object ------------------------------------------------------------------------------

    def _painted(self, setting: Setting, box: Box, what: str, colour: Colour) -> None:
        if colour.pattern:
            return  # its cell is looked at instead
        self._space(setting, box, what, colour.space)
        inks = colour.inks
        if inks is None or setting.mask or not setting.inside:
            return
        limit = self.limits.press.ink_limit
        if inks.total * 100 > limit + 0.5:
            message = f"{inks} is {inks.total:.0%} of ink, more than {limit} %"
            self.report("P31", message, setting, box, what)
        if inks.coloured > NEARLY_NONE or inks.spots:
            self.report("P25", f"it is in {inks}", setting, box, what)

    def _space(self, setting: Setting, box: Box, what: str, space: Space) -> None:
        carried = space.carried
        if wrong := self._wrong(carried):
            self.report("P16", wrong, setting, box, what)
        if setting.mask:
            return
        for name in space.spots:
            if name not in self.limits.press.spots:
                self.report("P29", f"the spot colour {name} is not of the job", setting, box, what)
        if "All" in carried.colorants and setting.inside:
            self.report("P29", "it is in /All, on every plate", setting, box, what)

    def _wrong(self, space: Space) -> str:
        """Say what is wrong with a space; '' where nothing is."""
        if space.kind in ("rgb", "lab"):
            kind = f" {space.kind.upper()}" if space.family == "ICCBased" else ""
            return f"it is in {space.family}{kind}"
        if space.family in CALIBRATED:
            return f"it is in {space.family}"
        if space.family == "ICCBased" and space.kind == "cmyk" and self.cmyk_intent:
            return "it is in ICC-based CMYK, which a CMYK output intent would convert again"
        return "its colour space cannot be read" if space.kind == "unknown" else ""

    def _white(self, setting: Setting, box: Box, what: str, colour: Colour, over: bool) -> None:
        if not over or setting.mask or not setting.inside or colour.pattern:
            return
        if colour.inks is not None and colour.inks.total < NEARLY_NONE:
            self.report("P26", "white overprints: it will not be seen", setting, box, what)

    # ---- text ------------------------------------------------------------------------------------

    def _ink_of_text(self, run: TextRun, what: str, inks: Inks) -> None:
        limits, place = self.limits, (run.setting, run.box, what)
        if run.size <= limits.rich_black_type and inks.black >= 0.5 and inks.coloured > 0.3:
            self.report("P23", f"{run.size:.1f} pt text is in {inks}", *place)
        if run.size < limits.coloured_type - 0.01 and inks.plates > 1:
            self.report("P24", f"{run.size:.1f} pt text is in {inks}", *place)

    def _overprint_of_text(self, run: TextRun, what: str, colour: Colour) -> None:
        setting = run.setting
        self._white(setting, run.box, what, colour, setting.fill_over)
        if not self.limits.press.overprint or not _is_black(colour):
            return
        # Only where the other inks are not named at all, or by OPM 1, do they stay (11.7.4.3).
        spot = colour.space.kind == "spot"
        stays = spot or (setting.nonzero and colour.space.family == "DeviceCMYK")
        if not (setting.fill_over and stays):
            message = f"black text in {colour.space.family} knocks out what is below"
            self.report("P26", message, setting, run.box, what, severity=Severity.WARNING)


def _is_black(colour: Colour) -> bool:
    inks: Any = colour.inks
    return (
        inks is not None
        and not colour.pattern
        and inks.black > 1 - NEARLY_NONE
        and inks.total - inks.black < NEARLY_NONE
    )
