"""The words of text that a finding is about, so that they can be looked for."""

from __future__ import annotations

import re
from typing import Any

from pikepdf import Stream

from booklet.finish.preflight.source import BROKEN, part

MOST_BYTES = 200_000
"""Of a map that is read; a font of five thousand characters has a third of it."""

MOST_CODES = 70_000

_HEX = re.compile(rb"<([0-9A-Fa-f]{2,64})>")
_RANGE = re.compile(
    rb"<([0-9A-Fa-f]{2,4})>\s{0,9}<([0-9A-Fa-f]{2,4})>\s{0,9}"
    rb"(?:<([0-9A-Fa-f]{2,64})>|\[([^\]]{0,5000})\])"
)


def read_letters(font: Any) -> dict[int, str]:
    """Read which characters the codes of a font stand for (ISO 32000-1, 9.10.3).

    Returns:
        Nothing where the font does not say it, or says it in a way that costs too much.
    """
    stream = part(font, "/ToUnicode")
    letters: dict[int, str] = {}
    if not isinstance(stream, Stream):
        return letters
    try:
        if len(stream.read_raw_bytes()) > MOST_BYTES:
            return letters
        data = stream.read_bytes()
    except BROKEN:
        return letters
    if len(data) > MOST_BYTES:
        return letters
    for block in data.split(b"beginbfchar")[1:]:
        found = _HEX.findall(block.partition(b"endbfchar")[0])
        for code, text in zip(found[::2], found[1::2], strict=False):
            letters[int(code, 16)] = _text(text)
    steps = 0
    for block in data.split(b"beginbfrange")[1:]:
        for first, last, start, several in _RANGE.findall(block.partition(b"endbfrange")[0]):
            codes = range(int(first, 16), int(last, 16) + 1)
            steps += len(codes)
            if steps > MOST_CODES:
                return letters
            texts = [_text(text) for text in _HEX.findall(several)]
            if start:
                texts = [_after(_text(start), offset) for offset in range(len(codes))]
            letters.update(zip(codes, texts, strict=False))
    return letters


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii")).decode(
        "utf-16-be", "replace"
    )


def _after(text: str, offset: int) -> str:
    code = ord(text[-1]) + offset if text else 0
    return text[:-1] + chr(code) if 0 < code < 0x110000 else ""
