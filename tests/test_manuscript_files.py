"""The folder, the header and content given as data."""

from __future__ import annotations

import datetime as dt
import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklet.errors import Findings, InputError, Place
from booklet.manuscript import header_schema, load_publication
from booklet.manuscript.decoding import guess_encoding
from booklet.manuscript.locate import slug_of
from booklet.manuscript.source import Source
from booklet.manuscript.yamlpos import read_yaml
from booklet.model.measures import MM

TEXT = "# 标题\n\n## 节\n\n正文。\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "manuscript.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "book" / "booklet.yaml").write_text("title: 标题\n", encoding="utf-8")
    return tmp_path / "book"


def codes(path: Path) -> list[str]:
    return [item.code for item in load_publication(path).diagnostics]


def test_a_folder_its_header_and_its_manuscript_are_the_same(folder: Path) -> None:
    for path in (Path("book"), Path("book/booklet.yaml"), folder):
        loaded = load_publication(path)
        assert loaded.publication is not None
        assert loaded.publication.slug == "book"
        assert loaded.root == folder.resolve()
        assert loaded.sources == ("booklet.yaml", "manuscript.md")
    lone = load_publication(Path("book/manuscript.md"))
    assert lone.publication is not None
    assert lone.publication.slug == "manuscript"


@pytest.mark.parametrize("typed", ["book", "./book", "book/", "../{}/book"])
def test_files_are_named_as_the_user_typed_the_folder(folder: Path, typed: str) -> None:
    (folder / "booklet.yaml").write_text("titel: 标题\n", encoding="utf-8")
    path = Path(typed.format(folder.parent.name))
    (found, *_) = load_publication(path).diagnostics
    assert found.place == Place(f"{path.as_posix()}/booklet.yaml", 1, 1)


@pytest.mark.parametrize("name", ["absent", "book/absent.md", "book/text.txt", "a\0b", "x" * 5000])
@pytest.mark.usefixtures("folder")
def test_what_is_no_publication_is_refused(name: str) -> None:
    Path("book/text.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_publication(Path(name))
    assert [item.code for item in caught.value.diagnostics] == ["publication-missing"]


def test_a_symbolic_link_may_not_lead_out(folder: Path) -> None:
    outside = folder.parent / "outside.md"
    outside.write_text(TEXT, encoding="utf-8")
    (folder / "link.md").symlink_to(outside)
    (folder / "inner.md").symlink_to(folder / "manuscript.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    header = "title: 标题\nmanuscript: [{}]\n"
    for name, expected in (
        ("link.md", ["file-outside"]),
        ("inner.md", []),
        ("loop.md", ["file-missing"]),
        ("../outside.md", ["file-outside"]),
        ("'a\\b.md'", ["file-missing"]),
        ("x" * 400 + ".md", ["file-missing"]),
    ):
        (folder / "booklet.yaml").write_text(header.format(name), encoding="utf-8")
        assert codes(folder) == expected


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_does_not_make_us_wait(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    (folder / "booklet.yaml").write_text("title: 标题\nmanuscript: pipe.md\n", encoding="utf-8")
    assert codes(folder) == ["file-unreadable"]


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("gb18030", "GB18030"),
        ("gbk", "GB18030"),
        ("big5", "Big5"),
        ("shift_jis", "Shift-JIS"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
def test_encodings_are_guessed(codec: str, name: str) -> None:
    text = {
        "Big5": "這是一個關於網路的問題，我們要學習歷史與語言，國家的發展需要時間。\n",
        "Shift-JIS": "これは日本語の文章です。読んでください。\n",
    }.get(name, "建设网络强国，要有自己的技术，有过硬的技术；要有丰富全面的信息服务。\n")
    assert guess_encoding((text * 3).encode(codec)) == name


def test_numbers_may_be_titles_and_years_dates(folder: Path) -> None:
    text = "title: 1984\ndate: 2026\nprice: 20.00\ncolophon: {100: 一百, 印张: 3.5}\n"
    (folder / "booklet.yaml").write_text(text, encoding="utf-8")
    (folder / "manuscript.md").write_text("## 节\n\n正文\n", encoding="utf-8")
    loaded = load_publication(folder)
    assert loaded.publication is not None, loaded.diagnostics
    header = loaded.publication.header
    assert (header.title, header.date, header.price) == ("1984", "2026", "20.00")
    assert header.colophon == {"100": "一百", "印张": "3.5"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [("2026-11-23", dt.date(2026, 11, 23)), ("2026-11", "2026-11"), ("'2026'", "2026")],
)
def test_dates_of_publication(folder: Path, written: str, meant: object) -> None:
    (folder / "booklet.yaml").write_text(f"title: 标题\ndate: {written}\n", encoding="utf-8")
    publication = load_publication(folder).publication
    assert publication is not None
    assert publication.header.date == meant


def test_the_layout_is_read_into_numbers(folder: Path) -> None:
    layout = "{trim: 大32开, gutter: 20mm, type_area: {size: 小四, characters: 25, lines: 22}}"
    (folder / "booklet.yaml").write_text(f"title: 标题\nlayout: {layout}\n", encoding="utf-8")
    publication = load_publication(folder).publication
    assert publication is not None
    found = publication.layout
    assert found.trim is not None
    assert found.trim.points == (140 * MM, 203 * MM)
    assert found.type_area is not None
    assert (found.type_area.size, found.type_area.pitch) == (12, None)
    assert found.gutter_mm == pytest.approx(20)


def test_all_faults_are_told_in_one_run(folder: Path) -> None:
    (folder / "booklet.yaml").write_text("title: 标题\nisbn: 1\nfoo: 2\n", encoding="utf-8")
    (folder / "manuscript.md").write_text("# 标题\n\n——李白\n\n[甲](x:y)\n", encoding="utf-8")
    found = load_publication(folder)
    assert found.publication is None
    assert [item.code for item in found.diagnostics] == [
        "isbn-invalid", "key-unknown", "attribution-alone", "link-scheme",
    ]  # fmt: skip


DATA = {
    "yaml": """- title: 甲
  excerpts:
    - text: |
        第一段

        第二段
      date: 2014年2月27日
      occasion: 在会议上的讲话
    - {text: 正文, attribution: ——李白, id: li}
""",
    "json": '[{"title": "甲", "excerpts": [\n\t{"text": "第一段\\n\\n第二段\\n",'
    ' "date": "2014年2月27日", "occasion": "在会议上的讲话"},\n'
    '\t{"text": "正文", "attribution": "——李白", "id": "li"}]}]\n',
    "csv": "section,text,date,occasion,attribution,id\r\n"
    '甲,"第一段\n\n第二段\n",2014年2月27日,在会议上的讲话,,\r\n,正文,,,——李白,li\r\n',
}


@pytest.mark.parametrize("form", DATA)
def test_yaml_json_and_csv_say_the_same(folder: Path, form: str) -> None:
    (folder / f"texts.{form}").write_text(DATA[form], encoding="utf-8", newline="")
    header = f"title: 标题\nsections: texts.{form}\n"
    (folder / "booklet.yaml").write_text(header, encoding="utf-8")
    loaded = load_publication(folder)
    assert loaded.publication is not None, loaded.diagnostics
    (section,) = loaded.publication.sections
    assert [excerpt.id for excerpt in section.excerpts] == ["e1", "li"]
    assert [run.text for run in loaded.transcript] == [
        "甲", "第一段", "第二段", "——2014年2月27日，在会议上的讲话", "正文", "——李白",
    ]  # fmt: skip
    assert len(section.excerpts[0].blocks) == 2
    line = {"yaml": 6, "json": 2, "csv": 2}[form]
    assert section.excerpts[0].blocks[1].place.line == line


def test_markdown_within_yaml_keeps_its_lines_and_columns(folder: Path) -> None:
    text = "title: 标题\nsections:\n  - title: 甲\n    text: |\n      文\n\n      文[链](x:y)\n"
    (folder / "booklet.yaml").write_text(text, encoding="utf-8")
    (found,) = load_publication(folder).diagnostics
    assert (found.code, found.place.line, found.place.column) == ("link-scheme", 7, 8)


def test_json_pairs_of_surrogates_are_one_character() -> None:
    tree = read_yaml(Source("a.json", '{\n\t"a": "\\ud842\\udfb7", "b": "x\\/y"}'), Findings())
    assert tree is not None
    assert tree.value == {"a": "𠮷", "b": "x/y"}
    assert tree.keys[("b",)] == Place("a.json", 2, 23)


@given(st.text(max_size=60))
def test_yaml_never_raises(text: str) -> None:
    findings = Findings()
    tree = read_yaml(Source("a.yaml", text), findings)
    assert tree is not None or findings.fatal


def test_yaml_soup_never_raises() -> None:
    chance = random.Random(1)
    marks = [*"[]{}:,-?&*!|>'\"%@`#~ \n\t", "a: ", "- ", "\n  ", "---\n", "<<: ", "é", "：", "0x"]
    for _ in range(2000):
        text = "".join(chance.choice(marks) for _ in range(chance.randint(1, 20)))
        findings = Findings()
        assert read_yaml(Source("a.yaml", text), findings) is not None or findings.fatal


def test_the_schema_describes_every_key() -> None:
    schema = header_schema()
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert "$id" not in schema
    assert {"title", "manuscript", "layout"} <= set(schema["properties"])
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("net-2018", "net-2018"),
        ("网络强国", "booklet"),
        ("Été 1984", "ete-1984"),
        ("--", "booklet"),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert slug_of(name) == slug
