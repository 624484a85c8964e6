"""The EPUB edition: container, package document, navigation, documents, and what judges say."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image
from tests.checkers import run_epubcheck

from booklet.errors import ToolError
from booklet.finish.epub_text import read_epub_text
from booklet.model.header import Contributor, Header, Series
from booklet.output.epub import pack_epub, stable_identifier
from booklet.output.epub.documents import dress
from booklet.output.epub.navigation import navigation_part, ncx_part
from booklet.theme import built_in_folder
from booklet.typeset.book import Document, Labels, PageMark, ReflowBook, Resource, TocEntry

MODIFIED = dt.datetime(2026, 11, 23, 8, 0, 0, tzinfo=dt.UTC)
NS = {
    "o": "http://www.idpf.org/2007/opf",
    "d": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
    "e": "http://www.idpf.org/2007/ops",
}
STYLE = Path(__file__).parents[1] / "templates" / "reader" / "epub.css"


def picture(kind: str = "PNG", size: tuple[int, int] = (59, 84)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, "#b3141c").save(data, kind)
    return data.getvalue()


def section(number: int, title: str, ordinal: str, inner: str) -> Document:
    name = f"s{number}"
    return Document(
        f"section-{number:02d}.xhtml",
        "chapter",
        title,
        f'<section class="section chapter" id="{name}" epub:type="chapter" role="doc-chapter" '
        f'aria-labelledby="{name}-h"><header><div class="head"><p class="ordinal">{ordinal}</p>'
        f'<h1 id="{name}-h">{title}</h1></div></header>\n{inner}</section>',
    )


EXCERPT = (
    '<figure class="excerpt" id="e1"><blockquote><p class="numbered"><span class="number">1</span>'
    "信息化和经济全球化相互促进，<b>中</b><i>国</i>正处在这个大潮之中。"
    '<a class="note-call" epub:type="noteref" role="doc-noteref" id="call-1" href="#note-1">①</a>'
    '</p></blockquote><figcaption class="attribution dated">'
    '<span class="lead">——2014年2月27日，</span>'
    '<span class="occasion">在中央网络安全和信息化领导小组第一次会议上的讲话</span>'
    "</figcaption></figure>"
    '<aside class="note" epub:type="footnote" role="doc-footnote" id="note-1"><p>'
    '<a class="note-mark" role="doc-backlink" href="#call-1">①</a>据新华社。</p></aside>'
)
LITTLE_OF_ALL = (
    '<h2 id="h-pictures">图与表</h2><p><ruby>汉字<rt>hànzì</rt></ruby>，'
    '<span class="dots">重点</span>，<span class="name">孔子</span>'
    '与<span class="work">论语</span>。</p>'
    '<figure class="picture"><img src="../images/map.png" alt="示意图"/>'
    "<figcaption>图一</figcaption></figure>"
    '<table><thead><tr><th scope="col">年</th></tr></thead><tbody>'
    "<tr><td>2014</td></tr></tbody></table>"
    '<h3 id="h-code">代码</h3><pre><code>if a &lt; b:\n    pass</code></pre>'
    '<div class="verse"><div class="stanza"><p class="line">床前明月光</p></div></div>'
)
DOCUMENTS = (
    Document(
        "title-page.xhtml",
        "titlepage",
        "书名页",
        '<section class="title-page" epub:type="titlepage"><h1>网络<br/>强国</h1>'
        '<div class="bar"></div></section>',
    ),
    Document(
        "preface.xhtml",
        "preface",
        "编前语",
        '<section class="front preface" epub:type="preface" role="doc-preface" aria-label="编前语">'
        '<p><strong class="label">【编前语】</strong>党的十八大以来……</p></section>',
    ),
    section(1, "把握时代大势", "一", EXCERPT),
    section(2, "明确发展路径", "二", LITTLE_OF_ALL),
    Document(
        "index-dates.xhtml",
        "index",
        "按时间索引",
        '<section class="index dates" epub:type="index" role="doc-index" aria-labelledby="ix">'
        '<header><h1 id="ix">按时间索引</h1><p>行末数字为各则序号</p></header>'
        '<div class="year"><p class="year-head">2014</p><div class="row">'
        '<p class="date">2月27日</p>'
        '<p class="where">第一次会议 <span class="refs"><a href="section-01.xhtml#e1">1</a></span>'
        "</p></div></div></section>",
    ),
    Document(
        "colophon.xhtml",
        "colophon",
        "版权页",
        '<section class="colophon" epub:type="colophon" role="doc-colophon" aria-labelledby="co">'
        '<h1 id="co">版权页</h1><dl><dt>出版者</dt><dd>示例出版社</dd></dl></section>',
    ),
)
TOC = (
    TocEntry("编前语", "preface.xhtml"),
    TocEntry("把握时代大势", "section-01.xhtml"),
    TocEntry(
        "明确发展路径",
        "section-02.xhtml",
        (
            TocEntry(
                "图与表",
                "section-02.xhtml#h-pictures",
                (TocEntry("代码", "section-02.xhtml#h-code"),),
            ),
        ),
    ),
    TocEntry("按时间索引", "index-dates.xhtml"),
    TocEntry("版权页", "colophon.xhtml"),
)
HEADER = Header(
    title="网络强国",
    contributors=(
        Contributor(name="新华社《学习进行时》", role="com", sort="Xinhua"),
        Contributor(name="王编辑", role="edt"),
        Contributor(name="李校对", role="pfr"),
    ),
    publisher="示例出版社",
    date="2026-11",
    rights="© 示例 & 某某",
    description="摘编 <网络强国> 论述",
    subjects=("网络", "互联网治理"),
    series=Series(name="学习摘编", position=3),
    isbn="978-7-000-00000-1",
    manuscript="m.md",
)
LABELS = Labels("目录", "导航标志", "封面", "书名页", "正文", "本书以文字为主。", "页码")


@pytest.fixture
def book() -> ReflowBook:
    return ReflowBook(
        title="网络强国",
        language="zh-Hans",
        header=HEADER,
        identifier=stable_identifier("网络强国", "zh-Hans", isbn=HEADER.isbn),
        documents=DOCUMENTS,
        toc=TOC,
        css=STYLE.read_text(encoding="utf-8"),
        labels=LABELS,
        cover=Resource("cover.jpg", "image/jpeg", picture("JPEG", (590, 840))),
        resources=(Resource("map.png", "image/png", picture()),),
    )


def bare(*bodies: str) -> ReflowBook:
    """Give a book without cover, pictures and metadata."""
    documents = tuple(
        Document(f"s-{number}.xhtml", "chapter", f"第{number}篇", body)
        for number, body in enumerate(bodies, 1)
    )
    return ReflowBook(
        title="书",
        language="zh-Hans",
        header=Header(manuscript="m.md"),
        identifier=stable_identifier("书", "zh-Hans"),
        documents=documents,
        toc=tuple(TocEntry(document.title, document.name) for document in documents),
        css="p{margin:0}",
        labels=LABELS,
    )


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def xml(files: dict[str, bytes], name: str) -> etree._Element:
    return etree.fromstring(files[f"EPUB/{name}"])


def words(tree: etree._Element, path: str) -> list[str]:
    return [str(item) for item in tree.xpath(path, namespaces=NS)]


@pytest.fixture
def files(book: ReflowBook) -> dict[str, bytes]:
    return unpack(pack_epub(book, MODIFIED))


@pytest.fixture
def opf(files: dict[str, bytes]) -> etree._Element:
    return xml(files, "package.opf")


# ---- container -------------------------------------------------------------------------------


@pytest.fixture
def far_east() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Asia/Shanghai"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def test_bytes_depend_on_nothing_but_the_arguments(
    book: ReflowBook, request: pytest.FixtureRequest
) -> None:
    first = pack_epub(book, MODIFIED)
    request.getfixturevalue("far_east")
    beijing = MODIFIED.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert pack_epub(book, beijing) == first


def test_mimetype_is_first_stored_and_bare(book: ReflowBook) -> None:
    data = pack_epub(book, MODIFIED)
    # OCF: the 20 characters stand at byte 38 of the file, right after the name.
    assert data[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first, *others = archive.infolist()
    assert (first.compress_type, first.extra) == (zipfile.ZIP_STORED, b"")
    assert all(item.date_time == (1980, 1, 1, 0, 0, 0) for item in (first, *others))
    assert all(not item.extra and item.external_attr == 0o100644 << 16 for item in others)


def test_folders(files: dict[str, bytes]) -> None:
    assert list(files) == [
        "mimetype",
        "META-INF/container.xml",
        "EPUB/package.opf",
        "EPUB/nav.xhtml",
        "EPUB/toc.ncx",
        "EPUB/css/style.css",
        "EPUB/text/cover.xhtml",
        *(f"EPUB/text/{document.name}" for document in DOCUMENTS),
        "EPUB/images/cover.jpg",
        "EPUB/images/map.png",
    ]


def test_a_moment_without_zone_is_refused(book: ReflowBook) -> None:
    with pytest.raises(ToolError, match="time zone"):
        pack_epub(book, MODIFIED.replace(tzinfo=None))


# ---- package document --------------------------------------------------------------------------


def test_metadata(opf: etree._Element) -> None:
    def dc(name: str) -> list[str]:
        return words(opf, f"//d:{name}/text()")

    def meta(name: str) -> list[str]:
        return words(opf, f"//o:meta[@property='{name}']/text()")

    assert opf.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hans"
    assert words(opf, "//d:identifier[@id=/o:package/@unique-identifier]/text()") == [
        stable_identifier("", "", isbn="9787000000001")
    ]
    assert dc("identifier")[1:] == ["urn:isbn:9787000000001"]
    assert (dc("title"), dc("language")) == (["网络强国"], ["zh-Hans"])
    assert dc("creator") == ["新华社《学习进行时》"]
    assert dc("contributor") == ["王编辑", "李校对"]
    assert meta("role") == ["com", "edt", "pfr"]
    assert meta("file-as") == ["Xinhua", "王编辑", "李校对"]
    assert meta("display-seq") == ["1", "1", "2"]
    assert (dc("publisher"), dc("date")) == (["示例出版社"], ["2026-11"])
    assert (dc("rights"), dc("description")) == (["© 示例 & 某某"], ["摘编 <网络强国> 论述"])
    assert dc("subject") == ["网络", "互联网治理"]
    assert meta("dcterms:modified") == ["2026-11-23T08:00:00Z"]
    assert meta("belongs-to-collection") + meta("group-position") == ["学习摘编", "3"]
    assert words(opf, "//o:meta[@name='calibre:series_index']/@content") == ["3"]
    assert words(opf, "//o:meta[@name='cover']/@content") == words(
        opf, "//o:item[@properties='cover-image']/@id"
    )


def test_a_bare_header_gives_bare_metadata() -> None:
    opf = xml(unpack(pack_epub(bare("<p>一</p>"), MODIFIED)), "package.opf")
    assert [etree.QName(item).localname for item in opf[0] if "{http://purl" in item.tag] == [
        "identifier",
        "title",
        "language",
    ]
    assert not words(opf, "//o:meta[@name]/@content")


def accessibility(book: ReflowBook) -> dict[str, list[str]]:
    opf = xml(unpack(pack_epub(book, MODIFIED)), "package.opf")
    found: dict[str, list[str]] = {}
    for item in opf.xpath("//o:meta[starts-with(@property, 'schema:')]", namespaces=NS):
        found.setdefault(item.get("property").removeprefix("schema:"), []).append(item.text)
    return found


def test_accessibility_is_that_of_this_book(book: ReflowBook) -> None:
    rich, plain = accessibility(book), accessibility(bare("<p>一</p>"))
    assert rich["accessMode"] == ["textual", "visual"]
    assert plain["accessMode"] == ["textual"]
    assert rich["accessModeSufficient"] == plain["accessModeSufficient"] == ["textual"]
    more = set(rich["accessibilityFeature"]) - set(plain["accessibilityFeature"])
    assert more == {"alternativeText", "rubyAnnotations", "index"}
    assert rich["accessibilityHazard"] == plain["accessibilityHazard"] == ["none"]
    assert rich["accessibilitySummary"] == ["本书以文字为主。"]


def test_a_cover_alone_is_no_visual_content(book: ReflowBook) -> None:
    only_cover = replace(bare("<p>一</p>"), cover=book.cover)
    assert accessibility(only_cover)["accessMode"] == ["textual"]
    assert "alternativeText" in accessibility(only_cover)["accessibilityFeature"]


@pytest.mark.parametrize(
    ("image", "modes", "sufficient", "described"),
    [
        ('<img src="../images/a.png" alt="山"/>', 2, "textual", True),
        ('<img src="../images/a.png" alt=""/>', 1, "textual", False),
        ('<img src="../images/a.png"/>', 2, "textual,visual", False),
    ],
)
def test_a_picture_without_words_is_owned_up_to(
    image: str, modes: int, sufficient: str, *, described: bool
) -> None:
    book = replace(bare(f"<p>{image}</p>"), resources=(Resource("a.png", "image/png", picture()),))
    found = accessibility(book)
    assert len(found["accessMode"]) == modes
    assert found["accessModeSufficient"] == [sufficient]
    assert ("alternativeText" in found["accessibilityFeature"]) is described


def test_manifest_properties_come_from_the_content() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><title>图</title></svg>'
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    book = bare("<p>一</p>", svg, f"<p>{math}</p>{svg}")
    opf = xml(unpack(pack_epub(book, MODIFIED)), "package.opf")
    found = {item.get("href"): item.get("properties") for item in opf.iter("{*}item")}
    assert found["text/s-1.xhtml"] is None
    assert found["text/s-2.xhtml"] == "svg"
    assert found["text/s-3.xhtml"] == "mathml svg"
    assert found["nav.xhtml"] == "nav"


def test_the_spine_is_in_the_order_of_a_chinese_book(opf: etree._Element) -> None:
    assert words(opf, "//o:itemref/@idref") == [
        "doc-cover",
        "doc-title-page",
        "doc-preface",
        "nav",
        "doc-section-01",
        "doc-section-02",
        "doc-index-dates",
        "doc-colophon",
    ]
    assert not words(opf, "//o:itemref/@linear")


# ---- navigation --------------------------------------------------------------------------------


def test_ncx_and_navigation_document_say_the_same(files: dict[str, bytes]) -> None:
    nav, ncx = xml(files, "nav.xhtml"), xml(files, "toc.ncx")
    links = nav.xpath("//h:nav[@e:type='toc']//h:a", namespaces=NS)
    points = ncx.xpath("//n:navPoint", namespaces=NS)
    assert [(link.text, link.get("href")) for link in links] == [
        (point.findtext("n:navLabel/n:text", namespaces=NS), point.find("n:content", NS).get("src"))
        for point in points
    ]
    assert [len(list(link.iterancestors("{*}ol"))) for link in links] == [1, 1, 1, 2, 3, 1, 1]
    assert words(ncx, "//n:meta[@name='dtb:depth']/@content") == ["3"]
    assert words(ncx, "//n:docAuthor/n:text/text()") == ["新华社《学习进行时》"]
    assert words(ncx, "//n:meta[@name='dtb:uid']/@content") == words(
        xml(files, "package.opf"), "//d:identifier[@id='publication-id']/text()"
    )


def test_landmarks(files: dict[str, bytes]) -> None:
    nav = xml(files, "nav.xhtml")
    links = nav.xpath("//h:nav[@e:type='landmarks' and @hidden]//h:a", namespaces=NS)
    assert [(a.get(f"{{{NS['e']}}}type"), a.get("href"), a.text) for a in links] == [
        ("cover", "text/cover.xhtml", "封面"),
        ("titlepage", "text/title-page.xhtml", "书名页"),
        ("preface", "text/preface.xhtml", "编前语"),
        ("toc", "#toc", "目录"),
        ("bodymatter", "text/section-01.xhtml", "正文"),
        ("index", "text/index-dates.xhtml", "按时间索引"),
        ("colophon", "text/colophon.xhtml", "版权页"),
    ]


def test_printed_pages_have_their_list(book: ReflowBook) -> None:
    marks = (
        PageMark("1", "section-01.xhtml", "page-1"),
        PageMark("ii", "preface.xhtml", "page-ii"),
        PageMark("iii", "", "page-iii"),
        PageMark("iv", "", "page-iv", "section-02.xhtml"),
    )
    book = replace(book, pages=marks)
    documents = [dress(document, book.language) for document in book.documents]
    nav = etree.fromstring(navigation_part(book, documents).data)
    assert words(nav, "//h:nav[@e:type='page-list']//h:a/text()") == ["ii", "iii", "iv", "1"]
    assert words(nav, "//h:h1/h:span/@aria-label") == ["iii"]
    assert words(nav, "//h:a[@href='text/section-02.xhtml']/h:span/@id") == ["page-iv"]
    ncx = etree.fromstring(ncx_part(book, documents).data)
    assert words(ncx, "//n:pageTarget/@type") == ["front", "front", "front", "normal"]
    assert words(ncx, "//n:meta[@name='dtb:maxPageNumber']/@content") == ["1"]


@pytest.mark.parametrize(
    ("toc", "message"),
    [
        (TOC[1:], "do not name preface.xhtml"),
        ((TOC[1], TOC[0], *TOC[2:]), "reading order"),
        ((*TOC, TocEntry("无", "none.xhtml")), "none.xhtml"),
        ((*TOC, TocEntry("无", "colophon.xhtml#none")), "colophon.xhtml#none"),
    ],
)
def test_faulty_contents_are_refused(
    book: ReflowBook, toc: tuple[TocEntry, ...], message: str
) -> None:
    with pytest.raises(ToolError, match=message):
        pack_epub(replace(book, toc=toc), MODIFIED)


# ---- documents ---------------------------------------------------------------------------------


def test_bodies_are_copied_character_for_character(files: dict[str, bytes]) -> None:
    for document in DOCUMENTS:
        text = files[f"EPUB/text/{document.name}"].decode()
        assert f"<body>\n{document.body}\n</body>" in text
    assert "<b>中</b><i>国</i>" in files["EPUB/text/section-01.xhtml"].decode()


def test_documents_name_language_and_title(files: dict[str, bytes]) -> None:
    names = [name for name in files if name.endswith(".xhtml")]
    trees = [etree.fromstring(files[name]) for name in names]
    assert all(
        tree.get("lang") == tree.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hans"
        for tree in trees
    )
    titles = [tree.findtext(".//h:title", namespaces=NS) for tree in trees]
    assert len(set(titles)) == len(titles)


def test_ids_are_unique_in_every_file(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        if name.endswith((".xhtml", ".opf", ".ncx")):
            ids = words(etree.fromstring(data), "//@id")
            assert len(ids) == len(set(ids)), name


def test_the_cover_page_holds_the_picture_in_its_proportions(files: dict[str, bytes]) -> None:
    cover = xml(files, "text/cover.xhtml")
    svg = cover.find(".//{http://www.w3.org/2000/svg}svg")
    assert svg.get("viewBox") == "0 0 590 840"
    assert svg.get("aria-label") == "封面：网络强国"
    assert svg[0].get("{http://www.w3.org/1999/xlink}href") == "../images/cover.jpg"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<p>一", r"s-1.xhtml is not well-formed"),
        ("<p>一&nbsp;二</p>", "nbsp"),
        ("<p><x:b/></p>", "not well-formed"),
        ('<p id="a"/><p id="a"/>', "more than once: a"),
        ("</body><body>", "closes its own"),
        ("<p>\x0b</p>", "not well-formed"),
        ('<p><img src="../images/none.png" alt="无"/></p>', "none.png"),
        ('<p><img src="https://example.org/a.png" alt="无"/></p>', "outside"),
        ('<p><a href="#none">无</a></p>', "#none"),
    ],
)
def test_a_faulty_document_is_named(body: str, message: str) -> None:
    with pytest.raises(ToolError, match=message):
        pack_epub(bare(body), MODIFIED)


@pytest.mark.parametrize("name", ["第一章.xhtml", "A.xhtml", "a b.xhtml", "../a.xhtml", "a.html"])
def test_file_names_are_plain(name: str) -> None:
    book = bare("<p>一</p>")
    document = replace(book.documents[0], name=name)
    with pytest.raises(ToolError, match="file name"):
        pack_epub(replace(book, documents=(document,)), MODIFIED)


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        (Resource("../x.png", "image/png", b""), "name"),
        (Resource("a.tiff", "image/tiff", b""), "need not know"),
        (Resource("MAP.png", "image/png", b""), "two files"),
    ],
)
def test_faulty_resources_are_refused(book: ReflowBook, resource: Resource, message: str) -> None:
    with pytest.raises(ToolError, match=message):
        pack_epub(replace(book, resources=(*book.resources, resource)), MODIFIED)


@pytest.mark.parametrize(
    "cover",
    [Resource("c.svg", "image/svg+xml", b"<svg/>"), Resource("c.png", "image/png", b"no picture")],
)
def test_a_cover_that_is_no_picture_is_refused(book: ReflowBook, cover: Resource) -> None:
    with pytest.raises(ToolError, match="cover picture"):
        pack_epub(replace(book, cover=cover), MODIFIED)


# ---- identifiers -------------------------------------------------------------------------------


def test_the_identifier_rests_on_what_the_editor_gave() -> None:
    given = "https://example.org/book"
    assert stable_identifier("书", "zh", identifier=given, isbn="9787000000001") == given
    bare_uuid = "3F0C1C1E-0D0A-5C8E-9A55-000588C30001"
    assert stable_identifier("书", "zh", identifier=bare_uuid) == f"urn:uuid:{bare_uuid.lower()}"
    first, second = (
        stable_identifier(title, "zh", isbn=isbn)
        for title, isbn in (("书", "978-7-000-00000-1"), ("另题", "9787000000001"))
    )
    assert first == second


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_titles_have_two_identifiers(one: str, other: str) -> None:
    first, second = (stable_identifier(title, "zh-Hans") for title in (one, other))
    assert first.startswith("urn:uuid:")
    assert first[23] == "5"
    if first == second:
        assert stable_identifier(one, "en") == stable_identifier(other, "en")
    else:
        assert one != other


# ---- reading back ------------------------------------------------------------------------------


def test_text_is_read_back_in_reading_order(book: ReflowBook) -> None:
    texts = read_epub_text(pack_epub(book, MODIFIED))
    assert [href for href, _ in texts] == [
        "text/cover.xhtml",
        *(f"text/{document.name}" for document in DOCUMENTS),
    ]
    assert dict(texts)["text/cover.xhtml"] == ""
    assert dict(texts)["text/section-01.xhtml"] == (
        "一把握时代大势1信息化和经济全球化相互促进，中国正处在这个大潮之中。①——2014年2月27日，"
        "在中央网络安全和信息化领导小组第一次会议上的讲话①据新华社。"
    )


HAN = st.characters(categories=("Lo", "Nd", "Po", "Zs", "Sm"), exclude_characters="\ufffe\uffff")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(HAN, min_size=1), min_size=1, max_size=6), st.text(HAN))
def test_every_character_comes_back_once_and_in_order(runs: list[str], tail: str) -> None:
    def escape(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    body = "<!-- note --><p>" + "".join(f"<b>{escape(run)}</b>" for run in runs) + "</p>"
    body += escape(tail)
    (_, text), *_ = read_epub_text(pack_epub(bare(body, "<p>二</p>"), MODIFIED))
    assert text == "".join("".join((*runs, tail)).split())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7"])
def test_what_is_no_epub_cannot_be_read_back(data: bytes) -> None:
    with pytest.raises(ToolError, match="read back"):
        read_epub_text(data)


# ---- the judge ---------------------------------------------------------------------------------


def test_epubcheck_finds_nothing(book: ReflowBook, tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(pack_epub(book, MODIFIED))
    report = run_epubcheck(path)
    assert report.version.startswith("5.3")
    assert not report.faults, "\n".join(map(str, report.faults))


def test_epubcheck_finds_nothing_in_the_smallest_book(tmp_path: Path) -> None:
    path = tmp_path / "bare.epub"
    path.write_bytes(pack_epub(bare("<section><h1>一</h1><p>中</p></section>"), MODIFIED))
    report = run_epubcheck(path)
    assert not report.faults, "\n".join(map(str, report.faults))


def test_links_of_notes_differ_from_words_by_more_than_colour() -> None:
    css = (built_in_folder() / "reader" / "epub.css").read_text("utf-8")
    for name in ("note-call", "note-mark"):
        rule = re.search(rf"section\.front p a\.{name} \{{([^}}]*)\}}", css)
        assert rule
        assert re.search(r"font-size: (?!1em)", rule[1])
