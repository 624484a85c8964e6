"""One face of a font file: what the file says about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from booklet import limits
from booklet.errors import InputError
from booklet.fonts.cache import remember
from booklet.limits.faces import fault_of_font

T = TypeVar("T")

COLLECTIONS = frozenset({".ttc", ".otc"})
WEB_FONTS = frozenset({".woff", ".woff2"})
FONT_SUFFIXES = frozenset({".otf", ".ttf"}) | COLLECTIONS | WEB_FONTS

# The typesetter sets these axes by itself, from the style of the text.
KNOWN_AXES = frozenset({"wght", "opsz", "slnt", "ital"})
NAME_FAMILY, NAME_LICENCE, NAME_LICENCE_URL, NAME_TYPOGRAPHIC_FAMILY = 1, 13, 14, 16
ITALIC_OR_OBLIQUE, MAC_ITALIC = 0x201, 0x2


class BrokenFontError(InputError):
    """A font file that no build can use."""


class VariableFontError(BrokenFontError):
    """A variable font with an axis that a style sheet cannot set."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font of a file.

    Attributes:
        path: The file, as it was reached.
        index: Position in a collection, from 0; 0 in any other file.
        family: English family name, as fontconfig lists it.
        names: Every family name of the face, in any language.
        weight: CSS weight from 1 to 1000; the lightest one of a variable font.
        heaviest: The heaviest weight of a variable font, else ``weight``.
        italic: True for italic and oblique faces.
        licence: Licence as the file states it, or empty.
        embedding: The ``fsType`` bits of the file; 0 permits everything.
    """

    path: Path
    index: int
    family: str
    names: tuple[str, ...]
    weight: int
    heaviest: int
    italic: bool
    licence: str
    embedding: int


_FACES = TypeAdapter(tuple[Face, ...])


def read_faces(path: Path) -> tuple[Face, ...]:
    """Read all faces of a font file, or take them from the cache.

    Raises:
        BrokenFontError: The file is no font, or none that can be used.
    """
    if path.suffix.lower() not in FONT_SUFFIXES:
        message = f"{path.name} has none of the endings {', '.join(sorted(FONT_SUFFIXES))}"
        raise BrokenFontError(message)
    found = recall(path, "faces", _FACES, lambda: _read(path))
    return tuple(replace(face, path=path) for face in found)


def recall(path: Path, kind: str, adapter: TypeAdapter[T], make: Callable[[], T]) -> T:
    """Do what `remember` does for a font file.

    Raises:
        BrokenFontError: The file cannot be read.
    """
    try:
        return remember(path, kind, adapter, make)
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror}"
        raise BrokenFontError(message) from error


@contextmanager
def opened(path: Path, index: int) -> Iterator[Any]:
    """Open one face with fontTools, which reads a table when it is asked for.

    Raises:
        OSError: The file cannot be read.
        BrokenFontError: It can, but is not a sound font.
    """
    from fontTools.ttLib import TTFont  # slow to import, and not needed when all is cached

    try:
        with (
            path.open("rb") as file,  # fontTools leaves a file open that it cannot read
            TTFont(file, fontNumber=index, lazy=True, recalcTimestamp=False) as font,
        ):
            yield font
    except (BrokenFontError, OSError):
        raise
    except Exception as error:  # fontTools lets through whatever a damaged table makes it raise
        message = f"{path.name} is not a readable font: {error}"
        raise BrokenFontError(message) from error


def _read(path: Path) -> tuple[Face, ...]:
    with path.open("rb") as file:
        head = file.read(12)
        if path.suffix.lower() in WEB_FONTS:
            _check_packed(path, head + file.read(limits.value("resource-size")))
    count = int.from_bytes(head[8:12], "big") if head[:4] == b"ttcf" else 1
    return tuple(_read_face(path, index) for index in range(count))


def _check_packed(path: Path, data: bytes) -> None:
    fault = fault_of_font(data)
    if fault:
        message = f"{path.name}: {fault}"
        raise BrokenFontError(message)


def _read_face(path: Path, index: int) -> Face:
    with opened(path, index) as font:
        _check_tables(font, path)
        names, style = font["name"], font["OS/2"]
        family = names.getBestFamilyName()
        if not family:
            message = f"{path.name} has no family name"
            raise BrokenFontError(message)
        lightest, heaviest = _weights(font, path)
        slanted = style.fsSelection & ITALIC_OR_OBLIQUE or font["head"].macStyle & MAC_ITALIC
        return Face(
            path=path,
            index=index,
            family=family,
            names=_family_names(names),
            weight=lightest,
            heaviest=heaviest,
            italic=bool(slanted),
            licence=_name(names, NAME_LICENCE) or _name(names, NAME_LICENCE_URL),
            embedding=style.fsType,
        )


def _check_tables(font: Any, path: Path) -> None:
    """Refuse fonts that open well and fail later: cut short, or without outlines."""
    if "cmap" not in font or not {"glyf", "CFF ", "CFF2"} & set(font.keys()):
        message = f"{path.name} has no characters or no outlines"
        raise BrokenFontError(message)
    if font.flavor == "woff2":  # opening it has unpacked every table
        return
    size = path.stat().st_size
    if any(entry.offset + entry.length > size for entry in font.reader.tables.values()):
        message = f"{path.name} is cut short"
        raise BrokenFontError(message)


def _weights(font: Any, path: Path) -> tuple[int, int]:
    """Tell the range of CSS weights of a face; both ends are equal in a static one."""
    axes = {axis.axisTag: axis for axis in font["fvar"].axes} if "fvar" in font else {}
    if strange := sorted(axes.keys() - KNOWN_AXES):
        message = f"{path.name} varies along {', '.join(strange)}, which a style sheet cannot set"
        raise VariableFontError(message)
    if "wght" in axes:
        return round(axes["wght"].minValue), round(axes["wght"].maxValue)
    weight = min(max(font["OS/2"].usWeightClass, 1), 1000)
    return weight, weight


def _family_names(table: Any) -> tuple[str, ...]:
    """List the family names of all languages, without those that name one style."""
    typographic = [name for name in table.names if name.nameID == NAME_TYPOGRAPHIC_FAMILY]
    plain = [name for name in table.names if name.nameID == NAME_FAMILY]
    return tuple(dict.fromkeys(name.toUnicode() for name in typographic or plain))


def _name(table: Any, identifier: int) -> str:
    return (table.getDebugName(identifier) or "").strip()
