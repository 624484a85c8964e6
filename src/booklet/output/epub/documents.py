"""XHTML documents of the EPUB (EPUB 3.3, "XHTML content documents").

A body is copied as it is, character for character, into a fixed skeleton; lxml only reads the
result, to prove that it is well formed and to learn what it holds.
"""

from __future__ import annotations

import html
import io
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from lxml import etree
from PIL import Image, UnidentifiedImageError

from booklet.errors import ToolError
from booklet.output.epub.container import Part
from booklet.output.epub.xml import MATHML, OPS, SVG, XHTML, XLINK
from booklet.typeset.book import Document, DocumentRole, ReflowBook, Resource

MEDIA_TYPE = "application/xhtml+xml"
COVER_NAME = "cover.xhtml"
# Lower case only: names must stay unique where case does not count (OCF, "File names").
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*\.xhtml")
_SCRIPTING = "//h:script | //h:form | //h:*[@*[starts-with(name(), 'on')]]"
_SKELETON = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="{xhtml}" xmlns:epub="{ops}" lang="{language}" xml:lang="{language}">
<head>
<meta charset="utf-8"/>
<title>{title}</title>
<link rel="stylesheet" type="text/css" href="../css/style.css"/>
</head>
<body>
{body}
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class SpineDocument:
    """A document that has passed the checks.

    Attributes:
        name: File name within ``text/``.
        title: What navigation calls it.
        data: The whole XHTML document.
        tree: The same, parsed; not to be changed.
    """

    name: str
    role: DocumentRole
    title: str
    data: bytes
    tree: etree._Element

    @property
    def href(self) -> str:
        """Path relative to the package document."""
        return f"text/{self.name}"

    @property
    def ids(self) -> frozenset[str]:
        """What a link can point to."""
        return frozenset(self.tree.xpath("//@id"))

    @property
    def part(self) -> Part:
        """Its file, with the properties that its content calls for (EPUB 3.3, "properties")."""
        return Part(
            f"doc-{self.name.removesuffix('.xhtml')}",
            self.href,
            MEDIA_TYPE,
            self.data,
            tuple(
                name
                for name, path in (
                    ("mathml", "//m:math"),
                    ("scripted", _SCRIPTING),
                    ("svg", "//s:svg"),
                )
                if select(self.tree, path)
            ),
        )


def select(tree: etree._Element, path: str) -> list[etree._Element]:
    """Find elements; prefixes are ``h`` for XHTML, ``s`` for SVG, ``m`` for MathML."""
    found: list[etree._Element] = _compiled(path)(tree)
    return found


@cache
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces={"h": XHTML, "s": SVG, "m": MATHML, "x": XLINK})


def dress(document: Document, language: str) -> SpineDocument:
    """Put a document into the skeleton and check it.

    Raises:
        ToolError: The name, the XML or an identifier of the document would break the EPUB.
    """
    if not _NAME.fullmatch(document.name):
        msg = f"{document.name!r} cannot be the file name of an XHTML document"
        raise ToolError(msg)
    data = _SKELETON.format(
        xhtml=XHTML,
        ops=OPS,
        language=html.escape(language),
        title=html.escape(document.title, quote=False),
        body=document.body,
    ).encode()
    tree = _parse(data, document.name)
    _check(tree, document)
    return SpineDocument(document.name, document.role, document.title, data, tree)


def _parse(data: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        msg = f"{name} is not well-formed XHTML: {error}"
        raise ToolError(msg) from error


def _check(tree: etree._Element, document: Document) -> None:
    if [child.tag for child in tree] != [f"{{{XHTML}}}head", f"{{{XHTML}}}body"]:
        msg = f"{document.name} closes its own <body>"
        raise ToolError(msg)
    if not document.title.strip():
        msg = f"{document.name} has no title"
        raise ToolError(msg)
    twice = sorted(name for name, count in Counter(tree.xpath("//@id")).items() if count > 1)
    if twice:
        msg = f"{document.name} uses an id more than once: {', '.join(twice)}"
        raise ToolError(msg)


def cover_page(book: ReflowBook, cover: Resource) -> SpineDocument:
    """Make the page that shows the cover picture and nothing else.

    The picture stands in an SVG of its own proportions: every reading system fits that into the
    screen, whereas an ``img`` needs ``max-height: 100vh``, which the old ones do not know, and
    then spills over to a second screen. The name is an attribute and not an SVG ``title``, so
    that the page holds no text.

    Raises:
        ToolError: The picture is neither JPEG nor PNG, or cannot be read.
    """
    width, height = _size(cover)
    label = html.escape(cover_label(book))
    body = (
        '<section class="cover" epub:type="cover">'
        f'<svg xmlns="{SVG}" xmlns:xlink="{XLINK}" version="1.1" width="100%" height="100%" '
        f'viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid meet" '
        f'role="img" aria-label="{label}">'
        f'<image width="{width}" height="{height}" xlink:href="../{html.escape(href_of(cover))}"/>'
        "</svg></section>"
    )
    return dress(Document(COVER_NAME, "cover", book.labels.cover, body), book.language)


def cover_label(book: ReflowBook) -> str:
    """Name the cover picture for those who do not see it, ``封面：书名``."""
    colon = "：" if book.language.lower().startswith(("zh", "ja")) else ": "
    return f"{book.labels.cover}{colon}{book.title}"


def _size(cover: Resource) -> tuple[int, int]:
    """Give width and height of the cover picture in pixels."""
    if cover.media_type not in {"image/jpeg", "image/png"}:
        msg = f"the cover picture {cover.name} must be JPEG or PNG, not {cover.media_type}"
        raise ToolError(msg)
    try:
        with Image.open(io.BytesIO(cover.data)) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError) as error:
        msg = f"the cover picture {cover.name} cannot be read"
        raise ToolError(msg) from error


def href_of(resource: Resource) -> str:
    """Give the path of a resource relative to the package document.

    A name without folder is that of a picture; fonts say ``fonts/NAME``.
    """
    return resource.name if "/" in resource.name else f"images/{resource.name}"
