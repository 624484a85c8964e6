"""What the header asks of derived editions: another script, readings, large print, vertical."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from booklet.model.names import EditionName, Isbn

Script = Literal["zh-Hans", "zh-Hant", "zh-TW", "zh-HK"]
Layout = Literal["horizontal", "vertical"]
_Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
DERIVED = "[a-z][a-z0-9]{0,19}"
"""What the name of a derived edition looks like: it becomes part of file names."""

DerivedName = Annotated[str, StringConstraints(pattern=f"^{DERIVED}$")]

LARGE = 16.0
"""Points of the body of a large-print book: 三号."""

SMALLEST_LARGE = 12.0
"""Points below which a large-print book sets no words."""

_SYLLABLE = re.compile(r"[a-zA-ZüÜêÊ'’]+", re.UNICODE)


def reading_fault(words: str, reading: str) -> str:
    """Say why a reading cannot be that of some words: one syllable for each character."""
    syllables = reading.split()
    plain = [
        "".join(
            char for char in unicodedata.normalize("NFD", one) if not unicodedata.combining(char)
        )
        for one in syllables
    ]
    if any(not _SYLLABLE.fullmatch(one) for one in plain):
        return f"{reading} is not written in letters"
    if len(syllables) != len(words):
        return f"{words} has {len(words)} characters, {reading} has {len(syllables)} syllables"
    return ""


class _Lists(BaseModel):
    """What an editor knows better than a dictionary."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    protect: tuple[_Term, ...] = Field(
        default=(), description="Words that are set as they are written: [余光中, 于谦]."
    )
    terms: dict[_Term, _Term] = Field(
        default_factory=dict, description="Words and what they become: {软件: 軟體}."
    )
    readings: dict[_Term, _Term] = Field(
        default_factory=dict,
        description="Words and how they are read, a syllable for each character: "
        "{重庆: chóng qìng}.",
    )


class ConversionSpec(_Lists):
    """Terms and readings that all derived editions share."""


class DerivedSpec(_Lists):
    """A derived edition: the same manuscript for other readers."""

    script: Script | None = Field(
        default=None,
        description="zh-Hant: the standard traditional forms; zh-TW, zh-HK: those of Taiwan, of "
        "Hong Kong; zh-Hans: from a traditional manuscript.",
    )
    vocabulary: Literal["keep", "local"] = Field(
        default="keep",
        description="local: the words of the place too, such as 網路 for 网络 (zh-TW, zh-HK, and "
        "zh-Hans from those).",
    )
    quotes: Literal["regional", "keep"] = Field(
        default="regional",
        description="regional: 「」 in traditional, “” in simplified Chinese, 『』 in its vertical "
        "lines.",
    )
    ruby: Literal["pinyin"] | None = Field(
        default=None, description="pinyin: a reading over every character of the text."
    )
    size: Literal["large"] | None = Field(
        default=None, description="large: large print, 16 pt and nothing below 12 pt."
    )
    layout: Layout = Field(
        default="horizontal", description="vertical: lines from top to bottom; e-books only."
    )
    upright: int = Field(
        default=2, ge=0, le=4, description="Digits that stand upright together in vertical lines."
    )
    editions: tuple[EditionName, ...] = Field(
        default=(), description="Which editions it is made in; else the header's PDFs and e-book."
    )
    isbn: Isbn | None = Field(default=None, description="Its own ISBN; the header's is another's.")
    price: _Term | None = Field(default=None, description="Its own price.")

    @property
    def changes(self) -> bool:
        """Tell whether the edition differs from the one that it is derived from."""
        return bool(self.script or self.ruby or self.size) or self.layout == "vertical"


@dataclass(frozen=True, slots=True)
class Variant:
    """How a derived edition is set; that of the publication itself is plain.

    Attributes:
        name: Its name, ``tw``; '' for the publication itself.
        pinyin: A reading stands over every character.
        large: Large print.
        vertical: Lines run from top to bottom.
        upright: Digits that stand upright together in vertical lines, at most.
    """

    name: str = ""
    pinyin: bool = False
    large: bool = False
    vertical: bool = False
    upright: int = 2


PLAIN = Variant()
"""The publication itself."""
