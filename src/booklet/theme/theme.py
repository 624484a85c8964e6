"""Open a theme: find it, merge it with its parents, check what the publication asks of it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment

from booklet.errors import Findings, InputError, Place
from booklet.theme.chain import load_chain
from booklet.theme.environment import environment
from booklet.theme.files import SearchPath
from booklet.theme.spec import PageSpec, ThemeSpec
from booklet.theme.tokens import Label, OptionSpec, TokenSpec, families_of

PlaceOf = Callable[[str, str], Place]
"""Tell where the publication sets ``(key, name)``, such as ``("options", "folios")``."""


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

    @property
    def direction(self) -> Literal["horizontal", "vertical"]:
        """How lines stand."""
        return next((spec.direction for spec in self.specs if spec.direction), "horizontal")

    @property
    def vertical(self) -> bool:
        """Whether lines stand upright and run from right to left."""
        return self.direction == "vertical"

    @property
    def own_files(self) -> SearchPath:
        """The files of the theme and its parents, without the publication's."""
        return SearchPath(self.files.folders[-len(self.specs) :], self.files.themes)

    @property
    def folder(self) -> Path:
        """The theme's own folder."""
        return self.own_files.folders[0]

    @property
    def sample(self) -> Path | None:
        """The publication that shows the theme, if it brings one."""
        folder = self.folder / "sample"
        return folder if (folder / "booklet.yaml").is_file() else None

    @cached_property
    def token_specs(self) -> Mapping[str, TokenSpec]:
        """Every token, those of the root theme first."""
        return {name: token for spec in reversed(self.specs) for name, token in spec.tokens.items()}

    @cached_property
    def option_specs(self) -> Mapping[str, OptionSpec]:
        """Every option, those of the root theme first."""
        return {name: item for spec in reversed(self.specs) for name, item in spec.options.items()}

    @cached_property
    def groups(self) -> Mapping[str, Label]:
        """The headings of tokens and options, in order."""
        return {name: label for spec in reversed(self.specs) for name, label in spec.groups.items()}

    @property
    def generates(self) -> str:
        """Characters that the theme's style sheets write, besides figures, leaders and notes."""
        chosen = (
            option.generates.get(self.options[name], "")
            for name, option in self.option_specs.items()
        )
        return "".join(spec.generates for spec in self.specs) + "".join(chosen)

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
        """Give the families of a font role for a language.

        A font token that bears the name of the role may choose others for it.
        """
        token = self.token_specs.get(role)
        if token is not None and token.type == "font" and self.tokens[role] != role:
            return self._resolve(self.tokens[role], language, self._own_families)
        return self._own_families(role, language)

    def token_families(self, name: str, language: str) -> tuple[str, ...]:
        """Give the families of a font token: those of the roles and families that it names."""
        if name in self.roles:
            return self.families(name, language)
        return self._resolve(self.tokens[name], language, self.families)

    def _own_families(self, role: str, language: str) -> tuple[str, ...]:
        for spec in self.specs:
            if role in spec.fonts:
                by_language = spec.fonts[role]
                tags = _nearest(language, by_language, "default")
                return by_language[tags[0]] if tags else ()
        return ()

    def _resolve(
        self, value: str, language: str, of_role: Callable[[str, str], tuple[str, ...]]
    ) -> tuple[str, ...]:
        named = (
            of_role(name, language) if name in self.roles else (name,)
            for name in families_of(value)
        )  # fmt: skip
        return tuple(family for families in named for family in families)

    @property
    def font_tokens(self) -> tuple[str, ...]:
        """Every token that names a font."""
        return tuple(name for name, token in self.token_specs.items() if token.type == "font")

    @property
    def roles(self) -> tuple[str, ...]:
        """Every font role of the theme and its parents."""
        return tuple(dict.fromkeys(role for spec in self.specs for role in spec.fonts))

    @property
    def refuses(self) -> frozenset[str]:
        """Kinds of block that the theme, or a parent of it, cannot set."""
        return frozenset(kind for spec in self.specs for kind in spec.refuses)

    @property
    def wants_readings(self) -> bool:
        """Whether the theme, or a parent of it, is made for readings."""
        return any(spec.wants_readings for spec in self.specs)

    def option_sheets(self) -> tuple[str, ...]:
        """Name the style sheets that the chosen option values bring."""
        sheets = (
            option.sheets.get(self.options[name]) for name, option in self.option_specs.items()
        )
        return tuple(sheet for sheet in sheets if sheet)


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
    loaded = load_chain(name, root, place_of("theme", ""), findings)
    if loaded is None:
        return None
    specs, folders = loaded
    options = _options(specs, asked[0], place_of, findings)
    tokens = _tokens(specs, asked[1], place_of, findings)
    names = tuple(folder.name for folder in folders)
    own = root / "templates"
    if own.exists() and not own.resolve().is_relative_to(root.resolve()):
        message = "templates is a link that leads out of the publication"
        findings.error(place_of("theme", ""), "theme-invalid", message, "copy the files")
        return None
    files = SearchPath((own, *folders), names)
    return Theme(name, specs, files, options, tokens)


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
