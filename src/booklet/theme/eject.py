"""Copies of a theme's files in a publication: made, remembered, and compared with the theme.

Beside the copies stands a record of what each was copied from, so that it can be told later what
the theme has changed since, and what the publication has.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from booklet.errors import Diagnostic, InputError, Place, Severity
from booklet.theme.files import SearchPath
from booklet.theme.templates import parse_template, template_names
from booklet.theme.theme import Theme

RECORD = ".booklet-eject.json"
"""Name of the record in ``templates/``: what was copied, from which theme, and how it read."""

SUFFIXES = (".html", ".css", ".svg")
"""Endings of what a theme is made of, and a publication may replace."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of a copy.

    Attributes:
        name: The file, with ``#block`` where it is one block.
        theme: Unified diff from what was copied to what the theme has now; '' if it is the same.
        own: Unified diff from what was copied to what the publication has; '' if it is the same.
        gone: The theme, or the publication, no longer has it.
    """

    name: str
    theme: str
    own: str
    gone: str = ""


def theme_files(theme: Theme) -> tuple[str, ...]:
    """Name everything of a theme that can be copied."""
    files = theme.own_files
    css = [name for name in files.names(".css") if not name.endswith("-extra.css")]
    return (*template_names(files), *sorted(css), *sorted(files.names(".svg")))


def plan_ejection(
    theme: Theme, templates: Path, names: Iterable[str], block: str = ""
) -> Mapping[str, str]:
    """Plan to copy files of a theme, or one block of a template, into a publication.

    Args:
        theme: As the publication has it.
        templates: The publication's ``templates/``.
        names: Files, as `theme_files` names them.
        block: One block, which goes into a template that extends the theme's.

    Returns:
        Text of each file to write, by its name below ``templates``; the record is the last.

    Raises:
        InputError: The theme has no such file or block, or the publication has it already.
    """
    record = _read_record(templates)
    plan: dict[str, str] = {}
    for name in names:
        base = _text(theme, name)
        path = templates / name
        if block:
            plan[name], base = _with_block(theme, templates, name, base, block, record)
            key = f"{name}#{block}"
        elif path.exists():
            raise _refusal("file-exists", f"templates/{name}", "the publication has this already",
                           "change it there, or move it away first")  # fmt: skip
        else:
            plan[name], key = base, name
        record[key] = {"theme": theme.name, "base": base}
    ordered = {key: record[key] for key in sorted(record)}
    plan[RECORD] = json.dumps(ordered, ensure_ascii=False, indent=1) + "\n"
    return plan


def _text(theme: Theme, name: str) -> str:
    known = theme_files(theme)
    data = theme.files.read(f"{theme.name}/{name}") if name in known else None
    if data is None:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
        message = f"the theme {theme.name} has no file {name!r}"
        raise _refusal("template-unknown", f"theme {theme.name}", message, hint)
    return data.decode("utf-8")


def _own(templates: Path, name: str) -> str | None:
    """Read what the publication has of a name; the record of copies may name anything."""
    data = SearchPath((templates,)).read(name)
    return None if data is None else data.decode("utf-8", "replace")


def _with_block(
    theme: Theme, templates: Path, name: str, base: str, block: str, record: Mapping[str, Any]
) -> tuple[str, str]:
    """Give the text of an extending template with one block more, and the block's own."""
    blocks = {found.name: found for found in parse_template(name, base).blocks}
    if block not in blocks:
        near = difflib.get_close_matches(block, blocks, 1)
        hint = f"did you mean {near[0]}?" if near else f"it has: {', '.join(blocks) or 'none'}"
        message = f"there is no block {block!r}"
        raise _refusal("template-unknown", f"theme {theme.name}/{name}", message, hint)
    text = f'{{% extends "{theme.name}/{name}" %}}\n'
    if (templates / name).exists():
        text = _own(templates, name) or ""
        extends = any(key.startswith(f"{name}#") for key in record)
        there = {found.name for found in parse_template(name, text).blocks}
        coming = {found.name for found in parse_template(name, blocks[block].text).blocks}
        if not extends or there & coming:
            message = "the publication has this already"
            raise _refusal("file-exists", f"templates/{name}", message,
                           "change it there, or move it away first")  # fmt: skip
    return text.rstrip("\n") + "\n" + blocks[block].text + "\n", blocks[block].text


def differences(theme: Theme, templates: Path) -> tuple[Difference, ...]:
    """Compare every recorded copy with what the theme has now, and with what became of it."""
    return tuple(
        _difference(theme, templates, key, entry["base"])
        for key, entry in _read_record(templates).items()
    )


def _difference(theme: Theme, templates: Path, key: str, base: str) -> Difference:
    name, _, block = key.partition("#")
    data = theme.files.read(f"{theme.name}/{name}")
    now = _part(name, data.decode("utf-8") if data is not None else None, block)
    own = _part(name, _own(templates, name), block)
    gone = "the theme no longer has it" if now is None else ""
    if own is None:
        gone = "the publication no longer has it"
    return Difference(
        key,
        _unified(base, now, f"{key} as copied", f"{key} of {theme.name} now") if now else "",
        _unified(base, own, f"{key} as copied", f"templates/{key}") if own is not None else "",
        gone,
    )


def _part(name: str, text: str | None, block: str) -> str | None:
    if text is None or not block:
        return text
    found = parse_template(name, text).block(block)
    return found.text if found else None


def _unified(before: str, after: str, one: str, two: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), one, two, lineterm="")
    return "\n".join(lines)


def _read_record(templates: Path) -> dict[str, Any]:
    text = _own(templates, RECORD)
    if text is None:
        return {}
    try:
        record = json.loads(text)
        sound = all(
            isinstance(entry["base"], str) and isinstance(entry["theme"], str)
            for entry in record.values()
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise _refusal("file-unreadable", f"templates/{RECORD}", "the record of copies is broken",
                       "take it back from your version control, or delete it")  # fmt: skip
    return dict(record)


def _refusal(code: str, place: str, message: str, hint: str) -> InputError:
    found = Diagnostic(Place(place), Severity.ERROR, code, message, hint)
    msg = "nothing was written"
    return InputError(msg, (found,))
