"""Names and numbers that several parts of the header use."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

EditionName = Literal["screen", "ebook", "press", "office", "cover"]


def _isbn(text: str) -> str:
    digits = text.replace("-", "").replace(" ", "")
    if len(digits) != 13 or not digits.isdigit():
        msg = "an ISBN has 13 digits"
        raise ValueError(msg)
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    if total % 10:
        msg = f"the check digit of ISBN {text} does not fit"
        raise ValueError(msg)
    return text


Isbn = Annotated[str, AfterValidator(_isbn)]
"""An ISBN as printed, 978-7-…, whose check digit fits (ISO 2108)."""
