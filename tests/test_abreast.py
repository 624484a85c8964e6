"""Editions made side by side are those made one after the other: bytes, findings, their order."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import write_publication

from booklet.build import Report, build
from booklet.editions import abreast
from booklet.errors import ReleaseError

ALL = ["screen", "ebook", "press", "office", "cover"]
TEXT = "# 书名\n\n" + "".join(
    f"## 第{number}节\n\n网络空间是亿万民众共同的精神家园。\n\n——2020年{number}月1日\n\n"
    for number in range(1, 4)
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("abreast") / "book"
    return write_publication(folder, TEXT, title="书名", title_lines=None, editions=ALL)


@pytest.fixture(autouse=True)
def dated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def facts(report: Report) -> tuple[Any, ...]:
    files = [(one.edition, one.path.name, one.path.read_bytes(), one.pages, one.derived)
             for one in report.outputs]  # fmt: skip
    return files, report.diagnostics


def made(book: Path, out: Path, jobs: int, *editions: str) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("booklet.build.hands_at_hand", lambda: jobs)
        return build(book, out, editions)


@pytest.fixture(scope="module")
def serial(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        return made(book, tmp_path_factory.mktemp("serial"), 1)


def forks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    real, found = abreast._fork, list[tuple[str, ...]]()

    def fork(run: Any, names: Any) -> Any:
        found.append(names)
        return real(run, names)

    monkeypatch.setattr(abreast, "_fork", fork)
    return found


def test_all_editions_are_the_same(
    book: Path, serial: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked = forks(monkeypatch)
    assert facts(made(book, tmp_path, 2)) == facts(serial)
    assert [one.edition for one in serial.outputs] == ALL
    assert forked == [("press", "cover"), ("ebook",)]
    assert not multiprocessing.active_children()


def test_an_e_book_that_cites_no_pages_does_not_wait_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_publication(
        tmp_path / "book", TEXT, title="书名", title_lines=None, ebook={"pages": "none"}
    )
    one = made(folder, tmp_path / "one", 1, "screen", "ebook")
    order: list[object] = forks(monkeypatch)  # type: ignore[assignment]
    real = abreast._made

    def make(run: Any, names: Any) -> Any:
        order.append(list(names))
        return real(run, names)

    monkeypatch.setattr(abreast, "_made", make)
    assert facts(made(folder, tmp_path / "two", 2, "screen", "ebook")) == facts(one)
    assert order[:2] == [("ebook",), ["screen"]]


@pytest.mark.parametrize("editions", [["screen"], ["ebook", "press"]])
def test_one_edition_or_those_without_the_screen_make_no_process(
    editions: list[str], book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked = forks(monkeypatch)
    made(book, tmp_path, 2, *editions)
    assert forked == []


def test_an_edition_whose_process_dies_is_made_here(
    book: Path, serial: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(run: Any, names: tuple[str, ...], pipe: Any) -> None:
        if "ebook" in names:
            os.write(pipe.fileno(), b"\0\0\1\0half of what it had to say")
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(abreast, "_work", die)
    report = made(book, tmp_path, 2, "screen", "ebook")
    wanted = [one for one in facts(serial)[0] if one[0] in {"screen", "ebook"}]
    assert facts(report)[0] == wanted


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("parts/excerpt.html", "{{ item.html }}{{ item.html }}"),
        ("print-extra.css", ".excerpt { display: none }"),
    ],
)
def test_what_fails_is_told_in_the_same_words(file: str, words: str, tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "book", TEXT, title="书名", title_lines=None)
    path = folder / "templates" / file
    path.parent.mkdir(parents=True)
    path.write_text(words, "utf-8")
    told = []
    for jobs in (1, 2):
        try:
            report = made(folder, tmp_path / f"out{jobs}", jobs, *ALL)
            told.append(("made", report.diagnostics))
        except ReleaseError as error:
            told.append((str(error), error.diagnostics))
    assert told[0] == told[1]
