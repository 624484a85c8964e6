"""Reading a publication: find it, read its header, read its text, build the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from booklet import limits
from booklet.errors import Findings, Place, in_order
from booklet.manuscript import data
from booklet.manuscript.changes import Changes, check_images, choose_sections, lay_over
from booklet.manuscript.fields import Fields
from booklet.manuscript.files import Folder
from booklet.manuscript.header import read_header
from booklet.manuscript.ids import Ids
from booklet.manuscript.layout import read_layout
from booklet.manuscript.levels import check_levels
from booklet.manuscript.loaded import Loaded
from booklet.manuscript.locate import (
    HEADER_FILE,
    MARKDOWN,
    find_publication,
    slug_of,
    split_header,
)
from booklet.manuscript.markdown import Document, parse
from booklet.manuscript.nodes import Node, given_ids
from booklet.manuscript.notes import find_notes
from booklet.manuscript.outline import Outline, Part, front_parts, make_outline
from booklet.manuscript.pictures import check_pictures
from booklet.manuscript.source import Source
from booklet.manuscript.structure import Builder, title_inlines
from booklet.manuscript.texts import Texts, read_texts
from booklet.manuscript.transcript import transcribe
from booklet.manuscript.yamlpos import Tree, read_yaml
from booklet.model.content import Inlines, plain
from booklet.model.header import Header, SectionData
from booklet.model.publication import Publication, Section
from booklet.model.transcript import Run


def load_publication(
    path: Path, unsaved: Mapping[str, bytes] | None = None, changes: Changes | None = None
) -> Loaded:
    """Read a publication: a folder with booklet.yaml, that file, or one Markdown file.

    Args:
        path: As the user typed it; messages name files in the same way.
        unsaved: What stands instead of some files, by their names in the publication.
        changes: What this booklet has of its own.

    Returns:
        The model where no error was found, the transcript, and every finding.

    Raises:
        InputError: Nothing is there, or it is no publication.
    """
    limits.ask({})
    folder, name = find_publication(path)
    changes = changes or Changes()
    images = {key: image.data for key, image in changes.images.items()}
    folder.unsaved = {**images, **(unsaved or {})}
    reader = _Reader(folder, changes)
    publication = reader.read(name)
    findings = in_order(folder.findings.items)
    return Loaded(
        root=folder.root,
        publication=None if folder.findings.fatal else publication,
        transcript=tuple(reader.runs),
        sources=tuple(folder.read),
        diagnostics=findings,
        places=reader.places,
        prefix=folder.prefix,
        header=reader.header,
        images=images,
    )


@dataclass(slots=True)
class _Reader:
    """Reads one publication; each step leaves its faults in the folder's findings."""

    folder: Folder
    changes: Changes = field(default_factory=Changes)
    runs: list[Run] = field(default_factory=list)
    keys: int = 0
    title_known: bool = True
    """False where the header is faulty: the title may stand in what could not be read."""
    places: dict[tuple[str | int, ...], Place] = field(default_factory=dict)
    header: Header | None = None
    fields: Fields = field(default_factory=Fields)

    @property
    def findings(self) -> Findings:
        return self.folder.findings

    def read(self, name: str) -> Publication | None:
        """Read the header, then the text, also where the header is faulty: to find all faults."""
        source = self.folder.text_of(name)
        if source is None:
            return None
        body: Source | None = None
        head: Source | None = source
        if Path(name).suffix.lower() in MARKDOWN:
            head, body = split_header(source, self.findings)
        tree = self._tree(head, source)
        if tree is not None:
            lay_over(tree, self.changes.header, self.findings)
        if self.changes.place.file:
            self.fields.words = self.changes.words
        self.places = {} if tree is None else {**tree.values, **tree.keys}
        header = None if tree is None else read_header(tree, self.findings)
        if tree is None or header is None:
            if body is None:
                return None
            tree, header = Tree(value={}), Header()
        self.header = header
        self._take_limits(header, tree)
        self.title_known = not self.findings.fatal
        if header.sections is not None:
            return self._read_data(header, tree, name, lone_body=body)
        return self._read_markdown(header, tree, name, body)

    def _take_limits(self, header: Header, tree: Tree) -> None:
        """Hold the limits that the header asks for, as far as it may."""
        for name in limits.excessive(header.limits):
            ceiling = limits.BY_NAME[name].ceiling
            self.findings.error(
                tree.place(("limits", name)), "limit-ceiling",
                f"limits: {name} is at most {ceiling:,} {limits.BY_NAME[name].unit}",
                f"only --limit {name}=… on the command line goes beyond that",
            )  # fmt: skip
        limits.ask(header.limits)

    def _tree(self, head: Source | None, source: Source) -> Tree | None:
        """Read the YAML; an absent or empty header is an empty mapping."""
        tree = Tree() if head is None else read_yaml(head, self.findings)
        if tree is not None and tree.value is None:
            tree.value = {}
            tree.values.setdefault((), source.place(0))
        return tree

    # ---- Markdown ----------------------------------------------------------------------------

    def _read_markdown(
        self, header: Header, tree: Tree, name: str, lone_body: Source | None
    ) -> Publication | None:
        if lone_body is not None:
            self._refuse_manuscript_key(header, tree)
            texts = Texts(body=[lone_body])
        else:
            texts = read_texts(self.folder, header, tree, name)
        front, body, back = (
            [self.parse(source) for source in sources]
            for sources in (texts.front, texts.body, texts.back)
        )
        if not body:
            return None
        outline = make_outline(front, body, back, header, self.findings)
        names = [section.name for section in outline.sections]
        kept = choose_sections(self.changes.sections, names, self.findings)
        left = [section for at, section in enumerate(outline.sections) if at not in kept]
        outline.sections = [outline.sections[at] for at in kept]
        builder = self._builder([*front, *body, *back], outline.parts, left)
        pieces = builder.front(outline.front)
        sections = builder.sections(outline.sections, header.form)
        after = builder.back(outline.back)
        self.runs += transcribe(outline, builder.notes)
        title = self._title(header, builder, outline, tree, body[0].source)
        self._check_words(body[0].source)
        return self._finish(header, builder, (pieces, sections, after), title, name)

    def _refuse_manuscript_key(self, header: Header, tree: Tree) -> None:
        if header.manuscript is not None:
            self.findings.error(
                tree.key_place(("manuscript",)),
                "content-twice",
                "the header of a Markdown file names another manuscript",
                f"leave out manuscript, or put the header into {HEADER_FILE}",
            )

    def parse(self, source: Source) -> Document:
        """Parse one text."""
        self.keys += 1
        return parse(source, self.keys, self.findings, self.fields)

    def _builder(
        self, documents: list[Document], parts: Iterable[Part], left_out: Iterable[Part] = ()
    ) -> Builder:
        ids = Ids(self.findings)
        for document in documents:
            ids.reserved.update(given_ids(document.root))
        notes = find_notes(documents, _order(parts), ids, self.findings, _order(left_out))
        return Builder(self.findings, ids, notes)

    # ---- data --------------------------------------------------------------------------------

    def _read_data(
        self, header: Header, tree: Tree, name: str, lone_body: Source | None
    ) -> Publication | None:
        if header.manuscript is not None or (lone_body and lone_body.text.strip()):
            self.findings.error(
                tree.key_place(("sections",)),
                "content-twice",
                "there are both sections and a manuscript",
                "keep one of them",
            )
        read = self._sections(header, tree)
        if read is None:
            return None
        reader, sections = read
        names = [section.id or "" for section in sections]
        kept = choose_sections(self.changes.sections, names, self.findings)
        reader.fields = self.fields
        every = reader.read(sections)
        texts = tuple(every[at] for at in kept)
        self.keys = reader.key
        preface = self._preface(header, tree)
        parts = front_parts(preface, self.findings) if preface is not None else []
        documents = [document for section in texts for document in section.documents]
        inner = [
            Part(document, nodes=[(document, n) for n in document.blocks]) for document in documents
        ]
        everything = ([preface] if preface is not None else []) + documents
        builder = self._builder(everything, [*parts, *inner])
        builder.ids.reserved.update(data.data_ids(sections))
        pieces = builder.front(parts)
        built = data.build_sections(builder, texts)
        self.runs += transcribe(Outline(front=parts), builder.notes)
        self.runs += data.transcribe_data(texts)
        at = tree.place(())
        title = self._title(header, builder, Outline(), tree, Source(at.file, "", at.line))
        self._check_words(Source(at.file, "", at.line))
        return self._finish(header, builder, (pieces, built, ()), title, name)

    def _sections(
        self, header: Header, tree: Tree
    ) -> tuple[data.DataReader, tuple[SectionData, ...]] | None:
        if isinstance(header.sections, tuple):
            return data.DataReader(tree, self.findings, path=("sections",)), header.sections
        source = self.folder.text_of(str(header.sections), tree.place(("sections",)))
        read = data.read_data_file(source, self.findings) if source is not None else None
        return None if read is None else (data.DataReader(read[0], self.findings), read[1])

    def _preface(self, header: Header, tree: Tree) -> Document | None:
        if header.preface is None:
            return None
        at = tree.place(("preface",))
        source = tree.texts.get(("preface",)) or Source(at.file, header.preface, at.line)
        return self.parse(source)

    # ---- the whole ---------------------------------------------------------------------------

    def _title(
        self, header: Header, builder: Builder, outline: Outline, tree: Tree, source: Source
    ) -> tuple[str, Inlines, Place]:
        own = title_inlines(builder, outline)
        if header.title is not None:
            inlines, place = own or ((), tree.place(("title",)))
            return header.title, inlines, place
        if own is None:
            if self.title_known:
                self.findings.error(
                    source.place(0),
                    "title-missing",
                    "the publication has no title",
                    "write title: … in the header, or # … on the first line of the manuscript",
                )
            return "", (), source.place(0)
        return plain(own[0]).strip(), *own

    def _check_words(self, source: Source) -> None:
        if not any(run.stream != "title" and run.text.strip() for run in self.runs):
            self.findings.error(
                source.place(0), "manuscript-empty", "the manuscript holds no words", "write some"
            )

    def _finish(
        self,
        header: Header,
        builder: Builder,
        parts: tuple[tuple[object, ...], tuple[Section, ...], tuple[Section, ...]],
        title: tuple[str, Inlines, Place],
        name: str,
    ) -> Publication:
        notes = builder.read_notes()
        builder.tell_idle_anchors()
        builder.ids.check_links()
        check_pictures(builder.pictures, self.folder)
        used = (picture.source for picture, _ in builder.pictures)
        check_images(self.changes.images, used, self.findings)
        self.fields.check(self.changes.place, self.findings)
        check_levels((*parts[1], *parts[2]), self.findings)
        return Publication(
            slug=self.changes.slug or self._slug(name),
            header=header,
            title=title[0],
            title_inlines=title[1],
            title_place=title[2],
            layout=read_layout(header.layout),
            front=parts[0],  # type: ignore[arg-type]
            sections=parts[1],
            back=parts[2],
            notes=notes,
        )

    def _slug(self, name: str) -> str:
        path = Path(name)
        own = path.stem if path.suffix.lower() in MARKDOWN else self.folder.root.name
        return slug_of(own)


def _order(parts: Iterable[Part]) -> list[tuple[Document, Node]]:
    """List the headings and blocks of parts in reading order."""
    return [
        item
        for part in parts
        for item in ([(part.document, part.heading)] if part.heading else []) + part.nodes
    ]
