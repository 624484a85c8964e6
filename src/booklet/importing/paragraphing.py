"""What is asked of paragraphs and their neighbours while blocks are read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from booklet.errors import Place
from booklet.importing.elements import SILENT, Element, name_of
from booklet.importing.room import Room
from booklet.manuscript.attribution import closes_paragraph, names_source
from booklet.model.content import (
    Block,
    Blocks,
    Break,
    Figure,
    Inline,
    Inlines,
    Listing,
    Paragraph,
    Picture,
    Text,
    plain,
)

HEADING = re.compile(r"h([1-6])")


def slug(words: str) -> str:
    """Give the id that sites of Markdown make of a heading."""
    kept = "".join(c for c in words.strip().lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


def paragraph(inlines: Inlines, place: Place) -> Block:
    """Make a paragraph; a picture alone is a figure."""
    if len(inlines) == 1 and isinstance(inlines[0], Picture):
        return Figure(inlines[0], (), place)
    return Paragraph(inlines, place)


def opens_with_heading(element: Element) -> bool:
    """Tell whether a heading is the first that an element says."""
    for one in element.iter():
        if HEADING.fullmatch(name_of(one)):
            return True
        if (one.text or "").strip() or (one is not element and (one.tail or "").strip()):
            return False
    return False


def broken(inlines: Inlines) -> list[Inlines]:
    """Part a paragraph at its breaks."""
    lines: list[list[Inline]] = [[]]
    for item in inlines:
        if isinstance(item, Break):
            lines.append([])
        else:
            lines[-1].append(item)
    return [tuple(one) for one in lines if one]


def credit_parted(inlines: Inlines) -> tuple[Inlines, ...]:
    """Part a paragraph before a last line that is its attribution."""
    at = max((i for i, item in enumerate(inlines) if isinstance(item, Break)), default=-1)
    last = plain(inlines[at + 1 :])
    if at > 0 and (closes_paragraph(last) or names_source(last)):
        return inlines[:at], inlines[at + 1 :]
    return (inlines,)


def is_plain(inlines: Inlines) -> bool:
    """Tell whether a line is nothing but characters."""
    return all(isinstance(item, Text) for item in inlines)


def is_tight(item: Blocks) -> bool:
    """Tell whether an item is a line, and perhaps lists below it."""
    return isinstance(item[0], Paragraph) and all(isinstance(b, Listing) for b in item[1:])


def source_lines(element: Element, room: Room) -> Iterator[str]:
    """Yield the text of an element with its own line ends."""
    yield element.text or ""
    for child in element:
        name = name_of(child)
        if name == "br":
            yield "\n"
        elif name and name not in SILENT and child not in room.left_out and child not in room.calls:
            yield from source_lines(child, room)
        yield child.tail or ""
