"""A folder for what a command writes for a while, and the sweeping of those that were left."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

_ROOMS = "booklet-room-"
_MINUTE = 60.0


def open_room() -> Path:
    """Make a folder for temporary files, and hold a lock on it as long as anybody uses it.

    Folders that are locked by nobody were left by commands that were killed; they are removed.
    """
    import fcntl

    for left in Path(tempfile.gettempdir()).glob(f"{_ROOMS}*"):
        with contextlib.suppress(OSError):
            status = left.lstat()
            if status.st_uid != os.getuid() or time.time() - status.st_mtime < _MINUTE:
                continue  # one of another user; or one that may not be locked yet
            handle = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(handle)
    room = Path(tempfile.mkdtemp(prefix=_ROOMS))
    handle = os.open(room, os.O_RDONLY | os.O_DIRECTORY)
    with contextlib.suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX)  # until the last process that has it open ends
    return room
