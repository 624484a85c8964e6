"""What an imported document is, between its own format and the manuscript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from booklet.errors import Place
from booklet.model.content import Blocks, Note
from booklet.model.transcript import Run

Kind = Literal["", "front", "body", "back"]


@dataclass(frozen=True, slots=True)
class Meta:
    """What a document says about itself.

    Attributes:
        title: '' where it does not say.
        header: Further keys of the header of a publication, by their names there.
    """

    title: str = ""
    header: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of a document that its source keeps in a file of its own.

    Attributes:
        blocks: What it says; headings have the levels of the source.
        place: Where it begins.
        kind: Where it belongs, '' where the source does not say.
        depth: How far it stands below others in the contents of the source.
        name: ASCII words for the name of a file.
        whole: Whether its headings are counted from its own, whatever their levels.
    """

    blocks: Blocks
    place: Place
    kind: Kind = ""
    depth: int = 0
    name: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as it was read.

    Attributes:
        meta: What it says about itself.
        chapters: In reading order.
        notes: Notes by id.
        anchors: Ids of headings by the targets of links, as links name them.
        pictures: Files of pictures by their names in the publication.
        said: Its words, run by run, read on a path of their own; notes in streams ``note``.
        added: Words that the manuscript has beside them.
        parted: Whether each chapter becomes a file.
    """

    meta: Meta
    chapters: tuple[Chapter, ...]
    notes: Mapping[str, Note] = field(default_factory=dict)
    anchors: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    said: tuple[Run, ...] = ()
    added: tuple[str, ...] = ()
    parted: bool = False
