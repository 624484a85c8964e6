"""What our Markdown adds to CommonMark: rules for the parser, each a function of its state.

``{汉字|hànzì}``  ruby;  ``[重点]{.dots}``  a span;  ``{.class #id}``  attributes after a link, a
picture or code, at the end of a heading, or alone on the line above a block;  ``[^1]``  the call of
a note, whether or not the note exists.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_ITEM = r"""(?:[.#][^\s{}.#|=]+|[A-Za-z][\w:-]*=(?:"[^"{}\n]*"|[\w:/.%-]+))"""
ATTRIBUTES = re.compile(rf"\{{[ \t]*({_ITEM}(?:[ \t]+{_ITEM}|(?=[.#]){_ITEM})*)[ \t]*\}}")
_RUBY = re.compile(r"\{([^{}|\n]{1,100})\|([^{}|\n]{1,200})\}")
_NOTE = re.compile(r"\[\^([^\s\[\]]{1,100})\]")
_DEFINITION = re.compile(
    r"\s*\[(?:[^\[\]\\]|\\.)+\]:\s*<?(?:[A-Za-z][A-Za-z0-9+.-]*:|[#/.]|[!-~]+/[!-~]*)"
)
_AFTER = {"image", "code_inline", "link_close", "span_close"}


def parse_attributes(text: str) -> dict[str, str]:
    """Read what stands between the braces: classes, an id and other keys."""
    found: dict[str, str] = {}
    for item in re.findall(_ITEM, text):
        if item[0] == ".":
            found["class"] = f"{found.get('class', '')} {item[1:]}".strip()
        elif item[0] == "#":
            found["id"] = item[1:]
        else:
            key, _, value = item.partition("=")
            found[key] = value.strip('"')
    return found


def _add(token: Token, attributes: dict[str, str]) -> None:
    for key, value in attributes.items():
        if key == "class" and (others := token.attrGet("class")):
            token.attrSet("class", f"{others} {value}")
        else:
            # Kept apart from href, src and start, which the parser itself sets.
            token.attrSet(key if key in {"class", "id"} else f"data-{key}", value)


# ---- within a line ---------------------------------------------------------------------------


def ruby(state: StateInline, silent: bool) -> bool:
    """Parse ``{base|reading}``."""
    match = _RUBY.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("ruby", "ruby", 0)
        token.content = match[1]
        token.info = match[2]
    state.pos = match.end()
    return True


def note_call(state: StateInline, silent: bool) -> bool:
    """Parse ``[^label]``."""
    match = _NOTE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("note_call", "", 0).info = match[1]
    state.pos = match.end()
    return True


def span(state: StateInline, silent: bool) -> bool:
    """Parse ``[words]{.class}``."""
    if state.src[state.pos] != "[":
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos, False)
    match = ATTRIBUTES.match(state.src, end + 1, state.posMax) if end >= 0 else None
    if match is None:
        return False
    if not silent:
        maximum = state.posMax
        opening = state.push("span_open", "span", 1)
        _add(opening, parse_attributes(match[1]))
        state.pos, state.posMax = state.pos + 1, end
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
        state.posMax = maximum
    state.pos = match.end()
    return True


def attributes_after(state: StateInline, silent: bool) -> bool:
    """Parse ``{.class}`` right after a picture, code, a link or a span."""
    if state.pending or not state.tokens or state.src[state.pos] != "{":
        return False
    if silent or state.tokens[-1].type not in _AFTER:
        return False
    match = ATTRIBUTES.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    _add(_opening(state.tokens), parse_attributes(match[1]))
    state.pos = match.end()
    return True


def _opening(tokens: list[Token]) -> Token:
    level = 0
    for token in reversed(tokens):
        level += token.nesting
        if level == 0:
            return token
    return tokens[-1]


# ---- blocks ----------------------------------------------------------------------------------


def attributes_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a line that holds nothing but attributes; they belong to the block below it."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].strip()
    match = ATTRIBUTES.fullmatch(line)
    if match is None:
        return False
    if not silent:
        token = state.push("attributes", "", 0)
        token.map = [start, start + 1]
        _add(token, parse_attributes(match[1]))
        state.line = start + 1
    return True


def definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse ``[label]: address``, but only what is an address.

    CommonMark would take ``[注]: 说明文字`` for one, and the words would vanish.
    """
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    return bool(_DEFINITION.match(line)) and reference(state, start, end, silent)


def is_container(_params: str, _markup: str) -> bool:
    """Take every ``::: something`` for a container; what it is called is looked at later."""
    return bool(_params.strip(": \t"))


# ---- after the blocks ------------------------------------------------------------------------


def resolve_attributes(state: StateCore) -> None:
    """Move attribute lines to the block below, and a heading's own from its end to its opening."""
    kept: list[Token] = []
    waiting: list[Token] = []
    for token in state.tokens:
        if token.type == "attributes":
            waiting.append(token)
            continue
        if waiting and token.nesting >= 0:
            for line in waiting:
                _add(token, {key.removeprefix("data-"): str(v) for key, v in line.attrs.items()})
            waiting = []
        elif waiting:
            kept.extend(waiting)
            waiting = []
        if token.type == "inline" and kept and kept[-1].type == "heading_open":
            _take_from_heading(token, kept[-1])
        kept.append(token)
    state.tokens[:] = kept + waiting


def _take_from_heading(inline: Token, heading: Token) -> None:
    match = next(
        (m for m in ATTRIBUTES.finditer(inline.content) if m.end() == len(inline.content)), None
    )
    if match is not None and inline.content[max(0, match.start() - 1)] not in "\\])`":
        _add(heading, parse_attributes(match[1]))
        inline.content = inline.content[: match.start()].rstrip()
