"""The baseline grid of `booklet.compose`: `line-snap` and `block-step`, on small pages.

The page holds 12 lines of 10 points on a pitch of 18; lengths are points from its top.
"""

from __future__ import annotations

import logging
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.line_facts import LineFacts, read_lines, render

from booklet.compose import install
from booklet.compose.linegrid import NEAR, Extent, LineGrid

TOP, PITCH, LINES, EMS, BODY = 20.0, 18.0, 12, 17, 10.0
DROP = (PITCH - 1.437 * BODY) / 2 + 1.151 * BODY
"""From the top of a line of Noto Serif CJK to its baseline."""

TEXT = "我们要把网络强国建设好，让亿万人民在共享互联网发展成果上有更多获得感。"
CSS = """
@page { size: 210pt 256pt; margin: 20pt; @footnote { border-top: .5pt solid; margin-top: 5pt } }
html { line-snap: baseline }
body, div, ul, li, blockquote, figure, table, pre { margin: 0; padding: 0; list-style: none }
p + p { break-before: auto } p { orphans: 2; widows: 2 }
.small, pre, table, .note, .float { font-size: 7pt; line-height: 11pt; line-snap: none }
h3 { margin: 18pt 0 0; font-size: 15pt; line-height: 25pt; line-snap: none; break-after: avoid }
h3, pre, table, figure, .box, .flex { block-step: 18pt }
pre { font-family: 'Noto Serif CJK SC'; white-space: pre-wrap; padding: 3pt }
pre, table, figure, .box { margin: 5pt 0 }
table { border-collapse: collapse } td { border: 1pt solid }
.box { padding: 5pt 10pt; box-decoration-break: clone }
blockquote { margin: 9pt 20pt } ul { padding-left: 20pt } figure { break-inside: avoid }
.float { float: right; margin: 2pt } .columns { columns: 2; column-gap: 10pt }
.note { float: footnote } .note::footnote-call, .note::footnote-marker { content: none }
.flow { overflow: hidden } .flex { display: flex } .flex p { font-size: 7pt; flex: 1 }
"""
PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/%3E"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    install()


def lay(body: str, css: str = "") -> list[LineFacts]:
    return read_lines(render(body, CSS + css, ems=EMS).write_pdf())


def baselines(lines: list[LineFacts], size: float = BODY) -> list[tuple[int, float]]:
    """Give page and place of each line of a size, in lines of the grid from the first."""
    return [
        (line.page, (line.y - TOP - DROP) / PITCH)
        for line in lines
        if any(abs(glyph.size - size) < 0.05 for glyph in line.glyphs)
    ]


def off_the_grid(lines: list[LineFacts]) -> list[tuple[int, float]]:
    return [
        (page, place)
        for page, place in baselines(lines)
        if abs(place - round(place)) * PITCH > 0.1 or not -0.1 < place < LINES - 0.9
    ]


def places(body: str, css: str = "") -> list[int]:
    """Give the cells of the lines of a document on one page."""
    lines = lay(body, css)
    assert off_the_grid(lines) == []
    return [round(place) for _, place in baselines(lines)]


# ---- the grid as numbers ------------------------------------------------------------------------

lengths = st.floats(0, 400)


@given(
    st.builds(LineGrid, lengths, st.floats(5, 60), st.just(0.0), st.floats(4, 40)),
    lengths,
    st.builds(Extent, lengths, lengths, lengths),
)
def test_a_line_takes_the_next_whole_cells_that_hold_it(
    bare: LineGrid, y: float, extent: Extent
) -> None:
    grid = LineGrid(bare.top, bare.pitch, 0.8 * bare.pitch, bare.em)
    place = grid.on_baseline(grid.top + y, extent)
    for distance in (place.top, place.baseline - grid.baseline, place.top + place.height):
        cells = (distance - grid.top) / grid.pitch
        assert cells == pytest.approx(round(cells), abs=1e-6)
    assert -NEAR - 1e-6 <= place.top - (grid.top + y) < grid.pitch - NEAR + 1e-6
    assert place.height >= max(extent.height, grid.pitch) - NEAR - 1e-6
    above, below = place.baseline - place.top, place.top + place.height - place.baseline
    assert extent.above <= above + grid.spare + 1e-6
    assert extent.below <= below + grid.spare + 1e-6


@given(lengths, st.floats(0.1, 200))
def test_a_contained_line_stands_in_the_middle_of_its_cells(y: float, height: float) -> None:
    grid = LineGrid(0, 21, 15.6, 12)
    place = grid.contained(y, height, height / 2)
    assert place.baseline - place.top == pytest.approx(place.height / 2)
    assert 0 <= place.height - height + NEAR <= 21 + NEAR


# ---- lines --------------------------------------------------------------------------------------


def test_lines_return_to_the_grid_after_anything() -> None:
    small = f"<p class=small>{TEXT}"
    assert places(f"<p>{TEXT}{small}<p>{TEXT}") == [0, 1, 2, 5, 6, 7]
    # 33 points of small text: two cells less three points, so the next cell is the sixth.
    assert places(f"<p>{TEXT}<div style='height:1pt'></div><p>{TEXT}") == [0, 1, 2, 4, 5, 6]


def test_nothing_in_a_line_pushes_the_next_away() -> None:
    spans = (
        "<sup>12</sup>", "<sub>3</sub>", "<code style='font-family:monospace'>code</code>",
        "<span style='font-family:sans-serif'>Latin</span>", "<b style='line-height:3'>粗</b>",
        "<span style='font-size:14pt'>大</span>",
        f"<img style='height:14pt' src=\"{PICTURE}\">",
    )  # fmt: skip
    for span in spans:
        assert places(f"<p>{TEXT}{span}{TEXT}")[:4] == [0, 1, 2, 3], span


@pytest.mark.parametrize(
    ("inside", "cells"),
    [
        (f"<img style='height:40pt' src=\"{PICTURE}\">", [0, 3, 4]),
        (f"<img style='height:40pt;vertical-align:-30pt' src=\"{PICTURE}\">", [0, 1, 4]),
        ("<span style='font-size:26pt'>特</span>", [0, 2, 3]),
    ],
)
def test_what_does_not_fit_takes_whole_lines(inside: str, cells: list[int]) -> None:
    assert places(f"<p>前<br>前{inside}后<br>后") == cells


def test_a_larger_line_height_takes_whole_lines_too() -> None:
    assert places(f"<p>一<p style='line-height:27pt'>{TEXT}<p>二") == [0, 2, 4, 6, 7]


def test_line_snap_contain_centres_a_line_in_its_cells() -> None:
    css = "h3{margin:0;block-step:none;line-snap:contain}"
    lines = lay(f"<p>{TEXT[:10]}<h3>标题</h3><p>{TEXT[:10]}", css)
    ((_, place),) = baselines(lines, 15)
    # The middle of a line of 15 points stands in the middle of the second and the third cell.
    middle = TOP + DROP + place * PITCH - (1.151 - 0.286) / 2 * 15
    assert middle == pytest.approx(TOP + 2 * PITCH, abs=0.1)
    assert [round(place) for _, place in baselines(lines)] == [0, 3]


def test_each_page_begins_a_grid_of_its_own() -> None:
    lines = lay(f"<p>{TEXT * 3}<p class=small>{TEXT}<p>{TEXT * 12}")
    assert off_the_grid(lines) == []
    by_page = Counter(page for page, _ in baselines(lines))
    assert by_page[1] == LINES


def test_columns_share_the_grid() -> None:
    body = f"<div class=columns><p class=small>{TEXT}<p>{TEXT}<p class=small>{TEXT}<p>{TEXT}</div>"
    assert off_the_grid(lay(body + f"<p>{TEXT}")) == []


def test_floats_are_avoided_where_the_line_will_stand() -> None:
    box = "<div class=float style='width:100pt;height:20pt'></div>"
    lines = lay(f"<p class=small>短<p>{TEXT[:1]}{box}<p>{TEXT * 3}")
    assert off_the_grid(lines) == []
    beside = [line for line in lines if line.y < 60 and len(line.glyphs) > 1]
    assert all(line.end < 90.5 for line in beside)


def test_a_block_that_clears_a_float_stays_on_the_grid() -> None:
    box = "<div class=float style='width:150pt;height:50pt'></div>"
    body = f"{box}<div class=flow style='width:100pt'><p>{TEXT}</div><p>{TEXT}"
    assert off_the_grid(lay(body)) == []


@pytest.mark.parametrize("style", ["display:inline-block", "float:left", "display:table-cell"])
def test_where_a_box_is_placed_later_its_lines_keep_their_own_pitch(style: str) -> None:
    words = f"{TEXT[:8]}<sup>1</sup>{TEXT[:12]}<span style='font-size:14pt'>大</span>{TEXT[:12]}"
    css = "div.later{line-height:15pt;width:80pt;margin-top:3pt}"
    lines = lay(f"<div class=later style='{style}'>{words}</div>", css)
    tops = [place * PITCH for _, place in baselines(lines)]
    assert [two - one for one, two in pairwise(tops)] == pytest.approx([15] * (len(tops) - 1))


# ---- blocks -------------------------------------------------------------------------------------


def boxes(body: str, css: str = "") -> list[list[Any]]:
    """Give the laid out box of each div.f as points: page by page, top and height."""
    found = []
    for page in render(body, CSS + css, ems=EMS).pages:
        found.append(
            [
                (round(box.border_box_y() * 0.75, 2), round(box.border_height() * 0.75, 2))
                for box in page._page_box.descendants()
                if box.element is not None
                and box.element.get("class") == "f"
                and not box.element_tag.endswith("wrapper")
                and type(box).__name__ in {"BlockBox", "BlockReplacedBox"}
            ]
        )
    return found


def f(height: float, style: str = "") -> str:
    return f"<div class=f style='height:{height}pt;{style}'></div>"


ONE_LINE = TOP + PITCH


@pytest.mark.parametrize(
    ("step", "top", "height", "next_line"),
    [
        ("18pt", 2.5, 31, 3), ("18pt center", 2.5, 31, 3), ("start 18pt", 0, 31, 3),
        ("18pt end", 5, 31, 3), ("padding-box 18pt", 0, 36, 3), ("none", 0, 31, 3),
        ("18pt down", -6.5, 31, 2), ("nearest 18pt", 2.5, 31, 3), ("0", 0, 31, 3),
        ("31pt", 0, 31, 3), ("calc(2 * 9pt) margin-box end up", 5, 31, 3), ("1.8em", 2.5, 31, 3),
    ],
)  # fmt: skip
def test_white_fills_the_last_step(step: str, top: float, height: float, next_line: int) -> None:
    body = f"<p>前{f(31, f'block-step:{step}')}<p>后"
    assert boxes(body)[0] == [(ONE_LINE + top, height)]
    assert places(body) == [0, next_line]


def test_longhands_and_variables() -> None:
    css = ":root{--pitch:18pt} .f{block-step:var(--pitch) start;block-step-align:end}"
    assert boxes(f"<p>前{f(31)}", css)[0] == [(ONE_LINE + 5, 31)]


def test_margins_of_a_stepped_block_do_not_collapse() -> None:
    css = ".f{block-step:18pt} p{margin:9pt 0} p:first-child{margin-top:0}"
    body = f"<p>前{f(20, 'margin:2pt 0')}{f(20, 'margin:2pt 0')}<p>后"
    # 9 below the text; 36 for each block; 9 above the text.
    assert boxes(body, css)[0] == [(ONE_LINE + 9 + 8, 20), (ONE_LINE + 9 + 36 + 8, 20)]
    assert places(body, css) == [0, 6]


def test_margins_of_children_count() -> None:
    css = ".f{block-step:18pt;height:auto!important} .f div{height:20pt;margin:2pt 0}"
    body = "<p>前<div class=f><div></div></div><p>后"
    assert boxes(body, css)[0] == [(ONE_LINE + 8, 20)]
    assert places(body, css) == [0, 3]


def test_at_the_top_of_a_page_all_white_goes_below() -> None:
    css = ".f{block-step:18pt;break-inside:avoid} p{orphans:1;widows:1}"
    body = "".join(f"<p>{number}" for number in range(11)) + f(31, "margin:2pt 0") + "<p>后"
    assert boxes(body, css) == [[], [(TOP, 31)]]
    assert [round(place) for page, place in baselines(lay(body, css)) if page] == [2]


def test_at_the_foot_of_a_page_there_is_as_much_white_as_fits() -> None:
    css = ".f{block-step:18pt} p{orphans:1;widows:1}"
    body = "".join(f"<p>{number}" for number in range(10)) + f(35) + "<p>后"
    assert boxes(body, css)[0] == [(TOP + 10 * PITCH + 0.5, 35)]
    body = "".join(f"<p>{number}" for number in range(10)) + f(35, "margin-bottom:3pt") + "<p>后"
    assert boxes(body, css)[0] == [(TOP + 10 * PITCH + 1, 35)]


def test_the_last_fragment_of_a_block_is_filled() -> None:
    code = "\n".join("码" * 3 for _ in range(25))
    lines = lay(f"<p>前<pre>{code}</pre><p>后")
    assert {line.page for line in lines} == {0, 1}
    assert off_the_grid(lines) == []


def test_tables_and_pictures_are_stepped() -> None:
    table = "<table><tr><td>甲<td>乙<tr><td>丙<td>丁</table>"
    picture = f"<img style='display:block;height:25pt;block-step:18pt' src=\"{PICTURE}\">"
    assert places(f"<p>前{table}<p>后") == [0, 4]
    assert places(f"<p>前{picture}<p>后") == [0, 3]


def test_lines_on_the_grid_are_not_moved_with_their_block() -> None:
    body = f"<p>前<div class=box style='padding:4pt'><p>{TEXT}</div><p>后"
    assert off_the_grid(lay(body)) == []


@pytest.mark.parametrize(
    "declaration",
    [
        "line-snap: grid", "block-step: -18pt", "block-step: 18pt 18pt", "block-step: 10%",
        "block-step-size: auto", "block-step: 18pt middle", "block-step-insert: content-box",
    ],
)  # fmt: skip
def test_what_is_not_valid_is_reported(declaration: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        render(f"<p>{TEXT}", f"p{{{declaration}}}")
    assert f"Ignored `{declaration.split(':')[0]}:" in caplog.text


# ---- anything in any order ----------------------------------------------------------------------

words = st.integers(1, 60).map(lambda count: (TEXT * 2)[:count])
shape = st.builds('<div class=float style="height:{}pt;width:{}pt"></div>'.format,
                  st.integers(3, 60), st.integers(10, 140))  # fmt: skip
spans = st.one_of(
    st.sampled_from(
        ["", "<br>", "<sup>12</sup>", "<span style='font-size:13pt'>大字</span>",
         "<span style='font-size:24pt'>特大</span>", "<code style='font-family:monospace'>A</code>",
         "<span style='display:inline-block'>字</span>"]
    ),
    st.builds("<img style='height:{}pt' src=\"{}\">".format, st.integers(3, 50), st.just(PICTURE)),
    st.builds("<span class=note>{}</span>".format, words),
)  # fmt: skip
paragraph = st.lists(st.builds("{}{}".format, words, spans), min_size=1, max_size=4).map(
    lambda parts: f"<p>{''.join(parts)}</p>"
)
rows = st.builds("<tr><td>{}<td>{}".format, words, words)
leaves = st.one_of(
    paragraph,
    st.builds("<p class=small>{}</p>".format, words),
    st.builds("<h3>{}</h3>".format, words),
    st.builds(
        "<figure><div style='height:{}pt'></div><p class=small>{}</p></figure>".format,
        st.integers(1, 150), words,
    ),
    st.lists(words, min_size=1, max_size=25).map(lambda x: "<pre>" + "\n".join(x) + "</pre>"),
    st.lists(rows, min_size=1, max_size=10).map(lambda x: f"<table>{''.join(x)}</table>"),
    shape,
    st.builds("<div class=columns><p>{}</p><p>{}</p></div>".format, words, words),
    st.builds("<div class=flex><p>{}</p><p>{}</p></div>".format, words, words),
    st.just("<p></p>"),
)  # fmt: skip


def around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    frames = st.sampled_from(
        ["<div class=box>{}</div>", "<blockquote>{}</blockquote>", "<ul><li>{}</li></ul>",
         "<div class=flow>{}</div>"]
    )  # fmt: skip
    parts = st.lists(inner, min_size=1, max_size=3).map("".join)
    return st.builds(lambda frame, content: frame.format(content), frames, parts)


documents = st.lists(st.one_of(paragraph, st.recursive(leaves, around, max_leaves=5)), max_size=10)


def visible(html: str) -> Counter[str]:
    """Count the characters between tags."""
    return Counter("".join(part.split(">")[-1] for part in html.split("<")).replace("\n", ""))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents.map("".join))
@example(f"<figure><div style='height:216pt'></div></figure><p>{TEXT}")
@example(f"<pre>{TEXT * 30}</pre><p>{TEXT}")
@example(f"<p>{TEXT}<div class=box><ul><li><h3>{TEXT}</h3></li></ul></div>" * 5)
def test_any_sequence_of_blocks_stays_on_the_grid_and_loses_nothing(body: str) -> None:
    lines = lay(body)
    assert off_the_grid(lines) == []
    assert Counter("".join(line.text for line in lines)) == visible(body)
