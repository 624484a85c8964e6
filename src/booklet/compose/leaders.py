"""Set the dots of a leader as one text (CSS GCPM 3, 4).

The base makes a text box of every dot: a page of contents has a thousand of them, each shaped,
drawn and tagged on its own. They stand side by side, so that together they are one text.
"""

from __future__ import annotations

import copy
from typing import Any

from booklet.compose.weasy import inline_layout, leader, line_break, replace

NEAR = 0.01
"""Pixels by which the one text may be longer or shorter than its parts."""

_handle_leader = inline_layout.handle_leader


def handle_leader(context: Any, line: Any, containing_block: Any) -> None:
    """Fill the room of a leader, and make one text of what fills it."""
    _, box = leader.leader_index(line)
    if box is None:
        return
    _handle_leader(context, line, containing_block)
    if len(box.children) > 1:
        joined = _joined(box.children)
        if joined is not None:
            box.children = (joined,)


def _joined(parts: Any) -> Any:
    """Join text boxes that stand side by side, from the right to the left; None if they cannot."""
    layout = parts[0].pango_layout
    if type(layout) is not line_break.Layout:
        return None
    left = min(parts, key=lambda part: part.position_x)
    text, width = left.text * len(parts), left.width * len(parts)
    trial = line_break.create_layout(text, left.style, None, None, 0)
    found, _ = line_break.line_size(trial.get_first_line()[0], left.style)
    if abs(found - width) > NEAR:  # the letters stand otherwise among their like
        return None
    box = left.copy()
    box.text, box.width = text, width
    box.pango_layout = copy.copy(layout)
    box.pango_layout.text = text
    return box


def join_leaders() -> None:
    """Let the base set leaders as one text."""
    replace(inline_layout, "handle_leader", handle_leader)
