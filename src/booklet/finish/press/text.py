"""Proof that pages for the press say what pages on the screen say, by a reader of its own.

PDFium has no part in making either file. White space, which it guesses, does not count.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import pikepdf
import pypdfium2

from booklet.errors import Diagnostic, Place, Severity

AROUND = 12
"""Characters that are shown around the first difference."""


def compare_text(press: bytes, screen: bytes, indexes: Sequence[int]) -> Iterator[Diagnostic]:
    """Compare each page for the press with its page on the screen.

    Args:
        press: The pages for the press; those beyond ``indexes`` must be blank.
        screen: The screen edition.
        indexes: Which of its pages they are, from 0.
    """
    ours, theirs = (pypdfium2.PdfDocument(data) for data in (press, as_written(screen)))
    try:
        for number in range(len(ours)):
            got = _text(ours[number])
            want = _text(theirs[indexes[number]]) if number < len(indexes) else ""
            if got != want:
                yield _difference(number + 1, got, want)
        if len(ours) < len(indexes):
            msg = f"{len(indexes) - len(ours)} pages of the screen edition are missing"
            yield Diagnostic(Place("press"), Severity.ERROR, "press-text", msg)
    finally:
        ours.close()
        theirs.close()


def as_written(data: bytes) -> bytes:
    """Give a file as PDFium reads it in the order in which it was written.

    Of a book that is bound at the right, ``/Direction /R2L``, PDFium takes the text for Arabic or
    Hebrew, and puts the clauses of each Chinese line in the opposite order.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        preferences = pdf.Root.get("/ViewerPreferences")
        if preferences is None or preferences.get("/Direction") != "/R2L":
            return data
        del preferences["/Direction"]
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


def _text(page: Any) -> str:
    text = page.get_textpage()
    words = "".join(text.get_text_range().split())
    text.close()
    page.close()
    return words


def _difference(page: int, got: str, want: str) -> Diagnostic:
    match = SequenceMatcher(None, got, want, autojunk=False).find_longest_match()
    at = 0 if match.a or match.b else match.size
    shown, wanted = (text[max(at - AROUND, 0) : at + AROUND] for text in (got, want))
    msg = f"page {page} says “{shown}” where the screen edition says “{wanted}”"
    hint = "report it: the conversion of a font or a form is at fault"
    return Diagnostic(Place("press"), Severity.ERROR, "press-text", msg, hint)
