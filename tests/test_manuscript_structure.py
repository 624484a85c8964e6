"""What editors write, and what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from booklet.errors import Place
from booklet.manuscript import Loaded, load_publication
from booklet.model.content import (
    Block,
    Box,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Excerpt,
    Figure,
    Heading,
    Link,
    Listing,
    NoteRef,
    Paragraph,
    Picture,
    Quote,
    Ruby,
    Rule,
    Span,
    Strong,
    Table,
    Text,
    Verse,
    plain,
)
from booklet.model.publication import Publication

NASTY = Path(__file__).parent / "nasty"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(text: str) -> Loaded:
    Path("text.md").write_text(text, encoding="utf-8")
    return load_publication(Path("text.md"))


def read(text: str) -> Publication:
    loaded = load(text)
    assert loaded.publication is not None, "\n".join(map(str, loaded.diagnostics))
    return loaded.publication


def blocks(text: str, form: str = "book") -> tuple[Block, ...]:
    return read(f"---\nform: {form}\n---\n# 标题\n\n## 节\n\n{text}\n").sections[0].blocks


def inlines(text: str) -> tuple[object, ...]:
    (paragraph,) = blocks(text)
    assert isinstance(paragraph, Paragraph)
    return paragraph.inlines


pytestmark = pytest.mark.usefixtures("folder")

ANTHOLOGY = """# 讲话

> **【编前语】**党的十八大以来，
> 发表讲话。

**第一节**

甲。

乙。

——2014年2月27日，在会议上的讲话

丙。

——李白

**第二节**

丁。

——致大会的贺信

剩余。
"""


def test_an_anthology_as_editors_write_it() -> None:
    publication = read(ANTHOLOGY)
    assert publication.title == "讲话"
    (preface,) = publication.front
    assert (preface.id, preface.label, preface.title) == ("preface", "【编前语】", "编前语")
    assert preface.blocks == (
        Paragraph((Text("党的十八大以来，发表讲话。"),), Place("text.md", 3, 3)),
    )
    assert [section.title for section in publication.sections] == ["第一节", "第二节"]
    assert [excerpt.number for excerpt in publication.excerpts] == [1, 2, 3, 4]
    assert [len(excerpt.blocks) for excerpt in publication.excerpts] == [2, 1, 1, 1]
    assert publication.excerpts[0].place == Place("text.md", 8, 1)
    assert publication.excerpts[3].attribution is None


def test_each_stream_of_the_transcript_keeps_its_order() -> None:
    runs = load(ANTHOLOGY).transcript
    streams = list(dict.fromkeys(run.stream for run in runs))
    assert streams == ["title", "front-1", "body"]
    body = [run.text for run in runs if run.stream == "body"]
    assert body[:4] == ["第一节", "甲。", "乙。", "——2014年2月27日，在会议上的讲话"]


def test_an_attribution_may_end_its_paragraph() -> None:
    (excerpt,) = blocks("床前明月光\n——李白", form="auto")
    assert isinstance(excerpt, Excerpt)
    assert excerpt.attribution is not None
    assert plain(excerpt.attribution.rest) == "李白"
    assert excerpt.attribution.place.line == 9
    assert excerpt.blocks == (Paragraph((Text("床前明月光"),), Place("text.md", 8, 1)),)


def test_a_wrapped_sentence_that_begins_with_a_dash_is_no_attribution() -> None:
    found = blocks("他们要的是自由\n——真正的自由。", form="auto")
    assert [type(block) for block in found] == [Paragraph]


def test_headings_tables_and_rules_end_a_text() -> None:
    text = "引言。\n\n### 小节\n\n甲。\n\n——李白\n\n***\n\n乙。\n\n——杜甫\n\n![图](a.png)\n\n——摄影"
    Path("a.png").write_bytes((NASTY / "header-only/images/dot.png").read_bytes())
    found = blocks(text, form="auto")
    assert [type(b) for b in found] == [Paragraph, Heading, Excerpt, Rule, Excerpt, Excerpt]
    assert isinstance(found[5], Excerpt)
    assert isinstance(found[5].blocks[0], Figure)


def test_in_a_book_a_quotation_takes_the_attribution_below_it_or_within() -> None:
    found = blocks("> 甲。\n\n——孔子\n\n> 乙。\n>\n> ——孟子\n\n——正文。")
    assert [type(block) for block in found] == [Quote, Quote, Paragraph]
    names = [plain(b.attribution.rest) for b in found if isinstance(b, Quote) and b.attribution]
    assert names == ["孔子", "孟子"]


def test_excerpts_within_containers_are_found() -> None:
    text = "::: letter\n甲。\n\n——李白\n:::\n\n- 乙。\n\n  ——杜甫"
    publication = read(f"# 标题\n\n{text}\n")
    assert [excerpt.id for excerpt in publication.excerpts] == ["e1", "e2"]


@pytest.mark.parametrize(
    ("opening", "label", "title"),
    [
        ("**【编前语】**甲", "【编前语】", "编前语"),
        ("【出版说明】\n> 甲", "【出版说明】", "出版说明"),
        ("编者按：甲", "编者按：", "编者按"),
        ("**编者按**：甲", "编者按：", "编者按"),
        ("**前言**　甲", "前言", "前言"),
        ("前言\n>\n> 甲", "前言", "前言"),
    ],
)
def test_a_label_opens_a_front_piece(opening: str, label: str, title: str) -> None:
    (piece,) = read(f"# 标题\n\n> {opening}\n\n## 节\n\n正文\n").front
    assert (piece.label, piece.title) == (label, title)
    assert [plain(b.inlines).strip() for b in piece.blocks if isinstance(b, Paragraph)] == ["甲"]


@pytest.mark.parametrize("opening", ["前言不搭后语。", "序列号。", "他说：【甲】"])
def test_other_quotations_stay_in_the_body(opening: str) -> None:
    publication = read(f"# 标题\n\n> {opening}\n")
    assert publication.front == ()
    assert isinstance(publication.sections[0].blocks[0], Quote)


def test_bold_paragraphs_are_sections_only_without_headings() -> None:
    publication = read("# 标题\n\n## 节\n\n**粗体**\n\n正文\n")
    assert [section.title for section in publication.sections] == ["节"]
    long = "很长的一句" * 9
    assert read(f"# 标题\n\n**{long}**\n\n正文\n").sections[0].title == ""


def test_a_second_hash_is_a_section() -> None:
    publication = read("# 标题\n\n# 甲\n\n一\n\n## 乙\n\n二\n")
    assert [section.title for section in publication.sections] == ["甲", "乙"]


def test_with_a_title_in_the_header_several_hashes_are_sections() -> None:
    publication = read("---\ntitle: 书\n---\n# 甲\n\n一\n\n# 乙\n\n二\n")
    assert (publication.title, publication.title_inlines) == ("书", ())
    assert [section.title for section in publication.sections] == ["甲", "乙"]


def test_the_same_title_in_both_places_is_the_title() -> None:
    publication = read("---\ntitle: 书\n---\n# **书**\n\n一\n")
    assert publication.title_inlines == (Strong((Text("书"),)),)
    assert publication.title_place == Place("text.md", 4, 1)


def test_inline_marks() -> None:
    text = "**粗***斜*`码`{汉字|hànzì}[词]{.dots .a}[链](https://a.b)  \n行"
    assert inlines(text) == (
        Strong((Text("粗"),)),
        Emphasis((Text("斜"),)),
        Code("码"),
        Ruby("汉字", "hànzì"),
        Span(("dots", "a"), (Text("词"),)),
        Link("https://a.b", (Text("链"),)),
        Break(),
        Text("行"),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"\{汉字|hànzì}", "{汉字|hànzì}"),
        (r"\[^1]", "[^1]"),
        ("{未完|", "{未完|"),
        ("a_b_c *", "a_b_c *"),
        ("“引”——'直' -- ... (c)", "“引”——'直' -- ... (c)"),
        ("[注]: 说明文字", "[注]: 说明文字"),
        ("    四格缩进", "四格缩进"),
        ("{.x} 文字", "{.x} 文字"),
    ],
)
def test_what_is_not_markup_stays_as_written(text: str, words: str) -> None:
    assert inlines(text) == (Text(words),)


def test_emphasis_beside_chinese_punctuation() -> None:
    assert inlines("**明确“路径”**很") == (Strong((Text("明确“路径”"),)), Text("很"))


def test_blocks() -> None:
    text = (
        "1. 甲\n2. 乙\n\n| 甲 | 乙 |\n|:--|--:|\n| 一 | 二 |\n\n```py\nx\n```\n\n"
        "{.big}\n段\n\n::: note 题\n文\n:::"
    )
    listing, table, code, big, note = blocks(text)
    assert isinstance(listing, Listing)
    assert (listing.start, listing.tight, len(listing.items)) == (1, True, 2)
    assert isinstance(table, Table)
    assert table.aligns == ("left", "right")
    assert table.rows == (((Text("一"),), (Text("二"),)),)
    assert code == CodeBlock("x\n", "py", Place("text.md", 15, 1))
    assert isinstance(big, Box)
    assert big.classes == ("big",)
    assert isinstance(note, Box)
    assert [plain(b.inlines) for b in note.blocks if isinstance(b, Paragraph)] == ["题", "文"]


def test_verse_keeps_its_lines_and_stanzas() -> None:
    found = blocks("::: verse\n甲\n乙\n\n丙\n——李白\n:::", form="auto")
    (excerpt,) = found
    assert isinstance(excerpt, Excerpt)
    (verse,) = excerpt.blocks
    assert isinstance(verse, Verse)
    assert verse.lines == ((Text("甲"),), (Text("乙"),), (), (Text("丙"),))


def test_notes_are_numbered_by_their_first_call() -> None:
    publication = read("# 标题\n\n甲[^b]乙[^a]丙[^b]。\n\n[^a]: 一\n[^b]: 二\n")
    assert [(note.id, note.number) for note in publication.notes] == [("n1", 1), ("n2", 2)]
    words = [
        plain(b.inlines) for n in publication.notes for b in n.blocks if isinstance(b, Paragraph)
    ]
    assert words == ["二", "一"]
    (paragraph,) = publication.sections[0].blocks
    assert isinstance(paragraph, Paragraph)
    calls = [inline.note for inline in paragraph.inlines if isinstance(inline, NoteRef)]
    assert calls == ["n1", "n2", "n1"]


def test_ids_of_ours_step_aside() -> None:
    publication = read("# 标题\n\n## 甲 {#s2}\n\n一\n\n——李白\n\n## 乙\n\n{#e1}\n二\n\n——杜甫\n")
    assert [section.id for section in publication.sections] == ["s2", "s2-2"]
    assert [excerpt.id for excerpt in publication.excerpts] == ["e1-2", "e1"]
    assert publication.sections[0].title == "甲"


def test_a_link_may_lead_to_an_excerpt() -> None:
    publication = read("# 标题\n\n## 甲\n\n见[下](#li)。\n\n{#li}\n二\n\n——杜甫\n")
    assert publication.excerpts[0].id == "li"


def test_pictures() -> None:
    Path("图 一.png").write_bytes((NASTY / "header-only/images/dot.png").read_bytes())
    figure, paragraph = blocks('![图](图%20一.png "图一")\n\n字![图](<图 一.png>)字')
    assert isinstance(figure, Figure)
    assert figure.caption == (Text("图一"),)
    assert isinstance(paragraph, Paragraph)
    assert paragraph.inlines[1] == Picture("图 一.png", "图")


def test_html_is_left_out_and_its_words_are_kept() -> None:
    loaded = load(
        "# 标题\n\n<p>甲<b>乙</b></p>\n\n丙<!-- 注 --><u>丁</u>\n\n<script>\n戊\n</script>\n"
    )
    assert [run.text for run in loaded.transcript] == ["标题", "甲乙", "丙丁"]
    assert {item.code for item in loaded.diagnostics} == {"raw-html"}
    assert loaded.publication is not None


def test_places_count_the_header() -> None:
    publication = read("---\ntitle: 书\n\n---\n\n> 甲\n> 乙\n\n- 丙\n")
    quote, listing = publication.sections[0].blocks
    assert quote.place == Place("text.md", 6, 1)
    assert isinstance(quote, Quote)
    assert quote.blocks[0].place == Place("text.md", 6, 3)
    assert isinstance(listing, Listing)
    assert listing.items[0][0].place == Place("text.md", 9, 3)


def test_an_unknown_token_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("booklet.manuscript.markdown._find_places", crash)
    codes = [item.code for item in load("# 标题\n\n正文\n").diagnostics]
    assert "markup-unsupported" in codes
