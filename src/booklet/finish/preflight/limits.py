"""Where the line is drawn: the press's own values, what preflight adds, and what was ordered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from booklet.errors import Severity
from booklet.finish.preflight.geometry import Box
from booklet.finish.preflight.registry import BY_ID
from booklet.model.measures import MM
from booklet.model.press import PresetName, Press

_E, _W = Severity.ERROR, Severity.WARNING

WEIGHTS: Mapping[PresetName, Mapping[str, Severity]] = {
    "kdp": {"P03": _W, "P05": _W, "P11": _W, "P16": _W, "P20": _W, "P29": _W},
    "lulu": {"P03": _W, "P11": _W, "P15": _W, "P20": _W, "P27": _W, "P29": _W},
}
"""Printers of single copies convert and warn where a print shop would send the file back."""

SAFE: Mapping[PresetName, float] = {"lulu": 12.7 * MM}
"""Points from the trim to text, where the printer names more than 3 mm."""

BY_PRINTER = frozenset({"P16", "P23", "P24", "P31"})
"""What is the printer's matter where he separates colours himself."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds of one job. Lengths are points, areas square points.

    Attributes:
        press: What the printer asks for: bleed, inks, resolution, standard.
        thinnest_line: Lines below this break up.
        smallest_type: Type below this cannot be read.
        rich_black_type: Type up to this must not be in rich black.
        coloured_type: Type below this must be of one ink.
        display_type: Type from this on is art, and may stand anywhere.
        coarse: Share of the wanted resolution below which a picture is an error.
        safe: Distance of text from the trim.
        ink_area: Too much ink on less than this does no harm.
        size_slack: How far trim sizes may be off.
        cover_slack: How far the width of a cover may be off.
    """

    press: Press
    thinnest_line: float = 0.25
    smallest_type: float = 5.0
    rich_black_type: float = 12.0
    coloured_type: float = 8.0
    display_type: float = 36.0
    coarse: float = 0.5
    safe: float = 3 * MM
    ink_area: float = MM * MM
    size_slack: float = 0.25 * MM
    cover_slack: float = 0.5 * MM

    @property
    def version(self) -> str:
        """The newest version of PDF that the standard allows."""
        return {"pdf/x-4": "1.6", "pdf/x-1a:2003": "1.4"}.get(self.press.standard, "1.7")

    @property
    def pdfx(self) -> bool:
        """Whether the file must be PDF/X."""
        return self.press.standard != "none"

    def severity(self, check: str) -> Severity:
        """Tell how much a finding of a check weighs for this printer."""
        return WEIGHTS.get(self.press.preset, {}).get(check, BY_ID[check].severity)

    def not_asked(self, check: str) -> str:
        """Say why a check makes no sense for this printer; '' where it does."""
        press = self.press
        if check in ("P04", "P06") and not self.pdfx:
            return "this printer asks for no PDF/X"
        if check == "P05" and not self.pdfx and press.metadata:
            return "this printer asks for no PDF/X"
        if check in BY_PRINTER and press.inking == "srgb":
            return "this printer separates colours himself"
        if check == "P25" and press.inking != "black":
            return "more than one ink is ordered"
        if check == "P10" and press.multiple < 2:
            return "any number of pages will do"
        return ""


def limits_of(press: Press) -> Limits:
    """Give the thresholds that go with what a printer asks for."""
    return Limits(press, safe=SAFE.get(press.preset, 3 * MM))


@dataclass(frozen=True, slots=True)
class Barcode:
    """A barcode that must be there.

    Attributes:
        digits: What it says, 13 digits; empty where any will do.
        page: The page it stands on, from 1.
        box: Where, quiet zones included, in points from the bottom left corner of the trim;
            None to look for it on the whole page.
    """

    digits: str = ""
    page: int = 1
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What is known of the job besides the printer.

    Attributes:
        trim: Trim size of the pages in points; for a cover, of the pages of its book.
        condition: Identifier that the output intent must have; empty takes any.
        spine: Points; set for the flat cover of a book, None for pages.
        barcode: The barcode that must be there.
        blanks: Pages that are blank on purpose, from 1.
        twin: The same file made a second time.
    """

    trim: tuple[float, float] | None = None
    condition: str = ""
    spine: float | None = None
    barcode: Barcode | None = None
    blanks: frozenset[int] = frozenset()
    twin: bytes | None = None

    def not_asked(self, check: str) -> str:
        """Say why a check cannot be asked of this job; '' where it can."""
        if check == "P36" and self.barcode is None:
            return "no barcode is ordered"
        if check == "P37" and (self.spine is None or self.trim is None):
            return "no cover, or neither trim size nor spine are known"
        if check == "P38" and self.twin is None:
            return "there is no second file to compare with"
        if check == "P35":
            return "text is measured while pages are laid out: `booklet build` does it"
        return ""
