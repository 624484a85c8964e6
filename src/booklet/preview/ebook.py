"""The e-book beside the pages: made when its pane is open, served from memory."""

from __future__ import annotations

import io
import posixpath
import secrets
import zipfile
from typing import Any

from lxml import etree

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_OPF = "{http://www.idpf.org/2007/opf}"


class Ebook:
    """The newest EPUB.

    Attributes:
        wanted: Whether its pane is open.
        data: The file; empty before there is one.
        key: Part of the address of its documents, which only the page knows.
    """

    def __init__(self) -> None:
        """Begin without one."""
        self.wanted = False
        self.data, self.key = b"", ""
        self._making = self._failed = False
        self._files: dict[str, bytes] = {}
        self._documents: list[str] = []

    def want(self, *, on: bool) -> None:
        """Open or close its pane."""
        self.wanted = on
        self._making = on

    def age(self) -> None:
        """The pages are newer than it."""
        self._making = self.wanted

    def take(self, data: bytes) -> None:
        """Take a new one; an empty one means that it could not be made."""
        self._making, self._failed = False, not data
        if data:
            self.data, self.key = data, secrets.token_urlsafe(24)
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self._files = {name: archive.read(name) for name in archive.namelist()}
            self._documents = _reading_order(self._files)

    def state(self) -> dict[str, Any]:
        """Tell the page how it stands."""
        return {
            "wanted": self.wanted, "making": self._making, "failed": self._failed,
            "key": self.key, "documents": self._documents,
        }  # fmt: skip

    def file(self, key: str, name: str) -> bytes | None:
        """Give a file of it; None where the key is not that of the newest, or there is none."""
        if not self.key or not secrets.compare_digest(key.encode(), self.key.encode()):
            return None
        return self._files.get(name)


def _reading_order(files: dict[str, bytes]) -> list[str]:
    """List its documents in reading order."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    container = etree.fromstring(files["META-INF/container.xml"], parser)
    package = next(container.iter(_CONTAINER)).get("full-path", "")
    root, folder = etree.fromstring(files[package], parser), posixpath.dirname(package)
    names = {item.get("id"): item.get("href") for item in root.iter(f"{_OPF}item")}
    return [
        posixpath.normpath(posixpath.join(folder, names[item.get("idref")]))
        for item in root.iter(f"{_OPF}itemref")
    ]
