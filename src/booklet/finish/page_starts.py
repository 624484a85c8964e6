"""Where each printed page begins, read from the finished PDF (EPUB Accessibility 1.1, P1).

The pages are read as the proof of fidelity reads them; what it has read before a page tells which
character of the book the page begins with.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from booklet.finish.fidelity import BookText, PageReader
from booklet.typeset.book import PageStart, Segment
from booklet.typeset.segments import visible

AHEAD = 12
"""Characters of the theme, such as the number of a section, that may stand before the
manuscript's first character on a page without being its beginning."""


def page_starts(
    segments: Sequence[Segment], pages: Sequence[str], generated: str, labels: Sequence[str]
) -> tuple[PageStart, ...]:
    """Tell where each page begins.

    Args:
        segments: The typeset text, in order.
        pages: Text of each page of a PDF that has passed its proof.
        generated: Characters that style sheets may add between segments.
        labels: Folio of each page; '' for one without, which is left out.

    Returns:
        The pages that have a folio and words of the book, in order.
    """
    body = [part for part in segments if not part.is_aside]
    notes = [part for part in segments if part.is_aside]
    reader = PageReader(BookText(body), BookText(notes), frozenset(generated))
    places = _Places(body)
    before: list[set[tuple[int, int]]] = []
    for page in pages:
        before.append(set(reader.read))
        reader.page(visible(page))
    begins = _settle(before, reader, pages)
    ends = [*begins[1:], len(reader.body.text)]
    found = []
    for label, page, begin, end in zip(labels, pages, begins, ends, strict=True):
        if label and begin < end and visible(page):
            found.append(places.start(label, begin, end))
    return tuple(found)


def _settle(
    before: list[set[tuple[int, int]]], reader: PageReader, pages: Sequence[str]
) -> list[int]:
    """Choose among the readings of each page's end those that the pages behind it bear out.

    A folio that ends a page may read like the text that follows on the next one.
    """
    begins = [0] * len(before)
    after = set(reader.read)
    for number in range(len(before) - 1, -1, -1):
        states = before[number]
        if len(states) > 1:
            states = {state for state in states if _reads(reader, state, pages[number], after)}
        after = states or before[number]
        begins[number] = min(body for body, _ in after)
    return begins


def _reads(
    reader: PageReader, state: tuple[int, int], page: str, after: set[tuple[int, int]]
) -> bool:
    trial = PageReader(reader.body, reader.notes, reader.generated, {state})
    return trial.page(visible(page)) is None and bool(trial.read & after)


class _Places:
    """Finds characters of the body by stream, or by home."""

    def __init__(self, body: Sequence[Segment]) -> None:
        self.body = body
        self.ends = [*accumulate(len(part.text) for part in body)]
        self.offsets: list[int] = []
        counts: Counter[tuple[str, str]] = Counter()
        for part in body:
            row = (part.stream, "") if part.stream else ("", part.home)
            self.offsets.append(counts[row])
            counts[row] += len(part.text)

    def start(self, label: str, begin: int, end: int) -> PageStart:
        """Describe the character that a page begins with.

        Args:
            label: The folio.
            begin: Index of the character in the body.
            end: Index of the first character of the next page.
        """
        index = bisect_right(self.ends, begin)
        at, chosen = begin, index
        for near, position in self._ahead(index, begin, min(end, begin + AHEAD)):
            if self.body[near].stream:
                at, chosen = position, near
                break
        part = self.body[chosen]
        within = at - (self.ends[chosen] - len(part.text))
        return PageStart(label, part.stream, part.home, self.offsets[chosen] + within)

    def _ahead(self, index: int, begin: int, end: int) -> Iterator[tuple[int, int]]:
        at = begin
        while index < len(self.body) and at < end:
            yield index, at
            at = self.ends[index]
            index += 1
