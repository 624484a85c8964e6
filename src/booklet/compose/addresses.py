"""Where addresses, paths, names of code and long figures may be broken, with nothing added.

A reader must be able to type what stands there; so no hyphen is put in, and the line ends behind
a sign that the address has anyway (Chicago Manual of Style, 7.46).
"""

from __future__ import annotations

import re

SHORTEST_ADDRESS, SHORTEST_FIGURES = 8, 10
"""Characters of what is long enough to be broken."""

SIDES = 2
"""Characters that stay together on either side of a break."""

_WORDS = re.compile(r"[!-~]+")
_SEAM = re.compile(
    r"(?<=[0-9A-Za-z%)\]])[/\\._@:=&?#+~,;|-]+(?=[0-9A-Za-z%(\[])|(?<=[/\\])(?=[!-~])|(?=%[0-9A-F])"
)
_FIGURES = 8, 10
"""Characters of what is long enough to be broken."""

SIDES = 2
"""Characters that stay together on either side of a break."""

_WORDS = re.compile(r"[!-~]+")
_SEAM = re.compile(
    r"(?<=[0-9A-Za-z%)\]])[/\\._@:=&?#+~,;|-]+(?=[0-9A-Za-z%(\[])|(?<=[/\\])(?=[!-~])"
)
_FIGURES = re.compile(r"[0-9]+")


def seams(text: str) -> set[int]:
    """Find the characters of addresses and paths that a line may begin with."""
    found: set[int] = set()
    for word in _WORDS.finditer(text):
        if word.end() - word.start() < SHORTEST_ADDRESS:
            continue
        for seam in _SEAM.finditer(text, word.start(), word.end()):
            if seam.end() - word.start() > SIDES and word.end() - seam.end() >= SIDES:
                found.add(seam.end())
    return found


def figures(text: str) -> set[int]:
    """Find the figures within long numbers that a line may begin with."""
    return {
        at
        for number in _FIGURES.finditer(text)
        if number.end() - number.start() >= SHORTEST_FIGURES
        for at in range(number.start() + SIDES, number.end() - SIDES + 1)
    }
