"""Checks of a publication as a whole: its title, and whether every character can be drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from booklet.errors import Findings, Place
from booklet.fonts import Coverage
from booklet.manuscript.loaded import Loaded
from booklet.model.publication import Publication

if TYPE_CHECKING:
    from booklet.derive import Derived

TEXTS = {".md", ".markdown", ".yaml", ".yml", ".json", ".csv", ".txt"}
"""Suffixes of sources that hold words; pictures are sources too."""

UNSET = {"derived", "conversion"}
"""Keys of the header whose words the publication itself does not set."""

MOST_PLACES = 20
"""Places of one character that are reported one by one."""


def check_title(publication: Publication, place: Place, findings: Findings) -> None:
    """Report a title that is broken by hand into other words than its own (``title-lines``)."""
    lines = "".join(publication.header.title_lines)
    if lines and "".join(lines.split()) != "".join(publication.title.split()):
        message = f"title_lines say {lines!r}, the title {publication.title!r}"
        findings.error(place, "title-lines", message, "break the very words of the title")


def check_price(publication: Publication, place: Place, findings: Findings) -> None:
    """Report a price without ISBN (``price-without-isbn``).

    In mainland China what has no 书号 is internal material, which may not be sold; elsewhere a
    price stands alone.
    """
    header = publication.header
    mainland = header.language.lower() in {"zh", "zh-cn", "zh-hans", "zh-hans-cn"}
    if header.price and not header.isbn and mainland:
        message = f"a price of {header.price} without an ISBN: internal material is not sold"
        findings.warning(place, "price-without-isbn", message, "take out price, or add isbn")


def check_glyphs(
    loaded: Loaded,
    words: Mapping[str, str],
    coverage: Coverage,
    findings: Findings,
    derived: Derived | None = None,
) -> None:
    """Report every character that no font of the theme can draw, with every place.

    Args:
        loaded: The manuscript, whose transcript says what will be set.
        words: The theme's own words.
        coverage: What the theme's fonts cover.
        findings: Collects ``glyph-missing``.
        derived: The derived edition that ``loaded`` is, for its words stand in no file.
    """
    publication = loaded.publication
    header = "".join(_strings(publication.header.model_dump(exclude=UNSET))) if publication else ""
    said = "".join(run.text for run in loaded.transcript)
    readings = "".join(sorted(derived.readings)) if derived else ""
    missing = coverage.missing(said + header + "".join(words.values()) + readings)
    for char in missing:
        places = _places(char, loaded) if derived is None else _traced(char, loaded, derived)
        name = unicodedata.name(char, "no name")
        message = f"no font of the theme draws {char} (U+{ord(char):04X}, {name})"
        hint = (
            "put a font that has it into the publication's fonts/ and name it in a theme's fonts:"
        )
        for place in places[:MOST_PLACES] or [
            Place(loaded.sources[0] if loaded.sources else "theme")
        ]:
            findings.error(place, "glyph-missing", message, hint)
        if len(places) > MOST_PLACES:
            findings.error(places[MOST_PLACES], "glyph-missing",
                           f"{message}; {len(places) - MOST_PLACES} more places", hint)  # fmt: skip


def _strings(value: object) -> Iterator[str]:
    """Yield every string of the header; its keys are not set."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner)
            if isinstance(inner, str):  # a line of the colophon: its label is set as well
                yield str(key)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def _places(char: str, loaded: Loaded) -> list[Place]:
    found = []
    texts = (name for name in loaded.sources if Path(name).suffix.lower() in TEXTS)
    for name in texts:
        path = loaded.root / name
        for number, line in enumerate(path.read_text("utf-8-sig", "replace").splitlines(), 1):
            found += [
                Place(loaded.prefix + name, number, at + 1)
                for at, one in enumerate(line)
                if one == char
            ]
    return found


def _traced(char: str, loaded: Loaded, derived: Derived) -> list[Place]:
    """Find the characters of the source that became a character of a derived edition."""
    from booklet.derive import origins

    found = []
    texts: dict[str, list[str]] = {}
    for origin in origins(derived.traced, char)[char]:
        name = origin.place.file.removeprefix(loaded.prefix)
        if name not in texts:
            path = loaded.root / name
            known = name in loaded.sources
            text = path.read_text("utf-8-sig", "replace") if known else ""
            texts[name] = text.splitlines()
        found.append(_nth(origin.place, origin.source, origin.number, texts[name]))
    return found


def _nth(place: Place, words: str, number: int, lines: list[str]) -> Place:
    """Find words for the ``number``-th time, from 0, from a place on; else that place."""
    column = max(place.column - 1, 0)
    for line in range(max(place.line - 1, 0), len(lines)):
        at = lines[line].find(words, column)
        while at >= 0:
            if not number:
                return Place(place.file, line + 1, at + 1)
            number -= 1
            at = lines[line].find(words, at + len(words))
        column = 0
    return place
