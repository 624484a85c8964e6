"""Which saved files concern a publication, told soon after they are saved."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, awatch

DEBOUNCE, STEP = 50, 15
"""Milliseconds: the longest that a burst is gathered, and the silence that ends one earlier."""

IGNORED = frozenset({"build", "dist", "node_modules", "__pycache__"})
"""Folders that hold outputs and tools."""

NOISE = (".part", ".swp", ".swx", ".tmp", "~", ".bak", ".crdownload")
"""Endings of files that editors write beside the one that is edited."""

OWN = ("templates", "themes", "fonts", "images")
"""Folders of a publication that are watched with all that lies in them."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What is watched.

    Attributes:
        root: The publication's folder.
        lone: The publication is one file, and the folder may be anybody's: it is not searched.
        others: Folders outside it: those of its theme.
        used: Files in it that the publication names.
    """

    root: Path
    lone: bool = False
    others: frozenset[Path] = frozenset()
    used: frozenset[Path] = frozenset()

    def folders(self) -> tuple[set[Path], set[Path]]:
        """Give the folders to watch: those with all below them, and those by themselves."""
        deep = {folder for folder in self.others if folder.is_dir()}
        flat = set[Path]()
        if self.lone:
            deep |= {self.root / name for name in OWN if (self.root / name).is_dir()}
            flat = {self.root, *(path.parent for path in self.used if path.parent.is_dir())}
        else:
            deep.add(self.root)
        for folder in list(deep):
            # The watcher goes through links, which may lead to the whole disk.
            inner, leads_out = _folders_below(folder)
            if leads_out:
                deep.remove(folder)
                flat |= inner
        return deep, flat - deep

    def concerns(self, path: Path) -> bool:
        """Tell whether a change of this file may change the pages."""
        base = next((one for one in (self.root, *self.others) if path.is_relative_to(one)), None)
        parts = path.relative_to(base).parts if base else path.parts[-1:]
        if any(part.startswith(".") or part in IGNORED for part in parts):
            return False
        return not path.name.endswith(NOISE) and not path.name.startswith("#")


def _folders_below(folder: Path) -> tuple[set[Path], bool]:
    """Give a folder and those below it, through no link; and whether a link leads out."""
    real, found = os.path.realpath(folder), set[Path]()
    leads_out = folder.is_symlink()
    for base, names, _ in os.walk(folder):
        found.add(Path(base))
        for name in names:
            path = Path(base, name)
            if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(real):
                leads_out = True
        names[:] = [name for name in names if not name.startswith(".") and name not in IGNORED]
    return found, leads_out


async def saved_files(concern: Concern, stop: asyncio.Event) -> AsyncIterator[frozenset[Path]]:
    """Yield the files that were saved, made or deleted, burst by burst.

    Args:
        concern: What to watch.
        stop: Ends it.
    """
    bursts: asyncio.Queue[frozenset[Path] | None] = asyncio.Queue()
    deep, flat = concern.folders()

    async def watch(folders: Iterable[Path], *, recursive: bool) -> None:
        async for changes in awatch(
            *folders, watch_filter=lambda _, name: concern.concerns(Path(name)),
            debounce=DEBOUNCE, step=STEP, stop_event=stop, recursive=recursive,
            ignore_permission_denied=True,
        ):  # fmt: skip
            paths = frozenset(Path(name) for kind, name in changes if _is_news(kind, Path(name)))
            if paths:
                await bursts.put(paths)

    watchers = [
        asyncio.create_task(watch(folders, recursive=recursive))
        for folders, recursive in ((deep, True), (flat, False))
        if folders
    ]
    try:
        ended = asyncio.gather(*watchers)
        ended.add_done_callback(lambda _: bursts.put_nowait(None))
        while (burst := await bursts.get()) is not None:
            yield burst
        await ended
    finally:
        for watcher in watchers:
            watcher.cancel()


def _is_news(kind: Change, path: Path) -> bool:
    """Leave out folders that were touched because a file in them was."""
    return kind is not Change.modified or not path.is_dir()
