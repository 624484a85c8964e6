"""The archive of an EPUB, opened with bounds: what a stranger packed may be a bomb.

A file that other judges would unpack is first held against the same bounds (`danger`).
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree

from booklet import limits
from booklet.errors import Findings, Place

BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError,
    RuntimeError, EOFError, OSError, ValueError, KeyError, OverflowError,
)  # fmt: skip
"""What damaged archives raise, encrypted ones and those of unknown methods too."""

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LINK = 0o120000
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}


def danger(data: bytes) -> str:
    """Say why no program should unpack an archive; '' where it is harmless."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        return f"it is no ZIP archive: {error}"
    infos = archive.infolist()
    if not infos:
        return "it is empty"
    if len(infos) > limits.value("epub-files"):
        return f"it holds too many files ({limits.named('epub-files')})"
    if sum(info.file_size for info in infos) > limits.value("epub-size"):
        return f"it unpacks to too much ({limits.named('epub-size')})"
    for info in infos:
        if info.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", info.filename):
            return f"{info.filename!r} would be unpacked outside its folder"
        if info.external_attr >> 16 & 0o170000 == _LINK:
            return f"{info.filename!r} is a link"
        if info.compress_type not in _METHODS:
            return f"{info.filename!r} is packed by a method that no EPUB has"
    return ""


def open_archive(data: bytes, place: Place, findings: Findings) -> zipfile.ZipFile | None:
    """Open an archive; None where that is a danger, which the findings tell."""
    if reason := danger(data):
        findings.error(place, "epub-container", reason)
        return None
    return zipfile.ZipFile(io.BytesIO(data))


@dataclass(slots=True)
class Reader:
    """Parses documents of an archive, without entities, network or DTD.

    Attributes:
        archive: The archive.
        name: What stands before each place.
        findings: Told of what cannot be read.
        tags: How many there were so far, about.
    """

    archive: zipfile.ZipFile
    name: str
    findings: Findings
    tags: int = 0

    def tree(self, path: str) -> etree._Element | None:
        """Parse a document; None where it cannot be, or should not."""
        place = Place(self.name + path)
        data = self._read(path, place)
        if data is None:
            return None
        self.tags += data.count(b"<")
        many = self.tags > limits.value("epub-tags")
        fault = (
            f"the book has too many tags ({limits.named('epub-tags')})" if many else _fault(data)
        )
        if fault:
            self.findings.error(place, "epub-markup", fault)
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            line = getattr(error, "lineno", 0) or 0
            self.findings.error(
                Place(self.name + path, line), "epub-markup", f"it is not well-formed: {error}"
            )
            return None

    def _read(self, path: str, place: Place) -> bytes | None:
        try:
            info = self.archive.getinfo(path)
        except KeyError:
            self.findings.error(place, "epub-container", "the archive lacks it")
            return None
        if info.file_size > limits.value("epub-document"):
            said = f"it is too long ({limits.named('epub-document')})"
            self.findings.error(place, "epub-container", said)
            return None
        try:
            return self.archive.read(info)
        except BROKEN as error:
            self.findings.error(place, "epub-container", f"it cannot be unpacked: {error}")
            return None


def _fault(data: bytes) -> str:
    """Say what keeps a document from being parsed; '' where nothing does."""
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf")[:200])
    if b"\0" in data or (declared and declared[1].lower() not in _ENCODINGS):
        return "it is not UTF-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"it is not UTF-8: byte {error.start}"
    if b"<!ENTITY" in data:
        return "it declares entities, which readers need not know and lint does not expand"
    return ""
