"""Markdown to tokens that know their places.

CommonMark with tables, notes, ruby, attributes and fenced containers. Two rules of CommonMark are
left out on purpose: four leading spaces do not make code (editors indent paragraphs so), and
nothing is normalised: an address or a quotation mark stays as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_cjk_friendly import cjk_friendly
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from booklet import limits
from booklet.errors import Findings, Place
from booklet.manuscript import rules
from booklet.manuscript.fields import Fields
from booklet.manuscript.source import Source

_FENCE = re.compile(r":{3,}")


class _State(StateInline):
    """An inline state that notes in ``meta["pos"]`` where each token begins in its text."""

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        # A link is pushed when the parser stands behind its bracket.
        token.meta["pos"] = self.pos - (ttype == "link_open")
        return token


class _Inline(ParserInline):
    """The inline parser, with the state above."""

    def parse(
        self,
        src: str,
        md: MarkdownIt,
        env: Any,
        tokens: list[Token],
    ) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


@cache
def _parser() -> MarkdownIt:
    md = MarkdownIt()
    md.inline = _Inline()
    md.configure(
        "commonmark", {"maxNesting": 2 * limits.BY_NAME["nesting"].value, "store_labels": True}
    )
    md.use(cjk_friendly).enable("table").disable("code")
    teach_marks(md)
    return md


def teach_marks(md: MarkdownIt) -> None:
    """Teach a parser what a manuscript writes beyond CommonMark."""
    md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    md.use(container_plugin, "box", validate=rules.is_container)
    md.inline.ruler.at("footnote_ref", rules.note_call)
    md.inline.ruler.before("link", "ruby", rules.ruby)
    md.inline.ruler.after("link", "span", rules.span)
    md.inline.ruler.push("attributes", rules.attributes_after)
    md.block.ruler.before("fence", "attributes", rules.attributes_line)
    md.block.ruler.at("reference", rules.definition)
    md.core.ruler.after("block", "attributes", rules.resolve_attributes)
    # Addresses stay as written; which of them are allowed is decided where they are used.
    for name, same in (("normalizeLink", str), ("normalizeLinkText", str), ("validateLink", _any)):
        setattr(md, name, same)


def _any(_url: str) -> bool:
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One parsed Markdown text.

    Attributes:
        root: Its blocks; every inline node's children have places.
        key: Distinguishes documents, so that notes of two files may share a label.
    """

    source: Source
    root: SyntaxTreeNode
    key: int

    @property
    def blocks(self) -> tuple[SyntaxTreeNode, ...]:
        """The top-level blocks without the definitions of notes."""
        return tuple(node for node in self.root.children if node.type != "footnote_reference")


def parse(source: Source, key: int, findings: Findings, fields: Fields | None = None) -> Document:
    """Parse Markdown; what the parser itself cannot keep goes to the findings."""
    env: dict[str, Any] = {}
    fields = fields or Fields()
    try:
        tokens = _parser().parse(source.text, env)
        fields.fill(tokens)
        _find_places(tokens, source)
        _limit_growth(tokens, source, findings)
        fields.tell(findings)
        _limit_depth(tokens, source, findings)
        root = SyntaxTreeNode(tokens)
    except _GrownError:
        return Document(source, SyntaxTreeNode([]), key)
    except (RecursionError, IndexError, ValueError, TypeError, KeyError) as error:
        findings.error(
            source.place(0),
            "markup-unsupported",
            f"the Markdown cannot be parsed ({type(error).__name__})",
            "divide the file to find the passage",
        )
        return Document(source, SyntaxTreeNode([]), key)
    _check_definitions(tokens, env, source, findings)
    return Document(source, root, key)


def _check_definitions(
    tokens: list[Token], env: dict[str, Any], source: Source, findings: Findings
) -> None:
    """Tell of link definitions that nothing uses: their words would vanish silently."""
    used = {
        child.meta.get("label")
        for token in tokens
        for child in _all_inline(token)
        if child.type in {"link_open", "image"}
    }
    unused = [found for label, found in env.get("references", {}).items() if label not in used]
    for found in unused + env.get("duplicate_refs", []):
        findings.warning(
            source.start_of(found["map"][0]),
            "link-unused",
            "this link definition is never used and is left out",
            "put \\ before its [ if it is text",
        )


def _all_inline(token: Token) -> list[Token]:
    return (
        [token]
        if token.children is None
        else [x for c in token.children for x in _all_inline(c)] + token.children
    )


# ---- places ----------------------------------------------------------------------------------


def _find_places(tokens: list[Token], source: Source) -> None:
    """Note where each line of every inline token begins in the source, and the joints of lines."""
    cursors: dict[int, int] = {}
    for token in tokens:
        if token.type != "inline" or token.map is None:
            continue
        starts: list[tuple[int, int]] = []
        for index, line in enumerate(token.content.split("\n")):
            row = token.map[0] + index
            text = source.lines[row] if row < len(source.lines) else ""
            at = max(0, text.find(line, cursors.get(row, 0)))
            starts.append((row, at))
            cursors[row] = at + len(line)
        token.meta["starts"] = starts
        _find_joints(token.children or [])
        for child in token.children or []:
            child.meta["place"] = _place_in(token, child, starts, source)


def _place_in(token: Token, child: Token, starts: list[tuple[int, int]], source: Source) -> Place:
    position = min(child.meta.get("pos", 0), len(token.content))
    index = token.content.count("\n", 0, position)
    row, offset = starts[min(index, len(starts) - 1)]
    return source.place(row, offset + position - (token.content.rfind("\n", 0, position) + 1))


def _find_joints(children: list[Token]) -> None:
    """Decide for each soft line break whether it stands for a space."""
    wide = any(is_chinese(char) for token in children for char in token.content)
    for index, token in enumerate(children):
        if token.type == "softbreak":
            before = next((t.content[-1] for t in reversed(children[:index]) if _prints(t)), "")
            after = next((t.content[0] for t in children[index + 1 :] if _prints(t)), "")
            token.meta["space"] = not lines_join(before, after, wide)


def _prints(token: Token) -> bool:
    return token.type in {"text", "code_inline", "ruby"} and bool(token.content)


def is_chinese(char: str) -> bool:
    """Tell whether a character is full-width: an ideograph, kana, or their punctuation."""
    return unicodedata.east_asian_width(char) in "WF" and not "가" <= char <= "힣"


def lines_join(before: str, after: str, wide: bool = False) -> bool:
    """Tell whether two lines join without a space.

    Args:
        before: The last character of the one, '' if there is none.
        after: The first character of the other.
        wide: Whether Chinese stands elsewhere in the paragraph.
    """
    if not before or not after:
        return True
    sides = [is_chinese(before), is_chinese(after)]
    # “ ” … — belong to either script; beside Chinese, or in a Chinese paragraph, to Chinese.
    shared = [char in "“”‘’…—·⸺―" for char in (before, after)]
    if all(sides):
        return True
    return all(a or b for a, b in zip(sides, shared, strict=True)) and (any(sides) or wide)


# ---- limits ----------------------------------------------------------------------------------


def _limit_depth(tokens: list[Token], source: Source, findings: Findings) -> None:
    """Refuse nesting that later stages could only meet with a recursion error."""
    deepest = limits.value("nesting")
    for token in tokens:
        row = token.map[0] if token.map else 0
        if token.level == deepest + 1 and token.nesting == 1:
            _tell_depth(source.start_of(row), findings)
        if token.type == "inline" and _depth(token.children or []) > deepest:
            _tell_depth(source.start_of(row), findings)
            token.children = [Token("text", "", 0, content=token.content, meta={})]


def _depth(children: list[Token]) -> int:
    level = deepest = 0
    for token in children:
        level += token.nesting
        deepest = max(deepest, level)
    return deepest


def _tell_depth(place: Place, findings: Findings) -> None:
    message = f"nested too deeply ({limits.named('nesting')})"
    findings.error(place, "text-limit", message, "write it with fewer levels")


class _GrownError(Exception):
    """The text grew beyond its limit; the finding is recorded."""


_ALLOWED_GROWTH = 1_000_000
"""Characters that even a short text may grow to."""


def _limit_growth(tokens: list[Token], source: Source, findings: Findings) -> None:
    """Refuse what link definitions, which are repeated at each use, made of a small text."""
    grown = sum(_length(token) for token in tokens)
    if grown > _ALLOWED_GROWTH + limits.value("expansion") * len(source.text):
        times = grown // max(len(source.text), 1)
        findings.error(
            source.place(0), "text-limit",
            f"the text grows to {times} times its length ({limits.named('expansion')})",
            "define no long address that many links use",
        )  # fmt: skip
        raise _GrownError


def _length(token: Token) -> int:
    own = len(token.content) + sum(len(str(text)) for text in token.attrs.values())
    return own + sum(_length(child) for child in token.children or ())
