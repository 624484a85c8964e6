"""A few random inputs of each target; `bench/fuzz.py` runs them for longer."""

from __future__ import annotations

from hypothesis import given, settings
from tests import fuzz_targets as fuzz

few = settings(max_examples=60, deadline=None)


@few
@given(fuzz.MANUSCRIPTS)
def test_any_manuscript_is_read_or_told(text: str) -> None:
    fuzz.read_manuscript(text)


@few
@given(fuzz.HEADERS)
def test_any_header_is_read_or_told(header: str) -> None:
    fuzz.read_manuscript("# 题\n\n文。\n", header)


@few
@given(fuzz.LINES)
def test_any_attribution_keeps_its_words(text: str) -> None:
    fuzz.read_line(text)


@few
@given(fuzz.CUTS)
def test_any_file_is_put_on_sheets_or_told(cuts: list[tuple[float, str, int]]) -> None:
    fuzz.impose_damaged(cuts)


@few
@given(fuzz.CUTS)
def test_any_file_is_checked(cuts: list[tuple[float, str, int]]) -> None:
    fuzz.preflight_damaged(cuts)


@few
@given(fuzz.SHEETS)
def test_any_style_sheet_is_measured(css: str) -> None:
    fuzz.read_sheet(css)


@few
@given(fuzz.DRAWINGS)
def test_any_drawing_is_measured(xml: str) -> None:
    fuzz.read_drawing(xml)


@few
@given(fuzz.PAGES)
def test_any_page_is_imported_or_told(text: str) -> None:
    fuzz.import_text(text, ".html")


@few
@given(fuzz.MANUSCRIPTS)
def test_any_markdown_is_imported_or_told(text: str) -> None:
    fuzz.import_text(text, ".md")
