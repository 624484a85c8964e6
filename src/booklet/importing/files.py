"""Files of a folder that is imported, read from inside it and from nowhere else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from booklet import limits
from booklet.errors import Place
from booklet.importing.refusal import refusal
from booklet.manuscript.files import FileError, Folder


class Files(Protocol):
    """Where the parts of a document are: an archive or a folder."""

    def __contains__(self, name: str) -> bool:
        """Tell whether there is such a part."""
        ...

    def shown(self, name: str, line: int = 0) -> Place:
        """Give the place of a part for messages."""
        ...

    def read(self, name: str) -> bytes:
        """Read a part; an `InputError` says why it cannot be."""
        ...


class LooseFiles:
    """The files of a folder; links are not followed out of it.

    Attributes:
        names: Names of all files, with ``/``; empty where only what is asked for is looked up.
    """

    def __init__(self, root: Path, shown: str, *, listed: bool) -> None:
        self._folder = Folder(root.resolve(), f"{shown}/" if shown not in {"", "."} else "")
        self.names = tuple(self._walk(self._folder.root)) if listed else ()

    def _walk(self, top: Path) -> list[str]:
        most, found = limits.value("archive-entries"), []
        for folder, inner, files in os.walk(top):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            for name in sorted(files):
                path = Path(folder, name)
                if not name.startswith(".") and not path.is_symlink():
                    found.append(path.relative_to(top).as_posix())
            if len(found) > most:
                raise refusal(
                    self.shown(""), "import-limit",
                    f"it holds too many files ({limits.named('archive-entries')})",
                    limits.raised("archive-entries"),
                )  # fmt: skip
        return found

    def __contains__(self, name: str) -> bool:
        try:
            return self._folder.resolve(name).is_file()
        except FileError:
            return False

    def shown(self, name: str, line: int = 0) -> Place:
        """Give a file's place as the user would type it."""
        return Place(self._folder.shown(name), line)

    def read(self, name: str) -> bytes:
        """Read a file.

        Raises:
            InputError: It is missing, outside, a link out, no regular file, or too large.
        """
        try:
            return self._folder.bytes_of(name)
        except FileError as fault:
            raise refusal(self.shown(name), fault.code, str(fault), fault.hint) from fault
