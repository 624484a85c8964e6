"""Pages of HTML to a draft: notes first, then blocks, then the words by a path of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from booklet.errors import Place
from booklet.importing.blocks import Blocker
from booklet.importing.notes import find_notes
from booklet.importing.room import Page, Room
from booklet.importing.tree import Chapter, Draft, Kind, Meta
from booklet.importing.words import words_of
from booklet.model.content import Heading, Text
from booklet.model.transcript import Run


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with what the contents of its source say of it.

    Attributes:
        page: The page.
        kind: Where it belongs.
        depth: How far it stands below others.
        name: ASCII words for the name of its file.
        title: Its title in the contents.
        part: The heading of a part that begins with it.
        whole: Whether it is a chapter by itself, as contents say.
    """

    page: Page
    kind: Kind = ""
    depth: int = 0
    name: str = ""
    title: str = ""
    part: str = ""
    whole: bool = False


@dataclass(slots=True)
class Reading:
    """A document to be read.

    Attributes:
        room: What its pages share.
        meta: What it says about itself.
        sheets: Its pages in reading order.
        parted: Whether each page becomes a file.
        said: Words that stand outside the pages.
    """

    room: Room
    meta: Meta
    sheets: Sequence[Sheet]
    parted: bool = False
    said: list[Run] = field(default_factory=list)

    def draft(self) -> Draft:
        """Read all pages."""
        self.room.pages = [sheet.page for sheet in self.sheets]
        find_notes(self.room)
        chapters = tuple(self._chapter(sheet) for sheet in self.sheets)
        runs = [run for sheet in self.sheets for run in words_of(sheet.page, self.room)]
        for note in self.room.notes.values():
            self._tell_empty(note.id)
        room = self.room
        anchors = {to: id_ for to, id_ in room.anchors.items() if id_ not in room.forgotten}
        return Draft(
            self.meta, chapters, room.notes, anchors, room.pictures,
            (*self.said, *runs), tuple(self.room.added), self.parted,
        )  # fmt: skip

    def _tell_empty(self, name: str) -> None:
        note = self.room.notes[name]
        if not note.blocks:
            self.room.findings.warning(
                note.place, "import-changed", "this note has no words and is left out with its call"
            )

    def _chapter(self, sheet: Sheet) -> Chapter:
        before = self.room.headings
        blocks = Blocker(sheet.page, self.room).read()
        whole = f"{sheet.page.name}#"
        if self.room.headings > before:
            self.room.anchors.setdefault(whole, f"h-{before + 1}")
        place = sheet.page.place(sheet.page.body)
        if sheet.whole and sheet.title and not (blocks and isinstance(blocks[0], Heading)):
            below = (replace(b, level=b.level + 1) if isinstance(b, Heading) else b for b in blocks)
            blocks = (self._heading(sheet.title, place, whole), *below)
        if sheet.part:
            least = min((b.level for b in blocks if isinstance(b, Heading)), default=1)
            part = self._heading(sheet.part, place, f"{sheet.part}\0")
            blocks = (replace(part, level=least), *blocks)
        return Chapter(blocks, place, sheet.kind, sheet.depth, sheet.name, sheet.whole)

    def _heading(self, words: str, place: Place, target: str) -> Heading:
        """Make a heading of what only the contents of the source say."""
        name = self.room.fresh_heading()
        self.room.anchors.setdefault(target, name)
        self.room.added.append(words)
        return Heading(1, name, (Text(words),), place)
