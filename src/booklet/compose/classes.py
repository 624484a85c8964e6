"""Classes of characters and what may stand between them (clreq 3.1, JLREQ, CSS Text 4)."""

from __future__ import annotations

import re

OPENING = frozenset("“‘（《〈「『【〖〔［｛〘〚")
STOPS = frozenset("，。、．")
LOW = frozenset("：；！？")
CLOSING = frozenset("”’）》〉」』】〗〕］｝〙〛")
"""Marks of one em whose ink fills one half; what is blank is on the left of an opening mark, on
the right of the others."""

CENTRED_STOPS = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")
"""Languages whose stops stand in the middle of their em, with no half to give away."""

QUOTES_OPEN, QUOTES_CLOSE = frozenset("“‘"), frozenset("”’")
NEVER_FIRST = (
    STOPS | LOW | CLOSING
    | frozenset("·‧・～…—ー々〻％‰℃°!%),.:;?]}¢ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ")
)  # fmt: skip
"""Marks that begin no line. A dash of two em may (clreq 3.1.3)."""

NEVER_LAST = OPENING | frozenset("￥＄£$([{＃#")
INSEPARABLE = frozenset(["——", "……", "⸺⸺", "⋯⋯"])
ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
SPACES = frozenset(" \u00a0")

_CJK = re.compile(
    "[\u2e80-\u303f\u3040-\u30ff\u3100-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\ufe30-\ufe4f\uff00-\uff9f\U00020000-\U0003ffff“”‘’…—·]"
)
_LETTER = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_COMBINING = re.compile("[\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff]")
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u202a-\u202e\u2066-\u2069]")


def is_cjk(char: str) -> bool:
    """Tell whether a character is set in a square of its own: Han, kana, full-width marks."""
    return _CJK.match(char) is not None


def is_letter(char: str) -> bool:
    """Tell whether a character is a Han character or kana."""
    return _LETTER.match(char) is not None


def is_word(char: str) -> bool:
    """Tell whether a character is a Latin, Greek or Cyrillic letter or a digit."""
    return _WORD.match(char) is not None


def is_combining(char: str) -> bool:
    """Tell whether a character belongs to the one before it."""
    return _COMBINING.match(char) is not None


def is_right_to_left(text: str) -> bool:
    """Tell whether a text needs the bidirectional algorithm."""
    return _RTL.search(text) is not None


def blanks(char: str, language: str) -> tuple[float, float]:
    """Tell how much of a full-width mark is blank.

    Args:
        char: The mark.
        language: BCP 47.

    Returns:
        Ems on its left and on its right.
    """
    if char in OPENING:
        return 0.5, 0.0
    if char in CLOSING:
        return 0.0, 0.5
    tag = language.lower()
    if char in STOPS:
        return (0.0, 0.0) if tag.startswith(CENTRED_STOPS) else (0.0, 0.5)
    if char in LOW:
        # Japanese centres these; simplified Chinese sets them at the left.
        return (0.0, 0.0) if tag.startswith(("ja", *CENTRED_STOPS)) else (0.0, 0.5)
    return 0.0, 0.0


def may_break(before: str, after: str, *, base: bool) -> bool:
    """Tell whether a line may end between two characters.

    Args:
        before: The character that would end the line.
        after: The one that would begin the next.
        base: What the Unicode algorithm (UAX 14) says, which takes “ ” for letters of both sides.
    """
    if before + after in INSEPARABLE or after in ZERO_WIDTH or is_combining(after):
        return base and after == "\u200b"
    if after in NEVER_FIRST and not (after == "—" and before != "—" and base):
        return False
    if before in NEVER_LAST and (is_cjk(before) or not base):
        return False
    if after in QUOTES_OPEN:
        return is_cjk(before) or base
    if before in QUOTES_CLOSE:
        return is_cjk(after) or base
    return base


def may_stretch(before: str, after: str) -> bool:
    """Tell whether justification may put space between two characters (clreq 3.2.4)."""
    if before in SPACES:
        return True
    if after in SPACES or after in ZERO_WIDTH or is_combining(after):
        return False
    if before + after in INSEPARABLE:
        return False
    return is_cjk(before) or is_cjk(after)
