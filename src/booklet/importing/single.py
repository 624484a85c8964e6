"""Blocks that must become one line: headings and cells."""

from __future__ import annotations

from booklet.manuscript.inlines import join
from booklet.model.content import Blocks, Break, Inlines, Text, lines_of


def one_line(blocks: Blocks) -> Inlines:
    """Make one line of blocks; a space parts what stood in lines of their own."""
    lines = [line for block in blocks for line in lines_of(block) if line]
    parted = (item for line in lines for item in (*line, Text(" ")))
    joined = join(Text(" ") if isinstance(item, Break) else item for item in parted)
    if joined and isinstance(last := joined[-1], Text):
        joined = (*joined[:-1], Text(last.text.rstrip())) if last.text.strip() else joined[:-1]
    return joined
