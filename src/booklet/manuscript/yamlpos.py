"""YAML 1.2 (and so JSON) to plain values, each with the place where it stands.

The tree is built from the parser's events, so that aliases, tags, depth and size are refused while
they are read and nothing is ever constructed. Numbers and dates follow the core schema: a date
stays text, and so do ``yes`` and ``no``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from booklet import limits
from booklet.errors import Findings, Place
from booklet.manuscript.hidden import BIDI, check_hidden
from booklet.manuscript.source import Source

Value = None | bool | int | float | str | list[Any] | dict[str, Any]
Path = tuple[str | int, ...]

_CORE = "tag:yaml.org,2002:"
_TAGS = {None, "!"} | {
    _CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq")
}
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class _RefusedError(Exception):
    """Reading cannot go on; the finding is already recorded."""


@dataclass(slots=True)
class Tree:
    """Plain values and where they stand.

    Attributes:
        value: The whole, None where it could not be read or is empty.
        keys: Place of each mapping key, by its path.
        values: Place of each value, by its path; the root is ``()``.
        written: Scalars as they are written, so that ``1984`` can be a title.
        texts: Text values as sources of their own, for Markdown within YAML.
    """

    value: Value = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    texts: dict[Path, Source] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Give the place of a value, or of the nearest thing around it that is written."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(""))

    def key_place(self, path: Path) -> Place:
        """Give the place of a key, or of its value."""
        return self.keys.get(path) or self.place(path)


def read_yaml(source: Source, findings: Findings) -> Tree | None:
    """Read one document.

    Returns:
        None where the document cannot be read; lesser errors are recorded beside the tree.
    """
    # JSON may indent with tabs, YAML may not; in JSON a tab stands only between values.
    text = source.text.replace("\t", " ") if source.file.endswith(".json") else source.text
    reader = _Reader(source, findings)
    try:
        reader.read(YAML(typ="safe", pure=True).parse(text))
    except _RefusedError:
        return None
    except MarkedYAMLError as error:
        _tell_syntax(source, error, findings)
        return None
    except (YAMLError, ValueError, RecursionError, AttributeError, IndexError, TypeError) as error:
        at = getattr(error, "position", None)
        place = source.offset(at) if isinstance(at, int) else source.place(0)
        findings.error(place, "yaml-syntax", f"the YAML cannot be read: {_first_line(error)}")
        return None
    return reader.tree


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).split("\n", 1)[0]


def _tell_syntax(source: Source, error: MarkedYAMLError, findings: Findings) -> None:
    # What is never closed is found at the end of the file, but wrong where it opens.
    unclosed = "end" in str(error.problem) and "stream" in str(error.problem)
    marks = [error.problem_mark, error.context_mark]
    mark = next((m for m in (reversed(marks) if unclosed else marks) if m is not None), None)
    place = source.place(mark.line, mark.column) if mark else source.place(0)
    rows = source.lines[max(0, mark.line - 1) : mark.line + 1] if mark else ()
    hint = "indent with spaces, and put text that holds ': ' or begins with a mark in quotes"
    if any("：" in row and ": " not in row for row in rows):
        hint = "write the colon after a key as ': ', not as the full-width ："
    context = f" ({error.context})" if error.context else ""
    findings.error(place, "yaml-syntax", f"the YAML is broken: {error.problem}{context}", hint)


class _Reader:
    """Builds the tree; one method a kind of node."""

    def __init__(self, source: Source, findings: Findings) -> None:
        self.source = source
        self.findings = findings
        self.tree = Tree()
        self.nodes = 0

    def read(self, events: Iterator[Any]) -> None:
        """Read every event, so that a fault after the first document is seen as well."""
        self.events = events
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(event, "yaml-limit", "a second YAML document", "leave out the ---")
            elif isinstance(
                event, (ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent)
            ):
                self.tree.value = self._node(event, (), 0)

    def _place(self, event: Any) -> Place:
        return self.source.place(event.start_mark.line, event.start_mark.column)

    def _refuse(self, event: Any, code: str, message: str, hint: str = "") -> None:
        self.findings.error(self._place(event), code, message, hint)
        raise _RefusedError

    def _node(self, event: Any, path: Path, depth: int) -> Value:
        self._check(event, depth)
        self.tree.values[path] = self._place(event)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path, depth)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path, depth)
        return self._scalar(event, path)

    def _check(self, event: Any, depth: int) -> None:
        self.nodes += 1
        if isinstance(event, AliasEvent):
            self._refuse(event, "yaml-limit", f"the alias *{event.anchor}", "write the value out")
        if event.anchor is not None:
            self._refuse(event, "yaml-limit", f"the anchor &{event.anchor}", "leave it out")
        tag = None if event.tag is None else str(event.tag)
        if tag not in _TAGS:
            self._refuse(event, "yaml-limit", f"the tag {tag}", "leave it out")
        for name, number, words in (
            ("yaml-depth", depth, "nested too deeply"),
            ("yaml-values", self.nodes, "too many values"),
        ):
            if number > limits.value(name):
                self._refuse(
                    event, "yaml-limit", f"{words} ({limits.named(name)})", limits.raised(name)
                )

    def _sequence(self, path: Path, depth: int) -> list[Value]:
        items: list[Value] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            items.append(self._node(event, (*path, len(items)), depth + 1))
        return items

    def _mapping(self, path: Path, depth: int) -> dict[str, Value]:
        items: dict[str, Value] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            self._check(event, depth)
            if not isinstance(event, ScalarEvent):
                self._refuse(event, "yaml-syntax", "a key must be text", "put it in quotes")
            key = self._text(event)
            inner = (*path, key)
            if key in items:
                first = self.tree.keys[inner]
                self.findings.error(
                    self._place(event),
                    "yaml-duplicate",
                    f"the key {key} stands twice",
                    f"it stands first at {first}; keep one",
                )
            else:
                self.tree.keys[inner] = self._place(event)
            value = self._node(next(self.events), inner, depth + 1)
            items.setdefault(key, value)
        return items

    def _text(self, event: Any) -> str:
        """Give the text of a scalar, with JSON's pairs of surrogates joined."""
        text: str = event.value
        if _SURROGATES.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            if "\ufffd" in text:
                text = "\ud800"
        if match := _CONTROL.search(text):
            self.findings.error(
                self._place(event),
                "control-character",
                f"the character U+{ord(match[0]):04X} cannot be printed",
                "delete it",
            )
            return _CONTROL.sub("\ufffd", text)
        if event.style == '"' and BIDI.search(text) and not BIDI.search(self.source.text):
            # What is written as \u… stands nowhere in the file itself.
            at = self._place(event)
            hidden = Source(at.file, text, at.line, at.column, exact=False)
            check_hidden(hidden, self.findings)
        return text

    def _scalar(self, event: Any, path: Path) -> Value:
        text = self._text(event)
        self.tree.written[path] = text
        self.tree.texts[path] = self._text_source(event, text)
        plain = event.style in {None, ""}
        if not plain or str(event.tag) in {_CORE + "str", "!"}:
            return text
        return self._core(event, text)

    def _core(self, event: Any, text: str) -> Value:
        if _NULL.fullmatch(text):
            return None
        if _BOOL.fullmatch(text):
            return text.lower() == "true"
        if _INT.fullmatch(text):
            if len(text) > limits.value("yaml-digits"):
                words = f"a number of {len(text)} digits ({limits.named('yaml-digits')})"
                self._refuse(event, "yaml-limit", words, "quote it")
            return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
        if _FLOAT.fullmatch(text) and len(text) <= limits.value("yaml-digits"):
            return float(text)
        return text

    def _text_source(self, event: Any, text: str) -> Source:
        """Place a text so that lines within a block keep their own lines."""
        start, row = event.start_mark, event.start_mark.line
        file, lines = self.source.file, self.source.lines
        if event.style == "|":
            first = next((i for i in range(row + 1, len(lines)) if lines[i].strip()), row + 1)
            line = lines[first] if first < len(lines) else ""
            indent = len(line) - len(line.lstrip(" "))
            at = self.source.place(row + 1)
            return Source(file, text, at.line, at.column + indent)
        at = self.source.place(row, start.column)
        quote = 1 if event.style in {"'", '"'} else 0
        written = lines[row][start.column + quote :] if row < len(lines) else ""
        if event.style != ">" and "\n" not in text and written.startswith(text):
            return Source(file, text, at.line, at.column + quote)
        return Source(file, text, at.line, at.column, exact=False)
