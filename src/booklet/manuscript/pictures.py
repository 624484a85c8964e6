"""Pictures of the manuscript: inside the folder, of a known kind, whole, and not too large."""

from __future__ import annotations

import io
import re
import warnings
from urllib.parse import unquote

from PIL import Image, UnidentifiedImageError

from booklet.errors import Place
from booklet.manuscript.files import FileError, Folder
from booklet.manuscript.svg import check_svg
from booklet.model.content import Picture

MOST_PIXELS = 100_000_000
"""Width × height; a full A3 page at 600 dpi has 70 million."""

_REMOTE = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]+:|//)")
_FORMATS = ["PNG", "JPEG", "WEBP", "GIF"]
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
    data = _bytes(source, folder)
    if _is_raster(data):
        _check_raster(source, data)
    elif b"<svg" in data[:4096] or b"<svg" in data[:8192].replace(b"\0", b""):
        check_svg(source, data)
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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit stands below Pillow's
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                width, height = image.size
                if width * height <= MOST_PIXELS:
                    image.verify()
    except Image.DecompressionBombError as error:
        raise FileError("image-broken", f"{source} has too many pixels", _SMALLER) from error
    except Exception as error:  # Pillow's readers raise whatever their format makes them
        known = not isinstance(error, UnidentifiedImageError) and str(error)
        reason = known or "it cannot be read as the picture it claims to be"
        raise FileError("image-broken", f"{source} is damaged: {reason}", _AGAIN) from error
    if width * height > MOST_PIXELS:
        raise FileError(
            "image-broken", f"{source} has {width} × {height} pixels, too many", _SMALLER
        )
    if data.startswith(b"\xff\xd8") and b"\xff\xd9" not in data[-4096:]:
        raise FileError("image-broken", f"{source} is damaged: its end is missing", _AGAIN)


_SMALLER = f"reduce it to at most {MOST_PIXELS // 1_000_000} million pixels"
_AGAIN = "export it again"
