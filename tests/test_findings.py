"""What the renderer has to say becomes findings at the designer's file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from booklet.build import build
from booklet.errors import InputError, ReleaseError

MANUSCRIPT = "# 小册\n\n## 一\n\n正文一段。\n"


def publication(folder: Path, **templates: str) -> Path:
    """Write a publication with templates of its own; ``__`` in a name stands for the dot."""
    folder.mkdir()
    (folder / "manuscript.md").write_text(MANUSCRIPT, "utf-8")
    (folder / "booklet.yaml").write_text("manuscript: manuscript.md\n", "utf-8")
    for name, text in templates.items():
        path = folder / "templates" / name.replace("__", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_css_that_the_renderer_leaves_out_is_named_with_file_and_line(tmp_path: Path) -> None:
    sheet = "p { color: #000 }\np { colour: red; hyphens: sideways }\n"
    report = build(
        publication(tmp_path / "book", **{"print-extra__css": sheet}), tmp_path, ["screen"]
    )
    found = [str(item).split("\n")[0] for item in report.diagnostics if item.code == "css"]
    assert [line.split(": ", 1)[0] for line in found] == [
        "templates/print-extra.css:2:5",
        "templates/print-extra.css:2:18",
    ]
    assert "unknown property" in found[0]


def test_strict_refuses_what_the_renderer_leaves_out(tmp_path: Path) -> None:
    source = publication(tmp_path / "book", **{"print-extra__css": "p { colour: red }"})
    with pytest.raises(ReleaseError) as caught:
        build(source, tmp_path / "out", ["screen"], strict=True)
    assert [item.code for item in caught.value.diagnostics] == ["css"]
    assert not list((tmp_path / "out").glob("[!.]*"))


def test_a_template_whose_picture_has_no_words_breaks_the_claim_and_the_build(
    tmp_path: Path,
) -> None:
    template = (
        '{% extends "reader/book.html" %}'
        '{% block half_title %}<section class="half-title">'
        '<p>{{ book.title.text }}</p><img src="art/band.svg"/></section>{% endblock %}'
    )
    source = publication(tmp_path / "book", book__html=template)
    with pytest.raises(ReleaseError) as caught:
        build(source, tmp_path / "out", ["screen"])
    assert [item.code for item in caught.value.diagnostics] == ["render"]


def test_faults_of_header_manuscript_and_theme_are_told_in_one_run(tmp_path: Path) -> None:
    source = publication(tmp_path / "book")
    header = (
        "titel: 书\nmanuscript: manuscript.md\noptions: {folio: roman}\ntokens: {accent: red}\n"
    )
    (source / "booklet.yaml").write_text(header, "utf-8")
    (source / "manuscript.md").write_text(MANUSCRIPT + "\n——2018年13月45日，在会上\n", "utf-8")
    with pytest.raises(InputError) as caught:
        build(source, tmp_path / "out")
    told = [(item.code, item.place.line) for item in caught.value.diagnostics]
    assert told == [
        ("key-unknown", 1),
        ("option-unknown", 3),
        ("token-value", 4),
        ("date-invalid", 7),
    ]


def test_a_title_may_not_be_broken_into_other_words(tmp_path: Path) -> None:
    source = publication(tmp_path / "book")
    header = "manuscript: manuscript.md\ntitle: 小册\ntitle_lines: [大, 册]\n"
    (source / "booklet.yaml").write_text(header, "utf-8")
    with pytest.raises(InputError) as caught:
        build(source, tmp_path / "out")
    assert [(i.code, i.place.line) for i in caught.value.diagnostics] == [("title-lines", 3)]
