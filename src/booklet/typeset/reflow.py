"""The book for e-readers: one XHTML document a part, links between them, one style sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from booklet.model.publication import Publication
from booklet.theme import Theme
from booklet.theme.imports import with_imports
from booklet.theme.numerals import chinese_numeral
from booklet.typeset.book import (
    Document,
    DocumentRole,
    Labels,
    PageStart,
    ReflowBook,
    Resource,
    Segment,
    TocEntry,
)
from booklet.typeset.geometry import Geometry
from booklet.typeset.markup import Scribe
from booklet.typeset.pagebreaks import mark_pages
from booklet.typeset.paged import page_view, parse_part, plan_sections, render_part, template_error
from booklet.typeset.palette import colour_sheet
from booklet.typeset.pinyin import REFLOW_SHEET
from booklet.typeset.safety import faults_of_style
from booklet.typeset.segments import segments_of, serialise, strip_labels
from booklet.typeset.system_fonts import regional
from booklet.typeset.vertical import stand_upright, vertical_sheet
from booklet.typeset.viewing import Viewer
from booklet.typeset.views import BookView, PageView, SectionView


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the book that becomes a document."""

    name: str
    role: DocumentRole
    title: str
    template: str
    view: Mapping[str, object]
    headings: tuple[tuple[str, str], ...] = ()
    ordinal: str = ""


def typeset_reflow(
    publication: Publication,
    theme: Theme,
    geometry: Geometry,
    identifier: str,
    pictures: Mapping[str, Resource],
    printed: Sequence[PageStart] = (),
) -> ReflowBook:
    """Typeset a publication for e-readers.

    Args:
        publication: The model.
        theme: Templates, words and style sheet.
        geometry: The page, which templates may ask for.
        identifier: The publication's URI.
        pictures: Source as written in the manuscript → picture of the EPUB.
        printed: Where the pages of the printed book begin.

    Raises:
        InputError: A template fails, or makes XHTML that is not well-formed.
    """
    plan = plan_sections(publication, theme, geometry)
    notes = {note.id: note for note in publication.notes}
    urls = {source: f"../{picture.name}" for source, picture in pictures.items()}
    book = Viewer(publication, theme, geometry, plan, Scribe("reflow", "", notes, urls, -1)).book()
    page = page_view(theme, geometry, plan, "reflow")
    parts = tuple(_parts(book, theme))
    trees = _render(theme, parts, book, page)
    homes = {
        element.get("id"): name
        for name, root in trees.items()
        for element in root.iter()
        if isinstance(element.tag, str) and element.get("id")
    }
    marks = mark_pages(trees, printed, homes)
    vertical = publication.variant.vertical or theme.direction == "vertical"
    segments: list[Segment] = []
    documents: list[Document] = []
    titles: dict[str, int] = {}
    for part in parts:
        root = trees[part.name]
        segments.extend(segments_of(root))
        _point_links(root, part.name, homes)
        strip_labels(root)
        if vertical:
            stand_upright(root, publication.variant.upright)
        title = _distinct(part.title, titles)
        documents.append(Document(part.name, part.role, title, serialise(root)))
    words = theme.strings(book.language)
    css = regional(style_sheet(theme), book.language)
    css += REFLOW_SHEET if publication.variant.pinyin and not theme.wants_readings else ""
    return ReflowBook(
        title=publication.title,
        language=book.language,
        header=publication.header,
        identifier=identifier,
        documents=tuple(documents),
        toc=tuple(
            TocEntry(part.title, part.name, tuple(_children(part)), part.ordinal) for part in parts
        ),
        css=vertical_sheet(css) if vertical else css,
        labels=Labels(
            words["contents"], words["landmarks"], words["cover"], words["title_page"],
            words["body"], words["accessibility_summary"], words["pages"],
        ),
        resources=tuple(pictures.values()),
        segments=tuple(segments),
        pages=marks,
        page_source=_page_source(publication, words) if marks else "",
        direction="rtl" if vertical else "ltr",
    )  # fmt: skip


def _distinct(title: str, before: dict[str, int]) -> str:
    """Tell a document from those before it that have the same heading (WCAG 2.4.2).

    Args:
        title: Its heading.
        before: The titles before it; with the number that another of the same would have.
    """
    number = before.get(title, 1)
    distinct = title
    while distinct in before:
        number += 1
        distinct = f"{title} ({number})"
    before[title] = number
    before.setdefault(distinct, 1)
    return distinct


def _page_source(publication: Publication, words: Mapping[str, str]) -> str:
    """Name what the pages belong to (EPUB Accessibility Techniques, "pageBreakSource").

    The printed book is named by its ISBN, which is on its cover; the PDF for the screen has none.
    """
    header = publication.header
    if header.ebook.pages != "press":
        return words["page_source"].format(title=publication.title)
    if header.isbn:
        return "urn:isbn:" + re.sub(r"\D", "", header.isbn)
    return words["page_source_press"].format(title=publication.title)


def style_sheet(theme: Theme) -> str:
    """Give the style sheet of the e-book.

    A colour that is the default of a token, here or in a parent, takes the token's value: old
    readers know no custom properties, so that the sheet writes its colours out. Veils and the
    colours of the night are made from them, see `booklet.typeset.palette`.

    Raises:
        InputError: It asks for something that is not in the e-book.
    """
    css = (theme.files.read("epub.css") or b"").decode("utf-8", "replace")
    css = with_imports(css, theme.files)
    for fault in faults_of_style(css):
        raise template_error("epub.css", 0, fault)
    for _, data in theme.files.layers("epub-extra.css"):
        more = data.decode("utf-8", "replace")
        for fault in faults_of_style(more):
            raise template_error("epub-extra.css", 0, fault)
        css = f"{css.rstrip()}\n\n{more}"
    colors = {
        spec.tokens[name].default: theme.tokens[name]
        for spec in reversed(theme.specs)
        for name in spec.tokens
        if spec.tokens[name].type == "color"
    }
    return colour_sheet(css, theme.tokens, colors)


def _parts(book: BookView, theme: Theme) -> Iterator[_Part]:
    t = theme.strings(book.language)
    yield _Part("title-page.xhtml", "titlepage", t["title_page"], "parts/title-page.html", {})
    for number, piece in enumerate(book.front, 1):
        name = f"front-{number:02d}.xhtml"
        yield _Part(name, "preface", piece.title or t["body"], "parts/front.html", {"piece": piece})
    for kind, role, sections in (
        ("section", "chapter", book.sections),
        ("back", "backmatter", book.back),
    ):
        for number, section in enumerate(sections, 1):
            yield _section(f"{kind}-{number:02d}.xhtml", role, section, book)
    if book.dates:
        yield _Part("index-dates.xhtml", "index", t["index_dates"], "parts/index-dates.html", {})
    if book.occasions:
        yield _Part(
            "index-occasions.xhtml", "index", t["index_occasions"], "parts/index-occasions.html", {}
        )
    yield _Part("colophon.xhtml", "colophon", t["colophon"], "parts/colophon.html", {})


def _section(name: str, role: str, section: SectionView, book: BookView) -> _Part:
    template = "parts/section.html" if role == "chapter" else "parts/back.html"
    headings = tuple((heading.title, heading.id) for heading in section.headings)
    title = section.title or book.title.text
    kind: DocumentRole = "chapter" if role == "chapter" else "backmatter"
    ordinal = chinese_numeral(section.number) if role == "chapter" and section.title else ""
    return _Part(name, kind, title, template, {"section": section}, headings, ordinal)


def _render(
    theme: Theme, parts: tuple[_Part, ...], book: BookView, page: PageView
) -> dict[str, etree._Element]:
    homes: dict[str, str] = {}
    for part in parts:
        section = part.view.get("section")
        if isinstance(section, SectionView):
            homes |= {item.excerpt.id: part.name for item in section.items if item.excerpt}
    hrefs = {id_: f"{name}#{id_}" for id_, name in homes.items()}
    return {
        part.name: parse_part(
            part.template, render_part(theme, part.template, book, page, hrefs=hrefs, **part.view)
        )
        for part in parts
    }


def _children(part: _Part) -> Iterator[TocEntry]:
    for title, id_ in part.headings:
        yield TocEntry(title, f"{part.name}#{id_}")


_OWN = re.compile(r"^#(?P<id>.+)$")


def _point_links(root: etree._Element, name: str, homes: Mapping[str, str]) -> None:
    """Point links to the document that holds their target."""
    for element in root.iter("{*}a"):
        match = _OWN.match(element.get("href", ""))
        if match and homes.get(match["id"], name) != name:
            element.set("href", f"{homes[match['id']]}#{match['id']}")


def with_cover(book: ReflowBook, cover: Resource) -> ReflowBook:
    """Give the book its cover picture."""
    return replace(book, cover=cover)
