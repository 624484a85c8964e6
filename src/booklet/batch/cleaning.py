"""Remove what a batch has made: what its records name, and only as it was made.

A folder that came from elsewhere may hold records, too. So a record is believed for files right
beside it, whose checksums it knows; links are never followed.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from booklet import limits
from booklet.batch.record import RECORD, checksum, read_kept
from booklet.batch.store import LOCK, FolderStore, alone
from booklet.output.put import sweep

_MERGED = re.compile(r"merged(-\d+)?\.pdf")


def is_batch(folder: Path) -> bool:
    """Tell whether a folder holds the outputs of a batch."""
    return _is_plain(folder / LOCK)


def clean_batch(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Remove the outputs of a batch; what others have put there, or changed, stays.

    Yields:
        Each folder of a booklet, and at last the folder itself, and whether it is gone.

    Raises:
        InputError: A batch is at work there.
    """
    with alone(FolderStore(folder)):
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.is_symlink() and _is_plain(path / RECORD):
                yield path, _clean_booklet(path)
        sweep(folder)
        report = folder / RECORD
        known = _merged(_read(report)) if _is_plain(report) else set()
        for path in sorted(folder.iterdir()):
            if _MERGED.fullmatch(path.name) and _is_plain(path) and path.name in known:
                path.unlink()
        if not any(path.is_dir() for path in folder.iterdir()):
            report.unlink(missing_ok=True)
            (folder / LOCK).unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()
    yield folder, not folder.exists()


def _clean_booklet(folder: Path) -> bool:
    record = folder / RECORD
    try:
        known = read_kept(_read(record))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    for item in known:
        file = folder / item.name
        if _is_plain(file) and file.stat().st_size == item.size:
            data = file.read_bytes()
            if checksum(data) == item.sha256:
                file.unlink()
    sweep(folder)
    if list(folder.iterdir()) == [record]:
        record.unlink()
        folder.rmdir()
    return not folder.exists()


def _merged(text: bytes) -> set[str]:
    """Name the print files that the report of a batch names."""
    try:
        return {str(name).rpartition("/")[2] for name in json.loads(text)["merged"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(limits.value("file-size"))


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
