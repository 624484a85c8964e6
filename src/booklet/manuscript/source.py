"""A stretch of source text that knows where each of its characters stands in a file."""

from __future__ import annotations

from dataclasses import dataclass, field

from booklet.errors import Place


@dataclass(frozen=True, slots=True)
class Source:
    r"""Text to be read, with the place of its first character.

    Attributes:
        file: File name as the user would type it.
        text: The text, with ``\n`` between its lines.
        line: 1-based line of the first line of ``text``.
        column: 1-based column at which every line of ``text`` begins, above 1 in a YAML block.
        exact: False where lines of ``text`` are not lines of the file, as in a quoted YAML value;
            every place is then that of the value.
    """

    file: str
    text: str
    line: int = 1
    column: int = 1
    exact: bool = True
    lines: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(self.text.split("\n")))

    def place(self, row: int, offset: int = 0) -> Place:
        """Give the place of a 0-based row and a 0-based offset in characters."""
        if not self.exact:
            return Place(self.file, self.line, self.column)
        return Place(self.file, self.line + row, self.column + offset)

    def start_of(self, row: int) -> Place:
        """Give the place of the first character of a row that is not blank."""
        text = self.lines[row] if row < len(self.lines) else ""
        return self.place(row, len(text) - len(text.lstrip()))

    def offset(self, position: int) -> Place:
        """Give the place of a 0-based position in the whole text."""
        row = self.text.count("\n", 0, position)
        return self.place(row, position - (self.text.rfind("\n", 0, position) + 1))

    def find(self, words: str, rows: range) -> Place | None:
        """Find words that stand within one of the rows."""
        for row in rows:
            if 0 <= row < len(self.lines) and (at := self.lines[row].find(words)) >= 0:
                return self.place(row, at)
        return None
