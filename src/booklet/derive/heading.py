"""The header of a derived edition: its words converted, its language its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from booklet.derive.ledger import target_of
from booklet.derive.plan import Plan
from booklet.derive.script import ConversionError, Converter
from booklet.model.header import Header

SAID = (
    "title", "subtitle", "short_title", "contributors", "publisher", "edition", "rights",
    "description", "subjects", "series", "imprint", "colophon",
)  # fmt: skip
"""Keys whose words are printed or told; the rest are names, measures and choices."""


def convert_header(header: Header, plan: Plan, words: Callable[[str], str]) -> Header:
    """Convert what the header says.

    ISBN, price and CIP data belong to the edition that they were issued for: a derived edition has
    its own or none.
    """
    given = header.model_dump()
    said: dict[str, Any] = {key: _convert(given[key], words) for key in SAID}
    said["title_lines"] = _lines(header.title_lines, plan.converter)
    said |= {
        "language": plan.language, "isbn": plan.spec.isbn, "price": plan.spec.price, "cip": None,
    }  # fmt: skip
    return Header.model_validate(given | said)


def _lines(lines: tuple[str, ...], converter: Converter) -> list[str]:
    """Convert the title's lines together, so that a phrase may be broken."""
    try:
        return [target_of(pairs) for pairs in converter.pieces(lines)]
    except ConversionError:  # told where the title stands
        return list(lines)


def _convert(value: Any, words: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return words(value)
    if isinstance(value, dict):
        return {
            words(key): _convert(inner, words)  # a label of the colophon; ours are ASCII
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_convert(inner, words) for inner in value]
    return value
