"""Galleys kept between builds: a cache of files named by what they were made of.

Entries are data, never code: a publication may come from a stranger with a cache of its own. A file
is written aside and moved, so that builds at the same time, or a kill at any moment, leave whole
files or none. Whatever cannot be read or written is as if it were not there.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import io
import os
import stat
import time
import zlib
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgpack

from booklet.output.put import put

if TYPE_CHECKING:
    from booklet.output.sheaf import Parcel, Sheaf

FORMAT = 2
"""Raise it whenever a class below changes."""

LARGEST_CACHE = 512 * 1024 * 1024
"""Bytes; what was used longest ago goes first."""

LARGEST_ENTRY = 64 * 1024 * 1024
_FRESH = 600
"""Seconds for which it is not noted again that an entry was used."""

_DIGEST = 32

_CLASS, _ENUM, _SET, _MAP = 1, 2, 3, 4


@functools.cache
def _classes() -> tuple[type, ...]:
    """Name what may be in entries; loaded when an entry holds one of them, for the renderer is."""
    from booklet.compose import Edge, Laid
    from booklet.errors import Diagnostic, Place
    from booklet.output.galley import Galley, Plain
    from booklet.output.grid import PageGrid
    from booklet.output.overset import Overset
    from booklet.output.page_labels import PageLabel
    from booklet.output.pictures import PlacedPicture
    from booklet.output.quire import Quire
    from booklet.output.sheaf import DrawnPage, FontUse, Parcel, Sheaf
    from booklet.typeset.pieces import Start

    return (
        Galley, Laid, Edge, PageLabel, Diagnostic, Place, PageGrid, Sheaf, DrawnPage, FontUse,
        Plain, PlacedPicture, Overset, Start, Parcel, Quire,
    )  # fmt: skip


@functools.cache
def _enums() -> tuple[type[Enum], ...]:
    from booklet.errors import Severity
    from booklet.output.overset import Fault

    return Severity, Fault


def pack(value: Any) -> bytes:
    """Write a galley as bytes."""
    data: bytes = msgpack.packb(value, default=_plain, strict_types=True)
    return data


def unpack(data: bytes) -> Any:
    """Read what `pack` wrote.

    Raises:
        ValueError: It is nothing of ours, or is damaged.
    """
    try:
        return msgpack.unpackb(data, ext_hook=_whole, use_list=False, strict_map_key=False)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError) as error:
        msg = f"the entry is damaged: {type(error).__name__}"
        raise ValueError(msg) from error


def pack_sheaf(sheaf: Sheaf) -> Parcel:
    """Pack a sheaf."""
    from booklet.output.quire import shared_streams
    from booklet.output.sheaf import Parcel

    data = zlib.compress(pack(sheaf), 1)
    return Parcel(data, hashlib.sha256(data).digest(), tuple(shared_streams(sheaf).items()))


def open_parcel(parcel: Parcel) -> Sheaf:
    """Open a parcel.

    Raises:
        ValueError: It is damaged.
    """
    try:
        found = unpack(zlib.decompress(parcel.data))
    except zlib.error as error:
        msg = "the parcel is damaged"
        raise ValueError(msg) from error
    from booklet.output.sheaf import Sheaf

    if not isinstance(found, Sheaf):
        msg = "there is no sheaf in the parcel"
        raise ValueError(msg)  # noqa: TRY004 - it is the value that is wrong
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return msgpack.ExtType(_ENUM, pack([_enums().index(type(value)), str(value.value)]))
    if isinstance(value, frozenset | set):
        return msgpack.ExtType(_SET, pack(sorted(value)))
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return msgpack.ExtType(_MAP, pack(list(value.items())))
    fields = [getattr(value, item.name) for item in dataclasses.fields(value)]
    return msgpack.ExtType(_CLASS, pack([_classes().index(type(value)), fields]))


def _whole(kind: int, data: bytes) -> Any:
    inner = unpack(data)
    if kind == _SET:
        return frozenset(inner)
    if kind == _MAP:
        return dict(inner)
    number, rest = inner
    if kind == _ENUM:
        return _enums()[number](rest)
    if kind == _CLASS:
        return _classes()[number](*rest)
    msg = f"there is no kind {kind}"
    raise ValueError(msg)


class Shelf:
    """A folder of entries."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which need not exist."""
        self.folder = folder

    def _file(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def get(self, key: str) -> Any:
        """Give an entry; None where there is none that can be read."""
        name = f"{self.folder}/{key[:2]}/{key[2:]}"
        try:
            # A long book has thousands of entries; what is no file must not keep us waiting.
            with io.FileIO(os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)) as file:
                status = os.fstat(file.fileno())
                if status.st_size > LARGEST_ENTRY or not stat.S_ISREG(status.st_mode):
                    return None
                data = file.readall()
            if hashlib.sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
                return None
            found = unpack(data[_DIGEST:])
        except (OSError, ValueError):
            return None
        if not 0 <= time.time() - status.st_mtime < _FRESH:
            with contextlib.suppress(OSError):
                os.utime(name)
        return found

    def put(self, key: str, value: Any) -> None:
        """Keep an entry, if the folder can be written."""
        data, file = pack(value), self._file(key)
        if self.folder.is_symlink() or file.parent.is_symlink():
            return  # a cache that came with a publication might lead anywhere
        with contextlib.suppress(OSError):
            put(file, hashlib.sha256(data).digest() + data)

    def tidy(self, largest: int = LARGEST_CACHE) -> None:
        """Remove what was used longest ago, until the folder is small enough."""
        found = []
        with contextlib.suppress(OSError):
            for file in [] if self.folder.is_symlink() else self.folder.glob("*/*"):
                with contextlib.suppress(OSError):
                    status = file.lstat()
                    if file.parent.is_symlink() or not stat.S_ISREG(status.st_mode):
                        continue
                    found.append((status.st_mtime_ns, status.st_size, file))
        total = sum(size for _, size, _ in found)
        for _, size, file in sorted(found):
            if total <= largest:
                break
            with contextlib.suppress(OSError):
                file.unlink()
            total -= size
