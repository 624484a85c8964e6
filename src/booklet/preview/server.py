"""The preview server: bound to the loopback, started, announced, and ended without a trace."""

from __future__ import annotations

import errno
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from booklet.check.ace import node_modules
from booklet.errors import Diagnostic, InputError, Place, Severity
from booklet.preview.app import make_app
from booklet.preview.session import Session

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the preview is: a port of the loopback, and the key to it."""

    port: int
    token: str = field(repr=False)

    @property
    def url(self) -> str:
        """The address to open."""
        return f"http://{LOOPBACK}:{self.port}/?token={self.token}"


def find_reader(folder: Path | None = None) -> Path | None:
    """Find foliate-js: in the folder that is given, or where the set-up script puts it."""
    wanted = folder if folder is not None else node_modules() / "foliate-js"
    return wanted if (wanted / "view.js").is_file() else None


def serve(
    source: Path,
    announce: Callable[[Address], None],
    *,
    port: int = 0,
    theme: str | None = None,
    reader: Path | None = None,
) -> None:
    """Serve the preview of a publication until it is interrupted.

    Args:
        source: As the user typed it.
        announce: Told where the preview is as soon as it answers.
        port: Of the loopback; 0 takes a free one.
        theme: Another theme than that of the header, to try it.
        reader: Folder of foliate-js; by default where the set-up script puts it.

    Raises:
        InputError: There is no publication, or the port is taken.
    """
    session = Session(source, theme)
    line = _bind(port)
    address = Address(line.getsockname()[1], secrets.token_urlsafe(24))
    app: Any = make_app(session, address.port, address.token, find_reader(reader))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", ws="none", server_header=False,
        date_header=False, proxy_headers=False, timeout_graceful_shutdown=2, http="h11",
    )  # fmt: skip
    try:
        _Server(config, session, lambda: announce(address)).run(sockets=[line])
    finally:
        line.close()


class _Server(uvicorn.Server):
    """Opens the session with the server and closes it before, so that no stream keeps it alive."""

    def __init__(self, config: uvicorn.Config, session: Session, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.session, self.ready = session, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        await self.session.open()
        self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self.session.close()
        await super().shutdown(sockets)


def _bind(port: int) -> socket.socket:
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((LOOPBACK, port))
        line.listen(64)
    except (OSError, OverflowError) as error:
        line.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        words = "is in use" if taken else f"cannot be used: {getattr(error, 'strerror', error)}"
        found = Diagnostic(
            Place("--port"), Severity.ERROR, "preview-port", f"port {port} {words}",
            "leave out --port, and a free one is taken",
        )  # fmt: skip
        msg = "the preview did not start"
        raise InputError(msg, (found,)) from error
    return line
