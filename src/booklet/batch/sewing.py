"""Sew parts into one PDF without holding it: objects are renumbered and written on as they come.

Each part is a file that `pikepdf` has saved with every object in plain sight and a cross-reference
table (ISO 32000-1, 7.5.4). Its tree of pages becomes a branch of that of the whole. Of what is
written, only the place of each object is remembered: 8 bytes for each.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

_HEAD = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n"
_TAIL = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>", re.DOTALL)
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_PAGES = re.compile(rb"/Pages (\d+) 0 R")
_KIDS = re.compile(rb"/Kids \[([\d R\s]*)\]")
_INTENTS = re.compile(rb"/OutputIntents (\d+) 0 R")
_NUMBER = re.compile(rb"(\d+) 0 R")
# Strings are skipped: what they say is no reference.
_TOKEN = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f\s]*>|\b(\d+) 0 R\b", re.DOTALL)
_STREAM = b"\nstream\n"

CATALOG, PAGES, INFO, LABELS, OUTLINES = 1, 2, 3, 4, 5
_FIRST = 6


class PartError(ValueError):
    """A part is not as it was saved."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the outline: its words, and the index of the page that it leads to."""

    title: str
    page: int


@dataclass
class Sewing:
    """A file under way.

    Attributes:
        target: Where it is written.
    """

    target: BinaryIO
    _places: array[int] = field(default_factory=lambda: array("Q", [0] * _FIRST))
    _branches: list[tuple[int, int]] = field(default_factory=list)
    _pages: array[int] = field(default_factory=lambda: array("L"))
    _intents: int = 0
    _at: int = 0

    def __post_init__(self) -> None:
        self._digest = hashlib.sha256()
        self._write(_HEAD)

    def add(self, path: Path) -> None:
        """Add a part.

        Raises:
            PartError: It cannot be taken apart.
        """
        part = _Part(path.read_bytes())
        by = len(self._places) - 1
        self._places.extend([0] * part.count)
        for number, body in part.objects():
            if number == part.catalog:
                continue
            if number == part.pages:
                body = body.replace(b"<<", b"<< /Parent %d 0 R" % PAGES, 1)
            self._object(number + by, _moved(body, by, keep=PAGES if number == part.pages else 0))
        if not self._branches and part.intents:
            self._intents = part.intents + by
        self._branches.append((part.pages + by, len(part.kids)))
        self._pages.extend(number + by for number in part.kids)

    def finish(self, labels: Sequence[tuple[int, str]], entries: Sequence[Entry]) -> None:
        """Write what ties the parts together.

        Args:
            labels: Index of a page from which on a label counts, and the label.
            entries: Of the outline; there has to be one.
        """
        kids = b" ".join(b"%d 0 R" % number for number, _ in self._branches)
        count = sum(pages for _, pages in self._branches)
        self._object(PAGES, b"<< /Count %d /Kids [ %s ] /Type /Pages >>" % (count, kids))
        rows = b" ".join(b"%d << /P %s >>" % (page, _string(text)) for page, text in labels)
        self._object(LABELS, b"<< /Nums [ %s ] >>" % rows)
        first = len(self._places)
        last = first + len(entries) - 1
        self._places.extend([0] * len(entries))
        for number, entry in enumerate(entries, first):
            words = [b"/Title %s /Dest [ %d 0 R /Fit ] /Parent %d 0 R"
                     % (_string(entry.title), self._pages[entry.page], OUTLINES)]  # fmt: skip
            words += [b"/Prev %d 0 R" % (number - 1)] if number > first else []
            words += [b"/Next %d 0 R" % (number + 1)] if number < last else []
            self._object(number, b"<< %s >>" % b" ".join(words))
        self._object(
            OUTLINES, b"<< /Count %d /First %d 0 R /Last %d 0 R /Type /Outlines >>"
            % (len(entries), first, last),
        )  # fmt: skip
        intents = b" /OutputIntents %d 0 R" % self._intents if self._intents else b""
        self._object(
            CATALOG,
            b"<< /Outlines %d 0 R /PageLabels %d 0 R /PageMode /UseOutlines /Pages %d 0 R"
            b" /Type /Catalog%s >>" % (OUTLINES, LABELS, PAGES, intents),
        )
        title = _string(f"{len(entries)} booklets")
        self._object(INFO, b"<< /Creator (booklet) /Title %s >>" % title)
        self._table()

    def _table(self) -> None:
        start, count = self._at, len(self._places)
        name = self._digest.hexdigest()[:32].encode()
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        for at in range(1, count):
            place = self._places[at]
            # What a part left out is free.
            self._write(b"%010d 00000 n \n" % place if place else b"0000000000 00000 f \n")
        self._write(
            b"trailer << /Root %d 0 R /Info %d 0 R /Size %d /ID [ <%s> <%s> ] >>\n"
            b"startxref\n%d\n%%%%EOF\n" % (CATALOG, INFO, count, name, name, start)
        )

    def _object(self, number: int, body: bytes) -> None:
        self._places[number] = self._at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _write(self, data: bytes) -> None:
        self.target.write(data)
        self._digest.update(data)
        self._at += len(data)


class _Part:
    """A part, taken apart."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        tail = _TAIL.search(data, max(0, len(data) - 64))
        if tail is None:
            raise PartError
        self._end = int(tail[1])
        head, _, rest = data[self._end :].partition(b"\n")
        rows, _, _ = rest.partition(b"\n")
        numbers = rows.split()
        trailer = _TRAILER.search(data, self._end)
        if head.strip() != b"xref" or len(numbers) != 2 or numbers[0] != b"0" or trailer is None:
            raise PartError
        self.count = int(numbers[1]) - 1
        begin = self._end + len(head) + 1 + len(rows) + 1
        self._places = {}
        for at in range(1, self.count + 1):
            row = data[begin + 20 * at : begin + 20 * (at + 1)]
            if row[17:18] == b"n":
                self._places[at] = int(row[:10])
        self._ends = {}
        for (number, _), (_, end) in _following(self._places, self._end):
            self._ends[number] = end
        self.catalog = _one(_ROOT, trailer[1])
        catalog = self.body(self.catalog)
        self.pages = _one(_PAGES, catalog)
        found = _KIDS.search(self.body(self.pages))
        self.kids = [int(number) for number in _NUMBER.findall(found[1])] if found else []
        intents = _INTENTS.search(catalog)
        self.intents = int(intents[1]) if intents else 0

    def body(self, number: int) -> bytes:
        """Give the text of an object.

        Raises:
            PartError: There is none where it should be.
        """
        text = self.data[self._places.get(number, 0) : self._ends.get(number, 0)].rstrip()
        head = b"%d 0 obj\n" % number
        if not (text.startswith(head) and text.endswith(b"endobj")):
            raise PartError
        return text.removeprefix(head).removesuffix(b"endobj").removesuffix(b"\n")

    def objects(self) -> Iterator[tuple[int, bytes]]:
        """Give number and text of each object."""
        for number in self._places:
            yield number, self.body(number)


def _following(
    places: dict[int, int], end: int
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Give each object by its place, with what follows it."""
    ordered = sorted(places.items(), key=lambda one: one[1])
    return zip(ordered, [*ordered[1:], (0, end)], strict=True)


def _one(pattern: re.Pattern[bytes], text: bytes) -> int:
    found = pattern.search(text)
    if found is None:
        raise PartError
    return int(found[1])


def _moved(body: bytes, by: int, keep: int) -> bytes:
    """Name other objects by numbers that are larger by so many, but for one reference to keep."""

    def change(token: re.Match[bytes]) -> bytes:
        number = token[1]
        if number is None or (keep and token.start() < len(b"<< /Parent 99 0 R")):
            return token[0]
        return b"%d 0 R" % (int(number) + by)

    head, stream, rest = body.partition(_STREAM)
    return _TOKEN.sub(change, head) + stream + rest


def _string(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be", "replace").hex().upper().encode() + b">"
