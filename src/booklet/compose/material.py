"""A paragraph of inline boxes as one row of clusters, shaped once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from booklet.compose import base
from booklet.compose.breaking import Material
from booklet.compose.classes import (
    CLOSING,
    LOW,
    OPENING,
    SPACES,
    STOPS,
    ZERO_WIDTH,
    blanks,
    is_cjk,
    is_letter,
    is_right_to_left,
    is_word,
    may_break,
    may_stretch,
)

OBJECT = "\ufffc"
"""Stands for a picture or an inline block."""

QUARTER = 0.25
"""Ems between Han and Latin (clreq 3.2.2)."""


class TooComplexError(Exception):
    """The paragraph holds something that only the base can lay out."""


@dataclass(slots=True)
class Cluster:
    """A character with what belongs to it.

    Attributes:
        text: '' for the margin or padding of an inline box.
        width: Advance in pixels.
        em: Type size in pixels.
        leaf: Index of its text box, -1 for anything else.
        start: Byte offset in the text of its box.
        language: BCP 47.
        glued: The right edge of an inline box, which stays with what stands before it.
        newline: A forced break.
    """

    text: str
    width: float
    em: float
    leaf: int
    start: int
    language: str = ""
    glued: bool = False
    newline: bool = False


@dataclass(slots=True)
class Paragraph:
    """The clusters of a line box, and the text boxes that they come from."""

    clusters: list[Cluster] = field(default_factory=list)
    leaves: list[Any] = field(default_factory=list)
    metrics: list[Any] = field(default_factory=list)
    has_cjk: bool = False


def read_paragraph(context: Any, line_box: Any, containing_block: Any) -> Paragraph:
    """Shape the text of a line box.

    Raises:
        TooComplexError: Floats, leaders, preserved spaces, hyphenation or right-to-left text.
    """
    paragraph = Paragraph()
    for cluster in _walk(context, line_box, containing_block, paragraph):
        paragraph.clusters.append(cluster)
    return paragraph


def _walk(
    context: Any,
    box: Any,
    containing_block: Any,
    paragraph: Paragraph,
) -> Iterator[Cluster]:
    for child in box.children:
        if not child.is_in_normal_flow():
            if child.is_floated():
                raise TooComplexError
            continue
        match base.kind(child):
            case "text":
                yield from _shape(child, paragraph)
            case "inline":
                if child.is_leader:
                    raise TooComplexError
                yield from _inline(context, child, containing_block, paragraph)
            case "atom":
                width = base.atom_width(context, child, containing_block)
                yield Cluster(OBJECT, width, child.style["font_size"], -1, 0)
            case _:
                raise TooComplexError


def _inline(
    context: Any,
    box: Any,
    containing_block: Any,
    paragraph: Paragraph,
) -> Iterator[Cluster]:
    left, right = base.edges(box, containing_block)
    em = box.style["font_size"]
    if left:
        yield Cluster("", left, em, -1, 0)
    yield from _walk(context, box, containing_block, paragraph)
    if right:
        yield Cluster("", right, em, -1, 0, glued=True)


def _shape(box: Any, paragraph: Paragraph) -> Iterator[Cluster]:
    style, text = box.style, box.text
    if not text or not style["font_size"]:
        return
    language = style["lang"] or ""
    if text == "\n":
        yield Cluster("\n", 0.0, style["font_size"], -1, 0, newline=True)
        return
    if style["white_space"] != "normal" or style["direction"] != "ltr":
        raise TooComplexError
    if style["hyphens"] == "auto" or "\n" in text or "\t" in text or "\u00ad" in text:
        raise TooComplexError
    if style["letter_spacing"] != "normal" or style["word_spacing"] or is_right_to_left(text):
        raise TooComplexError
    leaf = len(paragraph.leaves)
    shaped = base.shape(box)
    paragraph.leaves.append(box)
    paragraph.metrics.append(shaped)
    breakable = style["overflow_wrap"] in {"anywhere", "break-word"}
    for start, piece, width in shaped.clusters:
        paragraph.has_cjk = paragraph.has_cjk or is_cjk(piece[0])
        yield Cluster(piece, width, style["font_size"], leaf, start, language)
    if breakable:
        raise TooComplexError


def weigh(paragraph: Paragraph, style: base.ComposeStyle) -> Material:
    """Tell how the clusters of a paragraph may be broken, squeezed and stretched."""
    clusters = paragraph.clusters
    count = len(clusters)
    seen = [at for at, cluster in enumerate(clusters) if cluster.text]
    inked = [at for at in seen if clusters[at].text not in ZERO_WIDTH]
    after = dict(pairwise(inked))
    breaks = _breaks(clusters, seen)
    pairs, gaps = [0.0] * count, [False] * count
    squeezable, at_start, at_end = [0.0] * count, [0.0] * count, [0.0] * count
    widths = [cluster.width for cluster in clusters]
    for at in inked:
        cluster = clusters[at]
        left, right = _blanks(cluster, style)
        follower = after.get(at)
        trimmed = 0.0
        if follower is not None:
            other = clusters[follower]
            pairs[at], trimmed = _pair(cluster, other, right, _blanks(other, style)[0], style)
            gaps[at] = not other.newline and may_stretch(cluster.text[-1], other.text[0])
            if style.autospace and _meet(cluster.text[-1], other.text[0]):
                widths[at] += QUARTER * cluster.em
        squeezable[at] = max(left + right - trimmed, 0.0)
        at_start[at] = left if style.trim_start else 0.0
        at_end[at] = right if style.trim_end else 0.0
    return Material(
        widths=widths,
        breaks=breaks,
        forced=[at > 0 and clusters[at - 1].newline for at in range(count)],
        spaces=[cluster.text == " " or cluster.newline for cluster in clusters],
        pairs=pairs,
        squeezed_after=[cluster.text not in OPENING for cluster in clusters],
        gaps=gaps,
        blanks=squeezable,
        opens=[cluster.text in OPENING for cluster in clusters],
        at_start=at_start,
        at_end=at_end,
        ems=[cluster.em for cluster in clusters],
        visible=[
            bool(c.text) and c.text not in SPACES and c.text not in ZERO_WIDTH for c in clusters
        ],
    )


def _blanks(cluster: Cluster, style: base.ComposeStyle) -> tuple[float, float]:
    """Give the blanks of a mark in pixels; none where the font already sets it narrow."""
    if not style.squeeze or cluster.width < 0.9 * cluster.em or not cluster.text:
        return 0.0, 0.0
    left, right = blanks(cluster.text, cluster.language)
    return left * cluster.em, right * cluster.em


_MARKS = OPENING | STOPS | LOW | CLOSING


def _pair(
    one: Cluster, two: Cluster, right: float, left: float, style: base.ComposeStyle
) -> tuple[float, float]:
    """Tell what two neighbours give up, and how much of it the first one does (CSS Text 4, 8.2)."""
    if not style.adjacent or one.text not in _MARKS or two.text not in _MARKS:
        return 0.0, 0.0
    if right:
        return -right, right
    if left and one.text in OPENING:
        return -left, 0.0
    return 0.0, 0.0


def _meet(one: str, two: str) -> bool:
    return (is_letter(one) and is_word(two)) or (is_word(one) and is_letter(two))


def _breaks(clusters: list[Cluster], seen: list[int]) -> list[bool]:
    """Find the clusters that a line may begin with, over the edges of inline boxes."""
    text = "".join(clusters[at].text for at in seen)
    language = next((clusters[at].language for at in seen if clusters[at].language), "")
    allowed = base.line_breaks(text, language)
    breaks = [False] * len(clusters)
    where = 0
    for previous, at in zip([None, *seen], seen, strict=False):
        cluster = clusters[at]
        if previous is not None and clusters[previous].text != OBJECT:
            before, after = clusters[previous].text[-1], cluster.text[0]
            # The left edge of an inline box goes to the next line with the text behind it.
            first = at
            while first - 1 > previous and not clusters[first - 1].glued:
                first -= 1
            breaks[first] = may_break(before, after, base=allowed[where])
        where += len(cluster.text)
    return breaks
