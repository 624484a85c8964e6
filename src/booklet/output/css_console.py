"""What a browser's console would say of a style sheet: what is left out, where, and what was meant.

The renderer reports most of what it does not know, though often without a place, and drops some
silently. Its messages are given their places, and the rest is found by reading the sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import tinycss2

from booklet.errors import Diagnostic, Place, Severity
from booklet.output.css_names import (
    MARGIN_BOXES,
    does_nothing,
    like_property,
    like_value,
    selector_fault,
    similar,
)
from booklet.output.css_walk import Found, functions, walk
from booklet.theme.files import SearchPath
from booklet.typeset.book import Stylesheet

HOUSES = ("quanjiao", "kaiming", "banjiao", "hangmo")
"""Values of `--punctuation`."""

LEFT_OUT = "the renderer leaves it out; docs/themes.md says what it knows"

_AT = re.compile(r"\s*\bat (?P<line>\d+):(?P<column>\d+)")
_IGNORED = re.compile(r"^(?P<verb>Ignored|Deprecated) `(?P<name>[^:`]+):(?P<value>[^`]*)`")
_AT_RULE = re.compile(r"<AtRule (@[\w-]+).*?>")
_QUOTED = re.compile(r"'\s*(\S.*?)\s*'")
_SAID_BETTER = ("Invalid or unsupported selector", "Expected a media type", "Unknown rule")
"""Beginnings of messages without a place, of what `Console.look` finds as well."""

_REMEDIES = {
    "supports": "write its rules without it, or leave them out",
    "container": "the size of a page is known: write its rules without it",
    "property": "write `--name: value` on `:root`",
    "keyframes": "a printed page does not move",
    "charset": "a style sheet is UTF-8",
}
_KNOWN_RULES = (
    "media", "page", "font-face", "counter-style", "layer", "import", "color-profile",
)  # fmt: skip


@dataclass(slots=True)
class Console:
    """Tells of the style sheets of one book.

    Attributes:
        sheets: Those of the theme and the publication.
        files: Where templates and imported sheets are found.
    """

    sheets: tuple[Stylesheet, ...]
    files: SearchPath
    _index: dict[tuple[str, int, int], str] = field(default_factory=dict)

    # ---- what the renderer says -------------------------------------------------------------

    def hear(
        self, messages: Iterable[str], sheet: Stylesheet | None = None
    ) -> Iterator[Diagnostic]:
        """Give places to what the renderer said of style sheets.

        Args:
            messages: As it said them.
            sheet: What it was reading; None while it laid out pages, when it tells no file.
        """
        for message in messages:
            if message.startswith(_SAID_BETTER):
                continue
            ignored, where = _IGNORED.match(message), _AT.search(message)
            if ignored and not ignored["value"].strip():
                continue  # a property that nothing declares, which `look` tells by its name
            line, column = (int(where["line"]), int(where["column"])) if where else (0, 0)
            text = (message[: where.start()] + message[where.end() :]) if where else message
            text = _QUOTED.sub(r"'\1'", " ".join(_AT_RULE.sub(r"\1", text).split()))
            text = text.rstrip(".")
            hint = LEFT_OUT
            if ignored:
                name, value = ignored["name"].strip(), ignored["value"].strip()
                place = self._place(name, value, line, column, sheet)
                text = f"`{name}: {value}`{text[ignored.end() :]}".replace("`, ", "`: ")
                hint = self._meant(name, value, text) or LEFT_OUT
            else:
                place = (
                    Place(file_of(sheet), line, column) if sheet else Place("build", line, column)
                )
                text = text[:1].lower() + text[1:]
                hint = _remedy(text)
            lost = text.startswith("font-face ") and text.endswith("cannot be loaded")
            severity = Severity.ERROR if lost else Severity.WARNING
            yield Diagnostic(place, severity, "css", text, hint)

    def is_about_style(self, message: str) -> bool:
        """Tell whether a message of the layout is about a declaration."""
        return bool(_IGNORED.match(message)) or message.startswith(_SAID_BETTER)

    def _meant(self, name: str, value: str, text: str) -> str:
        meant = like_property(name) if "unknown property" in text else like_value(name, value)
        return f"did you mean {meant}?" if meant else ""

    # ---- where it stands --------------------------------------------------------------------

    def _place(
        self, name: str, value: str, line: int, column: int, sheet: Stylesheet | None
    ) -> Place:
        if not self._index:
            for known in self.sheets:
                self._enter(known.css, file_of(known))
        file = self._index.get((name.lower(), line, column))
        if sheet is not None and (file is None or file == file_of(sheet)):
            return Place(file_of(sheet), line, column)
        if file is not None:
            return Place(file, line, column)
        words = r"\s*".join(map(re.escape, value.split()))
        name = rf"\b{re.escape(name)}\s*:"
        return place_in_templates(self.files, rf"{name}\s*{words}", name)

    def _enter(self, css: str, file: str) -> None:
        """Note where every declaration stands; the renderer tells where it or its value begins."""
        for item in walk(css):
            node = item.node
            if node.type == "declaration":
                name = node.lower_name
                self._index.setdefault((name, node.source_line, node.source_column), file)
                for token in node.value:
                    if token.type != "whitespace":
                        place = name, token.source_line, token.source_column
                        self._index.setdefault(place, file)
                        break
            elif node.type == "at-rule" and node.lower_at_keyword == "import":
                address = next((t.value for t in node.prelude if t.type in {"url", "string"}), "")
                data = self.files.read(address)
                if data is not None and address:
                    self._enter(data.decode("utf-8", "replace"), self.files.label(address))

    # ---- what it does not say ---------------------------------------------------------------

    def look(self) -> Iterator[Diagnostic]:
        """Read the style sheets for what the renderer leaves out silently or without a place."""
        custom = {
            item.node.name
            for sheet in self.sheets
            for item in walk(sheet.css)
            if item.node.type == "declaration" and item.node.name.startswith("--")
        }
        for sheet in self.sheets:
            for item, faults in _judged(sheet.css):
                for node, text, hint in (*faults, *self._strange_names(item, custom)):
                    place = Place(file_of(sheet), node.source_line, node.source_column)
                    yield Diagnostic(place, Severity.WARNING, "css", text, hint)

    def _strange_names(self, item: Found, custom: set[str]) -> Iterator[tuple[Any, str, str]]:
        """Find `var()` of a custom property that nothing declares, and that has no fallback."""
        if item.node.type != "declaration":
            return
        for function in functions(item.node.value, "var"):
            words = [token for token in function.arguments if token.type != "whitespace"]
            name = words[0].value if words and words[0].type == "ident" else ""
            if len(words) != 1 or not name.startswith("--") or name in custom:
                continue
            if place_in_templates(self.files, rf"{re.escape(name)}\s*:") == Place("build"):
                meant = similar(name, custom)
                hint = f"did you mean {meant}?" if meant else "declare it on `:root`"
                yield function, f"no style sheet says what {name} is", hint


def _remedy(text: str) -> str:
    if text.startswith("unsupported @page selector"):
        return "the renderer knows :left, :right, :first, :blank, :nth() and names of pages"
    if match := re.match(r"unknown @page rule @([\w-]+)", text):
        edge = match[1].partition("-")[0]
        near = [name for name in MARGIN_BOXES if name.startswith(edge)]
        meant = similar(match[1], near or MARGIN_BOXES, least=0.5)
        return f"did you mean @{meant}?" if meant else LEFT_OUT
    if text.startswith("invalid media type"):
        return "the renderer knows `print` and `all`, no queries"
    if text.startswith("font-face "):
        return "a font stands in the theme, whole, as OTF, TTF or WOFF; or name an installed one"
    return LEFT_OUT


def place_in_templates(files: SearchPath, *patterns: str) -> Place:
    """Find where a template says something: the first match of the first pattern that has one."""
    for pattern in patterns:
        for template in files.names(".html"):
            text = (files.read(template) or b"").decode("utf-8", "replace")
            if match := re.search(pattern, text):
                line = text.count("\n", 0, match.start()) + 1
                column = match.start() - text.rfind("\n", 0, match.start())
                return Place(files.label(template), line, column)
    return Place("build")


def file_of(sheet: Stylesheet | None) -> str:
    """Name the file of a style sheet as messages do."""
    if sheet is None:
        return "build"
    return sheet.file or f"templates/{sheet.name}"


@lru_cache(maxsize=64)
def _judged(css: str) -> tuple[tuple[Found, tuple[tuple[Any, str, str], ...]], ...]:
    """Find the faults of each node of a style sheet; many books have the same sheets."""
    return tuple((item, tuple(_faults(item))) for item in walk(css))


def _faults(item: Found) -> Iterator[tuple[Any, str, str]]:
    node = item.node
    if "@media" not in item.path and (fault := does_nothing(node)):
        yield node, *fault
    if node.type == "qualified-rule" and item.path[-1:] != ("@font-face",):
        if fault := selector_fault(node.prelude, nested=item.within_rule):
            yield node, *fault
    elif node.type == "at-rule":
        for fault in _at_rule_faults(item):
            yield node, *fault
    elif node.type == "declaration" and node.name == "--punctuation":
        words = [token.lower_value for token in node.value if token.type == "ident"]
        value = tinycss2.serialize(node.value).strip()
        if len(words) != 1 or words[0] not in HOUSES:
            meant = similar(words[0], HOUSES) if words else ""
            hint = f"did you mean {meant}?" if meant else f"one of: {', '.join(HOUSES)}"
            yield node, f"`--punctuation: {value}`: no such style of punctuation", hint


def _at_rule_faults(item: Found) -> Iterator[tuple[str, str]]:
    name = item.node.lower_at_keyword
    if item.within_rule:
        yield f"@{name} within a rule: the renderer drops it", "write it around the rule"
    elif item.path[-1:] != ("@page",) and name not in _KNOWN_RULES:
        meant = similar(name, _KNOWN_RULES)
        hint = _REMEDIES.get(name) or (f"did you mean @{meant}?" if meant else LEFT_OUT)
        yield f"@{name}: the renderer does not know it, and drops all that is in it", hint
