"""Every command and option is in the manual, and the manual names no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from booklet.cli.app import app

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
    return {name for param in command.params for name in param.opts if name.startswith("--")}


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
