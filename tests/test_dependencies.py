"""Every library that the sources import is declared, and ARCHITECTURE.md says why."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMES = {
    "PIL": "pillow",
    "barcode": "python-barcode",
    "fontTools": "fonttools",
    "markdown_it": "markdown-it-py",
    "mdit_py_plugins": "mdit-py-plugins",
    "mdit_py_cjk_friendly": "mdit-py-cjk-friendly",
    "ruamel": "ruamel.yaml",
    "zxingcpp": "zxing-cpp",
}
"""Import name → distribution, where they differ."""


def imported() -> set[str]:
    """Name the distributions that the sources import."""
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return {NAMES.get(name, name) for name in found - set(sys.stdlib_module_names) - {"booklet"}}


def declared() -> set[str]:
    """Name the distributions that the package declares."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["cluster"]]
    return {line.split("=")[0].split(">")[0].strip() for line in lines}


def test_what_is_imported_is_declared_and_nothing_else() -> None:
    assert imported() == declared()


def test_each_dependency_has_its_reason() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    missing = [name for name in declared() if f"{name}" not in text.split("## Dependencies")[1]]
    assert missing == []
