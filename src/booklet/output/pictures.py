"""Pictures as the pages place them: how many pixels to an inch there are, and whose they are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from PIL import Image

from booklet.errors import Place
from booklet.typeset.paged import PUBLICATION_URL

PIXEL = 0.75
"""Points of a CSS pixel."""


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture of the manuscript on a page.

    Attributes:
        page: Index of the page, from 0.
        name: File, as the manuscript names it.
        place: Where the manuscript has it.
        pixels: Width and height of the file.
        size: Width and height on the page, in points.
        line_art: It is black and white and nothing between.
    """

    page: int
    name: str
    place: Place
    pixels: tuple[int, int]
    size: tuple[float, float]
    line_art: bool = False

    @property
    def ppi(self) -> float:
        """Pixels per inch in the direction that has fewer."""
        return min(72 * count / size for count, size in zip(self.pixels, self.size, strict=True))

    def moved(self, pages: int) -> PlacedPicture:
        """Give the same, so many pages further on."""
        return replace(self, page=self.page + pages)


def _is_line_art(image: Any) -> bool:
    with Image.open(io.BytesIO(image.image_data.data)) as opened:
        levels = opened.convert("RGB").convert("L").histogram()
    return not any(levels[1:255])


def placed_pictures(document: Any) -> Iterator[PlacedPicture]:
    """Find the pictures of the publication in the laid out pages."""
    for number, page in enumerate(document.pages):
        stack: list[tuple[Any, str]] = [(page._page_box, "")]
        while stack:
            box, source = stack.pop()
            element = getattr(box, "element", None)
            if element is not None and hasattr(element, "get"):
                source = element.get("data-src") or source
                if (picture := _placed(box, element, number, source)) is not None:
                    yield picture
            stack.extend((child, source) for child in reversed(getattr(box, "children", ())))


def _placed(box: Any, element: Any, page: int, source: str) -> PlacedPicture | None:
    from weasyprint.images import RasterImage
    from weasyprint.layout.replaced import replacedbox_layout

    image = getattr(box, "replacement", None)
    url = element.get("src") or ""
    if not isinstance(image, RasterImage) or not url.startswith(PUBLICATION_URL):
        return None
    width, height, _, _ = replacedbox_layout(box)
    if not (width and height):
        return None
    file, _, line = source.rpartition(":")
    place = Place(file, int(line)) if line.isdigit() else Place(source or "build")
    return PlacedPicture(
        page, unquote(url.removeprefix(PUBLICATION_URL)), place,
        (image.width, image.height), (width * PIXEL, height * PIXEL),
        _is_line_art(image),
    )  # fmt: skip
