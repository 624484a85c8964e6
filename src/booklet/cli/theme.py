"""``booklet theme``."""

from __future__ import annotations

import typer

app = typer.Typer(help="Themes: how a publication looks.", no_args_is_help=True)


@app.callback()
def _theme() -> None:
    """Themes: how a publication looks."""


@app.command("list")
def list_themes() -> None:
    """List the built-in themes with what they are for."""
    from pathlib import Path

    from booklet.errors import Findings, Place
    from booklet.theme import built_in_themes, open_theme

    for name in built_in_themes():
        findings = Findings()
        theme = open_theme(
            name, Path("/nonexistent"), ({}, {}), lambda key, _: Place(key), findings
        )
        if theme is not None:
            spec = theme.specs[0]
            typer.echo(f"{name}\t{spec.label.zh}\t{spec.description.zh}")
