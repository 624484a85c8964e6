"""Contrast of text by WCAG 2.2 (1.4.3): of pages as they are drawn, of an e-book by its sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import tinycss2

from booklet.errors import Place
from booklet.output.css_walk import walk

if TYPE_CHECKING:
    from PIL.Image import Image

    from booklet.output.textboxes import TextBox

Color = tuple[int, int, int]

ENOUGH, ENOUGH_FOR_LARGE = 4.5, 3.0
LARGE, LARGE_BOLD = 18.0, 14.0
"""Points from which text counts as large."""

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
PAGES = {"light": WHITE, "dark": (18, 18, 18)}
"""What an e-reader's page is like by day and by night."""

_HEX = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


@dataclass(frozen=True, slots=True)
class Faint:
    """Text that stands out too little.

    Attributes:
        place: In the manuscript, the template or the style sheet.
        where: Page or selector.
        words: The text, or its beginning; '' in a style sheet.
        ratio: As it is, from 1 to 21.
        needed: As it should be.
        colors: Of the text, and of what is behind it.
    """

    place: Place
    where: str
    words: str
    ratio: float
    needed: float
    colors: tuple[Color, Color]


def contrast(one: Color, two: Color) -> float:
    """Give the ratio of two colours, from 1 (alike) to 21 (black and white)."""
    lighter, darker = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def faint_on_pages(pdf: bytes, texts: Sequence[TextBox], labels: Sequence[str]) -> Iterator[Faint]:
    """Find text that stands out too little from what its page shows behind it.

    Args:
        pdf: The pages, one pixel a point is enough to know what is behind a line.
        texts: What stands on them.
        labels: The folio of each page.

    Yields:
        The first text of each kind: the same colours in the same part of the book are told once.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    told: set[tuple[Color, Color]] = set()
    number, picture = -1, None
    for text in texts:
        if text.decorative:
            continue
        if text.page != number or picture is None:
            number = text.page
            picture = document[number].render(scale=1).to_pil().convert("RGB")
        behind = _behind(picture, text)
        if behind is None:
            continue
        large = text.size >= (LARGE_BOLD if text.bold else LARGE)
        needed = ENOUGH_FOR_LARGE if large else ENOUGH
        ratio = contrast(text.color, behind)
        if ratio < needed and (text.color, behind) not in told:
            told.add((text.color, behind))
            where = f"page {labels[number] or number + 1}"
            yield Faint(text.place, where, text.words, ratio, needed, (text.color, behind))


def _behind(picture: Image, text: TextBox) -> Color | None:
    """Tell the colour that fills most of the place of a text, its own left out."""
    left, top, right, bottom = text.box
    # A mark that takes no room still stands in about an em.
    wide, high = ((text.size - size) / 2 for size in (right - left, bottom - top))
    left, right = left - max(wide, 1), right + max(wide, 1)
    top, bottom = top - max(high, 0), bottom + max(high, 0)
    box = (
        max(int(left), 0), max(int(top), 0),
        min(int(right) + 1, picture.width), min(int(bottom) + 1, picture.height),
    )  # fmt: skip
    if box[0] >= box[2] or box[1] >= box[3]:
        return None
    part = picture.crop(box)
    counted = part.getcolors(part.width * part.height) or []
    for _, color in sorted(counted, reverse=True):
        assert isinstance(color, tuple)
        if max(abs(a - b) for a, b in zip(color, text.color, strict=True)) > 2:
            return color[0], color[1], color[2]
    return text.color


def faint_in_sheet(css: str, file: str) -> Iterator[Faint]:
    """Find colours of an e-book's style sheet that stand out too little, by day and by night.

    Known are colours in hexadecimal, and custom properties that hold one; what an element inherits
    from another rule is not.
    """
    names = _custom(css)
    for (selector, night), declared in _rules(css).items():
        if "color" not in declared:
            continue
        value, line = declared["color"]
        for mode, page in PAGES.items():
            variable = "var(" in value
            if (mode == "dark") != night and not (mode == "dark" and variable):
                continue
            color = _resolve(value, names, mode)
            behind = _resolve(declared.get("background-color", ("", 0))[0], names, mode) or page
            if color is None:
                continue
            ratio = contrast(color, behind)
            if ratio < ENOUGH:
                where = f"`{selector}` on a {mode} page"
                yield Faint(Place(file, line), where, "", ratio, ENOUGH, (color, behind))


def _rules(css: str) -> dict[tuple[str, bool], dict[str, tuple[str, int]]]:
    found: dict[tuple[str, bool], dict[str, tuple[str, int]]] = {}
    for item in walk(css):
        node = item.node
        if node.type != "declaration" or not item.path or item.path[-1].startswith("@"):
            continue
        if item.path[0] not in {"@media"} and item.path[0].startswith("@"):
            continue
        night = len(item.path) > 1
        value = tinycss2.serialize(node.value).strip()
        rule = found.setdefault((item.path[-1], night), {})
        name = "background-color" if node.lower_name == "background" else node.lower_name
        rule[name] = (value, node.source_line)
    return found


def _custom(css: str) -> dict[str, dict[str, str]]:
    """Give the custom properties of ``:root`` by day and by night."""
    found: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    for item in walk(css):
        node = item.node
        if node.type == "declaration" and node.name.startswith("--") and item.path:
            mode = "light" if item.path == (":root",) else "dark"
            found[mode][node.name] = tinycss2.serialize(node.value).strip()
    found["dark"] = found["light"] | found["dark"]
    return found


def _resolve(value: str, names: dict[str, dict[str, str]], mode: str) -> Color | None:
    if match := re.match(r"var\(\s*(--[\w-]+)", value):
        value = names[mode].get(match[1], "")
    match = _HEX.fullmatch(value)
    if match is None:
        return None
    digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
