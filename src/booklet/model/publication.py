"""The publication as an editor describes it: no paths, no HTML, no page numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from booklet.errors import Place
from booklet.model.content import Blocks, Box, Excerpt, Inlines, Listing, Note, Quote
from booklet.model.derived import PLAIN, Variant
from booklet.model.header import Header
from booklet.model.measures import TrimSize, TypeArea


@dataclass(frozen=True, slots=True)
class FrontPiece:
    """A text before the body: the editor's preface, a foreword, a note on the edition.

    Attributes:
        id: ``preface``, ``front-2`` …
        label: The label as the manuscript has it (``【编前语】``), '' where a heading names it.
        title: What contents and landmarks call it: the label without its brackets, or the heading.
        heading: Inlines of a heading that the manuscript gives; empty where a label opens the text.
        blocks: The text. A label is not repeated in it.
    """

    id: str
    label: str
    title: str
    heading: Inlines
    blocks: Blocks
    place: Place


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the body.

    Attributes:
        id: Unique, ``s1`` unless the author names it.
        number: 1-based.
        title: Plain words of the heading; '' for text that stands before the first heading.
        heading: Inlines of the heading.
    """

    id: str
    number: int
    title: str
    heading: Inlines
    blocks: Blocks
    place: Place

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """The excerpts of this section, in order, also those within containers."""
        return tuple(find_excerpts(self.blocks))


@dataclass(frozen=True, slots=True)
class Layout:
    """What the header asks of the page; None leaves it to the theme."""

    trim: TrimSize | None = None
    type_area: TypeArea | None = None
    gutter_mm: float | None = None
    head_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """A whole publication, in reading order.

    Attributes:
        slug: ASCII name of the output files.
        title: The title, from the header or the manuscript.
        title_inlines: The manuscript's own title line; empty if only the header has a title.
        variant: Which derived edition it is.
    """

    slug: str
    header: Header
    title: str
    title_inlines: Inlines
    title_place: Place
    layout: Layout
    front: tuple[FrontPiece, ...]
    sections: tuple[Section, ...]
    back: tuple[Section, ...]
    notes: tuple[Note, ...]
    variant: Variant = PLAIN

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """Every excerpt of the body, in order."""
        return tuple(item for section in self.sections for item in section.excerpts)


def find_excerpts(blocks: Blocks) -> Iterator[Excerpt]:
    """Yield the excerpts among blocks, depth first."""
    for block in blocks:
        match block:
            case Excerpt():
                yield block
            case Box(blocks=inner) | Quote(blocks=inner):
                yield from find_excerpts(inner)
            case Listing(items=items):
                for item in items:
                    yield from find_excerpts(item)
            case _:
                pass
