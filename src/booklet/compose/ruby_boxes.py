"""Boxes of ruby: bases paired with their readings (HTML, 4.5.10; CSS Ruby 1, 2).

`<ruby>漢<rt>hàn</rt>字<rt>zì</rt></ruby>` becomes two pairs, each with a base and a reading; what
is not paired stays inline. A reading takes no part in its line: it is set when its base has its
place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from booklet.compose.weasy import boxes

COLLAPSING = frozenset({"normal", "nowrap", "pre-line"})
"""Values of ``white-space`` whose spaces collapse."""

WHITE = " \t\r\n\f"


class RubyBase(boxes.InlineBox):  # type: ignore[misc]
    """What is read: an ``rb``, or what stands between readings."""


class RubyText(boxes.InlineBox):  # type: ignore[misc]
    """A reading, ``rt``.

    Attributes:
        claimed: Whether a base is paired with it; else it is an inline box like any other.
    """

    claimed = False

    def __init__(self, element_tag: Any, style: Any, element: Any, children: Any) -> None:
        """Make a box; a line under its base is none under it (CSS Text Decoration 4, 2.1)."""
        super().__init__(element_tag, style, element, children)
        if "text_decoration_line" not in getattr(style, "cascaded", {}):
            style["text_decoration_line"] = "none"

    def is_in_normal_flow(self) -> bool:
        """Tell whether it takes room in its line."""
        return not self.claimed and super().is_in_normal_flow()


class RubyPair(boxes.InlineBox):  # type: ignore[misc]
    """A base, and a reading behind it."""

    @property
    def reading(self) -> RubyText | None:
        """The reading before layout; None in the part of a pair that a block has cut off."""
        last = self.children[-1] if self.children else None
        return last if isinstance(last, RubyText) and last.claimed else None


class Ruby(boxes.InlineBox):  # type: ignore[misc]
    """A ``ruby``, whose children become pairs as soon as it has some.

    Attributes:
        paired: Whether they are.
    """

    paired = False

    @property
    def children(self) -> Any:
        """Its pairs, and what is not paired."""
        return self._children

    @children.setter
    def children(self, children: Any) -> None:
        self._children = children
        if children and not self.paired:
            self.paired = True
            self._children = list(_Pairing(self, children).pairs())


BOX_TYPES = {
    ("inline", "ruby"): Ruby,
    ("inline", "ruby-base"): RubyBase,
    ("inline", "ruby-text"): RubyText,
}
"""Boxes by display value."""


def has_pairs(box: Any) -> bool:
    """Tell whether a base with a reading stands anywhere in a box."""
    return any(isinstance(child, RubyPair) for child in box.descendants())


def bases_only(content_text: property) -> property:
    """Leave readings out of the text of a heading that goes into bookmarks and running heads."""
    text_of: Any = content_text.fget

    def text(box: Any) -> Any:
        if any(isinstance(child, Ruby) for child in box.descendants()):
            box = box.deepcopy()
            for pair in [one for one in box.descendants() if isinstance(one, RubyPair)]:
                pair.children = pair.children[:-1]
        return text_of(box)

    return property(text)


def level_of(pair: Any) -> int:
    """Tell how many readings stand between a reading and its base."""
    return _height(pair) - 1


def _height(box: Any) -> int:
    return max(map(_height, box.children), default=0) + isinstance(box, RubyPair)


def _strip(box: Any) -> None:
    """Take the white space off the ends of a base or a reading."""
    for end in (0, -1):
        text = box
        while text.children:
            text = text.children[end]
        if isinstance(text, boxes.TextBox) and text.style["white_space"] in COLLAPSING:
            text.text = text.text.rstrip(WHITE) if end else text.text.lstrip(WHITE)


def _is_blank(box: Any) -> bool:
    return isinstance(box, boxes.TextBox) and not box.text.strip(WHITE)


class _Pairing:
    """A walk through the children of a ruby, segment by segment (CSS Ruby 1, 2.2)."""

    def __init__(self, ruby: Ruby, children: Any) -> None:
        self.ruby, self.children = ruby, children
        self.bases: list[Any] = []
        self.bare: list[Any] = []
        self.readings: list[RubyText] = []
        self.spaced = False

    def pairs(self) -> Iterator[Any]:
        """Yield pairs, and what is not paired."""
        for child in self.children:
            if isinstance(child, RubyText):
                self._end_base()
                if self.bases:
                    self.readings.append(child)
                else:
                    yield child
            elif _is_blank(child) and not self.bare:
                self.spaced = bool(self.readings) and _space_before(child)
            else:
                if self.readings:
                    yield from self._segment()
                    if self.spaced or _space_before(child):
                        yield boxes.TextBox.anonymous_from(self.ruby, " ")
                self.spaced = False
                if isinstance(child, RubyBase):
                    self._end_base()
                    self.bases.append(child)
                else:
                    self.bare.append(child)
        self._end_base()
        yield from self._segment()

    def _end_base(self) -> None:
        if self.bare:
            self.bases.append(_wrap(RubyBase, "rb", self.ruby, self.bare))
            self.bare = []

    def _segment(self) -> Iterator[Any]:
        """Pair the bases of a segment with its readings, in order.

        What is more than the bases belongs to the last one, on another side or level.
        """
        pairs, last = list(self.bases), len(self.bases) - 1
        for number, reading in enumerate(self.readings):
            at = min(number, last)
            base = pairs[at]
            if isinstance(base, RubyPair):
                base = _wrap(RubyBase, "rb", self.ruby, [base])
            reading.claimed = True
            _strip(base)
            _strip(reading)
            pairs[at] = _wrap(RubyPair, "ruby::pair", self.ruby, [base, reading])
        self.bases, self.readings = [], []
        yield from pairs


def _space_before(box: Any) -> bool:
    """Tell whether text begins with a space that counts: a new line of the source is none."""
    text = box.text if isinstance(box, boxes.TextBox) else ""
    blank = text[: len(text) - len(text.lstrip(WHITE))]
    return bool(blank) and "\n" not in blank


def _wrap(kind: Any, tag: str, ruby: Ruby, children: list[Any]) -> Any:
    box = kind.anonymous_from(ruby, children)
    box.element_tag = tag
    return box
