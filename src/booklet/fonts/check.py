"""Hold a shelf against what a publication needs of it."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterable

from pydantic import TypeAdapter

from booklet.errors import Diagnostic, Findings, Place
from booklet.fonts.face import Face, recall
from booklet.fonts.manifest import load_manifest, package_command
from booklet.fonts.shelf import Family, Shelf

# fsType: a file is in the PDF if it is embedded as outlines, and in part.
LEVEL, RESTRICTED = 0xF, 0x2
NO_SUBSETTING, BITMAP_ONLY = 0x100, 0x200

_CHECKSUM = TypeAdapter(str)


def check_shelf(
    shelf: Shelf, needed: Iterable[str], place: Place | None = None
) -> tuple[Diagnostic, ...]:
    """Find what keeps a publication from using its fonts, with what was wrong on the shelf.

    Args:
        shelf: The fonts there are.
        needed: Family names that the theme asks for.
        place: Where the theme asks for them; by default `fonts/`.

    Returns:
        Errors ``font-missing`` and ``font-embedding``, warnings ``font-licence``, notes
        ``font-absent`` and ``font-checksum``, and the errors of `open_shelf`.

    Raises:
        BrokenFontError: A file was removed since the shelf was opened.
    """
    findings = Findings(list(shelf.diagnostics))
    for name in dict.fromkeys(needed):
        if (family := shelf.family(name)) is None:
            _report_missing(name, place or Place("fonts"), findings)
            continue
        for face in family.faces:
            _check_rights(family, face, findings)
            _check_version(face, findings)
    return tuple(findings)


def _report_missing(name: str, place: Place, findings: Findings) -> None:
    hint = "put its files into the `fonts` folder of the publication"
    if command := package_command(name):
        hint = f"{shlex.join(command)}; or {hint}"
    elif found := load_manifest().find(name):
        hint = f"get it from {found[0].upstream} and {hint}"
    hint += "; `booklet fonts list` names the families there are"
    if (found := load_manifest().find(name)) and found[0].optional:
        message = f"no font file has the family {name}, and another stands in for it"
        findings.note(place, "font-absent", message, hint)
    else:
        findings.error(place, "font-missing", f"no font file has the family {name}", hint)


def _check_rights(family: Family, face: Face, findings: Findings) -> None:
    place = Place(str(face.path))
    bits = face.embedding
    if bits & LEVEL == RESTRICTED or bits & (NO_SUBSETTING | BITMAP_ONLY):
        message = f"{family.name} forbids to be embedded as a subset of outlines (fsType {bits})"
        hint = "choose another font, or ask its foundry for a version that may be embedded"
        findings.error(place, "font-embedding", message, hint)
    if not (face.licence or family.licence):
        message = f"{family.name} states no licence"
        hint = "make sure that you may print and pass on texts set in it"
        findings.warning(place, "font-licence", message, hint)


def _check_version(face: Face, findings: Findings) -> None:
    known = load_manifest().checksums().get(face.path.name)
    if known and known != recall(face.path, "sha256", _CHECKSUM, lambda: _checksum(face)):
        message = f"{face.path.name} is another version than the one tested"
        hint = "line breaks and page numbers may differ slightly from those of other machines"
        findings.note(Place(str(face.path)), "font-checksum", message, hint)


def _checksum(face: Face) -> str:
    with face.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
