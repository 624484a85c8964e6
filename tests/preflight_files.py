"""Press files made by code: one that is right for each printer, and ways to spoil it.

They share nothing with what makes the project's own press files, but the numbers of the presets.
"""

from __future__ import annotations

import copy
import io
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, Stream

from booklet.model.measures import MM
from booklet.model.press import PRESETS, PresetName, Press

PAGES = 4
TRIM = 105 * MM, 148 * MM
SLUG = 12 * MM

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" pdfxid:GTS_PDFXVersion="PDF/X-4"
 xmp:CreateDate="2026-11-23T00:00:00Z" xmp:ModifyDate="2026-11-23T00:00:00Z"
 xmp:MetadataDate="2026-11-23T00:00:00Z" xmpMM:DocumentID="uuid:1" xmpMM:VersionID="1"
 xmpMM:RenditionClass="default" pdf:Trapped="False"><dc:title><rdf:Alt>
 <rdf:li xml:lang="x-default">A good file</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


@cache
def font_program() -> bytes:
    """Draw a typeface of three glyphs: the box of a missing one, a space, a square."""
    builder = FontBuilder(1000, isTTF=True)
    order = [".notdef", "space", "square"]
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({32: "space", 65: "square"})
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 700), (900, 700), (900, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    builder.setupGlyf(dict(zip(order, (square, TTGlyphPen(None).glyph(), square), strict=True)))
    builder.setupHorizontalMetrics(dict.fromkeys(order, (1000, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120)
    builder.setupPost()
    data = io.BytesIO()
    builder.save(data)
    return data.getvalue()


def profile(kind: bytes = b"prtr", space: bytes = b"CMYK") -> bytes:
    """Make a small ICC profile (ICC.1:2001-04, 6.5.8): inks are lightness, and nothing else."""
    straight = bytes(range(256))
    inks = [bytes((255 - 255 * min(n.bit_count(), 1), 128, 128)) for n in range(16)]
    lights = [bytes((0, 0, 0, 255 * (n < 4))) for n in range(8)]
    tags = {
        b"desc": b"desc\0\0\0\0\0\0\0\5Test\0" + bytes(79),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": b"XYZ \0\0\0\0\0\0\xf6\xd6\0\1\0\0\0\0\xd3\x2d",
        b"A2B0": _table(4, 3) + straight * 4 + b"".join(inks) + straight * 3,
        b"B2A0": _table(3, 4) + straight * 3 + b"".join(lights) + straight * 4,
    }
    body, index, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        index += name + (at + len(body)).to_bytes(4, "big") + len(data).to_bytes(4, "big")
        body += data
    header = bytearray(128)
    header[0:4], header[8:12] = (at + len(body)).to_bytes(4, "big"), b"\x02\x40\x00\x00"
    header[12:16], header[16:20], header[20:24], header[36:40] = kind, space, b"Lab ", b"acsp"
    header[68:80] = b"\0\0\xf6\xd6\0\1\0\0\0\0\xd3\x2d"
    return bytes(header) + len(tags).to_bytes(4, "big") + index + body


def _table(inputs: int, outputs: int) -> bytes:
    one = (1 << 16).to_bytes(4, "big")
    identity = one + bytes(12) + one + bytes(12) + one
    return b"mft1" + bytes(4) + bytes((inputs, outputs, 2, 0)) + identity


def packed(pdf: pikepdf.Pdf, data: bytes, **keys: Any) -> Stream:
    """Make a stream of deflated data."""
    stream = Stream(pdf, b"")
    stream.write(zlib.compress(data), filter=Name.FlateDecode)
    for key, value in keys.items():
        stream["/" + key] = value
    return stream


def font(pdf: pikepdf.Pdf) -> Any:
    """Make the font of all text: two-byte codes, which are glyphs."""
    program = packed(pdf, font_program(), Length1=len(font_program()))
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/AAAAAA+Squares"), Flags=4, ItalicAngle=0,
        FontBBox=[0, -120, 1000, 880], Ascent=880, Descent=-120, CapHeight=700, StemV=80,
        FontFile2=pdf.make_indirect(program),
    )  # fmt: skip
    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/AAAAAA+Squares"),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor), DW=1000, CIDToGIDMap=Name.Identity,
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/AAAAAA+Squares"),
            Encoding=Name("/Identity-H"), DescendantFonts=[pdf.make_indirect(inner)],
        )
    )  # fmt: skip


def image(pdf: pikepdf.Pdf, pixels: int, space: Name, value: bytes) -> Any:
    """Make a square image of one colour."""
    return pdf.make_indirect(
        packed(
            pdf, value * pixels * pixels, Type=Name.XObject, Subtype=Name.Image, Width=pixels,
            Height=pixels, ColorSpace=space, BitsPerComponent=8,
        )
    )  # fmt: skip


def gradient(space: Name, components: int) -> Any:
    """Make a shading across the page."""
    ends = Dictionary(
        FunctionType=2, Domain=[0, 1], N=1, C0=[0.0] * components, C1=[0.5] * components
    )
    return Dictionary(ShadingType=2, ColorSpace=space, Coords=[0, 0, 200, 0], Function=ends)


class Colours:
    """How a press wants the colours of the good file."""

    def __init__(self, press: Press) -> None:
        rgb, black = press.inking == "srgb", press.inking == "black"
        self.space = Name.DeviceRGB if rgb else Name.DeviceGray if black else Name.DeviceCMYK
        self.count = 3 if rgb else 1 if black else 4
        self.black = "0 0 0 rg" if rgb else "0 0 0 1 k"
        self.tint = "1 .95 .9 rg" if rgb else "0 0 0 .1 k" if black else "0 .05 .1 0 k"
        self.accent = ".7 .1 .1 rg" if rgb else "0 0 0 .6 k" if black else "0 .9 .8 0 k"
        self.pixel = bytes([90] * self.count)


def content(press: Press, edges: tuple[float, float, float, float]) -> bytes:
    """Write a page: a tint to the edge of the bleed, text, a rule, a picture, a gradient."""
    left, bottom, right, top = edges
    colours, bleed = Colours(press), press.bleed
    x, y = left + bleed, bottom + bleed
    text = f"{x + 60:.3f} {y + 300:.3f} Td"
    return f"""q
{colours.tint} {left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re f
{"/Over gs" if press.overprint else ""}
BT {colours.black} /F 10 Tf {text} <000200020002> Tj ET
{"/Under gs" if press.overprint else ""}
BT {colours.accent} /F 14 Tf 1 0 0 1 {x + 60:.3f} {y + 340:.3f} Tm [<0002> -500 <0002>] TJ ET
{colours.black} {colours.black.upper()} .5 w {x + 60:.3f} {y + 280:.3f} m 120 0 l S
q 48 0 0 48 {x + 60:.3f} {y + 200:.3f} cm /Im Do Q
q {x + 60:.3f} {y + 150:.3f} 100 30 re W n /Sh sh Q
Q""".encode()


def good(preset: PresetName = "offset-cn", pages: int = PAGES) -> pikepdf.Pdf:
    """Make a file that is right for a printer."""
    press = PRESETS[preset]
    pdf = pikepdf.new()
    slug = SLUG if press.marks else press.bleed
    width, height = TRIM
    colours = Colours(press)
    resources = Dictionary(
        Font=Dictionary(F=font(pdf)),
        XObject=Dictionary(Im=image(pdf, 210, colours.space, colours.pixel)),
        Shading=Dictionary(Sh=gradient(colours.space, colours.count)),
        ExtGState=Dictionary(
            Over=Dictionary(OP=True, op=True, OPM=1),
            Under=Dictionary(OP=False, op=False, OPM=0),
        ),
        ColorSpace=Dictionary(All=all_plates()),
    )
    for _ in range(pages):
        edges = (slug - press.bleed, slug - press.bleed, slug + width + press.bleed,
                 slug + height + press.bleed)  # fmt: skip
        page = Dictionary(
            Type=Name.Page,
            MediaBox=box(0, 0, width + 2 * slug, height + 2 * slug),
            BleedBox=box(*edges),
            TrimBox=box(slug, slug, slug + width, slug + height),
            Resources=copy.copy(resources),
            Contents=pdf.make_indirect(packed(pdf, content(press, edges) + _marks(press))),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    _describe(pdf, press)
    return pdf


def _marks(press: Press) -> bytes:
    """Draw a crop mark outside the bleed, on all plates."""
    if not press.marks:
        return b""
    return f"\nq /All CS 1 SCN .25 w 2 {SLUG:.3f} m 12 {SLUG:.3f} l S Q".encode()


def all_plates() -> Any:
    """Make the space of marks, which are on every plate."""
    tint = Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=[0, 0, 0, 0], C1=[1, 1, 1, 1])
    return Array([Name.Separation, Name.All, Name.DeviceCMYK, tint])


def spot(name: str) -> Any:
    """Make the space of a spot colour."""
    tint = Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=[0, 0, 0, 0], C1=[0, 0.8, 0.9, 0])
    return Array([Name.Separation, Name("/" + name), Name.DeviceCMYK, tint])


def box(*edges: float) -> Array:
    return Array([round(edge, 4) for edge in edges])


def _describe(pdf: pikepdf.Pdf, press: Press) -> None:
    """Write what the standard of the press asks for."""
    if press.standard == "none":
        return
    stream = pdf.make_indirect(packed(pdf, profile(), N=4))
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=b"FOGRA39",
                RegistryName=b"http://www.color.org", Info=b"FOGRA39", DestOutputProfile=stream,
            )
        ]
    )  # fmt: skip
    info = {
        "/Title": "A good file",
        "/CreationDate": "D:20261123000000Z",
        "/ModDate": "D:20261123000000Z",
    }
    for key, value in info.items():
        pdf.docinfo[key] = value
    pdf.docinfo["/Trapped"] = Name("/False")
    if press.standard == "pdf/x-4":
        metadata = Stream(pdf, XMP.encode())
        metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
        pdf.Root.Metadata = pdf.make_indirect(metadata)
    else:
        pdf.docinfo["/GTS_PDFXVersion"] = "PDF/X-1:2001"
        pdf.docinfo["/GTS_PDFXConformance"] = "PDF/X-1a:2003"


def saved(pdf: pikepdf.Pdf, version: str = "1.4", **options: Any) -> bytes:
    """Write a file; the good ones are PDF 1.4, which every standard allows."""
    data = io.BytesIO()
    settings: dict[str, Any] = {
        "force_version": version, "object_stream_mode": pikepdf.ObjectStreamMode.disable,
        "compress_streams": False, "deterministic_id": True, "fix_metadata_version": False,
    }  # fmt: skip
    pdf.save(data, **(settings | options))
    return data.getvalue()


def draw(pdf: pikepdf.Pdf, operators: str, page: int = 0, **resources: Any) -> None:
    """Add operators to a page, at the corner of its trim; resources by category and name."""
    target = pdf.pages[page]
    corner = [float(edge) for edge in target.obj.TrimBox][:2]
    for category, things in resources.items():
        own = target.obj.Resources.get("/" + category)
        merged = Dictionary() if own is None else copy.copy(own)
        for name, thing in things.items():
            merged["/" + name] = thing
        target.obj.Resources["/" + category] = merged
    moved = f"\nq 1 0 0 1 {corner[0]:.4f} {corner[1]:.4f} cm {operators}\nQ"
    old = target.obj.Contents.read_bytes()
    target.obj.Contents = pdf.make_indirect(packed(pdf, old + moved.encode("latin-1")))


Spoil = Callable[[pikepdf.Pdf], None]


def spoiled(spoil: Spoil, preset: PresetName = "offset-cn", **options: Any) -> bytes:
    """Make a good file, and spoil it."""
    pdf = good(preset)
    spoil(pdf)
    return saved(pdf, **options)


def form(pdf: pikepdf.Pdf, operators: bytes, **keys: Any) -> Any:
    """Make a form XObject as large as the page."""
    settings = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [-100, -100, 600, 800]}
    return pdf.make_indirect(packed(pdf, operators, **(settings | keys)))
