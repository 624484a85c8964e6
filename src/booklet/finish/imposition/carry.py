"""Clean what pages draw with, before it is copied: only what the grammar lists stays.

Works on the file in memory. Depth and number of objects are bounded, and a form that draws itself
is emptied, so that no file can keep us, or a printer after us, busy for ever.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from booklet import limits
from booklet.finish.imposition.grammar import KEYS, NAMED, XOBJECTS, Kind, word
from booklet.finish.imposition.layers import CarryLimitError, Layers, without_hidden

_LAYERED_SHARE = 16
"""What one stream may have of all that is searched for hidden layers, as its divisor."""

TOLD = {
    "/AF": "attachments", "/Ref": "references to other files", "/OPI": "references to other files",
    "/F": "references to other files", "/Alternates": "alternate pictures",
}  # fmt: skip
"""Keys that a reader should know were left behind."""


_DO = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


NO_LAYERS = Layers()


class Carrier:
    """Cleans the resources of page after page.

    Attributes:
        left_out: What was taken out, with how often.
    """

    def __init__(self, pdf: pikepdf.Pdf, layers: Layers = NO_LAYERS) -> None:
        """Begin with a file and its layers."""
        self._pdf, self._layers = pdf, layers
        self._done: set[tuple[int, int]] = set()
        self._kept: set[tuple[int, int]] = set()
        self._forms: list[Any] = []
        self._unpacked, self._layered = 0, 0
        self._properties: list[Object] = []
        self._visited = 0
        self._deepest, self._most = limits.value("pdf-depth"), limits.value("pdf-objects")
        self.left_out: Counter[str] = Counter()

    def clean(self, value: Any, kind: Kind) -> bool:
        """Clean a value of a page in place.

        Returns:
            False if nothing of it may stay.

        Raises:
            CarryLimitError: There is too much of it.
        """
        return self._keep(value, kind, 0)

    def finish(self) -> None:
        """Do what can be done only when all pages are clean.

        Property lists are emptied: layers were dealt with, and tags have no tree any more.
        """
        self._break_loops()
        for lists in self._properties:
            for name in list(lists.keys()):
                lists[name] = Dictionary()

    def _keep(self, value: Any, kind: Kind, depth: int) -> bool:
        if not isinstance(value, Object):
            return True  # a number, a boolean, null
        if isinstance(value, Array):
            return self._keep_array(value, kind, depth)
        if not isinstance(value, (Dictionary, Stream)):
            return True  # a name, a string
        if kind == "plain":
            return False
        if kind == "xobject":
            found = XOBJECTS.get(word(value.get("/Subtype")))
            if found is None or not isinstance(value, Stream):
                self.left_out["PostScript for printers"] += 1
                return False
            kind = found
        return self._within(value, kind, depth)

    def _keep_array(self, value: Object, kind: Kind, depth: int) -> bool:
        self._count(depth)
        if kind == "plain":
            raw = value.unparse()
            if b"<<" not in raw and b" R" not in raw:
                return True  # numbers, names and strings, however many
        for index, item in enumerate(list(value)):
            if not self._keep(item, kind, depth + 1):
                value[index] = None
        return True

    def _within(self, value: Any, kind: Kind, depth: int) -> bool:
        """Clean a dictionary or a stream, once."""
        self._count(depth)
        here = value.objgen
        if here in self._done:
            return True
        if here != (0, 0):
            self._done.add(here)
        if kind == "form" and depth:
            self._forms.append(value)  # within others; nothing can draw a page
        self._filter(value, kind, depth)
        return True

    def _filter(self, value: Any, kind: Kind, depth: int) -> None:
        if kind in {"form", "pattern"} and isinstance(value, Stream):
            self._hide_layers(value, value.get("/Resources"))
        glyphs = value.get("/CharProcs") if kind == "font" else None
        for glyph in list(glyphs.values()) if isinstance(glyphs, Dictionary) else ():
            if isinstance(glyph, Stream):
                self._hide_layers(glyph, value.get("/Resources"))
        allowed = KEYS[kind]
        for key in list(value.keys()):
            below = allowed.get(key)
            if key == "/Length":
                continue  # the library counts anew
            if below is None:
                del value[key]
                if key in TOLD:
                    self.left_out[TOLD[key]] += 1
            elif kind == "resources" and key == "/Properties":
                self._note_properties(value[key])
            elif below == "anything":
                self._keep_named(value, key, depth + 1)
            elif not self._keep(value[key], below, depth + 1):
                del value[key]

    def _keep_named(self, owner: Any, key: str, depth: int) -> None:
        """Clean a dictionary of free names."""
        self._count(depth)
        named, kind = owner[key], NAMED[key]
        if not isinstance(named, Dictionary):
            del owner[key]
            return
        for name in list(named.keys()):
            child: Any = named[name]
            here = child.objgen if isinstance(child, Object) else (0, 0)
            if here in self._kept:
                continue
            if _shares(child, kind) and "/Resources" not in child:
                child.Resources = owner  # of old, it shared those of the page
            if kind == "xobject" and isinstance(child, Stream):
                if self._layers.hides(child.get("/OC")) or not self._keep(child, kind, depth + 1):
                    named[name] = self._empty_form()  # a name that is missing stops a printer
                    continue
            elif not self._keep(child, kind, depth + 1):
                del named[name]
                continue
            if here != (0, 0):
                self._kept.add(here)

    def _note_properties(self, lists: Any) -> None:
        if isinstance(lists, Dictionary):
            self._properties.append(lists)

    def _hide_layers(self, stream: Any, resources: Any) -> None:
        hidden = self._layers.hidden_names(resources)
        if hidden:
            size = len(stream.read_bytes())
            self._layered += size
            most = limits.value("pdf-layered")
            if size > most // _LAYERED_SHARE or self._layered > most:
                named = limits.named("pdf-layered")
                msg = f"its content is too long to take hidden layers out of ({named})"
                raise CarryLimitError(msg)
            stream.write(without_hidden(stream, hidden) or b"q Q")

    def _break_loops(self) -> None:
        """Empty each form that comes round to drawing itself; depth first, without recursion."""
        done: set[tuple[int, int]] = set()
        for start in self._forms:
            path: dict[tuple[int, int], tuple[Any, Iterator[Any]]] = {}
            child: Any = start
            while child is not None or path:
                if child is not None and child.objgen not in done and child.objgen not in path:
                    path[child.objgen] = (child, self._drawn(child))
                elif child is not None and child.objgen in path:
                    form = next(reversed(path.values()))[0]
                    form.write(b"q Q")
                    self.left_out["forms that draw themselves"] += 1
                child = next(next(reversed(path.values()))[1], None) if path else None
                if child is None and path:
                    done.add(path.popitem()[0])

    def _drawn(self, form: Any) -> Iterator[Any]:
        """Find the forms that a form draws."""
        resources = form.get("/Resources")
        named = resources.get("/XObject") if isinstance(resources, Dictionary) else None
        if not isinstance(named, Dictionary):
            return
        content = form.read_bytes()
        self._unpacked += len(content)
        if self._unpacked > limits.value("pdf-content"):
            msg = f"its forms unpack to too much ({limits.named('pdf-content')})"
            raise CarryLimitError(msg)
        for name in dict.fromkeys(_DO.findall(content)):
            text = _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), name)
            child = named.get("/" + text.decode("utf-8", "surrogateescape"))
            if _is_form(child):
                yield child

    def _empty_form(self) -> Stream:
        form = self._pdf.make_stream(b"q Q")
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 1, 1])
        return form

    def _count(self, depth: int) -> None:
        self._visited += 1
        if depth > self._deepest:
            msg = f"its pages draw with objects nested too deeply ({limits.named('pdf-depth')})"
            raise CarryLimitError(msg)
        if self._visited > self._most:
            msg = f"its pages draw with too many objects ({limits.named('pdf-objects')})"
            raise CarryLimitError(msg)


def _shares(value: Any, kind: Kind) -> bool:
    """Tell whether something draws with resources: a form, or a font whose glyphs are drawings."""
    drawn = kind == "font" and isinstance(value, Dictionary) and "/CharProcs" in value
    return drawn or (kind == "xobject" and _is_form(value))


def _is_form(value: Any) -> bool:
    return isinstance(value, Stream) and value.get("/Subtype") == Name.Form
