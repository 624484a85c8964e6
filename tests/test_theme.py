"""Themes: search path, inheritance, options, tokens, words, fonts, and the sandbox."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateError
from jinja2.exceptions import SecurityError
from markupsafe import Markup
from tests.strategies import INLINES

from booklet import limits
from booklet.errors import Diagnostic, Findings, InputError, Place
from booklet.manuscript import load_publication
from booklet.theme import (
    SearchPath,
    Theme,
    built_in_folder,
    built_in_themes,
    open_theme,
    render,
    theme_names,
)
from booklet.theme.controls import controls, groups
from booklet.theme.environment import balance, figures, shorten
from booklet.theme.numerals import chinese_numeral
from booklet.theme.packages import packaged_themes
from booklet.theme.templates import parse_template, read_template, template_names
from booklet.typeset.book import PagedBook
from booklet.typeset.geometry import plan_page
from booklet.typeset.markup import Scribe
from booklet.typeset.paged import token_sheet, typeset_pages
from booklet.typeset.reflow import style_sheet, typeset_reflow
from booklet.typeset.segments import parse_fragment

HEAD = "name: {name}\nlabel: {{zh: 名, en: name}}\ndescription: {{zh: 述, en: what}}\n"
PAGE = "layout: {trim: A6, size: 五号, pitch: 1.6, gutter-share: 0.5, head-share: 0.5, hang: 2}\n"


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def theme_yaml(name: str, more: str = "extends: reader\n") -> dict[str, str]:
    return {f"themes/{name}/theme.yaml": HEAD.format(name=name) + more}


def opened(
    root: Path,
    name: str = "reader",
    options: Mapping[str, object] | None = None,
    tokens: Mapping[str, str] | None = None,
) -> tuple[Theme | None, tuple[Diagnostic, ...]]:
    findings = Findings()

    def place_of(key: str, name: str) -> Place:
        return Place("booklet.yaml", {"theme": 2, "options": 3, "tokens": 4}[key], len(name) + 1)

    theme = open_theme(name, root, (options or {}, tokens or {}), place_of, findings)
    return theme, tuple(findings)


def sound(root: Path, name: str = "reader", **asked: Mapping[str, str]) -> Theme:
    theme, findings = opened(root, name, asked.get("options"), asked.get("tokens"))
    assert theme is not None
    assert not findings
    return theme


def only(findings: tuple[Diagnostic, ...]) -> Diagnostic:
    (finding,) = findings
    return finding


# ---- numerals and filters ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (100, "一百"),
     (101, "一百〇一"), (110, "一百一十"), (111, "一百一十一"), (1000, "一千"), (1001, "一千〇一"),
     (1010, "一千〇一十"), (2019, "二千〇一十九"), (9999, "九千九百九十九"), (0, "0"), (-3, "-3"),
     (10_000, "10000")],
)  # fmt: skip
def test_a_number_is_written_in_chinese_figures(number: int, text: str) -> None:
    assert chinese_numeral(number) == text


def read_numeral(text: str) -> int:
    total, digit = 0, 0
    for char in text:
        if char in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
        else:
            digit = "〇一二三四五六七八九".index(char)
    return total + digit


@given(st.integers(1, 9999))
def test_chinese_figures_read_back_as_the_same_number(number: int) -> None:
    text = chinese_numeral(number)
    assert read_numeral(text) == number
    assert "〇〇" not in text
    assert not text.endswith("〇")


def text_of(html: str) -> str:
    return "".join(map(str, parse_fragment(html).itertext()))


def test_figures_are_wrapped_whole() -> None:
    span = '<span class="figures">{}</span>'
    assert figures("2014年2月") == f"{span.format(2014)}年{span.format(2)}月"
    assert figures("3.14、10:30") == f"{span.format('3.14')}、{span.format('10:30')}"
    assert figures(Markup('<a href="#e1">&#65;1</a>')) == (
        f'<a href="#e1">&#65;{span.format(1)}</a>'
    )


@given(st.text(st.characters(exclude_categories=["C"])))
def test_wrapping_figures_changes_no_text(text: str) -> None:
    html = figures(text)
    assert unescape(re.sub(r"</?span[^>]*>", "", html)) == text
    assert text_of(html) == text


@given(INLINES)
def test_wrapping_figures_changes_no_text_of_markup(items: object) -> None:
    scribe = Scribe("paged", "body", {}, {"images/a.png": "a.png", 'images/图 "1".jpg': "b.jpg"})
    html = scribe.inlines(items)  # type: ignore[arg-type]
    assert text_of(figures(Markup(html))) == text_of(html)


@given(st.text(max_size=40), st.integers(3, 30))
def test_a_shortened_text_is_the_beginning_of_the_text(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert short == text if len(text) <= limit else text.startswith(short.removesuffix("……"))
    assert len(short) <= limit


@given(st.integers(1, 200), st.integers(1, 30))
def test_a_balanced_title_takes_no_more_lines_and_fits_each(length: int, fitting: int) -> None:
    line = balance(length, fitting)
    assert 1 <= line <= fitting
    assert -(-length // line) == -(-length // fitting)


# ---- search path -------------------------------------------------------------------------------


def test_the_files_of_the_publication_win_one_by_one(tmp_path: Path) -> None:
    write(tmp_path, {"templates/parts/excerpt.html": "mine"})
    files = sound(tmp_path).files
    assert files.read("parts/excerpt.html") == b"mine"
    theirs = built_in_folder() / "reader" / "parts" / "section.html"
    assert files.read("parts/section.html") == theirs.read_bytes()


def test_a_theme_wins_over_its_parent_and_the_publication_over_both(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            **theme_yaml("child"),
            "themes/child/parts/back.html": "child",
            "themes/child/parts/front.html": "child",
            "templates/parts/front.html": "publication",
        },
    )
    files = sound(tmp_path, "child").files
    found = {name: files.read(f"parts/{name}.html") for name in ("back", "front")}
    assert found == {"back": b"child", "front": b"publication"}
    assert b"excerpt.html" in (files.read("parts/section.html") or b"")


def test_a_template_can_extend_the_one_that_it_overrides(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            **theme_yaml("child"),
            "themes/child/x.html": "{% block one %}child{% endblock %}",
            "templates/x.html": '{% extends "child/x.html" %}'
            "{% block one %}mine, {{ super() }}{% endblock %}",
        },
    )
    theme = sound(tmp_path, "child")
    assert render(theme.environment, "x.html", {}) == "mine, child"
    assert theme.files.read("reader/x.html") is None


def test_no_name_leads_out_of_its_folder(tmp_path: Path) -> None:
    root = write(tmp_path / "in", {"templates/a.html": "a", "templates/deep/b.html": "b"})
    write(tmp_path, {"secret.html": "secret", "in/secret.html": "secret"})
    (root / "templates" / "link.html").symlink_to(tmp_path / "secret.html")
    (root / "templates" / "folder").symlink_to(tmp_path)
    (root / "templates" / "loop").symlink_to("loop")
    (root / "templates" / "inner.html").symlink_to("deep/b.html")
    files = SearchPath((root / "templates", root / "not-there"))
    refused = [
        "../secret.html", "deep/../../secret.html", "deep/../a.html", str(tmp_path / "secret.html"),
        "link.html", "folder/secret.html", "loop", "deep", ".", "",
        "a.html/", "a\0.html", "a" * 5000,
    ]  # fmt: skip
    found = {name: files.find(name) for name in refused}
    assert found == dict.fromkeys(refused) | {"a.html/": root / "templates" / "a.html"}
    assert files.read("deep/b.html") == files.read("inner.html") == b"b"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large.css").write_bytes(b" " * (limits.value("theme-file") + 1))
    files = SearchPath((tmp_path,))
    assert files.find("large.css")
    assert files.read("large.css") is None


def test_style_sheets_that_add_follow_each_other_the_publication_last(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            **theme_yaml("up"),
            **theme_yaml("child", "extends: up\n"),
            "themes/up/print-extra.css": "a{}",
            "themes/child/print-extra.css": "b{}",
            "templates/print-extra.css": "c{}",
            "themes/up/epub-extra.css": "d{}",
            "templates/epub-extra.css": "p { color: #b3141c }",
            "m.md": MANUSCRIPT,
        },
    )
    theme = sound(tmp_path, "child", tokens={"accent": "#123456"})
    sheets = [(sheet.file, sheet.css) for sheet in typeset(tmp_path, theme).sheets[-3:]]
    assert sheets == [
        ("themes/up/print-extra.css", "a{}"),
        ("themes/child/print-extra.css", "b{}"),
        ("templates/print-extra.css", "c{}"),
    ]
    assert style_sheet(theme).endswith("d{}\n\np { color: #123456 }")


# ---- templates and their blocks ----------------------------------------------------------------

NESTED = """{#- Makes a list. Then more. -#}
{# {% block commented %}{% endblock %} #}
{% raw %}{% block raw %}{% endraw %}
{% block outer %}{# All of it. #}
{% for x in y %}
{%- block inner scoped -%}{# One. #}<b>{{ x }}</b>{%- endblock inner %}
{% endfor %}
{% endblock %}
"""


def test_a_template_is_taken_apart_into_its_blocks() -> None:
    template = parse_template("list.html", NESTED)
    assert template.purpose == "Makes a list."
    found = [(block.name, block.purpose, block.line) for block in template.blocks]
    assert found == [("outer", "All of it.", 4), ("inner", "One.", 6)]
    inner, outer = template.block("inner"), template.block("outer")
    assert inner is not None
    assert outer is not None
    assert inner.text.startswith("{%- block inner scoped -%}")
    assert inner.text in outer.text
    assert outer.text.endswith("{% endblock %}")


@pytest.mark.parametrize("name", built_in_themes())
def test_every_block_that_jinja_knows_is_found_and_documented(name: str, tmp_path: Path) -> None:
    theme = sound(tmp_path, name)
    for file in template_names(theme.files):
        template = read_template(theme.files, file)
        assert template is not None
        known = theme.environment.get_template(file).blocks
        assert {block.name for block in template.blocks} == set(known)


# ---- inheritance -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", built_in_themes())
def test_a_built_in_theme_opens_without_a_finding(name: str, tmp_path: Path) -> None:
    assert sound(tmp_path, name).page.trim


def test_a_child_inherits_what_it_does_not_say(tmp_path: Path) -> None:
    write(
        tmp_path,
        theme_yaml(
            "child",
            "extends: reader\n"
            "tokens: {accent: {type: color, default: '#000001', label: {zh: 色, en: colour}}}\n"
            "fonts: {kai: {default: [Mine]}, ming: {default: [Other]}}\n"
            "strings: {zh-Hans: {contents: 目次}}\n" + PAGE,
        ),
    )
    child, parent = sound(tmp_path, "child"), sound(tmp_path)
    assert child.tokens == {**parent.tokens, "accent": "#000001"}
    assert child.options == parent.options
    assert child.page.trim == "A6"
    assert child.families("kai", "zh-Hans") == ("Mine",)
    assert child.families("song", "zh-Hans") == parent.families("song", "zh-Hans")
    assert set(child.roles) == {*parent.roles, "ming"}
    words = child.strings("zh-Hans")
    assert words == {**parent.strings("zh-Hans"), "contents": "目次"}


def test_a_theme_of_the_publication_wins_over_a_built_in_one_of_its_name(tmp_path: Path) -> None:
    rest = "fonts: {song: {default: [Noto Serif CJK SC]}}\nstrings: {en: {contents: Contents}}\n"
    write(tmp_path, theme_yaml("reader", PAGE + rest))
    assert sound(tmp_path).page.trim == "A6"


@pytest.mark.parametrize(
    ("chain", "told"),
    [
        ({"a": "a"}, "a → a"),
        ({"a": "b", "b": "a"}, "a → b → a"),
        ({"a": "b", "b": "c", "c": "b"}, "a → b → c → b"),
    ],
)
def test_themes_that_extend_each_other_are_told_with_the_way_round(
    chain: dict[str, str], told: str, tmp_path: Path
) -> None:
    for name, parent in chain.items():
        write(tmp_path, theme_yaml(name, f"extends: {parent}\n"))
    theme, findings = opened(tmp_path, "a")
    finding = only(findings)
    assert theme is None
    assert finding.code == "theme-cycle"
    assert told in finding.message
    assert finding.place.file == f"themes/{list(chain)[-1]}/theme.yaml"


def test_an_unknown_theme_is_told_with_a_suggestion(tmp_path: Path) -> None:
    write(tmp_path, theme_yaml("harvest"))
    finding = only(opened(tmp_path, "harvset")[1])
    assert (finding.code, finding.place) == ("theme-unknown", Place("booklet.yaml", 2, 1))
    assert finding.hint == "did you mean harvest?"
    finding = only(opened(tmp_path, "没有")[1])
    assert "reader" in finding.hint
    assert "harvest" in finding.hint


def test_an_unknown_parent_is_told_at_the_theme_that_names_it(tmp_path: Path) -> None:
    write(tmp_path, theme_yaml("child", "extends: raeder\n"))
    finding = only(opened(tmp_path, "child")[1])
    assert (finding.code, finding.place.file) == ("theme-unknown", "themes/child/theme.yaml")
    assert finding.hint == "did you mean reader?"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../templates/reader", "/", "reader/", "a\0b", "a" * 5000, "文" * 81]
)
def test_a_name_that_is_no_folder_is_an_unknown_theme(name: str, tmp_path: Path) -> None:
    write(tmp_path, {"theme.yaml": HEAD.format(name="root"), "themes/theme.yaml": ""})
    assert only(opened(tmp_path, name)[1]).code == "theme-unknown"


def test_templates_that_are_a_link_out_of_the_publication_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/secret.html": "TOP", "publication/m.md": MANUSCRIPT})
    (tmp_path / "publication" / "templates").symlink_to(tmp_path / "elsewhere")
    theme, findings = opened(tmp_path / "publication")
    assert theme is None
    assert only(findings).code == "theme-invalid"


def test_templates_may_be_a_link_within_the_publication(tmp_path: Path) -> None:
    write(tmp_path, {"shared/x.html": "x"})
    (tmp_path / "templates").symlink_to("shared")
    assert sound(tmp_path).files.read("x.html") == b"x"


def test_themes_that_are_a_link_out_of_the_publication_are_unknown(tmp_path: Path) -> None:
    write(tmp_path, theme_yaml("outside"))
    (tmp_path / "publication").mkdir()
    (tmp_path / "publication" / "themes").symlink_to(tmp_path / "themes")
    assert only(opened(tmp_path / "publication", "outside")[1]).code == "theme-unknown"


def test_a_theme_that_is_a_link_out_of_the_folder_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, theme_yaml("outside"))
    (tmp_path / "publication" / "themes").mkdir(parents=True)
    (tmp_path / "publication" / "themes" / "x").symlink_to(tmp_path / "themes" / "outside")
    assert only(opened(tmp_path / "publication", "x")[1]).code == "theme-unknown"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("name: [\n", 2, "does not parse"),
        ("name: bad\nname: twice\n", 2, "duplicate key"),
        ("name: bad\nlabel: !!python/object/apply:os.getcwd []\n", 2, "does not parse"),
        ("name: bad\n\tlabel: x\n", 2, "does not parse"),
        ("name: 2026-99-99\n", 0, "does not parse"),
        ("[" * 1200, 0, "does not parse"),
        ("", 0, "dictionary"),
        ("- name\n", 0, "dictionary"),
        ("a: &a [*a]\n", 1, "a: "),
        (HEAD.format(name="bad") + "extend: reader\n", 4, "extend: "),
        (HEAD.format(name="Bad Name"), 1, "name: "),
        (HEAD.format(name="bad") + "tokens: {a: {type: colour}}\n", 4, "tokens.a.type: "),
        (HEAD.format(name="bad") + "options: {a: {values: []}}\n", 4, "options.a.values: "),
        (HEAD.format(name="bad") + PAGE.replace("1.6", "16"), 4, "layout.pitch: "),
        (HEAD.format(name="bad") + PAGE.replace("gutter-", ""), 4, "layout.share: "),
    ],
)
def test_a_fault_of_a_theme_is_told_with_its_file_and_its_key_or_line(
    text: str, line: int, told: str, tmp_path: Path
) -> None:
    write(tmp_path, {"themes/bad/theme.yaml": text})
    theme, findings = opened(tmp_path, "bad")
    assert theme is None
    assert {finding.code for finding in findings} == {"theme-invalid"}
    assert {finding.place.file for finding in findings} == {"themes/bad/theme.yaml"}
    (finding,) = [finding for finding in findings if told in finding.message]
    assert finding.place.line == line


def test_a_theme_in_another_encoding_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"themes/bad/theme.yaml": ""})
    (tmp_path / "themes/bad/theme.yaml").write_bytes("name: 名".encode("gb18030"))
    assert "UTF-8" in only(opened(tmp_path, "bad")[1]).message


def test_a_root_theme_must_have_fonts_a_page_and_words(tmp_path: Path) -> None:
    write(tmp_path, theme_yaml("bare", ""))
    _, findings = opened(tmp_path, "bare")
    assert [item.code for item in findings] == ["theme-invalid"] * 3
    told = " ".join(item.message for item in findings)
    assert all(key in told for key in ("fonts:", "layout:", "strings:"))


# ---- options and tokens ------------------------------------------------------------------------


def test_options_and_tokens_of_the_publication_win(tmp_path: Path) -> None:
    theme = sound(tmp_path, options={"folios": "roman"}, tokens={"accent": "#1F4d53"})
    assert theme.options["folios"] == "roman"
    assert theme.options["sections"] == "auto"
    assert theme.tokens["accent"] == "#1F4d53"
    assert theme.tokens["gold"] == "#c9a15a"


def test_an_option_that_yaml_made_a_truth_value_is_on_or_off(tmp_path: Path) -> None:
    theme, findings = opened(tmp_path, options={"indexes": False})
    assert not findings
    assert theme is not None
    assert theme.options["indexes"] == "off"
    assert "'on'" in only(opened(tmp_path, options={"indexes": True})[1]).message


def test_an_option_value_brings_its_style_sheet(tmp_path: Path) -> None:
    assert sound(tmp_path).option_sheets() == ()
    roman = sound(tmp_path, options={"folios": "roman"})
    assert roman.option_sheets() == ("folios-roman.css",)
    assert roman.files.read("folios-roman.css")


@pytest.mark.parametrize(
    ("options", "tokens", "code", "line", "hint"),
    [
        ({"folio": "roman"}, {}, "option-unknown", 3, "did you mean folios?"),
        (
            {"色": "红"},
            {},
            "option-unknown",
            3,
            "it has: sections, folios, notes, indexes, punctuation, folio-place, folio-style, "
            "running-heads",
        ),
        ({"folios": "Roman"}, {}, "option-value", 3, "one of: continuous, roman"),
        ({"folios": 3}, {}, "option-value", 3, "one of: continuous, roman"),
        ({}, {"acent": "#000000"}, "token-unknown", 4, "did you mean accent?"),
        ({}, {"accent": "red"}, "token-value", 4, "the theme's own value is #b3141c"),
        ({}, {"accent": "#12345"}, "token-value", 4, "the theme's own value is #b3141c"),
        ({}, {"accent": "#123456;}"}, "token-value", 4, "the theme's own value is #b3141c"),
    ],
)
def test_a_wrong_option_or_token_is_told_where_it_stands_with_what_would_be_right(
    options: dict[str, object], tokens: dict[str, str], code: str, line: int, hint: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    theme, findings = opened(tmp_path, "reader", options, tokens)
    finding = only(findings)
    assert (finding.code, finding.place.line, finding.hint) == (code, line, hint)
    assert theme is not None
    assert dict(theme.tokens) == dict(sound(tmp_path).tokens)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("length", "3mm", ""), ("length", "2.5mm", ""), ("length", "2mm", ""),
        ("length", "1mm", "less than 2"), ("length", "9mm", "more than 8"),
        ("length", "3", "a length is written"), ("length", "calc(1pt)", "a length is written"),
        ("length", "３mm", "a length is written"), ("length", "-3mm", "a length is written"),
        ("length", "3mm;color:red", "a length is written"),
        ("number", "0.5", ""), ("number", "1.5", "more than 1"), ("number", "1e3", "no number"),
        ("number", "nan", "no number"), ("number", "", "no number"),
    ],
)  # fmt: skip
def test_the_value_of_a_token_is_held_against_its_kind_and_its_bounds(
    name: str, value: str, fault: str, tmp_path: Path
) -> None:
    write(
        tmp_path,
        theme_yaml(
            "child",
            "extends: reader\n"
            "tokens:\n"
            "  length: {type: length, default: 4mm, range: [2, 8],\n"
            "    label: {zh: 长, en: l}}\n"
            "  number: {type: number, default: 1, range: [0, 1], label: {zh: 数, en: n}}\n",
        ),
    )
    _, findings = opened(tmp_path, "child", {}, {name: value})
    assert [fault in finding.message for finding in findings] == ([True] if fault else [])


@pytest.mark.parametrize(
    ("value", "fault"),
    [("28.35pt", ""), ("10mm", ""), ("900mm", "more than 40mm"), ("0.1pt", "less than 5mm"),
     ("1em", "measured in mm")],
)  # fmt: skip
def test_a_length_is_bounded_in_the_unit_of_its_range_however_it_is_written(
    value: str, fault: str, tmp_path: Path
) -> None:
    token = "{type: length, default: 20mm, range: [5, 40], label: {zh: 边, en: margin}}"
    write(tmp_path, theme_yaml("child", f"extends: reader\ntokens: {{margin: {token}}}\n"))
    _, findings = opened(tmp_path, "child", {}, {"margin": value})
    assert [fault in finding.message for finding in findings] == ([True] if fault else [])


@pytest.mark.parametrize(
    ("token", "line", "column", "told"),
    [
        ("{type: length, default: 3mm", 5, 3, "a.: a length or number has a range"),
        ("{type: length, range: [1, 2], default: 900mm", 5, 3, "more than 2mm"),
        ("{type: length, range: [9, 2], default: 5mm", 5, 3, "range is [smallest, largest]"),
        ("{type: color, range: [1, 2], default: '#000000'", 5, 3, "range is"),
        ("{type: choice, default: x", 5, 3, "a choice has values"),
        ("{type: color, default: red", 5, 3, "a colour is written"),
        ("{type: font, default: 'a\"b'", 5, 3, "a font is"),
        ("{type: color, defalt: '#000000'", 5, 20, "no such key"),
        ("{type: color, default: '#000000', group: colour", 5, 40, "there is no group 'colour'"),
    ],
)
def test_a_token_that_no_theme_may_have_is_told_at_its_line_and_column(
    token: str, line: int, column: int, told: str, tmp_path: Path
) -> None:
    more = f"extends: reader\ntokens:\n  a: {token}, label: {{zh: 色, en: x}}}}\n"
    write(tmp_path, theme_yaml("child", more))
    theme, findings = opened(tmp_path, "child")
    assert theme is None
    found = next(item for item in findings if told.replace("a.:", "a:") in item.message)
    assert found.code == "theme-invalid"
    assert found.place == Place("themes/child/theme.yaml", line + 1, column)


def test_a_misspelt_key_is_told_with_what_was_meant(tmp_path: Path) -> None:
    write(tmp_path, theme_yaml("child", "extends: reader\nlayuot: {}\n"))
    finding = only(opened(tmp_path, "child")[1])
    assert (finding.hint, finding.place.line) == ("did you mean layout?", 5)


@pytest.mark.parametrize("written", ["'#1f4d53'", "{default: '#1f4d53'}"])
def test_a_child_changes_a_token_or_option_and_keeps_the_rest(written: str, tmp_path: Path) -> None:
    more = f"extends: reader\ntokens: {{accent: {written}}}\noptions: {{folios: roman}}\n"
    write(tmp_path, theme_yaml("child", more))
    child, parent = sound(tmp_path, "child"), sound(tmp_path)
    assert child.tokens == {**parent.tokens, "accent": "#1f4d53"}
    assert child.token_specs["accent"].label == parent.token_specs["accent"].label
    assert child.option_sheets() == ("folios-roman.css",)
    assert style_sheet(child).count("#1f4d53") == style_sheet(parent).count("#b3141c") > 0


def test_an_option_must_have_the_values_that_it_names(tmp_path: Path) -> None:
    more = "options: {folios: {values: [a, b], default: c, label: {zh: 页, en: f}}}\n"
    write(tmp_path, theme_yaml("child", f"extends: reader\n{more}"))
    assert "'c' is not among its values" in only(opened(tmp_path, "child")[1]).message


def test_a_font_token_chooses_the_families_of_its_role(tmp_path: Path) -> None:
    theme = sound(tmp_path, tokens={"song": "kai", "kai": "Fancy Kai, song"})
    assert theme.families("song", "zh-Hans") == ("LXGW WenKai",)
    assert theme.families("kai", "zh-Hans") == ("Fancy Kai", "Noto Serif CJK SC")
    assert theme.families("hei", "zh-Hans") == ("Noto Sans CJK SC",)
    assert '--kai: "Fancy Kai", "Noto Serif CJK SC", ' in token_sheet(theme, "zh-Hans")


@pytest.mark.parametrize("value", ["", 'a"b', "A;color:red", "url('x')", "A,,B", "a\\b", " , "])
def test_a_font_token_holds_names_of_families_only(value: str, tmp_path: Path) -> None:
    assert only(opened(tmp_path, tokens={"song": value})[1]).code == "token-value"


def test_lines_stand_as_the_nearest_theme_says(tmp_path: Path) -> None:
    write(tmp_path, theme_yaml("up", "extends: reader\ndirection: vertical\n"))
    write(tmp_path, theme_yaml("child", "extends: up\n"))
    assert [sound(tmp_path, name).direction for name in ("child", "reader")] == [
        "vertical", "horizontal",
    ]  # fmt: skip


@pytest.mark.parametrize("name", built_in_themes())
def test_every_token_and_option_can_be_tuned(name: str, tmp_path: Path) -> None:
    theme = sound(tmp_path, name)
    panel = controls(theme)
    assert {control.path[1] for control in panel if control.path[0] == "tokens"} == {*theme.tokens}
    assert {control.path[1] for control in panel if control.path[0] == "options"} == {
        option for option, spec in theme.option_specs.items() if len(spec.values) > 1
    }
    for control in panel:
        assert (control.range is not None) == (control.kind in {"length", "number"})
        assert (len(control.values) > 1) == (control.kind == "choice")
        assert control.group in groups(theme), control.path


# ---- themes of installed packages --------------------------------------------------------------


def install(folder: Path, name: str, themes: Mapping[str, str]) -> None:
    """Lay out a package as an installer does; importing it would raise."""
    module = name.replace("-", "_")
    write(folder, {f"{module}/__init__.py": "raise SystemExit('imported')"})
    points = "".join(f"{theme} = {module}.{at}\n" for theme, at in themes.items())
    write(
        folder,
        {
            f"{module}-1.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
            f"{module}-1.dist-info/entry_points.txt": f"[booklet.themes]\n{points}",
        },
    )


def test_a_theme_of_an_installed_package_is_found_and_its_code_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", "harvest-themes", {"harvest": "looks.harvest"})
    text = theme_yaml("harvest")["themes/harvest/theme.yaml"]
    write(tmp_path / "site/harvest_themes/looks/harvest", {"theme.yaml": text, "x.html": "x"})
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    theme = sound(tmp_path, "harvest")
    assert theme.files.read("x.html") == b"x"
    assert theme.files.label("x.html") == "themes/harvest/x.html"
    assert "harvest" in theme_names(tmp_path)
    assert only(opened(tmp_path, "harvset")[1]).hint == "did you mean harvest?"


@pytest.mark.parametrize(
    ("named", "trusted"),
    [("", False), ("others", False), ("others, Harvest_Themes", True), ("harvest.themes", True)],
)
def test_the_user_says_whose_themes_may_be_used(
    named: str, trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", "harvest-themes", {"harvest": "looks.harvest"})
    text = theme_yaml("harvest")["themes/harvest/theme.yaml"]
    write(tmp_path / "site/harvest_themes/looks/harvest", {"theme.yaml": text})
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setenv("BOOKLET_THEME_PACKAGES", named)
    assert ("harvest" in theme_names(tmp_path)) is trusted
    theme, findings = opened(tmp_path, "harvest")
    assert (theme is not None) is trusted
    if not trusted:
        assert only(findings).code == "theme-unknown"
        assert "BOOKLET_THEME_PACKAGES does not name it" in only(findings).hint


def test_a_packaged_theme_with_a_name_that_is_taken_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("one", "two"):
        install(
            tmp_path / "site", package, {"reader": "r", "harvest": "h", "none": "n", "up": "../x"}
        )
        for folder, name in (("r", "reader"), ("h", "harvest")):
            text = theme_yaml(name)[f"themes/{name}/theme.yaml"]
            write(tmp_path / "site" / package / folder, {"theme.yaml": text})
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    findings = Findings()
    (theme,) = packaged_themes(findings)
    assert (theme.name, theme.package) == ("harvest", "one")
    assert sound(tmp_path).folder == built_in_folder() / "reader"
    told = [(item.place.file, item.message) for item in findings]
    assert ("package one", "the theme reader is left out: a built-in theme has this name") in told
    assert ("package two", "the theme harvest is left out: the package one has this name") in told
    assert sum("leads to no theme.yaml" in message for _, message in told) == 4


# ---- words and fonts by language ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "contents"),
    [("zh-Hans", "目录"), ("zh", "目录"), ("zh-CN", "目录"), ("zh-SG", "目录"),
     ("zh-Hans-CN", "目录"), ("ZH-HANS", "目录"), ("zh-Hant", "目錄"), ("zh-TW", "目錄"),
     ("zh-HK", "目錄"), ("zh-MO", "目錄"), ("zh-Hant-HK", "目錄"), ("zh-hant-tw", "目錄"),
     ("en", "Contents"), ("en-GB", "Contents"),
     ("fr", "Contents"), ("de-CH", "Contents"), ("ja", "目录"), ("ko-KR", "目录")],
)  # fmt: skip
def test_the_words_of_a_theme_follow_the_language(
    language: str, contents: str, tmp_path: Path
) -> None:
    theme = sound(tmp_path)
    words = theme.strings(language)
    assert words["contents"] == contents
    assert words.keys() == theme.strings("zh-Hans").keys()


def test_a_word_that_a_language_lacks_is_given_in_the_next(tmp_path: Path) -> None:
    write(tmp_path, theme_yaml("child", "extends: reader\nstrings: {ja: {contents: 目次}}\n"))
    words = sound(tmp_path, "child").strings("ja-JP")
    assert words["contents"] == "目次"
    assert words["cover"] == "封面"


@pytest.mark.parametrize(
    ("language", "suffix"),
    [("zh-Hans", "SC"), ("zh", "SC"), ("en", "SC"), ("zh-Hant", "TC"), ("zh-TW", "TC"),
     ("zh-Hant-TW", "TC"), ("zh-HK", "HK"), ("zh-MO", "TC"), ("ja-JP", "JP"), ("ko", "KR")],
)  # fmt: skip
def test_the_faces_of_a_role_follow_the_language(
    language: str, suffix: str, tmp_path: Path
) -> None:
    theme = sound(tmp_path)
    assert theme.families("song", language) == (f"Noto Serif CJK {suffix}",)
    assert theme.families("kai", language) == ("LXGW WenKai",)
    assert theme.families("nothing", language) == ()


# ---- the sandbox -------------------------------------------------------------------------------

MANUSCRIPT = """\
# 小册

## 第一辑

甲乙丙{{ 7*7 }}，{% raw %}丁{% endraw %}{# 戊 #}${7+7}<%= 1 %>。

——2014年2月27日，在{{ book }}会上的讲话
"""

HOSTILE = [
    "{{ book.__class__ }}",
    "{{ ().__class__.__mro__ }}",
    "{{ ''['__class__'] }}",
    "{{ book|attr('__class__') }}",
    "{{ book.title.text.__class__.__base__.__subclasses__() }}",
    "{{ ([book]|map(attribute='__class__')|first).x }}",
    "{{ self.__init__.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func }}",
    "{% for i in [1] %}{{ loop._iterable }}{% endfor %}",
    "{{ range.__self__ }}",
    "{{ '{0.__class__}'.format(book) }}",
    "{{ '{0.__class__.__init__.__globals__}'.format_map({}) }}",
    "{{ '%s' % book }}",
    "{{ '%s'|format(book) }}",
    "{{ 'a' * 10**9 }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 1000000000 * 'a' }}",
    "{{ [0] * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 'a'|center(1000000000) }}",
    "{{ 'a'|indent(1000000000) }}",
    "{{ [1]|tojson(indent=1000000000) }}",
    "{{ range(10**9) }}",
    "{% for i in range(1000000000) %}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include 'hostile.html' %}",
    "{% extends 'hostile.html' %}",
    "{% include '../secret.html' %}",
    "{% include 'reader/../secret.html' %}",
    "{% include '/etc/passwd' %}",
    "{% include 'link.html' %}",
    "{% include 'a\0.html' %}",
    "{% import '../secret.html' as secret %}",
    "{% from 'os' import path %}",
    "{{ book.title.text.upper() }}",
    "{{ book.sections.append(1) }}",
    "{{ book.title() }}",
    "{{ t.clear() }}",
    "{{ t.update({'contents': 'x'}) }}",
    "{{ hrefs.pop('e1') }}",
    "{{ [].append(1) }}",
    "{{ book.title.text.encode('utf-8') }}",
    "{{ book.sections[0].heading.__html__() }}",
    "{% set book.language = 'x' %}",
    "{% set t.contents = 'x' %}",
    "{% do t.clear() %}",
    "{% set n = namespace() %}",
    "{{ cycler('a') }}",
    "{{ joiner() }}",
    "{{ lipsum() }}",
    "{{ dict(a=1) }}",
    "{{ open('/etc/passwd') }}",
    "{{ __import__('os') }}",
    "{% debug %}",
    "{{ [1, 2]|random }}",
    "{{ book.nothing }}",
    "{{ nothing }}",
    "{{ 1 / 0 }}",
    "{{ 1e400|int }}",
    "{{ 'a'|truncate(-5) }}",
    "{{ 'a'|dictsort }}",
    "{{ 'a' + 1 }}",
    "{{ 1 if }}",
    "<p>{{ book.title.text }}",
    "{% for i in range(999) %}<b>{% endfor %}{% for i in range(999) %}</b>{% endfor %}",
    "<p id=x>a</p>",
    "&nbsp;",
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "{{ '\\ud800' }}",
    "{{ '\\x00' }}",
]


READER = sound(Path("nowhere"))
WORDS = READER.strings("zh-Hans")


def reader_over(templates: Path) -> Theme:
    """The built-in theme below some templates; it is slow to read anew."""
    return replace(READER, files=SearchPath((templates, *READER.files.folders[1:]), ("reader",)))


def typeset(root: Path, theme: Theme) -> PagedBook:
    loaded = load_publication(root / "m.md")
    assert loaded.publication is not None
    geometry = plan_page(loaded.publication.layout, theme.page, Place("m.md"), Findings())
    assert geometry is not None
    return typeset_pages(loaded.publication, theme, geometry)


@pytest.mark.parametrize("template", HOSTILE)
def test_a_template_cannot_reach_out_of_the_sandbox(template: str, tmp_path: Path) -> None:
    write(tmp_path, {"m.md": MANUSCRIPT, "secret.html": "TOP"})
    hostile = '{% include "hostile.html" %}'
    write(tmp_path, {"templates/book.html": hostile, "templates/hostile.html": template})
    (tmp_path / "templates" / "link.html").symlink_to(tmp_path / "secret.html")
    theme = reader_over(tmp_path / "templates")
    with pytest.raises(InputError) as caught:
        typeset(tmp_path, theme)
    (finding,) = caught.value.diagnostics
    assert finding.code == "template"
    assert finding.place.file.startswith("templates/")
    assert "TOP" not in str(finding)
    assert READER.strings("zh-Hans") == WORDS


@pytest.mark.parametrize(
    "template",
    ["{{ ().__class__ }}", "{{ 'a' * 9 }}", "{{ 'a'.upper() }}", "{{ '{}'.format(1) }}",
     "{{ 2 ** 3 }}", "{{ t.clear() }}"],
)  # fmt: skip
def test_what_the_sandbox_refuses_it_refuses_by_name(template: str, tmp_path: Path) -> None:
    write(tmp_path, {"templates/x.html": template})
    theme = reader_over(tmp_path / "templates")
    with pytest.raises((SecurityError, TemplateError)):
        render(theme.environment, "x.html", {"t": {"contents": "目录"}})


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ("{{ 2 * 3 }}{{ 7 % 4 }}{{ 7 // 2 }}", "633"),
        ("{% for i in range(3) %}{{ loop.cycle('a', 'b') }}{% endfor %}", "aba"),
        ("{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}{{ m('<') }}", "<b>&lt;</b>"),
        ("{{ 12|chinese }}{{ 'a' ~ 'b' }}{{ 'ab'|length }}", "十二ab2"),
        ("{{ '<b>' }}{{ t.contents|upper }}", "&lt;b&gt;TOC"),
    ],
)
def test_what_a_designer_needs_is_allowed(template: str, html: str, tmp_path: Path) -> None:
    write(tmp_path, {"templates/x.html": template})
    assert (
        render(
            reader_over(tmp_path / "templates").environment, "x.html", {"t": {"contents": "toc"}}
        )
        == html
    )


def test_a_template_that_writes_without_end_is_stopped(tmp_path: Path) -> None:
    write(tmp_path, {"templates/x.html": "{% for i in range(99999) %}long{% endfor %}"})
    lifted = {"template-text": 1000}
    with limits.using(lifted=lifted), pytest.raises(SecurityError, match="template-text: 1,000"):
        render(reader_over(tmp_path / "templates").environment, "x.html", {})


def test_a_fault_of_a_template_is_told_with_its_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"m.md": MANUSCRIPT, "templates/parts/excerpt.html": "<p>\n\n{{ excerpt.nummer }}</p>\n"},
    )
    with pytest.raises(InputError) as caught:
        typeset(tmp_path, reader_over(tmp_path / "templates"))
    (finding,) = caught.value.diagnostics
    assert finding.place == Place("templates/parts/excerpt.html", 3)
    assert "nummer" in finding.message


def test_a_template_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"m.md": MANUSCRIPT, "templates/parts/back.html": ""})
    (tmp_path / "templates" / "parts" / "excerpt.html").write_bytes(b"\xb0\xa1")
    with pytest.raises(InputError, match="template"):
        typeset(tmp_path, reader_over(tmp_path / "templates"))


def test_words_of_the_manuscript_that_look_like_template_code_are_words(tmp_path: Path) -> None:
    write(tmp_path, {"m.md": MANUSCRIPT})
    book = typeset(tmp_path, reader_over(tmp_path / "templates"))
    body = "".join(part.text for part in book.segments if part.stream == "body")
    assert "甲乙丙{{7*7}}，{%raw%}丁{%endraw%}{#戊#}${7+7}<%=1%>。" in body
    assert "在{{book}}会上的讲话" in body
    assert "49" not in text_of(book.html.partition("<body>")[2].partition("</body>")[0])


def test_words_of_the_manuscript_are_words_in_the_ebook_too(tmp_path: Path) -> None:
    write(tmp_path, {"m.md": MANUSCRIPT})
    theme = reader_over(tmp_path / "templates")
    loaded = load_publication(tmp_path / "m.md")
    assert loaded.publication is not None
    geometry = plan_page(loaded.publication.layout, theme.page, Place("m.md"), Findings())
    assert geometry is not None
    book = typeset_reflow(loaded.publication, theme, geometry, "urn:x", {})
    html = "".join(document.body for document in book.documents)
    assert "甲乙丙{{ 7*7 }}，{% raw %}丁{% endraw %}{# 戊 #}${7+7}&lt;%= 1 %&gt;。" in html


def test_loops_within_loops_end(tmp_path: Path) -> None:
    template = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"
    write(tmp_path, {"templates/loop.html": template})
    with pytest.raises(SecurityError, match="steps"):
        render(sound(tmp_path).environment, "loop.html", {})


@pytest.mark.parametrize(
    "text",
    [
        "{#" * 500_000, "{#" + " " * 1_000_000, "{% raw %}" * 100_000, "{% block a %}{#" * 50_000,
        "{% block a" + " " * 1_000_000, "{% block " + "a" * 1_000_000, "{%" + " " * 1_000_000,
        "{% raw %}" + "endraw " * 100_000, "{% endblock" * 90_000, "{% block a %}" * 80_000,
    ],
    ids=lambda text: text[:14],
)  # fmt: skip
def test_a_template_of_any_form_is_taken_apart_at_once(text: str) -> None:
    before = time.process_time()
    parse_template("x.html", text)
    assert time.process_time() - before < 3
