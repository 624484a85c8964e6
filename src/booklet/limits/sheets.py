"""Style sheets before they are parsed: nesting, numbers, lengths, and properties that multiply.

Parsers and layout are recursive or work in proportion to a number that one line can write. So the
text is scanned first, in time proportional to its length; nothing here understands CSS further.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from booklet.limits.current import named, value


@dataclass(frozen=True, slots=True)
class SheetFault:
    """Something beyond a limit: in which of the sheets, and where from 1."""

    sheet: int
    line: int
    column: int
    message: str


_QUIET = re.compile(r"/\*.*?(?:\*/|\Z)|\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?", re.DOTALL)
_BRACKET = re.compile(r"[(){}\[\]]")
_REPEAT = re.compile(r"\brepeat\(\s*\+?0*(\d+)|\bspan\s+\+?0*(\d+)", re.IGNORECASE)
_COUNT = re.compile(
    r"\b(?:grid-(?:row|column)(?:-start|-end)?|grid-area|column-count|columns|orphans|widows|"
    r"column-span|max-lines|line-clamp)\s*:\s*([^;{}]*)",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"\bcounter-(?:reset|set|increment)\s*:\s*([^;{}]*)", re.IGNORECASE)
_WHOLE = re.compile(r"(?<![\w.#-])[-+]?0*(\d+)(?![\w.%])")
_LENGTH = re.compile(
    r"(?<![\w#.-])[-+]?(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?)"
    r"(px|pt|pc|mm|cm|in|q|r?em|ex|r?ch|r?ic|r?lh|v[wh]|vmin|vmax)\b",
    re.IGNORECASE,
)
_POINTS = {"px": 0.75, "pt": 1.0, "pc": 12.0, "mm": 2.8346, "cm": 28.346, "in": 72.0, "q": 0.7087}
_RELATIVE = 12.0
"""Points of an em, and of other units that depend on the text."""

_PROPERTY = re.compile(r"(?<![\w-])(--[\w-]+)\s*:([^;{}]*)")
_VAR = re.compile(r"\bvar\(\s*(--[\w-]+)", re.IGNORECASE)


def check_sheets(sheets: Iterable[str]) -> Iterator[SheetFault]:
    """Say what in the style sheets of one document is beyond the limits, a kind once a sheet.

    Args:
        sheets: Their texts. Custom properties are taken together: one sheet may use another's.
    """
    known: dict[str, tuple[int, list[str]]] = {}
    places: dict[str, tuple[int, int, int]] = {}
    for number, css in enumerate(sheets):
        if len(css) > value("theme-file"):
            yield SheetFault(number, 1, 1, f"a style sheet too large ({named('theme-file')})")
            continue
        bare = _QUIET.sub(_blank, css)
        for at, message in _faults(bare):
            yield SheetFault(number, *_place(css, at), message)
        for match in _PROPERTY.finditer(bare):
            names = _VAR.findall(match[2])
            own, others = known.get(match[1], (0, []))
            # Whichever rule applies, it is no longer than all of them together.
            known[match[1]] = (own + len(match[2]), others + names)
            places.setdefault(match[1], (number, *_place(css, match.start())))
    grown = _growth(known)
    if grown:
        message = f"{grown} grows without bounds when each var() is put in ({named('css-growth')})"
        yield SheetFault(*places[grown], message)


def _blank(match: re.Match[str]) -> str:
    """Take out the words of a comment or string, but keep every place."""
    return re.sub(r"[^\n]", " ", match[0])


def _place(css: str, at: int) -> tuple[int, int]:
    return css.count("\n", 0, at) + 1, at - css.rfind("\n", 0, at)


def _faults(bare: str) -> Iterator[tuple[int, str]]:
    deep = _deep(bare)
    if deep is not None:
        yield deep, f"brackets nested too deeply ({named('css-depth')})"
    for found in (_first_count(bare), _first_counter(bare), _first_length(bare)):
        if found is not None:
            yield found


def _deep(bare: str) -> int | None:
    depth, most = 0, value("css-depth")
    for match in _BRACKET.finditer(bare):
        depth = depth + 1 if match[0] in "({[" else max(depth - 1, 0)
        if depth > most:
            return match.start()
    return None


def _first_count(bare: str) -> tuple[int, str] | None:
    most = value("css-count")
    for match in _REPEAT.finditer(bare):
        if _number(match[1] or match[2]) > most:
            return match.start(), f"{match[0][:40]} counts too far ({named('css-count')})"
    for match in _COUNT.finditer(bare):
        for whole in _WHOLE.finditer(match[1]):
            if _number(whole[1]) > most:
                return match.start(), f"{whole[0][:40]} counts too far ({named('css-count')})"
    return None


def _first_counter(bare: str) -> tuple[int, str] | None:
    most = value("css-counter")
    for match in _COUNTER.finditer(bare):
        for whole in _WHOLE.finditer(match[1]):
            if _number(whole[1]) > most:
                return match.start(), f"{whole[0][:40]} counts too far ({named('css-counter')})"
    return None


def _first_length(bare: str) -> tuple[int, str] | None:
    most = value("css-length")
    for match in _LENGTH.finditer(bare):
        # A long string of digits may be infinite as a float; that is more than any limit, too.
        if float(match[1]) * _POINTS.get(match[2].lower(), _RELATIVE) > most:
            return match.start(), f"{match[0][:40]} is too long ({named('css-length')})"
    return None


def _number(digits: str) -> int:
    return int(digits[:18])


def _growth(known: dict[str, tuple[int, list[str]]]) -> str:
    """Name a property that grows beyond the limit when its references are followed, or ''.

    A circle is no growth: CSS makes such properties invalid (Custom Properties 1, 2.3).
    """
    most = value("css-growth")
    costs: dict[str, int] = {}
    for start in known:
        stack = [(start, False)]
        open_: set[str] = set()
        while stack:
            name, done = stack.pop()
            if name in costs or name not in known:
                continue
            own, others = known[name]
            if done:
                open_.discard(name)
                costs[name] = own + sum(costs.get(other, 0) for other in others)
                if costs[name] > most:
                    return name
            elif name not in open_:
                open_.add(name)
                stack.append((name, True))
                stack += [(other, False) for other in others if other not in open_]
    return ""
