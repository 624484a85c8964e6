"""Read a finished EPUB back, character by character, for the proof of fidelity."""

from __future__ import annotations

import io
import posixpath
import zipfile
from urllib.parse import unquote

from lxml import etree

from booklet.errors import ToolError

_CONTAINER = "META-INF/container.xml"
_XHTML = "http://www.w3.org/1999/xhtml"
# All text but what no reader shows, and what repeats the text and is read aloud by none.
_SHOWN = (
    ".//text()[not(ancestor::h:script or ancestor::h:style or ancestor::h:template "
    "or ancestor::*[@aria-hidden='true'])]"
)


def read_epub_text(data: bytes) -> tuple[tuple[str, str], ...]:
    """Give the text of each document in reading order, as a reading system would find it.

    The navigation document is left out: it repeats headings in the words of the theme. So are
    ``head`` and attributes, such as the name of the cover picture.

    Args:
        data: An EPUB.

    Returns:
        For each document of the spine its path relative to the package document, and all characters
        of its ``body`` in document order without white space.

    Raises:
        ToolError: The bytes are no EPUB that can be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return tuple(_read(archive))
    except (zipfile.BadZipFile, KeyError, StopIteration, etree.XMLSyntaxError) as error:
        msg = f"the EPUB cannot be read back: {error}"
        raise ToolError(msg) from error


def _read(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    rootfile = next(_parse(archive, _CONTAINER).iter("{*}rootfile"))
    path = rootfile.attrib["full-path"]
    package = _parse(archive, path)
    items = {item.attrib["id"]: item for item in package.iter("{*}item")}
    texts: list[tuple[str, str]] = []
    for reference in package.iter("{*}itemref"):
        item = items[reference.attrib["idref"]]
        if "nav" not in item.get("properties", "").split():
            href = unquote(item.attrib["href"])
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), href))
            texts.append((href, _text(_parse(archive, file))))
    return texts


def _parse(archive: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(name), parser)


def _text(document: etree._Element) -> str:
    body = next(document.iter(f"{{{_XHTML}}}body"))
    words: list[str] = body.xpath(_SHOWN, namespaces={"h": _XHTML})
    return "".join("".join(words).split())
