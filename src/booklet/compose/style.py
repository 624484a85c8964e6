"""The properties of CSS Text 4 that switch composition, and what a paragraph asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

KEYWORDS = {
    "text-justify": ("auto", "none", "inter-word", "inter-character"),
    "text-spacing-trim": (
        "normal", "space-all", "space-first", "trim-start", "trim-both", "trim-all", "auto",
    ),
    "text-autospace": ("no-autospace", "normal", "auto"),
    "line-break": ("auto", "loose", "normal", "strict", "anywhere"),
    "text-wrap-style": ("auto", "stable"),
}  # fmt: skip
"""Inherited properties of one keyword, the initial value first."""

HANGING = frozenset({"none", "first", "last", "allow-end", "force-end"})
STRAIN = 0.25
"""Ems between two characters from which a line counts as strained."""


@dataclass(frozen=True, slots=True)
class ComposeStyle:
    """What the properties of a paragraph ask for.

    Attributes:
        justify: How to fill its full lines, '' for not at all.
        justify_last: How to fill its last line.
        adjacent: Neighbouring marks share their blanks.
        trim_first: An opening mark at the start of the paragraph loses its left half.
        trim_start: So does one at the start of any other line.
        trim_end: A closing mark at the end of a line may lose its right half.
        force_end: It always does.
        half: Classes of marks that are half an em wide everywhere.
        autospace: A quarter em between Han and Latin.
        strictness: ``line-break``.
        words: ``word-break``.
        hanging: Keywords of ``hanging-punctuation``.
        stable: Each line takes what it can hold, whatever follows.
    """

    justify: str
    justify_last: str
    adjacent: bool
    trim_first: bool
    trim_start: bool
    trim_end: bool
    force_end: bool
    half: str
    autospace: bool
    strictness: str
    words: str
    hanging: frozenset[str]
    stable: bool


HALF = {"kaiming": "OQqCSL", "banjiao": "OQqCDSLX"}
"""House styles of clreq 3.1.6.1: marks that they set half an em wide."""


def compose_style(style: Any) -> ComposeStyle:
    """Read the properties of a paragraph."""
    trim, house = style["text_spacing_trim"], _house(style)
    method = style["text_justify"]
    align, last = style["text_align_all"], style["text_align_last"]
    fill = "" if method == "none" else method
    # Where the last line of a justified paragraph is told nothing, it is set ragged.
    return ComposeStyle(
        justify=fill if align == "justify" else "",
        justify_last=fill if last == "justify" else "",
        adjacent=trim != "space-all",
        trim_first=trim in {"trim-start", "trim-both", "trim-all", "auto"},
        trim_start=trim not in {"normal", "space-all"},
        trim_end=trim != "space-all",
        force_end=trim in {"trim-both", "trim-all"} or house == "hangmo",
        half=HALF["banjiao"] if trim == "trim-all" else HALF.get(house, ""),
        autospace=style["text_autospace"] != "no-autospace",
        strictness=style["line_break"],
        words=style["word_break"],
        hanging=style["hanging_punctuation"],
        stable=style["text_wrap_style"] == "stable",
    )


def _house(style: Any) -> str:
    for token in style["__punctuation"] or ():
        if token.type == "ident":
            return str(token.lower_value)
    return ""
