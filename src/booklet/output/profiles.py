"""Where ICC profiles of printing conditions are found.

A file named after its condition (``FOGRA51.icc``) comes before those that set-up or other programs
bring, whose conditions are known by name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_dir

SUFFIXES = (".icc", ".icm")

SYSTEM_FOLDERS = (
    "/usr/local/share/color/icc",
    "/usr/share/color/icc",
    "~/.local/share/icc",
    "~/.color/icc",
    "~/Library/ColorSync/Profiles",
    "/Library/ColorSync/Profiles",
    "/usr/share/scribus/profiles",
    "/usr/share/texlive/texmf-dist/tex/generic/colorprofiles",
)


@dataclass(frozen=True, slots=True)
class KnownProfile:
    """A profile that may be used and passed on freely.

    Attributes:
        file: Its name.
        condition: What it describes.
        licence: SPDX identifier.
        origin: Who made it, and where it comes from.
    """

    file: str
    condition: str
    licence: str
    origin: str


KNOWN = (
    KnownProfile(
        "ISOcoated_v2_300_bas.icc", "FOGRA39", "Zlib", "basICColor GmbH, with Scribus"
    ),
    KnownProfile("FOGRA39L_coated.icc", "FOGRA39", "Zlib", "colorprofiles, with TeX Live"),
)  # fmt: skip
"""The first is the default; it keeps to 300 per cent of ink by itself."""


def user_profile_folder() -> Path:
    """Name the folder of the profiles that a user keeps for all publications."""
    return Path(user_data_dir("booklet", appauthor=False)) / "icc"


def profile_folders() -> tuple[Path, ...]:
    """List the folders in the order in which they are searched: the user's, ours, the system's."""
    ours = Path(sys.prefix) / "share" / "color" / "icc"
    system = (Path(name).expanduser() for name in SYSTEM_FOLDERS)
    return (user_profile_folder(), ours, *system)


def find_profile(condition: str, folders: Sequence[Path] | None = None) -> Path | None:
    """Find the profile of a printing condition.

    Args:
        condition: Its name, such as ``FOGRA39``.
        folders: Where to look; by default `profile_folders`.
    """
    names = list(_names(condition))
    for folder in profile_folders() if folders is None else folders:
        for name in names:
            path = folder / name
            if path.is_file():
                return path
    return None


def known_profile(path: Path) -> KnownProfile | None:
    """Tell what is known of a file by its name."""
    return next((known for known in KNOWN if known.file == path.name), None)


def _names(condition: str) -> Iterator[str]:
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._ -]*", condition):
        yield from (condition + suffix for suffix in SUFFIXES)
    yield from (known.file for known in KNOWN if known.condition == condition)
