"""The baseline grid of whole publications: facts measured in the finished pages.

A line of text is a line with a character of the text's own size inside the type area. Contents,
indexes, the title page and the preface are display pages with a pitch of their own; so are code,
tables, captions and notes, which the text below them must not feel.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest
from tests.conftest import SAMPLE, Press, write_publication
from tests.pdf_facts import Line, Page, Pdf, read_pdf

from booklet.build import Report, build
from booklet.errors import Findings, Place
from booklet.model.measures import TypeArea, parse_trim
from booklet.model.publication import Layout
from booklet.theme.spec import PageSpec
from booklet.typeset.geometry import Geometry, plan_page

GUIDE = Path(__file__).parents[1] / "content" / "zuo-yi-ben-xiaoce"
ASCENT, DESCENT = 1.151, 0.286
"""Em above and below the baseline, by the tables of Noto Serif CJK."""

OFF = 0.2
"""Points by which a baseline may miss the grid."""

READER = PageSpec.model_validate(
    {"trim": "A5", "size": "小四", "pitch": 1.75, "gutter-share": 0.477, "head-share": 0.534,
     "hang": 7, "presets": {
         "A5": {"characters": 25, "lines": 22, "gutter": "57pt", "head": "72pt"},
         "大32开": {"characters": 24, "lines": 21, "gutter": "52pt", "head": "71pt"}}}
)  # fmt: skip
"""The page of the reader theme."""


def plan(trim: str, area: TypeArea | None = None) -> Geometry:
    findings = Findings()
    geometry = plan_page(Layout(parse_trim(trim), area), READER, Place("here"), findings)
    assert geometry is not None, list(findings)
    return geometry


# ---- measuring ----------------------------------------------------------------------------------


def text_lines(page: Page, geometry: Geometry) -> list[Line]:
    """Give the lines of text in the type area."""
    head, size = geometry.margins.head, geometry.area.size
    foot = head + geometry.area.lines * geometry.pitch
    return [
        line
        for line in page.lines
        if head < line.y < foot
        and any(abs(g.size - size) < 0.05 and not g.char.isspace() for g in line.glyphs)
    ]


def place(line: Line, geometry: Geometry) -> float:
    """Tell on which line of the grid a line stands, from 0."""
    size, pitch = geometry.area.size, geometry.pitch
    drop = (pitch - (ASCENT + DESCENT) * size) / 2 + ASCENT * size
    return (line.y - geometry.margins.head - drop) / pitch


def off_the_grid(pages: Sequence[Page], geometry: Geometry) -> list[tuple[int, float, str]]:
    """Give the lines of text that stand beside the grid: page, distance in points, text.

    What is on the grid of its page is on that of every other: the type area is the same.
    """
    found = []
    for page in pages:
        for line in text_lines(page, geometry):
            at = place(line, geometry)
            distance = (at - round(at)) * geometry.pitch
            if abs(distance) > OFF or not 0 <= round(at) < geometry.area.lines:
                found.append((page.index, round(distance, 2), line.text))
    return found


def text_pages(pdf: Pdf, first: str) -> tuple[Page, ...]:
    """Give the pages from that which opens with a title, after the contents."""
    titled = [
        page
        for page in pdf.pages
        for line in page.lines
        if line.text == first and line.glyphs[0].font.endswith("Bold")
    ]
    return pdf.pages[titled[-1].index :]


# ---- the samples --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return build(GUIDE, tmp_path_factory.mktemp("guide"), ["screen"])


def test_the_first_sample_stands_on_the_grid(sample_pdf: Pdf) -> None:
    first = sample_pdf.labels.index("8")
    pages = sample_pdf.pages[first : sample_pdf.labels.index("22")]
    assert off_the_grid(pages, plan("A5")) == []


def test_the_guide_stands_on_the_grid(guide: Report) -> None:
    geometry = plan("大32开", TypeArea(10.5, 27, 24))
    pages = text_pages(read_pdf(guide.outputs[0].path.read_bytes()), "为什么做一本小册")
    assert sum(len(text_lines(page, geometry)) for page in pages) > 350
    assert off_the_grid(pages, geometry) == []


# ---- a manuscript that tries to throw the lines off ----------------------------------------------

TEXT = "水涨的时候，船不开。大家就在岸上等着，谁也不催，一直等到太阳落到桥那一边去。"
LONG = TEXT * 4


def stress() -> str:
    """Write a manuscript with every kind of block, and text after each."""
    parts = ["# 书名\n\n## 第一章\n\n" + LONG]
    for level in "###", "####", "#####", "######":
        parts += [f"{level} {TEXT[: 9 * lines]}\n\n{TEXT}" for lines in (1, 3, 6)]
    for number in range(1, 10):
        parts.append(f'![图](images/{number}.svg "{TEXT[: 5 * number]}")\n\n{TEXT}')
    for rows in 1, 2, 5, 31:
        code = "\n".join("print(1)  # 注" for _ in range(rows))
        parts.append(f"```python\n{code}\n```\n\n{TEXT}")
        table = "\n".join(f"| 甲 | {TEXT[: 7 * row % 40]} |" for row in range(rows))
        parts.append(f"| 一 | 二 |\n|---|---|\n{table}\n\n{TEXT}")
    parts += [
        f"> {TEXT}\n>\n> > {TEXT}\n> >\n> > {TEXT}\n>\n> ——《渡口志》\n\n{TEXT}",
        f"- {TEXT}\n- {TEXT}\n\n  {TEXT}\n\n  > {TEXT}\n\n  1. {TEXT}\n  2. {TEXT}\n\n{TEXT}",
        f"::: verse\n灯下裁纸，\n雨在窗外翻页。\n\n一本书合上的时候，\n天正好亮。\n:::\n\n{TEXT}",
        f"::: note 雨天\n{TEXT}\n\n- {TEXT}\n\n```\n码\n```\n\n{TEXT}\n:::\n\n{TEXT}",
        f"{TEXT}\n\n***\n\n{TEXT}",
        f"{TEXT}[^a]{TEXT}[^b]{TEXT}\n\n{TEXT}",
        f"*{LONG}* Latin text, **bold 粗** `code_of_{'x' * 60}` {TEXT}",
        f"[一条也不能少]{{.dots}}，[林小渡]{{.name}}写过[渡口志]{{.work}}，{{栈|zhàn}}{{桥|qiáo}}。{LONG}",
        f"盖了章![印](images/1.svg)才算数。{LONG}",
    ]
    notes = f"[^a]: {TEXT}\n\n[^b]: 短。"
    return "\n\n".join([*parts, "## 第二章", *reversed(parts[1:-3]), LONG * 10, notes]) + "\n"


def picture(height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="{height}">'
        f'<rect width="200" height="{height}" fill="#ccc"/></svg>'
    )


@pytest.mark.parametrize(
    ("trim", "area", "sections"),
    [
        ("A5", None, "page"),
        ("大32开", {"size": "五号", "characters": 27, "lines": 24}, "run-on"),
        ("大16开", {"size": "12pt", "characters": 32, "lines": 37, "pitch": "18.3333pt"}, "recto"),
    ],
)
def test_a_hard_manuscript_stands_on_the_grid(
    trim: str, area: dict[str, object] | None, sections: str, tmp_path: Path
) -> None:
    layout = {"trim": trim} | ({} if area is None else {"type_area": area})
    folder = write_publication(
        tmp_path / "book", stress(), title="书名", title_lines=None, form="book", layout=layout,
        options={"sections": sections},
    )  # fmt: skip
    (folder / "images").mkdir()
    for number in range(1, 10):
        (folder / "images" / f"{number}.svg").write_text(picture(29 * number), "utf-8")
    # A build that loses a word, or sets one twice, fails.
    report = build(folder, tmp_path / "out", ["screen"])
    pdf = read_pdf(report.outputs[0].path.read_bytes())
    wanted = None
    if area is not None:
        size = {"五号": 10.5, "12pt": 12.0}[str(area["size"])]
        pitch = 18.3333 if "pitch" in area else None
        wanted = TypeArea(size, int(str(area["characters"])), int(str(area["lines"])), pitch)
    geometry = plan(trim, wanted)
    pages = text_pages(pdf, "第一章")
    assert off_the_grid(pages, geometry) == []
    # The text at the end fills a page to its last line.
    last = {round(place(line, geometry)) for page in pages for line in text_lines(page, geometry)}
    assert geometry.area.lines - 1 in last


def test_short_excerpts_in_larger_type_return_to_the_grid(press: Press) -> None:
    source = "\n\n——1998年6月，在渡口修缮会上的讲话\n\n"
    words = ["船不开。", TEXT[:20], TEXT[:30], LONG, TEXT[:8] + "。", LONG]
    manuscript = "# 书名\n\n## 第一篇\n\n" + source.join(words) + source
    pdf = press(manuscript, title="书名", title_lines=None, options={"indexes": "off"})
    assert off_the_grid(text_pages(pdf, "第一篇"), plan("A5")) == []


# ---- the type area ------------------------------------------------------------------------------


def full_lines(pdf: Pdf, geometry: Geometry) -> list[Line]:
    """Give the lines of a text without marks that others follow."""
    lines = [line for page in text_pages(pdf, "章") for line in text_lines(page, geometry)]
    return [line for line in lines if re.fullmatch("[水船]+", line.text)][1:-1]


@pytest.mark.parametrize(
    ("trim", "size", "characters", "lines"),
    [
        ("大32开", "五号", 20, 20), ("大32开", "五号", 23, 21), ("大32开", "五号", 26, 25),
        ("大32开", "9.5pt", 29, 27), ("A5", "五号", 28, 25), ("大16开", "小四", 32, 30),
        ("大16开", "五号", 35, 39), ("大16开", "13Q", 40, 44), ("A5", "10.123pt", 27, 24),
    ],
)  # fmt: skip
def test_a_full_line_holds_as_many_characters_as_asked(
    press: Press, trim: str, size: str, characters: int, lines: int
) -> None:
    area = {"size": size, "characters": characters, "lines": lines}
    text = ("水船" * (characters * lines + 3))[: 2 * characters * lines + 5]
    pdf = press(
        f"# 书\n\n## 章\n\n{text}\n", title="书", title_lines=None, form="book",
        layout={"trim": trim, "type_area": area},
    )  # fmt: skip
    sizes = {"五号": 10.5, "小四": 12.0, "9.5pt": 9.5, "13Q": 13 * 0.25 * 72 / 25.4}
    geometry = plan(trim, TypeArea(sizes.get(size, 10.123), characters, lines))
    found = full_lines(pdf, geometry)
    assert len(found) > 1.5 * lines
    assert {len(line.text) for line in found} == {characters}
    # The second page of the text is full.
    assert len(text_lines(text_pages(pdf, "章")[1], geometry)) == lines
    assert off_the_grid(text_pages(pdf, "章"), geometry) == []


# ---- the proof that draws it --------------------------------------------------------------------


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return build(SAMPLE, tmp_path_factory.mktemp("proof"), ["screen"], show_grid=True)


def test_the_grid_is_drawn_beside_the_screen_edition(proof: Report, sample_report: Report) -> None:
    screen, grid = proof.outputs
    assert [output.path.name for output in proof.outputs] == [
        "wangluo-qiangguo.pdf", "wangluo-qiangguo-grid.pdf",
    ]  # fmt: skip
    assert (grid.edition, grid.pages) == ("grid", screen.pages)
    # With or without a proof, the edition is the same.
    assert screen.path.read_bytes() == sample_report.outputs[0].path.read_bytes()


def test_the_proof_has_the_same_pages(proof: Report) -> None:
    screen, grid = (read_pdf(output.path.read_bytes()) for output in proof.outputs)
    assert grid.labels == screen.labels
    for one, two in zip(screen.pages, grid.pages, strict=True):
        assert one.glyphs == two.glyphs


def drawn_baselines(page: pikepdf.Page) -> list[float]:
    """Give the baselines that a proof draws, from the top of the page; none without a grid."""
    page.contents_coalesce()
    match = re.search(rb"q 1 0 0 1 (\S+) (\S+) cm (/\S+) Do", page.Contents.read_bytes())
    if match is None:
        return []
    form = page.Resources.XObject[match[3].decode()].read_bytes()
    lines = re.findall(rb"^0.000 (\S+) m 300.000 (\S+) l", form, re.MULTILINE)
    assert all(start == end for start, end in lines)
    return [float(page.mediabox[3]) - float(match[2]) - float(start) for start, _ in lines]


def test_baselines_are_drawn_where_the_text_stands(proof: Report) -> None:
    facts = read_pdf(proof.outputs[1].path.read_bytes())
    geometry = plan("A5")
    with pikepdf.open(proof.outputs[1].path) as pdf:
        drawn = [drawn_baselines(page) for page in pdf.pages]
    # The cover has no margins, and no grid.
    assert [bool(lines) for lines in drawn] == [False, *[True] * (len(drawn) - 1)]
    for page, baselines in list(zip(facts.pages, drawn, strict=True))[9:23]:
        assert len(baselines) == geometry.area.lines
        for line in text_lines(page, geometry):
            assert min(abs(line.y - baseline) for baseline in baselines) < 0.1


def test_the_command_line_asks_for_the_proof(tmp_path: Path) -> None:
    text = f"# 书\n\n## 章\n\n{TEXT}\n"
    book = write_publication(tmp_path / "book", text, title="书", title_lines=None)
    command = [sys.executable, "-m", "booklet", "build", str(book), "-e", "ebook", "--show-grid"]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "out")], check=True, capture_output=True, text=True
    )
    made = [Path(line).name for line in done.stdout.splitlines()]
    assert made == ["book.epub", "book-grid.pdf"]
