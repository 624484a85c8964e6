"""Fonts of drawn pages: kept with their description, so that another process can open them."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from booklet.compose.weasy import (
    PdfFont,
    face_data,
    ffi,
    no_fonts,
    pango,
    pdf,
    pdf_fonts,
    pdf_stream,
)

_OPENED = "_compose_opened"
"""The attribute of a font configuration that holds the fonts opened with it."""


class DescribedFont(PdfFont):  # type: ignore[misc]
    """A font that remembers how Pango describes it, and reads its file only to cut it."""

    _content: bytes | None = None

    def __init__(self, pango_font: Any, description: Any, font_size: float) -> None:
        before, pdf_fonts.get_hb_object_data = pdf_fonts.get_hb_object_data, _later
        try:
            super().__init__(pango_font, description, font_size)
        finally:
            pdf_fonts.get_hb_object_data = before
        self.description = _text(description)

    @property
    def file_content(self) -> bytes:
        """The font's file, or what is left of it once it is cut."""
        if self._content is None:
            self._content = face_data(self.hb_face)
        return self._content

    @file_content.setter
    def file_content(self, content: bytes | None) -> None:
        self._content = content


def _later(_: Any) -> None:
    """Read no file yet: a Chinese font has tens of megabytes."""


def _text(description: Any) -> str:
    text: str = ffi.string(pango.pango_font_description_to_string(description)).decode()
    return text


@dataclass(slots=True)
class _Drawing:
    """Makes the fonts of one piece from those that other pieces have opened."""

    opened: dict[str, DescribedFont]

    def font(self, pango_font: Any, description: Any, font_size: float) -> DescribedFont:
        known = self.opened.get(_text(description))
        if known is None:
            known = DescribedFont(pango_font, description, font_size)
            self.opened[known.description] = known
        own = copy.copy(known)
        own.font_size, own.widths, own.to_unicode, own.missing = font_size, {}, {}, {}
        return own


@contextlib.contextmanager
def drawn_fonts(font_config: Any) -> Iterator[Callable[[Any], list[DescribedFont]]]:
    """Draw pages without writing their fonts.

    Args:
        font_config: The font configuration that the pages were laid out with.

    Yields:
        A function that tells which fonts a document's pages have used.
    """
    before = pdf_stream.Font, pdf.build_fonts_dictionary
    drawing = _Drawing(font_config.__dict__.setdefault(_OPENED, {}))
    pdf_stream.Font, pdf.build_fonts_dictionary = drawing.font, no_fonts
    try:
        yield lambda document: list(document.fonts.values())
    finally:
        pdf_stream.Font, pdf.build_fonts_dictionary = before


def open_font(font_config: Any, description: str, size: float) -> DescribedFont:
    """Open a font by its description.

    Args:
        font_config: A font configuration of the base.
        description: As Pango wrote it.
        size: In CSS pixels.
    """
    found = ffi.gc(
        pango.pango_font_description_from_string(description.encode()),
        pango.pango_font_description_free,
    )
    pango.pango_font_description_set_absolute_size(found, pango.pango_units_from_double(size))
    context = pango.pango_font_map_create_context(font_config.font_map)
    font = pango.pango_font_map_load_font(font_config.font_map, context, found)
    own = ffi.gc(
        pango.pango_font_describe_with_absolute_size(font), pango.pango_font_description_free
    )
    mask = pango.PANGO_FONT_MASK_SIZE + pango.PANGO_FONT_MASK_GRAVITY
    pango.pango_font_description_unset_fields(own, mask)
    return DescribedFont(font, own, size)
