"""Fields: words of the manuscript that each booklet of a batch has its own of.

``[各位读者]{.field name=recipient}`` prints what the catalogue has for ``recipient``, as plain
characters; without a catalogue the words between the brackets. Nothing in a field is ever code.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from markdown_it.token import Token

from booklet.errors import Findings, Place
from booklet.manuscript.changes import Word

CLASS = "field"
_KEY = "data-name"


@dataclass(slots=True)
class Fields:
    """The fields of one publication, filled as its texts are parsed.

    Attributes:
        words: What is put into them, by name; None where nothing is.
        used: Names that were met, with the first place of each.
    """

    words: Mapping[str, Word] | None = None
    used: dict[str, Place] = field(default_factory=dict)
    _met: list[tuple[str, Token]] = field(default_factory=list)

    def fill(self, tokens: Iterable[Token]) -> None:
        """Put words into the fields of parsed blocks; before their tokens get places."""
        for token in tokens:
            if token.type == "inline" and token.children and f".{CLASS}" in token.content:
                token.children = self._filled(token.children)

    def _filled(self, children: list[Token]) -> list[Token]:
        kept: list[Token] = []
        at = 0
        while at < len(children):
            token = children[at]
            at += 1
            kept.append(token)
            if token.type != "span_open" or not _take_class(token):
                continue
            name = str(token.attrs.pop(_KEY, ""))
            self._met.append((name, token))
            word = (self.words or {}).get(name)
            if word is not None:
                end = _end(children, at)
                kept += _text(word.text, token)
                at = end
        return kept

    def tell(self, findings: Findings) -> None:
        """Tell of fields without a name; the tokens have their places by now."""
        for name, token in self._met:
            place: Place = token.meta["place"]
            if name:
                self.used.setdefault(name, place)
            else:
                findings.error(
                    place, "field-name", "this field has no name",
                    "[各位读者]{.field name=recipient}",
                )  # fmt: skip
        self._met.clear()

    def check(self, row: Place, findings: Findings) -> None:
        """Tell of words that no field says, and of fields that a booklet has no words for."""
        if self.words is None:
            return
        for name, word in self.words.items():
            if name not in self.used:
                near = difflib.get_close_matches(name, self.used, 1)
                known = ", ".join(self.used) or "none"
                findings.error(
                    word.place, "field-unknown", f"the manuscript has no field {name}",
                    f"did you mean {near[0]}?" if near else f"fields: {known}",
                )  # fmt: skip
        for name in self.used:
            if name not in self.words:
                findings.warning(
                    row, "field-empty",
                    f"nothing is given for the field {name}: the manuscript's own words stand",
                    f"give words.{name}",
                )  # fmt: skip


def _take_class(token: Token) -> bool:
    """Take the class from a span; tell whether it had it."""
    classes = str(token.attrs.get("class", "")).split()
    if CLASS not in classes:
        return False
    others = [name for name in classes if name != CLASS]
    if others:
        token.attrs["class"] = " ".join(others)
    else:
        del token.attrs["class"]
    return True


def _end(children: list[Token], start: int) -> int:
    """Find the token that closes a span whose first child is at ``start``."""
    level = 1
    for at in range(start, len(children)):
        level += children[at].nesting
        if level == 0:
            return at
    return len(children)


def _text(text: str, opening: Token) -> list[Token]:
    """Make tokens of words; a line of a cell is a line of the page."""
    made: list[Token] = []
    for line in text.strip().split("\n"):
        if made:
            made.append(Token("hardbreak", "br", 0, meta=dict(opening.meta)))
        made.append(Token("text", "", 0, content=line.strip(), meta=dict(opening.meta)))
    return made
