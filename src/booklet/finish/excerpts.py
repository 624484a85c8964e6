"""Parts of a PDF as files of their own: its cross-reference, its object streams, and excerpts.

What the binder writes is known to be in one form, with one cross-reference stream; a file of any
other form is told by `UnreadableError`, and has to be read as a whole.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import pikepdf

Span = tuple[int, int, int, int]
"""Of a quire: offset and length in bytes, number of its first object, and how many."""

ENTRY = 8
_ROOM = 4
"""Bytes of a file for each number of an object that may be in it; 3 are enough."""

_TAIL = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_STREAM = re.compile(rb"\d+ 0 obj\s*<<(.*?)>>\s*stream\r?\n", re.DOTALL)
_NUMBERS = re.compile(rb"/Index\s*\[([\d\s]*)\]")
_REFERENCE = re.compile(rb"(\d+) 0 R")
_FIRST = re.compile(rb"/First (\d+)")


class UnreadableError(ValueError):
    """The file is not as the binder writes it, and has to be read as a whole."""


class Table:
    """The cross-reference stream of a file (ISO 32000-1, 7.5.8)."""

    def __init__(self, data: bytes) -> None:
        tail = _TAIL.search(data, max(0, len(data) - 64))
        head = _STREAM.match(data, int(tail[1])) if tail else None
        numbers = _NUMBERS.search(head[1]) if head else None
        if tail is None or head is None or numbers is None or b"/W[1 4 3]" not in head[1]:
            raise UnreadableError
        self.place = int(tail[1])
        try:
            self.entries = zlib.decompressobj().decompress(data[head.end() :])
        except zlib.error as error:
            raise UnreadableError from error
        words = [int(word) for word in numbers[1].split()]
        self.sections: list[tuple[int, int, int]] = []
        at = 0
        for first, count in zip(words[::2], words[1::2], strict=True):
            self.sections.append((first, count, at))
            at += count
        self.size = sum(self.sections[-1][:2])
        if at * ENTRY != len(self.entries):
            raise UnreadableError

    def block(self, span: Span) -> bytes:
        """Give the entries of a quire's objects, with offsets that count from its first byte.

        Raises:
            UnreadableError: An object of it stands outside of it.
        """
        offset, length, first, count = span
        rows = bytearray(self._rows(first, count))
        for at in range(count):
            row = rows[at * ENTRY : (at + 1) * ENTRY]
            kind, place = row[0], int.from_bytes(row[1:5], "big")
            if kind == 1:
                if not offset <= place < offset + length:
                    raise UnreadableError
                rows[at * ENTRY + 1 : at * ENTRY + 5] = (place - offset).to_bytes(4, "big")
            elif kind != 2 or not first <= place < first + count:
                raise UnreadableError
        return bytes(rows)

    def _rows(self, first: int, count: int) -> bytes:
        for start, many, at in self.sections:
            if start <= first and first + count <= start + many:
                begin = (at + first - start) * ENTRY
                return self.entries[begin : begin + count * ENTRY]
        raise UnreadableError

    def outside(self, spans: Sequence[Span]) -> Iterator[tuple[int, bytes]]:
        """Give number and entry of each object that no quire holds."""
        own = {span[2] + at for span in spans for at in range(span[3])}
        for first, count, at in self.sections:
            for number in range(first, first + count):
                if number not in own:
                    place = (at + number - first) * ENTRY
                    yield number, self.entries[place : place + ENTRY]


def one(pattern: re.Pattern[bytes], text: bytes) -> int:
    """Find the number that a pattern catches.

    Raises:
        UnreadableError: There is none.
    """
    found = pattern.search(text)
    if found is None:
        raise UnreadableError
    return int(found[1])


class Objects:
    """The text of objects in object streams (ISO 32000-1, 7.5.7)."""

    def __init__(self, data: bytes, rows: Mapping[int, bytes]) -> None:
        self.data, self.rows = data, rows
        self._streams: dict[int, list[bytes]] = {}

    def listed(self, number: int, pattern: re.Pattern[bytes]) -> tuple[int, ...]:
        """Give the numbers that an object lists under a key.

        Raises:
            UnreadableError: It lists none.
        """
        found = pattern.search(self.text(number))
        named = tuple(map(int, _REFERENCE.findall(found[1]))) if found else ()
        if not named:
            raise UnreadableError
        return named

    def text(self, number: int) -> bytes:
        """Give the text of an object.

        Raises:
            UnreadableError: It is in no object stream.
        """
        row = self.rows.get(number, b"\0")
        if row[0] != 2:
            raise UnreadableError
        stream, index = int.from_bytes(row[1:5], "big"), int.from_bytes(row[5:8], "big")
        if stream not in self._streams:
            self._streams[stream] = self._unpacked(self.rows.get(stream, b"\0"))
        if not index < len(self._streams[stream]):
            raise UnreadableError
        own, _, text = self._streams[stream][index].partition(b" ")
        if int(own) != number:
            raise UnreadableError
        return text

    def _unpacked(self, row: bytes) -> list[bytes]:
        """Give number and text of each object of a stream."""
        head = _STREAM.match(self.data, int.from_bytes(row[1:5], "big")) if row[0] == 1 else None
        if head is None:
            raise UnreadableError
        begin = one(_FIRST, head[1])
        try:
            data = zlib.decompressobj().decompress(self.data[head.end() :])
        except zlib.error as error:
            raise UnreadableError from error
        words = data[:begin].split()
        places = [begin + int(place) for place in words[1::2]] + [len(data)]
        return [
            own + b" " + data[start:end]
            for own, (start, end) in zip(words[::2], pairwise(places), strict=True)
        ]


def moved(rows: Iterator[tuple[int, bytes]], by: int) -> Iterator[tuple[int, bytes]]:
    """Let what stands by itself stand so many bytes further ahead.

    Raises:
        UnreadableError: Something would stand before the file.
    """
    for number, row in rows:
        if row[0] != 1:
            yield number, row
            continue
        place = int.from_bytes(row[1:5], "big") - by
        if place < 0:
            raise UnreadableError
        yield number, b"\1" + place.to_bytes(4, "big") + row[5:]


def opened(head: bytes, body: bytes, rows: dict[int, bytes], catalog: bytes) -> pikepdf.Pdf:
    """Open bytes of a file as a file of their own.

    Args:
        head: What it begins with.
        body: Its objects.
        rows: Their entries in the cross-reference.
        catalog: What the catalog holds besides its type.

    Raises:
        pikepdf.PdfError: They are damaged.
    """
    root = max(rows) + 1
    catalog = b"%d 0 obj\n<</Type/Catalog%s>>\nendobj\n" % (root, catalog)
    place = len(head) + len(body)
    rows |= {root: standing(place), root + 1: standing(place + len(catalog))}
    listed = b" ".join(b"%d 1" % number for number in sorted(rows))
    table = b"".join(rows[number] for number in sorted(rows))
    tail = (
        b"%d 0 obj\n<</Type/XRef/Index[%s]/W[1 4 3]/Size %d/Root %d 0 R/Length %d>>\nstream\n%s\n"
        b"endstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
        % (root + 1, listed, root + 2, root, len(table), table, place + len(catalog))
    )
    return pikepdf.open(io.BytesIO(head + body + catalog + tail), attempt_recovery=False)


def head_for(numbers: int) -> bytes:
    """Begin a file that is large enough for so many numbers of objects.

    The reader takes a small file with large numbers for a damaged one.
    """
    return b"%PDF-1.7\n" + b" " * (_ROOM * (numbers + _ROOM))


def standing(place: int) -> bytes:
    """Write the entry of an object that stands by itself."""
    return b"\1" + place.to_bytes(4, "big") + b"\0\0\0"
