"""The header: every key of ``booklet.yaml``, closed, frozen, and the source of the JSON Schema."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from booklet.limits import TABLE
from booklet.model.binding import CoverSpec
from booklet.model.derived import ConversionSpec, DerivedName, DerivedSpec
from booklet.model.ebook import EbookSpec
from booklet.model.imprint import CipSpec, ImprintSpec
from booklet.model.measures import parse_length, parse_trim, parse_type_size
from booklet.model.names import EditionName as EditionName
from booklet.model.names import Isbn
from booklet.model.office import OfficeSpec
from booklet.model.press import PressSpec

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Form = Literal["auto", "anthology", "book"]


def _checked(parse: Any) -> AfterValidator:
    """Keep the text as written, but refuse what cannot be parsed."""

    def check(text: str) -> str:
        parse(text)
        return text

    return AfterValidator(check)


def _limit(name: str) -> str:
    if name not in _LIMITS:
        msg = f"one of {', '.join(_LIMITS)}"
        raise ValueError(msg)
    return name


_LIMITS = [one.name for one in TABLE if one.ceiling > one.value]
LimitName = Annotated[str, AfterValidator(_limit), WithJsonSchema({"enum": _LIMITS})]
"""A limit that a publication may raise."""


class _Model(BaseModel):
    """A value: frozen, compared by content, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Contributor(_Model):
    """Somebody who made the publication."""

    name: Line = Field(description="The name as it is printed.")
    role: Annotated[str, StringConstraints(pattern=r"^[a-z]{3}$")] = Field(
        default="aut", description="MARC relator code: aut, edt, com, trl, ill, pbl …"
    )
    sort: Line | None = Field(default=None, description="The name as it is sorted (file-as).")


class Series(_Model):
    """The series that the publication belongs to."""

    name: Line
    position: int | None = Field(default=None, ge=1)


class TypeAreaSpec(_Model):
    """版心: type size, characters in a line, lines on a page; the margins follow."""

    size: Annotated[str, _checked(parse_type_size)] = Field(
        default="小四", description="字号 (小四, 五号 …) or a measure (12pt)."
    )
    characters: int = Field(ge=4, le=120, description="Characters in a full line.")
    lines: int = Field(ge=4, le=120, description="Lines on a full page.")
    pitch: Annotated[str, _checked(parse_length)] | None = Field(
        default=None, description="Baseline to baseline (行距), such as 21pt."
    )


class LayoutSpec(_Model):
    """The page."""

    trim: Annotated[str, _checked(parse_trim)] | None = Field(
        default=None, description="A5, 大32开, 小32开, 16开 … or a measure (140x203mm)."
    )
    type_area: TypeAreaSpec | None = None
    gutter: Annotated[str, _checked(parse_length)] | None = Field(
        default=None, description="订口, the inner margin, such as 20mm."
    )
    head: Annotated[str, _checked(parse_length)] | None = Field(
        default=None, description="天头, the head margin, such as 25mm."
    )


class ManuscriptSpec(_Model):
    """The manuscript in parts, each a list of files in reading order."""

    front: tuple[FileName, ...] = ()
    body: tuple[FileName, ...] = Field(min_length=1)
    back: tuple[FileName, ...] = ()


class ExcerptData(_Model):
    """An excerpt given as data."""

    text: Annotated[str, StringConstraints(min_length=1)] = Field(description="Markdown.")
    date: str | int | None = Field(default=None, description="As printed: 2018年4月20日至21日.")
    occasion: Line | None = Field(default=None, description="As printed after the date.")
    attribution: Line | None = Field(
        default=None, description="The whole line as printed, instead of date and occasion."
    )
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")] | None = None


class SectionData(_Model):
    """A section given as data."""

    title: Line
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")] | None = None
    text: str | None = Field(default=None, description="Markdown before the excerpts.")
    excerpts: tuple[ExcerptData, ...] = ()


class Header(_Model):
    """The header of a publication: ``booklet.yaml``, or the YAML at the head of a Markdown file."""

    title: Line | None = Field(default=None, description="The title; else the manuscript's # line.")
    title_lines: tuple[Line, ...] = Field(
        default=(), description="The title broken by hand, for cover and title page."
    )
    subtitle: Line | None = None
    short_title: Line | None = Field(default=None, description="The title in running heads.")
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = (
        Field(default="zh-Hans", description="BCP 47: zh-Hans, zh-Hant, zh-HK, ja, ko …")
    )
    contributors: tuple[Contributor, ...] = ()
    publisher: Line | None = None
    date: dt.date | Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2})?$")] | None = Field(
        default=None, description="Date of publication: 2026, 2026-11 or 2026-11-23."
    )
    edition: Line | None = Field(default=None, description="As printed: 2026年11月第1版.")
    price: Line | None = Field(default=None, description="As printed: 20.00元.")
    rights: Line | None = None
    description: Line | None = None
    subjects: tuple[Line, ...] = ()
    series: Series | None = None
    identifier: Line | None = Field(default=None, description="A URI of the publication.")
    isbn: Isbn | None = None
    imprint: ImprintSpec | None = Field(
        default=None, description="版权页: what the publisher states; left out, how it is made."
    )
    cip: CipSpec | None = Field(default=None, description="图书在版编目（CIP）数据.")
    colophon: dict[Line, Line] = Field(
        default_factory=dict, description="Further lines of the imprint page: label and words."
    )
    manuscript: FileName | tuple[FileName, ...] | ManuscriptSpec | None = None
    sections: tuple[SectionData, ...] | FileName | None = Field(
        default=None, description="Content as data: here, or in a .yaml, .json or .csv file."
    )
    preface: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        default=None, description="The editor's preface as Markdown, for content given as data."
    )
    form: Form = Field(
        default="auto",
        description="anthology: paragraphs before a —— line are an excerpt; book: they are text.",
    )
    theme: Line = "reader"
    options: dict[str, str | int | float | bool] = Field(
        default_factory=dict, description="Options of the theme, such as folios: roman."
    )
    tokens: dict[str, str] = Field(
        default_factory=dict, description="Design tokens of the theme, such as accent: '#b3141c'."
    )
    generates: str = Field(
        default="", max_length=200,
        description="Characters that style sheets of the publication write by content:, as 完.",
    )  # fmt: skip
    layout: LayoutSpec = LayoutSpec()
    cover: CoverSpec = CoverSpec()
    ebook: EbookSpec = EbookSpec()
    press: PressSpec = PressSpec()
    office: OfficeSpec = OfficeSpec()
    editions: tuple[EditionName, ...] = Field(default=("screen", "ebook"), min_length=1)
    derived: dict[DerivedName, DerivedSpec] = Field(
        default_factory=dict,
        description="The same manuscript for other readers, by name: tw: {script: zh-TW}.",
    )
    conversion: ConversionSpec = Field(
        default=ConversionSpec(),
        description="Terms and readings for all derived editions; their own win.",
    )

    limits: dict[LimitName, Annotated[int, Field(gt=0)]] = Field(
        default_factory=dict,
        description="Limits of what the publication may cost, such as word-length: 20000.",
    )

    def bound_right(self) -> Header:
        """Bind a book that is read leftwards at the right, where nothing else is asked for."""
        cover, office = self.cover, self.office
        if "bound" not in cover.model_fields_set:
            cover = cover.model_copy(update={"bound": "right"})
        if "binding" not in office.model_fields_set:
            office = office.model_copy(update={"binding": "right"})
        return self.model_copy(update={"cover": cover, "office": office})
