"""Whether a manuscript suits its theme: classes that are nearly known ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import write_publication

from booklet.errors import Findings, Place
from booklet.manuscript import load_publication
from booklet.suits import check_suits
from booklet.theme import open_theme


def found(folder: Path, body: str, sheet: str = "") -> list[str]:
    """Check a manuscript against `reader` and a style sheet of the publication."""
    write_publication(folder, f"# 书\n\n## 篇\n\n{body}\n", title=None, title_lines=None)
    if sheet:
        (folder / "templates").mkdir()
        (folder / "templates/print-extra.css").write_text(sheet, "utf-8")
    loaded = load_publication(folder)
    assert loaded.publication is not None, loaded.diagnostics
    findings = Findings()
    theme = open_theme("reader", folder, ({}, {}), lambda *_: Place("here"), findings)
    assert theme is not None
    check_suits(loaded.publication, theme, findings)
    assert {item.code for item in findings} <= {"class-unknown"}
    return [f"{item.place.line}: {item.hint}" for item in findings]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "::: vers\n床前明月光，\n疑是地上霜。\n:::",
            ["5: did you mean ::: verse?"],
        ),
        ("正文。\n\n::: notes\n注意。\n:::", ["7: did you mean ::: note?"]),
        ("[重点]{.dot}和[重点]{.dot}", ["5: did you mean {.dots}?"]),
        ("> ::: verbatin\n> 於\n> :::", ["5: did you mean ::: verbatim?"]),
        ("::: verse\n[重点]{.dots}\n:::", []),
        ("::: {.letter .old}\n见字如面。\n:::", []),
    ],
)
def test_a_class_that_is_nearly_a_known_one_is_told(
    tmp_path: Path, body: str, told: list[str]
) -> None:
    assert found(tmp_path / "book", body) == told


@pytest.mark.parametrize(
    ("sheet", "count"),
    [
        (".own-notes { color: #333333 }", 0),
        (".notes { color: #333333 }", 1),
        ("p { color: #333333 } /* .notes */", 1),
        ("p { background: url(art/one.notes) }", 1),
    ],
)
def test_a_class_that_a_style_sheet_names_is_no_slip(
    tmp_path: Path, sheet: str, count: int
) -> None:
    body = "::: notes\n注意。\n:::"
    assert len(found(tmp_path / "book", body, sheet)) == count
