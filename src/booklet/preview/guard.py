"""The door of the preview server: who may ask, and what an answer allows a page to do.

The server listens on the loopback alone, but every page of every site that the user visits can
reach that. So a request must name this server (or a name of another site is pointed at it), must
not come from another site, and must know the token. There is no cookie that a browser would send
along unasked, nor one that another server of this machine would see.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOKEN_HEADER = "x-booklet-token"

OPEN = ("/static/", "/foliate/", "/epub/")
"""Addresses without token: our scripts and the reader's; documents that have a key of their own."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

READER_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline' blob:; "
    "img-src 'self' blob: data:; font-src blob: data:; frame-src blob:; connect-src blob:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""Of the page that holds the e-book reader, which writes styles of its own; no script but ours."""

EBOOK_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)
"""Of the documents of an e-book: no script at all."""

_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses what does not come from our own page or from a program that knows the token."""

    def __init__(self, app: App, port: int, token: str) -> None:
        """Guard an application that is served at a port of the loopback."""
        self.app, self.token = app, token.encode()
        self.hosts = {f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # there are no web sockets here
            return
        headers = dict(scope["headers"])
        path: str = scope["path"]

        async def answer(event: Event) -> None:
            if event["type"] == "http.response.start":
                event["headers"] = [*event.get("headers", ()), *_safe_headers(path)]
            await send(event)

        status, words = self._verdict(scope, headers, path)
        if status:
            body = words.encode()
            plain = [(b"content-type", b"text/plain; charset=utf-8"),
                     (b"content-length", str(len(body)).encode())]  # fmt: skip
            await answer({"type": "http.response.start", "status": status, "headers": plain})
            await answer({"type": "http.response.body", "body": body})
            return
        await self.app(scope, receive, answer)

    def _verdict(self, scope: Scope, headers: dict[bytes, bytes], path: str) -> tuple[int, str]:
        """Give a status and words of refusal, or 0."""
        host = headers.get(b"host", b"")
        if host not in self.hosts or [n for n, _ in scope["headers"]].count(b"host") != 1:
            return 421, "this server is not called so"
        origin = headers.get(b"origin")
        if origin is not None and origin != b"http://" + host:
            return 403, "a page of another site may not ask here"
        page = path == "/" and scope["method"] == "GET"
        site = headers.get(b"sec-fetch-site", b"none")
        opened = page and headers.get(b"sec-fetch-mode") == b"navigate"
        if site not in {b"same-origin", b"none"} and not opened:
            return 403, "a page of another site may not ask here"
        if any(part.startswith(".") for part in path.split("/")):
            return 404, "there is nothing here"
        if path.startswith(OPEN):
            return 0, ""
        given = headers.get(TOKEN_HEADER.encode())
        if given is None and page:
            query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
            given = query.get("token", [""])[0].encode()
        if given is None or not secrets.compare_digest(given, self.token):
            return 403, "open the address that booklet preview has printed: it holds the key"
        return 0, ""


def _safe_headers(path: str) -> list[tuple[bytes, bytes]]:
    policy = POLICY
    if path == "/static/reader.html":
        policy = READER_POLICY
    elif path.startswith("/epub/"):
        policy = EBOOK_POLICY
    headers = {**_HEADERS, "content-security-policy": policy}
    if policy is POLICY:
        headers["x-frame-options"] = "DENY"
    return [(name.encode(), value.encode()) for name, value in headers.items()]
