"""A line with readings over its characters; those of the manuscript are left as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from booklet.derive.pinyin import Doubt, Reader
from booklet.derive.tree import VERBATIM, Where
from booklet.errors import Findings, Place
from booklet.model import content as c

READ = frozenset({"heading", "text"})
"""Kinds of lines that get readings; title, attributions and captions are apparatus."""

MOST_DOUBTS = 20
"""Doubtful readings that are told one by one."""

CONTEXT = 5
"""Characters shown on either side of a doubtful one."""

FEW = 3
"""Places shown of each doubtful reading."""


UNSPACED = "unspaced"
"""Class of Latin words and figures amid characters with readings."""

_LATIN = re.compile(r"[!-~\u00a1-\u024f](?:[!-~\u00a1-\u024f\u2019 ]*[!-~\u00a1-\u024f])?")


@dataclass(slots=True)
class Annotator:
    """Writes readings into lines.

    Attributes:
        reader: Knows them.
        findings: Collects ``reading-check``.
        letters: Letters of all readings made.
        doubts: Readings that no phrase decides, by character and reading: place and words around.
    """

    reader: Reader
    findings: Findings
    letters: set[str] = field(default_factory=set)
    doubts: dict[tuple[str, str], list[tuple[Place, str]]] = field(default_factory=dict)

    def write(self, inlines: c.Inlines, where: Where) -> c.Inlines:
        """Put readings over the characters of a line."""
        if where.kind not in READ or where.verbatim or where.stream.startswith("note-"):
            return inlines
        text = "".join(_bases(inlines))
        readings, doubts = self.reader.read(text)
        written: list[bool] = []
        new = tuple(self._inlines(inlines, iter(readings), written))
        for doubt in doubts:
            if written[doubt.at]:
                self._doubt(doubt, text, where.place)
        return new

    def _inlines(
        self, inlines: c.Inlines, readings: Iterator[str], written: list[bool]
    ) -> Iterator[c.Inline]:
        for item in inlines:
            match item:
                case c.Text(text):
                    mine = [next(readings) for _ in text]
                    written += [True] * len(text)
                    yield from self._annotate(text, mine)
                case c.Ruby(base):
                    _skip(base, readings, written)
                    yield item
                case c.Code() | c.Break():
                    _skip(_APART, readings, written)
                    yield item
                case c.Span(classes, children) if VERBATIM in classes:
                    _skip("".join(_bases(children)), readings, written)
                    yield item
                case c.Strong() | c.Emphasis() | c.Link() | c.Span():
                    inner = tuple(self._inlines(item.children, readings, written))
                    yield replace(item, children=inner)
                case c.NoteRef() | c.Picture():
                    yield item

    def _annotate(self, text: str, readings: list[str]) -> Iterator[c.Inline]:
        """Yield rubies, and between them what has no reading."""
        bare = ""
        for char, reading in zip(text, readings, strict=True):
            if not reading:
                bare += char
                continue
            yield from _apart(bare)
            bare = ""
            self.letters.update(reading)
            yield c.Ruby(char, reading, made=True)
        yield from _apart(bare)

    def _doubt(self, doubt: Doubt, text: str, place: Place) -> None:
        around = text[max(0, doubt.at - CONTEXT) : doubt.at + CONTEXT + 1].replace(_APART, "")
        self.doubts.setdefault((doubt.char, doubt.reading), []).append((place, around))

    def tell_doubts(self) -> None:
        """Tell the readings that a person should look at, the frequent ones first."""
        hint = "readings: {重庆: chóng qìng} in the header, or {重|chóng} in the text"
        rows = sorted(self.doubts.items(), key=lambda row: (-len(row[1]), row[0]))
        for (char, reading), found in rows[:MOST_DOUBTS]:
            shown = "; ".join(f"「{words}」 line {place.line}" for place, words in found[:FEW])
            more = f" and {len(found) - FEW} more" if len(found) > FEW else ""
            message = f"{char} is read {reading} where no phrase decides: {shown}{more}"
            self.findings.note(found[0][0], "reading-check", message, hint)
        if len(rows) > MOST_DOUBTS:
            rest = rows[MOST_DOUBTS:]
            named = " ".join(f"{char} {reading}" for (char, reading), _ in rest)
            message = f"as doubtful, but less frequent: {named}"
            self.findings.note(rest[0][1][0][0], "reading-check", message, hint)


_APART = "\n"
"""Stands for what parts words: code and breaks."""


def _apart(text: str) -> Iterator[c.Inline]:
    """Part Latin words and figures from Chinese marks: they are set without the cells' space."""
    at = 0
    for match in _LATIN.finditer(text):
        if match.start() > at:
            yield c.Text(text[at : match.start()])
        yield c.Span((UNSPACED,), (c.Text(match[0]),))
        at = match.end()
    if at < len(text):
        yield c.Text(text[at:])


def _bases(inlines: c.Inlines) -> Iterator[str]:
    """Yield the characters that are read."""
    for item in inlines:
        match item:
            case c.Text(text) | c.Ruby(base=text):
                yield text
            case c.Code() | c.Break():
                yield _APART
            case c.Strong(children) | c.Emphasis(children) | c.Link(_, children):
                yield from _bases(children)
            case c.Span(_, children):
                yield from _bases(children)
            case c.NoteRef() | c.Picture():
                pass


def _skip(text: str, readings: Iterator[str], written: list[bool]) -> None:
    for _ in text:
        next(readings)
        written.append(False)
