"""Each row of the checklist for e-books, against a build of a book with everything in it.

The rows are those of the research behind the e-book: C container, M metadata, K cover,
N navigation, P printed pages, X documents, S style, F fonts, Z what is left out. A row is judged in
the finished file, never in what made it.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
import tinycss2
from lxml import etree
from tests.everything import EXCERPTS, HEADER, MADE, PREFACE, TEXT, write_everything

from booklet.build import Report, build
from booklet.model.header import Contributor
from booklet.output.epub.metadata import sort_form
from booklet.typeset.palette import contrast, derive

NS = {
    "o": "http://www.idpf.org/2007/opf",
    "d": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
    "e": "http://www.idpf.org/2007/ops",
    "s": "http://www.w3.org/2000/svg",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Book:
    """An EPUB, opened."""

    data: bytes

    @cached_property
    def archive(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self.data))

    @cached_property
    def names(self) -> list[str]:
        return self.archive.namelist()

    @cached_property
    def trees(self) -> dict[str, etree._Element]:
        """Documents by path within the content folder, the navigation document too."""
        return {
            name.removeprefix("EPUB/"): etree.fromstring(self.archive.read(name))
            for name in self.names
            if name.endswith(".xhtml")
        }

    @cached_property
    def texts(self) -> dict[str, etree._Element]:
        """Documents without cover and navigation."""
        return {
            name: tree
            for name, tree in self.trees.items()
            if name not in {"nav.xhtml", "text/cover.xhtml"}
        }

    def xml(self, name: str) -> etree._Element:
        return etree.fromstring(self.archive.read(f"EPUB/{name}"))

    @cached_property
    def opf(self) -> etree._Element:
        return self.xml("package.opf")

    @cached_property
    def nav(self) -> etree._Element:
        return self.trees["nav.xhtml"]

    @cached_property
    def css(self) -> str:
        return self.archive.read("EPUB/css/style.css").decode()

    def said(self, path: str) -> list[str]:
        """Ask the package document."""
        return [str(item) for item in self.opf.xpath(path, namespaces=NS)]

    def meta(self, name: str, refines: str = "") -> list[str]:
        about = f" and @refines='#{refines}'" if refines else ""
        return self.said(f"//o:meta[@property='{name}'{about}]/text()")

    def all(self, path: str) -> list[etree._Element]:
        """Find elements in every document."""
        return [item for tree in self.trees.values() for item in find(tree, path)]

    @cached_property
    def spine(self) -> list[str]:
        hrefs = {item.get("id"): item.get("href") for item in find(self.opf, "//o:item")}
        return [hrefs[str(item.get("idref"))] for item in find(self.opf, "//o:itemref")]


def find(tree: etree._Element, path: str) -> list[etree._Element]:
    found = tree.xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return found


def words(element: etree._Element) -> str:
    return "".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def book(everything_report: Report) -> Book:
    assert everything_report.diagnostics == ()
    return Book(everything_report.outputs[0].path.read_bytes())


ROWS: dict[str, Callable[[Book], None]] = {}


def row(name: str) -> Callable[[Callable[[Book], None]], Callable[[Book], None]]:
    """Enter a test in the table under the name of its row."""

    def enter(test: Callable[[Book], None]) -> Callable[[Book], None]:
        ROWS[name] = test
        return test

    return enter


# ---- container -------------------------------------------------------------------------------


@row("C1 mimetype is first, stored, bare")
def _(book: Book) -> None:
    assert book.data[30:58] == b"mimetypeapplication/epub+zip"
    first = book.archive.infolist()[0]
    assert (first.compress_type, first.file_size, first.extra) == (zipfile.ZIP_STORED, 20, b"")


@row("C2 file names are ASCII, without spaces, unique without case")
def _(book: Book) -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9./_-]+", name) for name in book.names)
    assert len({name.casefold() for name in book.names}) == len(book.names)


@row("C3 nothing of the clock is in the file")
def _(book: Book) -> None:
    assert {item.date_time for item in book.archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert book.meta("dcterms:modified") == ["2026-09-21T14:13:20Z"]


# ---- metadata --------------------------------------------------------------------------------


@row("M1 one stable identifier, a URN, named by the package")
def _(book: Book) -> None:
    name = book.opf.get("unique-identifier")
    (identifier,) = book.said(f"//d:identifier[@id='{name}']/text()")
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f-]{17}", identifier)


@row("M2 the ISBN is an identifier, with a right check digit")
def _(book: Book) -> None:
    isbn = book.said("//d:identifier/text()")[1].removeprefix("urn:isbn:")
    assert isbn == re.sub(r"\D", "", str(HEADER["isbn"]))
    assert sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(isbn)) % 10 == 0


@row("M3 one title, the same in package, NCX and title page")
def _(book: Book) -> None:
    assert book.said("//d:title/text()") == [HEADER["title"]]
    assert words(find(book.xml("toc.ncx"), "//n:docTitle")[0]) == HEADER["title"]
    assert words(find(book.trees["text/title-page.xhtml"], "//h:h1")[0]) == HEADER["title"]


@row("M4 one language")
def _(book: Book) -> None:
    assert book.said("//d:language/text()") == ["zh-Hans"]


@row("M5 modified once, in UTC")
def _(book: Book) -> None:
    (modified,) = book.meta("dcterms:modified")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", modified)


@row("M6 the date is ISO 8601")
def _(book: Book) -> None:
    assert book.said("//d:date/text()") == ["2026-11-23"]


@row("M7 everybody has an id, a role, an order, and a sort name where it is known")
def _(book: Book) -> None:
    people = find(book.opf, "//d:creator | //d:contributor")
    found = {
        str(person.text): [
            book.meta(name, str(person.get("id"))) for name in ("role", "file-as", "display-seq")
        ]
        for person in people
    }
    assert found == {
        "陈砚": [["aut"], ["陈砚"], ["1"]],
        "Jane Bridge": [["aut"], ["Bridge, Jane"], ["2"]],
        "[法]让·蓬": [["trl"], [], ["1"]],  # only the editor knows
        "李校": [["pfr"], ["李校"], ["2"]],
    }
    assert set(book.said("//o:meta[@property='role']/@scheme")) == {"marc:relators"}
    assert not book.said("//o:meta[@property!='role']/@scheme")


@row("M8 publisher, rights, description, subjects; the series twice")
def _(book: Book) -> None:
    for name in ("publisher", "rights", "description"):
        assert book.said(f"//d:{name}/text()") == [HEADER[name]]
    assert book.said("//d:subject/text()") == HEADER["subjects"]
    assert book.meta("belongs-to-collection") == ["小集丛书"]
    assert book.meta("collection-type", "series") == ["series"]
    assert book.meta("group-position", "series") == ["3"]
    assert book.said("//o:meta[@name='calibre:series']/@content") == ["小集丛书"]
    assert book.said("//o:meta[@name='calibre:series_index']/@content") == ["3"]


@row("M9 what EPUB Accessibility asks for is said")
def _(book: Book) -> None:
    assert book.meta("schema:accessMode") == ["textual", "visual"]
    assert book.meta("schema:accessModeSufficient") == ["textual"]
    assert book.meta("schema:accessibilityHazard") == ["none"]
    (summary,) = book.meta("schema:accessibilitySummary")
    assert "导航" in summary


@row("M10 features are those of this book")
def _(book: Book) -> None:
    assert set(book.meta("schema:accessibilityFeature")) == {
        *("tableOfContents", "structuralNavigation", "readingOrder", "displayTransformability"),
        *("ARIA", "unlocked", "pageNavigation", "pageBreakMarkers", "alternativeText"),
        *("index", "rubyAnnotations"),
    }


@row("M11 the package has a language and a direction")
def _(book: Book) -> None:
    assert (book.opf.get(XML_LANG), book.opf.get("dir")) == ("zh-Hans", "ltr")


@row("M12 conformance is not claimed by a program")
def _(book: Book) -> None:
    assert not book.meta("dcterms:conformsTo")
    assert not book.meta("a11y:certifiedBy")


# ---- cover -----------------------------------------------------------------------------------


@row("K1 the cover picture is named in both ways")
def _(book: Book) -> None:
    (cover,) = book.said("//o:item[@properties='cover-image']/@id")
    assert book.said("//o:meta[@name='cover']/@content") == [cover]


@row("K2 the cover page is first, linear, and holds a named picture alone")
def _(book: Book) -> None:
    assert book.spine[0] == "text/cover.xhtml"
    assert not book.said("//o:itemref/@linear")
    body = find(book.trees["text/cover.xhtml"], "//h:body")[0]
    assert words(body) == ""
    (svg,) = find(body, ".//s:svg")
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "封面：石桥小集")
    assert "svg" in book.said("//o:item[@href='text/cover.xhtml']/@properties")
    assert "background-image" not in book.css


# ---- navigation ------------------------------------------------------------------------------


@row("N1 contents, landmarks and pages, each once, each with a heading; the contents in the spine")
def _(book: Book) -> None:
    navs = find(book.nav, "//h:nav")
    assert [nav.get(f"{{{NS['e']}}}type") for nav in navs] == ["toc", "landmarks", "page-list"]
    assert [words(nav[0]) for nav in navs] == ["目录", "导航标志", "页码"]
    assert [nav.get("hidden") for nav in navs] == [None, "hidden", "hidden"]
    assert "nav.xhtml" in book.spine


@row("N2 the contents name every text, in order, by its heading")
def _(book: Book) -> None:
    links = find(book.nav, "//h:nav[@e:type='toc']/h:ol/h:li/h:a")
    hrefs = [str(link.get("href")) for link in links]
    assert hrefs == [name for name in book.spine if name in book.texts]
    for link in links:
        tree = book.trees[str(link.get("href"))]
        heading = find(tree, "//h:h1")
        if find(tree, "//h:section[@role='doc-chapter']"):
            assert words(heading[0]) == words(link)
    inner = find(book.nav, "//h:nav[@e:type='toc']//h:li/h:ol//h:a")
    assert [words(link) for link in inner] == ["引文与诗", "表、图、代码"]


@row("N3 landmarks in Chinese")
def _(book: Book) -> None:
    links = find(book.nav, "//h:nav[@e:type='landmarks']//h:a")
    assert [(link.get(f"{{{NS['e']}}}type"), link.text) for link in links] == [
        ("cover", "封面"),
        ("titlepage", "书名页"),
        ("preface", "编者按"),
        ("toc", "目录"),
        ("bodymatter", "正文"),
        ("index", "按时间索引"),
        ("index", "按场合索引"),
        ("colophon", "版权页"),
    ]


@row("N4 the NCX says the same")
def _(book: Book) -> None:
    ncx = book.xml("toc.ncx")
    assert [words(point) for point in find(ncx, "//n:navPoint/n:navLabel")] == [
        words(link) for link in find(book.nav, "//h:nav[@e:type='toc']//h:a")
    ]
    assert [words(page) for page in find(ncx, "//n:pageTarget/n:navLabel")] == [
        words(link) for link in find(book.nav, "//h:nav[@e:type='page-list']//h:a")
    ]
    assert ncx.xpath("string(//n:meta[@name='dtb:uid']/@content)", namespaces=NS) == book.said(
        "//d:identifier[@id='publication-id']/text()"
    )[0]  # fmt: skip


# ---- printed pages -----------------------------------------------------------------------------


@row("P1 a marker says its page twice, and shows nothing")
def _(book: Book) -> None:
    markers = book.all("//*[@role='doc-pagebreak']")
    assert len(markers) > 5
    for marker in markers:
        assert marker.get(f"{{{NS['e']}}}type") == "pagebreak"
        assert marker.get("id") == f"page-{marker.get('aria-label')}"
        assert words(marker) == ""


@row("P2 the list is flat, in order, and names every marker once")
def _(book: Book) -> None:
    (listing,) = find(book.nav, "//h:nav[@e:type='page-list']")
    assert not find(listing, ".//h:li//h:li")
    listed = [str(link.get("href")) for link in find(listing, ".//h:a")]
    marked = [
        f"{name}#{marker.get('id')}"
        for name in book.spine
        for marker in find(book.trees[name], "//*[@role='doc-pagebreak']")
    ]
    assert listed == marked


@row("P3 the source of the pages is named once")
def _(book: Book) -> None:
    assert book.meta("pageBreakSource") == ["《石桥小集》PDF版"]


# ---- documents -------------------------------------------------------------------------------


@row("X1 language twice, a title of its own")
def _(book: Book) -> None:
    for tree in book.trees.values():
        assert (tree.get("lang"), tree.get(XML_LANG)) == ("zh-Hans", "zh-Hans")
    titles = [words(find(tree, "//h:title")[0]) for tree in book.trees.values()]
    assert all(titles)
    assert len(set(titles)) == len(titles)


@row("X2 one section and one heading of the first level to a file; roles match")
def _(book: Book) -> None:
    roles = {
        "chapter": "doc-chapter", "preface": "doc-preface", "colophon": "doc-colophon",
        "index": "doc-index", "titlepage": None,
    }  # fmt: skip
    for name, tree in book.texts.items():
        (section,) = find(tree, "//h:body/*")
        assert section.get("role") == roles[str(section.get(f"{{{NS['e']}}}type"))]
        assert len(find(section, ".//h:h1 | .//*[@role='heading' and @aria-level='1']")) == 1, name
        named = section.get("aria-label") or section.get("aria-labelledby")
        assert named or "title" in name
        body = find(tree, "//h:body")[0]
        assert not body.attrib


@row("X3 an excerpt is a figure, its attribution a caption with a date")
def _(book: Book) -> None:
    excerpts = book.all("//h:figure[contains(@class, 'excerpt')]")
    assert len(excerpts) == len(EXCERPTS)
    for figure, (text, date, occasion) in zip(excerpts, EXCERPTS, strict=True):
        quote, caption = figure
        assert (etree.QName(quote).localname, etree.QName(caption).localname) == (
            "blockquote",
            "figcaption",
        )
        assert words(caption) == f"——{date}，{occasion}"
        assert words(quote).endswith("".join(text.split()))
    quotation = book.all("//h:figure[@class='quote']/h:figcaption")
    assert [words(item) for item in quotation] == ["——2019年3月5日，在石桥村座谈会上的发言"]
    assert [item.get("datetime") for item in book.all("//h:time")] == [
        "2019-03-05", "2018-04-20", "2019-03", "2020", "2021-06-01",
    ]  # fmt: skip
    assert not book.all("//h:footer")


@row("X4 no space between Han characters that the author did not write")
def _(book: Book) -> None:
    han = r"[\u3400-\u9fff]"
    for name, tree in book.texts.items():
        for paragraph in find(tree, "//h:p | //h:figcaption | //h:li/h:span"):
            text = "".join(paragraph.itertext())
            assert not re.search(rf"{han}[^\S\u3000]+{han}", text), f"{name}: {text}"
            assert not re.search(r"[\ufffd\ue000-\uf8ff\u200b\ufeff]|\{\{|\}\}", text)


@row("X5 the text is that of the manuscript")
def _(book: Book) -> None:
    everything = "".join(words(find(tree, "//h:body")[0]) for tree in book.texts.values())
    for source in (PREFACE, TEXT, *(text for text, _, _ in EXCERPTS)):
        source = re.sub(r"!\[.*?\]|\[\^[a-z]+\]", "\n", source)
        for run in re.findall(r"[\u3400-\u9fff，。：“”、]{6,}", source):
            assert run in everything


# ---- style -----------------------------------------------------------------------------------


def declarations(css: str) -> list[tuple[str, str, str]]:
    """Give selector, property and value of each declaration outside at-rules."""
    found = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        selector = tinycss2.serialize(rule.prelude).strip()
        for item in tinycss2.parse_blocks_contents(rule.content):
            if item.type == "declaration":
                value = re.sub(r"/\*.*?\*/", "", tinycss2.serialize(item.value)).strip()
                found.append((selector, item.lower_name, value))
    return found


@row("S1 paragraphs begin 2 em in, are justified, and stand without gaps")
def _(book: Book) -> None:
    rules = {name: value for selector, name, value in declarations(book.css) if selector == "p"}
    assert (rules["text-indent"], rules["margin"], rules["text-align"]) == ("2em", "0", "justify")
    rules = {
        name: value
        for selector, name, value in declarations(book.css)
        if selector == ".attribution"
    }
    assert (rules["text-align"], rules["text-indent"]) == ("right", "0")


@row("S2 no absolute lengths, no colour of text but the accent, nothing that beats the reader")
def _(book: Book) -> None:
    rules = declarations(book.css)
    assert len(rules) > 150
    for selector, name, value in rules:
        assert not re.search(r"\d(px|pt|pc|mm|cm|in)\b", value), (selector, name)
        assert "!important" not in value
        if name == "color":
            assert value in {"inherit", "#b3141c", "var(--accent)"}, selector
        if name == "background-color":
            assert value.startswith(("rgba(", "var(")), selector
        if name == "line-height" and selector in {"body", "p"}:
            assert re.fullmatch(r"[\d.]+", value)
        if name.startswith("margin") and "auto" not in value:
            assert all(float(size) <= 3 for size in re.findall(r"([\d.]+)em", value)), selector
    body = {name: value for selector, name, value in rules if selector == "body"}
    assert "font-size" not in body
    assert body["font-family"] == "serif"  # the reader's own


@row("S3 a new file is a new page: no break is asked for but to keep things together")
def _(book: Book) -> None:
    breaks = {value for _, name, value in declarations(book.css) if "break-" in name}
    assert breaks == {"avoid", "strict", "break-word", "anywhere"} & breaks
    assert not {"page", "always", "left", "right"} & breaks


@row("S4 horizontal text progresses from left to right")
def _(book: Book) -> None:
    assert not book.said("//o:spine/@page-progression-direction")
    assert "writing-mode" not in book.css


@row("F1 no font unless the header asks for one")
def _(book: Book) -> None:
    assert not [name for name in book.names if name.endswith((".otf", ".ttf", ".woff2"))]
    assert "@font-face" not in book.css


@row("Z1 nothing is loaded from outside, nothing runs")
def _(book: Book) -> None:
    assert not book.all("//h:script | //@*[starts-with(name(), 'on')]")
    for element in book.all("//*[@src]"):
        assert "://" not in str(element.get("src"))
    assert not re.search(r"url\(|@import", book.css)
    properties = dict(
        zip(book.said("//o:item/@href"), [item.get("properties") for item in
            find(book.opf, "//o:item")], strict=True)
    )  # fmt: skip
    svg = {name for name, tree in book.trees.items() if find(tree, "//s:svg")}
    assert {name for name, value in properties.items() if value and "svg" in value} == svg


@row("Z2 no overlays, obfuscation, collections or guide")
def _(book: Book) -> None:
    assert [etree.QName(item).localname for item in book.opf] == ["metadata", "manifest", "spine"]
    assert "META-INF/encryption.xml" not in book.names


@pytest.mark.parametrize("name", ROWS)
def test_row(name: str, book: Book) -> None:
    ROWS[name](book)


def test_every_row_is_in_the_table() -> None:
    counts = {"C": 3, "M": 12, "K": 2, "N": 4, "P": 3, "X": 5, "S": 4, "F": 1, "Z": 2}
    wanted = [
        f"{letter}{number}" for letter, count in counts.items() for number in range(1, count + 1)
    ]
    assert [name.partition(" ")[0] for name in ROWS] == wanted


# ---- what one book cannot show -------------------------------------------------------------------


def test_two_builds_far_apart_have_the_same_bytes(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", MADE)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        again = build(write_everything(tmp_path / "book"), tmp_path / "out", ["ebook"])
    finally:
        monkeypatch.undo()
        time.tzset()
    assert again.outputs[0].path.read_bytes() == book.data


def test_a_person_may_claim_conformance(tmp_path: Path) -> None:
    folder = write_everything(
        tmp_path / "book", sections=[{"title": "一章", "text": "正文。"}], preface=None,
        ebook={"pages": "none", "evaluated": {"by": "石桥无障碍小组", "level": "A"}},
    )  # fmt: skip
    made = Book(build(folder, tmp_path / "out", ["ebook"]).outputs[0].path.read_bytes())
    claim = ["EPUB Accessibility 1.1 - WCAG 2.2 Level A"]
    assert made.meta("dcterms:conformsTo") == claim
    assert made.meta("a11y:certifiedBy", "claim") == ["石桥无障碍小组"]
    # And what the book lacks it does not promise.
    features = made.meta("schema:accessibilityFeature")
    assert not {"index", "rubyAnnotations", "pageNavigation", "pageBreakMarkers"} & set(features)
    assert made.meta("schema:accessMode") == ["textual"]


def test_two_chapters_of_one_name_have_two_titles(tmp_path: Path) -> None:
    sections = [{"title": "一章", "text": "正文。"}, {"title": "一章", "text": "又。"}]
    folder = write_everything(
        tmp_path / "book", sections=sections, preface=None, ebook={"pages": "none"}
    )
    report = build(folder, tmp_path / "out", ["ebook"])
    assert report.diagnostics == ()
    made = Book(report.outputs[0].path.read_bytes())
    titles = [words(find(tree, "//h:title")[0]) for tree in made.texts.values()]
    assert titles[1:3] == ["一章", "一章(2)"]


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("陈砚", "陈砚"),
        ("王𠮷", "王𠮷"),
        ("さくら", "さくら"),
        ("新华社《学习进行时》", "新华社《学习进行时》"),
        ("让·蓬", ""),
        ("[法]蓬", ""),
        ("Jane Bridge", ""),
    ],
)
def test_a_name_sorts_as_it_is_written_where_the_family_comes_first(name: str, sort: str) -> None:
    assert sort_form(Contributor(name=name)) == sort
    assert sort_form(Contributor(name=name, sort="甲")) == "甲"


# ---- the theme's tokens -------------------------------------------------------------------------


def test_the_colours_of_a_publication_reach_its_e_book(tmp_path: Path) -> None:
    folder = write_everything(
        tmp_path / "book", sections=[{"title": "一章", "text": "正文。"}], preface=None,
        ebook={"pages": "none"}, tokens={"accent": "#1f4d53", "tint": "#e6eef2"},
    )  # fmt: skip
    made = Book(build(folder, tmp_path / "out", ["ebook"]).outputs[0].path.read_bytes())
    assert "#b3141c" not in made.css
    assert "#f0807f" not in made.css
    assert f"--tint: /*veil tint*/ {derive('veil', '#e6eef2')};" in made.css
    assert made.css.count(derive("night", "#1f4d53")) == 2


def test_the_sheet_of_the_theme_is_written_as_it_is_made(book: Book) -> None:
    sheet = Path(__file__).parents[1] / "templates" / "reader" / "epub.css"
    css, written = (
        text.removeprefix('@charset "utf-8";').strip()
        for text in (book.css, sheet.read_text(encoding="utf-8"))
    )
    assert css == written


@pytest.mark.parametrize("colour", ["#f7eee8", "#e6eef2", "#ecd9cf", "#000000", "#ffffff"])
def test_a_veil_over_white_is_the_token(colour: str) -> None:
    values = re.findall(r"[\d.]+", derive("veil", colour))
    *veil, strength = (float(value) for value in values)
    seen = [255 - strength * (255 - part) for part in veil]
    token = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    assert all(abs(one - other) <= 2 for one, other in zip(seen, token, strict=True))


@pytest.mark.parametrize("colour", ["#b3141c", "#1f4d53", "#000000", "#123456", "#f0f0a0"])
def test_an_accent_can_be_read_at_night(colour: str) -> None:
    night = derive("night", colour)
    rgb = tuple(int(night[at : at + 2], 16) / 255 for at in (1, 3, 5))
    assert contrast((rgb[0], rgb[1], rgb[2]), (0, 0, 0)) >= 4.5
