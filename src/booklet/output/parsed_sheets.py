"""The style sheets of a book, parsed; the same ones are parsed once in a process."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from booklet.output.renderer import listening
from booklet.typeset.book import Stylesheet
from booklet.typeset.paged import THEME_URL

MOST = 4
"""Sets of sheets that are kept; a process that makes one book again and again has one."""

_REACHING_OUT = re.compile(r"@(?:import|font-face)", re.IGNORECASE)
"""What loads a file or a font while a sheet is parsed: it belongs to one rendering."""


@dataclass(frozen=True, slots=True)
class ParsedSheets:
    """Style sheets as the base has them.

    Attributes:
        sheets: In order.
        counters: Counter styles that they declare.
        said: What the base had to say of each.
    """

    sheets: tuple[Any, ...]
    counters: Any
    said: tuple[tuple[str, ...], ...]


_kept: OrderedDict[tuple[str, ...], ParsedSheets] = OrderedDict()


def parse_sheets(sheets: Sequence[Stylesheet], fetcher: Any, fonts: Any) -> ParsedSheets:
    """Parse the style sheets of a book, or take them as they were parsed before.

    Args:
        sheets: In the order of the cascade.
        fetcher: Loads what they import.
        fonts: Where they register fonts.
    """
    texts = tuple(sheet.css for sheet in sheets)
    if texts in _kept:
        _kept.move_to_end(texts)
        return _kept[texts]
    parsed = _parse(texts, fetcher, fonts)
    if not any(map(_REACHING_OUT.search, texts)):
        _kept[texts] = parsed
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    return parsed


def _parse(texts: Sequence[str], fetcher: Any, fonts: Any) -> ParsedSheets:
    from weasyprint import CSS
    from weasyprint.css.counters import CounterStyle

    counters, made, said = CounterStyle(), [], []
    for text in texts:
        with listening() as messages:
            made.append(
                CSS(
                    string=text, base_url=THEME_URL, url_fetcher=fetcher, font_config=fonts,
                    counter_style=counters,
                )
            )  # fmt: skip
        said.append(tuple(words for _, words in messages))
    return ParsedSheets(tuple(made), counters, tuple(said))
