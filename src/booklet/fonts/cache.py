"""What was once read from a font file, kept on disk until the file changes.

The cache only saves time: a lost, damaged or unwritable one is never an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_cache_dir
from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")

FORMAT = 1  # raise it whenever a cached type or the way it is read changes


MOST_MET = 2_000
"""Entries that a process keeps in memory; a process that makes many books asks for the same."""

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
    key = f"{FORMAT}\0{kind}\0{stamp(path)}".encode("utf-8", "surrogateescape")
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
