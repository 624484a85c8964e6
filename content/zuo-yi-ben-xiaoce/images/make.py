"""Draw the figures of this publication: plain shapes, no text, the same bytes every time.

    python images/make.py             writes the SVG drawings beside this script
    python images/make.py --sample    also builds a new publication and pictures two of its pages

One unit of a drawing is one point. The sample needs the `booklet` command and pypdfium2.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ACCENT, TINT, TINT_2, GOLD, GREY, INK = (
    "#b3141c", "#f7eee8", "#ecd9cf", "#c9a15a", "#666666", "#000000",
)  # fmt: skip
PALE = "#c8c8c8"
MEASURE = 288
"""Width of every drawing; the type area of this publication is a little narrower."""

DIGITS = {
    1: "M-1.3-1.9L.4-3V3",
    2: "M-1.8-1.5C-1.8-3.6 1.9-3.6 1.9-1.3C1.9.4-1.8 1.6-1.9 3H2",
    3: "M-1.7-2.2C-1-3.4 1.8-3.4 1.7-1.5C1.6-.2.2-.2-.4-.2C.6-.2 2 0 2 1.4C2 3.6-1.4 3.6-2 2",
    4: "M.9 3V-3L-2.2 1.2H2.2",
    5: "M1.7-3H-1.3L-1.6-.1C-.6-.9 2-.9 2 1.2C2 3.5-1.4 3.6-2 2.2",
    6: "M1.5-2.6C-.8-3.8-2-1.4-1.9 1C-1.8 3.8 2 3.6 2 1.2C2-.9-1.2-.9-1.8.9",
    7: "M-1.9-3H1.9C.4-.8-.5 1-.7 3",
    8: "M0-.2C-2.2-.5-2.2-3.2 0-3.2C2.2-3.2 2.2-.5 0-.2C-2.6.1-2.6 3.2 0 3.2C2.6 3.2 2.6.1 0-.2",
}


def number(value: float) -> str:
    """Write a coordinate, to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def element(tag: str, **attributes: float | str) -> str:
    """Write an empty element; an underscore in a name stands for a hyphen."""
    parts = [
        f'{name.replace("_", "-")}="{number(value) if isinstance(value, int | float) else value}"'
        for name, value in attributes.items()
    ]
    return f"<{tag} {' '.join(parts)}/>"


def box(x: float, y: float, width: float, height: float, **style: float | str) -> str:
    """Draw a rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, **style)


def line(*points: tuple[float, float], **style: float | str) -> str:
    """Draw a line through points."""
    style = {"stroke": GREY, "stroke_width": 0.6, "fill": "none", **style}
    path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return element("path", d=path, **style)


def mark(x: float, y: float, digit: int) -> str:
    """Draw a figure within a ring."""
    ring = element("circle", cx=x, cy=y, r=6.5, fill="#ffffff", stroke=ACCENT, stroke_width=0.8)
    stroke = element(
        "path", d=DIGITS[digit], transform=f"translate({number(x)} {number(y)})", fill="none",
        stroke=ACCENT, stroke_width=0.9, stroke_linecap="round", stroke_linejoin="round",
    )  # fmt: skip
    return ring + stroke


def arrow(start: tuple[float, float], end: tuple[float, float], *, both: bool = False) -> str:
    """Draw a straight arrow along an axis."""
    (x1, y1), (x2, y2) = start, end
    length = max(abs(x2 - x1), abs(y2 - y1))
    dx, dy = (x2 - x1) / length, (y2 - y1) / length

    def head(x: float, y: float, sign: int) -> str:
        back = (x - sign * 4 * dx, y - sign * 4 * dy)
        left = (back[0] - 2 * dy, back[1] + 2 * dx)
        right = (back[0] + 2 * dy, back[1] - 2 * dx)
        return line(left, (x, y), right, stroke=ACCENT, stroke_width=0.9)

    shaft = line(start, end, stroke=ACCENT, stroke_width=0.9)
    return shaft + head(x2, y2, 1) + (head(x1, y1, -1) if both else "")


def paper(x: float, y: float, width: float, height: float, fill: str = "#ffffff") -> str:
    """Draw a page with a hairline around it."""
    return box(x, y, width, height, fill=fill, stroke=GREY, stroke_width=0.5)


def lines(
    x: float, y: float, width: float, rows: Iterable[float], pitch: float, colour: str = PALE
) -> str:
    """Draw rows of text as bars; each row is a share of the width."""
    return "".join(
        box(x, y + pitch * index, width * share, pitch * 0.45, fill=colour)
        for index, share in enumerate(rows)
        if share
    )


def write(name: str, height: float, *shapes: str) -> None:
    """Write a drawing as wide as the type area."""
    size = (
        f'width="{MEASURE}pt" height="{number(height)}pt" viewBox="0 0 {MEASURE} {number(height)}"'
    )
    text = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n' + "\n".join(shapes) + "\n</svg>\n"
    (HERE / name).write_text(text, encoding="utf-8")


# ---- the drawings ----------------------------------------------------------------------------


def draw_flow() -> None:
    """Manuscript and theme make a PDF and an e-book."""
    shapes = []
    # ① the manuscript: a header, a text, a picture
    for x, y in ((16, 22), (24, 30)):
        shapes.append(paper(x, y, 54, 70))
    shapes += [
        paper(32, 38, 54, 70),
        box(38, 45, 14, 3, fill=ACCENT),
        lines(38, 54, 42, (1, 1, 0.7, 0, 1, 1, 0.4), 6),
        line((38, 102), (52, 102), stroke=ACCENT),
    ]
    # ② the theme: a page with its type area, and a palette
    shapes += [
        paper(122, 36, 44, 62),
        box(122, 36, 44, 20, fill=TINT),
        box(129, 60, 30, 30, fill="none", stroke=GREY, stroke_width=0.5, stroke_dasharray="2 1.5"),
        *(element("circle", cx=132 + 12 * i, cy=108, r=4, fill=c)
          for i, c in enumerate((ACCENT, GOLD, TINT_2))),
    ]  # fmt: skip
    # ③ the booklet on paper's measure, ④ the e-book
    shapes += [
        box(218, 8, 40, 56, fill="#ffffff", stroke=GREY, stroke_width=0.5),
        box(218, 8, 40, 37, fill=ACCENT),
        box(218, 45, 40, 1, fill=GOLD),
        box(224, 17, 22, 3.4, fill="#ffffff"),
        box(224, 24, 16, 3.4, fill="#ffffff"),
        lines(224, 51, 26, (0.8, 0.6), 5),
        box(218, 80, 40, 56, rx=4, fill="#ffffff", stroke=GREY, stroke_width=1.6),
        lines(225, 89, 26, (0.5, 0, 1, 1, 1, 0.6), 5.6),
        element("circle", cx=238, cy=130, r=1.6, fill=GREY),
    ]  # fmt: skip
    shapes += [
        arrow((94, 72), (114, 72)),
        line((174, 72), (190, 72), stroke=ACCENT, stroke_width=0.9),
        line((190, 36), (190, 108), stroke=ACCENT, stroke_width=0.9),
        arrow((190, 36), (210, 36)),
        arrow((190, 108), (210, 108)),
        mark(59, 124, 1), mark(144, 124, 2), mark(272, 36, 3), mark(272, 108, 4),
    ]  # fmt: skip
    write("flow.svg", 144, *shapes)


def draw_anatomy() -> None:
    """The parts of a booklet in the order in which they are turned."""
    width, height, gap = 60, 87, 16
    shapes = []
    for index in range(8):
        x, y = (width + gap) * (index % 4), 113 * (index // 4)
        shapes.append(mark(x + width / 2, y + height + 13, index + 1))
        shapes.append(paper(x, y, width, height))
        inner = {
            0: (box(x, y, width, 58, fill=ACCENT), box(x, y + 58, width, 1.2, fill=GOLD),
                box(x + 8, y + 18, 38, 4.5, fill="#ffffff"),
                box(x + 8, y + 27, 28, 4.5, fill="#ffffff"),
                lines(x + 8, y + 66, 40, (0.6, 0.5), 5.5)),
            1: (box(x + 8, y + 27, 28, 3, fill=INK),),
            2: (box(x + 8, y + 24, 40, 4.5, fill=INK), box(x + 8, y + 33, 30, 4.5, fill=INK),
                box(x + 8, y + 43, 11, 1.4, fill=ACCENT), lines(x + 8, y + 51, 40, (0.45,), 5)),
            3: (line((x + 8, y + 58), (x + 52, y + 58), stroke=INK),
                lines(x + 8, y + 62, 44, (0.5, 0.7, 0.6, 0.8), 5)),
            4: (paper(x, y, width, height, TINT), box(x + 8, y + 32, 12, 3, fill=ACCENT),
                lines(x + 22, y + 32, 30, (1,), 7), lines(x + 8, y + 39, 44, (1, 1, 0.6), 7)),
            5: (box(x, y, width, 30, fill=TINT), box(x + 8, y + 19, 14, 4.5, fill=INK),
                *(box(x + 8, y + 38 + 8 * i, 4, 2.6, fill=ACCENT) for i in range(5)),
                lines(x + 16, y + 38, 26, (0.9, 0.7, 1, 0.6, 0.8), 8)),
            6: (box(x, y, width, 30, fill=TINT), box(x + 8, y + 14, 4, 2.4, fill=ACCENT),
                box(x + 8, y + 19, 30, 4.5, fill=INK), box(x + 8, y + 37, 3, 2.4, fill=ACCENT),
                lines(x + 14, y + 37, 38, (1,), 6), lines(x + 8, y + 43, 44, (1, 1, 0.5), 6),
                lines(x + 26, y + 63, 26, (0.5, 1), 6, GREY)),
            7: (box(x, y, width, 30, fill=TINT), box(x + 8, y + 19, 22, 4.5, fill=INK),
                *(box(x + 8, y + 37 + 15 * i, 9, 4, fill=ACCENT) for i in range(3)),
                lines(x + 21, y + 37, 31, (1, 0.7, 0, 0.8, 0.5, 0, 1, 0.6), 5)),
        }[index]  # fmt: skip
        shapes += inner
    for index in range(8):
        x, y = (width + gap) * (index % 4), 113 * (index // 4)
        shapes.append(box(x, y, width, height, fill="none", stroke=GREY, stroke_width=0.5))
    write("anatomy.svg", 222, *shapes)


def draw_page() -> None:
    """A spread of this publication with its type areas and the four margins, to scale."""
    scale = 110 / 140  # points for one millimetre
    em, pitch = 10.5 / 72 * 25.4 * scale, 18.5 / 72 * 25.4 * scale
    width, height = 140 * scale, 203 * scale
    head, gutter = 70.2 / 72 * 25.4 * scale, 54.1 / 72 * 25.4 * scale
    area_width, area_height = 27 * em, 24 * pitch
    left, top = MEASURE / 2 - width, 16
    middle, foot = MEASURE / 2, 16 + height
    verso, recto = middle - gutter - area_width, middle + gutter
    y = top + head
    shapes = [paper(left, top, width, height), paper(middle, top, width, height)]
    for x in (verso, recto):
        shapes.append(
            box(x, y, area_width, area_height, fill=TINT, stroke=ACCENT, stroke_width=0.6)
        )
    # the verso shows the grid of characters and lines
    shapes += [
        line(
            (verso + em * i, y), (verso + em * i, y + area_height), stroke=TINT_2, stroke_width=0.4
        )
        for i in range(1, 27)
    ]
    shapes += [
        line((verso, y + pitch * i), (verso + area_width, y + pitch * i),
             stroke=TINT_2, stroke_width=0.4)
        for i in range(1, 24)
    ]  # fmt: skip
    shapes.append(
        box(verso, y, area_width, area_height, fill="none", stroke=ACCENT, stroke_width=0.6)
    )
    shapes.append(line((middle, top - 4), (middle, foot + 4), stroke=INK, stroke_width=1.2))
    across, down = recto + area_width / 2, y + area_height / 2
    shapes += [
        arrow((across, top), (across, y), both=True),
        arrow((across, y + area_height), (across, foot), both=True),
        arrow((middle, down), (recto, down), both=True),
        arrow((recto + area_width, down), (middle + width, down), both=True),
        mark(across + 11, top + head / 2, 1),
        mark(across + 11, (y + area_height + foot) / 2, 2),
        mark((middle + recto) / 2, down - 11, 3),
        mark((recto + area_width + middle + width) / 2, down - 11, 4),
    ]
    write("page.svg", foot + 8, *shapes)


def draw_spread() -> None:
    """A section that opens on a spread: both pages hang from one line."""
    width, height, pitch = 140, 198, 7
    top, head = 2, 24
    hang = top + head + 7 * pitch
    left, right = MEASURE / 2 - width, MEASURE / 2
    band = head + 6 * pitch
    shapes = [
        paper(left, top, width, height), paper(right, top, width, height),
        box(left, top, 2 * width, band, fill=TINT),
        box(left + 19, hang - 29, 6, 4, fill=ACCENT),
        box(left + 19, hang - 20, 62, 8, fill=INK),
        box(right + 84, top + 30, 36, 5, fill=TINT_2),
        box(right + 92, top + 16, 28, 5, fill=TINT_2),
        line((left - 2, hang), (right + width + 2, hang), stroke=ACCENT, stroke_dasharray="4 2.5",
             stroke_width=0.9),
    ]  # fmt: skip
    for page, rows in (
        (left + 19, (1, 1, 1, 0.55, -1, -0.8, 0, 1, 1, 0.35, -1)),
        (right + 17, (1, 1, 1, 1, 0.7, -1, -0.9)),
    ):
        first = True
        for index, share in enumerate(rows):
            y = hang + 1.6 + pitch * 1.2 * index
            if share < 0:
                shapes.append(box(page + 52, y, 52 * -share, 3, fill=GREY))
                first = False
            elif share:
                start = index == 0 or not first
                indent = 10 if start else 0
                if start:
                    shapes.append(box(page, y, 4, 3.4, fill=ACCENT))
                shapes.append(box(page + indent, y, (104 - indent) * share, 3.4, fill=PALE))
                first = True
    shapes += [
        line((MEASURE / 2, top), (MEASURE / 2, top + height), stroke=INK, stroke_width=1),
        box(left, top, 2 * width, height, fill="none", stroke=GREY, stroke_width=0.5),
        box(left + 19, top + height - 14, 5, 3.4, fill=GREY),
        box(right + 116, top + height - 14, 5, 3.4, fill=GREY),
    ]
    write("spread.svg", top + height + 2, *shapes)


def draw_bridge() -> None:
    """A bridge over a river: the picture of the example."""
    shapes = [
        element("circle", cx=214, cy=30, r=15, fill=ACCENT),
        element("path", d="M0 74C40 70 60 44 92 30C112 44 128 60 160 66C190 52 226 46 288 70V86H0Z",
                fill=TINT_2),
        element("path", d="M40 90C84 50 204 50 248 90", fill="none", stroke=GREY, stroke_width=4),
        element("path", d="M88 96V77M116 96V68M144 96V66M172 96V68M200 96V77", fill="none",
                stroke=GREY, stroke_width=2.4),
        *(line((x, y), (x + w, y), stroke=GREY, stroke_width=0.8)
          for x, y, w in ((18, 98, 90), (132, 98, 130), (52, 105, 120), (196, 105, 60),
                          (30, 112, 60), (120, 112, 140))),
    ]  # fmt: skip
    write("bridge.svg", 118, *shapes)


def draw_seal() -> None:
    """A small seal, to stand within a line."""
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="12pt" height="12pt" viewBox="0 0 12 12">'
        f'<rect width="12" height="12" rx="1.6" fill="{ACCENT}"/>'
        '<path d="M3 3H9M3 6H9M3 9H9M6 3V9" fill="none" stroke="#ffffff" stroke-width="1"/></svg>\n'
    )
    (HERE / "seal.svg").write_text(text, encoding="utf-8")


def picture_sample() -> None:
    """Build what `booklet new` makes, and picture its cover and its first section."""
    import pypdfium2
    from PIL import Image

    command = str(Path(sys.executable).parent / "booklet")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "chun-tian"
        subprocess.run([command, "new", str(home)], check=True, capture_output=True)
        header = home / "booklet.yaml"
        header.write_text(
            header.read_text("utf-8")
            .replace('title: "chun-tian"', "title: 春天的话")
            .replace("编者姓名", "林小渡"),
            "utf-8",
        )
        subprocess.run(
            [command, "build", str(home), "-e", "screen", "-o", folder],
            check=True, capture_output=True,
        )  # fmt: skip
        document = pypdfium2.PdfDocument(str(Path(folder, "chun-tian", "chun-tian.pdf")))
        shown = (0, len(document) - 2)
        pages = [document[index].render(scale=150 / 72).to_pil().convert("RGB") for index in shown]
    width, height, edge, gap = pages[0].width, pages[0].height, 2, 60
    sheet = Image.new("RGB", (2 * (width + 2 * edge) + gap, height + 2 * edge), "#ffffff")
    for index, page in enumerate(pages):
        x = index * (width + 2 * edge + gap)
        sheet.paste(GREY, (x, 0, x + width + 2 * edge, height + 2 * edge))
        sheet.paste(page, (x + edge, edge))
    small = sheet.resize((1200, round(1200 * sheet.height / sheet.width)), Image.Resampling.LANCZOS)
    small.quantize(40, dither=Image.Dither.NONE).save(HERE / "sample.png", optimize=True)


if __name__ == "__main__":
    for draw in (draw_flow, draw_anatomy, draw_page, draw_spread, draw_bridge, draw_seal):
        draw()
    if "--sample" in sys.argv[1:]:
        picture_sample()
