"""Classes of characters and what may stand between them (clreq 3.1, JLREQ, CSS Text 4).

Each class has one letter, so that a paragraph becomes a string of letters, and a rule about two
neighbours a look into a table.
"""

from __future__ import annotations

import unicodedata
from functools import cache

OPENING = "（《〈「『【〖〔［｛〘〚｟〝"
CLOSING = "）》〉」』】〗〕］｝〙〛｠〞〟"
_MEMBERS = {
    "O": OPENING,
    "Q": "“‘",
    "q": "”’",
    "C": CLOSING,
    "D": "。．｡",
    "S": "，、",
    "L": "：；",
    "X": "！？",
    "M": "·‧・",
    "E": "—⸺⸻",
    "e": "…⋯‥",
    "t": "～〜‐–゠",
    "k": "ーぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ",
    "i": "々〻ゝゞヽヾ",
    "F": "￥＄£＃",
    "G": "％‰℃°¢",
    "I": "\u3000",
    "A": "\ufffc",
    "p": "([{$",
    "P": ")]}!%,.:;?",
    " ": " ",
    "_": "\u00a0",
    "B": "\u200b",
    "y": "\u00ad",
    "Z": "\u2060\ufeff",
    "j": "\u200c\u200d",
    "c": "ˉˊˇˋ˙",
    "n": "\n",
}
"""Opening brackets and quotes, closing quotes and brackets, full stops, commas, colons, ! and ?,
middle dots, dashes, ellipses, hyphens, small kana, iteration marks, signs before and after
figures, the ideographic space, objects, Latin marks, spaces, what has no width, the tones of
bopomofo, the line feed.
Others: H Han and kana, V other wide characters, W letters, N digits, c combining, r right to left,
w the rest; z is the edge of an inline box."""

OPENS, QUOTES = "OQ", "Qq"
CLOSES = "qCDSLX"
MARKS = "OQqCDSLX"
"""Marks of one em whose ink fills one half."""

WIDE = frozenset("HVOQqCDSLXMEetkiFGIA")
LETTERS, WORDS = frozenset("Hki"), frozenset("WN")
SPACES, UNSEEN = frozenset(" _"), frozenset("BZyz")

_NEVER_FIRST = frozenset("qCDSLXMetkiGP")
_NEVER_LAST = frozenset("OQFp")

CENTRED_STOPS = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")
"""Languages whose stops stand in the middle of their em, with no half to give away."""


class _Codes(dict[str, str]):
    def __missing__(self, char: str) -> str:
        code = self[char] = _classify(char)
        return code


def _classify(char: str) -> str:
    if char in "〇〆" or "\u3041" <= char <= "\u30fa":
        return "H"
    category, wide = unicodedata.category(char), unicodedata.east_asian_width(char) in "WF"
    if category[0] == "M":
        return "c"
    if unicodedata.bidirectional(char) in {"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "AN"}:
        return "r"
    if category == "Lo" and wide and not "\uac00" <= char <= "\ud7a3":
        return "H"
    if wide:
        return "V"
    if category == "Nd":
        return "N"
    return "W" if category[0] == "L" else "w"


CODES = _Codes({char: code for code, chars in _MEMBERS.items() for char in chars})
"""The class of every character, found once."""


def has_cjk(text: str) -> bool:
    """Tell whether a text needs composing: a Han character, kana or full-width mark."""
    return not text.isascii() and any(CODES[char] in "HVOCDSLXkiI" for char in set(text))


def blanks(code: str, language: str) -> tuple[float, float]:
    """Tell how much of a full-width mark is blank (clreq 3.1.6).

    Args:
        code: Class of the mark.
        language: BCP 47.

    Returns:
        Ems on its left and on its right.
    """
    if code in "OQ":
        return 0.5, 0.0
    if code in "qC":
        return 0.0, 0.5
    tag = language.lower()
    if code in "DS":
        return (0.0, 0.0) if tag.startswith(CENTRED_STOPS) else (0.0, 0.5)
    if code in "LX":
        # Japanese centres these; simplified Chinese sets them at the left.
        return (0.0, 0.0) if tag.startswith(("ja", *CENTRED_STOPS)) else (0.0, 0.5)
    return 0.0, 0.0


_LOOSER = {"normal": frozenset("kt"), "loose": frozenset("ktiMeG")}
"""What a line may begin with all the same (CSS Text 4, 5.3)."""


@cache
def break_rule(before: str, after: str, strictness: str, *, words: str) -> bool | None:
    """Tell whether a line may end between two characters.

    Args:
        before: Class of the character that would end the line.
        after: Class of the one that would begin the next.
        strictness: ``line-break``; ``auto`` is as strict as ``strict``.
        words: ``word-break``.

    Returns:
        None where the Unicode algorithm (UAX 14) decides.
    """
    if after in "BZyjc" or before in "jZ":
        return False
    if strictness == "anywhere":
        return True
    if before == after and before in "Ee" and strictness != "loose":
        return False
    rule = _forbidden(before, after, strictness)
    if rule is None:
        rule = _about_quotes(before, after)
    letters = LETTERS | WORDS
    if rule is None and words == "break-all" and before in letters and after in letters:
        return True
    if rule is not False and words == "keep-all" and before in letters and after in letters:
        return False
    return rule


def _forbidden(before: str, after: str, strictness: str) -> bool | None:
    if after in _NEVER_FIRST:
        if after not in _LOOSER.get(strictness, ""):
            return False
        if before in LETTERS:
            return True
    if before in _NEVER_LAST:
        return None if before == "p" else False
    return None


def _about_quotes(before: str, after: str) -> bool | None:
    """Correct UAX 14, which takes “ ” for letters of both sides."""
    if after == "Q":
        return True if before in WIDE else None
    if before == "q":
        return True if after in WIDE else None
    return None


@cache
def may_stretch(pair: str, method: str) -> bool:
    """Tell whether justification may put space between two characters (clreq 3.2.4).

    Args:
        pair: Classes of the two.
        method: ``text-justify``.
    """
    before, after = pair[0], pair[1]
    if before in SPACES:
        return True
    if after in SPACES or after in "cjn" or before in "jn" or method == "inter-word":
        return False
    if before == after and before in "Ee":
        return False
    return method == "inter-character" or before in WIDE or after in WIDE


@cache
def meets(pair: str) -> bool:
    """Tell whether Han stands beside Latin or a digit (clreq 3.2.2)."""
    before, after = pair[0], pair[1]
    return (before in LETTERS and after in WORDS) or (before in WORDS and after in LETTERS)
