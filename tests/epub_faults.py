"""Faults put into a good EPUB, one at a time: what a gate must notice."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

PACKAGE = "EPUB/package.opf"
NAV = "EPUB/nav.xhtml"
NCX = "EPUB/toc.ncx"
STYLE = "EPUB/css/style.css"
COVER = "EPUB/text/cover.xhtml"
SECTION = "EPUB/text/section-01.xhtml"
PICTURES = "EPUB/text/section-02.xhtml"
VERSE = "EPUB/text/section-03.xhtml"
FONT = "EPUB/fonts/song.otf"
LICENCES = "META-INF/font-licences.txt"
CONTAINER = "META-INF/container.xml"
DAY_ONE = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class Book:
    """An EPUB taken apart.

    Attributes:
        files: Bytes by name, in order.
        deflated: Whether ``mimetype`` is compressed.
        date: Of every file.
    """

    files: dict[str, bytes]
    deflated: bool = False
    date: tuple[int, int, int, int, int, int] = DAY_ONE
    twice: list[tuple[str, bytes]] = field(default_factory=list)

    def edit(self, name: str, pattern: str, new: str, count: int = 1) -> None:
        """Replace what a pattern finds, in a file that has it."""
        text, done = re.subn(
            pattern, new, self.files[name].decode("utf-8"), count=count, flags=re.DOTALL
        )
        assert done, f"{name} has no {pattern}"
        self.files[name] = text.encode("utf-8")

    def add(self, name: str, data: bytes, item: str) -> None:
        """Put in a file with its line in the manifest."""
        self.files[name] = data
        self.edit(PACKAGE, "</manifest>", f"{item}</manifest>")


def unpack(data: bytes) -> Book:
    """Take an EPUB apart."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return Book({name: archive.read(name) for name in archive.namelist()})


def pack(book: Book) -> bytes:
    """Put an EPUB together."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in [*book.files.items(), *book.twice]:
            info = zipfile.ZipInfo(name, book.date)
            stored = name == "mimetype" and not book.deflated
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, and who notices it by what code."""

    name: str
    code: str
    put: Callable[[Book], None]

    def __str__(self) -> str:
        return self.name


def edit(file: str, pattern: str, new: str, count: int = 1) -> Callable[[Book], None]:
    """Make a fault of a replacement; count 0 replaces all."""
    return lambda book: book.edit(file, pattern, new, count)


def before(file: str, tag: str, new: str) -> Callable[[Book], None]:
    """Make a fault of something put before a tag."""
    return lambda book: book.edit(file, tag, new + tag)


def _deflate(book: Book) -> None:
    book.deflated = True


def _dated(book: Book) -> None:
    book.date = (2026, 11, 23, 8, 0, 0)


def _mimetype_last(book: Book) -> None:
    book.files["mimetype"] = book.files.pop("mimetype")


def _missing(book: Book) -> None:
    del book.files[SECTION]


def _renamed(book: Book) -> None:
    book.files["EPUB/text/第一章.xhtml"] = book.files.pop(SECTION)
    book.edit(PACKAGE, "text/section-01.xhtml", "text/第一章.xhtml")
    book.edit(NAV, "text/section-01.xhtml", "text/第一章.xhtml", 0)
    book.edit(NCX, "text/section-01.xhtml", "text/第一章.xhtml", 0)


def _woff2(book: Book) -> None:
    item = '<item id="w" href="w.woff2" media-type="font/woff2"/>'
    book.add("EPUB/w.woff2", b"wOF2" + bytes(40), item)


def _swapped_pages(book: Book) -> None:
    book.edit(
        NAV, r"(epub:type=\"page-list\".*?<ol>\s*)(<li>.*?</li>)(\s*)(<li>.*?</li>)", r"\1\4\3\2"
    )


def _without(name: str) -> Callable[[Book], None]:
    def put(book: Book) -> None:
        del book.files[name]

    return put


def _stray(book: Book) -> None:
    book.files["EPUB/notes.txt"] = b"left behind"


def _same_name(book: Book) -> None:
    item = '<item id="again" href="CSS/Style.css" media-type="text/css"/>'
    book.add("EPUB/CSS/Style.css", book.files[STYLE], item)


def _no_picture(book: Book) -> None:
    book.files["EPUB/images/picture-001.png"] = b"GIF89a, says the name of a PNG"


def _no_font(book: Book) -> None:
    book.files[FONT] = b"OTTO" + bytes(200)


def _tiff(book: Book) -> None:
    item = '<item id="tiff" href="images/x.tiff" media-type="image/tiff"/>'
    book.add("EPUB/images/x.tiff", b"II*\0" + bytes(20), item)
    book.edit(SECTION, "</section>", '<p><img src="../images/x.tiff" alt="旧图"/></p></section>')


NOTE_CALL = '<p><a role="doc-noteref" epub:type="noteref" href="#nothing" id="call">①</a></p>'

LINT_FAULTS = (
    Fault("mimetype is compressed", "epub-container", _deflate),
    Fault("mimetype comes last", "epub-container", _mimetype_last),
    Fault("files are dated", "epub-clock", _dated),
    Fault("a Chinese file name", "epub-name", _renamed),
    Fault("a tag is not closed", "epub-markup", edit(SECTION, "</section>", "")),
    Fault("a file is missing", "epub-manifest", _missing),
    Fault("the reading order lacks a section", "epub-spine",
          edit(PACKAGE, '<itemref idref="doc-section-01"/>', "")),
    Fault("a guide", "epub-outdated",
          before(PACKAGE, "</package>", '<guide><reference type="toc" href="nav.xhtml"/></guide>')),
    Fault("no title", "epub-title", edit(PACKAGE, "<dc:title>.*?</dc:title>", "")),
    Fault("English on Chinese", "epub-language", edit(SECTION, ' lang="zh-Hans"', ' lang="en"')),
    Fault("an identifier without a scheme", "epub-identifier",
          before(PACKAGE, "</metadata>", "<dc:identifier>12345</dc:identifier>")),
    Fault("a wrong ISBN", "epub-isbn",
          before(PACKAGE, "</metadata>",
                 "<dc:identifier>urn:isbn:9787020002208</dc:identifier>")),
    Fault("modified in the future", "epub-modified",
          edit(PACKAGE, r'(dcterms:modified">)\d{4}', r"\g<1>2999")),
    Fault("an unknown role", "epub-contributor", edit(PACKAGE, "(relators\">)[a-z]+", r"\1xyz")),
    Fault("an empty rights statement", "epub-metadata",
          before(PACKAGE, "</metadata>", "<dc:rights></dc:rights>")),
    Fault("an unknown feature", "epub-accessibility",
          edit(PACKAGE, ">readingOrder<", ">readingOrdre<")),
    Fault("the contents lack a section", "epub-toc",
          edit(NAV, r'<li[^>]*>\s*<a href="text/section-01.xhtml".*?</li>', "")),
    Fault("no landmarks", "epub-landmarks", edit(NAV, '<nav epub:type="landmarks".*?</nav>', "")),
    Fault("another title in the NCX", "epub-ncx",
          edit(NCX, "(<docTitle>\\s*<text>)", r"\1另")),
    Fault("a page mark without a label", "epub-page-mark",
          edit(SECTION, '(doc-pagebreak" id="[^"]*") aria-label="[^"]*"', r"\1")),
    Fault("pages out of order", "epub-page-list", _swapped_pages),
    Fault("no page source", "epub-page-source",
          edit(PACKAGE, '<meta property="pageBreakSource">.*?</meta>', "")),
    Fault("two documents of one title", "epub-document-title",
          edit(SECTION, "<title>.*?</title>", "<title>目录</title>")),
    Fault("h3 instead of h1", "epub-heading", edit(SECTION, "<(/?)h1", r"<\1h3", 0)),
    Fault("a section without role", "epub-role", edit(SECTION, ' role="doc-chapter"', "")),
    Fault("a link to nowhere", "epub-link",
          before(SECTION, "</section>", '<p><a href="#nowhere">去</a></p>')),
    Fault("no cover picture", "epub-cover", edit(PACKAGE, ' properties="cover-image"', "")),
    Fault("a cover without a name", "epub-alternative",
          edit(COVER, ' aria-label="[^"]*"', "")),
    Fault("the attribution within the quotation", "epub-quotation",
          edit(SECTION, "</blockquote>\\s*<figcaption(.*?)</figcaption>",
               r"<footer\1</footer></blockquote>")),
    Fault("a call without note", "epub-note", before(SECTION, "</section>", NOTE_CALL)),
    Fault("residue of a template", "epub-residue",
          before(SECTION, "</section>", "<p>{{ title }}</p>")),
    Fault("a lost character", "epub-replacement", before(SECTION, "</section>", "<p>\ufffd</p>")),
    Fault("a zero-width space", "epub-character", before(SECTION, "</section>", "<p>\u200b</p>")),
    Fault("a space between Han", "epub-space",
          before(SECTION, "</section>", "<p><b>网络</b>\n<b>强国</b></p>")),
    Fault("text in pixels", "epub-style", before(STYLE, "body {", "body { font-size: 14px }\n")),
    Fault("a damaged font", "epub-font", _woff2),
    Fault("a font as WOFF2", "epub-font-format", _woff2),
    Fault("no mimetype", "epub-container", _without("mimetype")),
    Fault("another mimetype", "epub-container", edit("mimetype", "epub", "zip")),
    Fault("a container that names nothing", "epub-container",
          edit(CONTAINER, "<rootfile [^>]*>", "")),
    Fault("two names but for letter case", "epub-name", _same_name),
    Fault("an id twice", "epub-markup",
          before(SECTION, "</section>", '<p id="same"/><p id="same"/>')),
    Fault("an undeclared entity", "epub-markup", before(SECTION, "</section>", "<p>&nbsp;</p>")),
    Fault("a declared entity", "epub-markup",
          edit(SECTION, "<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY a "b">]>')),
    Fault("a text in GB 18030", "epub-markup", edit(SECTION, 'encoding="utf-8"',
          'encoding="gb18030"')),
    Fault("a file that no manifest lists", "epub-manifest", _stray),
    Fault("a picture that is another", "epub-manifest", _no_picture),
    Fault("a picture of the wrong type", "epub-manifest",
          edit(PACKAGE, "image/svg\\+xml", "image/png")),
    Fault("a cover page without property svg", "epub-manifest",
          edit(PACKAGE, ' properties="svg"', "")),
    Fault("no navigation document", "epub-manifest", edit(PACKAGE, ' properties="nav"', "")),
    Fault("a script", "epub-outdated", before(SECTION, "</section>", "<script>alert(1)</script>")),
    Fault("a document read twice", "epub-spine",
          edit(PACKAGE, '(<itemref idref="doc-section-01"/>)', r"\1\1")),
    Fault("a document out of line", "epub-spine",
          edit(PACKAGE, '(idref="doc-cover")', r'\1 linear="no"')),
    Fault("pages turn from the right", "epub-spine",
          edit(PACKAGE, "<spine ", '<spine page-progression-direction="rtl" ')),
    Fault("a second title", "epub-title",
          before(PACKAGE, "</metadata>", "<dc:title>另一个</dc:title>")),
    Fault("a package without language", "epub-language", edit(PACKAGE, ' xml:lang="zh-Hans"', "")),
    Fault("a language that is no tag", "epub-language",
          edit(PACKAGE, "<dc:language>zh-Hans", "<dc:language>Chinese_PRC")),
    Fault("a broken UUID", "epub-identifier", edit(PACKAGE, "(urn:uuid:)....", r"\1")),
    Fault("no date of change", "epub-modified",
          edit(PACKAGE, '<meta property="dcterms:modified">.*?</meta>', "")),
    Fault("a date of change in local time", "epub-modified",
          edit(PACKAGE, r'(dcterms:modified">[^<]*)Z', r"\1+08:00")),
    Fault("contributors in no order", "epub-contributor",
          edit(PACKAGE, '(refines="#contributor-2">)2<', r"\g<1>3<")),
    Fault("a date that no calendar has", "epub-metadata",
          edit(PACKAGE, "<dc:date>[^<]*", "<dc:date>2026-02-30")),
    Fault("a role of nobody", "epub-metadata",
          edit(PACKAGE, 'refines="#contributor-1" scheme', 'refines="#nobody" scheme')),
    Fault("two series", "epub-metadata",
          edit(PACKAGE, '(calibre:series" content=")', r"\1另")),
    Fault("no hazard", "epub-accessibility",
          edit(PACKAGE, '<meta property="schema:accessibilityHazard">.*?</meta>', "")),
    Fault("pictures that are not owned up to", "epub-accessibility",
          edit(PACKAGE, '<meta property="schema:accessMode">visual</meta>', "")),
    Fault("mathematics that is not there", "epub-accessibility",
          edit(PACKAGE, ">readingOrder<", ">MathML<")),
    Fault("conformance that nobody certifies", "epub-accessibility",
          before(PACKAGE, "</metadata>", '<meta property="dcterms:conformsTo">'
                 "EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta>")),
    Fault("contents out of order", "epub-toc",
          edit(NAV, r'(<li[^>]*>\s*<a href="text/section-01.*?</li>)(\s*)(<li[^>]*>.*?</li>)',
               r"\3\2\1")),
    Fault("contents that say otherwise", "epub-toc",
          edit(NAV, "(section-01.xhtml\"[^>]*>)", r"\1新")),
    Fault("hidden contents", "epub-toc", edit(NAV, 'class="contents"', 'hidden="hidden"')),
    Fault("contents that lead nowhere", "epub-toc",
          edit(NAV, "text/section-01.xhtml", "text/section-91.xhtml")),
    Fault("no landmark of the body", "epub-landmarks", edit(NAV, '"bodymatter"', '"chapter"')),
    Fault("landmarks in sight", "epub-landmarks",
          edit(NAV, '(id="landmarks"[^>]*) hidden="hidden"', r"\1")),
    Fault("no NCX", "epub-ncx", edit(PACKAGE, '<item id="ncx"[^>]*>', "")),
    Fault("an NCX of another book", "epub-ncx", edit(NCX, '(dtb:uid" content="urn:uuid:)', r"\1a")),
    Fault("an NCX without a section", "epub-ncx",
          edit(NCX, r"<navPoint [^>]*>(?:(?!</navPoint>).)*section-01.*?</navPoint>", "")),
    Fault("a gap in playOrder", "epub-ncx", edit(NCX, 'playOrder="2"', 'playOrder="99"')),
    Fault("a page mark without role", "epub-page-mark",
          edit(SECTION, ' role="doc-pagebreak"', "")),
    Fault("a page that is not listed", "epub-page-list",
          edit(NAV, r'<li>\s*<a href="text/section-01.xhtml#page-9".*?</li>', "")),
    Fault("a page twice", "epub-page-list", edit(NAV, '(#page-9">)9<', r"\g<1>8<")),
    Fault("a page that is no page", "epub-page-list", edit(NAV, "#page-9", "#tools-h")),
    Fault("a document without title", "epub-document-title",
          edit(SECTION, "<title>.*?</title>", "<title></title>")),
    Fault("another title than the heading", "epub-document-title",
          edit(SECTION, "<title>", "<title>新")),
    Fault("a level left out", "epub-heading", edit(VERSE, "<(/?)h2", r"<\1h4", 0)),
    Fault("an empty heading", "epub-heading", before(SECTION, "</section>", "<h2> </h2>")),
    Fault("a label that is not there", "epub-role",
          edit(SECTION, 'aria-labelledby="tools-h"', 'aria-labelledby="tools-x"')),
    Fault("a role on the body", "epub-role", edit(SECTION, "<body", '<body role="main"')),
    Fault("a picture from outside", "epub-link",
          edit(PICTURES, r"\.\./images/picture-001.png", "https://example.org/a.png")),
    Fault("a link to a file of the author", "epub-link",
          before(SECTION, "</section>", '<p><a href="file:///home/a.txt">去</a></p>')),
    Fault("a style that loads from outside", "epub-link",
          before(STYLE, "body {", '@import url("https://example.org/a.css");\nbody {')),
    Fault("no cover for old shelves", "epub-cover", edit(PACKAGE, '<meta name="cover"[^>]*>', "")),
    Fault("a cover with text", "epub-cover", before(COVER, "</section>", "<p>书</p>")),
    Fault("a cover that comes last", "epub-cover",
          edit(PACKAGE, r'(<itemref idref="doc-cover"/>)(.*?)(</spine>)', r"\2\1\3")),
    Fault("a picture without words", "epub-alternative", edit(PICTURES, ' alt="[^"]*"', "")),
    Fault("a picture named by its file", "epub-alternative",
          edit(PICTURES, 'alt="红点"', 'alt="dot.png"')),
    Fault("an empty quotation", "epub-quotation",
          before(SECTION, "</section>", "<blockquote><p> </p></blockquote>")),
    Fault("an empty attribution", "epub-quotation",
          edit(SECTION, '(<figcaption[^>]*>).*?(</figcaption>)', r"\1——\2")),
    Fault("a time that is no date", "epub-quotation",
          before(SECTION, "</section>", '<p><time datetime="2026年">今年</time></p>')),
    Fault("a note without way back", "epub-note",
          edit(SECTION, ' role="doc-backlink" href="#call-n2"', "")),
    Fault("a note that nothing calls", "epub-note",
          edit(SECTION, 'href="#note-n3"', 'href="#note-n2"')),
    Fault("an entity as text", "epub-residue", before(SECTION, "</section>", "<p>&amp;nbsp;</p>")),
    Fault("a character for private use", "epub-character",
          before(SECTION, "</section>", "<p>\ue000</p>")),
    Fault("a colour on the page", "epub-style",
          before(STYLE, "body {", "html { background: white }\n")),
    Fault("a document without style", "epub-style", edit(SECTION, "<link [^>]*>", "")),
    Fault("pixels in an attribute", "epub-style",
          before(SECTION, "</section>", '<p style="font-size: 12px">小</p>')),
    Fault("no licences of fonts", "epub-font", _without(LICENCES)),
    Fault("a font that nothing uses", "epub-font", edit(STYLE, "song.otf", "song.ttf")),
    Fault("a font in ruins", "epub-font", _no_font),
    Fault("fonts that Apple Books ignores", "epub-font",
          edit(PACKAGE, '<meta property="ibooks:specified-fonts">true</meta>', "")),
)  # fmt: skip
"""What our own lint notices."""


def _inserted(markup: str) -> Callable[[Book], None]:
    return before(SECTION, "</section>", markup)


EPUBCHECK_FAULTS = (
    Fault("a paragraph in a paragraph", "RSC-005", _inserted("<p>一<p>二</p></p>")),
    Fault("an attribute of nobody", "RSC-005", _inserted('<p colour="red">红</p>')),
    Fault("an element of 1995", "RSC-005", _inserted("<center>中</center>")),
    Fault("a picture without source", "RSC-005", _inserted('<p><img alt="无"/></p>')),
    Fault("a link in a link", "RSC-005",
          _inserted('<p><a href="#tools">一<a href="#tools">二</a></a></p>')),
    Fault("an id with a space", "RSC-005", _inserted('<p id="a b">字</p>')),
    Fault("a row out of its table", "RSC-005", _inserted("<tr><td>格</td></tr>")),
    Fault("text between items", "RSC-005", _inserted("<ul>字<li>项</li></ul>")),
    Fault("words in a list of landmarks", "RSC-005",
          edit(NAV, '(<h2 id="landmarks-heading">.*?</h2>)', r"\1<p>字</p>")),
    Fault("an element of nobody in the package", "RSC-005",
          before(PACKAGE, "</metadata>", "<colour/>")),
    Fault("an undefined property", "OPF-027",
          before(PACKAGE, "</metadata>", '<meta property="colour">红</meta>')),
    Fault("an undeclared prefix", "OPF-028",
          before(PACKAGE, "</metadata>", '<meta property="wood:kind">松</meta>')),
    Fault("a broken style sheet", "CSS-008", before(STYLE, "body {", ".pale { colour }} a\n")),
    Fault("a picture that no reader must know", "RSC-032", _tiff),
)  # fmt: skip
"""What EPUBCheck alone notices, by its own code."""

ACE_FAULTS = (
    Fault("a link without words", "link-name", _inserted('<p><a href="#tools"></a>字</p>')),
    Fault("an order of focus", "tabindex", _inserted('<p tabindex="3">三</p>')),
    Fault("a table head without words", "empty-table-header",
          _inserted("<table><tr><th></th></tr><tr><td>一</td></tr></table>")),
)  # fmt: skip
"""What Ace alone notices, by the name of its rule; all can be put into one book."""
