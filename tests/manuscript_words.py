"""The words of a model, stream by stream, to be held against the transcript."""

from __future__ import annotations

from collections import defaultdict

from booklet.manuscript import Loaded
from booklet.model.content import (
    Attribution,
    Block,
    Box,
    Code,
    CodeBlock,
    Emphasis,
    Excerpt,
    Figure,
    Heading,
    Inlines,
    Link,
    Listing,
    Paragraph,
    Quote,
    Ruby,
    Span,
    Strong,
    Table,
    Text,
    Verse,
)


def squeeze(text: str) -> str:
    """White space does not count in a transcript."""
    return "".join(text.split())


def of_inlines(inlines: Inlines) -> str:
    parts = []
    for inline in inlines:
        match inline:
            case Text(text) | Code(text):
                parts.append(text)
            case Ruby(base, reading):
                parts.append(base + reading)
            case Strong(children) | Emphasis(children) | Link(_, children) | Span(_, children):
                parts.append(of_inlines(children))
            case _:
                pass
    return "".join(parts)


def of_attribution(attribution: Attribution | None) -> str:
    return "" if attribution is None else of_inlines(attribution.lead + attribution.rest)


def of_blocks(blocks: tuple[Block, ...]) -> str:
    return "".join(of_block(block) for block in blocks)


def of_block(block: Block) -> str:
    match block:
        case Paragraph(inlines=inlines) | Heading(inlines=inlines) | Figure(caption=inlines):
            return of_inlines(inlines)
        case Quote() | Excerpt():
            return of_blocks(block.blocks) + of_attribution(block.attribution)
        case Verse(lines=lines):
            return "".join(of_inlines(line) for line in lines)
        case Listing(items=items):
            return "".join(of_blocks(item) for item in items)
        case Table(head=head, rows=rows):
            return "".join(of_inlines(cell) for row in (head, *rows) for cell in row)
        case CodeBlock(text=text):
            return text
        case Box(blocks=inner):
            return of_blocks(inner)
        case _:
            return ""


def words_of_model(loaded: Loaded) -> dict[str, str]:
    publication = loaded.publication
    assert publication is not None
    words: dict[str, str] = {"title": of_inlines(publication.title_inlines)}
    for number, piece in enumerate(publication.front, 1):
        heading = of_inlines(piece.heading) or piece.label
        words[f"front-{number}"] = heading + of_blocks(piece.blocks)
    words["body"] = "".join(
        of_inlines(section.heading) + of_blocks(section.blocks)
        for section in publication.sections + publication.back
    )
    for note in publication.notes:
        words[f"note-{note.id}"] = of_blocks(note.blocks)
    return {stream: squeeze(text) for stream, text in words.items() if squeeze(text)}


def words_of_transcript(loaded: Loaded) -> dict[str, str]:
    words: dict[str, str] = defaultdict(str)
    for run in loaded.transcript:
        words[run.stream] += squeeze(run.text)
    return dict(words)
