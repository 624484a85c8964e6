"""Fidelity: what is lost, doubled, moved or changed forbids the release, wherever it happens."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from booklet.build import Report, build
from booklet.editions.run import GENERATED
from booklet.errors import Diagnostic, Place, ReleaseError
from booklet.finish.fidelity import (
    BookText,
    PageReader,
    compare_with_manuscript,
    compare_with_pages,
)
from booklet.model.header import EditionName
from booklet.model.transcript import Run
from booklet.typeset.book import Segment
from booklet.typeset.segments import NOTE_MARK

PARAGRAPHS = (
    "信息化和经济全球化相互促进。",
    "信息化带动现代化，网络连接世界。",
    "——2014年2月27日，在会议上的讲话",
    "网信事业代表着新的生产力。",
    "——2014年2月27日，在会议上的讲话",
)
TRANSCRIPT = tuple(Run("body", text, Place("m.md", at)) for at, text in enumerate(PARAGRAPHS, 1))
SET = tuple(Segment(text, "body", f"m.md:{at}") for at, text in enumerate(PARAGRAPHS, 1))


def told(segments: Sequence[Segment], transcript: Sequence[Run] = TRANSCRIPT) -> Diagnostic:
    (finding,) = compare_with_manuscript(transcript, segments, "screen")
    assert finding.message.startswith("screen: ")
    assert finding.hint
    return finding


def edited(at: int, *instead: Segment) -> list[Segment]:
    return [*SET[:at], *instead, *SET[at + 1 :]]


# ---- manuscript against what was typeset -------------------------------------------------------


def test_a_faithful_text_has_no_finding() -> None:
    around = [Segment("封面", "", ""), *SET, Segment("①", NOTE_MARK, ""), Segment("版权", "", "")]
    assert compare_with_manuscript(TRANSCRIPT, around, "screen") == ()


def test_space_and_what_leaves_no_mark_do_not_count() -> None:
    runs = [
        Run("body", "信 息\u3000化\u200b\n", Place("m.md", 1)),
        Run("body", " \n", Place("m.md", 2)),
    ]
    assert compare_with_manuscript(runs, [Segment("信息化", "body", "m.md:1")], "screen") == ()


@pytest.mark.parametrize("at", range(len(SET)))
def test_a_lost_paragraph_is_told_with_its_line(at: int) -> None:
    finding = told(edited(at))
    assert finding.code == "text-lost"
    assert finding.place == Place("m.md", at + 1)


@pytest.mark.parametrize("at", range(len(SET)))
def test_a_doubled_paragraph_is_told_with_its_line(at: int) -> None:
    finding = told(edited(at, SET[at], SET[at]))
    assert finding.code == "text-doubled"
    assert finding.place == Place("m.md", at + 1)


@pytest.mark.parametrize(("one", "two"), [(0, 1), (0, 3), (1, 3), (2, 3), (3, 4)])
def test_swapped_paragraphs_are_told_at_the_first(one: int, two: int) -> None:
    segments = [*SET]
    segments[one], segments[two] = segments[two], segments[one]
    finding = told(segments)
    assert finding.code == "text-moved"
    assert finding.place == Place("m.md", one + 1)


def test_the_same_words_in_another_place_are_the_same_text() -> None:
    """The attributions 3 and 5 have the same words: whoever swaps them changes nothing."""
    segments = [SET[0], SET[1], SET[4], SET[3], SET[2]]
    assert compare_with_manuscript(TRANSCRIPT, segments, "screen") == ()


def test_one_changed_character_is_told_with_both() -> None:
    finding = told(edited(1, Segment("信息化带动现代化，网路连接世界。", "body", "m.md:2")))
    assert finding.place == Place("m.md", 2)
    assert "▸络连接世界" in finding.message
    assert "「路连接世界" in finding.message


def test_a_lookalike_in_the_html_is_a_change() -> None:
    run = Run("body", "甲・乙", Place("m.md", 1))
    assert told([Segment("甲·乙", "body", "m.md:1")], [run]).code == "text-lost"


def test_text_that_goes_on_after_the_end_is_doubled() -> None:
    finding = told([*SET, SET[0]])
    assert (finding.code, finding.place) == ("text-doubled", Place("m.md", 1))
    assert "goes on" in finding.message


def test_each_stream_is_compared_for_itself() -> None:
    note = Run("note-n1", "注一。", Place("m.md", 9))
    title = Run("title", "题", Place("m.md", 1))
    segments = [*SET, Segment("注一。", "note-n1", "m.md:9"), Segment("题", "title", "m.md:1")]
    runs = [title, *TRANSCRIPT, note]
    assert compare_with_manuscript(runs, segments, "screen") == ()
    lost = compare_with_manuscript(runs, [*SET[1:], *segments[-1:]], "screen")
    assert sorted((item.code, item.place.line) for item in lost) == [
        ("text-lost", 1), ("text-lost", 9),
    ]  # fmt: skip


def test_a_stream_that_the_manuscript_does_not_have_is_told() -> None:
    extra = Segment("多", "note-n9", "m.md:9")
    assert told([*SET, extra]).place == Place("m.md", 9)


@pytest.mark.parametrize("source", ["", "nonsense", "m.md:", "m.md:x", "m.md:²", ":3"])
def test_a_label_that_a_template_spoils_is_no_crash(source: str) -> None:
    assert told([*SET, Segment("多", "body", source)]).code == "text-doubled"


letters = st.sampled_from("甲乙丙丁，。1a")
paragraphs = st.lists(st.text(letters, min_size=1, max_size=6), min_size=1, max_size=5)


def runs_and_segments(texts: list[str]) -> tuple[list[Run], list[Segment]]:
    runs = [Run("body", text, Place("m.md", at)) for at, text in enumerate(texts, 1)]
    return runs, [Segment(text, "body", f"m.md:{at}") for at, text in enumerate(texts, 1)]


@given(paragraphs, paragraphs)
def test_only_the_same_characters_in_the_same_order_pass(one: list[str], two: list[str]) -> None:
    runs, _ = runs_and_segments(one)
    _, segments = runs_and_segments(two)
    findings = compare_with_manuscript(runs, segments, "screen")
    assert bool(findings) == ("".join(one) != "".join(two))


@given(paragraphs, st.data())
def test_losing_and_doubling_are_told_by_their_names(texts: list[str], data: st.DataObject) -> None:
    runs, segments = runs_and_segments(texts)
    at = data.draw(st.integers(0, len(segments) - 1))
    lost = [*segments[:at], *segments[at + 1 :]]
    assert told(lost, runs).code == "text-lost"
    assert told([*segments[:at], segments[at], *segments[at:]], runs).code == "text-doubled"


# ---- what was typeset against the pages --------------------------------------------------------

BOOK = (
    Segment("目录", "", ""),
    Segment("信息化", "body", "m.md:1"),
    Segment("促进", "body", "m.md:1"),
    Segment("①", "", ""),
    Segment("①", NOTE_MARK, ""),
    Segment("据新华社", "note-n1", "m.md:9"),
    Segment("网信事业", "body", "m.md:3"),
    Segment("②", "", ""),
    Segment("②", NOTE_MARK, ""),
    Segment("据人民日报", "note-n2", "m.md:10"),
    Segment("新的生产力", "body", "m.md:4"),
)
PAGES = ("目录……5", "信息化促进①①据新华社", "网信事业②②据人民", "新的生产力日报")


def on_pages(*pages: str, book: Sequence[Segment] = BOOK) -> tuple[Diagnostic, ...]:
    return compare_with_pages(book, pages, GENERATED)


def test_notes_stand_at_the_foot_of_their_page_and_may_run_over() -> None:
    assert on_pages(*PAGES) == ()


def test_space_on_pages_does_not_count() -> None:
    assert on_pages("目 录\n……5", *PAGES[1:]) == ()


@pytest.mark.parametrize(
    ("pages", "line", "words"),
    [
        (("目录", "信息促进①①据新华社", *PAGES[2:]), 1, ("page 2", "信息▸化", "信息▸促进")),
        (("目录", "信息化促进①①据新社", *PAGES[2:]), 9, ("page 2", "新▸华社", "新▸社")),
        (("目录", "信息化促进①", *PAGES[2:]), 9, ("page 3", "▸①据新华社")),
        (("目录", "①据新华社信息化促进①", *PAGES[2:]), 1, ("page 2",)),
        ((PAGES[0], PAGES[1], PAGES[3], PAGES[2]), 3, ("page 3", "▸网信事业")),
        ((PAGES[0], PAGES[1], PAGES[1], *PAGES[2:]), 3, ("page 3", "▸信息化")),
        (("目录", "信息化促··进①①据新华社", *PAGES[2:]), 1, ("page 2", "促▸进", "促··▸进")),
    ],
)
def test_a_difference_on_a_page_is_told_with_page_line_and_words(
    pages: tuple[str, ...], line: int, words: tuple[str, ...]
) -> None:
    (finding,) = on_pages(*pages)
    assert finding.code == "text-differs"
    assert finding.place == Place("m.md", line)
    for word in words:
        assert word in finding.message


def test_a_page_is_named_by_its_label() -> None:
    pages = ("目录", "错")
    (finding,) = compare_with_pages(BOOK, pages, GENERATED, ("ii", "12"))
    assert "page 12 says" in finding.message
    (finding,) = compare_with_pages(BOOK, pages, GENERATED, ("ii", ""))
    assert "page 2 says" in finding.message


@pytest.mark.parametrize(
    ("pages", "line"),
    [(PAGES[:-1], 4), ((*PAGES[:-1], "新的生产力"), 10), ((*PAGES[:-1], "新的生产"), 4), ((), 1)],
)
def test_a_file_that_ends_too_soon_is_told_with_what_it_lacks(
    pages: tuple[str, ...], line: int
) -> None:
    (finding,) = on_pages(*pages)
    assert (finding.code, finding.place) == ("text-lost", Place("m.md", line))


@pytest.mark.parametrize(
    ("page", "good"),
    [
        ("目录甲乙丙", True),
        ("目录·····12甲乙丙", True),
        ("目录甲·乙丙", False),
        ("目·录甲乙丙", False),
        ("目录甲乙··3丙", True),
        ("目录甲乙丙·7", True),
        ("目录甲乙。丙", False),
    ],
)
def test_leaders_and_folios_may_stand_only_between_blocks(page: str, *, good: bool) -> None:
    book = [Segment("目录", "", ""), Segment("甲", "body", "m.md:1"),
            Segment("乙", "body", "m.md:1"), Segment("丙", "body", "m.md:2")]  # fmt: skip
    assert (on_pages(page, book=book) == ()) is good


def test_a_folio_may_begin_like_the_text_that_follows_it() -> None:
    book = [Segment("大事记", "", ""), Segment("2014年", "body", "m.md:1")]
    assert on_pages("大事记···202014年", book=book) == ()
    assert on_pages("大事记···2014年", book=book) == ()


def test_figures_of_the_text_do_not_pass_for_folios() -> None:
    book = [Segment("1949年", "body", "m.md:1"), Segment("10月", "body", "m.md:2")]
    assert on_pages("1949年10月", book=book) == ()
    assert on_pages("1949年月", book=book)
    assert on_pages("1949年1月", book=book)


def test_a_note_may_begin_like_the_text_that_follows() -> None:
    book = [Segment("甲", "body", "m.md:1"), Segment("乙丙", "note-n1", "m.md:9"),
            Segment("乙丁", "body", "m.md:2")]  # fmt: skip
    assert on_pages("甲乙丙", "乙丁", book=book) == ()
    assert on_pages("甲乙", "乙丁丙", book=book) == ()
    assert on_pages("甲乙", "丁乙丙", book=book) == ()
    assert on_pages("甲", "乙丁乙丙", book=book) == ()
    assert on_pages("乙丙甲", "乙丁", book=book)


@pytest.mark.parametrize(
    ("said", "page"),
    [("甲・乙", "甲·乙"), ("‧", "•"), ("∙", "·"), ("⼀", "一"), ("（Ａ）", "（A）"), ("①", "1")],
)
def test_characters_that_share_a_glyph_are_alike_on_a_page(said: str, page: str) -> None:
    assert on_pages(page, book=[Segment(said, "body", "m.md:1")]) == ()


@pytest.mark.parametrize(("said", "page"), [("已", "己"), ("—", "一"), ("“", "”"), ("。", ".")])
def test_characters_that_only_look_alike_are_not(said: str, page: str) -> None:
    assert on_pages(page, book=[Segment(said, "body", "m.md:1")])


@dataclass(frozen=True)
class Layout:
    """A book and its pages: for each the text and the notes at its foot."""

    segments: tuple[Segment, ...]
    pages: tuple[tuple[str, str], ...]


@st.composite
def _layouts(draw: st.DrawFn) -> Layout:
    segments: list[Segment] = []
    for line in range(draw(st.integers(1, 4))):
        segments.append(Segment(draw(st.text("甲乙丙1", max_size=6)), "body", f"m.md:{line}"))
        if draw(st.booleans()):
            mark = "①②③④"[line]
            words = draw(st.text("甲乙丁1①", max_size=5))
            segments += [Segment(mark, "", ""), Segment(mark, NOTE_MARK, ""),
                         Segment(words, f"note-n{line}", "m.md:9")]  # fmt: skip
    body = "".join(one.text for one in segments if not one.stream.startswith("note-"))
    notes = "".join(one.text for one in segments if one.stream.startswith("note-"))
    count = draw(st.integers(1, 4))

    def cut(text: str) -> list[str]:
        inner = st.lists(st.integers(0, len(text)), min_size=count - 1, max_size=count - 1)
        edges = [0, *sorted(draw(inner)), len(text)]
        return [text[edges[at] : edges[at + 1]] for at in range(count)]

    return Layout(tuple(segments), tuple(zip(cut(body), cut(notes), strict=True)))


LAYOUTS = _layouts()


@given(LAYOUTS)
def test_any_division_into_pages_with_notes_at_each_foot_passes(layout: Layout) -> None:
    pages = [above + below for above, below in layout.pages]
    assert compare_with_pages(layout.segments, pages, GENERATED) == ()


@given(LAYOUTS, st.data())
def test_what_is_read_at_once_is_read_as_step_by_step(layout: Layout, data: st.DataObject) -> None:
    """Pages as they are, cut anew, or with characters of any kind put in."""
    hyphens = tuple(sorted(data.draw(st.sets(st.integers(1, 5), max_size=2))))
    segments = [replace(one, hyphens=hyphens) if len(one.text) > 5 else one
                for one in layout.segments]  # fmt: skip
    body = [one for one in segments if not one.is_aside]
    notes = [one for one in segments if one.is_aside]
    pages = [above + below for above, below in layout.pages]
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(pages) - 1))
        where = data.draw(st.integers(0, len(pages[at])))
        pages[at] = pages[at][:where] + data.draw(st.sampled_from("甲1-①.")) + pages[at][where:]
    one, other = (
        PageReader(BookText(body), BookText(notes), frozenset(GENERATED)) for _ in range(2)
    )
    for page in pages:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(PageReader, "_straight", lambda _self, _page: None)
            slowly = other.page(page)
        assert one.page(page) == slowly
        assert one.read == other.read


def readable(layout: Layout, pages: Sequence[str]) -> bool:
    """Tell whether pages can be read as the book, by trying every border between text and notes."""
    body = "".join(one.text for one in layout.segments if not one.stream.startswith("note-"))
    notes = "".join(one.text for one in layout.segments if one.stream.startswith("note-"))
    read = {(0, 0)}
    for page in (one.replace("①", "1").replace("②", "2") for one in pages):
        body, notes = (one.replace("①", "1").replace("②", "2") for one in (body, notes))
        read = {
            (above + at, below + len(page) - at)
            for above, below in read
            for at in range(len(page) + 1)
            if body.startswith(page[:at], above) and notes.startswith(page[at:], below)
        }
    return (len(body), len(notes)) in read


@given(LAYOUTS, st.data())
def test_a_lost_added_or_swapped_letter_is_caught(layout: Layout, data: st.DataObject) -> None:
    pages = [above + below for above, below in layout.pages]
    number = data.draw(st.integers(0, len(pages) - 1))
    page = pages[number]
    assume(page)
    at = data.draw(st.integers(0, len(page) - 1))
    kind = data.draw(st.sampled_from(["lose", "add", "swap", "change"]))
    match kind:
        case "lose":
            pages[number] = page[:at] + page[at + 1 :]
        case "add":
            pages[number] = page[:at] + data.draw(st.sampled_from("甲丁戊")) + page[at:]
        case "swap":
            pages[number] = page[:at] + page[at + 1 : at + 2] + page[at] + page[at + 2 :]
        case _:
            pages[number] = page[:at] + data.draw(st.sampled_from("甲丁戊")) + page[at + 1 :]
    found = bool(compare_with_pages(layout.segments, pages, ""))
    assert found == (not readable(layout, pages))
    if kind in {"lose", "add"}:
        assert found


@given(LAYOUTS, st.data())
def test_leaders_between_blocks_never_hide_a_lost_letter(
    layout: Layout, data: st.DataObject
) -> None:
    pages = [above + below for above, below in layout.pages]
    number = data.draw(st.integers(0, len(pages) - 1))
    at = data.draw(st.integers(0, max(len(pages[number]) - 1, 0)))
    assume(pages[number][at : at + 1] in set("甲乙丙丁"))
    assume(pages[number])
    pages[number] = pages[number][:at] + pages[number][at + 1 :]
    assert compare_with_pages(layout.segments, pages, GENERATED)


# ---- from end to end ---------------------------------------------------------------------------

MANUSCRIPT = """\
# 小册

> **【编前语】**编者的话。

## 第一辑

信息化和经济全球化相互促进。

——2014年2月27日，在会议上的讲话

信息化带动现代化，网络连接世界[^1]。

——2016年4月19日，在座谈会上的讲话

## 第二辑

网信事业代表着新的生产力。

——李白

[^1]: 据新华社。
"""
LINES = {1: 7, 2: 11, 3: 17}
"""The line of each excerpt."""

SAME = '{% include "reader/parts/excerpt.html" %}'
DROP = "{% if excerpt.number != 2 %}" + SAME + "{% endif %}"
DOUBLE = SAME + "{% if excerpt.number == 2 %}" + SAME + "{% endif %}"
SWAP = (
    "{% set one = section.items[1 - loop.index0] if section.number == 1 else item %}"
    "{% set excerpt = one.excerpt %}" + SAME
)
SECTION = (
    '<section class="section chapter" id="{{ section.id }}"{% if page.medium == "reflow" %} '
    'epub:type="chapter" role="doc-chapter"{% endif %}><h2>{{ section.heading }}</h2>'
    "{% for item in section.items %}" + SWAP + "{% endfor %}{{ section.notes }}</section>"
)
SUFFIX: dict[EditionName, str] = {"screen": ".pdf", "ebook": ".epub"}


@dataclass(frozen=True)
class Press:
    """A publication that was built well before something went wrong."""

    folder: Path

    def write(self, name: str, text: str) -> None:
        path = self.folder / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def build(self, *editions: EditionName) -> Report:
        return build(self.folder / "book.md", self.folder / "out", editions)

    def outputs(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.folder / "out" / "book").iterdir()}

    def refused(self, *editions: EditionName) -> Diagnostic:
        before = self.outputs()
        with pytest.raises(ReleaseError) as caught:
            self.build(*editions)
        assert self.outputs() == before
        assert {name.rpartition(".")[2] for name in before} == {"pdf", "epub"}
        errors = [item for item in caught.value.diagnostics if item.severity == "error"]
        return errors[0]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good") / "book"
    folder.mkdir()
    (folder / "book.md").write_text(MANUSCRIPT, "utf-8")
    report = build(folder / "book.md", folder / "out", ["screen", "ebook"])
    assert [str(item) for item in report.diagnostics] == []
    return folder


@pytest.fixture
def press(built: Path, tmp_path: Path) -> Press:
    return Press(Path(shutil.copytree(built, tmp_path / "book")))


@pytest.mark.parametrize("edition", ["screen", "ebook"])
@pytest.mark.parametrize(
    ("name", "template", "code", "number"),
    [
        ("parts/excerpt.html", DROP, "text-lost", 2),
        ("parts/excerpt.html", DOUBLE, "text-doubled", 2),
        ("parts/section.html", SECTION, "text-moved", 1),
    ],
    ids=["lost", "doubled", "moved"],
)
def test_a_template_that_does_not_set_each_excerpt_once_is_refused(
    press: Press, name: str, template: str, code: str, number: int, edition: EditionName
) -> None:
    press.write(name, template)
    finding = press.refused(edition)
    assert finding.code == code
    assert finding.message.startswith(edition)
    assert finding.place.file.endswith("book.md")
    assert finding.place.line == LINES[number]


@pytest.mark.parametrize(
    "rule",
    ["position: absolute; left: -999pt", "position: relative; top: 9999pt", "display: none",
     "visibility: hidden", "text-indent: -9999pt"],
)  # fmt: skip
def test_text_that_a_style_sheet_hides_or_moves_off_the_page_is_refused(
    press: Press, rule: str
) -> None:
    press.write("print-extra.css", f".excerpt .attribution {{ {rule} }}")
    finding = press.refused("screen")
    assert finding.code in {"text-differs", "text-lost"}
    assert finding.place.line == LINES[1] + 2
    assert "▸——2014年" in finding.message
    assert "moves it off the page" in finding.hint


def test_words_that_a_style_sheet_adds_are_refused(press: Press) -> None:
    press.write("print-extra.css", '.excerpt blockquote::after { content: "完" }')
    finding = press.refused("screen")
    assert finding.code == "text-differs"
    assert "▸完" in finding.message
    assert "`content`" in finding.hint


def test_words_that_the_publication_declares_are_released_and_no_others(press: Press) -> None:
    book = press.folder / "book.md"
    book.write_text("---\ngenerates: 完 ◆\n---\n\n" + book.read_text("utf-8"), "utf-8")
    press.write("print-extra.css", '.excerpt blockquote::after { content: "◆完" }')
    assert press.build("screen").outputs[0].pages > 0
    press.write("print-extra.css", '.excerpt blockquote::after { content: "◆终" }')
    assert "▸终" in press.refused("screen").message
    hidden = ".excerpt .attribution { display: none }"
    press.write("print-extra.css", hidden + ' .excerpt p::after { content: "完" }')
    assert press.refused("screen").code in {"text-differs", "text-lost"}


def test_one_bad_edition_keeps_the_good_one_back_too(press: Press) -> None:
    press.write("print-extra.css", ".excerpt .attribution { display: none }")
    press.refused("ebook", "screen")


def test_a_template_that_adds_words_of_its_own_is_released(press: Press) -> None:
    press.write("parts/excerpt.html", "<p>本则</p>" + SAME + "<p>完 12</p>")
    assert press.build("screen").outputs[0].pages > 0
