"""Raw HTML in a manuscript: the tags are left out, the words between them are kept."""

from __future__ import annotations

import re
from html import unescape

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\?.*?\?>|<![A-Za-z\[][^<>]*>", re.DOTALL)
_OPEN = re.compile(r"<!--|<(?:script|style)\b", re.IGNORECASE)


def words_of(html: str) -> str:
    """Give the words of raw HTML: without comments, scripts, styles and tags."""
    text = _HIDDEN.sub("", _COMMENT.sub("", html))
    return unescape(_TAG.sub("", text)).strip()


def is_comment(html: str) -> bool:
    """Tell whether the HTML holds no tag, only comments and perhaps words."""
    return _TAG.search(_COMMENT.sub("", html)) is None


def never_closed(html: str) -> bool:
    """Tell whether a comment, script or style runs to the end of the text."""
    return _OPEN.search(_HIDDEN.sub("", _COMMENT.sub("", html))) is not None
