"""What pages know when they are laid out, for whoever sets the parts of a document one by one.

A part that goes on where another one ended needs its page counter and its named strings, and has to
know whether it would begin a new page in the whole document as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from booklet.compose.weasy import LayoutContext, page_layout, replace

FORCED = frozenset({"page", "left", "right", "recto", "verso", "always"})
"""Values of ``break-before`` and ``break-after`` that begin a page (CSS Fragmentation 3, 3.1)."""

_STATE, _ROOT = "_compose_state", "_compose_root"
_MISSED, _USED = "_compose_missed", "_compose_used"


@dataclass(frozen=True, slots=True)
class Edge:
    """How a document begins or ends.

    Attributes:
        forced: Whether it asks for a page break there.
        name: The page's name (CSS Paged Media 3, 8).
        bare: No wrapper around the edge has a border, padding or margin there.
    """

    forced: bool
    name: str
    bare: bool


@dataclass(frozen=True, slots=True)
class Laid:
    """What a laid out document leaves to the one that goes on where it ends.

    Attributes:
        counters: Value of the page counter on each page.
        strings: Values of named strings after the last page.
        running: Names of its running elements.
        missed: Names of running elements that margins asked for and did not find.
        used: Names of strings that its margins took from the lead.
        fixed: Whether something stands on every page, by ``position: fixed``.
        opening: How it begins.
        closing: How it ends.
    """

    counters: tuple[int, ...]
    strings: Mapping[str, str]
    running: frozenset[str]
    missed: frozenset[str]
    used: frozenset[str]
    fixed: bool
    opening: Edge
    closing: Edge


def laid(document: Any, lead: str) -> Laid:
    """Read what a document leaves behind, once: then its layout is forgotten.

    Args:
        document: A rendered document of the base.
        lead: Beginning of the names of pages that do not belong to it.
    """
    boxes = [page._page_box for page in document.pages]
    states = [box.__dict__.pop(_STATE) for box in boxes]
    context = states[-1][0]
    root, missed = context.__dict__[_ROOT], context.__dict__.get(_MISSED, set())
    strings = {
        name: str(values[max(values)][-1]) for name, values in context.string_set.items() if values
    }
    running = {name for name, pages in context.running_elements.items() if any(pages.values())}
    fixed = any(box.fixed_boxes for box in boxes)
    leads = sum(1 for box in boxes if (box.page_type.name or "").startswith(lead))
    used = {name for name, page in context.__dict__.get(_USED, ()) if page <= leads}
    body = root.children[-1] if root.children else root
    own = [
        box for box in body.children
        if box.is_in_normal_flow() and not (box.style["page"] or "").startswith(lead)
    ]  # fmt: skip
    return Laid(
        tuple(counter for _, counter in states),
        strings, frozenset(running), frozenset(missed), frozenset(used), fixed,
        _edge(own[0], first=True) if own else Edge(forced=False, name="", bare=True),
        _edge(own[-1], first=False) if own else Edge(forced=False, name="", bare=True),
    )  # fmt: skip


def _edge(box: Any, *, first: bool) -> Edge:
    side, breaking = ("top", "break_before") if first else ("bottom", "break_after")
    chain = list(_chain(box, first=first))
    wrappers = [one for one in chain[:-1] if one.element_tag == "main"]
    kinds = (f"border_{side}_width", f"padding_{side}", f"margin_{side}")
    return Edge(
        forced=any(one.style[breaking] in FORCED for one in chain),
        name=box.page_values()[0 if first else 1] or "",
        bare=not any(_size(one.style[kind]) for one in wrappers for kind in kinds),
    )


def _chain(box: Any, *, first: bool) -> Iterator[Any]:
    """Give a box, the first or last box in it, the first or last in that, and so on."""
    while True:
        yield box
        inner = [one for one in getattr(box, "children", ()) if one.is_in_normal_flow()]
        if not inner:
            return
        box = inner[0 if first else -1]


def _size(value: Any) -> float:
    size = getattr(value, "value", value)
    return float(size) if isinstance(size, int | float) else 1.0


# ---- switching on --------------------------------------------------------------------------------

_make_margin_boxes = page_layout.make_margin_boxes
_initialize_page_maker = page_layout.initialize_page_maker
_get_running_element_for = LayoutContext.get_running_element_for
_get_string_set_for = LayoutContext.get_string_set_for


def make_margin_boxes(context: Any, page: Any, state: Any) -> Any:
    """Make the margins of a page, and keep what its counters say."""
    page.__dict__[_STATE] = context, (state[1].get("page") or [0])[-1]
    return _make_margin_boxes(context, page, state)


def initialize_page_maker(context: Any, root_box: Any) -> None:
    """Begin to make pages, and keep the boxes that they are made of."""
    context.__dict__[_ROOT] = root_box
    _initialize_page_maker(context, root_box)


def get_running_element_for(context: Any, page: Any, name: str, keyword: str = "first") -> Any:
    """Find a running element, and keep its name if there is none."""
    found = _get_running_element_for(context, page, name, keyword)
    if not found:
        context.__dict__.setdefault(_MISSED, set()).add(name)
    return found


def get_string_set_for(context: Any, page: Any, name: str, keyword: str = "first") -> Any:
    """Find a named string, and keep on which page it was set."""
    here = context.current_page
    set_on = [at for at, values in context.string_set[name].items() if values and at <= here]
    context.__dict__.setdefault(_USED, set()).add((name, max(set_on, default=0)))
    return _get_string_set_for(context, page, name, keyword)


def teach_pages() -> None:
    """Let pages keep what `laid` reads."""
    replace(page_layout, "make_margin_boxes", make_margin_boxes)
    replace(page_layout, "initialize_page_maker", initialize_page_maker)
    replace(LayoutContext, "get_running_element_for", get_running_element_for)
    replace(LayoutContext, "get_string_set_for", get_string_set_for)
