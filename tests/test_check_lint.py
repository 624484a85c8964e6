"""The lint of e-books: good ones are clean, and every fault put into one is noticed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.epub_faults import ACE_FAULTS, EPUBCHECK_FAULTS, LINT_FAULTS, Fault, pack, unpack

from booklet.check.epub_lint import lint_epub

NOW = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def good(stress_epub: Path) -> bytes:
    return stress_epub.read_bytes()


def test_a_good_book_is_clean(good: bytes) -> None:
    assert lint_epub(good, NOW) == ()
    assert lint_epub(pack(unpack(good)), NOW) == ()


@pytest.mark.parametrize("fault", LINT_FAULTS, ids=str)
def test_a_fault_is_noticed(good: bytes, fault: Fault) -> None:
    book = unpack(good)
    fault.put(book)
    data = pack(book)
    assert data != pack(unpack(good)), "the fault changed nothing"
    assert fault.code in {item.code for item in lint_epub(data, NOW)}


@pytest.mark.parametrize("fault", [*EPUBCHECK_FAULTS, *ACE_FAULTS], ids=str)
def test_the_other_judges_are_needed(good: bytes, fault: Fault) -> None:
    """What they alone notice is no work of the lint; if it becomes so, move it to its table."""
    book = unpack(good)
    fault.put(book)
    assert [str(item) for item in lint_epub(pack(book), NOW)] == []


def test_there_are_faults_enough() -> None:
    every = [*LINT_FAULTS, *EPUBCHECK_FAULTS, *ACE_FAULTS]
    assert len({fault.name for fault in every}) == len(every) >= 100
