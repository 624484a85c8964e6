"""What is written is read again: the writer of manuscripts is the inverse of their reader."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import WORDS

from booklet.errors import Findings, Place
from booklet.importing.flat import EMPHASIS, LINK, SPAN, STRONG, Atom, paragraphs
from booklet.importing.writing import Writer
from booklet.manuscript import Loaded, load_publication
from booklet.model import content as c
from booklet.model.transcript import visible

AT = Place("a", 1)
ODD = st.one_of(
    WORDS,
    st.sampled_from(
        ["# a", "> b", "- c", "+ d", "1. e", "2) f", "===", "---", "***", ":::", "::: box", "```",
         "~~~", "|", "a|b", "|-|", "[^1]", "[^1]: g", "[h]: i", "[j](k)", "![l](m)", "<b>", "<!--",
         "&amp;", "&#35;", "{n|o}", "{.p}", "{#q}", "\\", "*", "**", "_", "`", "``", "!", "!!", "(",
         "——李白", "【编前语】", "前言：", "https://a.b/c_d", "a_b_c", "2018年", "1.5",
         "　　全角", "::"]
    ),
)  # fmt: skip
TEXTS = st.lists(ODD, min_size=1, max_size=5).map("".join)
MARKS = st.lists(
    st.sampled_from(
        [(STRONG, ""), (EMPHASIS, ""), (SPAN, "dots"), (SPAN, "name"), (LINK, "https://a.b/?c=(d)&e")]
    ),
    max_size=2,
).map(tuple)  # fmt: skip
RUBY = st.text("汉字甲乙abc*_", min_size=1, max_size=4)
ITEMS = st.one_of(
    TEXTS.map(c.Text),
    TEXTS.map(c.Text),
    TEXTS.map(lambda text: c.Code(text.strip() or "码")),
    st.builds(c.Ruby, RUBY, RUBY),
    st.just(c.NoteRef("1")),
    st.just(c.Break()),
    st.builds(c.Picture, st.just("images/a.png"), TEXTS.map(str.strip)),
)
LINES = st.lists(st.builds(Atom, ITEMS, MARKS), min_size=1, max_size=5)


def written(blocks: c.Blocks) -> str:
    notes = {"1": c.Note("1", 1, (c.Paragraph((c.Text("注文"),), AT),), AT)}
    return Writer(Findings(), notes, frozenset()).file(blocks)


def read(manuscript: str) -> Loaded:
    with TemporaryDirectory() as folder:
        Path(folder, "booklet.yaml").write_text("title: 书名\nform: book\n", "utf-8")
        Path(folder, "manuscript.md").write_text(manuscript, "utf-8")
        Path(folder, "images").mkdir()
        svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
        Path(folder, "images", "a.png").write_text(svg, "utf-8")
        return load_publication(Path(folder))


def said(loaded: Loaded) -> str:
    return "".join(visible(run.text) for run in loaded.transcript)


def words(blocks: c.Blocks) -> str:
    found = []
    for block in blocks:
        for line in c.lines_of(block):
            for item in c.flatten(line):
                match item:
                    case c.Text(text) | c.Code(text):
                        found.append(text)
                    case c.Ruby(base, reading):
                        found.append(base + reading)
                    case _:
                        pass
    return visible("".join(found))


def errors(loaded: Loaded) -> list[str]:
    return [str(item) for item in loaded.diagnostics if item.severity == "error"]


@settings(max_examples=120, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=3))
def test_any_paragraphs_are_read_as_they_are_written(lines: list[list[Atom]]) -> None:
    blocks = tuple(c.Paragraph(one, AT) for atoms in lines for one in paragraphs(atoms))
    blocks = (*blocks, c.Paragraph((c.Text("尾"),), AT))
    loaded = read(written(blocks))
    assert errors(loaded) == []
    called = (
        "注文"
        if any(isinstance(i, c.NoteRef) for b in blocks for i in c.flatten(b.inlines))
        else ""
    )
    assert said(loaded) == words(blocks) + called


SHORT = st.lists(st.builds(Atom, ITEMS, MARKS), min_size=1, max_size=3)
INLINES = SHORT.map(paragraphs).filter(lambda found: bool(found)).map(lambda found: found[0])


def one_line(inlines: c.Inlines) -> c.Inlines:
    return tuple(item for item in inlines if not isinstance(item, c.Break)) or (c.Text("字"),)


ROWS = INLINES.map(one_line)
LEAVES: list[st.SearchStrategy[c.Block]] = [
    st.builds(c.Paragraph, INLINES, st.just(AT)),
    st.builds(c.Paragraph, INLINES, st.just(AT)),
    st.builds(
        c.Heading, st.integers(3, 6), st.just(""),
        ROWS.filter(lambda row: bool(visible(c.plain(row)))), st.just(AT),
    ),
    st.lists(st.tuples(ROWS, ROWS), min_size=1, max_size=3).map(
        lambda rows: c.Table(rows[0], tuple(rows[1:]), ("", "right"), AT)
    ),
    st.builds(
        c.CodeBlock, TEXTS.map(lambda text: f"{text}\n"), st.sampled_from(["", "python"]),
        st.just(AT),
    ),
    st.builds(
        c.Figure, st.builds(c.Picture, st.just("images/a.png"), TEXTS.map(str.strip)),
        st.one_of(st.just(()), TEXTS.map(str.strip).filter(bool).map(lambda text: (c.Text(text),))),
        st.just(AT),
    ),
    st.just(c.Rule(AT)),
    st.lists(ROWS, min_size=1, max_size=3).map(lambda rows: c.Verse(tuple(rows), AT)),
]  # fmt: skip


def tight(inner: st.SearchStrategy[c.Block]) -> st.SearchStrategy[c.Block]:
    """Make lists of lines, with lists below them, some of them without words."""
    line = st.builds(c.Paragraph, INLINES, st.just(AT)).map(lambda block: (block,))
    item = st.one_of(line, st.just(()), st.builds(lambda a, b: (*a, b), line, inner))
    return st.builds(
        c.Listing, st.lists(item, min_size=1, max_size=3).map(tuple),
        st.none() | st.integers(0, 3), st.just(True), st.just(AT),
    )  # fmt: skip


LISTS = st.recursive(
    st.builds(
        c.Listing, st.just(((),)), st.none() | st.integers(0, 3), st.just(True), st.just(AT)
    ),
    tight, max_leaves=4,
)  # fmt: skip


def nest(inner: st.SearchStrategy[c.Block]) -> st.SearchStrategy[c.Block]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    items = st.lists(some, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(c.Quote, some, st.just(AT)),
        st.builds(c.Box, st.just(("note",)), some, st.just(AT)),
        st.builds(c.Listing, items, st.none() | st.integers(0, 20), st.just(False), st.just(AT)),
    )


ANY = st.one_of(LISTS, st.recursive(st.one_of(LEAVES), nest, max_leaves=4))
BLOCKS = st.lists(ANY, min_size=1, max_size=3).map(tuple)


@settings(max_examples=120, deadline=None)
@given(BLOCKS)
def test_any_blocks_are_read_as_they_are_written(blocks: c.Blocks) -> None:
    whole = (*blocks, c.Paragraph((c.Text("尾"),), AT))
    loaded = read(written(whole))
    assert errors(loaded) == []
    called = any(
        isinstance(item, c.NoteRef)
        for b in whole
        for line in c.lines_of(b)
        for item in c.flatten(line)
    )
    assert said(loaded) == words(whole) + ("注文" if called else "")
