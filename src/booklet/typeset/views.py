"""What a template sees: frozen, plain values and safe HTML. docs/themes.md documents each field.

`heading`, `html`, `lead` and `rest` are the manuscript's own words and must be set exactly once;
`title`, `date` and the like are copies for contents, running heads and indexes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from booklet.typeset.indexes import Group


@dataclass(frozen=True, slots=True)
class TitleView:
    """The title: ``lines`` to set, ``text`` to repeat, ``short`` for running heads."""

    heading: tuple[Markup, ...]
    lines: tuple[str, ...]
    text: str
    short: str
    subtitle: str


@dataclass(frozen=True, slots=True)
class AttributionView:
    """An attribution: ``lead`` (dash, date, comma) and ``rest``, both to be set."""

    attributes: Markup
    lead: Markup
    rest: Markup
    date: str
    iso: str
    occasion: str
    length: int


@dataclass(frozen=True, slots=True)
class ExcerptView:
    """An excerpt. ``length`` counts its characters; ``turn`` opens the right-hand page."""

    id: str
    number: int
    html: Markup
    attribution: AttributionView | None
    length: int
    paragraphs: int
    turn: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """One part of a section: an excerpt, or any other block as HTML."""

    excerpt: ExcerptView | None
    html: Markup


@dataclass(frozen=True, slots=True)
class HeadingView:
    """A heading below a section's own, for contents."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section, front piece or back piece."""

    id: str
    number: int
    title: str
    heading: Markup
    label: Markup
    items: tuple[ItemView, ...]
    headings: tuple[HeadingView, ...]
    notes: Markup


@dataclass(frozen=True, slots=True)
class ColophonLine:
    """A line of the imprint page: what it is, and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class BookView:
    """Everything a template may use, as ``book``."""

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


@dataclass(frozen=True, slots=True)
class PageView:
    """The page and the plan, as ``page``."""

    medium: str
    characters: int
    lines: int
    hang: int
    room: int
    mode: str
    options: Mapping[str, str]
