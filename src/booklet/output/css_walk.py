"""Style sheets rule by rule: what stands where, which families they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2

GENERIC = frozenset(
    (
        *("serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "math", "emoji"),
        *("ui-serif", "ui-sans-serif", "ui-monospace", "inherit", "initial", "unset"),
    )
)
"""Families that every renderer has, and words of CSS that are none."""

_OF_RULES = frozenset({"media", "supports", "layer", "container", "scope"})
"""At-rules that hold rules."""


@dataclass(frozen=True, slots=True)
class Found:
    """A node of a style sheet.

    Attributes:
        node: As tinycss2 gives it: a declaration, a rule, or what does not parse.
        path: At-keywords and selectors around it, from the outside.
    """

    node: Any
    path: tuple[str, ...] = ()

    @property
    def within_rule(self) -> bool:
        """Whether it stands in a rule with a selector."""
        return any(not step.startswith("@") for step in self.path)


def walk(css: str) -> Iterator[Found]:
    """Yield every rule and declaration of a style sheet, in order."""
    yield from _walked(css)


@lru_cache(maxsize=64)
def _walked(css: str) -> tuple[Found, ...]:
    """Read a style sheet; every check of a book, and every book, reads the same ones again."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return tuple(_nodes(rules, ()))


def walk_declarations(css: str) -> Iterator[Found]:
    """Yield the declarations of a ``style`` attribute."""
    parts = tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)
    yield from _nodes(parts, ("style",))


def _nodes(nodes: Iterable[Any], path: tuple[str, ...]) -> Iterator[Found]:
    for node in nodes:
        yield Found(node, path)
        content = getattr(node, "content", None)
        if content is None:
            continue
        if node.type == "at-rule":
            name = node.lower_at_keyword
            inner = (*path, f"@{name}")
            nested = any(not step.startswith("@") for step in path)
            read = tinycss2.parse_blocks_contents
            if name in _OF_RULES and not nested:
                read = tinycss2.parse_rule_list
        else:
            inner = (*path, tinycss2.serialize(node.prelude).strip())
            read = tinycss2.parse_blocks_contents
        yield from _nodes(read(content, skip_comments=True, skip_whitespace=True), inner)


def functions(tokens: Iterable[Any], name: str) -> Iterator[Any]:
    """Find the functions of a name among tokens, however deep."""
    for token in tokens:
        if token.type == "function" and token.lower_name == name:
            yield token
        inner = getattr(token, "arguments", None) or getattr(token, "content", None)
        if isinstance(inner, list):
            yield from functions(inner, name)


@dataclass(frozen=True, slots=True)
class Named:
    """A family that a style sheet names, with line and column."""

    name: str
    line: int
    column: int


def named_families(found: Iterable[Found]) -> Iterator[Named]:
    """Find the families that declarations of `font` and `font-family` name.

    What stands in `@font-face` gives a name to a file, and is none of them.
    """
    for item in found:
        node = item.node
        if node.type != "declaration" or "@font-face" in item.path:
            continue
        if node.lower_name in {"font-family", "font"}:
            yield from _families(node, shorthand=node.lower_name == "font")


def declared_families(found: Iterable[Found]) -> Iterator[str]:
    """Find the names that `@font-face` rules give."""
    for item in found:
        named = item.node.type == "declaration" and item.node.lower_name == "font-family"
        if named and item.path[-1:] == ("@font-face",):
            yield from (name.name for name in _families(item.node, shorthand=False))


def _families(declaration: Any, *, shorthand: bool) -> Iterator[Named]:
    groups: list[list[Any]] = [[]]
    for token in declaration.value:
        if token.type == "literal" and token.value == ",":
            groups.append([])
        elif token.type not in {"whitespace", "comment"}:
            groups[-1].append(token)
    for number, group in enumerate(groups):
        if shorthand and not number:
            group = _behind_size(group)
        words = [token for token in group if token.type in {"ident", "string"}]
        if not words or len(words) != len(group):
            continue  # var(), which the theme fills
        name = " ".join(token.value for token in words)
        if words[0].type == "string" or name.lower() not in GENERIC:
            yield Named(name, words[0].source_line, words[0].source_column)


def _behind_size(group: list[Any]) -> list[Any]:
    """Leave out what stands before the family in the first part of a shorthand."""
    for at, token in enumerate(group):
        if token.type == "string":
            return group[at:]
    sizes = [at for at, token in enumerate(group) if token.type in {"dimension", "percentage"}]
    slash = [at for at, token in enumerate(group) if token.type == "literal"]
    if slash:
        return group[slash[-1] + 2 :]
    return group[sizes[-1] + 1 :] if sizes else []
