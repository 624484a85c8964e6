"""The controls of the tuning panel as plain data: from the theme, and from the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from booklet.model.measures import MM, TRIM_SIZES, TYPE_SIZES, parse_type_size
from booklet.preview.header_text import Keys, Scalar
from booklet.theme import theme_names
from booklet.theme.controls import PAGE_GROUP
from booklet.theme.controls import controls as controls_of
from booklet.theme.controls import groups as groups_of
from booklet.theme.tokens import Label

if TYPE_CHECKING:
    from booklet.editions.job import Job
    from booklet.typeset.geometry import Geometry

AREA = ("layout", "type_area")
SIZE = (*AREA, "size")

_NAMES = {points: name for name, points in TYPE_SIZES.items()}


def controls(job: Job) -> list[dict[str, Any]]:
    """List the controls of a publication with the values in force.

    Each has ``keys`` (where the header keeps it), ``kind`` (``color``, ``length``, ``number``,
    ``font``, ``choice``), ``label``, ``value``, ``group``, and what bounds it.
    """
    theme, geometry = job.theme, job.geometry
    measured = _measures(geometry)
    found = [
        _choice(("theme",), Label(zh="主题", en="theme"), theme.name, theme_names(job.loaded.root)),
        _choice(
            ("layout", "trim"), Label(zh="开本", en="trim size"), geometry.trim.name, TRIM_SIZES
        ),
    ]
    for control in controls_of(theme):
        plain: dict[str, Any] = {
            "keys": list(control.path), "kind": control.kind, "group": control.group,
            "label": _plain(control.label), "value": measured.get(control.path, control.value),
            "default": control.default, "unit": control.unit, "step": control.step,
        }  # fmt: skip
        if control.range:
            plain["range"] = list(control.range)
        if control.kind == "choice":
            plain["values"] = [[name, _plain(label)] for name, label in control.values.items()]
        if control.kind == "font":
            plain["values"] = [[name, None] for name in _fonts(job)]
        if control.path == SIZE:
            plain["names"] = {f"{points:g}": name for points, name in _NAMES.items()}
        found.append(plain)
    return found


def groups(job: Job) -> list[list[Any]]:
    """List the headings of the controls in their order."""
    return [[name, _plain(label)] for name, label in groups_of(job.theme).items()]


def complete(
    changes: Mapping[Keys, Scalar], header: Mapping[str, Any], known: Iterable[Mapping[str, Any]]
) -> dict[Keys, Scalar]:
    """Add what must stand beside a change, and say it in the trade's words.

    A type area has size, characters and lines, or is not there at all; and 12 pt are 小四.

    Args:
        changes: What the user moved.
        header: The values of the header as it is saved.
        known: The controls, for the values in force.
    """
    result = dict(changes)
    layout = header.get("layout")
    stands = isinstance(layout, dict) and isinstance(layout.get("type_area"), dict)
    if not stands and any(keys[:2] == AREA for keys in changes):
        for control in known:
            keys = tuple(control["keys"])
            if keys in {SIZE, (*AREA, "characters"), (*AREA, "lines")}:
                result.setdefault(keys, control["value"])
    if SIZE in result:
        result[SIZE] = _named(str(result[SIZE]))
    for keys in ((*AREA, "characters"), (*AREA, "lines")):
        if str(result.get(keys, "")).isdecimal():
            result[keys] = int(result[keys])
    return result


def _named(size: str) -> str:
    try:
        return _NAMES.get(parse_type_size(size), size)
    except ValueError:
        return size


def _measures(geometry: Geometry) -> dict[Keys, str]:
    area, margins = geometry.area, geometry.margins
    return {
        SIZE: f"{area.size:g}pt",
        (*AREA, "characters"): str(area.characters),
        (*AREA, "lines"): str(area.lines),
        (*AREA, "pitch"): f"{geometry.pitch:g}pt",
        ("layout", "head"): f"{margins.head / MM:.1f}mm",
        ("layout", "gutter"): f"{margins.gutter / MM:.1f}mm",
    }


def _choice(keys: Keys, label: Label, value: str, values: Iterable[str]) -> dict[str, Any]:
    return {
        "keys": list(keys), "kind": "choice", "group": PAGE_GROUP, "label": _plain(label),
        "value": value, "values": [[name, None] for name in dict.fromkeys([*values, value])],
    }  # fmt: skip


def _fonts(job: Job) -> Iterator[str]:
    """Name what a font token may say: roles of the theme, families of the shelf."""
    yield from job.theme.roles
    yield from sorted(family.name for family in job.shelf.families)


def _plain(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en}
