"""Content to semantic HTML: one rendering for pages and for reflow.

Every stretch of manuscript text stands in an element that carries `data-m` (its stream) and
`data-src` (file:line). Fidelity is proved by them, and a preview finds its way back by them; the
outputs strip them. Words that the theme adds carry neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from itertools import pairwise
from typing import Literal

from booklet.errors import Place
from booklet.model import content as c
from booklet.model.dates import words_of_first_day
from booklet.theme.named import RESERVED
from booklet.typeset.footnotes import ELSEWHERE, MARKS, call, call_again, footnote

Medium = Literal["paged", "reflow"]

LONGEST_WHOLE = 14
"""Lines of code or rows of a table that are kept on one page; more may break."""

LONGEST_QUOTE = 300
"""Characters of a quotation that is kept on one page, which is about half of one."""


def class_names(*names: str) -> str:
    """Write the classes that an author gave, kept apart from the themes' own."""
    return escape(" ".join(f"own-{name}" if name in RESERVED else name for name in names))


def added(name: str, words: str, *, note: bool = False) -> str:
    """Write words that the theme adds amid those of the manuscript."""
    return f'<span class="{name}" data-added="{"note" if note else ""}">{words}</span>'


_ANNOUNCED = (c.CodeBlock, c.Table, c.Listing, c.Figure, c.Verse, c.Quote)


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes content as HTML.

    Attributes:
        medium: ``paged`` or ``reflow``.
        stream: The stream of the manuscript that is being written.
        notes: Notes by id.
        pictures: Source as written in the manuscript → URL in the output.
        called: How often each note was called; a note stands in the book once.
        waiting: Notes that the note being written has called.
        written: Notes that stand in a document already.
        heading_shift: Added to heading levels: -1 where a section's own heading is h1.
    """

    medium: Medium
    stream: str
    notes: Mapping[str, c.Note]
    pictures: Mapping[str, str]
    heading_shift: int = 0
    called: Counter[str] = field(default_factory=Counter, compare=False)
    waiting: list[str] = field(default_factory=list, compare=False)
    written: set[str] = field(default_factory=set, compare=False)
    in_link: bool = False
    elsewhere: str = ELSEWHERE

    def labelled(self, place: Place) -> str:
        """Give the attributes that tie an element to the manuscript."""
        source = escape(f"{place.file}:{place.line}")
        return f' data-m="{escape(self.stream)}" data-src="{source}"'

    # ---- inlines -----------------------------------------------------------------------------

    def text(self, text: str) -> str:
        """Escape text; nothing is added to it or taken from it."""
        return escape(text, quote=False)

    def inlines(self, items: c.Inlines) -> str:
        """Write inlines, with no white space between elements."""
        return "".join(map(self.inline, items))

    def inline(self, item: c.Inline) -> str:
        """Write one inline."""
        match item:
            case c.Text(text):
                return self.text(text)
            case c.Strong(children):
                return f"<strong>{self.inlines(children)}</strong>"
            case c.Emphasis(children):
                return f"<em>{self.inlines(children)}</em>"
            case c.Code(text):
                return f"<code>{escape(text, quote=False)}</code>"
            case c.Link(target, children):
                words = replace(self, in_link=True).inlines(children)
                return f'<a href="{escape(target)}">{words}</a>'
            case c.Ruby(base, reading, made):
                label = ' data-added="reading"' if made else ""
                return f"<ruby>{escape(base)}<rt{label}>{escape(reading)}</rt></ruby>"
            case c.Span(classes, children):
                names = class_names(*classes)
                return f'<span class="{names}">{self.inlines(children)}</span>'
            case c.NoteRef(note):
                return self.note_call(note)
            case c.Picture(source, alt):
                return self.image(source, alt, ' class="inline"')
            case c.Break():
                return "<br/>"

    def note_call(self, note_id: str) -> str:
        """Write the call of a note; on pages the note itself stands beside it and floats down."""
        note = self.notes[note_id]
        self.called[note.id] += 1
        again = self.called[note.id]
        where = "note" if self.stream.startswith("note-") else ""  # a note may call another
        if self.medium == "reflow":
            name = escape(note.id)
            id_ = f"call-{name}" if again == 1 else f"call-{name}-{again}"
            return (
                f'<a class="note-call" data-added="{where}" epub:type="noteref" role="doc-noteref" '
                f'id="{id_}" href="#note-{name}">{note_mark(note.number)}</a>'
            )
        if again > 1:
            return call_again(note.id, again, where, self.elsewhere, in_link=self.in_link)
        html = call(note.id, f"call-{note.id}", where, in_link=self.in_link)
        if where:
            self.waiting.append(note.id)
            return html
        return html + self.footnotes(note)

    def footnotes(self, note: c.Note) -> str:
        """Write a note for pages, and after it the notes that it calls."""
        words = replace(self, stream=f"note-{note.id}", in_link=False).note_body(note)
        html = footnote(f"note-{note.id}", f"call-{note.id}", words)
        while self.waiting:
            html += self.footnotes(self.notes[self.waiting.pop(0)])
        return html

    def image(self, source: str, alt: str, attributes: str = "") -> str:
        """Write a picture.

        On pages a picture without words is embedded, for there every ``img`` must have words
        (ISO 14289-1, 7.3), and a decoration has none.
        """
        url = escape(self.pictures[source])
        if self.medium == "paged" and not alt:
            return f'<embed src="{url}"{attributes}/>'
        return f'<img src="{url}" alt="{escape(alt)}"{attributes}/>'

    def note_body(self, note: c.Note) -> str:
        """Write the words of a note as inline content, paragraphs parted by breaks."""
        parts = []
        for block in note.blocks:
            if isinstance(block, c.Paragraph):
                parts.append(
                    f"<span{self.labelled(block.place)}>{self.inlines(block.inlines)}</span>"
                )
            else:
                parts.append(f'<span class="block">{self.block(block)}</span>')
        return '<br class="note-par"/>'.join(parts)

    def aside(self, note: c.Note) -> str:
        """Write a note for reflow: an aside with a link back to its call."""
        name = escape(note.id)
        scribe = replace(self, stream=f"note-{note.id}")
        inner = scribe.blocks(note.blocks)
        mark = (
            f'<a class="note-mark" data-added="note" role="doc-backlink" href="#call-{name}">'
            f"{note_mark(note.number)}</a>"
        )
        if inner.startswith("<p"):
            head, rest = inner.split(">", 1)
            inner = f"{head}>{mark}{rest}"
        else:
            inner = f"<p>{mark}</p>{inner}"
        return (
            f'<aside class="footnote" epub:type="footnote" role="doc-footnote" id="note-{name}">'
            f"{inner}</aside>"
        )

    # ---- blocks ------------------------------------------------------------------------------

    def blocks(self, blocks: c.Blocks) -> str:
        """Write blocks."""
        return "\n".join(self.block_before(*pair) for pair in pairwise((*blocks, None)))

    def block_before(self, block: c.Block | None, following: c.Block | None) -> str:
        """Write a block; a paragraph that announces the next one is told to stay with it."""
        if block is None:
            return ""
        html = self.block(block)
        if not isinstance(block, c.Paragraph) or not isinstance(following, _ANNOUNCED):
            return html
        announces = c.plain(block.inlines).endswith(("：", ":"))
        return html.replace("<p", '<p class="lead-in"', 1) if announces else html

    def block(self, block: c.Block) -> str:
        """Write one block."""
        match block:
            case c.Paragraph(inlines, place):
                return f"<p{self.labelled(place)}>{self.inlines(inlines)}</p>"
            case c.Heading(level, id_, inlines, place):
                tag = f"h{min(max(level + self.heading_shift, 2), 6)}"
                attributes = f' id="{escape(id_)}"{self.labelled(place)}'
                return f"<{tag}{attributes}>{self.inlines(inlines)}</{tag}>"
            case c.Quote(blocks, _, attribution):
                return self.quote(blocks, attribution)
            case c.Verse(lines, place):
                return self.verse(lines, place)
            case c.Listing():
                return self.listing(block)
            case c.Table():
                return self.table(block)
            case c.Figure():
                return self.figure(block)
            case c.CodeBlock(text, language, place):
                name = f' class="language-{escape(language)}"' if language else ""
                long = ' class="long"' if text.count("\n") > LONGEST_WHOLE else ""
                code = f"<code{name}>{escape(text, quote=False)}</code>"
                return f"<pre{long}{self.labelled(place)}>{code}</pre>"
            case c.Box(classes, blocks, _):
                names = f"box {class_names(*classes)}".strip()
                return f'<div class="{names}">\n{self.blocks(blocks)}\n</div>'
            case c.Rule():
                return '<hr class="rule"/>'
            case c.Excerpt(_, _, blocks, attribution, _):
                return self.quote(blocks, attribution)

    def quote(self, blocks: c.Blocks, attribution: c.Attribution | None) -> str:
        """Write a quotation within a text, and its attribution after it."""
        shell, line = ("div", "p") if self.medium == "paged" else ("figure", "figcaption")
        tail = ""
        if attribution is not None:
            words = self.lead(attribution) + self.inlines(attribution.rest)
            label = self.labelled(attribution.place)
            tail = f'\n<{line} class="attribution"{label}>{words}</{line}>'
        inner = f"<blockquote>\n{self.blocks(blocks)}\n</blockquote>{tail}"
        long = " long" if self.medium == "paged" and _characters(blocks) > LONGEST_QUOTE else ""
        return f'<{shell} class="quote{long}">{inner}</{shell}>'

    def lead(self, source: c.Attribution) -> str:
        """Write what leads an attribution; machines that read an e-book are told its date."""
        html = self.inlines(source.lead)
        words = self.text(words_of_first_day(source.date_text))
        if self.medium == "paged" or source.date is None or not words:
            return html
        return html.replace(words, f'<time datetime="{source.date.first.iso}">{words}</time>', 1)

    def verse(self, lines: tuple[c.Inlines, ...], place: Place) -> str:
        """Write verse: a div a stanza, a p a line."""
        stanzas: list[list[str]] = [[]]
        for line in lines:
            if not line:
                stanzas.append([])
                continue
            stanzas[-1].append(f'<p class="line"{self.labelled(place)}>{self.inlines(line)}</p>')
        inner = "".join(
            f'<div class="stanza">{"".join(stanza)}</div>' for stanza in stanzas if stanza
        )
        return f'<div class="verse">{inner}</div>'

    def listing(self, block: c.Listing) -> str:
        """Write a list; on pages its markers are words, read back like the rest."""
        ordered = block.start is not None
        tag = "ol" if ordered else "ul"
        start = f' start="{block.start}"' if ordered and block.start != 1 else ""
        items = []
        for offset, item in enumerate(block.items):
            marker = ""
            if self.medium == "paged":
                number = f"{(block.start or 0) + offset}."
                marker = added("marker", number) if ordered else added("marker bullet", "●")
            items.append(f"<li>{marker}{self.item(item, tight=block.tight)}</li>")
        shape = "tight" if block.tight else "loose"
        return f'<{tag} class="{shape}"{start}>\n' + "\n".join(items) + f"\n</{tag}>"

    def item(self, blocks: c.Blocks, *, tight: bool) -> str:
        """Write a list item; a tight one needs no paragraph around its words."""
        parts = []
        for block in blocks:
            if tight and isinstance(block, c.Paragraph):
                parts.append(
                    f"<span{self.labelled(block.place)}>{self.inlines(block.inlines)}</span>"
                )
            else:
                parts.append(self.block(block))
        return "".join(parts)

    def table(self, block: c.Table) -> str:
        """Write a table with header cells in scope."""
        label = self.labelled(block.place)

        def row(cells: tuple[c.Inlines, ...], tag: str) -> str:
            scope = ' scope="col"' if tag == "th" else ""
            out = []
            for index, cell in enumerate(cells):
                align = block.aligns[index] if index < len(block.aligns) else ""
                name = f' class="{align}"' if align else ""
                out.append(f"<{tag}{scope}{name}{label}>{self.inlines(cell)}</{tag}>")
            return f"<tr>{''.join(out)}</tr>"

        head = f"<thead>{row(block.head, 'th')}</thead>" if any(block.head) else ""
        body = "".join(row(cells, "td") for cells in block.rows)
        short = ' class="short"' if len(block.rows) <= LONGEST_WHOLE else ""
        return f"<table{short}>{head}<tbody>{body}</tbody></table>"

    def figure(self, block: c.Figure) -> str:
        """Write a picture with its caption."""
        image = self.image(block.picture.source, block.picture.alt)
        names = f"picture {class_names(*block.classes)}".strip()
        caption = ""
        if block.caption:
            words = self.inlines(block.caption)
            caption = f"<figcaption{self.labelled(block.place)}>{words}</figcaption>"
        source = escape(f"{block.place.file}:{block.place.line}")  # to find the picture by
        return f'<figure class="{names}" data-src="{source}">{image}{caption}</figure>'


def note_mark(number: int) -> str:
    """Write the mark of a note: ① to ㊿, then the number in brackets."""
    return MARKS[number - 1] if 1 <= number <= len(MARKS) else f"({number})"


def _characters(blocks: c.Blocks) -> int:
    return sum(len(c.plain(line)) for block in blocks for line in c.lines_of(block))
