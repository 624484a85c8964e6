"""The server's end of the worker: starts it, asks it, interrupts it, and ends it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from booklet import limits
from booklet.preview.frames import Message, pack, receive

OnEvent = Callable[[Message, bytes], None]


class WorkerGoneError(Exception):
    """The worker ended before it answered."""


class Renderer:
    """A worker process, started again when it has died."""

    def __init__(self, source: Path, on_event: OnEvent) -> None:
        """Prepare; the process starts with the first order.

        Args:
            source: The publication, as the user typed it.
            on_event: Told of everything that the worker says unasked, and ``gone`` when it ends.
        """
        self.source, self.on_event = source, on_event
        self.process: asyncio.subprocess.Process | None = None
        self._listener: asyncio.Task[None] | None = None
        self._ready = False
        self._waiting: dict[int, asyncio.Future[tuple[Message, bytes]]] = {}
        self._ids = count(1)
        self._alarm: asyncio.TimerHandle | None = None
        self._hold: int | None = None

    async def start(self) -> None:
        """Start the process, unless it runs."""
        if self.process is not None and self.process.returncode is None:
            return
        self._ready = False
        loud = bool(os.environ.get("BOOKLET_TRACEBACK"))
        lifted = [f"{name}={value}" for name, value in limits.lifted().items()]
        self._let_go()
        alive, self._hold = os.pipe()
        # -P: no module is ever taken from the folder that one stands in.
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "booklet.preview.worker", str(self.source), str(alive),
            *lifted, pass_fds=(alive,),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=None if loud else asyncio.subprocess.DEVNULL, limit=1 << 22,
        )  # fmt: skip
        os.close(alive)
        self._listener = asyncio.create_task(self._listen(self.process))

    async def lay_out(self, number: int, unsaved: Mapping[str, str], *, ebook: bool) -> None:
        """Order pages; what becomes of them comes as an event.

        Args:
            number: What the event will name.
            unsaved: Text that stands instead of a file, by name.
            ebook: Whether the e-book is wanted as well.
        """
        await self.start()
        self._watch_time()
        await self._send({"do": "ebook", "on": ebook})
        await self._send({"do": "lay-out", "number": number, "unsaved": dict(unsaved)})

    def supersede(self) -> None:
        """Interrupt the layout under way; a worker that has just begun to live would die of it."""
        if self.process is not None and self.process.returncode is None and self._ready:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGUSR1)

    async def want_ebook(self, *, on: bool) -> None:
        """Tell whether the e-book is wanted."""
        await self.start()
        await self._send({"do": "ebook", "on": on})

    async def ask(self, order: Message) -> tuple[Message, bytes]:
        """Ask for a page or its passages.

        Raises:
            WorkerGoneError: The worker ended first.
        """
        await self.start()
        number = next(self._ids)
        future: asyncio.Future[tuple[Message, bytes]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            await self._send({**order, "id": number})
            return await future
        finally:
            self._waiting.pop(number, None)

    async def stop(self) -> None:
        """End the process; it ends by itself when its line is closed, and is made to otherwise."""
        self._calm()
        process = self.process
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        self.supersede()
        try:
            await asyncio.wait_for(process.wait(), 2)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._listener is not None:
            await self._listener
        self._let_go()

    def _let_go(self) -> None:
        """Close our end of the pipe by which the worker knows that we live."""
        if self._hold is not None:
            os.close(self._hold)
            self._hold = None

    async def _send(self, message: Message) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        with suppress(ConnectionError):  # the listener will tell
            self.process.stdin.write(pack(message))
            await self.process.stdin.drain()

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while (frame := await receive(process.stdout)) is not None:
            message, blob = frame
            future = self._waiting.get(message.get("reply", 0))
            if future is not None and not future.done():
                future.set_result((message, blob))
            elif message.get("event") == "ready":
                self._ready = True
            elif "event" in message:
                if message["event"] in {"laid-out", "failed"}:
                    self._calm()
                self.on_event(message, blob)
        await process.wait()
        self._calm()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(WorkerGoneError())
        self.on_event({"event": "gone", "status": process.returncode}, b"")

    def _watch_time(self) -> None:
        self._calm()
        process: Any = self.process
        self._alarm = asyncio.get_running_loop().call_later(
            limits.value("preview-time"), process.kill
        )

    def _calm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
