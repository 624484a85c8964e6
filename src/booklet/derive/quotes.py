"""Quotation marks of each region, and what an apostrophe is.

Traditional Chinese has 「」 with 『』 within (Taiwan, 《重訂標點符號手冊》); simplified Chinese has
“” with ‘’ within, and in vertical lines ﹃﹄ with ﹁﹂ within, which are 『』 and 「」 turned (GB/T
15834-2011, 5.2.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from booklet.derive.ledger import Pair

TRADITIONAL = {"“": "「", "”": "」", "‘": "『", "’": "』"}
SIMPLIFIED = {"「": "“", "」": "”", "『": "‘", "』": "’"}
VERTICAL_SIMPLIFIED = {"“": "『", "”": "』", "‘": "「", "’": "」"}

APOSTROPHE = "’"


def quotes_of(script: str, *, vertical: bool) -> Mapping[str, str]:
    """Give the marks to change; ``script`` is that of the edition: ``s``, ``t``, ``tw``, ``hk``."""
    if script != "s":
        return TRADITIONAL
    return VERTICAL_SIMPLIFIED if vertical else SIMPLIFIED


def turn_quotes(pairs: Iterable[Pair], marks: Mapping[str, str]) -> list[Pair]:
    """Change the quotation marks of a line, and leave the apostrophes of Latin words."""
    found = list(pairs)
    if not marks:
        return found
    single = 0
    for at, (source, target) in enumerate(found):
        if target == APOSTROPHE and APOSTROPHE in marks and _is_apostrophe(found, at, single):
            continue
        single += {"‘": 1, APOSTROPHE: -1}.get(target, 0)
        found[at] = (source, marks.get(target, target))
    return found


def _is_apostrophe(pairs: list[Pair], at: int, opened: int) -> bool:
    """Tell whether a ’ is no mark of quotation: it stands within a Latin word, or ends one."""
    before = pairs[at - 1][1][-1:] if at else ""
    after = pairs[at + 1][1][:1] if at + 1 < len(pairs) else ""
    return _is_latin(before) and (_is_latin(after) or opened <= 0)


def _is_latin(char: str) -> bool:
    return char.isalnum() and ord(char) < 0x250
