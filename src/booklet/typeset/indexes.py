"""Indexes derived from the attributions: by date and by occasion.

Identical wording merges; different wording stays two entries, for the source is never repaired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from booklet.model.content import Excerpt
from booklet.model.dates import DateSpan


@dataclass(frozen=True, slots=True)
class Reference:
    """An excerpt that an entry points to."""

    id: str
    number: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an index.

    Attributes:
        date: As written: ``2018年4月20日至21日``.
        short_date: Without the year, for an entry under its year.
        occasion: As written.
    """

    date: str
    short_date: str
    occasion: str
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one head: a year, or an occasion."""

    head: str
    entries: tuple[Entry, ...]


def index_by_date(excerpts: Sequence[Excerpt]) -> tuple[Group, ...]:
    """Group the dated excerpts by year, in the order of their dates."""
    rows = _rows(excerpts)
    years: dict[int, list[Entry]] = {}
    for (date, text, occasion), references in sorted(rows.items(), key=_by_date):
        short = text.split("年", 1)[1] if "年" in text else text
        years.setdefault(date.first.year, []).append(
            Entry(text, short or text, occasion, references)
        )
    return tuple(Group(str(year), tuple(entries)) for year, entries in years.items())


def index_by_occasion(excerpts: Sequence[Excerpt]) -> tuple[Group, ...]:
    """Group the dated excerpts by the wording of their occasion, in the order of first dates."""
    occasions: dict[str, list[Entry]] = {}
    for (_, text, occasion), references in sorted(_rows(excerpts).items(), key=_by_date):
        if occasion:
            occasions.setdefault(occasion, []).append(Entry(text, text, occasion, references))
    return tuple(Group(occasion, tuple(entries)) for occasion, entries in occasions.items())


_Key = tuple[DateSpan, str, str]


def _by_date(item: tuple[_Key, tuple[Reference, ...]]) -> tuple[object, ...]:
    (date, _, occasion), references = item
    last = date.last or date.first
    return date.first, last, references[0].number, occasion


def _rows(excerpts: Sequence[Excerpt]) -> dict[_Key, tuple[Reference, ...]]:
    rows: dict[_Key, tuple[Reference, ...]] = {}
    for excerpt in excerpts:
        source = excerpt.attribution
        if source is None or source.date is None:
            continue
        key = (source.date, source.date_text, source.occasion)
        rows[key] = (*rows.get(key, ()), Reference(excerpt.id, excerpt.number))
    return rows
