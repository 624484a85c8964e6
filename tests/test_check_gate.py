"""The gate: which judges are asked, and what one report says of all of them."""

from __future__ import annotations

import datetime as dt

import pytest

from booklet.build import Report
from booklet.check import ace, epubcheck
from booklet.check.gate import judge_books
from booklet.check.report import GateReport
from booklet.errors import Severity
from booklet.progress import NullProgress

NOW = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def good(sample_report: Report) -> bytes:
    return sample_report.outputs[1].path.read_bytes()


def judge(*books: tuple[str, bytes]) -> GateReport:
    return judge_books(books, (), (), NOW, NullProgress())


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


def test_ace_speaks_in_our_words() -> None:
    said = {
        "assertions": [
            {
                "earl:testSubject": {"url": "/EPUB/text/section-01.xhtml"},
                "assertions": [
                    {
                        "earl:test": {
                            "dct:title": "image-alt",
                            "earl:impact": "critical",
                            "help": {"dct:title": "Images must have alternate text"},
                        },
                        "earl:result": {"dct:description": "Fix any\n of the following"},
                    }
                ],
            }
        ]
    }
    assert [str(item) for item in ace._findings("book.epub", said)] == [
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
