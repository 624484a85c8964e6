"""What the press wants, and what it gets: the two ends of `prepare_press`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from booklet.errors import Diagnostic, Place, ReleaseError, Severity
from booklet.model.press import Press


@dataclass(frozen=True, slots=True)
class FontFile:
    """A face to write the slug line with.

    Attributes:
        data: The whole file.
        number: Position in a collection, 0 in any other file.
    """

    data: bytes
    number: int = 0


@dataclass(frozen=True, slots=True)
class PressJob:
    """How a PDF is made ready.

    Attributes:
        press: What the printer asks for.
        title: For the metadata and the slug line.
        made: Date of the file, UTC.
        profile: ICC profile of the printing condition: class ``prtr``, CMYK. Only a file that
            stays sRGB can do without.
        lettering: Faces of the slug line; a character is taken from the first that has it.
        label: What the slug line calls the file, such as 封面; may be empty.
        flat: A sheet of its own, such as a cover, rather than pages that are bound at a gutter.
        bound: Side of the spine, seen from the front; it decides where the gutter of a page is.
        folds: Where a flat sheet is folded, in points from its left trim.
    """

    press: Press
    title: str
    made: datetime
    profile: bytes = b""
    lettering: tuple[FontFile, ...] = ()
    label: str = ""
    flat: bool = False
    bound: Literal["left", "right"] = "left"
    folds: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class PressFile:
    """A PDF made ready.

    Attributes:
        data: The file.
        pages: Its pages, with blanks that fill it up.
        diagnostics: What could not be done as asked; with an error, ``data`` must not leave the
            house.
    """

    data: bytes
    pages: int
    diagnostics: tuple[Diagnostic, ...] = ()


class PressError(ReleaseError):
    """Something on a page has no right form on a press."""

    def __init__(self, message: str, hint: str = "", *, code: str = "press-colour") -> None:
        super().__init__(message)
        self.code, self.hint = code, hint

    def diagnostic(self, pages: Sequence[int] = ()) -> Diagnostic:
        """Tell it, of the pages where it stands, counted from 1."""
        text = f"{name_pages(pages)}: {self}" if pages else str(self)
        return Diagnostic(Place("press"), Severity.ERROR, self.code, text, self.hint)


def name_pages(pages: Sequence[int]) -> str:
    """Write page numbers as people do: ``page 3``, ``pages 1-4, 7``."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    words = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    return f"{'page' if len(pages) == 1 else 'pages'} {', '.join(words)}"
