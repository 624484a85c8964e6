"""Lean subsets of faces, for books that carry their own fonts."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from booklet.fonts.face import NAME_FAMILY, NAME_LICENCE, NAME_LICENCE_URL, Face, opened

NAME_COPYRIGHT, NAME_SUBFAMILY, NAME_UNIQUE, NAME_FULL, NAME_POSTSCRIPT = 0, 2, 3, 4, 6
FEATURES = ("vert", "vrt2", "calt")
"""What a reading system may ask of a Chinese font: forms for vertical lines, and dashes that join.
The forms of a language are chosen with the face."""


@dataclass(frozen=True, slots=True)
class Subset:
    """Some glyphs of a face.

    Attributes:
        family: The name it goes by: not the face's own, which its licence may reserve.
        data: An OpenType font; the same bytes for the same face and characters.
        notice: Copyright and licence as the face states them.
    """

    family: str
    data: bytes
    notice: str

    @property
    def suffix(self) -> str:
        """The ending of its file: ``otf`` or, with TrueType outlines, ``ttf``."""
        return "otf" if self.data.startswith(b"OTTO") else "ttf"


BOLD = 600
"""The weight from which CSS calls a face bold."""


def subset_face(face: Face, characters: Iterable[str], family: str) -> Subset:
    """Cut a face down to some characters.

    Hints and tables that readers of e-books do not use are dropped. The name records of licence
    and copyright stay (OFL 1.1, 2); family and full name are exchanged (OFL 1.1, 3).

    Args:
        face: A face that may be embedded.
        characters: What it must show; what it lacks is passed over.
        family: The family name of the subset.

    Raises:
        BrokenFontError: The file is not a sound font.
    """
    from fontTools.subset import Options, Subsetter

    options = Options(
        layout_features=list(FEATURES), hinting=False, desubroutinize=True, notdef_outline=True,
        name_IDs=[*range(7), NAME_LICENCE, NAME_LICENCE_URL], name_languages=[0x409],
        recalc_timestamp=False, legacy_kern=False, glyph_names=False,
        drop_tables=["DSIG", "BASE", "EBDT", "EBLC", "EBSC", "PCLT", "LTSH", "VDMX", "hdmx"],
    )  # fmt: skip
    out = io.BytesIO()
    with opened(face.path, face.index) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted(set(characters))))
        subsetter.subset(font)
        notice = "\n".join(
            filter(None, (_name(font, n) for n in (NAME_COPYRIGHT, NAME_LICENCE, NAME_LICENCE_URL)))
        )
        _rename(font["name"], family, face.weight)
        font.save(out, reorderTables=True)
    return Subset(family, out.getvalue(), notice)


def _name(font: object, identifier: int) -> str:
    return font["name"].getDebugName(identifier) or ""  # type: ignore[index]


def _rename(table: object, family: str, weight: int) -> None:
    style = "Bold" if weight >= BOLD else "Regular"
    postscript = f"{family.replace(' ', '')}-{style}"
    words = {
        NAME_FAMILY: family,
        NAME_SUBFAMILY: style,
        NAME_UNIQUE: postscript,
        NAME_FULL: f"{family} {style}",
        NAME_POSTSCRIPT: postscript,
    }
    for record in table.names:  # type: ignore[attr-defined]
        if record.nameID in words:
            record.string = words[record.nameID]
