"""One publication in preview: what is shown, what is being laid out, and what comes next."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from booklet import limits
from booklet.errors import Diagnostic, Place, Severity
from booklet.preview.ebook import Ebook
from booklet.preview.frames import Message
from booklet.preview.header import HeaderFile
from booklet.preview.header_text import HeaderError, Keys, Scalar
from booklet.preview.process import Renderer, WorkerGoneError
from booklet.preview.watching import Concern, saved_files

LENIENCE = 0.12
"""Seconds for which a fault is kept back: a file that is half written is whole soon after."""

OVERLAP = 0.5
"""Seconds for which an old watcher goes on beside a new one, so that no save falls between."""

MOST_PICTURES = 160
"""Pictures of pages that are kept."""


class Session:
    """Shows one publication.

    Attributes:
        version: Raised with every change of what is shown.
        moved: Notified of it.
        closed: The preview ends.
    """

    def __init__(self, source: Path, theme: str | None = None) -> None:
        """Find the publication.

        Args:
            source: As the user typed it.
            theme: Another theme than that of the header, until it is reset.

        Raises:
            InputError: There is none.
        """
        self.header = HeaderFile.of(source)
        self.renderer = Renderer(source, self._hear)
        self.settings: dict[Keys, Scalar] = {("theme",): theme} if theme else {}
        self.ebook = Ebook()
        self.version = 0
        self.moved = asyncio.Condition()
        self._shown: Message = {
            "number": 0, "busy": True, "proving": False, "proved": False, "book": None,
            "findings": [], "error": None, "faults": {}, "seconds": None, "cpu": None,
        }  # fmt: skip
        self._number = 0
        self._laying = self._pending = self.closed = False
        self._tried = ""
        self._base: dict[Keys, str] = {}
        self._pictures: OrderedDict[tuple[int, int, float], tuple[str, bytes]] = OrderedDict()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._concern = Concern(self.header.folder.root, self.header.markdown)
        self._unwatch: asyncio.Event | None = None

    # ---- what is shown ---------------------------------------------------------------------------

    def state(self) -> Message:
        """Give all that the page needs to know but pictures."""
        changed = {".".join(keys): value for keys, value in self.settings.items()}
        return {**self._shown, "version": self.version, "changed": changed,
                "ebook": self.ebook.state()}  # fmt: skip

    def _show(self, **news: Any) -> None:
        self._shown |= news
        self.version += 1
        self._spawn(self._wake())

    async def _wake(self) -> None:
        async with self.moved:
            self.moved.notify_all()

    async def later_than(self, version: int) -> Message:
        """Wait until something else is shown than at that version."""
        async with self.moved:
            await self.moved.wait_for(lambda: self.version != version or self.closed)
        return self.state()

    async def picture(self, page: int, scale: float) -> tuple[str, bytes] | None:
        """Give a page as PNG with its digest; None where there is no such page."""
        key = (int(self._shown["number"]), page, scale)
        if key not in self._pictures:
            reply, data = await self._ask({"do": "page", "page": page, "scale": scale})
            if not data:
                return None
            key = (int(reply["number"]), page, scale)
            self._pictures[key] = (hashlib.sha256(data).hexdigest()[:32], data)
            while len(self._pictures) > MOST_PICTURES:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(key)
        return self._pictures[key]

    async def passages(self, page: int) -> list[Message]:
        """List what stands on a page, with file and line."""
        reply, _ = await self._ask({"do": "passages", "page": page})
        found: list[Message] = reply.get("passages", [])
        return found

    async def find(self, file: str, line: int) -> int | None:
        """Find the page of a line of the manuscript; None where no page shows the file."""
        reply, _ = await self._ask({"do": "find", "file": file, "line": line})
        page: int | None = reply.get("page")
        return page

    async def _ask(self, order: Message) -> tuple[Message, bytes]:
        try:
            return await self.renderer.ask(order)
        except WorkerGoneError:
            return {"missing": True}, b""

    # ---- what the user does ----------------------------------------------------------------------

    def tune(self, changes: Mapping[Keys, Scalar]) -> bool:
        """Set keys of the header without saving them; tell whether there are such keys."""
        book = self._shown["book"]
        known = {tuple(control["keys"]) for control in (book["controls"] if book else ())}
        if not set(changes) <= known:
            return False
        for keys, value in changes.items():
            self.settings.pop(keys, None)
            if str(value) != self._base.get(keys):
                self.settings[keys] = value
        self._order()
        return True

    def reset(self) -> None:
        """Forget what was set and not saved."""
        self.settings.clear()
        self._order()

    async def save(self) -> str:
        """Write what was set into the header; give '' or what forbids it."""
        async with self.moved:
            await self.moved.wait_for(lambda: not (self._laying or self._pending) or self.closed)
        if self._shown["faults"]:
            return "; ".join(self._shown["faults"].values())
        try:
            self.header.save(self.settings, self._known())
        except HeaderError as error:
            return str(error)
        self.settings.clear()
        self._order()
        return ""

    async def want_ebook(self, *, on: bool) -> None:
        """Make the e-book with every layout, or no longer."""
        self.ebook.want(on=on)
        await self.renderer.want_ebook(on=on)
        self._show()

    # ---- running ---------------------------------------------------------------------------------

    async def open(self) -> None:
        """Begin to watch and to lay out."""
        self._watch()
        self._order()

    async def close(self) -> None:
        """Stop the worker and all that waits."""
        self.closed = True
        if self._unwatch is not None:
            self._unwatch.set()
        await self._wake()
        await self.renderer.stop()
        for task in list(self._tasks):
            task.cancel()

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _watch(self) -> None:
        stop = asyncio.Event()
        if self._unwatch is not None:
            asyncio.get_running_loop().call_later(OVERLAP, self._unwatch.set)
        self._unwatch = stop

        async def follow() -> None:
            async for _ in saved_files(self._concern, stop):
                self._order(urgent=True)

        self._spawn(follow())

    def _order(self, *, urgent: bool = False) -> None:
        """Lay out anew: at once, or when the layout under way is done.

        Args:
            urgent: A file was saved, and what is under way is worth nothing. While a control is
                dragged it is worth showing, or nothing would move until the hand rests.
        """
        if self.closed:
            return
        if self._laying:
            self._pending = True
            if urgent:
                self.renderer.supersede()
            return
        self._laying, self._pending = True, False
        self._number += 1
        self._show(busy=True, proved=False)
        self._spawn(self._dispatch())

    async def _dispatch(self) -> None:
        unsaved: dict[str, str] = {}
        self._tried = ""
        if self.settings:
            try:
                self._tried = self.header.changed(self.settings, self._known())
                unsaved[self.header.name] = self._tried
            except HeaderError:
                pass  # the header on the disk is faulty; laying it out tells where
        await self.renderer.lay_out(self._number, unsaved, ebook=self.ebook.wanted)

    def _known(self) -> list[Message]:
        book = self._shown["book"]
        return book["controls"] if book else []

    # ---- what the worker says --------------------------------------------------------------------

    def _hear(self, message: Message, blob: bytes) -> None:
        kind = message["event"]
        if kind in {"laid-out", "failed", "superseded", "gone"}:
            self._ended(message)
        elif kind == "proving":
            self._show(proving=True)
        elif kind in {"proved", "proof-failed", "ebook"}:
            if kind == "ebook":
                self.ebook.take(blob)
            if message["number"] == self._shown["number"] and self._shown["error"] is None:
                proved = kind != "proof-failed"
                self._show(proving=False, proved=proved, findings=message["findings"])
            else:
                self._show(proving=False)

    def _ended(self, message: Message) -> None:
        kind, was_laying = message["event"], self._laying
        self._laying = False
        if kind == "laid-out":
            self._take(message)
        elif kind == "failed":
            self._spawn(self._fail(self._number, message))
        elif kind == "gone" and not self.closed and was_laying:
            self._pending = False  # or it would die of the same file again
            self._spawn(self._fail(self._number, _gone(message)))
        if self._pending:
            self._order()

    def _take(self, message: Message) -> None:
        book = message["book"]
        if not self.settings:
            self._base = {tuple(one["keys"]): str(one["value"]) for one in book["controls"]}
        self.ebook.age()
        self._show(
            number=message["number"], book=book, findings=message["findings"], error=None,
            faults={}, seconds=message["seconds"], cpu=message["cpu"], busy=self._pending,
            proved=False,
        )  # fmt: skip
        root = self.header.folder.root
        outside = (Path(name) for name in book["folders"])
        concern = Concern(
            root, self.header.markdown,
            frozenset(path for path in outside if not path.is_relative_to(root)),
            frozenset(root / name for name in book["used"]),
        )  # fmt: skip
        if concern.folders() != self._concern.folders():
            self._concern = concern
            self._watch()

    def _faults(self, findings: list[Message]) -> dict[str, str]:
        """Find the controls that findings are about; a type area is wrong by all that made it."""
        found = self.header.faults(self._tried, findings)
        changed = [".".join(keys) for keys in self.settings]
        inner = {
            key: words
            for owner, words in found.items()
            for key in changed
            if key.startswith(f"{owner}.")
        }
        return inner | {key: words for key, words in found.items() if key in changed}

    async def _fail(self, number: int, message: Message) -> None:
        await asyncio.sleep(LENIENCE)
        if number != self._number:
            return  # it was half of a file
        findings = message["findings"]
        faults = self._faults(findings) if self._tried else {}
        self._show(error=message["error"], findings=findings, faults=faults, busy=False,
                   proving=False)  # fmt: skip


def _gone(message: Message) -> Message:
    """Tell that the worker ended while it laid out."""
    found = Diagnostic(
        Place("preview"), Severity.ERROR, "preview-stopped",
        f"the renderer ended with status {message['status']}",
        f"{limits.named('preview-time')} s, {limits.named('worker-memory')} bytes; take back what "
        "was changed last",
    )  # fmt: skip
    return {"error": found.message, "findings": [found.as_dict()]}
