"""What other tools say about a document, as keys of our header."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from booklet.errors import Findings, Place
from booklet.importing.elements import Element, classes_of, name_of, words_in
from booklet.importing.tree import Meta

_LANGUAGES = {
    "zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-hans-cn": "zh-Hans",
    "zh-chs": "zh-Hans", "chinese": "zh-Hans", "zh-tw": "zh-Hant", "zh-cht": "zh-Hant",
    "zh-hant-tw": "zh-Hant", "zh-mo": "zh-Hant",
}  # fmt: skip
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ROLES = {"author", "authors", "creator", "editor", "editors", "translator", "translators"}
_CODES = {"a": "aut", "c": "aut", "e": "edt", "t": "trl"}
_LINES = {
    "subtitle": "subtitle", "publisher": "publisher", "rights": "rights",
    "copyright": "rights", "license": "rights", "description": "description",
    "abstract": "description", "summary": "description", "identifier": "identifier",
}  # fmt: skip
_SILENT = {"layout", "draft", "slug", "permalink", "output", "toc", "css", "template", "math",
           "cover-image", "url", "aliases", "weight", "menu", "type", "published", "comments",
           "header-includes", "documentclass", "geometry", "fontsize", "bibliography"}  # fmt: skip
"""Keys that tell a tool what to do, and a reader nothing."""


def meta_of(given: Mapping[str, Any], place: Callable[[str], Place], findings: Findings) -> Meta:
    """Translate what a document says about itself.

    Args:
        given: Keys of YAML or TOML headers of other tools, or of Dublin Core.
        place: Where a key stands.
        findings: Keys and values that could not be carried.
    """
    header: dict[str, object] = {}
    title = ""
    for key, value in given.items():
        name = str(key).lower().strip().replace("_", "-")
        if name == "title":
            title = _line(value)
        elif not _take(header, name, value) and name not in _SILENT and _line(value):
            findings.note(
                place(str(key)), "import-key",
                f"the key {key} is not carried: {_line(value)[:60]}",
                "write it into booklet.yaml if a key there means the same",
            )  # fmt: skip
    return Meta(title, header)


def title_block(body: Element) -> dict[str, tuple[str, Element]]:
    """Find the lines beside a title that pandoc and others mark as author, date and subtitle."""
    found: dict[str, tuple[str, Element]] = {}
    for element in body.iter():
        classes = classes_of(element) if isinstance(element.tag, str) else set()
        if "title" not in classes or name_of(element) not in {"h1", "p"}:
            continue
        for other in element.itersiblings():
            named = classes_of(other) & {"author", "date", "subtitle"}
            if named and name_of(other) == "p" and words_in(other):
                found.setdefault(sorted(named)[0], (words_in(other), other))
        break
    return found


def _take(header: dict[str, object], name: str, value: Any) -> bool:
    """Put a value into the header; False where it has no place there."""
    if name in _ROLES:
        people = [{"name": who, "role": _CODES[name[0]]} for who in _people(value)]
        already = header.get("contributors", [])
        header["contributors"] = [*already, *people] if isinstance(already, list) else people
        return bool(people)
    if name in _LINES and (words := _line(value)):
        header.setdefault(_LINES[name], words)
        return True
    if name in {"lang", "language"}:
        return _put(header, "language", language_of(_line(value)))
    if name == "date":
        return _put(header, "date", date_of(value))
    if name in {"tags", "keywords", "subject", "subjects", "categories"}:
        said = [_line(one) for one in _many(value)]
        already = header.get("subjects", [])
        both = [*(already if isinstance(already, list) else []), *filter(None, said)]
        return _put(header, "subjects", list(dict.fromkeys(both)))
    if name == "isbn":
        return _put(header, "isbn", isbn_of(_line(value)))
    return False


def _put(header: dict[str, object], key: str, value: object) -> bool:
    if value:
        header.setdefault(key, value)
        if key == "subjects":
            header[key] = value
    return bool(value)


def _line(value: Any) -> str:
    """Give a value as one line, '' where it is none."""
    if isinstance(value, (str, int, float, dt.date)) and not isinstance(value, bool):
        return " ".join(str(value).split())[:2000].strip()
    return ""


def _many(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part for part in re.split(r"[,，;；、]", value) if part.strip()]
    return list(value) if isinstance(value, (list, tuple)) else []


def _people(value: Any) -> Iterator[str]:
    """Yield names, however they are given."""
    if isinstance(value, Mapping):
        yield from _people(value.get("name", value.get("text", "")))
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _people(one)
    elif words := _line(value):
        yield words


def language_of(said: str) -> str:
    """Give the tag of a language as our themes know it, '' where it is none."""
    tag = said.strip().replace("_", "-")
    known = _LANGUAGES.get(tag.lower(), tag)
    first, *others = known.split("-")
    cased = (part.upper() if len(part) == 2 else part.title() for part in others)
    return "-".join([first.lower(), *cased]) if _TAG.fullmatch(known) else ""


def date_of(value: Any) -> str:
    """Give a date as the header has it, '' where none is meant or none exists."""
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    match = re.match(
        r"\s*(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?)?", text
    )  # fmt: skip
    if match is None:
        return ""
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        dt.date(max(year, 1), month or 1, day or 1)
    except ValueError:
        return ""
    written = f"{year:04d}" + (f"-{month:02d}" if month else "")
    return written + (f"-{day:02d}" if day else "")


def isbn_of(said: str) -> str:
    """Give an ISBN of 13 digits that adds up, '' for anything else."""
    digits = re.sub(r"[^0-9Xx]", "", said.upper().removeprefix("URN:ISBN:"))
    if len(digits) != 13 or not digits.isdigit() or digits[:3] not in {"978", "979"}:
        return ""
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
    return digits if total % 10 == 0 else ""
