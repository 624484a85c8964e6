"""Saving from the preview: only what was asked for changes in the text of a header."""

from __future__ import annotations

import io
import json
import string
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from booklet.errors import Findings
from booklet.manuscript.source import Source
from booklet.manuscript.yamlpos import read_yaml
from booklet.preview.header_text import HeaderError, Keys, Scalar, set_in_file, set_keys

HEADER = """\
# yaml-language-server: $schema=booklet.schema.json
title: "山居札记"   # as on the cover

layout:
  trim: A5            # 148 × 210 mm
  type_area: {size: 小四, characters: 25, lines: 22}  # 版心
tokens:
  accent: '#b3141c'   # red

  # the band
  tint: "#f7eee8"
editions: [screen, ebook]
"""


def values(text: str) -> Any:
    findings = Findings()
    tree = read_yaml(Source("", text.replace("\r\n", "\n")), findings)
    assert tree is not None
    assert not findings.fatal
    return tree.value


def changed_lines(before: str, after: str) -> list[str]:
    old = before.splitlines()
    return [line for line in after.splitlines() if line not in old]


def test_a_value_is_replaced_in_its_quotes_and_beside_its_comment() -> None:
    after = set_keys(HEADER, {("tokens", "accent"): "#1f4d53"})
    assert after == HEADER.replace("'#b3141c'", "'#1f4d53'")


def test_a_value_within_braces_is_replaced_there() -> None:
    changes: dict[Keys, Scalar] = {
        ("layout", "type_area", "lines"): 24, ("layout", "type_area", "size"): "10.5pt",
    }  # fmt: skip
    after = set_keys(HEADER, changes)
    assert after == HEADER.replace("小四", "10.5pt").replace("lines: 22", "lines: 24")


@pytest.mark.parametrize(
    ("keys", "value", "line", "follows"),
    [
        (("tokens", "gold"), "#c9a15a", '  gold: "#c9a15a"', '  tint: "#f7eee8"'),
        (("layout", "gutter"), "20mm", "  gutter: 20mm", HEADER.splitlines()[5]),
        (("options", "folios"), "roman", "  folios: roman", "options:"),
        (("theme",), "classic", "theme: classic", "editions: [screen, ebook]"),
        (("options", "indexes"), "off", '  indexes: "off"', "options:"),
    ],
)  # fmt: skip
def test_a_new_key_stands_at_the_end_of_its_mapping(
    keys: Keys, value: Scalar, line: str, follows: str
) -> None:
    after = set_keys(HEADER, {keys: value}).splitlines()
    assert after[after.index(line) - 1] == follows
    without = [one for one in after if one not in {line, "options:"}]
    assert without == HEADER.splitlines()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "tokens:\n  accent: red\n"),
        ("# only words", "# only words\ntokens:\n  accent: red\n"),
        ("title: 书", "title: 书\ntokens:\n  accent: red\n"),
        ("tokens:   # none yet\ntitle: 书\n", "tokens:   # none yet\n  accent: red\ntitle: 书\n"),
        ("tokens: null\ntitle: 书\n", "tokens:\n  accent: red\ntitle: 书\n"),
        ("tokens:", "tokens:\n  accent: red\n"),
        ("tokens: {}\n", "tokens: {accent: red}\n"),
        ("{title: 书}\n", "{title: 书, tokens: {accent: red}}\n"),
        ('{"title": "书"}', '{"title": "书", "tokens": {"accent": "red"}}'),
        ('{\n  "title": "书"\n}\n', '{\n  "title": "书", "tokens": {"accent": "red"}\n}\n'),
        ("tokens:\n  accent:   # later\n", "tokens:\n  accent: red   # later\n"),
        ("title: 书\r\ntheme: a\r\n", "title: 书\r\ntheme: a\r\ntokens:\r\n  accent: red\r\n"),
        ("rights: |\n  一\n\n# end\n", "rights: |\n  一\n\ntokens:\n  accent: red\n# end\n"),
        ("tokens: {tint: blue,}\n", "tokens: {tint: blue, accent: red}\n"),
    ],
)  # fmt: skip
def test_every_form_of_yaml_takes_a_key(text: str, after: str) -> None:
    assert set_keys(text, {("tokens", "accent"): "red"}) == after


def test_the_header_of_a_markdown_file_is_set_and_its_text_is_not() -> None:
    text = "---\ntitle: 札记   # 书名\n---\n\n## 一\n\n正文：accent: x\n"
    after = set_in_file(text, {("tokens", "accent"): "#000000"}, markdown=True)
    assert after == text.replace("# 书名\n", '# 书名\ntokens:\n  accent: "#000000"\n')
    assert set_in_file("## 一\n\n字\n", {("theme",): "pocket"}, markdown=True) == (
        "---\ntheme: pocket\n---\n\n## 一\n\n字\n"
    )


@pytest.mark.parametrize(
    "text", ["tokens: [a]\n", "- a\n", "tokens: {\n", "a: 1\na: 2\n", "x: *y\n", "tokens: red\n"]
)
def test_what_cannot_be_written_to_is_refused(text: str) -> None:
    with pytest.raises(HeaderError):
        set_keys(text, {("tokens", "accent"): "red"})


WORD = st.text(string.ascii_lowercase, min_size=1, max_size=6)
TEXT = st.text(st.sampled_from("ab 字#:'\"{}[],&*!|>%@-?~01.y"), max_size=8)
VALUE = st.one_of(TEXT, st.integers(-99, 99), st.booleans(), st.none())
TREE: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    WORD, st.one_of(VALUE, st.lists(VALUE, max_size=2), st.dictionaries(WORD, VALUE, max_size=3)),
    max_size=5,
)  # fmt: skip
CHANGES = st.dictionaries(
    st.tuples(WORD) | st.tuples(WORD, WORD), st.one_of(TEXT, st.integers(0, 99), st.booleans()),
    min_size=1, max_size=3,
)  # fmt: skip


def as_yaml(tree: dict[str, Any], form: str) -> str:
    if form == "json":
        return json.dumps(tree, ensure_ascii=False, indent=2)
    yaml, out = YAML(typ="safe", pure=True), io.StringIO()
    yaml.default_flow_style = {"block": False, "flow": True, "mixed": None}[form]
    yaml.allow_unicode = True
    yaml.dump(tree, out)
    lines = out.getvalue().splitlines()
    if form == "block":
        lines = [f"# note {at}\n{line}" for at, line in enumerate(lines) if line]
    return "\n".join(lines) + "\n"


@settings(max_examples=150, deadline=None)
@given(TREE, st.sampled_from(["block", "flow", "mixed", "json"]), CHANGES)
def test_only_the_keys_that_are_asked_for_change(
    tree: dict[str, Any], form: str, changes: dict[Keys, Scalar]
) -> None:
    before = as_yaml(tree, form)
    # ruamel.yaml writes some texts so that it cannot read them again, such as {a: ?0}.
    assume(read_yaml(Source("", before), Findings()) is not None)
    wanted, replaced = values(before) or {}, False
    for keys, value in changes.items():
        owner = wanted
        for key in keys[:-1]:
            owner[key] = {} if owner.get(key) is None else owner[key]
            if not isinstance(owner[key], dict):
                with pytest.raises(HeaderError):
                    set_keys(before, changes)
                return
            owner = owner[key]
        replaced = replaced or isinstance(owner.get(keys[-1]), (list, dict))
        owner[keys[-1]] = value
    after = set_keys(before, changes)
    assert values(after) == wanted
    if form == "block" and not replaced:  # what stands in a list goes with it
        notes = [line for line in before.splitlines() if line.lstrip().startswith("# note")]
        assert [line for line in after.splitlines() if line in notes] == notes


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["#123456", "#abcdef", "12pt"]), st.integers(8, 40))
def test_setting_a_header_twice_is_setting_it_once(color: str, lines: int) -> None:
    changes: dict[Keys, Scalar] = {
        ("tokens", "accent"): color, ("layout", "type_area", "lines"): lines,
    }  # fmt: skip
    once = set_keys(HEADER, changes)
    assert set_keys(once, changes) == once
    assert len(changed_lines(HEADER, once)) <= 2
