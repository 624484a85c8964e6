"""The gallery: every theme on one page, which needs no other file."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image
from tests.conftest import Command, write_publication

from booklet.errors import Findings, Place
from booklet.showcase.gallery import Exhibit, Shown, exhibit, page
from booklet.theme import Theme, built_in_themes, open_theme

THEME = """\
name: mine
label: {zh: 我的, en: mine}
description: {zh: 述<b>, en: what}
extends: reader
tokens: {accent: "#123456"}
"""


def opened(name: str) -> Theme:
    theme = open_theme(name, Path("nowhere"), ({}, {}), lambda *_: Place("theme"), Findings())
    assert theme is not None
    return theme


def test_the_page_shows_sample_and_publication_of_a_theme_and_loads_nothing(
    booklet_: Command, tmp_path: Path
) -> None:
    folder = write_publication(tmp_path / "book", "## 渡\n\n水涨的时候，船不开。\n", title="渡口",
                               title_lines=None)  # fmt: skip
    result = booklet_("theme", "gallery", folder, "-o", tmp_path / "out", "--theme", "reader",
                      "--strips")  # fmt: skip
    assert result.status == 0, result.err
    assert result.lines == [str(tmp_path / "out/index.html"), str(tmp_path / "out/reader.webp")]
    html = (tmp_path / "out/index.html").read_text("utf-8")
    assert "灯下校书" in html
    assert ">渡口<" in html
    sources = re.findall(r'(?:src|href)="([^"]{0,30})', html)
    assert len(sources) > 8
    assert all(source.startswith(("data:image/webp;base64,", "#")) for source in sources)
    with Image.open(tmp_path / "out/reader.webp") as strip:
        assert strip.width > 2 * strip.height


def test_a_publication_is_set_in_every_theme_without_what_it_chose_for_its_own(
    tmp_path: Path,
) -> None:
    folder = write_publication(
        tmp_path / "book", "## 渡\n\n水涨的时候，船不开。\n", title="渡口", theme="mine",
        title_lines=None,
        layout={"trim": "A6"}, options={"own": "yes"},
    )  # fmt: skip
    (folder / "themes/mine").mkdir(parents=True)
    (folder / "themes/mine/theme.yaml").write_text(THEME, "utf-8")
    own, reader = exhibit(["mine", "reader"], folder, folder)
    assert [shown.refusal for shown in own.shown] == ["the theme has no option 'own'"]
    assert [shown.refusal for shown in reader.shown] == ["", ""]
    assert reader.shown[1].title == "渡口"
    assert len(reader.shown[1].spreads) >= 3
    html = page([own])
    assert "the theme has no option &#39;own&#39;" in html
    assert "述&lt;b&gt;" in html
    assert "#123456" in html


def test_a_folder_that_is_no_publication_is_refused(booklet_: Command, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        result = booklet_("theme", "gallery", path, "-o", tmp_path / "out")
        assert (result.status, "error[publication-missing]" in result.err) == (2, True)
    assert not (tmp_path / "out").exists()


def test_every_theme_has_its_place_on_the_page() -> None:
    exhibits = []
    for name in built_in_themes():
        theme = opened(name)
        exhibits.append(Exhibit(theme, (Shown("书"),)))
    html = page(exhibits)
    assert re.findall(r'<section id="([\w-]+)">', html) == list(built_in_themes())


def test_every_built_in_theme_has_a_sample() -> None:
    for name in built_in_themes():
        theme = opened(name)
        assert theme.sample is not None, name
