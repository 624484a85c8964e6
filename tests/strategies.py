"""Random content, as wild as a manuscript may be, and what a reader sees of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from booklet.errors import Place
from booklet.model import content as c
from booklet.model.dates import DateSpan, Day

UNSEEN = frozenset(
    map(chr, (0xAD, *range(0x200B, 0x200E), 0x2060, 0xFEFF, *range(0xFE00, 0xFE10),
              *range(0xE0100, 0xE01F0)))
)  # fmt: skip
"""Characters that leave no mark: joiners, soft hyphens, variation selectors."""

CHARACTERS = st.one_of(
    st.sampled_from("一丁七万丈三上下中国网络强信息甲乙丙丁〇漢𠀀"),
    st.sampled_from("，。、；：？！“”‘’（）《》——……·～【】"),
    st.sampled_from("abcXYZ0123456789①②.,-_/\\"),
    st.sampled_from("<>&\"'{}%#|=;\u3000\u00a0 "),
    st.sampled_from("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe00\U000e0100"),
    st.characters(exclude_categories=["C", "Z"], exclude_characters="".join(UNSEEN)),
)
WORDS = st.text(CHARACTERS, min_size=1, max_size=5)
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True)
PLACES = st.sampled_from(
    [
        Place("manuscript.md", 7, 3),
        Place("一.md", 120),
        Place('a "b" <c>&.md', 1),
        Place("a:b.md", 9),
    ]
)
SOURCES = ("images/a.png", 'images/图 "1".jpg')
CLASSES = st.lists(st.sampled_from(["dots", "name", "work", "letter"]), max_size=2).map(tuple)


def _inlines(*, notes: bool = False) -> st.SearchStrategy[c.Inlines]:
    """Runs of inlines; with calls of notes, whose ids `numbered` makes unique."""
    leaves: list[st.SearchStrategy[c.Inline]] = [
        st.builds(c.Text, WORDS),
        st.builds(c.Code, WORDS),
        st.builds(c.Ruby, WORDS, WORDS),
        st.builds(c.Picture, st.sampled_from(SOURCES), WORDS),
        st.just(c.Break()),
    ]
    if notes:
        leaves.append(st.just(c.NoteRef("")))

    def nest(inner: st.SearchStrategy[c.Inline]) -> st.SearchStrategy[c.Inline]:
        children = st.lists(inner, max_size=3).map(tuple)
        return st.one_of(
            st.builds(c.Strong, children),
            st.builds(c.Emphasis, children),
            st.builds(c.Link, st.sampled_from(["#e1", "https://a.b/?c=d&e=\"f'"]), children),
            st.builds(c.Span, CLASSES, children),
        )

    one: st.SearchStrategy[c.Inline] = st.recursive(st.one_of(leaves), nest, max_leaves=3)
    return st.lists(one, max_size=3).map(tuple)


def _blocks(*, notes: bool = False) -> st.SearchStrategy[c.Blocks]:
    """Blocks of every kind, nested."""
    line = _inlines(notes=notes)
    attributions = st.one_of(
        st.none(), st.builds(c.Attribution, lead=line, rest=line, place=PLACES)
    )
    cells = st.lists(line, min_size=1, max_size=2).map(tuple)
    leaves: list[st.SearchStrategy[c.Block]] = [
        st.builds(c.Paragraph, line, PLACES),
        st.builds(c.Heading, st.integers(3, 6), NAMES, line, PLACES),
        st.builds(c.Verse, st.lists(line, max_size=3).map(tuple), PLACES),
        st.builds(
            c.Table,
            cells,
            st.lists(cells, max_size=2).map(tuple),
            st.lists(st.sampled_from(["", "left", "right", "center"]), max_size=3).map(tuple),
            PLACES,
        ),
        st.builds(
            c.Figure, st.builds(c.Picture, st.sampled_from(SOURCES), WORDS), line, PLACES, CLASSES
        ),
        st.builds(c.CodeBlock, WORDS, st.sampled_from(["", "python", 'a"b']), PLACES),
        st.builds(c.Rule, PLACES),
    ]

    def nest(inner: st.SearchStrategy[c.Block]) -> st.SearchStrategy[c.Block]:
        some = st.lists(inner, max_size=2).map(tuple)
        items = st.lists(some, min_size=1, max_size=2).map(tuple)
        return st.one_of(
            st.builds(c.Quote, some, PLACES, attributions),
            st.builds(c.Box, CLASSES, some, PLACES),
            st.builds(c.Excerpt, NAMES, st.integers(1, 999), some, attributions, PLACES),
            st.builds(
                c.Listing, items, st.none() | st.integers(0, 20), st.booleans(), PLACES
            ),
        )  # fmt: skip

    one: st.SearchStrategy[c.Block] = st.recursive(st.one_of(leaves), nest, max_leaves=4)
    return st.lists(one, max_size=3).map(tuple)


INLINES, BLOCKS, CALLING_BLOCKS = _inlines(), _blocks(), _blocks(notes=True)


@dataclass(frozen=True)
class Tree:
    """Blocks whose every call has a note of its own."""

    blocks: c.Blocks
    notes: tuple[c.Note, ...]


@st.composite
def _trees(draw: st.DrawFn) -> Tree:
    calls: Iterator[int] = iter(range(1, 10_000))
    body = numbered(draw(CALLING_BLOCKS), calls)
    count = next(calls) - 1
    notes = tuple(
        c.Note(f"n{number}", number, draw(BLOCKS), draw(PLACES)) for number in range(1, count + 1)
    )
    return Tree(body, notes)


TREES = _trees()
"""Blocks that call notes, and the notes that they call."""


def numbered(found: c.Blocks, calls: Iterator[int]) -> c.Blocks:  # noqa: C901 - a case for each
    """Give every call the id of a note, in reading order."""

    def line(items: c.Inlines) -> c.Inlines:
        return tuple(inline(item) for item in items)

    def inline(item: c.Inline) -> c.Inline:
        match item:
            case c.NoteRef():
                return c.NoteRef(f"n{next(calls)}")
            case c.Strong(children):
                return c.Strong(line(children))
            case c.Emphasis(children):
                return c.Emphasis(line(children))
            case c.Link(target, children):
                return c.Link(target, line(children))
            case c.Span(classes, children):
                return c.Span(classes, line(children))
            case _:
                return item

    def source(item: c.Attribution | None) -> c.Attribution | None:
        return None if item is None else c.Attribution(line(item.lead), line(item.rest), item.place)

    def block(item: c.Block) -> c.Block:
        match item:
            case c.Paragraph(words, place):
                return c.Paragraph(line(words), place)
            case c.Heading(level, id_, words, place):
                return c.Heading(level, id_, line(words), place)
            case c.Verse(lines, place):
                return c.Verse(tuple(map(line, lines)), place)
            case c.Table(head, rows, aligns, place):
                cells = tuple(map(line, head))
                return c.Table(cells, tuple(tuple(map(line, row)) for row in rows), aligns, place)
            case c.Figure(picture, caption, place, classes):
                return c.Figure(picture, line(caption), place, classes)
            case c.Quote(inner, place, attribution):
                return c.Quote(tuple(map(block, inner)), place, source(attribution))
            case c.Box(classes, inner, place):
                return c.Box(classes, tuple(map(block, inner)), place)
            case c.Listing(items, start, tight, place):
                listed = tuple(tuple(map(block, inner)) for inner in items)
                return c.Listing(listed, start, tight, place)
            case c.Excerpt(id_, number, inner, attribution, place):
                return c.Excerpt(id_, number, tuple(map(block, inner)), source(attribution), place)
            case _:
                return item

    return tuple(map(block, found))


DAYS = st.one_of(
    st.builds(Day, st.integers(1949, 1953)),
    st.builds(Day, st.integers(1949, 1953), st.integers(1, 3)),
    st.builds(Day, st.integers(1949, 1953), st.integers(1, 3), st.integers(1, 4)),
)


def written(day: Day) -> str:
    """Write a day as an attribution does."""
    text = f"{day.year}年"
    if day.month:
        text += f"{day.month}月"
    return text + (f"{day.day}日" if day.day else "")


@st.composite
def _dated_attributions(draw: st.DrawFn) -> c.Attribution:
    """Attributions whose dates and occasions often meet."""
    first, other = draw(DAYS), draw(st.none() | DAYS)
    last = other if other is not None and other > first else None
    text = written(first) + (draw(st.sampled_from("至—")) + written(last) if last else "")
    occasion = draw(st.sampled_from(["", "在会上", "在会议上", "致会议的贺信"]))
    date, words = DateSpan(first, last), (c.Text(occasion),)
    return c.Attribution((c.Text(f"——{text}，"),), words, Place("m.md", 1), date, text, occasion)


def _anthologies() -> st.SearchStrategy[tuple[c.Excerpt, ...]]:
    """Excerpts numbered from 1, dated or not."""
    undated = c.Attribution((c.Text("——"),), (c.Text("李白"),), Place("m.md", 1), occasion="李白")
    sources = st.one_of(st.none(), st.just(undated), _dated_attributions())

    def number(found: list[c.Attribution | None]) -> tuple[c.Excerpt, ...]:
        place = Place("m.md", 1)
        return tuple(
            c.Excerpt(f"e{at}", at, (c.Paragraph((c.Text("文"),), place),), source, place)
            for at, source in enumerate(found, 1)
        )

    return st.lists(sources, max_size=12).map(number)


ANTHOLOGIES = _anthologies()


# ---- what a reader sees ------------------------------------------------------------------------


def seen(text: str) -> str:
    """Keep what leaves a mark."""
    return "".join(char for char in text if not char.isspace() and char not in UNSEEN)


def streams_of(tree: Tree) -> dict[str, str]:
    """Give the words of a tree by stream: the body, and each note that is called."""
    words: dict[str, list[str]] = defaultdict(list)
    for block in tree.blocks:
        words["body"] += _words(block)
    for note in tree.notes:
        for block in note.blocks:
            words[f"note-{note.id}"] += _words(block)
    joined = {stream: seen("".join(parts)) for stream, parts in words.items()}
    return {stream: text for stream, text in joined.items() if text}


def _words(block: c.Block) -> Iterator[str]:
    for line in c.lines_of(block):
        for item in c.flatten(line):
            match item:
                case c.Text(text) | c.Code(text):
                    yield text
                case c.Ruby(base, reading):
                    yield base + reading
                case _:
                    pass
