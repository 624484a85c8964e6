"""Teach the base's style sheets the properties of CSS that composition adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from booklet.compose.style import HANGING, KEYWORDS
from booklet.compose.weasy import css_properties, include, replace, validators

Validator = Callable[[Any], Any]
"""Gives the value of a declaration's tokens; None where they are not valid."""


def add_property(name: str, initial: Any, validator: Validator, *, inherited: bool = True) -> None:
    """Make a property known.

    Args:
        name: As CSS writes it.
        initial: Its initial value, as computed.
        validator: Reads a declaration.
        inherited: Whether children inherit it.
    """
    key = name.replace("-", "_")
    replace(css_properties.INITIAL_VALUES, key, initial)
    if inherited:
        include(css_properties.INHERITED, key)
    include(css_properties.KNOWN_PROPERTIES, name)
    replace_validator(name, validator)


def replace_validator(name: str, validator: Validator) -> None:
    """Read the declarations of a property that the base knows in another way."""

    def validate(tokens: Any) -> Any:
        return validator(tokens)

    validate.wants_base_url = False  # type: ignore[attr-defined]
    replace(validators.PROPERTIES, name, validate)


def keyword(keywords: tuple[str, ...]) -> Validator:
    """Read a property that is one word of several."""

    def validate(tokens: Any) -> str | None:
        word = validators.get_single_keyword(tokens)
        return word if word in keywords else None

    return validate


def add_text_properties() -> None:
    """Make the properties of CSS Text 4 known that compose a paragraph."""
    for name, keywords in KEYWORDS.items():
        add_property(name, keywords[0], keyword(keywords))
    add_property("hanging-punctuation", frozenset(), _hanging)
    replace_validator("word-break", keyword(("normal", "break-all", "keep-all")))


def _hanging(tokens: Any) -> frozenset[str] | None:
    words = [token.lower_value if token.type == "ident" else "" for token in tokens]
    if words == ["none"]:
        return frozenset()
    known = set(words) <= HANGING - {"none"} and len(set(words)) == len(words)
    return frozenset(words) if known and not {"allow-end", "force-end"} <= set(words) else None
