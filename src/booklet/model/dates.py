"""Dates as Chinese attributions write them: a day, a month, a year, or a span of days."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_POINT = r"(?P<{p}y>\d{{4}})年(?:(?P<{p}m>\d{{1,2}})月(?:(?P<{p}d>\d{{1,2}})日)?)?"
_END = r"(?:(?P<by>\d{4})年)?(?:(?P<bm>\d{1,2})月)?(?:(?P<bd>\d{1,2})日)?"
_JOINT = r"(?:至|到|—|——|－|-|–|～|~)"
_FIRST = re.compile(_POINT.format(p="a"))
_SPAN = re.compile(_POINT.format(p="a") + rf"(?:(?P<joint>{_JOINT}){_END})?")


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A date as exactly as it is known; 0 stands for a month or day not given.

    Zeros sort first, so that ``1998年`` precedes ``1998年6月`` in an index.
    """

    year: int
    month: int = 0
    day: int = 0

    @property
    def iso(self) -> str:
        """The date for ``<time datetime>``: ``2018-04-20``, ``1998-06`` or ``2017``."""
        text = f"{self.year:04d}"
        if self.month:
            text += f"-{self.month:02d}"
            if self.day:
                text += f"-{self.day:02d}"
        return text


@dataclass(frozen=True, slots=True, order=True)
class DateSpan:
    """A single date (``last`` is None) or a span of dates."""

    first: Day
    last: Day | None = None

    @property
    def iso(self) -> str:
        """The first day, or ``first/last`` (ISO 8601 interval)."""
        return self.first.iso if self.last is None else f"{self.first.iso}/{self.last.iso}"


class BadDateError(ValueError):
    """The text has the form of a date, but no calendar has that day."""


def _day(year: int, month: int, day: int) -> Day:
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError as error:
        written = f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
        raise BadDateError(written) from error
    return Day(year, month, day)


def match_date(text: str) -> tuple[DateSpan, int] | None:
    """Read the date that ``text`` begins with.

    Returns:
        The date and the number of characters that it takes, or None where the text begins with
        no date.

    Raises:
        BadDateError: It has the form of a date that no calendar has, or a span runs backwards.
    """
    match = _SPAN.match(text)
    if match is None:
        return None
    if match["am"] is not None and int(match["am"]) == 0:
        raise BadDateError(match[0])
    first = _day(*(int(match[f"a{part}"] or 0) for part in "ymd"))
    ending = [match[f"b{part}"] for part in "ymd"]
    if match["joint"] is None or not any(ending):
        return DateSpan(first), match.start("joint") if match["joint"] else match.end()
    year = int(ending[0] or first.year)
    month = int(ending[1] or (first.month if ending[0] is None else 0))
    last = _day(year, month, int(ending[2] or 0))
    if last <= first:
        raise BadDateError(match[0])
    return DateSpan(first, last), match.end()


def words_of_first_day(text: str) -> str:
    """Give the words of a date that name its only or first day, '' where there are none.

    HTML has no spans of days ("The time element"): of ``2018年4月20日至21日`` only the first can be
    marked as a date.
    """
    match = _FIRST.match(text)
    return match[0] if match else ""
