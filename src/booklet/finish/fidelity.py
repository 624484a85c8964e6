"""Fidelity: every character of the manuscript is in the output, in order, once.

Three texts are compared. The transcript is what the manuscript says; the segments are what the
typeset HTML says; the pages are what the finished file gives back. Transcript against segments
shows what a template lost, doubled or moved; segments against pages, what the renderer did.
White space does not count, nor do characters that leave no mark.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from booklet.errors import Diagnostic, Findings, Place, Severity
from booklet.model.transcript import Run
from booklet.typeset.book import Segment
from booklet.typeset.segments import NOTE_MARK, visible

CONTEXT = 12
"""Characters shown on either side of a difference."""

_LOOKALIKES = str.maketrans("‧•∙・", "····")
"""Characters that fonts draw with one glyph, so that a PDF gives back the first one it met."""


def compare_with_manuscript(
    transcript: Iterable[Run], segments: Iterable[Segment], edition: str
) -> tuple[Diagnostic, ...]:
    """Compare what was typeset with what the manuscript says, stream by stream."""
    findings = Findings()
    said: dict[str, list[tuple[str, Place]]] = {}
    for run in transcript:
        if text := visible(run.text):
            said.setdefault(run.stream, []).append((text, run.place))
    typeset: dict[str, list[tuple[str, Place]]] = {}
    for segment in segments:
        if segment.stream not in {"", NOTE_MARK}:
            file, _, line = segment.source.rpartition(":")
            place = Place(file, int(line or 0))
            typeset.setdefault(segment.stream, []).append((segment.text, place))
    for stream in dict.fromkeys([*said, *typeset]):
        fault = _first_difference(said.get(stream, []), typeset.get(stream, []))
        if fault is not None:
            place, code, message = fault
            findings.error(place, code, f"{edition}: {message}",
                           "the template sets each heading, html, lead and rest once")  # fmt: skip
    return tuple(findings)


def _first_difference(
    said: list[tuple[str, Place]], typeset: list[tuple[str, Place]]
) -> tuple[Place, str, str] | None:
    expected, actual = "".join(text for text, _ in said), "".join(text for text, _ in typeset)
    if expected == actual:
        return None
    at = next(
        (i for i, (one, two) in enumerate(zip(expected, actual, strict=False)) if one != two),
        min(len(expected), len(actual)),
    )
    place = _place_at(said, at) or _place_at(typeset, at) or Place("manuscript")
    here = _around(expected, at)
    probe = 8
    if at >= len(expected):
        return (
            place,
            "text-doubled",
            f"the output goes on where the manuscript ends: {_around(actual, at)}",
        )
    rest = actual[at : at + probe]
    if rest and rest in expected[max(0, at - 4000) : at]:
        return place, "text-doubled", f"the output repeats {_quote(rest)} before {here}"
    if expected[at : at + probe] in actual[at:]:
        return (
            place,
            "text-moved",
            f"the output sets {_quote(rest)} where the manuscript says {here}",
        )
    return place, "text-lost", f"the output lacks {here}"


def _place_at(runs: list[tuple[str, Place]], at: int) -> Place | None:
    for text, place in runs:
        if at < len(text):
            return place
        at -= len(text)
    return None


def _quote(text: str) -> str:
    return f"「{text}」"


def _around(text: str, at: int) -> str:
    before, after = text[max(0, at - CONTEXT) : at], text[at : at + CONTEXT]
    return f"「{before}▸{after}」"


def compare_with_pages(
    segments: Sequence[Segment], pages: Sequence[str], generated: str, labels: Sequence[str] = ()
) -> tuple[Diagnostic, ...]:
    """Compare what a file gives back with what was typeset.

    Args:
        segments: The typeset text, in order.
        pages: Text of each page or document, in order; notes stand after the rest of their page.
        generated: Characters that style sheets may add between segments: leaders, figures.
        labels: Name of each page for messages; its number where not given.

    Returns:
        One error at the first difference; nothing where the texts agree.
    """
    body = [part for part in segments if not part.stream.startswith("note-")]
    notes = [part for part in segments if part.stream.startswith("note-")]
    reader = _Reader(_Text(body), _Text(notes), frozenset(generated))
    for number, page in enumerate(pages):
        where = labels[number] if number < len(labels) and labels[number] else str(number + 1)
        fault = reader.page(visible(page))
        if fault is not None:
            return (_difference(fault, where),)
    left = reader.body if not reader.body.done else reader.notes
    if not left.done:
        message = f"the file ends before {_around(left.text, left.at)}"
        return (Diagnostic(left.place(), Severity.ERROR, "text-lost", message),)
    return ()


@dataclass(slots=True)
class _Text:
    """Segments as one string, with a cursor."""

    segments: Sequence[Segment]
    at: int = 0
    text: str = field(init=False)
    starts: frozenset[int] = field(init=False)
    # Where a style sheet may add something: at the edge of a block or of the theme's own words.

    def __post_init__(self) -> None:
        self.text = "".join(segment.text for segment in self.segments)
        starts, total = {0}, 0
        for one, two in pairwise((*self.segments, Segment("", "", ""))):
            total += len(one.text)
            if not one.stream or not two.stream or one.source != two.source:
                starts.add(total)
        self.starts = frozenset(starts)

    def head(self, at: int) -> str:
        """Give the head of the table that was the last to begin before a character."""
        total, table, text = 0, 0, ""
        for segment in self.segments:
            if total >= at:
                break
            total += len(segment.text)
            if segment.table:
                text = text + segment.text if segment.table == table else segment.text
                table = segment.table
        return text

    @property
    def done(self) -> bool:
        return self.at >= len(self.text)

    def place(self) -> Place:
        total = 0
        for segment in self.segments:
            total += len(segment.text)
            if self.at < total and segment.source:
                file, _, line = segment.source.rpartition(":")
                return Place(file, int(line or 0))
        return Place("build")

    def eat(self, page: str, start: int, generated: frozenset[str]) -> int:
        """Match ``page`` from ``start`` as far as it goes; give where it stops."""
        here = start
        while here < len(page):
            if self.at < len(self.text) and _same(page[here], self.text[self.at]):
                self.at += 1
            elif not (self.at in self.starts and page[here] in generated):
                break
            here += 1
        return here


@dataclass(slots=True)
class _Fault:
    expected: str
    found: str
    place: Place


@dataclass(slots=True)
class _Reader:
    """Reads page after page: first the text, then the notes that stand below it."""

    body: _Text
    notes: _Text
    generated: frozenset[str]

    def page(self, page: str) -> _Fault | None:
        """Read one page; give the first difference.

        The head of a table that goes on from the page before is repeated. The first character of a
        note may happen to be the next of the text, so that the text is read too far: then the
        border between them is moved back.
        """
        before = self.body.at, self.notes.at
        fault = self._page(page)
        if fault is not None and (head := self.body.head(before[0])) and page.startswith(head):
            self.body.at, self.notes.at = before
            fault = self._page(page[len(head) :])
        return fault

    def _page(self, page: str) -> _Fault | None:
        body, notes = self.body.at, self.notes.at
        furthest = self.body.eat(page, 0, self.generated)
        reached = self.body.at
        best = (furthest, reached, notes)
        for back in range(min(furthest, 16) + 1):
            self.notes.at = notes
            end = self.notes.eat(page, furthest - back, self.generated)
            if end == len(page):
                self.body.at = max(body, reached - back)
                return None
            if end > best[0]:
                best = (end, max(body, reached - back), self.notes.at)
        end, self.body.at, self.notes.at = best
        source = self.notes if end > furthest else self.body
        return _Fault(_around(source.text, source.at), _around(page, end), source.place())


def _same(one: str, two: str) -> bool:
    if one == two:
        return True
    first, second = one.translate(_LOOKALIKES), two.translate(_LOOKALIKES)
    return first == second or unicodedata.normalize("NFKC", first) == unicodedata.normalize(
        "NFKC", second
    )


def _difference(fault: _Fault, where: str) -> Diagnostic:
    message = f"page {where} says {fault.found} where the book says {fault.expected}"
    return Diagnostic(fault.place, Severity.ERROR, "text-differs", message)
