"""Rules for what readers see: cover, excerpts, notes, pictures, characters (rows K, X3 to X5)."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from lxml import etree

from booklet.check.epub_file import Epub, find, is_cover, local, resolve, words_of
from booklet.check.vocabulary import CODE, INLINE, PICTURES
from booklet.errors import Findings

_TIME = re.compile(r"-?\d{4,}(-\d\d(-\d\d)?)?|--\d\d-\d\d")
_RESIDUE = re.compile(r"{{|}}|{%|%}|{#|&[a-z]{2,8};|&#x?[0-9a-fA-F]+;|<built-in ")
_INVISIBLE = frozenset({0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF, 0xFFFC})
_NEAREST = "ancestor::h:*[self::h:figure or self::h:blockquote][1][self::h:blockquote]"
"""A caption of a quotation itself, not of a picture in it."""

_DECORATION = {"presentation", "none"}


def check_cover(epub: Epub, findings: Findings) -> None:
    """Check that shops and shelves find the cover, and that it opens the book (K1, K2)."""
    pictures = [item for item in epub.items.values() if "cover-image" in item.properties]
    metas = find(epub.package, "o:metadata/o:meta[@name='cover']")
    named = [meta.get("content", "") for meta in metas]
    pages = [(number, item, ref) for number, (item, ref) in enumerate(epub.spine)
             if item.path in epub.trees and is_cover(epub.trees[item.path])]  # fmt: skip
    if not (pictures or metas or pages):
        return
    place = epub.place(epub.package_path)
    if len(pictures) != 1:
        findings.error(place, "epub-cover", f"{len(pictures)} pictures have cover-image")
    if named != [item.id for item in pictures]:
        findings.error(
            place, "epub-cover", "meta name=cover does not name the cover picture",
            "readers of EPUB 2 and some shops look there",
        )  # fmt: skip
    for item in pictures:
        if not item.media_type.startswith("image/"):
            findings.error(place, "epub-cover", f"{item.path} is no picture")
    if not pages:
        findings.error(place, "epub-cover", "no page shows the cover picture")
    for number, item, _ in pages:
        tree = epub.trees[item.path]
        if number:
            findings.error(epub.place(item.path), "epub-cover", "the cover does not come first")
        body = find(tree, "/h:html/h:body")
        if body and words_of(body[0]):
            findings.error(epub.place(item.path), "epub-cover", "it holds text")
        shown = find(tree, "//h:img/@src | //s:image/@x:href")
        paths = {resolve(item.path, str(src))[0] for src in shown}
        if paths.isdisjoint(one.path for one in pictures):
            findings.error(epub.place(item.path), "epub-cover", "it shows no cover picture")


def check_pictures(epub: Epub, findings: Findings) -> None:
    """Check that every picture says in words what it shows, or that it is decoration."""
    for path, tree in epub.documents():
        for picture in find(tree, "//h:img | //s:svg"):
            hidden = picture.get("aria-hidden") == "true" or picture.get("role") in _DECORATION
            alt = picture.get("alt")
            name = alt or picture.get("aria-label") or picture.get("aria-labelledby") or ""
            if local(picture) == "svg":
                name = name or "".join(words_of(one) for one in find(picture, "s:title"))
            place = epub.place(path, picture)
            if not hidden and alt is None and not name.strip():
                findings.error(place, "epub-alternative", "a picture has no words for the blind")
            elif name.rsplit(".", 1)[-1].lower() in PICTURES:
                findings.error(place, "epub-alternative", f"{name!r} names a file")
            if local(picture) == "svg" and name and picture.get("role") != "img":
                findings.error(place, "epub-alternative", "a drawing with a name has no role=img")


def check_excerpts(epub: Epub, findings: Findings) -> None:
    """Check quotations and their attributions (X3)."""
    for path, tree in epub.documents():
        for footer in find(tree, f"//h:blockquote//h:footer | //h:figcaption[{_NEAREST}]"):
            findings.error(
                epub.place(path, footer), "epub-quotation",
                "the attribution stands within the quotation; it belongs into figcaption",
            )  # fmt: skip
        for quote in find(tree, "//h:blockquote"):
            if not words_of(quote) and not find(quote, ".//h:img"):
                findings.error(epub.place(path, quote), "epub-quotation", "a quotation is empty")
        for caption in find(tree, "//h:figcaption"):
            if not re.sub(r"[\s—─-]+", "", words_of(caption)):
                findings.error(epub.place(path, caption), "epub-quotation", "a caption is empty")
        for figure in find(tree, "//h:figure[contains(@class, 'excerpt')]"):
            if not find(figure, "h:blockquote"):
                findings.error(epub.place(path, figure), "epub-quotation", "it quotes nothing")
        for time in find(tree, "//h:time"):
            if not _TIME.fullmatch(time.get("datetime") or words_of(time)):
                findings.error(epub.place(path, time), "epub-quotation", "its datetime is no date")


def check_notes(epub: Epub, findings: Findings) -> None:
    """Check that every call leads to a note and every note back to its call."""
    notes: set[tuple[str, str]] = set()
    called: set[tuple[str, str]] = set()
    calls: set[tuple[str, str]] = set()
    for path, tree in epub.documents():
        notes |= {(path, note.get("id", "")) for note in find(tree, "//*[@role='doc-footnote']")}
    for path, tree in epub.documents():
        for call in find(tree, "//h:a[@role='doc-noteref']"):
            calls.add((path, call.get("id", "")))
            target = resolve(path, call.get("href", ""))
            called.add(target)
            if target not in notes:
                findings.error(epub.place(path, call), "epub-note", "a call leads to no note")
    for path, tree in epub.documents():
        for note in find(tree, "//*[@role='doc-footnote']"):
            place = epub.place(path, note)
            if (path, note.get("id", "")) not in called:
                findings.error(place, "epub-note", "no call leads to a note")
            back = find(note, ".//h:a[@role='doc-backlink']")
            if not back:
                findings.error(place, "epub-note", "a note has no way back")
            for link in back:
                if resolve(path, link.get("href", "")) not in calls:
                    findings.error(place, "epub-note", "a note leads back to no call")


def check_characters(epub: Epub, findings: Findings, said: str = "") -> None:
    """Check that no character stands in the text that nobody meant (X4).

    Args:
        epub: The book.
        findings: Told of faults.
        said: The manuscript: what it says itself is no residue of a template.
    """
    good: set[str] = set()
    for path, tree in epub.documents():
        for element in tree.iter("{*}*"):
            for text in filter(None, (element.text, element.tail)):
                if not good.issuperset(text):
                    _text(epub, path, element, text, good, findings)
                found = _RESIDUE.search(text)
                if found and found[0] not in said and not _in_code(element, text):
                    findings.error(
                        epub.place(path, element), "epub-residue",
                        f"{found[0]!r} is left over from a template",
                    )  # fmt: skip
        _gaps(epub, path, tree, findings)


def _text(
    epub: Epub, path: str, element: etree._Element, text: str, good: set[str], findings: Findings
) -> None:
    for char in sorted(set(text) - good):
        if char == "\ufffd":
            findings.error(epub.place(path, element), "epub-replacement", "it holds U+FFFD")
        elif ord(char) in _INVISIBLE or unicodedata.category(char) in {"Co", "Cn"}:
            findings.warning(
                epub.place(path, element), "epub-character",
                f"U+{ord(char):04X} is invisible, or a character of one font alone",
            )  # fmt: skip
        else:
            good.add(char)


def _in_code(element: etree._Element, text: str) -> bool:
    inner = text == (element.text or "")
    around = [*([element] if inner else []), *element.iterancestors()]
    return any(local(one) in CODE for one in around)


def _gaps(epub: Epub, path: str, tree: etree._Element, findings: Findings) -> None:
    """Find white space between two inlines in Han text, which readers see as a gap."""
    for parent in find(tree, "//h:body//h:*"):
        for one, two in pairwise(parent):
            gap = one.tail or ""
            if not gap or gap.strip() or "\u3000" in gap:
                continue
            if local(one) in INLINE and local(two) in INLINE and _meet(one, two):
                findings.warning(
                    epub.place(path, two), "epub-space",
                    f"a space parts {_edge(one, last=True)} and {_edge(two, last=False)}",
                )  # fmt: skip


def _meet(one: etree._Element, two: etree._Element) -> bool:
    return _is_han(_edge(one, last=True)) and _is_han(_edge(two, last=False))


def _edge(element: etree._Element, *, last: bool) -> str:
    text = words_of(element)
    return text[-1:] if last else text[:1]


def _is_han(char: str) -> bool:
    return bool(char) and (
        "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char >= "\U00020000"
        or "\u3001" <= char <= "\u303f" or "\uff01" <= char <= "\uff5e"
    )  # fmt: skip
