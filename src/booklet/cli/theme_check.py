"""``booklet theme check``: a theme against the torture manuscript."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from booklet.cli.output import print_json, say, say_diagnostics, tell
from booklet.cli.work import LimitOption, begin, lifted, progress
from booklet.errors import ExitCode, Severity

if TYPE_CHECKING:
    from booklet.showcase.examine import Asked

ThemeName = Annotated[
    str, typer.Argument(help="Name of a theme; else the publication's, as it has changed it.")
]
PublicationOption = Annotated[
    Path,
    typer.Option("--publication", "-p", help="Publication whose themes and files count, too."),
]
Seconds = Annotated[
    float, typer.Option("--seconds", help="Begin no other case after so many seconds.", min=1)
]
Json = Annotated[bool, typer.Option("--json", help="Print states and findings as JSON.")]


def check(
    name: ThemeName = "", publication: PublicationOption = Path(), seconds: Seconds = 60, *,
    as_json: Json = False, limit: LimitOption = None,
) -> None:  # fmt: skip
    """Render a theme with everything that a publication may hold, and judge pages and e-book."""
    with lifted(limit):
        begin(Path(name or publication), "load the libraries", [publication])
        from booklet.showcase.examine import examine
        from booklet.showcase.torture import cases

        found = examine(_asked(name, publication), cases(), progress(), seconds)
    failed = bool(found.left_out) or any(
        item.severity is not Severity.NOTE for item in found.findings
    )
    if as_json:
        states = [
            {"case": state.case, "state": state.name, "label": state.label,
             "verdict": state.verdict, "message": state.message}
            for state in found.states
        ]  # fmt: skip
        facts = {
            "pages": found.pages, "seconds": found.seconds, "left_out": list(found.left_out),
            "passed": not failed, "states": states,
        }  # fmt: skip
        print_json(facts, found.findings)
    else:
        for state in found.states:
            if state.verdict != "set":
                tell(state.verdict, state.case, state.name, state.label, state.message)
        say_diagnostics(found.findings)
        for case in found.left_out:
            say(f"not begun for lack of time: {case}; --seconds gives more")
        kept = sum(state.verdict in {"set", "told"} for state in found.states)
        refused = sum(state.verdict == "refused" for state in found.states)
        tell(
            f"{kept} states set, {refused} refused, {len(found.findings)} findings "
            f"on {found.pages} pages in {found.seconds:g} s"
        )
    if failed:
        raise typer.Exit(int(ExitCode.FINDINGS))


def _asked(name: str, publication: Path) -> Asked:
    from booklet.cli.theme import of_publication, open_named
    from booklet.showcase.examine import Asked

    root = publication if publication.is_dir() else publication.parent
    if name:
        open_named(name, publication)
        return Asked(name, root if (root / "themes").is_dir() else None)
    theme, root, header = of_publication(publication)
    given: dict[str, object] = {"options": dict(header.options), "tokens": dict(header.tokens)}
    return Asked(theme.name, root, tuple(given.items()), templates=True)
