"""An EPUB: its package document says what it holds and in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from booklet.errors import Findings, InputError, Place
from booklet.importing.archive import Archive
from booklet.importing.decoding import decode
from booklet.importing.elements import (
    Element,
    classes_of,
    name_of,
    shown,
    types_of,
    words_in,
)
from booklet.importing.html import body_of
from booklet.importing.meta import date_of, isbn_of, meta_of, title_block
from booklet.importing.parsing import parse_page, parse_xml
from booklet.importing.reading import Reading, Sheet
from booklet.importing.refusal import NOTHING, refusal
from booklet.importing.room import Page, Room, resolve
from booklet.importing.tree import Draft, Kind, Meta

_PAGES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}
_LEFT = {
    "cover": "the cover", "titlepage": "the title page", "halftitlepage": "the half-title",
    "title-page": "the title page", "toc": "the contents", "landmarks": "the landmarks",
    "loi": "the list of pictures", "lot": "the list of tables", "page-list": "the list of pages",
}  # fmt: skip
_FRONT = {"preface", "foreword", "dedication", "epigraph", "acknowledgments", "acknowledgements",
          "introduction", "abstract"}  # fmt: skip
_BACK = {"afterword", "appendix", "bibliography", "glossary", "colophon", "copyright-page",
         "copyright", "backmatter", "contributors", "errata"}  # fmt: skip
_OWN_PAGES = re.compile(r"doc-(?:cover|title-page|half-title|index-[a-z]+|colophon)|nav")
_OWN_WORDS = {"ordinal", "number"}
_OPF = "{http://www.idpf.org/2007/opf}"
_FONTS = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}


@dataclass(frozen=True, slots=True)
class _Item:
    id: str
    path: str
    media: str
    properties: frozenset[str]


@dataclass(slots=True)
class _Package:
    """What a package document says."""

    meta: Meta
    items: dict[str, _Item] = field(default_factory=dict)
    spine: list[str] = field(default_factory=list)
    guide: dict[str, str] = field(default_factory=dict)
    ours: bool = False


def read_epub(archive: Archive, findings: Findings) -> Draft:
    """Read an EPUB.

    Raises:
        InputError: It is damaged, locked, or lacks a part that its package names.
    """
    _refuse_locks(archive, findings)
    package = _package(archive, findings)
    room = Room(archive, findings)
    sheets: list[Sheet] = []
    faults = Findings()
    seen: set[str] = set()
    for id_ in package.spine:
        item = package.items.get(id_)
        if item is None:
            faults.error(
                archive.place, "import-part-missing",
                f"the spine names {id_[:60]}, which is nowhere", "repair the EPUB",
            )  # fmt: skip
            continue
        if item.path in seen:
            findings.warning(
                archive.shown(item.path), "import-not-carried", "the spine names this page twice",
                "it is read where it stands first",
            )  # fmt: skip
            continue
        seen.add(item.path)
        try:
            sheet = _sheet(archive, item, package, findings)
        except InputError as error:
            faults.extend(error.diagnostics)
            continue
        if sheet is not None:
            sheets.append(sheet)
    if faults.fatal:
        raise InputError(NOTHING, (*findings, *faults))
    meta = package.meta
    if sheets and (block := title_block(sheets[0].page.body)):
        said = room.take_title_block(sheets[0].page, block)
        own = meta_of(said, lambda _: archive.place, findings)
        meta = Meta(meta.title, {**own.header, **meta.header})
    if package.ours:
        _leave_own(room, sheets, archive)
    return Reading(room, meta, sheets, parted=True).draft()


def _xml(archive: Archive, name: str, findings: Findings) -> Element:
    place = archive.shown(name)
    return parse_xml(decode(archive.read(name), place, findings, marked_up=True), place)


def _refuse_locks(archive: Archive, findings: Findings) -> None:
    """Refuse a book whose text is encrypted; fonts that are may stay behind."""
    if "META-INF/encryption.xml" not in archive:
        return
    root = _xml(archive, "META-INF/encryption.xml", findings)
    for data in (one for one in root.iter() if name_of(one) == "encrypteddata"):
        methods = {one.get("Algorithm", "") for one in data.iter()}
        if not methods & _FONTS:
            uris = [one.get("URI", "") for one in data.iter() if name_of(one) == "cipherreference"]
            raise refusal(
                archive.shown("META-INF/encryption.xml"), "import-archive",
                f"{(uris or ['its text'])[0][:80]} is encrypted",
                "ask the publisher for a file without a lock",
            )  # fmt: skip


# ---- the package ---------------------------------------------------------------------------------


def _package(archive: Archive, findings: Findings) -> _Package:
    container = _xml(archive, "META-INF/container.xml", findings)
    files = [one.get("full-path", "") for one in container.iter() if name_of(one) == "rootfile"]
    path = next((unquote(one) for one in files if one), "")
    if path not in archive:
        raise refusal(
            archive.shown("META-INF/container.xml"), "import-part-missing",
            f"it names the package {path[:80] or 'nowhere'}, which is not there", "repair the EPUB",
        )  # fmt: skip
    root = _xml(archive, path, findings)
    place = archive.shown(path)
    package = _Package(_meta(root, place, findings))
    for one in root.iter():
        name = name_of(one)
        if name == "item" and (id_ := one.get("id")):
            where = resolve(path, unquote(one.get("href", "")))
            words = frozenset(one.get("properties", "").split())
            package.items.setdefault(id_, _Item(id_, where, one.get("media-type", ""), words))
        elif name == "itemref" and (id_ := one.get("idref")):
            package.spine.append(id_)
        elif name == "reference":
            where = resolve(path, unquote(one.get("href", "").partition("#")[0]))
            package.guide[where] = one.get("type", "").lower()
    package.ours = {"doc-title-page", "doc-colophon", "nav"} <= package.items.keys() and any(
        id_.startswith("doc-section-") for id_ in package.items
    )
    return package


def _meta(root: Element, place: Place, findings: Findings) -> Meta:
    """Read Dublin Core, with the roles that refine it."""
    refined = {
        one.get("refines", "").lstrip("#"): (one.text or "").strip()
        for one in root.iter()
        if name_of(one) == "meta" and one.get("property") == "role"
    }
    said: dict[str, object] = {}
    people: list[dict[str, str]] = []
    subjects: list[str] = []
    for one in (one for one in root.iter() if "purl.org/dc" in str(one.tag)):
        name, words = name_of(one), " ".join((one.text or "").split())
        if not words:
            continue
        if name in {"creator", "contributor"}:
            people += _person(one, words, refined)
        elif name == "subject":
            subjects.append(words)
        elif key := _key(one, name, words):
            said.setdefault(key, words)
    if subjects:
        said["subjects"] = subjects
    meta = meta_of(said, lambda _: place, findings)
    return Meta(meta.title, {**({"contributors": people} if people else {}), **meta.header})


def _person(one: Element, words: str, refined: dict[str, str]) -> Iterator[dict[str, str]]:
    """Give who made a book, and as what; who made only the file is not carried."""
    role = refined.get(one.get("id", "")) or one.get(f"{_OPF}role")
    role = role or ("aut" if name_of(one) == "creator" else "")
    if re.fullmatch(r"[a-z]{3}", role) and role != "bkp":
        yield {"name": words[:2000], "role": role}


def _key(one: Element, name: str, words: str) -> str:
    """Name the key of our header for an element, '' where none is meant."""
    if name == "identifier":
        return "isbn" if isbn_of(words) else ""
    if name == "date":
        return "date" if date_of(words) and one.get(f"{_OPF}event") != "modification" else ""
    return name if name in {"title", "language", "publisher", "rights", "description"} else ""


# ---- pages ---------------------------------------------------------------------------------------


def _sheet(archive: Archive, item: _Item, package: _Package, findings: Findings) -> Sheet | None:
    """Read a page of the spine; None where it is left out, which is told."""
    place = archive.shown(item.path)
    if item.media not in _PAGES:
        findings.warning(
            place, "import-not-carried", f"a page of the kind {item.media[:60]} is left out",
            "put the picture into a chapter if it belongs there",
        )  # fmt: skip
        return None
    if "nav" in item.properties:
        _tell_left(place, "the contents", "", findings)
        return None
    text = decode(archive.read(item.path), place, findings, marked_up=True)
    body = body_of(parse_page(text, place, findings, xhtml=True))
    types = _types(body) | {package.guide.get(item.path, "")}
    if package.ours and _OWN_PAGES.fullmatch(item.id):
        _tell_left(place, "a page that every build makes anew", words_in(body), findings)
        return None
    for kind in sorted(types & _LEFT.keys()):
        if kind != "cover" or not words_in(body):
            _tell_left(place, _LEFT[kind], words_in(body), findings)
            return None
    return Sheet(Page(item.path, place.file, body), _kind(types))


def _tell_left(place: Place, what: str, words: str, findings: Findings) -> None:
    said = f": {shown(words, 60)}" if words else ""
    findings.note(
        place, "import-left-out", f"left out: {what}{said}",
        "builds make it anew from booklet.yaml and the manuscript",
    )  # fmt: skip


def _types(body: Element) -> set[str]:
    """Give what a page says that it is: its body, and what alone is in it."""
    found = types_of(body)
    inner = [one for one in body if isinstance(one.tag, str)]
    while len(inner) == 1:
        found |= types_of(inner[0])
        if name_of(inner[0]) == "nav":
            found.add("toc")
        inner = [one for one in inner[0] if isinstance(one.tag, str)]
    return found


def _kind(types: set[str]) -> Kind:
    if types & _BACK:
        return "back"
    return "front" if types & _FRONT else ""


def _leave_own(room: Room, sheets: list[Sheet], archive: Archive) -> None:
    """Take out the numbers that our own builds set: the next build sets them again."""
    count = 0
    for sheet in sheets:
        for element in _own_words(sheet.page.body):
            room.leave_out(element)
            count += 1
    if count:
        room.findings.note(
            archive.place, "import-left-out",
            f"left out: {count} numbers of sections and excerpts, which booklet itself had set",
            "builds set them anew",
        )  # fmt: skip


def _own_words(body: Element) -> Iterator[Element]:
    for element in body.iter():
        if isinstance(element.tag, str) and classes_of(element) & _OWN_WORDS:
            yield element
