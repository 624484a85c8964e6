"""What pages know when they are laid out, for whoever sets the parts of a document one by one.

A part that goes on where another one ended needs its page counter and its named strings, and has to
know whether it would begin a new page in the whole document as well.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from booklet.compose.haste import use_sizes
from booklet.compose.weasy import (
    LayoutContext,
    block_layout,
    boxes,
    document,
    page_layout,
    page_making,
    replace,
)

FORCED = frozenset({"page", "left", "right", "recto", "verso", "always"})
"""Values of ``break-before`` and ``break-after`` that begin a page (CSS Fragmentation 3, 3.1)."""

LEAD = "booklet-lead"
"""Name of the page before a document that goes on; it stands in no rendering."""

_STATE, _ROOT, _BEGUN = "_compose_state", "_compose_root", "_compose_begun"
_MISSED, _USED = "_compose_missed", "_compose_used"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What stands before a document that goes on where another one ended.

    Attributes:
        right: The page before it is a right page.
        counter: Value of the page counter on that page.
        strings: Values of named strings by then.
    """

    right: bool
    counter: int
    strings: Mapping[str, str]


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


def laid(rendered: Any) -> Laid:
    """Read what a document leaves behind, once: then its layout is forgotten.

    Args:
        rendered: A rendered document of the base.
    """
    pages = [page._page_box for page in rendered.pages]
    states = [box.__dict__.pop(_STATE) for box in pages]
    context = states[-1][0]
    root, missed = context.__dict__[_ROOT], context.__dict__.get(_MISSED, set())
    strings = {
        name: str(values[max(values)][-1]) for name, values in context.string_set.items() if values
    }
    running = {name for name, pages in context.running_elements.items() if any(pages.values())}
    fixed = any(box.fixed_boxes for box in pages)
    leads = 1 if _BEGUN in context.__dict__ else 0
    used = {name for name, page in context.__dict__.get(_USED, ()) if page <= leads}
    own = [box for box in _body(root).children if box.is_in_normal_flow()]
    return Laid(
        tuple(counter for _, counter in states),
        strings, frozenset(running), frozenset(missed), frozenset(used), fixed,
        _edge(own[0], first=True) if own else Edge(forced=False, name="", bare=True),
        _edge(own[-1], first=False) if own else Edge(forced=False, name="", bare=True),
    )  # fmt: skip


def _body(root: Any) -> Any:
    return root.children[-1] if root.children else root


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
_layout_document = document.layout_document
_remake_page = page_making.remake_page
_layout_backgrounds = page_layout.layout_backgrounds
_get_running_element_for = LayoutContext.get_running_element_for
_get_string_set_for = LayoutContext.get_string_set_for

_beginnings: list[Beginning] = []


@contextlib.contextmanager
def going_on(beginning: Beginning | None) -> Iterator[None]:
    """Let documents that are rendered in this context go on where another one ended.

    Each begins a new page, as its first element asks for it.

    Args:
        beginning: What stands before them; None where nothing does.
    """
    if beginning is not None:
        _beginnings.append(beginning)
    try:
        yield
    finally:
        if beginning is not None:
            _beginnings.pop()


def initialize_page_maker(context: Any, root_box: Any) -> None:
    """Begin to make pages, and keep the boxes that they are made of."""
    context.__dict__[_ROOT] = root_box
    _initialize_page_maker(context, root_box)
    if _beginnings:
        begun = context.__dict__[_BEGUN] = _beginnings[-1]
        for name, value in begun.strings.items():
            context.string_set[name][1].append(value)


def remake_page(index: int, context: Any, root_box: Any, html: Any) -> Any:
    """Make a page; the one before a document that goes on is made without a layout."""
    begun = context.__dict__.get(_BEGUN)
    if begun is None or index:
        return _remake_page(index, context, root_box, html)
    side = "right" if begun.right else "left"
    page = _lead(context, root_box, page_making.PageType(side, False, LEAD, 0, ()), html)
    body = _body(root_box)
    number, first = next(
        (at, box) for at, box in enumerate(body.children) if box.is_in_normal_flow()
    )
    nothing = boxes.BlockBox.anonymous_from(body, [])
    next_page = {
        "break": block_layout.block_level_page_break(nothing, first),
        "page": first.page_values()[0],
    }
    resume_at = {root_box.children.index(body): {number: None}}
    state: tuple[Any, ...] = [0], {"pages": [0], "page": [begun.counter]}, [{"pages", "page"}], []
    doing = {"content_changed": True, "pages_wanted": False, "anchors": [], "content_lookups": []}
    context.page_maker[1:] = [(resume_at, next_page, not begun.right, state, doing)]
    return page, resume_at


def _lead(context: Any, root_box: Any, page_type: Any, html: Any) -> Any:
    """Make a page that holds nothing, as large as the first one."""
    page_making.set_page_type_computed_styles(page_type, html, context.style_for)
    style = context.style_for(page_type)
    page = boxes.PageBox(page_type, style)
    size = style["size"]
    use_sizes(page, size)
    page_making.page_width(page, context, size[0])
    page_making.page_height(page, context, size[1])
    context.style_for.initial_page_sizes |= {"box": size, "area": (page.width, page.height)}
    areas = [boxes.BlockBox.anonymous_from(root_box, []) for _ in range(2)]
    page.children = [root_box.copy_with_children([]), *areas]
    page.fixed_boxes = []
    return page


def layout_document(html: Any, root_box: Any, context: Any, max_loops: int = 8) -> Iterator[Any]:
    """Lay a document out, and leave out the page before it."""
    for page in _layout_document(html, root_box, context, max_loops):
        if page.page_type.name != LEAD:
            yield page


def layout_backgrounds(page: Any, load: Any) -> None:
    """Lay out the backgrounds of a page that is to be seen."""
    if page.page_type.name != LEAD:
        _layout_backgrounds(page, load)


def make_margin_boxes(context: Any, page: Any, state: Any) -> Any:
    """Make the margins of a page, and keep what its counters say."""
    page.__dict__[_STATE] = context, (state[1].get("page") or [0])[-1]
    return () if page.page_type.name == LEAD else _make_margin_boxes(context, page, state)


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
    replace(page_layout, "layout_backgrounds", layout_backgrounds)
    replace(page_making, "remake_page", remake_page)
    replace(document, "layout_document", layout_document)
    replace(LayoutContext, "get_running_element_for", get_running_element_for)
    replace(LayoutContext, "get_string_set_for", get_string_set_for)
