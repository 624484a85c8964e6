"""Put a font file into a font folder."""

from __future__ import annotations

import filecmp
import os
import shutil
import tempfile
from pathlib import Path

from booklet.errors import Diagnostic, InputError, Place, Severity
from booklet.fonts.face import BrokenFontError, read_faces
from booklet.fonts.shelf import Family, group


def install_file(path: Path, target_folder: Path) -> tuple[Family, ...]:
    """Copy a font into a folder, which is made if need be.

    Args:
        path: The font file.
        target_folder: `fonts/` of a publication, or the user's font folder.

    Returns:
        The families of the file, with their licences to be shown; one, but for collections.

    Raises:
        InputError: With ``font-broken``, if the file is no font that a build can use, or
            ``font-exists``, if another file of that name is there; nothing is changed then.
    """
    place = Place(str(path))
    try:
        read_faces(path)
    except BrokenFontError as error:
        hint = "give a font file that opens in a font viewer"
        raise _refusal(place, "font-broken", str(error), hint) from error
    target = target_folder / path.name
    if target.exists():
        if not filecmp.cmp(path, target, shallow=False):
            message = f"{target_folder} has another {path.name} already"
            hint = "remove that file first, or rename the new one"
            raise _refusal(place, "font-exists", message, hint)
    else:
        _copy(path, target)
    return group(read_faces(target))


def _refusal(place: Place, code: str, message: str, hint: str) -> InputError:
    return InputError(message, [Diagnostic(place, Severity.ERROR, code, message, hint)])


def _copy(path: Path, target: Path) -> None:
    """Copy aside and move, so that no build meets half a font."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    os.close(handle)
    aside = Path(name)
    try:
        shutil.copyfile(path, aside)
        aside.chmod(0o644)  # mkstemp makes a file that only its owner can read
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
