"""Content given as data: in the header, or in a YAML, JSON or CSV file."""

from __future__ import annotations

from dataclasses import dataclass, field

from booklet.errors import Findings, Place
from booklet.manuscript.attribution import opens_attribution, read_attribution
from booklet.manuscript.csvdata import read_csv
from booklet.manuscript.fields import Fields
from booklet.manuscript.header import read_sections
from booklet.manuscript.markdown import Document, parse
from booklet.manuscript.source import Source
from booklet.manuscript.structure import Builder
from booklet.manuscript.transcript import transcribe_node
from booklet.manuscript.yamlpos import Path, Tree, read_yaml
from booklet.model.content import Attribution, Blocks, Excerpt, Text
from booklet.model.header import ExcerptData, SectionData
from booklet.model.publication import Section
from booklet.model.transcript import Run


@dataclass(frozen=True, slots=True)
class DataExcerpt:
    """An excerpt with its text parsed; ``line`` is the attribution as printed, '' for none."""

    given: ExcerptData
    document: Document
    line: str
    place: Place
    line_place: Place


@dataclass(frozen=True, slots=True)
class DataSection:
    """A section with its texts parsed."""

    given: SectionData
    place: Place
    text: Document | None
    excerpts: tuple[DataExcerpt, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """Every text, in reading order."""
        text = () if self.text is None else (self.text,)
        return (*text, *(excerpt.document for excerpt in self.excerpts))


def read_data_file(
    source: Source, findings: Findings
) -> tuple[Tree, tuple[SectionData, ...]] | None:
    """Read sections from a file; a mapping may hold them under ``sections``."""
    if source.file.lower().endswith(".csv"):
        tree = read_csv(source, findings)
    else:
        tree = read_yaml(source, findings)
        if tree is not None and isinstance(tree.value, dict) and list(tree.value) == ["sections"]:
            tree = _below(tree, "sections")
    if tree is None:
        return None
    sections = read_sections(tree, findings)
    return None if sections is None else (tree, sections)


def _below(tree: Tree, key: str) -> Tree:
    """Give the tree of one value of a mapping."""
    value = tree.value[key] if isinstance(tree.value, dict) else None
    cut = [
        {path[1:]: item for path, item in places.items() if path[:1] == (key,)}
        for places in (tree.keys, tree.values, tree.written, tree.texts)
    ]
    return Tree(value, *cut)  # type: ignore[arg-type]


# ---- sections --------------------------------------------------------------------------------


@dataclass(slots=True)
class DataReader:
    """Parses the texts of sections given as data.

    Attributes:
        key: Key of the next document.
        fields: Whose words the texts say.
    """

    tree: Tree
    findings: Findings
    key: int = 0
    path: Path = ()
    sections: list[DataSection] = field(default_factory=list)
    fields: Fields | None = None

    def read(self, sections: tuple[SectionData, ...]) -> tuple[DataSection, ...]:
        """Parse every text."""
        return tuple(self._section(s, (*self.path, i)) for i, s in enumerate(sections))

    def _section(self, given: SectionData, path: Path) -> DataSection:
        text = self._parse((*path, "text"), given.text) if given.text else None
        excerpts = tuple(
            self._excerpt(excerpt, (*path, "excerpts", index))
            for index, excerpt in enumerate(given.excerpts)
        )
        return DataSection(given, self.tree.place((*path, "title")), text, excerpts)

    def _excerpt(self, given: ExcerptData, path: Path) -> DataExcerpt:
        document = self._parse((*path, "text"), given.text)
        line, key = printed_line(given), _line_key(given)
        place = self.tree.place((*path, key))
        if given.attribution is not None and (given.date is not None or given.occasion):
            self.findings.error(
                self.tree.key_place((*path, "attribution")),
                "value-invalid",
                "an excerpt has both attribution and date or occasion",
                "attribution is the whole line; leave out the others",
            )
        return DataExcerpt(given, document, line, document.source.start_of(0), place)

    def _parse(self, path: Path, text: str) -> Document:
        at = self.tree.place(path)
        source = self.tree.texts.get(path) or Source(at.file, text, at.line, at.column, exact=False)
        self.key += 1
        return parse(source, self.key, self.findings, self.fields)


def _line_key(given: ExcerptData) -> str:
    if given.attribution is not None:
        return "attribution"
    return "date" if given.date is not None else "occasion"


def printed_line(given: ExcerptData) -> str:
    """Give the attribution of an excerpt as it will be printed, '' for none."""
    if given.attribution is not None:
        return given.attribution
    date = "" if given.date is None else str(given.date).strip()
    parts = [part for part in (date, given.occasion) if part]
    return "——" + "，".join(parts) if parts else ""


def build_sections(builder: Builder, sections: tuple[DataSection, ...]) -> tuple[Section, ...]:
    """Build the model's sections."""
    return tuple(_build_section(builder, n, section) for n, section in enumerate(sections, 1))


def _build_section(builder: Builder, number: int, section: DataSection) -> Section:
    name = section.given.id
    if name:
        builder.ids.author(name, section.place)
    gatherer = builder.gatherer(anthology=False)
    text: Blocks = ()
    if section.text is not None:
        blocks = builder.blocks((section.text, node) for node in section.text.blocks)
        text = gatherer.gather(blocks)
    excerpts = tuple(_build_excerpt(builder, excerpt) for excerpt in section.excerpts)
    title = section.given.title
    own = name or builder.ids.fresh("s", number)
    return Section(own, number, title, (Text(title),), (*text, *excerpts), section.place)


def _build_excerpt(builder: Builder, excerpt: DataExcerpt) -> Excerpt:
    document = excerpt.document
    blocks = builder.blocks((document, node) for node in document.blocks)
    blocks = builder.gatherer(anthology=False).gather(blocks)
    builder.excerpts += 1
    name = excerpt.given.id or builder.ids.fresh("e", builder.excerpts)
    if excerpt.given.id:
        builder.ids.author(name, excerpt.place)
    return Excerpt(name, builder.excerpts, blocks, _attribution(builder, excerpt), excerpt.place)


def _attribution(builder: Builder, excerpt: DataExcerpt) -> Attribution | None:
    if not excerpt.line:
        return None
    place, findings = excerpt.line_place, builder.findings
    given = excerpt.given
    read = read_attribution((Text(excerpt.line),), place, findings, place if given.date else None)
    whole = given.date is None or read.date_text == str(given.date).strip()
    if not whole and not any(item.code == "date-invalid" for item in findings.items):
        findings.warning(
            place,
            "date-form",
            f"{given.date} is not read as a date, and enters no index",
            "write it as it is printed: 2018年4月20日, 2018年4月 or 2018年",
        )
    if not opens_attribution(excerpt.line):
        return Attribution((), (Text(excerpt.line),), place, occasion=excerpt.line)
    return read


def transcribe_data(sections: tuple[DataSection, ...]) -> list[Run]:
    """Give the runs of sections given as data."""
    runs: list[Run] = []
    for section in sections:
        runs.append(Run("body", section.given.title, section.place))
        if section.text is not None:
            runs += _runs_of(section.text)
        for excerpt in section.excerpts:
            runs += _runs_of(excerpt.document)
            if excerpt.line:
                runs.append(Run("body", excerpt.line, excerpt.line_place))
    return runs


def _runs_of(document: Document) -> list[Run]:
    return [run for node in document.blocks for run in transcribe_node(document, node, "body")]


def data_ids(sections: tuple[SectionData, ...]) -> set[str]:
    """Give every id that the data gives."""
    excerpts = {excerpt.id for section in sections for excerpt in section.excerpts if excerpt.id}
    return excerpts | {section.id for section in sections if section.id}
