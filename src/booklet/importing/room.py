"""What the reading of all pages of one document shares."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from lxml import etree

from booklet import limits
from booklet.errors import Findings, InputError, Place
from booklet.importing.files import Files
from booklet.importing.parsing import without_doctype
from booklet.manuscript.files import FileError
from booklet.manuscript.pictures import check_data
from booklet.model.content import Note

LINE = "data-booklet-line"
"""Attribute with the line, or the number of the paragraph, in the source."""

PART = "data-booklet-part"
"""Attribute with the file of the source, where a page was made of several."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_KINDS = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"RIFF", "webp"))
_DATA = re.compile(r"data:([\w/+.-]*)((?:;[\w=.-]+)*),(.*)", re.DOTALL | re.IGNORECASE)


@dataclass(eq=False, slots=True)
class Page:
    """One page of HTML.

    Attributes:
        name: Name of its part; addresses in it are relative to it.
        file: Name of its file for messages.
        body: Its body.
        slugs: Whether links lead to headings by their words, as on the sites of many tools.
    """

    name: str
    file: str
    body: etree._Element
    slugs: bool = False

    def place(self, element: etree._Element) -> Place:
        """Give the place of an element: the line of the source, as exactly as it is known."""
        number = 0
        for one in (element, *element.iterancestors()):
            line = one.get(LINE, "")
            if not number and line.isascii() and line.isdigit():
                number = int(line[:9])
            if part := one.get(PART):
                return Place(part, number)
        return Place(self.file, number or element.sourceline or 0)


@dataclass(slots=True)
class Room:
    """What is gathered while pages are read.

    Attributes:
        files: Where the parts of the document are.
        findings: What could not be carried.
        pages: All pages, in reading order.
        left_out: Elements that are no part of the text; each was told.
        calls: Notes by the elements that call them.
        bodies: Notes by the elements that hold them.
        labels: What a note begins with in the source, by its id: the number that calls it.
        notes: The notes as they were read.
        anchors: Ids of headings by the targets that links name.
        pictures: Files of pictures by their names in the publication.
        added: Words that the manuscript has beside those of the source.
        aliases: Names of parts by others that links use for them.
    """

    files: Files
    findings: Findings
    pages: list[Page] = field(default_factory=list)
    left_out: set[etree._Element] = field(default_factory=set)
    calls: dict[etree._Element, str] = field(default_factory=dict)
    bodies: dict[etree._Element, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    headings: int = 0
    forgotten: set[str] = field(default_factory=set)
    seen: dict[str, str | None] = field(default_factory=dict)
    kept: dict[bytes, str] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)

    def fresh_heading(self) -> str:
        """Give the next heading an id; only those that links lead to are written."""
        self.headings += 1
        return f"h-{self.headings}"

    def forget_heading(self, name: str) -> None:
        """Let no link lead to a heading that turned out to have no words."""
        self.forgotten.add(name)

    def leave_out(self, element: etree._Element) -> None:
        """Take an element out of the text; who calls it has told why."""
        self.left_out.add(element)

    def take_title_block(
        self, page: Page, block: Mapping[str, tuple[str, etree._Element]]
    ) -> dict[str, str]:
        """Take lines of a title block out of the text, for they stand in the header."""
        for kind, (words, element) in block.items():
            self.findings.note(
                page.place(element), "import-left-out",
                f"the line 「{words[:24]}」 stands in booklet.yaml as {kind}",
            )  # fmt: skip
            self.leave_out(element)
        return {kind: words for kind, (words, _) in block.items()}

    # ---- addresses ---------------------------------------------------------------------------

    def target(self, page: Page, address: str) -> str | None:
        """Name what a link within the document leads to: ``part#id``; None where it leads out."""
        address = address.strip()
        if not address or _SCHEME.match(address) or address.startswith("//"):
            return None
        path, _, fragment = address.partition("#")
        path = path.partition("?")[0]
        name = resolve(page.name, unquote(path)) if path else page.name
        name = self.aliases.get(name, name)
        return f"{name}#{unquote(fragment)}"

    # ---- pictures ----------------------------------------------------------------------------

    def picture(self, page: Page, address: str, place: Place) -> str | None:
        """Take a picture into the publication; None where it cannot be, which is told."""
        address = address.strip()
        key = address if address[:5].lower() == "data:" else f"{page.name}\n{address}"
        if key not in self.seen:
            self.seen[key] = self._take(page, address, place)
        elif self.seen[key] is None:
            self._refuse(place, f"the picture {_short(address)} is left out here as well")
        return self.seen[key]

    def drawing(self, data: bytes, place: Place) -> str | None:
        """Take a drawing that stands in the page itself."""
        return self._keep("drawing.svg", data, "drawing", place)

    def _take(self, page: Page, address: str, place: Place) -> str | None:
        if match := _DATA.fullmatch(address):
            data = _inline(match)
            if data is None or len(address) > limits.value("data-url"):
                return self._refuse(place, f"the picture {_short(address)} cannot be decoded")
            return self._keep("picture", data, _short(address), place)
        if not address or _SCHEME.match(address) or address.startswith("//"):
            return self._refuse(
                place, f"the picture {_short(address)} is no file; nothing is fetched",
                "save it beside the document and name it there",
            )  # fmt: skip
        path = urlsplit(address).path
        names = dict.fromkeys((resolve(page.name, unquote(path)), resolve(page.name, path)))
        name = next((one for one in names if one and one in self.files), None)
        if name is None:
            return self._refuse(place, f"there is no picture {_short(address)}")
        try:
            data = self.files.read(name)
        except InputError as error:
            return self._refuse(place, error.diagnostics[0].message)
        return self._keep(name, data, name, place)

    def _keep(self, name: str, data: bytes, shown: str, place: Place) -> str | None:
        """Look at a picture's content, and give it a plain name in ``images/``."""
        if len(data) > limits.value("file-size"):
            what = f"{shown} is larger than it may be ({limits.named('file-size')})"
            return self._refuse(place, what)
        if b"<!DOCTYPE" in data[:4096] and b"<svg" in data[:8192]:
            data = _plain_svg(data)
        try:
            check_data(shown, data)
        except FileError as fault:
            return self._refuse(place, str(fault), fault.hint)
        if data in self.kept:
            return self.kept[data]
        ending = next((end for magic, end in _KINDS if data.startswith(magic)), "svg")
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", posixpath.splitext(posixpath.basename(name))[0])
        stem = stem.strip("-")[:60].lower() or "picture"
        known, count = f"images/{stem}.{ending}", 1
        while known in self.pictures:
            count += 1
            known = f"images/{stem}-{count}.{ending}"
        self.pictures[known] = data
        self.kept[data] = known
        return known

    def _refuse(self, place: Place, message: str, hint: str = "") -> str | None:
        self.findings.warning(place, "import-picture", message, hint)
        return None


def resolve(base: str, path: str) -> str:
    """Find an address from the part that names it; '' where it leads out of the document."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
    outside = joined.startswith(("../", "/")) or joined == ".." or "\\" in joined or "\0" in joined
    return "" if outside else joined


def _inline(match: re.Match[str]) -> bytes | None:
    try:
        if "base64" in match[2].lower():
            return base64.b64decode(re.sub(r"\s", "", unquote(match[3])), validate=True)
        return unquote_to_bytes(match[3])
    except (binascii.Error, ValueError):
        return None


def _plain_svg(data: bytes) -> bytes:
    """Write a drawing without the document type that many programs put before it."""
    try:
        return without_doctype(data.decode("utf-8-sig")).encode("utf-8")
    except UnicodeDecodeError:
        return data


def _short(address: str) -> str:
    return f"{address[:60]}…" if len(address) > 60 else address or "without an address"
