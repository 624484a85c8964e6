"""A Word document: its parts, styles and numbers, and what of them no manuscript has."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from booklet.errors import Findings, Place
from booklet.importing.archive import Archive
from booklet.importing.decoding import decode
from booklet.importing.docx_body import Body
from booklet.importing.docx_styles import (
    Numbers,
    Styles,
    attribute,
    local,
    read_numbers,
    read_styles,
)
from booklet.importing.elements import Element, shown, words_in
from booklet.importing.meta import meta_of
from booklet.importing.parsing import parse_xml
from booklet.importing.reading import Reading, Sheet
from booklet.importing.refusal import refusal
from booklet.importing.room import Page, Room
from booklet.importing.tree import Draft, Meta
from booklet.model.transcript import visible

MAIN = "word/document.xml"
_MOST = 20
_JUNK = re.compile(r"(?:Microsoft |PowerPoint|untitled|无标题|文档\d*|document\d*$)", re.IGNORECASE)


@dataclass(slots=True)
class Package:
    """The parts of a Word document."""

    archive: Archive
    findings: Findings
    styles: Styles = field(default_factory=Styles)
    numbers: Numbers = field(default_factory=Numbers)

    def xml(self, name: str) -> Element | None:
        """Parse a part; None where there is none."""
        if name not in self.archive:
            return None
        place = self.archive.shown(name)
        data = decode(self.archive.read(name), place, self.findings, marked_up=True)
        return parse_xml(data, place)

    def relations(self, part: str) -> dict[str, tuple[str, bool]]:
        """Give the addresses that a part refers to, by id, and whether they are outside."""
        folder, base = posixpath.split(part)
        root = self.xml(f"{folder}/_rels/{base}.rels")
        found: dict[str, tuple[str, bool]] = {}
        for one in () if root is None else root:
            target = one.get("Target", "")
            if target.startswith("/"):
                target = f"{'../' * (part.count('/'))}{target[1:]}"
            found[one.get("Id", "")] = target, one.get("TargetMode") == "External"
        return found


def read_docx(archive: Archive, findings: Findings) -> Draft:
    """Read a Word document.

    Raises:
        InputError: It is damaged, or words of it would be lost.
    """
    package = Package(archive, findings)
    package.styles = read_styles(package.xml("word/styles.xml"))
    package.numbers = read_numbers(package.xml("word/numbering.xml"))
    root = package.xml(MAIN)
    main = None if root is None else next((one for one in root if local(one) == "body"), None)
    place = archive.shown(MAIN)
    if main is None:
        raise refusal(place, "import-markup", "it holds no body", "save the document again")
    page = etree.Element("body")
    body = Body(package.styles, package.numbers, findings, place.file)
    body.read(main, page, package.relations(MAIN))
    counted = [main]
    for kind in ("footnote", "endnote"):
        part = f"word/{kind}s.xml"
        notes = package.xml(part)
        if notes is not None:
            shown_part = archive.shown(part).file
            counted += body.read_notes(notes, page, package.relations(part), kind, shown_part)
    _check_words(counted, page, body.skipped, place)
    _tell_others(package)
    meta = _meta(package, body)
    room = Room(archive, findings)
    draft = Reading(room, meta, [Sheet(Page(MAIN, place.file, page))])
    return draft.draft()


def _check_words(parts: list[Element], page: Element, skipped: list[str], place: Place) -> None:
    """Refuse a document of which not every word was read or told to be left out."""
    said: Counter[str] = Counter()
    for part in parts:
        for one in part.iter():
            if local(one) in {"t", "delText"}:
                said.update(visible(one.text or ""))
    kept = Counter(visible("".join(map(str, page.itertext()))))
    kept.update(visible("".join(skipped)))
    lost, twice = said - kept, kept - said
    twice.pop("\u2011", None)
    if lost.total() or twice.total():
        words = "".join(list(lost or twice)[:10])
        raise refusal(
            place, "import-text-lost",
            f"{(lost or twice).total():,} characters were {'not read' if lost else 'read twice'}, "
            f"such as 「{words}」",
            "this is a fault of the import: report it with this file",
        )  # fmt: skip


def _meta(package: Package, body: Body) -> Meta:
    """Read what the document says of itself; who is logged in is no author."""
    root = package.xml("docProps/core.xml")
    place = package.archive.shown("docProps/core.xml")
    parts = () if root is None else root
    said = {local(one): " ".join((one.text or "").split()) for one in parts}
    title = said.get("title", "")
    keys = {"subject": "description", "keywords": "keywords", "description": "abstract"}
    found = {keys[name]: words for name, words in said.items() if name in keys and words}
    found |= body.said
    creator = said.get("creator", "")
    if creator and creator != body.said.get("author"):
        package.findings.note(
            place, "import-key", f"the document was made by {creator[:60]}",
            "write contributors into booklet.yaml if that is the author",
        )  # fmt: skip
    if title and not body.titled and not _JUNK.match(title):
        found["title"] = title
    return meta_of(found, lambda _: place, package.findings)


def _tell_others(package: Package) -> None:
    """Name the parts with words that stand outside the text: headers, comments."""
    findings, archive = package.findings, package.archive
    for name in archive.names:
        if re.fullmatch(r"word/(?:header|footer)\d*\.xml", name):
            root = package.xml(name)
            words = "" if root is None else words_in(root)
            if words:
                findings.warning(
                    archive.shown(name), "import-not-carried",
                    f"words outside the text are left out: {shown(words, 40)}",
                    "running heads and folios come from the theme",
                )  # fmt: skip
    root = package.xml("word/comments.xml")
    comments = [] if root is None else [one for one in root if local(one) == "comment"]
    for comment in comments[:_MOST]:
        findings.warning(
            archive.shown("word/comments.xml"), "import-not-carried",
            f"a comment by {attribute(comment, 'author')[:40] or 'somebody'} is left out: "
            f"{shown(words_in(comment), 60)}",
            f"there are {len(comments)} comments; settle them in the document",
        )  # fmt: skip
    for name in archive.names:
        if re.fullmatch(r"word/(?:afchunk|chunk)[^/]*", name, re.IGNORECASE):
            findings.warning(
                archive.shown(name), "import-not-carried", "a document within the document",
                "import it by itself",
            )  # fmt: skip
