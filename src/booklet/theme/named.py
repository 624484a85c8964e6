"""Which classes a theme's style sheets know, so that a misspelt one can be told."""

from __future__ import annotations

import re

from booklet.theme.files import SearchPath

RESERVED = frozenset(
    (
        *("attribution", "back", "body", "box", "chapter", "colophon", "contents", "cover"),
        *("excerpt", "figures", "footnote", "front", "head", "header", "index", "inline"),
        *("date-head", "label", "line", "marker", "notes", "number", "numbered", "occasion"),
        *("ordinal", "picture", "preface", "pull-quote", "quote", "rule", "section", "sections"),
        *("stanza", "tcy", "verse"),
    )
)
"""Classes of the themes' own elements; an author's class of that name gets ``own-`` before it."""

_NOT_SELECTORS = re.compile(
    r"/\*.*?\*/|url\([^)]*\)|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.DOTALL
)
_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")


def styled_classes(files: SearchPath) -> frozenset[str]:
    """Give every class that a style sheet of the theme or of the publication names.

    A class of the templates' own is none that an author can give: it becomes ``own-notes`` in the
    HTML, and only a sheet that names that one knows ``::: notes``.
    """
    found: set[str] = set()
    for name in files.names(".css"):
        sheets = files.layers(name) if name.endswith("-extra.css") else ((name, files.read(name)),)
        for _, data in sheets:
            text = _NOT_SELECTORS.sub(" ", (data or b"").decode("utf-8", "replace"))
            found.update(_CLASS.findall(text))
    own = {name.removeprefix("own-") for name in found if name.startswith("own-")}
    return frozenset(found - RESERVED | own)
