"""What was once read from a font file or a long list, kept on disk until it changes.

The cache only saves time: a lost, damaged or unwritable one is never an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_cache_dir
from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")

FORMAT = 1  # raise it whenever a cached type or the way it is read changes


MOST_MET = 2_000
"""Entries that a process keeps in memory; a process that makes many books asks for the same."""

MOST_NESTED = 40
"""Depth of the plain values that are kept."""

_met: dict[Path, Any] = {}


def cache_folder(name: str) -> Path:
    """Name a folder in the user's cache; it may not exist yet."""
    return Path(user_cache_dir("booklet", appauthor=False)) / name


def stamp(path: Path) -> str:
    """Identify one state of a file by its resolved path, size and time of change.

    Raises:
        OSError: The file cannot be seen.
    """
    real = os.path.realpath(path)
    status = path.stat()
    return f"{real}\0{status.st_size}\0{status.st_mtime_ns}"


def remember(path: Path, kind: str, adapter: TypeAdapter[T], make: Callable[[], T]) -> T:
    """Give what ``make`` finds in a file, from the cache while the file is unchanged.

    Args:
        path: The font file.
        kind: What is read, for example ``faces``; one file holds several kinds.
        adapter: Checks what the cache gives back.
        make: Reads the file; what it raises is passed on and not kept.
    """
    return _recalled(kind, stamp(path), adapter, make)


def remember_text(text: str, kind: str, make: Callable[[], Any]) -> Any:
    """Give the plain values that ``make`` reads from a text, from the cache where they are known.

    Values that JSON changes, such as dates or keys that are numbers, are read each time.

    Args:
        text: What is read.
        kind: How it is read.
        make: Reads it; what it raises is passed on and not kept.
    """

    def plain() -> tuple[str, str]:
        value = make()
        if not _is_plain(value):
            raise _ImpureError(value)
        said = json.dumps(value)
        return said, _digest(said)

    name = _digest(text)
    try:
        said, digest = _recalled(kind, name, _SAID, plain)
    except _ImpureError as impure:
        return impure.args[0]
    return json.loads(said) if _digest(said) == digest else make()


_SAID = TypeAdapter(tuple[str, str])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _ImpureError(Exception):
    """Values that cannot be kept; holds them."""


def _is_plain(value: object, depth: int = 0) -> bool:
    if depth > MOST_NESTED:  # or it holds itself
        return False
    if isinstance(value, dict):
        return all(
            type(key) is str and _is_plain(key) and _is_plain(item, depth + 1)
            for key, item in value.items()
        )
    if isinstance(value, list):
        return all(_is_plain(item, depth + 1) for item in value)
    if isinstance(value, str):
        return not any("\ud800" <= char <= "\udfff" for char in value)
    return value is None or isinstance(value, int) or (type(value) is float and isfinite(value))


def _recalled(kind: str, state: str, adapter: TypeAdapter[T], make: Callable[[], T]) -> T:
    key = f"{FORMAT}\0{kind}\0{state}".encode("utf-8", "surrogateescape")
    stored = cache_folder("coverage") / f"{hashlib.sha256(key).hexdigest()}.json"
    if stored in _met:
        known: T = _met[stored]
        return known
    with contextlib.suppress(OSError, ValidationError):
        known = adapter.validate_json(stored.read_bytes())
        _keep(stored, known)
        return known
    value = make()
    _keep(stored, value)
    with contextlib.suppress(OSError):
        _write(stored, adapter.dump_json(value))
    return value


def _keep(stored: Path, value: object) -> None:
    if len(_met) >= MOST_MET:
        _met.clear()
    _met[stored] = value


def _write(target: Path, data: bytes) -> None:
    """Write aside and move, so that a concurrent build never reads half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
