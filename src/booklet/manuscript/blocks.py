"""Block nodes of the parser to the blocks of the model. Attributions are not yet told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it.tree import SyntaxTreeNode

from booklet.errors import Findings, Place
from booklet.manuscript import html
from booklet.manuscript.attribution import closes_paragraph
from booklet.manuscript.boxes import read_box
from booklet.manuscript.inlines import Inliner, place_of, words_of
from booklet.manuscript.nodes import inline_of, start_of
from booklet.manuscript.source import Source
from booklet.manuscript.tables import check_bars, read_table
from booklet.model.content import (
    Block,
    Blocks,
    Box,
    CodeBlock,
    Figure,
    Heading,
    Inlines,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Text,
)

_FENCE = re.compile(r":{3,}")


@dataclass(frozen=True, slots=True)
class Tail:
    """A paragraph whose last line may be its attribution, parted before that line."""

    body: Inlines
    line: Inlines
    place: Place


@dataclass(slots=True)
class Marks:
    """What the model has no room for, but the making of excerpts needs.

    Attributes:
        anchors: Ids that the author gave to blocks, by the place of the block.
        tails: Paragraphs that may end in an attribution, by their place.
    """

    anchors: dict[Place, str] = field(default_factory=dict)
    tails: dict[Place, Tail] = field(default_factory=dict)


@dataclass(slots=True)
class Blocker:
    """Turns the block nodes of one document into blocks."""

    source: Source
    inliner: Inliner
    findings: Findings
    marks: Marks

    def blocks(self, nodes: Iterable[SyntaxTreeNode]) -> Blocks:
        """Convert nodes, in order."""
        return tuple(block for node in nodes for block in self._marked(node))

    def _marked(self, node: SyntaxTreeNode) -> Blocks:
        """Convert one node, and put it in a box where the author gave it classes."""
        place = start_of(node, self.source)
        self.inliner.ignore(
            [key.removeprefix("data-") for key in node.attrs if key.startswith("data-")], place
        )
        if "id" in node.attrs and node.type != "heading":
            self.inliner.ids.author(str(node.attrs["id"]), place, used=False)
            self.marks.anchors.setdefault(place, str(node.attrs["id"]))
        blocks = self._convert(node, place)
        classes = tuple(str(node.attrs.get("class", "")).split())
        if node.type == "heading":
            self.inliner.ignore([f".{name}" for name in classes], place)
            return blocks
        if not classes or not blocks or node.type == "container_box":
            return blocks
        if len(blocks) == 1 and isinstance(blocks[0], Figure):
            figure = blocks[0]
            return (Figure(figure.picture, figure.caption, place, classes),)
        return (Box(classes, blocks, place),)

    def _convert(self, node: SyntaxTreeNode, place: Place) -> Blocks:
        match node.type:
            case "paragraph":
                return self._paragraph(node, place)
            case "heading":
                return (self.heading(node, place),)
            case "blockquote":
                return (Quote(self.blocks(node.children), place),)
            case "bullet_list" | "ordered_list":
                return (self._listing(node, place),)
            case "table":
                return (read_table(node, place, self.source, self.inliner),)
            case "container_box":
                return read_box(self, node, place)
            case "fence" | "code_block":
                language = node.info.split(maxsplit=1)[0] if node.info.strip() else ""
                return (CodeBlock(node.content, language, place),)
            case "hr":
                return (Rule(place),)
            case "footnote_reference":
                return ()  # read where it is called
            case "html_block":
                return self._html(node, place)
            case _:
                return self._unknown(node, place)

    def _unknown(self, node: SyntaxTreeNode, place: Place) -> Blocks:
        if node.type == "attributes":
            self.inliner.ignore(["line without a block below it"], place)
        else:
            self.findings.error(place, "markup-unsupported", f"{node.type} is not supported here")
        return ()

    def _paragraph(self, node: SyntaxTreeNode, place: Place) -> Blocks:
        children = inline_of(node)
        if len(children) == 1 and children[0].type == "image":
            return (self._figure(children[0], place),)
        if any(c.type == "text" and _FENCE.match(c.content) for c in _line_starts(children)):
            self.findings.error(
                place,
                "container-open",
                "this ::: opens or closes no container",
                "open it with ::: and a name, close it with ::: on a line of its own",
            )
        check_bars(node, self.source, self.findings)
        self._check_inline_titles(children)
        inlines = self.inliner.inlines(children)
        self._note_tail(node, children, place)
        return (Paragraph(inlines, place),) if inlines else ()

    def _note_tail(
        self, node: SyntaxTreeNode, children: tuple[SyntaxTreeNode, ...], place: Place
    ) -> None:
        """Remember that the last line opens as an attribution does."""
        breaks = [i for i, child in enumerate(children) if child.type in {"softbreak", "hardbreak"}]
        if not breaks:
            return
        last = children[breaks[-1] + 1 :]
        if closes_paragraph("".join(words_of(child) for child in last)):
            row = node.children[0].meta["starts"][-1]
            self.marks.tails[place] = Tail(
                self.inliner.inlines(children[: breaks[-1]]),
                self.inliner.inlines(last),
                self.source.place(row[0], len(self.source.lines[row[0]][: row[1]])),
            )

    def _check_inline_titles(self, children: Iterable[SyntaxTreeNode]) -> None:
        for child in children:
            if child.type == "image" and "title" in child.attrs:
                self.inliner.ignore(["caption of a picture within a line"], place_of(child))
            self._check_inline_titles(child.children)

    def _figure(self, node: SyntaxTreeNode, place: Place) -> Block:
        picture = self.inliner.picture(node)
        title = str(node.attrs.get("title", ""))
        caption: Inlines = (Text(title),) if title.strip() else ()
        return Figure(picture, caption, place, tuple(str(node.attrs.get("class", "")).split()))

    def heading(self, node: SyntaxTreeNode, place: Place) -> Heading:
        """Convert a heading below the sections; levels 1 and 2 belong to those."""
        return Heading(
            max(3, int(node.tag[1:])),
            self.heading_id(node, "h-", self.inliner.ids.next_heading()),
            self.inliner.inlines(inline_of(node)),
            place,
        )

    def heading_id(self, node: SyntaxTreeNode, stem: str, number: int) -> str:
        """Give the author's id of a heading, else one of ours."""
        if "id" not in node.attrs:
            return self.inliner.ids.fresh(stem, number)
        name = str(node.attrs["id"])
        self.inliner.ids.author(name, start_of(node, self.source))
        return name

    def _listing(self, node: SyntaxTreeNode, place: Place) -> Block:
        items = tuple(self.blocks(item.children) for item in node.children)
        paragraphs = [p for item in node.children for p in item.children if p.type == "paragraph"]
        tight = bool(paragraphs) and all(p.hidden for p in paragraphs)
        if node.type == "bullet_list":
            return Listing(items, None, tight, place)
        start = int(node.attrs.get("start", 1))
        for number, item in enumerate(node.children, start):
            if item.info.isdigit() and int(item.info) != number:
                self.findings.warning(
                    start_of(item, self.source),
                    "list-number",
                    f"item {item.info} of the list is set as {number}",
                    f"number the items in order, or write {item.info}\\. to keep the number",
                )
        return Listing(items, start, tight, place)

    def _html(self, node: SyntaxTreeNode, place: Place) -> Blocks:
        if html.never_closed(node.content):
            self.findings.error(
                place,
                "html-open",
                "this comment, script or style is never closed and hides what follows",
                "close it with --> or the closing tag",
            )
        elif not html.is_comment(node.content):
            self.findings.warning(
                place,
                "raw-html",
                f"the HTML {' '.join(node.content.split())[:40]} is left out",
                "use Markdown; the words between the tags are kept, scripts and styles are not",
            )
        words = html.words_of(node.content)
        return (Paragraph((Text(words),), place),) if words else ()


def _line_starts(children: tuple[SyntaxTreeNode, ...]) -> Iterator[SyntaxTreeNode]:
    """Yield the first child of each line of a paragraph."""
    opens = True
    for child in children:
        if opens:
            yield child
        opens = child.type in {"softbreak", "hardbreak"}
