"""What mdBook puts into a chapter from other files: whole, by lines, or by anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from booklet import limits
from booklet.errors import Findings, InputError, Place
from booklet.importing.decoding import decode
from booklet.importing.files import Files
from booklet.importing.room import resolve

_ORDER = re.compile(r"(?<!\\)\{\{\s*#(include|rustdoc_include|playground)\s+([^}\s]+)[^}\n]*\}\}")
_OTHER = re.compile(r"(?<!\\)\{\{\s*#\w+[^}\n]*\}\}|\{%[^%\n]*%\}")
_ANCHOR = re.compile(r"\bANCHOR(_END)?:\s*([\w-]+)")


@dataclass(slots=True)
class Includer:
    """Expands the orders of one chapter.

    Attributes:
        files: Where other files are; nothing outside is read.
        name: The chapter.
        findings: Told of orders that cannot be followed; they stay as text.
        room: Characters that may still be put in.
    """

    files: Files
    name: str
    findings: Findings
    room: int = field(default_factory=lambda: limits.value("file-size"))

    def expand(self, text: str, first: int) -> tuple[str, tuple[int, ...]]:
        """Put in what a text asks for.

        Args:
            text: The chapter.
            first: The line at which it begins.

        Returns:
            The text, and for each of its lines the line of the chapter that it comes from.
        """
        lines: list[str] = []
        numbers: list[int] = []
        for number, line in enumerate(text.split("\n"), first):
            for one in self._line(line, number).split("\n"):
                lines.append(one)
                numbers.append(number)
        return "\n".join(lines), tuple(numbers)

    def _line(self, line: str, number: int) -> str:
        if "{" not in line:
            return line
        place = Place(self.files.shown(self.name).file, number)
        for other in _OTHER.finditer(line):
            if not _ORDER.fullmatch(other[0]):
                self.findings.warning(
                    place, "import-not-carried",
                    f"{other[0][:60]} is an order to another tool, and stands as text",
                    "put in its place what it stands for",
                )  # fmt: skip
        return _ORDER.sub(lambda order: self._part(order, place), line)

    def _part(self, order: re.Match[str], place: Place) -> str:
        """Give what an order asks for; the order itself where that cannot be had."""
        path, _, part = order[2].partition(":")
        name = resolve(self.name, path)
        why = "it lies outside what is imported" if not name else ""
        if not why and name not in self.files:
            why = f"there is no file {path[:80]}"
        if not why:
            try:
                where = self.files.shown(name)
                lines = decode(self.files.read(name), where, self.findings).split("\n")
                text = "\n".join(_cut(lines, part))
                self.room -= len(text)
                if self.room >= 0:
                    return text
                why = f"it grows too large ({limits.named('file-size')})"
            except InputError as error:
                why = error.diagnostics[0].message
        self.findings.warning(
            place, "import-not-carried", f"{order[0][:60]} stands as text: {why}",
            "put in its place what it stands for",
        )  # fmt: skip
        return order[0]


def _cut(lines: list[str], part: str) -> Iterator[str]:
    """Yield the lines that ``2``, ``2:10``, ``:10`` or the name of an anchor stands for."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    if part and not re.fullmatch(r"\d{0,6}(?::\d{0,6})?", part):
        yield from _anchored(lines, part)
        return
    begin, colon, end = part.partition(":")
    start = max(int(begin or 1), 1)
    stop = int(end) if end else len(lines) if colon or not begin else start
    yield from (line for line in lines[start - 1 : stop] if not _ANCHOR.search(line))


def _anchored(lines: list[str], name: str) -> Iterator[str]:
    inside = False
    for line in lines:
        mark = _ANCHOR.search(line)
        if mark is None:
            if inside:
                yield line
        elif mark[2] == name:
            inside = mark[1] is None
