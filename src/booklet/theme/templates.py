"""The templates of a theme, taken apart into their documented blocks.

A template begins with a comment that says what it makes. A block says in a comment of its own,
directly behind its tag, what it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from booklet.theme.files import SearchPath

# Nothing here may try the same text twice: a stranger's template is as long as he likes.
_FIRST = re.compile(r"\s*+{#-?(.*?)-?#}", re.DOTALL)
_TAG = re.compile(
    r"{#.*?(?:#}|\Z)|{%[-+]?\s*+raw\b.*?(?:\bendraw\s*+[-+]?%}|\Z)"
    r"|{%[-+]?\s*+block\s++(?P<name>\w++)(?P<scoped>[\w\s]*+)[-+]?%}"
    r"|(?P<end>{%[-+]?\s*+endblock\b[^%]*%})",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a template.

    Attributes:
        name: By which another template redefines it.
        purpose: What it is for; '' where the template does not say.
        text: Its whole text, from its opening to its closing tag.
        line: Line of its opening tag.
    """

    name: str
    purpose: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Template:
    """A template: its name below the theme, what it makes, its text and its blocks in order."""

    name: str
    purpose: str
    text: str
    blocks: tuple[Block, ...]

    def block(self, name: str) -> Block | None:
        """Give the block of that name."""
        return next((block for block in self.blocks if block.name == name), None)


def read_template(files: SearchPath, name: str) -> Template | None:
    """Read a template of a theme; None if there is none of that name."""
    data = files.read(name)
    if data is None:
        return None
    return parse_template(name, data.decode("utf-8", "replace"))


def parse_template(name: str, text: str) -> Template:
    """Take a template apart."""
    first = _FIRST.match(text)
    blocks = sorted(_blocks(text), key=lambda block: block.line)
    purpose = re.split(r"(?<=[.。])\s", _sentence(first), maxsplit=1)[0]
    return Template(name, purpose, text, tuple(blocks))


def _blocks(text: str) -> Iterator[Block]:
    opened: list[re.Match[str]] = []
    for tag in _TAG.finditer(text):
        if tag["name"]:
            opened.append(tag)
        elif tag["end"] and opened:
            begin = opened.pop()
            purpose = _sentence(_FIRST.match(text, begin.end()))
            whole = text[begin.start() : tag.end()]
            yield Block(begin["name"], purpose, whole, text.count("\n", 0, begin.start()) + 1)


def template_names(files: SearchPath) -> tuple[str, ...]:
    """Name the templates of a theme: the book first, then its parts."""
    return tuple(sorted(files.names(".html"), key=lambda name: (name != "book.html", name)))


def _sentence(match: re.Match[str] | None) -> str:
    return " ".join(match[1].split()) if match else ""
