"""The recipe of a build: read, open theme and fonts, typeset, render, prove, move into place.

Each step is a function of its inputs; this module strings them together, knows where files go,
and never leaves a half-made output behind.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from booklet.checks import check_glyphs, check_title
from booklet.errors import (
    Diagnostic,
    Findings,
    InputError,
    Place,
    ReleaseError,
    Severity,
    in_order,
)
from booklet.finish.fidelity import compare_with_manuscript, compare_with_pages
from booklet.fonts import Shelf, check_shelf, fontconfig_folder, open_shelf
from booklet.manuscript import load_publication
from booklet.manuscript.loaded import Loaded
from booklet.model.header import EditionName
from booklet.model.publication import Publication
from booklet.progress import NullProgress, Progress
from booklet.theme import Theme, open_theme
from booklet.typeset.book import PagedBook, Resource
from booklet.typeset.geometry import Geometry, plan_page
from booklet.typeset.paged import font_stacks, typeset_cover, typeset_pages
from booklet.typeset.reflow import typeset_reflow, with_cover
from booklet.typeset.viewing import picture_sources

SUFFIXES: dict[EditionName, str] = {"screen": ".pdf", "ebook": ".epub"}
"""What follows the slug in the name of each edition's file."""

GENERATED = "0123456789ivxlcdm.·•…"
"""Characters that style sheets may add by counters and leaders."""


@dataclass(frozen=True, slots=True)
class Output:
    """A finished edition; ``pages`` is 0 for an e-book."""

    edition: str
    path: Path
    size: int
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What a build made and found."""

    slug: str
    title: str
    outputs: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A publication that is ready to be typeset."""

    loaded: Loaded
    publication: Publication
    theme: Theme
    geometry: Geometry
    shelf: Shelf
    made: dt.datetime


def build(
    source: Path,
    out: Path,
    editions: Sequence[EditionName] = (),
    *,
    strict: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Build the editions of one publication.

    Args:
        source: A publication folder, its ``booklet.yaml``, or a lone Markdown file.
        out: Folder for outputs; the publication gets a folder of its own in it.
        editions: Which; by default those that the header names.
        strict: Let warnings forbid the release.
        progress: Told of each step.

    Raises:
        InputError: The publication, its templates or its fonts are wrong.
        ReleaseError: An output failed its proof, or ``strict`` and something was warned of. The
            previous files are untouched.
    """
    progress = progress or NullProgress()
    try:
        return _build(source, out, editions, strict, progress)
    finally:
        progress.close()


def _build(
    source: Path,
    out: Path,
    editions: Sequence[EditionName],
    strict: bool,
    progress: Progress,
) -> Report:
    findings = Findings()
    job = prepare(source, findings, progress)
    publication = job.publication
    made: dict[EditionName, tuple[bytes, int]] = {}
    wanted = dict.fromkeys(editions or publication.header.editions)
    for edition in wanted:
        make = {"screen": _screen, "ebook": _ebook}[edition]
        made[edition] = make(job, findings, progress)
    diagnostics = in_order(findings)
    _refuse(diagnostics, strict=strict)
    progress.step("move into place")
    folder = out / publication.slug
    outputs = tuple(
        Output(
            edition, _put(folder / (publication.slug + SUFFIXES[edition]), data), len(data), pages
        )
        for edition, (data, pages) in made.items()
    )
    return Report(publication.slug, publication.title, outputs, diagnostics)


def _refuse(diagnostics: tuple[Diagnostic, ...], *, strict: bool) -> None:
    if any(item.severity is Severity.ERROR for item in diagnostics):
        msg = "the outputs failed their proof and were not released"
        raise ReleaseError(msg, diagnostics)
    if strict and any(item.severity is Severity.WARNING for item in diagnostics):
        msg = "--strict: there are warnings, and nothing was released"
        raise ReleaseError(msg, diagnostics)


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
        return loaded.places.get((key, name) if name else (key,)) or Place(
            loaded.prefix + loaded.sources[0]
        )

    theme = open_theme(
        header.theme, loaded.root, (header.options, header.tokens), place_of, findings
    )
    if publication is None:
        raise InputError(refusal, findings)
    check_title(publication, place_of("title_lines", ""), findings)
    shelf = open_shelf([loaded.root / "fonts"])
    geometry = None
    if theme is not None:
        place = (
            place_of("layout", "type_area") if header.layout.type_area else place_of("layout", "")
        )
        geometry = plan_page(publication.layout, theme.page, place, findings)
        families = font_families(theme, header.language)
        findings.extend(check_shelf(shelf, families, Place(f"templates/{theme.name}/theme.yaml")))
        if not findings.fatal:
            check_glyphs(loaded, theme.strings(header.language), shelf.coverage(families), findings)
    if findings.fatal or theme is None or geometry is None:
        raise InputError(refusal, findings)
    return Job(loaded, publication, theme, geometry, shelf, made_at(loaded))


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


def _screen(job: Job, findings: Findings, progress: Progress) -> tuple[bytes, int]:
    from booklet.finish.pdf_text import read_pdf_text

    progress.step("typeset the pages")
    book = typeset_pages(job.publication, job.theme, job.geometry)
    progress.step("render the PDF")
    data, labels = _print(job, book, findings, progress)
    progress.step("prove the PDF")
    findings.extend(compare_with_manuscript(job.loaded.transcript, book.segments, "screen"))
    if not findings.fatal:
        pages = read_pdf_text(data)
        findings.extend(compare_with_pages(book.segments, pages, GENERATED, labels))
    return data, len(labels)


def _print(
    job: Job, book: PagedBook, findings: Findings, progress: Progress
) -> tuple[bytes, tuple[str, ...]]:
    from booklet.output.fetch import Door
    from booklet.output.pdf import print_pdf

    door = Door(job.loaded.root, job.theme)
    names = font_families(job.theme, book.language)
    families = [family for name in names if (family := job.shelf.family(name))]
    printed = print_pdf(book, door, fontconfig_folder(families), job.made, progress)
    findings.extend(printed.diagnostics)
    return printed.data, tuple(label.text for label in printed.labels)


def _ebook(job: Job, findings: Findings, progress: Progress) -> tuple[bytes, int]:
    from booklet.finish.epub_text import read_epub_text
    from booklet.output.cover_picture import cover_picture
    from booklet.output.epub import pack_epub, stable_identifier

    progress.step("typeset the e-book")
    pub, header = job.publication, job.publication.header
    names = [person.name for person in header.contributors]
    identifier = stable_identifier(
        pub.title, header.language, identifier=header.identifier, isbn=header.isbn, names=names
    )
    book = typeset_reflow(pub, job.theme, job.geometry, identifier, _pictures(job))
    findings.extend(compare_with_manuscript(job.loaded.transcript, book.segments, "ebook"))
    if findings.fatal:
        return b"", 0  # never released; the packager would stumble over the same fault
    front = typeset_cover(pub, job.theme, job.geometry)
    cover, _ = _print(job, front, findings, NullProgress())
    book = with_cover(book, cover_picture(cover))
    progress.step("pack the EPUB")
    data = pack_epub(book, job.made)
    progress.step("prove the EPUB")
    if not findings.fatal:
        texts = dict(read_epub_text(data))
        order = [f"text/{document.name}" for document in book.documents]
        pages = [texts[name] for name in order]
        findings.extend(compare_with_pages(book.segments, pages, "", order))
    return data, 0


def _pictures(job: Job) -> dict[str, Resource]:
    """Read the pictures of the manuscript, under names that every archive can hold."""
    from booklet.output import fetch

    pictures = {}
    for number, source in enumerate(picture_sources(job.publication), 1):
        data, kind = fetch.read_picture(job.loaded.root, source)
        name = f"images/picture-{number:03d}{fetch.SUFFIXES[kind]}"
        pictures[source] = Resource(name, kind, data)
    return pictures


def _put(path: Path, data: bytes) -> Path:
    """Write a file aside and move it into place, so that no reader ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
