"""Publications that are built once and read by many tests, and the command line to run."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from tests.everything import MADE, write_everything
from tests.pdf_facts import Pdf, read_pdf
from tests.stress_book import write_stress_book

from booklet.build import Report, build
from booklet.cli import main

SAMPLE = Path(__file__).parents[1] / "content" / "wangluo-qiangguo"

Press = Callable[..., Pdf]
"""``press(manuscript=None, **header)``: the screen edition of a publication, as facts."""

LETTERS: Mapping[str, object] = {
    "title": "习近平关于建设网络强国的讲话",
    "title_lines": ["习近平关于", "建设网络强国的讲话"],
    "language": "zh-Hans",
    "contributors": [{"name": "新华社《学习进行时》", "role": "com"}],
    "manuscript": "manuscript.md",
    "theme": "reader",
}
"""The header of the sample; a variant replaces some of it, and drops what is None."""


def write_publication(folder: Path, manuscript: str | None = None, **header: object) -> Path:
    """Write a publication: the sample, or a variant of it."""
    folder.mkdir(parents=True)
    keys = {key: value for key, value in {**LETTERS, **header}.items() if value is not None}
    # JSON is YAML.
    text = json.dumps(keys, ensure_ascii=False)
    (folder / "booklet.yaml").write_text(text, encoding="utf-8")
    if manuscript is None:
        shutil.copyfile(SAMPLE / "manuscript.md", folder / "manuscript.md")
    else:
        (folder / "manuscript.md").write_text(manuscript, encoding="utf-8")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Store the golden images anew.")


@pytest.fixture(scope="session")
def sample_report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Both editions of the sample publication."""
    return build(SAMPLE, tmp_path_factory.mktemp("sample"), ["screen", "ebook"])


@pytest.fixture(scope="session")
def everything_report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The e-book of a publication with everything in it."""
    folder = tmp_path_factory.mktemp("everything")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", MADE)
        return build(write_everything(folder / "book"), folder / "out", ["ebook"])


@pytest.fixture(scope="session")
def sample_pdf(sample_report: Report) -> Pdf:
    """The screen edition of the sample, as facts."""
    return read_pdf(sample_report.outputs[0].path.read_bytes())


@pytest.fixture(scope="session")
def stress_epub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The e-book of a publication with everything in it."""
    folder = write_stress_book(tmp_path_factory.mktemp("stress") / "book")
    report = build(folder, folder / "out", ["ebook"])
    assert [str(item) for item in report.diagnostics] == []
    return report.outputs[0].path


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    """Build variants of the sample, each once."""

    @cache
    def made(key: str) -> Pdf:
        manuscript, header = json.loads(key)
        folder = write_publication(tmp_path_factory.mktemp("press") / "book", manuscript, **header)
        report = build(folder, folder / "out", ["screen"])
        assert [str(item) for item in report.diagnostics] == []
        return read_pdf(report.outputs[0].path.read_bytes())

    def give(manuscript: str | None = None, **header: object) -> Pdf:
        return made(json.dumps([manuscript, header], ensure_ascii=False, sort_keys=True))

    return give


def environment(**changes: str | None) -> dict[str, str]:
    """Give the environment of a subprocess: ours without what would change a build, and changes."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in {"SOURCE_DATE_EPOCH", "BOOKLET_TRACEBACK", "FORCE_COLOR", "NO_COLOR"}
    }
    return kept | {key: value for key, value in changes.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Result:
    """What a command said, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Command:
    """Runs the command line in this process, as the installed script does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys

    def __call__(self, *words: object) -> Result:
        self.monkeypatch.setattr(sys, "argv", ["booklet", *map(str, words)])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as caught:
            main()
        said = self.capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        code = caught.value.code
        assert isinstance(code, int) or code is None
        return Result(int(code or 0), said.out, said.err)


@pytest.fixture
def booklet_(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.delenv("BOOKLET_TRACEBACK", raising=False)
    # What a test patches, it patches in this process.
    monkeypatch.setenv("BOOKLET_NO_WORKER", "1")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return Command(monkeypatch, capsys)
