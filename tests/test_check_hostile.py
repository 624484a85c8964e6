"""The lint of e-books from strangers: findings in bounded time and memory, never a traceback."""

from __future__ import annotations

import datetime as dt
import io
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.epub_faults import NAV, NCX, PACKAGE, SECTION, STYLE, Book, pack, unpack

from booklet.check.archive import danger
from booklet.check.epub_lint import MOST_OF_A_CODE, lint_epub
from booklet.check.gate import judge_books
from booklet.errors import Diagnostic, Severity
from booklet.progress import NullProgress

NOW = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
SLOW = 60  # seconds; far above what any of these takes, far below what a bomb would
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def good(stress_epub: Path) -> bytes:
    return stress_epub.read_bytes()


def judged(data: bytes) -> tuple[Diagnostic, ...]:
    began = time.process_time()
    found = lint_epub(data, NOW, name="book.epub/")
    assert time.process_time() - began < SLOW
    assert all(item.place.file.startswith("book.epub") for item in found)
    return found


def changed(good: bytes, name: str, data: bytes) -> bytes:
    book = unpack(good)
    book.files[name] = data
    return pack(book)


@given(st.binary(max_size=400))
@QUICK
def test_random_bytes_are_no_archive(data: bytes) -> None:
    assert "epub-container" in {item.code for item in judged(data)}


@given(cut=st.floats(0, 0.999))
@QUICK
def test_a_truncated_book_is_told(good: bytes, cut: float) -> None:
    data = good[: int(len(good) * cut)]
    assert "epub-container" in {item.code for item in judged(data)}


@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1,
                max_size=30))  # fmt: skip
@QUICK
def test_flipped_bytes_never_end_in_a_traceback(
    good: bytes, flips: list[tuple[float, int]]
) -> None:
    data = bytearray(good)
    for place, byte in flips:
        data[int(place * len(data))] = byte
    judged(bytes(data))


@given(st.sampled_from([PACKAGE, NAV, NCX, STYLE, SECTION, "META-INF/container.xml"]),
       st.integers(0, 50), st.integers(1, 400), st.binary(max_size=20))  # fmt: skip
@QUICK
def test_damaged_files_never_end_in_a_traceback(
    good: bytes, name: str, start: int, length: int, junk: bytes
) -> None:
    book = unpack(good)
    text = book.files[name]
    at = len(text) * start // 51
    book.files[name] = text[:at] + junk + text[at + length :]
    judged(pack(book))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-7", "gb18030", "utf-8-sig"])
def test_encodings(good: bytes, encoding: str) -> None:
    text = unpack(good).files[SECTION].decode("utf-8")
    text = text.replace('encoding="utf-8"', f'encoding="{encoding}"')
    codes = {item.code for item in judged(changed(good, SECTION, text.encode(encoding)))}
    assert ("epub-markup" in codes) or encoding == "utf-8-sig"


def _zip(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def _sizes(data: bytes, size: int) -> bytes:
    """Let the directory of an archive say that each of its files has this size."""
    changed_ = bytearray(data)
    at = changed_.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", changed_, at + 24, size)
        at = changed_.find(b"PK\x01\x02", at + 4)
    return bytes(changed_)


def bomb() -> bytes:
    """Some megabytes that unpack to more than a gigabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("a.bin", bytes(8 << 20))
    return _sizes(out.getvalue(), 600 << 20)


DANGERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "no ZIP"),
    "empty": (_zip, "empty"),
    "bomb": (bomb, "limit epub-size"),
    "files": (lambda: _zip(*((f"{n}", b"") for n in range(20_001))), "20,000"),
    "outside": (lambda: _zip(("../../etc/x", b"")), "outside"),
    "absolute": (lambda: _zip(("/etc/x", b"")), "outside"),
    "backslash": (lambda: _zip(("a\\..\\..\\x", b"")), "outside"),
    "method": (lambda: _zip(("mimetype", b"x" * 99), method=zipfile.ZIP_BZIP2), "method"),
}


@pytest.mark.parametrize("name", DANGERS)
def test_what_no_program_should_unpack_is_not_unpacked(name: str) -> None:
    make, words = DANGERS[name]
    data = make()
    assert words in danger(data)
    assert [item.code for item in judged(data)] == ["epub-container"]
    report = judge_books([("book.epub", data)], (), ["book.epub"], NOW, NullProgress())
    assert {item.code for item in report.findings} == {"epub-container", "checker-missing"}
    assert [one.name for one in report.checkers] == ["booklet"]
    assert report.forbids(strict=False)


def test_a_link_in_the_archive_is_not_followed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in danger(out.getvalue())


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY x SYSTEM "file:///etc/passwd">]>
<html xmlns="http://www.w3.org/1999/xhtml"><body id="&e;"><p>&e;&x;</p></body></html>"""


@pytest.mark.parametrize("name", [PACKAGE, NAV, NCX, SECTION, "META-INF/container.xml"])
def test_entities_are_refused(good: bytes, name: str) -> None:
    found = judged(changed(good, name, ENTITIES))
    assert any(item.code == "epub-markup" and "entities" in item.message for item in found)
    assert all(len(item.message) < 1_000 for item in found)


def _section(inner: str) -> bytes:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="zh-Hans" xml:lang="zh-Hans"><head><title>重</title></head>'
        f"<body>{inner}</body></html>"
    ).encode()


HEAVY = {
    "elements": _section("<b/>" * 600_000),
    "links": _section('<a href="#x">字</a>' * 30_000),
    "quotations": _section("<blockquote>" * 240 + "<b>字</b>" * 20_000 + "</blockquote>" * 240),
    "pages": _section("".join(
        f'<span epub:type="pagebreak" role="doc-pagebreak" id="p{n}" aria-label="{n}"/>'
        for n in range(30_000)
    )),
    "headings": _section("<h1>一</h1><h4>二</h4>" * 15_000),
    "depth": _section("<div>" * 100_000),
    "characters": _section("<p>" + "\u200b{{ x }}" * 200_000 + "</p>"),
    "styles": _section('<p style="' + "a:(" * 5_000 + '">字</p>'),
}  # fmt: skip


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_documents_take_bounded_time_and_say_little(good: bytes, name: str) -> None:
    found = judged(changed(good, SECTION, HEAVY[name]))
    assert any(item.severity is not Severity.NOTE for item in found)
    codes = [item.code for item in found]
    assert max(codes.count(code) for code in codes) <= MOST_OF_A_CODE + 1


@pytest.mark.parametrize(
    "css",
    ["a{" * 50_000, "a{b:" + "(" * 50_000, "@media x {" * 5_000, "x" * (3 << 20), "/*", '"', "\\",
     "a{b:url(" + "x" * 100_000, "@import " * 50_000],
    ids=["braces", "brackets", "media", "long", "comment", "string", "escape", "url", "imports"],
)  # fmt: skip
def test_style_sheets(good: bytes, css: str) -> None:
    judged(changed(good, STYLE, css.encode()))


def test_numbers_without_end(good: bytes) -> None:
    book: Book = unpack(good)
    book.edit(NCX, 'playOrder="1"', f'playOrder="{"9" * 5_000}"')
    book.edit(PACKAGE, '(display-seq" refines="#creator-1">)1', rf"\g<1>{'9' * 5_000}")
    book.edit(PACKAGE, "<dc:date>2026", f"<dc:date>{'9' * 5_000}")
    assert {item.code for item in judged(pack(book))} >= {"epub-contributor", "epub-metadata"}


@pytest.mark.parametrize("url", ["http://[::1", "//[x", "%00", "\x7f", "a:b:c", "?#?#", "../" * 99])
def test_addresses(good: bytes, url: str) -> None:
    book = unpack(good)
    book.edit(SECTION, "</section>", f'<p><a href="{url}">去</a></p></section>')
    book.edit(NAV, 'href="text/section-01.xhtml"', f'href="{url}"')
    assert "epub-toc" in {item.code for item in judged(pack(book))}
