"""A job: a publication that is read, checked and ready to be typeset."""

from __future__ import annotations

import datetime as dt
import difflib
import os
from dataclasses import dataclass
from pathlib import Path

from booklet.checks import check_glyphs, check_price, check_title
from booklet.errors import Findings, InputError, Place
from booklet.fonts import Shelf, check_shelf, open_shelf
from booklet.manuscript import load_publication
from booklet.manuscript.loaded import Loaded
from booklet.model.header import Header
from booklet.model.publication import Publication
from booklet.progress import Progress
from booklet.suits import check_suits
from booklet.theme import Theme, open_theme
from booklet.theme.theme import PlaceOf
from booklet.typeset.geometry import Geometry, plan_page
from booklet.typeset.paged import font_stacks


@dataclass(frozen=True, slots=True)
class Job:
    """A publication that is ready to be typeset.

    Attributes:
        made: Date of the outputs, UTC.
    """

    loaded: Loaded
    publication: Publication
    theme: Theme
    geometry: Geometry
    shelf: Shelf
    made: dt.datetime

    def place(self, *keys: str) -> Place:
        """Tell where the header says something: ``place("press", "profile")``."""
        return place_in_header(self.loaded, *keys)


def place_in_header(loaded: Loaded, *keys: str) -> Place:
    """Tell where a header has a key; the header itself where it has not."""
    return loaded.places.get(tuple(key for key in keys if key)) or Place(
        loaded.prefix + loaded.sources[0]
    )


def prepare(source: Path, findings: Findings, progress: Progress) -> Job:
    """Read a publication and open all that it needs.

    Raises:
        InputError: With every fault found.
    """
    progress.step("read the manuscript")
    loaded = load_publication(source)
    findings.extend(loaded.diagnostics)
    publication, header = loaded.publication, loaded.header
    refusal = f"{source} cannot be built"
    if header is None:
        raise InputError(refusal, findings)
    progress.step("open theme and fonts")

    def place_of(key: str, name: str) -> Place:
        return place_in_header(loaded, key, name)

    theme = open_theme(
        header.theme, loaded.root, (header.options, header.tokens), place_of, findings
    )
    if publication is None:
        raise InputError(refusal, findings)
    check_title(publication, place_of("title_lines", ""), findings)
    check_price(publication, place_of("price", ""), findings)
    shelf = open_shelf([loaded.root / "fonts"])
    geometry = None
    if theme is not None:
        check_suits(publication, theme, findings)
        place = (
            place_of("layout", "type_area") if header.layout.type_area else place_of("layout", "")
        )
        geometry = plan_page(publication.layout, theme.page, place, findings)
        families = font_families(theme, header.language)
        asked = _asked_families(theme, header, shelf, place_of, findings)
        needed = [name for name in families if name not in asked]
        findings.extend(check_shelf(shelf, needed, Place(f"templates/{theme.name}/theme.yaml")))
        if not findings.fatal:
            check_glyphs(loaded, theme.strings(header.language), shelf.coverage(families), findings)
    if findings.fatal or theme is None or geometry is None:
        raise InputError(refusal, findings)
    return Job(loaded, publication, theme, geometry, shelf, made_at(loaded))


def _asked_families(
    theme: Theme, header: Header, shelf: Shelf, place_of: PlaceOf, findings: Findings
) -> set[str]:
    """Look for the families that the publication's own font tokens name, and give their names."""
    known = [family.name for family in shelf.families]
    asked: set[str] = set()
    for token in set(header.tokens) & set(theme.font_tokens):
        for name in theme.token_families(token, header.language):
            asked.add(name)
            near = difflib.get_close_matches(name, known, 1)
            if shelf.family(name) is None and near:
                message = f"no font file has the family {name}"
                place, hint = place_of("tokens", token), f"did you mean {near[0]}?"
                findings.error(place, "font-missing", message, hint)
            else:
                findings.extend(check_shelf(shelf, [name], place_of("tokens", token)))
    return asked


def font_families(theme: Theme, language: str) -> tuple[str, ...]:
    """Name every family that a theme's roles name for a language."""
    stacks = font_stacks(theme, language).values()
    return tuple(dict.fromkeys(family for stack in stacks for family in stack))


def made_at(loaded: Loaded) -> dt.datetime:
    """Date the outputs: SOURCE_DATE_EPOCH, or the newest change among the sources."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and epoch.isdigit():
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC)
    files = [loaded.root / name for name in loaded.sources]
    for folder in ("templates", "themes", "fonts"):
        files += (loaded.root / folder).rglob("*")
    newest = max((path.stat().st_mtime for path in files if path.is_file()), default=0.0)
    return dt.datetime.fromtimestamp(int(newest), dt.UTC)
