"""How pages are put on sheets: schemes, sides of the spine, sizes and thickness of paper.

Paper is measured in millimetres.
"""

from __future__ import annotations

from typing import Literal

from booklet.model.measures import MM, TrimSize, parse_length, parse_trim

Scheme = Literal["saddle", "signatures", "cut-stack", "n-up"]
Binding = Literal["left", "right"]

SHEETS: dict[str, tuple[float, float]] = {
    "A4": (210, 297), "SRA4": (225, 320), "A3": (297, 420), "SRA3": (320, 450),
    "A2": (420, 594), "SRA2": (450, 640), "letter": (215.9, 279.4), "tabloid": (279.4, 431.8),
}  # fmt: skip
"""Sheets by name, shorter side × longer side (ISO 216; ISO 217 for SRA; ANSI), smallest first."""

THICKEST_PAPER = 1.5
"""Millimetres; above it lies board, which nobody folds into a booklet."""


def parse_sheet(text: str) -> TrimSize:
    """Read a sheet by name (``A4``, ``SRA3``) or by measure (``320x450mm``).

    Raises:
        ValueError: No such name, no such form, or a side outside 20 mm … 5000 mm.
    """
    wanted = text.strip()
    for name, (width, height) in SHEETS.items():
        if wanted.casefold() == name.casefold():
            return TrimSize(name, width, height)
    try:
        return parse_trim(wanted)
    except ValueError as error:
        msg = str(error).replace("trim size", "sheet size")
        raise ValueError(msg) from None


def parse_caliper(text: str) -> float:
    """Read the thickness of one sheet (``0.1mm``), and give millimetres.

    Raises:
        ValueError: No length, or outside 0 … 1.5 mm.
    """
    caliper = parse_length(text) / MM
    if caliper > THICKEST_PAPER:
        msg = f"paper of {text} is thicker than {THICKEST_PAPER:g} mm"
        raise ValueError(msg)
    return caliper


def check_signature(pages: int) -> int:
    """Give back the size of a signature.

    Raises:
        ValueError: It is no multiple of 4 from 4 to 64.
    """
    if pages % 4 or not 4 <= pages <= 64:
        msg = f"a signature of {pages} pages cannot be folded: 4, 8, 12 … 64"
        raise ValueError(msg)
    return pages
