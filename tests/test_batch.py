"""Batches: many booklets built, kept, killed, refused and merged, and all of it reported."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pikepdf
import psutil
import pypdfium2
import pytest
from tests.batch_book import guests, write_book, write_table
from tests.conftest import Command, Result, environment
from tests.pdf_facts import read_pdf

from booklet.batch import merging, worker
from booklet.batch import run as batches
from booklet.batch.bundle import digest_of, pack
from booklet.batch.merging import Merging, merge_booklets
from booklet.batch.record import Kept, Outcome, read_record, write_record
from booklet.batch.run import BatchReport, Request, run_batch
from booklet.batch.sewing import PartError, Sewing
from booklet.batch.store import LOCK, AddressStore, FolderStore, alone, open_store
from booklet.batch.worker import Order, Task
from booklet.errors import BookletError, Diagnostic, InputError, Place, Severity

EPOCH = "1700000000"
BAD = 3
"""The row that is wrong."""


@dataclass
class Watch:
    """Notes what it is told, and may do something then."""

    act: Callable[[Outcome], None] = lambda _: None
    told: list[Outcome] = field(default_factory=list)

    def begin(self, count: int) -> None:
        assert count > 0

    def tell(self, outcome: Outcome) -> None:
        self.told.append(outcome)
        self.act(outcome)


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    return [item.code for item in found]


def states(report: BatchReport) -> list[str]:
    return [outcome.state for outcome in report.outcomes]


@dataclass(frozen=True)
class Done:
    """A batch that was run by the command line."""

    folder: Path
    result: Result
    report: dict[str, Any]

    @property
    def out(self) -> Path:
        return self.folder / "out"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Six booklets, one of them with a bad cell, merged."""
    folder = tmp_path_factory.mktemp("batch")
    write_book(folder / "club")
    rows = guests(6)
    rows[BAD - 1]["layout.trim"] = "B99"
    write_table(folder / "guests.csv", rows)
    ran = subprocess.run(
        [sys.executable, "-m", "booklet", "batch", "guests.csv", "club", "-o", "out", "--json",
         "--jobs", "2", "--merge", "--separator"],
        cwd=folder, env=environment(SOURCE_DATE_EPOCH=EPOCH), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return Done(folder, Result(ran.returncode, ran.stdout, ran.stderr), json.loads(ran.stdout))


# ---- what a batch makes ------------------------------------------------------------------------


def test_one_bad_row_is_located_and_stops_no_other(done: Done) -> None:
    assert done.result.status == 1
    booklets = done.report["booklets"]
    assert [one["state"] for one in booklets] == ["built"] * 2 + ["failed"] + ["built"] * 3
    found = booklets[BAD - 1]["diagnostics"]
    line = (done.folder / "guests.csv").read_text("utf-8").splitlines()[BAD]
    assert [(one["file"], one["line"], one["code"]) for one in found] == [
        ("guests.csv", BAD + 1, "trim-unknown")
    ]
    assert line[found[0]["column"] - 1 :] == "B99"


def test_the_report_gives_the_checksum_of_every_file(done: Done) -> None:
    outputs = [item for one in done.report["booklets"] for item in one["outputs"]]
    assert len(outputs) == 5
    for item in outputs:
        data = (done.folder / item["path"]).read_bytes()
        assert item["sha256"] == hashlib.sha256(data).hexdigest()
        assert item["bytes"] == len(data)
        assert item["pages"] == len(read_pdf(data).pages)
    assert json.loads((done.out / "batch.json").read_text("utf-8"))["failed"] == 1
    assert all(one["seconds"] > 0 for one in done.report["booklets"])


def test_each_booklet_says_its_own_words(done: Done) -> None:
    for number, row in enumerate(guests(6), 1):
        if number == BAD:
            continue
        pdf = read_pdf((done.out / row["slug"] / f"{row['slug']}.pdf").read_bytes())
        text = "".join("".join(page.text.split()) for page in pdf.pages)
        assert row["words.收信人"] + "：这本小册子" in text
        assert row["words.证号"] in text
        assert row["subtitle"] in text


def test_a_booklet_is_the_same_alone_and_among_others(
    done: Done, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.chdir(done.folder)
    write_table(tmp_path / "one.csv", guests(2)[1:])
    report, _ = run_batch(
        Request(tmp_path / "one.csv", Path("club"), str(tmp_path / "out")), Watch()
    )
    assert states(report) == ["built"]
    alike = "guest-0002/guest-0002.pdf"
    assert (tmp_path / "out" / alike).read_bytes() == (done.out / alike).read_bytes()


def test_only_what_changed_is_built_again(
    done: Done, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    shutil.copytree(done.folder, tmp_path / "batch")
    monkeypatch.chdir(tmp_path / "batch")
    rows = guests(6)
    rows[1]["subtitle"] = "另一本"
    write_table(Path("guests.csv"), rows[:2] + rows[3:5])
    damaged = Path("out/guest-0005/guest-0005.pdf")
    damaged.write_bytes(damaged.read_bytes()[:-1])
    report, _ = run_batch(Request(Path("guests.csv"), Path("club"), "out"), Watch())
    assert states(report) == ["kept", "built", "kept", "built"]
    assert damaged.read_bytes() == (done.out / "guest-0005/guest-0005.pdf").read_bytes()


# ---- merged ------------------------------------------------------------------------------------


def test_the_merged_file_holds_every_booklet_in_the_order_of_the_rows(done: Done) -> None:
    names = [Path(item).name for item in done.report["merged"]]
    assert names == ["merged.pdf"]
    assert "merge-left-out" in [one["code"] for one in done.report["diagnostics"]]
    with pikepdf.open(done.out / "merged.pdf") as pdf:
        assert not pdf.check_pdf_syntax()
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
            places: list[Any] = [item.destination for item in outline.root]
            starts = [pdf.pages.index(pikepdf.Page(place[0])) for place in places]
        labels = [page.label for page in pdf.pages]
    slugs = [row["slug"] for at, row in enumerate(guests(6), 1) if at != BAD]
    assert [title.rpartition(" · ")[2] for title in titles] == slugs
    assert all(start % 2 == 0 for start in starts)
    for slug, start in zip(slugs, starts, strict=True):
        booklet = read_pdf((done.out / slug / f"{slug}.pdf").read_bytes())
        merged = labels[start + 2 : start + 2 + len(booklet.pages)]
        assert all(label.startswith(f"{slug}:") for label in merged)
        assert labels[start] == slug
    whole = page_texts(done.out / "merged.pdf")
    for slug, start in zip(slugs, starts, strict=True):
        single = page_texts(done.out / slug / f"{slug}.pdf")
        assert whole[start + 2 : start + 2 + len(single)] == single
        assert whole[start : start + 2] == ["", ""]  # the separator is drawn, not written


def page_texts(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as file:
        return [page.get_textpage().get_text_range() for page in file]


def small(size: tuple[float, float] = (200, 300), pages: int = 3, intent: str = "") -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=size)
    if intent:
        pdf.Root.OutputIntents = pikepdf.Array(
            [pikepdf.Dictionary(OutputConditionIdentifier=pikepdf.String(intent))]
        )
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


def stored(store: FolderStore, files: list[bytes], edition: str = "screen") -> list[Outcome]:
    outcomes = []
    for number, data in enumerate(files, 1):
        kept = Kept(edition, "", "a.pdf", len(data), 3, hashlib.sha256(data).hexdigest())
        outcomes.append(Outcome(number, f"a-{number}", "built", "甲", (kept,)))
        store.put(f"a-{number}/a.pdf", data)
    return outcomes


def test_more_booklets_than_are_bound_at_a_time_are_merged(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    merged = merge_booklets(stored(store, [small()] * 130), store, Merging())
    assert merged.diagnostics == ()
    with pikepdf.open(tmp_path / "merged.pdf") as pdf:
        assert len(pdf.pages) == 130 * 4  # a blank makes each begin on a recto
        assert pdf.pages[4 * 129].label == "a-130:1"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["merged.pdf"]


def test_what_strings_say_is_no_reference(tmp_path: Path) -> None:
    """Words that look like references stay as they are, brackets and all; references lead on."""
    words = [r"5 0 R", r"(5 0 R) \\ 6 0 R", "7 0 R\n8 0 R", "\x80 9 0 R"]
    pdf = pikepdf.open(io.BytesIO(small(intent="FOGRA39 1 0 R")))
    for page in pdf.pages:
        stream = pdf.make_stream(b"q Q % 1 0 R", Said=pikepdf.Array(map(pikepdf.String, words)))
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Form=stream))
    target = io.BytesIO()
    pdf.save(target)
    store = FolderStore(tmp_path)
    outcomes = stored(store, [target.getvalue()] * 40)
    merge_booklets(outcomes, store, Merging(separator=True))
    first = (tmp_path / "merged.pdf").read_bytes()
    with pikepdf.open(io.BytesIO(first)) as merged:
        assert merged.check_pdf_syntax() == []
        assert len(merged.pages) == 40 * 6
        for number, page in enumerate(merged.pages):
            if 2 <= number % 6 <= 4:
                form: Any = page.obj.Resources.XObject.Form
                assert [str(one) for one in form.Said] == words
                assert form.read_bytes() == b"q Q % 1 0 R"
        assert str(merged.Root.OutputIntents[0].OutputConditionIdentifier) == "FOGRA39 1 0 R"
        with merged.open_outline() as outline:
            place: Any = outline.root[39].destination
            assert place[0].objgen == merged.pages[39 * 6].obj.objgen
    (tmp_path / "merged.pdf").unlink()
    merge_booklets(outcomes, store, Merging(separator=True))
    assert (tmp_path / "merged.pdf").read_bytes() == first


def test_a_part_that_cannot_be_taken_apart_is_refused(tmp_path: Path) -> None:
    path, packed = tmp_path / "part.pdf", io.BytesIO()
    with pikepdf.open(io.BytesIO(small())) as pdf:
        pdf.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with (tmp_path / "whole.pdf").open("wb") as whole:
        sewing = Sewing(whole)
        for data in (b"", packed.getvalue(), small()[:-30], b"%PDF-1.7\nstartxref\n0\n%%EOF\n"):
            path.write_bytes(data)
            with pytest.raises(PartError):
                sewing.add(path)


def test_very_many_booklets_are_merged_in_volumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "VOLUME", 2)
    store = FolderStore(tmp_path)
    merged = merge_booklets(stored(store, [small()] * 5), store, Merging())
    assert merged.names == ("merged-01.pdf", "merged-02.pdf", "merged-03.pdf")
    counts = []
    for name in merged.names:
        with pikepdf.open(tmp_path / name) as pdf:
            counts.append((len(pdf.pages), pdf.pages[0].label))
    assert counts == [(8, "a-1:1"), (8, "a-3:1"), (4, "a-5:1")]


@pytest.mark.parametrize("other", [small(size=(210, 300)), small(intent="FOGRA39")])
def test_booklets_for_two_presses_are_not_merged(tmp_path: Path, other: bytes) -> None:
    store = FolderStore(tmp_path)
    merged = merge_booklets(stored(store, [small(), other]), store, Merging())
    assert merged.names == ()
    assert codes(merged.diagnostics) == ["merge-mixed"]
    assert not (tmp_path / "merged.pdf").exists()


def test_the_press_edition_is_merged_before_that_for_screens(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    outcomes = stored(store, [small(), small(intent="FOGRA39")])
    press = replace(outcomes[1].outputs[0], edition="press")
    outcomes[1] = replace(outcomes[1], outputs=(press,))
    merged = merge_booklets(outcomes, store, Merging())
    assert codes(merged.diagnostics) == ["merge-left-out"]
    with pikepdf.open(tmp_path / "merged.pdf") as pdf:
        assert len(pdf.pages) == 4
        intents: Any = pdf.Root.OutputIntents
        assert str(intents[0].OutputConditionIdentifier) == "FOGRA39"


# ---- what goes wrong ---------------------------------------------------------------------------


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three rows and a publication, in the current folder."""
    monkeypatch.chdir(tmp_path)
    write_book(tmp_path / "club")
    write_table(tmp_path / "guests.csv", guests(3))
    return tmp_path


def workers() -> list[psutil.Process]:
    """List the processes that make booklets: grandchildren, behind the one that forks them."""
    me = psutil.Process()
    return [one for one in me.children(recursive=True) if one.ppid() != me.pid]


def test_a_worker_that_is_killed_loses_nothing(few: Path) -> None:
    killed: list[int] = []

    def kill(_: Outcome) -> None:
        if not killed:
            for one in workers():
                killed.append(one.pid)
                one.send_signal(signal.SIGKILL)

    report, _ = run_batch(Request(Path("guests.csv"), Path("club"), "out", jobs=1), Watch(kill))
    assert killed
    assert states(report) == ["built"] * 3
    for number in (1, 2, 3):
        read_pdf((few / f"out/guest-000{number}/guest-000{number}.pdf").read_bytes())


def test_a_booklet_that_takes_too_long_is_ended(few: Path) -> None:
    write_table(few / "guests.csv", guests(1))
    since = time.monotonic()
    request = Request(Path("guests.csv"), Path("club"), "out", jobs=1, limit=0.05)
    report, _ = run_batch(request, Watch())
    assert time.monotonic() - since < 60
    assert [codes(outcome.diagnostics) for outcome in report.outcomes] == [["booklet-time"]]
    assert not (few / "out/guest-0001").exists()


class FullStore(FolderStore):
    """A folder on a disk that is full after the first booklet."""

    def put(self, name: str, data: bytes) -> None:
        if "0001" not in name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)
        super().put(name, data)


def test_a_full_disk_stops_the_batch_and_the_next_goes_on(
    few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request(Path("guests.csv"), Path("club"), "out", jobs=1)
    with monkeypatch.context() as patch:
        patch.setattr(batches, "open_store", lambda out: FullStore(Path(out)))
        report, _ = run_batch(request, Watch())
    assert report.stop == os.strerror(errno.ENOSPC)
    assert "built" in states(report)
    failed = [outcome for outcome in report.outcomes if outcome.state == "failed"]
    assert {code for outcome in failed for code in codes(outcome.diagnostics)} == {"out-unwritable"}
    left = sorted(path.name for path in (few / "out").rglob("*") if path.is_file())
    assert left == [LOCK, "batch.json", "guest-0001.pdf"]


class DeadlyStore(FolderStore):
    """A folder that ends the process that writes the first booklet."""

    def put(self, name: str, data: bytes) -> None:
        if "0001" in name:
            os.kill(os.getpid(), signal.SIGKILL)
        super().put(name, data)


def test_a_booklet_that_ends_its_process_twice_is_given_up(
    few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "open_store", lambda out: DeadlyStore(Path(out)))
    write_table(few / "guests.csv", guests(2))
    report, _ = run_batch(Request(Path("guests.csv"), Path("club"), "out", jobs=1), Watch())
    assert states(report) == ["failed", "built"]
    (found,) = report.outcomes[0].diagnostics
    assert (found.place.file, found.place.line, found.code) == ("guests.csv", 2, "booklet-died")
    assert found.message.endswith("SIGKILL")


def test_a_fault_of_ours_is_one_booklet_s_affair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        msg = "unheard of"
        raise KeyError(msg)

    monkeypatch.delenv("BOOKLET_TRACEBACK", raising=False)
    monkeypatch.setattr(worker, "make_editions", fail)
    task = Task(tmp_path, (), False, FolderStore(tmp_path))
    outcome = worker.work(task, Order(1, "a", "key", Place("guests.csv", 2, 1)))
    assert codes(outcome.diagnostics) == ["booklet-fault"]
    assert "unheard of" in outcome.diagnostics[0].message
    assert not outcome.stop


def test_two_batches_do_not_share_a_folder(few: Path, booklet_: Command) -> None:
    with alone(open_store("out")):
        result = booklet_("batch", "guests.csv", "club", "-o", "out")
    assert result.status == 2
    assert "error[out-busy]" in result.err
    assert result.out == ""


def test_a_batch_that_is_stopped_leaves_no_process_and_goes_on_later(few: Path) -> None:
    words = [sys.executable, "-m", "booklet", "batch", "guests.csv", "club", "-o", "out", "-j", "1"]
    process = subprocess.Popen(words, cwd=few, env=environment(), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list((few / "out").glob("*/batch.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    family = psutil.Process(process.pid).children(recursive=True)
    assert family
    process.kill()
    process.wait()
    gone, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
    with alone(open_store("out")):  # its lock has gone with it
        assert gone
    first = next((few / "out").glob("*/batch.json")).parent.name
    watch = Watch()
    report, _ = run_batch(Request(Path("guests.csv"), Path("club"), "out", jobs=1), watch)
    assert "failed" not in states(report)
    assert first in [one.slug for one in report.outcomes if one.state == "kept"]


# ---- a folder of publications ------------------------------------------------------------------


def test_a_folder_of_publications_is_a_catalogue(
    tmp_path: Path, booklet_: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_book(tmp_path / "clubs/east")
    write_book(tmp_path / "clubs/west", layout={"trim": "B99"})
    (tmp_path / "clubs/notes").mkdir()
    result = booklet_("batch", "clubs", "-o", "out", "-j", "1")
    assert result.status == 1
    assert "clubs/west/booklet.yaml:1:" in result.err
    assert "1 built, 1 failed" in result.err
    assert result.out.split() == ["out/east/east.pdf"]


# ---- records and stores ------------------------------------------------------------------------


def outcome(store: FolderStore | AddressStore) -> Outcome:
    data = b"%PDF-"
    store.put("a/a.pdf", data)
    kept = Kept("screen", "", "a.pdf", 5, 1, hashlib.sha256(data).hexdigest())
    found = Diagnostic(Place("m.md", 3, 1), Severity.WARNING, "field-empty", "m", "h")
    return Outcome(1, "a", "built", "甲", (kept,), 0.5, (found,), "key")


@pytest.mark.parametrize("address", ["folder", "memory://records"])
def test_a_record_comes_back_as_it_was_written(tmp_path: Path, address: str) -> None:
    store = open_store(address if "://" in address else str(tmp_path / address))
    made = outcome(store)
    write_record(made, store)
    assert read_record(7, "a", "key", store) == replace(made, number=7, state="kept", seconds=0.0)
    assert read_record(1, "a", "other", store) is None
    store.put("a/a.pdf", b"%PDF+")
    assert read_record(1, "a", "key", store) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"form": 1}', '{"form": 1, "key": "key", "outputs": [{}]}']
)
def test_a_damaged_record_is_none(tmp_path: Path, text: str) -> None:
    store = FolderStore(tmp_path)
    store.put("a/batch.json", text.encode())
    assert read_record(1, "a", "key", store) is None


def test_a_record_leads_out_of_no_folder(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "out")
    write_record(outcome(store), store)
    path = tmp_path / "out/a/batch.json"
    path.write_text(path.read_text("utf-8").replace("a.pdf", "../a/a.pdf"), encoding="utf-8")
    assert read_record(1, "a", "key", store) is None


def test_an_address_that_nothing_knows_is_told() -> None:
    with pytest.raises(InputError) as caught:
        open_store("gopher://example/a")
    assert codes(caught.value.diagnostics) == ["out-address"]


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(BookletError) as caught:
        open_store("memory://a")
    assert codes(caught.value.diagnostics) == ["cluster-missing"]
    assert "booklet-press[cluster]" in caught.value.diagnostics[0].hint


def test_a_parcel_is_the_publication(tmp_path: Path) -> None:
    book = write_book(tmp_path / "club")
    (book / ".hidden").write_text("x")
    (book / "build").mkdir()
    (book / "build/club.pdf").write_bytes(b"x")
    digest = digest_of(book)
    bundle = pack(book, digest)
    assert [name for name, _, _ in bundle.files] == ["booklet.yaml", "manuscript.md"]
    main = bundle.unpack(tmp_path / "there")
    assert digest_of(main.parent) == digest
    assert main.stat().st_mtime_ns == (book / "booklet.yaml").stat().st_mtime_ns
    (book / "manuscript.md").write_text("# 别的\n\n文字。\n", encoding="utf-8")
    assert digest_of(book) != digest
