"""Whatever a stranger sends ends in a finding: at once, in place, with nothing read or written.

The inputs of `tests.hostile_inputs` run one after another in a child whose memory and time are
limited. What only the worker can end runs through the installed command.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import environment, write_publication
from tests.hostile_inputs import HALF_TITLE, MANUSCRIPT, Case, cases

CASES = cases()
SECONDS = 8.0
"""Of processor time, on a machine that is slow and busy."""


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """Run every case, and give what became of it."""
    home = tmp_path_factory.mktemp("hostile")
    run = subprocess.run(
        [sys.executable, "-m", "tests.hostile_runner", str(home), "0", "1"],
        capture_output=True, text=True, encoding="utf-8", timeout=900, check=False,
        cwd=Path(__file__).parents[1], env=environment(),
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    return {end["name"]: end for end in map(json.loads, run.stdout.splitlines())}


def test_there_are_many() -> None:
    assert len(CASES) >= 300


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_input_is_told_and_does_no_harm(case: Case, ends: Mapping[str, Any]) -> None:
    end = ends[case.name]
    said = [*end["err"].splitlines(), *(f"stdout: {line}" for line in end["out"].splitlines())]
    expected = re.compile(re.escape(case.expected).replace(r"\*", "[^ ]*"))
    assert any(expected.match(line) for line in said), said[:8]
    assert end["status"] == case.status
    assert "Traceback" not in end["err"]
    assert "a fault of booklet" not in end["err"]
    assert end["seconds"] < SECONDS
    assert not end["leak"]
    assert end["made"] == []
    assert end["seen"] == []
    assert end["raw"] == []


# ---- what only the worker ends -------------------------------------------------------------------

FLEX = '<div style="display: flex">' * 14 + "x" + "</div>" * 14


def test_a_layout_that_never_ends_is_stopped_and_told(tmp_path: Path) -> None:
    book = write_publication(tmp_path / "book", MANUSCRIPT, title="书名", title_lines=None)
    (book / "templates" / "parts").mkdir(parents=True)
    part = HALF_TITLE.replace("MORE", FLEX)
    (book / "templates" / "parts" / "half-title.html").write_text(part, encoding="utf-8")
    out = tmp_path / "out" / "book"
    out.mkdir(parents=True)
    (out / "book.pdf").write_bytes(b"earlier")
    ended = subprocess.run(
        [sys.executable, "-m", "booklet", "build", str(book), "-e", "screen", "-o",
         str(tmp_path / "out"), "--limit", "worker-cpu=4", "--limit", "layout-depth=99", "--limit",
         "layout-work=1000000000000"],
        capture_output=True, text=True, env=environment(), check=False, timeout=300,
    )  # fmt: skip
    assert ended.returncode == 3, ended.stderr
    assert "error[worker-limit]: stopped at “render the PDF”" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert [path.name for path in out.iterdir()] == ["book.pdf"]
    assert (out / "book.pdf").read_bytes() == b"earlier"


def test_a_page_too_many_is_told(tmp_path: Path) -> None:
    book = write_publication(
        tmp_path / "book", MANUSCRIPT, title="书名", title_lines=None, limits={"pages": 2}
    )
    ended = subprocess.run(
        [sys.executable, "-m", "booklet", "build", str(book), "-e", "screen", "-o",
         str(tmp_path / "out")],
        capture_output=True, text=True, env=environment(), check=False, timeout=300,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    assert "error[page-limit]: the edition has" in ended.stderr
    assert "(limit pages: 2)" in ended.stderr


def test_the_command_line_lifts_a_ceiling(tmp_path: Path) -> None:
    book = write_publication(
        tmp_path / "book", MANUSCRIPT + "甲" + "\u0301" * 40 + "![](no.png)\n", title="书名",
        title_lines=None, limits={"marks": 300},
    )  # fmt: skip
    for more, codes in (
        ([], {"limit-ceiling", "image-missing"}),
        (["--limit", "marks=300"], {"image-missing"}),
        (["--limit", "marks=20"], {"text-limit", "image-missing"}),
    ):
        ended = subprocess.run(
            [sys.executable, "-m", "booklet", "build", str(book), *more], capture_output=True,
            text=True, env=environment(), check=False, cwd=tmp_path,
        )  # fmt: skip
        assert set(re.findall(r"error\[([a-z-]+)\]", ended.stderr)) == codes, ended.stderr
