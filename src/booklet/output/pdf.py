"""HTML to PDF by WeasyPrint: laid out once, drawn for the screen and for the press.

The only module that renders. It runs with exactly the fonts of the shelf, reads files through the
door alone, and turns every message of the renderer into a finding.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from booklet.errors import Diagnostic, Findings, Place, ReleaseError
from booklet.output.culprit import find_culprit
from booklet.output.generated import generated_words, misleading_calls
from booklet.output.laidout import LaidOut
from booklet.output.nesting import FittingError, NestedError, guard_layouts, only_looking
from booklet.output.page_labels import PageLabel, add_page_labels, join_labels, label_pages
from booklet.output.renderer import (
    LABEL,
    dated,
    listening,
    refusals,
    render_finding,
    shared_fonts,
)
from booklet.output.strained import strained_findings
from booklet.output.tags import (
    describe_links,
    keep_own_links,
    link_findings,
    plain_outline,
    release_margins,
    scope_headers,
)
from booklet.output.turning import turn_pages
from booklet.progress import Progress
from booklet.typeset.book import PagedBook, Stylesheet
from booklet.typeset.footnotes import refer_elsewhere, with_generated
from booklet.typeset.paged import THEME_URL

if TYPE_CHECKING:
    from booklet.output.fetch import Door


class WholeRendering(LaidOut):
    """A book laid out once, from which several PDF files are drawn.

    Attributes:
        book: What is laid out, with the words that style sheets wrote.
        labels: The folio of each page, as printed or as it would be.
        diagnostics: What the renderer and the door had to say so far.
    """

    def __init__(
        self, book: PagedBook, door: Door, font_config: Path, made: datetime, progress: Progress
    ) -> None:
        """Lay a book out.

        Args:
            book: What to render.
            door: Serves pictures and drawings.
            font_config: A fontconfig file that knows the shelf's fonts and no others.
            made: Date of the files, UTC.
            progress: Told how many pages there are.

        Raises:
            ReleaseError: The renderer cannot go on without a file that the door refused.
        """
        self.book, self._door, self._made = book, door, made
        self._findings = Findings()
        self.labels: tuple[PageLabel, ...] = ()
        self._fonts = shared_fonts(font_config, book)
        with self._guarded():
            self._document = self._lay_out()
            self.labels = join_labels(label_pages(self._document))
            folios = [label.text for label in self.labels]
            self._findings.extend(strained_findings(self._document, folios))
            progress.detail(f"{len(self.labels)} pages")

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What the renderer and the door had to say so far."""
        return tuple(self._findings)

    def draw_screen(self) -> bytes:
        """Draw the screen edition: PDF/UA-1, tagged, with outline, links and page labels."""
        document = self._document
        # The bleed is for the press alone; the page of a screen ends at the trim.
        bleeds = [page.bleed for page in document.pages]
        for page in document.pages:
            page.bleed = dict.fromkeys(page.bleed, 0)

        def finish(_: Any, pdf: Any) -> None:
            add_page_labels(pdf, self.labels)
            describe_links(document)
            release_margins(pdf)
            scope_headers(pdf)
            turn_pages(document, pdf)

        with self._guarded():
            data = self._write(document, finisher=finish, pdf_variant="pdf/ua-1")
        for page, bleed in zip(document.pages, bleeds, strict=True):
            page.bleed = bleed
        return data

    def draw_plain(self, pages: Sequence[int]) -> bytes:
        """Draw some pages for the press: RGB, untagged, without links, outline or labels.

        Args:
            pages: Indexes of the pages, from 0. Their boxes hold the bleed that the style sheets
                ask for, from a negative origin: the trim is at 0, 0.
        """
        kept = [self._document.pages[index] for index in pages]
        dropped = [(page, page.links, page.bookmarks, page.anchors) for page in kept]
        for page in kept:
            page.links, page.bookmarks, page.anchors = [], [], {}
        with self._guarded():
            copy = self._document.copy(kept)
            data = self._write(copy, finisher=lambda _, pdf: turn_pages(copy, pdf))
        for page, links, bookmarks, anchors in dropped:
            page.links, page.bookmarks, page.anchors = links, bookmarks, anchors
        return data

    def _lay_out(self) -> Any:
        from weasyprint import CSS, HTML
        from weasyprint.css.counters import CounterStyle

        from booklet.compose import install
        from booklet.output.css_console import Console
        from booklet.output.fetcher import DoorFetcher

        install()
        guard_layouts()
        fonts = self._fonts
        console = Console(self.book.sheets, self._door.theme.files)
        fetcher, sheets, counters = DoorFetcher(self._door), [], CounterStyle()
        for sheet in self.book.sheets:
            with listening() as messages:
                css = CSS(
                    string=sheet.css, base_url=THEME_URL, url_fetcher=fetcher,
                    font_config=fonts, counter_style=counters,
                )  # fmt: skip
            sheets.append(css)
            self._findings.extend(console.hear((text for _, text in messages), sheet))
        self._findings.extend(console.look())
        while True:
            with listening() as messages:
                html = dated(self.book.html, self._made)
                source = HTML(string=html, base_url=THEME_URL, url_fetcher=fetcher)
                document = source.render(
                    stylesheets=sheets, font_config=fonts, counter_style=counters
                )
            if not (calls := misleading_calls(document)):
                break
            self.book = refer_elsewhere(self.book, calls)
        keep_own_links(document)
        plain_outline(document)
        self.book = with_generated(self.book, generated_words(document))
        self._findings.extend(link_findings(document))
        style = [text for _, text in messages if console.is_about_style(text)]
        self._findings.extend(console.hear(style))
        self._findings.extend(
            render_finding(level, text) for level, text in messages if text not in style
        )
        return document

    def _write(self, document: Any, **options: Any) -> bytes:
        # Labels hold paths as the user typed them, which must not tell two builds apart.
        html = LABEL.sub("", dated(self.book.html, self._made))
        words = html + "".join(sheet.css for sheet in self.book.sheets)
        identifier = hashlib.sha256(words.encode()).digest()[:16]
        with listening() as messages:
            data: bytes = document.write_pdf(pdf_identifier=identifier, **options)
        self._findings.extend(render_finding(level, text) for level, text in messages)
        return data

    def _fits(self, sheets: Sequence[Stylesheet]) -> bool:
        """Tell whether the boxes are within the limits with other style sheets."""
        with only_looking():
            try:
                self._try(sheets)
            except FittingError:
                return True
            except Exception:
                return False
        return True

    def _survives(self, sheets: Sequence[Stylesheet]) -> bool:
        """Tell whether the renderer comes through with other style sheets."""
        try:
            self._try(sheets)
        except Exception:
            return False
        return True

    def _try(self, sheets: Sequence[Stylesheet]) -> None:
        from weasyprint import CSS, HTML
        from weasyprint.css.counters import CounterStyle

        from booklet.output.fetcher import DoorFetcher

        fetcher, fonts, counters = DoorFetcher(self._door), self._fonts, CounterStyle()
        with listening():
            parsed = [
                CSS(
                    string=sheet.css, base_url=THEME_URL, url_fetcher=fetcher,
                    font_config=fonts, counter_style=counters,
                )
                for sheet in sheets
            ]  # fmt: skip
            source = HTML(string=self.book.html, base_url=THEME_URL, url_fetcher=fetcher)
            document = source.render(stylesheets=parsed, font_config=fonts, counter_style=counters)
            document.write_pdf(pdf_variant="pdf/ua-1")

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Turn what stops the renderer, and what the door refused, into findings."""
        from weasyprint.urls import URLFetchingError

        stopped = False
        try:
            yield
        except URLFetchingError:
            stopped = True  # it has no way on without a file; the door knows which one
        except NestedError as error:
            stopped = True
            place = find_culprit(self.book.sheets, self._fits)
            self._findings.error(
                place or Place("templates/book.html"), "style-limit", str(error),
                "lay them out side by side; docs/limits.md lists what may be raised",
            )  # fmt: skip
        except Exception as error:
            if os.environ.get("BOOKLET_TRACEBACK"):
                raise
            # The base has cases of CSS that it does not survive.
            stopped = True
            place = find_culprit(self.book.sheets, self._survives)
            self._findings.error(
                place or Place("build"), "render",
                f"the renderer stopped: {type(error).__name__}: {error}",
                "leave this rule out, or write it in another way" if place else
                "often CSS that it cannot lay out: take back the rule that was changed last",
            )  # fmt: skip
        self._findings.extend(refusals(self._door))
        if stopped:
            msg = "the pages could not be rendered"
            raise ReleaseError(msg, self._findings)
