"""Names that the renderer knows: properties, keywords, selectors; and which one was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from types import CodeType
from typing import Any

import tinycss2
from cssselect2 import SelectorError, compile_selector_list
from weasyprint.css import PAGE_MARGIN_BOXES, PSEUDO_ELEMENTS
from weasyprint.css.properties import KNOWN_PROPERTIES
from weasyprint.css.tokens import InvalidValues
from weasyprint.css.validation import NOT_PRINT_MEDIA
from weasyprint.css.validation.expanders import EXPANDERS
from weasyprint.css.validation.properties import PROPERTIES

PSEUDO_CLASSES = (
    "first-child", "last-child", "only-child", "first-of-type", "last-of-type", "only-of-type",
    "nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type", "not", "is", "where", "has",
    "root", "empty", "link", "lang",
)  # fmt: skip

MARGIN_BOXES = tuple(sorted(PAGE_MARGIN_BOXES))

_PARENT, _ROOT = "&", (tinycss2.ast.LiteralToken(1, 1, ":"), tinycss2.ast.IdentToken(1, 1, "root"))


def similar(word: str, known: Iterable[str], *, least: float = 0.7) -> str:
    """Give the known word that is most like one; '' where none is.

    Args:
        word: As written.
        known: What it may have meant.
        least: How like it must be, from 0 to 1.
    """
    return next(iter(difflib.get_close_matches(word, list(known), 1, least)), "")


def like_property(name: str) -> str:
    """Give the property that was perhaps meant; '' where none is like it."""
    return similar(name.lower(), {*KNOWN_PROPERTIES, *EXPANDERS})


def like_value(name: str, value: str) -> str:
    """Give the value that was perhaps meant: one word of it replaced by a keyword that fits."""
    words = value.lower().split()
    for at, word in enumerate(words):
        for candidate in difflib.get_close_matches(word, _keywords(name), 3, 0.7):
            meant = " ".join([*words[:at], candidate, *words[at + 1 :]])
            if meant != value and _is_valid(name, meant):
                return meant
    return ""


def _is_valid(name: str, value: str) -> bool:
    tokens = [
        token
        for token in tinycss2.parse_component_value_list(value)
        if token.type not in {"whitespace", "comment"}
    ]
    reader = EXPANDERS.get(name)
    try:
        if reader is not None:
            return bool(list(reader(tokens, name, None)))
        reader = PROPERTIES[name]
        value_read = reader(tokens, None) if reader.wants_base_url else reader(tokens)
    except (InvalidValues, KeyError, TypeError, ValueError):
        return False
    return value_read is not None


@cache
def _keywords(name: str) -> Sequence[str]:
    """Find the words that the reader of a property compares a value with."""
    reader = EXPANDERS.get(name) or PROPERTIES.get(name)
    found = {word for word in _constants(reader, set()) if word.replace("-", "").isalpha()}
    return sorted(found)


def _constants(item: Any, seen: set[int]) -> Iterator[str]:
    """Yield the strings in a function and in the functions and values that it is made of."""
    if id(item) in seen:
        return
    seen.add(id(item))
    if isinstance(item, str):
        yield item
    elif isinstance(item, tuple | frozenset | set | list):
        for part in item:
            yield from _constants(part, seen)
    elif isinstance(item, CodeType):
        yield from _constants(item.co_consts, seen)
    elif callable(item):
        yield from _constants(getattr(item, "__code__", None), seen)
        for cell in getattr(item, "__closure__", None) or ():
            yield from _constants(cell.cell_contents, seen)


def selector_fault(prelude: Sequence[Any], *, nested: bool = False) -> tuple[str, str] | None:
    """Say what is wrong with a selector, and what to do about it.

    Args:
        prelude: Its tokens.
        nested: It stands in another rule; ``&`` and a combinator at its head are right there.

    Returns:
        None where nothing is wrong.
    """
    tokens: list[Any] = []
    for token in prelude:
        tokens.extend(_ROOT if token == _PARENT else [token])
    if nested and _PARENT not in prelude:
        tokens = [*_ROOT, tinycss2.ast.WhitespaceToken(1, 1, " "), *tokens]
    text = tinycss2.serialize(prelude).strip()
    try:
        selectors = compile_selector_list(tokens)
    except SelectorError as error:
        return _selector_fault(text, str(error.args[0]), str(error.args[-1]))
    for selector in selectors:
        name = selector.pseudo_element
        if name not in PSEUDO_ELEMENTS and not name.startswith("-"):
            return _selector_fault(text, "", f"{_STRANGE}{name}")
    return None


def does_nothing(node: Any) -> tuple[str, str] | None:
    """Say which declaration or selector is for screens alone, and what to do about it.

    The renderer knows that a page neither moves nor is pointed at, and passes over it silently.
    """
    if node.type == "declaration" and node.lower_name in NOT_PRINT_MEDIA:
        return f"`{node.lower_name}` does nothing on a page", _FOR_SCREENS
    if node.type != "qualified-rule":
        return None
    try:
        selectors = compile_selector_list(node.prelude)
    except SelectorError:
        return None  # told by `selector_fault`, or nested
    if not any(selector.never_matches for selector in selectors):
        return None
    return f"`{tinycss2.serialize(node.prelude).strip()}` finds nothing on a page", _FOR_SCREENS


_FOR_SCREENS = "paper neither moves nor is pointed at: leave it out, or write it in epub-extra.css"

_STRANGE = "Expected a supported pseudo-element, got "


def _selector_fault(text: str, kind: str, what: str) -> tuple[str, str]:
    if what.startswith(_STRANGE):
        name = what.removeprefix(_STRANGE)
        meant = similar(name, filter(None, PSEUDO_ELEMENTS))
        said = f"`{text}`: there is no ::{name} on a page"
        return said, f"did you mean ::{meant}?" if meant else "the renderer leaves the rule out"
    meant = similar(what, PSEUDO_CLASSES) if kind == "Unknown pseudo-class" else ""
    hint = f"did you mean :{meant}?" if meant else "the renderer leaves the rule out"
    return f"`{text}` is no selector that the renderer knows", hint
