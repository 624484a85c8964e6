"""The style sheets of a book against the limits, before anything parses them."""

from __future__ import annotations

from booklet.errors import Diagnostic, InputError, Place, Severity
from booklet.limits.sheets import check_sheets
from booklet.output.css_console import file_of
from booklet.typeset.book import PagedBook


def refuse_hostile_sheets(book: PagedBook) -> None:
    """Stop before sheets that nest, count, measure or grow beyond the limits.

    Raises:
        InputError: With ``style-limit`` at each place.
    """
    found = tuple(
        Diagnostic(
            Place(file_of(book.sheets[fault.sheet]), fault.line, fault.column),
            Severity.ERROR, "style-limit", fault.message,
            "simplify the rule; docs/limits.md lists what may be raised",
        )
        for fault in check_sheets(sheet.css for sheet in book.sheets)
    )  # fmt: skip
    if found:
        msg = "the style sheets are beyond the limits"
        raise InputError(msg, found)
