"""Pictures before they are decoded: how large they are, and whether they are whole."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile

from booklet.limits.current import value

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
"""What may be opened; Pillow knows more, some of which run other programs."""


def measure(data: bytes) -> tuple[int, int]:
    """Give width and height in pixels; verify the whole where they are within the limit.

    Raises:
        Exception: Whatever Pillow's readers raise, if the picture is damaged.
    """
    with warnings.catch_warnings(), _strictly():
        warnings.simplefilter("ignore")  # our own limit stands below Pillow's
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            if width * height <= value("picture-pixels"):
                image.verify()
    return width, height


@contextmanager
def _strictly() -> Iterator[None]:
    """Let nothing pass that is cut off; the renderer asks Pillow to, as soon as it is loaded."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
