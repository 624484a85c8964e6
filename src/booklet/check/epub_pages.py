"""Rules for printed pages: markers, page list, source (rows P1 to P3).

EPUB Accessibility 1.1, "Page navigation": the list names every marker, in reading order.
"""

from __future__ import annotations

from collections import Counter

from lxml import etree

from booklet.check.epub_file import EPUB_TYPE, Epub, find, resolve, words_of
from booklet.check.epub_metadata import metas
from booklet.check.epub_navigation import entries, navs, squeezed
from booklet.errors import Findings

_MARKERS = "//h:*[contains(concat(' ', @e:type, ' '), ' pagebreak ') or @role='doc-pagebreak']"


def check_pages(epub: Epub, findings: Findings) -> None:
    """Check that markers and page list agree."""
    marked: list[tuple[str, str]] = []
    labels: dict[tuple[str, str], str] = {}
    for path, tree in epub.documents():
        for marker in find(tree, _MARKERS):
            _marker(epub, path, marker, findings)
            target = (path, marker.get("id", ""))
            marked.append(target)
            labels[target] = marker.get("aria-label") or words_of(marker)
    found = navs(epub, "page-list")
    listed: list[tuple[str, str]] = []
    base = "" if epub.nav is None else epub.nav.path
    if found:
        for label, href, link in entries(found[0]):
            target = resolve(base, href)
            listed.append(target)
            if target in labels and squeezed(labels[target]) != squeezed(label):
                findings.error(
                    epub.place(base, link), "epub-page-list",
                    f"the list says {label}, the marker {labels[target]}",
                )  # fmt: skip
        _list(epub, base, found[0], findings)
    _compare(epub, base, marked, listed, findings)
    sources = metas(epub, "pageBreakSource")
    if (marked or found) and len(sources) != 1:
        findings.error(
            epub.place(epub.package_path), "epub-page-source",
            f"pageBreakSource is there {len(sources)} times",
            "it names the printed book whose pages are cited",
        )  # fmt: skip
    if sources and not marked:
        findings.error(
            epub.at(sources[0]), "epub-page-source", "a printed book is named, and no page of it"
        )


def _marker(epub: Epub, path: str, marker: etree._Element, findings: Findings) -> None:
    place = epub.place(path, marker)
    if not marker.get("id"):
        findings.error(place, "epub-page-mark", "a marker has no id, and no list can name it")
    if not (marker.get("aria-label") or words_of(marker)):
        findings.error(place, "epub-page-mark", "a marker does not say its page")
    typed = "pagebreak" in marker.get(EPUB_TYPE, "").split()
    if not typed or marker.get("role") != "doc-pagebreak":
        findings.error(
            place, "epub-page-mark", "a marker has both epub:type and role; readers know one each"
        )
    if find(marker, "ancestor::h:ruby"):
        findings.error(place, "epub-page-mark", "a marker parts a ruby from its reading")


def _list(epub: Epub, path: str, nav: etree._Element, findings: Findings) -> None:
    place = epub.place(path, nav)
    labels = Counter(label for label, _, _ in entries(nav))
    for label, count in labels.items():
        if count > 1:
            findings.error(place, "epub-page-list", f"page {label} is listed {count} times")
    if find(nav, ".//h:li//h:li"):
        findings.error(place, "epub-page-list", "the list is nested, and readers expect it flat")


def _compare(
    epub: Epub,
    base: str,
    marked: list[tuple[str, str]],
    listed: list[tuple[str, str]],
    findings: Findings,
) -> None:
    marks, targets = set(marked), set(listed)
    for path, name in dict.fromkeys(marked):
        if (path, name) not in targets:
            findings.error(epub.place(path), "epub-page-list", f"the marker {name} is not listed")
    for path, name in dict.fromkeys(listed):
        if (path, name) not in marks:
            findings.error(
                epub.place(base), "epub-page-list", f"{path}#{name} is listed and is no marker"
            )
    common = marks & targets
    if [one for one in listed if one in common] != [one for one in marked if one in common]:
        findings.error(epub.place(base), "epub-page-list", "the list is not in reading order")
