"""Themes that installed packages bring, by the entry point group ``booklet.themes``.

An entry point names the theme and the folder that holds it, as a module path: ``harvest =
"my_themes.harvest"``. The folder is data, in the same sandbox as every other theme: the package is
found, but no code of it is run.
"""

from __future__ import annotations

import importlib.machinery
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from booklet.errors import Findings, Place
from booklet.theme.files import built_in_themes

GROUP = "booklet.themes"
TRUSTED = "BOOKLET_THEME_PACKAGES"
"""Environment variable: the packages whose themes may be used, with commas; unset for all."""


def is_trusted(package: str) -> bool:
    """Tell whether the user lets the themes of a package be used."""
    named = os.environ.get(TRUSTED)
    return named is None or _normal(package) in {_normal(one) for one in named.split(",")}


def _normal(package: str) -> str:
    """Write the name of a package as registries do: ``My.Themes`` is ``my-themes``."""
    return re.sub(r"[-_.]+", "-", package.strip()).lower()


@dataclass(frozen=True, slots=True)
class PackagedTheme:
    """A theme of an installed package: its name, its folder, and who brings it."""

    name: str
    folder: Path
    package: str


def packaged_themes(
    findings: Findings | None = None, *, trusted: bool = True
) -> tuple[PackagedTheme, ...]:
    """Find the themes of installed packages, by name.

    Args:
        findings: Collects ``theme-invalid`` for a name that is taken, and for an entry point that
            leads to no theme; such themes are left out.
        trusted: Only those of packages that the user trusts; else only the others.
    """
    told = Findings() if findings is None else findings
    found: dict[str, PackagedTheme] = {}
    taken = dict.fromkeys(built_in_themes(), "a built-in theme")
    for point in sorted(entry_points(group=GROUP), key=lambda one: (one.name, _package(one))):
        package = _package(point)
        if is_trusted(package) is not trusted:
            continue
        place = Place(f"package {package}")
        if point.name in taken:
            message = f"the theme {point.name} is left out: {taken[point.name]} has this name"
            told.error(place, "theme-invalid", message, "ask its maker for a name of its own")
            continue
        folder = _folder(point)
        if folder is None:
            message = f"its entry point {point.name} = {point.value} leads to no theme.yaml"
            told.error(place, "theme-invalid", message, "it names the folder as a module path")
            continue
        found[point.name] = PackagedTheme(point.name, folder, package)
        taken[point.name] = f"the package {package}"
    return tuple(found.values())


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "unknown"


def _folder(point: EntryPoint) -> Path | None:
    parts = point.value.partition(":")[0].strip().split(".")
    if not all(part.isidentifier() for part in parts):
        return None
    for home in _homes(point, parts[0]):
        folder = home.joinpath(*parts[1:]).resolve()
        if folder.is_relative_to(home.resolve()) and (folder / "theme.yaml").is_file():
            return folder
    return None


def _homes(point: EntryPoint, top: str) -> Iterator[Path]:
    """Tell where the package's modules may stand, without importing one."""
    if point.dist is not None:
        yield Path(str(point.dist.locate_file(top)))
    spec = importlib.machinery.PathFinder.find_spec(top, sys.path)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(place)
