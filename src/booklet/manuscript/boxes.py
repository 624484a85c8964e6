"""Fenced containers, ``::: note`` and ``::: verse``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from booklet.errors import Place
from booklet.manuscript.attribution import opens_attribution
from booklet.manuscript.nodes import Node, box_params, inline_of, start_of
from booklet.model.content import Block, Blocks, Box, Inlines, Paragraph, Strong, Text, Verse, plain

if TYPE_CHECKING:
    from booklet.manuscript.blocks import Blocker

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FENCE = re.compile(r":{3,}")
_QUOTE_MARKS = re.compile(r"[\s>]*")


def read_box(blocker: Blocker, node: Node, place: Place) -> Blocks:
    """Convert a container; one named verse keeps its lines."""
    classes, title = _names(blocker, node, place)
    _check_closed(blocker, node, place)
    if "verse" in classes:
        return _verse(blocker, node, classes, place)
    blocks = blocker.blocks(node.children)
    if title:
        blocks = (Paragraph((Strong((Text(title),)),), place), *blocks)
    return (Box(classes, blocks, place),)


def _names(blocker: Blocker, node: Node, place: Place) -> tuple[tuple[str, ...], str]:
    given = box_params(node.info)
    own = str(node.attrs.get("class", "")).split()
    if given.attributes.get("id"):
        name = given.attributes["id"]
        blocker.inliner.ids.author(name, place, used=False)
        blocker.inliner.ignore([f"#{name}"], place)
    blocker.inliner.ignore([key for key in given.attributes if key not in {"id", "class"}], place)
    names = given.names + tuple(given.attributes.get("class", "").split())
    wrong = [name for name in names if not _NAME.fullmatch(name)]
    if wrong or not names:
        blocker.findings.error(
            place,
            "container-name",
            f"{(wrong or ['nothing'])[0]} is no name of a container",
            "name it in ASCII letters, as in ::: note",
        )
    return (*names, *own), given.title


def _check_closed(blocker: Blocker, node: Node, place: Place) -> None:
    end = node.map[1] if node.map else 0
    line = blocker.source.lines[end] if end < len(blocker.source.lines) else ""
    if not _FENCE.match(_QUOTE_MARKS.sub("", line, count=1)):
        blocker.findings.error(
            place, "container-open", "this container is never closed", "close it with :::"
        )


def _verse(blocker: Blocker, node: Node, classes: tuple[str, ...], place: Place) -> Blocks:
    """Lines stay lines. What is not verse in the container stands beside it."""
    others = tuple(name for name in classes if name != "verse")
    blocks: list[Block] = []
    lines: list[Inlines] = []
    first = place

    def close() -> None:
        if lines:
            blocks.append(Verse(tuple(lines), first))
            lines.clear()

    for child in node.children:
        if child.type != "paragraph" or child.attrs:
            close()
            blocks.extend(blocker.blocks([child]))
            continue
        stanza, attribution = _stanza(blocker, child)
        if stanza:
            first = start_of(child, blocker.source) if not lines else first
            lines.extend([(), *stanza] if lines else stanza)
        if attribution is not None:
            close()
            blocks.append(attribution)
    close()
    return (Box(others, tuple(blocks), place),) if others else tuple(blocks)


def _stanza(blocker: Blocker, node: Node) -> tuple[list[Inlines], Paragraph | None]:
    """Give the lines of a stanza, and the attribution that may end it."""
    lines = blocker.inliner.lines(inline_of(node))
    row, offset = node.children[0].meta["starts"][-1]
    if lines and opens_attribution(plain(lines[-1])):
        place = blocker.source.place(row, offset)
        return [line for line in lines[:-1] if line], Paragraph(lines[-1], place)
    return [line for line in lines if line], None
