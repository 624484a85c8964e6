"""What a template sees: frozen, plain values and safe HTML. docs/themes.md documents each field.

`heading`, `html`, `lead` and `rest` are the manuscript's own words and must be set exactly once;
`title`, `date` and the like are copies for contents, running heads and indexes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from booklet.typeset.indexes import Group

_NOTHING = Markup()


@dataclass(frozen=True, slots=True)
class TitleView:
    """The title: ``heading`` to set, ``lines``, ``text`` and ``short`` to repeat.

    ``copies`` are the lines once more, with the readings that the manuscript gives.
    """

    heading: tuple[Markup, ...]
    copies: tuple[Markup, ...]
    lines: tuple[str, ...]
    text: str
    short: str
    subtitle: str


@dataclass(frozen=True, slots=True)
class AttributionView:
    """An attribution: ``lead`` (dash, date, comma) and ``rest``, both to be set.

    ``year``, ``month`` and ``day`` are those of the first day; 0 where they are not known.
    """

    attributes: Markup
    lead: Markup
    rest: Markup
    date: str
    iso: str
    occasion: str
    length: int
    year: int = 0
    month: int = 0
    day: int = 0


@dataclass(frozen=True, slots=True)
class VerseView:
    """How large verse is: its ``lines``, and the ``cells`` of the longest; a mark is half a cell.

    ``read`` tells whether any character of it has a reading.
    """

    lines: int
    cells: float
    read: bool


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture that stands alone: ``image`` and ``caption`` to be set, and its ``classes``."""

    image: Markup
    caption: Markup
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExcerptView:
    """An excerpt. ``length`` counts its characters; ``turn`` opens the right-hand page.

    ``verse`` is the size of the verse that it begins with, None where it begins otherwise.
    """

    id: str
    number: int
    html: Markup
    attribution: AttributionView | None
    length: int
    paragraphs: int
    turn: bool
    verse: VerseView | None = None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One part of a section: an excerpt, or any other block as HTML.

    ``kind`` names the block: ``paragraph``, ``verse``, ``figure``, ``table`` …; ``length`` counts
    its characters. Of a figure, ``picture`` holds the same in parts.
    """

    excerpt: ExcerptView | None
    html: Markup
    kind: str = "excerpt"
    length: int = 0
    verse: VerseView | None = None
    picture: PictureView | None = None


@dataclass(frozen=True, slots=True)
class HeadingView:
    """A heading below a section's own, for contents."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section, front piece or back piece.

    ``copy`` is its heading once more, to repeat; ``quote`` a sentence of it, to be pulled.
    """

    id: str
    number: int
    title: str
    heading: Markup
    label: Markup
    items: tuple[ItemView, ...]
    headings: tuple[HeadingView, ...]
    notes: Markup
    copy: Markup = _NOTHING
    quote: str = ""


@dataclass(frozen=True, slots=True)
class ColophonLine:
    """A line of the imprint page: what it is, and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class BookView:
    """Everything a template may use, as ``book``; ``years`` are the first and the last one."""

    title: TitleView
    language: str
    publisher: str
    date: str
    authors: tuple[str, ...]
    front: tuple[SectionView, ...]
    sections: tuple[SectionView, ...]
    back: tuple[SectionView, ...]
    dates: tuple[Group, ...]
    occasions: tuple[Group, ...]
    colophon: tuple[ColophonLine, ...]
    cip: tuple[str, ...]
    has_contents: bool
    anthology: bool
    pictures: tuple[PictureView, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PageView:
    """The page and the plan, as ``page``; ``size`` and ``pitch`` are points."""

    medium: str
    characters: int
    lines: int
    hang: int
    room: int
    mode: str
    options: Mapping[str, str]
    size: float
    pitch: float
