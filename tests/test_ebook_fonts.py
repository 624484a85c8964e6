"""Fonts that an e-book carries: which glyphs, under which name, with whose licence."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from tests.checkers import run_epubcheck
from tests.conftest import write_publication

from booklet.build import Report, build
from booklet.typeset.segments import parse_fragment
from booklet.typeset.typefaces import Use, carry, rare, uses_of

RARE = "𠮷㑇𪚲"
TEXT = f"""# 名

## 一节

前文**粗体**与*楷体*，又有{RARE}三字。

> 引文在此
"""
CSS = """
body { font-family: /*song*/ "Songti SC", serif }
em, .quote { font-family: /* kai */ "Kaiti SC", serif }
h1 { font-weight: 600 }
.own { font-family: Arial }
@media (min-width: 3em) { h1 { font-family: /*hei*/ sans-serif } }
"""


def make(folder: Path, fonts: str, **more: object) -> Report:
    book = write_publication(
        folder / "book", TEXT, title=None, title_lines=None, form="book",
        ebook={"fonts": fonts, **more},
    )  # fmt: skip
    return build(book, folder / "out", ["ebook"])


def fonts_of(report: Report) -> dict[str, TTFont]:
    with zipfile.ZipFile(report.outputs[0].path) as archive:
        return {
            name.rpartition("/")[2]: TTFont(io.BytesIO(archive.read(name)))
            for name in archive.namelist()
            if name.startswith("EPUB/fonts/")
        }


def test_each_role_sets_what_the_cascade_gives_it() -> None:
    body = parse_fragment('<h1>题</h1><p>文<em>楷<strong>重</strong></em><b class="own">外</b></p>')
    assert uses_of([body], CSS) == {
        Use("kai", bold=False): frozenset("楷"),
        Use("kai", bold=True): frozenset("重"),
        Use("song", bold=False): frozenset("文"),
        Use("song", bold=True): frozenset("题"),
    }


def test_all_text_is_carried(tmp_path: Path) -> None:
    report = make(tmp_path, "all")
    assert report.diagnostics == ()
    fonts = fonts_of(report)
    assert set(fonts) >= {"song.otf", "song-bold.otf", "kai.ttf"}
    song = fonts["song.otf"]
    assert set("前文与又有三字" + RARE) <= set(map(chr, song.getBestCmap()))
    assert "粗" not in map(chr, song.getBestCmap())
    assert "粗" in map(chr, fonts["song-bold.otf"].getBestCmap())
    names = song["name"]
    assert names.getDebugName(1) == "Booklet Song"
    assert "SIL Open Font License" in names.getDebugName(13)
    with zipfile.ZipFile(report.outputs[0].path) as archive:
        assert b"SIL Open Font License" in archive.read("META-INF/font-licences.txt")
        package = archive.read("EPUB/package.opf").decode()
    assert '<meta property="ibooks:specified-fonts">true</meta>' in package
    # That there are fonts is no fault; EPUBCheck only counts them.
    messages = run_epubcheck(report.outputs[0].path).messages
    assert {(item.severity, item.id) for item in messages} == {("USAGE", "CSS-028")}


def test_rare_characters_alone_are_carried(tmp_path: Path) -> None:
    report = make(tmp_path, "rare")
    fonts = fonts_of(report)
    assert list(fonts) == ["song.otf"]
    assert set(map(chr, fonts["song.otf"].getBestCmap())) == set(RARE)
    with zipfile.ZipFile(report.outputs[0].path) as archive:
        sheet = archive.read("EPUB/css/style.css").decode()
    assert "unicode-range: U+3447, U+20BB7, U+2A6B2;" in sheet
    assert 'font-family: "Booklet Song", serif' in sheet


def test_none_is_the_default(sample_report: Report) -> None:
    with zipfile.ZipFile(sample_report.outputs[1].path) as archive:
        assert not [name for name in archive.namelist() if "font" in name]
        assert b"@font-face" not in archive.read("EPUB/css/style.css")


def test_a_large_load_is_warned_of(tmp_path: Path) -> None:
    report = make(tmp_path, "all", font_budget=10)
    (found,) = report.diagnostics
    assert (found.code, found.place.file) == ("ebook-fonts", str(tmp_path / "book/booklet.yaml"))


def test_the_same_fonts_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    one, two = (make(tmp_path / name, "all").outputs[0].path for name in "ab")
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("zh-Hans", "一A漢。㑇𠮷", "㑇𠮷"),
        ("zh-Hant", "一漢嘅𪚲", "𪚲"),
        ("ja", "漢か㑇", "㑇"),
    ],
)
def test_what_is_rare_depends_on_the_language(language: str, text: str, found: str) -> None:
    assert rare(text, language) == frozenset(found)


def test_the_sheet_is_left_alone_without_fonts() -> None:
    assert carry(CSS, {}) == CSS
