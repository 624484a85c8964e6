"""The commands on themes: what they tell, what they write, and that nothing is overwritten."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from tests.conftest import Command, write_publication
from tests.pdf_facts import Pdf, read_pdf
from tests.theme_facts import opened

from booklet.build import Report, build
from booklet.errors import Findings, Place
from booklet.theme import built_in_folder, built_in_themes, open_theme
from booklet.theme.eject import plan_ejection
from booklet.theme.fresh import fresh_theme
from booklet.theme.spec import PageSpec
from booklet.theme.templates import parse_template, read_template, template_names

EPOCH = "1700000000"


def publication(folder: Path, **header: object) -> Path:
    return write_publication(folder, None, **header)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The sample as the theme has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        folder = publication(tmp_path_factory.mktemp("plain") / "book")
        return build(folder, folder / "out", ["screen", "ebook"])


def built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    report = build(folder, folder / "out", ["screen", "ebook"])
    assert [str(item) for item in report.diagnostics] == []
    return [output.path.read_bytes() for output in report.outputs]


# ---- list and show -----------------------------------------------------------------------------


def test_list_tells_the_publications_own_themes_first(booklet_: Command, tmp_path: Path) -> None:
    folder = publication(tmp_path / "book")
    assert booklet_("theme", "new", "mine", "-p", folder).status == 0
    rows = [line.split("\t") for line in booklet_("theme", "list", "-p", folder).lines]
    assert [row[0] for row in rows] == ["mine", *built_in_themes()]
    assert (rows[0][3], rows[1][3]) == ("publication", "built-in")
    data = json.loads(booklet_("theme", "list", "-p", folder, "--json").out)
    assert [row["name"] for row in data["themes"]] == [row[0] for row in rows]


def test_list_tells_of_a_broken_theme_and_lists_the_others(
    booklet_: Command, tmp_path: Path
) -> None:
    (tmp_path / "themes/bad").mkdir(parents=True)
    (tmp_path / "themes/bad/theme.yaml").write_text("name: [")
    result = booklet_("theme", "list", "-p", tmp_path)
    assert result.status == 0
    assert "themes/bad/theme.yaml:1" in result.err
    assert [line.split("\t")[0] for line in result.lines] == list(built_in_themes())


@pytest.mark.parametrize("name", built_in_themes())
def test_show_tells_all_that_a_theme_yaml_says(name: str, booklet_: Command) -> None:
    told = booklet_("theme", "show", name).out
    facts = json.loads(booklet_("theme", "show", name, "--json").out)
    spec = YAML(typ="safe").load((built_in_folder() / name / "theme.yaml").read_text("utf-8"))
    for kind in ("tokens", "options"):
        names = [item["name"] for item in facts[kind]]
        assert set(spec.get(kind) or {}) <= set(names)
        assert all(f"  {item}\t" in told for item in names)
    for template in facts["templates"]:
        assert template["purpose"]
        assert all(block["purpose"] for block in template["blocks"]), template["name"]
        assert f"  {template['name']}\t{template['purpose']}" in told


def test_show_refuses_an_unknown_theme_with_a_suggestion(booklet_: Command) -> None:
    result = booklet_("theme", "show", "raeder")
    assert result.status == 2
    assert "did you mean reader?" in result.err


# ---- new ---------------------------------------------------------------------------------------


def test_a_new_theme_builds_at_once_and_looks_as_its_parent(
    booklet_: Command, plain: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publication(tmp_path / "book", theme="mine")
    assert booklet_("theme", "new", "mine", "-p", folder).status == 0
    pdf, _ = built(folder, monkeypatch)
    assert layout(read_pdf(pdf)) == layout(read_pdf(plain.outputs[0].path.read_bytes()))


def test_a_line_of_a_new_theme_is_taken_up_by_removing_its_mark(
    booklet_: Command, tmp_path: Path
) -> None:
    booklet_("theme", "new", "mine", "-p", tmp_path)
    path = tmp_path / "themes/mine/theme.yaml"
    lines = path.read_text("utf-8").splitlines()
    said = [line.replace("# ", "", 1) if line.startswith("  # ") else line for line in lines]
    path.write_text("\n".join(said), "utf-8")
    facts = json.loads(booklet_("theme", "show", "mine", "-p", tmp_path, "--json").out)
    parent = json.loads(booklet_("theme", "show", "reader", "--json").out)
    assert [(t["name"], t["value"]) for t in facts["tokens"]] == [
        (t["name"], t["value"]) for t in parent["tokens"]
    ]
    assert facts["extends"] == ["reader"]


@pytest.mark.parametrize("parent", built_in_themes())
def test_a_new_theme_shows_the_page_of_its_parent(parent: str) -> None:
    text = fresh_theme("mine", opened(parent))["theme.yaml"]
    page = text[text.index("# layout:") :].replace("# ", "")
    said = PageSpec.model_validate(YAML(typ="safe").load(page)["layout"], by_alias=True)
    assert said == opened(parent).page


@pytest.mark.parametrize("name", ["reader", "Mine", "../mine", ""])
def test_a_new_theme_has_a_name_of_its_own(name: str, booklet_: Command, tmp_path: Path) -> None:
    assert booklet_("theme", "new", name, "-p", tmp_path).status == 2
    assert list(tmp_path.iterdir()) == []


# ---- eject and diff ----------------------------------------------------------------------------


def layout(pdf: Pdf) -> list[list[tuple[object, ...]]]:
    """Where every glyph of every page stands, and how it is set."""
    return [
        [(g.char, round(g.x, 2), round(g.y, 2), g.size, g.font, g.color)
         for line in page.lines for g in line.glyphs]
        for page in pdf.pages
    ]  # fmt: skip


def test_an_ejected_theme_that_is_not_changed_builds_the_same_bytes(
    booklet_: Command, plain: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publication(tmp_path / "book")
    ejected = booklet_("theme", "eject", "--all", "-p", folder)
    assert ejected.status == 0
    copied = {Path(line).relative_to(folder / "templates").as_posix() for line in ejected.lines}
    assert {"book.html", "parts/section.html", "print.css", "epub.css", "art/band.svg"} <= copied
    assert built(folder, monkeypatch) == [output.path.read_bytes() for output in plain.outputs]


def test_overriding_one_block_leaves_every_other_page_as_it_was(
    booklet_: Command, plain: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publication(tmp_path / "book")
    booklet_("theme", "eject", "parts/title-page.html", "ornament", "-p", folder)
    path = folder / "templates/parts/title-page.html"
    text = path.read_text("utf-8")
    assert text.startswith('{% extends "reader/parts/title-page.html" %}\n')
    path.write_text(text.replace('<div class="bar"></div>', "<p>※</p>"), "utf-8")
    before = layout(read_pdf(plain.outputs[0].path.read_bytes()))
    after = layout(read_pdf(built(folder, monkeypatch)[0]))
    changed = [
        page for page, (one, two) in enumerate(zip(before, after, strict=True)) if one != two
    ]
    assert len(changed) == 1
    assert "※" in [glyph[0] for glyph in after[changed[0]]]


@pytest.mark.parametrize("name", built_in_themes())
def test_every_block_can_be_copied_by_itself(name: str, tmp_path: Path) -> None:
    theme = open_theme(name, tmp_path, ({}, {}), lambda *_: Place("theme"), Findings())
    assert theme is not None
    for file in template_names(theme.files):
        template = read_template(theme.files, file)
        assert template is not None
        for block in template.blocks:
            plan = plan_ejection(theme, tmp_path / "templates", [file], block.name)
            copy = parse_template(file, plan[file])
            assert copy.block(block.name) == replace(block, line=2)
            assert plan[file].startswith(f'{{% extends "{name}/{file}" %}}\n')
            theme.environment.from_string(plan[file])


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["parts/sectoin.html"], "template-unknown", "did you mean parts/section.html?"),
        (["parts/section.html", "headng"], "template-unknown", "did you mean heading?"),
        (["../theme.yaml"], "template-unknown", ""),
        (["theme.yaml"], "template-unknown", ""),
        ([], "template-unknown", ""),
        (["print.css", "--all"], "template-unknown", ""),
        (["parts/back.html"], "file-exists", "change it there"),
        (["parts/back.html", "section"], "file-exists", "change it there"),
    ],
)
def test_what_cannot_be_copied_is_refused_and_nothing_written(
    words: list[str], code: str, hint: str, booklet_: Command, tmp_path: Path
) -> None:
    folder = publication(tmp_path / "book")
    mine = folder / "templates/parts/back.html"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    result = booklet_("theme", "eject", *words, "-p", folder)
    assert result.status == 2
    assert f"error[{code}]" in result.err
    assert hint in result.err
    assert [path for path in (folder / "templates").rglob("*") if path.is_file()] == [mine]
    assert mine.read_text() == "mine"


def test_a_block_is_not_copied_twice_and_a_second_one_is_added(
    booklet_: Command, tmp_path: Path
) -> None:
    folder = publication(tmp_path / "book")
    words = ("theme", "eject", "parts/section.html")
    assert booklet_(*words, "ordinal", "-p", folder).status == 0
    assert booklet_(*words, "ordinal", "-p", folder).status == 2
    assert booklet_(*words, "heading", "-p", folder).status == 0
    text = (folder / "templates/parts/section.html").read_text("utf-8")
    assert text.count("{% extends") == 1
    assert text.count("{% block") == 2


def test_a_block_and_one_within_it_are_not_copied_both(booklet_: Command, tmp_path: Path) -> None:
    folder = publication(tmp_path / "book")
    words = ("theme", "eject", "parts/index-dates.html")
    assert booklet_(*words, "entry", "-p", folder).status == 0
    result = booklet_(*words, "group", "-p", folder)
    assert (result.status, "error[file-exists]" in result.err) == (2, True)


def test_diff_tells_what_the_theme_and_what_the_publication_has_changed(
    booklet_: Command, tmp_path: Path
) -> None:
    folder = publication(tmp_path / "book", theme="reader")
    shutil.copytree(built_in_folder() / "reader", folder / "themes/reader")
    for words in (["print.css"], ["parts/section.html", "ordinal"], ["parts/front.html", "notes"]):
        booklet_("theme", "eject", *words, "-p", folder)
    unchanged = booklet_("theme", "diff", "-p", folder)
    assert (unchanged.status, len(unchanged.lines)) == (0, 3)

    mine = folder / "templates/print.css"
    mine.write_text(mine.read_text("utf-8") + "p { color: red }\n", "utf-8")
    own = booklet_("theme", "diff", "-p", folder)
    assert own.status == 0
    assert "print.css: you have changed it" in own.lines
    assert "+p { color: red }" in own.lines

    theirs = folder / "themes/reader/parts/section.html"
    text = theirs.read_text("utf-8")
    theirs.write_text(text.replace('<p class="ordinal">', '<p class="number">'), "utf-8")
    (folder / "templates/parts/front.html").unlink()
    moved = booklet_("theme", "diff", "-p", folder, "--json")
    assert moved.status == 1
    data = json.loads(moved.out)
    found = {row["file"]: row for row in data["files"]}
    assert data["moved"]
    assert (
        '-{% if numbered is not defined or numbered %}<p class="ordinal">'
        in (found["parts/section.html#ordinal"]["theme"])
    )
    assert found["parts/section.html#ordinal"]["own"] == found["print.css"]["theme"] == ""
    assert found["parts/front.html#notes"]["gone"] == "the publication no longer has it"


def test_a_broken_record_of_copies_is_told(booklet_: Command, tmp_path: Path) -> None:
    folder = publication(tmp_path / "book")
    (folder / "templates").mkdir()
    (folder / "templates/.booklet-eject.json").write_text("[]")
    for command in (("diff",), ("eject", "print.css")):
        result = booklet_("theme", *command, "-p", folder)
        assert result.status == 2
        assert "error[file-unreadable]" in result.err


# ---- a new publication -------------------------------------------------------------------------


@pytest.mark.parametrize("name", built_in_themes())
def test_a_new_publication_begins_with_the_sample_of_its_theme(
    name: str, booklet_: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "book"
    assert booklet_("new", folder, "--theme", name).status == 0
    header = YAML(typ="safe").load((folder / "booklet.yaml").read_text("utf-8"))
    assert header["theme"] == name
    sample = built_in_folder() / name / "sample"
    if sample.is_dir():
        theirs = YAML(typ="safe").load((sample / "booklet.yaml").read_text("utf-8"))
        assert header == theirs
        assert (folder / "booklet.schema.json").is_file()
