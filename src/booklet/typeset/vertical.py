"""Vertical lines in the e-book: a style sheet turned, and figures that stand upright.

A theme's ``epub.css`` is drawn for horizontal lines and says top, right, bottom and left, for old
readers know no logical sides. In vertical lines from right to left the beginning of a block is on
the right and that of a line at the top, so that every side moves on by a quarter turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import tinycss2
from lxml import etree

from booklet.typeset.segments import XHTML

TURNED = {"top": "right", "right": "bottom", "bottom": "left", "left": "top"}
"""Where each side of a horizontal block lies in ``vertical-rl`` (CSS Writing Modes 4, 6)."""

SHEET = """
/* Vertical lines, from right to left. */
html {
  -epub-writing-mode: vertical-rl;
  -webkit-writing-mode: vertical-rl;
  writing-mode: vertical-rl;
  -epub-text-orientation: mixed;
  -webkit-text-orientation: mixed;
  text-orientation: mixed;
}
.tcy { /* figures that stand upright beside each other */
  -epub-text-combine: horizontal;
  -webkit-text-combine: horizontal;
  text-combine-upright: all;
}
.name, .work { /* lines of names stand on the left */
  -webkit-text-underline-position: left;
  text-underline-position: left;
}
.dots { /* and dots on the right */
  -webkit-text-emphasis-position: over right;
  text-emphasis-position: over right;
}
section > header,
section > header * { /* a narrow screen would be left blank, to keep title and text together */
  page-break-after: auto;
  break-after: auto;
}
img { /* both ways: which side is too long, nobody knows */
  max-width: 100%;
  max-height: 100%;
}
"""

UPRIGHT = "tcy"
"""Class of figures that stand upright."""

_AS_DRAWN = re.compile(r"\.cover\b")
"""Rules of the cover, which is a picture and no text."""

_SIDE = re.compile(r"^(margin|padding|border)-(top|right|bottom|left)(-\w+)?$")
_EXTENT = re.compile(r"^(min-|max-)?(width|height)$")
_AROUND = frozenset({"margin", "padding", "border-width", "border-style", "border-color"})
_VIEW = {"vh": "vw", "vw": "vh"}
_LEFT_ALONE = frozenset({"code", "pre", "rt", "svg", "style", "script"})
_LATIN = r"0-9A-Za-zÀ-ɏ.,:/%°\-"


def vertical_sheet(css: str) -> str:
    """Make a style sheet that is drawn for horizontal lines one for vertical lines."""
    return turned(css) + SHEET


def turned(css: str) -> str:
    """Turn every side of a style sheet that is drawn for horizontal lines."""
    return "".join(_rules(tinycss2.parse_stylesheet(css)))


def _rules(rules: list[Any]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            prelude = tinycss2.serialize(rule.prelude)
            if _AS_DRAWN.search(prelude):
                yield str(rule.serialize())
            else:
                yield f"{prelude}{{{''.join(_declarations(rule.content))}}}"
        elif rule.type == "at-rule" and rule.content and rule.lower_at_keyword != "font-face":
            inner = "".join(_rules(tinycss2.parse_rule_list(rule.content)))
            yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        else:
            yield str(rule.serialize())


def _declarations(content: list[Any]) -> Iterator[str]:
    for item in tinycss2.parse_blocks_contents(content):
        if item.type != "declaration":
            yield str(item.serialize())
            continue
        important = " !important" if item.important else ""
        yield f"{_name(item.name)}:{_value(item.lower_name, item.value)}{important};"


def _name(name: str) -> str:
    if match := _SIDE.match(name):
        return f"{match[1]}-{TURNED[match[2]]}{match[3] or ''}"
    if match := _EXTENT.match(name):
        return f"{match[1] or ''}{'height' if match[2] == 'width' else 'width'}"
    return TURNED.get(name, name)


def _value(name: str, tokens: list[Any]) -> str:
    if name in _AROUND:
        sides = [token for token in tokens if token.type not in {"whitespace", "comment"}]
        if 2 <= len(sides) <= 4:
            top, right = sides[0], sides[1]
            bottom = sides[2] if len(sides) > 2 else top
            left = sides[3] if len(sides) > 3 else right
            return " " + " ".join(tinycss2.serialize([one]) for one in (left, top, right, bottom))
    for token in tokens:
        if token.type == "dimension" and token.lower_unit in _VIEW:
            token.unit = _VIEW[token.lower_unit]
    return str(tinycss2.serialize(tokens))


def stand_upright(root: etree._Element, most: int) -> None:
    """Let short figures stand upright, by an element around them; the text stays as it is.

    Args:
        root: A document; changed in place.
        most: Digits that stand beside each other, 0 for none. Longer figures lie on their side, as
            Latin does, and so do those of a Latin word, a decimal or a per cent.
    """
    if not most:
        return
    figure = re.compile(rf"(?<![{_LATIN}])[0-9]{{1,{most}}}(?![{_LATIN}])")
    for element in [one for one in root.iter() if isinstance(one.tag, str)]:
        if not _is_text(element):
            continue
        children = list(element)
        _wrap(element, None, figure)
        for child in children:
            _wrap(element, child, figure)


def _is_text(element: etree._Element) -> bool:
    around = [element, *element.iterancestors()]
    return not any(etree.QName(one).localname in _LEFT_ALONE for one in around)


def _wrap(parent: etree._Element, after: etree._Element | None, figure: re.Pattern[str]) -> None:
    """Wrap the figures of the text that stands first in an element, or after a child of it."""
    text = (parent.text if after is None else after.tail) or ""
    found = list(figure.finditer(text))
    if not found:
        return
    head, rest = text[: found[0].start()], [match.end() for match in found]
    if after is None:
        parent.text, place = head, 0
    else:
        after.tail, place = head, parent.index(after) + 1
    ends = [*(match.start() for match in found[1:]), len(text)]
    for match, begin, end in zip(found, rest, ends, strict=True):
        span = etree.Element(f"{XHTML}span")
        span.set("class", UPRIGHT)
        span.text, span.tail = match[0], text[begin:end]
        parent.insert(place, span)
        place += 1
