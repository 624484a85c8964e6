"""Files of a publication: read from inside its folder, and from nowhere else."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from booklet import limits
from booklet.errors import Findings, Place
from booklet.manuscript.decoding import decode
from booklet.manuscript.source import Source

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


class FileError(Exception):
    """A file may not or cannot be read; ``code`` is that of the diagnostic."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


@dataclass(slots=True)
class Folder:
    """A publication's folder.

    Attributes:
        root: The folder, resolved.
        prefix: The folder as the user typed it, with ``/`` at its end, or ''.
        findings: Where faults of files are told.
        read: Names of the files that were read, relative to the root, in order.
        unsaved: Files as an editor has them and not yet the disk, by name.
    """

    root: Path
    prefix: str
    findings: Findings = field(default_factory=Findings)
    read: list[str] = field(default_factory=list)
    unsaved: Mapping[str, bytes] = field(default_factory=dict)

    def shown(self, name: str) -> str:
        """Give a file's name as the user would type it."""
        return f"{self.prefix}{name}"

    def resolve(self, name: str) -> Path:
        """Find a file below the root.

        Raises:
            FileError: The name leads out of the folder, or names nothing.
        """
        if "\0" in name or "\\" in name:
            raise FileError("file-missing", f"{name} is no file name", "part folders with /")
        try:
            path = (self.root / name).resolve()
            if Path(name).is_absolute() or not path.is_relative_to(self.root):
                raise FileError(
                    "file-outside",
                    f"{name} lies outside the publication's folder",
                    "copy the file into the folder, and name it relative to booklet.yaml",
                )
            exists = path.exists()
        except (OSError, ValueError, RuntimeError) as error:
            raise FileError("file-missing", f"{name} cannot be opened") from error
        if not exists:
            raise FileError("file-missing", f"there is no file {name}", self._near(name))
        return path

    def bytes_of(self, name: str) -> bytes:
        """Read a file below the root.

        Raises:
            FileError: It is missing, outside, no regular file, too large, or unreadable.
        """
        path = self.resolve(name)
        try:
            data = self.unsaved[name] if name in self.unsaved else _read(path, name)
        except OSError as error:
            reason = error.strerror or "unknown reason"
            raise FileError("file-unreadable", f"{name} cannot be read: {reason}") from error
        if name not in self.read:
            self.read.append(name)
        return data

    def text_of(self, name: str, asked: Place | None = None) -> Source | None:
        """Read a text file; what is wrong with it goes to the findings.

        Args:
            name: Name relative to the root.
            asked: Where the file is named; the place of a fault of the name.
        """
        try:
            data = self.bytes_of(name)
        except FileError as fault:
            place = asked or Place(self.shown(name))
            self.findings.error(place, fault.code, str(fault), fault.hint)
            return None
        return decode(data, self.shown(name), self.findings)

    def _near(self, name: str) -> str:
        """Name the file that differs in case or ending, where there is one."""
        wanted = Path(name)
        try:
            beside = sorted(path.name for path in (self.root / name).parent.iterdir())
        except OSError:
            return ""
        for other in beside:
            same_stem = Path(other).stem.casefold() == wanted.stem.casefold()
            if other.casefold() == wanted.name.casefold() or same_stem:
                return f"there is {(wanted.parent / other).as_posix()}"
        return ""


def _read(path: Path, name: str) -> bytes:
    """Read a regular file; a named pipe must not make us wait."""
    handle = os.open(path, _FLAGS)
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise FileError("file-unreadable", f"{name} is not a regular file")
        largest = limits.value("file-size")
        data = stream.read(largest + 1)
    if len(data) > largest:
        size = f"{largest / 1_000_000:g} MB"
        message = f"{name} is larger than {size} ({limits.named('file-size')})"
        raise FileError("file-size", message, f"divide it; or {limits.raised('file-size')}")
    return data
