"""Levels of headings: a book that skips one cannot be navigated (ISO 14289-1, 7.4.2)."""

from __future__ import annotations

from collections.abc import Iterable

from booklet.errors import Findings
from booklet.model.content import Heading
from booklet.model.publication import Section


def check_levels(sections: Iterable[Section], findings: Findings) -> None:
    """Warn of headings that stand more than one level below the one before them."""
    for section in sections:
        level = 2
        for block in section.blocks:
            if not isinstance(block, Heading):
                continue
            if block.level > level + 1:
                findings.warning(
                    block.place,
                    "heading-skipped",
                    f"a heading of level {block.level} follows one of level {level}",
                    f"write {'#' * (level + 1)}, the next level",
                )
            level = block.level
