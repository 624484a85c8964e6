"""``booklet doctor`` and ``booklet clean``."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from booklet import __version__
from booklet.cli.output import say
from booklet.errors import ExitCode

Out = Annotated[Path, typer.Option("--out", "-o", help="Folder of outputs.")]

LIBRARIES = ("weasyprint", "ebooklib", "pydyf", "pikepdf", "lxml", "fonttools", "jinja2")


def doctor() -> None:
    """Say what is installed and what is missing; exit 3 if a build cannot run."""
    typer.echo(
        f"ok       booklet {__version__}, Python {platform.python_version()}, {sys.platform}"
    )
    missing = 0
    for good, line in (*_libraries(), *_renderer(), *_fonts()):
        typer.echo(f"{'ok' if good else 'missing':8} {line}")
        missing += not good
    if missing:
        say("run the project's set-up (make setup), or install what is missing by hand")
        raise typer.Exit(int(ExitCode.TOOL))


def _libraries() -> Iterator[tuple[bool, str]]:
    for name in LIBRARIES:
        try:
            yield True, f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield False, name


def _renderer() -> Iterator[tuple[bool, str]]:
    try:
        from weasyprint.text.ffi import ffi, pango

        version = ffi.string(pango.pango_version_string()).decode()
        yield True, f"Pango {version}"
    except (ImportError, OSError, AttributeError) as error:
        yield False, f"Pango, HarfBuzz or fontconfig: {str(error).splitlines()[0]}"


def _fonts() -> Iterator[tuple[bool, str]]:
    import shlex

    from booklet.cli.fonts import needed_families
    from booklet.fonts import open_shelf, package_command

    shelf = open_shelf()
    for name in needed_families():
        family = shelf.family(name)
        if family is not None:
            weights = " ".join(str(face.weight) for face in family.faces)
            yield True, f"font {name} ({weights})"
        else:
            command = package_command(name)
            hint = f": {shlex.join(command)}" if command else ""
            yield False, f"font {name}{hint}"


def clean_outputs(out: Out = Path("build")) -> None:
    """Remove outputs of earlier builds: the folders of publications, and the cache."""
    if not out.is_dir():
        return
    for path in sorted(out.iterdir()):
        if path.is_symlink() or not path.is_dir():
            continue
        kinds = {".pdf", ".epub", ".part", ".json"}
        ours = path.name == ".cache" or all(
            item.suffix in kinds for item in path.rglob("*") if item.is_file()
        )
        if ours:
            shutil.rmtree(path)
            typer.echo(path)
        else:
            say(f"kept {path}: it holds files that booklet did not make")
