"""Pages of a finished PDF as pictures of spreads, as a reader sees them in the hand."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

POINTS = 72
"""An inch in points."""

GAP = 18
"""Pixels between the spreads of a strip."""


def pair_pages(count: int) -> tuple[tuple[int, ...], ...]:
    """Pair pages that face each other: the first stands alone, then a verso and its recto.

    Args:
        count: Pages of the file, the first of which is a recto.

    Returns:
        Indexes of one or two pages, in reading order.
    """
    firsts = range(1, count, 2)
    pairs = [tuple(range(first, min(first + 2, count))) for first in firsts]
    return ((0,), *pairs) if count else ()


def draw_spreads(pdf: bytes, dpi: float, *, right_bound: bool = False) -> Iterator[Image]:
    """Draw every spread of a screen edition that is not blank.

    Args:
        pdf: The file.
        dpi: Pixels an inch.
        right_bound: Whether its spine is on the right, so that the later page stands on the left.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    for pages in pair_pages(len(document)):
        pictures = [_draw(document[index], dpi) for index in pages]
        if any(_printed(picture) for picture in pictures):
            yield side_by_side(pictures[::-1] if right_bound else pictures)


def _draw(page: Any, dpi: float) -> Image:
    picture: Image = page.render(scale=dpi / POINTS).to_pil().convert("RGB")
    return picture


def _printed(picture: Image) -> bool:
    return any(low != high for low, high in picture.getextrema())  # type: ignore[misc]


def side_by_side(pictures: Sequence[Image], gap: int = 0, ground: str = "white") -> Image:
    """Put pictures beside each other, standing on one line."""
    from PIL import Image

    width = sum(picture.width for picture in pictures) + gap * (len(pictures) - 1)
    height = max(picture.height for picture in pictures)
    whole = Image.new("RGB", (width, height), ground)
    left = 0
    for picture in pictures:
        whole.paste(picture, (left, height - picture.height))
        left += picture.width + gap
    return whole


def as_webp(picture: Image, quality: int = 80) -> bytes:
    """Give a picture as WebP; quality 100 loses nothing."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, lossless=quality == 100, method=6)
    return out.getvalue()
