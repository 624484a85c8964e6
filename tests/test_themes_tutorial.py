"""Every step of the tutorial in docs/themes.md, run as it stands there."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import Command, Result
from tests.pdf_facts import Pdf, read_pdf

from booklet.showcase.torture import Case, State

MANUAL = (Path(__file__).parents[1] / "docs/themes.md").read_text("utf-8")
TUTORIAL = MANUAL.partition("## From a colour")[2].partition("\n## Reference")[0]

FENCE = re.compile(r"^```(?P<kind>\w+)(?: (?P<what>file|add)=(?P<name>\S+))?\n(?P<text>.*?)^```$",
                   re.DOTALL | re.MULTILINE)  # fmt: skip
GREEN = (0x1F, 0x4D, 0x53)
QUICK = Case(
    "quick", "一段", {"title": "渡口"}, (State("one", "一段", "## 渡\n\n水涨。\n\n——日志"),)
)
"""The whole torture manuscript has tests of its own."""


@dataclass(frozen=True, slots=True)
class Step:
    """A block of the tutorial: a file to write or to add to, or commands to run."""

    heading: str
    kind: str
    what: str
    name: str
    text: str


def steps() -> Iterator[Step]:
    for part in re.split(r"^### ", TUTORIAL, flags=re.MULTILINE)[1:]:
        heading = part.partition("\n")[0]
        for found in FENCE.finditer(part):
            yield Step(
                heading, found["kind"], found["what"] or "", found["name"] or "", found["text"]
            )


class Reader:
    """Does what the tutorial says, in a folder."""

    def __init__(self, folder: Path, booklet: Command) -> None:
        self.folder, self.booklet, self.results = folder, booklet, list[Result]()

    def follow(self, step: Step) -> None:
        if step.kind == "console":
            for line in step.text.splitlines():
                assert line.startswith("$ "), line
                self.run(shlex.split(line[2:]))
        elif step.what:
            path = self.folder / step.name
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.read_text("utf-8") if step.what == "add" else ""
            path.write_text(before + step.text, "utf-8")

    def run(self, words: list[str]) -> None:
        match words:
            case ["cd", name]:
                self.folder = self.folder / name
                self.booklet.monkeypatch.chdir(self.folder)
            case ["rm", "-r", name]:
                shutil.rmtree(self.folder / name)
            case ["booklet", *rest]:
                result = self.booklet(*rest)
                assert result.status == 0, (words, result.err)
                assert "error[" not in result.err + result.out
                assert "warning[" not in result.err, (words, result.err)
                self.results.append(result)
            case _:
                pytest.fail(f"the tutorial runs {words}")

    @property
    def pdf(self) -> Pdf:
        return read_pdf((self.folder / "build/harvest/harvest.pdf").read_bytes())


def has_color(pdf: Pdf, color: tuple[int, int, int]) -> bool:
    return any(g.color == color for page in pdf.pages for line in page.lines for g in line.glyphs)


def text(pdf: Pdf) -> str:
    return "".join(line.text for page in pdf.pages for line in page.lines)


def test_the_tutorial_is_right_step_by_step(
    booklet_: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booklet.showcase.torture.cases", lambda: (QUICK,))
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path, booklet_)
    seen = {}
    for step in steps():
        reader.follow(step)
        if step.kind == "console" and "booklet build" in step.text:
            seen[step.heading] = reader.pdf
    begun, ruled, themed = seen["Begin"], seen["3. A few rules"], seen["5. A theme"]
    assert not has_color(begun, GREEN)
    assert has_color(ruled, GREEN)
    folios = [line.text for page in ruled.pages for line in page.lines]
    assert any(re.fullmatch(r"—\s?\d+\s?—", folio) for folio in folios), folios
    assert "※" not in text(ruled)
    assert text(themed).count("※") == 3
    assert has_color(themed, GREEN)
    assert (reader.folder / "build/gallery/index.html").is_file()
    assert (reader.folder / "build/harvest/harvest.epub").is_file()
    assert reader.results[-2].lines[-1].startswith("1 states set, 0 refused, 0 findings")


def test_every_block_of_the_tutorial_is_run_or_shows_what_is_elsewhere() -> None:
    idle = [step.kind for step in steps() if step.kind != "console" and not step.what]
    assert idle == ["toml"]
    headings = list(dict.fromkeys(step.heading for step in steps()))
    assert len(headings) == 9
