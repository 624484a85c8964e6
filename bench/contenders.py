"""What is measured: booklet in several states, and peers that set the same text."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench import anthology
from bench.anthology import Section

BOOKLET = [sys.executable, "-m", "booklet"]
LIMITS = ["--limit", "worker-cpu=7200", "--limit", "worker-time=7200"]


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that is measured once a round.

    Attributes:
        name: As the table says.
        command: Runs in the folder of the book.
        output: What it makes, from that folder; '' for nothing.
        prepare: Puts the folder into the state that is measured; is not measured itself.
        missing: Why it cannot run here; '' if it can.
        again: The output of the run before has to lie there.
    """

    name: str
    command: list[str]
    output: str = ""
    prepare: Callable[[Path, int], None] = field(default=lambda _folder, _turn: None)
    missing: str = ""
    again: bool = False


PLAIN = "WeasyPrint 70"
"""All are compared with this one."""


def contenders(book: tuple[Section, ...]) -> list[Contender]:
    """List what is measured, in the order of a round."""
    screen = [*BOOKLET, "build", "book", "-e", "screen", *LIMITS, "-o"]
    pdf = "out/book/book.pdf"

    def fresh(folder: Path, turn: int) -> None:
        shutil.rmtree(folder / "out", ignore_errors=True)
        anthology.write_manuscript(folder / "book", book)

    def edited(folder: Path, turn: int) -> None:
        anthology.write_manuscript(folder / "book", anthology.changed(book, turn))

    def alone(folder: Path, turn: int) -> None:
        shutil.rmtree(folder / "alone", ignore_errors=True)
        anthology.write_manuscript(folder / "book", book)

    taskset = shutil.which("taskset")
    core = str(min(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else "0"
    return [
        Contender(
            PLAIN, [sys.executable, "-m", "weasyprint", "weasyprint.html", "plain.pdf"],
            "plain.pdf",
        ),
        Contender("booklet, cold", [*screen, "out"], pdf, fresh),
        Contender("booklet, nothing changed", [*screen, "out"], pdf, again=True),
        Contender("booklet, one character changed", [*screen, "out"], pdf, edited, again=True),
        Contender(
            "booklet, cold, one core",
            [taskset or "taskset", "-c", core, *screen, "alone"], "alone/book/book.pdf", alone,
            "" if taskset else "there is no taskset",
        ),
        Contender(
            "booklet, EPUB", [*BOOKLET, "build", "book", "-e", "ebook", *LIMITS, "-o", "ebook"],
            "ebook/book/book.epub",
        ),
        Contender("booklet --help", [*BOOKLET, "--help"]),
        _chromium(),
        Contender(
            "Typst",
            [sys.executable, "-c", "import typst; typst.compile('book.typ', output='typst.pdf')"],
            "typst.pdf",
            missing="" if importlib.util.find_spec("typst") else
            "the package typst is not installed (pip install typst)",
        ),
        Contender(
            "XeLaTeX, three runs",
            ["sh", "-c", "rm -f book.aux book.toc book.out; for run in 1 2 3; do xelatex "
             "-interaction=batchmode -halt-on-error book.tex || exit; done"],
            "book.pdf",
            missing="" if shutil.which("xelatex") else
            "there is no xelatex (apt install texlive-xetex texlive-lang-chinese)",
        ),
    ]  # fmt: skip


def _chromium() -> Contender:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    command = [
        path or "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--no-pdf-header-footer", "--user-data-dir=profile",
        "--print-to-pdf=chromium.pdf", "chromium.html",
    ]  # fmt: skip

    def forget(folder: Path, turn: int) -> None:
        shutil.rmtree(folder / "profile", ignore_errors=True)

    return Contender(
        "Chromium", command, "chromium.pdf", forget, "" if path else "there is no chromium"
    )


def write(folder: Path, book: tuple[Section, ...]) -> None:
    """Write the book for all of them."""
    anthology.write_publication(folder / "book", book)
    anthology.write_weasyprint(folder, book)
    anthology.write_chromium(folder, book)
    anthology.write_typst(folder, book)
    anthology.write_latex(folder, book)


def pages(path: Path) -> int | None:
    """Count the pages of a PDF; None for what is none."""
    if path.suffix != ".pdf":
        return None
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        return len(pdf)
