"""Style sheets that build upon those of another theme: `@import "reader/epub.css"`.

A renderer of pages fetches what is imported; an e-book holds one sheet, so it is put in here.
"""

from __future__ import annotations

import re

from booklet import limits
from booklet.theme.files import SearchPath

_CHARSET = re.compile(r'^\s*@charset\s+"[^"]*"\s*;\s*')
_IMPORT = re.compile(r"""^\s*@import\s+(?:url\(\s*)?["']?(?P<name>[\w./-]+\.css)["']?\s*\)?\s*;""")
_COMMENT = re.compile(r"^\s*/\*.*?\*/", re.DOTALL)


def with_imports(css: str, files: SearchPath, depth: int | None = None) -> str:
    """Put the sheets that stand at the head of a sheet by `@import` in their places.

    Only imports before all rules count (CSS Cascade 5, 2). What is not among the theme's files,
    or imports itself, stays as it is written, for others to refuse.
    """
    depth = limits.value("theme-imports") if depth is None else depth
    css = _CHARSET.sub("", css)
    head, rest = "", css
    while True:
        comment = _COMMENT.match(rest)
        if comment:
            head, rest = head + comment[0], rest[comment.end() :]
            continue
        wanted = _IMPORT.match(rest)
        data = files.read(wanted["name"]) if wanted and depth else None
        if wanted is None or data is None:
            return head + rest
        inner = with_imports(data.decode("utf-8", "replace"), files, depth - 1)
        head, rest = f"{head}\n{inner}", rest[wanted.end() :]
