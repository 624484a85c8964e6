"""The words of a page by a path of their own, to hold the manuscript against.

It shares with the reading of blocks only what was told to be no text, and which elements are notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from booklet.errors import Place
from booklet.importing.elements import BLOCKS, SILENT, Element, name_of
from booklet.importing.escaping import printable
from booklet.importing.room import Page, Room
from booklet.model.transcript import Run, visible

BODY, NOTE = "body", "note"

_Piece = tuple[str, Place, str]
"""Stream, place of the block, text."""


def words_of(page: Page, room: Room) -> Iterator[Run]:
    """Yield the words of a page, a run for each stretch between two borders of blocks."""
    stream, place, parts = BODY, page.place(page.body), list[str]()
    for found in (*_pieces(page.body, page, room, BODY), None):
        if found is None or found[2] == "" or found[0] != stream:
            text = visible(printable("".join(parts))[0])
            if text:
                yield Run(stream, text, place)
            parts = []
        if found is not None:
            if not parts:
                stream, place = found[0], found[1]
            parts.append(found[2])


def _pieces(element: Element, page: Page, room: Room, stream: str) -> Iterator[_Piece]:
    """Yield texts; an empty one is the border of a block."""
    name = name_of(element)
    if not name or name in SILENT or element in room.left_out or element in room.calls:
        return
    note = room.bodies.get(element)
    place = page.place(element)
    if note is not None:
        yield from _note(element, page, room, room.labels.get(note, ""))
        return
    border = name in BLOCKS or name == "br"
    if border:
        yield stream, place, ""
    if name != "rp" and element.text:  # brackets for readers that know no ruby
        yield stream, place, element.text
    for child in element:
        yield from _pieces(child, page, room, stream)
        if child.tail:
            yield stream, place, child.tail
    if border:
        yield stream, place, ""


def _note(element: Element, page: Page, room: Room, label: str) -> Iterator[_Piece]:
    """Yield the texts of a note without the number that it begins with."""
    yield BODY, page.place(element), ""
    for place, text in _inside(element, page, room):
        words = text
        if label and text.strip():
            words, label = without_label(text, label), ""
        if words or not text:
            yield NOTE, place, words
    yield BODY, page.place(element), ""


def _inside(element: Element, page: Page, room: Room) -> Iterator[tuple[Place, str]]:
    place = page.place(element)
    if element.text:
        yield place, element.text
    for child in element:
        for _, where, text in _pieces(child, page, room, NOTE):
            yield where, text
        if child.tail:
            yield place, child.tail


def without_label(text: str, label: str) -> str:
    """Take the number that calls a note from the beginning of the note."""
    bare = label.strip("[](){}［］（）【】〔〕 ")
    found = re.match(
        rf"\s*(?:[\[［(（【〔]\s*{re.escape(bare)}\s*[\]］)）】〕]|{re.escape(bare)}(?![0-9A-Za-z]))"
        rf"[.．、:：]?\s*",
        text,
    )  # fmt: skip
    return text[found.end() :] if found and bare else text
