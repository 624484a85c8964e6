"""What a manuscript says, as a tree: blocks hold inlines, inlines hold text.

The tree knows no HTML and no paths. A picture is named by its source as the manuscript writes it.
Every block knows its place, so that a finding or a click in the preview can lead back to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from booklet.errors import Place
from booklet.model.dates import DateSpan

LINK_SCHEMES = ("http", "https", "mailto", "tel")
"""Where a link may lead, beside a place in the book."""

# ---- inlines ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters, to be set verbatim."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Strong emphasis, in Chinese usually 黑体 or bold."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stress emphasis, in Chinese usually 楷体."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Code:
    """Literal code within a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link; ``target`` is http(s), mailto, tel or ``#id``."""

    target: str
    children: Inlines


@dataclass(frozen=True, slots=True)
class Ruby:
    """A base and its reading: ``{汉字|hànzì}``; ``made`` where nobody wrote the reading."""

    base: str
    reading: str
    made: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Words with a meaning: ``[重点]{.dots}``, ``[孔子]{.name}``, ``[论语]{.work}``."""

    classes: tuple[str, ...]
    children: Inlines


@dataclass(frozen=True, slots=True)
class NoteRef:
    """The call of a note; `Note.id` is unique in the publication."""

    note: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture within a line or the only content of a `Figure`.

    Attributes:
        source: Path as written, relative to the publication, with ``/``.
        alt: Words for those who do not see it; empty where it is decoration.
    """

    source: str
    alt: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break that the author asked for."""


Inline = Text | Strong | Emphasis | Code | Link | Ruby | Span | NoteRef | Picture | Break
Inlines = tuple[Inline, ...]


# ---- blocks ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    inlines: Inlines
    place: Place


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section, level 3 to 6."""

    level: int
    id: str
    inlines: Inlines
    place: Place


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation, with its attribution where one follows inside it."""

    blocks: Blocks
    place: Place
    attribution: Attribution | None = None


@dataclass(frozen=True, slots=True)
class Verse:
    """Lines whose breaks are the author's; an empty line parts stanzas."""

    lines: tuple[Inlines, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. ``start`` is the first number of an ordered one, None of a bulleted one."""

    items: tuple[Blocks, ...]
    start: int | None
    tight: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``aligns`` has one of ``left``, ``right``, ``center`` or '' a column."""

    head: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    aligns: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that stands alone, with the caption that the manuscript gives it."""

    picture: Picture
    caption: Inlines
    place: Place
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Code in lines."""

    text: str
    language: str
    place: Place


@dataclass(frozen=True, slots=True)
class Box:
    """A fenced container: ``::: note``, ``::: {.letter}``."""

    classes: tuple[str, ...]
    blocks: Blocks
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """A change of theme: ``***``."""

    place: Place


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One quoted text with its attribution, the unit of an anthology.

    Attributes:
        id: Unique in the publication, ``e1`` unless the author names it.
        number: 1-based, continuous through the publication.
    """

    id: str
    number: int
    blocks: Blocks
    attribution: Attribution | None
    place: Place


Block = (
    Paragraph
    | Heading
    | Quote
    | Verse
    | Listing
    | Table
    | Figure
    | CodeBlock
    | Box
    | Rule
    | Excerpt
)
Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """The line that names date, occasion or author of a quoted text, set as written.

    The printed words are ``lead`` followed by ``rest``; nothing of them is ever rewritten.

    Attributes:
        lead: The dash, the date and the comma after it; only the dash where no date is given.
        rest: The occasion, or whatever else stands there (``李白``).
        date: What the date means, None where there is none.
        date_text: The date as written, '' where there is none.
        occasion: Plain text of ``rest``, the key of the index by occasion.
        kind: 讲话, 贺信 … as found at the end of the occasion, '' where none is known.
    """

    lead: Inlines
    rest: Inlines
    place: Place
    date: DateSpan | None = None
    date_text: str = ""
    occasion: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: ``number`` is 1-based, continuous through the publication."""

    id: str
    number: int
    blocks: Blocks
    place: Place


def plain(inlines: Inlines) -> str:
    """Give the words of inlines without markup, readings and note calls."""
    parts: list[str] = []
    for item in inlines:
        match item:
            case Text(text) | Code(text):
                parts.append(text)
            case Ruby(base):
                parts.append(base)
            case Strong(children) | Emphasis(children) | Link(_, children) | Span(_, children):
                parts.append(plain(children))
            case Break():
                parts.append(" ")
            case _:
                pass
    return "".join(parts)


def flatten(inlines: Inlines) -> Iterator[Inline]:
    """Yield every inline, depth first, in order."""
    for item in inlines:
        yield item
        if isinstance(item, Strong | Emphasis | Link | Span):
            yield from flatten(item.children)


def kind_of(block: Block) -> str:
    """Name a block as templates and themes do, such as ``paragraph``, ``verse`` or ``table``."""
    return type(block).__name__.lower()


def walk(blocks: Blocks) -> Iterator[Block]:
    """Yield every block, those within others after them."""
    for block in blocks:
        yield block
        match block:
            case Quote(blocks=inner) | Box(blocks=inner) | Excerpt(blocks=inner):
                yield from walk(inner)
            case Listing(items=items):
                for item in items:
                    yield from walk(item)
            case _:
                pass


def lines_of(block: Block) -> Iterator[Inlines]:  # noqa: C901, PLR0912 - a case for each block
    """Yield every run of inlines in a block, depth first, in reading order.

    Code comes as `Text`, a figure as its picture and its caption, an attribution as one run.
    """
    match block:
        case Paragraph(inlines) | Heading(inlines=inlines):
            yield inlines
        case Quote(blocks, _, attribution) | Excerpt(_, _, blocks, attribution, _):
            for inner in blocks:
                yield from lines_of(inner)
            if attribution is not None:
                yield (*attribution.lead, *attribution.rest)
        case Box(blocks=blocks):
            for inner in blocks:
                yield from lines_of(inner)
        case Listing(items):
            for item in items:
                for inner in item:
                    yield from lines_of(inner)
        case Verse(lines):
            yield from lines
        case Table(head, rows):
            yield from head
            for row in rows:
                yield from row
        case Figure(picture, caption):
            yield (picture,)
            yield caption
        case CodeBlock(text):
            yield (Text(text),)
        case Rule():
            pass
