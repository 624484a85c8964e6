"""Headers of other tools at the head of Markdown: YAML between ``---``, TOML between ``+++``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from booklet.errors import Findings, InputError, Place
from booklet.importing.refusal import NOTHING, refusal
from booklet.manuscript.source import Source
from booklet.manuscript.yamlpos import read_yaml

_KEY = re.compile(r"[\w.-]+\s*:(?:\s|$)|[\"'][^\"']+[\"']\s*:")
_LONGEST = 500
"""Lines in which a header must end."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Keys of a header, and where they stand."""

    values: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    file: Place = field(default_factory=lambda: Place(""))

    def place(self, key: str) -> Place:
        """Give the place of a key."""
        return self.places.get(key, self.file)


def split_front_matter(text: str, place: Place, findings: Findings) -> tuple[FrontMatter, str, int]:
    """Part a text into its header, the rest, and the line at which the rest begins.

    Raises:
        InputError: The header cannot be read.
    """
    lines = text.split("\n")
    fence = lines[0].rstrip()
    if fence not in {"---", "+++"}:
        return FrontMatter(file=place), text, 1
    closing = {"---", "..."} if fence == "---" else {"+++"}
    near = enumerate(lines[1:_LONGEST], 1)
    end = next((number for number, line in near if line.rstrip() in closing), None)
    first = next((line for line in lines[1:] if line.strip() and line[:1] != "#"), "")
    if end is None or (fence == "---" and not _KEY.match(first)):
        return FrontMatter(file=place), text, 1
    head = "\n".join(lines[1:end])
    rest = "\n".join(lines[end + 1 :])
    if fence == "+++":
        try:
            return FrontMatter(tomllib.loads(head), file=place), rest, end + 2
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise refusal(place, "import-markup", f"the TOML header: {error}") from error
    own = Findings()
    tree = read_yaml(Source(place.file, head, 2), own)
    if own.fatal or tree is None or not isinstance(tree.value, dict | None):
        raise InputError(NOTHING, own)
    findings.extend(own.items)
    places = {str(key): tree.key_place((key,)) for key in tree.value or {}}
    return FrontMatter(tree.value or {}, places, place), rest, end + 2
