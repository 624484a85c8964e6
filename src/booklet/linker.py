"""Spare the start of every run a search for libraries that are found anyway.

The renderer asks for each of its libraries under several names, and the search for a name that does
not exist starts the linker and the compiler: 86 processes before the first page. On Linux the last
of its names is that of the file, which the loader finds by itself.
"""

from __future__ import annotations

import ctypes.util
import sys

_ASKED = ("gobject", "pango", "harfbuzz", "fontconfig", "pangoft2")


def spare_searches() -> None:
    """Answer the renderer's questions for its libraries at once; all others are asked on."""
    search = ctypes.util.find_library
    if not sys.platform.startswith("linux") or getattr(search, "booklet", False):
        return

    def find_library(name: str) -> str | None:
        if name.removeprefix("lib").startswith(_ASKED):
            return None
        return search(name)

    find_library.booklet = True  # type: ignore[attr-defined]
    ctypes.util.find_library = find_library
