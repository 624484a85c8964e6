"""Read a content stream operator by operator (ISO 32000-1, 7.8.2), in bounded memory.

A library would parse the whole stream first; a hostile one of 32 MiB holds sixteen million
operators. Names come with their slash, strings as bytes, and whatever cannot be read is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Operands = list[Any]

MOST_OPERANDS = 64
"""Operands of one operator; the largest number that any has is 33 (DeviceN)."""

MOST_ITEMS = 65_536
"""Items of one array; further ones are passed over."""

DEEPEST = 24
"""Arrays and dictionaries inside one another."""

OPENING = ord("[")

_W = rb"[\x00\t\n\f\r ]"
_REGULAR = rb"[^\x00\t\n\f\r \[\]()<>/%{}]"
_END = rb"(?=[\x00\t\n\f\r \[\]()<>/%{}]|$)"

# Nearly every operator has this form: up to six numbers, or a name and up to one number.
_PLAIN = re.compile(
    rb"((?:[-+.0-9]+" + _W + rb"+){0,6})([A-Za-z'\"][A-Za-z0-9*]*)" + _END
    + rb"|(/" + _REGULAR + rb"*)" + _W + rb"+(?:([-+.0-9]+)" + _W + rb"+)?"
    + rb"([A-Za-z][A-Za-z0-9*]*)" + _END
)  # fmt: skip
# What renderers show text with: strings in hexadecimal, and moves between them.
_TEXT_ARRAY = re.compile(
    rb"\[((?:[-+.0-9 \n]|<(?:[0-9A-Fa-f]{2})*+>){0,4000}+)\]" + _W + rb"*TJ" + _END
)
_PIECE = re.compile(rb"<([0-9A-Fa-f]*)>|([-+.0-9]+)")
_TOKEN = re.compile(
    rb"([-+.0-9]+)" + _END + rb"|(/" + _REGULAR + rb"*)|\(([^()\\]*)\)|(<<)|<([0-9A-Fa-f\s\x00]*)>"
    rb"|([\[\](]|>>)|(" + _REGULAR + rb"+)"
)  # fmt: skip
_SPACE = re.compile(rb"(?:" + _W + rb"+|%[^\r\n]*)*")
_STRING = re.compile(rb"[()\\]")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPES = {
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f",
    b"\n": b"", b"\r": b"", b"\r\n": b"",
}  # fmt: skip
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_END_OF_IMAGE = re.compile(_W + rb"EI(?=" + _W + rb"|$)")
_WORDS = {b"true": True, b"false": False, b"null": None}
_TEXTUAL = frozenset(range(32, 127)) | {9, 10, 13}


class Scanner:
    """Reads one content stream.

    Attributes:
        faults: Bytes and words that mean nothing.
    """

    def __init__(self, data: bytes) -> None:
        """Begin at the start of a stream."""
        self._data, self._at = data, 0
        self.faults = 0

    def __iter__(self) -> Iterator[tuple[str, Operands]]:
        """Yield each operator with its operands; an inline image as ``BI`` with its dictionary."""
        data, plain, space = self._data, _PLAIN.match, _SPACE.match
        operands: Operands = []
        while True:
            found = space(data, self._at)
            self._at = at = found.end() if found else self._at
            if at >= len(data):
                return
            if not operands and data[at] == OPENING and (shown := _TEXT_ARRAY.match(data, at)):
                self._at = shown.end()
                yield "TJ", [self._pieces(shown[1])]
                continue
            match = None if operands else plain(data, at)
            if match is None or match[2] in _WORDS:
                operator = self._general(operands)
            else:
                self._at = match.end()
                if match[2] is not None:
                    operator = match[2].decode("latin-1")
                    operands = self._numbers(match[1]) if match[1] else []
                else:
                    operator = match[5].decode("latin-1")
                    operands = [_name(match[3])]
                    if match[4]:
                        operands += self._numbers(match[4])
            if operator is None:
                continue
            if operator == "BI":
                operands = [self._inline_image()]
            yield operator, operands
            operands = []

    def _pieces(self, text: bytes) -> Operands:
        return [
            self._careful(number)[0] if number else bytes.fromhex(digits.decode("ascii"))
            for digits, number in _PIECE.findall(text)
        ]

    def _numbers(self, text: bytes) -> Operands:
        try:
            return [*map(float, text.split())] if b"\x00" not in text else self._careful(text)
        except ValueError:
            return self._careful(text)

    def _careful(self, text: bytes) -> Operands:
        numbers: Operands = []
        for word in text.replace(b"\x00", b" ").split():
            try:
                numbers.append(float(word))
            except ValueError:
                self.faults += 1
                numbers.append(0.0)
        return numbers

    def _general(self, operands: Operands) -> str | None:
        """Read one operand, or the operator; None where there is none yet."""
        value = self._value(0)
        if isinstance(value, _Word):
            return value.text
        if value is not _NOTHING and len(operands) < MOST_OPERANDS:
            operands.append(value)
        return None

    def _value(self, depth: int) -> Any:
        match = _TOKEN.match(self._data, self._at)
        if match is None:
            self._at += 1
            self.faults += 1
            return _NOTHING
        self._at = match.end()
        number, name, string, dictionary, digits, mark, word = match.groups()
        if number is not None:
            return self._careful(number)[0]
        if name is not None:
            return _name(name)
        if string is not None:
            return string
        if digits is not None:
            return _hexadecimal(digits)
        if word is not None:
            return _WORDS[word] if word in _WORDS else _Word(word.decode("latin-1"))
        if dictionary is not None:
            return self._collect(b">>", depth)
        if mark == b"[":
            return self._collect(b"]", depth)
        if mark == b"(":
            return self._string()
        self.faults += 1
        return _NOTHING

    def _collect(self, end: bytes, depth: int) -> Any:
        """Read an array or dictionary; a word within ends it, for it must be an operator."""
        values: list[Any] = []
        while True:
            found = _SPACE.match(self._data, self._at)
            self._at = found.end() if found else self._at
            if self._data.startswith(end, self._at):
                self._at += len(end)
                break
            if self._at >= len(self._data) or depth >= DEEPEST:
                self.faults += 1
                break
            before = self._at
            value = self._value(depth + 1)
            if isinstance(value, _Word):
                self.faults += 1
                self._at = before
                break
            if value is not _NOTHING and len(values) < MOST_ITEMS:
                values.append(value)
        if end == b"]":
            return values
        return {
            key: value
            for key, value in zip(values[::2], values[1::2], strict=False)
            if isinstance(key, str)
        }

    def _string(self) -> bytes:
        """Read a string with brackets or escapes in it; its opening bracket has been read."""
        start, depth = self._at, 1
        while match := _STRING.search(self._data, self._at):
            self._at = match.end()
            mark = match[0]
            if mark == b"\\":
                self._at += 1
            else:
                depth += 1 if mark == b"(" else -1
                if not depth:
                    return _ESCAPE.sub(_unescape, self._data[start : self._at - 1])
        self.faults += 1
        self._at = len(self._data)
        return b""

    def _inline_image(self) -> dict[str, Any]:
        """Read an inline image: its dictionary is kept, its data passed over."""
        values: list[Any] = []
        while len(values) < MOST_OPERANDS * 2:
            found = _SPACE.match(self._data, self._at)
            self._at = found.end() if found else self._at
            if self._at >= len(self._data):
                break
            value = self._value(0)
            if isinstance(value, _Word):
                break
            if value is not _NOTHING:
                values.append(value)
        while match := _END_OF_IMAGE.search(self._data, self._at):
            self._at = match.end()
            # Pixels may spell EI as well; what follows a real one is text.
            if _TEXTUAL.issuperset(self._data[self._at : self._at + 12]):
                break
        else:
            self.faults += 1
            self._at = len(self._data)
        return {
            key: value
            for key, value in zip(values[::2], values[1::2], strict=False)
            if isinstance(key, str)
        }


class _Word:
    """An operator, as yet unknown."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


_NOTHING = object()


def _name(text: bytes) -> str:
    if b"#" in text:
        text = _NAME_ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), text)
    return text.decode("utf-8", "surrogateescape")


def _hexadecimal(digits: bytes) -> bytes:
    packed = b"".join(digits.replace(b"\x00", b"").split()).decode("ascii")
    return bytes.fromhex(packed + "0" * (len(packed) % 2))


def _unescape(match: re.Match[bytes]) -> bytes:
    mark = match[1]
    if mark in _ESCAPES:
        return _ESCAPES[mark]
    return bytes([int(mark, 8) & 255]) if mark[0] in b"01234567" else mark
