"""The checks: what each looks for, why a printer minds, and what to do. Their ids never change.

The numbers in `Check.threshold` are those of the preset ``offset-cn``; `limits` has the others.
docs/preflight.md is written from this table, and a test holds one against the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from booklet.errors import Severity


class Scope(StrEnum):
    """What a check must see."""

    FILE = "file"
    """The objects of the file."""
    PAGES = "pages"
    """The content of each page."""
    PLATES = "plates"
    """The four plates of each page, drawn by a renderer."""
    RENDERERS = "renderers"
    """What renderers say while they draw."""
    COVER = "cover"
    """A cover, and what is known of its book."""
    BUILD = "build"
    """The build that made the file."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a printer asks of a file.

    Attributes:
        id: Stable; scripts may rely on it.
        name: The same in a word.
        title: What must be so.
        why: What goes wrong on the press otherwise.
        threshold: Where the line is drawn, for ``offset-cn``.
        remedy: What to do.
        severity: How much a finding weighs, unless the preset or the case says otherwise.
        scope: What the check must see.
    """

    id: str
    name: str
    title: str
    why: str
    threshold: str
    remedy: str
    severity: Severity = Severity.ERROR
    scope: Scope = Scope.PAGES


_W = Severity.WARNING

CHECKS = (
    Check("P01", "readable", "The file opens without a password and can be read to its end",
          "A workflow cannot place pages that it cannot read.",
          "no encryption; no damage; at most 2,000,000 operators on a page",
          "Export the file again without a password; print a very complex page as a picture.",
          scope=Scope.FILE),
    Check("P02", "version", "The PDF version is one that the standard allows",
          "An older workflow may not know what newer versions hold.",
          "PDF/X-4: at most 1.6; PDF/X-1a: at most 1.4; no standard: at most 1.7",
          "Save the file as the version that the printer asks for.", _W, Scope.FILE),
    Check("P03", "file-id", "The trailer identifies the file",
          "Workflows tell a corrected file from the first one by its ID.",
          "/ID with two strings", "Export the file as PDF/X, which writes an ID.",
          scope=Scope.FILE),
    Check("P04", "output-intent", "One PDF/X output intent names the printing condition and embeds "
          "its profile",
          "Without it nobody knows which paper and inks the colours were made for.",
          "one GTS_PDFX intent; profile of class prtr with four channels; identifier of 1 to 60 "
          "ASCII characters, that of the job if it names one",
          "Give the export the printer's ICC profile and condition name.", scope=Scope.FILE),
    Check("P05", "metadata", "The XMP metadata says what PDF/X asks for",
          "A workflow recognises PDF/X by its metadata.",
          "GTS_PDFXVersion, dates, DocumentID, VersionID, RenditionClass, Trapped, title; "
          "not compressed", "Export the file as PDF/X.", scope=Scope.FILE),
    Check("P06", "trapped", "The file says whether it is trapped",
          "Trapping a second time doubles every overlap of colours.",
          "Info /Trapped is True or False", "Set Trapped to False, unless you trapped it.",
          scope=Scope.FILE),
    Check("P07", "active-content", "Nothing in the file acts",
          "Scripts, forms and attachments cannot be printed, and many a workflow refuses them.",
          "no JavaScript, actions, forms, attachments",
          "Remove scripts, form fields and attachments; flatten forms.", scope=Scope.FILE),
    Check("P08", "layers", "There are no layers",
          "Which layers are printed depends on the reader.",
          "no optional content", "Flatten the layers.", _W, Scope.FILE),
    Check("P09", "fonts", "Every font that sets text is embedded",
          "A substitute has other widths and may lack characters.",
          "embedded; no Type 3; OpenType programs only from PDF 1.6 on",
          "Embed all fonts, or use others whose licence allows it."),
    Check("P10", "page-count", "The number of pages fits the binding",
          "Folded sheets have four pages each, signatures a multiple of that.",
          "a multiple of what the job asks for", "Add blank pages, or take some away.",
          scope=Scope.FILE),
    Check("P11", "boxes", "Every page states its trim, and its boxes lie within one another",
          "Imposition places pages by their trim.",
          "TrimBox within BleedBox within MediaBox; no ArtBox beside it; 3 to 14,400 pt; no marks "
          "where the printer wants none",
          "Export with trim and bleed; no boxes are right in a file made for screens.",
          scope=Scope.FILE),
    Check("P12", "bleed", "The bleed is wide enough on all four sides",
          "Cutting is off by up to a millimetre or two, and paper would show.",
          "3 mm", "Export with a bleed of 3 mm (KDP, IngramSpark, Lulu: 3.175 mm).",
          scope=Scope.FILE),
    Check("P13", "page-size", "All pages have one trim size, that of the job",
          "Pages of another size are scaled or cut.",
          "within 0.25 mm", "Set all pages to the trim size.", scope=Scope.FILE),
    Check("P14", "rotation", "No page is turned or scaled by a flag",
          "Imposition programs differ in whether they heed the flags.",
          "no /Rotate, no /UserUnit", "Turn the page itself; print it to a new PDF.", _W,
          Scope.FILE),
    Check("P15", "annotations", "No annotation lies on the page",
          "Links, notes and stamps are printed by some, and forbidden by PDF/X within the bleed.",
          "none that touches the BleedBox", "Remove links and notes, or flatten stamps.",
          scope=Scope.FILE),
    Check("P16", "colour-space", "Every object is in the inks of the press",
          "RGB is separated by a conversion nobody has seen; black text becomes four inks.",
          "no RGB, Lab or calibrated colour; no ICC-based CMYK beside a CMYK intent",
          "Convert all colours to the printer's CMYK, black text to K alone."),
    Check("P17", "missing-glyph", "No text shows the box of a missing glyph",
          "The character is not in the font, and a box is printed.",
          "no .notdef: CID 0 or 65535", "Choose a font that has the character."),
    Check("P18", "gradient", "Gradients have as many components as their colour space",
          "Renderers paint nothing, or anything.",
          "components of the function equal those of the space",
          "Export the gradient again, or draw it as a picture."),
    Check("P19", "lzw", "Nothing is compressed by LZW",
          "PDF/X forbids it; old workflows lack it.", "no LZWDecode",
          "Save the file anew with Flate compression.", scope=Scope.FILE),
    Check("P20", "resolution", "Pictures are fine enough at their printed size",
          "Pixels and jagged edges show.",
          "300 ppi, pictures of one bit 550 ppi (warning); less than half of it (error)",
          "Place a larger picture, or print it smaller."),
    Check("P21", "thin-line", "No line is thinner than a plate can hold",
          "Hairlines break up or vanish.",
          "0.25 pt, whether stroked, filled, or filled through a clip",
          "Draw the line at least 0.25 pt wide."),
    Check("P22", "small-type", "Type is large enough to be read",
          "Strokes of small type break up.", "5 pt", "Set the text larger.", _W),
    Check("P23", "rich-black", "Small text is not in rich black",
          "Four plates never meet exactly; text gets coloured fringes.",
          "up to 12 pt no black of K ≥ 50 % with more than 30 % of other inks",
          "Set black text in K 100 % alone."),
    Check("P24", "coloured-type", "Very small text is of one ink",
          "Two plates that are off by a tenth of a millimetre make small text illegible.",
          "below 8 pt one ink above 2 %", "Set it larger, or in one ink.", _W),
    Check("P25", "one-ink", "A one-colour job uses black alone",
          "Other inks are not on the press, or cost a plate.",
          "preset mono: C, M, Y and spot inks are nowhere",
          "Convert the file to black alone."),
    Check("P26", "overprint", "White knocks out, and black text overprints",
          "Overprinted white is invisible; knocked-out black text shows paper at its edges.",
          "no white object overprints (error); text in K 100 % overprints (warning)",
          "Set white to knock out, K 100 % text to overprint."),
    Check("P27", "safe-distance", "Text keeps its distance from the trim",
          "Cutting is not exact, and text is cut or looks off centre.",
          "3 mm; type of 36 pt and more counts as art",
          "Move the text inwards: fewer `lines` or `characters` of `layout: {type_area: …}` in "
          "booklet.yaml leave wider margins; what a style sheet places, it moves."),
    Check("P28", "transparency", "Transparency is blended in the inks of the press, or absent",
          "Blending in RGB shifts colours; PDF/X-1a and KDP want none.",
          "blend spaces are CMYK or grey; none at all for PDF/X-1a and KDP",
          "Flatten transparency, or set the page group to DeviceCMYK."),
    Check("P29", "spot-colour", "Spot colours are those of the job",
          "Each makes a plate of its own.",
          "only those listed; /All only outside the bleed",
          "Convert the spot colour to CMYK, or order the ink."),
    Check("P30", "device-state", "Nothing prescribes what is the printer's: curves, screens, "
          "PostScript",
          "A transfer curve or a screen of yours overrides the press's own.",
          "no TR, TR2, HT, no PostScript XObject (errors); no inline image (warning)",
          "Export the file as PDF/X."),
    Check("P31", "ink-limit", "There is nowhere more ink than the paper can take",
          "Too much ink does not dry, sets off on the next sheet, and sticks.",
          "300 % within the BleedBox, areas from 1 mm²",
          "Separate again with a profile of that limit.", scope=Scope.PLATES),
    Check("P32", "art-bleed", "Art that touches the trim reaches the edge of the bleed",
          "A bleed box without art in it leaves white edges.",
          "2 mm or more along an edge that stop short", "Extend the art to the bleed.",
          scope=Scope.PLATES),
    Check("P33", "blank-page", "No page is blank by mistake",
          "A blank page is paid for, and often one that failed to export.",
          "each blank page is named; two in a row are an error, except at the end",
          "Check the export; leave the page if it is meant.", _W),
    Check("P34", "renderers", "Renderers draw every page without a word",
          "What one renderer warns of, another paints wrong.",
          "Ghostscript, Poppler and MuPDF, those that are here: nothing on stderr",
          "Export the file again; the message names the renderer's complaint.",
          scope=Scope.RENDERERS),
    Check("P35", "clipped-text", "No text is cut off or hangs out of its box",
          "Words are missing in print.",
          "text beyond the trim, or clipped by its box (errors); beyond its measure (warning)",
          "Give the text more room, or shorten it.", scope=Scope.BUILD),
    Check("P36", "barcode", "The barcode can be read",
          "A shop cannot sell what it cannot scan.",
          "decoded at 300 dpi as the ISBN; K 100 % alone; quiet zones of 11 and 7 modules; "
          "modules of 0.264 mm or more",
          "Set the barcode in K 100 % on white, at least at 80 % of its size.",
          scope=Scope.COVER),
    Check("P37", "cover-width", "The cover is as wide as the book needs",
          "A spine that is off moves the title onto the front.",
          "two pages and the spine, within 0.5 mm",
          "Build the cover again, with the final number of pages and the paper's caliper.",
          scope=Scope.COVER),
    Check("P38", "reproducible", "Two builds of one input give the same bytes",
          "A proof is worth nothing if the file sent is another one.",
          "byte by byte", "Look for a date, a random number or an order that changes.",
          scope=Scope.BUILD),
)  # fmt: skip

BY_ID = {check.id: check for check in CHECKS}


def table() -> str:
    """Write the table of docs/preflight.md."""
    lines = [
        "| id | must be so | why | threshold | severity | remedy |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{c.id}` {c.name} | {c.title}. | {c.why} | {c.threshold} | {c.severity} | {c.remedy} |"
        for c in CHECKS
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(table())
