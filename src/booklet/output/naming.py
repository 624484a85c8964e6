"""Names for what is kept: digests of all that it was made of."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path

import booklet
from booklet import __version__
from booklet.output.fetch import MEDIA_TYPES, Door, RefusedError
from booklet.typeset.book import PagedBook
from booklet.typeset.paged import PUBLICATION_URL

_ADDRESS = re.compile(rf"{re.escape(PUBLICATION_URL)}[^\"'\s)]*")


def own_state(*facts: str) -> bytes:
    """Digest the versions of this program and of the renderer, and other facts."""
    known = (__version__, _code(), _renderer(), *facts)
    return hashlib.sha256(repr(known).encode("utf-8", "surrogatepass")).digest()


@functools.cache
def _renderer() -> tuple[int, int]:
    """Tell the state of the renderer, without loading it."""
    found = importlib.util.find_spec("weasyprint")
    status = Path(found.origin).stat() if found and found.origin else None
    return (status.st_size, status.st_mtime_ns) if status else (0, 0)


@functools.cache
def _code() -> str:
    """Digest the state of our own code: where it is worked on, its version says too little."""
    folder = Path(booklet.__file__).parent
    states = []
    for part in ("compose", "finish", "output", "typeset", "theme"):
        for file in sorted((folder / part).rglob("*.py")):
            status = file.stat()
            states.append((file.name, status.st_size, status.st_mtime_ns))
    return hashlib.sha256(repr(states).encode()).hexdigest()


def theme_state(door: Door) -> bytes:
    """Digest the files of a theme that pages may show or load."""
    digest = hashlib.sha256()
    for suffix in MEDIA_TYPES:
        for name in door.theme.files.names(suffix):
            data = door.theme.files.read(name) or b""
            digest.update(name.encode() + hashlib.sha256(data).digest())
    return digest.digest()


def addresses(html: str) -> tuple[str, ...]:
    """List the pictures of the publication that HTML shows, each once."""
    return tuple(dict.fromkeys(map(unescape, _ADDRESS.findall(html))))


def picture_state(door: Door, address: str) -> bytes:
    """Digest a picture; one that the door refuses has no other state."""
    try:
        return hashlib.sha256(door.open(address)[0]).digest()
    except RefusedError:
        return b"refused"


def name_of(book: PagedBook, door: Door, *facts: str) -> str:
    """Name what is made of a whole book.

    Args:
        book: What is rendered.
        door: Its theme, tokens and pictures.
        facts: What else it depends on, such as the fonts.
    """
    sheets = [(sheet.name, sheet.css) for sheet in book.sheets]
    said = repr((book.html, sheets, sorted(door.theme.tokens.items()), facts))
    digest = hashlib.sha256(own_state() + theme_state(door))
    digest.update(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest())
    shown: Iterable[str] = addresses(book.html + "".join(css for _, css in sheets))
    for address in shown:
        digest.update(picture_state(door, address))
    return digest.hexdigest()
