"""The lint of e-books: good ones are clean, and every fault put into one is noticed."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.epub_faults import LINT_FAULTS, Fault, pack, unpack

from booklet.build import Report
from booklet.check.epub_lint import lint_epub

NOW = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def good(sample_report: Report) -> bytes:
    return sample_report.outputs[1].path.read_bytes()


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
