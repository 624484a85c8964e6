"""The sample publications and the manuscripts that try to break us, built as a user would."""

from __future__ import annotations

import re
import shutil
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
from tests.checkers import run_epubcheck

from booklet.build import Report, build
from booklet.errors import InputError

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "content" / "zuo-yi-ben-xiaoce"
NASTY = sorted(
    path
    for path in (ROOT / "tests" / "nasty").iterdir()
    if path.name not in {"README.md", "rare.md"}
)


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The user's guide."""
    return build(GUIDE, tmp_path_factory.mktemp("guide"), ["screen", "ebook"])


def test_the_first_publication_passes_epubcheck(sample_report: Report) -> None:
    report = run_epubcheck(sample_report.outputs[1].path)
    assert report.faults == ()


def test_the_guide_passes_epubcheck_and_has_no_findings(guide: Report) -> None:
    assert [str(item) for item in guide.diagnostics] == []
    assert run_epubcheck(guide.outputs[1].path).faults == ()


@pytest.mark.parametrize("source", NASTY, ids=[path.name for path in NASTY])
def test_nothing_of_a_nasty_manuscript_is_lost(source: Path, tmp_path: Path) -> None:
    report = build(source, tmp_path, ["screen", "ebook"])
    assert [output.edition for output in report.outputs] == ["screen", "ebook"]


@pytest.mark.parametrize("name", ["notes.md", "verse.md"])
def test_nasty_manuscripts_pass_epubcheck(name: str, tmp_path: Path) -> None:
    report = build(ROOT / "tests" / "nasty" / name, tmp_path, ["ebook"])
    faults = run_epubcheck(report.outputs[0].path).faults
    assert faults == ()


def test_a_character_that_no_font_draws_is_named_with_every_place(tmp_path: Path) -> None:
    source = shutil.copy(ROOT / "tests" / "nasty" / "rare.md", tmp_path / "rare.md")
    with pytest.raises(InputError) as caught:
        build(Path(source), tmp_path / "out")
    found = [item for item in caught.value.diagnostics if item.code == "glyph-missing"]
    assert found
    assert all(item.place.line and item.place.column for item in found)
    assert any("U+1F466" in item.message for item in found)
    lines = (tmp_path / "rare.md").read_text("utf-8").splitlines()
    for item in found:
        char = lines[item.place.line - 1][item.place.column - 1]
        assert f"U+{ord(char):04X}" in item.message


def test_headings_of_the_e_book_skip_no_level(guide: Report) -> None:
    with zipfile.ZipFile(guide.outputs[1].path) as book:
        for name in book.namelist():
            if name.startswith("EPUB/text/"):
                levels = [int(n) for n in re.findall(rb"<h([1-6])", book.read(name))]
                assert all(two <= one + 1 for one, two in pairwise([0, *levels])), name


def test_a_picture_is_known_by_its_content_and_found_by_its_quoted_name(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    dot = ROOT / "tests" / "nasty" / "header-only" / "images" / "dot.png"
    shutil.copy(dot, folder / "my picture.img")
    text = "# 书\n\n## 一\n\n![点](my%20picture.img)\n"
    (folder / "manuscript.md").write_text(text, "utf-8")
    (folder / "booklet.yaml").write_text("manuscript: manuscript.md\n", "utf-8")
    report = build(folder, tmp_path / "out")
    assert report.diagnostics == ()
    with zipfile.ZipFile(report.outputs[1].path) as book:
        assert book.read("EPUB/images/picture-001.png") == dot.read_bytes()
