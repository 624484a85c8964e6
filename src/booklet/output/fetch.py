"""The one door through which a page reaches a file.

Pages name files by two made-up roots, `file:///publication/` and `file:///theme/`. The door knows
the real folders, serves regular files inside them, and refuses everything else: the network, other
files, links that lead out, unknown kinds. Every refusal is kept, for a page that asked for
something and did not get it must fail the build.
"""

from __future__ import annotations

import base64
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from jinja2 import TemplateError
from PIL import UnidentifiedImageError

from booklet import limits
from booklet.limits.faces import fault_of_font
from booklet.limits.rasters import measure
from booklet.limits.sheets import check_sheets
from booklet.limits.svg import SvgError, check_svg
from booklet.theme import Theme
from booklet.typeset.paged import PUBLICATION_URL, THEME_URL

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
        handle = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        msg = f"{name} cannot be read: {error.strerror}"
        raise RefusedError(msg) from error
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            msg = f"{name} is not a regular file"
            raise RefusedError(msg)
        if status.st_size > limits.value("resource-size"):
            msg = f"{name} is too large ({limits.named('resource-size')})"
            raise RefusedError(msg)
        return file.read()


def read_picture(
    root: Path, source: str, images: Mapping[str, bytes] | None = None
) -> tuple[bytes, str]:
    """Read a picture of the publication: its bytes, and its media type by content.

    Args:
        root: The publication's folder.
        source: As the manuscript names it; ``%20`` may stand for a space.
        images: What stands instead of some pictures, by name.

    Raises:
        RefusedError: It is outside, no regular file, or no picture.
    """
    data = (images or {}).get(source, b"")
    try:
        data = data or read_inside(root, source)
    except RefusedError:
        data = read_inside(root, unquote(source))
    kind = picture_kind(data)
    if not kind:
        msg = f"{source} is no picture"
        raise RefusedError(msg)
    return data, kind


def picture_kind(data: bytes) -> str:
    """Give the media type of a picture by its content, or ''."""
    for start, kind in _SIGNATURES:
        if data.startswith(start) and (kind != "image/webp" or data[8:12] == b"WEBP"):
            return kind
    return "image/svg+xml" if b"<svg" in data[:8192].replace(b"\0", b"") else ""


@dataclass
class Door:
    """Serves files to a page, and keeps what it refused.

    Attributes:
        root: The publication's folder.
        theme: Whose drawings and style sheets may be served.
        page: Measures of the page, for the theme's drawings.
        images: Pictures that stand instead of others of the publication, by name.
        refused: What was asked for in vain, with the reason.
    """

    root: Path
    theme: Theme
    page: Mapping[str, float] = field(default_factory=dict)
    images: Mapping[str, bytes] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def open(self, url: str) -> tuple[bytes, str]:
        """Give the bytes and the media type of what a page names.

        Raises:
            RefusedError: The page may not have it.
        """
        try:
            data, kind = self._open(url)
            check_content(url, data, kind)
        except RefusedError as error:
            self.refused.setdefault(url[:200], str(error))
            raise
        return data, kind

    def _open(self, url: str) -> tuple[bytes, str]:
        if url.startswith("data:"):
            return _open_data(url)
        if url.startswith(PUBLICATION_URL):
            return read_picture(self.root, unquote(url.removeprefix(PUBLICATION_URL)), self.images)
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


def check_content(url: str, data: bytes, kind: str) -> None:
    """Refuse what is not of its kind, or would cost more than it may.

    Raises:
        RefusedError: A picture of another kind than its name says, damaged or too large; a drawing
            that loads, runs or multiplies; a font or style sheet beyond the limits.
    """
    message = ""
    if kind == "image/svg+xml":
        try:
            check_svg(url[:80], data)
        except SvgError as error:
            message = str(error)
    elif kind.startswith("image/"):
        if picture_kind(data) not in {"", kind}:
            message = f"{url[:80]} is no {kind.removeprefix('image/').upper()}"
    elif kind.startswith("font/"):
        message = fault_of_font(data)
    elif kind == "text/css":
        fault = next(check_sheets([data.decode("utf-8", "replace")]), None)
        message = f"line {fault.line}: {fault.message}" if fault else ""
    if message:
        raise RefusedError(message)
    check_picture(url, data, kind)


def check_picture(url: str, data: bytes, kind: str) -> None:
    """Refuse a picture that is not whole: a renderer would draw half of it, or none, and go on.

    Raises:
        RefusedError: It is damaged, no picture at all, or has too many pixels.
    """
    if not kind.startswith("image/") or kind == "image/svg+xml":
        return
    try:
        width, height = measure(data)
        pixels = width * height
    except Exception as error:  # Pillow's readers raise whatever their format makes them
        known = not isinstance(error, UnidentifiedImageError) and str(error)
        msg = (
            f"{url[:80]} is damaged: {known or 'it cannot be read as the picture it claims to be'}"
        )
        raise RefusedError(msg) from error
    if pixels > limits.value("picture-pixels"):
        named = limits.named("picture-pixels")
        msg = f"{url[:80]} has {pixels // 1_000_000} million pixels, too many ({named})"
        raise RefusedError(msg)


def _media_type(name: str) -> str:
    kind = MEDIA_TYPES.get(Path(name).suffix.lower())
    if kind is None:
        msg = f"{name} is of a kind that no page may use"
        raise RefusedError(msg)
    return kind


def _open_data(url: str) -> tuple[bytes, str]:
    if len(url) > limits.value("data-url"):
        msg = f"a data: URL is too long ({limits.named('data-url')})"
        raise RefusedError(msg)
    head, _, body = url.removeprefix("data:").partition(",")
    kind, *flags = head.split(";")
    if kind not in MEDIA_TYPES.values():
        msg = f"a data: URL of kind {kind or 'text/plain'!r} is not allowed"
        raise RefusedError(msg)
    raw = unquote_to_bytes(body)
    return (base64.b64decode(raw, validate=False) if "base64" in flags else raw), kind
