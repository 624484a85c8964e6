"""What `theme.yaml` may say: a closed model, so that a misspelt key is an error and not a blank."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from booklet.theme.tokens import Label, Model, OptionSpec, Text, TokenSpec, Word


class Preset(Model):
    """The type area that was drawn for one trim size; lengths as ``57pt``."""

    characters: int
    lines: int
    gutter: Text
    head: Text


class PageSpec(Model):
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


class ThemeSpec(Model):
    """A whole ``theme.yaml``.

    Attributes:
        extends: The parent, which gives all that is not said here.
        direction: ``vertical`` where lines stand upright and run from right to left.
        groups: Headings under which tokens and options are shown, in this order.
        generates: Characters that the style sheets write beyond figures, leaders and notes, such
            as the figures of folios in Chinese.
        fonts: Role → language → families, the first one first.
        refuses: Kinds of block that the theme cannot set: ``table``, ``codeblock`` …
        wants_readings: The theme is made for readings; where some are missing, it says so.
    """

    name: Word
    label: Label
    description: Label
    extends: Word | None = None
    direction: Literal["horizontal", "vertical"] | None = None
    groups: dict[Word, Label] = Field(default_factory=dict)
    generates: str = ""
    fonts: dict[Word, dict[str, tuple[Text, ...]]] = Field(default_factory=dict)
    tokens: dict[Word, TokenSpec] = Field(default_factory=dict)
    layout: PageSpec | None = None
    options: dict[Word, OptionSpec] = Field(default_factory=dict)
    strings: dict[str, dict[str, str]] = Field(default_factory=dict)
    refuses: tuple[Word, ...] = ()
    wants_readings: bool = False

    @field_validator("groups", "fonts", "tokens", "options", "strings", mode="before")
    @classmethod
    def _empty(cls, value: object) -> object:
        """Let a key stand over comments alone."""
        return {} if value is None else value
