"""The families that style sheets name, beyond those of the theme's font roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from booklet.errors import Diagnostic, Place, Severity
from booklet.fonts import Family, Shelf, check_shelf
from booklet.output.css_console import file_of, place_in_templates
from booklet.output.css_names import similar
from booklet.output.css_walk import (
    declared_families,
    named_families,
    walk,
    walk_declarations,
)
from booklet.theme.files import SearchPath
from booklet.typeset.book import PagedBook

_STYLE_ELEMENT = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_STYLE_ATTRIBUTE = re.compile(r'\sstyle="([^"]*)"')


def fonts_of_sheets(
    book: PagedBook, files: SearchPath, shelf: Shelf
) -> tuple[tuple[Family, ...], tuple[Diagnostic, ...]]:
    """Find the fonts of all families that the style sheets and templates of a book name.

    A name that no font bears would be replaced by any other font, and nobody told.

    Args:
        book: Its style sheets and HTML.
        files: Where its templates are, for messages.
        shelf: The fonts there are.

    Returns:
        The families; and ``font-missing`` for those that are not on the shelf, with what
        `check_shelf` says of the others.
    """
    declared = {
        name.casefold() for sheet in book.sheets for name in declared_families(walk(sheet.css))
    }
    found: dict[str, Place] = {}
    for name, place in _named(book, files):
        found.setdefault(name, place)
    families, diagnostics = [], list[Diagnostic]()
    for name, place in found.items():
        if name.casefold() in declared:
            continue
        family = shelf.family(name)
        if family is not None:
            families.append(family)
            diagnostics.extend(check_shelf(shelf, [name], place))
            continue
        meant = similar(name, [known.name for known in shelf.families])
        if meant:
            message = f"no font file has the family {name}"
            hint = f"did you mean {meant}? `booklet fonts list` names those there are"
            diagnostics.append(Diagnostic(place, Severity.ERROR, "font-missing", message, hint))
        else:
            diagnostics.extend(check_shelf(shelf, [name], place))
    return tuple(families), tuple(dict.fromkeys(diagnostics))


def _named(book: PagedBook, files: SearchPath) -> Iterator[tuple[str, Place]]:
    for sheet in book.sheets:
        for named in named_families(walk(sheet.css)):
            yield named.name, Place(file_of(sheet), named.line, named.column)
    inline = [walk(unescape(css)) for css in _STYLE_ELEMENT.findall(book.html)]
    inline += [
        walk_declarations(unescape(css))
        for css in dict.fromkeys(_STYLE_ATTRIBUTE.findall(book.html))
        if "font" in css
    ]
    for style in inline:
        for named in named_families(style):
            yield named.name, place_in_templates(files, re.escape(named.name))
