"""Calls of notes on pages, the marks before notes, and what stands where a note is called again.

The numbers are not here: style sheets count, for only the pages tell which note is the first of
its page. Elements with `data-generated` wait for such words; what they say is read from the pages
(`generated`), so that the proof expects it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from html import escape

from booklet.typeset.book import PagedBook, Segment
from booklet.typeset.segments import parse_fragment, segments_of, visible

WORD_JOINER = "\u2060"
"""Keeps the call of a note with its word; it is never extracted as text."""

ELSEWHERE = "见第{page}页注{mark}。"
"""What stands for a note that is called again on another page, where a theme has no words."""

_CODES = (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))
MARKS = "".join(map(chr, _CODES))
"""① to ㊿, each one em wide."""

_SYMBOLS = " ".join(f'"{mark}"' for mark in MARKS)
COUNTER_SHEET = f"@counter-style circled-decimal {{ system: fixed; symbols: {_SYMBOLS} }}\n"
"""The numbers of notes, under the name that CSS Ready-made Counter Styles gives them."""

_BODY = re.compile(r"<body>\n(.*)\n</body>", re.DOTALL)


def call(
    note: str, id_: str, where: str, *, in_link: bool = False, target: str = "", again: str = ""
) -> str:
    """Write the call of a note.

    Args:
        note: Id of the note.
        id_: Id of this call; unique in the book.
        where: Stream of the words around it: `note` in a note, else ''.
        in_link: It stands in a link, and cannot be another one.
        target: Id of what it leads to, if not the note.
        again: Name of a further call.
    """
    tag = "span" if in_link else "a"
    name, href = escape(id_), escape(target or f"note-{note}")
    twice = f' data-call="{escape(again)}"' if again else ""
    return (
        f'{WORD_JOINER}<{tag} class="note-call" id="{name}" href="#{href}" '
        f'data-added="{where}" data-generated="{name}"{twice}></{tag}>'
    )


def footnote(id_: str, called_from: str, body: str) -> str:
    """Write a note: its mark, which leads back to the call, and its words."""
    name = escape(id_)
    return (
        f'<span class="footnote" id="{name}"><a class="note-mark" href="#{escape(called_from)}" '
        f'data-added="note" data-generated="{name}"></a>{body}</span>'
    )


def call_again(note: str, count: int, where: str, words: str, *, in_link: bool = False) -> str:
    """Write a further call of a note, for both cases of which the pages decide.

    On the page of the note it carries the note's own mark. On another page that mark would belong
    to another note: there it calls a note of its own, which says where the first one stands.

    Args:
        note: Id of the note.
        count: 2 for the second call, and so on.
        where: As for `call`.
        words: Say where a note is; with ``{page}`` and ``{mark}``.
        in_link: As for `call`.
    """
    again = f"{note}-{count}"
    here = call(note, f"call-{again}", where, in_link=in_link, again=again)
    see = _see(note, again, words, in_link=in_link)
    if where:  # notes of notes would float out of the foot of the page
        there = f'<span data-added="note">（</span>{see}<span data-added="note">）</span>'
    else:
        there = call(
            note, f"call-see-{again}", where, in_link=in_link, target=f"see-{again}"
        ) + footnote(f"see-{again}", f"call-see-{again}", see)
    name = escape(again)
    return (
        f'<span data-again="{name}">{here}</span>'
        f'<span hidden="hidden" data-elsewhere="{name}">{there}</span>'
    )


def _see(note: str, again: str, words: str, *, in_link: bool) -> str:
    tag = "span" if in_link else "a"
    links = {
        key: f'<{tag} class="see-{key}" href="#{escape(target)}" data-added="note" '
        f'data-generated="{key}-{escape(again)}"></{tag}>'
        for key, target in (("page", f"call-{note}"), ("mark", f"note-{note}"))
    }
    html = escape(words, quote=False)
    for key, link in links.items():
        html = html.replace(f"{{{key}}}", link)
    return f'<span data-added="note">{html}</span>'


def refer_elsewhere(book: PagedBook, again: Collection[str]) -> PagedBook:
    """Let further calls of notes lead to notes of their own.

    Args:
        book: The book.
        again: The values of ``data-call`` of these calls.
    """
    html, hidden = book.html, ' hidden="hidden"'
    for name in map(escape, again):
        for key, old, new in (("again", "", hidden), ("elsewhere", hidden, "")):
            html = html.replace(
                f'<span{old} data-{key}="{name}">', f'<span{new} data-{key}="{name}">'
            )
    body = _BODY.search(html)
    segments = segments_of(parse_fragment(body[1])) if body else book.segments
    return replace(book, html=html, segments=segments)


def with_generated(book: PagedBook, words: Mapping[str, str]) -> PagedBook:
    """Put in the words that style sheets wrote.

    Args:
        book: The book.
        words: By the values of ``data-generated``.
    """

    def filled(segment: Segment) -> Segment:
        if not segment.generated:
            return segment
        return replace(segment, text=visible(words.get(segment.generated, "")))

    return replace(book, segments=tuple(map(filled, book.segments)))
