"""What the preview server answers: the page, its state as a stream, pictures, and a few actions."""

from __future__ import annotations

import asyncio
import json
import mimetypes
from collections.abc import AsyncIterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from booklet.preview.frames import Message
from booklet.preview.guard import App, Guard
from booklet.preview.header_text import Keys, Scalar
from booklet.preview.session import Session

LARGEST_BODY = 64 * 1024
"""Bytes of a request."""

HEARTBEAT = 15.0
"""Seconds after which a stream says that it lives."""

LONGEST_VALUE = 300
"""Characters of a value that a control may have."""

KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript",
         ".svg": "image/svg+xml", ".xhtml": "application/xhtml+xml"}  # fmt: skip

STATIC = {
    item.name: item.read_bytes()
    for item in files("booklet.preview").joinpath("static").iterdir()
    if Path(item.name).suffix in KINDS
}
"""Our own pages, styles and scripts, by name: nothing else is ever read from disk for them."""

NOTHING = PlainTextResponse("there is nothing here", 404)


def make_app(session: Session, port: int, token: str, reader: Path | None) -> App:
    """Make the application.

    Args:
        session: What is shown.
        port: Of the loopback, at which it is served.
        token: The key.
        reader: Folder of foliate-js; None where it is not installed.
    """
    desk = _Desk(session, reader)
    routes = [
        Route("/", desk.page),
        Route("/static/{name}", desk.static),
        Route("/foliate/{name:path}", desk.foliate),
        Route("/epub/{key}/{name:path}", desk.ebook_file),
        Route("/ebook.epub", desk.ebook),
        Route("/state", desk.state),
        Route("/events", desk.events),
        Route("/page/{page:int}", desk.picture),
        Route("/passages/{page:int}", desk.passages),
        Route("/find", desk.find),
        Route("/tune", desk.tune, methods=["POST"]),
        Route("/save", desk.save, methods=["POST"]),
        Route("/reset", desk.reset, methods=["POST"]),
        Route("/ebook", desk.want_ebook, methods=["POST"]),
    ]
    app: Any = Starlette(routes=routes)
    return Guard(app, port, token)


class _Desk:
    """Answers, one method an address."""

    def __init__(self, session: Session, reader: Path | None) -> None:
        self.session = session
        self.reader = reader.resolve() if reader is not None else None

    # ---- files -----------------------------------------------------------------------------------

    async def page(self, _: Request) -> Response:
        return _file("index.html", STATIC["index.html"])

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        return _file(name, STATIC[name]) if name in STATIC else NOTHING

    async def foliate(self, request: Request) -> Response:
        """Give a script of the reader, where it is installed."""
        name = request.path_params["name"]
        if self.reader is None or Path(name).suffix != ".js" or "\0" in name:
            return NOTHING
        path = (self.reader / name).resolve()
        if not path.is_relative_to(self.reader) or not path.is_file():
            return NOTHING
        return _file(path.name, path.read_bytes())

    async def ebook_file(self, request: Request) -> Response:
        data = self.session.ebook.file(request.path_params["key"], request.path_params["name"])
        return NOTHING if data is None else _file(request.path_params["name"], data)

    async def ebook(self, _: Request) -> Response:
        data = self.session.ebook.data
        return Response(data, media_type="application/epub+zip") if data else NOTHING

    # ---- what is shown ---------------------------------------------------------------------------

    def _state(self) -> Message:
        return {**self.session.state(), "reader": self.reader is not None}

    async def state(self, _: Request) -> Response:
        return JSONResponse(self._state())

    async def events(self, _: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        version = -1
        while not self.session.closed:
            state = self._state()
            if state["version"] != version:
                version = state["version"]
                yield f"data: {json.dumps(state, ensure_ascii=False)}\n\n"
            try:
                await asyncio.wait_for(self.session.later_than(version), HEARTBEAT)
            except TimeoutError:
                yield ": alive\n\n"

    async def picture(self, request: Request) -> Response:
        scale = _number(request.query_params.get("scale", "2"))
        if scale is None:
            return PlainTextResponse("scale is pixels to a point, 0.05 to 12", 400)
        found = await self.session.picture(request.path_params["page"], scale)
        if found is None:
            return NOTHING
        tag, data = f'"{found[0]}"', found[1]
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        return Response(data, media_type="image/png", headers={"etag": tag})

    async def passages(self, request: Request) -> Response:
        return JSONResponse(await self.session.passages(request.path_params["page"]))

    async def find(self, request: Request) -> Response:
        query = request.query_params
        line = query.get("line", "")
        if not line.isdecimal() or len(line) > 9:
            return PlainTextResponse("line is a number", 400)
        page = await self.session.find(query.get("file", ""), int(line))
        return JSONResponse({"page": page})

    # ---- actions ---------------------------------------------------------------------------------

    async def tune(self, request: Request) -> Response:
        changes = _changes(await _body(request))
        if changes is None or not self.session.tune(changes):
            return PlainTextResponse("these are no keys that can be tuned", 400)
        return JSONResponse({})

    async def save(self, request: Request) -> Response:
        if await _body(request) is None:
            return PlainTextResponse("this takes JSON", 400)
        fault = await self.session.save()
        return JSONResponse({"error": fault}, 409 if fault else 200)

    async def reset(self, request: Request) -> Response:
        if await _body(request) is None:
            return PlainTextResponse("this takes JSON", 400)
        self.session.reset()
        return JSONResponse({})

    async def want_ebook(self, request: Request) -> Response:
        body = await _body(request)
        if not isinstance(body, dict):
            return PlainTextResponse("this takes JSON", 400)
        await self.session.want_ebook(on=bool(body.get("on")))
        return JSONResponse({})


def _file(name: str, data: bytes) -> Response:
    kind = KINDS.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
    return Response(data, media_type=kind or "application/octet-stream")


def _number(text: str) -> float | None:
    try:
        value = round(float(text), 3)
    except (ValueError, OverflowError):
        return None
    return value if 0.05 <= value <= 12 else None


async def _body(request: Request) -> Any:
    """Read JSON; None where it is none or too large."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/json":
        return None
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > LARGEST_BODY:
            return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _changes(body: Any) -> Mapping[Keys, Scalar] | None:
    """Read ``[[keys, value], …]``."""
    if not isinstance(body, list):
        return None
    changes: dict[Keys, Scalar] = {}
    for item in body:
        match item:
            case [[*keys], bool() | int() | float() | str() as value] if (
                keys and all(isinstance(key, str) for key in keys)
                and len(str(value)) <= LONGEST_VALUE and str(value).isprintable()
            ):  # fmt: skip
                changes[tuple(keys)] = value
            case _:
                return None
    return changes
