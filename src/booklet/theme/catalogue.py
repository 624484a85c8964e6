"""What there is to know of a theme, as plain values: for a person to read or a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from booklet.theme.eject import theme_files
from booklet.theme.templates import Template, read_template, template_names
from booklet.theme.theme import Theme
from booklet.theme.tokens import Label, OptionSpec, TokenSpec


def describe(theme: Theme, language: str = "zh-Hans") -> dict[str, Any]:
    """Describe a theme.

    Args:
        theme: As opened for a publication, or by itself.
        language: For which the families of font roles are named.
    """
    spec = theme.specs[0]
    return {
        "name": theme.name,
        "label": _label(spec.label),
        "description": _label(spec.description),
        "extends": [parent.name for parent in theme.specs[1:]],
        "direction": theme.direction,
        "sample": theme.sample is not None,
        "page": {"trim": theme.page.trim, "size": theme.page.size, "pitch": theme.page.pitch},
        "fonts": {role: list(theme.families(role, language)) for role in theme.roles},
        "groups": {name: _label(label) for name, label in theme.groups.items()},
        "tokens": [
            {"name": name, "value": theme.tokens[name], **_token(token)}
            for name, token in theme.token_specs.items()
        ],
        "options": [
            {"name": name, "value": theme.options[name], **_option(option)}
            for name, option in theme.option_specs.items()
        ],
        "templates": _templates(theme),
        "files": [name for name in theme_files(theme) if not name.endswith(".html")],
    }


def _templates(theme: Theme) -> list[dict[str, Any]]:
    found = []
    for name in template_names(theme.files):
        template = read_template(theme.files, name)
        assert template is not None
        above = [*_of_parents(theme, name)]
        purposes = {block.name: block.purpose for one in above for block in one.blocks}
        blocks = [
            {"name": block.name, "purpose": block.purpose or purposes.get(block.name, "")}
            for block in template.blocks
        ]
        purpose = template.purpose or (above[-1].purpose if above else "")
        found.append({"name": name, "purpose": purpose, "blocks": blocks})
    return found


def _of_parents(theme: Theme, name: str) -> Iterator[Template]:
    """Read the template of that name as every parent has it, the root's first."""
    for spec in reversed(theme.specs[1:]):
        template = read_template(theme.files, f"{spec.name}/{name}")
        if template is not None:
            yield template


def _token(token: TokenSpec) -> dict[str, Any]:
    return {
        "type": token.type,
        "default": token.default,
        "unit": token.shown_unit or None,
        "range": list(token.range) if token.range else None,
        "values": {value: _label(label) for value, label in token.values.items()} or None,
        "label": _label(token.label),
        "group": token.group,
    }


def _option(option: OptionSpec) -> dict[str, Any]:
    return {
        "values": {value: _label(label) for value, label in option.values.items()},
        "default": option.default,
        "label": _label(option.label),
        "group": option.group,
    }


def _label(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en}
