"""Words that style sheets write, as laid out; and calls that need notes of their own.

What an element with `data-generated` says, only the pages tell: the numbers of notes begin anew on
each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

KEY, AGAIN = "data-generated", "data-call"


def generated_words(document: Any) -> dict[str, str]:
    """Read the generated words of a rendered document, by key.

    The head of a table stands on each of its pages, but is read on the first alone.
    """
    words: dict[str, str] = {}
    pages: dict[str, int] = {}
    for number, page in enumerate(document.pages):
        for box in _texts(page._page_box):
            if box.element is None or not (key := box.element.get(KEY)):
                continue
            if pages.setdefault(key, number) == number:
                words[key] = words.get(key, "") + box.text
    return words


def _texts(box: Any) -> Iterator[Any]:
    waiting = [box]
    while waiting:
        box = waiting.pop()
        if hasattr(box, "text"):
            yield box
        waiting.extend(reversed(box.children))


def misleading_calls(document: Any) -> set[str]:
    """Find the further calls of notes that stand where the note's mark is another note's.

    Returns:
        Their names, from ``data-call``.
    """
    from booklet.compose import noted

    called = list(noted(document))
    runs = {item.note: item.run for item in called if item.element is item.note}
    return {
        name
        for item in called
        if (name := item.element.get(AGAIN)) and item.run != runs.get(item.note)
    }
