"""A publication may reach its own files and the theme's, and nothing else.

Whatever asks for more fails the build with a finding; the previous outputs stay, and no socket is
opened.
"""

from __future__ import annotations

import base64
import os
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from PIL import Image
from tests.conftest import write_publication

from booklet.build import build
from booklet.editions.job import font_families, prepare
from booklet.errors import BookletError, Diagnostic, ExitCode, Findings
from booklet.fonts import fontconfig_folder
from booklet.model.header import EditionName
from booklet.output.fetch import Door
from booklet.output.pdf import WholeRendering
from booklet.progress import NullProgress
from booklet.typeset.paged import typeset_pages

SECRET = "机密内容不可外传"
TEXT = (
    "# 书名\n\n"
    "## 甲\n\n书卷多情似故人，晨昏忧乐每相亲。眼前直下三千字，活水源流随处满。\n\n——李白\n\n"
    "## 乙\n\n东风花柳逐时新。金鞍玉勒寻芳客，未信我庐别有春。\n\n——杜甫\n"
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>{}</text></svg>'


class NetworkError(AssertionError):
    """Something opened a socket."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise NetworkError

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A publication with outputs of an earlier build, and secrets beside it."""
    folder = write_publication(tmp_path / "book", TEXT, title="书名", title_lines=None)
    (tmp_path / "secret.svg").write_text(SVG.format(SECRET), encoding="utf-8")
    (tmp_path / "secret.css").write_text(f'body::before {{ content: "{SECRET}" }}', "utf-8")
    (tmp_path / "secret.html").write_text(f"<p>{SECRET}</p>", encoding="utf-8")
    (tmp_path / "secret.md").write_text(f"## 丙\n\n{SECRET}\n", encoding="utf-8")
    Image.new("RGB", (9, 9)).save(tmp_path / "secret.png")
    (folder / "templates" / "parts").mkdir(parents=True)
    (folder / "images").mkdir()
    out = folder / "out" / "book"
    out.mkdir(parents=True)
    for suffix in (".pdf", ".epub"):
        (out / f"book{suffix}").write_bytes(b"earlier")
    return folder


def refused(folder: Path, edition: EditionName = "screen") -> BookletError:
    """Build, expect a refusal, and make sure that nothing was touched."""
    with pytest.raises(BookletError) as caught:
        build(folder, folder / "out", [edition])
    error = caught.value
    assert error.exit_code in {ExitCode.FINDINGS, ExitCode.INPUT}, error
    assert error.diagnostics
    assert all(item.message for item in error.diagnostics)
    out = folder / "out" / "book"
    assert sorted(path.name for path in out.iterdir()) == ["book.epub", "book.pdf"]
    assert all(path.read_bytes() == b"earlier" for path in out.iterdir())
    return error


def told(folder: Path) -> str:
    return "\n".join(str(item) for item in refused(folder).diagnostics)


# ---- style sheets ----------------------------------------------------------------------------

ASKED = (
    "file:///etc/passwd",
    "../../secret.svg",
    "../../../../../../../../etc/passwd.svg",
    "%2e%2e/%2e%2e/secret.svg",
    "file:///publication/../secret.svg",
    "file://localhost/etc/passwd",
    "http://127.0.0.1:9/x.png",
    "https://example.org/x.png",
    "//example.org/x.png",
    "ftp://example.org/x.png",
    "data:text/html,<p>x</p>",
    "data:application/octet-stream;base64,AAAA",
    "art/none.svg",
    "theme.yaml",
    "book.html",
    "file:///publication/manuscript.md",
)


def extra_css(folder: Path, *rules: str) -> None:
    (folder / "templates" / "print-extra.css").write_text("\n".join(rules), encoding="utf-8")


def test_no_address_leads_out(folder: Path) -> None:
    # One build for all: every refusal is told by itself.
    extra_css(folder, *(f'.half-title {{ background: url("{url}") }}' for url in ["own.svg"]))
    spans = "".join(f"<span class='x{n}'>.</span>" for n in range(len(ASKED)))
    half_title(folder, f"<p>{spans}</p>")
    extra_css(folder, *(f'.x{n} {{ background: url("{u}") }}' for n, u in enumerate(ASKED)))
    told = [str(item) for item in refused(folder).diagnostics if item.code == "resource-refused"]
    assert len(told) == len(ASKED), told


@pytest.mark.parametrize(
    "rule",
    [
        "@page { background: url(URL) }",
        ".half-title::before { content: url(URL) }",
        ".half-title p { display: list-item; list-style-image: url(URL) }",
        ".half-title { border: 9pt solid; border-image: url(URL) 1 }",
        '@font-face { font-family: X; src: url(URL) } .half-title p { font-family: "X" }',
        "@import url(URL);",
        '@import "URL";',
        "@color-profile --x { src: url(URL) } .half-title { color: color(--x 0 0 0) }",
    ],
)
def test_no_rule_leads_out(folder: Path, rule: str) -> None:
    extra_css(folder, rule.replace("URL", "../../secret.css"))
    assert "resource-refused" in told(folder)


def test_a_link_in_the_theme_may_not_lead_out(folder: Path) -> None:
    (folder / "templates" / "art").mkdir()
    (folder / "templates" / "art" / "out.svg").symlink_to(folder.parent / "secret.svg")
    extra_css(folder, ".half-title { background: url(art/out.svg) }")
    assert "resource-refused" in told(folder)


def test_a_broken_drawing_fails(folder: Path) -> None:
    (folder / "templates" / "art").mkdir()
    whole = folder / "whole.png"
    Image.effect_noise((64, 64), 90).save(whole)
    (folder / "templates" / "art" / "half.png").write_bytes(whole.read_bytes()[:900])
    extra_css(folder, ".half-title { background: url(art/half.png) }")
    refused(folder)


@pytest.mark.parametrize("inner", ["file:///etc/passwd", "../secret.png", "http://127.0.0.1:9/x"])
def test_a_drawing_may_not_reach_out(folder: Path, inner: str) -> None:
    (folder / "templates" / "art").mkdir()
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="9" height="9"><image xlink:href="{inner}" width="9" height="9"/></svg>'
    )
    (folder / "templates" / "art" / "x.svg").write_text(drawing, encoding="utf-8")
    extra_css(folder, ".half-title { background: url(art/x.svg) }")
    refused(folder)


def test_a_drawing_in_the_address_may_not_reach_out(folder: Path) -> None:
    inner = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        '<image href="file:///etc/passwd" width="9" height="9"/></svg>'
    )
    url = "data:image/svg+xml;base64," + base64.b64encode(inner.encode()).decode()
    extra_css(folder, f".half-title {{ background: url({url}) }}")
    refused(folder)


@pytest.mark.parametrize(
    "rule", ["@import url(file:///etc/passwd);", ".x { background: url(http://127.0.0.1:9/x) }"]
)
def test_the_sheet_of_the_e_book_may_not_lead_out(folder: Path, rule: str) -> None:
    (folder / "templates" / "epub.css").write_text(rule, encoding="utf-8")
    refused(folder, "ebook")


@pytest.mark.parametrize(
    "more",
    [
        '<a href="javascript:alert(1)">.</a>',
        '<a href="file:///etc/passwd">.</a>',
        '<img src="http://127.0.0.1:9/x.png" alt="x"/>',
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">.</p>',
        '<iframe src="http://127.0.0.1:9/"></iframe>',
    ],
)
def test_a_template_of_the_e_book_may_not_lead_out(folder: Path, more: str) -> None:
    text = f'<section class="colophon" id="colophon"><h1 id="colophon-h">版权</h1>{more}</section>'
    (folder / "templates" / "parts" / "colophon.html").write_text(text, encoding="utf-8")
    refused(folder, "ebook")


# ---- templates ---------------------------------------------------------------------------------


def half_title(folder: Path, more: str) -> None:
    text = f'<section class="half-title"><p>{{{{ book.title.text }}}}</p>{more}</section>\n'
    (folder / "templates" / "parts" / "half-title.html").write_text(text, encoding="utf-8")


FILES = (
    '<link rel="attachment" href="URL"/>',
    '<a rel="attachment" href="URL">.</a>',
    '<img src="URL" alt="x"/>',
    '<object data="URL" type="image/png">.</object>',
    '<embed src="URL" type="image/png"/>',
    '<p style="background: url(URL)">.</p>',
    '<link rel="stylesheet" href="URL"/>',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
    '<image href="URL" width="9" height="9"/></svg>',
)
"""Ways of a template to ask for a file."""


LINKS = (
    "javascript:alert(1)", " java&#10;script:alert(2)", "file:///etc/passwd", "data:text/html,x",
    "vbscript:x", "other.html", "//example.org/x",
)  # fmt: skip

WHOLE = (
    *(way.replace("URL", "file:///etc/passwd") for way in FILES),
    *(f'<a href="{target}">.</a>' for target in LINKS),
    '<link rel="attachment" href="file:///publication/manuscript.md"/>',
    '<base href="file:///etc/"/><img src="passwd" alt="x"/>',
    '<style>@import url("file:///etc/passwd");</style>',
    "<script>alert(1)</script>",
    '<form action="http://127.0.0.1:9/"><input name="x" value="y"/></form>',
)


@pytest.mark.parametrize("more", WHOLE)
def test_no_template_leads_out(folder: Path, more: str) -> None:
    half_title(folder, more)
    refused(folder)


def render(folder: Path, more: str) -> list[Diagnostic]:
    """Render HTML that no template was asked about: the door has to hold by itself."""
    findings = Findings()
    job = prepare(folder, findings, NullProgress())
    book = typeset_pages(job.publication, job.theme, job.geometry)
    book = replace(book, html=book.html.replace("</body>", f"<p>{more}</p></body>", 1))
    door = Door(job.loaded.root, job.theme)
    names = font_families(job.theme, book.language)
    families = [family for name in names if (family := job.shelf.family(name))]
    config = fontconfig_folder(families)
    rendering = WholeRendering(book, door, config, job.made, NullProgress())
    rendering.draw_screen()
    return list(rendering.diagnostics)


@pytest.mark.parametrize("root", ["file:///etc/", "../../", "http://127.0.0.1:9/"])
def test_the_door_holds_by_itself(folder: Path, root: str) -> None:
    # One page for all: each asks for a file of its own.
    asked = "".join(way.replace("URL", f"{root}{n}") for n, way in enumerate(FILES))
    told = [str(item) for item in render(folder, asked) if item.code == "resource-refused"]
    assert len(told) == len(FILES), told


def test_the_renderer_passes_no_link_that_runs_or_opens_files(folder: Path) -> None:
    asked = "".join(f'<a href="{target}">.</a>' for target in LINKS)
    told = [str(item) for item in render(folder, asked) if item.code == "link-scheme"]
    assert len(told) == len(LINKS), told


def test_a_template_may_not_include_what_lies_outside(folder: Path) -> None:
    half_title(folder, '{% include "../../secret.html" %}')
    assert "template" in told(folder)


def test_a_link_to_a_template_outside_is_not_followed(folder: Path) -> None:
    (folder / "templates" / "parts" / "mine.html").symlink_to(folder.parent / "secret.html")
    half_title(folder, '{% include "parts/mine.html" %}')
    assert SECRET not in told(folder)


@pytest.mark.parametrize(
    "more",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ book.title.__class__.__init__.__globals__ }}",
        "{{ '%s' % 1 }}",
        "{{ 'x' * 1000000000 }}",
        "{{ '{0}'.format(book) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_a_template_may_not_run_away(folder: Path, more: str) -> None:
    half_title(folder, more)
    assert "template" in told(folder)


def test_a_theme_may_not_lie_outside(folder: Path) -> None:
    (folder / "themes").mkdir()
    theme = folder.parent / "mine"
    theme.mkdir()
    (theme / "theme.yaml").write_text("name: mine\n", encoding="utf-8")
    (folder / "themes" / "mine").symlink_to(theme)
    header = (folder / "booklet.yaml").read_text(encoding="utf-8")
    (folder / "booklet.yaml").write_text(header.replace('"reader"', '"mine"'), encoding="utf-8")
    assert "theme-unknown" in told(folder)


# ---- manuscripts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "../secret.png",
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "//example.org/x.png",
        "images/../../secret.png",
        "%2e%2e/secret.png",
        "/etc/passwd",
        "images/out.png",
        "images/pipe.png",
        "images",
        "data:image/png;base64,AAAA",
    ],
)
def test_a_picture_may_not_lie_outside(folder: Path, source: str) -> None:
    (folder / "images" / "out.png").symlink_to(folder.parent / "secret.png")
    os.mkfifo(folder / "images" / "pipe.png")
    text = TEXT.replace("## 乙", f"![图]({source})\n\n## 乙", 1)
    (folder / "manuscript.md").write_text(text, encoding="utf-8")
    assert "image-" in told(folder) or "file-" in told(folder)


@pytest.mark.parametrize("name", ["../secret.md", "out.md", "/etc/passwd"])
def test_a_manuscript_may_not_lie_outside(folder: Path, name: str) -> None:
    (folder / "out.md").symlink_to(folder.parent / "secret.md")
    header = (folder / "booklet.yaml").read_text(encoding="utf-8")
    (folder / "booklet.yaml").write_text(header.replace("manuscript.md", name), encoding="utf-8")
    assert SECRET not in told(folder)


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"]
)
def test_an_address_in_the_text_is_refused(folder: Path, target: str) -> None:
    text = TEXT.replace("活水源流", f"[活水]({target})源流", 1)
    (folder / "manuscript.md").write_text(text, encoding="utf-8")
    assert "link-scheme" in told(folder)


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_a_drawing_of_the_manuscript_may_not_reach_out(folder: Path, suffix: str) -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        '<image href="file:///etc/passwd" width="9" height="9"/></svg>'
    )
    (folder / "images" / f"x.{suffix}").write_text(drawing, encoding="utf-8")
    text = TEXT.replace("## 乙", f"![图](images/x.{suffix})\n\n## 乙", 1)
    (folder / "manuscript.md").write_text(text, encoding="utf-8")
    refused(folder)


def test_the_output_folder_may_not_be_a_link_that_leads_out(folder: Path) -> None:
    """An output that is a link is replaced, and what it led to stays."""
    target = folder.parent / "precious.pdf"
    target.write_bytes(b"precious")
    output = folder / "out" / "book" / "book.pdf"
    output.unlink()
    output.symlink_to(target)
    build(folder, folder / "out", ["screen"])
    assert target.read_bytes() == b"precious"
    assert not output.is_symlink()


def test_what_stays_inside_is_served(folder: Path) -> None:
    (folder / "templates" / "art").mkdir()
    (folder / "templates" / "art" / "own.svg").write_text(SVG.format(""), encoding="utf-8")
    Image.new("RGB", (9, 9), "#2f7d5b").save(folder / "images" / "own.png")
    extra_css(folder, ".half-title { background: url(art/own.svg) }")
    half_title(folder, '<img src="file:///publication/images/own.png" alt="图"/>')
    report = build(folder, folder / "out", ["screen"])
    assert report.diagnostics == ()
