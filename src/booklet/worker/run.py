"""Go on in a worker, and say in words how it ended.

The command forks before it loads anything large. The child goes on with the work; the parent waits,
and says in words which limit ended it. Where a system knows one of the limits not, the others hold.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from booklet import limits
from booklet.errors import Diagnostic, Place, Severity, ToolError
from booklet.worker.child import (
    Allowance,
    allowance,
    confine,
    forget_environment,
    restrict_time,
    size_of,
)
from booklet.worker.room import open_room

OFF = "BOOKLET_NO_WORKER"
"""Environment variable that keeps the work in the command's own process, for debuggers."""

_HANDED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

_ROOM = 256
_stage: mmap.mmap | None = None
_inside = False


_granted: Allowance | None = None


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
            does; they may lift the limit on memory for themselves.

    Raises:
        SystemExit: In the parent, with the status of the child, where a tool waits for its end.
        ToolError: In the parent, if a limit ended the child, or a crash.
    """
    global _stage, _granted, _inside
    if os.environ.get(OFF) or not hasattr(os, "fork"):
        return
    granted = _granted = allowance(size_of(inputs))
    _stage = mmap.mmap(-1, _ROOM)
    note(stage)
    room = open_room()
    alive, hold = os.pipe()
    # What a keyboard sends between the fork and the first look waits until it can be handed on.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, (*_HANDED_ON, signal.SIGTSTP))
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(hold)
        os.environ["TMPDIR"] = tempfile.tempdir = str(room)
        _become(alive, granted, memory=not programs)
        _inside = True
        return
    os.close(alive)
    try:
        status = _wait(child, subject, granted, mask)
    finally:
        shutil.rmtree(room, ignore_errors=True)  # whatever the work left there
    if "coverage" not in sys.modules:
        # To take this process apart costs time, and it has said nothing that waits to be flushed.
        os._exit(status)
    sys.exit(status)


def end_at_once() -> None:
    """End a worker that has said all, and has nothing left to flush; elsewhere, do nothing.

    To take apart what a build has made costs a tenth of its time, and the system frees it anyway.
    """
    if _inside and "coverage" not in sys.modules:
        os._exit(0)


# ---- the child -----------------------------------------------------------------------------------


def _become(alive: int, granted: Allowance, *, memory: bool) -> None:
    """Make this process a worker."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    forget_environment()
    confine(alive, granted, memory=memory)
    restrict_time(granted)


# ---- the parent ----------------------------------------------------------------------------------


def _wait(child: int, subject: Path, granted: Allowance, mask: Iterable[int]) -> int:
    """Wait for a worker, and give its status.

    Raises:
        ToolError: A limit ended it, or a crash.
    """
    struck: list[str] = []

    def out_of_time(*_: Any) -> None:
        struck.append("time")
        _end(child)

    with _forwarding(child), _handling(signal.SIGALRM, out_of_time):
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.setitimer(signal.ITIMER_REAL, granted.wall)
        try:
            _, status = os.waitpid(child, 0)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            _end(child)  # what it had started, too
    code = os.waitstatus_to_exitcode(status)
    if code >= 0 and not struck:
        return code
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
        for number in _HANDED_ON:
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
