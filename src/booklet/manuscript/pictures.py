"""Pictures of the manuscript: inside the folder, of a known kind, whole, and not too large."""

from __future__ import annotations

import re
from urllib.parse import unquote

from PIL import Image, UnidentifiedImageError

from booklet import limits
from booklet.errors import Place
from booklet.limits.rasters import measure
from booklet.limits.svg import SvgError, check_svg
from booklet.manuscript.files import FileError, Folder
from booklet.model.content import Picture

_REMOTE = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]+:|//)")
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


def check_pictures(pictures: list[tuple[Picture, Place]], folder: Folder) -> None:
    """Tell what is wrong with the pictures that the manuscript names, each file read once."""
    faults: dict[str, FileError | None] = {}
    for picture, place in pictures:
        if picture.source not in faults:
            faults[picture.source] = _fault_of(picture.source, folder)
        fault = faults[picture.source]
        if fault is not None:
            folder.findings.error(place, fault.code, str(fault), fault.hint)


def _fault_of(source: str, folder: Folder) -> FileError | None:
    try:
        _check(source, folder)
    except FileError as fault:
        return fault
    return None


def _check(source: str, folder: Folder) -> None:
    if not source:
        raise FileError("image-missing", "the picture names no file", "![words](images/x.png)")
    if _REMOTE.match(source):
        raise FileError(
            "image-remote",
            f"the picture {source[:80]} is not a file of the publication",
            "save it in images/ and name it there; no build uses the network",
        )
    check_data(source, _bytes(source, folder))


def check_data(source: str, data: bytes) -> None:
    """See that a file is a picture that every edition can show.

    Raises:
        FileError: It is none.
    """
    if _is_raster(data):
        _check_raster(source, data)
    elif b"<svg" in data[:4096] or b"<svg" in data[:8192].replace(b"\0", b""):
        try:
            check_svg(source, data)
        except SvgError as error:
            raise FileError(error.code, str(error), error.hint) from error
    else:
        raise FileError(
            "image-kind",
            f"{source} is neither PNG, JPEG, SVG, WebP nor GIF",
            "its content counts, not its name; convert it to PNG or SVG",
        )


def _bytes(source: str, folder: Folder) -> bytes:
    names = dict.fromkeys((source, unquote(source)))
    for name in names:
        try:
            return folder.bytes_of(name)
        except FileError as fault:
            last = fault
            if fault.code != "file-missing":
                break
    code = {"file-missing": "image-missing", "file-outside": "image-outside"}
    raise FileError(code.get(last.code, last.code), f"the picture: {last}", last.hint)


def _is_raster(data: bytes) -> bool:
    return data.startswith(_SIGNATURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _check_raster(source: str, data: bytes) -> None:
    """Look at the size before anything is decoded, then verify the whole."""
    try:
        width, height = measure(data)
    except Image.DecompressionBombError as error:
        raise FileError(
            "image-broken",
            f"{source} has too many pixels ({limits.named('picture-pixels')})",
            _smaller(),
        ) from error
    except Exception as error:  # Pillow's readers raise whatever their format makes them
        known = not isinstance(error, UnidentifiedImageError) and str(error)
        reason = known or "it cannot be read as the picture it claims to be"
        raise FileError("image-broken", f"{source} is damaged: {reason}", _AGAIN) from error
    if width * height > limits.value("picture-pixels"):
        message = f"{source} has {width} × {height} pixels, too many"
        message += f" ({limits.named('picture-pixels')})"
        raise FileError("image-broken", message, _smaller())
    if data.startswith(b"\xff\xd8") and b"\xff\xd9" not in data[-4096:]:
        raise FileError("image-broken", f"{source} is damaged: its end is missing", _AGAIN)


def _smaller() -> str:
    most = limits.value("picture-pixels")
    return f"reduce it to {most // 1_000_000} million pixels; or {limits.raised('picture-pixels')}"


_AGAIN = "export it again"
