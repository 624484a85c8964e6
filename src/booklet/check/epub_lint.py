"""Our own lint of an EPUB: what EPUBCheck and Ace do not look for, and the commonest they do.

A pure function of bytes. It takes milliseconds, so every build of an e-book ends with it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from booklet.check.epub_access import check_accessibility
from booklet.check.epub_container import (
    check_archive,
    check_manifest,
    check_outdated,
    check_spine,
)
from booklet.check.epub_content import (
    check_characters,
    check_cover,
    check_excerpts,
    check_notes,
    check_pictures,
)
from booklet.check.epub_documents import check_documents
from booklet.check.epub_file import open_epub
from booklet.check.epub_fonts import check_fonts
from booklet.check.epub_metadata import check_metadata
from booklet.check.epub_navigation import check_navigation
from booklet.check.epub_pages import check_pages
from booklet.check.epub_style import check_style
from booklet.errors import Diagnostic, Findings, Place, Severity

MOST_OF_A_CODE = 100
_RULES = (
    check_archive, check_manifest, check_spine, check_outdated, check_accessibility,
    check_navigation, check_pages, check_documents, check_cover, check_pictures, check_excerpts,
    check_notes, check_style, check_fonts,
)  # fmt: skip


def lint_epub(
    data: bytes, latest: dt.datetime, *, name: str = "", said: str = ""
) -> tuple[Diagnostic, ...]:
    """Lint an EPUB of any origin.

    Args:
        data: The file.
        latest: No book was modified later than this; with its time zone.
        name: What stands before each place, such as ``book.epub/``.
        said: The manuscript where it is known: its own braces are no residue of a template.

    Returns:
        Findings by file and line; every code is in the table of `booklet.codes`.
    """
    findings = Findings()
    epub = open_epub(data, name, findings)
    if epub is not None:
        for rule in _RULES:
            rule(epub, findings)
        check_metadata(epub, findings, latest)
        check_characters(epub, findings, said)
    return tuple(_few(findings, Place(name.rstrip("/"))))


def _few(findings: Findings, book: Place) -> Iterator[Diagnostic]:
    """Give the first findings of each code, and the number of the others."""
    counts: Counter[str] = Counter()
    for item in findings:
        counts[item.code] += 1
        if counts[item.code] <= MOST_OF_A_CODE:
            yield item
    for code, count in counts.items():
        if count > MOST_OF_A_CODE:
            more = f"{count - MOST_OF_A_CODE:,} more of these are not listed"
            yield Diagnostic(book, Severity.NOTE, code, more)
