"""``booklet impose``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from booklet import limits
from booklet.cli.output import print_json, say, say_diagnostics, tell
from booklet.cli.work import LimitOption, begin, lifted
from booklet.errors import BookletError, Diagnostic, Findings, InputError, Place, Severity
from booklet.model.imposition import (
    Binding,
    Scheme,
    check_signature,
    parse_caliper,
    parse_sheet,
)
from booklet.model.measures import MM, TrimSize, parse_length
from booklet.worker import note

if TYPE_CHECKING:
    from booklet.finish.imposition import Imposed, Ticket

MOST_CREEP = 20.0
"""Millimetres; more would push the text over the fold."""


def _sheet(text: str) -> TrimSize:
    try:
        return parse_sheet(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _caliper(text: str) -> float:
    try:
        return parse_caliper(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _creep(text: str) -> float:
    try:
        creep = parse_length(text) / MM
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if creep > MOST_CREEP:
        msg = f"{text} is more than {MOST_CREEP:g} mm"
        raise typer.BadParameter(msg)
    return creep


def _signature(text: str) -> int:
    try:
        return check_signature(int(text))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _grid(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,2})[x×](\d{1,2})", text)
    if match is None or not all(1 <= int(side) <= 16 for side in match.groups()):
        msg = f"{text!r} is no grid such as 3x2, from 1x1 to 16x16"
        raise typer.BadParameter(msg)
    return int(match[1]), int(match[2])


File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, readable=True, help="A PDF of single pages."),
]
Out = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads the annotation
    typer.Option("--out", "-o", help="The PDF of sheets; else FILE-SCHEME.pdf beside FILE."),
]
SchemeOption = Annotated[Scheme, typer.Option("--scheme", help="How the sheets become a book.")]
SheetOption = Annotated[
    Optional[TrimSize],  # noqa: UP045
    typer.Option(
        "--sheet", parser=_sheet, metavar="SIZE",
        help="A4, A3, SRA3 … or 320x450mm; else the smallest that is large enough.",
    ),
]  # fmt: skip
Signature = Annotated[
    int, typer.Option(parser=_signature, metavar="PAGES", help="Pages in a signature: 4, 8 … 64.")
]
BindingOption = Annotated[Binding, typer.Option("--binding", help="The side of the spine.")]
Up = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option(help="Pages on one side: 2, 4, 8 folded; 2, 4, 6, 8, 9, 16 cut or n-up."),
]
GridOption = Annotated[
    Optional[Any],  # noqa: UP045
    typer.Option("--grid", parser=_grid, metavar="CxR", help="Columns and rows, not folded."),
]
Gang = Annotated[bool, typer.Option("--gang", help="With n-up: repeat each page over its side.")]
Fit = Annotated[bool, typer.Option("--fit", help="Scale down what is too large.")]
Caliper = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option(parser=_caliper, metavar="LENGTH", help="Thickness of a sheet, such as 0.1mm."),
]
Creep = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option(parser=_creep, metavar="LENGTH", help="Creep in all, instead of a caliper."),
]
Marks = Annotated[bool, typer.Option("--marks/--no-marks", help="Crop, fold, collation marks.")]
LastBack = Annotated[
    bool,
    typer.Option("--last-back/--blanks-at-end", help="Blanks before the last page, or at the end."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the sheets and findings as JSON.")]


def impose(  # noqa: PLR0913 - one parameter for each option
    file: File,
    *,
    out: Out = None,
    scheme: SchemeOption = "saddle",
    sheet: SheetOption = None,
    signature: Signature = 16,
    binding: BindingOption = "left",
    up: Up = None,
    grid: GridOption = None,
    caliper: Caliper = None,
    creep: Creep = None,
    gang: Gang = False,
    fit: Fit = False,
    marks: Marks = True,
    last_back: LastBack = False,
    as_json: Json = False,
    limit: LimitOption = None,
) -> None:
    """Put the pages of any PDF on sheets: saddle stitch, signatures, cut-and-stack, n-up."""
    _check_shape(scheme, up, grid, gang=gang)
    target = out or file.with_name(f"{file.stem}-{scheme}.pdf")
    findings = Findings()
    try:
        with lifted(limit):
            begin(file, "load the libraries", [file])
            from booklet.finish.imposition import Ticket

            ticket = Ticket(
                scheme, sheet, signature, binding, up or 2, grid, gang, fit, marks, last_back,
                caliper or 0.0, creep,
            )  # fmt: skip
            imposed = _impose(file, target, ticket, findings)
    except BookletError as error:
        if not as_json:
            raise
        print_json({"outputs": []}, error.diagnostics, str(error))
        raise typer.Exit(int(error.exit_code)) from error
    if as_json:
        outputs = [{"path": str(target), "bytes": len(imposed.data)}]
        print_json({"outputs": outputs, **imposed.facts}, findings)
        return
    say_diagnostics(findings)
    for step in imposed.facts["instructions"]:
        say(step)
    tell(target)


def _check_shape(
    scheme: Scheme, up: int | None, grid: tuple[int, int] | None, *, gang: bool
) -> None:
    """Refuse shapes that a scheme does not have."""
    from booklet.finish.imposition.schemes import FOLDED, SHAPES

    folded = scheme in {"saddle", "signatures"}
    if folded and grid is not None:
        msg = f"--grid is for cut-stack and n-up; {scheme} folds: --up 2, 4 or 8"
    elif up is not None and up not in (FOLDED if folded else SHAPES):
        numbers = ", ".join(str(number) for number in (FOLDED if folded else SHAPES))
        msg = f"--up {up}: {scheme} has {numbers} pages on a side, or --grid"
    elif gang and scheme != "n-up":
        msg = "--gang goes with --scheme n-up"
    else:
        return
    raise typer.BadParameter(msg)


def _impose(file: Path, target: Path, ticket: Ticket, findings: Findings) -> Imposed:
    from booklet.finish.imposition import impose as run
    from booklet.output.put import put

    place = Place(str(file))
    if not file.is_file():
        raise _refusal("file-unreadable", place, "it is no regular file", "give a PDF")
    if file.stat().st_size > limits.value("pdf-size"):
        words = f"it is too large ({limits.named('pdf-size')} bytes)"
        raise _refusal("pdf-limit", place, words, "divide it")
    if target.exists() and target.samefile(file):
        raise _refusal(
            "output-is-input", place, "the sheets would replace it", "give another --out"
        )
    note("read the pages and put them on sheets")
    with file.open("rb") as stream:
        imposed = run([stream], ticket, place, findings)
    put(target, imposed.data)
    return imposed


def _refusal(code: str, place: Place, message: str, hint: str) -> InputError:
    msg = "no sheets were made"
    return InputError(msg, (Diagnostic(place, Severity.ERROR, code, message, hint),))
