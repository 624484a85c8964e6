"""What a process that works may use: its limits, its environment, and an end with its parent."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from booklet import limits

_MEGABYTE = 1_000_000
_BLOCK = 512
"""Bytes of a block, as `os.stat` counts them."""

_GRACE = 5
"""Seconds between the polite end for processor time and the other one."""

_KEPT = (
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "COLORTERM",
    "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TMPDIR", "TEMP", "TMP", "SOURCE_DATE_EPOCH",
    "VIRTUAL_ENV", "JAVA_HOME", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH",
    "LD_LIBRARY_PATH", "LD_PRELOAD",
)  # fmt: skip
_KEPT_BEGINNINGS = ("LC_", "XDG_", "FONTCONFIG_", "FC_", "PYTHON", "BOOKLET_", "COV", "PANGO")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a worker may use.

    Attributes:
        memory: Bytes of address space, of each process.
        cpu: Seconds of processor time, of each process.
        wall: Seconds on the clock.
        file: Bytes of one file that it writes.
        files: Files that it holds open.
    """

    memory: int
    cpu: int
    wall: int
    file: int
    files: int

    def shown(self, name: str) -> str:
        """Name a limit with its number, as `limits.named` does."""
        numbers = {"memory": self.memory, "cpu": self.cpu, "time": self.wall, "file": self.file}
        return f"limit {name}: {numbers[name.removeprefix('worker-')]:,}"


def allowance(size: int) -> Allowance:
    """Scale the limits to an input.

    Args:
        size: Bytes of all input files.
    """
    megabytes = size // _MEGABYTE
    return Allowance(
        limits.value("worker-memory") + 24 * size,
        limits.value("worker-cpu") + 60 * megabytes,
        limits.value("worker-time") + 120 * megabytes,
        limits.value("worker-file"),
        limits.value("worker-files"),
    )


def size_of(paths: Iterable[Path]) -> int:
    """Add up the sizes of files, and of the files right in folders and one level below.

    A link counts as nothing, and a hole in a file neither, so that the limits cannot be raised
    from outside.
    """
    total = 0
    for path in paths:
        folders = [path] if path.is_dir() else []
        folders += [one for one in path.glob("*") if one.is_dir() and not one.is_symlink()]
        entries = [entry for folder in folders for entry in folder.glob("*")] or [path]
        for entry in entries:
            with contextlib.suppress(OSError):
                status = entry.lstat()
                if stat.S_ISREG(status.st_mode):
                    total += min(status.st_size, status.st_blocks * _BLOCK)
    return total


def restrict_time(granted: Allowance) -> None:
    """Limit the processor time of this process."""
    _restrict(resource.RLIMIT_CPU, granted.cpu, granted.cpu + _GRACE)


def confine(alive: int, granted: Allowance, *, memory: bool = True) -> None:
    """Limit this process, and whatever it starts, but for its time; end it with its parent.

    Args:
        alive: The end for reading of a pipe whose other end the parent alone holds.
        granted: What it may use.
        memory: Whether what it starts has its memory limited as well; else it may lift that.
    """
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    _die_with_parent(alive)
    _restrict(resource.RLIMIT_CORE, 0)
    _restrict(resource.RLIMIT_FSIZE, granted.file)
    _restrict(resource.RLIMIT_NOFILE, granted.files)
    if sys.platform == "linux":  # macOS counts its libraries
        most = granted.memory if memory else resource.RLIM_INFINITY
        _restrict(resource.RLIMIT_AS, granted.memory, most)


def forget_environment() -> None:
    """Drop the variables that no work needs; keys to other services are often among them."""
    for name in list(os.environ):
        if name not in _KEPT and not name.startswith(_KEPT_BEGINNINGS):
            del os.environ[name]


def _restrict(kind: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit; one that is lower already stays."""
    _, highest = resource.getrlimit(kind)
    hard = soft if hard is None else hard
    if highest != resource.RLIM_INFINITY:
        soft = min(soft, highest)
        hard = highest if hard == resource.RLIM_INFINITY else min(hard, highest)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (soft, hard))


def _die_with_parent(alive: int) -> None:
    """Have the whole group killed when the other end of the pipe closes, however that happens."""
    import fcntl

    flags = fcntl.fcntl(alive, fcntl.F_GETFL)
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(alive, fcntl.F_SETOWN, -os.getpgrp())
        # Linux sends what it is told to; elsewhere SIGIO ends a process that does not expect it.
        set_signal = 10 if sys.platform == "linux" else None
        if set_signal is not None:
            fcntl.fcntl(alive, set_signal, signal.SIGKILL)
        fcntl.fcntl(alive, fcntl.F_SETFL, flags | os.O_ASYNC)
    watch = select.poll()
    watch.register(alive, select.POLLHUP)
    if watch.poll(0):  # the parent has ended before
        os._exit(1)
