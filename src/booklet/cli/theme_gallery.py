"""``booklet theme gallery``: every theme on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from booklet.cli.output import tell
from booklet.cli.work import LimitOption, begin, is_named, lifted, progress
from booklet.errors import Diagnostic, InputError, Place, Severity

Publication = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads the annotation
    typer.Argument(help="Publication to set in every theme, besides the sample of each."),
]
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder for the page.")]
ThemeNames = Annotated[
    Optional[list[str]],  # noqa: UP045 - typer reads the annotation
    typer.Option("--theme", help="Show this theme only; may be repeated."),
]
Strips = Annotated[
    bool, typer.Option("--strips", help="Write a strip of spreads of each theme beside the page.")
]


def gallery(
    context: typer.Context, publication: Publication = None,
    out: Out = Path("build/gallery"), theme: ThemeNames = None, *,
    strips: Strips = False, limit: LimitOption = None,
) -> None:  # fmt: skip
    """Show the spreads of every theme on one page that needs no other file."""
    with lifted(limit):
        begin(out, "load the libraries", [publication] if publication else [])
        from booklet.output.put import put, refuse_links_out
        from booklet.showcase.gallery import exhibit, page
        from booklet.theme import theme_names

        if publication is not None and not (publication / "booklet.yaml").is_file():
            found = Diagnostic(
                Place(str(publication)), Severity.ERROR, "publication-missing",
                "there is no booklet.yaml here", "name the folder of a publication",
            )  # fmt: skip
            msg = "no gallery was made"
            raise InputError(msg, (found,))
        if publication is not None:
            refuse_links_out(publication, out, named=is_named(context, "out"))
        root = publication or Path("/nonexistent")
        shown = exhibit(theme or theme_names(root), root, publication, progress())
        tell(put(out / "index.html", page(shown).encode("utf-8")))
        for item in shown:
            strip = next((one.strip for one in item.shown if one.strip), b"") if strips else b""
            if strip:
                tell(put(out / f"{item.theme.name}.webp", strip))
