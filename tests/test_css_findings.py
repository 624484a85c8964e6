"""What the renderer leaves out of a style sheet is told as a browser's console would tell it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import write_publication

from booklet.build import build
from booklet.errors import Diagnostic, ReleaseError
from booklet.output.css_names import like_property, like_value
from booklet.output.css_walk import named_families, walk

Look = Callable[..., list[Diagnostic]]
THEME = (
    "name: mine\nlabel: {zh: 名, en: name}\ndescription: {zh: 述, en: what}\nextends: reader\n"
    "options:\n  x: {values: [a], default: a, label: {zh: 一, en: x}, sheets: {a: x.css}}\n"
)
HALF_TITLE = '<section class="half-title"><p>{{ book.title.text }}</p></section>'


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Build a small book with files of its own, and give what was found."""

    def give(files: dict[str, str], code: str = "css") -> list[Diagnostic]:
        folder = write_publication(
            tmp_path / "book", "# 题\n\n## 甲\n\n文。\n", title="题", title_lines=None, form="book",
            theme="mine" if any(name.startswith("themes/") for name in files) else "reader",
        )  # fmt: skip
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        try:
            found = build(folder, tmp_path / "out", ["screen"]).diagnostics
        except ReleaseError as refused:
            found = refused.diagnostics
        return [item for item in found if item.code == code]

    return give


def told(found: list[Diagnostic]) -> list[tuple[str, str, str]]:
    return [(str(item.place), item.message, item.hint) for item in found]


EXTRA = "templates/print-extra.css"


@pytest.mark.parametrize(
    ("css", "place", "message", "hint"),
    [
        ("p { colour: red }", "1:5", "`colour: red`: unknown property", "did you mean color?"),
        ("p { text-align: justfy }", "1:5", "`text-align: justfy`: invalid value",
         "did you mean justify?"),
        ("p { text-justify: interword }", "1:5", "`text-justify: interword`: invalid value",
         "did you mean inter-word?"),
        (".section {\n  & p { text-aling: left }\n}", "2:9", "`text-aling: left`: unknown property",
         "did you mean text-align?"),
        (".section {\n  p { b { colr: red } }\n}", "2:11", "`colr: red`: unknown property",
         "did you mean color?"),
        ("p {\n  @media print { color: red }\n}", "2:3",
         "@media within a rule: the renderer drops it", "write it around the rule"),
        ("\n@supports (display: grid) { p { color: red } }", "2:1",
         "@supports: the renderer does not know it, and drops all that is in it",
         "write its rules without it, or leave them out"),
        ("@contaner (width > 3px) { p { color: red } }", "1:1",
         "@contaner: the renderer does not know it, and drops all that is in it", ""),
        ("@font-fase { src: url(a.otf) }", "1:1",
         "@font-fase: the renderer does not know it, and drops all that is in it",
         "did you mean @font-face?"),
        ("@media (min-width: 1px) { p { color: red } }", "1:1",
         "invalid media type '(min-width: 1px)' the whole @media rule was ignored",
         "the renderer knows `print` and `all`, no queries"),
        ("b {}\np:fist-child { color: red }", "2:1",
         "`p:fist-child` is no selector that the renderer knows", "did you mean :first-child?"),
        ("p::befor { color: red }", "1:1", "`p::befor`: there is no ::befor on a page",
         "did you mean ::before?"),
        ("@page :recto { margin: 0 }", "1:1",
         "unsupported @page selector ':recto', the whole @page rule was ignored",
         "the renderer knows :left, :right, :first, :blank, :nth() and names of pages"),
        ("@page { @top-middle { content: '' } }", "1:9", "unknown @page rule @top-middle",
         "did you mean @top-left?"),
        ("p { --punctuation: kaimin }", "1:5",
         "`--punctuation: kaimin`: no such style of punctuation", "did you mean kaiming?"),
        (":root { --big: 3em }\np { color: var(--bigg) }", "2:12",
         "no style sheet says what --bigg is", "did you mean --big?"),
        ("p { margin: calc(1pt + var(--qq)) }", "1:24",
         "no style sheet says what --qq is", "declare it on `:root`"),
        ("p { font-size: var(--accent) }", "1:16", "`font-size: #b3141c`: invalid value", ""),
    ],
)  # fmt: skip
def test_what_is_left_out_is_told_with_line_column_and_what_was_meant(
    look: Look, css: str, place: str, message: str, hint: str
) -> None:
    ((where, said, meant),) = told(look({EXTRA: css}))
    assert (where, said) == (f"{EXTRA}:{place}", message)
    assert meant == hint or (not hint and meant)


def test_every_file_of_a_theme_is_named_as_it_lies(look: Look) -> None:
    found = look({
        "themes/mine/theme.yaml": THEME,
        "themes/mine/print.css": "p {}\n  @import url(y.css);\nq { fnt: x }",
        "themes/mine/x.css": "@import 'more/y.css';\n\np { colr: red }",
        "themes/mine/more/y.css": "p { color: #000;\n  colur: red }",
        "themes/mine/parts/half-title.html":
            "<section class='half-title'><style>\n.x { disply: none }</style>\n"
            '<p style="font-wieght: bold">{{ book.title.text }}</p></section>',
        EXTRA: "p { margn: 0 }",
    })  # fmt: skip
    assert [place for place, said, _ in told(found) if "unknown property" in said] == [
        f"{EXTRA}:1:5",
        "themes/mine/more/y.css:2:3",
        "themes/mine/parts/half-title.html:2:6",
        "themes/mine/parts/half-title.html:3:11",
        "themes/mine/print.css:3:5",
        "themes/mine/x.css:3:5",
    ]


def test_a_custom_property_may_have_a_fallback_or_come_from_a_template(look: Look) -> None:
    html = HALF_TITLE.replace("<p>", '<p style="--mine: 3pt">')
    css = ".half-title p { margin: var(--mine); color: var(--none, #000) }"
    assert look({EXTRA: css, "templates/parts/half-title.html": html}) == []


def test_the_same_words_in_a_media_rule_for_paper_are_read(look: Look) -> None:
    assert look({EXTRA: "@media print { p { color: #000 } } @layer x { p { color: #000 } }"}) == []


def test_what_is_for_screens_alone_is_told_to_do_nothing(look: Look) -> None:
    css = (
        "a { cursor: pointer; transition: all 1s; box-shadow: 0 0 1pt #000 }\n"
        "a, a:hover b { color: #000 }\np:is(:focus, b)::after { content: none }\n"
        "p { animation-name: x }"
    )
    found = told(look({EXTRA: css}))
    assert [(place, said) for place, said, _ in found] == [
        (f"{EXTRA}:1:5", "`cursor` does nothing on a page"),
        (f"{EXTRA}:1:22", "`transition` does nothing on a page"),
        (f"{EXTRA}:2:1", "`a, a:hover b` finds nothing on a page"),
        (f"{EXTRA}:4:5", "`animation-name` does nothing on a page"),
    ]
    assert {hint for _, _, hint in found} == {
        "paper neither moves nor is pointed at: leave it out, or write it in epub-extra.css"
    }


def test_what_is_for_screens_alone_may_stand_in_a_rule_for_screens(look: Look) -> None:
    css = "@media screen { a:hover { cursor: pointer } } p { -webkit-hyphens: auto; opacity: .9 }"
    assert look({EXTRA: css}) == []


# ---- families ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("css", "place"),
    [
        ('p { font-family: var(--song), "Noto Serif CJKK SC", serif }', "1:31"),
        ("p {\n font: bold 12pt/1.5 Noto Serif CJKK SC, serif }", "2:22"),
        ('h2 { font: 700 var(--em)/1 "Noto Serif CJKK SC" }', "1:28"),
    ],
)
def test_a_family_that_no_font_bears_is_an_error(look: Look, css: str, place: str) -> None:
    (found,) = look({EXTRA: css}, "font-missing")
    assert str(found.place) == f"{EXTRA}:{place}"
    assert found.message == "no font file has the family Noto Serif CJKK SC"
    assert found.hint.startswith("did you mean Noto Serif CJK SC? `booklet fonts list`")
    assert found.severity == "error"


def test_a_family_in_a_template_is_looked_up_as_well(look: Look) -> None:
    html = HALF_TITLE.replace("<p>", "<p style=\"font-family: 'No Such Face'\">")
    (found,) = look({"templates/parts/half-title.html": html}, "font-missing")
    assert str(found.place) == "templates/parts/half-title.html:1:53"


def test_families_of_the_shelf_and_of_font_faces_are_known(look: Look) -> None:
    css = (
        'p { font-family: "Noto Sans CJK SC", monospace } q { font-family: Mine, inherit }'
        "@font-face { font-family: Mine; src: url(mine.otf) }"
    )
    assert look({EXTRA: css}, "font-missing") == []


def test_only_named_families_are_in_the_file(look: Look, tmp_path: Path) -> None:
    import io

    import pikepdf

    css = '.half-title p { font-family: "Noto Sans CJK SC" } em { font-family: serif }'
    assert look({EXTRA: css}) == []
    data = (tmp_path / "out" / "book" / "book.pdf").read_bytes()
    with pikepdf.open(io.BytesIO(data)) as opened:
        names = {
            str(item.BaseFont).partition("+")[2]
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item
        }
    families = ("Noto-Serif-CJK-SC", "Noto-Sans-CJK-SC", "LXGW-WenKai")
    assert names
    assert all(name.startswith(families) for name in names), names
    assert any(name.startswith("Noto-Sans-CJK-SC") for name in names)


# ---- names ---------------------------------------------------------------------------------------

LETTERS = "abcdefghijklmnopqrstuvwxyz-"


@given(
    st.sampled_from(["text-align", "font-family", "line-height", "break-inside", "text-autospace"]),
    st.data(),
)
def test_a_slip_of_the_pen_is_recognised(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(name) - 1))
    slip = name[:at] + data.draw(st.sampled_from(["", *LETTERS])) + name[at + 1 :]
    assert slip == name or like_property(slip)


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("break-inside", "avod", "avoid"), ("position", "absolut", "absolute"),
        ("text-decoration", "underlin wavy", "underline wavy"), ("line-break", "strickt", "strict"),
        ("text-align", "zzz", ""), ("colour", "red", ""),
    ],
)  # fmt: skip
def test_only_a_value_that_fits_is_proposed(name: str, value: str, meant: str) -> None:
    assert like_value(name, value) == meant


def test_places_count_from_the_head_of_the_sheet() -> None:
    css = 'a{}\n@media print {\n  p { font-family:\n "A B", C D, var(--x), serif } }'
    found = [(one.name, one.line, one.column) for one in named_families(walk(css))]
    assert found == [("A B", 4, 2), ("C D", 4, 9)]
