"""``booklet doctor`` and ``booklet clean``."""

from __future__ import annotations

import contextlib
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from booklet import __version__
from booklet.cli.licences import licence_lines
from booklet.cli.output import say, tell
from booklet.errors import ExitCode

Out = Annotated[Path, typer.Option("--out", "-o", help="Folder of outputs.")]

CACHES = ".cache"
"""Folder of what builds remember, among the outputs."""

LIBRARIES = ("weasyprint", "ebooklib", "pydyf", "pikepdf", "lxml", "fonttools", "jinja2")


Licences = Annotated[
    bool, typer.Option("--licences", help="List every package with its version and licence.")
]


def doctor(*, licences: Licences = False) -> None:
    """Say what is installed and what is missing; exit 3 if a build cannot run."""
    if licences:
        for line in licence_lines():
            tell(*line.split("\t"))
        return
    tell(f"ok       booklet {__version__}, Python {platform.python_version()}, {sys.platform}")
    missing = 0
    for good, line in (*_libraries(), *_renderer(), *_fonts()):
        tell(f"{'ok' if good else 'missing':8} {line}")
        missing += not good
    tell(_profile())
    for line in _judges():
        tell(line)
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
        from weasyprint.text.ffi import pango

        version = pango.pango_version()  # 15012 is 1.50.12
        yield True, f"Pango {version // 10000}.{version // 100 % 100}.{version % 100}"
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


def _profile() -> str:
    """Say which ICC profile the press edition would use; no other edition needs one."""
    from booklet.model.press import DEFAULT_CONDITION
    from booklet.output.profiles import find_profile, known_profile

    path = find_profile(DEFAULT_CONDITION)
    if path is None:
        return f"none     ICC profile of {DEFAULT_CONDITION}: the press edition will ask for one"
    known = known_profile(path)
    terms = f" ({known.licence}, {known.origin})" if known else ""
    return f"ok       ICC profile of {DEFAULT_CONDITION}: {path}{terms}"


def _judges() -> Iterator[str]:
    """Say which judges of e-books ``booklet check`` would ask; no build needs one."""
    from booklet.check.ace import ace_missing, ace_version
    from booklet.check.epubcheck import epubcheck_missing, epubcheck_version

    for name, version, missing in (
        ("EPUBCheck", epubcheck_version(), epubcheck_missing()),
        ("Ace", ace_version(), ace_missing()),
    ):
        if missing is None:
            yield f"ok       {name} {version}, for booklet check"
        else:
            yield f"none     {name}: {missing.reason}; for booklet check: {missing.remedy}"


def clean_outputs(out: Out = Path("build")) -> None:
    """Remove outputs and caches of earlier builds; folders that hold anything else are kept."""
    if not out.is_dir():
        return
    if out.is_symlink():
        say(f"kept {out}: it is a link; name the folder itself")
        return
    from booklet.batch.cleaning import is_batch

    if is_batch(out):
        _clean_batch(out)
        return
    for path in sorted(out.iterdir()):
        if path.is_symlink() or not path.is_dir():
            continue
        if is_batch(path):
            _clean_batch(path)
            continue
        if path.name == CACHES:
            _forget(path)
            continue
        files = list(path.iterdir())
        if files and all(_is_ours(file, path.name) for file in files):
            for file in files:
                file.unlink()
            path.rmdir()
            tell(path)
        else:
            say(f"kept {path}: it holds files that booklet did not make")


def _clean_batch(folder: Path) -> None:
    from booklet.batch.cleaning import clean_batch

    for path, gone in clean_batch(folder):
        if gone:
            tell(path)
        else:
            say(f"kept {path}: it holds files that no batch made, or that were changed")


def _forget(folder: Path) -> None:
    """Remove what builds remember; what others keep beside it stays."""
    for name in ("builds", "pieces"):
        known = folder / name
        if known.is_dir() and not known.is_symlink():
            shutil.rmtree(known)
            tell(known)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _is_ours(file: Path, slug: str) -> bool:
    from booklet.editions.making import SUFFIXES
    from booklet.model.derived import DERIVED

    if file.is_symlink() or not file.is_file():
        return False
    half_written = file.name.startswith(".") and file.suffix == ".part"
    endings = "|".join(re.escape(end) for suffixes in SUFFIXES.values() for end in suffixes)
    ours = rf"{re.escape(slug)}(\.{DERIVED})?({endings})"
    return half_written or re.fullmatch(ours, file.name) is not None
