"""A composed paragraph: its lines, cut into the pieces that the boxes of the base hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from booklet.compose import base
from booklet.compose.breaking import Line, Material, break_paragraph
from booklet.compose.material import Paragraph, read_paragraph, weigh


@dataclass(frozen=True, slots=True)
class Piece:
    """What one text box sets in one line.

    Attributes:
        start: Byte offset in the text of the box.
        text: Its characters, without spaces at the ends of the line.
        width: Pixels, after squeezing and stretching.
        shifts: Byte offset in ``text`` → pixels added before and after the glyph there.
        resume: Byte offset at which the next line goes on; None where this one does.
    """

    start: int
    text: str
    width: float
    shifts: dict[int, tuple[float, float]]
    resume: int | None


@dataclass(slots=True)
class Plan:
    """Every piece of a paragraph, by text box; ``key`` is the room that it was made for."""

    key: tuple[float, float]
    pieces: dict[int, list[Piece]] = field(default_factory=dict)
    metrics: dict[int, Any] = field(default_factory=dict)
    leaves: list[Any] = field(default_factory=list)

    def piece(self, leaf: int, skip: int) -> Piece | None:
        """Find the piece of a box that begins at or before a byte offset."""
        found = None
        for piece in self.pieces.get(leaf, ()):
            if piece.start > skip and found is not None:
                break
            found = piece
        return found


def plan_paragraph(
    context: Any,
    line_box: Any,
    containing_block: Any,
    key: tuple[float, float],
) -> Plan | None:
    """Compose a paragraph for the room of its first line and of its others.

    Returns:
        None where it holds no Chinese, so that the base does as well.

    Raises:
        TooComplexError: The paragraph holds something that only the base can lay out.
    """
    paragraph = read_paragraph(context, line_box, containing_block)
    if not paragraph.has_cjk:
        return None
    style = base.compose_style(line_box)
    material = weigh(paragraph, style)
    lines = break_paragraph(material, *key, justify=style.justify)
    plan = Plan(key)
    for number, line in enumerate(lines):
        room = key[0] if number == 0 else key[1]
        before, after = adjust(line, material, room, style)
        for leaf, piece in _pieces(paragraph, line, material, before, after):
            plan.pieces.setdefault(leaf, []).append(piece)
    plan.metrics = dict(enumerate(paragraph.metrics))
    plan.leaves = paragraph.leaves
    return plan


def adjust(
    line: Line, material: Material, room: float, style: base.ComposeStyle
) -> tuple[dict[int, float], dict[int, float]]:
    """Fill a line: squeeze its pairs and ends, then share out what is left (clreq 3.2.4).

    Returns:
        Pixels added before and after each cluster.
    """
    before: dict[int, float] = {}
    after: dict[int, float] = {}
    if line.start == line.end:
        return before, after
    inner = range(line.start, line.end - 1)
    for at in inner:
        if pair := material.pairs[at]:
            # A closing mark gives up its right half, an opening one the left half of the next.
            if material.squeezed_after[at]:
                after[at] = after.get(at, 0.0) + pair
            else:
                before[at + 1] = before.get(at + 1, 0.0) + pair
    if trim := material.at_start[line.start]:
        before[line.start] = before.get(line.start, 0.0) - trim
    slack = room - line.width
    end = material.at_end[line.end - 1]
    if end and (slack < -1e-6 or style.force_end):
        given = end if style.force_end else min(end, -slack)
        after[line.end - 1] = after.get(line.end - 1, 0.0) - given
        slack += given
    if slack < -1e-6:
        total = sum(material.blanks[at] for at in inner)
        share = min(-slack / total, 1.0) if total else 0.0
        for at in inner:
            if blank := material.blanks[at] * share:
                left = material.opens[at]
                side = before if left else after
                side[at] = side.get(at, 0.0) - blank
    elif style.justify and not line.last and slack > 0:
        gaps = [at for at in inner if material.gaps[at]]
        for at in gaps:
            after[at] = after.get(at, 0.0) + slack / len(gaps)
    return before, after


def _pieces(
    paragraph: Paragraph,
    line: Line,
    material: Material,
    before: dict[int, float],
    after: dict[int, float],
) -> Iterator[tuple[int, Piece]]:
    clusters = paragraph.clusters
    leaves: dict[int, list[int]] = {}
    for at in range(line.start, line.end):
        if clusters[at].leaf >= 0:
            leaves.setdefault(clusters[at].leaf, []).append(at)
    ends_here = line.resume < len(clusters)
    for leaf, members in leaves.items():
        first = clusters[members[0]].start
        text, shifts, width = "", {}, 0.0
        for at in members:
            cluster = clusters[at]
            one, two = before.get(at, 0.0), after.get(at, 0.0) + material.widths[at] - cluster.width
            if one or two:
                shifts[cluster.start - first] = (one, two)
            text += cluster.text
            width += cluster.width + one + two
        last = ends_here and members[-1] == _last_text(clusters, line)
        resume = _resume(paragraph, line, leaf, members[-1]) if last else None
        yield leaf, Piece(first, text, width, shifts, resume)


def _last_text(clusters: list[Any], line: Line) -> int:
    return max(at for at in range(line.start, line.end) if clusters[at].leaf >= 0)


def _resume(paragraph: Paragraph, line: Line, leaf: int, last: int) -> int | None:
    """Tell where the base goes on after the last text of a line."""
    clusters = paragraph.clusters
    if line.resume < len(clusters) and clusters[line.resume - 1].newline:
        return None  # the forced break itself ends the line
    following = next((c for c in clusters[line.resume :] if c.leaf == leaf), None)
    if following is not None:
        return following.start
    return len(paragraph.leaves[leaf].text.encode())
