"""What a style sheet asks of the whole book, so that no piece of it can be laid out by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from booklet.typeset.book import Stylesheet

TARGET_FOLIO = re.compile(
    r"target-counter\(\s*attr\(\s*href(?:\s+url)?\s*\)\s*,\s*page\s*(,\s*[\w-]+\s*)?\)"
)
"""The folio of a link's target: pieces are told it, so that they need not see the target."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PAGE_RULE = re.compile(r"@page\b[^{}]*\{(?:[^{}]|\{[^{}]*\})*\}")
_PAGE_HEAD = re.compile(r"@page\b([^{}]*)\{")
_OWN_NOTE = re.compile(r"target-counter\(\s*attr\(\s*href(?:\s+url)?\s*\)\s*,\s*footnote\b[^)]*\)")
_STRUCTURE = re.compile(
    r"([\w.#-]*)(?::(?!nth-|last-|only-|first-of)[\w-]+)*:(?:nth-|last-|only-|first-of)"
)
_LOOKING_AHEAD = re.compile(r"([\w.#-]*)(?::(?!has\b)[\w-]+)*:has\(([^(){}]*)")
_DENIED = re.compile(r"(?<![\w.#-])([\w.#-]+)((?::[\w-]+(?:\([^()]*\))?)*):not\(:")
"""An element, and what it is not: ``.line:not(:last-child)``."""

_COUNTER = re.compile(r"counter-(increment|reset|set)\s*:\s*([^;}]*)")
_RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
_PSEUDO_ELEMENT = re.compile(r"::?(?:before|after)\b")
_NAME = re.compile(r"[A-Za-z_-][\w-]*")
_WORDS = (
    (re.compile(r"counters?\(\s*pages\b"), "counter(pages)"),
    (
        re.compile(r"\btarget-(?:text|counters?)\("),
        "target-text() or a target-counter() of another counter",
    ),
    (re.compile(r"position\s*:\s*fixed\b"), "position: fixed"),
    # The fonts of turned glyphs number them as the whole book uses them.
    (re.compile(r"writing-mode\s*:\s*vertical"), "vertical lines"),
)
LOCAL_COUNTERS = frozenset({"page", "footnote", "list-item"})


Named = Sequence[tuple[str, frozenset[str]]]
"""Elements: the tag and the classes of each."""


def crossing(sheets: Iterable[Stylesheet], cut: Named, around: Named = ()) -> str:
    """Say what in style sheets no piece can know by itself; '' if nothing does.

    Args:
        sheets: Of the book.
        cut: The elements between which the book would be cut.
        around: The elements around those.
    """
    for sheet in sheets:
        css = _OWN_NOTE.sub("", TARGET_FOLIO.sub("", _COMMENT.sub("", sheet.css)))
        css = _DENIED.sub(r"\1\2:not(\1:", css)
        for pattern, words in _WORDS:
            if pattern.search(css):
                return f"{sheet.name} uses {words}"
        for head in _PAGE_HEAD.findall(css):
            if re.search(r":nth\((?![^)]*\bof\b)", head):
                return f"{sheet.name} counts pages through the book: @page{head.rstrip()}"
        for match in _STRUCTURE.finditer(css):
            if any(_could_be(match[1], tag, classes) for tag, classes in (*cut, *around)):
                return f"{sheet.name} asks where an element stands among its siblings: {match[0]}"
        # Within a piece, what an element holds and what follows it is in the piece as well.
        for match in _LOOKING_AHEAD.finditer(css):
            far = (*cut, *around) if re.search(r"[+~]", match[2]) else around
            if any(_could_be(match[1], tag, classes) for tag, classes in far):
                said = match[0].partition(":has(")[0] + ":has("
                return f"{sheet.name} asks what an element holds or what follows it: {said}"
    return _crossing_counters(sheets)


def folio_selectors(sheets: Iterable[Stylesheet]) -> tuple[str, ...] | None:
    """Give the selectors of the elements whose target's folio is printed; None if nothing tells."""
    found: list[str] = []
    for sheet in sheets:
        css = _COMMENT.sub("", sheet.css)
        rules = [rule for rule in _RULE.finditer(css) if TARGET_FOLIO.search(rule[2])]
        if sum(len(TARGET_FOLIO.findall(rule[2])) for rule in rules) != len(
            TARGET_FOLIO.findall(css)
        ):
            return None
        for rule in rules:
            if rule[1].strip().startswith("@") or re.search(r"--[\w-]+\s*:[^;]*target-", rule[2]):
                return None
            found += [_PSEUDO_ELEMENT.sub("", part).strip() for part in rule[1].split(",")]
    return tuple(dict.fromkeys(found))


def _could_be(compound: str, tag: str, classes: frozenset[str]) -> bool:
    """Tell whether an element may be meant by a compound selector such as ``section.chapter``."""
    name, *parts = re.split(r"(?=[.#])", compound)
    if name and name != tag:
        return False
    return all(part.startswith("#") or part[1:] in classes for part in parts)


def _crossing_counters(sheets: Iterable[Stylesheet]) -> str:
    """Find counters that count on from one piece to the next."""
    counted: set[str] = set()
    begun: set[str] = set()
    per_page = False
    for sheet in sheets:
        css = _COMMENT.sub("", sheet.css)
        for rule in _PAGE_RULE.findall(css):
            for kind, value in _COUNTER.findall(rule):
                names = set(_NAME.findall(value))
                if kind == "reset" and names:
                    per_page = "footnote" in names or (per_page and "none" not in names)
        for kind, value in _COUNTER.findall(_PAGE_RULE.sub("", css)):
            (counted if kind == "increment" else begun).update(_NAME.findall(value))
    if crossing := sorted(counted - begun - LOCAL_COUNTERS - {"none"}):
        return f"the counter {crossing[0]} counts through the book"
    if not per_page and "footnote" not in begun:
        return "notes are counted through the book"
    return ""
