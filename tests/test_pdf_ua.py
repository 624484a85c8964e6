"""PDF/UA-1 (ISO 14289-1): what a screen reader and its judges find in the finished file."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from tests.conftest import write_publication
from tests.pdf_facts import Pdf, read_pdf

from booklet.build import Report, build

RICH = """# 书名

## 甲

### 小节

正文一段，有注[^1]，有[链接](https://example.org/)。

![山水一幅](images/shan.png)

| 年 | 事 |
|----|----|
| 一 | 甲 |

- 第一
- 第二

[^1]: 注文一条。

## 乙

### 又一小节

#### 更小一节

又一段。
"""


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication with a little of everything."""
    folder = tmp_path_factory.mktemp("rich") / "book"
    write_publication(folder, RICH, title="书名", title_lines=None, form="book")
    (folder / "images").mkdir()
    Image.new("RGB", (600, 300), "#2f7d5b").save(folder / "images" / "shan.png")
    report = build(folder, folder / "out", ["screen"])
    return report.outputs[0].path


@pytest.fixture(scope="module")
def rich_pdf(rich: Path) -> Pdf:
    return read_pdf(rich.read_bytes())


@pytest.fixture(params=["sample", "rich"])
def file(request: pytest.FixtureRequest, sample_report: Report, rich: Path) -> Path:
    return sample_report.outputs[0].path if request.param == "sample" else rich


@pytest.fixture
def pdf(file: Path) -> Pdf:
    return read_pdf(file.read_bytes())


def test_the_file_claims_part_one(pdf: Pdf) -> None:
    assert re.search(r'pdfuaid:part(="|>)1["<]', pdf.xmp)
    assert "<dc:title>" in pdf.xmp


def test_the_catalogue_keeps_the_claim(pdf: Pdf) -> None:
    assert pdf.catalog["marked"] == "True"
    assert pdf.catalog["lang"] == "zh-Hans"
    assert pdf.catalog["title-bar"] == "True"
    assert pdf.info["Title"]


def test_headings_do_not_skip_levels(pdf: Pdf) -> None:
    levels = [int(tag.name[1]) for tag in pdf.tags if re.fullmatch(r"H[1-6]", tag.name)]
    assert levels[0] == 1
    assert all(two <= one + 1 for one, two in pairwise(levels))


def test_figures_have_words(pdf: Pdf, rich_pdf: Pdf) -> None:
    assert all(tag.alt for tag in pdf.tags if tag.name == "Figure")
    assert [tag.alt for tag in rich_pdf.tags if tag.name == "Figure"] == ["山水一幅"]


def test_tags_are_of_the_standard(pdf: Pdf) -> None:
    standard = {
        "Document", "Part", "Sect", "Div", "P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI",
        "Lbl", "LBody", "Table", "THead", "TBody", "TR", "TH", "TD", "Span", "Link", "Figure",
        "Caption", "BlockQuote", "NonStruct", "Note", "Code", "Art",
    }  # fmt: skip
    assert {tag.name for tag in pdf.tags} <= standard


def test_every_link_is_met_once_and_speaks(file: Path) -> None:
    with pikepdf.open(file) as opened:
        owners = [element for element in _elements(opened) if element.get("/S") == "/Link"]
        annotations = [item for page in opened.pages for item in _annotations(page)]
        assert annotations
        held = [kid.Obj.objgen for owner in owners for kid in owner.K if _is_reference(kid)]
        assert sorted(held) == sorted(item.objgen for item in annotations)
        for item in annotations:
            words = str(item.Contents)
            assert words
            assert not re.fullmatch(r"[a-z]+-?\d+", words), "the name of a target is no description"
        boxes = [(str(item.get("/Dest")), *map(str, item.Rect)) for item in annotations]
        assert len(boxes) == len(set(boxes))


def test_folios_and_running_heads_are_artifacts(file: Path) -> None:
    with pikepdf.open(file) as opened:
        tagged = {(page, mcid) for page, mcid in _marks(opened)}
        for number, page in enumerate(opened.pages):
            for instruction in pikepdf.parse_content_stream(page):
                operands: Any = instruction.operands
                if str(instruction.operator) == "BDC" and "/MCID" in operands[1]:
                    assert (number, int(operands[1].MCID)) in tagged


def test_no_text_stands_outside_marked_content(file: Path) -> None:
    with pikepdf.open(file) as opened:
        for page in opened.pages:
            depth = 0
            for instruction in pikepdf.parse_content_stream(page):
                match str(instruction.operator):
                    case "BDC" | "BMC":
                        depth += 1
                    case "EMC":
                        depth -= 1
                    case "Tj" | "TJ" | "f" | "S" | "Do" | "sh":
                        assert depth > 0


def test_tables_have_header_cells_that_head_columns(rich: Path, rich_pdf: Pdf) -> None:
    names = [tag.name for tag in rich_pdf.tags]
    assert names.count("TH") == 2
    assert names.count("TD") == 2
    with pikepdf.open(rich) as opened:
        heads = [element for element in _elements(opened) if element.get("/S") == "/TH"]
        assert [str(element.A.Scope) for element in heads] == ["/Column"] * 2


@pytest.mark.skipif(importlib.util.find_spec("pdfua") is None, reason="pdfua is not installed")
def test_a_judge_finds_no_error(file: Path) -> None:
    command = [sys.executable, "-m", "pdfua", "check", "--format", "json", str(file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    report = json.loads(done.stdout)
    assert '"ERROR"' not in json.dumps(report).upper()
    assert done.returncode == 0


def test_the_judged_file_is_whole(file: Path) -> None:
    with pikepdf.open(io.BytesIO(file.read_bytes())) as opened:
        assert opened.check_pdf_syntax() == []


def _annotations(page: pikepdf.Page) -> list[Any]:
    found: Any = page.obj.get("/Annots", [])
    return [item for item in found if item.get("/Subtype") == "/Link"]


def _elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    waiting: list[Any] = [pdf.Root.StructTreeRoot.K]
    while waiting:
        item = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting.extend(item)
        elif isinstance(item, pikepdf.Dictionary) and "/S" in item:
            yield item
            waiting.append(item.get("/K"))


def _marks(pdf: pikepdf.Pdf) -> Iterator[tuple[int, int]]:
    index = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    for element in _elements(pdf):
        own: Any = element.get("/K")
        for kid in own if isinstance(own, pikepdf.Array) else [own]:
            if isinstance(kid, int):
                yield index[element.Pg.objgen], kid


def _is_reference(kid: Any) -> bool:
    return isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
