"""Number footnotes page by page: `@page { counter-reset: footnote }` (CSS GCPM 3, 2.4).

The base counts notes while it builds boxes, when no page is known yet. Here they are counted as
the pages are made, in the order of their calls, and what `counter(footnote)` and
`target-counter(…, footnote)` wrote is exchanged. The numbers are foretold before each page, so
that a page is seldom laid out twice: only where a mark turns out wider or narrower than foretold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from booklet.compose.boxtree import is_text
from booklet.compose.marks import COUNTER, Mark, Notes, exchange, read_notes
from booklet.compose.weasy import make_all_pages

NOTES, PAGE_NOTES = "compose_notes", "compose_page_notes"
"""Attributes of the base's layout context and page boxes."""


@dataclass(frozen=True, slots=True)
class Called:
    """A mark of a note on a page.

    Attributes:
        page: 0-based number of the page.
        element: The element that holds the mark: of the note, or of a reference to it.
        note: The element of the note.
        number: The note's number.
        run: Counts how often numbering has begun anew; a number is unique within a run.
    """

    page: int
    element: Any
    note: Any
    number: int
    run: int


def noted(document: Any) -> Iterator[Called]:
    """Find the calls of notes, and the references to them, in a rendered document.

    A note is called where it stood in the text; references to its number follow, page by page.
    """
    for page in document.pages:
        yield from getattr(page._page_box, PAGE_NOTES, ())


# ---- counting, page by page --------------------------------------------------------------------


def make_pages(context: Any, root_box: Any, html: Any, pages: Any) -> Iterator[Any]:
    """Make all pages, and number the notes on them."""
    if not context.footnotes:
        yield from make_all_pages(context, root_box, html, pages)
        return
    notes = context.__dict__.get(NOTES)
    if notes is None:
        notes = context.__dict__[NOTES] = read_notes(context, root_box)
        notes.foot.attach()
    notes.numbers, notes.loops = {}, notes.loops + 1
    if notes.loops == 1:
        notes.foretell(0, every=True)
    for index in notes.over:
        # The base knows what goes over to which page only while it makes the one after the other.
        _make_again(context, index, index + 1)
    notes.over = []
    counter = _Counter(notes)
    for index, page in enumerate(make_all_pages(context, root_box, html, pages)):
        if index < len(pages) and page is pages[index]:
            _keep(context, page)
        elif notes.foot.turn():
            _move_forgotten(context, page)
        over = bool(context.reported_footnotes)
        if over:
            notes.over.append(index)
            _make_again(context, index + 1)
        counter.page(page, moved=over)
        yield page
    if not counter.exchange():
        _make_again(context, *range(len(counter.seen)))


def _make_again(context: Any, *pages: int) -> None:
    """Have the base make pages once more."""
    for index in pages:
        context.page_maker[index][-1]["content_changed"] = True


def _keep(context: Any, page: Any) -> None:
    """Leave alone what stands on a page that the base did not make again."""
    known = {item.note for item in getattr(page, PAGE_NOTES) if item.element is item.note}
    context.footnotes = [note for note in context.footnotes if note.element not in known]
    context.reported_footnotes.clear()


def _move_forgotten(context: Any, page: Any) -> None:
    """Move notes to the next page that the base forgets when it has moved others."""
    for box in _descendants(page):
        if box.footnote in context.footnotes:
            context.footnotes.remove(box.footnote)
            context.reported_footnotes.append(box.footnote)


@dataclass(slots=True)
class _Counter:
    """Counts the notes of one round.

    Attributes:
        notes: The notes of the document.
        value: The number of the last note.
        run: How often counting has begun anew.
        placed: Text boxes on pages that hold a mark.
        seen: For each page: elements, the notes that they stand for, and the run.
    """

    notes: Notes
    value: int = 0
    run: int = 0
    placed: list[tuple[Any, Mark]] = field(default_factory=list)
    seen: list[tuple[Any, list[tuple[Any, Any, int]]]] = field(default_factory=list)
    _begun: set[Any] = field(default_factory=set)

    def page(self, page: Any, *, moved: bool) -> None:
        """Count the notes that are called on a page.

        Args:
            page: Its box.
            moved: Notes of the page went over to the next.
        """
        notes, seen = self.notes, list[tuple[Any, Any, int]]()
        self.seen.append((page, seen))
        resets = [
            value
            for name in ("counter_reset", "counter_set")
            for counter, value in page.style[name]
            if counter == COUNTER
        ]
        if resets:
            self.value, self.run = resets[-1], self.run + 1
        _, area, _ = page.children
        if not (area.children or moved or notes.strays):
            return
        for box in _descendants(page):
            element = box.element
            if box.footnote is not None:
                self._call(box.footnote.element, seen)
            elif is_text(box) and (mark := notes.marks.get((element, box.element_tag))):
                self.placed.append((box, mark))
                seen.extend((element, note, self.run) for note in mark.notes)
            elif element in notes.resets and element not in self._begun:
                self._begun.add(element)
                self.value, self.run = notes.resets[element], self.run + 1
        notes.foretell(resets[-1] if resets else self.value, every=False)

    def _call(self, note: Any, seen: list[tuple[Any, Any, int]]) -> None:
        if note not in self.notes.numbers:  # the head of a table stands on each of its pages
            self.value += 1
            self.notes.numbers[note] = self.value
            seen.append((note, note, self.run))

    def exchange(self) -> bool:
        """Write the numbers into the marks; tell whether all of them have the room they need."""
        notes, fit, numbers = self.notes, True, self.notes.numbers
        for mark in notes.marks.values():
            if (text := notes.text(mark)) is not None:
                mark.box.text = text
        for box, mark in self.placed:
            wanted = mark.box.text
            text = wanted if box.text.endswith(" ") else wanted.rstrip(" ")
            if text != box.text:
                fit &= exchange(box, text, notes.loops)
        for index, (page, seen) in enumerate(self.seen):
            called = [
                Called(index, element, note, numbers[note], run)
                for element, note, run in dict.fromkeys(seen)
                if note in numbers
            ]
            setattr(page, PAGE_NOTES, tuple(called))
        return fit


def _descendants(box: Any) -> Iterator[Any]:
    waiting = [box]
    while waiting:
        box = waiting.pop()
        yield box
        waiting.extend(reversed(box.children))
