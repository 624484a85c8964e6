"""Read a bound PDF back quire by quire, so that what was read before need not be read again.

A quire is a stretch of the file that holds whole objects. What it gives back depends on its bytes,
on where the cross-reference finds its objects in them, and on which of them are pages and tops of
the structure: all of it is taken from the finished file, and a digest of it names the reading. What
was kept under that name was read from the very same bytes. The rest of the file (page tree,
structure, fonts) is read each time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from booklet.finish.excerpts import (
    ENTRY,
    Objects,
    Span,
    Table,
    UnreadableError,
    head_for,
    moved,
    one,
    opened,
    standing,
)
from booklet.finish.pdf_text import Codes, Decoder, decoded, decoder_of, read_codes

Readings = dict[bytes, tuple[Codes, ...]]
"""The codes of each page of a quire, by what names the reading."""

_LIST = "/BookletFonts"
_NO_PAGES = b"/Pages<</Type/Pages/Kids[]/Count 0>>"
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_PAGES = re.compile(rb"/Pages (\d+) 0 R")
_STRUCTURE = re.compile(rb"/StructTreeRoot (\d+) 0 R")
_KIDS = re.compile(rb"/Kids ?\[([\d R]*)\]")
_KID = re.compile(rb"/K ?\[([\d R]*)\]")


def read_quires(
    data: bytes, spans: Sequence[Span], fonts: int, known: Mapping[bytes, tuple[Codes, ...]]
) -> tuple[tuple[str, ...], Readings]:
    """Give the tagged text of each page, in structure order.

    Args:
        data: A PDF.
        spans: Where its quires are.
        fonts: Number of the object that lists its fonts.
        known: Readings that were made before.

    Returns:
        The text of each page, and the readings that it was taken from.

    Raises:
        UnreadableError: The spans are not what the file consists of.
        pikepdf.PdfError: The file is damaged.
    """
    table = Table(data)
    skeleton = _Skeleton.read(data, table, spans, fonts)
    readings: Readings = {}
    texts: dict[int, str] = {}
    for span in spans:
        own = range(span[2], span[2] + span[3])
        part = _Part(
            data[span[0] : span[0] + span[1]], table.block(span), own,
            skeleton.pages[own], skeleton.tops[own],
        )  # fmt: skip
        key = part.key(fonts)
        found = known.get(key, ())
        if len(found) != len(part.pages):
            found = part.read(fonts)
        readings[key] = found
        for page, codes in zip(part.pages, found, strict=True):
            texts[page] = decoded(codes, skeleton.decoders)
    return tuple(texts[page] for page in skeleton.order), readings


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """What ties the quires of a file together.

    Attributes:
        order: Numbers of the pages.
        pages: Numbers of the pages that are objects of a quire, by the numbers of its objects.
        tops: Numbers of the elements below the document that are such objects.
        decoders: What the codes of each font stand for.
    """

    order: tuple[int, ...]
    pages: Mapping[range, list[int]]
    tops: Mapping[range, list[int]]
    decoders: Mapping[str, Decoder]

    @classmethod
    def read(cls, data: bytes, table: Table, spans: Sequence[Span], fonts: int) -> _Skeleton:
        """Read it from a file, with nothing of the quires in it.

        Raises:
            UnreadableError: Quires and the rest do not make up the file.
        """
        blocks = [range(first, first + count) for _, _, first, count in spans]
        ends = [(offset, offset + length) for offset, length, _, _ in spans]
        if not spans or any(before[1] != after[0] for before, after in pairwise(ends)):
            raise UnreadableError
        if any(before.stop > after.start for before, after in pairwise(blocks)):
            raise UnreadableError
        rest = ends[-1][1]
        head = head_for(table.size)
        rows = dict(moved(table.outside(spans), rest - len(head)))
        with opened(head, data[rest : table.place], rows, _NO_PAGES) as pdf:
            listed: Any = pdf.get_object((fonts, 0))
            decoders = {name: decoder_of(font) for name, font in listed.items()}
        # Pages and elements are not in this excerpt, so what names them has to be read as it is.
        objects = Objects(data, dict(table.outside(spans)))
        root = objects.text(one(_ROOT, data[table.place :]))
        order = objects.listed(one(_PAGES, root), _KIDS)
        tops = objects.listed(objects.listed(one(_STRUCTURE, root), _KID)[0], _KID)
        return cls(order, _sorted_into(blocks, order), _sorted_into(blocks, tops), decoders)


def _sorted_into(blocks: Sequence[range], numbers: Sequence[int]) -> dict[range, list[int]]:
    """Sort numbers into blocks; they have to come block by block.

    Raises:
        UnreadableError: They do not.
    """
    found: dict[range, list[int]] = {}
    waiting = list(reversed(numbers))
    for block in blocks:
        own = []
        while waiting and waiting[-1] in block:
            own.append(waiting.pop())
        found[block] = own
    if waiting:
        raise UnreadableError
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """A quire as it stands in the finished file.

    Attributes:
        data: Its bytes.
        rows: Its entries in the cross-reference.
        own: Numbers of its objects.
        pages: Numbers of its pages.
        tops: Numbers of its elements below the document.
    """

    data: bytes = field(repr=False)
    rows: bytes = field(repr=False)
    own: range
    pages: Sequence[int]
    tops: Sequence[int]

    def key(self, fonts: int) -> bytes:
        """Name all that reading it depends on."""
        facts = repr((self.own.start, self.pages, self.tops, fonts)).encode()
        digest = hashlib.sha256()
        for part in (self.data, self.rows, facts):
            digest.update(hashlib.sha256(part).digest())
        return digest.digest()

    def read(self, fonts: int) -> tuple[Codes, ...]:
        """Read it, as a file of its own."""
        head = head_for(self.own.stop)
        rows = dict(moved(self._entries(), -len(head)))
        kids, tops = (
            b" ".join(b"%d 0 R" % number for number in numbers)
            for numbers in (self.pages, self.tops)
        )
        rows[fonts] = standing(len(head) + len(self.data))
        body = self.data + b"%d 0 obj\n<<%s true>>\nendobj\n" % (fonts, _LIST.encode())
        tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(self.pages))
        catalog = b"/Pages %s/StructTreeRoot<</K[%s]>>" % (tree, tops)
        with opened(head, body, rows, catalog) as pdf:
            return read_codes(pdf, _Listed())

    def _entries(self) -> Iterator[tuple[int, bytes]]:
        for at, number in enumerate(self.own):
            yield number, self.rows[at * ENTRY : (at + 1) * ENTRY]


class _Listed:
    """Names fonts as the list of them in the file does; pages have to name that very list."""

    def name(self, resources: Any, name: str) -> str:
        """Name a font; '' for one of another list."""
        return name if _LIST in (resources.get("/Font") or {}) else ""
