"""Where booklets go: a folder, or an address that fsspec knows.

A file is written aside and moved into place, so that no reader, and no batch that was stopped, ever
meets half of one.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from booklet.errors import Diagnostic, InputError, Place, Severity, ToolError
from booklet.output.put import put

LOCK = ".batch.lock"


class Store(Protocol):
    """Keeps the files of booklets, by names with ``/``."""

    def put(self, name: str, data: bytes) -> None:
        """Write a file; the whole of it or nothing.

        Raises:
            OSError: It cannot be written.
        """

    def put_file(self, name: str, path: Path) -> None:
        """Move a large file from disk to its place.

        Raises:
            OSError: It cannot be written.
        """

    def get(self, name: str) -> bytes | None:
        """Read a file; None where there is none."""

    def shown(self, name: str) -> str:
        """Give a file's address as the user would type it."""

    def anywhere(self) -> Store:
        """Give the same for processes that run in other folders."""


@dataclass(frozen=True, slots=True)
class FolderStore:
    """A folder of this machine, or one that all machines share."""

    folder: Path

    def put(self, name: str, data: bytes) -> None:
        """Write a file; see `Store`."""
        put(self.folder / name, data)

    def put_file(self, name: str, path: Path) -> None:
        """Move a file that lies on the same disk; see `Store`."""
        path.chmod(0o644)
        path.replace(self.folder / name)

    def get(self, name: str) -> bytes | None:
        """Read a file; see `Store`."""
        try:
            return (self.folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def shown(self, name: str) -> str:
        """Give a file's path."""
        return (self.folder / name).as_posix()

    def anywhere(self) -> FolderStore:
        """Give the same for processes that run in other folders."""
        return FolderStore(self.folder.absolute())


@dataclass(frozen=True, slots=True)
class AddressStore:
    """An address such as ``s3://bucket/guests``."""

    address: str

    def put(self, name: str, data: bytes) -> None:
        """Write a file; see `Store`."""
        self._aside(name, lambda system, aside: system.pipe_file(aside, data))

    def put_file(self, name: str, path: Path) -> None:
        """Send a file; see `Store`."""
        self._aside(name, lambda system, aside: system.put_file(str(path), aside))

    def _aside(self, name: str, write: Callable[[Any, str], object]) -> None:
        system, path = self._at(name)
        aside = f"{path}.{uuid.uuid4().hex}.part"
        system.makedirs(path.rpartition("/")[0], exist_ok=True)
        try:
            write(system, aside)
            system.mv(aside, path)
        except BaseException:
            if system.exists(aside):
                system.rm(aside)
            raise

    def get(self, name: str) -> bytes | None:
        """Read a file; see `Store`."""
        system, path = self._at(name)
        try:
            data: bytes = system.cat_file(path)
        except FileNotFoundError:
            return None
        return data

    def anywhere(self) -> AddressStore:
        """Give the same: an address is one everywhere."""
        return self

    def shown(self, name: str) -> str:
        """Give a file's address."""
        return f"{self.address.rstrip('/')}/{name}"

    def _at(self, name: str) -> tuple[Any, str]:
        import fsspec

        system, path = fsspec.core.url_to_fs(self.shown(name))
        return system, path


def open_store(out: str) -> FolderStore | AddressStore:
    """Open the outputs folder, or an address.

    Raises:
        ToolError: The address needs a library that is missing.
        InputError: It is no address.
    """
    if "://" not in out:
        return FolderStore(Path(out))
    try:
        import fsspec

        fsspec.core.url_to_fs(out)
    except ImportError as error:
        hint = "pip install 'booklet-press[cluster]', and what fsspec needs for this address"
        msg = f"no library can write to {out}: {error}"
        raise ToolError(msg, [_refusal("cluster-missing", msg, hint)]) from error
    except (ValueError, OSError) as error:
        msg = f"{out} is no address that can be written to: {error}"
        hint = "a folder, or an address that fsspec knows, such as s3://bucket/guests"
        raise InputError(msg, [_refusal("out-address", msg, hint)]) from error
    return AddressStore(out)


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Keep other batches out of a folder as long as this one runs, however it ends.

    Raises:
        InputError: Another batch is at work there.
    """
    if not isinstance(store, FolderStore):
        yield  # no lock holds at an address; records and checksums still do
        return
    store.folder.mkdir(parents=True, exist_ok=True)
    # The system lets go of the lock when the process ends, even if it is killed.
    handle = os.open(store.folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"another batch is at work in {store.folder}"
            hint = "wait for it, or write to another folder with -o"
            raise InputError(msg, [_refusal("out-busy", msg, hint)]) from error
        yield
    finally:
        os.close(handle)


def _refusal(code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(Place("--out"), Severity.ERROR, code, message, hint)
