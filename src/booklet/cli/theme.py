"""``booklet theme``: look at themes, start one, copy from one, compare."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from booklet.cli.output import print_json, say, say_diagnostics, tell
from booklet.errors import Diagnostic, ExitCode, Findings, InputError, Place, Severity

if TYPE_CHECKING:
    from booklet.model.header import Header
    from booklet.theme import Theme

app = typer.Typer(help="Themes: how a publication looks.", no_args_is_help=True)

PublicationOption = Annotated[
    Path,
    typer.Option("--publication", "-p", help="Publication whose themes and files count, too."),
]
Name = Annotated[str, typer.Argument(help="Name of a theme.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.callback()
def _theme() -> None:
    """Themes: how a publication looks."""


@app.command("list")
def list_themes(publication: PublicationOption = Path(), *, as_json: Json = False) -> None:
    """List the themes: the publication's, the built-in ones, those of installed packages."""
    from booklet.theme import find_theme, theme_names
    from booklet.theme.packages import packaged_themes

    findings, rows = Findings(), []
    packaged_themes(findings)
    for name in theme_names(publication):
        theme = _opened(name, publication, findings)
        found = find_theme(name, publication)
        if theme is None or found is None:
            continue
        spec = theme.specs[0]
        rows.append(
            {"name": name, "label": spec.label.zh, "description": spec.description.zh,
             "origin": found.origin, "extends": spec.extends}
        )  # fmt: skip
    if as_json:
        print_json({"themes": rows}, findings)
        return
    for row in rows:
        tell(*(row[key] for key in ("name", "label", "description", "origin")))
    say_diagnostics(findings)


@app.command("show")
def show(name: Name, publication: PublicationOption = Path(), *, as_json: Json = False) -> None:
    """Show a theme: parents, fonts, tokens, options, templates and blocks."""
    from booklet.theme.catalogue import describe

    facts = describe(open_named(name, publication))
    if as_json:
        print_json(facts, ())
        return
    for line in _lines(facts):
        tell(*line.split("\t"))


def _lines(facts: dict[str, Any]) -> list[str]:
    lines = [
        f"{facts['name']} {facts['label']['zh']} · {facts['label']['en']}",
        f"  {facts['description']['zh']}", f"  {facts['description']['en']}",
        f"  extends: {' → '.join(facts['extends']) or 'no other theme'}; "
        f"lines: {facts['direction']}; page: {facts['page']['trim']}, {facts['page']['size']}, "
        f"pitch {facts['page']['pitch']:g}", "", "fonts",
    ]  # fmt: skip
    lines += [f"  {role}\t{', '.join(names)}" for role, names in facts["fonts"].items()]
    lines += ["", "tokens"]
    for token in facts["tokens"]:
        bounds = f" {token['range'][0]:g}–{token['range'][1]:g}" if token["range"] else ""
        kind = f"{token['type']}{bounds}{token['unit'] or ''}"
        label = f"{token['label']['zh']} · {token['label']['en']}"
        lines.append(f"  {token['name']}\t{token['value']}\t{kind}\t{label}")
    lines += ["", "options"]
    for option in facts["options"]:
        label = f"{option['label']['zh']} · {option['label']['en']}"
        lines.append(
            f"  {option['name']}\t{option['value']}\t{'|'.join(option['values'])}\t{label}"
        )
    lines += ["", "templates and their blocks"]
    for template in facts["templates"]:
        lines.append(f"  {template['name']}\t{template['purpose']}")
        lines += [f"    {block['name']}\t{block['purpose']}" for block in template["blocks"]]
    return [*lines, "", "style sheets and drawings", *(f"  {name}" for name in facts["files"])]


Extends = Annotated[str, typer.Option("--extends", help="The theme that it begins from.")]
OutFolder = Annotated[
    Path | None, typer.Option("--out", "-o", help="Folder for it; else themes/ of the publication.")
]


@app.command("new")
def new(
    name: Name, publication: PublicationOption = Path(), out: OutFolder = None,
    extends: Extends = "reader",
) -> None:  # fmt: skip
    """Start a theme that builds at once and looks as its parent does."""
    import re

    from booklet.output.put import put, refuse_links_out
    from booklet.theme import theme_names
    from booklet.theme.fresh import fresh_theme

    if not re.fullmatch(r"[a-z][a-z0-9-]{0,60}", name):
        raise _refusal("value-invalid", name, "a theme is named in small ASCII letters, digits, -")
    if name in theme_names(publication):
        raise _refusal("file-exists", name, "there is a theme of this name", "choose another")
    parent = open_named(extends, publication)
    folder = (out or publication / "themes") / name
    if folder.exists():
        raise _refusal("file-exists", str(folder), "this already exists", "choose another name")
    refuse_links_out(publication, folder.parent, named=out is not None)
    for file, text in fresh_theme(name, parent).items():
        tell(put(folder / file, text.encode("utf-8")))
    say(f"write `theme: {name}` into booklet.yaml to use it")


File = Annotated[str, typer.Argument(help="Template, style sheet or drawing, as `show` lists it.")]
BlockName = Annotated[str, typer.Argument(help="One block of a template.")]
Everything = Annotated[bool, typer.Option("--all", help="Copy every file of the theme.")]


@app.command("eject")
def eject(
    file: File = "", block: BlockName = "", publication: PublicationOption = Path(), *,
    everything: Everything = False,
) -> None:  # fmt: skip
    """Copy a file of the theme, or one block of it, into the publication's templates/."""
    from booklet.output.put import put, refuse_links_out
    from booklet.theme.eject import RECORD, plan_ejection, theme_files

    if bool(file) == everything:
        raise _refusal("template-unknown", "eject", "name one file, or give --all")
    theme, root, _ = of_publication(publication)
    names = theme_files(theme) if everything else (file,)
    templates = root / "templates"
    plan = plan_ejection(theme, templates, names, block)
    refuse_links_out(root, templates, {str(Path(name).parent) for name in plan})
    for name, text in plan.items():
        put(templates / name, text.encode("utf-8"))
        if name != RECORD:
            tell(templates / name)


@app.command("diff")
def diff(publication: PublicationOption = Path(), *, as_json: Json = False) -> None:
    """Show what the theme has changed since files were copied from it, and what you have."""
    from booklet.theme.eject import differences

    theme, root, _ = of_publication(publication)
    found = differences(theme, root / "templates")
    moved = any(item.theme or item.gone for item in found)
    if as_json:
        rows = [
            {"file": item.name, "theme": item.theme, "own": item.own, "gone": item.gone or None}
            for item in found
        ]
        print_json({"files": rows, "moved": moved}, ())
    else:
        for item in found:
            _say_difference(item.name, item.gone, item.theme, item.own)
    if moved:
        raise typer.Exit(int(ExitCode.FINDINGS))


def _say_difference(name: str, gone: str, theme: str, own: str) -> None:
    changed = [gone] if gone else []
    changed += ["the theme has changed it"] if theme else []
    changed += ["you have changed it"] if own else []
    tell(f"{name}: {', '.join(changed) or 'unchanged'}")
    for text in (theme, own):
        if text:
            for line in text.splitlines():
                tell(*line.split("\t"))


def open_named(name: str, publication: Path) -> Theme:
    """Open a theme by its name, with its own options and tokens.

    Raises:
        InputError: There is none, or it is wrong.
    """
    findings = Findings()
    theme = _opened(name, publication, findings)
    if theme is None or findings.fatal:
        msg = f"the theme {name} cannot be opened"
        raise InputError(msg, findings)
    return theme


def _opened(name: str, publication: Path, findings: Findings) -> Theme | None:
    from booklet.theme import open_theme

    root = publication if publication.is_dir() else publication.parent
    theme = open_theme(name, root, ({}, {}), lambda *_: Place("theme"), findings)
    # What the publication itself puts before the theme is none of it.
    return replace(theme, files=theme.own_files) if theme else None


def of_publication(publication: Path) -> tuple[Theme, Path, Header]:
    """Open the theme of a publication; give it with the publication's folder and header.

    Raises:
        InputError: The header or the theme is wrong.
    """
    from booklet.editions.job import place_in_header
    from booklet.manuscript import load_publication
    from booklet.theme import open_theme

    loaded = load_publication(publication)
    findings, theme = Findings(), None
    if (header := loaded.header) is not None:
        asked = (header.options, header.tokens)
        theme = open_theme(
            header.theme, loaded.root, asked,
            lambda *keys: place_in_header(loaded, *keys), findings,
        )  # fmt: skip
    if theme is None or header is None:
        msg = f"{publication} cannot be read"
        raise InputError(msg, findings if header else loaded.diagnostics)
    return theme, loaded.root, header


def _refusal(code: str, place: str, message: str, hint: str = "") -> InputError:
    found = Diagnostic(Place(place), Severity.ERROR, code, message, hint)
    msg = "nothing was written"
    return InputError(msg, (found,))
