"""The table of codes, the code that uses them, the manual and the faulty fixtures agree."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path

from booklet.codes import CODES, manual

ROOT = Path(__file__).parent.parent
FORM = re.compile(r"^[a-z]+(-[a-z]+)+$")
WITHOUT_HYPHEN = {"template", "css", "preflight", "render", "encoding", "epubcheck", "ace"}


def written_codes() -> set[str]:
    """Collect every string literal of the sources that is a code of the table or looks like one."""
    found: set[str] = set()
    for path in (ROOT / "src/booklet").rglob("*.py"):
        if "codes" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                found |= {
                    arg.value
                    for arg in (*node.args, *(word.value for word in node.keywords))
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                }
            elif isinstance(node, ast.Constant) and node.value in CODES:
                found.add(str(node.value))
    return found


def finding_codes() -> set[str]:
    """Collect the codes that are passed to findings, faults and refusals."""
    calls = {"error", "warning", "note", "FileFault", "Diagnostic", "_refusal", "FileFaultError"}
    found: set[str] = set()
    for path in (ROOT / "src/booklet").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            if name in calls:
                found |= {
                    arg.value
                    for arg in node.args[:3]
                    if isinstance(arg, ast.Constant)
                    and isinstance(arg.value, str)
                    and FORM.match(arg.value)
                }
    return found


def test_every_code_in_the_sources_is_in_the_table() -> None:
    assert finding_codes() - set(CODES) == set()


def test_every_code_of_the_table_is_used() -> None:
    assert set(CODES) - written_codes() == set()


def test_the_manual_is_up_to_date() -> None:
    assert (ROOT / "docs/diagnostics.md").read_text("utf-8") == manual()


def test_every_code_has_a_faulty_fixture_or_a_test_that_names_it() -> None:
    fixtures = {path.name for path in (ROOT / "tests/faulty").iterdir() if path.is_dir()}
    tests = "\n".join(
        path.read_text("utf-8")
        for path in (ROOT / "tests").glob("*.py")
        if path.name != Path(__file__).name
    )
    named = {name for name in CODES if re.search(rf"[\"\[ ]{name}[\"\]]", tests)}
    assert set(CODES) - fixtures - named == set()


def test_codes_are_words_with_hyphens() -> None:
    assert all(FORM.match(name) or name in WITHOUT_HYPHEN for name in CODES)


def test_the_guide_explains_every_code() -> None:
    guide = (ROOT / "content/zuo-yi-ben-xiaoce/codes.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", guide))
    assert set(CODES) - named == set()


def test_the_preview_says_what_the_guide_says() -> None:
    """If this fails, run the script."""
    script = runpy.run_path(str(ROOT / "scripts/meanings.py"))
    guide = (ROOT / "content/zuo-yi-ben-xiaoce/codes.md").read_text("utf-8")
    assert script["TARGET"].read_text("utf-8") == script["script"](guide)
    assert set(script["meanings"](guide)) == set(CODES)
