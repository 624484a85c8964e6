"""``booklet build``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from booklet.cli.output import print_json, say, say_diagnostics, tell
from booklet.cli.work import LimitOption, begin, finish, is_named, lifted, progress
from booklet.errors import BookletError, Diagnostic, InputError, Place, Severity
from booklet.output.put import refuse_links_out
from booklet.unchanged import FOLDER, Asked, Told, recall, remember, state

Publication = Annotated[
    Path, typer.Argument(help="Publication folder, its booklet.yaml, or a lone Markdown file.")
]
Editions = Annotated[
    Optional[list[str]],  # noqa: UP045 - typer reads the annotation
    typer.Option(
        "--edition",
        "-e",
        help="Edition to build: screen, ebook, press …; of a derived one ebook@NAME, or @NAME for "
        "all of it; may be repeated.",
    ),
]
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder for outputs.")]
Strict = Annotated[bool, typer.Option("--strict", help="Let warnings forbid the release.")]
ShowGrid = Annotated[
    bool, typer.Option("--show-grid", help="Draw the grid on a proof beside the screen PDF.")
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Build everything anew: take nothing from the cache.")
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Say also why a book was set in one piece.")
]
Json = Annotated[bool, typer.Option("--json", help="Print outputs and findings as JSON.")]


def build(  # noqa: PLR0913 - one parameter for each option
    context: typer.Context,
    publication: Publication = Path(),
    edition: Editions = None,
    out: Out = Path("build"),
    *,
    strict: Strict = False,
    show_grid: ShowGrid = False,
    as_json: Json = False,
    verbose: Verbose = False,
    fresh: Fresh = False,
    limit: LimitOption = None,
) -> None:
    """Build the editions of a publication: a PDF for screens, an EPUB for e-readers."""
    options = (*(edition or ()), f"strict={strict}", f"grid={show_grid}", *(limit or ()))
    asked = Asked(publication, out, options)
    try:
        refuse_links_out(
            asked.source if asked.source.is_dir() else asked.source.parent, out,
            (FOLDER.partition("/")[0], FOLDER), named=is_named(context, "out"),
        )  # fmt: skip
        told = None if fresh else recall(asked)
        told = told or _build(
            asked, edition or [], limit, strict=strict, show_grid=show_grid, fresh=fresh
        )
    except BookletError as error:
        if not as_json:
            raise
        print_json({"outputs": []}, error.diagnostics, str(error))
        raise typer.Exit(int(error.exit_code)) from error
    if as_json:
        asides = {"asides": list(told.asides)} if verbose else {}
        print_json(
            {"slug": told.slug, "title": told.title, "outputs": list(told.outputs), **asides},
            told.diagnostics,
        )
        finish()
        return
    say_diagnostics(told.diagnostics)
    for aside in told.asides if verbose else ():
        say(aside)
    for item in told.outputs:
        tell(item["path"])
    finish()


def _build(
    asked: Asked,
    editions: list[str],
    limit: Any,
    *,
    strict: bool,
    show_grid: bool,
    fresh: bool,
) -> Told:
    before = state(asked)
    with lifted(limit):
        source = asked.source
        begin(source, "load the libraries", [source if source.is_dir() else source.parent])
        from booklet.build import build as run

        report = run(
            source, asked.out, edition_names(editions), strict=strict, progress=progress(),
            show_grid=show_grid, fresh=fresh,
        )  # fmt: skip
    outputs = tuple(
        {"edition": item.edition, "derived": item.derived or None, "path": str(item.path),
         "bytes": item.size, "pages": item.pages or None}
        for item in report.outputs
    )  # fmt: skip
    told = Told(report.slug, report.title, outputs, report.diagnostics, report.asides)
    remember(asked, before, told)
    return told


def edition_names(names: list[str]) -> list[str]:
    """See that there are such editions; of derived ones only the header knows.

    Raises:
        InputError: One does not exist.
    """
    from booklet.editions.making import SUFFIXES

    asked = [name.partition("@") for name in names]
    unknown = [name for name, at, _ in asked if name not in SUFFIXES and (name or not at)]
    if unknown:
        found = Diagnostic(
            Place("--edition"), Severity.ERROR, "edition-unknown",
            f"there is no edition {unknown[0]!r}", f"one of: {', '.join(SUFFIXES)}",
        )  # fmt: skip
        msg = "nothing was built"
        raise InputError(msg, (found,))
    return names
