"""Rules for the documents as such: language, title, headings, roles, links (rows X1, X2, Z1)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from lxml import etree

from booklet.check.epub_file import (
    EPUB_TYPE,
    NCX_TYPE,
    XLINK_HREF,
    XML_LANG,
    Epub,
    find,
    is_cover,
    local,
    words_of,
)
from booklet.check.epub_navigation import is_title_of
from booklet.check.vocabulary import HEADINGS
from booklet.errors import Findings

_ROLES = {
    "abstract": "doc-abstract",
    "afterword": "doc-afterword",
    "appendix": "doc-appendix",
    "backlink": "doc-backlink",
    "bibliography": "doc-bibliography",
    "chapter": "doc-chapter",
    "colophon": "doc-colophon",
    "conclusion": "doc-conclusion",
    "dedication": "doc-dedication",
    "endnotes": "doc-endnotes",
    "epigraph": "doc-epigraph",
    "epilogue": "doc-epilogue",
    "footnote": "doc-footnote",
    "foreword": "doc-foreword",
    "glossary": "doc-glossary",
    "index": "doc-index",
    "introduction": "doc-introduction",
    "noteref": "doc-noteref",
    "page-list": "doc-pagelist",
    "part": "doc-part",
    "preface": "doc-preface",
    "prologue": "doc-prologue",
    "toc": "doc-toc",
}
"""EPUB's own terms and the roles of DPUB-ARIA that say the same to assistive technology."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_OUT = ("http:", "https:", "mailto:", "tel:")
_LOADED = ("src", "poster", "data")


def check_documents(epub: Epub, findings: Findings) -> None:
    """Check each document, and that no two have one title."""
    titles: defaultdict[str, list[str]] = defaultdict(list)
    for path, tree in epub.trees.items():
        if epub.by_path[path].media_type == NCX_TYPE:
            continue
        if local(tree) != "html" or not find(tree, "/h:html/h:body"):
            findings.error(epub.place(path), "epub-markup", "it is no XHTML document")
            continue
        _language(epub, path, tree, findings)
        titles[_title(epub, path, tree, findings)].append(path)
        _headings(epub, path, tree, findings)
        _roles(epub, path, tree, findings)
        _links(epub, path, tree, findings)
    for title, paths in titles.items():
        if title and len(paths) > 1:
            findings.error(
                epub.place(paths[1]), "epub-document-title",
                f"it has the title {title!r}, as {paths[0]} has",
            )  # fmt: skip


def _language(epub: Epub, path: str, tree: etree._Element, findings: Findings) -> None:
    for name, said in (("lang", tree.get("lang")), ("xml:lang", tree.get(XML_LANG))):
        if said != epub.language:
            findings.error(
                epub.place(path, tree), "epub-language",
                f"{name} is {said}, the book is in {epub.language}",
                "a voice would read it as the wrong language, and fonts would change",
            )  # fmt: skip


def _title(epub: Epub, path: str, tree: etree._Element, findings: Findings) -> str:
    found = find(tree, "/h:html/h:head/h:title")
    title = words_of(found[0]) if found else ""
    if not title:
        findings.error(epub.place(path, tree), "epub-document-title", "it has no title")
    return title


def _headings(epub: Epub, path: str, tree: etree._Element, findings: Findings) -> None:
    """One ``h1`` stands first, and no level is skipped (WCAG 1.3.1, 2.4.6)."""
    headings = [one for one in find(tree, "//h:*") if local(one) in HEADINGS]
    headings = [one for one in headings if not find(one, "ancestor-or-self::h:*[@hidden]")]
    level = 0
    for number, heading in enumerate(headings):
        place = epub.place(path, heading)
        here = int(local(heading)[1])
        if not words_of(heading) and not find(heading, ".//h:img[@alt!='']"):
            findings.error(place, "epub-heading", "a heading is empty")
        if not number and here != 1:
            findings.error(place, "epub-heading", f"the first heading is h{here}, not h1")
        elif number and here == 1:
            findings.error(place, "epub-heading", "there is a second h1")
        elif number and here > level + 1:
            findings.error(place, "epub-heading", f"h{here} follows h{level}")
        level = here
    titles = find(tree, "/h:html/h:head/h:title")
    first = next((words_of(one, calls=False) for one in headings if local(one) == "h1"), "")
    if first and titles and _is_chapter(tree) and not is_title_of(words_of(titles[0]), first):
        findings.error(
            epub.place(path, titles[0]), "epub-document-title",
            f"its title is {words_of(titles[0])!r}, its heading {first!r}",
        )  # fmt: skip


def _is_chapter(tree: etree._Element) -> bool:
    return bool(find(tree, "//h:section[@role='doc-chapter']"))


def _roles(epub: Epub, path: str, tree: etree._Element, findings: Findings) -> None:
    for element in find(tree, "//h:*[@e:type]"):
        if local(element) == "a" and find(element, "ancestor::h:nav"):
            continue  # landmarks name what lies elsewhere
        for term in element.get(EPUB_TYPE, "").split():
            wanted = _ROLES.get(term)
            hidden = element.get("hidden") is not None
            if wanted and not hidden and wanted not in element.get("role", "").split():
                findings.error(
                    epub.place(path, element), "epub-role",
                    f"epub:type={term} has no role={wanted} beside it",
                )  # fmt: skip
    for body in find(tree, "/h:html/h:body[@role or @e:type]"):
        findings.error(epub.place(path, body), "epub-role", "body has a role")
    ids = epub.ids_of(path)
    for element in find(tree, "//*[@aria-labelledby or @aria-describedby]"):
        names = f"{element.get('aria-labelledby', '')} {element.get('aria-describedby', '')}"
        for name in names.split():
            if name not in ids:
                findings.error(
                    epub.place(path, element), "epub-role", f"it is labelled by {name}, not there"
                )
    if not is_cover(tree):
        roles = Counter(one.get("role") for one in find(tree, "//h:section[@role]"))
        for role in ("doc-chapter", "doc-preface", "doc-colophon"):
            if roles[role] > 1:
                findings.error(
                    epub.place(path), "epub-role", f"role={role} is there {roles[role]} times"
                )


def _links(epub: Epub, path: str, tree: etree._Element, findings: Findings) -> None:
    in_nav = epub.nav is not None and path == epub.nav.path
    for element in tree.iter("{*}*"):
        for name in (*_LOADED, "href", XLINK_HREF):
            url = element.get(name)
            if url is None or (in_nav and local(element) == "a"):
                continue
            place = epub.place(path, element)
            loaded = local(element) not in {"a", "area"}
            if not _SCHEME.match(url) and not url.startswith("//"):
                if not epub.leads(path, url):
                    findings.error(place, "epub-link", f"{url} leads to nothing in the book")
            elif loaded:
                findings.error(place, "epub-link", f"{url} would be loaded from outside the book")
            elif not url.lower().startswith(_OUT):
                findings.error(place, "epub-link", f"{url} leads where no reader can follow")
