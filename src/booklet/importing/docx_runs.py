"""What stands in a paragraph of Word: runs with their marks, notes, ruby, pictures, fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lxml import etree

from booklet.errors import Findings, Place
from booklet.importing.docx_styles import Styles, attribute, child, is_on, local
from booklet.importing.elements import Element, shown

_R = ("http://schemas.openxmlformats.org/officeDocument/2006/relationships",
      "http://purl.oclc.org/ooxml/officeDocument/relationships")  # fmt: skip
_INSIDE = {"hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "ins", "moveTo", "fldSimple",
           "dir", "bdo"}  # fmt: skip
_ADDRESS = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_DRAWN = {"chart": "a chart", "relIds": "a diagram", "OLEObject": "an embedded object",
          "control": "a control"}  # fmt: skip
_SILENT = {"rPr", "lastRenderedPageBreak", "commentReference", "annotationRef", "footnoteRef",
           "endnoteRef", "separator", "continuationSeparator", "softHyphen", "instrText",
           "delInstrText", "proofErr"}  # fmt: skip
_CHARACTERS = {"tab": " ", "ptab": " ", "noBreakHyphen": "\u2011"}


class Runs:
    """Reads what stands in paragraphs.

    Attributes:
        number: Of the paragraph that is read, in its part; the line of its place.
        called: Notes that are called, by kind and id, in order.
        boxes: Boxes of text that float over the paragraph being read.
        in_contents: Whether a table of contents that Word has made is being read.
    """

    def __init__(self, styles: Styles, findings: Findings, file: str) -> None:
        self.styles, self.findings, self.file = styles, findings, file
        self.number = 0
        self.skipped: list[str] = []
        self.called: list[tuple[str, str]] = []
        self.boxes: list[Element] = []
        self.relations: Mapping[str, tuple[str, bool]] = {}
        self._fields: list[str] = []
        self._closed: set[Element] = set()
        self._told: set[str] = set()
        self.anchors: list[str] = []

    def find_fields(self, part: Element) -> None:
        """Find the fields that end; one that does not would make contents of all that follows."""
        open_: list[Element] = []
        self._closed = set()
        for one in part.iter():
            if local(one) == "fldChar":
                kind = attribute(one, "fldCharType")
                if kind == "begin":
                    open_.append(one)
                elif kind == "end" and open_:
                    self._closed.add(open_.pop())
        self._fields.clear()

    @property
    def in_contents(self) -> bool:
        """Tell whether a field of contents is open."""
        return any(field.strip().upper().startswith("TOC") for field in self._fields)

    def tell(self, message: str, hint: str = "") -> None:
        """Tell of what is not carried here."""
        self.findings.warning(Place(self.file, self.number), "import-not-carried", message, hint)

    def tell_once(self, key: str, message: str, hint: str = "") -> None:
        """Tell something of which a document is full at its first place."""
        if key not in self._told:
            self._told.add(key)
            self.tell(message, hint)

    def skip(self, element: Element, why: str, *, note: bool = False) -> None:
        """Leave an element out, and tell its words."""
        words = "".join(one.text or "" for one in element.iter() if local(one) in {"t", "delText"})
        self.skipped.append(words)
        for one in element.iter():  # a field may begin or end in what is left out
            if local(one) == "fldChar":
                self._field(one, element)
        place = Place(self.file, self.number)
        if note:
            self.findings.note(place, "import-left-out", why)
        elif words.strip():
            self.findings.warning(place, "import-not-carried", f"{why}: {shown(words, 40)}")

    # ---- the paragraph -----------------------------------------------------------------------

    def runs(self, parent: Element, target: Element) -> None:
        """Read everything in a paragraph."""
        for one in parent:
            name = local(one)
            if name == "r":
                self._run(one, target)
            elif name == "hyperlink":
                self.runs(one, self._link(one, target))
            elif name in _INSIDE:
                self.runs(one, target)
            elif name in {"del", "moveFrom"}:
                self.skip(one, "a deletion that was tracked is left out")
            elif name == "bookmarkStart":
                etree.SubElement(target, "a", {"id": attribute(one, "name") or "_"})
            elif name in {"oMath", "oMathPara"}:
                self.math(one, target)
            elif name == "AlternateContent":
                self.runs(self._choice(one), target)

    def _link(self, link: Element, target: Element) -> Element:
        address = ""
        for space in _R:
            if relation := self.relations.get(link.get(f"{{{space}}}id", "")):
                address = relation[0]
        anchor = attribute(link, "anchor")
        if anchor and not address:
            address = f"#{anchor}"
        return etree.SubElement(target, "a", {"href": address}) if address else target

    def _choice(self, element: Element) -> Element:
        """Take one of the forms in which the same is given."""
        forms = [one for one in element if local(one) in {"Choice", "Fallback"}]
        for other in forms[1:]:
            self.skipped += [t.text or "" for t in other.iter() if local(t) == "t"]
        return forms[0] if forms else element

    def math(self, element: Element, target: Element) -> None:
        """Read a formula as its characters."""
        words = "".join(one.text or "" for one in element.iter() if local(one) == "t")
        if words:
            made = etree.SubElement(target, "math")
            made.text = words

    # ---- a run -------------------------------------------------------------------------------

    def _run(self, run: Element, target: Element) -> None:
        properties = child(run, "rPr")
        if is_on(properties, "vanish"):
            self.skip(run, "hidden words are left out")
            return
        inner = self._marked(properties, target)
        for one in run:
            self._piece(one, inner)
        if inner is not target and not len(inner) and not inner.text:
            outer = inner
            while outer.getparent() is not target:
                outer = outer.getparent()
            target.remove(outer)

    def _marked(self, properties: Element | None, target: Element) -> Element:
        """Open the marks of a run."""
        if properties is None:
            return target
        style = self.styles.of(attribute(child(properties, "rStyle"), "val"))
        raised = attribute(child(properties, "vertAlign"), "val")
        dots = attribute(child(properties, "em"), "val")
        wave = attribute(child(properties, "u"), "val") == "wave"
        marks: list[tuple[str, str]] = []
        if is_on(properties, "b") or (style.bold and child(properties, "b") is None):
            marks.append(("strong", ""))
        if is_on(properties, "i") or (style.italic and child(properties, "i") is None):
            marks.append(("em", ""))
        if dots and dots != "none":
            marks.append(("span", "dots"))
        if wave:
            marks.append(("span", "work"))
        if is_on(properties, "strike") or is_on(properties, "dstrike"):
            marks.append(("s", ""))
        if raised in {"superscript", "subscript"}:
            marks.append(("sup" if raised == "superscript" else "sub", ""))
        if style.code:
            marks.append(("code", ""))
        for name, value in marks:
            target = etree.SubElement(target, name, {"class": value} if value else {})
        return target

    def _piece(self, one: Element, target: Element) -> None:
        name = local(one)
        readers: dict[str, Callable[[Element, Element], None]] = {
            "footnoteReference": self._call, "endnoteReference": self._call, "ruby": self._ruby,
            "drawing": self._drawing, "pict": self._drawing, "object": self._drawing,
            "sym": self._symbol, "fldChar": self._field,
        }  # fmt: skip
        if name == "t" and self.in_contents:
            self.skipped.append(one.text or "")
            self.tell_once("contents", "the contents are left out", "builds make them anew")
        elif name == "t":
            _say(target, one.text or "")
        elif name in _CHARACTERS:
            _say(target, _CHARACTERS[name])
        elif name in {"br", "cr"}:
            if attribute(one, "type") not in {"page", "column"}:
                etree.SubElement(target, "br")
        elif name == "instrText":
            if self._fields:
                self._fields[-1] += one.text or ""
        elif name == "AlternateContent":
            for inner in self._choice(one):
                self._piece(inner, target)
        elif name == "delText":
            self.skipped.append(one.text or "")
        elif name in readers:
            readers[name](one, target)

    def _call(self, one: Element, target: Element) -> None:
        kind = local(one).removesuffix("Reference")
        id_ = attribute(one, "id")
        self.called.append((kind, id_))
        while (
            target.tag in {"sup", "strong", "em", "span", "code"}
            and not len(target)
            and not target.text
        ):
            parent = target.getparent()
            if parent is None or parent.tag not in {"p", "sup", "strong", "em", "span"}:
                break
            target = parent
        etree.SubElement(target, "a", {"role": "doc-noteref", "href": f"#{kind}-{id_}"})

    def _ruby(self, one: Element, target: Element) -> None:
        made = etree.SubElement(target, "ruby")
        for name, tag in (("rubyBase", "rb"), ("rt", "rt")):
            part = child(one, name)
            inner = etree.SubElement(made, tag)
            inner.text = "".join(
                t.text or "" for t in (() if part is None else part.iter()) if local(t) == "t"
            )

    def _symbol(self, one: Element, target: Element) -> None:
        code, font = attribute(one, "char"), attribute(one, "font")
        self.tell(
            f"the symbol {code[:8]} of the font {font[:40]} is not carried",
            "write the character itself",
        )

    def _field(self, one: Element, target: Element) -> None:
        kind = attribute(one, "fldCharType")
        if kind == "begin" and one in self._closed:
            self._fields.append("")
        elif kind == "end" and self._fields:
            self._fields.pop()

    # ---- pictures ----------------------------------------------------------------------------

    def _drawing(self, one: Element, target: Element) -> None:
        """Read pictures and boxes of text of a drawing; name what else is drawn."""
        described = next((e for e in one.iter() if local(e) == "docPr"), None)
        alt = "" if described is None else described.get("descr") or ""
        found = False
        for inner in one.iter():
            name = local(inner)
            if name == "txbxContent":
                if not _is_within(inner, one):
                    self.boxes.append(inner)
                    found = True
            elif name in {"blip", "imagedata"} and not _is_within(inner, one):
                found = True
                self._picture(inner, alt or _title(inner), target)
            elif name in _DRAWN:
                found = True
                self.tell(f"{_DRAWN[name]} is not carried", "save it as a picture, and insert that")
        if not found and local(one) != "pict":
            self.tell("a drawing is not carried", "save it as a picture, and insert that")

    def _picture(self, blip: Element, alt: str, target: Element) -> None:
        for space in _R:
            for key in ("embed", "link", "id"):
                relation = self.relations.get(blip.get(f"{{{space}}}{key}", ""))
                if relation is not None:
                    etree.SubElement(target, "img", {"src": relation[0], "alt": alt})
                    return


def _is_within(box: Element, drawing: Element) -> bool:
    """Tell whether a box stands in another one of a drawing, or in a form that is not taken."""
    for above in box.iterancestors():
        if above is drawing:
            return False
        if local(above) in {"txbxContent", "Fallback"}:
            return True
    return False


def _title(blip: Element) -> str:
    return next((value for key, value in blip.attrib.items() if key.endswith("}title")), "")


def _say(target: Element, text: str) -> None:
    """Add text at the end of an element."""
    text = "".join(char for char in text if char >= " " or char in "\t\n")
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text
