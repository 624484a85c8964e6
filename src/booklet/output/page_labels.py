"""Folios of a rendered document, and page labels that say the same in a PDF viewer.

WeasyPrint 70 writes no page labels (ISO 32000-1, 12.4.2). The theme's style sheets count pages;
each page carries its own number in a hidden corner, from which the labels are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pydyf

CORNER = "@bottom-left-corner"
_ROMAN = re.compile(r"^[ivxlcdm]+$")
_ROMAN_FIGURES = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@dataclass(frozen=True, slots=True)
class PageLabel:
    """The folio of a page.

    Attributes:
        text: As printed or as it would be: ``iv``, ``12``; '' for a cover, which has none.
        style: ``D`` arabic, ``r`` roman, '' none.
        number: 0 where there is none.
        name: Name of the page's style, such as ``contents``; '' for a blank.
        blank: Left blank, so that the next part opens on its side.
    """

    text: str
    style: str
    number: int
    name: str
    blank: bool


def label_pages(document: Any) -> tuple[PageLabel, ...]:
    """Read the folio of every page of a rendered document, each by itself."""
    labels: list[PageLabel] = []
    for page in document.pages:
        box = page._page_box
        text = ""
        for child in box.children:
            if getattr(child, "at_keyword", "") == CORNER:
                text = "".join(getattr(part, "text", "") for part in child.descendants())
        labels.append(_label(text, box.page_type.name or "", blank=bool(box.page_type.blank)))
    return tuple(labels)


def join_labels(pages: Iterable[PageLabel]) -> tuple[PageLabel, ...]:
    """Let blank pages go on with the numbering of the page before, for they know none."""
    labels: list[PageLabel] = []
    for label in pages:
        previous = labels[-1] if labels else None
        if label.blank and previous and previous.style == "r" and label.number:
            label = replace(label, text=to_roman(label.number), style="r")
        if label.blank and previous and not previous.style:
            label = PageLabel("", "", 0, label.name, blank=True)
        labels.append(label)
    return tuple(labels)


def _label(text: str, name: str, *, blank: bool) -> PageLabel:
    if text.isdigit():
        return PageLabel(text, "D", int(text), name, blank)
    if _ROMAN.match(text):
        return PageLabel(text, "r", from_roman(text), name, blank)
    return PageLabel("", "", 0, name, blank)


def from_roman(text: str) -> int:
    """Read lower-case roman figures."""
    values = [_VALUES[figure] for figure in text]
    following = [*values[1:], 0]
    return sum(-one if one < two else one for one, two in zip(values, following, strict=True))


def to_roman(number: int) -> str:
    """Write lower-case roman figures, 1 or more."""
    text = ""
    for value, figure in _ROMAN_FIGURES:
        count, number = divmod(number, value)
        text += figure * count
    return text


def add_page_labels(pdf: pydyf.PDF, labels: tuple[PageLabel, ...]) -> None:
    """Write the number tree of page labels, and open the file as facing pages."""
    numbers = pydyf.Array()
    previous: PageLabel | None = None
    for index, label in enumerate(labels):
        goes_on = (
            previous is not None
            and previous.style == label.style
            and (not label.style or previous.number + 1 == label.number)
        )
        if not goes_on:
            entry = pydyf.Dictionary(
                {"S": f"/{label.style}", "St": label.number} if label.style else {}
            )
            numbers.extend([index, entry])
        previous = label
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": numbers})
    pdf.catalog["PageLayout"] = "/TwoPageRight"
