"""A book set in pieces has the pages of the book set at once, and one that crosses stays whole."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import write_publication
from tests.line_facts import read_glyphs
from tests.pdf_facts import Pdf, read_pdf

from booklet.compose import Beginning, going_on, install, laid
from booklet.editions.job import Job, prepare
from booklet.editions.run import Run
from booklet.errors import Findings
from booklet.output.means import Means
from booklet.output.pdf import WholeRendering
from booklet.output.pieced import PiecedRendering, WholeError
from booklet.output.recalling import Memory
from booklet.output.rendering import Rendering
from booklet.output.setting import Task
from booklet.progress import NullProgress
from booklet.typeset.book import PagedBook, Stylesheet
from booklet.typeset.crossing import crossing, folio_selectors
from booklet.typeset.paged import typeset_pages
from booklet.typeset.pieces import cut

CONTENT = Path(__file__).parents[1] / "content"
LONG = "网络空间是亿万民众共同的精神家园。" * 40


def job_of(source: Path) -> Job:
    findings = Findings()
    job = prepare(source, findings, NullProgress())
    assert not findings.fatal
    return job


def facts(rendering: Rendering) -> Pdf:
    return read_pdf(rendering.draw_screen())


def both(source: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Rendering, Rendering]:
    """Render a publication in pieces and at once."""
    job = job_of(source)
    book = typeset_pages(job.publication, job.theme, job.geometry)
    pieced = Run(job, Findings(), NullProgress()).render(book)
    monkeypatch.setattr("booklet.output.rendering.PiecedRendering", _refuse)
    whole = Run(job, Findings(), NullProgress()).render(book)
    assert isinstance(pieced, PiecedRendering)
    assert isinstance(whole, WholeRendering)
    return pieced, whole


def _refuse(*_: object, **__: object) -> None:
    msg = "not in this test"
    raise WholeError(msg)


def book_of(source: Path) -> PagedBook:
    job = job_of(source)
    return typeset_pages(job.publication, job.theme, job.geometry)


def with_rule(book: PagedBook, css: str) -> PagedBook:
    return replace(book, sheets=(*book.sheets, Stylesheet("print-extra.css", css)))


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sections of one to three pages, with notes, links between them, and pages for contents."""
    sections = "".join(
        f"## 第{number}节 {{#s{number}}}\n\n{LONG[: 200 + 170 * number]}[^{number}]\n\n"
        f"见[另一节](#s{(number * 3) % 7 + 1})。\n\n——2020年{number}月1日，在会上\n\n"
        for number in range(1, 8)
    )
    notes = "".join(f"[^{number}]: 这是第{number}条注。\n\n" for number in range(1, 8))
    return write_publication(
        tmp_path_factory.mktemp("noted") / "book", f"# 书名\n\n{sections}{notes}",
        title="书名", title_lines=None, options={"sections": "page"},
    )  # fmt: skip


@pytest.mark.parametrize("name", ["zuo-yi-ben-xiaoce", "noted"])
def test_every_fact_of_the_file_is_the_same(
    name: str, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieced, whole = both(noted if name == "noted" else CONTENT / name, monkeypatch)
    assert pieced.labels == whole.labels
    assert set(pieced.diagnostics) == set(whole.diagnostics)
    assert pieced.book == whole.book
    one, other = facts(pieced), facts(whole)
    for field in dataclasses.fields(one):
        assert getattr(one, field.name) == getattr(other, field.name), field.name
    assert pieced.page_grids() == whole.page_grids()


def test_the_pages_for_the_press_are_the_same(noted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pieced, whole = both(noted, monkeypatch)
    pages = range(3, len(whole.labels) - 1)
    one, other = (rendering.draw_plain(pages) for rendering in (pieced, whole))
    assert read_glyphs(one) == read_glyphs(other)
    assert pieced.overset() == whole.overset()


def test_sections_are_pieces_of_their_own(noted: Path) -> None:
    pieces = cut(book_of(noted))
    assert pieces.whole == ""
    found = [
        next((number for number in range(1, 8) if f"s{number}" in piece.ids), 0)
        for piece in pieces.pieces
    ]
    assert [number for number in found if number] == list(range(1, 8))
    contents = next(piece for piece in pieces.pieces if "contents" in piece.ids)
    assert {f"s{number}" for number in range(1, 8)} <= set(contents.targets)
    told = pieces.content(contents, {"s3": 12})
    assert "booklet-target 12" in told
    assert told.count("booklet-target") == 1


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("@page { @top-left { content: counter(pages) } }", "counter(pages)"),
        ("p { content: target-text(attr(href)) }", "target-text()"),
        (".section { counter-increment: chapter }", "chapter"),
        (".section:nth-child(2) { color: red }", ":nth-"),
        ("section:last-child h2 { color: red }", ":last-"),
        ("@page :nth(3) { margin: 0 }", "counts pages"),
        (".seal { position: fixed }", "position: fixed"),
        (":root { writing-mode: vertical-rl }", "vertical lines"),
        ("@page { counter-reset: none }", "notes"),
        ("main:has(h2) { color: red }", "main:has("),
        ("section:has(+ section) { color: red }", ":has("),
        ("main:not(:has(b)) { color: red }", ":has("),
        (".section:hover:not(:last-child) { color: red }", ":last-"),
        (":not(:has(b)) { color: red }", ":has("),
    ],
)
def test_what_crosses_pieces_keeps_a_book_whole(rule: str, words: str, noted: Path) -> None:
    pieces = cut(with_rule(book_of(noted), rule))
    assert words in pieces.whole
    assert pieces.pieces == ()


@pytest.mark.parametrize(
    "rule",
    [
        "tbody tr:last-child td { border: 0 }",
        ".excerpt:last-child { margin: 0 }",
        "section:has(b), .section:not(:has(.x > p)) { color: red }",
        "p:not(:has(b)), .line:nth-child(odd):not(:last-child) { color: red }",
        "/* .section:nth-child(2) {} */ p { color: red }",
        "ol { counter-reset: item } li { counter-increment: item }",
        "@page body:nth(1 of body) { margin: 0 }",
        ".note-call::before { content: target-counter(attr(href), footnote) }",
    ],
)
def test_what_stays_within_a_piece_does_no_harm(rule: str, noted: Path) -> None:
    assert cut(with_rule(book_of(noted), rule)).whole == ""


def test_a_note_that_two_sections_call_keeps_a_book_whole(tmp_path: Path) -> None:
    text = f"# 书名\n\n## 甲\n\n{LONG}[^1]\n\n## 乙\n\n{LONG}[^1]\n\n[^1]: 注。\n"
    folder = write_publication(tmp_path / "book", text, title="书名", title_lines=None)
    assert cut(book_of(folder)).whole == "a note is called from more than one part"


@pytest.mark.parametrize(
    "rule",
    [
        # The contents follow the preface on its page.
        ".contents, .section { page: auto !important; break-before: auto !important; "
        "break-after: auto !important } .sections .section { page: auto !important }",
        "main { padding-top: 12pt }",
        ".title-page h1 { position: running(head) } "
        "@page opening { @top-center { content: element(head) } }",
    ],
)
def test_what_only_the_pages_show_keeps_a_book_whole_too(rule: str, noted: Path) -> None:
    job = job_of(noted)
    book = with_rule(typeset_pages(job.publication, job.theme, job.geometry), rule)
    rendering = Run(job, Findings(), NullProgress()).render(book)
    assert isinstance(rendering, WholeRendering)


def test_the_sheets_tell_whose_target_they_print() -> None:
    css = ".a a::after { content: target-counter(attr(href), page) } b { color: red }"
    assert folio_selectors([Stylesheet("a.css", css)]) == (".a a",)
    hidden = ":root { --folio: target-counter(attr(href), page) }"
    assert folio_selectors([Stylesheet("a.css", hidden)]) is None
    assert crossing([Stylesheet("a.css", "@page { counter-reset: footnote }" + css)], []) == ""


def test_a_piece_finds_side_folio_and_strings_as_they_are() -> None:
    from weasyprint import CSS, HTML

    install()
    css = (
        "@page { @top-center { content: string(book) } @bottom-center { content: counter(page) } }"
        "@page :left { @top-left { content: 'L' } } @page :first { @top-right { content: 'F' } }"
        "section { break-before: right; page: chapter }"
    )
    beginning = Beginning(right=True, counter=7, strings={"book": '书"名'})
    with going_on(beginning):
        document = HTML(string="<body><section>一</section></body>").render(
            stylesheets=[CSS(string=css)]
        )
    said = [
        {box.at_keyword: "".join(part.text for part in box.descendants() if hasattr(part, "text"))
         for box in page._page_box.children if hasattr(box, "at_keyword")}
        for page in document.pages
    ]  # fmt: skip
    assert said == [
        {"@top-center": '书"名', "@bottom-center": "8", "@top-left": "L"},  # a blank left page
        {"@top-center": '书"名', "@bottom-center": "9"},
    ]
    left = laid(document)
    assert left.counters == (8, 9)
    assert left.used == {"book"}
    assert left.opening.forced


def test_a_warm_process_lays_out_what_has_changed_alone(
    noted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line is put in front of all sections, and a word is changed in one."""
    from booklet.output.pieced import Typesetter

    real, told = Typesetter.set, []

    def count(self: Typesetter, task: Task, ahead: Any = ()) -> Any:
        told.append(task.number)
        return real(self, task, ahead)

    monkeypatch.setattr(Typesetter, "set", count)
    memory = Memory()
    rendering_of(noted, memory)
    told.clear()
    text = (noted / "manuscript.md").read_text("utf-8")
    text = text.replace("# 书名\n", "# 书名\n\n\n").replace(
        "第5节 {#s5}\n\n网络", "第5节 {#s5}\n\n网路"
    )
    changed = write_publication(
        tmp_path / "book", text, title="书名", title_lines=None, options={"sections": "page"}
    )
    warm = rendering_of(changed, memory)
    assert len(told) == 1
    cold = rendering_of(changed, None)
    assert warm.labels == cold.labels
    assert read_glyphs(warm.draw_screen()) == read_glyphs(cold.draw_screen())
    assert read_glyphs(warm.draw_plain([6, 7])) == read_glyphs(cold.draw_plain([6, 7]))
    for page in range(len(cold.labels)):
        assert warm.passages(page) == cold.passages(page)


def rendering_of(source: Path, memory: Memory | None) -> Rendering:
    job = job_of(source)
    book = typeset_pages(job.publication, job.theme, job.geometry)
    return Run(job, Findings(), NullProgress(), means=Means(memory=memory)).render(book)


def test_contents_are_drawn_once_all_folios_are_known(
    noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from booklet.output.pieced import Typesetter

    real, drafts = Typesetter.set, []

    def note(self: Typesetter, task: Task, ahead: Any = ()) -> Any:
        made, galley = real(self, task, ahead)
        drafts.append((task.number, task.draft, galley.screen is None))
        return made, galley

    monkeypatch.setattr(Typesetter, "set", note)
    job = job_of(noted)
    book = typeset_pages(job.publication, job.theme, job.geometry)
    Run(job, Findings(), NullProgress(), means=Means(keep=False, jobs=1)).render(book)
    contents = [number for number, draft, _ in drafts if draft]
    assert len(contents) == 1
    assert [one[1:] for one in drafts if one[0] == contents[0]] == [(True, True), (False, False)]
    assert all(not undrawn for _, draft, undrawn in drafts if not draft)


def test_a_folio_that_no_page_has_ends_the_search(noted: Path) -> None:
    """A link in the contents leads to what a style sheet hides."""
    book = with_rule(book_of(noted), "#s7-h { display: none } #s7 { display: none }")
    book = replace(book, html=book.html.replace('href="#s6"', 'href="#s7-h"', 1))
    job = job_of(noted)
    run = Run(job, Findings(), NullProgress(), means=Means(keep=False, jobs=1))
    assert run.render(book).draw_screen().startswith(b"%PDF")
