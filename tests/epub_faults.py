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
          edit(NAV, r'<li>\s*<a href="text/section-01.xhtml">.*?</li>', "")),
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
)  # fmt: skip
