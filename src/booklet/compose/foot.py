"""Footnotes that run over to the next page.

The base moves a note that does not fit to the next page as a whole, or the line that calls it.
Here such a note begins on the page of its call, as `orphans` and `widows` allow, and goes on at
the foot of the next page. Only a document with notes pays for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from booklet.compose.boxtree import is_inline, is_line, is_text
from booklet.compose.weasy import block_layout, boxes, build, css_properties

TEXT_SHARE = 0.25
"""The least share of a page that notes which go on from the page before leave to the text."""

_METHODS = ("layout_footnote", "report_footnote", "unlayout_footnote", "overflows_page")


@dataclass(slots=True)
class _Divided:
    """A note in two parts: at the foot of the page of its call, and of the next."""

    whole: Any
    first: Any
    rest: Any


class _Kept(list[Any]):
    """Notes that stay on their page: for the base there are none to move."""

    def __bool__(self) -> bool:
        return False


@dataclass(slots=True)
class Foot:
    """Stands between the layout of the base and the foot of its pages.

    Attributes:
        context: The layout context of the base.
        rests: What goes on at the foot of the next page.
        divided: The notes of this page that do.
        refused: The note that was laid out last, if it did not fit.
    """

    context: Any
    rests: list[Any] = field(default_factory=list)
    divided: list[_Divided] = field(default_factory=list)
    refused: Any = None
    _base: dict[str, Any] = field(default_factory=dict)
    _begun: bool = False
    _space: float = 0.0
    _bottom: float = 0.0
    _busy: bool = False
    _short: bool = False

    def attach(self) -> None:
        """Take the place of the context's methods."""
        for name in _METHODS:
            self._base[name] = getattr(self.context, name)
            setattr(self.context, name, getattr(self, name))

    def turn(self) -> bool:
        """End a page: what goes on stands on the next one, before what went over as a whole.

        Returns:
            Whether notes were short of room on the page.
        """
        self.context.reported_footnotes[:0] = self.rests
        short, self._short = self._short, False
        self.rests, self.divided, self._begun = [], [], False
        return short

    # ---- what the base calls --------------------------------------------------------------------

    def overflows_page(self, bottom_space: float, position_y: float) -> bool:
        """Tell whether something ends below the page; remember the line that was asked for."""
        if not self._busy:
            self._begun, self._space, self._bottom = True, bottom_space, position_y
        return bool(self._base["overflows_page"](bottom_space, position_y))

    def layout_footnote(self, note: Any) -> bool:
        """Put a note at the foot of the page; tell whether it does not fit."""
        if self._busy:
            return bool(self._base["layout_footnote"](note))  # the call of a note in a note
        context = self._open()
        self.refused = note
        if not self._begun:  # notes that go on from the page before
            area = context.current_footnote_area
            top, height = area.page.content_box_y(), area.page.height
            self._space, self._bottom = 0.0, top + TEXT_SHARE * height
        overflow = bool(self._call("layout_footnote", note))
        if context.in_column:
            return overflow
        if self.rests:
            return True  # the notes stay in their order
        short = overflow or context.reported_footnotes or self._overflows()
        if short and (context.reported_footnotes or not self._divide(note)):
            return True
        self.refused = None
        return False

    def report_footnote(self, note: Any) -> None:
        """Move a note to the next page, where that must be.

        The base moves notes for the sake of `orphans`, too: to keep the first lines of a paragraph
        on the page. Then the note is divided, or else the paragraph begins on the next page.
        """
        if self._busy:
            self._base["report_footnote"](note)
            return
        context, self._short = self._open(), True
        refused, self.refused = self.refused, None
        for part in [*self.divided]:
            if part.first is note:
                self._join(part)
                context.current_page_footnotes.append(part.whole)
                self._update()
                note = part.whole
        if context.in_column or refused is note:
            self._call("report_footnote", note)
        elif self.rests or context.reported_footnotes or not self._divide(note):
            context.current_page_footnotes = _Kept(context.current_page_footnotes)

    def unlayout_footnote(self, note: Any) -> None:
        """Take a note back, because its line goes to the next page."""
        self._open()
        for part in [*self.divided]:
            if part.whole is note:
                self._join(part)
        self._call("unlayout_footnote", note)

    def _open(self) -> Any:
        context = self.context
        if isinstance(context.current_page_footnotes, _Kept):
            context.current_page_footnotes = [*context.current_page_footnotes]
        return context

    # ---- dividing -------------------------------------------------------------------------------

    def _call(self, name: str, note: Any) -> Any:
        busy, self._busy = self._busy, True
        try:
            return self._base[name](note)
        finally:
            self._busy = busy

    def _update(self) -> None:
        busy, self._busy = self._busy, True
        self.context._update_footnote_area()
        self._busy = busy

    def _overflows(self) -> bool:
        return bool(self._base["overflows_page"](self._space, self._bottom))

    def _join(self, part: _Divided) -> None:
        self.divided.remove(part)
        self.rests.remove(part.rest)
        notes = self.context.current_page_footnotes
        if part.first in notes:
            notes.remove(part.first)

    def _divide(self, note: Any) -> bool:
        """Keep the first lines of the last note on this page, if some fit."""
        context = self.context
        area = build.create_anonymous_boxes(context.current_footnote_area.deepcopy())
        last = area.children[-1]
        if not all(map(_is_simple, _descendants(last))):
            return False
        stack = self._break(area)
        if stack is None:
            return False
        first, rest = _cut(last, stack)
        context.current_page_footnotes[-1] = first
        self._update()
        if self._overflows():
            context.current_page_footnotes[-1] = note
            self._update()
            return False
        self.rests.append(rest)
        self.divided.append(_Divided(note, first, rest))
        return True

    def _break(self, area: Any) -> Any:
        """Find where the last note ends on this page: a path as the base resumes at; or None."""
        context = self.context
        # The area is laid out below the page, from the place where it was made.
        whole = context.page_bottom + context.current_footnote_area.margin_height()
        room = whole - self._space - self._bottom
        below = area.position_y + room
        for side in ("margin_bottom", "border_bottom_width", "padding_bottom"):
            below -= getattr(context.current_footnote_area, side)
        # As in columns, no note is moved while the room is measured.
        self._busy = context.in_column = True
        new, resume_at, *_ = block_layout.block_level_layout(
            context, area, context.page_bottom - below, None, area.page, page_is_empty=False
        )
        self._busy = context.in_column = False
        if new is None or not resume_at:
            return None
        ((index, stack),) = resume_at.items()
        return stack if index == len(area.children) - 1 else None


def _descendants(box: Any) -> list[Any]:
    found = [box]
    for one in found:
        found.extend(one.children)
    return found


def _is_simple(box: Any) -> bool:
    """Tell whether a box can be cut: text, spans, paragraphs."""
    known = is_text(box) or is_inline(box) or is_line(box) or type(box) is boxes.BlockBox
    return known and box.is_in_normal_flow()


def _cut(box: Any, stack: Any) -> tuple[Any, Any]:
    """Cut a box where the base resumes, into boxes as they were before layout."""
    ((index, inner),) = stack.items()
    if is_text(box):
        text = box.text.encode()
        return box.copy_with_text(text[:index].decode()), box.copy_with_text(text[index:].decode())
    before = [_loosen(child) for child in box.children[:index]]
    after = [_loosen(child) for child in box.children[index + (inner is not None) :]]
    first, rest = box.copy(), box.copy()
    if inner is not None:
        one, two = _cut(box.children[index], inner)
        if is_line(box.children[index]):
            # Lines are made of the children of their paragraph.
            first.style, rest.style = box.style.copy(), box.style.copy()
            first.style["text_align_last"] = first.style["text_align_all"]
            rest.style["text_indent"] = css_properties.ZERO_PIXELS
            one, two = one.children, two.children
        else:
            one, two = [one], [two]
        before, after = [*before, *one], [*two, *after]
    first.children, rest.children = before, after
    if first.style["anchor"]:
        rest.style = rest.style.copy()
        rest.style["anchor"] = None
    return first, rest


def _loosen(box: Any) -> Any:
    """Take the lines out of paragraphs again; the base will put them in."""
    if is_text(box):
        return box
    loose = box.copy()
    loose.children = [
        _loosen(part)
        for child in box.children
        for part in (child.children if is_line(child) else [child])
    ]
    return loose
