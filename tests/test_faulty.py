"""One faulty publication for each diagnostic: ``tests/faulty/<code>[-variant]/``.

``expected.txt`` holds the findings, one a line: ``file:line:column: severity[code]``. A folder with
a ``stage.txt`` belongs to the tests of the stage that it names; ``limit.txt`` lowers the largest
size of a file, so that no large file need be stored.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from booklet import limits
from booklet.errors import Diagnostic, InputError, Severity
from booklet.manuscript import load_publication

FAULTY = Path(__file__).parent / "faulty"
SOURCES = Path(__file__).parents[1] / "src" / "booklet" / "manuscript"
FOLDERS = sorted(
    folder for folder in FAULTY.iterdir() if folder.is_dir() and not (folder / "stage.txt").exists()
)
UNREACHABLE = {
    "markup-unsupported",
    *("section-unknown", "picture-unknown", "field-unknown", "field-empty"),
}
"""The first: no known manuscript leads there, a guard against parsers to come, tested apart. The
others are faults of a catalogue; see ``test_batch_catalogue.py``.
"""


def short(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.place}: {diagnostic.severity}[{diagnostic.code}]"


def findings(folder: Path) -> tuple[Diagnostic, ...]:
    """Load a folder as the user in it would, or its only Markdown file."""
    lone = not (folder / "booklet.yaml").exists() and (folder / "manuscript.md").exists()
    try:
        loaded = load_publication(Path("manuscript.md" if lone else "."))
    except InputError as error:
        return error.diagnostics
    fatal = any(item.severity is Severity.ERROR for item in loaded.diagnostics)
    assert (loaded.publication is None) == fatal
    return loaded.diagnostics


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_fault_is_told_at_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    if (folder / "limit.txt").exists():
        limit = int((folder / "limit.txt").read_text())
        with limits.using(lifted={"file-size": limit}):
            found = findings(folder)
    else:
        found = findings(folder)
    expected = (folder / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert [short(item) for item in found] == expected
    assert all(item.message and "\n" not in str(item.message) for item in found)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_is_named_for_a_code_it_shows(folder: Path) -> None:
    expected = (folder / "expected.txt").read_text(encoding="utf-8")
    codes = set(re.findall(r"\[([a-z-]+)\]", expected))
    assert any(folder.name == code or folder.name.startswith(f"{code}-") for code in codes)


def test_every_code_has_a_faulty_folder() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    emitted = set(
        re.findall(
            r"(?:\.error\(|\.warning\(|FileError\(|_refuse\()[^\"]*?\"([a-z]+-[a-z-]+|encoding)\"",
            text,
        )
    )
    shown = {
        code
        for folder in FOLDERS
        for code in re.findall(r"\[([a-z-]+)\]", (folder / "expected.txt").read_text("utf-8"))
    }
    assert emitted - shown - UNREACHABLE == set()
