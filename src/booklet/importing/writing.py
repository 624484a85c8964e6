"""The model's tree as a manuscript: the inverse of its reader.

What is written is read back where it has marks whose edges Markdown may not take for edges; a mark
that is not read again is left out, and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from booklet.errors import Findings, Place
from booklet.importing import escaping
from booklet.importing.single import unbroken
from booklet.manuscript.blocks import Blocker, Marks
from booklet.manuscript.ids import Ids
from booklet.manuscript.inlines import Inliner, join
from booklet.manuscript.markdown import parse
from booklet.manuscript.source import Source
from booklet.model.content import (
    Block,
    Blocks,
    Box,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Figure,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    Note,
    NoteRef,
    Paragraph,
    Picture,
    Quote,
    Ruby,
    Rule,
    Span,
    Strong,
    Table,
    Text,
    Verse,
    plain,
)

_MOST_TRIED = 2_000
"""Inlines of a paragraph whose marks are tried one by one."""
_TICKS = re.compile("`+")


@dataclass(slots=True)
class Writer:
    """Writes one file of a manuscript.

    Attributes:
        findings: Told of marks that cannot be written.
        notes: Every note by its id.
        ids: Ids of headings that links lead to.
    """

    findings: Findings
    notes: Mapping[str, Note]
    ids: frozenset[str]
    called: dict[str, None] = field(default_factory=dict)

    def file(self, blocks: Blocks) -> str:
        """Write blocks, and after them the notes that they call."""
        parts = [self.blocks(blocks)]
        written: set[str] = set()
        while waiting := [note for note in self.called if note not in written]:
            for note in waiting:
                written.add(note)
                parts.append(self._note(self.notes[note]))
        return "\n\n".join(part for part in parts if part) + "\n"

    def _note(self, note: Note) -> str:
        return f"[^{note.id}]: " + _indented(self.blocks(note.blocks), "    ")

    # ---- blocks ------------------------------------------------------------------------------

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Write blocks, parted by empty lines."""
        parts: list[str] = []
        before: Block | None = None
        other = False
        for block in blocks:
            same = type(before) is type(block) and isinstance(block, Listing)
            other = not other if same and _kind(before) == _kind(block) else False
            text = self._block(block, other=other)
            if text:
                parts.append(text)
                before = block
        return "\n\n".join(parts)

    def _block(self, block: Block, *, other: bool = False) -> str:
        match block:
            case Paragraph(inlines, place):
                return self.paragraph(inlines, place)
            case Heading(level, id_, inlines, place):
                return self.heading(level, id_, inlines, place)
            case Quote(inner):
                return _prefixed(self.blocks(inner), "> ")
            case Listing():
                return self._listing(block, other=other)
            case Table():
                return self._table(block)
            case Figure():
                return self._figure(block)
            case CodeBlock(text, language):
                return _fenced(text, language)
            case Box(classes, inner):
                return self._box(classes, self.blocks(inner))
            case Verse(lines, place):
                return self._box(("verse",), self._verse(lines, place))
            case Rule():
                return "***"
            case _:
                msg = f"no source is written for {type(block).__name__}"
                raise TypeError(msg)

    def paragraph(self, inlines: Inlines, place: Place) -> str:
        """Write a paragraph; every line is protected at its beginning."""
        written = self._marked(inlines, place)
        return "\n".join(escaping.start(line) for line in written.split("\n"))

    def heading(self, level: int, id_: str, inlines: Inlines, place: Place) -> str:
        """Write a heading in one line."""
        words = escaping.heading(self._marked(unbroken(inlines), place))
        mark = f" {{#{id_}}}" if id_ in self.ids else ""
        return f"{'#' * level} {words}{mark}"

    def _listing(self, block: Listing, *, other: bool) -> str:
        items = []
        for number, item in enumerate(block.items, block.start or 0):
            bullet = "+" if other else "-"
            marker = bullet if block.start is None else f"{number}{')' if other else '.'}"
            words = self._tight(item) if block.tight else self.blocks(item)
            items.append(f"{marker} " + _indented(words, " " * (len(marker) + 1)))
        return ("\n" if block.tight else "\n\n").join(item.rstrip() for item in items)

    def _tight(self, item: Blocks) -> str:
        words = ""
        for block in item:
            parted = words and not _follows_at_once(block)
            words += ("\n\n" if parted else "\n" if words else "") + self._block(block)
        return words

    def _table(self, block: Table) -> str:
        sides = {"left": ":---", "right": "---:", "center": ":---:"}
        columns = max(len(block.head), 1)
        aligns = [*block.aligns, *[""] * columns][:columns]
        rows = [self._row(block.head, block.place)]
        rows.append("| " + " | ".join(sides.get(align, "---") for align in aligns) + " |")
        rows += [self._row(row, block.place) for row in block.rows]
        return "\n".join(rows)

    def _row(self, cells: tuple[Inlines, ...], place: Place) -> str:
        return (
            "| " + " | ".join(escaping.cell(self._marked(unbroken(c), place)) for c in cells) + " |"
        )

    def _figure(self, block: Figure) -> str:
        caption = plain(block.caption)
        title = f' "{escaping.title(caption)}"' if caption else ""
        return self._picture(block.picture, title)

    def _picture(self, picture: Picture, title: str = "") -> str:
        return f"![{escaping.inline(picture.alt)}]({escaping.destination(picture.source)}{title})"

    def _box(self, classes: tuple[str, ...], inner: str) -> str:
        longest = max((len(run) for run in re.findall(r"^[ >]*(:{3,})", inner, re.MULTILINE)),
                      default=2)  # fmt: skip
        fence = ":" * max(3, longest + 1)
        head = classes[0] if len(classes) == 1 else "{" + " ".join(f".{n}" for n in classes) + "}"
        return f"{fence} {head}\n{inner}\n{fence}"

    def _verse(self, lines: tuple[Inlines, ...], place: Place) -> str:
        return "\n".join(escaping.start(self._marked(unbroken(line), place)) for line in lines)

    # ---- inlines -----------------------------------------------------------------------------

    def _marked(self, inlines: Inlines, place: Place) -> str:
        """Write inlines; leave out marks that would not be read again."""
        written = self._inlines(inlines)
        if not _has_marks(inlines) or _reads_as(written, inlines):
            return written
        if len(inlines) > _MOST_TRIED:
            return self._inlines(join(_unmarked(inlines)))
        kept = join(item for one in inlines for item in self._plainer(one, inlines, place))
        written = self._inlines(kept)
        return written if _reads_as(written, kept) else self._inlines(join(_unmarked(kept)))

    def _plainer(self, item: Inline, around: Inlines, place: Place) -> Inlines:
        """Give an inline without emphasis, unless that is read where it stands."""
        bare = _unmarked((item,))
        at = next(i for i, one in enumerate(around) if one is item)
        near = join((*around[max(0, at - 1) : at], item, *around[at + 1 : at + 2]))
        if bare == (item,) or _reads_as(self._inlines(near), near):
            return (item,)
        self.findings.warning(
            place,
            "import-changed",
            f"「{plain((item,))[:20]}」 is carried without its emphasis",
            "Markdown takes no mark between such characters; move it by a character",
        )
        return bare

    def _inlines(self, inlines: Inlines) -> str:
        written = ""
        for item in _merged(inlines):
            if isinstance(item, Text):
                written += escaping.inline(item.text, written[-1:])
            else:
                written += self._inline(item)
        return written

    def _inline(self, item: Inline) -> str:
        match item:
            case Strong(children):
                return f"**{self._inlines(children)}**"
            case Emphasis(children):
                return f"*{self._inlines(children)}*"
            case Code(text):
                return _code(text)
            case Ruby(base, reading):
                return f"{{{base}|{reading}}}"
            case Span(classes, children):
                names = " ".join(f".{name}" for name in classes)
                return f"[{self._inlines(children)}]{{{names}}}"
            case Link(target, children):
                return f"[{self._inlines(children)}]({escaping.destination(target)})"
            case NoteRef(note):
                self.called.setdefault(note)
                return f"[^{note}]"
            case Picture():
                return self._picture(item)
            case Break():
                return "\\\n"
            case _:
                return ""


# ---- lines ---------------------------------------------------------------------------------------


def _merged(inlines: Inlines) -> Iterator[Inline]:
    """Make one of codes that touch: their marks would run together."""
    for is_code, group in groupby(inlines, key=lambda item: isinstance(item, Code)):
        if is_code:
            yield Code("".join(plain((item,)) for item in group))
        else:
            yield from group


def _unmarked(inlines: Inlines) -> Inlines:
    """Take every emphasis away, and keep its words."""
    done: list[Inline] = []
    for item in inlines:
        match item:
            case Strong(children) | Emphasis(children):
                done += _unmarked(children)
            case Link(_, children) | Span(_, children):
                done.append(replace(item, children=_unmarked(children)))
            case _:
                done.append(item)
    return tuple(done)


def _follows_at_once(block: Block) -> bool:
    """Tell whether a list may follow a line: one from 1, whose first item has words."""
    if not isinstance(block, Listing):
        return False
    first = block.items[0] if block.items else ()
    return block.start in {None, 1} and bool(first) and isinstance(first[0], Paragraph)


def _kind(block: Block | None) -> bool:
    return isinstance(block, Listing) and block.start is None


def _indented(text: str, by: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"{by}{line}" if line else "" for line in rest)])


def _prefixed(text: str, by: str) -> str:
    return "\n".join(f"{by}{line}".rstrip() for line in text.split("\n"))


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    body = text if text.endswith("\n") else f"{text}\n"
    return f"{fence}{language}\n{body}{fence}"


def _code(text: str) -> str:
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    room = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{room}{text}{room}{fence}"


def _has_marks(inlines: Inlines) -> bool:
    return any(isinstance(item, Strong | Emphasis | Link | Span) for item in inlines)


def _reads_as(written: str, inlines: Inlines) -> bool:
    """Tell whether the reader of manuscripts gives the inlines back."""
    findings = Findings()
    source = Source("", f"文\n\n{written}")
    document = parse(source, 0, findings)
    if len(document.blocks) != 2:
        return False
    notes = {one: one for one in re.findall(r"\[\^(\d+)\]", written)}
    blocker = Blocker(source, Inliner(findings, Ids(findings), notes), findings, Marks())
    read = blocker.blocks(document.blocks[1:])
    one = read[0] if len(read) == 1 else None
    return isinstance(one, Paragraph) and _shape(one.inlines) == _shape(inlines)


def _shape(inlines: Inlines) -> list[object]:
    """Give what must be the same of inlines: marks and words."""
    shape: list[object] = []
    for item in inlines:
        match item:
            case Link(_, children):
                shape.append(("link", _shape(children)))
            case Strong(children) | Emphasis(children) | Span(_, children):
                shape.append((type(item).__name__, _shape(children)))
            case Text(text) if shape and isinstance(shape[-1], str):
                shape[-1] += text
            case Text(text):
                shape.append(text)
            case NoteRef() | Picture() | Break():
                shape.append(type(item))
            case _:
                shape.append(item)
    return shape
