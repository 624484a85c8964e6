"""The recipe of an import: read, part, write, read back, prove, put in place."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from booklet import limits
from booklet.errors import Diagnostic, Findings, InputError, Place, in_order
from booklet.importing.assembling import Written, assemble
from booklet.importing.kinds import read
from booklet.importing.outline import part
from booklet.importing.proof import prove
from booklet.importing.publishing import check_target, publish
from booklet.importing.refusal import NOTHING, refusal
from booklet.importing.tree import Draft
from booklet.manuscript import Loaded, header_schema, load_publication
from booklet.model.content import Excerpt, walk
from booklet.model.publication import Publication

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import gave.

    Attributes:
        folder: The publication.
        files: Names of its files.
        title: Its title.
        taken: How much of each kind was taken: ``front``, ``sections``, ``excerpts``, ``notes``,
            ``pictures``, ``characters``.
        front: Titles of the texts before the body.
        written: Whether the folder was written.
        diagnostics: What was not carried as it was, with its place in the source.
    """

    folder: Path
    files: tuple[str, ...]
    title: str
    taken: Mapping[str, int]
    front: tuple[str, ...]
    written: bool
    diagnostics: tuple[Diagnostic, ...]


@contextlib.contextmanager
def _deeper_calls() -> Iterator[None]:
    """Let calls nest as elements may; the reader needs a few calls for each level."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 1_000 + 20 * limits.value("import-depth")))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _quiet(_: str) -> None:
    """Tell nobody."""


def import_file(
    source: Path,
    target: Path,
    *,
    force: bool = False,
    dry: bool = False,
    tell: Tell = _quiet,
) -> Imported:
    """Import a document.

    Args:
        source: A file, or a folder with SUMMARY.md.
        target: Folder of the publication.
        force: Whether files of a folder that holds something may be replaced.
        dry: Whether nothing is written.
        tell: Told what is being done.

    Raises:
        InputError: It cannot be imported whole; nothing was written then.
    """
    findings = Findings()
    place = Place(source.as_posix())
    check_target(source, target, force=force)
    tell("read the document")
    with _deeper_calls():
        draft = read(source, findings)
    tell("write the manuscript")
    title = " ".join(source.resolve().stem.split()) or "booklet"
    written, loaded, count = _write(draft, title, place, findings)
    if not dry:
        tell("put the publication in place")
        publish(target, written.files)
    publication = loaded.publication
    if publication is None:  # _write has looked
        raise InputError(NOTHING, findings)
    return Imported(
        folder=target,
        files=tuple(written.files),
        title=written.title,
        taken=_taken(publication, written, count),
        front=tuple(piece.title for piece in publication.front),
        written=not dry,
        diagnostics=in_order(findings.items),
    )


def _write(
    draft: Draft, title: str, place: Place, findings: Findings
) -> tuple[Written, Loaded, int]:
    """Write the publication aside, read it as a build would, and prove its words.

    Raises:
        InputError: It cannot be read, or lacks words.
    """
    if not draft.said:
        raise refusal(place, "import-empty", "the document holds no words", "is it the right file?")
    parts = part(draft, findings)
    for book in (False, True):
        own = Findings()
        written = assemble(draft, parts, own, title=title, book=book)
        loaded = _read_back(written)
        if not any(item.code == "attribution-alone" for item in loaded.diagnostics):
            break
    findings.extend(own.items)
    count, proof = prove(draft.said, loaded.transcript, draft.added, place)
    if loaded.publication is None or proof.fatal:
        raise InputError(NOTHING, (*findings, *proof, *loaded.diagnostics))
    return written, loaded, count


def _read_back(written: Written) -> Loaded:
    schema = json.dumps(header_schema(), ensure_ascii=False, indent=2) + "\n"
    files = written.files
    if isinstance(files, dict):
        files.setdefault("booklet.schema.json", schema.encode("utf-8"))
    with tempfile.TemporaryDirectory(prefix="booklet-import-") as folder:
        for name, data in written.files.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        loaded = load_publication(Path(folder))
        shown = tuple(_shown(item, folder) for item in loaded.diagnostics)
    return replace(loaded, diagnostics=shown)


def _shown(item: Diagnostic, folder: str) -> Diagnostic:
    """Name a file of the manuscript as it would be called."""
    name = item.place.file.removeprefix(f"{folder}/")
    return replace(item, place=replace(item.place, file=f"(written) {name}"))


def _taken(publication: Publication, written: Written, count: int) -> dict[str, int]:
    front = [block for one in publication.front for block in walk(one.blocks)]
    body = [b for one in (*publication.sections, *publication.back) for b in walk(one.blocks)]
    blocks = [*front, *body]
    pictures = sum(1 for name in written.files if name.startswith("images/"))
    return {
        "front": len(publication.front),
        "sections": len(publication.sections),
        "back": len(publication.back),
        "excerpts": sum(isinstance(block, Excerpt) for block in blocks),
        "notes": len(publication.notes),
        "pictures": pictures,
        "characters": count,
    }
