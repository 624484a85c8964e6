"""Where addresses, paths, names of code and long figures may be broken, with nothing added.

A reader must be able to type what stands there; so no hyphen is put in, and the line best ends
behind a sign that the address has anyway.
"""

from __future__ import annotations

import re

LONG_ADDRESS, LONG_FIGURES = 8, 10
"""Characters of what is long enough to be broken."""

SIDES = 2
"""Characters that stay together on either side of a break."""

_WORD = re.compile(r"[!-~]+")
_NUMBER = re.compile(r"[0-9]+")
_ADDRESS = re.compile(r"https?://|www\.|/[^/]+/|[0-9A-Za-z]@[0-9A-Za-z]")
_SEAM = re.compile(
    r"(?<=[0-9A-Za-z%)\]])[/\\._@:=&?#+~,;|-]+(?=[0-9A-Za-z%(\[])"
    r"|(?<=[/\\])(?=[!-~])|(?<=[!-~])(?=%[0-9A-F]{2})"
)


def seams(text: str) -> set[int]:
    """Find the characters of addresses and paths that a line may well begin with."""
    return {
        seam.end()
        for word in _WORD.finditer(text)
        if word.end() - word.start() >= LONG_ADDRESS
        for seam in _SEAM.finditer(text, word.start(), word.end())
        if seam.end() - word.start() > SIDES and word.end() - seam.end() >= SIDES
    }


def insides(text: str) -> set[int]:
    """Find the characters of web addresses, paths and long numbers that a line may begin with.

    A break there is worse than at a seam, and better than a line with nothing in it.
    """
    found: set[int] = set()
    for word in _WORD.finditer(text):
        if word.end() - word.start() >= LONG_ADDRESS and _ADDRESS.search(word[0]):
            found.update(range(word.start() + SIDES, word.end() - SIDES + 1))
    for number in _NUMBER.finditer(text):
        if number.end() - number.start() >= LONG_FIGURES:
            found.update(range(number.start() + SIDES, number.end() - SIDES + 1))
    return {at for at in found if "%" not in text[at - 2 : at]}
