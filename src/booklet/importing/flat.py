"""A line of text as atoms with their marks, before it is made a tree of inlines.

Foreign markup opens and closes its marks anywhere, parts one emphasis into many, and counts white
space otherwise. All of it is easier to put in order where a line is flat.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from booklet.manuscript.markdown import is_chinese, lines_join
from booklet.model.content import (
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    NoteRef,
    Picture,
    Ruby,
    Span,
    Strong,
    Text,
)

STRONG, EMPHASIS, LINK, SPAN = "strong", "em", "link", "span"
_ORDER = (SPAN, LINK, EMPHASIS, STRONG)
"""From the outermost to the innermost: ``***`` is read so, and no link may hold a span."""
_PIECES = re.compile(r"[ \t\n\r\f]+|[^ \t\n\r\f]+")

Mark = tuple[str, str]
"""A kind, and the target of a link or the classes of a span."""


@dataclass(frozen=True, slots=True)
class Atom:
    """What has no parts: characters, or one inline without children."""

    item: Text | Code | Ruby | NoteRef | Picture | Break
    marks: tuple[Mark, ...] = ()


def paragraphs(atoms: Iterable[Atom]) -> tuple[Inlines, ...]:
    """Make paragraphs: white space as HTML has it, two breaks part paragraphs."""
    lines: list[list[Atom]] = [[]]
    breaks = 0
    for atom in _trimmed(_spaced(atoms)):
        breaks = breaks + 1 if isinstance(atom.item, Break) else 0
        if breaks == 2:
            lines.append([])
        elif breaks < 2:
            lines[-1].append(atom)
    made = (_nested(_settled(_trimmed(line))) for line in lines)
    return tuple(line for line in made if line)


def _spaced(atoms: Iterable[Atom]) -> list[Atom]:
    """Collapse white space; the end of a line of the source between Chinese is none."""
    done: list[Atom] = []
    last, gap = "", ""
    for atom in atoms:
        if isinstance(atom.item, Break):
            gap = ""
        pieces = _PIECES.findall(atom.item.text) if isinstance(atom.item, Text) else [""]
        for piece in pieces:
            if piece and piece[0] in " \t\n\r\f":
                gap = "\n" if "\n" in piece or gap == "\n" else " "
                continue
            whole = Text(piece) if piece else atom.item
            first = _ends(whole)[0]
            if gap and done and not isinstance(done[-1].item, Break) and _parts(gap, last, first):
                done.append(Atom(Text(" ")))
            gap = ""
            done.append(replace(atom, item=whole))
            last = _ends(whole)[1] or (last if isinstance(whole, NoteRef) else "")
    return done


def _parts(gap: str, last: str, first: str) -> bool:
    """Tell whether white space in the source is a space in the text."""
    if gap == " ":
        return True
    if last and first:
        return not lines_join(last, first)
    return not is_chinese(last or first or "文")


def _ends(item: Inline) -> tuple[str, str]:
    match item:
        case Text(text) | Code(text) | Ruby(text):
            return text[:1], text[-1:]
        case _:
            return "", ""


def _trimmed(atoms: Sequence[Atom]) -> list[Atom]:
    """Take white space and breaks from both ends, also those of full width."""
    kept = [atom for atom in atoms if not isinstance(atom.item, Text) or atom.item.text]
    while kept and _is_blank(kept[0]):
        kept.pop(0)
    while kept and _is_blank(kept[-1]):
        kept.pop()
    if kept and isinstance(first := kept[0].item, Text):
        kept[0] = replace(kept[0], item=Text(first.text.lstrip()))
    if kept and isinstance(last := kept[-1].item, Text):
        kept[-1] = replace(kept[-1], item=Text(last.text.rstrip()))
    return kept


def _is_blank(atom: Atom) -> bool:
    return isinstance(atom.item, Break) or (
        isinstance(atom.item, Text) and not atom.item.text.strip()
    )


def _settled(atoms: Sequence[Atom]) -> list[Atom]:
    """Keep white space and breaks out of the edges of marks, where no Markdown can have them."""
    parts: list[Atom] = []
    for atom in atoms:
        if not isinstance(atom.item, Text) or not atom.marks or not atom.item.text.strip():
            parts.append(atom)
            continue
        text = atom.item.text
        core = text.strip()
        start = text.index(core)
        for piece in (text[:start], core, text[start + len(core) :]):
            if piece:
                parts.append(replace(atom, item=Text(piece)))
    marks = [_ordered(_free(atom)) for atom in parts]
    solid = [at for at, atom in enumerate(parts) if not _is_blank(atom)]
    for at, atom in enumerate(parts):
        if _is_blank(atom):
            next_ = bisect(solid, at)
            before = marks[solid[next_ - 1]] if next_ else ()
            after = marks[solid[next_]] if next_ < len(solid) else ()
            marks[at] = _common(before, after)
    return [replace(atom, marks=own) for atom, own in zip(parts, marks, strict=True)]


def _free(atom: Atom) -> tuple[Mark, ...]:
    """Give the marks of an atom; a call of a note leads to its note and nowhere else."""
    call = isinstance(atom.item, NoteRef)
    return tuple(mark for mark in atom.marks if not (call and mark[0] == LINK))


def _ordered(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Order marks, each kind once but for spans."""
    kept: dict[Mark, None] = {}
    for mark in sorted(marks, key=lambda mark: _ORDER.index(mark[0])):
        if mark[0] != LINK or not any(other[0] == LINK for other in kept):
            kept.setdefault(mark)
    return tuple(kept)


def _common(one: tuple[Mark, ...], other: tuple[Mark, ...]) -> tuple[Mark, ...]:
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return one[:same]


def _nested(atoms: Sequence[Atom], depth: int = 0) -> Inlines:
    """Make a tree of neighbours that share a mark."""
    done: list[Inline] = []
    at = 0
    while at < len(atoms):
        mark = atoms[at].marks[depth] if len(atoms[at].marks) > depth else None
        end = at + 1
        if mark is None:
            _append(done, atoms[at].item)
        else:
            while end < len(atoms) and atoms[end].marks[depth : depth + 1] == (mark,):
                end += 1
            done.append(_wrapped(mark, _nested(atoms[at:end], depth + 1)))
        at = end
    return tuple(done)


def _append(done: list[Inline], item: Inline) -> None:
    if done and isinstance(item, Text) and isinstance(before := done[-1], Text):
        done[-1] = Text(before.text + item.text)
    elif done and isinstance(item, Code) and isinstance(before := done[-1], Code):
        done[-1] = Code(before.text + item.text)
    else:
        done.append(item)


def _wrapped(mark: Mark, children: Inlines) -> Inline:
    match mark[0]:
        case "strong":
            return Strong(children)
        case "em":
            return Emphasis(children)
        case "link":
            return Link(mark[1], children)
        case _:
            return Span(tuple(mark[1].split()), children)
