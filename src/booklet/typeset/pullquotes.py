"""Pull quotes: a sentence of a section, taken verbatim, to be set large beside its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from booklet.model import content as c
from booklet.model.publication import Section
from booklet.typeset.segments import visible
from booklet.typeset.words import words_of

SHORTEST, LONGEST = 10, 32
"""Characters of a sentence that is large enough to pull, and short enough to be read at once."""

_SENTENCE = re.compile(r"[^。！？!?…]+[。！？]")
_PAIRS = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "（": "）",
    "《": "》",
    "〈": "〉",
    "【": "】",
}
_CLOSING = frozenset("”’」』）》〉】，、；：。！？")


def pull_quote(section: Section) -> str:
    """Give the sentence to pull from a section; '' where there is none.

    It comes from the second or a later excerpt, so that it does not stand beside its source, and
    is a whole sentence of plain words: what has readings is not repeated.
    """
    first, *others = section.excerpts or (None,)
    beside = words_of(first.blocks) if first else ""
    for excerpt in others:
        for block in excerpt.blocks:
            if isinstance(block, c.Paragraph) and _is_plain(block.inlines):
                for sentence in _sentences(c.plain(block.inlines)):
                    if visible(sentence) not in beside:
                        return sentence
    return ""


def _is_plain(inlines: c.Inlines) -> bool:
    return not any(isinstance(item, c.Ruby | c.Picture | c.Code) for item in c.flatten(inlines))


def _sentences(text: str) -> Iterator[str]:
    """Give the sentences that can stand alone: none that is cut from a quotation."""
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        follows = text[match.end() : match.end() + 1]
        if not SHORTEST <= len(sentence) <= LONGEST or sentence[0] in _CLOSING:
            continue
        if follows in _CLOSING and follows:
            continue
        if all(sentence.count(one) == sentence.count(two) for one, two in _PAIRS.items()):
            yield sentence
