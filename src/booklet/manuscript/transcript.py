"""What the manuscript says, run by run, straight from the parser's nodes.

It shares with the model only the parser and the outline, so that a fault of the conversion shows
as a difference.
"""

from __future__ import annotations

from collections.abc import Iterator

from booklet.manuscript import html
from booklet.manuscript.markdown import Document
from booklet.manuscript.nodes import Node, box_params, inline_of, line_words, start_of
from booklet.manuscript.notes import Notes
from booklet.manuscript.outline import Outline, Part
from booklet.model.transcript import Run


def transcribe(outline: Outline, notes: Notes) -> tuple[Run, ...]:
    """Give every run of the parts, and of the notes that are called."""
    runs: list[Run] = []
    if outline.title is not None:
        runs += transcribe_part(outline.title, "title")
    for number, part in enumerate(outline.front, 1):
        runs += transcribe_part(part, f"front-{number}")
    for part in (*outline.sections, *outline.back):
        runs += transcribe_part(part, "body")
    return (*runs, *transcribe_notes(notes))


def transcribe_notes(notes: Notes) -> Iterator[Run]:
    """Yield the runs of notes."""
    for note in notes.called:
        for child in note.node.children:
            yield from transcribe_node(note.document, child, f"note-{note.id}")


def transcribe_part(part: Part, stream: str) -> Iterator[Run]:
    """Yield the runs of a part, its heading first."""
    if part.heading is not None:
        yield from transcribe_node(part.document, part.heading, stream)
    for document, node in part.nodes:
        yield from transcribe_node(document, node, stream)


def transcribe_node(document: Document, node: Node, stream: str) -> Iterator[Run]:
    """Yield the runs of a block."""
    words = _own_words(node)
    if words.strip():
        yield Run(stream, words, start_of(node, document.source))
    if node.type not in {"paragraph", "heading", "th", "td", "footnote_reference"}:
        for child in node.children:
            if child.type != "footnote_reference":
                yield from transcribe_node(document, child, stream)


def _own_words(node: Node) -> str:
    match node.type:
        case "paragraph":
            return line_words(node) + _caption(node)
        case "heading" | "th" | "td":
            return line_words(node)
        case "fence" | "code_block":
            return node.content
        case "html_block":
            return html.words_of(node.content)
        case "container_box":
            return box_params(node.info).title
        case _:
            return ""


def _caption(paragraph: Node) -> str:
    """Give the caption of a picture that stands alone."""
    inline = inline_of(paragraph)
    if len(inline) == 1 and inline[0].type == "image":
        return str(inline[0].attrs.get("title", ""))
    return ""
