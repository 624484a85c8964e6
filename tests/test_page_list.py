"""The page list of the e-book cites the pages of the PDF, to the character."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.checkers import run_epubcheck
from tests.conftest import SAMPLE, write_publication

from booklet.build import build
from booklet.finish.page_starts import page_starts
from booklet.typeset.book import PageStart, Segment
from booklet.typeset.pagebreaks import mark_pages
from booklet.typeset.segments import parse_fragment, visible

GUIDE = SAMPLE.parent / "zuo-yi-ben-xiaoce"
OPF = {"o": "http://www.idpf.org/2007/opf"}

# What themes and renderer put before the first words of a page: running ghost numerals, markers
# of lists, heads of tables that go on.
FURNITURE = re.compile(
    r"([一二三四五六七八九十]{1,3}|●|•|\d{1,2}\.|代号意思和办法|中文英文意思|命令做什么|名数)?"
)


def pages_of_pdf(
    path: Path, crop: tuple[int, int, int, int], folios: Sequence[str] = ()
) -> dict[str, str]:
    """Give the words of each page by its label, read by poppler, which the build does not use.

    Args:
        path: The PDF.
        crop: Left, top, width and height within the trimmed page, points.
        folios: Labels of its pages, where the file itself has none, as one for the press has not.
    """
    with pikepdf.open(path) as pdf:
        labels = list(folios) or [page.label for page in pdf.pages]
        assert len(labels) == len(pdf.pages)
        page = pdf.pages[0]
        left, top = page.trimbox[0] - page.mediabox[0], page.mediabox[3] - page.trimbox[3]
    x, y, width, height = round(crop[0] + float(left)), round(crop[1] + float(top)), *crop[2:]
    found = {}
    for number, label in enumerate(labels, 1):
        command = ["pdftotext", "-f", str(number), "-l", str(number), "-x", str(x), "-y", str(y)]
        command += ["-W", str(width), "-H", str(height), str(path), "-"]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if label and visible(text):
            found[label] = visible(text)
    return found


def markers_of_epub(path: Path) -> dict[str, str]:
    """Give the words behind each marker, by its label."""
    found: dict[str, str] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.endswith(".xhtml"):
                continue
            body = etree.fromstring(archive.read(name)).find("{*}body")
            parts: list[str] = []
            starts: dict[str, int] = {}
            for event, element in etree.iterwalk(body, events=("start", "end")):
                if event == "start" and element.get("role") == "doc-pagebreak":
                    label = str(element.get("aria-label"))
                    assert label not in found | starts, f"page {label} begins twice"
                    starts[label] = len(parts)
                parts.append((element.text if event == "start" else element.tail) or "")
            for label, start in starts.items():
                found[label] = visible("".join(parts[start:]))
    return found


def compare(
    pdf: Path,
    epub: Path,
    crop: tuple[int, int, int, int],
    missing: set[str],
    folios: Sequence[str] = (),
) -> int:
    """Compare each page; ``missing`` are the labels that the e-book need not have."""
    pages, markers = pages_of_pdf(pdf, crop, folios), markers_of_epub(epub)
    assert set(pages) - set(markers) <= missing
    assert set(markers) <= set(pages)
    for label, words in markers.items():
        page = pages[label]
        if label in missing:
            continue
        head = FURNITURE.match(page)
        assert head is not None
        ten = words[:10]
        there = page.startswith(ten) or page[head.end() :].startswith(ten)
        assert ten
        assert there, f"page {label} begins {page[:16]!r}, the e-book says {words[:16]!r}"
    return len(markers)


@pytest.mark.parametrize(
    ("folder", "crop", "least", "missing"),
    [
        # Half-title; contents and colophon, which differ in what leads them.
        (SAMPLE, (30, 70, 360, 500), 19, {"1", "4", "7"}),
        (GUIDE, (30, 66, 340, 480), 50, {"1", "4", "7"}),
    ],
    ids=["sample", "guide"],
)
def test_each_page_begins_where_the_marker_stands(
    folder: Path, crop: tuple[int, int, int, int], least: int, missing: set[str], tmp_path: Path
) -> None:
    report = build(folder, tmp_path, ["screen", "ebook"])
    pdf, epub = (output.path for output in report.outputs)
    assert compare(pdf, epub, crop, missing) >= least


def source_of_pages(epub: Path) -> list[str]:
    with zipfile.ZipFile(epub) as archive:
        package = etree.fromstring(archive.read("EPUB/package.opf"))
    found = package.xpath("//o:meta[@property='pageBreakSource']/text()", namespaces=OPF)
    return [str(item) for item in found]


def test_the_printed_book_can_be_cited(tmp_path: Path) -> None:
    """The file for the press has the same folios and no cover: its first page is page 1."""
    folder = write_publication(
        tmp_path / "book", isbn="978-7-000-00000-1", ebook={"pages": "press"}
    )
    report = build(folder, tmp_path / "out", ["press", "ebook"])
    pdf, epub = (output.path for output in report.outputs)
    with pikepdf.open(pdf) as file:
        folios = [str(number) for number in range(1, len(file.pages) + 1)]
    assert compare(pdf, epub, (30, 70, 360, 500), {"1", "4", "7"}, folios) >= 19
    assert source_of_pages(epub) == ["urn:isbn:9787000000001"]


def test_the_list_names_every_marker_in_reading_order(sample_report: object) -> None:
    epub = sample_report.outputs[1].path  # type: ignore[attr-defined]
    with zipfile.ZipFile(epub) as archive:
        nav = etree.fromstring(archive.read("EPUB/nav.xhtml"))
        package = etree.fromstring(archive.read("EPUB/package.opf"))
        listed = nav.xpath("//*[@id='page-list']//@href")
        idref = package.xpath("//o:itemref/@idref", namespaces=OPF)
        hrefs = {
            item.get("id"): item.get("href") for item in package.iterfind("{*}manifest/{*}item")
        }
        marked = []
        for name in (hrefs[item] for item in idref):
            root = etree.fromstring(archive.read(f"EPUB/{name}"))
            ids = root.xpath("//*[@role='doc-pagebreak']/@id")
            marked += [f"{name}#{id_}" for id_ in ids]
        ncx = etree.fromstring(archive.read("EPUB/toc.ncx"))
    assert listed == marked
    assert ncx.xpath("//*[local-name()='pageTarget']/*/@src") == listed
    source = package.xpath("//o:meta[@property='pageBreakSource']", namespaces=OPF)
    assert [item.text for item in source] == ["《习近平关于建设网络强国的讲话》PDF版"]
    features = package.xpath(
        "//o:meta[@property='schema:accessibilityFeature']/text()", namespaces=OPF
    )
    assert {"pageNavigation", "pageBreakMarkers"} <= set(features)


HARD = """# 名数

> **【编者按】**{preface}

## 一节

{paragraphs}

{{重|zhòng}}庆与{{长|cháng}}沙。[^n]

[^n]: 一条注，写得长一些，{long}

| 名 | 数 |
|---|---|
{rows}

::: verse
{verse}
:::

{items}

## 二节

> {quote}

```text
{code}
```

{steps}
"""


def test_hard_pages(tmp_path: Path) -> None:
    """Notes, ruby, tables over pages, verse, lists, code, and roman folios before the text."""
    sentence = "纸上得来终觉浅，绝知此事要躬行；{0}号句子说到这里为止。"
    text = HARD.format(
        paragraphs="\n\n".join(
            "".join(sentence.format(n * 9 + k) for k in range(9)) for n in range(9)
        ),
        long="".join(sentence.format(n) for n in range(30)),
        rows="\n".join(f"| 第{n}行的名字 | {n}又{n} |" for n in range(70)),
        verse="\n".join(f"此夜曲中闻折柳第{n}行" for n in range(40)),
        items="\n".join(f"- 列表里的第{n}件事，说明它是什么" for n in range(40)),
        preface="".join(sentence.format(f"序{n}") for n in range(40)),
        quote="".join(sentence.format(f"引{n}") for n in range(40)),
        code="\n".join(f"第{n}行 代码也会排过一页" for n in range(50)),
        steps="\n".join(f"{n}. 第{n}步要做的事，写明它怎样做" for n in range(1, 40)),
    )
    folder = write_publication(
        tmp_path / "book", text, title=None, title_lines=None, form="book",
        options={"folios": "roman"}, ebook={"pages": "press"},
    )  # fmt: skip
    report = build(folder, tmp_path / "out", ["screen", "press", "ebook"])
    screen, press, epub = (output.path for output in report.outputs)
    with pikepdf.open(screen) as file:
        folios = [page.label for page in file.pages if page.label]
    markers = markers_of_epub(epub)
    assert len(markers) >= 25
    assert sum(re.fullmatch("[ivx]+", label) is not None for label in markers) >= 5
    crop = (30, 66, 360, 436)
    for pages in (pages_of_pdf(screen, crop), pages_of_pdf(press, crop, folios)):
        # Half-title and blank pages; the imprint page and the contents, which differ.
        assert {label for label in set(pages) - set(markers) if label.isdecimal()} == set()
        seen = {label: compare_hard(pages[label], words) for label, words in markers.items()}
        assert [label for label, same in seen.items() if not same] == HARD_DIFFERENT
    assert run_epubcheck(epub).messages == ()
    assert source_of_pages(epub) == ["《名数》印刷本"]


HARD_DIFFERENT = ["xi", "iv"]
"""Contents, which a PDF leads with dots, and the imprint page, which tells of paper."""


def compare_hard(page: str, words: str) -> bool:
    """Tell whether a page begins with the words behind its marker."""
    # A judge that knows no ruby reads its readings as a line of their own.
    page, words = (re.sub("[a-zàáéòó]", "", text) for text in (page, words))
    head = re.match(r"名数|●|\d{1,2}\.|", page)
    assert head is not None
    ten = words[:10].partition("①")[0]  # below it stands the note
    ten = ten[: len(page)]  # a page may hold a heading alone
    assert ten
    return page.startswith(ten) or page[head.end() :].startswith(ten)


def test_no_pages_where_the_header_wants_none(tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "book", ebook={"pages": "none"})
    report = build(folder, tmp_path / "out", ["ebook"])
    with zipfile.ZipFile(report.outputs[0].path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"pagebreak" not in everything
    assert b"page-list" not in everything
    assert b"pageBreakSource" not in everything


def test_a_folio_that_reads_like_the_text_is_told_from_it() -> None:
    """Page 12 ends with its folio, and the next page begins with the same figures."""
    segments = (Segment("前文", "body", "m.md:1"), Segment("12年后", "body", "m.md:3"))
    starts = page_starts(segments, ["前文12", "12年后13"], "0123456789", ["12", "13"])
    assert starts == (PageStart("12", "body", "", 0), PageStart("13", "body", "", 2))


LETTERS = st.text("一二三四五 六七\u2060八九\n十", min_size=1, max_size=9)


@given(st.lists(LETTERS, min_size=1, max_size=6), st.data())
def test_a_marker_stands_before_its_character(parts: list[str], data: st.DataObject) -> None:
    """However a paragraph is cut into elements, what stands before a marker is the offset."""
    inner = "".join(f"<b>{part}</b>" if n % 2 else part for n, part in enumerate(parts))
    text = visible("".join(parts))
    root = parse_fragment(f'<section id="s1"><p>零</p><p data-m="body">{inner}</p></section>')
    if not text:
        return
    offsets = sorted(data.draw(st.sets(st.integers(0, len(text) - 1), min_size=1)))
    starts = [PageStart(str(n), "body", "s1", offset) for n, offset in enumerate(offsets, 1)]
    marks = mark_pages({"a.xhtml": root}, starts, {"s1": "a.xhtml"})
    assert [mark.id for mark in marks] == [f"page-{n}" for n in range(1, len(offsets) + 1)]
    assert visible("".join(root.itertext())) == "零" + text
    for mark, offset in zip(marks, offsets, strict=True):
        (found,) = root.xpath(f"//*[@id='{mark.id}']")
        before = visible("".join(found.xpath("preceding::text()")))
        assert len(before.removeprefix("零")) == offset


def test_a_marker_never_goes_into_a_ruby() -> None:
    root = parse_fragment(
        '<section id="s1"><p data-m="body">前<ruby>漢<rt>hàn</rt>字<rt>zì</rt></ruby></p></section>'
    )
    mark_pages({"a": root}, [PageStart("2", "body", "s1", 5)], {})
    (found,) = root.xpath("//*[@id='page-2']")
    assert etree.QName(found.getparent()).localname == "p"
    assert etree.QName(found.getnext()).localname == "ruby"
