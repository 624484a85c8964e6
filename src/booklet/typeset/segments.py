"""The text of a typeset book, read from its HTML: what an output must give back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, count

from lxml import etree

from booklet.model.transcript import INVISIBLE as INVISIBLE
from booklet.model.transcript import visible as visible
from booklet.typeset.book import Segment

SOFT_HYPHEN = "\u00ad"

NOTE_MARK = "note-!"
"""Stream of the marks before notes: words of the theme that stand with the notes."""

READING = "reading-!"
"""Stream of readings that nobody wrote: they stand with their bases, and no manuscript has them."""

ADDED = frozenset({"", NOTE_MARK, READING, "note-reading-!"})
"""Streams of words that are not the manuscript's."""

SKIPPED = frozenset({"head", "style", "script", "title"})
LABELS = (
    "data-m", "data-src", "data-running", "data-added", "data-title", "data-generated",
    "data-call", "data-again", "data-elsewhere", "data-inline", "data-plain", "data-repeat",
)  # fmt: skip
"""Attributes that no output needs."""

XHTML = "{http://www.w3.org/1999/xhtml}"


def is_left_out(element: etree._Element) -> bool:
    """Tell whether an element stands outside of the text that an output gives back.

    So does what is set in margins (`data-running`), what is `hidden`, and what is hidden from
    assistive technology, because it repeats the text: such as a pull quote (`data-repeat`).
    """
    return (
        element.tag.rpartition("}")[2] in SKIPPED
        or "data-running" in element.attrib
        or "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
    )


def parse_fragment(html: str) -> etree._Element:
    """Parse a well-formed XHTML fragment; entities and external subsets are off.

    Raises:
        etree.XMLSyntaxError: The fragment is not well-formed.
    """
    # Without huge_tree no nesting is deeper than 256, which every walker of the tree can walk.
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    wrapped = f'<div xmlns="{XHTML[1:-1]}" xmlns:epub="http://www.idpf.org/2007/ops">{html}</div>'
    return etree.fromstring(wrapped.encode("utf-8"), parser)


def segments_of(root: etree._Element) -> tuple[Segment, ...]:
    """Read the segments of a tree, in document order.

    What `is_left_out` has no part in them. Elements with `data-added` hold words of the theme amid
    the manuscript's; those with `data-generated` will hold words of a style sheet.
    """
    found: list[Segment] = []
    _walk(root, Segment("", "", ""), count(1), found)
    return tuple(found)


def _walk(
    element: etree._Element, around: Segment, tables: Iterator[int], found: list[Segment]
) -> None:
    if not isinstance(element.tag, str) or is_left_out(element):
        return
    name = element.tag.rpartition("}")[2]
    known = element.attrib
    stream = known.get("data-m", around.stream)
    source = known.get("data-src", around.source)
    if "data-added" in known:
        stream = added_stream(known.get("data-added", ""), around.stream)
        source = around.source if stream.endswith(READING) else ""
    home = known.get("id") or around.home
    if name == "a" and (target := known.get("href", "")).startswith("#"):
        home = f">{target[1:]}"
    table = next(tables) if name == "thead" else around.table
    inline = around.inline or "data-inline" in known
    here = Segment("", stream, source, table, home, inline=inline)
    _say(here, element.text, found)
    if generated := known.get("data-generated"):
        found.append(replace(here, source=around.source, generated=generated))
    for child in element:
        _walk(child, here, tables, found)
        _say(here, child.tail, found)


def added_stream(kind: str, around: str) -> str:
    """Name the stream of added words, by their `data-added` and the stream around them."""
    if kind == "reading":
        return f"note-{READING}" if around.startswith("note-") else READING
    return NOTE_MARK if kind == "note" else ""


def _say(here: Segment, words: str | None, found: list[Segment]) -> None:
    """Add words, unless they are white space."""
    if not words:
        return
    hyphens: tuple[int, ...] = ()
    if SOFT_HYPHEN in words:
        parts = [visible(part) for part in words.split(SOFT_HYPHEN)]
        hyphens = tuple(accumulate(map(len, parts[:-1])))
        text = "".join(parts)
    else:
        text = visible(words)
    if text:
        found.append(
            Segment(
                text, here.stream, here.source, here.table, here.home,
                hyphens=hyphens, inline=here.inline,
            )
        )  # fmt: skip


def faults_of_repeats(root: etree._Element) -> Iterator[str]:
    """Hold what repeats the manuscript (`data-repeat`) against the manuscript's words around it.

    Repeated words are out of the proof, so they must be hidden from assistive technology, carry no
    label, and stand somewhere in the same document as they are.
    """
    repeats = [one for one in root.iter("{*}*") if "data-repeat" in one.attrib]
    if not repeats:
        return
    said = "".join(part.text for part in segments_of(root) if part.stream == "body")
    for element in repeats:
        words = visible("".join(element.itertext()))
        if element.get("aria-hidden") != "true":
            yield f"what repeats 「{words[:20]}」 must be aria-hidden"
        elif any("data-m" in one.attrib for one in element.iter("{*}*")):
            yield f"「{words[:20]}」 is no repeat: it is the text itself"
        elif words not in said:
            yield f"「{words[:20]}」 repeats what the manuscript does not say"


def strip_labels(root: etree._Element) -> None:
    """Remove the labels that only fidelity and preview need."""
    for element in root.iter():
        if isinstance(element.tag, str):
            for name in LABELS:
                element.attrib.pop(name, None)


def serialise(root: etree._Element) -> str:
    """Write the children of a parsed fragment again, without namespace noise."""
    parts = [etree.tostring(child, encoding="unicode") for child in root]
    text = "".join(parts)
    for noise in (f' xmlns="{XHTML[1:-1]}"', ' xmlns:epub="http://www.idpf.org/2007/ops"'):
        text = text.replace(noise, "")
    return (root.text or "") + text
