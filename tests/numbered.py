"""PDF files of numbered pages, made by hand: any boxes, turned or scaled as a stranger's may be."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Array, Dictionary, Name

from booklet.model.measures import MM

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Make:
    """How pages are made.

    Attributes:
        size: Trimmed page as displayed, in millimetres.
        bleed: Millimetres; the background reaches that far.
        slug: Millimetres of the media box beyond the bleed.
        origin: Where the lower left corner of the trim lies, in units.
        rotate: The page's /Rotate.
        unit: The page's /UserUnit.
        press: CMYK with an output intent.
    """

    size: tuple[float, float] = (148, 210)
    bleed: float = 0
    slug: float = 0
    origin: tuple[float, float] = (0, 0)
    rotate: int = 0
    unit: float = 1
    press: bool = False

    @property
    def trim(self) -> Box:
        """The trim box in units, before rotation."""
        width, height = (MM * side / self.unit for side in self.size)
        if self.rotate in {90, 270}:
            width, height = height, width
        left, bottom = self.origin
        return left, bottom, left + width, bottom + height

    def around(self, margin: float) -> Box:
        left, bottom, right, top = self.trim
        margin *= MM / self.unit
        return left - margin, bottom - margin, right + margin, top + margin


PLAIN = Make()


def numbered(count: int, make: Make = PLAIN) -> bytes:
    """Make a file whose pages show their numbers, upright as displayed, in the middle."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for number in range(1, count + 1):
        pdf.pages.append(pikepdf.Page(_page(pdf, number, make, font)))
    if make.press:
        intent = Dictionary(
            Type=Name.OutputIntent, S=Name.GTS_PDFX,
            OutputConditionIdentifier=pikepdf.String("FOGRA39"),
        )  # fmt: skip
        pdf.Root.OutputIntents = Array([intent])
    return saved(pdf)


def saved(pdf: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True, fix_metadata_version=False)
    return target.getvalue()


def _page(pdf: pikepdf.Pdf, number: int, make: Make, font: pikepdf.Object) -> pikepdf.Object:
    trim, bleed = make.trim, make.around(make.bleed)
    x, y = (trim[0] + trim[2]) / 2, (trim[1] + trim[3]) / 2
    a, b, c, d = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[
        make.rotate
    ]
    tint = {0: ".9 .7 .7", 1: ".7 .7 .9"}[number % 2] + " rg"
    ink = "0 0 0 1 k" if make.press else "0 g"
    size = 24 / make.unit
    content = (
        f"q {tint if not make.press else '.2 0 0 0 k'} "
        f"{bleed[0]} {bleed[1]} {bleed[2] - bleed[0]} {bleed[3] - bleed[1]} re f Q "
        f"BT {ink} /F {size} Tf {a} {b} {c} {d} {x} {y} Tm ({number}) Tj ET"
    )
    page = Dictionary(
        Type=Name.Page, MediaBox=Array(make.around(make.bleed + make.slug)),
        Resources=Dictionary(Font=Dictionary(F=font)), Contents=pdf.make_stream(content.encode()),
    )  # fmt: skip
    if make.bleed or make.slug:
        page.TrimBox, page.BleedBox = Array(trim), Array(bleed)
    if make.rotate:
        page.Rotate = make.rotate
    if make.unit != 1:
        page.UserUnit = make.unit
    return pdf.make_indirect(page)


@dataclass(frozen=True)
class Word:
    """A run of characters that touch: what it says, where it begins, and whether on its head."""

    text: str
    x: float
    y: float
    turned: bool


def words(data: bytes) -> list[list[Word]]:
    """Read the words of each page, as PDFium finds them."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [list(_words(page)) for page in document]
    finally:
        document.close()


def _words(page: pypdfium2.PdfPage) -> Iterator[Word]:
    text = page.get_textpage()
    matrix, box = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
    found = ""
    start = (0.0, 0.0, False)
    for at in range(pdfium.FPDFText_CountChars(text)):
        char = chr(pdfium.FPDFText_GetUnicode(text, at))
        if pdfium.FPDFText_IsGenerated(text, at) or char.isspace():
            if found:
                yield Word(found, *start)
            found = ""
            continue
        if not found:
            pdfium.FPDFText_GetMatrix(text, at, matrix)
            pdfium.FPDFText_GetLooseCharBox(text, at, box)
            start = ((box.left + box.right) / 2, (box.bottom + box.top) / 2, matrix.a < 0)
        found += char
    if found:
        yield Word(found, *start)
    text.close()
