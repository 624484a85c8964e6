"""The same source makes the same bytes, wherever, whenever and however often it is built."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
from tests.conftest import SAMPLE, environment
from tests.stress_book import write_stress_book

EPOCH = 1_767_225_600  # 2026-01-01 00:00:00 UTC

Built = dict[str, bytes]


def make(source: Path, out: Path, *words: str, cwd: Path | None = None, **env: str | None) -> Built:
    """Build both editions, or those asked for, in a process of its own."""
    command = [sys.executable, "-m", "booklet", "build", str(source), "--out", str(out), *words]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=cwd, env=environment(**env)
    )
    assert done.returncode == 0, done.stderr
    files = (Path(cwd or ".", name) for name in done.stdout.splitlines())
    return {path.suffix: path.read_bytes() for path in files}


def digests(built: Built) -> dict[str, str]:
    return {suffix: hashlib.sha256(data).hexdigest() for suffix, data in built.items()}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample that nobody edits meanwhile."""
    folder = tmp_path_factory.mktemp("here") / SAMPLE.name
    shutil.copytree(SAMPLE, folder)
    return folder


@pytest.fixture(scope="module")
def dated(here: Path) -> Built:
    return make(here, here.parent / "out", SOURCE_DATE_EPOCH=str(EPOCH), PYTHONHASHSEED="1")


def test_both_editions_are_made(dated: Built) -> None:
    assert dated.keys() == {".pdf", ".epub"}


def test_another_place_zone_seed_and_cache_change_nothing(
    here: Path, dated: Built, tmp_path: Path
) -> None:
    there = tmp_path / "a folder with 中文 and spaces" / SAMPLE.name
    shutil.copytree(here, there)
    again = make(
        there, Path("out"), cwd=tmp_path,
        SOURCE_DATE_EPOCH=str(EPOCH), PYTHONHASHSEED="4711", TZ="Asia/Shanghai", LC_ALL="C",
        XDG_CACHE_HOME=str(tmp_path / "cache"),
    )  # fmt: skip
    assert digests(again) == digests(dated)
    for data in again.values():
        assert str(tmp_path).encode() not in data


def test_another_date_changes_only_dates(here: Path, dated: Built, tmp_path: Path) -> None:
    later = make(here, tmp_path / "out", SOURCE_DATE_EPOCH=str(EPOCH + 86_400))
    assert digests(later) != digests(dated)
    assert undated(plain(later[".pdf"])) == undated(plain(dated[".pdf"]))
    first, second = members(dated[".epub"]), members(later[".epub"])
    changed = [name for name in first if first[name] != second.get(name)]
    assert changed == ["EPUB/package.opf"]
    assert first.keys() == second.keys()
    assert undated(first[changed[0]]) == undated(second[changed[0]])


def test_without_a_date_the_newest_source_counts(here: Path, tmp_path: Path) -> None:
    folder = tmp_path / SAMPLE.name
    shutil.copytree(here, folder)
    os.utime(folder / "manuscript.md", (EPOCH - 500_000, EPOCH - 500_000))
    os.utime(folder / "booklet.yaml", (EPOCH - 86_400, EPOCH - 86_400))
    built = make(folder, tmp_path / "out")
    with pikepdf.open(io.BytesIO(built[".pdf"])) as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == "D:20251231000000Z"
    assert date_of(built) == "2025-12-31T00:00:00Z"
    os.utime(folder / "manuscript.md", (EPOCH, EPOCH))
    assert date_of(make(folder, tmp_path / "out", "-e", "ebook")) == "2026-01-01T00:00:00Z"


def test_theme_files_of_the_publication_count_as_sources(here: Path, tmp_path: Path) -> None:
    folder = tmp_path / SAMPLE.name
    shutil.copytree(here, folder)
    (folder / "templates").mkdir()
    extra = folder / "templates" / "print-extra.css"
    extra.write_text("/* nothing */\n", encoding="utf-8")
    for path in (folder / "manuscript.md", folder / "booklet.yaml"):
        os.utime(path, (EPOCH, EPOCH))
    os.utime(extra, (EPOCH + 86_400, EPOCH + 86_400))
    built = make(folder, tmp_path / "out", "-e", "ebook")
    assert date_of(built) == "2026-01-02T00:00:00Z"


def date_of(built: Built) -> str:
    package = members(built[".epub"])["EPUB/package.opf"].decode()
    found = re.search(r'property="dcterms:modified"[^>]*>([^<]+)<', package)
    return found[1] if found else ""


def plain(pdf: bytes) -> bytes:
    """Write a PDF with every object and stream in plain sight."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out, qdf=True, static_id=True)
    return out.getvalue()


def undated(data: bytes) -> bytes:
    """Blank every date, and the identifier that a PDF derives from its content."""
    data = re.sub(rb"D:\d{14}Z?|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", b"DATE", data)
    return re.sub(rb"/ID \[.*?\]", b"/ID", data, flags=re.DOTALL)


def members(epub: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_e_book_with_fonts_and_pictures_knows_no_clock(tmp_path: Path) -> None:
    """Builds in two processes lie seconds apart; fonts, pictures and archives like to date."""
    folder = write_stress_book(tmp_path / "book", ebook={"fonts": "all", "pages": "none"})
    one, two = (
        make(folder, tmp_path / zone.replace("/", "-"), "-e", "ebook", SOURCE_DATE_EPOCH=str(EPOCH),
             TZ=zone, PYTHONHASHSEED=seed)
        for zone, seed in (("Asia/Shanghai", "1"), ("America/Caracas", "2"))
    )  # fmt: skip
    assert any(name.endswith(".otf") for name in members(one[".epub"]))
    assert digests(one) == digests(two)


def test_the_cover_of_an_e_book_is_kept_between_builds(
    here: Path, dated: Built, tmp_path: Path
) -> None:
    """Nothing else of the renderer is loaded where the cover is as it was; else it is drawn."""
    folder = tmp_path / SAMPLE.name
    shutil.copytree(here, folder)
    header = folder / "booklet.yaml"
    header.write_text(header.read_text("utf-8") + "\nebook: {pages: none}\n", "utf-8")
    environ = {"SOURCE_DATE_EPOCH": str(EPOCH)}
    code = (
        "import sys; from pathlib import Path; from booklet.build import build\n"
        "build(Path(sys.argv[1]), Path(sys.argv[2]), ['ebook'])\n"
        "print('weasyprint' in sys.modules)"
    )

    def run() -> tuple[bytes, str]:
        command = [sys.executable, "-c", code, str(folder), str(tmp_path / "out")]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env=environment(**environ)
        )
        (path,) = (tmp_path / "out").glob("*/*.epub")
        return path.read_bytes(), done.stdout.strip()

    first, again = run(), run()
    assert first[0] == again[0]
    assert (first[1], again[1]) == ("True", "False")
    extra = folder / "templates" / "print-extra.css"
    extra.parent.mkdir()
    extra.write_text("* { color: red !important }\n", encoding="utf-8")
    changed = run()
    assert changed[1] == "True"
    covers = [members(data)["EPUB/images/cover.png"] for data in (first[0], changed[0])]
    assert covers[0] != covers[1]
    assert members(dated[".epub"])["EPUB/images/cover.png"] == covers[0]
