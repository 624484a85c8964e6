"""`booklet import`: what each kind of document becomes, and what is told of the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import SAMPLE, Result
from tests.import_files import (
    PICTURE,
    W,
    docx,
    epub,
    item,
    notes,
    packed,
    page,
    par,
    run,
)
from tests.strategies import CHARACTERS

from booklet.build import Report, build
from booklet.errors import InputError, Place
from booklet.importing import Imported, import_file
from booklet.importing.proof import prove
from booklet.manuscript import load_publication
from booklet.model.content import Excerpt
from booklet.model.transcript import Run, visible

Cli = Callable[..., Result]


def imported(folder: Path, name: str, data: str | bytes, **files: str | bytes) -> Imported:
    """Import a file with others beside it."""
    for key, more in {name: data, **files}.items():
        path = folder / key.replace("__", "/").replace("_png", ".png")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(more.encode("utf-8") if isinstance(more, str) else more)
    return import_file(folder / name, folder / "out")


def manuscript(folder: Path, name: str = "manuscript.md") -> str:
    return (folder / "out" / name).read_text("utf-8")


def header(folder: Path) -> str:
    return (folder / "out" / "booklet.yaml").read_text("utf-8")


def told(made: Imported, folder: Path) -> list[tuple[str, str]]:
    """Give place and code of each finding."""
    return [
        (str(one.place).removeprefix(f"{folder}/"), one.code) for one in made.diagnostics
    ]  # fmt: skip


# ---- Markdown ------------------------------------------------------------------------------------

MARKDOWN = """\
---
title: 山河小记
author: [叶青, 林白]
lang: zh-CN
date: 2024-05-01
tags: [散文, 地理]
layout: post
mood: 晴
---
# 山河小记

编者按：这一册收了几篇
短文，写于 `2020` 年*前后*。

## 第一章 水 {#water}

水是**“万物”**之源[^古]，又见 [^缺]，{花括号} 与 Vec<T> 与 a_b*c。
Plain words
on two lines。

> 上善若水。
> ——老子

水利万物而不争。

——2014年2月27日，在会议上的讲话

    四个空格缩进的一段中文，不是代码。

| 甲 | 乙 |
|---|:--:|
| 一 `a\\|b` | **二** |

- 项目
  - 内层
- 又一

3. 甲
4. 乙

```python
print("码")
```

![江上](pic.png "图一 江上")

H<sub>2</sub>O 与 <ruby>汉<rt>hàn</rt>字<rt>zì</rt></ruby>，见[第一章](#water)与[他书](other.md)。

[^古]: 出自《古书》。

    第二段注。

## 后记

写完了。
"""


def test_markdown_keeps_its_structure(tmp_path: Path) -> None:
    made = imported(tmp_path, "a.md", MARKDOWN, pic_png=PICTURE)
    text = manuscript(tmp_path)
    for line in (
        "# 山河小记\n",
        "> 编者按：这一册收了几篇短文，写于 `2020` 年*前后*。\n",
        "## 第一章 水 {#h-2}\n",
        r"水是**“万物”**之源[^1]，又见 \[^缺\]，\{花括号} 与 Vec\<T> 与 a\_b\*c。",
        " Plain words on two lines。\n",
        "> 上善若水。\n>\n> ——老子\n",
        "\n——2014年2月27日，在会议上的讲话\n",
        "\n四个空格缩进的一段中文，不是代码。\n",
        "| --- | :---: |\n| 一 `a\\|b` | **二** |\n",
        "- 项目\n  - 内层\n- 又一\n",
        "3. 甲\n4. 乙\n",
        '```python\nprint("码")\n```\n',
        '![江上](images/pic.png "图一 江上")\n',
        "H2O 与 {汉|hàn}{字|zì}，见[第一章](#h-2)与他书。\n",
        "[^1]: 出自《古书》。\n\n    第二段注。\n",
    ):
        assert line in text
    assert manuscript(tmp_path, "back-01.md") == "# 后记\n\n写完了。\n"
    assert (tmp_path / "out/images/pic.png").read_bytes() == PICTURE
    for line in (
        'title: "山河小记"',
        "language: zh-Hans",
        '{"name": "叶青", "role": "aut"}',
        'date: "2024-05-01"',
        'subjects: ["散文", "地理"]',
    ):
        assert line in header(tmp_path)
    assert told(made, tmp_path) == [
        ("a.md:8:1", "import-key"),
        ("a.md:47", "import-changed"),
        ("a.md:47", "import-link"),
    ]
    assert made.taken == {
        "front": 1, "sections": 1, "back": 1, "excerpts": 0, "notes": 1, "pictures": 1,
        "characters": made.taken["characters"],
    }  # fmt: skip


def test_an_import_builds_at_once(tmp_path: Path) -> None:
    imported(tmp_path, "a.md", MARKDOWN, pic_png=PICTURE)
    report = build(tmp_path / "out", tmp_path / "made", ["ebook"])
    assert [one.code for one in report.diagnostics if one.severity == "error"] == []
    assert report.outputs[0].path.stat().st_size > 5_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 书\n\n## 一\n\n文。\n", "# 书\n\n## 一\n\n文。\n"),
        ("# 一\n\n文。\n\n# 二\n\n文。\n", "## 一\n\n文。\n\n## 二\n\n文。\n"),
        (
            "# 书\n\n### 一\n\n文。\n\n##### 小\n\n文。\n",
            "# 书\n\n## 一\n\n文。\n\n### 小\n\n文。\n",
        ),
        ("**一**\n\n文。\n\n**二**\n\n文。\n", "**一**\n\n文。\n\n**二**\n\n文。\n"),
        ("文。\n\n——老子\n", "文。\n\n——老子\n"),
        ("1\\. 文\n\n\\# 文\n\n\\:::\n", "1\\. 文\n\n\\# 文\n\n[:::]{.verbatim}\n"),
        ("a\n&amp;b &lt;c\n", "a \\&b \\<c\n"),
        ("~~删~~留\n", "删留\n"),
        ("::: verse\n床前\n明月\n\n举头\n:::\n", "::: verse\n床前\n明月\n\n举头\n:::\n"),
        ("[重]{.dots}\n", "[重]{.dots}\n"),
        ("> a\n\n> b\n", "> a\n\n> b\n"),
        ("- a\n\n<!-- -->\n\n- b\n", "- a\n\n+ b\n"),
    ],
)
def test_markdown_by_example(tmp_path: Path, text: str, expected: str) -> None:
    imported(tmp_path, "a.md", text)
    assert manuscript(tmp_path) == expected


def test_talk_that_opens_with_a_dash_makes_no_anthology(tmp_path: Path) -> None:
    imported(tmp_path, "a.md", "## 一\n\n他问。\n\n——你来了？\n\n——来了。\n")
    assert "form: book" in header(tmp_path)


def test_works_in_brackets_are_attributions(tmp_path: Path) -> None:
    text = "# 书\n\n教者必以正。\n（《孟子·离娄上》，约前300年）\n\n学而不厌。\n\n（《论语》）\n"
    made = imported(tmp_path, "a.md", text)
    assert "form: anthology" in header(tmp_path)
    assert made.taken["excerpts"] == 2
    loaded = load_publication(tmp_path / "out")
    assert loaded.publication is not None
    excerpts = [one for one in loaded.publication.sections[0].blocks if isinstance(one, Excerpt)]
    assert [one.attribution.occasion for one in excerpts if one.attribution] == [
        "（《孟子·离娄上》，约前300年）",
        "（《论语》）",
    ]


def test_an_attribution_without_a_text_makes_a_book(tmp_path: Path) -> None:
    imported(tmp_path, "a.md", "## 一\n\n——老子\n\n文。\n")
    assert "form: book" in header(tmp_path)


def test_a_text_in_another_encoding_is_read_and_told(tmp_path: Path) -> None:
    made = imported(tmp_path, "a.md", "# 书\n\n这是中国的文章，写得很好。\n".encode("gb18030"))
    assert "这是中国的文章" in manuscript(tmp_path)
    assert told(made, tmp_path) == [("a.md", "import-encoding")]


def test_toml_and_lines_that_only_look_like_a_header(tmp_path: Path) -> None:
    imported(tmp_path, "a.md", '+++\ntitle = "书"\n+++\n文。\n')
    assert 'title: "书"' in header(tmp_path)
    other = tmp_path / "other"
    imported(other, "a.md", "---\n\n甲\n\n---\n\n乙\n")
    assert manuscript(other) == "***\n\n甲\n\n***\n\n乙\n"


def test_cells_that_a_parser_would_drop_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        imported(tmp_path, "a.md", "# 书\n\n| 甲 |\n|---|\n| 一 | 二 |\n")
    assert [str(one.place) for one in caught.value.diagnostics] == [f"{tmp_path}/a.md:5"]
    assert caught.value.diagnostics[0].code == "import-text-lost"
    assert not (tmp_path / "out").exists()


def test_a_note_that_nothing_calls_stays_in_the_text(tmp_path: Path) -> None:
    made = imported(tmp_path, "a.md", "文。\n\n[^1]: 注文。\n")
    assert manuscript(tmp_path) == "文。\n\n注文。\n"
    assert told(made, tmp_path) == [("a.md:3", "import-changed")]


# ---- HTML ----------------------------------------------------------------------------------------


def html(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html lang=zh-TW><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>中\n  文 a\n b</p>", "中文 a b\n"),
        ("<div>甲<p>乙</p>丙</div>", "甲\n\n乙\n\n丙\n"),
        ("甲<br>乙<br><br>丙", "甲\\\n乙\n\n丙\n"),
        ("<p>甲<b>乙 </b><i><b>丙</b></i></p>", "甲**乙** ***丙***\n"),
        ("<p><span style='font-weight: bold'>甲</span></p>", "**甲**\n"),
        ("<blockquote><p>甲</p><footer>——乙</footer></blockquote>", "> 甲\n>\n> ——乙\n"),
        ("<p>甲<br>——乙</p>", "甲\n\n——乙\n"),
        ("<ol start=5><li>甲<ul><li>乙</ul><li>丙</ol>", "5. 甲\n   - 乙\n6. 丙\n"),
        ("<dl><dt>甲<dd>乙</dl>", "**甲**\n\n乙\n"),
        ("<table><tr><th>甲<th>乙<tr><td>一<td>二</table>",
         "| 甲 | 乙 |\n| --- | --- |\n| 一 | 二 |\n"),
        ("<table><tr><td>甲|<td>乙</table>", "|  |  |\n| --- | --- |\n| 甲\\| | 乙 |\n"),
        ("<table><tr><td><p>甲</p><p>乙</p></table>", "甲\n\n乙\n"),
        ("<pre><code class=language-c>int a;\n  b;</code></pre>", "```c\nint a;\n  b;\n```\n"),
        ("<pre>床前明月光\n疑是地上霜</pre>", "::: verse\n床前明月光\n疑是地上霜\n:::\n"),
        ("<p><a href='https://a.b'>甲</a><a href='javascript:x'>乙</a></p>", "[甲](https://a.b)乙\n"),
        ("<p><q>甲</q>&nbsp;&copy;</p>", "“甲”\xa0©\n"),
        ("<p><ruby><rb>汉<rb>字<rp>(<rt>hàn<rt>zì<rp>)</ruby></p>", "{汉|hàn}{字|zì}\n"),
        ("<p>甲<code>a`b</code></p><hr>", "甲``a`b``\n\n***\n"),
        ("<h1><ruby>汉<rt>hàn</rt></ruby>江</h1><p>甲</p>", "# {汉|hàn}江\n\n甲\n"),
        ("<h2><b>甲<br>乙</b></h2><p>丙</p>", "## 甲 乙\n\n丙\n"),
        ("<h2>甲<i>乙<br>丙</i></h2><p>丁</p>", "## 甲*乙 丙*\n\n丁\n"),
        ("<h2>甲</h2><p>乙</p><h4>丙</h4>丁", "## 甲\n\n乙\n\n### 丙\n\n丁\n"),
        ("<p>甲<sup><a href='#a' id=b>[1]</a></sup></p><p id=a><a href='#b'>[1]</a> 注</p>",
         "甲[^1]\n\n[^1]: 注\n"),
        ("<p>甲<a href='#n' epub:type=noteref>*</a></p><aside id=n epub:type=footnote>*注</aside>",
         "甲[^1]\n\n[^1]: 注\n"),
    ],
)  # fmt: skip
def test_html_by_example(tmp_path: Path, body: str, expected: str) -> None:
    imported(tmp_path, "a.html", html(body))
    assert manuscript(tmp_path) == expected
    assert "language: zh-Hant" in header(tmp_path)


def test_what_html_has_and_books_have_not_is_told(tmp_path: Path) -> None:
    body = (
        "<p>甲\n<video>影</video></p>\n<p hidden>藏</p>\n<p>m<sup>2</sup></p>\n<nav>首页</nav>\n"
        "<p><img src=no.png><img src=http://a.b/c.png><img src='data:image/png;base64,AAAA'></p>\n"
        "<table><tr><td colspan=2>甲<tr><td>乙<td>丙</table>\n<p><a href=x.html>丁</a>"
        "<math><mi>x</mi></math></p><ol type=a><li>戊</ol>"
    )
    made = imported(tmp_path, "a.html", html(body))
    assert told(made, tmp_path) == [
        ("a.html:2", "import-not-carried"),
        ("a.html:3", "import-not-carried"),
        ("a.html:4", "import-changed"),
        ("a.html:5", "import-left-out"),
        ("a.html:6", "import-picture"),
        ("a.html:6", "import-picture"),
        ("a.html:6", "import-picture"),
        ("a.html:7", "import-changed"),
        ("a.html:8", "import-changed"),
        ("a.html:8", "import-changed"),
        ("a.html:8", "import-link"),
    ]
    assert "影" not in manuscript(tmp_path)
    assert "「影」" in str(made.diagnostics[0])


def test_pictures_are_taken_once_and_named_plainly(tmp_path: Path) -> None:
    body = (
        "<figure><img src='图/江 1.png' alt=江><figcaption>江<b>上</b></figcaption></figure>"
        "<p>文<img src='图/江%201.png'></p><svg width=9 height=9 viewBox='0 0 9 9'>"
        "<title>方</title><rect width=9 height=9 /></svg>"
    )
    made = imported(tmp_path, "a.html", html(body), **{"图/江 1.png": PICTURE})
    assert sorted(name for name in made.files if "/" in name) == [
        "images/1.png",
        "images/drawing.svg",
    ]
    assert manuscript(tmp_path) == (
        "![江](images/1.png)\n\n江**上**\n\n文![](images/1.png)\n\n![方](images/drawing.svg)\n"
    )


def test_pages_that_are_not_well_formed_are_read_as_browsers_do(tmp_path: Path) -> None:
    bad = page("<p>甲<br>乙 &amp; 丙</p>\n<p>丁")
    made = imported(tmp_path, "a.epub", epub({"a.xhtml": bad}))
    assert manuscript(tmp_path, "chapter-01.md") == "甲\\\n乙 & 丙\n\n丁\n"
    assert [code for _, code in told(made, tmp_path)] == ["import-repaired"]


def test_characters_that_nothing_prints_are_left_out(tmp_path: Path) -> None:
    made = imported(tmp_path, "a.md", "甲\x07乙\x85丙\n")
    assert manuscript(tmp_path) == "甲乙丙\n"
    assert told(made, tmp_path) == [("a.md:1", "import-character")]


# ---- Word ----------------------------------------------------------------------------------------

WORD = (
    par("山河小记", style="T") + par("前言", style="1") + par("　　这一册收了几篇短文。")
    + par("第一章 水", style="mine")
    + par("水是", run("“万物”", "<w:b/>"), run("之源", '<w:em w:val="dot"/>'),
          '<w:r><w:footnoteReference w:id="2"/></w:r>', "，",
          "<w:r><w:ruby><w:rt><w:r><w:t>hàn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>汉</w:t></w:r>"
          "</w:rubyBase></w:ruby></w:r>", "<w:del><w:r><w:delText>删去的</w:delText></w:r></w:del>",
          f"<w:ins>{run('加入的')}</w:ins>", '<w:r><w:endnoteReference w:id="3"/></w:r>', "。")
    + par("上善若水。", style="Q") + par("——老子", style="Q")
    + item("项目", 1) + item("内层", 1, 1) + item("又一", 1) + item("三", 2) + item("四", 2)
    + "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc>" + par("甲") + "</w:tc><w:tc>" + par("乙")
    + "</w:tc></w:tr><w:tr><w:tc>" + par("丙") + "</w:tc><w:tc>" + par("丁")
    + "</w:tc></w:tr></w:tbl>"
    + par('<w:r><w:drawing><wp:docPr descr="一张图"/><a:blip r:embed="rId1"/></w:drawing></w:r>')
    + par("见", f'<w:hyperlink r:id="rId2">{run("网")}</w:hyperlink>', run("之", "<w:i/>"))
    + par("水利万物", "<w:r><w:tab/><w:br/></w:r>", "而不争。")
    + par("——2014年2月27日，在会议上的讲话")
    + par("床前", style="V") + par("明月", style="V")
)  # fmt: skip


def test_word_keeps_its_structure(tmp_path: Path) -> None:
    made = imported(
        tmp_path, "a.docx",
        docx(WORD, word__footnotes_xml=notes("footnote", n2="出自《古书》。", n9="没有人提到"),
             word__endnotes_xml=notes("endnote", n3="尾注。"),
             word__header1_xml=f"<w:hdr {W}>{par('页眉')}</w:hdr>"),
    )  # fmt: skip
    assert manuscript(tmp_path, "front-01.md") == "# 前言\n\n这一册收了几篇短文。\n"
    assert manuscript(tmp_path) == (
        "# 山河小记\n\n## 第一章 水\n\n水是**“万物”**[之源]{.dots}[^1]，{汉|hàn}加入的[^2]。\n\n"
        "> 上善若水。\n>\n> ——老子\n\n- 项目\n  - 内层\n- 又一\n\n3. 三\n4. 四\n\n"
        "| 甲 | 乙 |\n| --- | --- |\n| 丙 | 丁 |\n\n![一张图](images/image1.png)\n\n"
        "见[网](https://example.org/)*之*\n\n水利万物\\\n而不争。\n\n——2014年2月27日，在会议上的讲话\n\n"
        "::: verse\n床前\n明月\n:::\n\n[^1]: 出自《古书》。\n\n[^2]: 尾注。\n"
    )
    assert told(made, tmp_path) == [
        ("a.docx/word/document.xml:5", "import-not-carried"),
        ("a.docx/word/header1.xml", "import-not-carried"),
    ]
    assert made.taken["notes"] == 2


def test_what_word_has_and_books_have_not_is_told(tmp_path: Path) -> None:
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        + par("框里的字")
        + "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>"
        + par("框里的字") + "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )  # fmt: skip
    body = (
        par(field.format("begin"), "<w:r><w:instrText>TOC \\o</w:instrText></w:r>",
            field.format("separate"), "第一章", field.format("end"))
        + par("标题甲", style="1") + par("甲", run("藏", "<w:vanish/>"))
        + par('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "乙")
        + par(box, "丙") + item("一", 3) + par("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", "丁")
        + par('<w:r><w:drawing><a:blip r:link="rId3"/></w:drawing></w:r>', "戊",
              '<w:r><w:drawing><a:blip r:embed="rId4"/></w:drawing></w:r>')
        + par('<w:r><w:object><o:OLEObject xmlns:o="urn:o"/></w:object></w:r>', "己")
    )  # fmt: skip
    comments = (
        f'<w:comments {W}><w:comment w:author="某人">{par("改一改")}</w:comment></w:comments>'
    )
    core = '<c xmlns:dc="urn:dc"><dc:title>文档1</dc:title><dc:creator>admin</dc:creator></c>'
    made = imported(
        tmp_path, "a.docx", docx(body, word__comments_xml=comments, docProps__core_xml=core)
    )  # fmt: skip
    assert told(made, tmp_path) == [
        ("a.docx/docProps/core.xml", "import-key"),
        ("a.docx/word/comments.xml", "import-not-carried"),
        ("a.docx/word/document.xml:1", "import-not-carried"),
        ("a.docx/word/document.xml:3", "import-not-carried"),
        ("a.docx/word/document.xml:4", "import-not-carried"),
        ("a.docx/word/document.xml:6", "import-changed"),
        ("a.docx/word/document.xml:7", "import-not-carried"),
        ("a.docx/word/document.xml:8", "import-changed"),
        ("a.docx/word/document.xml:9", "import-picture"),
        ("a.docx/word/document.xml:9", "import-picture"),
        ("a.docx/word/document.xml:10", "import-not-carried"),
    ]
    text = manuscript(tmp_path)
    assert text.count("框里的字") == 1
    for words in ("第一章", "藏", "改一改"):
        assert words not in text


def test_contents_that_never_end_hide_nothing(tmp_path: Path) -> None:
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    imported(tmp_path, "a.docx", docx(par(field, "甲") + par("乙")))
    assert manuscript(tmp_path) == "甲\n\n乙\n"


def test_boxes_of_text_follow_their_paragraph_in_order(tmp_path: Path) -> None:
    def box(*inner: str) -> str:
        return f"<w:r><w:pict><w:txbxContent>{''.join(inner)}</w:txbxContent></w:pict></w:r>"

    body = par("甲", box(par("乙", box(par("丙")))), box(par("丁"))) + par("戊")
    made = imported(tmp_path, "a.docx", docx(body))
    assert manuscript(tmp_path) == "甲\n\n乙\n\n丙\n\n丁\n\n戊\n"
    assert {code for _, code in told(made, tmp_path)} == {"import-changed"}


def test_a_bold_large_line_heads_a_document_without_styles(tmp_path: Path) -> None:
    looks, centred = '<w:b/><w:sz w:val="44"/>', '<w:jc w:val="center"/>'
    body = par() + par(run("山河小记", looks), more=centred) + par("文。")
    imported(tmp_path, "a.docx", docx(body))
    assert manuscript(tmp_path) == "# 山河小记\n\n文。\n"


# ---- EPUB ----------------------------------------------------------------------------------------

PAGES = {
    "cover.xhtml": page("<img src='c.png' alt=''/>", kind="cover"),
    "title.xhtml": page("<h1>书名</h1><p>某人 著</p>", kind="titlepage"),
    "copy.xhtml": page("<p>版权所有。</p>", kind="copyright-page"),
    "pre.xhtml": page("<section epub:type='preface'><h1>小引</h1><p>序&nbsp;文。</p></section>"),
    "one.xhtml": page(
        "<h1 id='x'>第一章</h1><p>甲<a epub:type='noteref' href='notes.xhtml#n1'>1</a>，"
        "见<a href='two.xhtml'>第二章</a>。</p><h2>小节</h2><p>乙。</p>"
    ),
    "two.xhtml": page("<h1>第二章</h1><p>丙<img src='pic/p.png' alt='图'/></p>"),
    "notes.xhtml": page(
        "<section epub:type='endnotes'><h2>注释</h2><ol><li id='n1' epub:type='endnote'>"
        "<p>注文。<a href='one.xhtml#x' role='doc-backlink'>↩</a></p></li></ol></section>"
    ),
}


def test_an_epub_keeps_its_structure(tmp_path: Path) -> None:
    meta = (
        "<dc:creator id='a'>某人</dc:creator><meta refines='#a' property='role'>edt</meta>"
        "<dc:language>zh-CN</dc:language><dc:identifier>urn:isbn:9787010000008</dc:identifier>"
        "<dc:date>2020-01-02T00:00:00Z</dc:date><dc:subject>散文</dc:subject>"
    )
    made = imported(
        tmp_path, "a.epub", epub(PAGES, {"OEBPS/pic/p.png": PICTURE, "OEBPS/c.png": PICTURE}, meta)
    )  # fmt: skip
    assert manuscript(tmp_path, "front-01.md") == "# 小引\n\n序\xa0文。\n"
    assert manuscript(tmp_path, "chapter-01.md") == (
        "## 第一章\n\n甲[^1]，见[第二章](#h-4)。\n\n### 小节\n\n乙。\n\n[^1]: 注文。\n"
    )
    assert manuscript(tmp_path, "chapter-02.md") == "## 第二章 {#h-4}\n\n丙![图](images/p.png)\n"
    assert manuscript(tmp_path, "back-01.md") == "版权所有。\n"
    for line in ('"role": "edt"', "language: zh-Hans", 'date: "2020-01-02"', 'subjects: ["散文"]'):
        assert line in header(tmp_path)
    assert told(made, tmp_path) == [
        ("a.epub/OEBPS/cover.xhtml", "import-left-out"),
        ("a.epub/OEBPS/notes.xhtml:1", "import-left-out"),
        ("a.epub/OEBPS/title.xhtml", "import-left-out"),
    ]


def test_our_own_epub_gives_the_same_words_back(sample_report: Report, tmp_path: Path) -> None:
    made = import_file(sample_report.outputs[1].path, tmp_path / "out")
    before, after = load_publication(SAMPLE), load_publication(tmp_path / "out")
    assert [one.code for one in after.diagnostics] == []

    def words(loaded: object, front: bool) -> str:
        runs = [run for run in loaded.transcript if run.stream != "title"]  # type: ignore[attr-defined]
        return visible("".join(r.text for r in runs if r.stream.startswith("front") is front))

    for front in (True, False):
        assert words(after, front) == words(before, front)
    assert after.publication is not None
    assert before.publication is not None
    assert [one.title for one in after.publication.sections] == [
        one.title for one in before.publication.sections
    ]
    assert made.taken["excerpts"] == 18
    assert after.publication.header.contributors == before.publication.header.contributors


# ---- SUMMARY.md ----------------------------------------------------------------------------------

BOOK: dict[str, str | bytes] = {
    "SUMMARY.md": (
        "# Summary\n\n[前言](pre.md)\n\n## 上编\n\n- [水](a/water.md)\n  - [江](a/river.md#x)\n"
        "- [山](./b.md)\n- [未写]()\n"
    ),
    "pre.md": "# 前言\n\n序。\n",
    "a/water.md": "水是万物之源，见[江](river.md#大江)。\n\n## 泉\n\n泉。\n\n![图](../img/p.png)\n",
    "a/river.md": "## 大江\n\n江，见[山](../b.html)[^1]。\n\n[^1]: 注一。\n",
    "b.md": "# 山\n\n山[^1]。{{#include x.md}}\n\n[^1]: 注二。\n",
    "c.md": "没有列入。\n",
    "img/p.png": PICTURE,
    "book.json": '{"title": "山河", "author": "某人", "language": "zh-cn", "plugins": []}',
}


def check_book(folder: Path) -> None:
    assert manuscript(folder, "front-01-pre.md") == "# 前言\n\n序。\n"
    texts = {path.name: path.read_text("utf-8") for path in (folder / "out").glob("chapter-*.md")}
    assert texts == {
        "chapter-01-water.md": "## 上编\n",
        "chapter-02-water.md": (
            "## 水\n\n水是万物之源，见[江](#h-5)。\n\n### 泉\n\n泉。\n\n![图](images/p.png)\n\n"
            "### 大江 {#h-5}\n\n江，见[山](#h-6)[^1]。\n\n[^1]: 注一。\n"
        ),
        "chapter-03-b.md": "## 山 {#h-6}\n\n山[^2]。\\{\\{#include x.md}}\n\n[^2]: 注二。\n",
    }
    assert 'title: "山河"' in header(folder)
    loaded = load_publication(folder / "out")
    assert [one for one in loaded.diagnostics if one.severity == "error"] == []


def test_a_folder_with_a_summary_is_read_in_its_order(tmp_path: Path) -> None:
    for name, data in BOOK.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    (tmp_path / "in/link.md").symlink_to("/etc/hostname")
    made = import_file(tmp_path / "in", tmp_path / "out")
    check_book(tmp_path)
    assert told(made, tmp_path) == [
        ("in/b.md:3", "import-not-carried"),
        ("in/c.md", "import-left-out"),
    ]


def test_what_chapters_include_is_put_in(tmp_path: Path) -> None:
    code = "一行\n// ANCHOR: a\n二行\n// ANCHOR_END: a\n三行\n四行\n"
    orders = "".join(
        f"```text\n{{{{#{order}}}}}\n```\n\n" for order in (
            "include ../code/x.rs", "rustdoc_include ../code/x.rs:a", "include ../code/x.rs:5:",
            "include ../code/x.rs:1", "include ../code/x.rs:5:6", "include ../../../secret.md",
        )
    )  # fmt: skip
    text = f"# 一\n\n{orders}尾[^1]。\n\n| 甲 | 乙 |\n|---|---|\n| 丙 | m<sup>2</sup> |\n"
    files = {"SUMMARY.md": "- [一](a/1.md)\n", "a/1.md": text, "code/x.rs": code}
    made = imported(tmp_path, "a.zip", packed(files))
    found = manuscript(
        tmp_path, "manuscript.md" if "manuscript.md" in made.files else "chapter-01-1.md"
    )
    assert [part.partition("\n```")[0] for part in found.split("```text\n")[1:]] == [
        "一行\n二行\n三行\n四行", "二行", "三行\n四行", "一行", "三行\n四行",
        "{{#include ../../../secret.md}}",
    ]  # fmt: skip
    assert told(made, tmp_path) == [
        ("a.zip/a/1.md:24", "import-not-carried"),
        ("a.zip/a/1.md:31", "import-changed"),
    ]


def test_an_archive_with_a_summary_is_read_in_its_order(tmp_path: Path) -> None:
    imported(tmp_path, "a.zip", packed({f"book/{name}": data for name, data in BOOK.items()}))
    check_book(tmp_path)


def test_a_chapter_that_is_missing_is_told_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        imported(tmp_path, "a.zip", packed({"SUMMARY.md": "- [一](1.md)\n- [二](../2.md)\n"}))
    assert [(str(one.place), one.code) for one in caught.value.diagnostics] == [
        (f"{tmp_path}/a.zip/SUMMARY.md:1", "import-part-missing"),
        (f"{tmp_path}/a.zip/SUMMARY.md:2", "import-part-missing"),
    ]


# ---- the folder ----------------------------------------------------------------------------------


def test_a_folder_is_never_harmed(tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_text("# 书\n\n文。\n", "utf-8")
    out = tmp_path / "out"
    out.mkdir()
    import_file(source, out)  # an empty folder may be filled
    (out / "mine.txt").write_text("mine")
    (out / "manuscript.md").write_text("old", "utf-8")
    with pytest.raises(InputError, match="nothing was imported") as caught:
        import_file(source, out)
    assert caught.value.diagnostics[0].code == "folder-exists"
    assert (out / "manuscript.md").read_text("utf-8") == "old"
    import_file(source, out, force=True)
    assert (out / "manuscript.md").read_text("utf-8") == "# 书\n\n文。\n"
    assert (out / "mine.txt").read_text("utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "out"]


def test_a_folder_that_cannot_be_filled_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tmp_path / "a.md", tmp_path / "out"
    source.write_text("# 书\n\n文。\n", "utf-8")
    out.mkdir()
    (out / "booklet.yaml").write_text("old", "utf-8")
    real = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if Path(target).name == "booklet.schema.json":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        import_file(source, out, force=True)
    assert {path.name: path.read_text("utf-8") for path in out.iterdir()} == {"booklet.yaml": "old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "out"]
    monkeypatch.setattr(Path, "rename", fail_rename)
    with pytest.raises(OSError, match="No space left"):
        import_file(source, tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "out"]


def fail_rename(self: Path, target: Path) -> Path:
    raise OSError(28, "No space left on device")


def test_no_link_leads_an_import_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/images").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "out/manuscript.md").write_text("old", "utf-8")
    (tmp_path / "a.png").write_bytes(PICTURE)
    (tmp_path / "a.md").write_text("文![图](a.png)\n", "utf-8")
    with pytest.raises(InputError):
        import_file(tmp_path / "a.md", tmp_path / "out", force=True)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (tmp_path / "out/manuscript.md").read_text("utf-8") == "old"


def test_the_command_tells_what_was_taken(booklet_: Cli, tmp_path: Path) -> None:
    (tmp_path / "旧稿.md").write_text(
        "# 书\n\n前言：序。\n\n## 一\n\n文 m<sup>2</sup>。\n\n——老子\n", "utf-8"
    )
    tried = booklet_("import", str(tmp_path / "旧稿.md"), str(tmp_path / "新书"), "--dry-run")
    assert tried.status == 0
    assert "would be written to" in tried.out
    assert not (tmp_path / "新书").exists()
    made = booklet_("import", str(tmp_path / "旧稿.md"), str(tmp_path / "新书"))
    assert made.out.splitlines() == [
        "title: 书",
        "before the body: 前言",
        "taken: 1 text before the body, 1 section, 1 excerpt, 15 characters",
        str(tmp_path / "新书"),
    ]
    assert "旧稿.md:7: warning[import-changed]: 「2」 is raised in the source" in made.err
    refused = booklet_("import", str(tmp_path / "旧稿.md"), str(tmp_path / "新书"), "--json")
    assert refused.status == 2
    report = json.loads(refused.out)
    assert report["ok"] is False
    assert [one["code"] for one in report["diagnostics"]] == ["folder-exists"]
    forced = booklet_(
        "import", str(tmp_path / "旧稿.md"), str(tmp_path / "新书"), "--json", "--force"
    )
    report = json.loads(forced.out)
    assert report["ok"] is True
    assert report["taken"]["excerpts"] == 1
    assert report["files"] == ["booklet.yaml", "manuscript.md", "booklet.schema.json"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"%PDF-1.4", "import-kind"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "import-kind"),
        ("a.xyz", b"words", "import-kind"),
        ("a.md", b"", "import-empty"),
        ("a.md", b"---\ntitle: x\n---\n", "import-empty"),
        ("a.html", b"<body><script>x</script></body>", "import-empty"),
        ("a.md", b"\xff\xfe\xfa\x00\xd8\xd8\x00", "encoding"),
        ("a.md", b"---\na: &x 1\nb: *x\n---\ntext\n", "yaml-limit"),
        ("a.zip", packed({"a.txt": "x"}), "import-kind"),
    ],
)
def test_what_cannot_be_imported_is_told(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        imported(tmp_path, name, data)
    assert code in [one.code for one in caught.value.diagnostics]
    assert not (tmp_path / "out").exists()


# ---- the proof -----------------------------------------------------------------------------------


def test_the_proof_finds_what_is_missing_and_what_is_too_much() -> None:
    at = Place("a", 3)
    said = [Run("body", "甲乙丙", at), Run("note", "注文", at), Run("body", "丁", at)]
    whole = [Run("body", "甲乙丙丁", at), Run("note-n1", "注文", at)]
    assert not prove(said, whole, (), at)[1].fatal
    moved = [Run("front-1", "丁", at), Run("body", "甲乙丙", at), Run("note-n1", "注文", at)]
    assert not prove(said, moved, (), at)[1].fatal
    lost = prove(said, [Run("body", "甲丙丁", at), Run("note-n1", "注文", at)], (), at)[1]
    assert "lacks 「乙」 of 「甲乙丙」" in str(lost.items[0])
    twice = prove(said, [*whole, Run("body", "丁", at)], (), at)[1]
    assert "has 「丁」, which the source has not" in str(twice.items[0])
    assert not prove(said, [*whole, Run("body", "“", at)], ("“",), at)[1].fatal


def test_words_that_an_import_would_lose_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from booklet.importing import escaping

    monkeypatch.setattr(escaping, "inline", lambda text, before="": text.replace("乙", ""))
    with pytest.raises(InputError) as caught:
        imported(tmp_path, "a.md", "# 书\n\n甲乙丙\n")
    assert [str(one.place) for one in caught.value.diagnostics] == [f"{tmp_path}/a.md:3"]
    assert caught.value.diagnostics[0].code == "import-text-lost"
    assert not (tmp_path / "out").exists()


TEXTS = st.lists(
    st.text(CHARACTERS, min_size=1, max_size=12).filter(lambda text: bool(visible(text))),
    min_size=1, max_size=4,
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TEXTS, st.sampled_from(["html", "docx", "epub"]))
def test_any_text_comes_in_as_it_is(tmp_path: Path, texts: list[str], kind: str) -> None:
    words = "".join(f"<p>{escape(text)}</p>" for text in texts)
    data = {
        "html": html(f"<meta charset=utf-8>{words}").encode("utf-8"),
        "docx": docx("".join(par(run(text)) for text in texts)),
        "epub": epub({"a.xhtml": page(words)}),
    }[kind]
    source = tmp_path / f"a.{kind}"
    source.write_bytes(data)
    made = import_file(source, tmp_path / "out", force=True)
    loaded = load_publication(tmp_path / "out")
    assert [one for one in loaded.diagnostics if one.severity == "error"] == []
    said = "".join(visible(run.text) for run in loaded.transcript)
    assert said == visible("".join(texts))
    assert made.taken["characters"] == len(said)


def test_lines_of_a_title_block_stand_in_the_header(tmp_path: Path) -> None:
    body = (
        par("山河小记", style="T") + par("河上的短文", style="S") + par("叶青", style="A")
        + '<w:bookmarkStart w:name="b"/>' + par("一", style="1")
        + par(run("码", '<w:rStyle w:val="VC"/>'),
              f'<w:hyperlink w:anchor="b">{run("见")}</w:hyperlink>')
        + par('<w:r><w:drawing><a:blip r:embed="rId1"/></w:drawing></w:r>') + par("图一", style="P")
        + par("int a;", style="K") + par("int b;", style="K")
    )  # fmt: skip
    made = imported(tmp_path, "a.docx", docx(body))
    assert 'subtitle: "河上的短文"' in header(tmp_path)
    assert '{"name": "叶青", "role": "aut"}' in header(tmp_path)
    assert manuscript(tmp_path) == (
        '# 山河小记\n\n## 一 {#h-2}\n\n`码`[见](#h-2)\n\n![](images/image1.png "图一")\n\n'
        "```\nint a;\nint b;\n```\n"
    )
    assert [code for _, code in told(made, tmp_path)] == ["import-left-out"] * 2
    page_ = (
        "<header><h1 class=title>山河</h1><p class=author>叶青</p></header><h1>一</h1><p>文。</p>"
    )
    other = tmp_path / "other"
    imported(other, "a.html", html(page_))
    assert '{"name": "叶青", "role": "aut"}' in header(other)
    assert manuscript(other) == "# 山河\n\n## 一\n\n文。\n"
