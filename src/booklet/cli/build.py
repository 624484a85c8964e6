"""``booklet build``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from booklet.cli.output import print_json, say_diagnostics
from booklet.cli.work import LimitOption, begin, lifted, progress
from booklet.errors import BookletError, Diagnostic, InputError, Place, Severity

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
Json = Annotated[bool, typer.Option("--json", help="Print outputs and findings as JSON.")]


def build(  # noqa: PLR0913 - one parameter for each option
    publication: Publication = Path(),
    edition: Editions = None,
    out: Out = Path("build"),
    *,
    strict: Strict = False,
    show_grid: ShowGrid = False,
    as_json: Json = False,
    limit: LimitOption = None,
) -> None:
    """Build the editions of a publication: a PDF for screens, an EPUB for e-readers."""
    try:
        with lifted(limit):
            folder = publication if publication.is_dir() else publication.parent
            begin(publication, "load the libraries", [folder])
            from booklet.build import build as run

            wanted = edition_names(edition or [])
            report = run(
                publication, out, wanted, strict=strict, progress=progress(), show_grid=show_grid
            )
    except BookletError as error:
        if not as_json:
            raise
        print_json({"outputs": []}, error.diagnostics, str(error))
        raise typer.Exit(int(error.exit_code)) from error
    if as_json:
        outputs = [
            {"edition": item.edition, "derived": item.derived or None, "path": str(item.path),
             "bytes": item.size, "pages": item.pages or None}
            for item in report.outputs
        ]  # fmt: skip
        print_json(
            {"slug": report.slug, "title": report.title, "outputs": outputs}, report.diagnostics
        )
        return
    say_diagnostics(report.diagnostics)
    for item in report.outputs:
        typer.echo(item.path)


def edition_names(names: list[str]) -> list[str]:
    """See that there are such editions; of derived ones only the header knows.

    Raises:
        InputError: One does not exist.
    """
    from booklet.build import SUFFIXES

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
