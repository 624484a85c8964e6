"""The worker: a process that keeps the renderer and its fonts loaded, and lays pages out.

It is asked by frames on stdin and answers by frames on what was stdout. A newer order to lay out
interrupts an older one. Drawing waits for no proof: a fork of this process proves the pages while
it goes on drawing them.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from booklet import limits
from booklet.editions.job import prepare
from booklet.editions.run import Run
from booklet.errors import BookletError, Findings
from booklet.output.means import Means
from booklet.preview.book import as_plain, describe, tell_fault
from booklet.preview.drawing import Easel
from booklet.preview.frames import Message, read_frame, write_frame
from booklet.preview.proof import Proof
from booklet.progress import NullProgress
from booklet.worker import allowance, confine, forget_environment, size_of

if TYPE_CHECKING:
    from booklet.output.recalling import Memory

REST = 0.2
"""Seconds without an order after which the proof begins."""

SUPERSEDE = signal.SIGUSR1


class SupersededError(BaseException):
    """A newer order has come; not an `Exception`, so that no handler of a fault keeps it."""


class Worker:
    """Lays out one publication again and again.

    Attributes:
        source: As the user typed it.
        orders: File descriptor of what is asked.
        answers: File descriptor of what is told.
    """

    def __init__(self, source: Path, orders: int, answers: int) -> None:
        """Begin with no pages."""
        self.source, self.orders, self.answers = source, orders, answers
        self.run: Run | None = None
        self.easel: Easel | None = None
        self.proof: Proof | None = None
        self.memory: Memory | None = None
        self.number = 0
        self.unproved = self.ebook = False
        self._laying_out = False

    def work(self) -> None:
        """Serve until the other side closes the line."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends by itself, and then we do
        signal.signal(SUPERSEDE, self._interrupt)
        self._tell({"event": "ready"})
        gc.disable()  # pages are cycles of boxes; they are collected while nobody waits
        try:
            while self._turn():
                pass
        finally:
            self._drop_proof()

    def _turn(self) -> bool:
        watched = [self.orders] + ([self.proof.line] if self.proof else [])
        ready, _, _ = select.select(watched, [], [], REST if self.unproved else None)
        if not ready:
            self._begin_proof()
        if self.orders in ready:
            orders = self._orders()
            if orders is None:
                return False
            for order in orders:
                self._serve(order)
        elif ready:
            self._hear_proof()
        return True

    def _orders(self) -> list[Message] | None:
        """Read all orders that wait; of those to lay out, only the last counts."""
        orders: list[Message] = []
        while True:
            frame = read_frame(self.orders)
            if frame is None:
                return None
            orders.append(frame[0])
            if not select.select([self.orders], [], [], 0)[0]:
                break
        last = max((at for at, one in enumerate(orders) if one["do"] == "lay-out"), default=0)
        return [one for at, one in enumerate(orders) if one["do"] != "lay-out" or at == last]

    def _serve(self, order: Message) -> None:
        match order["do"]:
            case "lay-out":
                self._lay_out(order)
            case "page":
                self._answer(order, self._page)
            case "passages":
                self._answer(order, self._passages)
            case "find":
                self._answer(order, self._find)
            case "ebook":
                self.ebook = bool(order["on"])
                if self.ebook and self.run is not None:
                    self.unproved = True

    def _tell(self, message: Message, blob: bytes = b"") -> None:
        write_frame(self.answers, message, blob)

    # ---- laying out ------------------------------------------------------------------------------

    def _interrupt(self, *_: object) -> None:
        if self._laying_out:
            self._laying_out = False
            raise SupersededError

    def _lay_out(self, order: Message) -> None:
        self._drop_proof()
        number, findings = order["number"], Findings()
        since, spent = time.monotonic(), time.process_time()
        told: Message = {"event": "failed", "number": number}
        try:
            self._laying_out = True
            unsaved = {name: text.encode() for name, text in order["unsaved"].items()}
            job = prepare(self.source, findings, NullProgress(), unsaved)
            if self.memory is None:
                from booklet.output.recalling import Memory

                self.memory = Memory()
            run = Run(job, findings, NullProgress(), means=Means(memory=self.memory))
            book = describe(run)
            self._laying_out = False
        except SupersededError:
            self._tell({"event": "superseded", "number": number})
            return
        except BookletError as error:
            told |= {"error": str(error), "findings": as_plain(error.diagnostics)}
        except Exception as error:
            told |= tell_fault(error)
        else:
            self.run, self.number, self.unproved = run, number, True
            if self.easel:
                self.easel.close()
            self.easel = Easel(run.rendering)
            found = [*findings, *run.rendering.diagnostics]
            told = {
                "event": "laid-out", "number": number, "book": book, "findings": as_plain(found),
                "seconds": round(time.monotonic() - since, 3),
                "cpu": round(time.process_time() - spent, 3),
            }  # fmt: skip
        finally:
            self._laying_out = False
        self._tell(told)

    # ---- answering -------------------------------------------------------------------------------

    def _answer(self, order: Message, give: Any) -> None:
        reply: Message = {"reply": order["id"], "number": self.number}
        blob = b""
        try:
            if self.run is None:
                reply["missing"] = True
            else:
                more, blob = give(order)
                reply |= more
        except IndexError:
            reply["missing"] = True
        except Exception as error:
            reply |= tell_fault(error)
        self._tell(reply, blob)

    def _page(self, order: Message) -> tuple[Message, bytes]:
        assert self.easel is not None
        return {}, self.easel.picture(order["page"], order["scale"])

    def _passages(self, order: Message) -> tuple[Message, bytes]:
        assert self.run is not None
        found = self.run.rendering.passages(order["page"])
        return {"passages": [{"source": item.source, "box": item.box} for item in found]}, b""

    def _find(self, order: Message) -> tuple[Message, bytes]:
        """Find the page of a line of the manuscript: that of the last passage before it."""
        assert self.run is not None
        rendering, best, page = self.run.rendering, 0, None
        for number in range(len(rendering.labels)):
            for item in rendering.passages(number):
                file, _, line = item.source.rpartition(":")
                if file == order["file"] and best < int(line) <= order["line"]:
                    best, page = int(line), number
        return {"page": page}, b""

    # ---- proving ---------------------------------------------------------------------------------

    def _begin_proof(self) -> None:
        self._drop_proof()
        self.unproved = False
        gc.collect()
        if self.run is not None:
            self._tell({"event": "proving", "number": self.number})
            self.proof = Proof(self.run, ebook=self.ebook)

    def _hear_proof(self) -> None:
        assert self.proof is not None
        frame = read_frame(self.proof.line)
        if frame is None:
            if not self.proof.heard:
                self._tell({"event": "proof-failed", "number": self.number, "findings": []})
            self._drop_proof()
            return
        self.proof.heard = True
        message, blob = frame
        self._tell({**message, "number": self.number}, blob)

    def _drop_proof(self) -> None:
        if self.proof:
            self.proof.stop()
            self.proof = None


def main() -> None:
    """Run as a process of its own."""
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not lie between two frames
    source, alive, *lifted = sys.argv[1:]
    with limits.using(lifted=dict(limits.parse(word) for word in lifted)):
        forget_environment()
        # The server sees to the time of each layout.
        confine(int(alive), allowance(size_of([Path(source)])))
        Worker(Path(source), 0, answers).work()


if __name__ == "__main__":
    main()
