"""What reading a publication gives: the model, the transcript and every finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from booklet.errors import Diagnostic, Place
from booklet.model.header import Header
from booklet.model.publication import Publication
from booklet.model.transcript import Run


@dataclass(frozen=True, slots=True)
class Loaded:
    """A publication that was read.

    Attributes:
        root: The publication's folder, resolved; the parent folder of a lone Markdown file.
        publication: None where an error forbids to go on.
        transcript: Every run of manuscript text, in source order within each stream.
        sources: Files that were read, relative to the root, in reading order; the header's first.
        diagnostics: Everything found, in order of place.
        places: Where the header sets a key, by its path: ``("options", "folios")``.
        header: What could be read of the header, also where it is faulty.
        images: Pictures that stand instead of others, by the names that the manuscript has.
        prefix: The folder as the user typed it, with ``/`` at its end, or ''; places begin with it.
    """

    root: Path
    publication: Publication | None
    transcript: tuple[Run, ...]
    sources: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    places: Mapping[tuple[str | int, ...], Place] = field(default_factory=dict)
    prefix: str = ""
    header: Header | None = None
    images: Mapping[str, bytes] = field(default_factory=dict)
