"""The cover as one flat sheet: back, spine and front, or either panel alone.

Lengths of the plan are millimetres. The left edge of the trimmed sheet is 0; a book bound at the
left shows its back there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from booklet.model.binding import SPINE_TEXT_FROM, CoverSpec
from booklet.model.measures import MM, TrimSize
from booklet.model.publication import Publication
from booklet.theme import Theme
from booklet.typeset.barcode import draw_symbol, symbol_of
from booklet.typeset.book import PagedBook, Stylesheet
from booklet.typeset.geometry import Geometry, points
from booklet.typeset.imprint import isbn_words, price_words
from booklet.typeset.paged import cover_book, render_cover
from booklet.typeset.spine import SpineText, halves, spine_text

PanelName = Literal["back", "spine", "front", "flap-back", "flap-front"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of the sheet, in millimetres; ``left`` is measured from the sheet's left trim."""

    name: PanelName
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """The flat sheet of a cover.

    Attributes:
        trim: The book's trim size.
        spine: Millimetres; 0 for saddle stitch.
        flap: Width of each flap in millimetres; 0 for none.
        bleed: Millimetres beyond the trim of the sheet.
        right_bound: The spine is at the right of the front, as in books that are read leftwards.
    """

    trim: TrimSize
    spine: float
    flap: float
    bleed: float
    right_bound: bool = False

    @property
    def width(self) -> float:
        """Trimmed width in millimetres."""
        return 2 * (self.trim.width + self.flap) + self.spine

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The panels from left to right, none of them without width."""
        page = self.trim.width
        widths: list[tuple[PanelName, float]] = [
            ("flap-back", self.flap), ("back", page), ("spine", self.spine),
            ("front", page), ("flap-front", self.flap),
        ]  # fmt: skip
        placed, left = [], 0.0
        for name, width in reversed(widths) if self.right_bound else widths:
            if width:
                placed.append(Panel(name, left, width))
                left += width
        return tuple(placed)

    @property
    def folds(self) -> tuple[float, ...]:
        """Where the sheet is folded, in millimetres from its left trim."""
        return tuple(panel.left for panel in self.panels[1:])


@dataclass(frozen=True, slots=True)
class SpineView:
    """What stands on the spine; ``title_halves`` is the title for two columns."""

    title: SpineText
    title_halves: tuple[SpineText, SpineText]
    short_title: SpineText
    authors: SpineText
    publisher: SpineText


@dataclass(frozen=True, slots=True)
class CoverView:
    """Everything a template of the cover may use, as ``cover``; lengths are points.

    Attributes:
        width: Of the panel of front or back.
        height: Of every panel.
        spine_width: 0 where there is none.
        flap_width: 0 where there are none.
        spine: None where the spine carries no text.
        barcode: The symbol of the ISBN, drawn; empty where there is no ISBN.
        barcode_width: With its quiet zones.
        isbn: As it stands above the barcode; '' where there is none.
        price: As it stands below the barcode, with its label; '' where none is given.
        right_bound: The spine is at the right of the front.
    """

    width: float
    height: float
    spine_width: float
    flap_width: float
    spine: SpineView | None
    barcode: Markup
    barcode_width: float
    isbn: str
    price: str
    right_bound: bool = False


def plan_sheet(trim: TrimSize, spec: CoverSpec, pages: int, bleed: float) -> SheetPlan:
    """Plan the sheet of a cover.

    Args:
        trim: The book's trim size.
        spec: How it is bound.
        pages: Pages of the interior with its blanks.
        bleed: Millimetres.
    """
    spine = spec.spine_of(pages)
    return SheetPlan(trim, spine, spec.flap_width, bleed, spec.bound == "right")


def carries_text(spec: CoverSpec, spine: float) -> bool:
    """Tell whether a spine of some millimetres is lettered."""
    return spec.spine_text is not False and spine >= SPINE_TEXT_FROM


def typeset_cover_sheet(
    publication: Publication, theme: Theme, geometry: Geometry, plan: SheetPlan
) -> PagedBook:
    """Typeset the flat sheet of a cover: one page, as large as the sheet.

    Raises:
        InputError: A template fails, or makes HTML that is not well-formed.
    """
    view = _view(publication, theme, geometry, plan.spine)
    html = render_cover(publication, theme, geometry, "parts/cover-sheet.html", cover=view)
    book = cover_book(publication, theme, geometry, html)
    sheet = Stylesheet("cover-sheet.css", _sheet_css(plan))
    return replace(book, sheets=(*book.sheets, sheet))


def typeset_back_cover(
    publication: Publication, theme: Theme, geometry: Geometry
) -> PagedBook | None:
    """Typeset the back cover alone, at trim size.

    Returns:
        None where the theme has no back cover, or one with nothing on it.

    Raises:
        InputError: A template fails, or makes HTML that is not well-formed.
    """
    if theme.files.read("parts/cover-back.html") is None:
        return None
    view = _view(publication, theme, geometry, 0.0)
    html = render_cover(publication, theme, geometry, "parts/cover-back.html", cover=view)
    return cover_book(publication, theme, geometry, html) if html.strip() else None


def _view(publication: Publication, theme: Theme, geometry: Geometry, spine: float) -> CoverView:
    header, t = publication.header, theme.strings(publication.header.language)
    width, height = geometry.trim.points
    barcode, barcode_width = Markup(), 0.0
    if header.isbn:
        spec = header.cover.barcode
        symbol = symbol_of(header.isbn, spec.magnification, spec.reduction_mm)
        barcode, barcode_width = draw_symbol(symbol), symbol.width * MM
    return CoverView(
        width=round(width, 3),
        height=round(height, 3),
        spine_width=round(spine * MM, 3),
        flap_width=round(header.cover.flap_width * MM, 3),
        spine=_spine(publication) if carries_text(header.cover, spine) else None,
        barcode=barcode,
        barcode_width=round(barcode_width, 3),
        isbn=isbn_words(header.isbn, t) if header.isbn else "",
        price=price_words(header.price, t) if header.price else "",
        right_bound=header.cover.bound == "right",
    )


def _spine(publication: Publication) -> SpineView:
    header = publication.header
    one, two = halves(publication.title)
    if len(header.title_lines) == 2:
        one, two = header.title_lines
    makers = [item.name for item in header.contributors if item.role in {"aut", "com", "edt"}]
    return SpineView(
        title=spine_text(publication.title),
        title_halves=(spine_text(one), spine_text(two)),
        short_title=spine_text(header.short_title or ""),
        authors=spine_text("　".join(makers)),
        publisher=spine_text(header.publisher or ""),
    )


def _sheet_css(plan: SheetPlan) -> str:
    """Place the panels; each is clipped at its folds and reaches the bleed at its free edges."""
    bleed, height = plan.bleed * MM, plan.trim.points[1]
    rules = [
        f":root {{ --bleed: {points(bleed)}; --spine-width: {points(plan.spine * MM)}; "
        f"--sheet-width: {points(plan.width * MM)} }}",
        f"@page cover-sheet {{ size: {points(plan.width * MM)} {points(height)}; margin: 0; "
        f"bleed: {points(bleed)} }}",
        "@page cover-sheet { @bottom-left-corner { content: none } }",
        ".cover-sheet { page: cover-sheet; position: relative; "
        f"width: {points(plan.width * MM)}; height: {points(height)} }}",
        ".cover-sheet .panel { position: absolute; overflow: hidden; "
        f"top: {points(-bleed)}; height: {points(height + 2 * bleed)} }}",
        f".cover-sheet .face {{ position: absolute; top: {points(bleed)}; "
        f"height: {points(height)} }}",
    ]
    last = len(plan.panels) - 1
    for index, panel in enumerate(plan.panels):
        before = bleed if index == 0 else 0.0
        after = bleed if index == last else 0.0
        left, width = panel.left * MM, panel.width * MM
        rules += [
            f".cover-sheet .panel-{panel.name} {{ left: {points(left - before)}; "
            f"width: {points(before + width + after)} }}",
            f".cover-sheet .panel-{panel.name} > .face {{ left: {points(before)}; "
            f"width: {points(width)} }}",
        ]
    return "\n".join(rules) + "\n"
