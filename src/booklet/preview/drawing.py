"""Pages of a laid out book as pictures, drawn when asked for."""

from __future__ import annotations

import io
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from booklet.output.rendering import Rendering

MOST_PIXELS = 24_000_000
"""Pixels of one picture: an A4 page at three times the size of a large screen."""

OPENING, SHELF = 2, 16
"""Pages that are drawn together: a font is cut once for all of them."""

MOST_FILES = 24
"""Drawn files that are kept."""

SMALL = 0.8
"""Pixels to a point, below which pages are wanted in large numbers."""


class Easel:
    """Draws pages of one rendering, with their bleed."""

    def __init__(self, rendering: Rendering) -> None:
        """Begin with nothing drawn."""
        self.rendering = rendering
        self._files: OrderedDict[range, Any] = OrderedDict()

    def picture(self, page: int, scale: float) -> bytes:
        """Draw a page as PNG.

        Args:
            page: Index, from 0.
            scale: Pixels to a point.

        Raises:
            IndexError: There is no such page.
        """
        pages = len(self.rendering.labels)
        if not 0 <= page < pages:
            raise IndexError(page)
        span = self._span(page, pages, scale)
        leaf = self._file(span)[page - span.start]
        width, height = leaf.get_size()
        scale = min(max(scale, 0.05), (MOST_PIXELS / (width * height)) ** 0.5)
        target = io.BytesIO()
        # A quick compression: the picture travels no farther than this machine.
        leaf.render(scale=scale).to_pil().save(target, "PNG", compress_level=1)
        return target.getvalue()

    def _span(self, page: int, pages: int, scale: float) -> range:
        for span in reversed(self._files):
            if page in span:
                return span
        if scale < SMALL:
            start = page - page % SHELF
            return range(start, min(start + SHELF, pages))
        # The first page is a right-hand page of its own.
        start = page - (page + 1) % OPENING
        return range(max(start, 0), min(start + OPENING, pages))

    def _file(self, span: range) -> Any:
        import pypdfium2

        if span not in self._files:
            data = self.rendering.draw_plain(span)
            self._files[span] = pypdfium2.PdfDocument(data)
            if len(self._files) > MOST_FILES:
                _, oldest = self._files.popitem(last=False)
                oldest.close()
        self._files.move_to_end(span)
        return self._files[span]

    def close(self) -> None:
        """Give the memory back."""
        while self._files:
            self._files.popitem()[1].close()
