"""Attribution lines: ``——2018年4月20日至21日，在…会议上的讲话`` or ``——李白``."""

from __future__ import annotations

import re

from booklet.errors import Findings, Place
from booklet.manuscript.inlines import split
from booklet.model.content import Attribution, Inlines, plain
from booklet.model.dates import BadDateError, DateSpan, match_date

_DASH = re.compile(r"\s*(?:——|――|⸺|──)[—―─]*\s*")
_SOURCE = re.compile(r"\s*（《[^（）。！？\n]{1,76}）\s*")
_CLOSING = "。.；;！!？?”’》」』〉）)】] \u3000"
_KIND = re.compile(
    "(?:书面致辞|视频致辞|致辞|致词|开幕词|闭幕词|主旨演讲|演讲|讲演|主旨讲话|视频讲话|重要讲话|讲话|"
    "贺信|贺电|贺词|回信|复信|公开信|慰问信|慰问电|唁电|电报|家书|来信|信|谈话|批示|指示|"
    "工作报告|报告|署名文章|文章|发言|答记者问|采访|专访|题词|说明|序言|日记|声明|通知|决定|意见|"
    "講話|賀信|賀電|談話|致辭|演講|報告|發言|答記者問)$"
)
"""What an occasion may end in; a search finds the longest."""


def opens_attribution(text: str) -> bool:
    """Tell whether a line opens as an attribution does: with a Chinese dash and words after it."""
    match = _DASH.match(text)
    return match is not None and match.end() < len(text)


def names_source(text: str) -> bool:
    """Tell whether a line is nothing but the name of a work in brackets: ``（《文选》第3卷）``."""
    return _SOURCE.fullmatch(text) is not None


def is_credit(text: str) -> bool:
    """Tell whether a paragraph is an attribution where texts have them."""
    return opens_attribution(text) or names_source(text)


def closes_paragraph(line: str) -> bool:
    """Tell whether the last line of a paragraph is its attribution and not a wrapped sentence."""
    return (
        opens_attribution(line) and len(line) <= 80 and line.rstrip()[-1] not in "。！？…；，、："
    )


def kind_of(occasion: str) -> str:
    """Give the known word that an occasion ends in, '' if none."""
    match = _KIND.search(occasion.rstrip(_CLOSING))
    return match[0] if match else ""


def read_attribution(
    inlines: Inlines, place: Place, findings: Findings, date_place: Place | None = None
) -> Attribution:
    """Read a line that `opens_attribution`; its words are kept as they are.

    Args:
        inlines: The line, from its dash on.
        place: Where the line begins.
        findings: Where a date that no calendar has is told.
        date_place: Where the date begins; else it is counted from ``place``.
    """
    text = plain(inlines)
    dash = _DASH.match(text)
    start = dash.end() if dash else 0
    date, length = _date(text[start:], findings, date_place or _after(place, start))
    end = start + length
    if length and text[end : end + 1] in {"，", ","}:
        end += 1
    lead, rest = split(inlines, end)
    occasion = plain(rest).strip()
    return Attribution(
        lead=lead,
        rest=rest,
        place=place,
        date=date,
        date_text=text[start : start + length],
        occasion=occasion,
        kind=kind_of(occasion),
    )


def _after(place: Place, count: int) -> Place:
    return Place(place.file, place.line, place.column + count if place.column else 0)


def _date(text: str, findings: Findings, place: Place) -> tuple[DateSpan | None, int]:
    try:
        found = match_date(text)
    except BadDateError as error:
        findings.error(
            place, "date-invalid", f"no calendar has {error}", "correct the date, or its span"
        )
        return None, 0
    return found if found is not None else (None, 0)
