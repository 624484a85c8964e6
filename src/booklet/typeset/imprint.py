"""The imprint page 版权页: lines that the header gives, and figures that the build counts.

A line is there because somebody gave it, or asked for it to be counted; nothing else is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from booklet.model import content as c
from booklet.model.header import Contributor, Header
from booklet.model.imprint import (
    COUNTED,
    CipSpec,
    ImprintSpec,
    leaves_a_sheet,
    printed_sheets,
    thousands,
)
from booklet.model.publication import Publication
from booklet.typeset.geometry import Geometry
from booklet.typeset.views import ColophonLine
from booklet.typeset.words import words_of

ROLES = ("aut", "com", "edt", "trl", "ill", "pbd", "red", "pfr", "bkd", "cov", "dsr", "tyg", "prt")
"""MARC relator codes that an imprint page prints, in its order; the theme names each."""

_NUMBER = re.compile(r"[0-9A-Z]{6,20}")
_PRICE = re.compile(r"^定\s*[价價]\s*[：:]?\s*")
_ISBN = re.compile(r"^ISBN[\s:：]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figures:
    """What only the finished pages know.

    Attributes:
        pages: Pages of the interior as typeset.
        bound: The same with the blanks that binding adds.
    """

    pages: int
    bound: int


def counts_pages(header: Header) -> bool:
    """Tell whether the imprint page prints a figure that depends on the number of pages."""
    spec = header.imprint
    return spec is not None and (spec.sheets == "auto" or spec.characters in {"auto", "area"})


@dataclass(frozen=True, slots=True)
class Imprint:
    """The imprint page of one publication in one medium.

    Attributes:
        publication: The model.
        words: The theme's words in the language of the publication.
        geometry: The page.
        paged: Whether there are pages, so that figures of pages make sense.
        figures: What the pages say; None where they are not known.
    """

    publication: Publication
    words: Mapping[str, str]
    geometry: Geometry
    paged: bool
    figures: Figures | None = None

    def lines(self) -> Iterator[ColophonLine]:
        """Give the lines in the order of the trade."""
        header, t = self.publication.header, self.words
        given = header.imprint
        yield from people(header.contributors, t)
        if header.series:
            position = f" {header.series.position}" if header.series.position else ""
            yield ColophonLine(t["series"], header.series.name + position)
        yield from self._makers(given)
        if given is not None:
            yield from self._format(given)
        yield from self._issue(given)
        for label, value in header.colophon.items():
            yield ColophonLine(label, value)
        if given is None:
            yield from self._measures()

    def _makers(self, given: ImprintSpec | None) -> Iterator[ColophonLine]:
        t, publisher = self.words, self.publication.header.publisher
        spec = given or ImprintSpec()
        if publisher and spec.distributor == publisher:
            yield ColophonLine(t["publisher_distributor"], publisher)
        else:
            yield from self._given("publisher", publisher)
            yield from self._given("distributor", spec.distributor)
        for key in ("address", "postcode", "telephone", "website", "printer"):
            yield from self._given(key, getattr(spec, key))

    def _format(self, given: ImprintSpec) -> Iterator[ColophonLine]:
        """开本, 印张, 字数: given, or counted where the header asks for it."""
        if self.paged:
            size = self._trim() if given.format == "auto" else given.format
            yield ColophonLine(self.words["trim"], size)
            yield from self._given("sheets", self._sheets(given))
        yield from self._given("characters", self._characters(given.characters))

    def _sheets(self, given: ImprintSpec) -> str | None:
        leaves = leaves_a_sheet(self.geometry.trim, given.format)
        if given.sheets != "auto":
            return given.sheets
        return printed_sheets(self.figures.bound, leaves) if self.figures and leaves else None

    def _characters(self, asked: str | None) -> str | None:
        """Give 字数, counted if asked: 版面字数 has a full page of lines for every page."""
        if asked not in COUNTED:
            return asked
        if asked == "text":
            count = len(words_of(tuple(_blocks(self.publication))))
        elif self.figures is not None and self.paged:
            area = self.geometry.area
            count = area.characters * area.lines * self.figures.pages
        else:
            return None
        return self.words["thousands_value"].replace("{count}", thousands(count))

    def _issue(self, given: ImprintSpec | None) -> Iterator[ColophonLine]:
        header, t = self.publication.header, self.words
        yield from self._given("edition", header.edition)
        if given is not None:
            yield from self._given("impression", given.impression)
            yield from self._given("print_run", given.print_run)
        yield from self._given("date", printed_date(header, t))
        if header.isbn:
            yield ColophonLine(t["isbn"], isbn_words(header.isbn, t))
        if header.price:
            yield ColophonLine(t["price"], bare_price(header.price))
        yield from self._given("rights", header.rights)

    def _measures(self) -> Iterator[ColophonLine]:
        """How the booklet is made, where no publisher says how it was printed."""
        t, area = self.words, self.geometry.area
        if self.paged:
            yield ColophonLine(t["trim"], self._trim())
            value = t["type_area_value"].replace("{characters}", str(area.characters))
            yield ColophonLine(t["type_area"], value.replace("{lines}", str(area.lines)))
        yield ColophonLine(t["extent"], "　".join(self._extent()))
        if self.paged and t.get("fonts_value"):
            yield ColophonLine(t["fonts"], t["fonts_value"])

    def _given(self, key: str, value: str | None) -> Iterator[ColophonLine]:
        if value:
            yield ColophonLine(self.words[key], value)

    def _trim(self) -> str:
        trim = self.geometry.trim
        value = self.words["trim_value"].replace("{width}", f"{trim.width:g}")
        return value.replace("{height}", f"{trim.height:g}")

    def _extent(self) -> Iterator[str]:
        """Count sections, excerpts and characters."""
        pub, t = self.publication, self.words
        excerpts = pub.excerpts
        titled = [section for section in pub.sections if section.title]
        if titled:
            unit = t["sections_value" if excerpts else "chapters_value"]
            yield unit.replace("{count}", str(len(titled)))
        if excerpts:
            yield t["excerpts_value"].replace("{count}", str(len(excerpts)))
        count = len(words_of(tuple(_text(pub))))
        yield t["characters_value"].replace("{count}", str(count))


def _text(publication: Publication) -> Iterator[c.Block]:
    """Give the blocks that the extent counts: the excerpts of an anthology, else the body."""
    excerpts = publication.excerpts
    for blocks in [item.blocks for item in excerpts] or [s.blocks for s in publication.sections]:
        yield from blocks


def _blocks(publication: Publication) -> Iterator[c.Block]:
    """Give every block that is read: front pieces, body and back matter."""
    for piece in publication.front:
        yield from piece.blocks
    for section in (*publication.sections, *publication.back):
        yield from section.blocks


def people(contributors: tuple[Contributor, ...], t: Mapping[str, str]) -> Iterator[ColophonLine]:
    """Give a line for each kind of work, in the order of `ROLES`, with everybody who did it."""
    known = [item for item in contributors if item.role in ROLES and f"role_{item.role}" in t]
    known.sort(key=lambda item: ROLES.index(item.role))
    for role, group in groupby(known, key=lambda item: item.role):
        yield ColophonLine(t[f"role_{role}"], "　".join(item.name for item in group))


def printed_date(header: Header, t: Mapping[str, str]) -> str:
    """Write the header's date in words of the theme, as far as it is given: 2026年11月."""
    if header.date is None:
        return ""
    numbers = str(header.date).split("-")
    words = [
        word.replace("{number}", number if at == 0 else str(int(number)))
        for at, (word, number) in enumerate(
            zip(t.get("date_value", "").split(), numbers, strict=False)
        )
    ]
    return "".join(words) or str(header.date)


def isbn_words(isbn: str, t: Mapping[str, str]) -> str:
    """Write an ISBN as an imprint page does."""
    return t["isbn_value"].replace("{isbn}", _ISBN.sub("", isbn))


def bare_price(price: str) -> str:
    """Take 定价： off a price that is written with it: the label says it."""
    return _PRICE.sub("", price)


def price_words(price: str, t: Mapping[str, str]) -> str:
    """Write a price as the back cover does, with its label."""
    return t["price_value"].replace("{price}", bare_price(price))


def cip_lines(publication: Publication, t: Mapping[str, str]) -> tuple[str, ...]:
    """Write the CIP data: description, headings, number (GB/T 12451-2023, 6 and 8).

    Returns:
        The lines below the heading; empty where the header gives no CIP data.
    """
    header = publication.header
    spec = header.cip
    if spec is None:
        return ()
    number = spec.number
    if _NUMBER.fullmatch(number):
        number = t["cip_number"].replace("{number}", number)
    lines = (_description(spec, publication), _headings(spec, t), number)
    return tuple(line for line in lines if line)


def _description(spec: CipSpec, publication: Publication) -> str:
    header = publication.header
    title = spec.title or publication.title
    title += f"={spec.parallel_title}" if spec.parallel_title else ""
    title += f"：{spec.other_title}" if spec.other_title else ""
    title += f"／{spec.responsibility}" if spec.responsibility else ""
    publisher, date = spec.publisher or header.publisher or "", spec.date or _date(header)
    issued = "：".join(part for part in (spec.place or "", publisher) if part)
    issued = "，".join(part for part in (issued, date) if part)
    isbn = spec.isbn or header.isbn
    areas = (
        title,
        spec.edition or "",
        issued,
        f"（{spec.series}）" if spec.series else "",
        f"ISBN {_ISBN.sub('', isbn)}" if isbn else "",
    )
    return ".—".join(area for area in areas if area)


def _date(header: Header) -> str:
    """Write the header's date as CIP data does: 2026.11."""
    year, *rest = str(header.date or "").split("-")
    return f"{year}.{int(rest[0])}" if rest else year


def _headings(spec: CipSpec, t: Mapping[str, str]) -> str:
    """Number the headings: the classification alone in the form of 2023, all kinds in the older."""
    ordinals, marks = t["cip_ordinals"].split(), t["cip_marks"]
    if not spec.headings and not spec.subjects:
        return f"{ordinals[0]}.{'；'.join(spec.classification)}" if spec.classification else ""
    groups: list[tuple[str, ...]] = [(entry,) for entry in spec.headings]
    groups += [group for group in (spec.subjects, spec.classification) if group]
    return "　".join(
        f"{ordinal}." + "".join(f"{mark}{one}" for mark, one in zip(marks, group, strict=False))
        for ordinal, group in zip(ordinals, groups, strict=False)
    )
