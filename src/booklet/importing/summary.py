"""A folder of Markdown whose order SUMMARY.md gives, as mdBook, GitBook and HonKit have it."""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from booklet.errors import Findings, InputError, Place
from booklet.importing.archive import Archive
from booklet.importing.decoding import decode
from booklet.importing.files import LooseFiles
from booklet.importing.headers import split_front_matter
from booklet.importing.html import body_of
from booklet.importing.includes import Includer
from booklet.importing.markdown import Rows, to_html
from booklet.importing.meta import meta_of
from booklet.importing.parsing import parse_page
from booklet.importing.reading import Reading, Sheet
from booklet.importing.refusal import refusal
from booklet.importing.room import Page, Room, resolve
from booklet.importing.tree import Draft, Meta

SUMMARY = "SUMMARY.md"
MOST_TOLD = 20
_INDEXES = {"readme", "index"}
"""Names of chapters that stand for their folder."""
_MARKDOWN = (".md", ".markdown")

Tree = Archive | LooseFiles


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: a chapter, or a part where it leads nowhere."""

    title: str
    target: str
    depth: int
    line: int


def read_summary(files: Tree, place: Place, findings: Findings) -> Draft:
    """Read the chapters that SUMMARY.md lists, in its order.

    Raises:
        InputError: There is no SUMMARY.md, or a chapter is missing or cannot be read.
    """
    name = _find(files)
    if name is None:
        raise refusal(
            place, "import-kind", "the folder holds no SUMMARY.md",
            "list its chapters in SUMMARY.md: - [title](file.md); or import one file of it",
        )  # fmt: skip
    shown = files.shown(name)
    entries = list(_entries(decode(files.read(name), shown, findings)))
    room, faults = Room(files, findings), Findings()
    sheets: list[Sheet] = []
    seen: set[str] = set()
    part = ""
    for entry in entries:
        where = Place(shown.file, entry.line)
        if not entry.target:
            part = f"{part} {entry.title}".strip()
            continue
        path = resolve(name, unquote(entry.target.partition("#")[0]))
        if path in seen:
            continue
        seen.add(path)
        if not path or path not in files:
            faults.error(
                where, "import-part-missing", f"there is no chapter {entry.target[:80]}",
                "correct the line of SUMMARY.md, or delete it",
            )  # fmt: skip
            continue
        try:
            sheets.append(_sheet(files, path, entry, part, findings))
        except InputError as error:
            faults.extend(error.diagnostics)
        part = ""
    if faults.fatal:
        raise InputError("nothing was imported", (*findings, *faults))
    _alias(room, sheets)
    _tell_others(files, name, seen, findings)
    return Reading(room, _meta(files, name, findings), sheets, parted=True).draft()


def _find(files: Tree) -> str | None:
    """Find the contents: at the top, in ``src``, or where the tool's own file says."""
    found = [one for one in files.names if posixpath.basename(one) == SUMMARY]
    return min(found, key=lambda one: (one.count("/"), one), default=None)


def _entries(text: str) -> Iterator[Entry]:
    """Read the lines of the contents."""
    depth = 0
    tokens = MarkdownIt("commonmark").parse(text)
    first_heading = next((i for i, one in enumerate(tokens) if one.type == "heading_open"), -1)
    for at, token in enumerate(tokens):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
        elif token.type == "inline":
            line = (token.map[0] if token.map else 0) + 1
            links = list(_links(token.children or []))
            for title, target in links:
                yield Entry(title, target, max(0, depth - 1), line)
            headed = tokens[at - 1].type == "heading_open"
            summary = headed and at - 1 == first_heading and tokens[at - 1].tag == "h1"
            if not links and (depth or headed) and not summary and token.content.strip():
                yield Entry(_plain(token.children or []), "", max(0, depth - 1), line)


def _links(children: list[Token]) -> Iterator[tuple[str, str]]:
    """Yield words and address of each link; a draft has no address and is a part."""
    start: int | None = None
    for at, child in enumerate(children):
        if child.type == "link_open":
            start = at
        elif child.type == "link_close" and start is not None:
            target = str(children[start].attrs.get("href", ""))
            if not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|//", target):
                yield _plain(children[start:at]), target
            start = None


def _plain(children: list[Token]) -> str:
    return " ".join("".join(child.content for child in children).split())


def _sheet(files: Tree, path: str, entry: Entry, part: str, findings: Findings) -> Sheet:
    place = files.shown(path)
    text = decode(files.read(path), place, findings)
    _, body, first = split_front_matter(text, place, findings)
    body, numbers = Includer(files, path, findings).expand(body, first)
    html = to_html(body, Rows(place.file, first, numbers), findings)
    root = parse_page(html, place, findings, xhtml=False)
    page = Page(path, place.file, body_of(root), slugs=True)
    stem = posixpath.splitext(posixpath.basename(path))[0]
    if stem.lower() in _INDEXES:
        stem = posixpath.basename(posixpath.dirname(path)) or stem
    return Sheet(page, "", entry.depth, stem, entry.title, part, whole=True)


def _alias(room: Room, sheets: list[Sheet]) -> None:
    """Let links to the pages of a site lead to the chapters that they were made of."""
    for sheet in sheets:
        stem = posixpath.splitext(sheet.page.name)[0]
        room.aliases.setdefault(f"{stem}.html", sheet.page.name)
        if posixpath.basename(stem).lower() in _INDEXES:
            folder = posixpath.dirname(stem)
            for other in (folder or ".", posixpath.join(folder, "index.html")):
                room.aliases.setdefault(other, sheet.page.name)


def _tell_others(files: Tree, summary: str, seen: set[str], findings: Findings) -> None:
    """Name the chapters that the contents do not list."""
    root = posixpath.dirname(summary)
    others = [
        name for name in files.names
        if name.endswith(_MARKDOWN) and name not in seen and name != summary
        and posixpath.dirname(name).startswith(root)
    ]  # fmt: skip
    for name in others[:MOST_TOLD]:
        findings.note(
            files.shown(name), "import-left-out", "SUMMARY.md does not list this file",
            "list it there if it belongs to the book",
        )  # fmt: skip
    if len(others) > MOST_TOLD:
        findings.note(
            files.shown(summary), "import-left-out",
            f"it does not list {len(others) - MOST_TOLD} others",
        )  # fmt: skip


def _meta(files: Tree, summary: str, findings: Findings) -> Meta:
    """Read what the tool's own file says of the book."""
    top = posixpath.dirname(summary)
    for folder in dict.fromkeys((top, posixpath.dirname(top))):
        for base in ("book.toml", "book.json"):
            name = posixpath.join(folder, base)
            if name not in files:
                continue
            try:
                text = decode(files.read(name), files.shown(name), findings)
                told = (
                    tomllib.loads(text).get("book", {}) if base == "book.toml" else json.loads(text)
                )
            except (ValueError, RecursionError) as error:
                findings.warning(
                    files.shown(name), "import-repaired", f"it cannot be read: {error}",
                    "write title and author into booklet.yaml yourself",
                )  # fmt: skip
                continue
            keys = ("title", "author", "authors", "description", "language", "isbn")
            if isinstance(told, dict):
                said = {key: told[key] for key in keys if key in told}
                return meta_of(said, lambda _, name=name: files.shown(name), findings)  # type: ignore[misc]
    return Meta()
