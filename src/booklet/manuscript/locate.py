"""Where a publication is, what it is called, and where its header ends."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from booklet.errors import Diagnostic, Findings, InputError, Place, Severity
from booklet.manuscript.files import Folder
from booklet.manuscript.source import Source

HEADER_FILE = "booklet.yaml"
MARKDOWN = {".md", ".markdown"}
_YAML = {".yaml", ".yml"}
_FENCE = re.compile(r"(?:---|\.\.\.)[ \t]*")
_KEY = re.compile(r"[A-Za-z_]+\s*:(?:\s|$)")


def find_publication(path: Path) -> tuple[Folder, str]:
    """Tell a folder from a file, and name the file to begin with."""
    try:
        if path.is_dir():
            if (path / HEADER_FILE).exists():
                return Folder(path.resolve(), _prefix(path)), HEADER_FILE
            raise _missing(path, f"{path} holds no {HEADER_FILE}", "make one with: booklet new")
        if path.exists():
            if path.suffix.lower() in MARKDOWN | _YAML:
                return Folder(path.parent.resolve(), _prefix(path.parent)), path.name
            raise _missing(path, f"{path} is no publication", "name a folder or a Markdown file")
    except (OSError, ValueError) as error:
        raise _missing(path, f"{path} cannot be read") from error
    raise _missing(path, f"there is nothing at {path}", "check the name")


def _prefix(folder: Path) -> str:
    shown = folder.as_posix()
    return "" if shown == "." else shown.rstrip("/") + "/"


def _missing(path: Path, message: str, hint: str = "") -> InputError:
    place = Place(path.as_posix())
    return InputError(
        message, [Diagnostic(place, Severity.ERROR, "publication-missing", message, hint)]
    )


def slug_of(name: str) -> str:
    """Make an ASCII name of output files: the folder's name, as far as it can be spelt."""
    if re.fullmatch(r"[a-z0-9-]+", name) and name.strip("-"):
        return name
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:100] or "booklet"


def split_header(source: Source, findings: Findings) -> tuple[Source | None, Source]:
    """Part a Markdown file into its YAML header and its text, each on its own lines."""
    lines = source.lines
    if lines[0].rstrip() != "---":
        return None, source
    end = next((i for i, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line)), None)
    if end is None:
        if has_header(source):
            findings.error(
                source.place(0), "yaml-syntax", "the header is never closed", "close it with ---"
            )
        return None, source
    head = Source(source.file, "\n".join(lines[1:end]), 2)
    return head, Source(source.file, "\n".join(lines[end + 1 :]), end + 2)


def has_header(source: Source) -> bool:
    """Tell whether a text begins as a YAML header does."""
    lines = source.lines
    return lines[0].rstrip() == "---" and len(lines) > 1 and _KEY.match(lines[1]) is not None
