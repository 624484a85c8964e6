"""Notes: numbered in the order of their first call, each call led to its note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from booklet.errors import Findings
from booklet.manuscript.ids import Ids
from booklet.manuscript.inlines import place_of
from booklet.manuscript.markdown import Document
from booklet.manuscript.nodes import Node, definitions, start_of, walk


@dataclass(frozen=True, slots=True)
class Definition:
    """A note as the manuscript gives it, with the id and number it has in the publication."""

    document: Document
    node: Node
    id: str
    number: int


@dataclass(slots=True)
class Notes:
    """The called notes, in order; and the ids by label for each document."""

    called: list[Definition] = field(default_factory=list)
    ids: dict[int, dict[str, str]] = field(default_factory=dict)

    def of(self, document: Document) -> dict[str, str]:
        """Give the ids of a document's notes by their labels."""
        return self.ids.get(document.key, {})


def find_notes(
    documents: Iterable[Document],
    order: Iterable[tuple[Document, Node]],
    ids: Ids,
    findings: Findings,
    left_out: Iterable[tuple[Document, Node]] = (),
) -> Notes:
    """Number the notes.

    Args:
        documents: Every document; a note belongs to the document that defines it.
        order: Headings and blocks in reading order.
        ids: Where the notes get their ids.
        findings: Where notes that are missing, unused or given twice are told.
        left_out: Headings and blocks that this booklet leaves out, with the notes that they call.
    """
    defined = {document.key: _definitions(document, findings) for document in documents}
    notes = Notes()
    queue = [(d, node) for d, top in order for node in walk(top) if node.type == "note_call"]
    for document, call in queue:  # grows: a note may call another
        definition = defined[document.key].get(call.info)
        known = notes.ids.setdefault(document.key, {})
        if definition is None:
            findings.error(
                place_of(call),
                "note-missing",
                f"there is no note [^{call.info}] in this file",
                f"write it as [^{call.info}]: … on a line of its own, or put \\ before the [",
            )
        elif call.info not in known:
            number = len(notes.called) + 1
            known[call.info] = ids.fresh("n", number)
            notes.called.append(Definition(document, definition, known[call.info], number))
            queue += [(document, n) for n in walk(definition) if n.type == "note_call"]
    calls = {(d.key, n.info) for d, top in left_out for n in walk(top) if n.type == "note_call"}
    _tell_unused(defined, notes, documents, findings, calls)
    return notes


def _definitions(document: Document, findings: Findings) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for node in definitions(document.root):
        label = str(node.meta.get("label", ""))
        if label in found:
            first = start_of(found[label], document.source)
            findings.error(
                start_of(node, document.source),
                "note-duplicate",
                f"the note [^{label}] is given twice",
                f"it stands first at {first}; give each note a label of its own",
            )
        found.setdefault(label, node)
    return found


def _tell_unused(
    defined: dict[int, dict[str, Node]],
    notes: Notes,
    documents: Iterable[Document],
    findings: Findings,
    left_out: set[tuple[int, str]],
) -> None:
    for document in documents:
        for label, node in defined[document.key].items():
            if label not in notes.of(document) and (document.key, label) not in left_out:
                findings.warning(
                    start_of(node, document.source),
                    "note-unused",
                    f"the note [^{label}] is never called, and its text is left out",
                    f"call it where it belongs: 文字[^{label}]",
                )
