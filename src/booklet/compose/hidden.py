"""What `aria-hidden` hides from assistive technology is an artifact of a tagged PDF.

A pull quote repeats words that stand in the text (WAI-ARIA 1.2, 6.6, `aria-hidden`); the base tags
it like the rest, and a reader would hear it twice. Here its tags are made, so that marked content
is known to the base, and left out of the tree, as the base does with margin boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from booklet.compose.weasy import replace, tags

BuildTree = Callable[..., Iterator[Any]]


def leave_hidden_untagged() -> None:
    """Keep what is hidden out of the structure tree."""
    replace(tags, "_build_box_tree", _without_hidden(tags._build_box_tree))


def _without_hidden(build_box_tree: BuildTree) -> BuildTree:
    def build(box: Any, *rest: Any) -> Iterator[Any]:
        """Build the tags of a box; give none for what is hidden."""
        # Before pages are laid out an absolute box stands in a placeholder, which has no element.
        element = getattr(getattr(box, "_box", box), "element", None)
        elements = build_box_tree(box, *rest)
        if element is not None and element.get("aria-hidden") == "true":
            for _ in elements:
                pass
            return
        yield from elements

    return build
