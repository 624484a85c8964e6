"""A publication as one parcel: to name it by its digest, and to send it to machines without it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from booklet import __version__
from booklet.fonts import open_shelf
from booklet.manuscript.locate import HEADER_FILE
from booklet.theme.files import built_in_folder

LEFT_OUT = {"build", "__pycache__", "node_modules"}
"""Folders in which no source of a publication lies."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of a publication.

    Attributes:
        digest: Of their names and contents.
        main: The file to begin with.
        shown: The folder as the user typed it, with ``/`` at its end, or ''.
        files: Name, content and time of change in nanoseconds of each.
    """

    digest: str
    main: str
    shown: str
    files: tuple[tuple[str, bytes, int], ...] = field(repr=False)

    def unpack(self, folder: Path) -> Path:
        """Write the files into a folder, and give the path of the one to begin with."""
        for name, data, changed in self.files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            os.utime(path, ns=(changed, changed))
        return folder / self.main


def sources(path: Path) -> tuple[Path, str]:
    """Tell the folder of a publication, and its file to begin with."""
    return (path, HEADER_FILE) if path.is_dir() else (path.parent, path.name)


def walk(root: Path) -> Iterator[Path]:
    """Yield the regular files of a publication in order, but for outputs and hidden ones.

    A link that leads out brings no file in: within a parcel nobody could tell any more.
    """
    real = root.resolve()
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(n for n in inner if not n.startswith(".") and n not in LEFT_OUT)
        for name in sorted(names):
            path = Path(folder, name)
            if name.startswith(".") or not path.is_file():
                continue
            if not path.is_symlink() or path.resolve().is_relative_to(real):
                yield path


def digest_of(path: Path, out: Path | None = None) -> str:
    """Name a publication by the contents of its files.

    Args:
        path: The publication.
        out: A folder that may lie within it and is none of its sources.
    """
    root, main = sources(path)
    digest = hashlib.sha256(main.encode())
    for file in walk(root):
        if out is None or not file.resolve().is_relative_to(out.resolve()):
            digest.update(f"\0{file.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def pack(path: Path, digest: str) -> Bundle:
    """Make a parcel of a publication.

    Args:
        path: The publication, as the user typed it.
        digest: Its digest.
    """
    root, main = sources(path)
    shown = "" if root == Path() else root.as_posix().rstrip("/") + "/"
    files = tuple(
        (file.relative_to(root).as_posix(), file.read_bytes(), file.stat().st_mtime_ns)
        for file in walk(root)
    )
    return Bundle(digest, main, shown, files)


def workshop() -> str:
    """Name what booklets are made with: this version, its themes, the fonts of this machine."""
    digest = hashlib.sha256(__version__.encode())
    themes = built_in_folder()
    for file in walk(themes):
        digest.update(file.relative_to(themes).as_posix().encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for path in sorted({face.path for family in open_shelf().families for face in family.faces}):
        status = path.stat()
        digest.update(f"{path.name}:{status.st_size}".encode())
    return digest.hexdigest()


class Unpacked:
    """Publications that were sent here, each unpacked once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._folders: dict[str, tempfile.TemporaryDirectory[str]] = {}

    def path(self, bundle: Bundle) -> Path:
        """Give the path of a publication; it goes when the process ends."""
        held = self._folders.get(bundle.digest)
        if held is not None and Path(held.name, bundle.main).is_file():
            return Path(held.name, bundle.main)
        held = tempfile.TemporaryDirectory(prefix="booklet-")
        self._folders[bundle.digest] = held
        return bundle.unpack(Path(held.name))
