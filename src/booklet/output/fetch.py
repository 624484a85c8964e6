"""The one door through which a page reaches a file.

Pages name files by two made-up roots, `file:///publication/` and `file:///theme/`. The door knows
the real folders, serves regular files inside them, and refuses everything else: the network, other
files, links that lead out, unknown kinds. Every refusal is kept, for a page that asked for
something and did not get it must fail the build.
"""

from __future__ import annotations

import base64
import io
import os
import stat
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from jinja2 import TemplateError
from PIL import Image
from weasyprint.urls import URLFetcher, URLFetcherResponse

from booklet.output.srgb import in_srgb
from booklet.theme import Theme
from booklet.typeset.paged import PUBLICATION_URL, THEME_URL

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of one picture or font."""

MOST_PIXELS = 100_000_000
"""Width × height of one picture."""

LARGEST_DATA_URL = 2 * 1024 * 1024
"""Characters of one data: URL."""

MEDIA_TYPES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp", ".svg": "image/svg+xml",
    ".otf": "font/otf", ".ttf": "font/ttf", ".ttc": "font/collection", ".woff": "font/woff",
    ".woff2": "font/woff2", ".css": "text/css", ".icc": "application/vnd.iccprofile",
}  # fmt: skip


_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"), (b"RIFF", "image/webp"),
)  # fmt: skip
SUFFIXES = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp",
    "image/svg+xml": ".svg",
}  # fmt: skip
"""Name endings of pictures by media type."""


class RefusedError(ValueError):
    """The page may not have what it asked for."""


def read_inside(root: Path, name: str) -> bytes:
    """Read a regular file below a folder.

    Raises:
        RefusedError: The name leads out of the folder, or names no regular file of a fair size.
    """
    path = Path(os.path.normpath(root / name))
    real_root = root.resolve()
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(real_root):
            msg = f"{name} lies outside its folder"
            raise RefusedError(msg)
        # O_NONBLOCK: opening a named pipe must not wait for a writer.
        handle = os.open(real, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        msg = f"{name} cannot be read: {error.strerror}"
        raise RefusedError(msg) from error
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            msg = f"{name} is not a regular file"
            raise RefusedError(msg)
        if status.st_size > LARGEST_FILE:
            msg = f"{name} is larger than {LARGEST_FILE // 1024 // 1024} MB"
            raise RefusedError(msg)
        return file.read()


def read_picture(root: Path, source: str) -> tuple[bytes, str]:
    """Read a picture of the publication: its bytes, and its media type by content.

    Args:
        root: The publication's folder.
        source: As the manuscript names it; ``%20`` may stand for a space.

    Raises:
        RefusedError: It is outside, no regular file, or no picture.
    """
    try:
        data = read_inside(root, source)
    except RefusedError:
        data = read_inside(root, unquote(source))
    for start, kind in _SIGNATURES:
        if data.startswith(start) and (kind != "image/webp" or data[8:12] == b"WEBP"):
            return data, kind
    if b"<svg" in data[:8192].replace(b"\0", b""):
        return data, "image/svg+xml"
    msg = f"{source} is no picture"
    raise RefusedError(msg)


@dataclass
class Door:
    """Serves files to a page, and keeps what it refused.

    Attributes:
        root: The publication's folder.
        theme: Whose drawings and style sheets may be served.
        page: Measures of the page, for the theme's drawings.
        refused: What was asked for in vain, with the reason.
    """

    root: Path
    theme: Theme
    page: Mapping[str, float] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def open(self, url: str) -> tuple[bytes, str]:
        """Give the bytes and the media type of what a page names.

        Raises:
            RefusedError: The page may not have it.
        """
        try:
            data, kind = self._open(url)
            check_picture(url, data, kind)
        except RefusedError as error:
            self.refused.setdefault(url[:200], str(error))
            raise
        return data, kind

    def _open(self, url: str) -> tuple[bytes, str]:
        if url.startswith("data:"):
            return _open_data(url)
        if url.startswith(PUBLICATION_URL):
            return read_picture(self.root, unquote(url.removeprefix(PUBLICATION_URL)))
        if url.startswith(THEME_URL):
            name = unquote(urlsplit(url).path).removeprefix("/theme/")
            return self.drawing(name), _media_type(name)
        msg = f"{url[:200]} is neither in the publication nor in the theme"
        raise RefusedError(msg)

    def drawing(self, name: str) -> bytes:
        """Give a file of the theme; an SVG is a template of the theme's tokens."""
        _media_type(name)
        data = self.theme.files.read(name)
        if data is None:
            msg = f"the theme has no file {name}"
            raise RefusedError(msg)
        if not name.endswith(".svg"):
            return data
        try:
            return render_drawing(self.theme, name, self.page).encode("utf-8")
        except (TemplateError, UnicodeDecodeError) as error:
            msg = f"the theme's drawing {name} fails: {error}"
            raise RefusedError(msg) from error


def render_drawing(theme: Theme, name: str, page: Mapping[str, float] | None = None) -> str:
    """Fill a drawing of the theme with the theme's colours and the measures of the page."""
    context: Mapping[str, object] = {"tokens": dict(theme.tokens), "page": dict(page or {})}
    return theme.environment.get_template(name).render(context)


def check_picture(url: str, data: bytes, kind: str) -> None:
    """Refuse a picture that is not whole: a renderer would draw half of it, or none, and go on.

    Raises:
        RefusedError: It is damaged, no picture at all, or has too many pixels.
    """
    if not kind.startswith("image/") or kind == "image/svg+xml":
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the limit below stands in for Pillow's own
            with Image.open(io.BytesIO(data)) as image:
                pixels = image.width * image.height
                if pixels <= MOST_PIXELS:
                    image.verify()
    except Exception as error:  # Pillow's readers raise whatever their format makes them
        msg = f"{url[:80]} is damaged: {str(error) or type(error).__name__}"
        raise RefusedError(msg) from error
    if pixels > MOST_PIXELS:
        msg = f"{url[:80]} has {pixels // 1_000_000} million pixels, more than 100 million"
        raise RefusedError(msg)


def _media_type(name: str) -> str:
    kind = MEDIA_TYPES.get(Path(name).suffix.lower())
    if kind is None:
        msg = f"{name} is of a kind that no page may use"
        raise RefusedError(msg)
    return kind


def _open_data(url: str) -> tuple[bytes, str]:
    if len(url) > LARGEST_DATA_URL:
        msg = "a data: URL is longer than 2 MB"
        raise RefusedError(msg)
    head, _, body = url.removeprefix("data:").partition(",")
    kind, *flags = head.split(";")
    if kind not in MEDIA_TYPES.values():
        msg = f"a data: URL of kind {kind or 'text/plain'!r} is not allowed"
        raise RefusedError(msg)
    raw = unquote_to_bytes(body)
    return (base64.b64decode(raw, validate=False) if "base64" in flags else raw), kind


class DoorFetcher(URLFetcher):  # type: ignore[misc]
    """The door, as WeasyPrint asks for it. No handler of the base is ever called."""

    def __init__(self, door: Door) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)
        self.door = door

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Serve a URL through the door."""
        data, kind = self.door.open(url)
        data = in_srgb(data, kind)
        return URLFetcherResponse(url, data, {"Content-Type": kind})
