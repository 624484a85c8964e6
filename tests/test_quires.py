"""A bound file is read back quire by quire: as if at once, and not twice where nothing changed."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from tests.conftest import write_publication

from booklet.build import CACHE, build
from booklet.editions.job import prepare
from booklet.editions.run import GENERATED, Run
from booklet.errors import Findings, ReleaseError
from booklet.finish import pdf_text
from booklet.finish.excerpts import UnreadableError
from booklet.finish.fidelity import compare_with_pages
from booklet.finish.pdf_quires import Readings, read_quires
from booklet.finish.pdf_text import read_pdf_text
from booklet.output.keeping import Shelf
from booklet.output.means import Means
from booklet.output.quire import STEP, Around, fold, shared_streams
from booklet.output.sheaf import DrawnPage, Sheaf
from booklet.output.writing import Bound
from booklet.progress import NullProgress
from booklet.typeset.book import Segment
from booklet.typeset.paged import typeset_pages

TEXT = "网络空间是亿万民众共同的精神家园。" * 24


def write(folder: Path) -> Path:
    sections = "".join(
        f"## 第{number}节\n\n{TEXT[: 120 + 90 * number]}[^{number}]\n\n见[首节](#s1)。\n\n"
        for number in range(1, 6)
    ).replace("## 第1节", "## 第1节 {#s1}")
    notes = "".join(f"[^{number}]: 这是第{number}条注。\n\n" for number in range(1, 6))
    return write_publication(
        folder, f"# 书名\n\n{sections}{notes}", title="书名", title_lines=None,
        options={"sections": "page"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bound, tuple[Segment, ...]]:
    """A book of sections with notes, bound of its pieces; and what it says."""
    findings = Findings()
    job = prepare(write(tmp_path_factory.mktemp("q") / "book"), findings, NullProgress())
    run = Run(job, findings, NullProgress(), means=Means(keep=False))
    rendering = run.render(typeset_pages(job.publication, job.theme, job.geometry))
    rendering.draw_screen()
    assert rendering.bound is not None
    return rendering.bound, rendering.book.segments


def readings_of(one: Bound) -> Readings:
    return read_quires(one.data, one.spans, one.fonts, {})[1]


def test_quires_say_what_the_file_says(bound: tuple[Bound, tuple[Segment, ...]]) -> None:
    one, segments = bound
    texts, readings = read_quires(one.data, one.spans, one.fonts, {})
    assert texts == read_pdf_text(one.data)
    assert len(readings) == len(one.spans) > 5
    assert compare_with_pages(segments, texts, GENERATED) == ()


def test_what_was_read_is_not_read_again(
    bound: tuple[Bound, tuple[Segment, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = bound
    texts, readings = read_quires(one.data, one.spans, one.fonts, {})
    real, read = pdf_text.PageCodes.read, list[int]()

    def count(self: pdf_text.PageCodes) -> Any:
        read.append(1)
        return real(self)

    monkeypatch.setattr(pdf_text.PageCodes, "read", count)
    assert read_quires(one.data, one.spans, one.fonts, readings) == (texts, readings)
    assert not read
    # A reading that cannot be that of its quire is made anew.
    cut: Readings = dict.fromkeys(readings, ())
    assert read_quires(one.data, one.spans, one.fonts, cut)[0] == texts
    assert read


def spoiled(one: Bound, number: int, change: Any) -> Bound:
    """Change the content of the first page of a quire, and keep its length."""
    offset, length, _, _ = one.spans[number]
    part = one.data[offset : offset + length]
    found = next(
        match for match in re.finditer(rb"/Length (\d+)>>\nstream\n", part)
        if b" TJ" in inflated(part[match.end() : match.end() + int(match[1])])
    )  # fmt: skip
    begin, size = found.end(), int(found[1])
    content = change(inflated(part[begin : begin + size]))
    for level in (9, 6, 1):
        packed = zlib.compress(content, level)
        if len(packed) <= size:
            part = part[:begin] + packed.ljust(size, b"\0") + part[begin + size :]
            data = one.data[:offset] + part + one.data[offset + length :]
            return replace(one, data=data)
    msg = "the content has grown"
    raise AssertionError(msg)


def inflated(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return b""


def test_a_quire_that_changed_is_read_again(bound: tuple[Bound, tuple[Segment, ...]]) -> None:
    """Glyphs go missing in a finished file whose readings are known: the proof finds them."""
    one, segments = bound

    worse = spoiled(one, len(one.spans) // 2, _silenced)
    texts, _ = read_quires(worse.data, worse.spans, worse.fonts, readings_of(one))
    assert texts == read_pdf_text(worse.data)
    (told,) = compare_with_pages(segments, texts, GENERATED)
    assert told.code in {"text-differs", "text-lost"}


def rewritten(one: Bound, change: Any) -> Bound:
    """Change the object stream that ties the quires together, and mend the offsets behind it."""
    rest = one.spans[-1][0] + one.spans[-1][1]
    found = next(
        match for match in re.finditer(
            rb"/Type/ObjStm/N \d+/First (\d+)/Filter/FlateDecode/Length (\d+)>>\nstream\n",
            one.data[rest:],
        )
    )  # fmt: skip
    begin, size = rest + found.end(), int(found[2])
    objects = zlib.decompress(one.data[begin : begin + size])
    packed = zlib.compress(change(objects), 9)
    assert len(packed) <= size
    return replace(
        one, data=one.data[:begin] + packed.ljust(size, b"\0") + one.data[begin + size :]
    )


def test_pages_that_change_places_are_found(bound: tuple[Bound, tuple[Segment, ...]]) -> None:
    one, segments = bound

    def swap(objects: bytes) -> bytes:
        kids = re.search(rb"/Kids ?\[(\d+ 0 R) (\d+ 0 R) (\d+ 0 R)", objects)
        pages = re.search(rb"/Type /Pages/Kids \[([\d R]+)\]", objects)
        assert kids is not None
        assert pages is not None
        every = re.findall(rb"\d+ 0 R", pages[1])
        every[-3], every[-4] = every[-4], every[-3]
        return objects.replace(pages[1], b" ".join(every))

    worse = rewritten(one, swap)
    with pikepdf.open(io.BytesIO(worse.data)) as pdf:
        assert len(pdf.pages) > 5
    try:
        texts, _ = read_quires(worse.data, worse.spans, worse.fonts, readings_of(one))
    except UnreadableError:
        texts = read_pdf_text(worse.data)
    assert compare_with_pages(segments, texts, GENERATED)


def test_what_is_not_as_the_binder_writes_is_not_read_by_quires(
    bound: tuple[Bound, tuple[Segment, ...]],
) -> None:
    one, _ = bound
    for spans in ((), one.spans[1:], (*one.spans[:2], *one.spans[3:])):
        with pytest.raises((UnreadableError, pikepdf.PdfError)):
            read_quires(one.data, spans, one.fonts, {})
    again = io.BytesIO()
    with pikepdf.open(io.BytesIO(one.data)) as pdf:
        pdf.save(again)
    for data in (b"", one.data[:-20], again.getvalue()):
        with pytest.raises(UnreadableError):
            read_quires(data, one.spans, one.fonts, {})


def test_pages_that_name_other_fonts_say_nothing(bound: tuple[Bound, tuple[Segment, ...]]) -> None:
    one, segments = bound
    outline = one.fonts + 1
    with pikepdf.open(io.BytesIO(one.data)) as pdf:
        assert "/Type" not in pdf.get_object((one.fonts, 0))
    try:
        texts, _ = read_quires(one.data, one.spans, outline, {})
    except (UnreadableError, pikepdf.PdfError, AttributeError, RuntimeError):
        return
    assert compare_with_pages(segments, texts, GENERATED)


def test_a_few_objects_more_move_no_other_quire() -> None:
    def sheaf(count: int) -> Sheaf:
        objects = {10 + at: b"<</P \x01P\x01/Q \x0110\x01>>" for at in range(count)}
        return Sheaf((DrawnPage(10, 100, ()),), objects)

    around = Around(STEP, {"P": 1, "F": 3}, {})
    few, more = (fold(sheaf(count), around, {}, tagged=True) for count in (4, 9))
    assert few.pages == more.pages == (STEP,)
    assert (few.count, more.count) == (6, 11)
    assert few.leaf == (STEP + 4, STEP, STEP)
    assert few.count < more.count < STEP


def test_what_two_quires_show_stands_in_the_first() -> None:
    picture = b"<</Subtype /Image>>\nstream\n" + bytes(600) + b"\nendstream"
    sheaf = Sheaf(
        (DrawnPage(3, 100, ()),), {3: b"<</Contents \x014\x01/I \x015\x01>>", 4: picture,
                                   5: picture}, streams=frozenset({4, 5}),
    )  # fmt: skip
    shared = shared_streams(sheaf)
    assert set(shared) == {5}, "what is drawn on a page is its own"
    first = fold(sheaf, Around(64, {}, {}), shared, tagged=False)
    (name,) = shared.values()
    second = fold(sheaf, Around(128, {}, {5: first.streams[name]}), shared, tagged=False)
    assert first.count == second.count + 1
    assert not second.streams


def test_an_edited_book_is_that_of_a_fresh_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    source = tmp_path / "book"
    build(write(source), tmp_path / "out", ["screen"])
    # Entries of every kind are cut short: pieces, quires, fonts and readings.
    for number, file in enumerate(sorted((tmp_path / "out" / CACHE).glob("*/*"))):
        if number % 3 == 0:
            file.write_bytes(file.read_bytes()[:-9])
    manuscript = source / "manuscript.md"
    text = manuscript.read_text("utf-8")
    manuscript.write_text(text.replace("## 第3节\n\n网络", "## 第3节\n\n网路"), "utf-8")
    edited = build(source, tmp_path / "out", ["screen"]).outputs[0].path.read_bytes()
    fresh = build(source, tmp_path / "new", ["screen"]).outputs[0].path.read_bytes()
    assert edited == fresh


def test_a_lie_in_the_cache_does_not_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quire of other bytes stands under the name of the right one: they are read, and refused."""
    source, shelf = write(tmp_path / "book"), Shelf(tmp_path / "out" / CACHE)
    real = Shelf.put

    def put(self: Shelf, key: str, value: Any) -> None:
        if hasattr(value, "leaf") and value.pages and len(value.data) > 2400:
            bad = spoiled(Bound(value.data, ((0, len(value.data), 0, 0),)), 0, _silenced)
            value = replace(value, data=bad.data)
        real(self, key, value)

    monkeypatch.setattr(Shelf, "put", put)
    build(source, tmp_path / "out", ["screen"])
    assert any(shelf.folder.glob("*/*"))
    with pytest.raises(ReleaseError, match="failed their proof"):
        build(source, tmp_path / "out", ["screen"])


def _silenced(content: bytes) -> bytes:
    return re.sub(rb"\[<[0-9a-f]+>", b"[<>", content)
