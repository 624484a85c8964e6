"""The words of blocks, as they are counted."""

from __future__ import annotations

from dataclasses import replace

from booklet.model import content as c
from booklet.typeset.segments import visible


def words_of(blocks: c.Blocks) -> str:
    """Give the visible characters of blocks, without attributions."""
    bare = (
        replace(b, attribution=None) if isinstance(b, c.Excerpt | c.Quote) else b for b in blocks
    )
    return visible("".join(c.plain(line) for block in bare for line in c.lines_of(block)))
