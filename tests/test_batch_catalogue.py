"""Catalogues: what a row says, where it says it, and what it does to the publication."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.batch_book import guests, write_book, write_table

from booklet.batch.catalogue import Catalogue, read_catalogue
from booklet.batch.cells import read_cells
from booklet.batch.rows import changes_of, slug_fault
from booklet.errors import Findings, InputError
from booklet.manuscript import Loaded, load_publication
from booklet.manuscript.source import Source
from booklet.model.content import plain

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def read(path: Path) -> Catalogue:
    return read_catalogue(path, "club", Findings())


def refusal(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(path)
    return [
        f"{item.place.line}:{item.place.column} {item.code}" for item in caught.value.diagnostics
    ]


def loaded(path: Path, book: Path, number: int = 1) -> tuple[Loaded | None, list[str]]:
    """Load the publication as a row changes it; findings as ``line:column code``."""
    catalogue, found = read(path), Findings()
    entry = catalogue.entries[number - 1]
    assert catalogue.folder is not None
    changes = changes_of(entry.row, entry.slug, catalogue.folder, found)
    made = None if changes is None else load_publication(book, changes=changes)
    found.extend(() if made is None else made.diagnostics)
    said = [
        f"{Path(item.place.file).name}:{item.place.line}:{item.place.column} {item.code}"
        for item in found
    ]
    return made, said


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_book(tmp_path_factory.mktemp("club") / "club")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "guests.csv"


# ---- cells -------------------------------------------------------------------------------------

CELLS = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters='",;\n甲'))


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_cells_are_those_of_the_standard_reader_and_stand_where_they_say(
    rows: list[list[str]],
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b"])
    writer.writerows(rows)
    source = Source("x.csv", buffer.getvalue())
    found = Findings()
    read_rows = list(read_cells(source, found))
    kept = [row for row in [["a", "b"], *rows] if any(cell.strip() for cell in row)]
    assert [[cell.text for cell in row] for row in read_rows] == kept
    assert not found.items
    for row in read_rows:
        for cell in row:
            line = source.lines[cell.place.line - 1]
            assert line[cell.place.column - 1] == '"'


def test_a_table_of_another_land_is_parted_by_semicolons() -> None:
    rows = list(read_cells(Source("x.csv", "slug;title\na;甲，乙\n"), Findings()))
    assert [[cell.text for cell in row] for row in rows] == [["slug", "title"], ["a", "甲，乙"]]
    assert (rows[1][1].place.line, rows[1][1].place.column) == (2, 3)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('slug,title\na,"甲\nb,乙\n', "2:3 csv-invalid"),
        ('slug,title\na,"甲"乙\n', "2:6 csv-invalid"),
        ("slug,titel\na,甲\n", "1:6 column-unknown"),
        ("slug,title,title\na,甲,乙\n", "1:12 column-unknown"),
        ("slug,words\na,甲\n", "1:6 column-unknown"),
        ("slug,title\n", "0:0 catalogue-empty"),
        ("slug,title\na,\x07甲\n", "2:3 control-character"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_where(table: Path, text: str, fault: str) -> None:
    table.write_text(text, encoding="utf-8")
    assert refusal(table) == [fault]


def test_other_files_are_no_catalogues(tmp_path: Path, book: Path) -> None:
    (tmp_path / "guests.xlsx").write_bytes(b"PK")
    assert refusal(tmp_path / "guests.xlsx") == ["0:0 catalogue-kind"]
    assert refusal(book) == ["0:0 catalogue-kind"]
    assert refusal(tmp_path / "none.csv") == ["0:0 file-missing"]
    (tmp_path / "map.yaml").write_text("title: 甲\n", encoding="utf-8")
    assert refusal(tmp_path / "map.yaml") == ["1:1 value-type"]


# ---- slugs -------------------------------------------------------------------------------------


@given(st.text(max_size=40))
def test_a_slug_that_passes_is_one_plain_name(slug: str) -> None:
    if not slug_fault(slug):
        assert Path(slug).name == slug == slug.lower()
        assert slug.isascii()
        assert not slug.startswith((".", "-"))


@pytest.mark.parametrize(
    "slug", ["../a", "a/b", "/a", "A", "甲", "a--b", "con", "merged", "a.b", ""]
)
def test_a_slug_that_is_no_name_is_refused(slug: str) -> None:
    assert slug_fault(slug)


def test_rows_with_bad_or_equal_slugs_fail_alone(table: Path) -> None:
    table.write_text("title,slug\n甲,a\n乙,../b\n丙,a\n丁,\n", encoding="utf-8")
    entries = read(table).entries
    assert [entry.slug for entry in entries] == ["a", "../b", "a", "club-0004"]
    codes = [
        [f"{one.place.line}:{one.place.column} {one.code}" for one in e.faults] for e in entries
    ]
    assert codes == [[], ["3:3 slug-invalid"], ["4:3 slug-duplicate"], []]


# ---- what rows do ------------------------------------------------------------------------------

ROW: Mapping[str, object] = {
    "slug": "guest-1",
    "title": "河岸夜读",
    "title_lines": ["河岸", "夜读"],
    "contributors": [{"name": "赵一", "role": "aut"}],
    "cover": {"bound": "right"},
    "options": {"sections": "auto"},
    "sections": ["joining", 1],
    "words": {"收信人": "钱二", "证号": "00007"},
}


def written(kind: str, folder: Path) -> Path:
    path = folder / f"guests.{kind}"
    if kind == "jsonl":
        path.write_text("\n" + json.dumps(ROW, ensure_ascii=False) + "\n", encoding="utf-8")
    elif kind == "yaml":
        path.write_text(
            "# guests\n- slug: guest-1\n  title: 河岸夜读\n  title_lines: [河岸, 夜读]\n"
            "  contributors.0.name: 赵一\n  contributors.0.role: aut\n  cover.bound: right\n"
            "  options.sections: auto\n  sections: [joining, 1]\n"
            "  words:\n    收信人: 钱二\n    证号: 00007\n",
            encoding="utf-8",
        )
    else:
        path.write_text(
            "slug,title,title_lines,contributors.0.name,contributors.0.role,cover.bound,"
            "options.sections,sections,words.收信人,words.证号,#remark\n"
            "guest-1,河岸夜读,河岸|夜读,赵一,aut,right,auto,joining|1,钱二,00007,见面时给\n",
            encoding="utf-8",
        )
    return path


@pytest.mark.parametrize("kind", ["csv", "jsonl", "yaml"])
def test_a_row_says_the_same_in_every_form(kind: str, tmp_path: Path, book: Path) -> None:
    made, said = loaded(written(kind, tmp_path), book)
    assert said == []
    assert made is not None
    assert made.publication is not None
    pub = made.publication
    assert (pub.slug, pub.title, pub.header.title_lines) == (
        "guest-1",
        "河岸夜读",
        ("河岸", "夜读"),
    )
    assert [(one.name, one.role) for one in pub.header.contributors] == [("赵一", "aut")]
    assert pub.header.cover.bound == "right"
    assert pub.header.options == {"sections": "auto"}
    assert [(one.number, one.title) for one in pub.sections] == [(1, "聚会"), (2, "入会")]
    assert pub.notes == ()
    words = "".join(run.text for run in made.transcript)
    assert "钱二：这本小册子" in words
    assert "你的借书证号是00007。" in words
    assert "各位会员" not in words
    assert "借期四周" not in words


def test_words_are_characters_and_never_markup(tmp_path: Path, book: Path) -> None:
    path = tmp_path / "guests.jsonl"
    row = {"words": {"收信人": "{{ 7 * 7 }} **甲** <b>[x](y)\n第二行", "证号": "[^1]"}}
    path.write_text(json.dumps(row), encoding="utf-8")
    made, said = loaded(path, book)
    assert said == []
    assert made is not None
    assert made.publication is not None
    words = "".join(run.text for run in made.transcript)
    assert "{{ 7 * 7 }} **甲** <b>[x](y)\n第二行：这本" in words
    front = made.publication.front[0].blocks[0]
    assert "{{ 7 * 7 }} **甲** <b>[x](y)" in plain(front.inlines)  # type: ignore[union-attr]


def test_without_a_catalogue_a_field_says_its_own_words(book: Path) -> None:
    made = load_publication(book)
    assert made.diagnostics == ()
    assert "各位会员：这本小册子" in "".join(run.text for run in made.transcript)


@pytest.mark.parametrize(
    ("column", "cell", "fault"),
    [
        ("layout.trim", "B99", "guests.csv:2:17 trim-unknown"),
        ("cover.bund", "right", "guests.csv:2:17 key-unknown"),
        ("contributors.3.name", "甲", "guests.csv:2:17 value-invalid"),
        ("isbn", "978-7-111", "guests.csv:2:17 isbn-invalid"),
        ("sections", "4", "guests.csv:2:17 section-unknown"),
        ("sections", "meeting", "guests.csv:2:17 section-unknown"),
        ("sections", "0-2", "guests.csv:2:17 section-unknown"),
        ("words.收件人", "甲", "guests.csv:2:17 field-unknown"),
        ("images.images/x.png", "x.png", "guests.csv:2:17 picture-unknown"),
        ("images.images/x.png", "../x.png", "guests.csv:2:17 image-outside"),
        ("images.images/x.png", "y.png", "guests.csv:2:17 image-missing"),
        ("images.images/x.png", "guests.csv", "guests.csv:2:17 image-kind"),
        ("words.收信人", "甲" * 10_001, "guests.csv:2:17 text-limit"),
    ],
)
def test_a_bad_cell_is_told_by_row_and_column(
    table: Path, book: Path, column: str, cell: str, fault: str
) -> None:
    (table.parent / "x.png").write_bytes(PIXEL)
    row = {"slug": "guest-1", "words.证号": "0000007", column: cell, "words.收信人": "乙"}
    if column == "words.收信人":
        row[column] = cell
    write_table(table, [row])
    _, said = loaded(table, book)
    assert fault in said


def test_an_empty_cell_keeps_what_the_publication_says(table: Path, book: Path) -> None:
    write_table(table, [{"slug": "guest-1", "title": "", "words.收信人": "甲", "words.证号": ""}])
    made, said = loaded(table, book)
    assert said == ["guests.csv:2:1 field-empty"]
    assert made is not None
    assert made.publication is not None
    assert made.publication.title == "河岸读书会"
    assert "（见证件）" in "".join(run.text for run in made.transcript)


def test_null_takes_a_key_away(tmp_path: Path) -> None:
    book = write_book(tmp_path / "club", subtitle="副题")
    path = tmp_path / "guests.jsonl"
    path.write_text(
        json.dumps({"subtitle": None, "words": {"收信人": "甲", "证号": 7}}), encoding="utf-8"
    )
    made, said = loaded(path, book)
    assert said == []
    assert made is not None
    assert made.header is not None
    assert made.header.subtitle is None


def test_a_picture_comes_from_the_catalogue(tmp_path: Path) -> None:
    book = write_book(tmp_path / "club")
    (book / "images").mkdir()
    (book / "images/face.png").write_bytes(PIXEL)
    with (book / "manuscript.md").open("a", encoding="utf-8") as file:
        file.write("\n![一张脸](images/face.png)\n")
    other = PIXEL + b"\0"
    (tmp_path / "zhao.png").write_bytes(other)
    path = write_table(
        tmp_path / "guests.csv",
        [{"words.收信人": "甲", "words.证号": "1", "images.images/face.png": "zhao.png"}],
    )
    made, said = loaded(path, book)
    assert said == []
    assert made is not None
    assert made.images == {"images/face.png": other}
    assert "images/face.png" not in made.sources or made.publication is not None


def test_a_broken_row_of_json_is_told_when_its_turn_comes(tmp_path: Path, book: Path) -> None:
    path = tmp_path / "guests.jsonl"
    path.write_text('{"slug": "a"}\n{"slug": "b", \n{"slug": "c"}\n["d"]\n', encoding="utf-8")
    assert [entry.slug for entry in read(path).entries][::2] == ["a", "c"]
    made, said = loaded(path, book, 2)
    assert made is None
    assert [one.split(":")[1] for one in said] == ["2"]
    made, said = loaded(path, book, 4)
    assert (made, said) == (None, ["guests.jsonl:4:1 value-type"])


def test_ten_thousand_rows_are_read_in_a_moment(tmp_path: Path) -> None:
    rows = guests(10_000)
    lines = "\n".join(json.dumps({"slug": row["slug"], "words": row}) for row in rows)
    (tmp_path / "guests.jsonl").write_text(lines, encoding="utf-8")
    for path in (write_table(tmp_path / "guests.csv", rows), tmp_path / "guests.jsonl"):
        since = time.process_time()
        entries = read(path).entries
        assert time.process_time() - since < 2
        assert len(entries) == 10_000
        assert not any(entry.faults for entry in entries)
    assert entries[-1].slug == "guest-10000"
