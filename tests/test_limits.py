"""There is one table of limits: the manual is made of it, the code asks it, options move it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import environment, write_publication
from tests.hostile_inputs import MANUSCRIPT
from tests.numbered import numbered

import booklet
from booklet import limits
from booklet.limits.manual import manual

ROOT = Path(__file__).parents[1]
SOURCES = sorted(Path(booklet.__file__).parent.rglob("*.py"))


def test_the_manual_is_that_of_the_table() -> None:
    assert (ROOT / "docs/limits.md").read_text("utf-8") == manual()
    written = subprocess.run(
        [sys.executable, "-m", "booklet.limits"], capture_output=True, text=True,
        encoding="utf-8", check=True, env=environment(),
    )  # fmt: skip
    assert written.stdout == manual()


def test_every_limit_is_asked_for_somewhere() -> None:
    words = "".join(
        path.read_text("utf-8") for path in SOURCES if path.name not in {"table.py", "current.py"}
    )
    unused = [one.name for one in limits.TABLE if f'"{one.name}"' not in words]
    assert unused == []


@pytest.mark.parametrize("limit", limits.TABLE, ids=lambda limit: limit.name)
def test_a_publication_moves_a_limit_up_to_its_ceiling(limit: limits.Limit) -> None:
    assert 0 < limit.value <= limit.ceiling
    assert limits.value(limit.name) == limit.value
    with limits.using({limit.name: limit.ceiling * 10}):
        assert limits.value(limit.name) == limit.ceiling
        assert list(limits.excessive({limit.name: limit.ceiling + 1})) == [limit.name]
        with limits.using(lifted={limit.name: limit.ceiling * 10}):
            assert limits.value(limit.name) == limit.ceiling * 10
    with limits.using({limit.name: 1}):
        assert limits.value(limit.name) == 1


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "booklet", *words], capture_output=True, text=True,
        encoding="utf-8", check=False, env=environment(), cwd=cwd,
    )  # fmt: skip


def test_options_move_the_limits_of_finished_files(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(numbered(4))
    for words, said in (
        (("preflight", "x.pdf", "--fast", "--limit", "pdf-checked-pages=2"), "only 2 were looked"),
        (
            ("preflight", "x.pdf", "--fast", "--limit", "pdf-page-operators=3"),
            "many operators on a",
        ),
        (("preflight", "x.pdf", "--fast", "--limit", "pdf-size=99"), "(limit pdf-size: 99"),
        (("impose", "x.pdf", "--limit", "pdf-pages=3"), "(limit pdf-pages: 3)"),
        (("impose", "x.pdf", "--limit", "pdf-depth=1"), "(limit pdf-depth: 1)"),
        (("check", "x.pdf", "--limit", "checked-size=99"), "(limit checked-size: 99)"),
    ):
        ended = run(*words, cwd=tmp_path)
        assert said in ended.stdout + ended.stderr, words
        assert ended.returncode in {1, 2}
        assert "Traceback" not in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["x.pdf"]


def test_the_header_moves_a_limit_of_the_layout(tmp_path: Path) -> None:
    more = '<div style="columns: 2"><div style="display: flex">x</div></div>'
    for depth, said in ((1, "(limit layout-depth: 1)"), (9, "limit-ceiling")):
        book = write_publication(
            tmp_path / str(depth), MANUSCRIPT, title="书名", title_lines=None,
            limits={"layout-depth": depth},
        )  # fmt: skip
        (book / "templates/parts").mkdir(parents=True)
        part = f'<section class="half-title"><p>{{{{ book.title.text }}}}</p>{more}</section>'
        (book / "templates/parts/half-title.html").write_text(part, "utf-8")
        ended = run("build", str(book), "-e", "screen", cwd=tmp_path)
        assert said in ended.stderr
        assert ended.returncode in {1, 2}
