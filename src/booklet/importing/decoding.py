"""Bytes of a foreign text to characters: by its mark, by what it says, else by its looks."""

from __future__ import annotations

import codecs
import re

from booklet.errors import Findings, Place
from booklet.importing.refusal import refusal
from booklet.manuscript.decoding import guess_encoding

_SAID = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})"""
    rb"""|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.-]{1,40})""",
    re.IGNORECASE,
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_TEXTS = {
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312", "hz", "big5",
    "big5hkscs", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949", "ascii", "iso8859-1",
    "cp1252", "koi8-r", "cp1251", "iso8859-2", "iso8859-15", "cp950",
}  # fmt: skip
"""Codecs of texts by their names in Python; it knows others, which are no encodings of text."""
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "ascii": "utf-8", "iso8859-1": "cp1252",
          "shift_jis": "cp932", "euc_kr": "cp949"}  # fmt: skip
"""What texts are really in that say they are in a subset of it (WHATWG Encoding, 4.2)."""


def decode(data: bytes, place: Place, findings: Findings, *, marked_up: bool = False) -> str:
    r"""Read text, and make every line end ``\n``.

    Args:
        data: The file.
        place: Its name.
        findings: Told of an encoding that was guessed.
        marked_up: Whether it may say its encoding itself, as HTML and XML do.

    Raises:
        InputError: No encoding fits.
    """
    text = _marked(data)
    if text is None and marked_up:
        text = _said(data)
    if text is None:
        text = _try(data, "utf-8")
    if text is None:
        guess = guess_encoding(data)
        text = _try(data, guess.lower().replace("-", "_")) if guess else None
        if text is None:
            raise refusal(place, "encoding", "no encoding fits the file", "save it as UTF-8")
        findings.note(
            place, "import-encoding", f"the file is not UTF-8; it was read as {guess}",
            "look whether its words are right",
        )  # fmt: skip
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _marked(data: bytes) -> str | None:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _try(data[len(mark) :], codec)
    return None


def _said(data: bytes) -> str | None:
    match = _SAID.search(data[:4096])
    if match is None:
        return None
    try:
        name = codecs.lookup((match[1] or match[2]).decode("ascii")).name
    except (LookupError, UnicodeDecodeError, ValueError):
        return None
    if name not in _TEXTS:
        return None
    # What can be found by a search for ASCII is not in UTF-16, whatever it says.
    name = "utf-8" if name.startswith("utf-16") else name
    return _try(data, _WIDER.get(name, name))


def _try(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None
