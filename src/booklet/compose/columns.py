"""Multi-column text that loses nothing at the end of a page (CSS Multicol 1, 6 and 8).

The base lays out what stands between spanning boxes group after group. Where a group fills the page
to its end it stops, and forgets to say that there is more; and it goes on in a spanning box that
is divided between pages only if the division is in its first child. Both lose text. Here the
result of the base is held against what it was given, and says where to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from booklet.compose.weasy import block_layout, replace

Layout = Callable[..., tuple[Any, ...]]
_NEW_PAGE = {"break": "any", "page": None}


def keep_columns_whole() -> None:
    """Let columns go on where they have stopped."""
    replace(block_layout, "columns_layout", _whole(block_layout.columns_layout))


def _whole(columns_layout: Layout) -> Layout:
    def layout(
        context: Any, box: Any, bottom_space: Any, skip_stack: Any, *rest: Any
    ) -> tuple[Any, ...]:
        """Lay out a box of columns, and resume it in the form that boxes have elsewhere."""
        box, begin, before, skip_stack = _opened(box, skip_stack)
        new_box, resume_at, *more = columns_layout(context, box, bottom_space, skip_stack, *rest)
        if new_box is None:
            return new_box, resume_at, *more
        starts = _starts(box.children, begin)
        done, count = _rendered(box.children, starts, new_box.children)
        if done < len(starts) and (resume_at is None or count < len(new_box.children)):
            new_box.children = new_box.children[:count]
            return new_box, {starts[done]: None}, _NEW_PAGE, *more[1:]
        if resume_at is not None and done:
            start, last = starts[done - 1], new_box.children[-1]
            cut = before if start == begin else 0
            resume_at = _resumed(box.children[start], start, last, resume_at, cut)
        return new_box, resume_at, *more

    return layout


def _opened(box: Any, skip_stack: Any) -> tuple[Any, int, int, Any]:
    """Cut off what of a spanning box stands on earlier pages: the base skips into first children.

    Returns:
        The box, the index of its first child on this page, how many children of that one were
        cut off, and the path at which the base resumes.
    """
    if not skip_stack:
        return box, 0, 0, skip_stack
    ((begin, inner),) = skip_stack.items()
    child = box.children[begin]
    if not inner or not _spans(child):
        return box, begin, 0, skip_stack
    ((before, path),) = inner.items()
    if before:
        children = list(box.children)
        children[begin] = child.copy_with_children(child.children[before:])
        box = box.copy_with_children(children)
    return box, begin, before, {begin: path}


def _spans(box: Any) -> bool:
    return bool(box.style["column_span"] == "all")


def _starts(children: Sequence[Any], begin: int) -> list[int]:
    """Give the index at which each group begins: a spanning box, or what stands between two."""
    return [
        index
        for index in range(begin, len(children))
        if index == begin or _spans(children[index]) or _spans(children[index - 1])
    ]


def _rendered(
    children: Sequence[Any], starts: Sequence[int], laid_out: Sequence[Any]
) -> tuple[int, int]:
    """Count the groups that stand on the page without a gap, and the boxes that they take."""
    done = count = 0
    for box in laid_out:
        group = done - 1 if done and box.is_column and laid_out[count - 1].is_column else done
        if group == len(starts):
            break
        end = starts[group + 1] if group + 1 < len(starts) else len(children)
        known = {id(child.element) for child in children[starts[group] : end]}
        parts = box.children if box.is_column else [box]
        if parts and not any(id(part.element) in known for part in parts):
            break
        done, count = group + 1, count + 1
    return done, count


def _resumed(whole: Any, start: int, last: Any, resume_at: Any, cut: int) -> Any:
    """Say where a divided spanning box goes on: its own index, and that of its child."""
    if last.is_column:
        return resume_at
    ((index, path),) = resume_at.items()
    if path is None and len(last.children) >= len(whole.children):
        return resume_at  # it is whole, and the next one begins a page
    return {start: {cut + index - start: path}}
