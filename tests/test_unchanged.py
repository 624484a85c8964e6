"""A build of which nothing has changed is told at once; any change is built."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import write_publication

from booklet.errors import Diagnostic, Place, Severity
from booklet.unchanged import FOLDER, Asked, Told, recall, remember, state


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    folder = write_publication(
        tmp_path / "book", "# 书名\n\n正文。\n", title="书名", title_lines=None
    )
    (folder / "images").mkdir()
    (folder / "images" / "a.svg").write_text("<svg/>")
    return Asked(folder, tmp_path / "out", ("screen", "strict=False"))


def told_of(asked: Asked) -> Told:
    output = asked.out / "book" / "book.pdf"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(b"%PDF")
    found = Diagnostic(Place("a.md", 3, 1), Severity.WARNING, "title-differs", "另一个", "改")
    values = {"edition": "screen", "path": str(output), "bytes": 4, "pages": 2, "derived": None}
    return Told("book", "书名", (values,), (found,))


def test_nothing_has_changed(asked: Asked) -> None:
    told = told_of(asked)
    assert recall(asked) is None
    remember(asked, state(asked), told)
    assert recall(asked) == told


@pytest.mark.parametrize(
    "change",
    [
        lambda asked: (asked.source / "manuscript.md").write_text("# 书名\n\n正文，\n"),
        lambda asked: os.utime(asked.source / "booklet.yaml", (1, 1)),
        lambda asked: (asked.source / "images" / "a.svg").unlink(),
        lambda asked: (asked.source / "fonts").mkdir() or (asked.source / "fonts/x").write_text(""),
        lambda asked: (asked.out / "book" / "book.pdf").write_bytes(b"%PDF-1"),
        lambda asked: (asked.out / "book" / "book.pdf").unlink(),
        lambda asked: os.environ.__setitem__("SOURCE_DATE_EPOCH", "12345"),
        lambda asked: next((asked.out / FOLDER).iterdir()).write_text("{"),
        lambda asked: next((asked.out / FOLDER).iterdir()).write_text("[" * 100_000),
        lambda asked: next((asked.out / FOLDER).iterdir()).write_text('{"state": null}'),
    ],
    ids=["words", "time", "picture", "font", "output", "gone", "date", "cut", "deep", "null"],
)
def test_what_has_changed_is_built(
    change: Callable[[Asked], object], asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    remember(asked, state(asked), told_of(asked))
    assert recall(asked) is not None
    change(asked)
    assert recall(asked) is None


def test_another_option_is_another_build(asked: Asked) -> None:
    remember(asked, state(asked), told_of(asked))
    assert recall(Asked(asked.source, asked.out, ("screen", "strict=True"))) is None


def test_outputs_within_the_publication_are_no_change_of_it(asked: Asked) -> None:
    inside = Asked(asked.source, asked.source / "out", asked.options)
    told = told_of(inside)
    remember(inside, state(inside), told)
    assert recall(inside) == told


def test_a_folder_too_large_is_not_looked_through(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booklet.unchanged.MOST_FILES", 2)
    assert state(asked) is None
    remember(asked, state(asked), told_of(asked))
    assert recall(asked) is None


SCRIPT = """
import json, sys
sys.argv = ["booklet", "build", sys.argv[1], "-o", sys.argv[2], "-e", "ebook", "--json"]
from booklet.cli.app import app
try:
    app(standalone_mode=False)
finally:
    heavy = {"weasyprint", "booklet.build"} & set(sys.modules)
    sys.stderr.write("heavy" if heavy else "light")
"""


def test_a_build_without_change_loads_no_renderer(asked: Asked) -> None:
    runs = []
    for _ in range(2):
        command = [sys.executable, "-c", SCRIPT, str(asked.source), str(asked.out)]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True,
            env={**os.environ, "BOOKLET_NO_WORKER": "1"},
        )  # fmt: skip
        runs.append((json.loads(done.stdout), done.stderr))
    assert runs[0][0] == runs[1][0]
    assert [said for _, said in runs] == ["heavy", "light"]
