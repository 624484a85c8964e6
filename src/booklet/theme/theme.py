"""Open a theme: find it, merge it with its parents, check what the publication asks of it."""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from booklet.errors import Findings, InputError, Place
from booklet.theme.environment import environment
from booklet.theme.files import SearchPath, built_in_folder, built_in_themes
from booklet.theme.spec import OptionSpec, PageSpec, ThemeSpec, TokenSpec

PlaceOf = Callable[[str, str], Place]
"""Tell where the publication sets ``(key, name)``, such as ``("options", "folios")``."""


_NAME = re.compile(r"\w[\w-]{0,79}")
"""A folder directly below another; 80 Chinese characters are the longest name of a file."""


@dataclass(frozen=True)
class Theme:
    """A theme ready to typeset with.

    Attributes:
        name: The theme's name.
        specs: The theme's own description first, then its parents'.
        files: Whose file wins.
        options: Every option with its value for this publication.
        tokens: Every token with its value for this publication.
    """

    name: str
    specs: tuple[ThemeSpec, ...]
    files: SearchPath
    options: Mapping[str, str]
    tokens: Mapping[str, str]

    @property
    def page(self) -> PageSpec:
        """The nearest page description; every root theme has one."""
        for spec in self.specs:
            if spec.layout is not None:
                return spec.layout
        msg = f"theme {self.name} describes no page (layout:)"
        raise InputError(msg)

    @cached_property
    def environment(self) -> Environment:
        """The sandbox that renders this theme's templates."""
        return environment(self.files)

    def strings(self, language: str) -> dict[str, str]:
        """Give the theme's words in the language asked for, else the nearest it has."""
        words: dict[str, str] = {}
        for spec in reversed(self.specs):
            for tag in reversed(_nearest(language, spec.strings)):
                words |= spec.strings[tag]
        return words

    def families(self, role: str, language: str) -> tuple[str, ...]:
        """Give the families that a font role names for a language."""
        for spec in self.specs:
            if role in spec.fonts:
                by_language = spec.fonts[role]
                tags = _nearest(language, by_language, "default")
                return by_language[tags[0]] if tags else ()
        return ()

    @property
    def roles(self) -> tuple[str, ...]:
        """Every font role of the theme and its parents."""
        return tuple(dict.fromkeys(role for spec in self.specs for role in spec.fonts))

    def option_sheets(self) -> tuple[str, ...]:
        """Name the style sheets that the chosen option values bring."""
        names = []
        for spec in reversed(self.specs):
            for name, option in spec.options.items():
                if sheet := option.sheets.get(self.options[name]):
                    names.append(sheet)
        return tuple(names)


def _nearest(language: str, having: Mapping[str, Any], fallback: str = "zh-Hans") -> list[str]:
    """Order the tags of ``having`` that serve a language, the best first."""
    parts = language.split("-")
    wanted = ["-".join(parts[:size]) for size in range(len(parts), 0, -1)]
    script = {"zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "zh": "zh-Hans",
              "zh-cn": "zh-Hans", "zh-sg": "zh-Hans"}.get(language.lower())  # fmt: skip
    if script:
        wanted.insert(1, script)
    if parts[0] not in {"zh", "ja", "ko"}:
        wanted.append("en")
    folded = {tag.lower(): tag for tag in having}
    found = [folded[tag.lower()] for tag in [*wanted, fallback] if tag.lower() in folded]
    return list(dict.fromkeys(found))


def open_theme(
    name: str,
    root: Path,
    asked: tuple[Mapping[str, object], Mapping[str, str]],
    place_of: PlaceOf,
    findings: Findings,
) -> Theme | None:
    """Open a theme for a publication.

    Args:
        name: Name of a theme in the publication's ``themes/`` or among the built-in ones.
        root: The publication's folder; files in its ``templates/`` win, one by one.
        asked: Options and tokens that the publication sets.
        place_of: Where it sets them, for findings.
        findings: Collects ``theme-*``, ``option-*`` and ``token-*``.

    Returns:
        None where an error was found.
    """
    loaded = _load_chain(name, root, place_of, findings)
    if loaded is None:
        return None
    specs, folders = loaded
    options = _options(specs, asked[0], place_of, findings)
    tokens = _tokens(specs, asked[1], place_of, findings)
    names = tuple(folder.name for folder in folders)
    own = root / "templates"
    if own.exists() and not _within(own, root):
        message = "templates is a link that leads out of the publication"
        findings.error(place_of("theme", ""), "theme-invalid", message, "copy the files")
        return None
    files = SearchPath((own, *folders), names)
    return Theme(name, specs, files, options, tokens)


def _load_chain(
    name: str, root: Path, place_of: PlaceOf, findings: Findings
) -> tuple[tuple[ThemeSpec, ...], list[Path]] | None:
    specs: list[ThemeSpec] = []
    folders: list[Path] = []
    wanted: str | None = name
    place = place_of("theme", "")
    while wanted is not None:
        folder = _find(wanted, root)
        if folder is None:
            known = (
                *built_in_themes(),
                *(path.parent.name for path in root.glob("themes/*/theme.yaml")),
            )
            near = difflib.get_close_matches(wanted, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
            findings.error(place, "theme-unknown", f"there is no theme {wanted!r}", hint)
            return None
        if folder in folders:
            chain = " → ".join([*(spec.name for spec in specs), wanted])
            findings.error(place, "theme-cycle", f"theme extends itself: {chain}",
                           "remove one `extends:`")  # fmt: skip
            return None
        spec = _read_spec(folder, root, findings)
        if spec is None:
            return None
        specs.append(spec)
        folders.append(folder)
        place = Place(_display(folder / "theme.yaml", root))
        wanted = spec.extends
    for key in ("fonts", "layout", "strings"):
        if not any(getattr(spec, key) for spec in specs):
            findings.error(place, "theme-invalid", f"neither the theme nor a parent has {key}:",
                           "a theme that begins with `extends: reader` has them")  # fmt: skip
    return tuple(specs), folders


def _find(name: str, root: Path) -> Path | None:
    if not _NAME.fullmatch(name):
        return None
    for base, home in ((root / "themes", root), (built_in_folder(), built_in_folder())):
        folder = base / name
        if (folder / "theme.yaml").is_file() and _within(folder, home):
            return folder.resolve()
    return None


def _within(folder: Path, home: Path) -> bool:
    return folder.resolve().is_relative_to(home.resolve())


def _display(path: Path, root: Path) -> str:
    for base, prefix in ((root, ""), (built_in_folder(), "templates/")):
        if path.is_relative_to(base.resolve()):
            return prefix + path.relative_to(base.resolve()).as_posix()
    return path.name


def _read_spec(folder: Path, root: Path, findings: Findings) -> ThemeSpec | None:
    place = Place(_display(folder / "theme.yaml", root))
    data = SearchPath((folder,)).read("theme.yaml")
    try:
        text = (data or b"").decode("utf-8")
        return ThemeSpec.model_validate(YAML(typ="safe", pure=True).load(io.StringIO(text)))
    except UnicodeDecodeError:
        findings.error(place, "theme-invalid", "theme.yaml is not UTF-8")
    except ValidationError as error:
        for fault in error.errors():
            key = ".".join(str(part) for part in fault["loc"])
            findings.error(place, "theme-invalid", f"{key or 'theme.yaml'}: {fault['msg']}",
                           "docs/themes.md lists every key")  # fmt: skip
    except (YAMLError, RecursionError, ValueError) as error:  # ValueError: a date of no calendar
        mark = getattr(error, "problem_mark", None)
        where = Place(place.file, mark.line + 1, mark.column + 1) if mark else place
        findings.error(where, "theme-invalid", f"theme.yaml does not parse: {_first_line(error)}")
    return None


def _first_line(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).strip().split("\n", 1)[0]


def _options(
    specs: tuple[ThemeSpec, ...], asked: Mapping[str, object], place_of: PlaceOf, findings: Findings
) -> dict[str, str]:
    known: dict[str, OptionSpec] = {}
    for spec in reversed(specs):
        known |= spec.options
    chosen = {name: option.default for name, option in known.items()}
    for name, value in asked.items():
        place = place_of("options", name)
        if name not in known:
            findings.error(place, "option-unknown", f"the theme has no option {name!r}",
                           _suggest(name, known))  # fmt: skip
            continue
        text = (
            {True: "on", False: "off"}.get(value, str(value))
            if isinstance(value, bool)
            else str(value)
        )
        if text not in known[name].values:
            findings.error(place, "option-value", f"option {name} cannot be {text!r}",
                           f"one of: {', '.join(known[name].values)}")  # fmt: skip
            continue
        chosen[name] = text
    return chosen


def _tokens(
    specs: tuple[ThemeSpec, ...], asked: Mapping[str, str], place_of: PlaceOf, findings: Findings
) -> dict[str, str]:
    known: dict[str, TokenSpec] = {}
    for spec in reversed(specs):
        known |= spec.tokens
    values = {name: token.default for name, token in known.items()}
    for name, value in asked.items():
        place = place_of("tokens", name)
        if name not in known:
            findings.error(place, "token-unknown", f"the theme has no token {name!r}",
                           _suggest(name, known))  # fmt: skip
        elif fault := known[name].fault(value):
            findings.error(place, "token-value", f"token {name} is {value!r}: {fault}",
                           f"the theme's own value is {known[name].default}")  # fmt: skip
        else:
            values[name] = value
    return values


def _suggest(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f"did you mean {near[0]}?" if near else f"it has: {', '.join(known)}"
