"""Fonts that an e-book carries: which characters of it each role sets, and the sheet that says so.

A theme's ``epub.css`` names system fonts, for the reader's own are the best there are. Where a
``font-family`` begins with a comment that names a role, ``/*song*/``, a carried font goes there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import cssselect2
import tinycss2
from lxml import etree

from booklet.typeset.segments import INVISIBLE, XHTML

_ROLE = re.compile(r"/\*\s*([a-z][a-z0-9-]*)\s*\*/")
_WEIGHTS = {"normal": 400, "bold": 700, "bolder": 700, "lighter": 400}
_BOLD = 600
_HAN = 0x2E80  # letters and marks below it are in every font
_BOLD_BY_NATURE = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_NUMBERS = frozenset("0123456789.")  # of a list, which the reading system counts
_CODECS = (("zh-hant", "big5hkscs"), ("zh-tw", "big5hkscs"), ("zh-hk", "big5hkscs"),
           ("zh", "gb18030-2000"), ("ja", "cp932"), ("ko", "cp949"))  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """A role of the theme at one weight."""

    role: str
    bold: bool


def uses_of(documents: Iterable[etree._Element], css: str) -> dict[Use, frozenset[str]]:
    """Find out which characters each role sets, as a reading system cascades the sheet.

    Args:
        documents: Bodies of the e-book.
        css: Its style sheet, with roles as comments in ``font-family``.
    """
    matcher = _matcher(css)
    found: defaultdict[Use, set[str]] = defaultdict(set)
    for document in documents:
        document.tag = f"{XHTML}body"  # the fragment stands in one
        root = cssselect2.ElementWrapper.from_html_root(document)
        _walk(root, Use("", bold=False), matcher, found)
    return {use: frozenset(chars) for use, chars in sorted(found.items()) if use.role}


def _matcher(css: str) -> cssselect2.Matcher:
    matcher = cssselect2.Matcher()
    for rule in tinycss2.parse_stylesheet(css):
        if rule.type != "qualified-rule":
            continue
        declared = dict(_declared(rule.content))
        if not declared:
            continue
        try:
            selectors = cssselect2.compile_selector_list(rule.prelude)
        except cssselect2.SelectorError:
            continue
        for selector in selectors:
            if selector.pseudo_element is None:
                matcher.add_selector(selector, declared)
    return matcher


def _declared(content: list[object]) -> Iterator[tuple[str, str]]:
    for item in tinycss2.parse_blocks_contents(content):
        if item.type == "declaration" and item.lower_name in {"font-family", "font-weight"}:
            yield item.lower_name, tinycss2.serialize(item.value).strip()


def _walk(
    element: cssselect2.ElementWrapper,
    around: Use,
    matcher: cssselect2.Matcher,
    found: defaultdict[Use, set[str]],
) -> None:
    node = element.etree_element
    if not isinstance(node.tag, str):
        return
    here = Use(around.role, around.bold or element.local_name in _BOLD_BY_NATURE)
    for _, _, _, declared in sorted(matcher.match(element), key=lambda match: match[:2]):
        role, bold = here.role, here.bold
        if "font-family" in declared:
            match = _ROLE.search(declared["font-family"])
            role = match[1] if match else ""
        if "font-weight" in declared:
            weight = declared["font-weight"]
            bold = int(_WEIGHTS.get(weight, weight if weight.isdecimal() else 400)) >= _BOLD
        here = Use(role, bold)
    found[here] |= _characters(node.text)
    if element.local_name == "ol":
        found[here] |= _NUMBERS
    for child in element.iter_children():
        _walk(child, here, matcher, found)
        found[here] |= _characters(child.etree_element.tail)


def _characters(text: str | None) -> set[str]:
    """Give the characters that a stretch of text shows; a space is a glyph as well."""
    shown = {" " if char in "\t\n\f\r" else char for char in text or ""}
    return {char for char in shown if char.isspace() or ord(char) not in INVISIBLE}


def rare(characters: Iterable[str], language: str) -> frozenset[str]:
    """Keep the characters that the fonts of reading systems may lack.

    Those of a Chinese reader are made for the national character sets: what these lack, most
    readers show as a box.
    """
    codec = next((name for tag, name in _CODECS if language.lower().startswith(tag)), "gbk")
    codec = "gbk" if codec == "gb18030-2000" else codec
    return frozenset(char for char in characters if not _encodes(char, codec))


def _encodes(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return ord(char) < _HAN
    return True


def family_of(role: str) -> str:
    """Name the family of a carried font."""
    return f"Booklet {role.capitalize()}"


def carry(css: str, faces: Mapping[Use, tuple[str, frozenset[str] | None]]) -> str:
    """Write the carried fonts into a style sheet.

    Args:
        css: The style sheet with roles as comments.
        faces: The file of each face, relative to the sheet, and the characters that it alone is
            for; None where it sets all of its role.
    """
    rules = []
    for use, (href, only) in sorted(faces.items()):
        limits = f"  unicode-range: {_ranges(only)};\n" if only else ""
        rules.append(
            f'@font-face {{\n  font-family: "{family_of(use.role)}";\n'
            f"  font-weight: {'bold' if use.bold else 'normal'};\n  font-style: normal;\n"
            f'  src: url("{href}");\n{limits}}}\n'
        )
    roles = {use.role for use in faces}

    def put(match: re.Match[str]) -> str:
        return f'"{family_of(match[1])}",' if match[1] in roles else match[0]

    head, rest = _after_charset(css)
    return head + "".join(rules) + _ROLE.sub(put, rest)


def _after_charset(css: str) -> tuple[str, str]:
    if not css.startswith("@charset"):
        return "", css
    head, _, rest = css.partition(";")
    return f"{head};\n", rest.lstrip("\n")


def _ranges(characters: frozenset[str]) -> str:
    return ", ".join(f"U+{ord(char):X}" for char in sorted(characters))
