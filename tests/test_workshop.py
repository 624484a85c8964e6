"""Pieces set side by side, or from the cache, give the very bytes of pieces set one by one."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import write_publication

from booklet.build import CACHE, build
from booklet.compose import Edge, Laid
from booklet.errors import Diagnostic, Place, Severity
from booklet.output import workshop
from booklet.output.galley import Galley
from booklet.output.keeping import Shelf, pack, unpack
from booklet.output.memory import moved
from booklet.output.overset import Fault
from booklet.output.setting import Task
from booklet.output.sheaf import Sheaf
from booklet.typeset.pieces import Start

TEXT = "网络空间是亿万民众共同的精神家园。" * 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of eight sections with notes, long enough to be set side by side."""
    sections = "".join(
        f"## 第{number}节\n\n{TEXT[: 180 + 150 * number]}[^{number}]\n\n"
        f"——2020年{number}月1日，在会上\n\n"
        for number in range(1, 9)
    )
    notes = "".join(f"[^{number}]: 这是第{number}条注。\n\n" for number in range(1, 9))
    return write_publication(
        tmp_path_factory.mktemp("shop") / "book", f"# 书名\n\n{sections}{notes}",
        title="书名", title_lines=None, options={"sections": "page"},
    )  # fmt: skip


@pytest.fixture(autouse=True)
def always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("booklet.output.pieced.WORTH_IT", 0)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def digest(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> str:
    monkeypatch.setattr("booklet.build.hands_at_hand", lambda: jobs)
    report = build(folder, out, ["screen"])
    return hashlib.sha256(report.outputs[0].path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def serial(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        out = tmp_path_factory.mktemp("serial")
        return digest(folder, out, patch, 1), out


def test_side_by_side(
    folder: Path, serial: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = threading.active_count()
    assert digest(folder, tmp_path, monkeypatch, 3) == serial[0]
    assert threading.active_count() == before
    assert not multiprocessing.active_children()


def test_nobody_waits_beside_a_large_piece(
    folder: Path, serial: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processes are ended when the last piece is a large one, and forked anew for the next."""
    real, left = workshop.Workshop._dismiss, list[int]()

    def dismiss(self: workshop.Workshop) -> None:
        real(self)
        left.append(len(self._workers))

    monkeypatch.setattr(workshop, "LARGE", 0)
    monkeypatch.setattr(workshop.Workshop, "_dismiss", dismiss)
    assert digest(folder, tmp_path, monkeypatch, 3) == serial[0]
    assert left
    assert max(left) <= 2
    assert not multiprocessing.active_children()


def test_from_the_cache(
    folder: Path, serial: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booklet.output.pieced.Typesetter.set", _never)
    assert digest(folder, serial[1], monkeypatch, 1) == serial[0]


def _never(*_: object) -> None:
    msg = "a piece was set"
    raise AssertionError(msg)


def test_one_edit_sets_one_piece(
    folder: Path, serial: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word is changed in one section, and a line is put in front of all of them."""
    from booklet.output.pieced import Typesetter

    shelf = serial[1] / CACHE
    real, told = Typesetter.set, []

    def count(self: Typesetter, task: Task, ahead: Any = ()) -> Any:
        told.append(task.number)
        return real(self, task, ahead)

    monkeypatch.setattr(Typesetter, "set", count)
    text = (folder / "manuscript.md").read_text("utf-8")
    changed = text.replace("## 第5节\n\n网络", "## 第5节\n\n网路")
    assert changed != text
    other = write_publication(
        tmp_path / "book", changed.replace("# 书名\n", "# 书名\n\n\n"),
        title="书名", title_lines=None, options={"sections": "page"},
    )  # fmt: skip
    out = tmp_path / "out"
    out.mkdir()
    (out / ".cache").mkdir()
    (out / CACHE).symlink_to(shelf)
    digest(other, out, monkeypatch, 1)
    assert len(told) == 1


@pytest.mark.parametrize("spoil", ["cut", "empty", "noise", "other"])
def test_a_damaged_entry_is_set_anew(
    spoil: str,
    folder: Path,
    serial: tuple[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    for number, file in enumerate(sorted((serial[1] / CACHE).glob("*/*"))):
        target = out / CACHE / file.parent.name / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        data = file.read_bytes()
        if number % 2:
            data = {
                "cut": data[: len(data) // 2], "empty": b"", "noise": bytes(reversed(data)),
                "other": hashlib.sha256(pack("x")).digest() + pack("x"),
            }[spoil]  # fmt: skip
        target.write_bytes(data)
    assert digest(folder, out, monkeypatch, 1) == serial[0]


def test_a_cache_that_cannot_be_written_does_no_harm(
    folder: Path, serial: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".cache").write_text("in the way")
    assert digest(folder, tmp_path, monkeypatch, 1) == serial[0]


def test_a_process_that_is_killed_costs_no_piece(
    folder: Path, serial: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = workshop._work

    def die(typesetter: Any, pipe: Any, others: Any) -> None:
        class Mortal:
            left = 2

            def set(self, task: Task, ahead: Any) -> Any:
                self.left -= 1
                if not self.left:
                    os.kill(os.getpid(), signal.SIGKILL)
                return typesetter.set(task, ahead)

        real(Mortal(), pipe, others)  # type: ignore[arg-type]

    monkeypatch.setattr(workshop, "_work", die)
    assert digest(folder, tmp_path, monkeypatch, 2) == serial[0]


# ---- entries -------------------------------------------------------------------------------------


def galley(findings: tuple[Diagnostic, ...] = ()) -> Galley:
    edge = Edge(forced=True, name="body", bare=True)
    left = Laid((1, 2), {"book": "书"}, frozenset({"head"}), frozenset(), frozenset({"book"}),
                False, edge, edge)  # fmt: skip
    return Galley(
        left=left, counters=(1, 2), folios={"s1": 1}, ends_right=False, labels=(), words={"k": "①"},
        again=frozenset(), findings=findings, grids=(None,), screen=Sheaf((), {3: b"<<>>"}),
    )  # fmt: skip


def test_an_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    told = Diagnostic(Place("a.md", 7, 2), Severity.WARNING, "strained-line", "loose", "mend it")
    value = (Start(right=True, folio=3, strings=(("book", "书"),)), galley((told,)), Fault.CUT)
    shelf = Shelf(tmp_path)
    shelf.put("ab" * 32, value)
    assert shelf.get("ab" * 32) == value
    assert shelf.get("cd" * 32) is None
    shelf.tidy(0)
    assert shelf.get("ab" * 32) is None


def test_what_is_no_file_is_no_entry(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    os.mkfifo(tmp_path / "ab" / ("cd" * 8))
    (tmp_path / "ab" / "ef").mkdir()
    shelf = Shelf(tmp_path)
    assert shelf.get("ab" + "cd" * 8) is None
    assert shelf.get("abef") is None


def test_places_move_with_their_piece() -> None:
    told = Diagnostic(Place("a.md", 7, 2), Severity.WARNING, "strained-line", "loose")
    change: Callable[[Place], Place] = lambda place: replace(place, line=place.line + 5)  # noqa: E731
    assert moved(galley((told,)), change).findings[0].place == Place("a.md", 12, 2)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_entry_or_none(data: bytes) -> None:
    try:
        unpack(data)
    except ValueError:
        return


def test_the_cache_keeps_what_was_used_last(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for number in range(6):
        shelf.put(f"{number}" * 64, "x" * 1000)
        os.utime(next((tmp_path / f"{number}{number}").iterdir()), (number, number))
    shelf.get("0" * 64)
    shelf.tidy(2500)
    assert [number for number in range(6) if shelf.get(f"{number}" * 64)] == [0, 5]
