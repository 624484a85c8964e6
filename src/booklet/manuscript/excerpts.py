"""Blocks to excerpts: a text and the attribution line below it, the unit of an anthology."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from booklet.errors import Findings, Place
from booklet.manuscript.attribution import is_credit, opens_attribution, read_attribution
from booklet.manuscript.blocks import Marks
from booklet.manuscript.ids import Ids
from booklet.model.content import (
    Attribution,
    Block,
    Blocks,
    Box,
    CodeBlock,
    Excerpt,
    Figure,
    Listing,
    Paragraph,
    Quote,
    Table,
    Verse,
    plain,
)

_TEXT = (Paragraph, Quote, Verse, Listing, CodeBlock, Box)
_CREDITED = (Figure, Table)


def is_attribution(block: Block) -> bool:
    """Tell whether a block is a paragraph that is an attribution where texts have them."""
    return isinstance(block, Paragraph) and is_credit(plain(block.inlines))


def is_anthology(blocks: Blocks, marks: Marks) -> bool:
    """Tell whether an attribution with a dash stands among blocks, outside quotations.

    A work in brackets is not enough: books name their sources so.
    """
    return any(
        isinstance(block, Paragraph)
        and (opens_attribution(plain(block.inlines)) or block.place in marks.tails)
        for block in _outside_quotes(blocks)
    )


def _outside_quotes(blocks: Blocks) -> Iterator[Block]:
    for block in blocks:
        yield block
        match block:
            case Box(blocks=inner):
                yield from _outside_quotes(inner)
            case Listing(items=items):
                for item in items:
                    yield from _outside_quotes(item)
            case _:
                pass


@dataclass(slots=True)
class Gatherer:
    """Gives quotations and excerpts their attributions.

    Attributes:
        anthology: Whether texts outside quotations become excerpts.
        count: Excerpts made so far.
    """

    findings: Findings
    ids: Ids
    marks: Marks
    anthology: bool
    count: int = 0

    def gather(self, blocks: Blocks) -> Blocks:
        """Gather the blocks of one section."""
        inner = tuple(self._inside(block) for block in blocks)
        return self._excerpts(self._parted(inner)) if self.anthology else self._quotes(inner)

    def _inside(self, block: Block) -> Block:
        match block:
            case Quote(blocks=blocks):
                return self._quote(replace(block, blocks=quote_gatherer(self).gather(blocks)))
            case Box(blocks=blocks):
                return replace(block, blocks=self._nested(blocks))
            case Listing(items=items):
                return replace(block, items=tuple(self._nested(item) for item in items))
            case _:
                return block

    def _nested(self, blocks: Blocks) -> Blocks:
        """Gather within a container, where a text without attribution is no excerpt."""
        if self.anthology and not is_anthology(blocks, self.marks):
            return tuple(self._inside(block) for block in blocks)
        return self.gather(blocks)

    # ---- quotations --------------------------------------------------------------------------

    def _quote(self, quote: Quote) -> Quote:
        """Take the last line of a quotation for its attribution."""
        blocks = self._parted(quote.blocks)
        if len(blocks) > 1 and is_attribution(blocks[-1]):
            return Quote(blocks[:-1], quote.place, self._read(blocks[-1]))
        return quote

    def _quotes(self, blocks: Blocks) -> Blocks:
        """Give each quotation the attribution that stands below it."""
        done: list[Block] = []
        for block in blocks:
            last = done[-1] if done else None
            if isinstance(last, Quote) and last.attribution is None and is_attribution(block):
                done[-1] = replace(last, attribution=self._read(block))
            else:
                done.append(block)
        return tuple(done)

    # ---- excerpts ----------------------------------------------------------------------------

    def _parted(self, blocks: Blocks) -> Blocks:
        """Make a paragraph of its own of an attribution that ends a paragraph."""
        parted: list[Block] = []
        for block in blocks:
            tail = self.marks.tails.get(block.place) if isinstance(block, Paragraph) else None
            if tail is None or is_attribution(block):
                parted.append(block)
            else:
                parted += [Paragraph(tail.body, block.place), Paragraph(tail.line, tail.place)]
        return tuple(parted)

    def _excerpts(self, blocks: Blocks) -> Blocks:
        done: list[Block] = []
        pending: list[Block] = []
        last = max((i for i, block in enumerate(blocks) if is_attribution(block)), default=-1)
        for index, block in enumerate(blocks):
            if is_attribution(block):
                self._close(done, pending, block)
            elif isinstance(block, _TEXT) and not _holds_excerpts(block):
                pending.append(block)
            else:
                self._release(done, pending, left_over=-1 < last < index)
                done.append(block)
        self._release(done, pending, left_over=last >= 0)
        return tuple(done)

    def _close(self, done: list[Block], pending: list[Block], line: Block) -> None:
        """End an excerpt with its attribution."""
        if not pending and done and isinstance(done[-1], _CREDITED):
            pending.append(done.pop())
        if not pending:
            self.findings.error(
                line.place,
                "attribution-alone",
                "this attribution has no text before it",
                "put it below its text, or write form: book if it is a paragraph",
            )
            done.append(line)
            return
        done.append(self._excerpt(tuple(pending), self._read(line), line.place))
        pending.clear()

    def _release(self, done: list[Block], pending: list[Block], *, left_over: bool) -> None:
        """Set texts free that no attribution follows."""
        if left_over and pending:
            done.append(self._excerpt(tuple(pending), None, pending[0].place))
        else:
            done.extend(pending)
        pending.clear()

    def _excerpt(self, blocks: Blocks, attribution: Attribution | None, line: Place) -> Excerpt:
        places = [block.place for block in blocks] + [line]
        names = [self.marks.anchors.pop(p) for p in places if p in self.marks.anchors]
        self.ids.targets.update(names[:1])
        for name, place in zip(names[1:], places, strict=False):
            self.marks.anchors[place] = name
        self.count += 1
        name = names[0] if names else self.ids.fresh("e", self.count)
        return Excerpt(name, self.count, blocks, attribution, blocks[0].place)

    def _read(self, block: Block) -> Attribution:
        inlines = block.inlines if isinstance(block, Paragraph) else ()
        return read_attribution(inlines, block.place, self.findings)


def quote_gatherer(gatherer: Gatherer) -> Gatherer:
    """Give a gatherer for the inside of a quotation: there texts are no excerpts."""
    return replace(gatherer, anthology=False)


def _holds_excerpts(block: Block) -> bool:
    match block:
        case Box(blocks=blocks):
            return any(isinstance(b, Excerpt) or _holds_excerpts(b) for b in blocks)
        case Listing(items=items):
            return any(isinstance(b, Excerpt) or _holds_excerpts(b) for i in items for b in i)
        case _:
            return False
