"""The ZIP container (EPUB 3.3, "Open Container Format"), written through EbookLib.

EbookLib 0.20 parses and prints again every document that it knows as one, and puts white space
between adjacent inlines, which Chinese readers see. It is therefore given raw items only; package
document, navigation and NCX are ours, and so is the ZIP, whose dates it would take from the clock.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from ebooklib import epub

FOLDER = "EPUB"
PACKAGE = f"{FOLDER}/package.opf"
_MIMETYPE = b"application/epub+zip"
_CONTAINER = f"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
 <rootfiles>
  <rootfile full-path="{PACKAGE}" media-type="application/oebps-package+xml"/>
 </rootfiles>
</container>
""".encode()

_DAY_ONE = (1980, 1, 1, 0, 0, 0)  # the first date that ZIP can write
_REGULAR_FILE = 0o100644 << 16
_UNIX = 3  # else the platform that builds would be written into each entry
# Compressed already: to deflate them again costs time and gains nothing.
_STORED = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".woff", ".woff2")


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the publication as the manifest lists it.

    Attributes:
        id: Unique in the package document, an XML name.
        href: Path relative to the package document, ASCII, ``text/section-01.xhtml``.
        media_type: A core media type (EPUB 3.3, "Core media types").
        properties: ``nav``, ``cover-image``, ``svg``, ``mathml``, ``scripted``.
    """

    id: str
    href: str
    media_type: str
    data: bytes
    properties: tuple[str, ...] = ()


class RawItem(epub.EpubItem):  # type: ignore[misc, unused-ignore]
    """An item whose bytes EbookLib copies and never reads."""

    def __init__(self, part: Part) -> None:
        super().__init__(
            uid=part.id, file_name=part.href, media_type=part.media_type, content=part.data
        )
        self.properties = part.properties


class FixedZip(zipfile.ZipFile):
    """A ZIP archive whose bytes depend on nothing but names and contents."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: str | bytes,  # type: ignore[override]
        compress_type: int | None = None,
        compresslevel: int | None = 9,
    ) -> None:
        """Add an entry with fixed date, attributes and system; ``compresslevel`` 0 to 9."""
        given = zinfo_or_arcname
        name = given.filename if isinstance(given, zipfile.ZipInfo) else given
        entry = zipfile.ZipInfo(name, _DAY_ONE)
        entry.external_attr = _REGULAR_FILE
        entry.create_system = _UNIX
        stored = name == "mimetype" or name.endswith(_STORED)
        entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        super().writestr(entry, data, compresslevel=compresslevel)


class Writer(epub.EpubWriter):  # type: ignore[misc, unused-ignore]
    """EbookLib's writer with our package document and our ZIP."""

    def __init__(
        self, target: io.BytesIO, book: epub.EpubBook, package: bytes, licences: str
    ) -> None:
        super().__init__(target, book)
        self._package, self._licences = package, licences

    def write(self) -> None:
        """Write the container: ``mimetype`` first, stored, without extra field (OCF ZIP)."""
        with FixedZip(self.file_name, "w") as self.out:
            self.out.writestr("mimetype", _MIMETYPE)
            self._write_container()
            self._write_opf()
            self._write_items()

    def _write_container(self) -> None:
        self.out.writestr("META-INF/container.xml", _CONTAINER)
        if self._licences:
            self.out.writestr("META-INF/font-licences.txt", self._licences.encode())

    def _write_opf(self) -> None:
        self.out.writestr(PACKAGE, self._package)


def write_container(parts: Iterable[Part], package: bytes, licences: str = "") -> bytes:
    """Give the bytes of the EPUB.

    Args:
        parts: Every file of the manifest, in the order in which the ZIP shall hold them.
        package: The package document.
        licences: Notices of the fonts; they stand outside the book, where readers do not look.
    """
    book = epub.EpubBook()
    for part in parts:
        book.add_item(RawItem(part))
    target = io.BytesIO()
    Writer(target, book, package, licences).write()
    return target.getvalue()
