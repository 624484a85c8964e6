"""Turn the pages of vertical books: laid out sideways, they become upright with all they carry.

A page is turned clockwise in its own content stream, not by ``/Rotate``: readers that ignore the
rotation would find the text of each line backwards. Boxes, links, destinations and the boxes of
figures are turned along (ISO 32000-1, 8.3.3, 12.3.2 and 14.11.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf

from booklet.compose import is_vertical

POINTS = 0.75
"""Points in a pixel."""

Rectangle = tuple[float, float, float, float]

BOXES = ("MediaBox", "CropBox", "TrimBox", "BleedBox")


def turned_pages(document: Any) -> tuple[bool, ...]:
    """Tell which pages of a rendered document are laid out sideways."""
    return tuple(is_vertical(page._page_box.style) for page in document.pages)


def turned_box(page: Any, box: Rectangle) -> Rectangle:
    """Tell where a rectangle of a page stands on paper.

    Args:
        page: A page of a rendered document.
        box: Left, top, right, bottom in points, from the upper left corner of the page as it was
            laid out.

    Returns:
        The same from the corner of the page as it is drawn.
    """
    if not is_vertical(page._page_box.style):
        return box
    left, top, right, bottom = box
    height = page.height * POINTS
    return height - bottom, left, height - top, right


def turn_pages(document: Any, pdf: pydyf.PDF) -> None:
    """Turn the pages that are laid out sideways.

    Args:
        document: What was rendered.
        pdf: The file that is about to be written, its pages those of the document.
    """
    turned = turned_pages(document)
    if not any(turned):
        return
    objects = {item.reference: item for item in pdf.objects}
    sizes: dict[Any, tuple[float, float]] = {}
    for reference, page, is_turned in zip(pdf.page_references, document.pages, turned, strict=True):
        if is_turned:
            height = page.width * POINTS
            sizes[reference] = page.height * POINTS, height
            _turn_page(objects[reference], height, objects)
    for target in _destinations(pdf):
        if target[0] in sizes:
            target[2], target[3] = target[3], round(sizes[target[0]][1] - target[2], 5)
    _turn_figures(pdf, sizes)
    preferences = pdf.catalog.setdefault("ViewerPreferences", pydyf.Dictionary())
    preferences["Direction"] = "/R2L"


def _turn_page(page: Any, height: float, objects: Any) -> None:
    for name in BOXES:
        if name in page:
            page[name] = _turned(page[name], height)
    for reference in page.get("Annots", ()):
        annotation = objects[reference]
        annotation["Rect"] = _turned(annotation["Rect"], height)
    matrix = f"0 -1 1 0 0 {height:.5f}"
    objects[page["Contents"]].stream.insert(0, f"{matrix} cm")
    resources = objects[page["Resources"]]
    # A pattern lies on the page, whatever was turned since (ISO 32000-1, 8.7.3.1).
    for name in resources.get("Pattern", {}):
        pattern = resources["Pattern"][name]
        pattern = objects.get(pattern, pattern)
        extra = getattr(pattern, "extra", pattern)
        if not getattr(pattern, "compose_turned", False):
            a, b, c, d, e, f = (float(value) for value in extra.get("Matrix", (1, 0, 0, 1, 0, 0)))
            extra["Matrix"] = pydyf.Array([b, -a, d, -c, f, height - e])
            pattern.compose_turned = True


def _turned(box: Any, height: float) -> pydyf.Array:
    """Turn a rectangle of a page; ``height`` is that of the turned page, in points."""
    left, right = sorted((box[0], box[2]))
    low, high = sorted((box[1], box[3]))
    corners = [low, height - right, high, height - left]
    return pydyf.Array([round(value, 5) for value in corners])


def _destinations(pdf: pydyf.PDF) -> Iterator[Any]:
    """Find ``[page /XYZ x y zoom]`` in outline, names and links, each once."""
    seen: set[int] = set()
    waiting: list[Any] = [pdf.catalog, *pdf.objects]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, dict | list) or id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, list) and len(item) > 3 and item[1] == "/XYZ":
            yield item
        waiting += item.values() if isinstance(item, dict) else item


def _turn_figures(pdf: pydyf.PDF, sizes: dict[Any, tuple[float, float]]) -> None:
    for item in pdf.objects:
        if not isinstance(item, pydyf.Dictionary) or item.get("Type") != "/StructElem":
            continue
        attributes = item.get("A")
        if isinstance(attributes, dict) and "BBox" in attributes and item.get("Pg") in sizes:
            # The base gives pixels from the upper left corner, where points from the lower are due.
            width, height = sizes[item["Pg"]]
            left, top, right, foot = (float(value) * POINTS for value in attributes["BBox"])
            box = [left, width - foot, right, width - top]
            attributes["BBox"] = _turned(box, height)
