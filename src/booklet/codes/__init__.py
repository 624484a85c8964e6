"""Every diagnostic code: what it means and what to do. docs/diagnostics.md is written from it."""

from __future__ import annotations

from booklet.codes.code import Chapter, Code
from booklet.codes.table import CHAPTERS

__all__ = ["CHAPTERS", "CODES", "Chapter", "Code", "manual"]

CODES = {code.name: code for chapter in CHAPTERS for code in chapter.codes}


def manual() -> str:
    """Write docs/diagnostics.md."""
    lines = [
        "# Diagnostics",
        "",
        "Every fault is told as `file:line:column: severity[code]: message` and a hint.",
        "All faults of an input are told in one run.",
        "An error forbids the build; a warning does so under `--strict`; a note never does.",
        "This page is written by `python -m booklet.codes`.",
    ]
    for chapter in CHAPTERS:
        lines += [
            "",
            f"## {chapter.title}",
            "",
            "| code | severity | meaning | remedy |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| `{c.name}` | {c.severity} | {c.meaning} | {c.remedy} |" for c in chapter.codes
        ]
    return "\n".join(lines) + "\n"
