"""What typesetting hands on: one paged book for the PDF, one reflowable book for the EPUB.

Both are frozen and complete: the outputs read no manuscript, no template and no clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from booklet.model.header import Header

DocumentRole = Literal[
    "cover", "titlepage", "preface", "contents", "chapter", "index", "colophon", "backmatter"
]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text as the book sets it, in the order of the document.

    Attributes:
        text: Characters; white space does not count.
        stream: The stream of the manuscript that it reproduces, '' for words of the theme.
        source: ``file:line`` of the manuscript, '' for words of the theme.
        table: 1-based number of the table whose head it stands in, 0 elsewhere; a head is repeated
            on every page of its table.
        home: Id of the nearest element around it that has one; ``>ID`` within a link to that id.
        generated: Key of words that a style sheet writes; '' for all others.
        inline: Whether it is a note that stands amid the text.
        hyphens: How many characters stand before each soft hyphen, where a line may show one.
    """

    text: str
    stream: str
    source: str
    table: int = 0
    home: str = ""
    generated: str = ""
    hyphens: tuple[int, ...] = ()
    inline: bool = False

    @property
    def is_aside(self) -> bool:
        """Whether it stands behind the rest of its page: the words of a note at the foot."""
        return self.stream.startswith("note-") and not self.inline


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """A style sheet: its name, its text, and the file that messages name."""

    name: str
    css: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class PagedBook:
    """The book as one HTML document for pages.

    Attributes:
        html: A whole document.
        sheets: Style sheets in the order of the cascade, weakest first.
        segments: Text of the document, in order.
        language: BCP 47.
        title: For the metadata of the file.
    """

    html: str
    sheets: tuple[Stylesheet, ...]
    segments: tuple[Segment, ...]
    language: str
    title: str


@dataclass(frozen=True, slots=True)
class PageStart:
    """Where a printed page begins, told so that another output of the same book can find it.

    Attributes:
        label: Its folio, as printed or as it would be.
        stream: The stream of its first words; '' where it holds words of the theme alone.
        home: Of those words; see `Segment`.
        offset: Characters of the stream before it, or, without stream, of the home.
    """

    label: str
    stream: str
    home: str
    offset: int


@dataclass(frozen=True, slots=True)
class PageMark:
    """A printed page of the page list.

    Attributes:
        label: Its folio.
        document: The file it begins in; '' for the contents, which the packager makes.
        id: Of the marker.
        entry: In the contents, target of the entry that stands first on the page; '' for the top.
    """

    label: str
    document: str
    id: str
    entry: str = ""


@dataclass(frozen=True, slots=True)
class TocEntry:
    """An entry of the contents.

    Attributes:
        title: The words of the heading.
        href: ``section-01.xhtml`` or ``section-01.xhtml#id``.
        ordinal: The number that the theme sets before it in the visible contents; may be empty.
    """

    title: str
    href: str
    children: tuple[TocEntry, ...] = ()
    ordinal: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One XHTML document of the EPUB.

    Attributes:
        name: ASCII file name, ``section-01.xhtml``.
        role: What it is; decides landmarks.
        title: Its heading, for ``<title>``; never empty.
        body: Well-formed XHTML to stand in ``<body>``, in no namespace prefix but ``epub:``.
    """

    name: str
    role: DocumentRole
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A picture or font of the EPUB: name below the content folder, media type, bytes."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Labels:
    """Words of the theme that navigation needs, in the language of the publication."""

    contents: str
    landmarks: str
    cover: str
    title_page: str
    body: str
    accessibility_summary: str
    pages: str


@dataclass(frozen=True, slots=True)
class ReflowBook:
    """The book as a set of XHTML documents for e-readers.

    Attributes:
        documents: In reading order, without the cover page and the navigation document, which
            the packager makes; the visible contents are the navigation document.
        toc: Every document, in reading order, with headings below them.
        css: The style sheet, for every document.
        cover: The cover picture, None where there is none.
        resources: Pictures that the documents name as ``../images/NAME``.
        segments: Text of the documents, in order.
        fonts: Fonts that the style sheet names as ``../fonts/NAME``.
        font_licences: Their copyright and licences, as the fonts state them.
        pages: Where the pages of the printed book begin; empty where there is none.
        page_source: The printed book that they are pages of.
        direction: ``rtl`` where pages follow each other from right to left.
    """

    title: str
    language: str
    header: Header
    identifier: str
    documents: tuple[Document, ...]
    toc: tuple[TocEntry, ...]
    css: str
    labels: Labels
    cover: Resource | None = None
    resources: tuple[Resource, ...] = ()
    segments: tuple[Segment, ...] = field(default=(), repr=False)
    fonts: tuple[Resource, ...] = ()
    font_licences: str = ""
    pages: tuple[PageMark, ...] = ()
    page_source: str = ""
    direction: Literal["ltr", "rtl"] = "ltr"
