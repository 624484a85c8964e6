"""The book for pages: one HTML document, its style sheets, and its text."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import quote

from lxml import etree

from booklet.errors import Diagnostic, InputError, Place, Severity
from booklet.model.measures import parse_type_size
from booklet.model.publication import Publication
from booklet.theme import Theme, render
from booklet.theme.numerals import chinese_numeral
from booklet.typeset.book import PagedBook, Stylesheet
from booklet.typeset.columns import dress
from booklet.typeset.footnotes import COUNTER_SHEET, ELSEWHERE
from booklet.typeset.geometry import Geometry, points
from booklet.typeset.imprint import Figures
from booklet.typeset.large import enlarged
from booklet.typeset.markup import Scribe
from booklet.typeset.pinyin import PINYIN_SHEET
from booklet.typeset.safety import faults_of_markup
from booklet.typeset.segments import (
    XHTML,
    faults_of_repeats,
    parse_fragment,
    segments_of,
    serialise,
)
from booklet.typeset.spread import SpreadPlan, plan_spreads
from booklet.typeset.viewing import Viewer, excerpt_heights, picture_sources
from booklet.typeset.views import BookView, PageView

PUBLICATION_URL = "file:///publication/"
"""Where pages find the publication's pictures; only the fetcher knows the real folder."""

THEME_URL = "file:///theme/"
"""Where pages find the theme's drawings."""

VOID = frozenset(f"{XHTML}{name}" for name in ("br", "embed", "hr", "img", "wbr"))
"""Elements of HTML without an end tag."""

FOLIO_SHEET = """
@page { @bottom-left-corner { content: counter(page); visibility: hidden } }
@page cover { @bottom-left-corner { content: none } }
"""
"""Puts each page's own number where page labels are read from; nothing of it is printed."""

VERTICAL_SHEET = """
:root { writing-mode: vertical-rl; font-feature-settings: "vert" }
@page cover { writing-mode: horizontal-tb }
@page cover-sheet { writing-mode: horizontal-tb }
"""
"""Has pages laid out sideways, to be turned; covers are drawn upright."""

_LEAVES = sorted(
    {number for number in range(1, 1000) if number < 10 or not number % 10 or number % 100 < 20},
    reverse=True,
)
LEAF_SHEET = (
    "@counter-style leaves { system: additive; range: 1 999; additive-symbols: "
    + ", ".join(f'{number} "{chinese_numeral(number)}"' for number in _LEAVES)
    + " }\n"
)
"""The figures of leaves 葉次: 一 … 九百九十九, each number put together from the largest parts."""

BLEED_SHEET = ":root {{ --bleed: {} }}\n@page {{ bleed: var(--bleed) }}\n"
"""How far backgrounds paint beyond the trim for the press; the screen edition cuts it off."""


def typeset_pages(
    publication: Publication, theme: Theme, geometry: Geometry, figures: Figures | None = None
) -> PagedBook:
    """Typeset a publication for pages.

    Args:
        publication: The model.
        theme: Templates, words and style sheets.
        geometry: The page.
        figures: What the imprint page tells of the pages; None before they are counted.

    Raises:
        InputError: A template fails, or makes HTML that is not well-formed.
    """
    plan = plan_sections(publication, theme, geometry)
    scribe = _scribe(publication, theme)
    book = Viewer(publication, theme, geometry, plan, scribe, figures).book()
    html = render_part(theme, "book.html", book, page_view(theme, geometry, plan, "paged"))
    root = parse_part("book.html", html)
    if theme.vertical:
        html = _in_columns(root, theme)
    language = publication.header.language
    return PagedBook(
        html=_document(html, publication.title, publication),
        sheets=_sheets(theme, geometry, publication),
        segments=segments_of(root),
        language=language,
        title=publication.title,
    )


def _in_columns(root: etree._Element, theme: Theme) -> str:
    """Dress the tree of a vertical book; give its HTML."""
    dress(root, beside=theme.options.get("punctuation", "inline") != "inline")
    for element in root.iter():
        if element.text is None and not len(element) and element.tag not in VOID:
            element.text = ""  # <div/> is no end of a div in HTML
    return serialise(root)


def typeset_cover(publication: Publication, theme: Theme, geometry: Geometry) -> PagedBook:
    """Typeset the front cover alone, for the picture of an e-book."""
    html = render_cover(publication, theme, geometry, "parts/cover.html")
    return cover_book(publication, theme, geometry, html)


def render_cover(
    publication: Publication, theme: Theme, geometry: Geometry, name: str, **more: object
) -> str:
    """Render a template of the cover, which sees the views of the whole book.

    Raises:
        InputError: The template fails, or makes HTML that is not well-formed.
    """
    plan = SpreadPlan("page")
    book = Viewer(publication, theme, geometry, plan, _scribe(publication, theme)).book()
    html = render_part(theme, name, book, page_view(theme, geometry, plan, "paged"), **more)
    parse_part(name, html)
    return html


def cover_book(publication: Publication, theme: Theme, geometry: Geometry, html: str) -> PagedBook:
    """Make a book of what `render_cover` gave."""
    language = publication.header.language
    sheets = _sheets(theme, geometry, publication)
    root = parse_fragment(html)
    if theme.vertical:
        html = _in_columns(root, theme)
    page = _document(html, publication.title, publication)
    segments = segments_of(root)
    return PagedBook(page, sheets, segments, language, publication.title)


def _scribe(publication: Publication, theme: Theme) -> Scribe:
    notes = {note.id: note for note in publication.notes}
    pictures = {name: PUBLICATION_URL + quote(name) for name in picture_sources(publication)}
    elsewhere = theme.strings(publication.header.language).get("note_elsewhere", ELSEWHERE)
    return Scribe("paged", "", notes, pictures, elsewhere=elsewhere)


def plan_sections(publication: Publication, theme: Theme, geometry: Geometry) -> SpreadPlan:
    """Choose how the sections open."""
    heights = [excerpt_heights(section, geometry) for section in publication.sections]
    asked = theme.options.get("sections", "auto")
    return plan_spreads(heights, geometry.room, asked, theme.options.get("folios", "continuous"))


def page_view(theme: Theme, geometry: Geometry, plan: SpreadPlan, medium: str) -> PageView:
    """Make the view of the page."""
    area = geometry.area
    return PageView(
        medium, area.characters, area.lines, geometry.hang, geometry.room, plan.mode, theme.options,
        area.size, geometry.pitch,
    )  # fmt: skip


def render_part(theme: Theme, name: str, book: BookView, page: PageView, **more: object) -> str:
    """Render one template of a theme.

    Raises:
        InputError: With the template's name and line.
    """
    context: dict[str, object] = {
        "book": book,
        "page": page,
        "t": theme.strings(book.language),
        "hrefs": {},
        **more,
    }
    if "hrefs" not in more:
        excerpts = (item.excerpt for section in book.sections for item in section.items)
        context["hrefs"] = {item.id: f"#{item.id}" for item in excerpts if item}
    try:
        return render(theme.environment, name, context)
    except Exception as error:  # whatever a template provokes, its author can mend
        raise _template_fault(name, error) from error


def _template_fault(name: str, error: Exception) -> InputError:
    where, line, trace = name, getattr(error, "lineno", None) or 0, error.__traceback__
    where = getattr(error, "name", None) or where
    while trace is not None and not getattr(error, "lineno", None):
        code = trace.tb_frame.f_code
        if code.co_filename.endswith(".html"):  # Jinja rewrites the trace to template lines
            where, line = code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return template_error(where, line, str(error) or type(error).__name__)


def template_error(name: str, line: int, message: str) -> InputError:
    """Make the error of a template: code ``template``, at the template's line."""
    found = Diagnostic(
        Place(f"templates/{name}", line), Severity.ERROR, "template", message,
        "docs/themes.md lists what a template may use",
    )  # fmt: skip
    return InputError(f"template {name} failed", (found,))


def parse_part(name: str, html: str) -> etree._Element:
    """Parse what a template made.

    Raises:
        InputError: It is not well-formed, or holds what no book may hold.
    """
    try:
        root = parse_fragment(html)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        message = f"the HTML is not well-formed: {error}"
        raise template_error(name, 0, message) from error
    for fault in (*faults_of_markup(root), *faults_of_repeats(root)):
        raise template_error(name, 0, fault)
    return root


def _document(html: str, title: str, publication: Publication) -> str:
    header = publication.header
    people = [item.name for item in header.contributors if item.role == "aut"]
    people = people or [item.name for item in header.contributors]
    authors = "".join(f'<meta name="author" content="{escape(name)}"/>' for name in people)
    if header.description:
        authors += f'<meta name="description" content="{escape(header.description)}"/>'
    if header.subjects:
        authors += f'<meta name="keywords" content="{escape(", ".join(header.subjects))}"/>'
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(header.language)}"><head><meta charset="utf-8"/>'
        f"<title>{escape(title)}</title>{authors}"
        f'<meta name="generator" content="booklet"/></head><body>\n{html}\n</body></html>'
    )


def font_stacks(theme: Theme, language: str) -> dict[str, tuple[str, ...]]:
    """Give each font role and font token its stack: its own families, then the theme's others."""
    own = {role: theme.families(role, language) for role in theme.roles}
    own |= {name: theme.token_families(name, language) for name in theme.font_tokens}
    everyone = [family for families in own.values() for family in families]
    return {role: tuple(dict.fromkeys([*families, *everyone])) for role, families in own.items()}


def token_sheet(theme: Theme, language: str, drop_ins: tuple[str, ...] = ()) -> str:
    """Give the theme's tokens and font stacks to CSS as custom properties."""
    fonts = set(theme.font_tokens)
    lines = [f"  --{name}: {value};" for name, value in theme.tokens.items() if name not in fonts]
    for role, families in font_stacks(theme, language).items():
        names = ", ".join(f'"{name}"' for name in (*families, *drop_ins))
        lines.append(f"  --{role}: {names};")
    return ":root {\n" + "\n".join(lines) + "\n}\n"


def _sheets(theme: Theme, geometry: Geometry, pub: Publication) -> tuple[Stylesheet, ...]:
    header, large = pub.header, pub.variant.large
    grown = geometry.area.size / parse_type_size(theme.page.size)
    tokens = token_sheet(theme, header.language)
    properties = geometry.custom_properties() + (enlarged(tokens, grown) if large else tokens)
    bleed = BLEED_SHEET.format(points(header.press.resolve().bleed))
    properties += FOLIO_SHEET + bleed + COUNTER_SHEET
    if theme.vertical:
        properties += VERTICAL_SHEET + LEAF_SHEET
    sheets = [Stylesheet("page.css", properties)]
    for name in ("print.css", *theme.option_sheets()):
        data = theme.files.read(name)
        if data is not None:
            sheets.append(Stylesheet(name, data.decode("utf-8"), theme.files.label(name)))
    for label, data in theme.files.layers("print-extra.css"):
        sheets.append(Stylesheet("print-extra.css", data.decode("utf-8"), label))
    if large:
        sheets[1:] = [replace(sheet, css=enlarged(sheet.css, grown)) for sheet in sheets[1:]]
    if pub.variant.pinyin and not theme.wants_readings:
        sheets.append(Stylesheet("pinyin.css", PINYIN_SHEET))
    return tuple(sheets)
