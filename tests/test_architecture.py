"""The arrows of the architecture: who may import whom, who may print, how long a module may be."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
MODULES = sorted((SOURCE / "booklet").rglob("*.py"))
LONGEST_MODULE = 350

BASE = {"errors", "limits"}
STAGES = {
    *("model", "manuscript", "derive", "fonts", "theme", "typeset"),
    *("output", "finish", "checks", "suits"),
}
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "codes": set(),
    "progress": {"errors"},
    "linker": set(),
    "unchanged": {"output.put", "__init__"} | BASE,
    "compose": set(),  # could be a package of its own
    "limits": set(),
    "worker": {"limits"} | BASE,
    "model": BASE,
    "manuscript": {"model"} | BASE,
    "importing": {"manuscript", "model"} | BASE,
    "derive": {"model"} | BASE,
    "fonts": BASE,
    "theme": {"fonts"} | BASE,
    "typeset": {"model", "theme"} | BASE,
    "output": {"compose", "linker", "typeset", "theme", "fonts", "model", "progress", "__init__"}
    | BASE,
    "finish": {"model", "typeset.book", "typeset.segments"} | BASE,
    "checks": {"derive", "fonts", "manuscript", "model"} | BASE,
    "suits": {"model", "theme"} | BASE,
    "check": {"progress", "__init__"} | BASE,
    "editions": {*STAGES, "check", "progress"} | BASE,
    "build": {"editions", "manuscript", "model", "output.means", "output.put", "progress"} | BASE,
    "batch": {*STAGES, "build", "compose", "progress", "worker", "__init__"} | BASE,
    "showcase": {*STAGES, "editions", "progress"} | BASE,
    "preview": {*STAGES, "check", "editions", "progress", "worker"} | BASE,
    "cli": {
        "batch",
        "importing",
        "preview",
        "showcase",
        *STAGES,
        "build",
        "check",
        "editions",
        "codes",
        "progress",
        "unchanged",
        "worker",
        "__init__",
    }
    | BASE,
    "__main__": {"cli"},
    "__init__": set(),
}
"""Packages and modules of `booklet`, and what each may import of it besides itself."""

HEAVY = ("weasyprint", "ebooklib", "pikepdf", "pypdfium2", "PIL", "fontTools")
"""Libraries that take longer to import than a small command takes to run."""


def dotted(path: Path) -> str:
    parts = path.relative_to(SOURCE / "booklet").with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def home(module: str) -> str:
    return module.partition(".")[0]


KNOWN = {dotted(path) for path in MODULES}


def imports(tree: ast.Module) -> Iterator[str]:
    """Yield what a module imports of ours, as dotted names below `booklet`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from booklet.output import pdf` imports a module; `from booklet.build import build`
            # a value of one.
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [one if one.removeprefix("booklet.") in KNOWN else node.module for one in whole]
        else:
            names = []
        for name in names:
            if name == "booklet":
                yield "__init__"
            elif name.startswith("booklet."):
                yield name.removeprefix("booklet.")


def forbidden(module: str, imported: str) -> bool:
    own = home(module)
    if home(imported) == own:
        return False
    return not {imported, home(imported)} & ALLOWED[own]


def test_every_package_has_its_line_in_the_table() -> None:
    assert {home(module) for module in KNOWN} == set(ALLOWED)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_imports_only_what_lies_before_it(path: Path) -> None:
    module = dotted(path)
    found = set(imports(ast.parse(path.read_text("utf-8"))))
    assert {name for name in found if forbidden(module, name)} == set()


def test_the_table_catches_an_import_against_the_arrow() -> None:
    code = "from booklet.typeset import paged\nfrom booklet.typeset.book import Segment\n"
    found = list(imports(ast.parse(code + "def f():\n    import booklet.cli.app\n")))
    assert found == ["typeset.paged", "typeset.book", "cli.app"]
    assert [forbidden("finish.fidelity", name) for name in found] == [True, False, True]


def test_packages_import_each_other_in_no_circle() -> None:
    before: dict[str, set[str]] = {
        name: {home(one) for one in allowed} for name, allowed in ALLOWED.items()
    }
    while before:
        free = {name for name, needed in before.items() if not needed & before.keys()}
        assert free, before
        before = {name: needed for name, needed in before.items() if name not in free}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_only_the_command_line_prints(path: Path) -> None:
    if home(dotted(path)) == "cli":
        return
    tree = ast.parse(path.read_text("utf-8"))
    # What runs as a script may write to stdout: it is a command of its own.
    tree.body = [node for node in tree.body if "__main__" not in ast.unparse(node)[:40]]
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="print" | "input")):
                pytest.fail(f"line {node.lineno} prints")
            case ast.Attribute(value=ast.Name(id="typer" | "click"), attr="echo" | "secho"):
                pytest.fail(f"line {node.lineno} prints")
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout"):
                pytest.fail(f"line {node.lineno} writes to stdout")
            case ast.Import(names=names) if any(one.name == "typer" for one in names):
                pytest.fail(f"line {node.lineno} imports typer")


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_is_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    assert len(said.split()) >= 2, said
    assert "TODO" not in said


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [(["--help"], "build"), (["--version"], "booklet "), (["theme", "list"], "reader")],
)
def test_a_small_command_loads_no_large_library(arguments: list[str], shown: str) -> None:
    code = (
        "import contextlib, json, sys\n"
        "from booklet.cli import main\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "with contextlib.suppress(SystemExit):\n"
        "    main()\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    *words, loaded = run.stdout.splitlines()
    assert shown in "\n".join(words)
    assert json.loads(loaded) == []
