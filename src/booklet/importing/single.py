"""Blocks that must become one line: headings and cells."""

from __future__ import annotations

from dataclasses import replace

from booklet.manuscript.inlines import join
from booklet.model.content import (
    Blocks,
    Break,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Span,
    Strong,
    Text,
    lines_of,
)


def unbroken(inlines: Inlines) -> Inlines:
    """Put a space in the place of every break."""
    done: list[Inline] = []
    for item in inlines:
        match item:
            case Break():
                done.append(Text(" "))
            case Strong(children) | Emphasis(children) | Span(_, children) | Link(_, children):
                done.append(replace(item, children=unbroken(children)))
            case _:
                done.append(item)
    return join(done)


def one_line(blocks: Blocks) -> Inlines:
    """Make one line of blocks; a space parts what stood in lines of their own."""
    lines = [line for block in blocks for line in lines_of(block) if line]
    parted = (item for line in lines for item in (*line, Text(" ")))
    joined = unbroken(tuple(parted))
    if joined and isinstance(last := joined[-1], Text):
        joined = (*joined[:-1], Text(last.text.rstrip())) if last.text.strip() else joined[:-1]
    return joined
