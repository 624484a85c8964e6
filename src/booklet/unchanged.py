"""A build of which nothing has changed is told from what the last one left, in no time.

What a build depends on is compared by name, size and time of change: the publication's folder, the
themes, the folders of fonts, booklet itself. Outputs have to lie where they were put, as they were.
Where anything is in doubt, there is nothing to tell, and the build is done.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from booklet import __version__
from booklet.errors import Diagnostic, Place, Severity
from booklet.output.put import put

FOLDER = ".cache/builds"
"""Within the folder of all outputs."""

FORMAT = 2
MOST_FILES = 4000
"""In the folder of a publication; a larger one is not looked through."""

LARGEST_RECORD = 4 << 20
_SKIPPED = frozenset({"build", "node_modules", "__pycache__"})
_FONT_FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts",
    "/Library/Fonts", "~/Library/Fonts", "/System/Library/Fonts", "/opt/homebrew/share/fonts",
)  # fmt: skip
_ENVIRONMENT = (
    "SOURCE_DATE_EPOCH", "XDG_DATA_HOME", "XDG_CACHE_HOME", "FONTCONFIG_FILE",
    "BOOKLET_THEME_PACKAGES",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a build, as it was typed.

    Attributes:
        source: The publication.
        out: Folder for outputs.
        options: Everything else that decides what is built.
    """

    source: Path
    out: Path
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a build had to tell.

    Attributes:
        slug: Of the publication.
        title: Of the publication.
        outputs: Plain values of each output.
        diagnostics: What was found.
        asides: What is told only to who asks for it.
    """

    slug: str
    title: str
    outputs: tuple[Mapping[str, Any], ...]
    diagnostics: tuple[Diagnostic, ...]
    asides: tuple[str, ...] = ()


def recall(asked: Asked) -> Told | None:
    """Tell what the last build told, if nothing has changed since; else None."""
    file = _file(asked)
    try:
        if file.stat().st_size > LARGEST_RECORD:
            return None
        record = json.loads(file.read_text("utf-8"))
        if record["state"] != state(asked) or record["state"] is None:
            return None
        outputs = tuple(record["outputs"])
        if any(_stamp(Path(item["path"])) != item.pop("stamp") for item in outputs):
            return None
        found = tuple(
            Diagnostic(
                Place(item["file"], item["line"], item["column"]), Severity(item["severity"]),
                item["code"], item["message"], item["hint"],
            )
            for item in record["diagnostics"]
        )  # fmt: skip
        asides = tuple(map(str, record["asides"]))
        return Told(str(record["slug"]), str(record["title"]), outputs, found, asides)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def remember(asked: Asked, before: str | None, told: Told) -> None:
    """Keep what a build told, if the folder can be written.

    Args:
        asked: What was asked.
        before: The `state` before the build; what changed while it ran is built again.
        told: What it told.
    """
    if before is None:
        return
    record = {
        "state": before, "slug": told.slug, "title": told.title,
        "outputs": [
            dict(item) | {"stamp": _stamp(Path(item["path"]))} for item in told.outputs
        ],
        "diagnostics": [item.as_dict() for item in told.diagnostics], "asides": told.asides,
    }  # fmt: skip
    file = _file(asked)
    with contextlib.suppress(OSError):
        put(file, json.dumps(record).encode("ascii"))  # names may be of bytes that are no UTF-8


def state(asked: Asked) -> str | None:
    """Digest all that a build depends on; None where that is too much to look through."""
    own = Path(__file__).parent
    root = asked.source if asked.source.is_dir() else asked.source.parent
    try:
        facts: list[object] = [
            FORMAT, __version__, sys.version, asdict(asked), str(root.resolve()),
            [os.environ.get(name) for name in _ENVIRONMENT],
        ]  # fmt: skip
        facts += _files(root, asked.out, MOST_FILES)
        for folder in (own, own.parent.parent / "templates", own.parent.parent / "fonts"):
            facts += _files(folder, asked.out, MOST_FILES)
        for name in _FONT_FOLDERS:
            facts += _folders(Path(name).expanduser())
    except (OSError, OverflowError):
        return None
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()


def _files(folder: Path, out: Path, most: int) -> Iterator[tuple[str, int, int]]:
    """Give name, size and time of every file below a folder, but of outputs and hidden ones.

    Raises:
        OverflowError: There are too many.
    """
    avoided = out.resolve()
    for base, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in _SKIPPED
            and Path(base, name).resolve() != avoided
        )
        for name in sorted(files):
            most -= 1
            if most < 0:
                raise OverflowError
            status = Path(base, name).stat()
            yield os.path.join(base, name), status.st_size, status.st_mtime_ns  # noqa: PTH118


def _folders(folder: Path) -> Iterator[tuple[str, int]]:
    """Give name and time of every folder below one: a font that comes or goes changes it."""
    for base, folders, _ in os.walk(folder):
        folders.sort()
        yield base, Path(base).stat().st_mtime_ns


def _stamp(file: Path) -> list[int]:
    status = file.stat()
    return [status.st_size, status.st_mtime_ns]


def _file(asked: Asked) -> Path:
    words: Sequence[str] = [str(asked.source), str(asked.source.resolve()), *asked.options]
    name = hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return asked.out / FOLDER / f"{name}.json"
