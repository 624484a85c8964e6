"""``booklet fonts``: what the shelf holds, what a publication needs, how to add to it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Annotated, Optional

import typer

from booklet.cli.output import say, say_diagnostics, tell
from booklet.errors import ExitCode, Findings, Place, Severity, ToolError

app = typer.Typer(help="Fonts: the shelf that builds draw on.", no_args_is_help=True)

PublicationOption = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads the annotation
    typer.Option("--publication", "-p", help="Publication whose fonts/ stand first."),
]


def needed_families() -> tuple[str, ...]:
    """Name every family that the built-in themes need."""
    from booklet.editions.job import font_families
    from booklet.theme import built_in_themes, open_theme

    names: list[str] = []
    for name in built_in_themes():
        theme = open_theme(
            name, Path("/nonexistent"), ({}, {}), lambda key, _: Place(key), Findings()
        )
        if theme is not None:
            names.extend(font_families(theme, "zh-Hans"))
    return tuple(dict.fromkeys(names))


def _drop_ins(publication: Path | None) -> list[Path]:
    return [publication / "fonts"] if publication else []


@app.command("list")
def list_fonts(publication: PublicationOption = None) -> None:
    """List the families on the shelf: name, role, weights, licence, where they come from."""
    from booklet.fonts import open_shelf

    shelf = open_shelf(_drop_ins(publication))
    for family in shelf.families:
        weights = ",".join(str(face.weight) for face in family.faces)
        tell(family.name, family.role or "–", weights, family.licence or "–", family.origin)
    say_diagnostics(shelf.diagnostics)


@app.command("check")
def check(publication: PublicationOption = None) -> None:
    """Check that the fonts of the themes are here, whole, and free to embed."""
    from booklet.fonts import check_shelf, open_shelf

    diagnostics = check_shelf(open_shelf(_drop_ins(publication)), needed_families())
    say_diagnostics(diagnostics)
    if any(item.severity is Severity.ERROR for item in diagnostics):
        raise typer.Exit(int(ExitCode.FINDINGS))


Fonts = Annotated[
    list[str], typer.Argument(help="Font files, or names of families that the manifest knows.")
]


@app.command("install")
def install(fonts: Fonts, publication: PublicationOption = None) -> None:
    """Add fonts: files go to your own shelf (or the publication's), families by their package."""
    from booklet.fonts import install_file, user_font_folder

    folder = publication / "fonts" if publication else user_font_folder()
    for font in fonts:
        path = Path(font)
        if path.suffix.lower() in {".otf", ".ttf", ".ttc", ".otc", ".woff", ".woff2"}:
            for family in install_file(path, folder):
                tell(family.name, family.licence or "no licence stated", folder)
        else:
            _install_package(font)


def _install_package(family: str) -> None:
    from booklet.fonts import package_command

    command = package_command(family)
    if command is None:
        msg = f"no package is known that brings {family!r}; give a font file"
        raise ToolError(msg)
    if shutil.which(command[0]) is None:
        msg = f"{command[0]} is not on this machine; as administrator run: {shlex.join(command)}"
        raise ToolError(msg)
    say(shlex.join(command))
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode:
        msg = f"the package was not installed; as administrator run: {shlex.join(command)}"
        raise ToolError(msg)
