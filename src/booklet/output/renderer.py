"""What every rendering needs of the renderer: messages, fonts, the date in its documents."""

from __future__ import annotations

import contextlib
import logging
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from booklet.errors import Diagnostic, Place, Severity
from booklet.fonts import isolated
from booklet.typeset.book import PagedBook

if TYPE_CHECKING:
    from booklet.output.fetch import Door

LABEL = re.compile(r' data-src="[^"]*"')
"""Labels hold paths as the user typed them, which must not tell two builds apart."""


@dataclass(frozen=True, slots=True)
class Shop:
    """Where a book is set.

    Attributes:
        door: Serves pictures and drawings.
        font_config: A fontconfig file that knows the shelf's fonts and no others.
        made: Date of the files, UTC.
    """

    door: Door
    font_config: Path
    made: datetime


@dataclass(slots=True)
class _Messages(logging.Handler):
    """Keeps what the renderer logs while it works on one source."""

    records: list[tuple[int, str]]

    def __post_init__(self) -> None:
        logging.Handler.__init__(self, logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append((record.levelno, record.getMessage()))

    __hash__ = logging.Handler.__hash__


@contextlib.contextmanager
def listening() -> Iterator[list[tuple[int, str]]]:
    """Collect what the renderer logs: level and words of each message."""
    from weasyprint.logger import LOGGER

    handler = _Messages([])
    before, LOGGER.handlers = LOGGER.handlers, [handler]
    propagate, LOGGER.propagate = LOGGER.propagate, False
    try:
        yield handler.records
    finally:
        LOGGER.handlers, LOGGER.propagate = before, propagate


MOST_OPEN = 4
"""Sets of fonts that a process keeps open."""

_FONT_FACE = re.compile(r"@font-face", re.IGNORECASE)
_open: OrderedDict[Path, Any] = OrderedDict()


def shared_fonts(font_config: Path, book: PagedBook) -> Any:
    """Open the fonts of a book, or take them as they are open.

    The base never lets go of fonts once they are open, a Chinese one of more than ten megabytes. A
    book that registers fonts of its own has them opened for itself.
    """
    if any(map(_FONT_FACE.search, (book.html, *(sheet.css for sheet in book.sheets)))):
        return open_fonts(font_config)
    if font_config not in _open:
        _open[font_config] = open_fonts(font_config)
        if len(_open) > MOST_OPEN:
            _open.popitem(last=False)
    _open.move_to_end(font_config)
    return _open[font_config]


def open_fonts(font_config: Path) -> Any:
    """Open the fonts that a fontconfig file knows, and no others."""
    with isolated(font_config):
        from weasyprint.text.fonts import FontConfiguration

        return FontConfiguration()


def dated(html: str, made: datetime) -> str:
    """Tell a document when it was made."""
    stamp = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    meta = (
        f'<meta name="dcterms.created" content="{stamp}"/>'
        f'<meta name="dcterms.modified" content="{stamp}"/>'
    )
    return html.replace("</head>", meta + "</head>", 1)


def drawings_of(images: Mapping[str, Any], address: str) -> dict[str, Any]:
    """Pick the drawings of a theme from the images of a rendering: they hold nothing of a page.

    Args:
        images: By address.
        address: Beginning of the addresses of what the theme brings.
    """
    from weasyprint.images import SVGImage

    return {
        url: image
        for url, image in images.items()
        if url.startswith(address) and isinstance(image, SVGImage)
    }


_LOST = ("Unsupported color space", ".notdef glyph")
"""Beginnings of warnings that something which a page asks for is drawn as something else."""


def render_finding(level: int, message: str) -> Diagnostic:
    """Make a finding of a message of the renderer."""
    lost = message.startswith(_LOST)
    severity = Severity.ERROR if lost or level >= logging.ERROR else Severity.WARNING
    return Diagnostic(Place("build"), severity, "render", message.strip().rstrip("."))


def refusals(door: Door) -> tuple[Diagnostic, ...]:
    """Make findings of what the door refused so far, and forget it."""
    refused = tuple(
        Diagnostic(
            Place("build"), Severity.ERROR, "resource-refused", f"a page asks for {url}: {reason}",
            "pictures stand in the publication, drawings in the theme",
        )
        for url, reason in door.refused.items()
    )  # fmt: skip
    door.refused.clear()
    return refused
