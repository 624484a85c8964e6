"""A parted document to the files of a publication: header, manuscripts, pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from booklet.errors import Findings, Place
from booklet.importing import escaping
from booklet.importing.outline import Parts, Piece, file_name, form_of
from booklet.importing.tree import Draft
from booklet.importing.writing import Writer
from booklet.model.content import (
    Block,
    Blocks,
    Box,
    Code,
    CodeBlock,
    Emphasis,
    Figure,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    NoteRef,
    Paragraph,
    Quote,
    Ruby,
    Span,
    Strong,
    Table,
    Text,
    Verse,
    flatten,
)

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_NO_WORDS = {"true", "false", "null", "yes", "no"}

_HEAD = """\
# yaml-language-server: $schema=booklet.schema.json
# Every key is described in the schema beside this file; write it anew with: booklet schema
"""


@dataclass(slots=True)
class Settler:
    """Settles what needs the whole to be known: links, notes, levels, characters."""

    draft: Draft
    findings: Findings
    title: str = ""
    linked: set[str] = field(default_factory=set)
    removed: int = 0

    def blocks(self, blocks: Iterable[Block], *, nested: bool = False) -> Blocks:
        """Settle blocks."""
        return tuple(self._block(block, nested=nested) for block in blocks)

    def _block(self, block: Block, *, nested: bool) -> Block:
        match block:
            case Paragraph(inlines, place):
                return replace(block, inlines=self.inlines(inlines, place))
            case Heading(level, _, inlines, place):
                level = max(3, level) if nested else level
                return replace(block, level=level, inlines=self.inlines(inlines, place))
            case Quote(blocks=inner) | Box(blocks=inner):
                return replace(block, blocks=self.blocks(inner, nested=True))
            case Listing(items=items):
                return replace(
                    block, items=tuple(self.blocks(item, nested=True) for item in items)
                )  # fmt: skip
            case Verse(lines, place):
                return replace(block, lines=tuple(self.inlines(line, place) for line in lines))
            case Table(head, rows, _, place):
                cells = tuple(tuple(self.inlines(cell, place) for cell in row) for row in rows)
                whole = tuple(self.inlines(cell, place) for cell in head)
                return replace(block, head=whole, rows=cells)
            case Figure(caption=caption, place=place):
                return replace(block, caption=self.inlines(caption, place))
            case CodeBlock(text, _, place):
                return replace(block, text=self._printable(text, place))
            case _:
                return block

    def inlines(self, inlines: Inlines, place: Place) -> Inlines:
        """Settle inlines."""
        return tuple(one for item in inlines for one in self._inline(item, place))

    def _inline(self, item: Inline, place: Place) -> Inlines:
        match item:
            case Text(text):
                return (Text(self._printable(text, place)),)
            case Code(text):
                kept = self._printable(text, place)
                return (Code(kept),) if kept.strip() else (Text(kept),)
            case Ruby(base, reading, _):
                base, reading = self._printable(base, place), self._printable(reading, place)
                whole = base.strip() and reading.strip()
                return (Ruby(base, reading),) if whole else (Text(base + reading),)
            case NoteRef(note):
                known = self.draft.notes.get(note)
                return (item,) if known is not None and known.blocks else ()
            case Strong(children) | Emphasis(children) | Span(_, children):
                return (replace(item, children=self.inlines(children, place)),)
            case Link(target, children):
                return self._link(target, self.inlines(children, place), place)
            case _:
                return (item,)

    def _link(self, target: str, children: Inlines, place: Place) -> Inlines:
        if not target.startswith("\0"):
            return (Link(target, children),) if children else ()
        anchors, whole = self.draft.anchors, f"{target[1:].partition('#')[0]}#"
        heading = anchors.get(target[1:]) or anchors.get(whole, "")
        if not heading or heading == self.title:
            self.findings.warning(
                place, "import-link",
                f"the link to {target[1:].strip('#')[:60]} leads to no heading; its words are kept",
            )  # fmt: skip
            return children
        self.linked.add(heading)
        return (Link(f"#{heading}", children),) if children else ()

    def _printable(self, text: str, place: Place) -> str:
        kept, count = escaping.printable(text)
        if count:
            self.findings.warning(
                place, "import-character",
                f"{count} control characters, which nothing can print, are left out",
            )  # fmt: skip
        return kept


@dataclass(frozen=True, slots=True)
class Written:
    """A publication that is not yet on disk.

    Attributes:
        files: By their names in its folder.
        title: The title.
        header: What `booklet.yaml` says.
    """

    files: Mapping[str, bytes]
    title: str
    header: Mapping[str, object]


def assemble(
    draft: Draft, parts: Parts, findings: Findings, *, title: str, book: bool = False
) -> Written:
    """Write header and manuscripts.

    Args:
        draft: The document.
        parts: Its parts.
        findings: What could not be carried.
        title: The title where the document has none.
        book: Whether no text is an excerpt, whatever stands below it.
    """
    settler = Settler(draft, findings, parts.line_id)
    pieces = [_settle(piece, settler) for piece in (*parts.front, *parts.body, *parts.back)]
    notes = {
        name: replace(note, blocks=settler.blocks(note.blocks, nested=True))
        for name, note in draft.notes.items()
    }
    line = settler.inlines(parts.line, parts.place)
    cut = len(parts.front), len(parts.front) + len(parts.body)
    front, body, back = pieces[: cut[0]], pieces[cut[0] : cut[1]], pieces[cut[1] :]
    ids = frozenset(settler.linked)
    texts: dict[str, str] = {}
    names: dict[str, list[str]] = {"front": [], "body": [], "back": []}
    for stem, own in (("front", front), ("body", body), ("back", back)):
        for name, blocks in _files(stem, own, line if stem == "body" else (), parted=draft.parted):
            texts[name] = Writer(findings, notes, ids).file(blocks)
            names[stem].append(name)
    header = _header(draft, parts.title or title, names, "book" if book else form_of(parts))
    if any(isinstance(item, Ruby) for item in flatten(line)):
        header.pop("title")  # the line gives it, with its readings
    files = {"booklet.yaml": (_HEAD + _yaml(header)).encode("utf-8")}
    files |= {name: text.encode("utf-8") for name, text in texts.items()}
    return Written({**files, **draft.pictures}, parts.title or title, header)


@dataclass(frozen=True, slots=True)
class _Settled:
    piece: Piece
    blocks: Blocks
    place: Place


def _settle(piece: Piece, settler: Settler) -> _Settled:
    whole = (*([piece.heading] if piece.heading else []), *piece.blocks)
    place = whole[0].place if whole else Place("")
    return _Settled(piece, settler.blocks(whole), place)


def _files(
    stem: str, pieces: list[_Settled], line: Inlines, *, parted: bool
) -> Iterator[tuple[str, Blocks]]:
    """Gather the blocks of each file; a piece before or after the body is headed by ``#``."""
    title: Blocks = (Heading(1, "", line, Place("")),) if line else ()
    if stem != "body":
        for number, one in enumerate(pieces, 1):
            blocks = tuple(_raised(block) for block in one.blocks)
            yield file_name(one.piece, number, stem), blocks
    elif not parted:
        yield "manuscript.md", (*title, *(block for one in pieces for block in one.blocks))
    else:
        for number, one in enumerate(pieces, 1):
            yield (
                file_name(one.piece, number, "chapter"),
                (*(title if number == 1 else ()), *one.blocks),
            )


def _raised(block: Block) -> Block:
    """Raise the heading of a text before or after the body."""
    return replace(block, level=1) if isinstance(block, Heading) and block.level == 2 else block


def _header(
    draft: Draft, title: str, names: Mapping[str, list[str]], form: str
) -> dict[str, object]:
    header: dict[str, object] = {"title": title, "language": "zh-Hans", **draft.meta.header}
    parts = {part: files for part, files in names.items() if files}
    body = names["body"]
    header["manuscript"] = (body[0] if len(body) == 1 else body) if len(parts) == 1 else parts
    if form:
        header["form"] = form
    header["theme"] = "reader"
    header["editions"] = ["screen", "ebook"]
    return header


def _yaml(header: Mapping[str, object]) -> str:
    """Write YAML: values are JSON, which is YAML, but lists and mappings have their lines."""
    lines: list[str] = []
    for key, value in header.items():
        if isinstance(value, list) and key not in {"editions", "subjects"}:
            lines += [f"{key}:", *(f"  - {_value(one)}" for one in value)]
        elif isinstance(value, dict):
            lines += [f"{key}:", *(f"  {name}: {_value(one)}" for name, one in value.items())]
        else:
            lines.append(f"{key}: {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    """Write a value; a plain word needs no quotation marks."""
    if isinstance(value, str) and _WORD.fullmatch(value) and value.lower() not in _NO_WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
