"""What the header asks of the e-book."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class EvaluationSpec(BaseModel):
    """A person's judgement that the e-book is accessible; no program can give it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    by: str = Field(
        min_length=1, max_length=2000, description="Who evaluated the e-book and found it conform."
    )
    level: Literal["A", "AA", "AAA"] = Field(
        default="AA", description="The level of WCAG 2.2 that it was found to meet."
    )


class EbookSpec(BaseModel):
    """The e-book."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pages: Literal["screen", "press", "none"] = Field(
        default="screen",
        description="The edition whose pages the page list cites: the PDF for the screen, the "
        "printed book, or none.",
    )
    fonts: Literal["none", "rare", "all"] = Field(
        default="none",
        description="Fonts that it carries: none; for rare characters, which the fonts of readers "
        "may lack; for all its text.",
    )
    font_budget: int = Field(
        default=4000, ge=10, le=100000, description="Kilobytes of fonts that are not warned of."
    )
    evaluated: EvaluationSpec | None = Field(
        default=None,
        description="The claim that it conforms to EPUB Accessibility 1.1; only after a person "
        "evaluated it.",
    )
