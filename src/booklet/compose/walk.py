"""Find which text boxes of a line of type carry lines or emphasis marks, and whose these are."""

from __future__ import annotations

from typing import Any

from booklet.compose.boxtree import is_inline, is_text
from booklet.compose.decoration import Decoration

_READINGS = frozenset({"rt", "rp", "rtc"})
"""Readings carry no marks of their base (CSS Text Decoration 4, appendix B)."""


def is_marked_line(box: Any) -> bool:
    """Tell whether anything stands between the lines here; most lines have nothing."""
    for child in box.children:
        if is_text(child):
            style = child.style
            if style["text_decoration_line"] != "none" or style["text_emphasis_style"] != "none":
                return True
        elif is_inline(child) and is_marked_line(child):
            return True
    return False


def walk_line(box: Any) -> Walk:
    """Walk through a line box, or an inline box that is drawn on its own."""
    walk = Walk()
    walk.through(box)
    return walk


class Walk:
    """A walk through the text boxes of a line.

    Attributes:
        texts: All that are seen, in order.
        decorations: What each decorating box draws along them.
        emphasised: Those that carry emphasis marks; None stands for those that do not.
        readings: Text of ruby annotations.
    """

    def __init__(self) -> None:
        self.texts: list[Any] = []
        self.decorations: list[Decoration] = []
        self.emphasised: list[Any] = []
        self.readings: list[Any] = []
        self._painted: set[int] = set()

    def through(self, box: Any) -> None:
        """Walk through a box."""
        lines = box.style["text_decoration_line"]
        active: tuple[Decoration, ...] = ()
        if lines != "none":
            active = (self._open(box.style, frozenset(lines), box),)
        self._children(box, active, reading=box.element_tag in _READINGS)

    def _open(self, style: Any, kinds: frozenset[str], box: Any) -> Decoration:
        cut = box.remove_decoration_sides
        near, far = ("left", "right") if style["direction"] == "ltr" else ("right", "left")
        decoration = Decoration(style, kinds, near not in cut, far not in cut)
        self.decorations.append(decoration)
        return decoration

    def _children(self, box: Any, active: tuple[Decoration, ...], *, reading: bool) -> None:
        for child in box.children:
            if is_text(child):
                self._text(child, active, reading=reading)
            elif is_inline(child):
                # The lines of a base are not those of its reading (CSS Text Decoration 4, 2.1).
                inner = active if child.is_in_normal_flow() else ()
                if kinds := _own(child.style, box.style):
                    inner = (*inner, self._open(child.style, kinds, child))
                if child.background is not None:
                    self._painted.update(map(id, active))
                self._children(child, inner, reading=reading or child.element_tag in _READINGS)
            else:
                for decoration in active:
                    decoration.interrupt()

    def _text(self, box: Any, active: tuple[Decoration, ...], *, reading: bool) -> None:
        style = box.style
        if style["visibility"] != "visible" or not style["font_size"]:
            self.emphasised.append(None)
            return
        lines = style["text_decoration_line"]
        if lines != "none" and (
            missing := frozenset(lines).difference(*(one.kinds for one in active))
        ):
            # A first letter may have a style of its own.
            active = (*active, self._open(style, missing, box))
        self.texts.append(box)
        for decoration in active:
            decoration.add(box, fresh=id(decoration) in self._painted)
            self._painted.discard(id(decoration))
        if reading:
            self.readings.append(box)
        else:
            self.emphasised.append(box if style["text_emphasis_style"] != "none" else None)


def _own(style: Any, outer: Any) -> frozenset[str]:
    """Tell which lines begin with a box, and which it only goes on with."""
    lines, above = style["text_decoration_line"], outer["text_decoration_line"]
    if lines == "none" or "text_decoration_line" not in getattr(style, "cascaded", {}):
        return frozenset()
    said = style.cascaded["text_decoration_line"][0]
    if isinstance(said, set):
        return frozenset(said)
    return frozenset(lines) - (frozenset() if above == "none" else frozenset(above))
