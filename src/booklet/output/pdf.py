"""HTML to PDF by WeasyPrint: the screen edition.

The only module that renders. It runs with exactly the fonts of the shelf, reads files through the
door alone, and turns every message of the renderer into a finding.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from booklet.errors import Diagnostic, Findings, Place, ReleaseError, Severity
from booklet.fonts import isolated
from booklet.output.page_labels import PageLabel, add_page_labels, read_labels
from booklet.output.tags import (
    describe_links,
    keep_own_links,
    link_findings,
    release_margins,
    scope_headers,
)
from booklet.progress import Progress
from booklet.typeset.book import PagedBook, Stylesheet
from booklet.typeset.paged import THEME_URL

if TYPE_CHECKING:
    from booklet.output.fetch import Door

_LABEL = re.compile(r' data-src="[^"]*"')
_AT = re.compile(r"^(?P<what>.*?) at (?P<line>\d+):(?P<column>\d+), (?P<why>.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PrintedPdf:
    """A finished PDF.

    Attributes:
        data: The file.
        labels: The folio of each page, as printed or as it would be.
        diagnostics: What the renderer and the door had to say.
    """

    data: bytes
    labels: tuple[PageLabel, ...]
    diagnostics: tuple[Diagnostic, ...]


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
def _listening() -> Iterator[list[tuple[int, str]]]:
    from weasyprint.logger import LOGGER

    handler = _Messages([])
    before, LOGGER.handlers = LOGGER.handlers, [handler]
    propagate, LOGGER.propagate = LOGGER.propagate, False
    try:
        yield handler.records
    finally:
        LOGGER.handlers, LOGGER.propagate = before, propagate


def print_pdf(
    book: PagedBook, door: Door, font_config: Path, made: datetime, progress: Progress
) -> PrintedPdf:
    """Render the screen edition: PDF/UA-1, tagged, with outline, links and page labels.

    Args:
        book: What to render.
        door: Serves pictures and drawings.
        font_config: A fontconfig file that knows the shelf's fonts and no others.
        made: Date of the file, UTC.
        progress: Told how many pages there are.

    Raises:
        ReleaseError: The renderer cannot go on without a file that the door refused.
    """
    from weasyprint.urls import URLFetchingError

    findings = Findings()
    try:
        data, labels = _render(book, door, _fonts(font_config), made, (findings, progress))
    except URLFetchingError:
        # Where the renderer has no way on without a file; the door knows which one.
        data, labels = b"", ()
    except Exception as error:
        if os.environ.get("BOOKLET_TRACEBACK"):
            raise
        # The base has cases of CSS that it does not survive; whose fault it is, nobody can tell.
        data, labels = b"", ()
        findings.error(
            Place("build"), "render", f"the renderer stopped: {type(error).__name__}: {error}",
            "often CSS that it cannot lay out: take back the rule that was changed last",
        )  # fmt: skip
    for url, reason in door.refused.items():
        findings.error(Place("build"), "resource-refused", f"a page asks for {url}: {reason}",
                       "pictures stand in the publication, drawings in the theme")  # fmt: skip
    if not data:
        msg = "the pages could not be rendered"
        raise ReleaseError(msg, findings)
    return PrintedPdf(data, labels, tuple(findings))


def _fonts(font_config: Path) -> Any:
    with isolated(font_config):
        from weasyprint.text.fonts import FontConfiguration

        return FontConfiguration()


def _render(
    book: PagedBook, door: Door, fonts: Any, made: datetime, told: tuple[Findings, Progress]
) -> tuple[bytes, tuple[PageLabel, ...]]:
    from weasyprint import CSS, HTML

    from booklet.compose import install
    from booklet.output.fetch import DoorFetcher

    install()
    findings, progress = told
    fetcher = DoorFetcher(door)
    sheets = []
    for sheet in book.sheets:
        with _listening() as messages:
            sheets.append(
                CSS(string=sheet.css, base_url=THEME_URL, url_fetcher=fetcher, font_config=fonts)
            )
        findings.extend(_css_finding(sheet, text) for _, text in messages)
    with _listening() as messages:
        html = _dated(book.html, made)
        source = HTML(string=html, base_url=THEME_URL, url_fetcher=fetcher)
        document = source.render(stylesheets=sheets, font_config=fonts)
        keep_own_links(document)
        findings.extend(link_findings(document))
        labels = read_labels(document)
        progress.detail(f"{len(labels)} pages")

        def finish(_: Any, pdf: Any) -> None:
            add_page_labels(pdf, labels)
            describe_links(document)
            release_margins(pdf)
            scope_headers(pdf)

        # Labels hold paths as the user typed them, which must not tell two builds apart.
        words = _LABEL.sub("", html) + "".join(sheet.css for sheet in book.sheets)
        data = document.write_pdf(
            finisher=finish,
            pdf_variant="pdf/ua-1",
            pdf_identifier=hashlib.sha256(words.encode()).digest()[:16],
        )
    findings.extend(_render_finding(level, text) for level, text in messages)
    return data, labels


def _dated(html: str, made: datetime) -> str:
    stamp = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    meta = (
        f'<meta name="dcterms.created" content="{stamp}"/>'
        f'<meta name="dcterms.modified" content="{stamp}"/>'
    )
    return html.replace("</head>", meta + "</head>", 1)


def _css_finding(sheet: Stylesheet, message: str) -> Diagnostic:
    match = _AT.match(message)
    if match is None:
        return Diagnostic(Place(f"templates/{sheet.name}"), Severity.WARNING, "css", message)
    place = Place(f"templates/{sheet.name}", int(match["line"]), int(match["column"]))
    return Diagnostic(
        place, Severity.WARNING, "css", f"{match['what']}: {match['why'].rstrip('.')}",
        "the renderer leaves it out; docs/themes.md says what it knows",
    )  # fmt: skip


def _render_finding(level: int, message: str) -> Diagnostic:
    severity = Severity.ERROR if level >= logging.ERROR else Severity.WARNING
    return Diagnostic(Place("build"), severity, "render", message.strip().rstrip("."))
