"""The proof of laid out pages, and their e-book, made beside the worker in a fork of it."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import NoReturn

from booklet.editions import ebook as ebooks
from booklet.editions.run import Run
from booklet.errors import BookletError, in_order
from booklet.preview.book import as_plain, tell_fault
from booklet.preview.frames import write_frame
from booklet.worker import allowance, restrict_time

CALM = 5
"""By how much a proof is nicer to other processes than the worker, which somebody waits for."""


class Proof:
    """A proof under way.

    Attributes:
        line: File descriptor that its frames come by, and then the end of them.
        heard: Whether a frame has come.
    """

    def __init__(self, run: Run, *, ebook: bool) -> None:
        """Begin: the fork sees the pages as they are now."""
        self.heard = False
        self.line, write = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(self.line)
            _prove_and_exit(run, write, ebook=ebook)
        os.close(write)

    def stop(self) -> None:
        """End it, done or not."""
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)
        os.close(self.line)


def _prove_and_exit(run: Run, line: int, *, ebook: bool) -> NoReturn:
    status = 1
    try:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        os.nice(CALM)
        restrict_time(allowance(0))
        _prove(run, line, ebook=ebook)
        status = 0
    except Exception as error:
        write_frame(line, {"event": "proof-failed", **tell_fault(error)})
    finally:
        os._exit(status)  # nothing of the worker may be tidied up twice


def _prove(run: Run, line: int, *, ebook: bool) -> None:
    try:
        _ = run.pages
    except BookletError as error:
        run.findings.extend(error.diagnostics)
    write_frame(line, {"event": "proved", "findings": as_plain(in_order(run.findings))})
    if not ebook:
        return
    made = None
    try:
        made = next(iter(ebooks.make(run)), None)
    except BookletError as error:
        run.findings.extend(error.diagnostics)
    told = {"event": "ebook", "findings": as_plain(in_order(run.findings)), "ok": made is not None}
    write_frame(line, told, made.data if made else b"")
