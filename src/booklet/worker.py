"""The worker: a command's work in a child process, within limits.

The command forks before it loads anything large. The child goes on with the work; the parent waits,
and says in words which limit ended it. Where a system knows one of the limits not, the others hold.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from booklet import limits
from booklet.errors import Diagnostic, Place, Severity, ToolError

OFF = "BOOKLET_NO_WORKER"
"""Environment variable that keeps the work in the command's own process, for debuggers."""

_MEGABYTE = 1_000_000
_GRACE = 5
"""Seconds between the polite end for processor time and the other one."""

_KEPT = (
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "COLORTERM",
    "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TMPDIR", "TEMP", "TMP", "SOURCE_DATE_EPOCH",
    "VIRTUAL_ENV", "JAVA_HOME", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH",
    "LD_LIBRARY_PATH", "LD_PRELOAD",
)  # fmt: skip
_KEPT_BEGINNINGS = ("LC_", "XDG_", "FONTCONFIG_", "FC_", "PYTHON", "BOOKLET_", "COV", "PANGO")

_ROOM = 256
_stage: mmap.mmap | None = None


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


_granted: Allowance | None = None


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

    A link counts as nothing, so that the limits cannot be raised from outside.
    """
    total = 0
    for path in paths:
        entries = [*path.glob("*"), *path.glob("*/*")] if path.is_dir() else [path]
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.is_file() and not entry.is_symlink():
                    total += entry.stat().st_size
    return total


def note(stage: str) -> None:
    """Note what is being done, for the parent's words if a limit strikes."""
    if _stage is not None:
        data = stage.encode("utf-8", "replace")[: _ROOM - 1]
        _stage[: len(data) + 1] = data + b"\0"


def enter(subject: Path, stage: str, inputs: Sequence[Path], *, programs: bool = False) -> None:
    """Go on in a worker. In the child this returns; in the parent it never does.

    Args:
        subject: What the command works on, for messages.
        stage: What is done first.
        inputs: Files and folders to whose size the limits are scaled.
        programs: Whether it runs programs that reserve more address space than they use, as Java
            does; memory is not limited then.

    Raises:
        SystemExit: In the parent, with the status of the child.
        ToolError: In the parent, if a limit ended the child, or a crash.
    """
    global _stage, _granted
    if os.environ.get(OFF) or not hasattr(os, "fork"):
        return
    granted = _granted = allowance(size_of(inputs))
    _stage = mmap.mmap(-1, _ROOM)
    note(stage)
    room = _open_room()
    alive, hold = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hold)
        os.environ["TMPDIR"] = tempfile.tempdir = str(room)
        _become(alive, granted, memory=not programs)
        return
    os.close(alive)
    try:
        _wait(child, subject, granted)
    finally:
        shutil.rmtree(room, ignore_errors=True)  # whatever the work left there


_ROOMS = "booklet-room-"
_MINUTE = 60.0


def _open_room() -> Path:
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


# ---- the child -----------------------------------------------------------------------------------


def _become(alive: int, granted: Allowance, *, memory: bool) -> None:
    """Make this process a worker."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    forget_environment()
    confine(alive, granted, memory=memory)
    restrict_time(granted)


def forget_environment() -> None:
    """Drop the variables that no work needs; keys to other services are often among them."""
    for name in list(os.environ):
        if name not in _KEPT and not name.startswith(_KEPT_BEGINNINGS):
            del os.environ[name]


def restrict_time(granted: Allowance) -> None:
    """Limit the processor time of this process."""
    _restrict(resource.RLIMIT_CPU, granted.cpu, granted.cpu + _GRACE)


def confine(alive: int, granted: Allowance, *, memory: bool = True) -> None:
    """Limit this process, and whatever it starts, but for its time; end it with its parent.

    Args:
        alive: The end for reading of a pipe whose other end the parent alone holds.
        granted: What it may use.
        memory: Whether its memory is limited as well.
    """
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    _die_with_parent(alive)
    _restrict(resource.RLIMIT_CORE, 0)
    _restrict(resource.RLIMIT_FSIZE, granted.file)
    _restrict(resource.RLIMIT_NOFILE, granted.files)
    if memory and sys.platform == "linux":  # macOS counts its libraries
        _restrict(resource.RLIMIT_AS, granted.memory)


def _restrict(kind: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit; one that is lower already stays."""
    _, highest = resource.getrlimit(kind)
    hard = soft if hard is None else hard
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
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


# ---- the parent ----------------------------------------------------------------------------------


def _wait(child: int, subject: Path, granted: Allowance) -> NoReturn:
    struck: list[str] = []

    def out_of_time(*_: Any) -> None:
        struck.append("time")
        _end(child)

    with _forwarding(child), _handling(signal.SIGALRM, out_of_time):
        signal.setitimer(signal.ITIMER_REAL, granted.wall)
        try:
            _, status = os.waitpid(child, 0)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            _end(child)  # what it had started, too
    code = os.waitstatus_to_exitcode(status)
    if code >= 0 and not struck:
        sys.exit(code)
    raise _failure(subject, granted, -code, struck)


def _end(child: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


@contextlib.contextmanager
def _handling(number: int, handler: Any) -> Iterator[None]:
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)


@contextlib.contextmanager
def _forwarding(child: int) -> Iterator[None]:
    """Hand on what a terminal or a supervisor sends; the child has a group of its own."""

    def forward(number: int, _: Any) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, number)

    def pause(*_: Any) -> None:
        forward(signal.SIGSTOP, None)
        os.kill(os.getpid(), signal.SIGSTOP)
        forward(signal.SIGCONT, None)

    with contextlib.ExitStack() as stack:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            stack.enter_context(_handling(number, forward))
        stack.enter_context(_handling(signal.SIGTSTP, pause))
        yield


def _failure(subject: Path, granted: Allowance, number: int, struck: list[str]) -> ToolError:
    """Say which limit ended a worker, at which stage, and what the likely cause is."""
    stage = current_stage()
    if struck:
        what, name = f"it took more than {granted.wall:,} s", "worker-time"
    elif number == signal.SIGXCPU:
        what, name = f"it used more than {granted.cpu:,} s of processor time", "worker-cpu"
    elif number == signal.SIGKILL:
        what, name = "the system ended it, most often for want of memory", "worker-memory"
    elif number in {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT}:
        return ToolError(f"stopped by {signal.Signals(number).name} while: {stage}")
    else:
        signal_name = signal.Signals(number).name if number else "an unknown end"
        what, name = f"a library crashed ({signal_name})", "worker-memory"
    return limit_error(subject, stage, what, name)


def limit_error(subject: Path, stage: str, what: str, name: str) -> ToolError:
    """Make the error of a limit that struck."""
    shown = limits.named(name) if _granted is None else _granted.shown(name)
    found = Diagnostic(
        Place(str(subject)), Severity.ERROR, "worker-limit",
        f"stopped at “{stage}”: {what} ({shown})",
        f"{_CAUSES.get(name, '')}; if the work is that large, {limits.raised(name)}",
    )  # fmt: skip
    return ToolError("a limit ended the work; the previous outputs are untouched", (found,))


_CAUSES = {
    "worker-time": "a style sheet, template or picture that never ends is the likely cause",
    "worker-cpu": "a style sheet, template or picture that never ends is the likely cause",
    "worker-memory": "a picture, font or style sheet that grows is the likely cause",
    "worker-file": "an output that grows is the likely cause",
}


def current_stage() -> str:
    """Give what was noted last."""
    return bytes(_stage or b"").partition(b"\0")[0].decode("utf-8", "replace")


def exhausted(error: Exception) -> ToolError:
    """Say in words that memory, the depth of calls, or room for a file ran out in this process."""
    if isinstance(error, RecursionError):
        return ToolError(f"stopped at “{current_stage()}”: something is nested too deeply")
    if isinstance(error, OSError):
        what = "it wrote a larger file than it may"
        return limit_error(Path("booklet"), current_stage(), what, "worker-file")
    what = "it asked for more memory than it may have"
    return limit_error(Path("booklet"), current_stage(), what, "worker-memory")
