"""The renderers: found on this machine, run in bounds, listened to. Nothing else runs a program."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from booklet import limits

LONGEST_SAYING = 20_000
SECONDS_A_PAGE, BY_THE_CLOCK = 1.0, 4
"""Of processor time, above the limit; and how much longer by the clock."""

CONFIRMED = "LANG", "LC_ALL", "PATH", "HOME", "TMPDIR"
"""What a renderer sees of the environment."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Paths of the renderers; '' for one that is not here."""

    ghostscript: str = ""
    mutool: str = ""
    pdftoppm: str = ""


def find_tools() -> Tools:
    """Look for the renderers."""
    return Tools(*(shutil.which(name) or "" for name in ("gs", "mutool", "pdftoppm")))


class Run:
    """A renderer at work.

    Attributes:
        output: What it draws, if it draws for us.
    """

    def __init__(self, command: Sequence[str], pages: int, *, draws: bool) -> None:
        """Start it; it stops by itself when its time is up."""
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - close() closes it
        self._late = threading.Event()
        budget = limits.value("renderer-time") + SECONDS_A_PAGE * pages
        environment = {key: os.environ[key] for key in CONFIRMED if key in os.environ}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if draws else subprocess.DEVNULL,
            stderr=self._said,
            env=environment,
            preexec_fn=lambda: _confine(int(budget)),
        )
        self._timer = threading.Timer(budget * BY_THE_CLOCK, self._stop_late)
        self._timer.daemon = True
        self._timer.start()
        self.output: IO[bytes] | None = self._process.stdout

    def _stop_late(self) -> None:
        self._late.set()
        self._kill()

    def _kill(self) -> None:
        # It stays in the group of the worker, so that it ends with it.
        self._process.kill()

    def finish(self) -> str:
        """Wait for its end, and give what it had to say; '' for nothing."""
        code = self._process.wait()
        self._timer.cancel()
        self._said.seek(0)
        said = self._said.read(LONGEST_SAYING).decode("utf-8", "replace").strip()
        if self._late.is_set() or code in (-signal.SIGXCPU, -signal.SIGKILL):
            return "it did not come to an end in time"
        if code and not said:
            return f"it stopped with status {code}"
        return said

    def close(self) -> None:
        """End it, whatever it is doing."""
        self._timer.cancel()
        if self._process.poll() is None:
            self._kill()
            self._process.wait()
        if self.output is not None:
            self.output.close()
        self._said.close()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _confine(seconds: int) -> None:
    """Limit the process that is about to become a renderer."""
    most_of: tuple[tuple[int, int], ...] = (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.value("renderer-file")),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, limits.value("renderer-memory")),
    )
    for which, most in most_of:
        with contextlib.suppress(ValueError, OSError):  # some systems know no such limit
            resource.setrlimit(which, (most, most))


@contextlib.contextmanager
def on_disk(data: bytes) -> Iterator[Path]:
    """Put a file where renderers can read it, for a while."""
    with tempfile.TemporaryDirectory(prefix="booklet-") as folder:
        path = Path(folder) / "file.pdf"
        path.write_bytes(data)
        yield path


def draw_plates(tools: Tools, path: Path, pages: int, resolution: float) -> Run | None:
    """Start drawing four plates of each page, one PAM image after another; None without a tool."""
    dpi = f"{resolution:.3f}"
    if tools.ghostscript:
        command = [
            tools.ghostscript, "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dNOPROMPT",
            "-sDEVICE=pamcmyk32", f"-r{dpi}", f"-dLastPage={pages}", "-sOutputFile=%stdout",
            "-sstdout=%stderr", "-f", str(path),
        ]  # fmt: skip
    elif tools.mutool:
        command = [tools.mutool, "draw", "-q", "-N", "-c", "cmyk", "-F", "pam", "-r", dpi,
                   "-o", "-", str(path), f"1-{pages}"]  # fmt: skip
    else:
        return None
    return Run(command, pages, draws=True)


def listen(tools: Tools, path: Path, pages: int) -> dict[str, Run]:
    """Start the renderers that draw for nobody, to hear what they say."""
    commands: dict[str, list[Any]] = {}
    if tools.pdftoppm:
        commands["Poppler"] = [tools.pdftoppm, "-r", "18", "-gray", "-l", str(pages), str(path)]
    if tools.mutool:
        commands["MuPDF"] = [tools.mutool, "draw", "-q", "-N", "-r", "18", "-F", "pgm", "-o",
                             os.devnull, str(path), f"1-{pages}"]  # fmt: skip
    return {name: Run(command, pages, draws=False) for name, command in commands.items()}
