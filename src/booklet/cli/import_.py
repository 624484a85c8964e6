"""``booklet import``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from booklet.cli.output import print_json, say, say_diagnostics, tell
from booklet.cli.work import LimitOption, begin, lifted, progress
from booklet.errors import BookletError

if TYPE_CHECKING:
    from booklet.importing import Imported

File = Annotated[
    Path,
    typer.Argument(
        exists=True, readable=True,
        help="A .md, .docx, .html, .epub or .zip file, or a folder with SUMMARY.md.",
    ),
]  # fmt: skip
Folder = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads the annotation
    typer.Argument(metavar="DIR", help="The new publication; else a folder named after FILE."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace files in a folder that holds some.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Tell what would be taken; write nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Print what was taken and found as JSON.")]


def import_(
    file: File,
    folder: Folder = None,
    *,
    force: Force = False,
    dry_run: Dry = False,
    as_json: Json = False,
    limit: LimitOption = None,
) -> None:
    """Make a publication of Markdown, Word, HTML, EPUB or a folder with SUMMARY.md."""
    target = folder or _default(file)
    try:
        with lifted(limit):
            begin(file, "load the libraries", [file])
            from booklet.importing import import_file

            shown = progress()
            try:
                made = import_file(file, target, force=force, dry=dry_run, tell=shown.step)
            finally:
                shown.close()
    except BookletError as error:
        if not as_json:
            raise
        print_json({"folder": str(target), "files": []}, error.diagnostics, str(error))
        raise typer.Exit(int(error.exit_code)) from error
    if as_json:
        facts = {
            "folder": str(target), "written": made.written, "title": made.title,
            "front": list(made.front), "taken": dict(made.taken), "files": list(made.files),
        }  # fmt: skip
        print_json(facts, made.diagnostics)
        return
    say_diagnostics(made.diagnostics)
    for line in _lines(made):
        tell(line)
    if made.written:
        say(f"next: booklet build {target}")


def _default(file: Path) -> Path:
    """Name the folder after the file; a folder is not imported into itself."""
    name = file.resolve().name if file.is_dir() else file.resolve().stem
    return Path(f"{name}-booklet") if file.is_dir() else Path(name)


_NOUNS = {
    "front": "text before the body", "sections": "section", "back": "text after the body",
    "excerpts": "excerpt", "notes": "note", "pictures": "picture", "characters": "character",
}  # fmt: skip


def _lines(made: Imported) -> Iterator[str]:
    """Tell what was taken."""
    yield f"title: {made.title}"
    for title in made.front:
        yield f"before the body: {title}"
    counts = [_count(made.taken[key], noun) for key, noun in _NOUNS.items() if made.taken[key]]
    yield "taken: " + ", ".join(counts)
    yield f"{made.folder}" if made.written else f"would be written to {made.folder}"


def _count(number: int, noun: str) -> str:
    first, _, rest = noun.partition(" ")
    many = f"{first}s {rest}".strip()
    return f"{number:,} {noun if number == 1 else many}"
