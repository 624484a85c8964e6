"""Pages that hold all that a press file must cope with, and facts read back from press files."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageCms

from booklet.output.profiles import find_profile

RGB_OPERATORS = frozenset({"rg", "RG"})
WIDTH, HEIGHT, BLEED = 400.0, 500.0, 9.0
"""Points of the stress pages; their bleed is that of the widest preset."""

STYLE = """
@page { size: 400pt 500pt; bleed: 9pt; margin: 20pt }
@page tinted { background: #f3e9dd }
body { font: 11pt sans-serif; margin: 0 } section { break-before: page } p { margin: 4pt 0 }
.box { width: 90pt; height: 40pt; display: inline-block; margin: 4pt }
.tinted { page: tinted }
img { width: 60pt; height: 45pt; margin: 3pt }
"""


def profile() -> bytes:
    """The profile of FOGRA39 that set-up brings."""
    path = find_profile("FOGRA39")
    assert path is not None, "run the set-up"
    return path.read_bytes()


def photo(mode: str = "RGB", size: tuple[int, int] = (240, 180)) -> Image.Image:
    """A picture with every hue, black, white and greys."""
    hue = Image.linear_gradient("L").resize(size)
    light = hue.rotate(90).resize(size)
    picture = Image.merge("HSV", (hue, Image.new("L", size, 220), light)).convert("RGB")
    picture.paste((128, 128, 128), (0, 0, size[0] // 8, size[1] // 8))
    picture.paste((0, 0, 0), (size[0] // 8, 0, size[0] // 4, size[1] // 8))
    return picture.convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> str:
    """A picture as a data: address."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(file.getvalue()).decode()}"


def wide_gamut() -> bytes:
    """An RGB profile that is not sRGB: sRGB with its primaries changed about."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * data[131], 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    data[red + 4 : red + 12], data[green + 4 : green + 12] = (
        data[green + 4 : green + 12], data[red + 4 : red + 12],
    )  # fmt: skip
    return bytes(data).replace(b"s\0R\0G\0B", b"s\0w\0a\0p")


def pictures() -> Iterator[str]:
    """Pictures of every kind that a page may hold."""
    yield encoded(photo(), "JPEG", quality=90)
    yield encoded(photo(), "PNG")
    yield encoded(photo("L"), "PNG")
    yield encoded(photo("L").convert("RGB"), "JPEG")
    yield encoded(photo("1"), "PNG")
    yield encoded(photo().quantize(16), "PNG")
    yield encoded(photo("CMYK"), "JPEG", quality=95)
    yield encoded(photo(), "JPEG", icc_profile=wide_gamut())


def html(*, transparent: bool) -> str:
    """The stress pages: type, all colours, gradients, pictures; transparent ones if wanted."""
    plain = "".join(f'<img src="{source}">' for source in pictures())
    tile = encoded(photo(size=(20, 20)), "PNG")
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60">'
        '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/>'
        '<stop offset="1" stop-color="blue"/></linearGradient></defs>'
        '<rect width="80" height="30" fill="url(#g)"/><text x="5" y="50" fill="#063">svg</text>'
        "</svg>"
    )
    pages = [
        "<p>Black type, <span style='color:#c00'>red type</span>, <span style='color:#666'>grey"
        "</span>, <span style='color:lab(50% 60 -40)'>lab</span>, <span style='color:"
        "device-cmyk(1 0 0 0)'>cyan</span>, <a href='https://example.org/'>link</a></p>"
        "<hr><table border='1'><tr><td>cell</td></tr></table>"
        "<p style='background:#000;color:#fff'>white on black</p>",
        "<div class=box style='background:linear-gradient(red,blue)'></div>"
        "<div class=box style='background:linear-gradient(90deg,#000,#888 40%,#fff)'></div>"
        "<div class=box style='background:radial-gradient(#ff0,#080 50%,#008 50%,#fff)'></div>"
        "<div class=box style='background:repeating-linear-gradient(45deg,#036,#9cf 8pt)'></div>"
        f"<div class=box style='background:url({tile})'></div>"
        f"<div class=box style='background:url(data:image/svg+xml;base64,"
        f"{base64.b64encode(svg.encode()).decode()})'></div><p>words below</p>",
        plain,
        "<p>tinted page</p>",
    ]
    if transparent:
        alpha = photo("RGBA")
        alpha.putalpha(Image.linear_gradient("L").resize(alpha.size))
        pages.append(
            f'<img src="{encoded(alpha, "PNG")}">'
            "<div class=box style='background:rgba(200,0,0,.5)'>half</div>"
            "<div style='opacity:.4;color:#080'>faint</div>"
            "<div class=box style='background:linear-gradient(#f00,transparent)'></div>"
        )
    body = "".join(
        f"<section class='{'tinted' if 'tinted' in page else ''}'>{page}</section>"
        for page in pages
    )
    return f"<html lang=en><head><meta charset=utf-8><style>{STYLE}</style></head><body>{body}"


@cache
def stress_pdf(*, transparent: bool = True) -> bytes:
    """The stress pages as the renderer draws them, and a last page by hand."""
    from weasyprint import HTML

    file = io.BytesIO(HTML(string=html(transparent=transparent)).write_pdf())
    with pikepdf.open(file) as pdf:
        _add_page_by_hand(pdf)
        out = io.BytesIO()
        pdf.save(out, static_id=True)
    return out.getvalue()


def _add_page_by_hand(pdf: pikepdf.Pdf) -> None:
    """Add what the renderer never writes: spot colours, palettes, meshes of operators."""
    last: Any = pdf.pages[-1].obj
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[1, 1, 1], C1=[0.9, 0.3, 0.1], N=1)
    spot = Array([Name.Separation, Name("/Spot Orange"), Name.DeviceRGB, tint])
    palette = String(bytes([255, 0, 0, 0, 128, 0, 10, 10, 10, 255, 255, 255]))
    indexed = pdf.make_stream(bytes(range(4)) * 4)
    indexed.update(
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=4, Height=4, BitsPerComponent=8,
            ColorSpace=Array([Name.Indexed, Name.DeviceRGB, 3, palette]),
        )
    )  # fmt: skip
    samples = pdf.make_stream(bytes([255, 0, 0, 0, 255, 0, 0, 0, 255]))
    samples.update(
        Dictionary(FunctionType=0, Domain=[0, 1], Range=[0, 1] * 3, Size=[3], BitsPerSample=8)
    )
    shading = pdf.make_indirect(
        Dictionary(
            ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 100, 0], Function=samples
        )
    )
    cell = pdf.make_stream(b"0 0 5 5 re f")
    cell.update(
        Dictionary(
            Type=Name.Pattern, PatternType=1, PaintType=2, TilingType=1, BBox=[0, 0, 10, 10],
            XStep=10, YStep=10, Resources=Dictionary(),
        )
    )  # fmt: skip
    coloured = pdf.make_stream(b"0 0.5 1 rg 0 0 4 4 re f")
    for key in ("/Type", "/PatternType", "/TilingType", "/BBox", "/XStep", "/YStep", "/Resources"):
        coloured[key] = cell[key]
    coloured.PaintType = 1
    content = (
        b"/Spot cs 1 scn 20 400 60 40 re f 0.5 scn 90 400 60 40 re f "
        b"0 0 0 1 k 20 340 60 40 re f 1 1 1 1 k 90 340 60 40 re f "
        b"0.2 G 2 w 20 330 m 200 330 l S 0 G 20 320 m 200 320 l S "
        b"0 0 0 1 k 20 310 180 1 re f 1 g 20 309 180 1 re f "
        b"q 40 0 0 40 20 260 cm /Indexed Do Q "
        b"q 40 0 0 40 90 260 cm BI /W 2 /H 2 /CS /RGB /BPC 8 ID "
        b"\xff\0\0\0\xff\0\0\0\xff\x80\x80\x80 EI Q "
        b"q 1 0 0 1 160 260 cm 0 0 100 40 re W n /Gradient sh Q "
        b"/Cells cs 0 0.4 0 /Plain scn 20 180 60 40 re f "
        b"/Pattern cs /Coloured scn 90 180 60 40 re f "
        b"/Cells CS 0.8 0 0 /Plain SCN 8 w 160 180 60 40 re S "
        b"/Span <</MCID 0>> BDC 1 0 0 rg 20 120 40 40 re f EMC "
        b"/Lab cs 60 50 20 scn 70 120 40 40 re f"
    )
    resources = Dictionary(
        ColorSpace=Dictionary(
            Spot=spot, Cells=Array([Name.Pattern, Name.DeviceRGB]),
            Lab=Array([Name.Lab, Dictionary(WhitePoint=[0.9642, 1, 0.8249])]),
        ),
        XObject=Dictionary(Indexed=indexed), Shading=Dictionary(Gradient=shading),
        Pattern=Dictionary(
            Plain=pdf.make_indirect(cell), Coloured=pdf.make_indirect(coloured)
        ),
    )  # fmt: skip
    page = Dictionary(
        Type=Name.Page, MediaBox=last.MediaBox, TrimBox=last.TrimBox, Resources=resources,
        Contents=pdf.make_stream(content),
    )  # fmt: skip
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


# ---- facts ---------------------------------------------------------------------------------------


def rgb_uses(data: bytes) -> list[str]:
    """List everything in a file that is RGB, Lab or ICC-based: operators, pictures, spaces."""
    found = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and (
                item.get("/Subtype") == "/Form" or "/PatternType" in item
            ):
                found += _operators(item)
            found += _spaces(item)
        for page in pdf.pages:
            found += _operators(page)
    return found


def _operators(content: Any) -> list[str]:
    found = []
    for instruction in pikepdf.parse_content_stream(content):
        operands, operator = list(instruction.operands), instruction.operator
        if str(operator) in RGB_OPERATORS or (
            str(operator) in ("cs", "CS") and str(operands[0]) in ("/DeviceRGB", "/RGB")
        ):
            found.append(f"{operands} {operator}")
    return found


def _spaces(item: Any) -> Iterator[str]:
    """Find names of spaces that no press file may hold, at any depth of one object."""
    if isinstance(item, Dictionary | pikepdf.Stream):
        for key, value in item.items():
            if key != "/Parent" and not getattr(value, "is_indirect", False):
                yield from _spaces(value)
    elif isinstance(item, Array):
        for value in item:
            if not getattr(value, "is_indirect", False):
                yield from _spaces(value)
    elif isinstance(item, Name) and str(item) in ("/DeviceRGB", "/Lab", "/ICCBased", "/CalRGB"):
        yield str(item)


def colours_of(holder: Any) -> bool:
    """Tell whether a page, or a form on it, asks for any colour but black; marks left aside."""
    content = pikepdf.Page(holder) if holder.get("/Type") == Name.Page else holder
    for instruction in pikepdf.parse_content_stream(content, "k K"):
        assert isinstance(instruction, pikepdf.ContentStreamInstruction)
        if any(float(value) for value in list(instruction.operands)[:3]):
            return True
    objects: Any = holder.Resources.get("/XObject", Dictionary())
    return any(
        colours_of(item)
        for name, item in objects.items()
        if not name.startswith("/Px") and item.get("/Subtype") == Name.Form
    )


def ink_coverage(data: bytes, folder: Path) -> list[tuple[float, float, float, float]]:
    """Share of each page that cyan, magenta, yellow and black cover, as Ghostscript prints it."""
    path = folder / "ink.pdf"
    path.write_bytes(data)
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=inkcov", "-o", "-"]
    done = subprocess.run([*command, str(path)], capture_output=True, check=True, text=True)
    rows = re.findall(r"^ *([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) CMYK", done.stdout, re.MULTILINE)
    return [(float(c), float(m), float(y), float(k)) for c, m, y, k in rows]


def complaints(data: bytes, folder: Path) -> str:
    """Have Ghostscript, Poppler and MuPDF draw every page; give what they say of it."""
    path = folder / "drawn.pdf"
    path.write_bytes(data)
    commands = [
        ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=nullpage", str(path)],
        ["pdftoppm", "-r", "20", str(path), str(folder / "page")],
        ["mutool", "draw", "-q", "-r", "20", "-o", str(folder / "m%d.png"), str(path)],
    ]
    said = ""
    for command in commands:
        assert shutil.which(command[0]), f"{command[0]} is missing: run the set-up with --test"
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        said += done.stdout + done.stderr
    # Debian builds MuPDF without colour management, which it tells of every file.
    return said.replace("warning: ICC support is not available\n", "")


@dataclass(frozen=True, slots=True)
class Painted:
    """Something that a page paints: text, a thin rule, or an area; in what inks, and how."""

    kind: str
    inks: tuple[float, ...]
    overprints: bool


def painted(page: Any) -> Iterator[Painted]:
    """Follow a page's own operators, forms left aside, and tell what each paints."""
    states: Any = page.obj.Resources.get("/ExtGState", Dictionary())
    fill: tuple[float, ...] = ()
    stroke: tuple[float, ...] = ()
    over = {"/op": False, "/OP": False}
    height, stack = 0.0, []
    for instruction in pikepdf.parse_content_stream(page):
        operands, name = list(instruction.operands), str(instruction.operator)
        if name == "q":
            stack.append((fill, stroke, dict(over)))
        elif name == "Q":
            fill, stroke, over = stack.pop()
        elif name in ("k", "g", "rg"):
            fill = tuple(float(value) for value in operands)
        elif name in ("K", "G", "RG"):
            stroke = tuple(float(value) for value in operands)
        elif name in ("scn", "SCN", "sc", "SC"):
            fill, stroke = ((), stroke) if name.islower() else (fill, ())
        elif name == "gs":
            state = states[str(operands[0])]
            over |= {key: bool(state[key]) for key in over if key in state}
            assert int(state.get("/OPM", 1)) == 1
        elif name == "re":
            height = min(abs(float(operands[2])), abs(float(operands[3])))
        elif name in ("Tj", "TJ"):
            yield Painted("text", fill, over["/op"])
        elif name in ("f", "f*") and not 2.5 < height <= 10:
            yield Painted("area" if height > 10 else "rule", fill, over["/op"])
        elif name == "S":
            yield Painted("rule", stroke, over["/OP"])
