"""What `theme.yaml` may say: a closed model, so that a misspelt key is an error and not a blank."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]

COLOR = re.compile(r"^#[0-9a-fA-F]{6}$")
LENGTH = re.compile(r"^(?P<value>[0-9]+(?:\.[0-9]+)?)(?P<unit>pt|mm|em)$")
NUMBER = re.compile(r"^[0-9]+(?:\.[0-9]+)?$")


class _Model(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"),
        populate_by_name=True,
    )  # fmt: skip


class Label(_Model):
    """A label in Chinese and English."""

    zh: Text
    en: Text


class TokenSpec(_Model):
    """A design token: it reaches CSS as ``--name`` after its value was checked.

    ``minimum`` and ``maximum`` bound lengths and numbers, in the unit of the default.
    """

    type: Literal["color", "length", "number"]
    default: Text
    label: Label
    minimum: float | None = None
    maximum: float | None = None

    def fault(self, value: str) -> str:
        """Say what is wrong with a value; '' if nothing is."""
        if self.type == "color":
            return "" if COLOR.match(value) else "a colour is written #rrggbb"
        pattern = LENGTH if self.type == "length" else NUMBER
        match = pattern.match(value)
        if match is None:
            return (
                "a length is written 12pt, 3mm or 1.5em" if self.type == "length" else "no number"
            )
        amount = float(match["value"] if self.type == "length" else value)
        if self.minimum is not None and amount < self.minimum:
            return f"less than {self.minimum:g}"
        if self.maximum is not None and amount > self.maximum:
            return f"more than {self.maximum:g}"
        return ""


class OptionSpec(_Model):
    """A choice that the theme offers; a value may bring a style sheet of its own."""

    values: tuple[str, ...] = Field(min_length=1)
    default: str
    label: Label
    sheets: dict[str, str] = Field(default_factory=dict)


class Preset(_Model):
    """The type area that was drawn for one trim size; lengths as ``57pt``."""

    characters: int
    lines: int
    gutter: Text
    head: Text


class PageSpec(_Model):
    """The theme's page, where the publication does not ask for another.

    Attributes:
        pitch: Baseline to baseline, as a multiple of the type size.
        gutter_share: Part of the white beside the measure that goes to the spine.
        head_share: Part of the white above and below the lines that goes to the head.
        hang: Lines left free above the text where a section opens.
    """

    trim: Text
    size: Text
    pitch: float = Field(gt=1, lt=4)
    gutter_share: float = Field(gt=0, lt=1)
    head_share: float = Field(gt=0, lt=1)
    hang: int = Field(ge=0, le=40)
    presets: dict[str, Preset] = Field(default_factory=dict)


class ThemeSpec(_Model):
    """A whole ``theme.yaml``."""

    name: Word
    label: Label
    description: Label
    extends: Word | None = None
    fonts: dict[Word, dict[str, tuple[Text, ...]]] = Field(default_factory=dict)
    tokens: dict[Word, TokenSpec] = Field(default_factory=dict)
    layout: PageSpec | None = None
    options: dict[Word, OptionSpec] = Field(default_factory=dict)
    strings: dict[str, dict[str, str]] = Field(default_factory=dict)
