"""Rules for contents, landmarks and NCX (EPUB 3.3, "Navigation document"; rows N1 to N4)."""

from __future__ import annotations

import re

from lxml import etree

from booklet.check.epub_file import EPUB_TYPE, Epub, find, local, resolve, words_of
from booklet.check.vocabulary import HEADINGS
from booklet.errors import Findings

_TWIN = re.compile(r"\(\d+\)$")

NAMED = ("toc", "landmarks", "page-list")


def navs(epub: Epub, kind: str) -> list[etree._Element]:
    """Find the ``nav`` elements of a kind in the navigation document."""
    tree = None if epub.nav is None else epub.trees.get(epub.nav.path)
    return [nav for nav in find(tree, "//h:nav") if nav.get(EPUB_TYPE) == kind]


def entries(nav: etree._Element) -> list[tuple[str, str, etree._Element]]:
    """Give label, link and element of each entry, in the order of the document."""
    return [(words_of(link), link.get("href", ""), link) for link in find(nav, ".//h:a")]


def check_navigation(epub: Epub, findings: Findings) -> None:
    """Check the navigation document and its double."""
    nav = epub.nav
    if nav is None or nav.path not in epub.trees:
        return  # the manifest's rules have told
    for kind in NAMED:
        found = navs(epub, kind)
        if len(found) > 1 or (kind == "toc" and not found):
            findings.error(
                epub.place(nav.path), "epub-toc", f"there are {len(found)} navs of type {kind}"
            )
    for link in find(epub.trees[nav.path], "//h:nav//h:a"):
        if not words_of(link):
            findings.error(epub.place(nav.path, link), "epub-toc", "an entry has no words")
        if not epub.leads(nav.path, link.get("href", "")):
            findings.error(
                epub.place(nav.path, link), "epub-toc",
                f"{link.get('href')} leads to nothing in the book",
            )  # fmt: skip
    for toc in navs(epub, "toc")[:1]:
        _contents(epub, nav.path, toc, findings)
    _landmarks(epub, nav.path, findings)
    _ncx(epub, findings)


def is_hidden(element: etree._Element) -> bool:
    """Tell whether readers do not show an element."""
    around = [element, *element.iterancestors()]
    return any(
        one.get("hidden") is not None or "display:none" in one.get("style", "").replace(" ", "")
        for one in around
    )


def _contents(epub: Epub, path: str, toc: etree._Element, findings: Findings) -> None:
    in_spine = any(item.path == path for item, _ in epub.spine)
    if is_hidden(toc) and in_spine:
        findings.error(
            epub.place(path, toc), "epub-toc", "the contents are in the reading order and hidden"
        )
    if not find(toc, "h:h1 | h:h2"):
        findings.error(epub.place(path, toc), "epub-toc", "the contents have no heading")
    listed = entries(toc)
    targets = [resolve(path, href)[0] for _, href, _ in listed]
    order = {item.path: number for number, (item, _) in enumerate(epub.spine)}
    named = set(targets)
    for text, _ in epub.texts():
        if text not in named:
            findings.error(epub.place(text), "epub-toc", "the contents do not name it")
    places = [order[target] for target in targets if target in order]
    if places != sorted(places):
        findings.error(epub.place(path, toc), "epub-toc", "the contents are not in reading order")
    for label, href, link in listed:
        _label(epub, path, (label, href, link), findings)


def _label(
    epub: Epub, path: str, entry: tuple[str, str, etree._Element], findings: Findings
) -> None:
    """An entry says what the place it leads to is called (N2)."""
    label, href, link = entry
    target, fragment = resolve(path, href)
    tree = epub.trees.get(target)
    if tree is None:
        return
    if fragment:
        found = epub.ids_of(target).get(fragment)
        heading = words_of(found) if found is not None and local(found) in HEADINGS else ""
    else:
        heading = words_of(title[0]) if (title := find(tree, "//h:title")) else ""
    if heading and not is_title_of(heading, label):
        findings.error(
            epub.place(path, link), "epub-toc",
            f"the contents say {label!r}, {target} calls itself {heading!r}",
        )  # fmt: skip


def squeezed(text: str) -> str:
    """Give a text without white space."""
    return "".join(text.split())


def is_title_of(title: str, heading: str) -> bool:
    """Tell whether a title says what a heading does; of two alike the second has a ``(2)``."""
    said, wanted = squeezed(title), squeezed(heading)
    return said == wanted or _TWIN.sub("", said) == wanted


def _landmarks(epub: Epub, path: str, findings: Findings) -> None:
    found = navs(epub, "landmarks")
    if not found:
        findings.error(
            epub.place(path), "epub-landmarks", "there are no landmarks",
            "readers open a book at its landmark bodymatter",
        )  # fmt: skip
        return
    kinds = [link.get(EPUB_TYPE, "") for _, _, link in entries(found[0])]
    for kind in ("toc", "bodymatter"):
        if kind not in kinds:
            findings.error(
                epub.place(path, found[0]), "epub-landmarks", f"there is no landmark {kind}"
            )
    if "" in kinds:
        findings.error(epub.place(path, found[0]), "epub-landmarks", "a landmark has no epub:type")
    in_spine = any(item.path == path for item, _ in epub.spine)
    if in_spine and not is_hidden(found[0]):
        findings.error(
            epub.place(path, found[0]), "epub-landmarks",
            "the landmarks show amid the contents; they are for machines: hidden",
        )  # fmt: skip


def _ncx(epub: Epub, findings: Findings) -> None:
    """The NCX says the same as the navigation document (N4)."""
    ncx = epub.ncx
    spine = find(epub.package, "o:spine")
    if ncx is None:
        findings.error(
            epub.place(epub.package_path), "epub-ncx", "there is no NCX for readers of EPUB 2"
        )
        return
    if spine and spine[0].get("toc") != ncx.id:
        findings.error(epub.at(spine[0]), "epub-ncx", "the spine does not name the NCX")
    tree = epub.trees.get(ncx.path)
    if tree is None:
        return
    uid = [meta.get("content") for meta in find(tree, "n:head/n:meta[@name='dtb:uid']")]
    identifier = [
        (item.text or "").strip()
        for item in find(epub.package, "o:metadata/d:identifier")
        if item.get("id") == epub.package.get("unique-identifier")
    ]
    if uid != identifier:
        findings.error(epub.place(ncx.path), "epub-ncx", "dtb:uid is not the book's identifier")
    titles = [words(item) for item in find(tree, "n:docTitle/n:text")]
    if titles != [words(item) for item in find(epub.package, "o:metadata/d:title")]:
        findings.error(epub.place(ncx.path), "epub-ncx", f"its title is {''.join(titles)!r}")
    for kind, path in (("toc", "//n:navPoint"), ("page-list", "//n:pageTarget")):
        points = [_point(ncx.path, point) for point in find(tree, path)]
        links = [
            (squeezed(label), *resolve("" if epub.nav is None else epub.nav.path, href))
            for nav in navs(epub, kind)
            for label, href, _ in entries(nav)
        ]
        if points != links:
            findings.error(
                epub.place(ncx.path), "epub-ncx",
                f"its {len(points)} entries are not the {len(links)} of the {kind}",
            )  # fmt: skip
    numbers = [int(item) for item in tree.xpath("//@playOrder") if re.fullmatch("[0-9]{1,9}", item)]
    if sorted(set(numbers)) != list(range(1, len(set(numbers)) + 1)):
        findings.error(epub.place(ncx.path), "epub-ncx", "playOrder has a gap")


def words(element: etree._Element) -> str:
    """Give the words of an element of XML, white space collapsed."""
    return " ".join((element.text or "").split())


def _point(base: str, point: etree._Element) -> tuple[str, str, str]:
    label = "".join(words(item) for item in find(point, "n:navLabel/n:text"))
    src = "".join(item.get("src", "") for item in find(point, "n:content"))
    return squeezed(label), *resolve(base, src)
