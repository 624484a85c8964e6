"""Read a `theme.yaml`: as written, with what its parents say, each fault at its line."""

from __future__ import annotations

import difflib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from booklet.errors import Findings, Place
from booklet.fonts.cache import remember_text
from booklet.theme.files import SearchPath
from booklet.theme.spec import PageSpec, Preset, ThemeSpec
from booklet.theme.tokens import Label, Model, OptionSpec, TokenSpec

Raw = dict[str, Any]

_INHERITED = ("tokens", "options")
_MODELS: dict[tuple[str, ...], type[Model]] = {
    (): ThemeSpec, ("label",): Label, ("description",): Label,
    ("layout",): PageSpec, ("layout", "presets", "*"): Preset,
    ("tokens", "*"): TokenSpec, ("options", "*"): OptionSpec, ("groups", "*"): Label,
    ("tokens", "*", "label"): Label, ("options", "*", "label"): Label,
    ("tokens", "*", "values", "*"): Label, ("options", "*", "values", "*"): Label,
}  # fmt: skip
_HINT = "docs/themes.md lists every key"


@dataclass(slots=True)
class Inherited:
    """What the parents of a theme say, as written: tokens and options by name, names of groups."""

    raw: dict[str, dict[str, Raw]] = field(default_factory=lambda: {key: {} for key in _INHERITED})
    groups: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Written:
    """A ``theme.yaml`` that parses, before it is held against the model.

    Attributes:
        folder: Of the theme.
        file: Its name in messages.
        text: As written, for the places of faults.
        data: Plain values.
    """

    folder: Path
    file: str
    text: str
    data: Raw

    @property
    def extends(self) -> str | None:
        """The parent it names."""
        parent = self.data.get("extends")
        return parent if isinstance(parent, str) else None

    def place(self, path: tuple[str | int, ...]) -> Place:
        """Find the key or item at a path; where it is missing, the nearest one around it."""
        node: Node | None = _composed(self.text)
        mark = None
        for step in path:
            found = _step(node, step)
            if found is None:
                break
            mark, node = found
        return Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)


def _step(node: Node | None, step: str | int) -> tuple[Any, Node] | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if str(key.value) == str(step):
                return key.start_mark, value
    elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark, node.value[step]
    return None


def read_theme(folder: Path, file: str, findings: Findings) -> Written | None:
    """Read the ``theme.yaml`` of a folder.

    Args:
        folder: The theme.
        file: The name of its theme.yaml in messages.
        findings: Collects ``theme-invalid``.
    """
    place = Place(file)
    try:
        text = (SearchPath((folder,)).read("theme.yaml") or b"").decode("utf-8")
        data = _parse(text)
    except UnicodeDecodeError:
        findings.error(place, "theme-invalid", "theme.yaml is not UTF-8")
        return None
    except (YAMLError, RecursionError, ValueError) as error:  # ValueError: a date of no calendar
        mark = getattr(error, "problem_mark", None)
        where = Place(file, mark.line + 1, mark.column + 1) if mark else place
        findings.error(where, "theme-invalid", f"theme.yaml does not parse: {_first_line(error)}")
        return None
    if not isinstance(data, dict):
        message = "theme.yaml: it should be a dictionary of keys and values"
        findings.error(place, "theme-invalid", message, _HINT)
        return None
    return Written(folder, file, text, data)


@lru_cache(maxsize=64)
def _parse(text: str) -> Any:
    """Parse YAML; a preview opens the same theme again and again. Nothing changes the values."""
    return remember_text(text, "yaml", lambda: YAML(typ="safe", pure=True).load(io.StringIO(text)))


@lru_cache(maxsize=16)
def _composed(text: str) -> Any:
    """Parse YAML to nodes that know their places; nothing changes them."""
    return YAML(typ="safe", pure=True).compose(io.StringIO(text))


def _first_line(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).strip().split("\n", 1)[0]


def understand(written: Written, parents: Inherited, findings: Findings) -> ThemeSpec | None:
    """Hold what is written against the model, and add it to what later themes inherit.

    A token or option of a parent keeps what the theme does not say anew: ``accent: "#1f4d53"``, or
    ``accent: {default: "#1f4d53"}``, changes the colour alone.

    Returns:
        None where there is a fault (``theme-invalid``).
    """
    data = dict(written.data)
    for key in _INHERITED:
        if isinstance(data.get(key), dict):
            data[key] = _merged(data[key], parents.raw[key])
    try:
        spec = ThemeSpec.model_validate(data)
    except ValidationError as error:
        for fault in error.errors():
            _tell(written, fault["loc"], fault["type"], fault["msg"], findings)
        return None
    except RecursionError:
        findings.error(Place(written.file), "theme-invalid", "theme.yaml: an alias within itself")
        return None
    for key in _INHERITED:
        parents.raw[key] |= data.get(key) or {}
    parents.groups |= set(spec.groups)
    return spec if _groups_exist(written, spec, parents.groups, findings) else None


def _merged(own: Raw, parents: Mapping[str, Raw]) -> Raw:
    merged = {}
    for name, value in own.items():
        parent = parents.get(name)
        if parent is not None and not isinstance(value, dict):
            merged[name] = {**parent, "default": value}
        elif parent is not None and value.get("type", parent.get("type")) == parent.get("type"):
            merged[name] = {**parent, **value}
        else:
            merged[name] = value
    return merged


def _tell(
    written: Written, path: tuple[str | int, ...], kind: str, message: str, findings: Findings
) -> None:
    key = ".".join(str(part) for part in path) or "theme.yaml"
    message, hint = message.removeprefix("Value error, "), _HINT
    if kind == "extra_forbidden":
        message = "there is no such key"
        near = difflib.get_close_matches(str(path[-1]), _keys(path[:-1]), 1)
        hint = f"did you mean {near[0]}?" if near else hint
    findings.error(written.place(path), "theme-invalid", f"{key}: {message}", hint)


def _keys(path: tuple[str | int, ...]) -> list[str]:
    """Name the keys that may stand at a path."""
    for pattern, model in _MODELS.items():
        if len(pattern) == len(path) and all(
            wanted in {"*", step} for wanted, step in zip(pattern, path, strict=True)
        ):
            return [info.alias or name for name, info in model.model_fields.items()]
    return []


def _groups_exist(written: Written, spec: ThemeSpec, known: set[str], findings: Findings) -> bool:
    sound = True
    items = {("tokens", name): token.group for name, token in spec.tokens.items()}
    items |= {("options", name): option.group for name, option in spec.options.items()}
    for path, group in items.items():
        if group is not None and group not in known:
            place = written.place((*path, "group"))
            near = difflib.get_close_matches(group, known, 1)
            hint = f"did you mean {near[0]}?" if near else "name it under groups:"
            message = f"{'.'.join(path)}.group: there is no group {group!r}"
            findings.error(place, "theme-invalid", message, hint)
            sound = False
    return sound
