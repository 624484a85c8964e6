"""Render a theme against the torture manuscript, in pages and as an e-book, and judge it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from booklet.editions import ebook, screen
from booklet.editions.job import prepare
from booklet.editions.run import Run
from booklet.errors import BookletError, Diagnostic, Findings, Place, Severity, in_order
from booklet.progress import NullProgress, Progress
from booklet.showcase.contrast import Faint, faint_in_sheet, faint_on_pages
from booklet.showcase.torture import PICTURE, Case, Written, write
from booklet.typeset.reflow import style_sheet

Verdict = Literal["set", "told", "refused", "fault"]

ROUNDS = 3
"""How often a case is tried again without the states that the theme refuses."""

LONGEST = 60.0
"""Seconds after which no other case is begun."""

_LOST = frozenset({"text-lost", "text-moved", "text-doubled", "text-differs", "template", "render"})
"""Errors that are the theme's fault; every other error at a line of the manuscript is a refusal."""

_OF_THE_THEME = frozenset({"css", "theme-overset", "theme-contrast", "theme-state", *_LOST})
"""Findings at a line of the manuscript that are faults of the theme; others it tells its users."""

_OF_THE_TEXT = frozenset({"strained-line", "ebook-fonts", "front-untitled"})
"""What is found of our text and not of the theme."""


@dataclass(frozen=True, slots=True)
class StateReport:
    """What became of a state.

    Attributes:
        case: The publication.
        name: Of the state.
        label: What it is.
        verdict: ``set``; ``told`` where it is set and something said of it; ``refused`` by a
            diagnostic; ``fault`` where the theme fails.
        message: What was said.
    """

    case: str
    name: str
    label: str
    verdict: Verdict
    message: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found of a theme.

    Attributes:
        states: Every state of every case.
        findings: Faults; refusals are none.
        pages: Pages that were looked at.
        left_out: Cases that were not begun for lack of time.
        seconds: How long it took.
    """

    states: tuple[StateReport, ...]
    findings: tuple[Diagnostic, ...]
    pages: int
    left_out: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Asked:
    """Which theme, and where it stands.

    Attributes:
        theme: Its name.
        root: Folder with ``themes/`` of a publication; None for the built-in ones alone.
        header: Keys of ``booklet.yaml`` that go with it: options, tokens, layout.
        templates: Whether the publication's own ``templates/`` count.
    """

    theme: str
    root: Path | None = None
    header: tuple[tuple[str, object], ...] = ()
    templates: bool = False


def examine(
    asked: Asked, cases: Sequence[Case], progress: Progress | None = None, longest: float = LONGEST
) -> Examination:
    """Examine a theme.

    Args:
        asked: The theme.
        cases: Publications to render.
        progress: Told of each.
        longest: Seconds after which no other case is begun.
    """
    progress = progress or NullProgress()
    began = time.monotonic()
    states: list[StateReport] = []
    findings: list[Diagnostic] = []
    left_out: list[str] = []
    pages = 0
    with TemporaryDirectory(prefix="booklet-theme-") as name:
        for case in cases:
            if states and time.monotonic() - began > longest:
                left_out.append(case.name)
                continue
            progress.step(f"{case.name}: {case.label}")
            told, found, count = _case(asked, case, Path(name) / case.name)
            states += told
            findings += found
            pages += count
    progress.close()
    seconds = round(time.monotonic() - began, 1)
    return Examination(tuple(states), in_order(findings), pages, tuple(left_out), seconds)


def _case(
    asked: Asked, case: Case, folder: Path
) -> tuple[list[StateReport], list[Diagnostic], int]:
    refused: dict[str, str] = {}
    for _ in range(ROUNDS):
        written = write(case, frozenset(refused))
        _lay_out(asked, case, written, folder)
        found, pages = _build(folder, case)
        new = {
            written.lines[item.place.line]: f"{item.code}: {item.message}"
            for item in found
            if _refuses(item, written)
        }
        if not new or not set(written.lines.values()) - set(new):
            break
        refused |= new
    rest = [item for item in found if not _refuses(item, written)]
    faults = [item for item in rest if not _line(item) or item.code in _OF_THE_THEME]
    whole = _whole_refusal(faults, pages)
    said = {written.lines.get(_line(item)): item for item in reversed(rest)}
    faulty = {written.lines.get(_line(item)): item for item in reversed(faults)}
    reports = []
    for state in case.states:
        message = refused.get(state.name) or whole
        verdict: Verdict = "refused" if message else "set"
        if not message and (item := faulty.get(state.name) or said.get(state.name)):
            verdict = "fault" if state.name in faulty else "told"
            message = f"{item.code}: {item.message}"
        reports.append(StateReport(case.name, state.name, state.label, verdict, message))
    return reports, [] if whole else [*_placed(faults, case)], pages


def _line(item: Diagnostic) -> int:
    return item.place.line if item.place.file.endswith("manuscript.md") else 0


def _refuses(item: Diagnostic, written: Written) -> bool:
    fault = item.severity is not Severity.ERROR or item.code in _LOST
    return not fault and _line(item) in written.lines


def _whole_refusal(faults: Sequence[Diagnostic], pages: int) -> str:
    """Tell whether the theme refuses the whole case by what the header says."""
    if pages:
        return ""
    errors = [item for item in faults if item.severity is Severity.ERROR]
    refusing = all(item.place.file.endswith("booklet.yaml") for item in errors)
    return f"{errors[0].code}: {errors[0].message}" if errors and refusing else ""


def _placed(faults: Sequence[Diagnostic], case: Case) -> Iterator[Diagnostic]:
    """Name the case where a finding is at no file of the theme; say what a lost text means."""
    for item in faults:
        place, code = item.place, item.code
        ours = place.file.endswith(("manuscript.md", "booklet.yaml"))
        if ours or place.file == "build":
            place = replace(place, file=f"{case.name}/{Path(place.file).name}")
        if ours and code.startswith("text-"):
            code = "theme-state"
        yield replace(item, place=place, code=code)


def _lay_out(asked: Asked, case: Case, written: Written, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "images").mkdir(parents=True)
    if case.pictures:
        (folder / "images/hill.svg").write_text(PICTURE, "utf-8")
    (folder / "manuscript.md").write_text(written.text, "utf-8")
    header = {
        "language": "zh-Hans", "theme": asked.theme, "manuscript": "manuscript.md",
        **case.header, **dict(asked.header),
    }  # fmt: skip
    # JSON is YAML.
    (folder / "booklet.yaml").write_text(json.dumps(header, ensure_ascii=False), "utf-8")
    if asked.root is None:
        return
    wanted = ["themes", "fonts", *(["templates"] if asked.templates else [])]
    for name in wanted:
        if (asked.root / name).is_dir():
            shutil.copytree(asked.root / name, folder / name, symlinks=True)


def _build(folder: Path, case: Case) -> tuple[list[Diagnostic], int]:
    """Make both editions of a case, and look at them; what stops it is among the findings."""
    findings = Findings()
    pages = 0
    try:
        run = Run(prepare(folder, findings, NullProgress()), findings, NullProgress())
        for _ in screen.make(run):
            pages = len(run.pages.labels)
        findings.extend(_judge(run))
        for _ in ebook.make(run):
            pass
    except BookletError as error:
        findings.extend(error.diagnostics)
        if not error.diagnostics:
            findings.error(Place(case.name), "theme-state", str(error))
    return [item for item in findings if item.code not in _OF_THE_TEXT], pages


def _judge(run: Run) -> Iterator[Diagnostic]:
    """Find text that does not fit, and text that is too faint."""
    pages, theme = run.pages, run.job.theme
    labels = [label.text for label in pages.labels]
    for text in pages.rendering.overset():
        message = f"page {labels[text.page] or text.page + 1}: 「{text.words}」: {text.fault}"
        yield Diagnostic(
            text.place, Severity.WARNING, "theme-overset", f"{message}, by {text.by:.1f} pt",
            "give it room, a smaller size, or let it break",
        )  # fmt: skip
    for faint in faint_on_pages(pages.screen, pages.rendering.texts(), labels):
        yield _faint(faint)
    for faint in faint_in_sheet(style_sheet(theme), theme.files.label("epub.css")):
        yield _faint(faint)


def _faint(faint: Faint) -> Diagnostic:
    one, two = ("#" + "".join(f"{part:02x}" for part in color) for color in faint.colors)
    words = f" 「{faint.words}」" if faint.words else ""
    return Diagnostic(
        faint.place, Severity.WARNING, "theme-contrast",
        f"{faint.where}:{words} {one} on {two} has a contrast of {faint.ratio:.1f}:1, "
        f"less than {faint.needed:g}:1",
        'darken the one or lighten the other; mark pure decoration aria-hidden="true"',
    )  # fmt: skip
