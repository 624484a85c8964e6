"""Reading a publication: find it, read its header, read its text, build the model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from booklet.errors import Diagnostic, Findings, InputError, Place, Severity, in_order
from booklet.manuscript import data
from booklet.manuscript.files import Folder
from booklet.manuscript.header import read_header
from booklet.manuscript.ids import Ids
from booklet.manuscript.loaded import Loaded
from booklet.manuscript.markdown import Document, parse
from booklet.manuscript.nodes import given_ids
from booklet.manuscript.notes import find_notes
from booklet.manuscript.outline import Outline, Part, front_parts, make_outline
from booklet.manuscript.pictures import check_pictures
from booklet.manuscript.source import Source
from booklet.manuscript.structure import Builder, title_inlines
from booklet.manuscript.transcript import transcribe
from booklet.manuscript.yamlpos import Tree, read_yaml
from booklet.model.content import Inlines, plain
from booklet.model.header import Header, LayoutSpec, ManuscriptSpec, SectionData
from booklet.model.measures import MM, TypeArea, parse_length, parse_trim, parse_type_size
from booklet.model.publication import Layout, Publication, Section
from booklet.model.transcript import Run

HEADER_FILE = "booklet.yaml"
_MARKDOWN = {".md", ".markdown"}
_YAML = {".yaml", ".yml"}
_FENCE = re.compile(r"(?:---|\.\.\.)[ \t]*")
_KEY = re.compile(r"[A-Za-z_]+\s*:(?:\s|$)")


def load_publication(path: Path) -> Loaded:
    """Read a publication: a folder with booklet.yaml, that file, or one Markdown file.

    Args:
        path: As the user typed it; messages name files in the same way.

    Returns:
        The model where no error was found, the transcript, and every finding.

    Raises:
        InputError: Nothing is there, or it is no publication.
    """
    folder, name = _find(path)
    reader = _Reader(folder)
    publication = reader.read(name)
    findings = in_order(folder.findings.items)
    return Loaded(
        root=folder.root,
        publication=None if folder.findings.fatal else publication,
        transcript=tuple(reader.runs),
        sources=tuple(folder.read),
        diagnostics=findings,
    )


def _find(path: Path) -> tuple[Folder, str]:
    """Tell a folder from a file, and name the file to begin with."""
    try:
        if path.is_dir():
            if (path / HEADER_FILE).exists():
                return Folder(path.resolve(), _prefix(path)), HEADER_FILE
            raise _missing(path, f"{path} holds no {HEADER_FILE}", "make one with: booklet new")
        if path.exists():
            if path.suffix.lower() in _MARKDOWN | _YAML:
                return Folder(path.parent.resolve(), _prefix(path.parent)), path.name
            raise _missing(path, f"{path} is no publication", "name a folder or a Markdown file")
    except (OSError, ValueError) as error:
        raise _missing(path, f"{path} cannot be read") from error
    raise _missing(path, f"there is nothing at {path}", "check the name")


def _prefix(folder: Path) -> str:
    shown = folder.as_posix()
    return "" if shown == "." else shown.rstrip("/") + "/"


def _missing(path: Path, message: str, hint: str = "") -> InputError:
    place = Place(path.as_posix())
    return InputError(
        message, [Diagnostic(place, Severity.ERROR, "publication-missing", message, hint)]
    )


@dataclass(slots=True)
class _Reader:
    """Reads one publication; each step leaves its faults in the folder's findings."""

    folder: Folder
    runs: list[Run] = field(default_factory=list)
    keys: int = 0

    @property
    def findings(self) -> Findings:
        return self.folder.findings

    def read(self, name: str) -> Publication | None:
        """Read the header, then the text even if the header is faulty, to find all faults."""
        source = self.folder.text_of(name)
        if source is None:
            return None
        lone = Path(name).suffix.lower() in _MARKDOWN
        if lone:
            head, body = split_header(source, self.findings)
            tree = Tree(value={}) if head is None else read_yaml(head, self.findings)
        else:
            body, tree = None, read_yaml(source, self.findings)
        header = self._header(tree, source)
        if tree is None or header is None:
            tree, header = tree or Tree(value={}), Header()
        if not isinstance(tree.value, dict):
            tree.value = {}
        if header.sections is not None:
            return self._read_data(header, tree, name, lone_body=body)
        return self._read_markdown(header, tree, name, body)

    def _header(self, tree: Tree | None, source: Source) -> Header | None:
        if tree is None:
            return None
        if tree.value is None:
            tree.value = {}
            tree.values.setdefault((), source.place(0))
        return read_header(tree, self.findings)

    # ---- Markdown ----------------------------------------------------------------------------

    def _read_markdown(
        self, header: Header, tree: Tree, name: str, lone_body: Source | None
    ) -> Publication | None:
        if lone_body is not None:
            self._refuse_manuscript_key(header, tree)
            front, body, back = [], [self.parse(lone_body)], []
        else:
            front, body, back = self._files(header, tree, name)
        if not body:
            return None
        outline = make_outline(front, body, back, header, self.findings)
        builder = self._builder([*front, *body, *back], outline.parts)
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

    def _files(
        self, header: Header, tree: Tree, name: str
    ) -> tuple[list[Document], list[Document], list[Document]]:
        given = header.manuscript
        if given is None:
            given = self._default_manuscript(tree, name)
        if given is None:
            return [], [], []
        if isinstance(given, ManuscriptSpec):
            front, body, back = given.front, given.body, given.back
            paths = [("manuscript", part) for part in ("front", "body", "back")]
        else:
            body = (given,) if isinstance(given, str) else given
            front, back, paths = (), (), [("manuscript",)] * 3
        asked = [
            [(file, tree.place((*path, index))) for index, file in enumerate(files)]
            for path, files in zip(paths, (front, body, back), strict=True)
        ]
        self._tell_repeated([item for files in asked for item in files])
        read = [self._documents(files) for files in asked]
        return read[0], read[1], read[2]

    def _tell_repeated(self, files: list[tuple[str, Place]]) -> None:
        seen: set[str] = set()
        for file, place in files:
            if file in seen:
                self.findings.error(
                    place, "content-twice", f"{file} is named twice", "name each file once"
                )
            seen.add(file)

    def _documents(self, files: Iterable[tuple[str, Place]]) -> list[Document]:
        documents: list[Document] = []
        for file, place in files:
            source = self.folder.text_of(file, place if place.file else None)
            if source is not None:
                self._refuse_header(source)
                documents.append(self.parse(source))
        return documents

    def _refuse_header(self, source: Source) -> None:
        """A YAML header in a manuscript would be set as text."""
        if (
            source.lines[0].rstrip() == "---"
            and len(source.lines) > 1
            and _KEY.match(source.lines[1])
        ):
            self.findings.error(
                source.place(0),
                "header-twice",
                f"this manuscript has a header of its own beside {HEADER_FILE}",
                f"move its keys into {HEADER_FILE} and delete it here",
            )

    def _default_manuscript(self, tree: Tree, name: str) -> str | None:
        """Without the key, the manuscript is manuscript.md, or the only Markdown file."""
        found = sorted(
            path.name for path in self.folder.root.iterdir() if path.suffix.lower() in _MARKDOWN
        )
        if "manuscript.md" in found:
            return "manuscript.md"
        if len(found) == 1:
            return found[0]
        several = f"name one of {', '.join(found[:5])}" if found else "write manuscript: FILE.md"
        self.findings.error(
            Place(self.folder.shown(name)),
            "manuscript-missing",
            "no manuscript is named, and it is not clear which file it is"
            if found
            else "no manuscript is named, and the folder holds no Markdown file",
            several,
        )
        return None

    def parse(self, source: Source) -> Document:
        """Parse one text."""
        self.keys += 1
        return parse(source, self.keys, self.findings)

    def _builder(self, documents: list[Document], parts: Iterable[Part]) -> Builder:
        ids = Ids(self.findings)
        for document in documents:
            ids.reserved.update(given_ids(document.root))
        order = [
            item
            for part in parts
            for item in ([(part.document, part.heading)] if part.heading else []) + part.nodes
        ]
        return Builder(self.findings, ids, find_notes(documents, order, ids, self.findings))

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
        texts = reader.read(sections)
        self.keys = reader.key
        preface = self._preface(header, tree)
        parts = front_parts(preface, self.findings) if preface is not None else []
        documents = [document for section in texts for document in section.documents]
        inner = [
            Part(document, nodes=[(document, n) for n in document.blocks]) for document in documents
        ]
        everything = ([preface] if preface is not None else []) + documents
        builder = self._builder(everything, [*parts, *inner])
        builder.ids.reserved.update(_data_ids(sections))
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
        return Publication(
            slug=self._slug(name),
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
        own = path.stem if path.suffix.lower() in _MARKDOWN else self.folder.root.name
        return slug_of(own)


def _data_ids(sections: tuple[SectionData, ...]) -> set[str]:
    excerpts = {excerpt.id for section in sections for excerpt in section.excerpts if excerpt.id}
    return excerpts | {section.id for section in sections if section.id}


def slug_of(name: str) -> str:
    """Make an ASCII name of output files: the folder's name, as far as it can be spelt."""
    if re.fullmatch(r"[a-z0-9-]+", name) and name.strip("-"):
        return name
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:100] or "booklet"


def split_header(source: Source, findings: Findings) -> tuple[Source | None, Source]:
    """Part a Markdown file into its YAML header and its text, each on its own lines."""
    lines = source.lines
    if lines[0].rstrip() != "---":
        return None, source
    end = next((i for i, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line)), None)
    if end is None:
        if len(lines) > 1 and _KEY.match(lines[1]):
            findings.error(
                source.place(0), "yaml-syntax", "the header is never closed", "close it with ---"
            )
        return None, source
    head = Source(source.file, "\n".join(lines[1:end]), 2)
    return head, Source(source.file, "\n".join(lines[end + 1 :]), end + 2)


def read_layout(spec: LayoutSpec) -> Layout:
    """Turn the measures of the header, already checked, into numbers."""
    area = spec.type_area
    return Layout(
        trim=parse_trim(spec.trim) if spec.trim is not None else None,
        type_area=None
        if area is None
        else TypeArea(
            parse_type_size(area.size),
            area.characters,
            area.lines,
            parse_length(area.pitch) if area.pitch is not None else None,
        ),
        gutter_mm=parse_length(spec.gutter) / MM if spec.gutter is not None else None,
        head_mm=parse_length(spec.head) / MM if spec.head is not None else None,
    )
