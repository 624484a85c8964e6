"""Rules for style sheets (rows S1 to S4).

The reader owns size, colours and typeface of the text; a sheet that takes them is a fault.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import tinycss2

from booklet import limits
from booklet.check.epub_file import Epub, find, resolve
from booklet.check.vocabulary import FONT_SIZES
from booklet.errors import Findings, Place

_WHOLE = re.compile(r"(html|body|p|:root|\*|div|section|blockquote|li)(:[a-z-]+(\([^)]*\))?)?")
_ABSOLUTE = re.compile(r"(?<![\w.#-])(\d*\.)?\d+(px|pt|pc|cm|mm|in|q)\b", re.IGNORECASE)
_ON_TEXT = frozenset({"font", "font-size", "line-height", "text-indent", "letter-spacing"})
_COLOURS = frozenset({"color", "background", "background-color", "background-image"})
_MODEST = frozenset({"inherit", "transparent", "currentcolor", "initial", "unset", "none"})
_BRACKETS = re.compile(r"[(){}\[\]]")
_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:|^//")
_LONGEST_STYLE = 10_000


@dataclass(frozen=True, slots=True)
class _Declaration:
    """One declaration: its selectors, or ``@name`` of the rule that it stands in."""

    selectors: str
    name: str
    words: str
    line: int


def check_style(epub: Epub, findings: Findings) -> None:
    """Check every style sheet, and the ``style`` in documents."""
    sheets = read_sheets(epub, findings)
    vertical = False
    for path, css in sheets.items():
        for one in _declarations(css):
            place = epub.place(path, one.line)
            _declaration(place, one, findings)
            vertical = vertical or _is_vertical(one)
        for url, line in urls(css):
            target = resolve(path, url)[0]
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
            style = element.get("style", "")
            if len(style) > _LONGEST_STYLE or _depth(style) > limits.value("epub-style-depth"):
                findings.error(epub.place(path, element), "epub-style", "its style is endless")
                continue
            for one in _declared("p", style, element.sourceline or 0):
                _declaration(epub.place(path, element), one, findings)
    _direction(epub, findings, vertical=vertical)
    _linked(epub, findings, set(sheets))


def read_sheets(epub: Epub, findings: Findings) -> dict[str, str]:
    """Read the style sheets: as many and as deep as a reader would take."""
    sheets: dict[str, str] = {}
    left = limits.value("epub-style")
    for item in epub.by_path.values():
        if item.media_type != "text/css" or item.path not in epub.names:
            continue
        data = epub.read(item.path, left + 1)
        left -= len(data)
        if left < 0:
            said = f"the book has too much style ({limits.named('epub-style')})"
            findings.error(epub.place(item.path), "epub-style", said)
            return sheets
        css = data.decode("utf-8", "replace")
        if _depth(css) > limits.value("epub-style-depth"):
            said = f"its brackets nest too deep ({limits.named('epub-style-depth')})"
            findings.error(epub.place(item.path), "epub-style", said)
            css = ""
        sheets[item.path] = css
    return sheets


def _depth(css: str) -> int:
    """Tell how deep brackets nest, strings and comments not told apart."""
    deepest = depth = 0
    for bracket in _BRACKETS.findall(css):
        depth = depth + 1 if bracket in "([{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _declarations(css: str) -> Iterator[_Declaration]:
    todo = deque(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
    while todo:
        rule = todo.popleft()
        if rule.type == "qualified-rule":
            selectors = tinycss2.serialize(rule.prelude).strip()
            yield from _declared(selectors, rule.content, 0)
        elif rule.type == "at-rule" and rule.content is not None:
            if rule.lower_at_keyword in {"media", "supports", "layer"}:
                inner = tinycss2.parse_rule_list(
                    rule.content, skip_comments=True, skip_whitespace=True
                )
                todo.extendleft(reversed(inner))
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


def urls(css: str) -> Iterator[tuple[str, int]]:
    """Find what a style sheet loads, with its lines."""
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
