"""Derived editions: nothing is lost on the way, and what is built is what was asked for."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.checkers import run_epubcheck
from tests.conftest import Command, write_publication
from tests.reading_systems import chromium, opened, served
from tests.strategies import TREES, Tree, seen, streams_of

from booklet.build import Report, build
from booklet.derive import derive, origins
from booklet.derive.ledger import Ledger, converted, same, source_of, target_of
from booklet.derive.pinyin import Reader
from booklet.derive.quotes import TRADITIONAL, turn_quotes
from booklet.derive.script import CONFIGS, LOCAL, MENDED, ConversionError, Converter
from booklet.editions.choice import choose
from booklet.errors import BookletError, Diagnostic, Findings, InputError, Place
from booklet.model import content as c
from booklet.model.header import Header
from booklet.model.publication import Layout, Publication, Section
from booklet.model.transcript import Run
from booklet.typeset.large import contrast, darkened, enlarged
from booklet.typeset.segments import parse_fragment, segments_of
from booklet.typeset.system_fonts import regional
from booklet.typeset.vertical import stand_upright, turned, vertical_sheet

HERE = Place("m.md", 1, 1)

opening = settings(deadline=None)
"""The first example opens the tables, which takes its time."""

PHRASES = st.sampled_from(
    ["头发", "发展", "皇后", "后来", "网络软件", "博客", "U盘", "里面", "干部", "了如何", "被发明",
     "“", "”", "‘", "’", "it’s", "，", "。", "12.5%", "2018年", " ", "𠀀", "〇", "a", "于谦"]
)  # fmt: skip
LINES = st.lists(PHRASES, max_size=12).map("".join)


def parts_of(text: str, cuts: list[int]) -> list[str]:
    """Part a text at some places."""
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[one:two] for one, two in pairwise(edges)]


# ---- scripts -----------------------------------------------------------------------------------


@opening
@given(LINES, st.lists(st.integers(0, 40), max_size=4), st.sampled_from([*CONFIGS.values()]))
def test_every_character_has_its_counterpart(
    text: str, cuts: list[int], tables: tuple[str, ...]
) -> None:
    pieces = parts_of(text, cuts)
    found = Converter(tables).pieces(pieces)
    assert [source_of(pairs) for pairs in found] == pieces
    assert all(len(one) == len(two) == 1 for pairs in found for one, two in pairs)
    # Markup within a line changes nothing of its words.
    assert "".join(map(target_of, found)) == Converter(tables).text(text)


@opening
@given(LINES, st.lists(st.integers(0, 40), max_size=4), st.sampled_from([*LOCAL.values()]))
def test_words_of_the_place_are_followed_phrase_by_phrase(
    text: str, cuts: list[int], tables: tuple[str, ...]
) -> None:
    pieces = parts_of(text, cuts)
    found = Converter(tables).pieces(pieces)
    assert [source_of(pairs) for pairs in found] == pieces
    for pairs in found:
        for source, target in pairs:
            assert len(source) == len(target) == 1 or Converter(tables).text(source) == target


@opening
@given(LINES, st.lists(st.sampled_from(["头发", "发", "后", "里面干", "U盘"]), min_size=1))
def test_a_protected_word_stays(text: str, words: list[str]) -> None:
    converter = Converter(("s2twp",), {word: word for word in words})
    assert "".join(converter.text(text)).count(words[0]) >= min(text.count(words[0]), 1)
    kept = re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
    place = 0
    pairs = [*converter.pieces([text])[0]]
    targets = {}
    for source, target in pairs:
        targets[place] = (source, target)
        place += len(source)
    for match in kept.finditer(text):
        for at in range(match.start(), match.end()):
            assert targets[at] == (text[at], text[at])


def test_phrases_convert_across_inlines_and_terms_win() -> None:
    converter = Converter(("s2tw",), {**MENDED, "后台": "後臺", "软件": "軟體", "盘": "碟盤"})
    assert converter.text("头发发展，皇后之后，后台软件，被发明，展示了如何") == (
        "頭髮發展，皇后之後，後臺軟體，被發明，展示了如何"
    )
    assert [target_of(p) for p in converter.pieces(["头", "发", "展", "盘"])] == [
        *("頭", "髮", "展", "碟盤")
    ]
    # A term that grows is no term where an inline begins within it.
    torn = Converter(("s2tw",), {"山里": "山之裡"}).pieces(["山", "里"])
    assert [target_of(pairs) for pairs in torn] == ["山", "裡"]


def test_a_conversion_that_drops_something_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    converter = Converter(("s2tw",))
    monkeypatch.setattr(Converter, "_convert", lambda _, text: text.replace("，", ""))
    with pytest.raises(ConversionError):
        converter.pieces(["头发，发展"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“你好，‘朋友’。”", "「你好，『朋友』。」"),
        ("it’s “the students’ book”", "it’s 「the students’ book」"),
        ("‘Peter’和", "『Peter』和"),
        ("再说一段。’”", "再说一段。』」"),
    ],
)
def test_quotation_marks_turn_and_apostrophes_stay(text: str, expected: str) -> None:
    assert target_of(turn_quotes(same(text), TRADITIONAL)) == expected


# ---- the ledger --------------------------------------------------------------------------------


@given(st.lists(LINES, max_size=4), st.integers(0, 60), st.sampled_from(["drop", "add", "change"]))
def test_the_ledger_notices_what_a_conversion_loses(lines: list[str], at: int, fault: str) -> None:
    said = [line for line in lines if seen(line)]
    pairs = [pair for line in said for pair in same(line)]
    transcript = [Run("body", line, HERE) for line in said]
    ledger, findings = Ledger(), Findings()
    ledger.record("body", pairs)
    assert "".join(run.text for run in converted(ledger.trace(transcript, findings))) == "".join(
        "".join(said).split()
    )
    assert not findings.fatal
    marked = [index for index, pair in enumerate(pairs) if not pair[0].isspace()]
    if not marked:
        return
    place = marked[at % len(marked)]
    spoilt = list(pairs)
    if fault == "drop":
        del spoilt[place]
    elif fault == "add":
        spoilt.insert(place, ("囍", "囍"))
    else:
        spoilt[place] = ("囍", "囍")
    ledger = Ledger()
    ledger.record("body", spoilt)
    ledger.trace(transcript, findings)
    lost = fault != "drop" or source_of(spoilt) != source_of(pairs)
    assert {item.code for item in findings} == ({"conversion-lost"} if lost else set())


def publication(tree: Tree, **header: object) -> Publication:
    """Make a publication of a tree."""
    section = Section("s1", 1, "", (), tree.blocks, HERE)
    whole = Header.model_validate({"title": "题", **header})
    return Publication("book", whole, "题", (), HERE, Layout(), (), (section,), (), tree.notes)


@settings(opening, max_examples=40)
@given(TREES, st.sampled_from(["zh-TW", "zh-HK", "zh-Hant"]), st.booleans())
def test_a_derived_model_says_what_its_transcript_says(
    tree: Tree, script: str, pinyin: bool
) -> None:
    spec = {"script": script, "ruby": "pinyin" if pinyin else None}
    pub = publication(tree, derived={"x": spec})
    runs = tuple(Run(stream, text, HERE) for stream, text in streams_of(tree).items())
    findings = Findings()
    derived = derive(pub, runs, "x", lambda *_: HERE, findings)
    assert derived is not None, list(findings)
    new = derived.publication
    bare = without_readings(Tree(new.sections[0].blocks, new.notes))
    assert {run.stream: seen(run.text) for run in derived.transcript} == streams_of(bare)
    assert [(run.stream, run.place) for run in derived.transcript] == [
        (run.stream, run.place) for run in runs
    ]
    lengths = {run.stream: len(run.text) for run in derived.transcript}
    assert lengths == {stream: len(text) for stream, text in streams_of(tree).items()}


def without_readings(tree: Tree) -> Tree:
    """Take the readings away that nobody wrote, as plain text."""
    from booklet.derive.tree import Rewriter

    def bare(items: c.Inlines) -> c.Inlines:
        found: list[c.Inline] = []
        for item in items:
            match item:
                case c.Ruby(base, _, True):
                    found.append(c.Text(base))
                case c.Strong(children) | c.Emphasis(children):
                    found.append(type(item)(bare(children)))
                case c.Link(target, children):
                    found.append(c.Link(target, bare(children)))
                case c.Span(classes, children):
                    found.append(c.Span(classes, bare(children)))
                case _:
                    found.append(item)
        return tuple(found)

    whole = Rewriter(lambda line, _: bare(line), lambda words: words).publication(publication(tree))
    return Tree(whole.sections[0].blocks, whole.notes)


def test_places_of_the_source_are_found_again() -> None:
    ledger, findings = Ledger(), Findings()
    ledger.record("body", [("发", "發"), ("后", "後"), ("发", "髮")])
    traced = ledger.trace([Run("body", "发后发", Place("m.md", 3, 2))], findings)
    (found,) = origins(traced, "髮")["髮"]
    assert (found.place, found.source, found.number) == (Place("m.md", 3, 2), "发", 1)


# ---- readings ----------------------------------------------------------------------------------


@opening
@given(LINES, st.sampled_from(["s", "tw", "hk", "t"]))
def test_only_and_all_han_characters_are_read(text: str, kind: str) -> None:
    readings, doubts = Reader({}, kind).read(text)
    assert len(readings) == len(text)
    for char, reading in zip(text, readings, strict=True):
        if char < "\u2e80" or char in "，。":
            assert reading == ""
        elif char != "𠀀":  # nobody reads it
            assert reading
    assert all(text[doubt.at] == doubt.char for doubt in doubts)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("重庆银行行长长大", "s", "chóng qìng yín háng háng zhǎng zhǎng dà"),
        ("一个不要", "s", "yī gè bù yào"),
        ("为人民服务", "s", "wèi rén mín fú wù"),
        ("乾淨幹部頭髮發展", "tw", "gān jìng gàn bù tóu fà fā zhǎn"),
    ],
)
def test_readings_follow_phrases(text: str, kind: str, expected: str) -> None:
    assert Reader({}, kind).read(text)[0] == expected.split()


def test_an_editor_knows_better() -> None:
    reader = Reader({"单老师": "shàn lǎo shī", "一行": "yì xíng"})
    readings, doubts = reader.read("单老师一行，单个")
    assert " ".join(readings).split() == ["shàn", "lǎo", "shī", "yì", "xíng", "dān", "gè"]
    assert reader.met == {"单老师", "一行"}
    assert [doubt.char for doubt in doubts if doubt.at < 5] == []


# ---- style sheets ------------------------------------------------------------------------------


def test_large_print_grows_sizes_and_darkens_text() -> None:
    css = "p { font: 9pt/15.75pt var(--song); margin: 2pt 0; color: #666666 } i { font-size: 8pt }"
    assert enlarged(css, 16 / 12) == (
        "p { font: 12pt/21pt var(--song); margin: 2.667pt 0; color: #595959 } i { font-size: 12pt }"
    )
    assert enlarged("li { font-size: 5pt }", 0.5) == "li { font-size: 5pt }"  # a bullet


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_what_could_be_text_is_read_and_grounds_stay(color: str) -> None:
    new = darkened(color)
    if contrast(color) < 3:
        assert new == color
    else:
        assert contrast(new) >= 7


def test_a_sheet_is_turned_side_by_side() -> None:
    css = (
        '@charset "utf-8";\np { margin: 1em 2em 3em 4em; border-top: 1em solid; width: 5em }\n'
        "@media print { img { max-height: 90vh; margin: 0 auto } }\n"
        "section.cover svg { width: 100% }\nb { font-family: /*song*/ serif; text-align: right }\n"
    )
    new = turned(css)
    assert "margin: 4em 1em 2em 3em;" in new
    assert "border-right: 1em solid;" in new
    assert "height: 5em ;" in new
    assert "max-width: 90vw;" in new
    assert "margin: auto 0 auto 0;" in new
    assert "section.cover svg { width: 100% }" in new
    assert "font-family: /*song*/ serif;" in new
    assert "text-align: right" in new
    assert "writing-mode: vertical-rl" in vertical_sheet(css)


@given(st.lists(st.sampled_from(["第", "3", "12", "2018", "年", "A4", "1.5", "<b>7</b>", " "])))
def test_figures_stand_upright_and_the_text_is_the_same(words: list[str]) -> None:
    root = parse_fragment(f"<p>{''.join(words)}</p>")
    before = "".join(root.itertext())
    stand_upright(root, 2)
    assert "".join(root.itertext()) == before
    upright = [span.text for span in root.iter("{*}span")]
    assert all(text.isdigit() and len(text) <= 2 for text in upright)


def test_longer_figures_lie_and_code_is_left_alone() -> None:
    root = parse_fragment("<p>在12月<code>12</code>第123页，占1.5%</p>")
    stand_upright(root, 3)
    assert [span.text for span in root.iter("{*}span")] == ["12", "123"]
    lying = parse_fragment("<p>12</p>")
    stand_upright(lying, 0)
    assert not list(lying.iter("{*}span"))


def test_system_fonts_are_those_of_the_region() -> None:
    css = 'p { font-family: /*song*/ "Songti SC", SimSun, "宋体", serif } i { color: red }'
    assert regional(css, "zh-TW") == (
        'p { font-family: /*song*/ "Songti TC", PMingLiU, "新細明體", serif } i { color: red }'
    )
    assert '"Noto Serif CJK HK"' in regional('p { font-family: "Noto Serif CJK SC" }', "zh-HK")
    assert regional(css, "zh-Hans") == css


def test_readings_are_no_words_of_the_manuscript() -> None:
    html = '<p data-m="body" data-src="m:1"><ruby>字<rt data-added="reading">zì</rt></ruby>文</p>'
    found = segments_of(parse_fragment(html))
    assert [(part.text, part.stream) for part in found] == [
        *(("字", "body"), ("zì", "reading-!"), ("文", "body"))
    ]
    assert {part.source for part in found} == {"m:1"}


# ---- the header --------------------------------------------------------------------------------

TEXT = """> **【编前语】**这里是编者的话，说“发现”。

## 第一章　里面的头**发**

他说：“你好，‘朋友’。”余光中在1988年12月3日来，占12.5%，it’s fine。网**络**与`后`。

{重|zhòng}要的是：重庆的行长说，还有一行字[^1]。白发三千丈。

后来发展。

——2018年4月20日至21日，在后台发展会议上的讲话

[^1]: 注里的“头发”。

## 第二章　发展

第二章只有一句：[于]{.verbatim}后，硬盘也一样。
"""

DERIVED = {
    "tw": {"script": "zh-TW"},
    "large": {"size": "large"},
    "shu": {"layout": "vertical"},
    "all": {
        "script": "zh-HK", "ruby": "pinyin", "size": "large", "layout": "vertical",
        "editions": ["ebook"],
    },
}  # fmt: skip


def whole(folder: Path, **more: object) -> Path:
    """Write a publication with derived editions."""
    header: dict[str, object] = {
        "title": "里程与发现", "title_lines": ["里程", "与发现"], "form": "book",
        "contributors": [{"name": "后台编辑", "role": "edt"}, {"name": "于谦", "role": "aut"}],
        "publisher": "山里出版社", "isbn": "978-7-302-51184-7", "price": "20.00元",
        "conversion": {"protect": ["于谦", "余光中"], "readings": {"行长": "háng zhǎng"}},
        "derived": DERIVED,
    }  # fmt: skip
    return write_publication(folder, TEXT, **(header | more))


def refused(folder: Path, *editions: str, **header: object) -> tuple[Diagnostic, ...]:
    """Give the errors for which a publication is refused."""
    source = whole(folder / "book", **header)
    with pytest.raises(BookletError) as caught:
        build(source, folder / "out", editions)
    return tuple(item for item in caught.value.diagnostics if item.severity == "error")


@pytest.mark.parametrize(
    ("derived", "editions", "code", "keys"),
    [
        ({"x": {}}, (), "derived-empty", "x"),
        ({"x": {"script": "zh-Hans"}}, (), "derived-script", "script"),
        (
            {"x": {"script": "zh-Hant", "vocabulary": "local"}},
            *((), "derived-script", "vocabulary"),
        ),
        ({"x": {"layout": "vertical"}}, ("screen@x",), "derived-vertical", "layout"),
        ({"x": {"ruby": "pinyin"}}, ("ebook@y",), "derived-unknown", "--edition"),
        ({"x": {"ruby": "pinyin"}}, ("epub@x",), "edition-unknown", "--edition"),
        (
            {"x": {"ruby": "pinyin", "readings": {"重庆": "chóng"}}},
            *((), "reading-invalid", "重庆"),
        ),
        ({"x": {"ruby": "pinyin", "readings": {"重庆": "虫 庆"}}}, (), "reading-invalid", "重庆"),
        (
            {"x": {"script": "zh-TW", "protect": ["后台"], "terms": {"后台": "後臺"}}},
            *((), "term-conflict", "后台"),
        ),
        ({"x": {"skript": "zh-TW"}}, (), "key-unknown", "skript"),
        ({"X!": {"script": "zh-TW"}}, (), "value-invalid", "X!"),
    ],
)
def test_faults_of_derived_editions_are_told_at_their_place(
    derived: Mapping[str, object], editions: tuple[str, ...], code: str, keys: str, tmp_path: Path
) -> None:
    found = refused(tmp_path, *editions, derived=derived)
    assert [item.code for item in found] == [code], found
    place = found[0].place
    if place.file == "--edition":
        assert keys == place.file
    else:
        line = (tmp_path / "book/booklet.yaml").read_text("utf-8").splitlines()[place.line - 1]
        assert keys in line[place.column - 1 : place.column + 40]
    assert not (tmp_path / "out").exists()


def test_pinyin_reads_chinese_alone(tmp_path: Path) -> None:
    found = refused(tmp_path, "@x", language="en", derived={"x": {"ruby": "pinyin"}})
    assert [item.code for item in found] == ["derived-script"]


def test_a_missing_glyph_leads_to_its_place_in_the_manuscript(tmp_path: Path) -> None:
    found = refused(
        tmp_path, "ebook@x", derived={"x": {"script": "zh-TW", "terms": {"后来": "\U0003134f来"}}}
    )
    assert [item.code for item in found] == ["glyph-missing"]
    assert "U+3134F" in found[0].message
    lines = TEXT.splitlines()
    assert (found[0].place.line, found[0].place.column) == (lines.index("后来发展。") + 1, 1)


def test_editions_are_chosen_by_name() -> None:
    header = Header.model_validate(
        {"editions": ["screen", "press", "ebook"], "derived": {**DERIVED, "only": {"size": "large",
         "editions": ["press"]}}}
    )  # fmt: skip
    findings = Findings()
    assert choose(header, (), findings) == {
        "": ("screen", "press", "ebook"), "tw": ("screen", "ebook"), "large": ("screen", "ebook"),
        "shu": ("ebook",), "all": ("ebook",), "only": ("press",),
    }  # fmt: skip
    assert choose(header, ("ebook@tw", "screen", "@only"), findings) == {
        "tw": ("ebook",), "": ("screen",), "only": ("press",),
    }  # fmt: skip
    assert not findings.items


# ---- what is built -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """All derived editions of a publication."""
    folder = whole(tmp_path_factory.mktemp("derived") / "book", editions=["screen", "ebook"])
    return build(folder, folder / "out", ["@tw", "@large", "@shu", "@all"])


def path_of(report: Report, derived: str, edition: str) -> Path:
    """Find a file of a build."""
    return next(
        item.path for item in report.outputs if (item.derived, item.edition) == (derived, edition)
    )


def read_all(path: Path) -> dict[str, str]:
    """Give the texts of an EPUB by name."""
    with zipfile.ZipFile(path) as archive:
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".xhtml", ".opf", ".css"))
        }


def test_files_carry_the_name_of_their_edition(made: Report) -> None:
    assert [(item.derived, item.edition, item.path.name) for item in made.outputs] == [
        ("tw", "screen", "book.tw.pdf"), ("tw", "ebook", "book.tw.epub"),
        ("large", "screen", "book.large.pdf"), ("large", "ebook", "book.large.epub"),
        ("shu", "ebook", "book.shu.epub"), ("all", "ebook", "book.all.epub"),
    ]  # fmt: skip


def test_another_script_is_another_book(made: Report) -> None:
    texts = read_all(path_of(made, "tw", "ebook"))
    chapter, package = texts["EPUB/text/section-01.xhtml"], texts["EPUB/package.opf"]
    assert 'lang="zh-TW"' in chapter
    plain = "".join(etree.fromstring(chapter.encode()).find("{*}body").itertext())
    for words in (
        *(
            "裡面的頭髮",
            "他說：「你好，『朋友』。」余光中在1988年12月3日來",
            "it’s fine",
            "網絡與后。",
        ),
        *("——2018年4月20日至21日，在後臺發展會議上的講話", "注裡的「頭髮」。"),
    ):
        assert words in plain
    assert "于後，硬盤也一樣" in texts["EPUB/text/section-02.xhtml"].replace(
        '<span class="verbatim">于</span>', "于"
    )
    assert "<dc:title>里程與發現</dc:title>" in package
    assert "<dc:language>zh-TW</dc:language>" in package
    assert "後臺編輯" in package
    assert "于谦" in package
    assert "978" not in package  # that of the publication itself
    assert "20.00" not in texts["EPUB/text/colophon.xhtml"]
    assert "目錄" in texts["EPUB/nav.xhtml"]
    assert "Kaiti TC" in texts["EPUB/css/style.css"]
    with pikepdf.open(path_of(made, "tw", "screen")) as pdf:
        assert str(pdf.Root.Lang) == "zh-TW"
        fonts = {
            str(font.get("/BaseFont", ""))
            for page in pdf.pages
            for font in page.resources.get("/Font", {}).values()
        }
    assert any("CJK-TC" in name for name in fonts)
    assert not any("CJK-SC" in name for name in fonts)


def test_large_print_is_large_and_its_pages_are_cited(made: Report) -> None:
    texts = read_all(path_of(made, "large", "ebook"))
    nav = etree.fromstring(texts["EPUB/nav.xhtml"].encode())
    cited = nav.xpath("//*[@id='page-list']//*[local-name()='a']/text()")
    with pikepdf.open(path_of(made, "large", "screen")) as pdf:
        labels = [page.label for page in pdf.pages]
        sizes, size = set(), 0.0
        for page in pdf.pages[2:]:
            for operands, operator in instructions(page):
                if operator == "Tf":
                    size = float(operands[1])
                elif operator == "Tm":
                    sizes.add(round(abs(float(operands[3])) * size * scale_of(page), 1))
    assert set(cited) <= set(labels)
    assert len(cited) > 4
    assert 16.0 in sizes


def instructions(page: pikepdf.Page) -> Iterator[tuple[list[Any], str]]:
    """Yield operands and operators of a page."""
    for item in pikepdf.parse_content_stream(page):
        yield list(item.operands), str(item.operator)


def scale_of(page: pikepdf.Page) -> float:
    """Tell by how much the first matrix of a page scales its content."""
    for operands, operator in instructions(page):
        if operator == "cm":
            return abs(float(operands[0]))
    return 1.0


def test_vertical_books_run_from_right_to_left(made: Report) -> None:
    texts = read_all(path_of(made, "shu", "ebook"))
    assert 'page-progression-direction="rtl"' in texts["EPUB/package.opf"]
    assert "-epub-writing-mode: vertical-rl" in texts["EPUB/css/style.css"]
    chapter = texts["EPUB/text/section-01.xhtml"]
    assert '<span class="tcy">12</span>月<span class="tcy">3</span>日' in chapter
    assert "1988年" in chapter
    assert "『你好，「朋友」。』" in chapter
    assert "zh-Hans" in chapter


def test_combinations_have_it_all(made: Report) -> None:
    texts = read_all(path_of(made, "all", "ebook"))
    chapter = texts["EPUB/text/section-01.xhtml"]
    assert "<ruby>髮<rt>fà</rt></ruby>" in chapter
    assert "<ruby>行<rt>háng</rt></ruby><ruby>長<rt>zhǎng</rt></ruby>" in chapter
    assert "<ruby>重<rt>zhòng</rt></ruby>" in chapter
    assert 'lang="zh-HK"' in chapter
    assert "data-added" not in chapter
    assert "rtl" in texts["EPUB/package.opf"]
    assert "rubyAnnotations" in texts["EPUB/package.opf"]


def test_a_reader_turns_its_pages_from_right_to_left(made: Report) -> None:
    data = path_of(made, "all", "ebook").read_bytes()
    with chromium() as browser, served(data) as where, opened(browser, where, "foliate") as reader:
        reader.go("EPUB/text/section-01.xhtml")
        facts = reader.ask(
            """
            const doc = reader.documents()[0], css = one => doc.defaultView.getComputedStyle(one);
            const figure = doc.querySelector('.tcy'), em = parseFloat(css(figure).fontSize);
            const [one, two] = doc.querySelectorAll('ruby');
            const place = one => one.getBoundingClientRect();
            return { mode: css(doc.documentElement).writingMode,
                     combine: css(figure).textCombineUpright,
                     square: place(figure).height <= 1.3 * em,
                     down: place(two).top > place(one).top && place(two).left === place(one).left }
            """
        )
        assert facts == {"mode": "vertical-rl", "combine": "all", "square": True, "down": True}
        reader.wait("return reader.where().words")  # the first screen is not blank
        reader.shoot("derived-vertical")
        assert reader.errors == []


def test_each_edition_is_known_by_an_identifier_of_its_own(made: Report) -> None:
    found = [
        re.search(r'id="publication-id">([^<]+)<', read_all(item.path)["EPUB/package.opf"])
        for item in made.outputs
        if item.edition == "ebook"
    ]
    names = [match[1] for match in found if match]
    assert len(names) == len(set(names)) == 4


def test_epubcheck_finds_nothing(made: Report) -> None:
    report = run_epubcheck(path_of(made, "all", "ebook"))
    assert report.faults == ()


def test_a_second_build_gives_the_same_bytes(made: Report, tmp_path: Path) -> None:
    first = path_of(made, "all", "ebook")
    again = build(first.parents[2], tmp_path, ["@all"])
    assert again.outputs[0].path.read_bytes() == first.read_bytes()


def test_doubtful_readings_and_idle_words_are_notes(tmp_path: Path) -> None:
    idle = {"ruby": "pinyin", "readings": {"曾国藩": "zēng guó fān"}, "editions": ["ebook"]}
    folder = whole(tmp_path / "book", derived={"x": idle}, ebook={"pages": "none"})
    report = build(folder, tmp_path / "out", ["@x"], strict=True)
    told = {(item.code, str(item.severity)) for item in report.diagnostics}
    assert told == {("reading-check", "note"), ("term-idle", "note")}
    places = [item.place for item in report.diagnostics if item.code == "reading-check"]
    assert all(place.file.endswith("manuscript.md") and place.line for place in places)


def test_the_command_names_derived_editions(booklet_: Command, tmp_path: Path) -> None:
    folder = whole(tmp_path / "book", ebook={"pages": "none"})
    out = tmp_path / "out"
    result = booklet_("build", folder, "-e", "ebook@tw", "-o", out, "--json")
    assert result.status == 0
    made = json.loads(result.out)["outputs"]
    assert [(item["edition"], item["derived"]) for item in made] == [("ebook", "tw")]
    assert booklet_("build", folder, "-e", "ebook@wt", "-o", out).status == 2
    assert booklet_("clean", "-o", out).lines[-1] == str(out / "book")
    assert not (out / "book").exists()


def test_a_refused_edition_is_an_input_error(tmp_path: Path) -> None:
    folder = whole(tmp_path / "book", derived={"x": {}})
    with pytest.raises(InputError):
        build(folder, tmp_path / "out", ["@x"])
