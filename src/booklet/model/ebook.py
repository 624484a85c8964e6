"""What the header asks of the e-book."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class EbookSpec(BaseModel):
    """The e-book."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pages: Literal["screen", "press", "none"] = Field(
        default="screen",
        description="The edition whose pages the page list cites; screen and press have the same.",
    )
    fonts: Literal["none", "rare", "all"] = Field(
        default="none",
        description="Fonts that it carries: none; for rare characters, which the fonts of readers "
        "may lack; for all its text.",
    )
    font_budget: int = Field(
        default=4000, ge=10, le=100000, description="Kilobytes of fonts that are not warned of."
    )
