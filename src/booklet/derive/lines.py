"""A line in another script: its words converted together, each inline left in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from booklet.derive.ledger import Ledger, Pair, same, target_of
from booklet.derive.script import ConversionError, Converter
from booklet.derive.tree import VERBATIM, Where
from booklet.errors import Findings
from booklet.model import content as c


@dataclass(slots=True)
class Scripting:
    """Converts lines, and records what became of each character.

    Attributes:
        converter: Converts words.
        ledger: The record.
        findings: Collects ``conversion-lost``.
    """

    converter: Converter
    ledger: Ledger
    findings: Findings

    def words(self, text: str) -> str:
        """Convert words that stand alone and are in no transcript."""
        try:
            return self.converter.text(text)
        except ConversionError:  # told where the text has them
            return text

    def write(self, inlines: c.Inlines, where: Where) -> c.Inlines:
        """Convert a line; it keeps its inlines."""
        pieces = list(_pieces(inlines, verbatim=where.verbatim))
        found = iter(self._convert(pieces, where))
        done: list[tuple[Pair, ...]] = []
        new = tuple(_rebuild(item, found, done) for item in inlines)
        self.ledger.record(where.stream, (pair for pairs in done for pair in pairs))
        return new

    def _convert(self, pieces: Sequence[_Piece], where: Where) -> Iterator[tuple[Pair, ...]]:
        """Give the pairs of each piece; what is left alone parts what is converted together."""
        together: list[str] = []
        for piece in (*pieces, _Piece("", kept=True)):
            if not piece.kept:
                together.append(piece.text)
                continue
            yield from self._together(together, where)
            together = []
            yield same(piece.text)

    def _together(self, texts: list[str], where: Where) -> list[tuple[Pair, ...]]:
        try:
            return self.converter.pieces(texts) if texts else []
        except ConversionError:
            text = "".join(texts)
            self.findings.error(
                where.place, "conversion-lost",
                f"the conversion of 「{text[:20]}」 cannot be followed character by character",
                "protect its words, or give them in terms",
            )  # fmt: skip
            return [same(text) for text in texts]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a line; ``kept`` if it is not converted."""

    text: str
    kept: bool = False


def _pieces(inlines: c.Inlines, *, verbatim: bool) -> Iterator[_Piece]:
    for item in inlines:
        match item:
            case c.Text(text):
                yield _Piece(text, kept=verbatim)
            case c.Code(text):
                yield _Piece(text, kept=True)
            case c.Ruby(base, reading):
                yield _Piece(base, kept=verbatim)
                yield _Piece(reading, kept=True)
            case c.Picture(_, alt):
                yield _Piece(alt, kept=True)
            case c.Span(classes, children):
                yield from _pieces(children, verbatim=verbatim or VERBATIM in classes)
            case c.Strong(children) | c.Emphasis(children) | c.Link(_, children):
                yield from _pieces(children, verbatim=verbatim)
            case c.NoteRef() | c.Break():
                pass


def _rebuild(
    item: c.Inline, found: Iterator[tuple[Pair, ...]], done: list[tuple[Pair, ...]]
) -> c.Inline:
    """Give an inline its new words; ``done`` gets those that the transcript has."""

    def next_words() -> str:
        done.append(next(found))
        return target_of(done[-1])

    match item:
        case c.Text() | c.Code():
            return replace(item, text=next_words())
        case c.Ruby():
            base = next_words()
            return replace(item, base=base, reading=next_words())
        case c.Picture():
            return replace(item, alt=target_of(next(found)))
        case c.Span() | c.Strong() | c.Emphasis() | c.Link():
            inner = tuple(_rebuild(child, found, done) for child in item.children)
            return replace(item, children=inner)
        case _:
            return item
