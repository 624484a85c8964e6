"""Rules for style sheets and the fonts that they carry (rows S1 to S4, F1).

The reader owns size, colours and typeface of the text; a sheet that takes them is a fault.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import tinycss2

from booklet.check.epub_file import Epub, find, resolve
from booklet.check.epub_metadata import metas, value
from booklet.check.vocabulary import FONT_SIZES
from booklet.errors import Findings, Place

_LICENCES = "META-INF/font-licences.txt"
_WHOLE = re.compile(r"(html|body|p|:root|\*|div|section|blockquote|li)(:[a-z-]+(\([^)]*\))?)?")
_ABSOLUTE = re.compile(r"(?<![\w.#-])(\d*\.)?\d+(px|pt|pc|cm|mm|in|q)\b", re.IGNORECASE)
_ON_TEXT = frozenset({"font", "font-size", "line-height", "text-indent", "letter-spacing"})
_COLOURS = frozenset({"color", "background", "background-color", "background-image"})
_MODEST = frozenset({"inherit", "transparent", "currentcolor", "initial", "unset", "none"})
_FONT_TYPES = ("font/", "application/vnd.ms-opentype", "application/font-")
_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:|^//")
_LICENCE, _LICENCE_URL = 13, 14


@dataclass(frozen=True, slots=True)
class _Declaration:
    """One declaration: its selectors, or ``@name`` of the rule that it stands in."""

    selectors: str
    name: str
    words: str
    line: int


def check_style(epub: Epub, findings: Findings) -> None:
    """Check every style sheet, and the ``style`` in documents."""
    sheets = {
        item.path: epub.read(item.path).decode("utf-8", "replace")
        for item in epub.items.values()
        if item.media_type == "text/css"
    }
    vertical = False
    loaded: set[str] = set()
    for path, css in sheets.items():
        for one in _declarations(css):
            place = epub.place(path, one.line)
            _declaration(place, one, findings)
            vertical = vertical or _is_vertical(one)
        for url, line in _urls(css):
            target = resolve(path, url)[0]
            loaded.add(target)
            if _URL.match(url) and not url.startswith("data:"):
                findings.error(
                    epub.place(path, line), "epub-link", f"{url} would be loaded from outside"
                )
            elif not _URL.match(url) and target not in epub.names:
                findings.error(
                    epub.place(path, line), "epub-link", f"{url} leads to nothing in the book"
                )
    for path, tree in epub.documents():
        for element in find(tree, "//h:*[@style]"):
            for one in _declared("p", element.get("style", ""), element.sourceline or 0):
                _declaration(epub.place(path, element), one, findings)
    _direction(epub, findings, vertical=vertical)
    _linked(epub, findings, set(sheets))
    check_fonts(epub, findings, loaded)


def _declarations(css: str) -> Iterator[_Declaration]:
    todo = list(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
    while todo:
        rule = todo.pop(0)
        if rule.type == "qualified-rule":
            selectors = tinycss2.serialize(rule.prelude).strip()
            yield from _declared(selectors, rule.content, 0)
        elif rule.type == "at-rule" and rule.content is not None:
            if rule.lower_at_keyword in {"media", "supports", "layer"}:
                todo = [
                    *tinycss2.parse_rule_list(
                        rule.content, skip_comments=True, skip_whitespace=True
                    ),
                    *todo,
                ]
            else:
                yield from _declared(f"@{rule.lower_at_keyword}", rule.content, 0)


def _declared(selectors: str, content: object, line: int) -> Iterator[_Declaration]:
    for item in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if item.type == "declaration":
            words = tinycss2.serialize(item.value).strip()
            yield _Declaration(selectors, item.lower_name, words, line or item.source_line)


def _declaration(place: Place, one: _Declaration, findings: Findings) -> None:
    """Judge one declaration (S2)."""
    if one.selectors.startswith("@"):
        return
    named = [part.strip() for part in one.selectors.split(",")]
    on_body = any(_WHOLE.fullmatch(part.split()[-1]) for part in named if part)
    absolute = _ABSOLUTE.search(one.words) is not None
    keyword = one.name == "font-size" and one.words.lower() in FONT_SIZES
    if one.name in _ON_TEXT and (absolute or keyword):
        findings.error(
            place, "epub-style", f"{one.name}: {one.words} does not grow with the reader's size",
            "write em",
        )  # fmt: skip
    if on_body and one.name in _COLOURS and one.words.lower() not in _MODEST:
        findings.error(
            place, "epub-style", f"{one.name}: {one.words} is for the reader to choose",
            "a colour of text or page breaks the night mode",
        )  # fmt: skip
    if on_body and one.name == "position" and one.words in {"fixed", "absolute"}:
        findings.error(place, "epub-style", f"position: {one.words} breaks pages that flow")
    if on_body and one.name == "font-size" and not one.words.lower().startswith(("1em", "100%")):
        ratio = re.fullmatch(r"((?:\d*\.)?\d+)(em|rem|%)", one.words)
        if ratio and any(part in {"html", "body", ":root"} for part in named):
            findings.error(
                place, "epub-style", f"the text is set at {one.words} of the reader's own size"
            )


def _is_vertical(one: _Declaration) -> bool:
    whole = any(part.strip() in {"html", "body", ":root"} for part in one.selectors.split(","))
    return whole and one.name.endswith("writing-mode") and "vertical-rl" in one.words


def _direction(epub: Epub, findings: Findings, *, vertical: bool) -> None:
    """Vertical text turns its pages from right to left (S4)."""
    for spine in find(epub.package, "o:spine"):
        way = spine.get("page-progression-direction", "ltr")
        if way not in {"ltr", "rtl", "default"}:
            findings.error(epub.at(spine), "epub-spine", f"no reading direction is called {way}")
        elif vertical and way != "rtl":
            findings.error(
                epub.at(spine),
                "epub-spine",
                "the text is vertical, its pages turn from the left",
            )
        elif way == "rtl" and not vertical and epub.language.startswith(("zh", "ja")):
            findings.error(
                epub.at(spine),
                "epub-spine",
                "pages turn from the right, and no text is vertical",
            )


def _urls(css: str) -> Iterator[tuple[str, int]]:
    todo = list(tinycss2.parse_component_value_list(css, skip_comments=True))
    while todo:
        token = todo.pop()
        if token.type == "url":
            yield token.value, token.source_line
        elif token.type == "function" and token.lower_name == "url":
            for inner in token.arguments:
                if inner.type == "string":
                    yield inner.value, token.source_line
        elif token.type == "function":
            todo += token.arguments
        elif hasattr(token, "content") and token.content is not None:
            todo += token.content


def _linked(epub: Epub, findings: Findings, sheets: set[str]) -> None:
    """Every document has the book's style; the contents are a page as the others are."""
    for path, tree in epub.documents():
        links = find(tree, "//h:link[@rel='stylesheet']")
        if sheets and not any(resolve(path, link.get("href", ""))[0] in sheets for link in links):
            findings.error(epub.place(path), "epub-style", "it has no style sheet")


def check_fonts(epub: Epub, findings: Findings, loaded: set[str]) -> None:
    """Check that carried fonts are allowed, used, and shown by every reader (F1).

    Args:
        epub: The book.
        findings: Told of faults.
        loaded: Paths that style sheets name.
    """
    fonts = [item for item in epub.items.values() if item.media_type.startswith(_FONT_TYPES)]
    specified = [value(meta) for meta in metas(epub, "ibooks:specified-fonts")]
    place = epub.place(epub.package_path)
    if fonts and specified != ["true"]:
        findings.error(
            place, "epub-font", "ibooks:specified-fonts is not true, and Apple Books ignores fonts"
        )
    if fonts and _LICENCES not in epub.names:
        findings.error(
            place, "epub-font", f"the licences of the fonts are missing: {_LICENCES}",
            "the Open Font License asks that it goes with every copy",
        )  # fmt: skip
    for item in fonts:
        if item.path not in loaded:
            findings.error(epub.place(item.path), "epub-font", "no style sheet uses it")
        if item.media_type.endswith("woff2"):
            findings.warning(
                epub.place(item.path), "epub-font-format", "Apple Books and Kobo know no WOFF2"
            )
        if item.path in epub.names:
            _licence(epub, item.path, findings)


def _licence(epub: Epub, path: str, findings: Findings) -> None:
    """A font may be embedded and says under which licence."""
    from fontTools.ttLib import TTFont, TTLibError

    place = epub.place(path)
    try:
        with TTFont(io.BytesIO(epub.read(path)), lazy=True) as font:
            restricted = "OS/2" in font and bool(font["OS/2"].fsType & 0x0002)
            names = font.get("name")
            said = names is not None and any(
                names.getDebugName(number) for number in (_LICENCE, _LICENCE_URL)
            )
    except (TTLibError, AssertionError, KeyError, ValueError, OSError, IndexError) as error:
        findings.error(place, "epub-font", f"it cannot be read: {error}")
        return
    except Exception as error:  # fontTools raises struct.error and others on damaged tables
        findings.error(place, "epub-font", f"it cannot be read: {type(error).__name__}")
        return
    if restricted:
        findings.error(place, "epub-font", "its maker forbids embedding (OS/2 fsType)")
    if not said:
        findings.error(place, "epub-font", "it does not say its licence (name records 13 and 14)")
