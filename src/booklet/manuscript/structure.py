"""Parts of the manuscript to the front pieces, sections and notes of the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from booklet.errors import Findings, Place
from booklet.manuscript.blocks import Blocker, Marks
from booklet.manuscript.excerpts import Gatherer, is_anthology
from booklet.manuscript.ids import Ids
from booklet.manuscript.inlines import Inliner, split
from booklet.manuscript.markdown import Document
from booklet.manuscript.nodes import Node, inline_of, line_words, start_of
from booklet.manuscript.notes import Notes
from booklet.manuscript.outline import Outline, Part
from booklet.model.content import Blocks, Inlines, Note, Paragraph, Picture, Text, plain
from booklet.model.header import Form
from booklet.model.publication import FrontPiece, Section


@dataclass(slots=True)
class Builder:
    """Builds the model's parts; one for each publication.

    Attributes:
        pictures: Every picture that was met, with its place.
    """

    findings: Findings
    ids: Ids
    notes: Notes
    marks: Marks = field(default_factory=Marks)
    pictures: list[tuple[Picture, Place]] = field(default_factory=list)
    excerpts: int = 0

    def blocker(self, document: Document) -> Blocker:
        """Give the converter of a document's blocks."""
        inliner = Inliner(self.findings, self.ids, self.notes.of(document), self.pictures)
        return Blocker(document.source, inliner, self.findings, self.marks)

    def blocks(self, nodes: Iterable[tuple[Document, Node]]) -> Blocks:
        """Convert blocks, each with the notes and places of its own document."""
        return tuple(b for document, node in nodes for b in self.blocker(document).blocks([node]))

    def gatherer(self, *, anthology: bool) -> Gatherer:
        """Give what makes excerpts of blocks."""
        return Gatherer(self.findings, self.ids, self.marks, anthology, self.excerpts)

    # ---- front matter ------------------------------------------------------------------------

    def front(self, parts: Iterable[Part]) -> tuple[FrontPiece, ...]:
        """Build the texts before the body."""
        return tuple(self._front_piece(number, part) for number, part in enumerate(parts, 1))

    def _front_piece(self, number: int, part: Part) -> FrontPiece:
        own = self.ids.fresh("preface") if number == 1 else self.ids.fresh("front-", number)
        blocks = self.gatherer(anthology=False).gather(self.blocks(part.nodes))
        if part.heading is not None:
            heading, place = self._heading(part)
            name = self._author_id(part) or own
            return FrontPiece(name, "", plain(heading).strip(), heading, blocks, place)
        place = start_of(part.nodes[0][1], part.document.source)
        title = part.label.rstrip("：:").strip("【】").strip()
        return FrontPiece(own, part.label, title, (), _without(part.label, blocks), place)

    # ---- sections ----------------------------------------------------------------------------

    def sections(self, parts: Iterable[Part], form: Form) -> tuple[Section, ...]:
        """Build the chapters of the body."""
        built = [self._section(number, part, "s") for number, part in enumerate(parts, 1)]
        anthology = form == "anthology" or (
            form == "auto" and any(is_anthology(section.blocks, self.marks) for section in built)
        )
        return tuple(self._gathered(section, anthology=anthology) for section in built)

    def back(self, parts: Iterable[Part]) -> tuple[Section, ...]:
        """Build the texts after the body; they hold no excerpts."""
        built = [self._section(number, part, "back-") for number, part in enumerate(parts, 1)]
        return tuple(self._gathered(section, anthology=False) for section in built)

    def _gathered(self, section: Section, *, anthology: bool) -> Section:
        gatherer = self.gatherer(anthology=anthology)
        blocks = gatherer.gather(section.blocks)
        self.excerpts = gatherer.count
        return replace(section, blocks=blocks)

    def _section(self, number: int, part: Part, stem: str) -> Section:
        heading, place = self._heading(part)
        name = self._author_id(part) or self.ids.fresh(stem, number)
        blocks = self.blocks(part.nodes)
        return Section(name, number, plain(heading).strip(), heading, blocks, place)

    def _heading(self, part: Part) -> tuple[Inlines, Place]:
        if part.heading is None:
            first = part.nodes[0][1] if part.nodes else None
            source = part.document.source
            return (), start_of(first, source) if first is not None else source.place(0)
        return self.heading(part.document, part.heading)

    def heading(self, document: Document, node: Node) -> tuple[Inlines, Place]:
        """Convert the words of a heading; a paragraph in bold gives those within."""
        place = start_of(node, document.source)
        children = inline_of(node)
        if node.type == "paragraph":
            children = tuple(children[0].children)
        inliner = self.blocker(document).inliner
        ignored = [f".{name}" for name in str(node.attrs.get("class", "")).split()]
        ignored += [key.removeprefix("data-") for key in node.attrs if key.startswith("data-")]
        inliner.ignore(ignored, place)
        if not line_words(node).strip():
            self.findings.error(
                place, "heading-empty", "this heading has no words", "give it words, or delete it"
            )
        return inliner.inlines(children), place

    def _author_id(self, part: Part) -> str:
        if part.heading is None or "id" not in part.heading.attrs:
            return ""
        name = str(part.heading.attrs["id"])
        self.ids.author(name, start_of(part.heading, part.document.source))
        return name

    # ---- notes -------------------------------------------------------------------------------

    def read_notes(self) -> tuple[Note, ...]:
        """Build the notes that are called, in order."""
        return tuple(
            Note(
                note.id,
                note.number,
                self.blocks((note.document, child) for child in note.node.children),
                self._note_place(note.document, note.node),
            )
            for note in self.notes.called
        )

    def _note_place(self, document: Document, node: Node) -> Place:
        place = start_of(node, document.source)
        if not node.children:
            self.findings.error(
                place,
                "note-missing",
                "this note has no text",
                "write its text after the :",
            )
        return place

    def tell_idle_anchors(self) -> None:
        """Tell of ids on blocks that no excerpt took up."""
        for place, name in self.marks.anchors.items():
            self.blocker_ignore(name, place)

    def blocker_ignore(self, name: str, place: Place) -> None:
        """Tell of an id that has no effect."""
        Inliner(self.findings, self.ids).ignore([f"#{name}"], place)


def title_inlines(builder: Builder, outline: Outline) -> tuple[Inlines, Place] | None:
    """Convert the title line of the manuscript."""
    part = outline.title
    if part is None or part.heading is None:
        return None
    return builder.heading(part.document, part.heading)


def _without(label: str, blocks: Blocks) -> Blocks:
    """Take the label from the first paragraph."""
    first = blocks[0] if blocks else None
    if not label or not isinstance(first, Paragraph):
        return blocks
    words = plain(first.inlines)
    count = len(words) - len(words.lstrip()) + len(label)
    _, rest = split(first.inlines, count)
    if rest and isinstance(rest[0], Text):
        rest = (Text(rest[0].text.lstrip(" ")), *rest[1:])
    rest = tuple(inline for inline in rest if inline != Text(""))
    kept = (Paragraph(rest, first.place),) if rest else ()
    return (*kept, *blocks[1:])
