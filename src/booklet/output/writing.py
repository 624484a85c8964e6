"""Write a file of quires and of what ties them together (ISO 32000-1, 7.5)."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import pydyf

from booklet.output.quire import ENTRY, Quire, object_stream, standing, within

_HEAD = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
_LEVEL = 6


class Raw(pydyf.Object):  # type: ignore[misc]
    """An object whose text is known."""

    def __init__(self, body: bytes) -> None:
        """Take the text."""
        super().__init__()
        self.body = body

    @property
    def data(self) -> bytes:
        """The text."""
        return self.body


class RawStream(pydyf.Stream):  # type: ignore[misc]
    """A stream whose text is known, compressed or not."""

    def __init__(self, body: bytes) -> None:
        """Take the text, dictionary and all."""
        super().__init__()
        self.body = body

    @property
    def data(self) -> bytes:
        """The text."""
        return self.body


@dataclass(frozen=True, slots=True)
class Bound:
    """A file with the place of each of its quires.

    Attributes:
        data: The file.
        spans: Of each quire: offset and length in bytes, number of its first object, and how many.
        fonts: Number of the object that lists the fonts.
    """

    data: bytes = field(repr=False)
    spans: tuple[tuple[int, int, int, int], ...] = ()
    fonts: int = 0


def write_file(pdf: pydyf.PDF, quires: Sequence[Quire], identifier: bytes, fonts: int) -> Bound:
    """Write a file.

    Args:
        pdf: All objects that are in no quire, under their numbers.
        quires: In reading order, with ascending numbers.
        identifier: Of the file, whatever its state (14.4).
        fonts: Number of the object that lists the fonts.
    """
    if pdf.info:
        pdf.add_object(pdf.info)
    parts: list[bytes] = [_HEAD]
    at = len(_HEAD)
    rows: list[tuple[int, bytes]] = [(0, within(0, 0)[1:].rjust(ENTRY, b"\0"))]
    spans = []
    for quire in quires:
        parts.append(quire.data)
        rows.append((quire.first, quire.placed(at)))
        spans.append((at, len(quire.data), quire.first, quire.count))
        at += len(quire.data)
    number = len(pdf.objects)
    packed: list[tuple[int, bytes]] = []
    for own, item in enumerate(pdf.objects):
        if item.free == "f":
            continue
        if item.compressible:
            rows.append((own, within(number, len(packed))))
            packed.append((own, item.data))
        else:
            rows.append((own, standing(at)))
            parts.append(item.indirect + b"\n")
            at += len(parts[-1])
    for own, body in ((number, object_stream(number, packed)), (number + 1, b"")):
        rows.append((own, standing(at)))
        parts.append(body)
        at += len(body)
    rows.sort()
    index, entries = _sections(rows)
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    table = zlib.compress(entries, _LEVEL)
    words = [
        b"/Type/XRef/Index[%s]/W[1 4 3]/Size %d" % (index, number + 2),
        b"/Root " + pdf.catalog.reference,
        b"/Info " + pdf.info.reference if pdf.info else b"",
        b"/ID[%s %s]" % (_hexadecimal(identifier), _hexadecimal(digest.digest()[:16])),
        b"/Filter/FlateDecode/Length %d" % len(table),
    ]
    parts.append(
        b"%d 0 obj\n<<%s>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
        % (number + 1, b"".join(words), table, at)
    )
    return Bound(b"".join(parts), tuple(spans), fonts)


def _hexadecimal(value: bytes) -> bytes:
    return b"<" + value.hex().encode() + b">"


def _sections(rows: Sequence[tuple[int, bytes]]) -> tuple[bytes, bytes]:
    """Join entries whose numbers follow one another; give the list of their numbers, and all."""
    words: list[list[int]] = []
    for first, entries in rows:
        count = len(entries) // ENTRY
        if words and sum(words[-1]) == first:
            words[-1][1] += count
        else:
            words.append([first, count])
    listed = b" ".join(b"%d %d" % (first, count) for first, count in words)
    return listed, b"".join(entries for _, entries in rows)
