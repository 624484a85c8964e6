"""Every build for the press goes through preflight, and fails where a printer would refuse it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import write_publication

from booklet.build import build
from booklet.editions import preflight as judging
from booklet.errors import ReleaseError, Severity
from booklet.finish.preflight import Means, Tools


def test_the_sample_passes_without_a_word(tmp_path: Path) -> None:
    report = build(write_publication(tmp_path / "book"), tmp_path / "out", ["press", "cover"])
    assert [item for item in report.diagnostics if item.code.startswith("preflight")] == []


def test_type_that_is_too_near_the_knife_fails_the_build(tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "book")
    extra = ".half-title p { position: absolute; left: -18mm; top: 40mm }"
    (folder / "templates").mkdir()
    (folder / "templates" / "print-extra.css").write_text(extra)
    with pytest.raises(ReleaseError) as failed:
        build(folder, tmp_path / "out", ["press"])
    found = [item for item in failed.value.diagnostics if item.code == "preflight"]
    assert [item.message[:3] for item in found] == ["P27"]
    assert found[0].severity is Severity.ERROR
    assert "page 1 at" in found[0].message
    assert "「习近平关于建设网络强国的讲话」" in found[0].message
    assert "`layout: {type_area: …}`" in found[0].hint
    assert not list((tmp_path / "out").rglob("*.pdf"))


def test_text_that_its_box_clips_is_named_with_its_line(tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "book")
    extra = ".excerpt blockquote p { height: 30pt; overflow: hidden }"
    (folder / "templates").mkdir()
    (folder / "templates" / "print-extra.css").write_text(extra)
    with pytest.raises(ReleaseError) as failed:
        build(folder, tmp_path / "out", ["press"])
    found = [item for item in failed.value.diagnostics if "P35" in item.message]
    assert found
    assert all(item.place.file.endswith("manuscript.md") and item.place.line for item in found)


def test_a_missing_renderer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is passed that was not looked at."""
    monkeypatch.setattr(judging, "MEANS", Means(tools=Tools()))
    report = build(write_publication(tmp_path / "book"), tmp_path / "out", ["press"])
    (found,) = [item for item in report.diagnostics if item.code == "preflight-not-run"]
    assert "P31" in found.message
    assert "Ghostscript" in found.hint


def test_the_same_finding_on_many_pages_is_told_once(tmp_path: Path) -> None:
    folder = write_publication(tmp_path / "book", press={"preset": "lulu"})
    report = build(folder, tmp_path / "out", ["press"])
    (found,) = [item for item in report.diagnostics if item.code == "preflight"]
    assert "pages 8, 9, 10," in found.message
    assert ": 「8」 「9」 「10」)" in found.message
    assert found.severity is Severity.WARNING
