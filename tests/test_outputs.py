"""Outputs: written whole, where they belong, swept after a kill, and cleaned of what was made."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Command, environment, write_publication
from tests.hostile_inputs import MANUSCRIPT

from booklet.batch.bundle import digest_of, pack
from booklet.batch.record import RECORD, Kept, Outcome, write_record
from booklet.batch.store import LOCK, FolderStore, alone
from booklet.build import build
from booklet.errors import InputError
from booklet.output.keeping import Shelf
from booklet.output.put import put, refuse_links_out

# ---- half-written files --------------------------------------------------------------------------

KILLED = """
import os, signal
from pathlib import Path
from booklet.output import put
put.Path.chmod = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
put.put(Path("book.pdf"), bytes(99))
"""


def test_what_a_kill_leaves_is_swept_by_the_next_one(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=tmp_path, check=False, env=environment()
    )
    assert ended.returncode == -9
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".booklet-")
    (tmp_path / ".mine.part").write_text("somebody else's")
    (tmp_path / ".booklet-link.part").symlink_to(tmp_path / ".mine.part")
    put(tmp_path / "book.pdf", b"whole")
    assert {path.name for path in tmp_path.iterdir()} == {
        "book.pdf", ".mine.part", ".booklet-link.part",
    }  # fmt: skip


def test_what_somebody_writes_now_is_not_swept(tmp_path: Path) -> None:
    path = tmp_path / ".booklet-x.part"
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        put(tmp_path / "book.pdf", b"whole")
        assert path.exists()
    put(tmp_path / "book.pdf", b"whole")
    assert not path.exists()


def test_a_build_sweeps_the_folder_of_its_outputs(tmp_path: Path) -> None:
    book = write_publication(tmp_path / "book", MANUSCRIPT, title="书名", title_lines=None)
    (tmp_path / "out" / "book").mkdir(parents=True)
    (tmp_path / "out" / "book" / ".booklet-abc.part").write_bytes(b"half")
    build(book, tmp_path / "out", ["ebook"])
    assert [path.name for path in (tmp_path / "out" / "book").iterdir()] == ["book.epub"]


# ---- links that lead out -------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    return write_publication(tmp_path / "book", MANUSCRIPT, title="书名", title_lines=None)


LINKS = ("build", "build/.cache", "build/.cache/pieces", "build/.cache/builds", "build/book")


@pytest.mark.parametrize("name", LINKS)
def test_an_output_folder_that_came_with_a_publication_may_not_lead_out(
    name: str, book: Path, tmp_path: Path
) -> None:
    (book / name).parent.mkdir(parents=True, exist_ok=True)
    (book / name).symlink_to(tmp_path / "outside")
    ended = subprocess.run(
        [sys.executable, "-m", "booklet", "build", ".", "-e", "ebook"], cwd=book, check=False,
        capture_output=True, text=True, env=environment(),
    )  # fmt: skip
    assert ended.returncode == 2, ended.stderr
    assert "error[out-outside]" in ended.stderr
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_loop_and_an_older_cover_may_not_lead_out(book: Path, tmp_path: Path) -> None:
    (book / "build").symlink_to("build")
    with pytest.raises(InputError):
        refuse_links_out(book, book / "build")
    (book / "build").unlink()
    (book / "build" / "book").mkdir(parents=True)
    (tmp_path / "outside" / "x.pdf").write_bytes(b"%PDF")
    (book / "build" / "book" / "x.pdf").symlink_to(tmp_path / "outside" / "x.pdf")
    with pytest.raises(InputError):
        refuse_links_out(book, book / "build", ["book/x.pdf"], named=True)


def test_a_folder_that_the_user_names_is_the_users(book: Path, tmp_path: Path) -> None:
    (book / "build").symlink_to(tmp_path / "outside")
    ended = subprocess.run(
        [sys.executable, "-m", "booklet", "build", ".", "-e", "ebook", "-o", "build"], cwd=book,
        check=False, capture_output=True, text=True, env=environment(),
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "outside" / "book" / "book.epub").is_file()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.symlink_to(tmp_path / "outside")
    refuse_links_out(book, elsewhere)
    refuse_links_out(book, book / "inner", ["book"])  # what is not there leads nowhere


def test_a_batch_may_not_be_led_out(book: Path, tmp_path: Path, booklet_: Command) -> None:
    (book / "guests.csv").write_text("slug\none\n", "utf-8")
    for name in ("build/guests", "build/guests/one"):
        link = book / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(tmp_path / "outside")
        ended = subprocess.run(
            [sys.executable, "-m", "booklet", "batch", "guests.csv"], cwd=book, check=False,
            capture_output=True, text=True, env=environment(),
        )  # fmt: skip
        assert "error[out-outside]" in ended.stderr
        assert list((tmp_path / "outside").iterdir()) == []
        link.unlink()


def test_a_cache_goes_through_no_link(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_bytes(bytes(9_000))
    shelf = Shelf(tmp_path / "pieces")
    shelf.folder.mkdir()
    (shelf.folder / "ab").symlink_to(mine)
    shelf.put("ab" + "c" * 62, (1, 2))
    shelf.tidy(largest=10)
    assert [path.name for path in mine.iterdir()] == ["letter.txt"]
    led = Shelf(tmp_path / "led")
    led.folder.symlink_to(mine)
    led.put("ab" + "c" * 62, (1, 2))
    led.tidy(largest=10)
    assert [path.name for path in mine.iterdir()] == ["letter.txt"]


def test_a_copy_of_a_template_is_not_put_outside_nor_compared_with_what_is(
    book: Path, tmp_path: Path, booklet_: Command
) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("a { color: hidden-words }", "utf-8")
    templates = book / "templates"
    templates.mkdir()
    (templates / "parts").symlink_to(tmp_path / "outside")
    made = booklet_("theme", "eject", "parts/half-title.html", "-p", book)
    assert made.status == 2
    assert "error[out-outside]" in made.err
    assert list((tmp_path / "outside").iterdir()) == []
    (templates / "parts").unlink()
    booklet_("theme", "eject", "print.css", "-p", book)
    (record,) = templates.glob("*.json")
    known = json.loads(record.read_text("utf-8"))
    entry = next(iter(known.values()))
    for name in ("../../secret.css", str(secret)):
        record.write_text(json.dumps({name: entry}), "utf-8")
        compared = booklet_("theme", "diff", "-p", book)
        assert "hidden-words" not in compared.out + compared.err
        assert compared.status == 1


# ---- clean ---------------------------------------------------------------------------------------


def batch(folder: Path, *slugs: str) -> FolderStore:
    """Write what a batch of these booklets would have left."""
    store = FolderStore(folder)
    with alone(store):
        for number, slug in enumerate(slugs, 1):
            data = slug.encode() * 9
            name = f"{slug}.pdf"
            kept = Kept("screen", "", name, len(data), 1, hashlib.sha256(data).hexdigest())
            store.put(f"{slug}/{name}", data)
            write_record(Outcome(number, slug, "built", "题", (kept,), key="k"), store)
        store.put("merged.pdf", b"%PDF")
        store.put(RECORD, json.dumps({"merged": [store.shown("merged.pdf")]}).encode())
    return store


def test_clean_removes_what_a_batch_made(booklet_: Command, tmp_path: Path) -> None:
    out = tmp_path / "build"
    batch(out / "guests", "one", "two")
    result = booklet_("clean", "-o", out)
    assert result.status == 0
    assert list(out.iterdir()) == []
    assert [Path(line).name for line in result.out.splitlines()] == ["one", "two", "guests"]
    batch(out, "one")
    booklet_("clean", "-o", out)
    assert not out.exists()


def test_clean_keeps_what_no_batch_made(booklet_: Command, tmp_path: Path) -> None:
    out = tmp_path / "build"
    folder = out / "guests"
    batch(folder, "one", "two", "three", "four")
    outside = tmp_path / "letter.pdf"
    outside.write_bytes(b"a letter")
    (folder / "one" / "notes.txt").write_text("mine", "utf-8")
    (folder / "two" / "two.pdf").write_bytes(b"two" * 8 + b"own")  # as long as it was
    record = folder / "three" / RECORD
    known = json.loads(record.read_text("utf-8"))
    known["outputs"][0] |= {"path": "../../../letter.pdf", "bytes": 8,
                            "sha256": hashlib.sha256(b"a letter").hexdigest()}  # fmt: skip
    record.write_text(json.dumps(known), "utf-8")
    (folder / "four" / "four.pdf").unlink()
    (folder / "four" / "four.pdf").symlink_to(outside)
    (folder / "five").mkdir()
    (folder / "merged-01.pdf").write_bytes(b"of another")
    result = booklet_("clean", "-o", out)
    assert result.status == 0
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
    assert names == sorted([
        "five", "four", f"four/{RECORD}", "four/four.pdf", "one", f"one/{RECORD}", "one/notes.txt",
        "three", f"three/{RECORD}", "three/three.pdf", "two", f"two/{RECORD}", "two/two.pdf",
        LOCK, RECORD, "merged-01.pdf",
    ])  # fmt: skip
    assert outside.read_bytes() == b"a letter"
    assert result.err.count("kept") == 5


def test_clean_lets_a_batch_work_and_follows_no_link(booklet_: Command, tmp_path: Path) -> None:
    store = batch(tmp_path / "build" / "guests", "one")
    with alone(store):
        result = booklet_("clean", "-o", tmp_path / "build")
    assert "error[out-busy]" in result.err
    (tmp_path / "led").symlink_to(tmp_path / "build")
    result = booklet_("clean", "-o", tmp_path / "led")
    assert "it is a link" in result.err
    assert (store.folder / "one" / "one.pdf").is_file()


# ---- parcels -------------------------------------------------------------------------------------


def test_a_parcel_for_other_machines_holds_nothing_from_outside(book: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("hidden", "utf-8")
    (book / "images").mkdir()
    for name, target in (
        ("images/out.png", tmp_path / "secret.md"), ("images/none.png", tmp_path / "none"),
        ("images/loop.png", "loop.png"), ("images/in.md", "../manuscript.md"),
        ("images/folder", tmp_path),
    ):  # fmt: skip
        (book / name).symlink_to(target)
    os.mkfifo(book / "images" / "pipe.png")
    names = [name for name, _, _ in pack(book, digest_of(book)).files]
    assert sorted(names) == ["booklet.yaml", "images/in.md", "manuscript.md"]
