"""What a theme may want to know of a block before it sets it: its kind, its size, its parts."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup

from booklet.model import content as c
from booklet.typeset.markup import Scribe
from booklet.typeset.views import PictureView, VerseView


def verse_view(block: c.Block | None) -> VerseView | None:
    """Measure verse; None where a block is none."""
    if not isinstance(block, c.Verse):
        return None
    lines = [line for line in block.lines if line]
    cells = max((_cells(c.plain(line)) for line in lines), default=0.0)
    read = any(isinstance(item, c.Ruby) for line in lines for item in c.flatten(line))
    return VerseView(len(lines), cells, read)


def _cells(text: str) -> float:
    """Count the cells of a line: a mark takes half a one."""
    return sum(0.5 if unicodedata.category(char)[0] in "PZ" else 1.0 for char in text)


def picture_view(block: c.Figure, scribe: Scribe) -> PictureView:
    """Take a figure apart."""
    words = scribe.inlines(block.caption)
    caption = Markup(f"<span{scribe.labelled(block.place)}>{words}</span>" if words else "")
    source = Markup.escape(f"{block.place.file}:{block.place.line}")  # to find the picture by
    image = scribe.image(block.picture.source, block.picture.alt, f' data-src="{source}"')
    return PictureView(Markup(image), caption, block.classes)
