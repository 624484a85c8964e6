"""Fidelity: every character of the manuscript is in the output, in order, once.

Three texts are compared. The transcript is what the manuscript says; the segments are what the
typeset HTML says; the pages are what the finished file gives back. Transcript against segments
shows what a template lost, doubled or moved; segments against pages, what the renderer did.
White space does not count, nor do characters that leave no mark.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from booklet.errors import Diagnostic, Findings, Place, Severity
from booklet.model.transcript import Run
from booklet.typeset.book import Segment
from booklet.typeset.segments import ADDED, visible

CONTEXT = 12
"""Characters shown on either side of a difference."""

HYPHENS = "\u2010-"
"""What a soft hyphen looks like at the end of a line."""

WRITTEN = (
    "where a style sheet writes it by `content`, set it in a template, or name its characters "
    "under `generates:` in booklet.yaml or theme.yaml"
)
GONE = "look for a rule that hides it, moves it off the page or covers it"

PROBE = 8
"""Characters shown of what stands where something else should."""

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
        if segment.stream not in ADDED:
            place = _place(segment.source)
            typeset.setdefault(segment.stream, []).append((segment.text, place))
    for stream in dict.fromkeys([*said, *typeset]):
        fault = _first_difference(said.get(stream, []), typeset.get(stream, []))
        if fault is not None:
            place, code, message = fault
            findings.error(place, code, f"{edition}: {message}",
                           "a template sets each heading, html, lead and rest once; "
                           "where none is yours, it is a fault of the theme")  # fmt: skip
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
    here, wanted, rest = _around(expected, at), expected[at:], actual[at:]
    if Counter(wanted) == Counter(rest):
        message = f"the output sets {_quote(rest[:PROBE])} where the manuscript says {here}"
        return place, "text-moved", message
    if len(rest) < len(wanted):
        return place, "text-lost", f"the output lacks {here}"
    if len(rest) == len(wanted):
        return place, "text-lost", f"the output lacks {here} and says {_quote(rest[:PROBE])}"
    again = _place_at(typeset, at) or place
    if not wanted:
        message = f"the output goes on where the manuscript ends: {_around(actual, at)}"
    else:
        message = f"the output repeats {_quote(rest[:PROBE])} before {here}"
    return again, "text-doubled", message


def _place(source: str) -> Place:
    file, _, line = source.rpartition(":")
    return Place(file, int(line)) if line.isdecimal() else Place(source or "build")


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
    body = [part for part in segments if not part.is_aside]
    notes = [part for part in segments if part.is_aside]
    reader = PageReader(BookText(body), BookText(notes), frozenset(generated))
    for number, page in enumerate(pages):
        where = labels[number] if number < len(labels) and labels[number] else str(number + 1)
        fault = reader.page(visible(page))
        if fault is not None:
            return (_difference(fault, where),)
    left = reader.left()
    if left is not None:
        text, at = left
        message = f"the file ends before {_around(text.text, at)}"
        return (Diagnostic(text.place(at), Severity.ERROR, "text-lost", message, GONE),)
    return ()


def missing_marks(segments: Iterable[Segment]) -> Iterator[Diagnostic]:
    """Find words that a style sheet should have written and has not: calls and marks of notes."""
    for part in segments:
        if part.generated and not part.text:
            yield Diagnostic(
                _place(part.source), Severity.ERROR, "text-lost",
                f"the style sheet writes nothing for {part.generated}",
                "the note's call has `content: target-counter(attr(href), footnote)`, "
                "its mark `content: counter(footnote)`",
            )  # fmt: skip


@cache
def _fold(char: str) -> str:
    return unicodedata.normalize("NFKC", char.translate(_LOOKALIKES))


@dataclass(slots=True)
class BookText:
    """Segments as one string: its characters, folded, and where it may be added to."""

    segments: Sequence[Segment]
    text: str = field(init=False)
    folded: list[str] = field(init=False)
    starts: frozenset[int] = field(init=False)
    ordered: Sequence[int] = field(init=False)
    hyphens: frozenset[int] = field(init=False)
    # Where a style sheet may add something: at the edge of a block or of the theme's own words.

    def __post_init__(self) -> None:
        self.text = "".join(segment.text for segment in self.segments)
        self.folded = [*map(_fold, self.text)]
        starts, hyphens, total = {0}, set[int](), 0
        for one, two in pairwise((*self.segments, Segment("", "", ""))):
            hyphens.update(total + before for before in one.hyphens)
            total += len(one.text)
            if not one.stream or not two.stream or one.source != two.source:
                starts.add(total)
        self.starts, self.hyphens = frozenset(starts), frozenset(hyphens)
        self.ordered = sorted(starts)

    def place(self, at: int) -> Place:
        """Tell where in the manuscript a character stands."""
        total = 0
        for segment in self.segments:
            total += len(segment.text)
            if at < total and segment.source:
                return _place(segment.source)
        return Place("build")

    def head(self, at: int) -> str:
        """Give the head of the last table that begins before a character."""
        total, table, text = 0, 0, ""
        for segment in self.segments:
            if total >= at:
                break
            total += len(segment.text)
            if segment.table:
                text = text + segment.text if segment.table == table else segment.text
                table = segment.table
        return text

    def read(self, at: int, char: str, *, generated: bool) -> Iterator[int]:
        """Give the places to which a character leads: past it, or nowhere if it was generated."""
        if at < len(self.folded) and self.folded[at] == _fold(char):
            yield at + 1
        added = generated and at in self.starts
        if added or (char in HYPHENS and at in self.hyphens):
            yield at


@dataclass(slots=True)
class _Fault:
    expected: str
    found: str
    place: Place


@dataclass(slots=True)
class PageReader:
    """Reads page after page: first the text, then the notes that stand below it.

    Where the one ends and the other begins is not marked, and a folio may look like the text that
    follows it. So every reading that fits is followed until it fails, as a regular expression is
    matched; a difference is what none of them can read.
    """

    body: BookText
    notes: BookText
    generated: frozenset[str]
    read: set[tuple[int, int]] = field(default_factory=lambda: {(0, 0)})

    def page(self, page: str) -> _Fault | None:
        """Read one page; give the first difference.

        A table that goes on from the page before repeats its head, which then is no text.
        """
        before = self.read
        fault = self._page(page)
        if fault is None:
            return None
        head = self.body.head(max(before)[0])
        self.read = before
        if not head or not page.startswith(head):
            return fault
        return self._page(page[len(head) :])

    def _page(self, page: str) -> _Fault | None:
        if (end := self._straight(page)) is not None:
            self.read = {end}
            return None
        reading = {(body, notes, False) for body, notes in self.read}
        for here, char in enumerate(page):
            generated = char in self.generated
            following = set()
            for body, notes, below in reading:
                if not below:
                    for at in self.body.read(body, char, generated=generated):
                        following.add((at, notes, False))
                for at in self.notes.read(notes, char, generated=generated):
                    following.add((body, at, True))
            if not following:
                return self._fault(reading, page, here)
            reading = following
        self.read = {(body, notes) for body, notes, _ in reading}
        return None

    def _straight(self, page: str) -> tuple[int, int] | None:
        """Read a page at once that can be read in one way alone: as the text goes on.

        Returns:
            Where it ends; None if it may be read in another way, too, or in none.
        """
        if len(self.read) != 1 or not page:
            return None
        ((at, notes),) = self.read
        body, end, folded = self.body, at + len(page), [*map(_fold, page)]
        if folded != body.folded[at:end] or page[-1] in self.generated or page[-1] in HYPHENS:
            return None
        if notes < len(self.notes.folded) and self.notes.folded[notes] in folded:
            return None
        starts = body.ordered[bisect_left(body.ordered, at) : bisect_left(body.ordered, end)]
        if any(
            page[start - at] in self.generated and not self._must_be_text(start, page, start - at)
            for start in starts
        ):
            return None
        if any(char in page for char in HYPHENS) and any(
            at <= place < end and page[place - at] in HYPHENS for place in body.hyphens
        ):
            return None
        return end, notes

    def _must_be_text(self, start: int, page: str, here: int) -> bool:
        """Tell whether a character must be the text's, though a style sheet might have written it.

        If a style sheet had, the text would go on with this character behind it.
        """
        others = {start}
        for at in range(here + 1, min(here + PROBE, len(page))):
            generated = page[at] in self.generated
            others = {
                place
                for other in others
                for place in self.body.read(other, page[at], generated=generated)
            } - {start + at + 1 - here}
            if not others:
                return True
        return False

    def _fault(self, reading: set[tuple[int, int, bool]], page: str, here: int) -> _Fault:
        """Blame the text that was read furthest, or the one that says later what stands here."""
        body, notes, below = max(reading, key=lambda state: (state[0], state[1], not state[2]))
        blamed, other = (self.body, body), (self.notes, notes)
        if below:
            blamed, other = other, blamed
        ahead = page[here : here + 2]
        if ahead in other[0].text[other[1] :] and ahead not in blamed[0].text[blamed[1] :]:
            blamed = other
        text, at = blamed
        return _Fault(_around(text.text, at), _around(page, here), text.place(at))

    def left(self) -> tuple[BookText, int] | None:
        """Give the text that no page has, and where it begins; None if all was read."""
        ends = len(self.body.text), len(self.notes.text)
        if ends in self.read:
            return None
        body, notes = max(self.read)
        return (self.notes, notes) if body == ends[0] else (self.body, body)


def _difference(fault: _Fault, where: str) -> Diagnostic:
    message = f"page {where} says {fault.found} where the book says {fault.expected}"
    found, expected = (
        text.partition("▸")[2].rstrip("」") for text in (fault.found, fault.expected)
    )
    added = expected[:3] in found
    return Diagnostic(
        fault.place, Severity.ERROR, "text-differs", message, WRITTEN if added else GONE
    )
