"""Rules for the metadata of the package document (EPUB 3.3, "Metadata"; rows M1 to M8)."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from lxml import etree

from booklet.check.epub_file import XML_LANG, Epub, find
from booklet.check.vocabulary import MARC
from booklet.errors import Findings

# BCP 47 as far as books need it: language, script, region, variants, private use.
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*(-x(-[A-Za-z0-9]+)+)?"
)
_MODIFIED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?)?)?")
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ONE = ("title", "language", "publisher", "date", "rights", "description")
_SLACK = dt.timedelta(minutes=10)


def check_metadata(epub: Epub, findings: Findings, latest: dt.datetime) -> None:
    """Check who, what and when.

    Args:
        epub: The book.
        findings: Told of faults.
        latest: No book was modified later than this; with its time zone.
    """
    _once(epub, findings)
    _identifiers(epub, findings)
    _languages(epub, findings)
    _modified(epub, findings, latest)
    _people(epub, findings)
    _refinements(epub, findings)


def metas(epub: Epub, name: str) -> list[etree._Element]:
    """Find the ``meta`` elements of a property."""
    return [
        meta for meta in find(epub.package, "o:metadata/o:meta") if meta.get("property") == name
    ]


def value(element: etree._Element) -> str:
    """Give the words of a metadata element."""
    return " ".join((element.text or "").split())


def _once(epub: Epub, findings: Findings) -> None:
    for name in _ONE:
        found = find(epub.package, f"o:metadata/d:{name}")
        code = {"title": "epub-title", "language": "epub-language"}.get(name, "epub-metadata")
        if not found and name in {"title", "language"}:
            findings.error(epub.place(epub.package_path), code, f"there is no dc:{name}")
        for extra in found[1:]:
            findings.error(epub.at(extra), code, f"there is a second dc:{name}")
    for element in find(epub.package, "o:metadata/d:* | o:metadata/o:meta[@property]"):
        if not value(element):
            name = element.get("property") or etree.QName(element).localname
            findings.error(epub.at(element), "epub-metadata", f"{name} is empty")
    for element in find(epub.package, "o:metadata/d:date"):
        if not _DATE.fullmatch(value(element)) or not _exists(value(element)):
            findings.error(
                epub.at(element), "epub-metadata",
                f"{value(element)!r} is no date", "2026, 2026-11 or 2026-11-23",
            )  # fmt: skip


def _exists(date: str) -> bool:
    try:
        dt.date.fromisoformat((date[:10] + "-01-01")[:10] if len(date) < 10 else date[:10])
    except ValueError:
        return False
    return True


def _identifiers(epub: Epub, findings: Findings) -> None:
    found = find(epub.package, "o:metadata/d:identifier")
    name = epub.package.get("unique-identifier")
    if [item.get("id") for item in found].count(name) != 1 or not name:
        findings.error(
            epub.place(epub.package_path, epub.package), "epub-identifier",
            "unique-identifier names no dc:identifier",
        )  # fmt: skip
    for item in found:
        words = value(item)
        if words.lower().startswith("urn:uuid:") and not _UUID.fullmatch(words):
            findings.error(epub.at(item), "epub-identifier", f"{words} is no UUID")
        if words.lower().startswith("urn:isbn:") and not is_isbn(words[9:]):
            findings.error(epub.at(item), "epub-isbn", f"the check digit of {words[9:]} is wrong")
        if ":" not in words:
            findings.error(epub.at(item), "epub-identifier", f"{words!r} is no URI")


def is_isbn(text: str) -> bool:
    """Tell whether this is an ISBN of 13 digits, or one of 10, with a right check digit."""
    digits = re.sub("[- ]", "", text)
    if re.fullmatch(r"97[89]\d{10}", digits):
        return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10 == 0
    if re.fullmatch(r"\d{9}[\dXx]", digits):
        values = [10 if digit in "Xx" else int(digit) for digit in digits]
        return sum(number * (10 - at) for at, number in enumerate(values)) % 11 == 0
    return False


def _languages(epub: Epub, findings: Findings) -> None:
    language = epub.language
    place = epub.place(epub.package_path, epub.package)
    if language and not _LANGUAGE.fullmatch(language):
        findings.error(place, "epub-language", f"{language!r} is no language tag (BCP 47)")
    if epub.package.get(XML_LANG) != language:
        findings.error(
            place, "epub-language", f"the package document has no xml:lang=\"{language}\"",
            "without it the language of title and names is unknown",
        )  # fmt: skip


def _modified(epub: Epub, findings: Findings, latest: dt.datetime) -> None:
    found = metas(epub, "dcterms:modified")
    if len(found) != 1:
        findings.error(
            epub.place(epub.package_path), "epub-modified",
            f"dcterms:modified is there {len(found)} times",
        )  # fmt: skip
    for meta in found:
        words = value(meta)
        try:
            moment = dt.datetime.fromisoformat(words) if _MODIFIED.fullmatch(words) else None
        except ValueError:
            moment = None
        if moment is None:
            findings.error(
                epub.at(meta), "epub-modified", f"{words!r} is not written 2026-11-23T08:00:00Z"
            )
        elif moment > latest + _SLACK:
            findings.error(
                epub.at(meta), "epub-modified", f"{words} lies in the future",
                "it is UTC; local time was written as if it were",
            )  # fmt: skip


def _people(epub: Epub, findings: Findings) -> None:
    for meta in metas(epub, "role"):
        if meta.get("scheme") != "marc:relators" or value(meta) not in MARC:
            findings.error(epub.at(meta), "epub-contributor", f"{value(meta)!r} is no MARC relator")
    for meta in metas(epub, "file-as"):
        if meta.get("scheme"):
            findings.error(epub.at(meta), "epub-contributor", "file-as has no scheme")
    for kind in ("creator", "contributor"):
        people = find(epub.package, f"o:metadata/d:{kind}")
        order = []
        for person in people:
            about = f"#{person.get('id')}"
            for meta in metas(epub, "display-seq"):
                if meta.get("refines") == about:
                    number = value(meta)
                    order.append(int(number) if re.fullmatch("[0-9]{1,9}", number) else 0)
        if order and order != list(range(1, len(people) + 1)):
            findings.error(
                epub.at(people[0]), "epub-contributor",
                f"the display-seq of the {kind}s is not 1 to {len(people)}",
            )  # fmt: skip


def _refinements(epub: Epub, findings: Findings) -> None:
    ids = Counter(find_id for find_id in epub.package.xpath("//@id"))
    for name, count in ids.items():
        if count > 1:
            findings.error(
                epub.place(epub.package_path), "epub-metadata", f"the id {name} is there twice"
            )
    for meta in find(epub.package, "o:metadata/o:meta[@refines]"):
        target = meta.get("refines", "")
        if target.removeprefix("#") not in ids:
            findings.error(epub.at(meta), "epub-metadata", f"it refines {target}, not there")
    _series(epub, findings)


def _series(epub: Epub, findings: Findings) -> None:
    """A series has a name twice: EPUB 3's, and that of calibre and the readers that follow it."""
    names = {value(meta) for meta in metas(epub, "belongs-to-collection")}
    legacy = {
        meta.get("name"): meta.get("content", "")
        for meta in find(epub.package, "o:metadata/o:meta[@name]")
    }
    if "calibre:series" in legacy and legacy["calibre:series"] not in names:
        findings.error(
            epub.place(epub.package_path), "epub-metadata",
            f"calibre:series says {legacy['calibre:series']!r}, the collection does not",
        )  # fmt: skip
    positions = {value(meta) for meta in metas(epub, "group-position")}
    if "calibre:series_index" in legacy and legacy["calibre:series_index"] not in positions:
        findings.error(
            epub.place(epub.package_path), "epub-metadata",
            "calibre:series_index and group-position differ",
        )  # fmt: skip
