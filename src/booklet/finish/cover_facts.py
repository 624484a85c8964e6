"""What a cover was made for, written into its file and read back when the book has changed.

The facts are private data of the page (ISO 32000-1, 14.5): they are no metadata, which some
printers refuse, and a viewer does not show them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, String

OWNER = Name("/booklet")


@dataclass(frozen=True, slots=True)
class CoverFacts:
    """What a cover was made for.

    Attributes:
        pages: Pages of the interior with its blanks.
        spine: Millimetres.
        width: Of the trimmed sheet in millimetres.
        height: Of the trimmed sheet in millimetres.
    """

    pages: int
    spine: float
    width: float
    height: float


def with_facts(data: bytes, facts: CoverFacts, made: datetime) -> bytes:
    """Write into a cover what it was made for.

    Args:
        data: A PDF of one page.
        facts: What it was made for.
        made: Date of the file.
    """
    stamp = made.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        private = Dictionary(
            Pages=facts.pages, Spine=round(facts.spine, 3),
            Width=round(facts.width, 3), Height=round(facts.height, 3),
        )  # fmt: skip
        page: Any = pdf.pages[0].obj
        page.LastModified = String(stamp)
        page.PieceInfo = Dictionary()
        page.PieceInfo[OWNER] = Dictionary(LastModified=String(stamp), Private=private)
        file = io.BytesIO()
        pdf.save(
            file,
            force_version=pdf.pdf_version,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            deterministic_id=True,
        )
        return file.getvalue()


def read_facts(data: bytes) -> CoverFacts | None:
    """Read what a cover was made for; None where the file does not say, or is no PDF."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            page: Any = pdf.pages[0].obj
            private = page.PieceInfo[OWNER].Private
            return CoverFacts(
                int(private.Pages), float(private.Spine),
                float(private.Width), float(private.Height),
            )  # fmt: skip
    except (pikepdf.PdfError, KeyError, AttributeError, IndexError, TypeError, ValueError):
        return None
