"""EPUBCheck and Ace: what we make is clean, and what they alone notice is noticed.

All books go through one Java and few Chromiums, for these are dear.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from tests.epub_faults import ACE_FAULTS, EPUBCHECK_FAULTS, pack, unpack
from tests.stress_book import write_stress_book

from booklet.build import Report, build
from booklet.check.ace import ace_missing, run_ace
from booklet.check.epubcheck import epubcheck_missing, run_epubcheck
from booklet.errors import Diagnostic

Said = dict[str, list[Diagnostic]]
GUIDE = Path(__file__).parents[1] / "content" / "zuo-yi-ben-xiaoce"
MANY = 1_000
"""Excerpts of the large book."""


def by_book(findings: tuple[Diagnostic, ...]) -> Said:
    said: Said = defaultdict(list)
    for finding in findings:
        said[finding.place.file.partition("/")[0]].append(finding)
    return said


@pytest.fixture(scope="module")
def books(
    sample_report: Report, stress_epub: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """Both samples and the book with everything in it."""
    guide = build(GUIDE, tmp_path_factory.mktemp("guide"), ["ebook"])
    return {
        "sample": sample_report.outputs[1].path.read_bytes(),
        "guide": guide.outputs[0].path.read_bytes(),
        "stress": stress_epub.read_bytes(),
    }


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A thousand excerpts; without pages, which take most of the time."""
    folder = write_stress_book(
        tmp_path_factory.mktemp("large") / "book", many=MANY, ebook={"pages": "none"}
    )
    data = build(folder, folder / "out", ["ebook"]).outputs[0].path.read_bytes()
    files = unpack(data).files
    assert sum(text.count(b'class="excerpt') for text in files.values()) > MANY
    return data


@pytest.fixture(scope="module")
def epubcheck_said(books: dict[str, bytes], large: bytes) -> Said:
    missing = epubcheck_missing()
    assert missing is None, missing  # Java comes with the set-up, and other tests need it too
    jobs = [*books.items(), ("large", large)]
    for fault in EPUBCHECK_FAULTS:
        book = unpack(books["stress"])
        fault.put(book)
        jobs.append((fault.name, pack(book)))
    verdict = run_epubcheck(jobs)
    assert verdict.missing is None
    assert verdict.checker is not None
    assert verdict.checker.version >= "5.3"
    return by_book(verdict.findings)


@pytest.fixture(scope="module")
def ace_said(books: dict[str, bytes]) -> Said:
    if missing := ace_missing():
        pytest.skip(f"{missing.reason}: {missing.remedy}")
    book = unpack(books["stress"])
    for fault in ACE_FAULTS:
        fault.put(book)
    verdict = run_ace([*books.items(), ("faulty", pack(book))])
    assert verdict.missing is None
    return by_book(verdict.findings)


@pytest.mark.parametrize("name", ["sample", "guide", "stress", "large"])
def test_epubcheck_has_nothing_to_say_of_our_books(epubcheck_said: Said, name: str) -> None:
    assert [str(item) for item in epubcheck_said[name]] == []


@pytest.mark.parametrize("fault", EPUBCHECK_FAULTS, ids=str)
def test_epubcheck_notices(epubcheck_said: Said, fault: object) -> None:
    said = epubcheck_said[str(fault)]
    assert fault.code in {item.message.partition(" ")[0] for item in said}  # type: ignore[attr-defined]
    assert {item.code for item in said} == {"epubcheck"}


@pytest.mark.parametrize("name", ["sample", "guide", "stress"])
def test_ace_has_nothing_to_say_of_our_books(ace_said: Said, name: str) -> None:
    assert [str(item) for item in ace_said[name]] == []


@pytest.mark.parametrize("fault", ACE_FAULTS, ids=str)
def test_ace_notices(ace_said: Said, fault: object) -> None:
    said = ace_said["faulty"]
    assert fault.code in {item.message.partition(":")[0] for item in said}  # type: ignore[attr-defined]
    assert {item.place.file for item in said} == {"faulty/EPUB/text/section-01.xhtml"}


def test_a_hint_of_ace_says_what_must_be_so_and_of_which_element(ace_said: Said) -> None:
    (hint,) = [item.hint for item in ace_said["faulty"] if item.message.startswith("link-name:")]
    assert hint.startswith('Links must have discernible text; change <a href="#')
    assert hint.endswith("/docs/html/links.html")
