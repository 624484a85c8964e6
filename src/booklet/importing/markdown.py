"""Foreign Markdown to HTML that knows its lines.

CommonMark with tables, notes, struck-out words, and what our own manuscripts and their neighbours
add: ruby, spans and headings with attributes, containers. HTML in it stays HTML, unless it is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, cast

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from mdit_py_cjk_friendly import cjk_friendly

from booklet import limits
from booklet.errors import Findings, Place
from booklet.importing.elements import BLOCKS, FOREIGN, SILENT
from booklet.importing.refusal import refusal
from booklet.importing.room import LINE
from booklet.manuscript.attribution import closes_paragraph, names_source
from booklet.manuscript.markdown import is_chinese, teach_marks
from booklet.manuscript.nodes import box_params

_KNOWN = BLOCKS | FOREIGN | SILENT | frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "button", "cite", "code", "data",
    "del", "dfn", "em", "font", "i", "img", "input", "ins", "kbd", "label", "mark", "math", "q",
    "rb", "rbc", "rt", "rtc", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "svg", "textarea", "time", "tt", "u", "var", "g", "path", "rect", "circle", "line",
    "polyline", "polygon", "ellipse", "text", "tspan", "image", "use", "defs", "desc",
})  # fmt: skip
"""Names of elements; what else stands in angle brackets is text, as in ``Vec<T>``."""

_TAG = re.compile(r"\s*</?([A-Za-z][A-Za-z0-9-]*)")
_QUOTES = re.compile(r"[\s>]*")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3040-\u30ff가-힣]")


@cache
def _parser() -> MarkdownIt:
    md = MarkdownIt()
    md.configure(
        "commonmark", {"maxNesting": 2 * limits.BY_NAME["nesting"].value, "store_labels": True}
    )
    md.use(cjk_friendly).enable(["table", "strikethrough"])
    teach_marks(md)
    cast("Any", md.renderer).rules.update(_RULES)
    return md


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a text stand in its file.

    Attributes:
        file: The file.
        first: The line of the first row.
        numbers: The line of each row, where they do not simply follow.
    """

    file: str
    first: int = 1
    numbers: tuple[int, ...] = ()

    def line(self, row: int) -> int:
        """Give the line of a row, both as they are counted: lines from 1, rows from 0."""
        return self.numbers[row] if row < len(self.numbers) else self.first + row

    def place(self, row: int) -> Place:
        """Give the place of a row."""
        return Place(self.file, self.line(row))


def to_html(text: str, rows: Rows, findings: Findings) -> str:
    """Render Markdown; each block has the line of the source in `LINE`.

    Args:
        text: Without a header.
        rows: Where it stands in its file.
        findings: What could not be carried.

    Raises:
        InputError: Words of the source are not in the HTML.
    """
    env: dict[str, Any] = {}
    md = _parser()
    try:
        tokens = md.parse(text, env)
    except (RecursionError, IndexError, ValueError, TypeError, KeyError) as error:
        raise refusal(
            Place(rows.file), "import-markup",
            f"the Markdown cannot be parsed ({type(error).__name__})",
            "divide the file to find the passage",
        ) from error  # fmt: skip
    _check_rows(tokens, text.split("\n"), rows)
    _prepare(tokens, rows, _noted(tokens))
    _tell_unused(tokens, env, rows, findings)
    html = str(md.renderer.render(tokens, md.options, env))
    _check_words(text, html, env, rows)
    return f"<body>{html}</body>"


def _noted(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(
        str(token.meta.get("label")) for token in tokens if token.type == "footnote_reference_open"
    )


# ---- tokens, made ready ----------------------------------------------------------------------


def _prepare(tokens: list[Token], rows: Rows, noted: frozenset[str]) -> None:
    """Note lines, and settle what depends on the surroundings of a token."""
    verse: list[bool] = []
    _make_figures(tokens)
    for token in tokens:
        if token.map is not None and token.nesting >= 0:
            token.attrSet(LINE, str(rows.line(token.map[0])))
        if token.type == "container_box_open":
            verse.append("verse" in _box_names(token))
        elif token.type == "container_box_close" and verse:
            verse.pop()
        elif _is_text(token):
            token.type = "prose"
        if token.type == "inline":
            _part_credit(token.children or [])
        for child in token.children or ():
            if child.type == "softbreak" and any(verse):
                child.type, child.tag = "hardbreak", "br"
            elif child.type == "html_inline" and not _is_html(child.content):
                child.type = "text"
            elif child.type == "note_call" and child.info not in noted:
                child.type, child.content = "text", f"[^{child.info}]"


def _make_figures(tokens: list[Token]) -> None:
    """Make a figure of a picture that stands alone with a title, which is its caption."""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        children = token.children or []
        if before.type != "paragraph_open" or [one.type for one in children] != ["image"]:
            continue
        if title := str(children[0].attrs.get("title", "")):
            before.tag = after.tag = "figure"
            children.append(Token("figcaption", "", 0, content=title))


def _part_credit(children: list[Token]) -> None:
    """Keep an attribution that is the last line of its paragraph on a line of its own."""
    breaks = [at for at, child in enumerate(children) if child.type == "softbreak"]
    words = "".join(child.content for child in children[breaks[-1] + 1 :]) if breaks else ""
    if closes_paragraph(words) or names_source(words):
        last = children[breaks[-1]]
        last.type, last.tag = "hardbreak", "br"


def _is_text(token: Token) -> bool:
    """Tell whether a block is neither code nor HTML, though it looks so."""
    if token.type == "code_block":
        return _is_prose(token.content)
    return token.type == "html_block" and not _is_html(token.content)


def _is_prose(text: str) -> bool:
    """Tell whether an indented block is no code: editors indent paragraphs so."""
    return sum(map(is_chinese, text)) * 2 > len("".join(text.split()))


def _is_html(text: str) -> bool:
    match = _TAG.match(text)
    return match is None or match[1].lower() in _KNOWN


def _box_names(token: Token) -> tuple[str, ...]:
    given = box_params(token.info)
    own = str(token.attrs.get("class", "")).split()
    return (*given.names, *given.attributes.get("class", "").split(), *own)


# ---- rendering -------------------------------------------------------------------------------


def _box_open(tokens: Sequence[Token], at: int, *_: Any) -> str:
    token = tokens[at]
    title = box_params(token.info).title
    head = f"<p><strong>{escape(title)}</strong></p>" if title else ""
    names = escape(" ".join(_box_names(token)))
    return f'<div class="{names}" {LINE}="{token.attrs.get(LINE, "")}">{head}'


def _ruby(tokens: Sequence[Token], at: int, *_: Any) -> str:
    return f"<ruby>{escape(tokens[at].content)}<rt>{escape(tokens[at].info)}</rt></ruby>"


def _call(tokens: Sequence[Token], at: int, *_: Any) -> str:
    return f'<a epub:type="noteref" href="#fn:{escape(tokens[at].info)}"></a>'


def _note_open(tokens: Sequence[Token], at: int, *_: Any) -> str:
    token = tokens[at]
    label = escape(str(token.meta.get("label", "")))
    line = token.attrs.get(LINE, "")
    return f'<aside epub:type="footnote" id="fn:{label}" {LINE}="{line}">'


def _figcaption(tokens: Sequence[Token], at: int, *_: Any) -> str:
    return f"<figcaption>{escape(tokens[at].content)}</figcaption>"


def _fence(tokens: Sequence[Token], at: int, *_: Any) -> str:
    token = tokens[at]
    words = token.info.split(maxsplit=1) if token.info.strip() else []
    name = f' class="language-{escape(words[0])}"' if words else ""
    line = token.attrs.get(LINE, "")
    return f'<pre {LINE}="{line}"><code{name}>\n{escape(token.content)}</code></pre>'


def _prose(tokens: Sequence[Token], at: int, *_: Any) -> str:
    line = tokens[at].attrs.get(LINE, "")
    parts = re.split(r"\n[ \t]*\n", tokens[at].content)
    return "".join(f'<p {LINE}="{line}">{escape(part)}</p>' for part in parts if part.strip())


_RULES: dict[str, Callable[..., str]] = {
    "container_box_open": _box_open,
    "container_box_close": lambda *_: "</div>",
    "ruby": _ruby,
    "note_call": _call,
    "footnote_reference_open": _note_open,
    "footnote_reference_close": lambda *_: "</aside>",
    "footnote_anchor": lambda *_: "",
    "prose": _prose,
    "figcaption": _figcaption,
    "fence": _fence,
    "code_block": _fence,
    "attributes": lambda *_: "",
}


# ---- what a parser of Markdown drops ---------------------------------------------------------


def _check_rows(tokens: Sequence[Token], lines: Sequence[str], rows: Rows) -> None:
    """Refuse rows of tables that have more cells than their head: parsers drop the others."""
    columns = 0
    for at, token in enumerate(tokens):
        if token.type == "thead_open":
            columns = sum(1 for one in _until(tokens, at, "thead_close") if one.type == "th_open")
        elif token.type == "tr_open" and token.map is not None:
            written = escapedSplit(_QUOTES.sub("", lines[token.map[0]], count=1).strip())
            written = written[1:] if written and not written[0] else written
            if any(cell.strip() for cell in written[columns:]):
                raise refusal(
                    rows.place(token.map[0]), "import-text-lost",
                    f"the row has more cells than the {columns} of the head of its table",
                    "give the head a cell for each column",
                )  # fmt: skip


def _until(tokens: Sequence[Token], at: int, end: str) -> Iterator[Token]:
    for token in tokens[at:]:
        if token.type == end:
            return
        yield token


def _tell_unused(
    tokens: Sequence[Token], env: dict[str, Any], rows: Rows, findings: Findings
) -> None:
    """Tell of definitions that nothing uses."""
    inner = [child for token in tokens for child in token.children or ()]
    called = {child.info for child in inner if child.type == "note_call"}
    for token in tokens:
        label = str(token.meta.get("label", ""))
        if token.type == "footnote_reference_open" and label not in called:
            findings.warning(
                rows.place(token.map[0] if token.map else 0), "import-changed",
                f"the note [^{label}] is never called; its words are set as a paragraph",
                "call it where it belongs, or delete it",
            )  # fmt: skip
    used = {str(child.meta.get("label")) for child in inner}
    for label, found in env.get("references", {}).items():
        if label not in used:
            findings.warning(
                rows.place(found["map"][0]), "import-not-carried",
                f"the address of [{label}] is never used and is left out",
            )  # fmt: skip


def _check_words(text: str, html: str, env: dict[str, Any], rows: Rows) -> None:
    """Refuse a text of which the HTML has not every ideograph."""
    labels = "".join(str(label) for label in env.get("references", {})) * 20
    kept = Counter(_IDEOGRAPH.findall(html + labels))
    for one in [*env.get("references", {}).values(), *env.get("duplicate_refs", [])]:
        kept.update(_IDEOGRAPH.findall(f"{one.get('title', '')}{one.get('href', '')}"))
    lost = Counter(_IDEOGRAPH.findall(text)) - kept
    for row, line in enumerate(text.split("\n")):
        found = [char for char in line if char in lost]
        if found and not line.lstrip().startswith((":::", "```", "~~~", "{")) and "{" not in line:
            raise refusal(
                rows.place(row), "import-text-lost",
                f"「{''.join(found[:10])}」 is lost when the Markdown is read",
                "look for a definition or an attribute that holds it",
            )  # fmt: skip
