"""The shelf: every family a build may use, and where each face comes from.

The first folder that has a face wins, in this order: the drop-in folders of a publication, the
user's own, the one shipped with booklet, the folders of the system. Of the last, only files that
the manifest names are taken.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from pathlib import Path

from platformdirs import user_data_dir

from booklet.errors import Diagnostic, Findings, Place
from booklet.fonts.coverage import Coverage, cover
from booklet.fonts.face import (
    FONT_SUFFIXES,
    BrokenFontError,
    Face,
    VariableFontError,
    read_faces,
)
from booklet.fonts.manifest import load_manifest, shared_font_folder

SYSTEM_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "~/Library/Fonts",
    "/opt/homebrew/share/fonts",
    "/home/linuxbrew/.linuxbrew/share/fonts",
)


@dataclass(frozen=True, slots=True)
class Family:
    """Faces that share a name.

    Attributes:
        name: English name, as fontconfig lists it.
        role: song, hei, kai, fangsong, mono or pinyin; empty for a drop-in, of which only the
            theme knows.
        faces: By weight, upright before italic; never two of the same weight and slant.
        licence: SPDX identifier of a built-in family, else what the files state; may be empty.
        origin: Project of a built-in family, else ``drop-in``.
        aliases: Names in other languages, which a style sheet may use as well.
    """

    name: str
    role: str
    faces: tuple[Face, ...]
    licence: str
    origin: str
    aliases: tuple[str, ...] = ()

    @property
    def coverage(self) -> Coverage:
        """What every face covers: a gap in the bold would be filled from another font."""
        return reduce(and_, map(cover, self.faces))


@dataclass(frozen=True, slots=True)
class Shelf:
    """All families by name, and what was wrong with the files that are not here."""

    families: tuple[Family, ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    def family(self, name: str) -> Family | None:
        """Look a family up by any of its names, as CSS does: letter case is ignored."""
        wanted = name.casefold()
        for family in self.families:
            if wanted in (known.casefold() for known in (family.name, *family.aliases)):
                return family
        return None

    def coverage(self, names: Iterable[str]) -> Coverage:
        """Tell what several families cover together; one that is missing covers nothing.

        Raises:
            BrokenFontError: A file was changed or removed since the shelf was opened.
        """
        families = filter(None, map(self.family, names))
        return reduce(or_, (family.coverage for family in families), Coverage())


def user_font_folder() -> Path:
    """Name the folder of the fonts that a user installed for all publications."""
    return Path(user_data_dir("booklet", appauthor=False)) / "fonts"


def open_shelf(drop_ins: Sequence[Path] = (), *, system: Sequence[Path] | None = None) -> Shelf:
    """Look through the font folders.

    Args:
        drop_ins: Folders whose fonts come first, such as the `fonts/` of a publication.
        system: Folders where manifest files are looked for; by default those of the system.

    Returns:
        The shelf, with ``font-broken``, ``font-variable`` and ``font-outside`` errors, and
        ``font-twice`` warnings.

    Raises:
        ToolError: The manifest of this installation is broken.
    """
    findings = Findings()
    if system is None:
        system = [Path(name).expanduser() for name in SYSTEM_FOLDERS]
    faces: list[Face] = []
    inside = [folder for folder in drop_ins if _stays(folder, findings)]
    for folder in (*inside, user_font_folder(), shared_font_folder()):
        found = [
            face for path in _drop_in_files(folder, findings) for face in _readable(path, findings)
        ]
        _report_doubles(found, findings)
        faces.extend(found)
    for path in _system_files(system):
        faces.extend(f for f in _readable(path, findings) if load_manifest().find(f.family))
    return Shelf(group(faces), tuple(findings))


def group(faces: Iterable[Face]) -> tuple[Family, ...]:
    """Sort faces into families; of two with the same name, weight and slant the first stays.

    A typesetter that sees two files for one of them may print wrong characters.
    """
    families: dict[str, dict[tuple[bool, int, int], Face]] = {}
    for face in faces:
        slot = (face.italic, face.weight, face.heaviest)
        families.setdefault(face.family, {}).setdefault(slot, face)
    return tuple(_family(name, slots) for name, slots in sorted(families.items()))


def _report_doubles(faces: Iterable[Face], findings: Findings) -> None:
    """Warn of files of one folder that are the same face, as the slices of a web font are."""
    first: dict[tuple[str, bool, int, int], Face] = {}
    for face in faces:
        kept = first.setdefault((face.family, face.italic, face.weight, face.heaviest), face)
        if kept is not face:
            message = (
                f"{face.family} {face.weight} is in {kept.path.name} already, and left out here"
            )
            hint = "one file a face: take a family that is not cut into slices, or rename one"
            findings.warning(Place(str(face.path)), "font-twice", message, hint)


def _family(name: str, slots: dict[tuple[bool, int, int], Face]) -> Family:
    faces = tuple(face for _, face in sorted(slots.items()))
    aliases = dict.fromkeys(alias for face in faces for alias in face.names if alias != name)
    if found := load_manifest().find(name):
        project, _ = found
        return Family(name, project.role, faces, project.licence, project.project, tuple(aliases))
    licences = dict.fromkeys(face.licence for face in faces if face.licence)
    return Family(name, "", faces, " / ".join(licences), "drop-in", tuple(aliases))


def _readable(path: Path, findings: Findings) -> tuple[Face, ...]:
    try:
        return read_faces(path)
    except VariableFontError as error:
        hint = "use the static fonts of the same family"
        findings.error(Place(str(path)), "font-variable", str(error), hint)
    except BrokenFontError as error:
        hint = "replace the file with a fresh copy, or remove it"
        findings.error(Place(str(path)), "font-broken", str(error), hint)
    return ()


def _stays(folder: Path, findings: Findings) -> bool:
    """See that a folder of fonts is no link that leads out of the folder which holds it.

    Such a folder may come from a stranger; that of the user may lie where he likes.
    """
    if Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(folder.parent)):
        return True
    message = f"{folder.name} is a link to a folder outside the publication"
    findings.error(
        Place(str(folder)), "font-outside", message, "put a copy of the folder in the link's place"
    )
    return False


def _drop_in_files(folder: Path, findings: Findings) -> Iterator[Path]:
    """List the fonts below a folder in a fixed order, without those that links bring in."""
    real = os.path.realpath(folder)  # unlike resolve(), it does not raise on a loop of links
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in FONT_SUFFIXES:
            continue
        if not Path(os.path.realpath(path)).is_relative_to(real):
            message = f"{path.name} is a link to a file outside the font folder"
            hint = "put a copy of the file in the link's place"
            findings.error(Place(str(path)), "font-outside", message, hint)
        elif path.is_file() or not path.exists():  # a dangling link is a broken font
            yield path


def _system_files(folders: Iterable[Path]) -> Iterator[Path]:
    """Find the files that the manifest names, in the order of folders."""
    wanted = load_manifest().checksums().keys()
    for folder in folders:
        found = [
            Path(top, name) for top, _, names in os.walk(folder) for name in wanted & set(names)
        ]
        yield from sorted(found)
