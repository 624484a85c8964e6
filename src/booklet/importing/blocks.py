"""Elements that are blocks, to the blocks of the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from booklet.errors import Place
from booklet.importing.elements import (
    BLOCKS,
    Element,
    children,
    classes_of,
    first_of,
    name_of,
    number_of,
    shown,
    style_of,
    types_of,
    words_in,
)
from booklet.importing.flat import STRONG, Atom, paragraphs
from booklet.importing.grids import read_grid
from booklet.importing.lines import Cut, Item, Liner, Marks
from booklet.importing.paragraphing import (
    HEADING,
    broken,
    credit_parted,
    is_plain,
    is_tight,
    opens_with_heading,
    paragraph,
    slug,
    source_lines,
)
from booklet.importing.single import one_line
from booklet.importing.words import without_label
from booklet.manuscript.attribution import opens_attribution
from booklet.manuscript.markdown import is_chinese
from booklet.model.content import (
    Block,
    Blocks,
    Box,
    CodeBlock,
    Figure,
    Heading,
    Inlines,
    Listing,
    Note,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Text,
    Verse,
    plain,
)

_VERSE = {"verse", "poem", "poetry", "line-block", "stanzas"}
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source)-([A-Za-z0-9+#_.-]{1,40})")
_BOXES = {"note", "tip", "warning", "letter", "example", "sidebar"}
_MOST = 999_999_999


class Blocker(Liner):
    """Reads a page."""

    def read(self) -> Blocks:
        """Read the whole page, and the notes that it holds."""
        for element in self.page.body.iter():
            name = self.room.bodies.get(element)
            if name is not None:
                self._note(element, name)
        return self.blocks(self.page.body)

    def blocks(self, element: Element) -> Blocks:
        """Read the blocks within an element."""
        return self.gather(self.inside(element), self.page.place(element))

    def gather(self, items: Iterable[Item], place: Place) -> Blocks:
        """Make paragraphs of what stands between blocks."""
        done: list[Block] = []
        atoms: list[Atom] = []

        def close() -> None:
            for inlines in paragraphs(atoms):
                done.extend(paragraph(one, place) for one in credit_parted(inlines))
            atoms.clear()

        for item in items:
            if isinstance(item, Atom):
                atoms.append(item)
                continue
            close()
            if isinstance(item, Cut):
                place = item.place
            else:
                done.append(item)
        close()
        return tuple(done)

    def visible(self, element: Element, name: str, marks: Marks) -> Iterator[Item]:
        """Yield an element of the text, with its anchor."""
        if name not in BLOCKS:
            self.anchor(element)
            yield from self.line_element(element, name, marks)
            return
        yield Cut(self.page.place(element))
        if match := HEADING.fullmatch(name):
            yield from self._heading(element, int(match[1]))
        else:
            self.anchor(element)
            yield from self._block(element, name, marks)
        yield Cut(self.page.place(element))

    def anchor(self, element: Element, heading: str = "") -> None:
        """Remember to which heading a link to an element leads: its own, or the one before."""
        for key in ("id", "name"):
            if value := element.get(key):
                target = f"{self.page.name}#{value}"
                first = f"h-{self.room.headings + 1}" if opens_with_heading(element) else ""
                before = f"h-{self.room.headings}" if self.room.headings else ""
                self.room.anchors.setdefault(target, heading or first or before)

    def _block(self, element: Element, name: str, marks: Marks) -> Iterator[Item]:
        readers: dict[str, Callable[[Element], Iterator[Item]]] = {
            "blockquote": self._quote, "ul": self._list, "ol": self._list, "menu": self._list,
            "dir": self._list, "pre": self._pre, "table": self._table, "figure": self._figure,
            "hr": self._rule, "nav": self._nav,
        }  # fmt: skip
        if name in readers:
            yield from readers[name](element)
        elif name in {"dt", "summary"}:
            yield from self.inside(element, (*marks, (STRONG, "")))
        elif classes_of(element) & _VERSE and (verse := self._verse(element)):
            yield from verse
        elif name in {"div", "aside", "section"} and (box := self._box(element)) is not None:
            yield box
        else:
            if "font-weight:bold" in style_of(element):
                marks = (*marks, (STRONG, ""))
            yield from self.inside(element, marks)

    # ---- one by one --------------------------------------------------------------------------

    def _heading(self, element: Element, level: int) -> Iterator[Item]:
        name = self.room.fresh_heading()
        for one in element.iter():
            if isinstance(one.tag, str):
                self.anchor(one, name)
        inlines = one_line(self.blocks(element))
        if len(inlines) == 1 and isinstance(inlines[0], Strong):
            inlines = inlines[0].children  # a heading is bold by itself
        place = self.page.place(element)
        if not plain(inlines).strip():
            self.room.forget_heading(name)
            if inlines:
                yield paragraph(inlines, place)
            return
        if self.page.slugs:
            self.room.anchors.setdefault(f"{self.page.name}#{slug(plain(inlines))}", name)
        yield Heading(level, name, inlines, place)

    def _quote(self, element: Element) -> Iterator[Item]:
        blocks = self.blocks(element)
        if blocks:
            yield Quote(blocks, self.page.place(element))

    def _rule(self, element: Element) -> Iterator[Item]:
        yield Rule(self.page.place(element))

    def _nav(self, element: Element) -> Iterator[Item]:
        """Leave out ways through the source: the contents are made anew."""
        self.room.findings.note(
            self.page.place(element), "import-left-out",
            f"the navigation {shown(words_in(element))} is left out",
            "contents are made anew by every build",
        )  # fmt: skip
        self.room.leave_out(element)
        return iter(())

    def _list(self, element: Element) -> Iterator[Item]:
        items: list[Blocks] = []
        place = self.page.place(element)
        before = self.gather(self._loose(element), place)
        for child in children(element):
            if name_of(child) == "li" and child not in self.room.left_out:
                if child in self.room.bodies:
                    continue
                self.anchor(child)
                items.append(self.blocks(child))
        yield from before
        start: int | None = None
        if name_of(element) == "ol":
            start = number_of(element.get("start", "1"), _MOST - len(items))
            numbered = element.get("type", "1") not in {"", "1"} or "reversed" in element.attrib
            if numbered or any(child.get("value") for child in children(element)):
                self.changed(
                    element, "the numbers of this list are of another kind in the source",
                    "they are set as 1. 2. 3.; write them into the text if they matter",
                )  # fmt: skip
        if items:
            tight = all(len(item) <= 1 or is_tight(item) for item in items)
            yield Listing(tuple(items), start, tight, place)

    def _loose(self, element: Element) -> Iterator[Item]:
        """Yield what stands in a list outside its items."""
        if element.text and element.text.strip():
            yield Atom(Text(element.text))
        for child in element:
            if name_of(child) != "li":
                yield from self.element(child, ())
            if child.tail and child.tail.strip():
                yield Atom(Text(child.tail))

    def _pre(self, element: Element) -> Iterator[Item]:
        """Code, or verse that was written as such."""
        text = "".join(source_lines(element, self.room)).strip("\n").rstrip()
        code = first_of(element, "code")
        names = f"{element.get('class', '')} {code.get('class', '') if code is not None else ''}"
        language = _LANGUAGE.search(names)
        wide = sum(map(is_chinese, text))
        place = self.page.place(element)
        if code is None and language is None and wide * 2 > len(text):
            lines = tuple((Text(row.strip()),) if row.strip() else () for row in text.split("\n"))
            yield Verse(lines, place)
        elif text.strip():
            yield CodeBlock(text + "\n", language[1] if language else "", place)

    def _verse(self, element: Element) -> list[Item]:
        """Read verse, if nothing but lines is in it."""
        stanzas: list[list[Inlines]] = []
        divided = [one for one in children(element) if "stanza" in classes_of(one)]
        for part in divided or [element]:
            blocks = self.blocks(part)
            if not all(isinstance(block, Paragraph) for block in blocks):
                return []
            lines = [broken(b.inlines) for b in blocks if isinstance(b, Paragraph)]
            if divided or all(len(one) == 1 for one in lines):
                stanzas.append([row for one in lines for row in one])
            else:
                stanzas += lines
        if divided and any(words_in(one) for one in children(element) if one not in divided):
            return []
        rows: list[Inlines] = []
        for stanza in filter(None, stanzas):
            rows += [(), *stanza] if rows else stanza
        return [Verse(tuple(rows), self.page.place(element))] if rows else []

    def _box(self, element: Element) -> Box | None:
        """Keep a box that themes know."""
        named = sorted(classes_of(element) & _BOXES)
        if not named or types_of(element) & {"footnote", "endnote"}:
            return None
        blocks = self.blocks(element)
        return Box((named[0],), blocks, self.page.place(element)) if blocks else None

    def _table(self, element: Element) -> Iterator[Item]:
        yield from read_grid(self, element)

    # ---- figures -----------------------------------------------------------------------------

    def _figure(self, element: Element) -> Iterator[Item]:
        caption = next((c for c in children(element) if name_of(c) == "figcaption"), None)
        quote = next((c for c in children(element) if name_of(c) == "blockquote"), None)
        place = self.page.place(element)
        if quote is not None:
            yield from self._credited(element, quote, caption)
            return
        blocks = self.gather(self._but(element, caption), place)
        words = self.blocks(caption) if caption is not None else ()
        first = blocks[0] if len(blocks) == 1 else None
        one = words[0] if len(words) == 1 else None
        if isinstance(first, Figure) and isinstance(one, Paragraph) and is_plain(one.inlines):
            yield Figure(first.picture, one.inlines, place)
        else:
            yield from (*blocks, *words)

    def _credited(
        self, element: Element, quote: Element, caption: Element | None
    ) -> Iterator[Item]:
        """A quotation with its source; an excerpt of an anthology is no quotation in it."""
        blocks = self.blocks(quote)
        words = self.blocks(caption) if caption is not None else ()
        others = self.gather(self._but(element, quote, caption), self.page.place(element))
        if "excerpt" in classes_of(element):
            yield from (*blocks, *others, *words)
        elif len(words) == 1 and isinstance(words[0], Paragraph) and blocks:
            inside = opens_attribution(plain(words[0].inlines))
            whole = (*blocks, *words) if inside else blocks
            yield from (*others, Quote(whole, self.page.place(quote)), *(() if inside else words))
        else:
            yield from (*others, Quote(blocks, self.page.place(quote)), *words)

    def _but(self, element: Element, *without: Element | None) -> Iterator[Item]:
        if element.text:
            yield Atom(Text(element.text))
        for child in element:
            if child not in without:
                yield from self.element(child, ())
            if child.tail:
                yield Atom(Text(child.tail))

    # ---- notes -------------------------------------------------------------------------------

    def _note(self, element: Element, name: str) -> None:
        label = self.room.labels.get(name, "")
        items = list(self.inside(element))
        for at, item in enumerate(items):
            if isinstance(item, Atom) and isinstance(item.item, Text) and item.item.text.strip():
                items[at] = Atom(Text(without_label(item.item.text, label)), item.marks)
                break
            if not isinstance(item, (Atom, Cut)):
                break
        place = self.page.place(element)
        blocks = self.gather(items, place)
        self.room.notes[name] = Note(name, int(name), blocks, place)
