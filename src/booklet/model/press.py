"""How pages are made ready for a press: the header's ``press:`` and the presets it chooses from.

Lengths are written with their unit; resolved, they are PostScript points. Ink is in per cent of
the area, added over the four process colours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from booklet.model.measures import MM, parse_length

PresetName = Literal["offset-cn", "kdp", "ingramspark", "lulu", "mono"]
Standard = Literal["pdf/x-4", "pdf/x-1a:2003", "none"]
Inking = Literal["cmyk", "black", "srgb"]
Condition = Annotated[str, StringConstraints(pattern=r"^[!-~][ -~]{0,59}$")]
SpotName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]

DEFAULT_CONDITION = "FOGRA39"
"""Coated paper, ISO 12647-2:2004/Amd 1: the condition of the profile that set-up provides."""

WIDEST_BLEED = 20 * MM
"""Points. More than this is a mistake in the unit."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a printer asks for, with nothing left open.

    Attributes:
        preset: Where the values come from.
        standard: What the file conforms to; ``none`` is for printers who want plain PDF.
        inking: ``cmyk``; ``black``, everything on the black plate; or ``srgb``, for printers who
            separate colours themselves.
        condition: Name of the printing condition, as the characterisation registry has it.
        profile: The condition's ICC profile in the publication; empty for the one of set-up.
        bleed: Points beyond the trim.
        gutter_bleed: Whether pages bleed into the spine as well; some printers forbid it.
        marks: Crop and registration marks and colour bars.
        slug: A line with title, date and page outside the bleed; needs ``marks``.
        ink_limit: Per cent, at most, in any one place.
        overprint: Whether black type and rules print over what lies below.
        transparency: Whether transparency may stay; else it is flattened or refused.
        metadata: Whether the file says what it is called.
        keep_cmyk: Whether colours that are CMYK already stay; else they are separated anew.
        picture_ppi: Pixels per inch, below which colour and grey pictures are reported.
        line_art_ppi: The same for pictures of black and white only.
        downsample: Pixels per inch to which finer pictures are reduced; 0 leaves them.
        multiple: Blank pages at the end make the number of pages a multiple of this.
        spots: Names of spot colours that have a plate of their own.
    """

    preset: PresetName
    standard: Standard = "pdf/x-4"
    inking: Inking = "cmyk"
    condition: str = DEFAULT_CONDITION
    profile: str = ""
    bleed: float = 3 * MM
    gutter_bleed: bool = True
    marks: bool = True
    slug: bool = True
    ink_limit: int = 300
    overprint: bool = True
    transparency: bool = True
    metadata: bool = True
    keep_cmyk: bool = True
    picture_ppi: int = 300
    line_art_ppi: int = 550
    downsample: int = 0
    multiple: int = 1
    spots: tuple[str, ...] = ()


PRESETS: dict[PresetName, Press] = {
    "offset-cn": Press("offset-cn"),
    "mono": Press("mono", inking="black"),
    "ingramspark": Press(
        "ingramspark", standard="pdf/x-1a:2003", bleed=3.175 * MM, ink_limit=240,
        marks=False, slug=False, transparency=False,
    ),
    "kdp": Press(
        "kdp", standard="none", bleed=3.175 * MM, gutter_bleed=False, marks=False, slug=False,
        overprint=False, transparency=False, metadata=False,
    ),
    "lulu": Press(
        "lulu", standard="none", inking="srgb", bleed=3.175 * MM, marks=False, slug=False,
        overprint=False,
    ),
}  # fmt: skip
"""What printers ask for, as they publish it; docs/printing.md names each source of doubt."""


def _bleed(text: str) -> str:
    points = parse_length(text)
    if points > WIDEST_BLEED:
        msg = f"a bleed of {text} is more than {WIDEST_BLEED / MM:g} mm"
        raise ValueError(msg)
    return text


class PressSpec(BaseModel):
    """What the print shop wants; every key but the preset changes one thing of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    preset: PresetName = Field(
        default="offset-cn",
        description="offset-cn, mono (black only), kdp, ingramspark, lulu.",
    )
    standard: Standard | None = Field(default=None, description="pdf/x-4, pdf/x-1a:2003 or none.")
    profile: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = Field(
        default=None, description="The printer's ICC profile, a file of the publication."
    )
    condition: Condition | None = Field(
        default=None,
        description="The profile's printing condition: FOGRA51, JC200103, CGATS21-2-CRPC6 …",
    )
    bleed: Annotated[str, AfterValidator(_bleed)] | None = Field(
        default=None, description="出血, such as 3mm."
    )
    marks: bool | None = Field(default=None, description="Crop and registration marks, bars.")
    slug: bool | None = Field(default=None, description="A line of title, date and page.")
    ink_limit: int | None = Field(
        default=None, ge=200, le=400, description="Per cent of ink in any one place, such as 300."
    )
    overprint: bool | None = Field(default=None, description="Black type and rules overprint.")
    cmyk: Literal["keep", "separate"] | None = Field(
        default=None, description="Colours that are CMYK already: keep them, or separate anew."
    )
    picture_ppi: int | None = Field(
        default=None, ge=72, le=1200, description="Warn of colour and grey pictures below this."
    )
    line_art_ppi: int | None = Field(
        default=None, ge=72, le=2400, description="Warn of black-and-white pictures below this."
    )
    downsample: int | None = Field(
        default=None, ge=150, le=2400, description="Reduce finer pictures to this; else keep them."
    )
    multiple: int | None = Field(
        default=None, ge=1, le=64, description="Fill up with blank pages to a multiple of this."
    )
    spots: tuple[SpotName, ...] = Field(
        default=(), max_length=8, description="Spot colours with a plate of their own."
    )

    @model_validator(mode="after")
    def _keys_agree(self) -> Self:
        if self.profile and not self.condition:
            msg = f"the profile {self.profile} needs a condition: the name of what it describes"
            raise ValueError(msg)
        if PRESETS[self.preset].inking == "srgb" and self.standard not in (None, "none"):
            msg = f"{self.preset} wants sRGB, which {self.standard} does not know"
            raise ValueError(msg)
        return self

    def resolve(self) -> Press:
        """Give the preset with what the header changes."""
        own = {
            "standard": self.standard,
            "profile": self.profile,
            "condition": self.condition,
            "bleed": None if self.bleed is None else parse_length(self.bleed),
            "marks": self.marks,
            "slug": self.slug,
            "ink_limit": self.ink_limit,
            "overprint": self.overprint,
            "keep_cmyk": None if self.cmyk is None else self.cmyk == "keep",
            "picture_ppi": self.picture_ppi,
            "line_art_ppi": self.line_art_ppi,
            "downsample": self.downsample,
            "multiple": self.multiple,
            "spots": self.spots or None,
        }
        press = replace(
            PRESETS[self.preset],
            **{name: value for name, value in own.items() if value is not None},  # type: ignore[arg-type]
        )
        if press.standard == "pdf/x-1a:2003":
            press = replace(press, transparency=False)
        return press if press.marks else replace(press, slug=False)
