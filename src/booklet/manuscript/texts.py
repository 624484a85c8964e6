"""The texts of a manuscript: which files they are, each read once and in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from booklet.errors import Findings, Place
from booklet.manuscript.files import Folder
from booklet.manuscript.locate import HEADER_FILE, MARKDOWN, has_header
from booklet.manuscript.source import Source
from booklet.manuscript.yamlpos import Path, Tree
from booklet.model.header import Header, ManuscriptSpec


@dataclass(slots=True)
class Texts:
    """The sources of a manuscript, in reading order."""

    front: list[Source] = field(default_factory=list)
    body: list[Source] = field(default_factory=list)
    back: list[Source] = field(default_factory=list)


def read_texts(folder: Folder, header: Header, tree: Tree, name: str) -> Texts:
    """Read the files that the header names; without the key, the obvious one."""
    given = header.manuscript
    if given is None:
        found = _default(folder, name)
        return Texts() if found is None else Texts(body=_read(folder, [(found, Place(""))]))
    at: Path = ("manuscript",)
    if isinstance(given, ManuscriptSpec):
        asked = [_asked(tree, (*at, part), getattr(given, part)) for part in _PARTS]
    elif isinstance(given, str):
        asked = [[], [(given, tree.place(at))], []]
    else:
        asked = [[], _asked(tree, at, given), []]
    _tell_repeated([item for files in asked for item in files], folder.findings)
    return Texts(*(_read(folder, files) for files in asked))


_PARTS = ("front", "body", "back")


def _asked(tree: Tree, path: Path, files: tuple[str, ...]) -> list[tuple[str, Place]]:
    return [(file, tree.place((*path, index))) for index, file in enumerate(files)]


def _tell_repeated(files: list[tuple[str, Place]], findings: Findings) -> None:
    seen: set[str] = set()
    for file, place in files:
        if file in seen:
            findings.error(place, "content-twice", f"{file} is named twice", "name each file once")
        seen.add(file)


def _read(folder: Folder, files: list[tuple[str, Place]]) -> list[Source]:
    sources = [folder.text_of(file, place if place.file else None) for file, place in files]
    read = [source for source in sources if source is not None]
    for source in read:
        if has_header(source):  # it would be set as text
            folder.findings.error(
                source.place(0),
                "header-twice",
                f"this manuscript has a header of its own beside {HEADER_FILE}",
                f"move its keys into {HEADER_FILE} and delete it here",
            )
    return read


def _default(folder: Folder, name: str) -> str | None:
    """Without the key, the manuscript is manuscript.md, or the only Markdown file."""
    found = sorted(p.name for p in folder.root.iterdir() if p.suffix.lower() in MARKDOWN)
    if "manuscript.md" in found:
        return "manuscript.md"
    if len(found) == 1:
        return found[0]
    if found:
        message = "no manuscript is named, and the folder holds several Markdown files"
        hint = f"write manuscript: with one of {', '.join(found[:5])}"
    else:
        message = "no manuscript is named, and the folder holds no Markdown file"
        hint = "write manuscript.md, or name the file: manuscript: FILE.md"
    folder.findings.error(Place(folder.shown(name)), "manuscript-missing", message, hint)
    return None
