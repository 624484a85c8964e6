"""An EPUB of any origin, opened for the lint: its archive, package document and documents.

Nothing here trusts the file: sizes are bounded, entities and the network are off, and what cannot
be read becomes a finding and is left out of what the rules see.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote, urldefrag

from lxml import etree

from booklet.check.archive import BROKEN, Reader, open_archive
from booklet.errors import Findings, Place

CONTAINER = "META-INF/container.xml"
XHTML_TYPE = "application/xhtml+xml"
NCX_TYPE = "application/x-dtbncx+xml"

NS: Mapping[str, str] = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "o": "http://www.idpf.org/2007/opf",
    "d": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "s": "http://www.w3.org/2000/svg",
    "m": "http://www.w3.org/1998/Math/MathML",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
    "x": "http://www.w3.org/1999/xlink",
    "e": "http://www.idpf.org/2007/ops",
}
EPUB_TYPE = f"{{{NS['e']}}}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XLINK_HREF = f"{{{NS['x']}}}href"


MOST_NODES, MOST_CHARACTERS = 5_000, 20_000
"""Of the words of one element: quotations nest, and each is read."""


def local(element: etree._Element) -> str:
    """Give the name of an element without its namespace; '' for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def find(tree: etree._Element | None, path: str) -> list[etree._Element]:
    """Find elements by an XPath with the prefixes of `NS`."""
    if tree is None:
        return []
    found: list[etree._Element] = _compiled(path)(tree)
    return found


@cache
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces=dict(NS))


def words_of(element: etree._Element, *, calls: bool = True) -> str:
    """Give the text of an element, white space collapsed; readings of ruby are left out.

    What is longer than any title, or made of more elements, is cut.

    Args:
        element: Of XHTML.
        calls: Whether calls of notes within it are words of it; in a heading they are none.
    """
    texts = []
    nodes = size = 0
    for text in _texts(element, calls=calls):
        texts.append(text)
        nodes, size = nodes + 1, size + len(text)
        if nodes > MOST_NODES or size > MOST_CHARACTERS:
            break
    return " ".join("".join(texts).split())


def _texts(element: etree._Element, *, calls: bool) -> Iterator[str]:
    if local(element) in {"rt", "rp"} or (element.get("role") == "doc-noteref" and not calls):
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child, calls=calls)
        yield child.tail or ""


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the manifest.

    Attributes:
        id: Its id in the package document.
        path: Within the archive.
        media_type: As declared.
        properties: As declared.
        line: Of its ``item``.
    """

    id: str
    path: str
    media_type: str
    properties: frozenset[str]
    line: int


@dataclass(frozen=True, slots=True)
class Epub:
    """What could be read of an EPUB.

    Attributes:
        name: What stands before each place, such as ``book.epub/``; may be ''.
        archive: The archive.
        package_path: Of the package document.
        package: The package document.
        items: Files of the manifest, by id.
        spine: Items in reading order with their ``itemref``.
        trees: Documents, navigation and NCX, by path.
        names: Every file of the archive.
        by_path: Files of the manifest by path.
    """

    name: str
    archive: zipfile.ZipFile
    package_path: str
    package: etree._Element
    items: Mapping[str, Item]
    spine: tuple[tuple[Item, etree._Element], ...]
    trees: Mapping[str, etree._Element]
    names: frozenset[str]
    by_path: Mapping[str, Item]
    elements: dict[str, dict[str, etree._Element]] = field(default_factory=dict)

    def place(self, path: str, element: etree._Element | int | None = None) -> Place:
        """Tell where something stands: a file, and the line of an element."""
        line = element if isinstance(element, int) else getattr(element, "sourceline", 0)
        return Place(self.name + path, line or 0)

    def at(self, element: etree._Element) -> Place:
        """Tell where an element of the package document stands."""
        return self.place(self.package_path, element)

    @property
    def nav(self) -> Item | None:
        """The navigation document."""
        return next((item for item in self.items.values() if "nav" in item.properties), None)

    @property
    def ncx(self) -> Item | None:
        """The EPUB 2 table of contents."""
        return next((item for item in self.items.values() if item.media_type == NCX_TYPE), None)

    @property
    def language(self) -> str:
        """The language of the book; '' where none is given."""
        found = find(self.package, "o:metadata/d:language")
        return (found[0].text or "").strip() if found else ""

    def documents(self) -> Iterator[tuple[str, etree._Element]]:
        """Give every readable document of the spine, in reading order."""
        for item, _ in self.spine:
            if item.media_type == XHTML_TYPE and item.path in self.trees:
                yield item.path, self.trees[item.path]

    def texts(self) -> Iterator[tuple[str, etree._Element]]:
        """Give the documents that hold text: not the navigation document, not the cover page."""
        nav = self.nav
        for path, tree in self.documents():
            if (nav is None or path != nav.path) and not is_cover(tree):
                yield path, tree

    def read(self, path: str, most: int) -> bytes:
        """Give the first bytes of a file, or nothing where it is missing or damaged."""
        try:
            with self.archive.open(path) as file:
                return file.read(most)
        except BROKEN:
            return b""

    def ids_of(self, path: str) -> Mapping[str, etree._Element]:
        """Give the elements that a link into a document can name, by id."""
        if path not in self.elements:
            tree = self.trees.get(path)
            found = [] if tree is None else tree.xpath("//*[@id]")
            self.elements[path] = {element.get("id", ""): element for element in found}
        return self.elements[path]

    def leads(self, base: str, url: str) -> bool:
        """Tell whether a relative link leads to a file of the archive and an id within."""
        path, fragment = resolve(base, url)
        if path not in self.names:
            return False
        return not fragment or path not in self.trees or fragment in self.ids_of(path)


def is_cover(tree: etree._Element) -> bool:
    """Tell whether a document is the page of the cover picture."""
    return bool(find(tree, "//h:*[not(self::h:a)][contains(concat(' ', @e:type, ' '), ' cover ')]"))


def resolve(base: str, url: str) -> tuple[str, str]:
    """Give path and fragment of a link, seen from the file it stands in."""
    try:
        path, fragment = urldefrag(url)
    except ValueError:  # such as an address of IPv6 that is none
        return url, ""
    if not path:
        return base, unquote(fragment)
    joined = posixpath.join(posixpath.dirname(base), unquote(path))
    return posixpath.normpath(joined), unquote(fragment)


def open_epub(data: bytes, name: str, findings: Findings) -> Epub | None:
    """Open an EPUB; None where it has no package document that can be read.

    Args:
        data: The file.
        name: What stands before each place.
        findings: Told of what cannot be read: ``epub-container``, ``epub-markup``.
    """
    archive = open_archive(data, Place(name.rstrip("/") or "EPUB"), findings)
    if archive is None:
        return None
    reader = Reader(archive, name, findings)
    container = reader.tree(CONTAINER)
    paths = [root.get("full-path", "") for root in find(container, "c:rootfiles/c:rootfile")]
    if not paths:
        if container is not None:
            findings.error(
                Place(name + CONTAINER), "epub-container", "it names no package document",
                "container.xml has a rootfile with full-path",
            )  # fmt: skip
        return None
    package = reader.tree(paths[0])
    if package is None:
        return None
    items = _items(package, paths[0])
    trees: dict[str, etree._Element] = {}
    for item in items.values():
        if item.media_type in {XHTML_TYPE, NCX_TYPE} and item.path in archive.NameToInfo:
            tree = None if item.path in trees else reader.tree(item.path)
            if tree is not None:
                trees[item.path] = tree
    for path, tree in [(paths[0], package), *trees.items()]:
        for id_, count in Counter(tree.xpath("//@id")).items():
            if count > 1:
                findings.error(
                    Place(name + path), "epub-markup", f"the id {id_} stands {count} times"
                )
    spine = tuple(
        (items[ref.get("idref", "")], ref)
        for ref in find(package, "o:spine/o:itemref")
        if ref.get("idref") in items
    )
    by_path = {item.path: item for item in items.values()}
    names = frozenset(archive.namelist())
    return Epub(name, archive, paths[0], package, items, spine, trees, names, by_path)


def _items(package: etree._Element, base: str) -> dict[str, Item]:
    return {
        item.get("id", ""): Item(
            item.get("id", ""),
            resolve(base, item.get("href", ""))[0],
            item.get("media-type", ""),
            frozenset(item.get("properties", "").split()),
            item.sourceline or 0,
        )
        for item in find(package, "o:manifest/o:item")
    }
