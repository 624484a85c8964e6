"""Design tokens and options: what a publication may set, in which unit and within which bounds."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Value = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]
Unit = Literal["pt", "mm", "em"]

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
LENGTH = re.compile(r"(?P<value>[0-9]+(?:\.[0-9]+)?)(?P<unit>pt|mm|em)")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
FAMILY = re.compile(r"[^\s\"'\\{};:,<>@/*\x00-\x1f][^\"'\\{};:,<>@/*\x00-\x1f]{0,79}")

_POINTS = {"pt": 1.0, "mm": 72 / 25.4}
_SLACK = 1e-6


class Model(BaseModel):
    """A value of theme.yaml: frozen, closed to unknown keys, with hyphens for underlines."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"),
        populate_by_name=True,
    )  # fmt: skip


class Label(Model):
    """A label in Chinese and English."""

    zh: Text
    en: Text


class TokenSpec(Model):
    """A design token: it reaches CSS as ``--name`` after its value was checked.

    Attributes:
        type: ``color`` #rrggbb; ``length`` 12pt, 3mm or 1.5em; ``number``; ``font``, a font role of
            the theme or families of the shelf, the first one first; ``choice``, one of ``values``.
        default: The theme's own value; it keeps to the bounds, too.
        label: What it is, in Chinese and English.
        unit: Of ``range`` and ``step``, and in which a control shows a length; that of the default
            where not said. A value may be written in points or millimetres alike, but ems only
            where the unit is em.
        range: Smallest and largest value, both allowed; lengths and numbers have one.
        step: By how much a control moves it.
        values: Of a choice, with their labels.
        group: Under which heading of ``groups:`` it stands.
    """

    type: Literal["color", "length", "number", "font", "choice"]
    default: Text
    label: Label
    unit: Unit | None = None
    range: tuple[float, float] | None = None
    step: float | None = Field(default=None, gt=0)
    values: dict[Value, Label] = Field(default_factory=dict)
    group: Word | None = None

    @field_validator("default", mode="before")
    @classmethod
    def _plain(cls, value: object) -> object:
        """Let a stack of families be a list, and a number a number."""
        if isinstance(value, list):
            return ", ".join(map(str, value))
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        return f"{value:g}" if numeric else value

    @model_validator(mode="after")
    def _bounds_are_told(self) -> Self:
        measured = self.type in {"length", "number"}
        if measured and self.range is None:
            msg = "a length or number has a range: [smallest, largest]"
            raise ValueError(msg)
        if self.range and (not measured or self.range[0] >= self.range[1]):
            msg = "range is [smallest, largest], of a length or number"
            raise ValueError(msg)
        if bool(self.values) != (self.type == "choice"):
            msg = "a choice has values, and nothing else has"
            raise ValueError(msg)
        if self.unit and self.type != "length":
            msg = "only a length has a unit"
            raise ValueError(msg)
        if fault := self.fault(self.default):
            msg = f"the default {self.default!r} is wrong: {fault}"
            raise ValueError(msg)
        return self

    @property
    def shown_unit(self) -> str:
        """The unit of the bounds: as said, else that of the default; '' for what has none."""
        if self.type != "length":
            return ""
        match = LENGTH.fullmatch(self.default)
        return self.unit or (match["unit"] if match else "pt")

    def fault(self, value: str) -> str:
        """Say what is wrong with a value; '' if nothing is."""
        if self.type == "color":
            return "" if COLOR.fullmatch(value) else "a colour is written #rrggbb"
        if self.type == "choice":
            return "" if value in self.values else f"one of: {', '.join(self.values)}"
        if self.type == "font":
            sound = all(FAMILY.fullmatch(name) for name in families_of(value))
            return "" if sound else "a font is a role of the theme or names of families"
        return self._fault_of_measure(value)

    def _fault_of_measure(self, value: str) -> str:
        unit = self.shown_unit
        if unit:
            match = LENGTH.fullmatch(value)
            if match is None:
                return "a length is written 12pt, 3mm or 1.5em"
            if (match["unit"] == "em") != (unit == "em"):
                return f"it is measured in {unit}"
            amount = in_unit(float(match["value"]), match["unit"], unit)
        elif NUMBER.fullmatch(value):
            amount = float(value)
        else:
            return "no number"
        assert self.range is not None
        least, most = self.range
        if amount < least - _SLACK:
            return f"less than {least:g}{unit}"
        if amount > most + _SLACK:
            return f"more than {most:g}{unit}"
        return ""


class OptionSpec(Model):
    """A decision that the theme offers.

    Attributes:
        values: Each with its label; a plain list labels them with themselves.
        default: The theme's own.
        label: What is decided.
        sheets: Style sheet that a value brings.
        generates: Characters that the style sheet of a value writes.
        group: Under which heading of ``groups:`` it stands.
    """

    values: dict[Value, Label] = Field(min_length=1)
    default: str
    label: Label
    sheets: dict[str, str] = Field(default_factory=dict)
    generates: dict[str, str] = Field(default_factory=dict)
    group: Word | None = None

    @field_validator("values", mode="before")
    @classmethod
    def _labelled(cls, values: object) -> object:
        if isinstance(values, list):
            return {str(value): {"zh": str(value), "en": str(value)} for value in values}
        return values

    @model_validator(mode="after")
    def _values_exist(self) -> Self:
        for name in (self.default, *self.sheets, *self.generates):
            if name not in self.values:
                msg = f"{name!r} is not among its values: {', '.join(self.values)}"
                raise ValueError(msg)
        return self


def in_unit(amount: float, unit: str, wanted: str) -> float:
    """Tell a length in another unit; ems stay ems."""
    return amount if unit == wanted else amount * _POINTS[unit] / _POINTS[wanted]


def families_of(value: str) -> tuple[str, ...]:
    """Part the families of a font token: ``A, B`` → ``("A", "B")``."""
    return tuple(name.strip() for name in value.split(","))
