"""Every line of a publication rewritten, in the order in which the transcript says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from booklet.errors import Place
from booklet.model import content as c
from booklet.model.publication import FrontPiece, Publication, Section

Kind = Literal["title", "heading", "text", "attribution", "caption"]

VERBATIM = "verbatim"
"""Class of words and containers that are left as they are: ``[于]{.verbatim}``."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a line stands.

    Attributes:
        stream: Its stream of the transcript.
        place: In the source.
        verbatim: Whether it stands in a container that is left as it is.
    """

    stream: str
    kind: Kind
    place: Place
    verbatim: bool = False


Write = Callable[[c.Inlines, Where], c.Inlines]
"""Rewrite a line. A line of code comes as `Code`, a label as `Text`."""


@dataclass(frozen=True, slots=True)
class Rewriter:
    """Rewrites a publication.

    Attributes:
        write: Rewrites each line of the manuscript; an attribution inline by inline, so that it
            can be parted again as it was.
        words: Rewrites words that stand alone: a title in metadata, the description of a picture.
    """

    write: Write
    words: Callable[[str], str]

    def publication(self, pub: Publication) -> Publication:
        """Rewrite all of it but the header."""
        title = self.write(pub.title_inlines, Where("title", "title", pub.title_place))
        front = tuple(self._front(piece, number) for number, piece in enumerate(pub.front, 1))
        sections = tuple(map(self._section, pub.sections))
        back = tuple(map(self._section, pub.back))
        notes = tuple(
            replace(note, blocks=self._blocks(note.blocks, f"note-{note.id}")) for note in pub.notes
        )
        return replace(
            pub, title=self._same_words(pub.title, pub.title_inlines, title), title_inlines=title,
            front=front, sections=sections, back=back, notes=notes,
        )  # fmt: skip

    def _same_words(self, words: str, before: c.Inlines, after: c.Inlines) -> str:
        """Rewrite the plain words of a heading as its inlines were."""
        if before and c.plain(before).strip() == words:
            return c.plain(after).strip()
        return self.words(words)

    def _front(self, piece: FrontPiece, number: int) -> FrontPiece:
        stream = f"front-{number}"
        heading = self.write(piece.heading, Where(stream, "heading", piece.place))
        label = piece.label
        if label:
            label = c.plain(self.write((c.Text(label),), Where(stream, "caption", piece.place)))
        title = self._same_words(piece.title, piece.heading, heading)
        blocks = self._blocks(piece.blocks, stream)
        return replace(piece, heading=heading, label=label, title=title, blocks=blocks)

    def _section(self, section: Section) -> Section:
        heading = self.write(section.heading, Where("body", "heading", section.place))
        title = self._same_words(section.title, section.heading, heading)
        return replace(
            section, heading=heading, title=title, blocks=self._blocks(section.blocks, "body")
        )

    def _blocks(self, blocks: c.Blocks, stream: str, *, verbatim: bool = False) -> c.Blocks:
        return tuple(self._block(block, stream, verbatim) for block in blocks)

    def _block(self, block: c.Block, stream: str, verbatim: bool) -> c.Block:  # noqa: C901 - a case for each
        place = block.place

        def line(inlines: c.Inlines, kind: Kind = "text") -> c.Inlines:
            return self.write(inlines, Where(stream, kind, place, verbatim))

        def within(blocks: c.Blocks) -> c.Blocks:
            return self._blocks(blocks, stream, verbatim=verbatim)

        match block:
            case c.Paragraph(inlines):
                return replace(block, inlines=line(inlines))
            case c.Heading(inlines=inlines):
                return replace(block, inlines=line(inlines, "heading"))
            case c.Quote(blocks) | c.Excerpt(blocks=blocks):
                inner = within(blocks)
                source = self._attribution(block.attribution, stream, verbatim=verbatim)
                return replace(block, blocks=inner, attribution=source)
            case c.Box(classes, blocks):
                inner = self._blocks(blocks, stream, verbatim=verbatim or VERBATIM in classes)
                return replace(block, blocks=inner)
            case c.Listing(items):
                return replace(block, items=tuple(map(within, items)))
            case c.Verse(lines):
                return replace(block, lines=tuple(map(line, lines)))
            case c.Table(head, rows):
                heads = tuple(map(line, head))
                return replace(block, head=heads, rows=tuple(tuple(map(line, r)) for r in rows))
            case c.Figure(picture, caption):
                shown = replace(picture, alt=self.words(picture.alt))
                return replace(block, picture=shown, caption=line(caption, "caption"))
            case c.CodeBlock(text):
                line((c.Code(text),))
                return block
            case c.Rule():
                return block

    def _attribution(
        self, source: c.Attribution | None, stream: str, *, verbatim: bool
    ) -> c.Attribution | None:
        """Rewrite an attribution; it stays parted as it was read, and its date is the same."""
        if source is None:
            return None
        where = Where(stream, "attribution", source.place, verbatim)
        new = self.write((*source.lead, *source.rest), where)
        lead, rest = new[: len(source.lead)], new[len(source.lead) :]
        return replace(
            source, lead=lead, rest=rest, occasion=c.plain(rest).strip(),
            date_text=_dated(source, lead), kind=self.words(source.kind),
        )  # fmt: skip


def _dated(source: c.Attribution, lead: c.Inlines) -> str:
    """Find the words of the date in the rewritten lead, where they stood before."""
    if not source.date_text:
        return ""
    before, after = c.plain(source.lead), c.plain(lead)
    at = before.find(source.date_text)
    return after[at : at + len(source.date_text)] if at >= 0 else source.date_text
