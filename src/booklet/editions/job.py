"""A job: a publication that is read, checked and ready to be typeset."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from booklet.checks import check_glyphs, check_price, check_title
from booklet.errors import Findings, InputError, Place
from booklet.fonts import Shelf, check_shelf, open_shelf
from booklet.manuscript import load_publication
from booklet.manuscript.changes import Changes
from booklet.manuscript.loaded import Loaded
from booklet.model.header import Header
from booklet.model.publication import Publication
from booklet.progress import Progress
from booklet.suits import check_suits
from booklet.theme import Theme, open_theme
from booklet.theme.theme import PlaceOf
from booklet.typeset.geometry import Geometry, adapt_layout, plan_page
from booklet.typeset.paged import font_stacks

if TYPE_CHECKING:
    from booklet.derive import Derived


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


def prepare(
    source: Path,
    findings: Findings,
    progress: Progress,
    unsaved: Mapping[str, bytes] | None = None,
    changes: Changes | None = None,
) -> Job:
    """Read a publication and open all that it needs.

    Args:
        source: A publication folder, its ``booklet.yaml``, or a lone Markdown file.
        findings: Collects what is wrong.
        progress: Told of each step.
        unsaved: What stands instead of some files, by their names in the publication.
        changes: What this booklet of a batch has of its own.

    Raises:
        InputError: With every fault found.
    """
    progress.step("read the manuscript")
    loaded = load_publication(source, unsaved, changes)
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
    job = None if theme is None else _ready(loaded, publication, theme, shelf, findings)
    if findings.fatal or job is None:
        raise InputError(refusal, findings)
    return job


def _ready(
    loaded: Loaded,
    publication: Publication,
    theme: Theme,
    shelf: Shelf,
    findings: Findings,
    derived: Derived | None = None,
) -> Job | None:
    """Plan the page of a publication, and see that the fonts can set it."""
    language = publication.header.language
    keys = ("layout", "type_area" if publication.header.layout.type_area else "")
    place = place_in_header(loaded, *keys)
    if publication.variant.name:
        place = place_in_header(loaded, "derived", publication.variant.name)
    if not publication.variant.name:
        check_suits(publication, theme, findings)
    geometry = plan_page(publication.layout, theme.page, place, findings, vertical=theme.vertical)
    families = font_families(theme, language)
    header = publication.header

    def place_of(key: str, name: str) -> Place:
        return place_in_header(loaded, key, name)

    asked = _asked_families(theme, header, shelf, place_of, findings)
    needed = [name for name in families if name not in asked]
    findings.extend(check_shelf(shelf, needed, Place(f"templates/{theme.name}/theme.yaml")))
    if not findings.fatal:
        check_glyphs(loaded, theme.strings(language), shelf.coverage(families), findings, derived)
    if geometry is None:
        return None
    if theme.vertical:
        publication = replace(publication, header=publication.header.bound_right())
    return Job(loaded, publication, theme, geometry, shelf, made_at(loaded))


def derive_job(
    job: Job, name: str, names: Sequence[str], findings: Findings, progress: Progress
) -> Job:
    """Make the job of a derived edition.

    Args:
        job: The publication itself.
        name: The derived edition.
        names: In which editions it is made.
        findings: Collects what is wrong, as `derive` tells it, and ``derived-vertical`` where
            pages are asked for that no theme of horizontal lines can set.
        progress: Told of the step.

    Returns:
        The job as it was where an error was found, which the findings tell.
    """
    from booklet.derive import derive

    progress.step(f"derive {name}")
    found = Findings()
    derived = derive(job.publication, job.loaded.transcript, name, job.place, found)
    made = None
    _check_direction(job, name, names, found)
    if derived is not None:
        publication = derived.publication
        variant = publication.variant
        if job.theme.wants_readings:  # its page has room for them
            variant = replace(variant, pinyin=False)
        layout = adapt_layout(job.geometry, publication.layout, variant)
        publication = replace(publication, layout=layout)
        loaded = replace(
            job.loaded, publication=publication, transcript=derived.transcript,
            header=publication.header,
        )  # fmt: skip
        made = _ready(loaded, publication, job.theme, job.shelf, found, derived)
    findings.extend(found)
    return job if made is None else made


def _check_direction(job: Job, name: str, names: Sequence[str], findings: Findings) -> None:
    """See that only a theme of vertical lines is asked for vertical pages."""
    spec = job.publication.header.derived[name]
    pages = [edition for edition in names if edition != "ebook"]
    if spec.layout == "vertical" and pages and job.theme.direction != "vertical":
        findings.error(
            job.place("derived", name, "layout"), "derived-vertical",
            f"theme {job.theme.name} sets horizontal lines: {name} has no vertical {pages[0]}",
            "editions: [ebook], or a theme whose direction is vertical",
        )  # fmt: skip


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
                place = place_of("tokens", token)
                hint = f"did you mean {near[0]}? `booklet fonts list` names those there are"
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
        base = loaded.root / folder
        if Path(os.path.realpath(base)).is_relative_to(os.path.realpath(loaded.root)):
            files += base.rglob("*")
    stats = [path.lstat() for path in files]  # a link may lead anywhere
    newest = max((one.st_mtime for one in stats if stat.S_ISREG(one.st_mode)), default=0.0)
    return dt.datetime.fromtimestamp(int(newest), dt.UTC)
