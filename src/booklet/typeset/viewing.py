"""From the model to the views that templates see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import zip_longest

from markupsafe import Markup

from booklet.errors import Place
from booklet.model import content as c
from booklet.model.publication import FrontPiece, Publication, Section
from booklet.theme import Theme
from booklet.typeset.geometry import Geometry
from booklet.typeset.imprint import Figures, Imprint, cip_lines, printed_date
from booklet.typeset.indexes import index_by_date, index_by_occasion
from booklet.typeset.markup import Scribe, added
from booklet.typeset.pullquotes import pull_quote
from booklet.typeset.shapes import picture_view, verse_view
from booklet.typeset.spread import SpreadPlan
from booklet.typeset.views import (
    AttributionView,
    BookView,
    ExcerptView,
    HeadingView,
    ItemView,
    PictureView,
    SectionView,
    TitleView,
)
from booklet.typeset.words import words_of

FEWEST_FOR_INDEX = 4
"""Dated excerpts; fewer are found faster without an index."""

FEWEST_FOR_CONTENTS = 2
"""Titled sections."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Makes the views of one publication for one medium.

    Attributes:
        publication: The model.
        theme: Its options and words.
        geometry: The page, for the colophon.
        plan: Which excerpts turn to the right-hand page.
        scribe: Writes content as HTML; the viewer sets its stream.
        figures: What the imprint page tells of the pages; None where they are not known.
    """

    publication: Publication
    theme: Theme
    geometry: Geometry
    plan: SpreadPlan
    scribe: Scribe
    figures: Figures | None = None

    def book(self) -> BookView:
        """Make the view of the whole book."""
        pub, header = self.publication, self.publication.header
        excerpts = pub.excerpts
        indexed = self.indexed
        titled = [section for section in (*pub.sections, *pub.back) if section.title]
        return BookView(
            title=self.title(),
            language=header.language,
            publisher=header.publisher or "",
            date=printed_date(header, self.words),
            authors=tuple(
                item.name for item in header.contributors if item.role in {"aut", "com", "edt"}
            ),
            front=tuple(
                self.front(piece, f"front-{number}") for number, piece in enumerate(pub.front, 1)
            ),
            sections=tuple(map(self.section, pub.sections)),
            back=tuple(map(self.section, pub.back)),
            dates=index_by_date(excerpts) if indexed else (),
            occasions=index_by_occasion(excerpts) if indexed else (),
            colophon=tuple(self.imprint().lines()),
            cip=cip_lines(pub, self.words),
            has_contents=len(titled) >= FEWEST_FOR_CONTENTS,
            anthology=bool(excerpts),
            pictures=self.pictures(),
            years=_years(excerpts),
        )

    def pictures(self) -> tuple[PictureView, ...]:
        """Make the views of all pictures that stand alone in sections, for covers."""
        scribe = replace(self.scribe, stream="")
        sections = (*self.publication.sections, *self.publication.back)
        figures = (b for one in sections for b in one.blocks if isinstance(b, c.Figure))
        return tuple(picture_view(replace(figure, caption=()), scribe) for figure in figures)

    @property
    def words(self) -> Mapping[str, str]:
        """The theme's words in the language of the publication."""
        return self.theme.strings(self.publication.header.language)

    @property
    def indexed(self) -> bool:
        """Whether the book has indexes."""
        dated = [item for item in self.publication.excerpts
                 if item.attribution and item.attribution.date]  # fmt: skip
        return self.theme.options.get("indexes", "auto") != "off" and len(dated) >= FEWEST_FOR_INDEX

    @property
    def numbered(self) -> bool:
        """Whether excerpts carry their numbers: by default where an index refers to them."""
        asked = self.theme.options.get("numbers", "on")
        return self.indexed if asked == "auto" else asked != "off"

    def imprint(self) -> Imprint:
        """Make the imprint page."""
        paged = self.scribe.medium == "paged"
        return Imprint(self.publication, self.words, self.geometry, paged, self.figures)

    def title(self) -> TitleView:
        """Make the view of the title, its words labelled where they stand in the manuscript."""
        pub, header = self.publication, self.publication.header
        lines = header.title_lines or (pub.title,)
        scribe = replace(self.scribe, stream="title")
        label = scribe.labelled(pub.title_place) if pub.title_inlines else ""
        if len(lines) == 1 and pub.title_inlines:
            words: tuple[str, ...] = (scribe.inlines(pub.title_inlines),)
        else:
            words = tuple(scribe.text(line) for line in lines)
        heading = tuple(Markup(f"<span{label}>{line}</span>") for line in words)
        copies = tuple(map(Markup, words))
        if len(lines) == 1 and pub.title_inlines:
            copies = (self.copy(pub.title_inlines),)
        short = header.short_title or (pub.title if len(pub.title) <= 22 else pub.title[:20] + "……")
        return TitleView(heading, copies, lines, pub.title, short, header.subtitle or "")

    def front(self, piece: FrontPiece, stream: str) -> SectionView:
        """Make the view of a front piece; its label opens the first paragraph."""
        scribe = replace(self.scribe, stream=stream)
        blocks = [ItemView(None, Markup(scribe.block(block))) for block in piece.blocks]
        # In an e-book a label that opens the first line is the heading of its document.
        role = ' role="heading" aria-level="1"' if scribe.medium == "reflow" else ""
        label = (
            Markup(f'<span class="label"{role}>{escape(piece.label)}</span>')
            if piece.label
            else Markup()
        )
        if piece.label:
            where = scribe.labelled(piece.place)
            first = str(blocks[0].html) if blocks else ""
            if first.startswith("<p"):
                head, rest = first.split(">", 1)
                blocks[0] = ItemView(None, Markup(f"{head}>{label}{rest}"))
            else:
                blocks.insert(0, ItemView(None, Markup(f"<p{where}>{label}</p>")))
        heading = self.heading(piece.heading, piece.place, scribe)
        notes = self.notes(piece.blocks)
        return SectionView(piece.id, 0, piece.title, heading, label, tuple(blocks), (), notes)

    def section(self, section: Section) -> SectionView:
        """Make the view of a section."""
        scribe = replace(self.scribe, stream="body")
        headings = tuple(
            HeadingView(block.id, c.plain(block.inlines))
            for block in section.blocks
            if isinstance(block, c.Heading) and block.level == 3
        )
        return SectionView(
            id=section.id,
            number=section.number,
            title=section.title,
            heading=self.heading(section.heading, section.place, scribe),
            label=Markup(),
            items=tuple(
                self.item(block, following, scribe)
                for block, following in zip_longest(section.blocks, section.blocks[1:])
            ),
            headings=headings,
            notes=self.notes(section.blocks, section.heading),
            copy=self.copy(section.heading),
            quote=pull_quote(section),
        )

    def heading(self, inlines: c.Inlines, place: Place, scribe: Scribe) -> Markup:
        """Label the words of a heading."""
        if not inlines:
            return Markup()
        return Markup(f"<span{scribe.labelled(place)}>{scribe.inlines(inlines)}</span>")

    def copy(self, inlines: c.Inlines) -> Markup:
        """Write the words of a heading and their readings, and nothing else of it.

        In a copy all are words of the theme, also readings that were made.
        """
        kept = (item for item in c.flatten(inlines) if isinstance(item, c.Text | c.Ruby))
        plain = tuple(replace(one, made=False) if isinstance(one, c.Ruby) else one for one in kept)
        return Markup(replace(self.scribe, stream="").inlines(plain))

    def item(self, block: c.Block, following: c.Block | None, scribe: Scribe) -> ItemView:
        """Make the view of one block of a section."""
        if not isinstance(block, c.Excerpt):
            return ItemView(
                None,
                Markup(scribe.block_before(block, following)),
                c.kind_of(block),
                len(words_of((block,))),
                verse_view(block),
                picture_view(block, scribe) if isinstance(block, c.Figure) else None,
            )
        html = scribe.blocks(block.blocks)
        if self.numbered:
            html = _numbered(html, added("number", str(block.number)))
        view = ExcerptView(
            id=block.id,
            number=block.number,
            html=Markup(html),
            attribution=self.attribution(block.attribution, scribe),
            length=len(words_of(block.blocks)),
            paragraphs=len(block.blocks),
            turn=block.id in self.plan.turns,
            verse=verse_view(block.blocks[0] if block.blocks else None),
        )
        return ItemView(view, Markup(), verse=view.verse)

    def attribution(self, source: c.Attribution | None, scribe: Scribe) -> AttributionView | None:
        """Make the view of an attribution."""
        if source is None:
            return None
        return AttributionView(
            attributes=Markup(scribe.labelled(source.place)),
            lead=Markup(scribe.lead(source)),
            rest=Markup(scribe.inlines(source.rest)),
            date=source.date_text,
            iso=source.date.iso if source.date else "",
            occasion=source.occasion,
            length=len(c.plain(source.lead) + c.plain(source.rest)),
            year=source.date.first.year if source.date else 0,
            month=source.date.first.month if source.date else 0,
            day=source.date.first.day if source.date else 0,
        )

    def notes(self, blocks: c.Blocks, heading: c.Inlines = ()) -> Markup:
        """Write the notes that blocks call, for reflow; on pages they stand at the foot."""
        if self.scribe.medium == "paged":
            return Markup()
        waiting = list(calls((c.Paragraph(heading, Place("")), *blocks)))
        asides: dict[str, str] = {}
        while waiting:  # a note may call another
            note = self.scribe.notes[waiting.pop(0)]
            if note.id not in asides and note.id not in self.scribe.written:
                asides[note.id] = self.scribe.aside(note)
                self.scribe.written.add(note.id)
                waiting += calls(note.blocks)
        return Markup("\n".join(asides.values()))


def _years(excerpts: Sequence[c.Excerpt]) -> tuple[int, ...]:
    """Give the first and the last year of the attributions; one where they are the same."""
    spans = [
        item.attribution.date for item in excerpts if item.attribution and item.attribution.date
    ]
    if not spans:
        return ()
    first = min(span.first.year for span in spans)
    last = max((span.last or span.first).year for span in spans)
    return (first,) if first == last else (first, last)


def _numbered(html: str, number: str) -> str:
    """Let an excerpt begin with its number."""
    if not html.startswith("<p"):
        return f'<p class="number-line">{number}</p>{html}'
    head, rest = html.split(">", 1)
    head = head.replace(' class="lead-in"', "")
    return f'{head} class="numbered">{number}{rest}'


def calls(blocks: c.Blocks) -> tuple[str, ...]:
    """Name the notes that blocks call, each once, in order."""
    items = (item for b in blocks for line in c.lines_of(b) for item in c.flatten(line))
    return tuple(dict.fromkeys(item.note for item in items if isinstance(item, c.NoteRef)))


def excerpt_heights(section: Section, geometry: Geometry) -> tuple[tuple[str, int], ...]:
    """Estimate the lines of each excerpt of a section, blank line included.

    Returns:
        Ids and lines; empty where the section holds anything but excerpts, which nobody balances.
    """
    if not section.blocks or not all(isinstance(block, c.Excerpt) for block in section.blocks):
        return ()
    heights = []
    for block in section.excerpts:
        lines = sum(
            -(-(len(words_of((part,))) + 2) // geometry.area.characters) for part in block.blocks
        )
        source = block.attribution
        if source is not None:
            tall = len(source.occasion) > 26
            lines += 1 if not (source.date and source.occasion) else 3 if tall else 2
        heights.append((block.id, lines + 1))
    return tuple(heights)


def picture_sources(publication: Publication) -> tuple[str, ...]:
    """Name every picture of the publication, each once, in order."""
    pub = publication
    texts: list[c.Blocks] = [part.blocks for part in pub.front]
    texts += [note.blocks for note in pub.notes]
    texts += [section.blocks for section in (*pub.sections, *pub.back)]
    lines = (line for blocks in texts for block in blocks for line in c.lines_of(block))
    items = (item for line in lines for item in c.flatten(line))
    return tuple(dict.fromkeys(item.source for item in items if isinstance(item, c.Picture)))
