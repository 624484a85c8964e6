"""The office edition, built as a user builds it; and the command that imposes any PDF."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.binder import PrintedSheet, Side, fold_down, nest, read
from tests.conftest import Command, write_publication
from tests.numbered import Make, numbered

from booklet.build import Report, build
from booklet.editions.office import order
from booklet.errors import InputError
from booklet.model.measures import MM

# ---- the order of pages ------------------------------------------------------------------------


@given(st.integers(0, 3), st.integers(1, 200), st.integers(0, 2), st.booleans())
def test_no_sheet_is_wasted_and_covers_stand_outside(
    front: int, interior: int, behind: int, has_back: bool
) -> None:
    count = front + interior + behind
    pages = order(count, range(front, front + interior), has_back=has_back)
    assert [page for page in pages if page] == list(range(1, count + has_back + 1))
    assert len(pages) % 4 == 0
    # The interior begins on a recto, and all blanks but the one that this takes stand behind it.
    first = pages.index(front + 1)
    assert first % 2 == 0
    assert None not in pages[first : first + interior]
    assert len(pages) < count + has_back + front % 2 + 4
    outside = behind + has_back
    assert None not in pages[len(pages) - outside :]


def test_the_interior_runs_onto_the_inside_of_the_back_cover_if_that_saves_a_sheet() -> None:
    # Front, blank, five pages, back: eight in all, and no ninth for an empty inside.
    assert order(7, range(2, 7), has_back=True) == (1, 2, 3, 4, 5, 6, 7, 8)
    assert order(6, range(2, 6), has_back=True) == (1, 2, 3, 4, 5, 6, None, 7)


# ---- the edition -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The sample in 大32开, for the screen, on the sheets of the office, and for the press."""
    folder = write_publication(
        tmp_path_factory.mktemp("office") / "book", layout={"trim": "大32开"},
        editions=["screen", "office", "press"],
    )  # fmt: skip
    return build(folder, folder / "out")


def texts(data: bytes, halves: bool) -> list[list[str]]:
    """Read what stands on each page, or on its left and its right half."""
    document = pypdfium2.PdfDocument(data)
    found = []
    for page in document:
        width, height = page.get_size()
        edges = [0, width / 2, width] if halves else [0, width]
        text = page.get_textpage()
        found.append([
            "".join(text.get_text_bounded(left, 0, right, height).split())
            for left, right in pairwise(edges)
        ])  # fmt: skip
    document.close()
    return found


def test_the_folded_sheets_say_what_the_screen_says(report: Report) -> None:
    screen, office = (output.path.read_bytes() for output in report.outputs[:2])
    sides: list[Side] = [
        [[(text or None, False) for text in side]] for side in texts(office, halves=True)
    ]
    sheets = [PrintedSheet(*pair) for pair in zip(sides[::2], sides[1::2], strict=True)]
    book = read(nest([fold_down(sheet, ("left",)) for sheet in sheets]))
    pages = [text or None for (text,) in texts(screen, halves=False)]
    assert book[: len(pages)] == pages
    *blanks, back = book[len(pages) :]
    assert set(blanks) <= {None}
    assert len(blanks) < 4
    assert "建设网络强国的讲话" in str(back)
    assert report.outputs[1].pages == len(sides)


def test_office_sheets_have_marks_around_the_trim_and_words_for_the_hands(report: Report) -> None:
    (found,) = report.diagnostics
    assert (found.code, str(found.severity)) == ("office-sheets", "note")
    assert re.fullmatch(
        r"Print \d+ sheets of A4 on both sides, turned on the short edge, at 100 %\. "
        r"Keep the order; fold the pile in the middle, the first page outside\. "
        r"Staple twice through the fold\.",
        found.message,
    )
    assert report.outputs[1].path.name == "book-office.pdf"
    document = pypdfium2.PdfDocument(report.outputs[1].path)
    page = document[0]
    assert page.get_size() == pytest.approx((297 * MM, 210 * MM), abs=0.01)
    assert page.get_trimbox() == pytest.approx(
        (8.5 * MM, 3.5 * MM, 288.5 * MM, 206.5 * MM), abs=0.01
    )
    picture = page.render(scale=4).to_pil().convert("L")
    fold = picture.crop((picture.width // 2 - 4, 0, picture.width // 2 + 4, int(3 * 4 * MM)))
    assert fold.getextrema()[0] < 128
    document.close()


def test_a_sheet_that_is_too_small_is_told_at_its_key(tmp_path: Path) -> None:
    folder = write_publication(
        tmp_path / "book", "# 书名\n\n## 甲\n\n一。\n", title="书名", title_lines=None,
        office={"sheet": "A5"}, editions=["office"],
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        build(folder, tmp_path / "out")
    found = caught.value.diagnostics[-1]
    assert (found.code, found.place.file) == ("sheet-small", f"{folder}/booklet.yaml")
    assert found.place.line == 1
    assert not list((tmp_path / "out").glob("[!.]*"))


@pytest.mark.parametrize(
    ("office", "message"),
    [({"sheet": "A99"}, "unknown sheet size"), ({"signature": 10}, "cannot be folded"),
     ({"caliper": "9mm"}, "thicker than 1.5 mm")],
)  # fmt: skip
def test_office_paper_that_cannot_be_is_refused(
    tmp_path: Path, office: dict[str, Any], message: str
) -> None:
    folder = write_publication(tmp_path / "book", "# 书名\n\n## 甲\n\n一。\n", office=office)
    with pytest.raises(InputError) as caught:
        build(folder, tmp_path / "out")
    assert [item.code for item in caught.value.diagnostics if message in item.message] == [
        "value-invalid"
    ]


# ---- the command -------------------------------------------------------------------------------


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    path = tmp_path / "pages.pdf"
    path.write_bytes(numbered(10, Make(bleed=3)))
    return path


def test_impose_prints_the_path_and_says_what_to_do(
    booklet_: Command,
    pages: Path,
) -> None:
    result = booklet_("impose", pages, "--caliper", "0.1mm")
    assert result.status == 0
    assert result.lines == [str(pages.with_name("pages-saddle.pdf"))]
    assert result.err.startswith("Print 3 sheets of SRA4 on both sides")
    with pypdfium2.PdfDocument(result.lines[0]) as document:
        assert len(document) == 6


@pytest.mark.parametrize("words", [["--scheme", "signatures"], ["--scheme", "cut-stack"]])
def test_sheets_of_a_press_file_pass_preflight(
    booklet_: Command, report: Report, tmp_path: Path, words: list[str]
) -> None:
    press, out = report.outputs[2].path, tmp_path / "sheets.pdf"
    assert booklet_("impose", press, *words, "--sheet", "SRA3", "-o", out).status == 0
    result = booklet_("preflight", out, "--json")
    assert result.status == 0
    assert [found["id"] for found in json.loads(result.out)["findings"]] == []


def test_impose_as_json_tells_all_that_was_done(booklet_: Command, pages: Path) -> None:
    out = pages.with_name("out.pdf")
    result = booklet_(
        "impose", pages, "-o", out, "--scheme", "signatures", "--signature", "8", "--last-back",
        "--sheet", "SRA3", "--creep", "0.3mm", "--binding", "right", "--json",
    )  # fmt: skip
    report = json.loads(result.out)
    assert (result.status, result.err, report["ok"]) == (0, "", True)
    assert report["outputs"] == [{"path": str(out), "bytes": out.stat().st_size}]
    assert report["sheet"] == {"name": "SRA3", "width": 450.0, "height": 320.0}
    assert (report["sheets"], report["sides"], report["pages"]) == (3, 6, 10)
    assert report["blanks"] == [10, 11]
    assert report["signatures"] == [
        {"number": 1, "sheets": 2, "first": 1, "last": 8},
        {"number": 2, "sheets": 1, "first": 9, "last": 12},
    ]
    assert report["creep"] == {"layer": 0.3, "total": 0.3}
    assert report["marks"] == ["collation", "crop", "fold", "sheet number"]
    assert (report["binding"], report["scale"], report["left_out"]) == ("right", 1.0, {})
    assert report["instructions"][0].startswith("Print 3 sheets of SRA3")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--sheet", "A99"], "unknown sheet size"),
        (["--signature", "10"], "cannot be folded"),
        (["--caliper", "3mm"], "thicker than"),
        (["--creep", "30mm"], "more than 20 mm"),
        (["--creep", "much"], "no length"),
        (["--scheme", "origami"], "origami"),
        (["--up", "6"], "saddle has 2, 4, 8 pages on a side"),
        (["--grid", "3x2"], "--grid is for cut-stack and n-up"),
        (["--scheme", "n-up", "--grid", "0x2"], "no grid such as 3x2"),
        (["--gang"], "--gang goes with --scheme n-up"),
    ],
)
def test_wishes_that_no_sheet_can_grant_are_wrong_usage(
    booklet_: Command,
    pages: Path,
    words: list[str],
    message: str,
) -> None:
    result = booklet_("impose", pages, *words)
    assert result.status == 2
    assert message in " ".join(result.err.split())
    assert not pages.with_name("pages-saddle.pdf").exists()


def test_impose_never_writes_over_the_pages(booklet_: Command, pages: Path) -> None:
    before = pages.read_bytes()
    result = booklet_("impose", pages, "-o", pages)
    assert result.status == 2
    assert "error[output-is-input]" in result.err
    assert pages.read_bytes() == before


def test_impose_tells_a_bad_file_as_findings(booklet_: Command, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("no PDF")
    result = booklet_("impose", tmp_path / "a.pdf", "--json")
    report = json.loads(result.out)
    assert (result.status, report["ok"], report["outputs"]) == (2, False, [])
    assert [item["code"] for item in report["diagnostics"]] == ["pdf-damaged"]
    result = booklet_("impose", tmp_path / "a.pdf")
    assert "error[pdf-damaged]" in result.err
    assert booklet_("impose", tmp_path / "none.pdf").status == 2
