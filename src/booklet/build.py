"""The recipe of a build: prepare the job, make each edition, prove, move into place.

This module strings the steps together, knows where files go, and never leaves a half-made output
behind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from booklet.editions.abreast import make_all
from booklet.editions.choice import choose
from booklet.editions.job import derive_job, prepare
from booklet.editions.making import SUFFIXES, keep_up_cover, show_grid
from booklet.editions.run import Made, Run
from booklet.errors import Diagnostic, Findings, InputError, ReleaseError, Severity, in_order
from booklet.manuscript.changes import Changes
from booklet.model.publication import Publication
from booklet.output.means import Means, hands_at_hand
from booklet.output.put import put, refuse_links_out
from booklet.progress import NullProgress, Progress

CACHE = ".cache/pieces"
"""Folder of pieces that were set before, within that of all outputs."""


@dataclass(frozen=True, slots=True)
class Output:
    """A finished file of an edition; ``pages`` is 0 for an e-book, ``derived`` '' for none."""

    edition: str
    path: Path
    size: int
    pages: int = 0
    derived: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build made and found; ``asides`` are for who asks for more."""

    slug: str
    title: str
    outputs: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]
    asides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A finished file that is not yet in its place; ``name`` is its name in the folder."""

    edition: str
    name: str
    data: bytes = field(repr=False)
    pages: int = 0
    derived: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """A publication whose editions are made and proved."""

    slug: str
    title: str
    files: tuple[File, ...]
    diagnostics: tuple[Diagnostic, ...]
    asides: tuple[str, ...] = ()


Older = Callable[[str, str], bytes | None]
"""Give a file of an earlier build, by the slug of its publication and its name; None for none."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a build.

    Attributes:
        editions: Which, such as ``ebook``, ``ebook@tw`` of the derived edition tw, or ``@tw`` for
            all that it is made in; by default those that the header names.
        strict: Let warnings forbid the release.
        show_grid: Make a proof of the grid as well.
        changes: What this booklet of a batch has of its own.
        means: What rendering may use; by default it keeps its pages at hand.
    """

    editions: Sequence[str] = ()
    strict: bool = False
    show_grid: bool = False
    changes: Changes | None = None
    means: Means | None = None


def build(  # noqa: PLR0913 - one parameter for each option
    source: Path,
    out: Path,
    editions: Sequence[str] = (),
    *,
    strict: bool = False,
    progress: Progress | None = None,
    show_grid: bool = False,
    fresh: bool = False,
) -> Report:
    """Build the editions of one publication.

    Args:
        source: A publication folder, its ``booklet.yaml``, or a lone Markdown file.
        out: Folder for outputs; the publication gets a folder of its own in it.
        editions: Which; see `Wish`.
        strict: Let warnings forbid the release.
        progress: Told of each step.
        show_grid: Make a proof of the grid as well.
        fresh: Take nothing from the cache.

    Raises:
        InputError: The publication, its templates or its fonts are wrong.
        ReleaseError: An output failed its proof, or ``strict`` and something was warned of. The
            previous files are untouched.
    """
    progress = progress or NullProgress()

    def older(slug: str, name: str) -> bytes | None:
        refuse_links_out(home, out, (slug, f"{slug}/{name}"), named=True)
        path = out / slug / name
        return path.read_bytes() if path.is_file() else None

    home = source if source.is_dir() else source.parent
    refuse_links_out(home, out, (CACHE.partition("/")[0], CACHE), named=True)
    try:
        means = Means(None if fresh else out / CACHE, hands_at_hand(), keep=False)
        wish = Wish(editions, strict, show_grid, means=means)
        finished = make_editions(source, wish, progress, older)
        refuse_links_out(home, out, (finished.slug,), named=True)
        progress.step("move into place")
        outputs = tuple(
            Output(
                file.edition, put(out / finished.slug / file.name, file.data), len(file.data),
                file.pages, file.derived,
            )
            for file in finished.files
        )  # fmt: skip
    finally:
        progress.close()
    return Report(finished.slug, finished.title, outputs, finished.diagnostics, finished.asides)


def make_editions(source: Path, wish: Wish, progress: Progress, older: Older) -> Finished:
    """Make and prove the editions of one publication, and put them nowhere.

    Raises:
        InputError: The publication, its templates or its fonts are wrong.
        ReleaseError: An output failed its proof, or warnings forbid the release.
    """
    findings = Findings()
    job = prepare(source, findings, progress, changes=wish.changes)
    publication = job.publication
    wanted = choose(publication.header, wish.editions, findings)
    if findings.fatal:
        msg = "nothing was built"
        raise InputError(msg, findings)
    jobs = {
        name: derive_job(job, name, names, findings, progress) if name else job
        for name, names in wanted.items()
    }
    if findings.fatal:
        msg = f"{source} cannot be built"
        raise InputError(msg, findings)
    made: list[tuple[Publication, Made]] = []
    asides: list[str] = []
    for name, own in jobs.items():
        names = wanted[name]
        plain = not {"screen", "ebook"}.issuperset(names)
        run = Run(own, findings, progress, plain=plain, means=wish.means)
        files = make_all(run, names)
        if "press" in names and "cover" not in names and not findings.fatal:
            sheet = older(publication.slug, own.publication.slug + SUFFIXES["cover"][0])
            files += [] if sheet is None else keep_up_cover(run, sheet)
        if wish.show_grid:
            files += show_grid(run)
        made += [(own.publication, file) for file in files]
        asides += run.asides
    diagnostics = in_order(findings)
    _refuse(diagnostics, strict=wish.strict)
    files_made = tuple(
        File(file.edition, book.slug + file.suffix, file.data, file.pages, book.variant.name)
        for book, file in made
    )
    return Finished(publication.slug, publication.title, files_made, diagnostics, tuple(asides))


def _refuse(diagnostics: tuple[Diagnostic, ...], *, strict: bool) -> None:
    if any(item.severity is Severity.ERROR for item in diagnostics):
        msg = "the outputs failed their proof and were not released"
        raise ReleaseError(msg, diagnostics)
    if strict and any(item.severity is Severity.WARNING for item in diagnostics):
        msg = "--strict: there are warnings, and nothing was released"
        raise ReleaseError(msg, diagnostics)
