"""What a text hides from its reader: turns of direction, and letters that look like others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from booklet.errors import Findings
from booklet.manuscript.source import Source

MOST_TOLD = 20
"""Findings of one kind in one text; the last of them counts the rest."""

BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""Characters that turn the direction of reading (UAX #9, 2)."""

# Greek letters that no reader tells from a Latin one; μ, Δ or π may stand beside Latin.
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυικ"
_SUSPECT = re.compile(rf"[{_GREEK}\u0400-\u04ff]|[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_FOREIGN = re.compile(rf"[{_GREEK}\u0400-\u04ff]")


def check_hidden(source: Source, findings: Findings) -> None:
    """Tell what a text hides. Nothing is changed: who wrote it may have meant it."""
    turned = ((match.start(), _turned(match[0])) for match in BIDI.finditer(source.text))
    for at, message in few(turned):
        findings.warning(
            source.offset(at), "bidi-control", message,
            "delete it, unless the text runs from right to left; most editors do not show it",
        )  # fmt: skip
    if _SUSPECT.search(source.text):
        for at, message in few(_look_alikes(source.text)):
            findings.note(source.offset(at), "look-alike", message, "type it anew")


def few(found: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Give the first of what was found, the last of them with a count of the rest."""
    yield from islice(found, MOST_TOLD - 1)
    last = next(found, None)
    if last is not None:
        rest = sum(1 for _ in found)
        yield last[0], last[1] + (f"; {rest:,} more in this text" if rest else "")


def _turned(characters: str) -> str:
    codes = " ".join(f"U+{ord(char):04X}" for char in characters[:4])
    return f"hidden {codes} turns the direction of what follows"


def _look_alikes(text: str) -> Iterator[tuple[int, str]]:
    for match in _SUSPECT.finditer(text):
        char = match[0]
        if char < "\u2e80":
            continue
        meant = unicodedata.normalize("NFKC", char)
        if meant != char:
            yield (
                match.start(),
                f"{char} U+{ord(char):04X} stands for {meant} U+{ord(meant[0]):04X}",
            )
    for match in _WORD.finditer(text):
        word = match[0]
        if (foreign := _FOREIGN.search(word)) and _LATIN.search(word):
            name = unicodedata.name(foreign[0], "a letter").split(" LETTER")[0].lower()
            yield (
                match.start() + foreign.start(),
                f"the word {word[:40]} has the {name} letter {foreign[0]} among Latin ones",
            )
