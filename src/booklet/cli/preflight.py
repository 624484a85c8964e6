"""``booklet preflight``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from booklet import limits
from booklet.cli.output import tell, tell_json
from booklet.cli.work import LimitOption, begin, lifted, progress
from booklet.errors import Diagnostic, ExitCode, InputError, Place, Severity
from booklet.model.measures import TrimSize, parse_length, parse_trim

if TYPE_CHECKING:
    from booklet.finish.preflight import Finding, PreflightReport
    from booklet.model.press import Press

MOST_PAGES = limits.BY_NAME["pdf-checked-pages"].ceiling


def _preset(text: str) -> Press:
    from booklet.model.press import PRESETS

    if text not in PRESETS:
        msg = f"{text!r} is none of {', '.join(PRESETS)}"
        raise typer.BadParameter(msg)
    return PRESETS[text]


def _trim(text: str) -> TrimSize:
    try:
        return parse_trim(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _length(text: str) -> float:
    try:
        return parse_length(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _isbn(text: str) -> str:
    digits = text.replace("-", "").replace(" ", "")
    if len(digits) != 13 or not digits.isdigit():
        msg = f"{text!r} has not 13 digits"
        raise typer.BadParameter(msg)
    return digits


File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="Any PDF.")]
Preset = Annotated[
    str,
    typer.Option(help="The printer: offset-cn, mono, ingramspark, kdp, lulu."),
]
Trim = Annotated[
    Optional[TrimSize],  # noqa: UP045 - typer reads the annotation
    typer.Option(parser=_trim, metavar="SIZE", help="Trim size of the job: A5, 140x203mm …"),
]
Multiple = Annotated[
    int, typer.Option(min=1, max=256, metavar="PAGES", help="The page count must be a multiple.")
]
Condition = Annotated[
    str, typer.Option(metavar="NAME", help="Printing condition of the job, such as FOGRA51.")
]
SpotColours = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--spot", metavar="NAME", help="A spot colour of the job; may be repeated."),
]
Spine = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option(
        parser=_length, metavar="LENGTH",
        help="FILE is a flat cover with this spine, and --trim the pages of its book.",
    ),
]  # fmt: skip
Isbn = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(parser=_isbn, metavar="DIGITS", help="What the barcode on page 1 must say."),
]
MaxPages = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option(min=1, max=MOST_PAGES, metavar="PAGES", help="Look at no more pages."),
]
Fast = Annotated[bool, typer.Option("--fast", help="Draw no pages: five checks stay open.")]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


def preflight(  # noqa: PLR0913 - one parameter for each option
    file: File,
    *,
    preset: Preset = "offset-cn",
    trim: Trim = None,
    multiple: Multiple = 1,
    condition: Condition = "",
    spot: SpotColours = None,
    spine: Spine = None,
    isbn: Isbn = None,
    max_pages: MaxPages = None,
    fast: Fast = False,
    as_json: Json = False,
    limit: LimitOption = None,
) -> None:
    """Check any PDF against what a printer asks for; exit 1 if he would send it back."""
    from dataclasses import replace

    press = replace(_preset(preset), multiple=multiple, spots=tuple(spot or ()))
    if spine is not None and trim is None:
        msg = "--spine needs --trim: the size of the pages of the book"
        raise typer.BadParameter(msg)
    with lifted(limit):
        data = _read(file)
        begin(file, "load the libraries", [file])
        from booklet.finish.preflight import Barcode, Means, Order, limits_of
        from booklet.finish.preflight import preflight as run

        order = Order(
            trim=None if trim is None else trim.points,
            condition=condition,
            spine=spine,
            barcode=None if isbn is None else Barcode(isbn),
        )
        shown = progress()
        try:
            means = Means(max_pages or 0, draw=not fast, tell=shown.step)
            report = run(data, limits_of(press), order, means)
        finally:
            shown.close()
    if as_json:
        facts = {"file": str(file), "preset": preset, **report.as_dict()}
        tell_json(facts)
    else:
        for line in _lines(report, preset):
            tell(line)
    if report.fatal:
        raise typer.Exit(int(ExitCode.FINDINGS))


def _read(file: Path) -> bytes:
    place = Place(str(file))
    if not file.is_file():
        raise _refusal("file-unreadable", place, "it is no regular file", "give a PDF")
    if file.stat().st_size > limits.value("pdf-size"):
        words = f"it is too large ({limits.named('pdf-size')} bytes)"
        raise _refusal("pdf-limit", place, words, "divide it")
    return file.read_bytes()


def _refusal(code: str, place: Place, message: str, hint: str) -> InputError:
    msg = "nothing was checked"
    return InputError(msg, (Diagnostic(place, Severity.ERROR, code, message, hint),))


# ---- the report as text --------------------------------------------------------------------------


def _lines(report: PreflightReport, preset: str) -> Iterator[str]:
    """Write the report: findings that say the same once, with all their pages."""
    from booklet.finish.preflight import BY_ID

    def same(finding: Finding) -> tuple[bool, str, str]:
        return finding.severity is not Severity.ERROR, finding.check, finding.message

    for (_, check, message), group in groupby(sorted(report.findings, key=same), key=same):
        findings = list(group)
        yield f"{findings[0].severity} {check} {BY_ID[check].name}: {message}"
        if where := _where(findings):
            yield f"  {where}"
        yield f"  remedy: {findings[0].remedy}"
    for check, count in report.more.items():
        yield f"{check} {BY_ID[check].name}: {count:,} more that are not listed"
    for one in report.not_run:
        if one.missed:
            yield f"not run {one.check} {BY_ID[one.check].name}: {one.reason}; {one.remedy}"
    errors = sum(finding.severity is Severity.ERROR for finding in report.findings)
    missed = sum(one.missed for one in report.not_run)
    yield (
        f"{_count(report.pages, 'page')}, {preset}: {_count(errors, 'error')}, "
        f"{_count(len(report.findings) - errors, 'warning')}; "
        f"{_count(len(report.checks_run), 'check')} run, {missed} not run"
    )


def _where(findings: list[Finding]) -> str:
    """Say where the same was found: pages, objects, words, the first place, how often."""
    from booklet.finish.preflight import few_words

    words = []
    pages = sorted({finding.page for finding in findings if finding.page})
    if pages:
        words.append(_ranges(pages))
    objects = list(dict.fromkeys(finding.object for finding in findings if finding.object))
    if objects:
        words.append(", ".join(objects[:3]) + (" …" if len(objects) > 3 else ""))
    said = few_words(text for finding in findings for text in finding.words)
    words += [" ".join(f"「{text}」" for text in said)] if said else []
    spot = findings[0].spot
    if spot is not None:
        words.append(f"{spot} from the top left of the trim")
    times = sum(finding.count for finding in findings)
    if times > len(findings):
        words.append(f"{times:,} times")
    return "; ".join(words)


def _ranges(pages: list[int]) -> str:
    """Write page numbers: ``page 3``, ``pages 1-4, 7``."""
    parts = []
    for _, group in groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0]):
        run = [page for _, page in group]
        parts.append(f"{run[0]}" if len(run) == 1 else f"{run[0]}-{run[-1]}")
    return f"page {parts[0]}" if len(pages) == 1 else f"pages {', '.join(parts)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
