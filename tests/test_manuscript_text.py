"""No word is lost: the model and the transcript, made apart, say the same."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.manuscript_words import squeeze, words_of_model, words_of_transcript

from booklet.errors import Severity
from booklet.manuscript import Loaded, load_publication

NASTY = sorted((Path(__file__).parent / "nasty").iterdir())


def load(text: str, *, header: str = "") -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.md"
        path.write_bytes((header + text).encode("utf-8", "surrogatepass"))
        return load_publication(path)


@pytest.mark.parametrize("path", NASTY, ids=lambda path: path.name)
def test_nasty_manuscripts_load_whole(path: Path) -> None:
    loaded = load_publication(path)
    assert [str(d) for d in loaded.diagnostics if d.severity is Severity.ERROR] == []
    assert words_of_model(loaded) == words_of_transcript(loaded)


PIECES = st.sampled_from(
    [
        "# ", "## ", "### ", "> ", "> 【编前语】", "- ", "1. ", "2. ", "——", "——李白", "\n——",
        "——2018年4月20日，", "2018年", "**", "*", "`", "```\n", "::: verse\n", "::: note 题\n",
        ":::\n", "[^1]", "\n[^1]: ", "{字|zì}", "{.dots}", "{#id}", "{k=v}", "[", "]", "](#id)",
        "](a.md)", "(", ")", "![", "](a.png)", "](a.png \"图\")", "<b>", "</b>", "<!--", "-->",
        "<script>", "</script>", "<div>\n", "&nbsp;", "\\", "| 甲 | 乙 |\n", "|---|---|\n", "|",
        "甲", "“", "”", "《", "》", "，", "。", "　", "文字", "Latin words", "\t", "    ",
        "\n---\n", "\n***\n", "\n===\n", "$", "_", "~~", "\r\n", "<http://example.org>",
        "[甲]: http://example.org\n", "[注]: 说明\n", "\ufeff", "𠮷", "\u200b", "前言\n",
        "编者按：",
    ]
)  # fmt: skip
SOUP = st.lists(st.one_of(PIECES, st.just("\n"), st.just("\n\n"), st.text(max_size=4)), max_size=40)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SOUP, st.sampled_from(["", "---\ntitle: 题\n---\n", "---\nform: anthology\n---\n"]))
def test_any_text_is_read_and_no_word_is_lost(pieces: list[str], header: str) -> None:
    loaded = load("".join(pieces), header=header)
    if loaded.publication is not None:
        assert words_of_model(loaded) == words_of_transcript(loaded)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_findings_and_no_exception(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("booklet.yaml", "manuscript.md"):
            (Path(folder) / name).write_bytes(data)
        loaded = load_publication(Path(folder))
    assert loaded.publication is not None or loaded.diagnostics


WORDS = st.text(
    st.characters(
        categories=["Lo", "Nd", "Po", "Pi", "Pf"],
        exclude_characters="\\`*_{}[]<>()#+-.!|~&:@%'\"/;",
    ),
    min_size=1,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5))
def test_plain_words_come_through_unchanged(paragraphs: list[str]) -> None:
    text = "\n\n".join(f"文{words}" for words in paragraphs)
    loaded = load(f"# 标题\n\n{text}\n")
    assert loaded.publication is not None, loaded.diagnostics
    assert words_of_transcript(loaded)["body"] == squeeze(text)
    assert words_of_model(loaded)["body"] == squeeze(text)


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        ("中文\n中文", "中文中文"),
        ("中文，\n“引”", "中文，“引”"),
        ("“甲”\n“乙”中", "“甲”“乙”中"),
        ("words\nwords", "words words"),
        ("中文\nLatin", "中文 Latin"),
        ("**粗**\n正文", "粗正文"),
        ("한글\n한글", "한글 한글"),
    ],
)
def test_line_ends_stand_for_a_space_only_between_words(lines: str, joined: str) -> None:
    loaded = load(f"# 标题\n\n{lines}\n")
    assert [run.text for run in loaded.transcript if run.stream == "body"] == [joined]


@pytest.mark.parametrize(
    "text",
    [
        "{" * 50_000,
        "[" * 20_000,
        "*甲" * 20_000,
        "> " * 5_000 + "深",
        "<!--" * 5_000,
        "[^1]" * 3_000 + "\n\n[^1]: 注",
        "{甲|" * 20_000,
        "| a " * 3_000 + "\n" + "|---" * 3_000,
        "![" * 5_000,
        "::: a\n" * 200,
    ],
    ids=lambda text: text[:6],
)
def test_hostile_text_takes_seconds_at_most(text: str) -> None:
    start = time.monotonic()
    load(f"# 标题\n\n{text}\n")
    assert time.monotonic() - start < 10
