"""Spare the base what it works out again and again, with the same result to the last bit."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from booklet.compose.weasy import (
    Matrix,
    backgrounds,
    boxes,
    check_math,
    element_tree,
    everywhere,
    get_color,
    layout_box_backgrounds,
    pdf,
    replace,
    resolve_percentages,
    resolve_radii_percentages,
)

_SIZES, _SHARP, _BARE = "_compose_sizes", "_compose_sharp", "_compose_bare"

_FLOW, _PAGES = "_compose_flow", "_compose_pages"
_to_bytes = pdf.pydyf._to_bytes
_is_in_normal_flow = boxes.Box.is_in_normal_flow

_SIDES = ("top", "right", "bottom", "left")
_RELATIVE = (
    *(f"margin_{side}" for side in _SIDES), *(f"padding_{side}" for side in _SIDES),
    "width", "min_width", "max_width", "height", "min_height", "max_height",
)  # fmt: skip
_USED = (*_RELATIVE, *(f"border_{side}_width" for side in _SIDES))
_CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
_RADII = tuple(f"border_{corner}_radius" for corner in _CORNERS)
_NO_RADII = dict.fromkeys(_RADII, (0, 0))


def use_sizes(box: Any, containing_block: Any) -> None:
    """Set used sizes; those of a style without percentages are the same in every box."""
    style = box.style
    sizes = style.__dict__.get(_SIZES)
    if sizes:
        _set(box, sizes)
        return
    resolve_percentages(box, containing_block)
    if sizes is None:
        style.__dict__[_SIZES] = (
            {name: getattr(box, name) for name in _USED} if _is_fixed(style) else {}
        )


def _set(box: Any, values: dict[str, Any]) -> None:
    """Set attributes of a box, or of the box that a placeholder stands for."""
    box.__dict__.get("_box", box).__dict__.update(values)


def _is_fixed(style: Any) -> bool:
    if style["border_collapse"] == "collapse":
        return False  # a table solves the conflicts of its borders
    values = [style[name] for name in _RELATIVE]
    return not any(
        value is not None
        and value != "auto"
        and (check_math(value) or getattr(value, "unit", "%") == "%")
        for value in values
    )


def use_radii(box: Any) -> None:
    """Set used radii of the corners; most boxes have none."""
    style = box.style
    sharp = style.__dict__.get(_SHARP)
    if sharp is None:
        sharp = style.__dict__[_SHARP] = all((0, "px") in style[name] for name in _RADII)
    if sharp:
        _set(box, _NO_RADII)
    else:
        resolve_radii_percentages(box)


def lay_out_background(
    page: Any, box: Any, load: Any, layout_children: Any = True, style: Any = None
) -> None:
    """Lay out the background of a box and of what it holds; most have none."""
    if style is not None or box is page or not _is_bare(box.style):
        layout_box_backgrounds(page, box, load, layout_children, style)
        return
    use_radii(box)
    if layout_children:
        for child in box.all_children():
            lay_out_background(page, child, load)
    box.background = None


def _is_bare(style: Any) -> bool:
    bare = style.__dict__.get(_BARE)
    if bare is None:
        bare = style.__dict__[_BARE] = (
            style["border_image_source"][0] == "none"
            and style["mask_border_source"][0] == "none"
            and not style["box_shadow"]
            and (
                style["visibility"] == "hidden"
                or (
                    all(value is None for _, value in style["background_image"])
                    and get_color(style, "background_color").alpha == 0
                )
            )
        )
    return bool(bare)


def is_in_normal_flow(box: Any) -> bool:
    """Tell whether a box is in flow, which its style alone decides."""
    known = box.style.__dict__
    flow = known.get(_FLOW)
    if flow is None:
        flow = known[_FLOW] = _is_in_normal_flow(box)
    return bool(flow)


def transform_point(matrix: Any, x: float, y: float) -> list[float]:
    """Transform a point."""
    (a, b, _), (c, d, _), (e, f, _) = matrix
    return [x * a + y * c + e, x * b + y * d + f]


def multiply(matrix: Any, other: Any) -> Any:
    """Multiply two matrices."""
    (a, b, c), (d, e, f), (g, h, i) = other
    return Matrix(
        matrix=[
            [x * a + y * d + z * g, x * b + y * e + z * h, x * c + y * f + z * i]
            for x, y, z in matrix
        ]
    )


def to_bytes(item: Any) -> bytes:
    """Write a value into a PDF; the kinds that are most of them first."""
    kind = type(item)
    if kind is bytes:
        return item  # type: ignore[no-any-return]
    if kind is str:
        return item.encode("ascii")  # type: ignore[no-any-return]
    if kind is int:
        return b"%d" % item
    return _to_bytes(item)  # type: ignore[no-any-return]


def page_references(file: Any) -> tuple[bytes, ...]:
    """Name the pages of a PDF; the base asks for all of them at every element of the structure."""
    kids = file.pages["Kids"]
    known = file.__dict__.get(_PAGES)
    if known is None or len(known) * 3 != len(kids):
        known = file.__dict__[_PAGES] = tuple(b"%d 0 R" % number for number in kids[::3])
    return known  # type: ignore[no-any-return]


def make_haste() -> None:
    """Let the base spare work."""
    for module in everywhere("resolve_percentages", resolve_percentages):
        replace(module, "resolve_percentages", use_sizes)
    for module in everywhere("resolve_radii_percentages", resolve_radii_percentages):
        replace(module, "resolve_radii_percentages", use_radii)
    replace(backgrounds, "layout_box_backgrounds", lay_out_background)
    replace(boxes.Box, "is_in_normal_flow", is_in_normal_flow)
    replace(Matrix, "transform_point", transform_point)
    replace(Matrix, "__matmul__", multiply)
    replace(pdf.pydyf, "_to_bytes", to_bytes)
    replace(pdf.pydyf.PDF, "page_references", property(page_references))
    replace(
        element_tree, "compile_selector_list", lru_cache(64)(element_tree.compile_selector_list)
    )
