"""A book that is set in one piece says why; the themes of the house are set in pieces."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Command, write_publication

from booklet.editions.job import prepare
from booklet.editions.run import Run
from booklet.errors import Findings
from booklet.output import rendering, setting
from booklet.output.pieced import Typesetter
from booklet.progress import NullProgress
from booklet.typeset.book import PagedBook, Stylesheet
from booklet.typeset.paged import typeset_pages

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "templates").glob("*/sample"))
TEXT = "# 书名\n\n" + "".join(
    f"## 第{number}节 {{#s{number}}}\n\n网络空间是家园。[^{number}]\n\n——2020年{number}月\n\n"
    for number in range(1, 4)
) + "".join(f"[^{number}]: 注。\n\n" for number in range(1, 4))  # fmt: skip


class Whole:
    """Stands for a book set at once."""

    labels = ()

    def __init__(self, *_: object) -> None:
        self.whole = ""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, PagedBook]:
    folder = write_publication(
        tmp_path_factory.mktemp("whole") / "book", TEXT, title="书名", title_lines=None,
        options={"sections": "page"},
    )  # fmt: skip
    findings = Findings()
    job = prepare(folder, findings, NullProgress())
    run = Run(job, findings, NullProgress())
    return run, typeset_pages(job.publication, job.theme, job.geometry)


def reason(run: Run, book: PagedBook, monkeypatch: pytest.MonkeyPatch, css: str = "") -> str:
    monkeypatch.setattr(rendering, "WholeRendering", Whole)
    sheets = (*book.sheets, Stylesheet("print-extra.css", css))
    return run.render(replace(book, sheets=sheets)).whole


@pytest.mark.parametrize(
    ("css", "words"),
    [
        ("", ""),
        ("@page { @top-left { content: counter(pages) } }", "print-extra.css uses counter(pages)"),
        ("p::after { content: target-text(attr(href)) }", "target-text()"),
        (".seal { position: fixed }", "position: fixed"),
        (":root { writing-mode: vertical-rl }", "vertical lines"),
        ("@page :nth(3) { margin: 0 }", "counts pages through the book: @page :nth(3)"),
        (".section:nth-child(2) { color: red }", "among its siblings: .section:nth-"),
        ("main:has(h2) { color: red }", "what an element holds or what follows it: main:has("),
        (".section { counter-increment: chapter }", "the counter chapter counts through the book"),
        ("@page { counter-reset: none }", "notes are counted through the book"),
        (
            ".contents, .section { page: auto !important; break-before: auto !important; "
            "break-after: auto !important } .sections .section { page: auto !important }",
            "goes on where the other ends",
        ),
        ("main { padding-top: 12pt }", "has a border, padding or margin"),
        (
            ".title-page h1 { position: running(head) } "
            "@page opening { @top-center { content: element(head) } }",
            "a running element of one part stands on pages of another: head",
        ),
    ],
)
def test_a_style_sheet_that_keeps_a_book_whole_is_named(
    css: str, words: str, book: tuple[Run, PagedBook], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = reason(*book, monkeypatch, css)
    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda html: html.replace("<body>", "<body id='b'>"), "its document has no body"),
        (
            lambda html: html.replace("<body>\n", "<body>\n词"),
            "words stand outside of all elements",
        ),
        (
            lambda html: html[: html.index("<body>\n") + 7] + "<p>词</p>\n</body></html>",
            "it has one part alone",
        ),
    ],
)
def test_a_document_that_cannot_be_cut_says_so(
    change: Any, words: str, book: tuple[Run, PagedBook], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, pages = book
    assert reason(run, replace(pages, html=change(pages.html)), monkeypatch) == words


def test_a_note_that_two_parts_call_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "# 书名\n\n## 甲\n\n正文。[^1]\n\n## 乙\n\n正文。[^1]\n\n[^1]: 注。\n"
    folder = write_publication(tmp_path / "book", text, title="书名", title_lines=None)
    findings = Findings()
    job = prepare(folder, findings, NullProgress())
    pages = typeset_pages(job.publication, job.theme, job.geometry)
    said = reason(Run(job, findings, NullProgress()), pages, monkeypatch)
    assert said == "a note is called from more than one part"


def test_folios_that_never_settle_are_told(
    book: tuple[Run, PagedBook], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setting, "MOST_ROUNDS", 1)
    assert reason(*book, monkeypatch) == "its folios move the pages that they stand on"


def test_a_part_without_a_page_is_told(
    book: tuple[Run, PagedBook], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Typesetter.set

    def none(self: Typesetter, task: setting.Task, ahead: Any = ()) -> Any:
        made, galley = real(self, task, ahead)
        return made, replace(galley, counters=())

    monkeypatch.setattr(Typesetter, "set", none)
    assert reason(*book, monkeypatch) == "one of its parts has no page"


def test_what_stands_on_every_page_is_told(
    book: tuple[Run, PagedBook], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Typesetter.set

    def fixed(self: Typesetter, task: setting.Task, ahead: Any = ()) -> Any:
        made, galley = real(self, task, ahead)
        return made, replace(galley, left=replace(galley.left, fixed=True))

    monkeypatch.setattr(Typesetter, "set", fixed)
    assert reason(*book, monkeypatch) == "something stands on every page (position: fixed)"


def test_a_renderer_that_stops_is_told(
    book: tuple[Run, PagedBook], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        msg = "no way on"
        raise ZeroDivisionError(msg)

    monkeypatch.setattr("booklet.output.pieced.pull_galley", stop)
    said = reason(*book, monkeypatch)
    assert said == "the renderer stopped: ZeroDivisionError: no way on"


def test_build_says_so_where_it_is_asked(tmp_path: Path, booklet_: Command) -> None:
    folder = write_publication(tmp_path / "book", TEXT, title="书名", title_lines=None)
    extra = folder / "templates" / "print-extra.css"
    extra.parent.mkdir()
    extra.write_text("main:has(h2) { color: black }\n", "utf-8")
    words = ("build", folder, "-e", "screen", "-o", tmp_path / "out")
    silent, first, again = booklet_(*words), booklet_(*words, "-v"), booklet_(*words, "--verbose")
    wanted = "book: set in one piece: print-extra.css asks what an element holds"
    assert silent.status == first.status == again.status == 0
    assert "piece" not in silent.err
    assert wanted in first.err
    assert first.err == again.err
    assert "asides" not in json.loads(booklet_(*words, "--json").out)
    (aside,) = json.loads(booklet_(*words, "--json", "-v").out)["asides"]
    assert aside.startswith(wanted)
    extra.write_text("main { color: black }\n", "utf-8")
    pieces = booklet_(*words, "-v")
    assert (pieces.status, "piece" in pieces.err) == (0, False)


RUN_ON = "one of its parts goes on where the other ends"
WHY = {"classic": "uses vertical lines", "magazine": RUN_ON, "pocket": RUN_ON}
"""Themes that are set at once by their nature: lines of columns, sections that run on."""


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.parent.name)
def test_the_themes_of_the_house_are_set_in_pieces(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in its own sample: a rule that looks ahead would cost memory and every quick edit."""
    findings = Findings()
    job = prepare(sample, findings, NullProgress())
    pages = typeset_pages(job.publication, job.theme, job.geometry)
    said = reason(Run(job, findings, NullProgress()), pages, monkeypatch)
    wanted = WHY.get(sample.parent.name, "")
    assert wanted in said
    assert bool(said) == bool(wanted), said
