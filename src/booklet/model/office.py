"""What the header says of the office edition: the paper in the printer, and how it is bound."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from booklet.model.imposition import Binding, check_signature, parse_caliper, parse_sheet


def _sheet(text: str) -> str:
    parse_sheet(text)
    return text


def _caliper(text: str) -> str:
    parse_caliper(text)
    return text


class OfficeSpec(BaseModel):
    """The office edition: sheets for an office printer and a stapler."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    sheet: Annotated[str, AfterValidator(_sheet)] | None = Field(
        default=None, description="A4, A3, SRA3 … or a measure (320x450mm); else by the trim size."
    )
    scheme: Literal["saddle", "signatures"] = Field(
        default="saddle", description="saddle: one nest, stapled; signatures: several, sewn."
    )
    signature: Annotated[int, AfterValidator(check_signature)] = Field(
        default=16, description="Pages in a signature: 4, 8, 12 … 64."
    )
    caliper: Annotated[str, AfterValidator(_caliper)] = Field(
        default="0.1mm", description="Thickness of one sheet; 80 g/m² paper has about 0.1mm."
    )
    binding: Binding = Field(default="left", description="The side of the spine.")
    marks: bool = Field(default=True, description="Fold and crop marks, where there is room.")
