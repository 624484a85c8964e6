"""A document as it was read, parted into the files of a publication.

The title leaves its place for the head of the body; prefaces and afterwords get files of their own;
headings stand one level below what they belong to, whatever their levels were in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from booklet.errors import Findings, Place
from booklet.importing.escaping import printable
from booklet.importing.tree import Chapter, Draft, Kind
from booklet.manuscript.attribution import names_source
from booklet.manuscript.excerpts import is_attribution
from booklet.manuscript.locate import slug_of
from booklet.manuscript.outline import is_front_name, label_at
from booklet.model.content import Block, Blocks, Heading, Inlines, Paragraph, Quote, plain

_BACK = re.compile(
    r"(?:编|編|再版|出版)?(?:后记|後記|后序|後序)|跋|附录.*|附錄.*|致谢|致謝|鸣谢|参考文献|參考文獻|"
    r"参考书目|主要参考.*|编后语|結語|译后记|譯後記|版权页|版權頁"
)
_BRACKETS = re.compile(r"[\s【】\[\]《》「」]")
_WITHIN = 1_000
"""Added to levels within a chapter whose depth the contents give."""
_BLOCKS_OF_AN_EXCERPT = 8
"""On average; where fewer blocks have an attribution, it is no anthology."""
_LONGEST_TITLE = 500
"""Characters; a longer heading is no title."""
_DASHED = 80
"""Characters; a longer line is no attribution."""


@dataclass(slots=True)
class Piece:
    """A heading with what stands below it, or the text before the first heading."""

    blocks: list[Block]
    heading: Heading | None = None
    kind: Kind = ""
    name: str = ""

    @property
    def words(self) -> str:
        """The words of the heading, bare."""
        return _BRACKETS.sub("", plain(self.heading.inlines)) if self.heading else ""


@dataclass(slots=True)
class Parts:
    """The parts of a publication, each a list of pieces.

    Attributes:
        title: The title as it is printed, '' where the source has none.
        line: The title as the text of the source has it.
        line_id: Its id; no link can lead there.
        place: Where it stands.
    """

    title: str = ""
    line: Inlines = ()
    line_id: str = ""
    place: Place = field(default_factory=lambda: Place(""))
    front: list[Piece] = field(default_factory=list)
    body: list[Piece] = field(default_factory=list)
    back: list[Piece] = field(default_factory=list)


def part(draft: Draft, findings: Findings) -> Parts:
    """Part a document."""
    chapters = list(draft.chapters)
    parts = Parts(title=draft.meta.title)
    heading = _title_heading(chapters, draft.meta.title)
    if heading is not None:
        parts.line, parts.line_id = heading.inlines, heading.id
        parts.place = heading.place
        parts.title = " ".join(printable(plain(heading.inlines))[0].split())
        chapters = [
            replace(one, blocks=tuple(b for b in one.blocks if b is not heading))
            for one in chapters
        ]
        if draft.meta.title and _bare(parts.title) != _bare(draft.meta.title):
            findings.note(
                heading.place, "import-key",
                f"the document calls itself “{draft.meta.title[:60]}”; this line is the title",
                "change title: in booklet.yaml, and the # line, if it is the other one",
            )  # fmt: skip
    _assign(list(_pieces(chapters)), parts)
    return parts


def _title_heading(chapters: list[Chapter], title: str) -> Heading | None:
    """Find the line that is the title of the whole."""
    blocks = [block for chapter in chapters for block in chapter.blocks]
    headings = [block for block in blocks if isinstance(block, Heading)]
    if not headings or len(plain(headings[0].inlines)) > _LONGEST_TITLE:
        return None
    first = headings[0]
    if title:
        same = next((h for h in headings[:5] if _bare(plain(h.inlines)) == _bare(title)), None)
        if same is not None:
            return same
    tops = [heading for heading in headings if heading.level == first.level]
    alone = len(tops) == 1 and first.level == min(heading.level for heading in headings)
    at = next(i for i, block in enumerate(blocks) if block is first)
    following = blocks[at + 1] if at + 1 < len(blocks) else None
    # A heading right above its like heads nothing but the whole.
    crowned = isinstance(following, Heading) and following.level == first.level
    named = len(headings) > 1 or not is_front_name(_BRACKETS.sub("", plain(first.inlines)))
    return first if (alone or crowned) and first.level == 1 and named else None


def _bare(words: str) -> str:
    return "".join(words.split())


def _pieces(chapters: Iterable[Chapter]) -> Iterator[Piece]:
    """Part chapters at the headings that are sections, with levels settled."""
    piece: Piece | None = None
    stack: list[int] = []
    for chapter in chapters:
        least = min((b.level for b in chapter.blocks if isinstance(b, Heading)), default=1)
        opened = False
        for block in chapter.blocks:
            if isinstance(block, Heading):
                level = block.level
                if chapter.whole:
                    level = chapter.depth if level == least else _WITHIN + level
                while stack and stack[-1] >= level:
                    stack.pop()
                stack.append(level)
                block = replace(block, level=min(1 + len(stack), 6))
            if isinstance(block, Heading) and block.level == 2:
                if piece is not None:
                    yield piece
                piece = Piece([], block, chapter.kind, chapter.name)
            elif piece is None or (chapter.kind != piece.kind and not opened):
                if piece is not None:
                    yield piece
                piece = Piece([block], None, chapter.kind, chapter.name)
            else:
                piece.blocks.append(block)
            opened = True
    if piece is not None:
        yield piece


def _assign(pieces: list[Piece], parts: Parts) -> None:
    """Say for each piece whether it stands before, in or after the body."""
    for piece in pieces:
        if piece.heading is None:
            piece.blocks = list(_labelled(tuple(piece.blocks), alone=len(pieces) == 1))
    after = [piece for piece in pieces if piece.kind == "back"]
    pieces = [piece for piece in pieces if piece.kind != "back"]
    first = next((i for i, one in enumerate(pieces) if _is_body(one)), len(pieces))
    end = len(pieces)
    while end > first + 1 and _is_back(pieces[end - 1]):
        end -= 1
    parts.front, parts.body = pieces[:first], pieces[first:end]
    parts.back = [*pieces[end:], *after]
    if not parts.body:
        parts.body, parts.front = parts.front or parts.back, []
        parts.back = [] if parts.body is parts.back else parts.back


def _is_body(piece: Piece) -> bool:
    if piece.kind:
        return piece.kind != "front" or (piece.heading is None and not _has_label(piece))
    return not is_front_name(piece.words)


def _is_back(piece: Piece) -> bool:
    return not piece.kind and _BACK.fullmatch(piece.words) is not None


def _has_label(piece: Piece) -> bool:
    first = piece.blocks[0] if piece.blocks else None
    return isinstance(first, Quote)


def _labelled(blocks: Blocks, *, alone: bool) -> Blocks:
    """Put text that opens with 编前语 and the like into a quotation, as our manuscripts have it.

    Args:
        blocks: What stands before the first heading.
        alone: Whether there is no heading at all; then only the first paragraph is surely meant.
    """
    for at, block in enumerate(blocks[:3]):
        if not isinstance(block, Paragraph) or not (label := label_at(_lines(block.inlines))):
            continue
        if not is_front_name(_BRACKETS.sub("", label).rstrip("：:")):
            continue
        end = at + 1
        while end < len(blocks) and not alone and _goes_on(blocks[end]):
            end += 1
        if plain(block.inlines).strip() == label.strip() and end == at + 1 < len(blocks):
            end += 1  # the label stands in a line of its own
        return (*blocks[:at], Quote(blocks[at:end], block.place), *blocks[end:])
    return blocks


def _goes_on(block: Block) -> bool:
    return isinstance(block, Paragraph) and not is_attribution(block)


def _lines(inlines: Inlines) -> str:
    return "".join("\n" if type(i).__name__ == "Break" else plain((i,)) for i in inlines)


def form_of(parts: Parts) -> str:
    """Tell a book from an anthology by its lines with a dash or a work in brackets.

    In a book a dash opens lines of talk, or a source stands below a quotation now and then.
    The answer is '' where the manuscript says it by itself.
    """
    blocks = [block for piece in parts.body for block in piece.blocks]
    texts = [block for block in blocks if isinstance(block, Paragraph)]
    lines = [plain(block.inlines) for block in texts if is_attribution(block)]
    works = [line for line in lines if names_source(line)]
    talk = [
        line for line in lines
        if line not in works and (len(line) > _DASHED or line.rstrip()[-1:] in "。！？…”，；")
    ]  # fmt: skip
    sparse = len(blocks) > _BLOCKS_OF_AN_EXCERPT * len(lines)
    if not lines or sparse or 2 * len(talk) > len(lines):
        return "book" if len(works) < len(lines) else ""
    return "anthology" if works else ""


def file_name(piece: Piece, number: int, stem: str) -> str:
    """Name the file of a piece."""
    words = slug_of(piece.name or plain(piece.heading.inlines if piece.heading else ()))
    own = "" if words == "booklet" else f"-{words[:40].strip('-')}"
    return f"{stem}-{number:02d}{own}.md"
