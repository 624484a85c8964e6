"""Marks of footnotes: what `counter(footnote)` and `target-counter(…, footnote)` write."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from booklet.compose.boxtree import is_text
from booklet.compose.breaking import EXACT
from booklet.compose.foot import Foot
from booklet.compose.shaping import Segment, shape
from booklet.compose.weasy import anchor_name_from_token

COUNTER = "footnote"
AHEAD = 64
"""Notes whose numbers are foretold before a page; more calls stand on no page."""

SETTLING, LOOPS = 4, 8
"""Rounds after which a mark that got narrower keeps its room, so that pages come to rest; and the
most rounds that the base makes."""


@dataclass(slots=True)
class Mark:
    """Words that a style sheet makes of a note's number.

    Attributes:
        box: The text box before layout.
        parts: The value of ``content``.
        element: The element that they belong to.
        own: The note that ``counter(footnote)`` counts.
        notes: The notes whose numbers they hold.
    """

    box: Any
    parts: Any
    element: Any
    own: Any
    notes: list[Any]


@dataclass(slots=True)
class Notes:
    """The notes of a document.

    Attributes:
        counter_style: Renders numbers.
        foot: Lets long notes run over to the next page.
        order: Elements of notes, in the order of their calls.
        marks: By element and pseudo-element.
        of: Marks by the note whose number they hold.
        anchored: Notes by id.
        resets: Elements that begin to count anew, with the value to begin with.
        strays: Whether a page without notes may have marks.
        over: Pages from which notes go over to the next.
        loops: How often the pages were made.
        numbers: What was counted in this loop.
    """

    counter_style: Any
    foot: Foot
    order: list[Any] = field(default_factory=list)
    marks: dict[tuple[Any, str], Mark] = field(default_factory=dict)
    of: dict[Any, list[Mark]] = field(default_factory=dict)
    anchored: dict[str, Any] = field(default_factory=dict)
    resets: dict[Any, int] = field(default_factory=dict)
    strays: bool = False
    over: list[int] = field(default_factory=list)
    loops: int = 0
    numbers: dict[Any, int] = field(default_factory=dict)
    _rendered: dict[tuple[int, Any], str] = field(default_factory=dict)

    def text(self, mark: Mark) -> str | None:
        """Write a mark; None where a number is not known yet."""
        text = ""
        for kind, value in mark.parts:
            if kind == "string":
                text += value
                continue
            note = self.target(mark, kind, value)
            if note not in self.numbers:
                return None
            text += self.render(self.numbers[note], value[-1])
        return text

    def target(self, mark: Mark, kind: str, value: Any) -> Any:
        """Find the note that a part of a mark counts."""
        if kind == "counter()":
            return mark.own
        return self.anchored.get(_anchor(value[0], mark.element) or "")

    def render(self, number: int, name: Any) -> str:
        """Write a number in a counter style."""
        key = number, name
        if key not in self._rendered:
            self._rendered[key] = self.counter_style.render_value(number, name)
        return self._rendered[key]

    def foretell(self, value: int, *, every: bool) -> None:
        """Write the marks of notes that stand on no page yet as if the next were ``value + 1``."""
        known = self.numbers
        waiting = [note for note in self.order if note not in known]
        guess = dict(enumerate(waiting if every else islice(waiting, AHEAD), value + 1))
        self.numbers = known | {note: number for number, note in guess.items()}
        for note in guess.values():
            for mark in self.of.get(note, ()):
                if (text := self.text(mark)) is not None:
                    mark.box.text = text
        self.numbers = known


def _anchor(token: Any, element: Any) -> str | None:
    kind, value = token
    if kind == "attr()":
        token = ("string", element.get(value[0], ""))
    return anchor_name_from_token(token)  # type: ignore[no-any-return]


def read_notes(context: Any, root: Any) -> Notes:
    """Find all notes, and all marks of their numbers."""
    notes = Notes(context.counter_style, Foot(context))
    found: list[Mark] = []
    _walk(root, None, notes, found)
    for mark in found:
        for kind, value in mark.parts:
            if kind != "string":
                mark.notes.append(notes.target(mark, kind, value))
        if None in mark.notes:
            continue  # a counter of something else
        notes.marks[mark.element, mark.box.element_tag] = mark
        for note in mark.notes:
            notes.of.setdefault(note, []).append(mark)
    outside = sum(mark.own is None for mark in notes.marks.values())
    notes.strays = bool(notes.resets) or outside > len(notes.order)
    return notes


def _walk(root: Any, own: Any, notes: Notes, found: list[Mark]) -> None:
    waiting = [root]
    while waiting:
        box = waiting.pop()
        if is_text(box):
            continue
        inner = own
        if box.footnote is not None:
            inner = box.footnote.element
            notes.order.append(inner)
            if name := box.footnote.style["anchor"]:
                notes.anchored[name] = inner
            _walk(box.footnote, inner, notes, found)
        style, tag = box.style, box.element_tag
        if tag and "::" in tag and (mark := _read_mark(box, style["content"], inner)):
            found.append(mark)
            continue
        for name, value in style["counter_reset"]:
            if name == COUNTER:
                notes.resets[box.element] = value
        waiting.extend(reversed(list(box.all_children())))


def _read_mark(box: Any, parts: Any, own: Any) -> Mark | None:
    """Read the mark of a pseudo-element that holds nothing but words and numbers of notes."""
    if not isinstance(parts, tuple):
        return None
    for kind, value in parts:
        if kind == "string" or (kind == "counter()" and own is not None and value[0] == COUNTER):
            continue
        if kind != "target-counter()" or value[1] != COUNTER:
            return None
    texts = [child for child in box.descendants() if is_text(child)]
    if len(texts) != 1 or all(kind == "string" for kind, _ in parts):
        return None
    return Mark(texts[0], parts, box.element, own, [])


def exchange(box: Any, text: str, loops: int) -> bool:
    """Let a text box that is laid out say something else, if that takes the same room.

    Args:
        box: The text box.
        text: What it is to say.
        over: Pages from which notes go over to the next.
        loops: How often the pages were made.
    """
    new, old = shape(text, box.style), shape(box.text, box.style)
    spare = sum(old.widths) - sum(new.widths)
    settled = loops == LOOPS or (loops > SETTLING and spare > 0)
    if abs(spare) > EXACT and not settled:
        return False
    layout = box.pango_layout
    if not isinstance(layout, Segment):
        layout.text = text
    elif layout.tail is None:
        same = len(new.texts) == layout.high - layout.low
        before, after = (layout.before, layout.after) if same else ({}, {})
        box.pango_layout = Segment(
            new, 0, len(new.texts), layout.origin + layout.low, before, after, None
        )
        box.pango_layout.max_width = layout.max_width
    box.text = text
    return True
