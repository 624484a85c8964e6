"""Notes: numbered as the pages ask for it, at the foot of the page of their call, running over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Press, write_publication
from tests.line_facts import LineFacts, read_lines, render
from tests.pdf_facts import Page

from booklet.build import build
from booklet.compose import install, noted
from booklet.errors import Place, ReleaseError
from booklet.model import content as c
from booklet.typeset.book import PagedBook
from booklet.typeset.footnotes import refer_elsewhere, with_generated
from booklet.typeset.markup import Scribe
from booklet.typeset.segments import parse_fragment, segments_of

CSS = """
@page { size: 240pt 260pt; @footnote { border-top: .5pt solid; padding-top: 3pt } }
p + p { break-before: auto }
.n { float: footnote; footnote-policy: line; font-size: 8pt; line-height: 12pt }
.n::footnote-call { content: "[" counter(footnote) "]"; font-size: 8pt; line-height: 0 }
.n::footnote-marker { content: "〔" counter(footnote) "〕" }
"""
EACH_PAGE = CSS + "@page { counter-reset: footnote }"
SENTENCE = "网络安全和信息化是一体之两翼，驱动之双轮。"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    install()


@dataclass(frozen=True)
class Sheet:
    """What a page says: the text above, and the notes at its foot."""

    calls: tuple[int, ...]
    marks: tuple[int, ...]
    text: str
    notes: str


def sheets(body: str, css: str = EACH_PAGE) -> list[Sheet]:
    lines = read_lines(render(body, css).write_pdf())
    found = []
    for page in range(max(line.page for line in lines) + 1):
        text = "".join(line.text for line in lines if line.page == page and _size(line) > 9)
        # The call is set with the line that it stands in.
        notes = "".join(
            line.text
            for line in sorted(lines, key=lambda line: line.y)
            if line.page == page and _size(line) < 9 and not line.text.startswith("[")
        )
        calls = re.findall(r"\[(\d+)\]", "".join(line.text for line in lines if line.page == page))
        marks = re.findall(r"〔(\d+)〕", notes)
        found.append(Sheet(tuple(map(int, calls)), tuple(map(int, marks)), text, notes))
    return found


def _size(line: LineFacts) -> float:
    return max(glyph.size for glyph in line.glyphs)


def note(text: str) -> str:
    return f"<span class=n>{text}</span>"


def calling(counts: list[int], words: int = 4) -> str:
    """Write paragraphs that call notes, each with a number of its own in words of the note."""
    numbers = iter(range(1000))
    return "".join(
        "<p>" + "".join(SENTENCE + note(f"注文{next(numbers)}。") for _ in range(count))
        + SENTENCE * words for count in counts
    )  # fmt: skip


# ---- numbers -----------------------------------------------------------------------------------


def test_notes_begin_with_1_on_each_page() -> None:
    pages = sheets(calling([2, 0, 3, 1, 0, 1, 4]))
    assert len(pages) > 3
    for page in pages:
        assert page.calls == page.marks == tuple(range(1, len(page.calls) + 1))
    assert sum(len(page.calls) for page in pages) == 11


def test_without_the_rule_they_are_numbered_through() -> None:
    pages = sheets(calling([2, 0, 3, 1, 0, 1, 4]), CSS)
    calls = [number for page in pages for number in page.calls]
    assert calls == [number for page in pages for number in page.marks] == [*range(1, 12)]


def test_an_element_may_begin_anew() -> None:
    css = CSS + "section { counter-reset: footnote } h2 { font-size: 10pt }"
    body = "".join(f"<section>{calling([2, 1])}</section>" for _ in range(3))
    pages = sheets(body, css)
    assert [number for page in pages for number in page.calls] == [1, 2, 3] * 3


def test_a_page_may_begin_with_another_number_or_go_on() -> None:
    css = CSS + (
        "@page { counter-reset: footnote 6 } @page plain { counter-reset: none }"
        ".plain { page: plain }"
    )
    body = f"<div>{calling([2])}</div><div class=plain>{calling([1])}</div>"
    assert [page.calls for page in sheets(body, css)] == [(7, 8), (9,)]


def test_more_than_nine_notes_of_a_page_have_the_room_they_need() -> None:
    """10 is wider than 1: the line is composed with the number that it shows."""
    body = "<p>" + "".join(f"甲乙丙丁{note('注。')}，" for _ in range(60))
    css = EACH_PAGE + "@page { size: 240pt 500pt }"
    pages = sheets(body, css)
    assert max(len(page.calls) for page in pages) > 9
    for line in read_lines(render(body, css).write_pdf()):
        if _size(line) > 9:
            for one, two in pairwise(line.glyphs):
                assert two.x - one.end > -0.51 * one.size, line.text
    for page in pages:
        assert page.calls == tuple(range(1, len(page.calls) + 1))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.lists(st.sampled_from([1, 1, 1, 3, 9, 30]), max_size=3)),
        min_size=1, max_size=9,
    )
)  # fmt: skip
def test_any_notes_are_numbered_by_page_and_lose_no_word(
    book: list[tuple[int, list[int]]],
) -> None:
    number, body, expected = 0, "", ""
    for words, lengths in book:
        body += f"<p>{SENTENCE * words}"
        for length in lengths:
            number += 1
            text = f"注{number}" + "某年某月某日所记。" * length
            expected += text
            body += f"又一句话{note(text)}，"
        body += "完。"
    pages = sheets(body)
    assert re.sub(r"〔\d+〕", "", "".join(page.notes for page in pages)) == expected
    assert [page.calls for page in pages] == [
        tuple(range(1, len(page.calls) + 1)) for page in pages
    ]
    assert sum(len(page.calls) for page in pages) == number
    marks = [mark for page in pages for mark in page.marks]
    assert marks == [call for page in pages for call in page.calls]


# ---- long notes --------------------------------------------------------------------------------

LONG = f"<p>{SENTENCE * 5}甲{note('长注。' + SENTENCE * 30)}{SENTENCE * 8}乙{note('短注。')}<p>" + (
    SENTENCE * 20
)


def test_a_long_note_begins_on_the_page_of_its_call_and_goes_on() -> None:
    pages = sheets(LONG)
    (at,) = [index for index, page in enumerate(pages) if "长注" in page.notes]
    assert pages[at].calls == pages[at].marks == (1,)
    assert not pages[at + 1].notes.startswith("〔")
    later = [page for page in pages[at + 1 :] if page.calls]
    assert [(page.calls, page.marks) for page in later] == [((1,), (1,))]
    assert "〔1〕短注。" in later[0].notes


def test_a_note_breaks_as_orphans_and_widows_say() -> None:
    document = render(LONG, EACH_PAGE + ".n { orphans: 3; widows: 4 }")
    lines = read_lines(document.write_pdf())
    parts = [
        sum(_size(line) < 9 and line.page == page for line in lines)
        for page in range(len(document.pages))
    ]
    first = next(index for index, count in enumerate(parts) if count)
    assert parts[first] >= 3
    assert all(count == 0 or count >= 4 for count in parts[first + 1 :])


def test_the_broken_line_of_a_note_is_full_and_the_page_keeps_some_text() -> None:
    lines = read_lines(render(LONG, EACH_PAGE).write_pdf())
    notes = [line for line in lines if _size(line) < 9 and not line.text.startswith("[")]
    last_of_page = [one for one, two in pairwise(notes) if one.page != two.page]
    assert last_of_page
    assert all(abs(line.end - 220) < 0.5 for line in last_of_page)
    for page in {line.page for line in lines}:
        assert any(_size(line) > 9 for line in lines if line.page == page)


def test_a_reference_to_a_page_repeats_no_note() -> None:
    """The base lays pages out again when page numbers become known."""
    body = (
        "<p><a class=r href='#z'></a>" + calling([2, 3, 1]) + LONG + "<p>"
        + "<a class=r href='#z'></a>又一句" + note("尾注。") + SENTENCE * 9 + "<p id=z>终"
    )  # fmt: skip
    pages = sheets(body, EACH_PAGE + ".r::before { content: target-counter(attr(href), page) }")
    notes = "".join(page.notes for page in pages)
    assert notes.count("长注") == notes.count("尾注") == notes.count("短注") == 1
    assert [page.calls for page in pages] == [
        tuple(range(1, len(page.calls) + 1)) for page in pages
    ]


def test_calls_and_references_are_told_with_their_pages() -> None:
    css = EACH_PAGE + (
        ".n::footnote-call { content: none }"
        ".c::before { content: target-counter(attr(href), footnote) }"
    )
    one = "<a class=c href='#a'></a><span class=n id=a>甲注。</span>"
    body = f"<p>{SENTENCE}{one}<p style='break-before: page'>{SENTENCE}<a class=c href='#a'></a>"
    called = list(noted(render(body, css)))
    assert [(item.page, item.element.get("href"), item.number) for item in called] == [
        (0, "#a", 1), (0, None, 1), (1, "#a", 1),
    ]  # fmt: skip
    assert called[0].run != called[-1].run


# ---- in a book ---------------------------------------------------------------------------------

FILL = "信息化和经济全球化相互促进，带动社会发展。" * 12
BOOK = f"""# 题

## 甲

头一句[^a]，又一句[^b]，再[^a]。

{FILL}

{FILL}

{FILL}

{FILL}

隔了几页[^a]，新的[^c]，注里有注[^d]。

[^a]: 甲注。
[^b]: 乙注。
[^c]: 丙注。
[^d]: 丁注，参看[^e]与[^a]。
[^e]: 戊注。

## 乙

另一章[^f]。

[^f]: 己注。
"""


def test_a_book_s_notes_begin_with_the_first_mark_on_each_page(press: Press) -> None:
    pdf = press(BOOK, title="题", title_lines=None, form="book")
    first, second, third = (page for page in pdf.pages if "①" in page.text)
    assert "头一句①，又一句②，再①。" in in_order(first)
    assert "①甲注。②乙注。" in in_order(first)
    # On another page the second call of a note leads to a note that says where it stands.
    folio = pdf.labels[first.index]
    assert "隔了几页①，新的②，注里有注③。" in in_order(second)
    assert f"①见第{folio}页注①。②丙注。③丁注，参看④与（见第{folio}页注①。）。④戊注。" in in_order(
        second
    )
    assert "①己注。" in in_order(third)


def in_order(page: Page) -> str:
    return "".join(glyph.char for glyph in page.glyphs if not glyph.char.isspace())


def test_calls_and_notes_lead_to_each_other(press: Press) -> None:
    pdf = press(BOOK, title="题", title_lines=None, form="book")
    calls = {link.target: link for link in pdf.links if link.target.startswith(("note", "see"))}
    marks = {link.words: link for link in pdf.links if link.target == "call-n1"}
    assert calls["note-n1"].to_page == calls["note-n2"].page == marks["①"].to_page
    assert calls["see-n1-3"].page == calls["see-n1-3"].to_page > marks["①"].page
    assert marks[pdf.labels[marks["①"].page]].to_page == marks["①"].page


@pytest.mark.parametrize(
    ("value", "marks"),
    [("section", ["①", "②", "③", "④", "⑤", "①"]), ("book", ["①", "②", "③", "④", "⑤", "⑥"])],
)
def test_a_book_may_number_its_notes_through(press: Press, value: str, marks: list[str]) -> None:
    pdf = press(BOOK, title="题", title_lines=None, form="book", options={"notes": value})
    text = re.sub(r"\s", "", pdf.text)
    assert [text[text.index(f"{one}注") - 1] for one in "甲乙丙丁戊己"] == marks
    assert "见第" not in text


def test_a_heading_with_a_note_is_plain_in_the_outline(press: Press) -> None:
    pdf = press(
        "# 题\n\n## 甲章[^a]\n\n文。\n\n[^a]: 注。\n\n## 乙章\n\n文。\n",
        title="题", title_lines=None, form="book",
    )  # fmt: skip
    assert [title for title, _, _ in pdf.outline] == ["目录", "甲章", "乙章"]


def test_a_mark_that_a_style_sheet_takes_away_forbids_the_release(tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "book", BOOK, title="题", title_lines=None, form="book")
    (folder / "templates").mkdir()
    (folder / "templates" / "print-extra.css").write_text(".note-call::before { content: none }")
    with pytest.raises(ReleaseError) as refused:
        build(folder, tmp_path / "out", ["screen"])
    found = refused.value.diagnostics[0]
    assert (found.code, found.place.line) == ("text-lost", 5)
    assert "call-n1" in found.message


@given(st.integers(1, 4), st.sets(st.integers(2, 4)))
def test_only_the_calls_that_were_named_are_led_elsewhere(calls: int, again: set[int]) -> None:
    notes = {"n1": c.Note("n1", 1, (), Place("m.md", 9))}
    scribe = Scribe("paged", "body", notes, {})
    html = f"<p>{scribe.inlines((c.NoteRef('n1'),) * calls)}</p>"
    document = f"<html><body>\n{html}\n</body></html>"
    book = PagedBook(document, (), segments_of(parse_fragment(html)), "zh", "题")
    led = refer_elsewhere(book, {f"n1-{number}" for number in again})
    waiting = [part.generated for part in led.segments if part.generated]
    for number in range(2, calls + 1):
        assert (f"call-n1-{number}" in waiting) == (number not in again)
        assert (f"see-n1-{number}" in waiting) == (number in again)
    filled = with_generated(led, dict.fromkeys(waiting, "①"))
    assert [part.text for part in filled.segments if part.generated] == ["①"] * len(waiting)
