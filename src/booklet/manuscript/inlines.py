"""Inline nodes of the parser to the inlines of the model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from markdown_it.tree import SyntaxTreeNode

from booklet.errors import Findings, Place
from booklet.manuscript import html
from booklet.manuscript.ids import Ids
from booklet.model.content import (
    LINK_SCHEMES,
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
    plain,
)

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


@dataclass(slots=True)
class Inliner:
    """Turns inline nodes into inlines, and remembers what must be checked at the end.

    Attributes:
        findings: Where faults are told.
        ids: Every id that the author gives, and every link to one.
        notes: Id of each note by its label, for the document being read.
        pictures: Every picture with its place.
    """

    findings: Findings
    ids: Ids
    notes: dict[str, str] = field(default_factory=dict)
    pictures: list[tuple[Picture, Place]] = field(default_factory=list)

    def inlines(self, nodes: Iterable[SyntaxTreeNode]) -> Inlines:
        """Convert nodes, joining neighbouring text."""
        return join(inline for node in nodes for inline in self._convert(node))

    def lines(self, nodes: Iterable[SyntaxTreeNode]) -> tuple[Inlines, ...]:
        """Convert nodes to lines: one for each line of the source."""
        lines: list[list[SyntaxTreeNode]] = [[]]
        for node in nodes:
            if node.type in {"softbreak", "hardbreak"}:
                lines.append([])
            else:
                lines[-1].append(node)
        return tuple(self.inlines(line) for line in lines)

    def _convert(self, node: SyntaxTreeNode) -> Inlines:
        match node.type:
            case "text":
                return (Text(node.content),)
            case "softbreak":
                return (Text(" "),) if node.meta.get("space") else ()
            case "hardbreak":
                return (Break(),)
            case "strong":
                return self._marked(node, Strong(self.inlines(node.children)))
            case "em":
                return self._marked(node, Emphasis(self.inlines(node.children)))
            case "code_inline":
                return self._marked(node, Code(node.content))
            case "ruby":
                return (Ruby(node.content, node.info),)
            case _:
                return self._convert_rest(node)

    def _convert_rest(self, node: SyntaxTreeNode) -> Inlines:
        match node.type:
            case "note_call":
                note = self.notes.get(node.info)
                return (NoteRef(note),) if note else ()
            case "span":
                return self._marked(node, *self.inlines(node.children))
            case "link":
                return self._link(node)
            case "image":
                return self._marked(node, self.picture(node))
            case "html_inline":
                return self._html(node)
            case _:
                self.findings.error(
                    place_of(node), "markup-unsupported", f"{node.type} is not supported here"
                )
                return (Text(node.content),) if node.content else self.inlines(node.children)

    def _marked(self, node: SyntaxTreeNode, *inlines: Inline) -> Inlines:
        """Wrap inlines in a span where the author gave them classes."""
        ignored = [key for key in node.attrs if key.startswith("data-")]
        if "id" in node.attrs:
            ignored.append("#" + str(node.attrs["id"]))
            self.ids.author(str(node.attrs["id"]), place_of(node), used=False)
        self.ignore([key.removeprefix("data-") for key in ignored], place_of(node))
        classes = tuple(str(node.attrs.get("class", "")).split())
        return (Span(classes, inlines),) if classes else inlines

    def ignore(self, keys: list[str], place: Place) -> None:
        """Tell of attributes that nothing can be made of."""
        for key in keys:
            self.findings.warning(
                place,
                "attribute-ignored",
                f"the attribute {key} has no effect here",
                "classes work everywhere; an id works on headings and on texts with attribution",
            )

    def _link(self, node: SyntaxTreeNode) -> Inlines:
        target, place = str(node.attrs.get("href", "")), place_of(node)
        children = self.inlines(node.children)
        if "title" in node.attrs:
            self.ignore(["title of the link"], place)
        if target.startswith("#"):
            self.ids.link(unquote(target[1:]), place)
            return self._marked(node, Link("#" + unquote(target[1:]), children))
        scheme = _SCHEME.match(target)
        if scheme and scheme[1].lower() in LINK_SCHEMES:
            return self._marked(node, Link(target, children))
        self.findings.error(
            place,
            "link-scheme",
            f"a link to {target or 'nothing'} works in no edition",
            f"links may begin with {':, '.join(LINK_SCHEMES)}: or #",
        )
        return children

    def picture(self, node: SyntaxTreeNode) -> Picture:
        """Convert a picture, and note it for the check of its file."""
        source, place = str(node.attrs.get("src", "")), place_of(node)
        alt = "".join(words_of(child) for child in node.children).strip()
        picture = Picture(source, alt)
        self.pictures.append((picture, place))
        if not alt:
            self.findings.warning(
                place,
                "alt-missing",
                f"the picture {source} has no words for those who do not see it",
                "write them between the brackets: ![a map of the city](images/map.png)",
            )
        return picture

    def _html(self, node: SyntaxTreeNode) -> Inlines:
        if node.content.startswith("<!--"):
            return ()
        if not node.content.startswith("</"):  # its opening tag was told
            self.findings.warning(
                place_of(node),
                "raw-html",
                f"the HTML {' '.join(node.content.split())[:40]} is left out",
                "use Markdown; the words around it are kept",
            )
        return (Break(),) if re.match(r"<br\b", node.content, re.IGNORECASE) else _html_text(node)


def _html_text(node: SyntaxTreeNode) -> Inlines:
    words = html.words_of(node.content)
    return (Text(words),) if words else ()


def words_of(node: SyntaxTreeNode) -> str:
    """Give the words of an inline node, without its marks."""
    return node.content if not node.children else "".join(words_of(c) for c in node.children)


def place_of(node: SyntaxTreeNode) -> Place:
    """Give the place that the parser found for an inline node."""
    place = node.meta.get("place")
    while not isinstance(place, Place) and node.parent is not None and not node.parent.is_root:
        node = node.parent
        place = node.meta.get("place")
    return place if isinstance(place, Place) else Place("")


def join(inlines: Iterable[Inline]) -> Inlines:
    """Make one text of neighbouring texts, and drop empty ones."""
    joined: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + inline.text)
        elif not isinstance(inline, Text) or inline.text:
            joined.append(inline)
    return tuple(joined)


def split(inlines: Inlines, count: int) -> tuple[Inlines, Inlines]:
    """Part inlines after ``count`` characters of their plain words; marks go with their words."""
    head: list[Inline] = []
    for index, inline in enumerate(inlines):
        length = len(plain((inline,)))
        if length <= count and (count > 0 or length == 0) and not _at_end(inline, count):
            head.append(inline)
            count -= length
            continue
        if count <= 0:
            return tuple(head), inlines[index:]
        before, after = _split_one(inline, count)
        return (*head, *before), (*after, *inlines[index + 1 :])
    return tuple(head), ()


def _at_end(inline: Inline, count: int) -> bool:
    """Tell whether a call or picture stands right where the words are parted: it goes after."""
    return count <= 0 and isinstance(inline, (NoteRef, Picture, Break))


def _split_one(inline: Inline, count: int) -> tuple[Inlines, Inlines]:
    match inline:
        case Text(text):
            return (Text(text[:count]),), (Text(text[count:]),)
        case Code(text):
            return (Code(text[:count]),), (Code(text[count:]),)
        case Strong(children):
            before, after = split(children, count)
            return (Strong(before),), (Strong(after),)
        case Emphasis(children):
            before, after = split(children, count)
            return (Emphasis(before),), (Emphasis(after),)
        case Link(target, children):
            before, after = split(children, count)
            return (Link(target, before),), (Link(target, after),)
        case Span(classes, children):
            before, after = split(children, count)
            return (Span(classes, before),), (Span(classes, after),)
        case _:
            return (), (inline,)
