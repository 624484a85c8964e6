"""Whether a manuscript suits its theme: blocks that it cannot set, readings that it misses."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator

from booklet.errors import Findings, Place
from booklet.model import content as c
from booklet.model.publication import Publication
from booklet.theme import Theme
from booklet.theme.named import styled_classes

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:[ '’.-][A-Za-z\u00c0-\u024f]+)*")

MOST_NAMED = 10
"""Characters without reading that one message names."""

_CONTAINERS = ("verse", "note", "verbatim", "wide")
_SPANS = ("dots", "name", "work", "verbatim", "field")
_ALIKE = 0.75
"""How alike a class and a known one are, at the least, to be held for a slip of the pen."""


def check_suits(publication: Publication, theme: Theme, findings: Findings) -> None:
    """Report what a theme cannot set (``theme-refuses``), and readings that are missing.

    Args:
        publication: The model.
        theme: Says what it refuses, and whether it is made for readings.
        findings: Collects ``theme-refuses``, ``theme-latin``, ``class-unknown`` and
            ``reading-missing``.
    """
    _check_classes(publication, theme, findings)
    for blocks in _texts(publication):
        for block in c.walk(blocks):
            kind = c.kind_of(block)
            if kind in theme.refuses:
                findings.error(block.place, "theme-refuses",
                               f"the theme {theme.name} cannot set a {kind}",
                               "say it in another form, or choose another theme")  # fmt: skip
            _check_words(block, theme, findings)
    if theme.wants_readings:
        _check_readings(publication, findings)


def _check_classes(publication: Publication, theme: Theme, findings: Findings) -> None:
    """Report classes that nothing styles and that are nearly a known one: ``::: vers``.

    Authors and their style sheets may name as they like, so other unknown classes pass.
    """
    given = [
        (name, known, block.place)
        for blocks in _texts(publication)
        for block in c.walk(blocks)
        for name, known in _classes(block)
        if name not in {*_CONTAINERS, *_SPANS}
    ]
    styled = styled_classes(theme.files) if given else frozenset()
    for name, known, place in dict.fromkeys(given):
        near = difflib.get_close_matches(name, known, 1, _ALIKE)
        if near and name not in styled:
            written = f"::: {near[0]}" if known is _CONTAINERS else f"{{.{near[0]}}}"
            findings.warning(place, "class-unknown", f"no style sheet knows the class {name}",
                             f"did you mean {written}?")  # fmt: skip


def _classes(block: c.Block) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the classes given to a block and within its own lines, with those they could be."""
    if isinstance(block, c.Box | c.Figure):
        yield from ((name, _CONTAINERS) for name in block.classes)
    if isinstance(block, c.Paragraph | c.Heading | c.Verse | c.Table):
        for item in (item for line in c.lines_of(block) for item in c.flatten(line)):
            if isinstance(item, c.Span):
                yield from ((name, _SPANS) for name in item.classes)


def _check_words(block: c.Block, theme: Theme, findings: Findings) -> None:
    """Report code and Latin words in the lines of a block, each kind once."""
    if not isinstance(block, c.Paragraph | c.Heading | c.Verse):
        return
    inlines = [item for line in c.lines_of(block) for item in c.flatten(line)]
    if "code" in theme.refuses and any(isinstance(item, c.Code) for item in inlines):
        findings.error(block.place, "theme-refuses", f"the theme {theme.name} cannot set code",
                       "say it in another form, or choose another theme")  # fmt: skip
    if "latin" in theme.refuses:
        words = " ".join(item.text for item in inlines if isinstance(item, c.Text))
        if match := _LATIN.search(words):
            findings.warning(block.place, "theme-latin",
                             f"{match[0]!r} lies on its side in a vertical line",
                             "write it in Chinese, or choose another theme")  # fmt: skip


def _texts(publication: Publication) -> Iterator[c.Blocks]:
    yield from (piece.blocks for piece in publication.front)
    yield from (section.blocks for section in (*publication.sections, *publication.back))
    for note in publication.notes:
        yield note.blocks


def _check_readings(publication: Publication, findings: Findings) -> None:
    """Report characters without reading; notes are for the parent, and have none."""
    runs = list(_runs(publication))
    if runs and not any(_reads(inlines) for inlines, _ in runs):
        findings.note(publication.sections[0].place, "reading-missing",
                      "no character has a reading, and all is set without",
                      "write {字|zì}, a character at a time")  # fmt: skip
    for inlines, place in runs:
        if _reads(inlines) and (bare := _bare(inlines)):
            named = "".join(dict.fromkeys(bare))[:MOST_NAMED]
            findings.warning(place, "reading-missing",
                             f"without a reading among others that have one: {named}",
                             "write {字|zì}")  # fmt: skip


def _runs(publication: Publication) -> Iterator[tuple[c.Inlines, Place]]:
    """Yield titles, paragraphs and whole verses."""
    for section in publication.sections:
        yield section.heading, section.place
        for block in c.walk(section.blocks):
            match block:
                case c.Paragraph(inlines, place) | c.Heading(inlines=inlines, place=place):
                    yield inlines, place
                case c.Verse(lines, place):
                    yield tuple(item for line in lines for item in line), place
                case _:
                    pass


def _reads(inlines: c.Inlines) -> bool:
    return any(isinstance(item, c.Ruby) for item in c.flatten(inlines))


def _bare(inlines: c.Inlines) -> str:
    texts = (item.text for item in c.flatten(inlines) if isinstance(item, c.Text))
    return "".join(char for text in texts for char in text if _is_han(char))


def _is_han(char: str) -> bool:
    return unicodedata.name(char, "").startswith("CJK UNIFIED")
