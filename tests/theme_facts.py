"""What the tests of the built-in themes share: manuscripts, and facts of their pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from tests.pdf_facts import Color, Glyph, Page

from booklet.errors import Findings, Place
from booklet.model.publication import Layout
from booklet.theme import Theme, open_theme
from booklet.typeset.geometry import Geometry, plan_page

RAIN = "山中的雨下了三天，屋檐下的水缸满了又溢，溢出的水顺着石阶往下走，走到巷口便慢下来。"
"""40 characters and a full stop."""

LONG_TITLE = "关于在若干年份里对一座小城的河流树木街巷与人家所作的零散观察及其整理成册的说明"
"""38 characters."""


@cache
def opened(name: str) -> Theme:
    """Open a built-in theme as it is."""
    findings = Findings()
    theme = open_theme(name, Path("nowhere"), ({}, {}), lambda *_: Place("here"), findings)
    assert theme is not None, list(findings)
    return theme


def geometry_of(name: str) -> Geometry:
    """Plan the page that a theme proposes."""
    findings = Findings()
    geometry = plan_page(Layout(), opened(name).page, Place("here"), findings)
    assert geometry is not None, list(findings)
    return geometry


def colours_of(name: str) -> set[Color]:
    """Give the colours of a theme's tokens."""
    return {
        (int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16))
        for value in opened(name).tokens.values()
        if re.fullmatch("#[0-9a-f]{6}", value)
    }


def seen(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Leave out white space."""
    return [glyph for glyph in glyphs if not glyph.char.isspace()]


def last_above_nothing(pages: Sequence[Page], size: float) -> list[str]:
    """Give the headings of some size below which their page has no line of text."""
    found = []
    for page in pages:
        lines = [line for line in page.lines if seen(line.glyphs)]
        for line in lines:
            below = [one for one in lines if one.y > line.y + 1 and one.glyphs[0].size < size - 0.1]
            if line.set_in(size) and not below:
                found.append(line.text)
    return found


def sections(count: int, excerpts: int = 1, year: int = 2001) -> str:
    """Write sections with dated excerpts of growing length, and no preface."""
    parts = []
    for section in range(count):
        parts.append(f"## 第{section + 1}回雨\n")
        for excerpt in range(excerpts):
            number = section * excerpts + excerpt
            date = f"{year + number // 12}年{number % 12 + 1}月{number % 28 + 1}日"
            parts.append(f"{RAIN * (1 + number % 3)}\n\n——{date}，院中第{number + 1}次谈话\n")
    return "\n".join(parts)


def press_build(folder: Path, theme: str, manuscript: Path) -> Path:
    """Write a copy of a publication that asks for another theme and its own page."""
    source = folder / "book"
    source.mkdir(parents=True)
    header = (manuscript / "booklet.yaml").read_text("utf-8")
    header = re.sub(r"^layout:\n(?:  .*\n)+", "", header, flags=re.MULTILINE)
    header = header.replace("theme: reader", f"theme: {theme}")
    (source / "booklet.yaml").write_text(header, "utf-8")
    for path in manuscript.glob("*.md"):
        (source / path.name).write_bytes(path.read_bytes())
    return source
