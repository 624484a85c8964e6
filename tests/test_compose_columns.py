"""Columns that lose nothing at the end of a page, and words that no reader hears twice."""

from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.line_facts import read_lines, render

from booklet.compose import install, uninstall

CSS = """
@page { size: 140pt 110pt; margin: 10pt }
body { font: 10pt/10pt 'Noto Serif CJK SC' }
main { columns: 2; column-gap: 20pt; column-fill: auto }
p, div { margin: 0; orphans: 1; widows: 1 }
p + p { break-before: auto }
.all { column-span: all }
"""


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    install()


def words(body: str) -> str:
    """Set some HTML in two columns of nine lines, and read the letters back."""
    pdf = render(f"<main>{body}</main>", CSS).write_pdf(pdf_variant="pdf/ua-1")
    return "".join("".join(line.text.split()) for line in read_lines(pdf))


def letters(count: int, first: int = 0) -> list[str]:
    return [chr(0x4E00 + first + number) for number in range(count)]


def paragraphs(chars: list[str], name: str = "") -> str:
    return "".join(f'<p class="{name}">{char}</p>' for char in chars)


@pytest.mark.parametrize("count", [1, 5, 13, 14, 15, 27, 28, 29, 30])
def test_columns_and_spanning_boxes_follow_each_other(count: int) -> None:
    before, after = letters(count), letters(5, 100)
    spanning = '<p class="all">横<br/>横<br/>横</p>'
    found = words(paragraphs(before) + spanning + paragraphs(after))
    assert sorted(found) == sorted([*before, *after, *"横横横"])


@pytest.mark.parametrize("head", [1, 2, 5])
def test_a_divided_spanning_box_goes_on_where_it_stopped(head: int) -> None:
    inner, after = letters(60), letters(9, 100)
    heads = "".join(f"<p>{char}</p>" for char in "天地人水火"[:head])
    box = f'<div class="all">{heads}{paragraphs(inner)}</div>'
    found = words(paragraphs(letters(3, 200)) + box + paragraphs(after))
    assert found.count("天") == 1
    at = [found.index(char) for char in inner]
    assert at == sorted(at)
    assert sorted(found) == sorted([*letters(3, 200), *"天地人水火"[:head], *inner, *after])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 24)), min_size=1, max_size=6))
def test_every_letter_is_set_once(blocks: list[tuple[bool, int]]) -> None:
    body, expected, first = "", list[str](), 0
    for spanning, count in blocks:
        chars = letters(count, first)
        inner = paragraphs(chars)
        body += f'<div class="all">{inner}</div>' if spanning else inner
        expected += chars
        first += count
    assert sorted(words(body)) == sorted(expected)


def test_what_is_hidden_is_no_part_of_the_structure() -> None:
    html = "<p>水</p><p aria-hidden='true'>退<b>了</b></p>"
    with pikepdf.open(io.BytesIO(render(html, CSS).write_pdf(pdf_variant="pdf/ua-1"))) as pdf:
        document = pdf.Root.StructTreeRoot.K[0]
        assert [str(kid.S) for kid in document.K] == ["/P"]


SIZES = (2, 2, 3, 4, 2, 3)
"""Lines of paragraphs that fill two columns in such a way that no lower columns hold them."""

FULL = (
    "".join(f'<p style="break-inside: avoid">{"<br/>".join("水" * size)}</p>' for size in SIZES)
    + '<p class="all">横<br/>横<br/>横<br/>横</p><p>终</p>'
)


def test_what_follows_columns_that_fill_the_page_is_not_lost() -> None:
    assert words(FULL) == "水" * sum(SIZES) + "横横横横终"


def test_the_base_alone_loses_it() -> None:
    """When this fails, the base is mended, and `booklet.compose.columns` can go."""
    uninstall()
    try:
        assert words(FULL) == "水" * sum(SIZES)
    finally:
        install()
