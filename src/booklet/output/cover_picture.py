"""The cover of the e-book: the printed cover, as a picture."""

from __future__ import annotations

import io

import pypdfium2

from booklet.typeset.book import Resource

COVER_HEIGHT = 2400
"""Pixels; stores ask for at least 1600 on the longer side."""


def cover_picture(pdf: bytes, name: str) -> Resource:
    """Draw the first page of a PDF as the cover picture, a PNG of `COVER_HEIGHT` pixels."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        image = page.render(scale=COVER_HEIGHT / page.get_height()).to_pil().convert("RGB")
    finally:
        document.close()
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return Resource(name, "image/png", out.getvalue())
