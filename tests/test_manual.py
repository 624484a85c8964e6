"""Every command and option is in the manual, and the manual names no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer
from ruamel.yaml import YAML

from booklet.cli.app import app
from booklet.manuscript import header_schema
from booklet.theme import SearchPath
from booklet.theme.spec import PageSpec, Preset, ThemeSpec
from booklet.theme.templates import read_template, template_names
from booklet.theme.tokens import OptionSpec, TokenSpec
from booklet.typeset.coversheet import CoverView
from booklet.typeset.views import (
    AttributionView,
    BookView,
    ColophonLine,
    ExcerptView,
    ItemView,
    PageView,
    SectionView,
    TitleView,
)

ROOT = Path(__file__).parents[1]
MANUAL = (ROOT / "docs/commands.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Walk the tree of commands."""
    if hasattr(command, "commands"):
        for name, child in command.commands.items():
            yield from commands(child, (*path, name))
    else:
        yield " ".join(path), command


def options(command: Any) -> set[str]:
    """Give the long names of a command's options."""
    names = [name for param in command.params for name in (*param.opts, *param.secondary_opts)]
    return {name for name in names if name.startswith("--")}


def test_every_command_and_option_is_in_the_manual() -> None:
    root = typer.main.get_command(app)
    for name, command in commands(root):
        words = name.split()
        assert f"booklet {words[0]}" in MANUAL
        assert words[-1] in MANUAL
        assert f"booklet {words[0]}" in README
        for option in options(command):
            assert f"`{option}`" in MANUAL, (name, option)
    for option in options(root):
        assert f"`{option}`" in MANUAL


def test_the_manual_names_no_option_that_is_not_there() -> None:
    root = typer.main.get_command(app)
    known = {"--help", *options(root)}
    for _, command in commands(root):
        known |= options(command)
    assert set(re.findall(r"`(--[a-z-]+)`", MANUAL)) <= known


def test_the_schema_beside_the_manual_is_that_of_the_models() -> None:
    written = json.loads((ROOT / "docs/booklet.schema.json").read_text("utf-8"))
    assert written == header_schema()


def test_the_samples_name_the_schema_for_an_editors_completion() -> None:
    for header in (ROOT / "content").glob("*/booklet.yaml"):
        first = header.read_text("utf-8").splitlines()[0]
        match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert match
        assert (header.parent / match[1]).resolve() == (ROOT / "docs/booklet.schema.json")


def test_every_template_block_token_and_option_is_in_the_manual_of_themes() -> None:
    manual = (ROOT / "docs/themes.md").read_text("utf-8")
    reader = ROOT / "templates/reader"
    files = SearchPath((reader,), ("reader",))
    rows = []
    for name in template_names(files):
        template = read_template(files, name)
        assert template is not None
        rows.append(f"| `{name}` | | {template.purpose} |")
        rows += [f"| | `{block.name}` | {block.purpose} |" for block in template.blocks]
        assert template.purpose
        assert template.blocks, name
        assert all(block.purpose for block in template.blocks), name
    assert "\n".join(rows) in manual
    theme = YAML(typ="safe").load((reader / "theme.yaml").read_text("utf-8"))
    for name in (*theme["tokens"], *theme["options"]):
        assert f"`{name}`" in manual


def test_every_field_that_a_template_sees_is_in_the_manual_of_themes() -> None:
    manual = (ROOT / "docs/themes.md").read_text("utf-8")
    for view in (BookView, PageView, TitleView, SectionView, ItemView, ExcerptView,
                 AttributionView, ColophonLine, CoverView):  # fmt: skip
        for field in fields(view):
            assert f"`{field.name}`" in manual, (view, field.name)


def test_every_key_of_a_theme_is_in_the_manual_of_themes() -> None:
    manual = (ROOT / "docs/themes.md").read_text("utf-8")
    for model in (ThemeSpec, TokenSpec, OptionSpec, PageSpec, Preset):
        for name, info in model.model_fields.items():
            assert f"`{info.alias or name}`" in manual, (model, name)
