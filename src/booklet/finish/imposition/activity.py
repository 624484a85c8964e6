"""What a PDF holds besides drawings: scripts, actions, forms, attachments, notes, navigation.

None of it can be on a sheet of paper; it is counted, so that a person knows what was left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from booklet import limits
from booklet.finish.imposition.grammar import word

ACTIONS = {
    "/JavaScript": "scripts", "/Launch": "launch actions", "/SubmitForm": "form actions",
    "/ImportData": "form actions", "/ResetForm": "form actions", "/GoToR": "links to other files",
    "/GoToE": "links to other files", "/Rendition": "media", "/Movie": "media", "/Sound": "media",
    "/RichMediaExecute": "media", "/SetOCGState": "layer switches",
}  # fmt: skip
ANNOTATIONS = {
    "/Link": "links", "/FileAttachment": "attachments", "/RichMedia": "media", "/Screen": "media",
    "/Movie": "media", "/Sound": "media", "/3D": "media",
}  # fmt: skip

_LONGEST_ROW = 64
"""Actions that follow one another, as far as they are counted."""

FORM_FIELDS, NOTES = "form fields", "notes and stamps"
VISIBLE = frozenset({FORM_FIELDS, NOTES})
"""What a viewer shows on the page, so that paper will differ from the screen."""


def list_active(pdf: pikepdf.Pdf) -> Counter[str]:
    """Count what is left out of a file, by what a person calls it."""
    found: Counter[str] = Counter()
    root = pdf.Root
    found.update(_actions(root.get("/OpenAction")))
    found.update(_additional(root.get("/AA")))
    found.update(_outline(root.get("/Outlines")))
    names = root.get("/Names")
    if isinstance(names, Dictionary):
        found["scripts"] += _leaves(names.get("/JavaScript"))
        found["attachments"] += _leaves(names.get("/EmbeddedFiles"))
    found["attachments"] += _length(root.get("/AF"))
    for key, what in (("/AcroForm", "forms"), ("/Outlines", "outline"),
                      ("/StructTreeRoot", "tags"), ("/Collection", "portfolio")):  # fmt: skip
        found[what] += isinstance(root.get(key), Dictionary)
    for page in pdf.pages:
        found.update(_additional(page.obj.get("/AA")))
        found["attachments"] += _length(page.obj.get("/AF"))
        for annotation in _dictionaries(page.obj.get("/Annots")):
            found.update(_annotation(annotation))
    return +found


def _annotation(annotation: Any) -> Iterator[str]:
    kind = word(annotation.get("/Subtype"))
    if kind == "/Widget":
        yield FORM_FIELDS
    elif kind in ANNOTATIONS:
        yield ANNOTATIONS[kind]
    elif kind != "/Popup":
        yield NOTES
    yield from _actions(annotation.get("/A"))
    yield from _additional(annotation.get("/AA"))


def _actions(value: Any) -> Iterator[str]:
    """Name an action and those that follow it: one, or an array of them (12.6.2)."""
    stack = [value]
    for _ in range(_LONGEST_ROW):
        if not stack:
            return
        value = stack.pop()
        if isinstance(value, Array):
            stack += list(value)[:_LONGEST_ROW]
        elif isinstance(value, Dictionary):
            if what := ACTIONS.get(word(value.get("/S"))):
                yield what
            stack.append(value.get("/Next"))


def _outline(root: Any) -> Iterator[str]:
    """Name the actions of an outline; each item is looked at once."""
    stack, seen = [root], set[tuple[int, int]]()
    while stack and len(seen) < _most():
        item = stack.pop()
        if not isinstance(item, Dictionary) or item.objgen in seen:
            continue
        seen.add(item.objgen)
        yield from _actions(item.get("/A"))
        stack += [item.get("/Next"), item.get("/First")]


def _additional(value: Any) -> Iterator[str]:
    if isinstance(value, Dictionary):
        for key in list(value.keys())[: _most()]:
            yield from _actions(value[key])


def _leaves(node: Any) -> int:
    """Count the values of a name tree."""
    count, stack, seen, most = 0, [node], 0, _most()
    while stack and seen < most:
        node = stack.pop()
        seen += 1
        if isinstance(node, Dictionary):
            count += _length(node.get("/Names")) // 2
            stack.extend(_dictionaries(node.get("/Kids")))
    return count


def _dictionaries(value: Any) -> list[Any]:
    if not isinstance(value, Array):
        return []
    return [item for item in list(value)[: _most()] if isinstance(item, Dictionary)]


def _length(value: Any) -> int:
    return min(len(value), _most()) if isinstance(value, Array) else 0


def _most() -> int:
    """Tell how many nodes of a name tree, or annotations of a page, are looked at."""
    return limits.value("pdf-active")


def has_press_intent(pdf: pikepdf.Pdf) -> bool:
    """Tell whether a file is made for a press with four inks."""
    for intent in _dictionaries(pdf.Root.get("/OutputIntents")):
        profile = intent.get("/DestOutputProfile")
        if intent.get("/S") == Name.GTS_PDFX and (
            not isinstance(profile, pikepdf.Stream) or profile.get("/N") == 4
        ):
            return True
    return False
