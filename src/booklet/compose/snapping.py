"""Lines snap to the grid of their page: `line-snap` of CSS Line Grid 1 (3.1).

Each page has a grid of its own, made of the font and the line height of the root element, that
begins with the page area; so the lines of a recto stand where those of its verso do. A snapped
line is moved down to the next free cell, as part of the layout: what follows begins below it.
Since it takes whole cells, no superscript and no foreign font pushes the next line away.

Where a box finds its place only after its lines are set (floats, cells of tables, items of flex
and grid, inline blocks, notes, what is positioned), its lines keep their own pitch in the same
way, but are not moved.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from booklet.compose.boxtree import is_inline, is_simple_atom, is_text
from booklet.compose.linegrid import NEAR, Extent, LineGrid
from booklet.compose.properties import add_property, keyword
from booklet.compose.weasy import (
    block_layout,
    boxes,
    formatting_contexts,
    inline_layout,
    line_break,
    replace,
)

_GRID = "_compose_grid"
SNAPPED = "_compose_snapped"
"""Attribute of the base's layout context: how many lines have been snapped."""

ASCENT, DESCENT = 0.88, 0.12
"""Ems of the square of a character above and below its baseline."""

NextLine = Callable[..., tuple[Any, Any]]


def add_line_snap() -> None:
    """Make `line-snap` known, and set lines accordingly."""
    add_property("line-snap", "none", keyword(("none", "baseline", "contain")))
    replace(inline_layout, "get_next_linebox", _snapping(inline_layout.get_next_linebox))
    replace(block_layout, "avoid_collisions", _in_cells(block_layout.avoid_collisions))


def _snapping(get_next_linebox: NextLine) -> NextLine:
    def next_line(
        context: Any, linebox: Any, position_y: Any, bottom_space: Any, *rest: Any
    ) -> tuple[Any, Any]:
        """Lay out the next line of a paragraph, on the grid where its style asks for that."""
        snap = linebox.style["line_snap"]
        if snap == "none":
            return get_next_linebox(context, linebox, position_y, bottom_space, *rest)
        grid = _page_grid(context) if _is_settled(context, bottom_space) else None
        # Floats are avoided where the line will be, so it is moved before it is laid out.
        begin = position_y if grid is None else grid.below(position_y)
        line, resume_at = get_next_linebox(context, linebox, begin, bottom_space, *rest)
        if line is None:
            return line, resume_at
        if not line.height:
            # Nothing to be seen: an anchor, a running head.
            line.translate(0, position_y - line.position_y)
        elif grid is not None:
            setattr(context, SNAPPED, snapped_lines(context) + 1)
            _snap(line, grid, snap)
        elif snap == "baseline":
            height, baseline = line_break.strut(line.style)
            if height:
                own = LineGrid(line.position_y, height, baseline, line.style["font_size"])
                _snap(line, own, snap)
        return line, resume_at

    return next_line


def _in_cells(avoid_collisions: Callable[..., tuple[Any, Any, Any]]) -> Any:
    def avoid(context: Any, box: Any, *rest: Any, **named: Any) -> tuple[Any, Any, Any]:
        """Find room beside floats for a block that is laid out; where it moves, by whole cells."""
        position_x, position_y, width = avoid_collisions(context, box, *rest, **named)
        moved = position_y - box.position_y
        if moved and box.style["line_snap"] != "none":
            grid = _page_grid(context)
            position_y = box.position_y + (grid.cells(moved) * grid.pitch if grid else moved)
        return position_x, position_y, width

    return avoid


def snapped_lines(context: Any) -> int:
    """Count the lines that have been snapped so far."""
    return getattr(context, SNAPPED, 0)


def _is_settled(context: Any, bottom_space: Any) -> bool:
    """Tell whether what is laid out now stays where it is."""
    if bottom_space == -inf:  # margin boxes, notes, inline blocks
        return False
    return all(
        root is None or (isinstance(root, boxes.BlockBox) and root.is_in_normal_flow())
        for root in formatting_contexts(context)
    )


def line_grid(page: Any) -> LineGrid | None:
    """Give the grid of a page of a rendered document; None where text has no height."""
    return _grid_of(page._page_box)


def _page_grid(context: Any) -> LineGrid | None:
    return _grid_of(context.current_footnote_area.page)


def _grid_of(page: Any) -> LineGrid | None:
    if not hasattr(page, _GRID):
        root = page.style.root_style
        pitch, baseline = line_break.strut(root)
        grid = LineGrid(page.content_box_y(), pitch, baseline, root["font_size"]) if pitch else None
        setattr(page, _GRID, grid)
    return getattr(page, _GRID)  # type: ignore[no-any-return]


def _snap(line: Any, grid: LineGrid, snap: str) -> None:
    """Move a line, and make it as high as its cells."""
    if snap == "contain":
        place = grid.contained(line.position_y, line.height, line.baseline)
    else:
        place = grid.on_baseline(line.position_y, _extent(line, grid))
    line.translate(0, place.baseline - line.position_y - line.baseline)
    line.position_y, line.height = place.top, place.height
    line.baseline = place.baseline - place.top


def _extent(line: Any, grid: LineGrid) -> Extent:
    if line.height <= grid.pitch + NEAR:
        return Extent(0, 0, line.height)
    above = below = 0.0
    baseline = line.position_y + line.baseline
    for top, bottom in _inks(line):
        above, below = max(above, baseline - top), max(below, bottom - baseline)
    height, _ = line_break.strut(line.style)
    return Extent(above, below, height)


def _inks(box: Any) -> Any:
    """Yield the top and the bottom of every character square and picture in a line."""
    for child in box.children:
        if not child.is_in_normal_flow():
            continue
        if is_text(child):
            em, baseline = child.style["font_size"], child.position_y + child.baseline
            yield baseline - ASCENT * em, baseline + DESCENT * em
        elif is_inline(child):
            yield from _inks(child)
        elif is_simple_atom(child):
            yield child.position_y, child.position_y + child.margin_height()
