"""A publication put in place: whole or not at all, and nothing else touched."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from booklet.errors import Place
from booklet.importing.refusal import refusal


def check_target(source: Path, target: Path, *, force: bool) -> None:
    """Refuse a folder that the publication may not be written to.

    Raises:
        InputError: It holds something and ``force`` is not given, it is no folder, or it lies
            within the source.
    """
    place = Place(target.as_posix())
    if source.is_dir() and target.resolve().is_relative_to(source.resolve()):
        raise refusal(
            place, "folder-exists", "the publication would lie within what is imported",
            "name another folder: booklet import FOLDER DIR",
        )  # fmt: skip
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise refusal(place, "folder-exists", "this is no folder", "name another one")
    if target.is_dir() and any(target.iterdir()) and not force:
        raise refusal(
            place, "folder-exists", "this folder holds something already",
            "name another one: booklet import FILE DIR; or --force replaces files in it",
        )  # fmt: skip


def publish(target: Path, files: Mapping[str, bytes]) -> None:
    """Write files aside and move them into place, all of them or none.

    Raises:
        InputError: A link stands where a file would be written.
    """
    fresh = not target.exists()
    parent = target.parent
    parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=".part", dir=parent))
    try:
        for name, data in files.items():
            path = aside / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        aside.chmod(0o755)
        if fresh or not any(target.iterdir()):
            if not fresh:
                target.rmdir()
            aside.rename(target)
        else:
            _replace(aside, target, files)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _replace(aside: Path, target: Path, files: Mapping[str, bytes]) -> None:
    """Replace files of a folder; what stood there comes back if one cannot be."""
    for name in files:
        path = target / name
        for one in (path, *path.parents):
            if one == target:
                break
            if one.is_symlink() or (one.exists() and one.is_dir() is (one == path)):
                raise refusal(
                    Place(one.as_posix()), "folder-exists", "a link or a folder stands here",
                    "remove it, or name another folder",
                )  # fmt: skip
    kept = aside / ".kept"
    done: list[str] = []
    try:
        for name in files:
            path, old = target / name, kept / name
            path.parent.mkdir(exist_ok=True)
            if path.exists():
                old.parent.mkdir(parents=True, exist_ok=True)
                os.link(path, old)
            done.append(name)
            (aside / name).replace(path)
    except BaseException:
        for name in done:
            if (kept / name).exists():
                (kept / name).replace(target / name)
            else:
                (target / name).unlink(missing_ok=True)
        raise
