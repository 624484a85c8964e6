"""The gate: which judges are asked, and what one report says of all of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.conftest import Command, write_publication
from tests.epub_faults import pack, unpack

from booklet.build import Report
from booklet.check import ace, epubcheck, gate
from booklet.check.gate import judge_books
from booklet.check.report import Checker, GateReport, Verdict
from booklet.errors import Severity
from booklet.progress import NullProgress

NOW = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def good(sample_report: Report) -> bytes:
    return sample_report.outputs[1].path.read_bytes()


def judge(*books: tuple[str, bytes]) -> GateReport:
    return judge_books(books, (), [name for name, _ in books], NOW, NullProgress())


def test_missing_judges_are_named_with_a_remedy(
    good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epubcheck, "find_jar", lambda: None)
    monkeypatch.setattr(ace, "find_chromium", lambda: None)
    monkeypatch.setattr(ace, "find_ace", lambda: ("ace",))
    report = judge(("book.epub", good))
    assert [one.name for one in report.checkers] == ["booklet"]
    assert [one.name for one in report.missing] == ["EPUBCheck", "Ace"]
    assert [(item.code, item.severity) for item in report.findings] == [
        ("checker-missing", Severity.WARNING)
    ] * 2
    assert all(item.hint for item in report.findings)
    assert not report.forbids(strict=False)
    assert report.forbids(strict=True)


def test_a_damaged_book_hides_nothing_of_the_other(
    good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(books: Sequence[tuple[str, bytes]]) -> Verdict:
        asked.extend(name for name, _ in books)
        return Verdict(Checker("judge", "1"))

    monkeypatch.setattr(gate, "run_epubcheck", ask)
    monkeypatch.setattr(gate, "run_ace", ask)
    report = judge(("bad.epub", b"PK"), ("good.epub", good))
    assert asked == ["good.epub", "good.epub"]
    assert report.counts("good.epub") == {}
    assert report.counts("bad.epub") == {Severity.ERROR: 1, Severity.WARNING: 1}
    assert report.forbids(strict=False)
    assert report.as_dict()["files"] == [
        {"name": "bad.epub", "errors": 1, "warnings": 1, "notes": 0},
        {"name": "good.epub", "errors": 0, "warnings": 0, "notes": 0},
    ]


def test_a_judge_that_fails_is_missing(good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says why, and nobody takes its silence for praise."""
    monkeypatch.setattr(ace, "find_ace", lambda: ("false",))
    monkeypatch.setattr(ace, "find_chromium", lambda: "true")
    assert ace.run_ace([("book.epub", good)]).missing is not None
    monkeypatch.setattr(epubcheck, "find_jar", lambda: Path("no.jar"))
    verdict = epubcheck.run_epubcheck([("book.epub", good)])
    assert verdict.checker is None
    assert verdict.missing is not None
    assert "failed" in verdict.missing.reason


# ---- the command -----------------------------------------------------------------------------


@pytest.fixture
def no_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    """EPUBCheck and Ace are asked elsewhere, in one run of each."""
    monkeypatch.setattr(gate, "run_epubcheck", lambda _: Verdict(Checker("EPUBCheck", "5")))
    monkeypatch.setattr(gate, "run_ace", lambda _: Verdict(Checker("Ace", "1")))


@pytest.mark.usefixtures("no_judges")
def test_a_good_book_is_free(booklet_: Command, good: bytes, tmp_path: Path) -> None:
    file = tmp_path / "book.EPUB"
    file.write_bytes(good)
    result = booklet_("check", "--strict", file)
    assert result.status == 0
    assert result.err == ""
    assert result.lines == [
        f"{file}: nothing to object",
        "asked: booklet 0.1.0, EPUBCheck 5, Ace 1",
        "free for release: no findings",
    ]


@pytest.mark.usefixtures("no_judges")
def test_findings_forbid_the_release(booklet_: Command, good: bytes, tmp_path: Path) -> None:
    book = unpack(good)
    book.edit("EPUB/text/section-01.xhtml", "</section>", "<p>\u200b</p></section>")
    file = tmp_path / "book.epub"
    file.write_bytes(pack(book))
    assert booklet_("check", file).status == 0
    result = booklet_("check", "--strict", file)
    assert result.status == 1
    assert "warning[epub-character]" in result.err
    assert result.lines[-1] == "not to be released: 1 warning"


@pytest.mark.usefixtures("no_judges")
def test_the_report_is_one_for_programs_too(booklet_: Command, good: bytes, tmp_path: Path) -> None:
    for name in ("one.epub", "two.epub"):
        (tmp_path / name).write_bytes(good if name == "one.epub" else b"no book")
    result = booklet_("check", "--json", tmp_path / "one.epub", tmp_path / "two.epub")
    assert result.status == 1
    said = json.loads(result.out)
    assert [file["errors"] for file in said["files"]] == [0, 1]
    assert [one["name"] for one in said["checkers"]] == ["booklet", "EPUBCheck", "Ace"]
    assert (said["ok"], said["missing"]) == (False, [])
    assert {item["code"] for item in said["diagnostics"]} == {"epub-container", "checker-missing"}


@pytest.mark.usefixtures("no_judges")
def test_a_publication_is_built_aside(booklet_: Command, tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "book", "## 一\n\n字。\n\n——2020年，在会上的讲话\n")
    before = sorted(tmp_path.rglob("*"))
    result = booklet_("check", folder, "-e", "ebook", "-e", "press")
    assert result.status == 0, result.err
    assert sorted(tmp_path.rglob("*")) == before
    assert [line.partition(":")[0] for line in result.lines[:2]] == ["book.epub", "book-press.pdf"]
    assert "preflight of 38 checks" in result.lines[2]


@pytest.mark.usefixtures("no_judges")
def test_a_publication_that_cannot_be_built_hides_nothing(
    booklet_: Command, good: bytes, tmp_path: Path
) -> None:
    folder = write_publication(tmp_path / "bad", "## 一\n\n字[^x]。\n")
    file = tmp_path / "good.epub"
    file.write_bytes(good)
    result = booklet_("check", folder, file)
    assert result.status == 1
    assert "error[note-missing]" in result.err
    assert result.lines[:2] == [f"{folder}: 1 error", f"{file}: nothing to object"]


def test_a_pdf_goes_through_preflight(
    booklet_: Command, sample_report: Report, tmp_path: Path
) -> None:
    result = booklet_("check", sample_report.outputs[0].path)
    assert result.status == 1
    assert "error[preflight]: P16" in result.err
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 no more")
    result = booklet_("check", broken)
    assert result.status == 1
    assert result.lines[0].startswith(f"{broken}: 1 error")


def test_what_does_not_exist_is_wrong_usage(booklet_: Command, tmp_path: Path) -> None:
    result = booklet_("check", tmp_path / "none.epub")
    assert result.status == 2
    assert "error[file-missing]" in result.err


def test_the_doctor_names_the_judges(booklet_: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ace, "find_chromium", lambda: None)
    monkeypatch.setattr(ace, "find_ace", lambda: ("ace",))
    lines = booklet_("doctor").lines
    assert "ok       EPUBCheck 5.3.0, for booklet check" in lines
    assert any(line.startswith("none     Ace: no Chromium") for line in lines)


def test_ace_speaks_in_our_words() -> None:
    said = {
        "assertions": [
            {
                "earl:testSubject": {"url": "text/section-01.xhtml"},
                "assertions": [
                    {
                        "earl:test": {
                            "dct:title": "image-alt",
                            "earl:impact": "critical",
                            "help": {"dct:description": "Images must have alternate text"},
                        },
                        "earl:result": {"dct:description": "Fix any\n of the following"},
                    }
                ],
            }
        ]
    }
    assert [
        str(item) for item in ace._findings("book.epub", said, ["EPUB/text/section-01.xhtml"])
    ] == [
        "book.epub/EPUB/text/section-01.xhtml: error[ace]: image-alt: Fix any of the following\n"
        "  hint: Images must have alternate text"
    ]


def test_epubcheck_speaks_in_our_words() -> None:
    said = {
        "messages": [
            {
                "ID": "RSC-005",
                "severity": "ERROR",
                "message": "Error while parsing file",
                "suggestion": None,
                "locations": [{"path": "EPUB/nav.xhtml", "line": 3, "column": 7}],
            },
            {"ID": "X", "severity": "INFO", "message": "nothing", "locations": []},
        ]
    }
    assert [str(item) for item in epubcheck._findings("book.epub", said)] == [
        "book.epub/EPUB/nav.xhtml:3:7: error[epubcheck]: RSC-005 Error while parsing file"
    ]
