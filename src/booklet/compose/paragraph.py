"""A paragraph of inline boxes as one row of clusters, shaped once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyphen

from booklet.compose.boxtree import (
    edges,
    held,
    is_inline,
    is_out_of_flow,
    is_simple_atom,
    is_text,
)
from booklet.compose.classes import CODES, SPACES, has_cjk
from booklet.compose.ruby_boxes import RubyPair
from booklet.compose.ruby_room import Annotated
from booklet.compose.shaping import Shaped, byte_to_cluster, shape

OBJECT = "\ufffc"
"""Stands for a picture or an inline block."""

Path = tuple[int, ...]
"""Where a box stands: the index of each child on the way to it."""

Measure = Callable[[Any], float]
"""Gives the width of a picture or an inline block in pixels."""


class TooComplexError(Exception):
    """The paragraph holds something that only the base can lay out."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text box.

    Attributes:
        path: Where it stands.
        text: Its text when it was shaped.
        style: Its style then.
        begin: Its first cluster.
        end: The cluster behind its last.
        shaped: Its glyphs; None for a forced break.
        hyphen: The hyphen that a soft hyphen at the end of a line shows.
        spacing: Letter spacing in pixels.
        word_spacing: Word spacing in pixels.
        unbroken: The outermost box with ``white-space: nowrap`` around it, 0 for none.
        emergency: ``overflow-wrap`` lets its long words break.
    """

    path: Path
    text: str
    style: Any
    begin: int
    end: int
    shaped: Shaped | None
    hyphen: Shaped | None = None
    spacing: float = 0.0
    word_spacing: float = 0.0
    unbroken: int = 0
    emergency: bool = False


@dataclass(slots=True)
class Paragraph:
    """The clusters of a line box.

    Attributes:
        texts: Their characters; '' for the left or right edge of an inline box.
        codes: Their classes.
        widths: Advances in pixels.
        ems: Type sizes in pixels.
        leaves: Text boxes in order.
        begins: The first cluster of every box, in order.
        edges: Clusters that are the edge of an inline box; True where it stays with what stands
            before it.
        stuck: Clusters that stay with what stands before them: superscripts, calls of notes.
        movable: Whether widths depend on the room: pictures, percentages.
        atoms: Pictures and inline blocks, and what their widths depend on.
        pairs: Boxes of bases with a reading, their first cluster and the one behind their last;
            the inner before the outer.
        readings: What these readings need.
    """

    texts: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    ems: list[float] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    begins: dict[Path, int] = field(default_factory=dict)
    edges: dict[int, bool] = field(default_factory=dict)
    stuck: set[int] = field(default_factory=set)
    movable: bool = False
    atoms: list[tuple[Path, tuple[Any, ...]]] = field(default_factory=list)
    pairs: list[tuple[RubyPair, int, int]] = field(default_factory=list)
    readings: list[Annotated] = field(default_factory=list)
    _firsts: list[int] = field(default_factory=list)
    _owners: list[Path] = field(default_factory=list)

    def locate(self, skip_stack: Any) -> int:
        """Find the cluster at which the base resumes."""
        path: Path = ()
        while skip_stack:
            ((index, skip_stack),) = skip_stack.items()
            path += (index,)
        if not path:
            return 0
        if path in self.begins:
            return self.begins[path]
        for leaf in self.leaves:
            if leaf.path == path[:-1]:
                if leaf.shaped is None:
                    return leaf.end
                return leaf.begin + byte_to_cluster(leaf.shaped, path[-1])
        return len(self.texts)

    def path_of(self, cluster: int) -> Path:
        """Tell where a cluster stands: the outermost box that begins with it, or a byte offset."""
        if not self._firsts:
            self._firsts, self._owners = list(self.begins.values()), list(self.begins)
        at = bisect_left(self._firsts, cluster)
        if at < len(self._firsts) and self._firsts[at] == cluster:
            # What has no width and stands right before it, stays on the line above.
            while self._is_empty(at):
                at += 1
            return self._owners[at]
        leaf = self.leaves[bisect_right(self.leaves, cluster, key=lambda leaf: leaf.begin) - 1]
        assert leaf.shaped is not None
        return (*leaf.path, leaf.shaped.starts[cluster - leaf.begin])

    def _is_empty(self, at: int) -> bool:
        """Tell whether a box holds no cluster; the last box never counts."""
        owner, first = self._owners[at], self._firsts[at]
        later = at + 1
        while later < len(self._owners) and self._firsts[later] == first:
            if self._owners[later][: len(owner)] != owner:
                return True
            later += 1
        return False


def find_texts(box: Any) -> str:
    """Join the text of a line box without looking at its structure, to see whether it matters."""
    return "".join(
        child.text if is_text(child) else find_texts(child)
        for child in box.children
        if is_text(child) or is_inline(child)
    )


def read_paragraph(line_box: Any, containing_block: Any, measure: Measure) -> Paragraph | None:
    """Shape the text of a line box.

    Returns:
        None where it holds no Chinese, so that the base does as well.

    Raises:
        TooComplexError: Leaders, preserved spaces, hyphenation or right-to-left text.
    """
    if not has_cjk(find_texts(line_box)):
        return None
    reader = _Reader(containing_block, measure)
    reader.children(line_box, (), _nowrap(line_box))
    # Text without a size leaves no cluster.
    return reader.paragraph if reader.paragraph.texts else None


def read_alone(box: Any, containing_block: Any, measure: Measure) -> Paragraph:
    """Shape an inline box that stands alone.

    Raises:
        TooComplexError: As for `read_paragraph`.
    """
    reader = _Reader(containing_block, measure)
    reader.paragraph.begins[()] = 0
    reader.inline(box, (), _nowrap(box))
    return reader.paragraph


def _nowrap(box: Any) -> int:
    return id(box) if box.style["white_space"] == "nowrap" else 0


class _Reader:
    def __init__(self, containing_block: Any, measure: Measure) -> None:
        self.paragraph = Paragraph()
        self.containing_block, self.measure = containing_block, measure

    def children(self, box: Any, path: Path, unbroken: int) -> None:
        """Read what stands in a box."""
        paragraph = self.paragraph
        for index, child in enumerate(box.children):
            here = (*path, index)
            paragraph.begins[here] = len(paragraph.texts)
            if is_out_of_flow(child):
                continue
            if is_text(child):
                self.text(child, here, unbroken)
            elif is_inline(child):
                self.inline(child, here, unbroken or _nowrap(child))
            elif is_simple_atom(child):
                paragraph.movable = True
                paragraph.atoms.append((here, held(child)))
                self.add(OBJECT, self.measure(child), child.style["font_size"])
            else:
                raise TooComplexError

    def add(self, text: str, width: float, em: float) -> None:
        """Add one cluster."""
        paragraph = self.paragraph
        paragraph.texts.append(text)
        paragraph.codes.append(CODES[text] if text else "z")
        paragraph.widths.append(width)
        paragraph.ems.append(em)

    def inline(self, box: Any, path: Path, unbroken: int) -> None:
        """Read an inline box with its edges."""
        if box.is_leader:
            raise TooComplexError
        paragraph, style = self.paragraph, box.style
        left, right, movable = edges(box, self.containing_block)
        paragraph.movable = paragraph.movable or movable
        if (left or right) and style["box_decoration_break"] == "clone":
            raise TooComplexError
        if style["vertical_align"] == "super" or box.footnote is not None:
            paragraph.stuck.add(len(paragraph.texts))
        if left:
            paragraph.edges[len(paragraph.texts)] = False
            self.add("", left, style["font_size"])
        begin = len(paragraph.texts)
        self.children(box, path, unbroken)
        if isinstance(box, RubyPair):
            paragraph.pairs.append((box, begin, len(paragraph.texts)))
        if right:
            paragraph.edges[len(paragraph.texts)] = True
            self.add("", right, style["font_size"])

    def text(self, box: Any, path: Path, unbroken: int) -> None:
        """Shape a text box."""
        style, text, paragraph = box.style, box.text, self.paragraph
        em, begin = style["font_size"], len(paragraph.texts)
        if not text or not em:
            return
        if text == "\n":
            self.add("\n", 0.0, em)
            paragraph.leaves.append(Leaf(path, text, style, begin, begin + 1, None))
            return
        if style["white_space"] not in {"normal", "nowrap"} or style["direction"] != "ltr":
            raise TooComplexError
        if "\n" in text or "\t" in text or "r" in map(CODES.__getitem__, set(text)):
            raise TooComplexError
        if style["hyphens"] == "auto" and pyphen.language_fallback(style["lang"] or "xx"):
            raise TooComplexError
        shaped = shape(text, style)
        self.clusters(shaped, style)
        hyphen = None
        if "\u00ad" in text and style["hyphens"] != "none":
            hyphen = shape(style["hyphenate_character"], style)
        spacing = style["letter_spacing"]
        paragraph.leaves.append(
            Leaf(
                path, text, style, begin, len(paragraph.texts), shaped, hyphen,
                0.0 if spacing == "normal" else spacing, style["word_spacing"], unbroken,
                style["overflow_wrap"] in {"anywhere", "break-word"},
            )
        )  # fmt: skip

    def clusters(self, shaped: Shaped, style: Any) -> None:
        """Add the clusters of a text box."""
        paragraph = self.paragraph
        texts, widths = shaped.texts, shaped.widths
        if len(texts) == len(shaped.text):
            codes = list(map(CODES.__getitem__, texts))
        else:
            codes = [CODES[text[0]] for text in texts]
        if space := style["word_spacing"]:
            widths = [
                width + (space if code in SPACES else 0.0)
                for width, code in zip(widths, codes, strict=True)
            ]
        begin = len(paragraph.texts)
        paragraph.texts += texts
        paragraph.widths += widths
        paragraph.codes += codes
        paragraph.ems += [shaped.em] * len(texts)
        for at, code in enumerate(codes):
            # A quotation mark of a Latin font is a Latin mark.
            if code in "Qq" and widths[at] < 0.75 * shaped.em:
                paragraph.codes[begin + at] = "p" if code == "Q" else "P"
