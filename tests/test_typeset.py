"""Content to HTML and back to text; spreads; indexes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.strategies import (
    ANTHOLOGIES,
    INLINES,
    PLACES,
    SOURCES,
    TREES,
    WORDS,
    Tree,
    seen,
    streams_of,
)

from booklet.errors import Findings, Place
from booklet.manuscript import load_publication
from booklet.model import content as c
from booklet.model.dates import DateSpan, Day
from booklet.theme import Theme, open_theme
from booklet.theme.named import RESERVED
from booklet.typeset.geometry import plan_page
from booklet.typeset.indexes import Group, index_by_date, index_by_occasion
from booklet.typeset.markup import Medium, Scribe, note_mark
from booklet.typeset.paged import typeset_cover, typeset_pages
from booklet.typeset.segments import (
    NOTE_MARK,
    parse_fragment,
    segments_of,
    serialise,
    strip_labels,
    visible,
)
from booklet.typeset.spread import MOST_SPREADS, Mode, balance, plan_spreads

AT = Place("manuscript.md", 7, 3)
LABEL = ' data-m="body" data-src="manuscript.md:7"'
PICTURES = {source: f"file:///publication/{number}.png" for number, source in enumerate(SOURCES)}
MEDIA: tuple[Medium, Medium] = ("paged", "reflow")


def scribe(medium: Medium = "reflow", notes: Sequence[c.Note] = ()) -> Scribe:
    return Scribe(medium, "body", {note.id: note for note in notes}, PICTURES)


def text(words: str) -> c.Inlines:
    return (c.Text(words),)


def par(words: str) -> c.Paragraph:
    return c.Paragraph(text(words), AT)


# ---- markup ------------------------------------------------------------------------------------


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize(
    ("inline", "html"),
    [
        (c.Text("甲<乙>&\"丙'"), "甲&lt;乙&gt;&amp;\"丙'"),
        (c.Strong(text("甲")), "<strong>甲</strong>"),
        (c.Emphasis(text("甲")), "<em>甲</em>"),
        (c.Code("a < b"), "<code>a &lt; b</code>"),
        (
            c.Link('https://a.b/?c="d"&e', text("甲")),
            '<a href="https://a.b/?c=&quot;d&quot;&amp;e">甲</a>',
        ),
        (c.Ruby("汉字", "hàn<zì"), "<ruby>汉字<rt>hàn&lt;zì</rt></ruby>"),
        (c.Span(("dots", "x"), text("甲")), '<span class="dots x">甲</span>'),
        (
            c.Picture(SOURCES[1], '图 "1" <>'),
            '<img src="file:///publication/1.png" alt="图 &quot;1&quot; &lt;&gt;" class="inline"/>',
        ),
        (c.Break(), "<br/>"),
        (
            c.Strong((c.Emphasis(text("甲")), c.Text("乙"))),
            "<strong><em>甲</em>乙</strong>",
        ),
    ],
)
def test_an_inline_becomes_its_element(inline: c.Inline, html: str, medium: Medium) -> None:
    assert scribe(medium).inline(inline) == html


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize(
    ("block", "html"),
    [
        (par("甲"), f"<p{LABEL}>甲</p>"),
        (c.Heading(3, "h", text("甲"), AT), f'<h3 id="h"{LABEL}>甲</h3>'),
        (c.Heading(6, 'h"', text("甲"), AT), f'<h6 id="h&quot;"{LABEL}>甲</h6>'),
        (
            c.Quote((par("甲"), par("乙")), AT),
            f'<div class="quote"><blockquote>\n<p{LABEL}>甲</p>\n<p{LABEL}>乙</p>\n'
            "</blockquote></div>",
        ),
        (
            c.Quote((par("甲"),), AT, c.Attribution(text("——"), text("李白"), AT)),
            f'<div class="quote"><blockquote>\n<p{LABEL}>甲</p>\n</blockquote>\n'
            f'<p class="attribution"{LABEL}>——李白</p></div>',
        ),
        (
            c.Excerpt("e1", 1, (par("甲"),), None, AT),
            f'<div class="quote"><blockquote>\n<p{LABEL}>甲</p>\n</blockquote></div>',
        ),
        (
            c.Verse((text("甲"), text("乙"), (), (), text("丙")), AT),
            '<div class="verse"><div class="stanza">'
            f'<p class="line"{LABEL}>甲</p><p class="line"{LABEL}>乙</p></div>'
            f'<div class="stanza"><p class="line"{LABEL}>丙</p></div></div>',
        ),
        (
            c.Table((text("年"), text("事")), ((text("1"), text("2")),), ("right", ""), AT),
            f'<table><thead><tr><th scope="col" class="right"{LABEL}>年</th>'
            f'<th scope="col"{LABEL}>事</th></tr></thead>'
            f'<tbody><tr><td class="right"{LABEL}>1</td><td{LABEL}>2</td></tr></tbody></table>',
        ),
        (
            c.Table(((), ()), ((text("1"),),), (), AT),
            f"<table><tbody><tr><td{LABEL}>1</td></tr></tbody></table>",
        ),
        (
            c.Figure(c.Picture(SOURCES[0], "图"), text("题"), AT, ("half",)),
            '<figure class="picture half" data-src="manuscript.md:7">'
            '<img src="file:///publication/0.png" alt="图"/>'
            f"<figcaption{LABEL}>题</figcaption></figure>",
        ),
        (
            c.CodeBlock("a <b>\n  c", 'py"', AT),
            f'<pre{LABEL}><code class="language-py&quot;">a &lt;b&gt;\n  c</code></pre>',
        ),
        (
            c.Box(("note", "x"), (par("甲"),), AT),
            f'<div class="box note x">\n<p{LABEL}>甲</p>\n</div>',
        ),
        (c.Rule(AT), '<hr class="rule"/>'),
    ],
)
def test_a_block_becomes_its_element_and_knows_its_line(
    block: c.Block, html: str, medium: Medium
) -> None:
    if medium == "reflow" and isinstance(block, c.Quote | c.Excerpt):
        # On a screen a quotation is a figure, and its caption names who is quoted.
        html = html.replace('<div class="quote">', '<figure class="quote">')
        html = html.removesuffix("</div>") + "</figure>"
        html = html.replace('<p class="attribution"', '<figcaption class="attribution"')
        html = html.replace("李白</p>", "李白</figcaption>")
    assert scribe(medium).block(block).replace(' class="short"', "") == html


@pytest.mark.parametrize(
    ("start", "signs", "tag"),
    [(None, ["●", "●"], "ul"), (1, ["1.", "2."], "ol"), (7, ["7.", "8."], 'ol start="7"'),
     (0, ["0.", "1."], 'ol start="0"')],
)  # fmt: skip
def test_a_list_has_its_markers_as_words_on_pages_only(
    start: int | None, signs: list[str], tag: str
) -> None:
    block = c.Listing(((par("甲"),), (par("乙"), par("丙"))), start, tight=True, place=AT)
    name, _, number = tag.partition(" ")
    span = f"<span{LABEL}>{{}}</span>"
    opening = f'<{name} class="tight"{number and " " + number}>'
    items = [span.format("甲"), span.format("乙") + span.format("丙")]
    plain = "\n".join(f"<li>{item}</li>" for item in items)
    assert scribe("reflow").block(block) == f"{opening}\n{plain}\n</{name}>"
    marked = "\n".join(
        f'<li><span class="marker{" bullet" if start is None else ""}" data-added="">{sign}</span>'
        f"{item}</li>"
        for sign, item in zip(signs, items, strict=True)
    )
    assert scribe("paged").block(block) == f"{opening}\n{marked}\n</{name}>"


def test_a_loose_list_keeps_its_paragraphs() -> None:
    block = c.Listing(((par("甲"), par("乙")),), None, tight=False, place=AT)
    assert scribe().block(block) == (
        f'<ul class="loose">\n<li><p{LABEL}>甲</p><p{LABEL}>乙</p></li>\n</ul>'
    )


@pytest.mark.parametrize(("level", "shift", "tag"), [(1, 0, "h2"), (3, 1, "h4"), (6, 1, "h6")])
def test_a_heading_is_shifted_between_two_and_six(level: int, shift: int, tag: str) -> None:
    shifted = Scribe("paged", "body", {}, {}, shift)
    html = shifted.block(c.Heading(level, "h", text("甲"), AT))
    assert html.startswith(f"<{tag} ")


def test_a_picture_without_words_is_an_artifact_on_pages() -> None:
    figure = c.Figure(c.Picture(SOURCES[0], ""), (), AT)
    assert scribe("paged").block(figure) == (
        '<figure class="picture" data-src="manuscript.md:7">'
        '<embed src="file:///publication/0.png"/></figure>'
    )
    assert scribe("reflow").block(figure) == (
        '<figure class="picture" data-src="manuscript.md:7">'
        '<img src="file:///publication/0.png" alt=""/></figure>'
    )


@given(st.sampled_from(sorted(RESERVED)), st.sampled_from(MEDIA))
def test_a_class_of_the_author_never_passes_for_one_of_ours(name: str, medium: Medium) -> None:
    write = scribe(medium)
    spans = c.Paragraph((c.Span((name, "x"), text("甲")),), AT)
    html = write.block(spans) + write.block(c.Box((name, "x"), (par("乙"),), AT))
    root = parse_fragment(html)
    assert [part.stream for part in segments_of(root)] == ["body", "body"]
    assert [one.get("class") for one in root.iter() if one.get("class")] == [
        f"own-{name} x", f"box own-{name} x",
    ]  # fmt: skip


@given(WORDS)
def test_nothing_is_added_to_words_or_taken_from_them(words: str) -> None:
    for medium in MEDIA:
        assert "".join(map(str, parse_fragment(scribe(medium).text(words)).itertext())) == words
        assert visible(words) == seen(words)


@given(INLINES, INLINES)
def test_no_space_comes_between_inlines(left: c.Inlines, right: c.Inlines) -> None:
    for medium in MEDIA:
        write = scribe(medium)
        assert write.inlines(left + right) == write.inlines(left) + write.inlines(right)


@given(PLACES)
def test_a_label_leads_back_to_file_and_line(place: Place) -> None:
    (part,) = segments_of(parse_fragment(scribe().block(c.Paragraph(text("甲"), place))))
    assert part.source == f"{place.file}:{place.line}"


# ---- notes -------------------------------------------------------------------------------------

NOTE = c.Note("n1", 1, (par("注一"), par("注二")), AT)
CALLS = c.Paragraph((c.Text("甲"), c.NoteRef("n1"), c.Text("乙")), AT)


def test_in_reflow_a_call_and_its_note_lead_to_each_other() -> None:
    write = scribe("reflow", [NOTE])
    assert write.block(CALLS) == (
        f'<p{LABEL}>甲<a class="note-call" data-added="" epub:type="noteref" role="doc-noteref" '
        'id="call-n1" href="#note-n1">①</a>乙</p>'
    )
    label = LABEL.replace("body", "note-n1")
    assert write.aside(NOTE) == (
        '<aside class="footnote" epub:type="footnote" role="doc-footnote" id="note-n1">'
        f'<p{label}><a class="note-mark" data-added="note" role="doc-backlink" '
        'href="#call-n1">①</a>注一</p>\n'
        f"<p{label}>注二</p></aside>"
    )


def test_in_reflow_a_note_that_opens_with_no_paragraph_has_its_mark_before_it() -> None:
    note = c.Note("n1", 1, (c.CodeBlock("x", "", AT),), AT)
    root = parse_fragment(scribe("reflow", [note]).aside(note))
    assert [(part.text, part.stream) for part in segments_of(root)] == [
        ("①", NOTE_MARK), ("x", "note-n1"),
    ]  # fmt: skip


def test_on_pages_a_note_stands_beside_its_call_and_floats_down() -> None:
    html = scribe("paged", [NOTE]).block(CALLS)
    label = LABEL.replace("body", "note-n1")
    assert html == (
        f'<p{LABEL}>甲\u2060<a class="note-call" id="call-n1" href="#note-n1" data-added="" '
        'data-generated="call-n1"></a><span class="footnote" id="note-n1">'
        '<a class="note-mark" href="#call-n1" data-added="note" data-generated="note-n1"></a>'
        f'<span{label}>注一</span><br class="note-par"/><span{label}>注二</span></span>乙</p>'
    )
    parts = [
        (part.text or part.generated, part.stream) for part in segments_of(parse_fragment(html))
    ]
    assert parts == [
        ("甲", "body"), ("call-n1", ""), ("note-n1", NOTE_MARK), ("注一", "note-n1"),
        ("注二", "note-n1"), ("乙", "body"),
    ]  # fmt: skip


TWICE = c.Paragraph((c.NoteRef("n1"), c.Text("甲"), c.NoteRef("n1")), AT)


def test_a_note_that_is_called_twice_stands_once_on_pages() -> None:
    html = scribe("paged", [NOTE]).block(TWICE)
    assert html.count("注一") == 1
    assert [part.generated for part in segments_of(parse_fragment(html)) if part.generated] == [
        "call-n1", "note-n1", "call-n1-2",
    ]  # fmt: skip


def test_each_call_of_a_note_has_an_id_of_its_own_in_reflow() -> None:
    html = scribe("reflow", [NOTE]).block(TWICE)
    assert re.findall(r' id="([^"]*)"', html) == ["call-n1", "call-n1-2"]
    assert html.count('href="#note-n1"') == 2


@given(st.integers(1, 60))
def test_each_note_has_a_mark_of_its_own(number: int) -> None:
    marks = [note_mark(one) for one in range(1, number + 1)]
    assert len(set(marks)) == number
    assert note_mark(20) == "⑳"
    assert note_mark(21) == "㉑"
    assert note_mark(50) == "㊿"
    assert note_mark(51) == "(51)"


# ---- what was written is what is read ------------------------------------------------------------


def streams_read(html: str) -> dict[str, str]:
    found: dict[str, str] = defaultdict(str)
    for part in segments_of(parse_fragment(html)):
        if part.stream not in {"", NOTE_MARK}:
            found[part.stream] += part.text
    return dict(found)


@settings(max_examples=40)
@given(TREES)
def test_on_pages_every_stream_reads_as_it_was_written(tree: Tree) -> None:
    html = scribe("paged", tree.notes).blocks(tree.blocks)
    assert streams_read(html) == streams_of(tree)


@settings(max_examples=40)
@given(TREES)
def test_in_reflow_every_stream_reads_as_it_was_written(tree: Tree) -> None:
    write = scribe("reflow", tree.notes)
    html = "\n".join([write.blocks(tree.blocks), *map(write.aside, tree.notes)])
    assert streams_read(html) == streams_of(tree)


@settings(max_examples=40)
@given(TREES, st.sampled_from(MEDIA))
def test_stripping_the_labels_leaves_text_and_elements(tree: Tree, medium: Medium) -> None:
    root = parse_fragment(scribe(medium, tree.notes).blocks(tree.blocks))
    before = "".join(part.text for part in segments_of(root))
    tags = [element.tag for element in root.iter()]
    strip_labels(root)
    html = serialise(root)
    again = parse_fragment(html)
    assert "data-" not in re.sub(">[^<]*<", "><", html)
    assert [element.tag for element in again.iter()] == tags
    assert "".join(part.text for part in segments_of(again)) == before


def test_words_in_margins_and_hidden_words_are_no_text() -> None:
    html = (
        '<p data-m="body" data-src="m.md:1">甲<i hidden="">乙</i><b data-running="1">丙</b>丁'
        "<!-- 戊 --><?x 己?><style>庚</style></p><p>辛</p>"
    )
    found = segments_of(parse_fragment(html))
    assert [(part.text, part.stream, part.source) for part in found] == [
        ("甲", "body", "m.md:1"), ("丁", "body", "m.md:1"), ("辛", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "html",
    ["<p>", "<p a>x</p>", "a & b", "&nbsp;", "<p/></p>", "\x00", "<b>" * 500 + "</b>" * 500],
    ids=["open", "no value", "ampersand", "entity", "closed twice", "zero byte", "deep"],
)
def test_html_that_is_not_well_formed_is_refused(html: str) -> None:
    with pytest.raises(etree.XMLSyntaxError):
        parse_fragment(html)


# ---- spreads -----------------------------------------------------------------------------------

heights = st.lists(st.integers(2, 12), max_size=8)


@given(heights, st.integers(3, 40))
def test_a_section_is_parted_at_the_smallest_difference_that_fits(
    lines: list[int], room: int
) -> None:
    differences = {}
    for at in range(1, len(lines)):
        left, right = sum(lines[:at]) - 1, sum(lines[at:]) - 1  # no blank line at the foot
        if left <= room and right <= room:
            differences[at] = abs(left - right)
    found = balance(lines, room)
    if not differences:
        assert found is None
        return
    assert found is not None
    assert differences[found] == min(differences.values())
    assert found == min(at for at, one in differences.items() if one == differences[found])


def section(*lines: int, name: str = "s") -> list[tuple[str, int]]:
    return [(f"{name}{number}", height) for number, height in enumerate(lines, 1)]


@pytest.mark.parametrize(
    ("sections", "asked", "folios", "mode", "turns"),
    [
        ([section(5, 5)], "auto", "continuous", "spread", {"s2"}),
        ([section(6, 3, 3), section(2, 9, name="t")], "auto", "continuous", "spread", {"s2", "t2"}),
        ([section(5, 5), section(5, name="t")], "auto", "continuous", "page", set()),
        ([section(5, 5), section(5, name="t")], "spread", "continuous", "spread", {"s2"}),
        ([section(5, 20)], "auto", "continuous", "page", set()),
        ([section(5, 5), []], "auto", "continuous", "page", set()),
        ([], "auto", "continuous", "page", set()),
        ([section(5, 5)], "auto", "roman", "recto", set()),
        ([section(5, 5)], "spread", "roman", "recto", set()),
        ([section(5, 5)] * (MOST_SPREADS + 1), "auto", "roman", "page", set()),
        ([section(5, 5)] * (MOST_SPREADS + 1), "auto", "continuous", "page", set()),
        ([section(5, 5)] * (MOST_SPREADS + 1), "spread", "continuous", "spread", {"s2"}),
        ([section(5, 5)], "page", "continuous", "page", set()),
        ([section(5, 5)], "recto", "continuous", "recto", set()),
        ([section(5, 5)], "run-on", "roman", "run-on", set()),
    ],
)
def test_the_sections_open_as_asked_or_as_fits(
    sections: list[list[tuple[str, int]]], asked: str, folios: str, mode: Mode, turns: set[str]
) -> None:
    plan = plan_spreads(sections, 15, asked, folios)
    assert (plan.mode, set(plan.turns)) == (mode, turns)


@given(st.lists(heights, max_size=4), st.integers(3, 40))
def test_at_most_one_excerpt_of_a_section_turns_the_page_and_never_the_first(
    sections: list[list[int]], room: int
) -> None:
    named = [section(*lines, name=f"s{number}-") for number, lines in enumerate(sections)]
    plan = plan_spreads(named, room, "spread", "continuous")
    for excerpts in named:
        names = [name for name, _ in excerpts]
        assert len(plan.turns.intersection(names)) <= 1
        assert not plan.turns.intersection(names[:1])


# ---- indexes -----------------------------------------------------------------------------------


def excerpt(number: int, date: Day | None, words: str = "", occasion: str = "") -> c.Excerpt:
    source = c.Attribution((), (), AT, DateSpan(date) if date else None, words, occasion)
    return c.Excerpt(f"e{number}", number, (), source, AT)


def summary(groups: Sequence[Group]) -> list[tuple[str, list[tuple[str, str, list[int]]]]]:
    return [
        (
            group.head,
            [
                (entry.short_date, entry.occasion, [ref.number for ref in entry.references])
                for entry in group.entries
            ],
        )
        for group in groups
    ]


SEED = (
    excerpt(1, Day(2016, 4, 19), "2016年4月19日", "在座谈会上的讲话"),
    excerpt(2, Day(2014, 2, 27), "2014年2月27日", "在会议上的讲话"),
    excerpt(3, Day(2014, 2, 27), "2014年2月27日", "在会议的讲话"),
    excerpt(4, Day(2016, 4, 19), "2016年4月19日", "在座谈会上的讲话"),
    excerpt(5, None, "", "李白"),
    excerpt(6, Day(2014), "2014年", "在会议上的讲话"),
    excerpt(7, Day(2015, 12), "2015年12月", ""),
)


def test_the_index_by_date_goes_by_year_and_day_and_merges_only_the_same_words() -> None:
    assert summary(index_by_date(SEED)) == [
        ("2014", [("2014年", "在会议上的讲话", [6]), ("2月27日", "在会议上的讲话", [2]),
                  ("2月27日", "在会议的讲话", [3])]),
        ("2015", [("12月", "", [7])]),
        ("2016", [("4月19日", "在座谈会上的讲话", [1, 4])]),
    ]  # fmt: skip


def test_the_index_by_occasion_goes_by_first_date_and_merges_only_the_same_words() -> None:
    assert summary(index_by_occasion(SEED)) == [
        ("在会议上的讲话", [("2014年", "在会议上的讲话", [6]),
                      ("2014年2月27日", "在会议上的讲话", [2])]),
        ("在会议的讲话", [("2014年2月27日", "在会议的讲话", [3])]),
        ("在座谈会上的讲话", [("2016年4月19日", "在座谈会上的讲话", [1, 4])]),
    ]  # fmt: skip


def entries(groups: Sequence[Group]) -> list[tuple[str, tuple[str, str]]]:
    return [
        (ref.id, (entry.date, entry.occasion))
        for group in groups
        for entry in group.entries
        for ref in entry.references
    ]


@given(ANTHOLOGIES)
def test_each_index_refers_to_every_dated_excerpt_once_in_its_own_words(
    excerpts: tuple[c.Excerpt, ...],
) -> None:
    dated = {
        item.id: (item.attribution.date_text, item.attribution.occasion)
        for item in excerpts
        if item.attribution and item.attribution.date
    }
    by_date, by_occasion = index_by_date(excerpts), index_by_occasion(excerpts)
    assert sorted(entries(by_date)) == sorted(dated.items())
    # What has a date alone has no place among occasions.
    assert sorted(entries(by_occasion)) == sorted(
        (name, words) for name, words in dated.items() if words[1]
    )


@given(ANTHOLOGIES)
def test_no_two_entries_of_an_index_say_the_same(excerpts: tuple[c.Excerpt, ...]) -> None:
    spans = {item.id: item.attribution.date for item in excerpts if item.attribution}
    for groups in (index_by_date(excerpts), index_by_occasion(excerpts)):
        assert len({group.head for group in groups}) == len(groups)
        said = Counter(
            (spans[entry.references[0].id], entry.date, entry.occasion)
            for group in groups
            for entry in group.entries
        )
        assert max(said.values(), default=1) == 1
        for entry in chain.from_iterable(group.entries for group in groups):
            numbers = [ref.number for ref in entry.references]
            assert numbers == sorted(set(numbers))


@given(ANTHOLOGIES)
def test_the_entries_of_the_index_by_date_are_in_order(excerpts: tuple[c.Excerpt, ...]) -> None:
    days = {
        item.id: item.attribution.date.first
        for item in excerpts
        if item.attribution and item.attribution.date
    }
    groups = index_by_date(excerpts)
    order = [days[entry.references[0].id] for group in groups for entry in group.entries]
    assert all(one <= two for one, two in pairwise(order))
    for group in groups:
        assert {str(days[entry.references[0].id].year) for entry in group.entries} == {group.head}
        for entry in group.entries:
            assert entry.date.endswith(entry.short_date)


# ---- whole books -------------------------------------------------------------------------------

MANUSCRIPT = """\
# 小册[^t]

> **【编前语】**话。[^p]

## 第一辑[^h]

甲乙丙。[^b]

——2014年2月27日，在会上的讲话[^a]

丁。

——李白

## 第二辑

1. 甲
2. 乙

- 丙

::: note
盒中。
:::

![图](a.png)

[^t]: 题注。
[^p]: 序注。
[^h]: 辑注。
[^b]: 文注。

    又一段。

[^a]: 源注。
"""


@pytest.fixture(scope="module")
def reader() -> Theme:
    theme = open_theme("reader", Path("nowhere"), ({}, {}), lambda key, _: Place(key), Findings())
    assert theme is not None
    return theme


def test_a_cover_can_be_made_of_a_book_with_notes_and_pictures(
    reader: Theme, tmp_path: Path
) -> None:
    """The cover of an e-book is set on its own, with the views of the whole book."""
    (tmp_path / "m.md").write_text(MANUSCRIPT, "utf-8")
    (tmp_path / "a.png").write_bytes(b"")
    publication = load_publication(tmp_path / "m.md").publication
    if publication is None:
        (tmp_path / "m.md").write_text(MANUSCRIPT.replace("![图](a.png)", ""), "utf-8")
        publication = load_publication(tmp_path / "m.md").publication
    assert publication is not None
    geometry = plan_page(publication.layout, reader.page, AT, Findings())
    assert geometry is not None
    cover = typeset_cover(publication, reader, geometry)
    assert {part.stream for part in cover.segments} == {""}
    book = typeset_pages(publication, reader, geometry)
    streams = {part.stream for part in book.segments}
    assert {"title", "front-1", "body", "note-n1", "note-n5"} <= streams


def test_a_section_may_hold_nothing_but_its_heading(reader: Theme, tmp_path: Path) -> None:
    (tmp_path / "m.md").write_text("# 书\n\n## 甲\n\n## 乙\n\n正文。\n", "utf-8")
    publication = load_publication(tmp_path / "m.md").publication
    assert publication is not None
    geometry = plan_page(publication.layout, reader.page, AT, Findings())
    assert geometry is not None
    body = [part.text for part in typeset_pages(publication, reader, geometry).segments]
    assert body.index("甲") < body.index("乙") < body.index("正文。")


def test_a_quotation_of_more_than_half_a_page_may_break() -> None:
    for count, paged in ((300, "quote"), (301, "quote long")):
        quote = c.Quote((par("字" * count),), AT)
        assert f'class="{paged}"' in scribe("paged").block(quote)
        assert 'class="quote"' in scribe("reflow").block(quote)
