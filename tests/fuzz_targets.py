"""Targets for fuzzing: readers of manuscripts, attributions, PDFs, style sheets and drawings.

Each takes what Hypothesis draws and holds what must hold of any input: findings at places that
exist, no other exception, bounded time. `tests/test_fuzz.py` runs a few of each; `bench/fuzz.py`
runs them for as long as it is told.
"""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pikepdf
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from booklet.errors import Findings, InputError, Place
from booklet.finish.imposition import Ticket, impose
from booklet.finish.preflight import Means, limits_of, preflight
from booklet.importing import import_file
from booklet.limits.sheets import check_sheets
from booklet.limits.svg import SvgError, check_svg
from booklet.manuscript import load_publication
from booklet.manuscript.attribution import opens_attribution, read_attribution
from booklet.model.content import Text, plain
from booklet.model.press import PRESETS

SECONDS = 10.0
"""Of processor time for one input."""

_MARKUP = (
    "# ", "## ", "\n", "\n\n", "——", "> ", "- ", "1. ", "*", "**", "`", "```", "[", "](", ")", "![",
    "[^1]", "[^1]: ", "{", "}", "|", ".dots", "#a", "::: box", ":::", "<", ">", "<!--", "-->",
    "&amp;", "---", "\t", "  \n", "【", "】", "前言", "2018年4月20日", "至", "13月", "，",
    "在会议上的讲话", "\\",
    "http://a.b/", "images/x.png", "|---|", "甲", "文字", "\u3000", "\u200b", "\u202e", "\0",
    "\ufeff", "é", "e\u0301", "𠀀", "a", "1",
)  # fmt: skip
_YAML = (
    "title", "form", "book", "sections", "manuscript", "layout", "trim", "A5", ": ", ":", "\n",
    "  ", "- ", "[", "]", "{", "}", "&a", "*a", "!!str ", "|", ">", "'", '"', "\\u0041", "\\ud800",
    "---",
    "...", "#", ", ", "1", "1e9", "0x1", "~", "true", "2026-01-01", "?", "<<", "%", "@", "`", "\t",
)  # fmt: skip
_CSS = (
    "p", "{", "}", "(", ")", "calc", "var(--a)", "--a:", ";", ":", "@media", "@import", "'", '"',
    "/*", "*/", "\\", "repeat(", "9", "1e9px", "span ", "grid-column:", "url(", "counter-set:",
    "\n",
)  # fmt: skip
_XML = (
    "<svg>", "</svg>", "<g id='a'>", "</g>", "<use href='#a'/>", "<use xlink:href='#b'/>",
    "<!DOCTYPE", "<!--", "-->", "<![CDATA[", "]]>", "&lt;", "&#0;",
    "<linearGradient spreadMethod='reflect' x2='",
    "%", "'/>", "<style>", "</style>", "url(#a)", "<?x?>", "\0", "甲",
)  # fmt: skip


_HTML = (
    "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<i>", "</i>", "<br>", "<h1>", "</h1>",
    "<h3>", "<ul>", "<ol start=9>", "<li>", "</li>", "</ul>", "</ol>", "<table>", "<tr>", "<td>",
    "<td colspan=2 rowspan=3>", "<th>", "</td>", "</tr>", "</table>", "<ruby>", "<rb>", "<rt>",
    "<rp>", "</ruby>", "<a href='#a'>", "<a id=a>", "</a>", "<sup>", "</sup>",
    "<aside id=a epub:type=footnote>", "<a href='#a' epub:type=noteref>1</a>", "</aside>",
    "<pre>", "<code>", "</code>", "</pre>", "<blockquote>", "</blockquote>", "<figure>",
    "<figcaption>", "</figcaption>", "</figure>", "<hr>", "<img src=x.png>", "<svg>", "</svg>",
    "<math>", "</math>", "<q>", "</q>", "<dl>", "<dt>", "<dd>", "<div class=verse>",
    "<span class=dots>", "</span>", "<script>", "</script>", "<video>", "</video>", "<!--", "-->",
    "&nbsp;", "&lt;", "&#1;", "&x;", "——", "（《", "》）", "。", "\n", " ", "甲", "文字",
    "【前言】", "\u3000", "1.", "*", "a", "1", "#", "<body>", "<title>", "<nav>", "<p hidden>",
    "<section class=footnotes>", "<template>", "<textarea>", "<select>", "<option>", "<input>",
)  # fmt: skip


def _words(parts: tuple[str, ...], most: int = 60) -> st.SearchStrategy[str]:
    word = st.one_of(st.sampled_from(parts), st.sampled_from(parts), st.text(max_size=3))
    return st.lists(word, max_size=most).map("".join)


MANUSCRIPTS = _words(_MARKUP)
HEADERS = _words(_YAML, 25)
LINES = st.lists(st.sampled_from(_MARKUP), max_size=12).map(lambda parts: "——" + "".join(parts))
SHEETS = _words(_CSS)
DRAWINGS = _words(_XML, 30)
PAGES = _words(_HTML, 40)
CUTS = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["cut", "double", "swap", "number", "noise", "key"]),
              st.integers(0, 255)),
    min_size=1, max_size=6,
)  # fmt: skip
"""Where a PDF is damaged, and how."""


@contextlib.contextmanager
def timed(what: object) -> Iterator[None]:
    began = time.process_time()
    yield
    used = time.process_time() - began
    assert used < SECONDS, f"{used:.1f} s for {what!r}"


def told(refused: InputError) -> None:
    assert refused.diagnostics
    assert all(item.message for item in refused.diagnostics)


def read_manuscript(text: str, header: str | None = None) -> None:
    """Read a manuscript with a header of its own, or none."""
    with tempfile.TemporaryDirectory() as name, timed((text, header)):
        folder = Path(name)
        yaml = json.dumps({"title": "题"}) if header is None else header
        for file, words in (("booklet.yaml", yaml), ("manuscript.md", text)):
            (folder / file).write_text(words, "utf-8", "surrogatepass", newline="")
        try:
            loaded = load_publication(folder)
        except InputError as refused:
            told(refused)
            return
    lines = {
        "manuscript.md": text.replace("\r\n", "\n").replace("\r", "\n").split("\n"),
        "booklet.yaml": yaml.replace("\r\n", "\n").replace("\r", "\n").split("\n"),
    }
    for item in loaded.diagnostics:
        assert item.message
        assert "\n" not in str(item).replace("\n  hint", "")
        rows = lines.get(Path(item.place.file).name)
        if rows is not None:
            assert item.place.line <= len(rows) + 1, item
    assert (loaded.publication is None) == any(d.severity == "error" for d in loaded.diagnostics)


def read_line(text: str) -> None:
    """Read an attribution; its words stay as they are."""
    assert opens_attribution(text) in {True, False}
    findings = Findings()
    found = read_attribution((Text(text),), Place("a.md", 1, 1), findings)
    assert plain(found.lead) + plain(found.rest) == text
    assert found.date_text in text
    assert found.occasion in text


@cache
def sound() -> bytes:
    """Make a PDF of two pages with a form, a note, an attachment, a script and a layer."""
    pdf = pikepdf.new()
    for _ in range(2):
        page = pdf.add_blank_page(page_size=(200, 300))
        form = pdf.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form,
                               BBox=[0, 0, 9, 9])  # fmt: skip
        page.obj.Resources = Dictionary(XObject=Dictionary(F=form))
        page.obj.Contents = pdf.make_stream(b"q 1 0 0 1 9 9 cm /F Do Q")
        note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], Contents="x")
        page.obj.Annots = Array([pdf.make_indirect(note)])
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    pdf.attachments["a.txt"] = b"x"
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="a"))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    data = io.BytesIO()
    pdf.save(data, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable,
             deterministic_id=True)  # fmt: skip
    return data.getvalue()


def damaged(cuts: list[tuple[float, str, int]]) -> bytes:
    """Damage the file."""
    data = sound()
    for share, how, byte in cuts:
        at = int(share * max(len(data) - 1, 0))
        if how == "cut":
            data = data[:at] + data[at + byte :]
        elif how == "double":
            data = data[:at] + data[at : at + byte] * 2 + data[at + byte :]
        elif how == "swap":
            data = data[:at] + data[at + 9 : at + 18] + data[at : at + 9] + data[at + 18 :]
        elif how == "number":
            numbers = (b"-1", b"0", b"99999999999", b"1e9", b"4294967296")
            data = data[:at] + numbers[byte % 5] + data[at + 2 :]
        elif how == "key":
            keys = (b"/Kids", b"/Parent", b" 0 R ", b"/Length 0", b"<<", b">>", b"[", b"endobj")
            data = data[:at] + keys[byte % 8] + data[at:]
        else:
            data = data[:at] + bytes([byte]) + data[at + 1 :]
    return data


def impose_damaged(cuts: list[tuple[float, str, int]]) -> None:
    """Put a damaged file on sheets: sheets without anything active, or a finding."""
    data, findings = damaged(cuts), Findings()
    with timed(data):
        try:
            made = impose([data], Ticket(), Place("a.pdf"), findings)
        except InputError as refused:
            told(refused)
            return
    for word in (b"JavaScript", b"app.alert", b"EmbeddedFile", b"/OCProperties", b"/Annots"):
        assert word not in made.data
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert len(pdf.pages) > 0


def preflight_damaged(cuts: list[tuple[float, str, int]]) -> None:
    """Check a damaged file."""
    data = damaged(cuts)
    with timed(data):
        report = preflight(data, limits_of(PRESETS["offset-cn"]), None, Means(draw=False))
    assert report.checks_run


def read_sheet(css: str) -> None:
    """Look at a style sheet; every fault has a place in it."""
    with timed(css):
        for fault in check_sheets([css]):
            assert 1 <= fault.line <= css.count("\n") + 1
            assert fault.column >= 1


def read_drawing(xml: str) -> None:
    """Look at an SVG."""
    with timed(xml), contextlib.suppress(SvgError):
        check_svg("a.svg", xml.encode("utf-8", "surrogatepass"))


def import_text(text: str, ending: str) -> None:
    """Import a page or a text: what comes of it reads without error, or words say why not."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, f"a{ending}"), Path(folder, "out")
        source.write_bytes(text.encode("utf-8", "surrogatepass"))
        began = time.process_time()
        try:
            import_file(source, target)
        except InputError as error:
            told = [str(one) for one in error.diagnostics]
        else:
            told = []
            loaded = load_publication(target)
            assert [str(one) for one in loaded.diagnostics if one.severity == "error"] == []
        assert bool(told) is not target.exists()
        assert [one for one in told if "a fault of the import" in one] == []
        assert time.process_time() - began < SECONDS
