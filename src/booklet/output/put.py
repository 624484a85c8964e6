"""Write a finished file so that no reader ever sees half of it, and only where it belongs.

A file is written aside under a name of our own and moved into place. Whoever writes holds a lock on
it; so what a process that was killed has left is known by its name and by nobody holding it, and
the next one that writes there removes it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from booklet.errors import Diagnostic, InputError, Place, Severity

_BEGINNING, _END = ".booklet-", ".part"


def put(path: Path, data: bytes) -> Path:
    """Write a file aside and move it into place; give back its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    handle, name = _aside(path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            Path(name).chmod(0o644)
            Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def _aside(folder: Path) -> tuple[int, str]:
    """Open a file to be written, and lock it."""
    while True:
        handle, name = tempfile.mkstemp(prefix=_BEGINNING, suffix=_END, dir=folder)
        with contextlib.suppress(OSError):  # some disks of other machines know no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, name
        os.close(handle)  # someone has swept it away before it was locked


def sweep(folder: Path) -> None:
    """Remove what processes that were killed have left half-written in a folder."""
    for path in list(folder.glob(f"{_BEGINNING}*{_END}")):
        try:
            handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            continue
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
        os.close(handle)


def refuse_links_out(
    root: Path, out: Path, inner: Iterable[str] = (), *, named: bool = False
) -> None:
    """See that a folder for outputs within a publication does not lead out of it.

    An output folder elsewhere is the user's, and may lead where he likes. One that came with the
    publication would let a stranger say where files are written.

    Args:
        root: The publication's folder.
        out: Folder for outputs.
        inner: Names within it that are written to or read.
        named: The user has named the folder himself, so that it may be a link, but not what lies
            within it.

    Raises:
        InputError: It, or something within it, is a link that leads out.
    """
    base, target = Path(os.path.abspath(root)), Path(os.path.abspath(out))  # noqa: PTH100 - no links
    real = base.resolve()
    if named and not _inside(target, real):
        return
    if not target.is_relative_to(base) and not _inside(target.parent, real):
        return
    for path in (target, *(target / name for name in inner)):
        if not _inside(path, real):
            found = Diagnostic(
                Place(str(path)), Severity.ERROR, "out-outside",
                "it is a link, or lies behind one, that leads out of the publication",
                "remove the link, or name a folder of your own with --out",
            )  # fmt: skip
            msg = "nothing was written"
            raise InputError(msg, (found,))


def _inside(path: Path, real: Path) -> bool:
    try:
        return path.resolve().is_relative_to(real)
    except (OSError, RuntimeError):  # a link to itself
        return False
