"""A quire: the pages of one piece as bytes of a file, with the numbers of their objects settled.

A file is little more than its quires, one after another. Each holds its own objects: pages, drawn
content, an object stream with the rest (ISO 32000-1, 7.5.7), and a leaf of the tree that leads from
marked content to its structure (14.7.4.4). What it depends on outside of itself is its first number
and a few references, so it stays as it is while other pieces change.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from booklet.output.sheaf import CONTENTS, Bookmark, FontUse, Sheaf

STEP = 64
"""First numbers are multiples of it, so that a few objects more move no other quire."""

ENTRY = 8
"""Bytes of an entry of the cross-reference stream: one for the kind, four and three for fields."""

_LEVEL = 9
_MARK = re.compile(rb"\x01(?:N(\d+)|T(\d+)|(\d+)|([A-Z]))\x01")
_SAME_FROM = 512
"""Bytes from which a stream is looked for among those that are bound already."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a quire names outside of itself.

    Attributes:
        first: Number of its first object.
        letters: References by the letter that stands for them in a sheaf.
        elsewhere: Numbers of streams that another quire holds, by number in the sheaf.
    """

    first: int
    letters: Mapping[str, int]
    elsewhere: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Quire:
    """Pages as bytes of a file.

    Attributes:
        data: The bytes.
        first: Number of its first object; the others follow.
        entries: Of the cross-reference stream, where offsets count from 0 at its first byte.
        offsets: Place among its objects, and offset, of each one that stands by itself.
        pages: Numbers of its pages.
        outline: Height and bookmarks of each page, in CSS pixels.
        dests: Name and text of each destination.
        tops: References to the structure elements below the document.
        leaf: Number of its leaf of the parent tree, and its least and largest keys; () for none.
        fonts: How its pages use fonts.
        streams: Number of each stream that other quires may name, by the digest of its text.
    """

    data: bytes = field(repr=False)
    first: int
    entries: bytes = field(repr=False)
    offsets: tuple[tuple[int, int], ...]
    pages: tuple[int, ...]
    outline: tuple[tuple[float, tuple[Bookmark, ...]], ...]
    dests: tuple[tuple[str, bytes], ...]
    tops: tuple[bytes, ...]
    leaf: tuple[int, ...]
    fonts: Mapping[str, FontUse]
    streams: Mapping[bytes, int]

    @property
    def count(self) -> int:
        """Its objects."""
        return len(self.entries) // ENTRY

    def placed(self, offset: int) -> bytes:
        """Give its entries for a file in which it begins at an offset."""
        entries = bytearray(self.entries)
        for at, own in self.offsets:
            entries[at * ENTRY : (at + 1) * ENTRY] = standing(offset + own)
        return bytes(entries)


def standing(offset: int) -> bytes:
    """Write the entry of an object that stands by itself (ISO 32000-1, 7.5.8.3)."""
    return (1 << 56 | offset << 24).to_bytes(ENTRY, "big")


def within(stream: int, index: int) -> bytes:
    """Write the entry of an object that an object stream holds."""
    return (2 << 56 | stream << 24 | index).to_bytes(ENTRY, "big")


def shared_streams(sheaf: Sheaf) -> dict[int, bytes]:
    """Name the streams that another sheaf may have, too: the digest of each by its number.

    What is drawn on a page is its own, even where another page looks the same: a quire holds all
    the text that its pages show.
    """
    drawn = {
        int(found[1])
        for page in sheaf.pages
        if (found := CONTENTS.search(sheaf.objects[page.number]))
    }
    return {
        number: hashlib.sha256(sheaf.objects[number]).digest()
        for number in sorted((sheaf.streams & sheaf.objects.keys()) - drawn)
        if _is_closed(sheaf.objects[number])
    }


def _is_closed(body: bytes) -> bool:
    """Tell whether a stream is worth comparing, and names no other object."""
    return len(body) >= _SAME_FROM and not _MARK.search(body.partition(b"\nstream\n")[0])


def fold(sheaf: Sheaf, around: Around, shared: Mapping[int, bytes], *, tagged: bool) -> Quire:
    """Make a quire of a sheaf.

    Args:
        sheaf: The pages.
        around: What they name outside of themselves.
        shared: What `shared_streams` told of them.
        tagged: They have structure.
    """
    return _Folding(sheaf, around).quire(shared, tagged=tagged)


class _Folding:
    """Gives every object its number."""

    def __init__(self, sheaf: Sheaf, around: Around) -> None:
        self.sheaf, self.around = sheaf, around
        own = [number for number in sheaf.objects if number not in around.elsewhere]
        self.numbers = {number: around.first + at for at, number in enumerate(own)}
        self.following = around.first + len(own)
        self.references = {
            str(number).encode(): b"%d 0 R" % given
            for number, given in (*self.numbers.items(), *around.elsewhere.items())
        }
        self.letters = {
            letter.encode(): b"%d 0 R" % number for letter, number in around.letters.items()
        }
        # Keys of the parent tree are the quire's own numbers: first its pages, then its links.
        first_link = around.first + len(sheaf.pages)
        self.keys = {
            str(number).encode(): b"%d" % (first_link + at)
            for at, (_, number) in enumerate(sheaf.annotations)
        }

    def quire(self, shared: Mapping[int, bytes], *, tagged: bool) -> Quire:
        """Write all objects."""
        sheaf, first = self.sheaf, self.around.first
        pages = {page.number: first + at for at, page in enumerate(sheaf.pages)}
        data, entries, offsets = bytearray(), list[bytes](), list[tuple[int, int]]()
        packed: list[tuple[int, bytes]] = []
        leaf = self._leaf() if tagged and sheaf.pages else ()
        stream = self.following + bool(leaf)
        for number, given in self.numbers.items():
            if number in pages:
                self.letters[b"S"] = b"%d" % pages[number]
            body = self.filled(sheaf.objects[number])
            if number in sheaf.streams:
                offsets.append((given - first, len(data)))
                entries.append(standing(0))
                data += b"%d 0 obj\n%s\nendobj\n" % (given, body)
            else:
                entries.append(within(stream, len(packed)))
                packed.append((given, body))
        if leaf:
            entries.append(within(stream, len(packed)))
            packed.append((self.following, leaf[0]))
        if packed:
            offsets.append((len(entries), len(data)))
            entries.append(standing(0))
            data += object_stream(stream, packed)
        return Quire(
            data=bytes(data), first=first, entries=b"".join(entries), offsets=tuple(offsets),
            pages=tuple(self.numbers[page.number] for page in sheaf.pages),
            outline=tuple((page.height, page.bookmarks) for page in sheaf.pages),
            dests=tuple((name, self.filled(place)) for name, place in sheaf.dests),
            tops=tuple(map(self.filled, sheaf.tops)),
            leaf=(self.following, *leaf[1:]) if leaf else (),
            fonts=sheaf.fonts,
            streams={
                digest: self.numbers[number] for number, digest in shared.items()
                if number in self.numbers
            },
        )  # fmt: skip

    def _leaf(self) -> tuple[bytes, int, int]:
        """Write what leads from the pages' marked content, and from links, to structure."""
        first = self.around.first
        rows = [
            b"%d[%s]" % (key, b" ".join(map(self.filled, page.owners)))
            for key, page in enumerate(self.sheaf.pages, first)
        ]
        rows += [
            b"%d %s" % (key, self.filled(element))
            for key, (element, _) in enumerate(self.sheaf.annotations, first + len(rows))
        ]
        last = first + len(rows) - 1
        return b"<</Limits[%d %d]/Nums[%s]>>" % (first, last, b" ".join(rows)), first, last

    def filled(self, body: bytes) -> bytes:
        """Fill in what was left open; the content of a stream holds no marks."""
        head, stream, rest = body.partition(b"\nstream\n")
        return _MARK.sub(self._named, head) + stream + rest

    def _named(self, mark: re.Match[bytes]) -> bytes:
        cell, link, number, letter = mark.groups()
        if number:
            return self.references[number]
        if cell:
            return self.references[cell].partition(b" ")[0]
        if link:
            return self.keys[link]
        return self.letters[letter]


def object_stream(number: int, objects: Sequence[tuple[int, bytes]]) -> bytes:
    """Write objects into an object stream.

    Args:
        number: Its own.
        objects: Number and text of each.
    """
    places, at = [], 0
    for own, body in objects:
        places.append(b"%d %d" % (own, at))
        at += len(body) + 1
    head = b" ".join(places) + b"\n"
    data = zlib.compress(head + b"\n".join(body for _, body in objects), _LEVEL)
    return (
        b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n%s\n"
        b"endstream\nendobj\n" % (number, len(objects), len(head), len(data), data)
    )
