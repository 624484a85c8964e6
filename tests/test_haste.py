"""What is spared the base must not be seen: the same boxes, trees and glyphs as without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
import tinyhtml5  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from weasyprint import CSS, HTML
from weasyprint import css as base_css
from weasyprint.css import ComputedStyle, StyleFor
from weasyprint.formatting_structure import boxes
from weasyprint.layout import background, page
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.layout.percent import resolve_percentages, resolve_radii_percentages
from weasyprint.matrix import Matrix
from weasyprint.text.fonts import FontConfiguration

from booklet.compose import base, cascade, haste, install, leaders
from booklet.compose.weasy import everywhere
from booklet.output.quick_tree import Frame, read_plain

SHEET = """
@page { margin: 20mm; counter-reset: footnote; @top-center { content: string(head); color: red } }
@page :left { margin-left: 30mm } @page chapter { size: A5 }
html { font-size: 10px } h1 { string-set: head content(); font-size: 2em; margin: 1em 5% }
p { text-indent: 2em; color: rgb(1 2 3); --gap: 4px; padding: var(--gap); border: 1px solid }
p.last { width: 50%; box-sizing: border-box; background: yellow; border-radius: 3px }
p::before { content: counter(page) "、"; color: inherit } li::marker { color: green }
section { page: chapter; break-before: page } .n { float: footnote }
td { padding: 2px } table { border-collapse: collapse } [lang=en] { font-weight: bold }
nav a::after { content: leader("· ") target-counter(attr(href), page) }
"""
BODY = """
<h1 id="top">题目</h1><nav><a href="#two">第二章</a></nav>
<p>甲<span lang="en">one</span><a name="here">乙</a></p><p class="last" style="color: blue">丙</p>
<p>丁<span class="n">注</span></p><ul><li style="counter-reset: a 3">戊<li>己</ul>
<section id="two" style="counter-reset: b 2; margin-top: 3px"><p id="x" class="last">庚</p>
<table><tr><td>辛</td><td style="border: 2px solid">壬</td></tr></table></section>
"""


def rendered(body: str = BODY) -> Any:
    install()
    sheet = CSS(string=SHEET)
    html = f'<html lang="zh-CN"><title>t</title><body>{body}</body></html>'
    return HTML(string=html).render(stylesheets=[sheet])


def every(box: Any) -> Iterator[tuple[Any, ...]]:
    """Give what can be seen of a box and of all in it."""
    style = box.style
    seen = [style[name] for name in ("color", "font_size", "anchor", "page", "content", "display")]
    used = [
        getattr(box, name, None)
        for name in (
            "position_x", "position_y", "width", "height", "margin_left", "padding_top",
            "min_width", "max_height", "border_top_width", "border_top_left_radius", "background",
        )
    ]  # fmt: skip
    background = used.pop()
    used.append(background and (background.color, len(background.layers)))
    yield box.element_tag, getattr(box, "text", None), *map(repr, seen), *map(repr, used)
    for child in getattr(box, "children", ()):
        yield from every(child)


def looks(document: Any) -> list[list[tuple[Any, ...]]]:
    return [list(every(page._page_box)) for page in document.pages]


@pytest.fixture
def without_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the sparing away and leave all else of composition."""
    install()
    monkeypatch.setattr(base_css, "StyleFor", StyleFor)
    monkeypatch.setattr(
        page, "set_page_type_computed_styles", cascade._set_page_type_computed_styles
    )
    monkeypatch.setattr(
        page, "_standardize_page_based_counters", cascade._standardize_page_based_counters
    )
    for module in everywhere("resolve_percentages", haste.use_sizes):
        monkeypatch.setattr(module, "resolve_percentages", resolve_percentages)
    for module in everywhere("resolve_radii_percentages", haste.use_radii):
        monkeypatch.setattr(module, "resolve_radii_percentages", resolve_radii_percentages)
    monkeypatch.setattr(background, "layout_box_backgrounds", layout_box_backgrounds)


@pytest.mark.parametrize("times", [1, 3])
def test_boxes_are_those_of_the_base(request: pytest.FixtureRequest, times: int) -> None:
    for _ in range(times):  # the second time, every style is known
        spared = looks(rendered())
    request.getfixturevalue("without_haste")
    assert spared == looks(rendered())
    assert len(spared) == 2


def test_a_style_is_computed_once_for_all_documents_of_its_sheets() -> None:
    install()
    cascade.forget_styles()
    sheet, fonts = CSS(string=SHEET), FontConfiguration()
    made = []
    init = ComputedStyle.__init__

    def count(self: Any, *arguments: Any) -> None:
        made.append(self)
        init(self, *arguments)

    def render(name: str) -> Any:
        html = f'<body><section id="{name}"><p id="{name}-p">甲<i>乙</i></p></section></body>'
        return HTML(string=html).render(stylesheets=[sheet], font_config=fonts)

    with mock.patch.object(ComputedStyle, "__init__", count):
        render("one")
        first = len(made)
        document = render("two")
    fresh = made[first:]
    assert {type(style) for style in fresh} == {cascade.OwnStyle}
    assert sorted(style["anchor"] for style in fresh) == ["two", "two-p"]
    assert {"two", "two-p"} <= set(document.pages[0].anchors)


def test_viewport_units_keep_styles_to_one_document() -> None:
    install()
    sheet = CSS(string="@page { size: 400px 300px; margin: 0 } p { width: 10vw }")
    small = CSS(string="@page { size: 200px 300px; margin: 0 } p { width: 10vw }")

    def width(*sheets: Any) -> float:
        document = HTML(string="<p>甲").render(stylesheets=list(sheets))
        boxes = document.pages[0]._page_box.descendants()
        return float(next(box.width for box in boxes if box.element_tag == "p"))

    assert [width(sheet), width(sheet), width(small), width(sheet)] == [40, 40, 20, 40]


def test_a_page_counts_itself_once() -> None:
    install()
    sheet = CSS(string="@page { @top-left { content: counter(page) } } p { break-after: page }")
    for _ in range(2):
        document = HTML(string="<p>甲<p>乙<p>丙").render(stylesheets=[sheet])
        folios = [
            part.text
            for page in document.pages
            for box in page._page_box.children
            if hasattr(box, "at_keyword")
            for part in box.descendants()
            if hasattr(part, "text")
        ]
        assert folios == ["1", "2", "3"]


@given(*[st.floats(-1e3, 1e3)] * 8)
def test_a_point_moves_as_in_the_base(
    a: float, b: float, c: float, d: float, e: float, f: float, x: float, y: float
) -> None:
    matrix, other = Matrix(a, b, c, d, e, f), Matrix(f, a, b, c, d, e)

    def product(one: Any, two: Any) -> list[list[float]]:
        return [[sum(row[k] * two[k][j] for k in range(3)) for j in range(3)] for row in one]

    assert haste.transform_point(matrix, x, y) == product([[x, y, 1]], matrix)[0][:2]
    assert list(haste.multiply(matrix, other)) == product(matrix, other)


def test_the_dots_of_a_leader_are_one_text() -> None:
    install()
    css = "@page { size: 400px 300px; margin: 0 } a { display: block } " + (
        "a::after { content: leader('· ') '9' }"
    )

    def dots(document: Any) -> list[Any]:
        return [
            box
            for box in document.pages[0]._page_box.descendants()
            if getattr(box, "text", "").startswith("·")
        ]

    html = HTML(string="<a href=#a>春山</a><a href=#b>秋水明月</a>")
    joined = dots(html.render(stylesheets=[CSS(string=css)]))
    with mock.patch.object(leaders, "_joined", return_value=None):
        apart = dots(html.render(stylesheets=[CSS(string=css)]))
    assert len(joined) == 2
    assert len(apart) == sum(box.text.count("·") for box in joined)
    rows = {box.position_y: [one for one in apart if one.position_y == box.position_y]
            for box in joined}  # fmt: skip
    for box in joined:
        row = rows[box.position_y]
        assert box.position_x == min(one.position_x for one in row)
        assert box.width == pytest.approx(sum(one.width for one in row))


# ---- reading the elements of a piece ----------------------------------------------------------

FRAME = Frame("<!DOCTYPE html>\n<html lang=zh><head><title>t</title></head><body>\n",
              "\n</body></html>")  # fmt: skip


def same(one: Any, other: Any) -> bool:
    return (
        (one.tag, dict(one.attrib), one.text or "", one.tail or "")
        == (other.tag, dict(other.attrib), other.text or "", other.tail or "")
        and len(one) == len(other)
        and all(map(same, one, other))
    )


def by_html(content: str) -> Any:
    return tinyhtml5.parse(FRAME.before + content + FRAME.after, namespace_html_elements=False)


TAGS = st.sampled_from([
    "p", "div", "section", "h2", "h3", "ul", "li", "a", "em", "ruby", "rt", "span", "br", "img",
    "blockquote", "figure", "pre", "table", "td", "svg", "b",
])  # fmt: skip
WORDS = st.text("甲乙 ab&<>\"'\n\t#;", max_size=6)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def write(tag: str, value: str, inner: list[str]) -> str:
        name = f' title="{escaped(value).replace(chr(34), "&quot;")}"' if value else ""
        if tag in {"br", "img"}:
            return f"<{tag}{name}>"
        return f"<{tag}{name}>{''.join(inner)}</{tag}>"

    return st.builds(write, TAGS, WORDS, st.lists(children, max_size=3))


@given(st.lists(element(st.recursive(WORDS.map(escaped), element, max_leaves=8)), max_size=3))
def test_what_is_read_as_xml_is_what_html_gives(elements: list[str]) -> None:
    content = "".join(elements)
    found = FRAME.read(content)
    assert found is None or same(found, by_html(content))


@pytest.mark.parametrize(
    "content",
    [
        '<p class="a">甲&amp;<br>乙<img src="x" alt="a>b"/></p>',
        '<section><h2 id="a">题</h2><ul><li><a href="#b">丙</a></li></ul></section><div></div>',
        "<p>甲<ruby>乙<rt>yi</rt></ruby></p>",
    ],
)
def test_plain_elements_are_read_as_xml(content: str) -> None:
    found = FRAME.read(content)
    assert found is not None
    assert same(found, by_html(content))


@pytest.mark.parametrize(
    "content",
    [
        "<p>甲<div>乙</div></p>", "<a>甲<a>乙</a></a>", "<table><tr><td>甲</td></tr></table>",
        "<li>甲</li>", "<h2>甲<h3>乙</h3></h2>", "<svg></svg>", "<p>甲", "甲<p></p>",
        "<!-- x --><p></p>",
        "<p>&nbsp;</p>", "<pre>\n甲</pre>", "<P>甲</P>", "<p\fid='a'>甲</p>", "",
    ],
)  # fmt: skip
def test_what_html_reads_otherwise_is_left_to_it(content: str) -> None:
    assert read_plain(content) is None
    assert FRAME.read(content) is None


def test_a_paragraph_with_a_block_in_it_is_planned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    install()
    made = []
    make = base._make_plan

    def count(*arguments: Any) -> Any:
        made.append(arguments)
        return make(*arguments)

    monkeypatch.setattr(base, "_make_plan", count)
    css = "@page { size: 200px 300px; margin: 0 } body { margin: 0 } "
    css += "p { text-align: justify; font-size: 10px } "
    css += "b { display: inline-block; width: 20% } p + p { margin-right: 50% }"
    text = "<p><b>1</b>" + "春山秋水，" * 30
    document = HTML(string=text + text).render(stylesheets=[CSS(string=css)])
    parts = document.pages[0]._page_box.descendants()
    blocks = [box.width for box in parts if isinstance(box, boxes.InlineBlockBox)]
    assert [line.element_tag for line, *_ in made].count("p") == 2
    assert blocks == [40, 20]


def test_the_pages_of_a_file_are_named_anew_when_there_are_more() -> None:
    import pydyf

    install()
    file = pydyf.PDF()
    assert file.page_references == ()
    for count in (1, 2, 3):
        page = pydyf.Dictionary({"Type": "/Page"})
        file.add_page(page)
        assert len(file.page_references) == count
        assert file.page_references[-1] == page.reference
        assert file.page_references is file.page_references
