"""The body of a Word document to HTML: paragraphs, lists, tables, notes."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from booklet.errors import Findings, Place
from booklet.importing.docx_runs import Runs
from booklet.importing.docx_styles import (
    Numbers,
    Style,
    Styles,
    attribute,
    child,
    is_on,
    local,
)
from booklet.importing.elements import Element, shown
from booklet.importing.room import LINE, PART

Relations = Mapping[str, tuple[str, bool]]

_TRANSPARENT = {"sdtContent", "customXml", "ins", "moveTo", "smartTag", "body"}
_SAID = {"subtitle", "author", "date"}
_SIZE = 32
"""Half points; a bold line of that size at the head of a document without styles is its title."""


class Body(Runs):
    """Makes a page of the parts of a document.

    Attributes:
        skipped: Words that are no part of the text; each was told.
        titled: Whether the document has a title of its own.
        said: Lines of its title block: ``subtitle``, ``author``, ``date``.
    """

    def __init__(self, styles: Styles, numbers: Numbers, findings: Findings, file: str) -> None:
        super().__init__(styles, findings, file)
        self.numbers = numbers
        self.titled = False
        self.said: dict[str, str] = {}
        self._texts = 0
        self._shift = 0

    def read(self, body: Element, page: Element, relations: Relations) -> None:
        """Read the text."""
        self.relations = relations
        self.find_fields(body)
        kinds = [
            self.styles.of(self._style_id(one)).kind for one in body.iter() if local(one) == "p"
        ]
        self.titled = "title" in kinds
        self._shift = 1 if self.titled else 0
        self._headless = not {"title", "heading"} & set(kinds)
        self._blocks(body, page)

    def read_notes(
        self, root: Element, page: Element, relations: Relations, kind: str, file: str
    ) -> list[Element]:
        """Read the notes of a part, those that are called; give them."""
        self.relations, self.file = relations, file
        self.find_fields(root)
        read: list[Element] = []
        called = {f"{kind}-{id_}" for known, id_ in self.called if known == kind}
        for note in root:
            name = f"{kind}-{attribute(note, 'id')}"
            if local(note) != kind or name not in called:
                continue
            aside = etree.SubElement(
                page, "aside", {"id": name, "role": "doc-footnote", PART: file}
            )
            self.number = 0
            self._blocks(note, aside)
            read.append(note)
        return read

    # ---- blocks ------------------------------------------------------------------------------

    def _blocks(self, parent: Element, page: Element) -> None:
        for one in parent:
            name = local(one)
            if name == "p":
                self._paragraph(one, page)
            elif name == "tbl":
                self._table(one, page)
            elif name == "sdt":
                self._content(one, page)
            elif name in _TRANSPARENT:
                self._blocks(one, page)
            elif name in {"del", "moveFrom"}:
                self.skip(one, "a deletion that was tracked is left out")
            elif name == "altChunk":
                self.tell("a document within the document is not carried", "import it by itself")
            elif name == "bookmarkStart":
                self.anchors.append(attribute(one, "name"))
            elif name.startswith("oMath"):
                self.math(one, etree.SubElement(page, "p"))

    def _content(self, control: Element, page: Element) -> None:
        """Read a content control; contents that Word has made are made anew."""
        gallery = attribute(child(control, "sdtPr", "docPartObj", "docPartGallery"), "val")
        inner = child(control, "sdtContent")
        if inner is None:
            return
        if gallery == "Table of Contents":
            self.skip(inner, "the contents are left out; every build makes them anew", note=True)
        else:
            self._blocks(inner, page)

    def _style_id(self, paragraph: Element) -> str:
        return attribute(child(paragraph, "pPr", "pStyle"), "val")

    def _paragraph(self, paragraph: Element, page: Element) -> None:
        self.number += 1
        style = self.styles.of(self._style_id(paragraph))
        properties = child(paragraph, "pPr")
        if style.kind == "toc" or self.in_contents:
            made = etree.Element("p")
            self.runs(paragraph, made)
            words = "".join(map(str, made.itertext()))
            if words.strip():
                self.skipped.append(words)
                self.tell_once("contents", "the contents are left out", "builds make them anew")
            return
        outline = attribute(child(properties, "outlineLvl"), "val")
        level = style.level if style.kind == "heading" else 0
        if outline.isdigit() and int(outline) < 9:
            level = int(outline) + 1
        if style.kind in _SAID and self._say(paragraph, style.kind):
            return
        target = self._target(paragraph, page, style, level)
        for name in self.anchors:  # of bookmarks that stand between paragraphs
            etree.SubElement(target, "a", {"id": name})
        self.anchors.clear()
        self.runs(paragraph, target)
        self.boxes_below(target)

    def _say(self, paragraph: Element, kind: str) -> bool:
        """Take a line of the title block into the header; False where it is text like any other."""
        words = "".join(one.text or "" for one in paragraph.iter() if local(one) == "t").strip()
        if not words or kind in self.said or not self.titled or self._texts:
            return False
        self.said[kind] = words
        self.skipped.append(words)
        self.findings.note(
            Place(self.file, self.number), "import-left-out",
            f"the line {shown(words)} stands in booklet.yaml as {kind}",
        )  # fmt: skip
        return True

    def _target(self, paragraph: Element, page: Element, style: Style, level: int) -> Element:
        """Make the element that a paragraph becomes, in the place where it stands."""
        line = {LINE: str(self.number)}
        self._texts += style.kind not in {"title", *_SAID}
        if style.kind == "caption" and (figure := _figure(page)) is not None:
            return etree.SubElement(figure, "figcaption", line)
        if style.kind == "title" or self._is_bare_title(paragraph):
            return etree.SubElement(page, "h1", line)
        if level:
            self._tell_number(paragraph, style)
            return etree.SubElement(page, f"h{min(level + self._shift, 6)}", line)
        if (item := self._item(paragraph, page, style)) is not None:
            return etree.SubElement(item, "p", line)
        if style.kind in {"quote", "verse"}:
            name = "blockquote" if style.kind == "quote" else "div"
            last = page[-1] if len(page) else None
            if last is None or last.tag != name or last.get("class") != style.kind:
                last = etree.SubElement(page, name, {"class": style.kind, **line})
            return etree.SubElement(last, "p", line)
        if style.kind == "code":
            last = page[-1] if len(page) else None
            if last is not None and last.tag == "pre":
                etree.SubElement(last[0], "br")
            else:
                last = etree.SubElement(page, "pre", line)
                etree.SubElement(last, "code")
            return etree.SubElement(last[0], "span")
        return etree.SubElement(page, "p", line)

    def _is_bare_title(self, paragraph: Element) -> bool:
        """Tell whether the first line of a document without styles is its title by its looks."""
        if not self._headless or not self.titled_by_looks(paragraph):
            return False
        self._headless = False
        return True

    def titled_by_looks(self, paragraph: Element) -> bool:
        """Tell whether a paragraph is bold, centred and large; only the first with words may be."""
        runs = [
            run for run in paragraph.iter()
            if local(run) == "r" and any((t.text or "").strip() for t in run if local(t) == "t")
        ]  # fmt: skip
        if not runs:
            return False
        looks = attribute(child(paragraph, "pPr", "jc"), "val") == "center" and all(
            is_on(run, "rPr", "b") and _half_points(run) >= _SIZE for run in runs
        )
        if not looks:
            self._headless = False
        return looks

    # ---- lists -------------------------------------------------------------------------------

    def _item(self, paragraph: Element, page: Element, style: Style) -> Element | None:
        """Make the item of a list that a paragraph is, within the lists that are open."""
        numbers = child(paragraph, "pPr", "numPr")
        id_ = attribute(child(numbers, "numId"), "val") or style.list_id
        digits = attribute(child(numbers, "ilvl"), "val")
        depth = min(int(digits), 8) if digits.isdigit() else style.list_level
        level = self.numbers.of(id_, depth)
        if level is None or level.form == "none":
            return None
        name = "ul" if level.form == "bullet" else "ol"
        if name == "ol" and level.form != "decimal":
            self.tell_once(
                f"list-{id_}-{depth}", f"numbers of the kind {level.form} become 1. 2. 3.",
                "write them into the text if they matter",
            )  # fmt: skip
        parent = page
        for at in range(depth + 1):
            listing = self._open_list(parent, f"{id_}-{at}", exact=at == depth)
            if listing is None:
                listing = self._new_list(parent, name, f"{id_}-{at}", level.start)
            if at == depth or not len(listing):
                etree.SubElement(listing, "li", {LINE: str(self.number)})
            parent = listing[-1]
        return parent

    def _open_list(self, parent: Element, key: str, *, exact: bool) -> Element | None:
        """Find the list that goes on here: the same one, or one that a deeper list stands in."""
        last = parent[-1] if len(parent) else None
        known = last.get("data-list") if last is not None else None
        return last if known is not None and (not exact or known == key) else None

    def _new_list(self, parent: Element, name: str, key: str, start: int) -> Element:
        made = etree.SubElement(parent, name, {"data-list": key, LINE: str(self.number)})
        if name == "ol" and start != 1:
            made.set("start", str(start))
        return made

    def _tell_number(self, paragraph: Element, style: Style) -> None:
        numbers = child(paragraph, "pPr", "numPr")
        id_ = attribute(child(numbers, "numId"), "val") or style.list_id
        if self.numbers.of(id_, 0) is not None:
            self.tell_once(
                "heading-number", "numbers that Word sets before headings are not carried",
                "themes number chapters; or write the numbers into the headings",
            )  # fmt: skip

    # ---- tables ------------------------------------------------------------------------------

    def _table(self, table: Element, page: Element) -> None:
        made = etree.SubElement(page, "table", {LINE: str(self.number + 1)})
        above: dict[int, Element] = {}
        for row in self._rows(table):
            head = is_on(row, "trPr", "tblHeader")
            line = etree.SubElement(etree.SubElement(made, "thead") if head else made, "tr")
            column = 0
            for cell in self._cells(row):
                wide = attribute(child(cell, "tcPr", "gridSpan"), "val")
                width = int(wide) if wide.isdigit() and len(wide) < 4 else 1
                merged = child(cell, "tcPr", "vMerge")
                start = above.get(column)
                if (
                    merged is not None
                    and attribute(merged, "val") != "restart"
                    and start is not None
                ):
                    start.set("rowspan", str(int(start.get("rowspan", "1")) + 1))
                    self._blocks(cell, start)
                else:
                    made_cell = etree.SubElement(line, "th" if head else "td")
                    if width > 1:
                        made_cell.set("colspan", str(width))
                    self._blocks(cell, made_cell)
                    above[column] = made_cell
                column += max(width, 1)

    def _rows(self, table: Element) -> list[Element]:
        found: list[Element] = []
        for one in table:
            if local(one) == "tr":
                if child(one, "trPr", "del") is not None:
                    self.skip(one, "a deleted row is left out")
                else:
                    found.append(one)
            elif local(one) in {"sdt", *_TRANSPARENT}:
                found += self._rows(one)
        return found

    def _cells(self, row: Element) -> list[Element]:
        found: list[Element] = []
        for one in row:
            if local(one) == "tc":
                found.append(one)
            elif local(one) in {"sdt", *_TRANSPARENT}:
                found += self._cells(one)
        return found

    # ---- words -------------------------------------------------------------------------------

    def boxes_below(self, target: Element) -> None:
        """Set the text of boxes that float over a paragraph after it."""
        boxes, self.boxes = self.boxes, []
        if not boxes:
            return
        block = target
        while block.getparent() is not None and block.getparent().tag not in {"body", "aside"}:
            block = block.getparent()
        for box in boxes:
            made = etree.Element("div", {LINE: str(self.number)})
            self._blocks(box, made)
            words = " ".join("".join(map(str, made.itertext())).split())
            if words:
                self.findings.warning(
                    Place(self.file, self.number), "import-changed",
                    f"a box of text, {shown(words)}, is set after its paragraph",
                )  # fmt: skip
            if block.getparent() is None:  # a box within a box
                block.append(made)
            else:
                block.addnext(made)
                block = made


def _half_points(run: Element) -> int:
    digits = attribute(child(run, "rPr", "sz"), "val")
    return int(digits) if digits.isdigit() else 0


def _figure(page: Element) -> Element | None:
    """Make a figure of the picture that stands last and alone in its paragraph."""
    last = page[-1] if len(page) else None
    if last is None or last.tag != "p" or last.find(".//img") is None:
        return None
    if "".join(map(str, last.itertext())).strip():
        return None
    last.tag = "figure"
    return last
