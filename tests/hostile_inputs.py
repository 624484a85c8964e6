"""Hostile inputs of our own, and what each must lead to.

A case is a publication with some files replaced, or a PDF, and the command that meets it. The texts
are made here, for the large ones need not be stored.
"""

from __future__ import annotations

import base64
import json
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

SECRET = "机密内容不可外传"
MANUSCRIPT = (
    "# 书名\n\n## 甲\n\n书卷多情似故人，晨昏忧乐每相亲。\n\n"
    "——李白\n\n## 乙\n\n东风花柳逐时新。\n\n——杜甫\n"
)  # fmt: skip
HALF_TITLE = '<section class="half-title"><p>{{ book.title.text }}</p>MORE</section>\n'


@dataclass(frozen=True)
class Case:
    """One hostile input.

    Attributes:
        name: For messages.
        expected: ``place: severity[code]`` with ``*`` for a place that does not matter; or the
            beginning of a line of stderr.
        status: Exit status.
        header: Keys of the header; a text is the whole header.
        files: Files of the publication by name.
        make: Makes what is no plain file, given the publication's folder.
        command: What is run; BOOK stands for the publication, OUT for a folder for outputs.
    """

    name: str
    expected: str
    status: int = 2
    header: dict[str, object] | str = field(default_factory=dict)
    files: dict[str, str | bytes] = field(default_factory=dict)
    make: Callable[[Path], None] | None = None
    command: tuple[str, ...] = ("build", "BOOK", "-e", "screen", "-o", "OUT")

    def write(self, folder: Path) -> None:
        """Write the publication."""
        book = folder / "book"
        book.mkdir(parents=True)
        header: dict[str, object] = {
            "title": "书名",
            "theme": "reader",
            "manuscript": "manuscript.md",
        }
        text = self.header if isinstance(self.header, str) else json.dumps(header | self.header)
        files: dict[str, str | bytes] = {"booklet.yaml": text, "manuscript.md": MANUSCRIPT}
        for name, content in (files | self.files).items():
            path = book / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = (
                content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
            )
            path.write_bytes(data)
        if self.make is not None:
            self.make(book)


# ---- ways to write them --------------------------------------------------------------------------


def text(name: str, body: str, expected: str, status: int = 2) -> Case:
    """Put words at the end of the manuscript: line 15, column 1."""
    return Case(name, expected, status, files={"manuscript.md": MANUSCRIPT + "\n" + body})


def header(name: str, line: str, expected: str) -> Case:
    """Put a line at the end of the header: line 3."""
    return Case(name, expected, header=f"title: 书名\nmanuscript: manuscript.md\n{line}\n")


def picture(name: str, data: bytes | str, expected: str, file: str = "x.png") -> Case:
    words = MANUSCRIPT + f"\n![图](images/{file})\n"
    place = "book/manuscript.md:15:1: "
    return Case(name, place + expected, files={"manuscript.md": words, f"images/{file}": data})


def named(name: str, source: str, code: str, make: Callable[[Path], None] | None = None) -> Case:
    """Name a picture that may not be had."""
    words = MANUSCRIPT + f"\n![图]({source})\n"
    place = f"book/manuscript.md:15:1: error[{code}]"
    return Case(name, place, files={"manuscript.md": words}, make=make)


def style(name: str, css: str, at: str = "1:1") -> Case:
    expected = f"templates/print-extra.css:{at}: error[style-limit]"
    return Case(name, expected, files={"templates/print-extra.css": css})


def template(name: str, more: str, expected: str = "*: error[template]") -> Case:
    files = {"templates/parts/half-title.html": HALF_TITLE.replace("MORE", more)}
    return Case(name, expected, files=dict(files))


def asks(name: str, more: str, **files: str | bytes) -> Case:
    """Have a page ask for what it may not have; only the renderer finds out."""
    whole: dict[str, str | bytes] = {key.replace("__", "/"): data for key, data in files.items()}
    whole["templates/print-extra.css"] = more
    return Case(name, "build: error[resource-refused]", 1, files=whole)


def link(name: str, target: str) -> Callable[[Path], None]:
    def make(book: Path) -> None:
        path = book / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    return make


def pipe(name: str) -> Callable[[Path], None]:
    def make(book: Path) -> None:
        (book / name).parent.mkdir(parents=True, exist_ok=True)
        (book / name).unlink(missing_ok=True)
        os.mkfifo(book / name)

    return make


def png(width: int, height: int, *more: bytes, whole: bool = False) -> bytes:
    """Write a PNG; its pixels are there only where it is whole."""
    rows = zlib.compress(b"\0" * (height * (width * 3 + 1)), 9) if whole else zlib.compress(b"")
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    parts = (head, *more, chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def svg(inner: str, more: str = "") -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="9" height="9" {more}>{inner}</svg>'
    )


def multiplied(levels: int) -> str:
    """Draw ten times what is drawn ten times …"""
    groups = '<g id="g0"><path d="M0 0h9"/></g>'
    for level in range(levels):
        uses = f'<use xlink:href="#g{level}"/>' * 10
        groups += f'<g id="g{level + 1}">{uses}</g>'
    return svg(groups)


def woff(declared: int, tables: int = 1, kind: bytes = b"wOFF", more: bytes = b"") -> bytes:
    """Write the header of a packed font whose one table declares a size."""
    packed = zlib.compress(b"\0" * 5_000_000, 9)
    entry = struct.pack(">4sIIII", b"glyf", 64, len(packed), declared, 0)
    head = kind + struct.pack(
        ">IIHHIHHIIIII", 0x10000, 64 + len(packed), tables, 0, declared, 1, 0, 0, 0, 0, 0, 0
    )
    return head + entry + packed + more


# ---- the cases -----------------------------------------------------------------------------------


def cases() -> list[Case]:
    """Give all cases."""
    from tests.hostile_archives import archives

    found = [
        *_files(), *_yaml(), *_texts(), *_pictures(), *_sheets(), *_nested(), *_templates(),
        *_resources(), *_missing(), *_pdfs(), *_active_pdfs(), *archives(),
    ]  # fmt: skip
    assert len({case.name for case in found}) == len(found)
    return found


def _files() -> Iterator[Case]:
    for name, given in (("above", "../secret.md"), ("absolute", "/etc/passwd")):
        yield Case(
            f"manuscript {name}", "book/booklet.yaml:1:*: error[file-outside]",
            header={"manuscript": given},
        )  # fmt: skip
    yield Case(
        "manuscript by link", "book/manuscript.md: error[file-outside]",
        header={"manuscript": None}, make=link("manuscript.md", "../../secret.md"),
    )  # fmt: skip
    yield Case(
        "manuscript by a link to itself", "book/booklet.yaml:1:*: error[file-missing]",
        make=link("manuscript.md", "manuscript.md"),
    )  # fmt: skip
    yield Case(
        "manuscript is a pipe", "book/booklet.yaml:1:*: error[file-unreadable]",
        make=pipe("manuscript.md"),
    )  # fmt: skip
    yield Case("manuscript is a folder", "book/booklet.yaml:1:*: error[file-unreadable]",
               header={"manuscript": "images"}, files={"images/x": ""})  # fmt: skip
    yield Case("manuscript is a device", "book/booklet.yaml:1:*: error[file-outside]",
               make=link("manuscript.md", "/dev/zero"))  # fmt: skip
    yield Case("data above", "book/booklet.yaml:1:*: error[file-outside]",
               header={"manuscript": None, "sections": "../secret.yaml"})  # fmt: skip
    yield Case("manuscript too large", "book/booklet.yaml:1:*: error[file-size]",
               files={"manuscript.md": "甲" * 7_000_000})  # fmt: skip
    yield Case("theme above", "book/booklet.yaml:1:*: error[theme-unknown]",
               header={"theme": "../../theme"})  # fmt: skip
    yield Case("theme by link", "book/booklet.yaml:1:*: error[theme-unknown]",
               header={"theme": "mine"}, make=link("themes/mine", "../../../theme"))  # fmt: skip
    for name, target in (("all of the disk", "/"), ("a folder beside", "../outside")):
        yield Case(f"fonts are a link to {name}", "*: error[font-outside]",
                   make=link("fonts", target))  # fmt: skip
    yield Case("a font by link", "*: error[font-outside]",
               make=link("fonts/x.otf", "../../secret.png"))  # fmt: skip
    for name, data in (
        ("that is none", b"OTTO" + b"x" * 99),
        ("of nothing", b""),
        ("of four billion faces", b"ttcf\0\1\0\0\xff\xff\xff\xff" + b"x" * 99),
        ("of tables without end", b"\0\1\0\0\xff\xff\0\0\0\0\0\0" + b"glyf\0\0\0\0" * 9),
    ):
        yield Case(f"a font {name}", "*: error[font-broken]",
                   files={"fonts/x.otf": data})  # fmt: skip
    yield Case("a font that unpacks to much", "*: error[font-broken]",
               files={"fonts/x.woff": woff(200_000_000)})  # fmt: skip
    yield named("picture above", "../secret.png", "image-outside")
    yield named("picture above, encoded", "%2e%2e/secret.png", "image-outside")
    yield named("picture absolute", "/etc/passwd", "image-outside")
    yield named("picture by link", "images/x.png", "image-outside",
                link("images/x.png", "../../secret.png"))  # fmt: skip
    yield named("picture is a pipe", "images/x.png", "file-unreadable", pipe("images/x.png"))
    for name, source in (
        ("a file", "file:///etc/passwd"), ("http", "http://127.0.0.1:9/x.png"),
        ("without scheme", "//127.0.0.1:9/x.png"), ("data", "data:image/png;base64,AAAA"),
        ("a capital file", "FILE:///etc/passwd"),
    ):  # fmt: skip
        yield named(f"picture from {name}", source, "image-remote")


def _yaml() -> Iterator[Case]:
    at = "book/booklet.yaml:3:"
    laughs = "a: &a [x]\n" + "\n".join(
        f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    yield header("YAML laughs", laughs, at + "4: error[yaml-limit]")
    yield header("YAML depth", "options: " + "[" * 3_000, at + "60: error[yaml-limit]")
    yield header("YAML values", f"subjects: [{'a,' * 30_000}]", at + "*: error[yaml-limit]")
    yield header("YAML tag", "price: !!python/object/apply:os.system ['touch /tmp/x']",
                 at + "8: error[yaml-limit]")  # fmt: skip
    yield header("YAML own tag", "price: !x 1", at + "8: error[yaml-limit]")
    yield header("YAML digits", f"price: {'9' * 100_000}", at + "8: error[yaml-limit]")
    yield header("YAML merge", "<<: {price: 1}", at + "1: error[key-unknown]")
    yield header("YAML document", "---\ntitle: x", at + "1: error[yaml-limit]")
    yield header("YAML surrogate", r'price: "\ud800"', at + "8: error[control-character]")
    yield header("YAML NUL", r'price: "\0"', at + "8: error[control-character]")
    yield header("YAML infinity", "layout: {type_area: {characters: 1e400, lines: 9}}",
                 at + "34: error[value-invalid]")  # fmt: skip
    yield header("YAML title", f"subtitle: {'长' * 1_000_000}", at + "*: error[value-invalid]")
    yield header("YAML limit unknown", "limits: {speed: 9}", at + "10: error[value-invalid]")
    yield header("YAML limit raised", "limits: {marks: 100000}", at + "17: error[limit-ceiling]")
    yield header("YAML limit negative", "limits: {marks: -1}", at + "17: error[value-invalid]")
    yield header("YAML bidi", r'subtitle: "a\u202Eb"', at + "11: warning[bidi-control]")
    data: dict[str, object] = {"manuscript": None}
    yield Case("JSON depth", "book/x.json:1:*: error[yaml-limit]",
               header=data | {"sections": "x.json"}, files={"x.json": "[" * 5_000})  # fmt: skip
    for name, csv in (
        ("field", f"section,text\na,{'x' * 200_000}\n"),
        ("NUL", "section,text\na,\0\n"),
        ("quote", 'section,text\na,"b\n'),
        ("columns", "section,text\na,b,c,d\n"),
    ):
        code = {"field": "text-limit", "NUL": "control-character"}.get(name, "csv-invalid")
        yield Case(f"CSV {name}", f"book/x.csv:2*: error[{code}]",
                   header=data | {"sections": "x.csv"}, files={"x.csv": csv})  # fmt: skip


def _texts() -> Iterator[Case]:
    at = "book/manuscript.md:15:"
    yield text("NUL", "甲\0乙", at + "2: error[control-character]")
    yield text("escape", "甲\x1b[31m乙", at + "2: error[control-character]")
    yield text("C1", "甲\x9b31m乙", at + "2: error[control-character]")
    yield text("a million controls", "\x07" * 1_000_000, at + "1: error[control-character]")
    yield text("bidi override", "![](x.png) 甲\u202e乙", at + "13: warning[bidi-control]")
    yield text("bidi isolate", "![](x.png) 甲\u2066乙", at + "13: warning[bidi-control]")
    yield text("radical", "![](x.png) ⽹络", at + "12: note[look-alike]")
    yield text("Cyrillic", "![](x.png) pаypal", at + "13: note[look-alike]")
    yield text("marks", "甲" + "\u0301" * 20_000, at + "2: error[text-limit]")
    yield text("word", "a" * 50_000, at + "1: error[text-limit]")
    yield text("quotes", "> " * 3_000 + "深", at + "*: error[text-limit]")
    yield text("emphasis", "*甲 _乙 " * 200 + "_ *" * 200 + " <script>", "*")
    yield text("brackets that are open", "[甲" * 90_000, at + "*: error[text-limit]")
    yield text(
        "brackets within one another", "[甲" * 9_000 + "]" * 9_000, at + "*: error[text-limit]"
    )
    yield text("brackets", "[" * 900 + " ![](x.png)", at + "*: error[image-missing]")
    links = "[a]: <http://a.example/" + "x" * 30_000 + ">\n\n" + "[a] " * 3_000
    yield text("references", links, "book/manuscript.md:1:1: error[text-limit]")
    yield text("attachment", '<a rel="attachment" href="file:///etc/passwd">x</a> ![](x.png)',
               at + "*: warning[raw-html]")  # fmt: skip
    for scheme in ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "vbscript:x"):
        yield text(f"link {scheme[:4]}", f"[甲]({scheme})", at + "1: error[link-scheme]")
    yield text("attributes", "# 甲 {" + ".a " * 20_000 + " ![](x.png)", "*")
    yield text("dashes", "—" * 100_000 + " ![](x.png)", at + "*: error[image-missing]")
    yield text("containers", "::: a\n" * 3_000, "*: error[container-open]")
    yield Case("UTF-16", "book/manuscript.md:*: error[encoding]",
               files={"manuscript.md": MANUSCRIPT.encode("utf-16")})  # fmt: skip
    yield Case("bytes", "book/manuscript.md:*: error[encoding]",
               files={"manuscript.md": bytes(range(256)) * 400})  # fmt: skip


def _pictures() -> Iterator[Case]:
    broken, unsafe = "error[image-broken]", "error[image-unsafe]"
    yield picture("PNG of 900 million pixels", png(30_000, 30_000), broken)
    yield picture("PNG of 144 million pixels", png(12_000, 12_000), broken)
    yield picture("PNG without end", png(9, 9, whole=True)[:60], broken)
    bomb = zlib.compress(b"x" * 200_000_000, 9)
    yield picture(
        "PNG with a text that grows", png(9, 9, chunk(b"zTXt", b"a\0\0" + bomb), whole=True), broken
    )
    yield picture(
        "PNG with a profile that grows",
        png(9, 9, chunk(b"iCCP", b"a\0\0" + bomb), whole=True),
        broken,
    )
    yield picture("GIF of 4 billion pixels", b"GIF89a\xff\xff\xff\xff\0\0\0", broken)
    yield picture("JPEG without end", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 99, broken)
    yield picture("WebP without content", b"RIFF\xff\xff\xff\xffWEBPVP8 ", broken)
    yield picture("a text", f"no picture: {SECRET}", "error[image-kind]")
    yield picture("PostScript", "%!PS-Adobe-3.0 EPSF-3.0\n(x) run\n", "error[image-kind]")
    laughs = (
        '<!DOCTYPE svg [<!ENTITY a "xxxxxxxxxx">'
        + "".join(
            f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "]>"
    )
    entity = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    quadratic = f'<!DOCTYPE svg [<!ENTITY a "{"x" * 50_000}">]>'
    circle = svg('<g id="a"><use xlink:href="#b"/></g><g id="b"><use xlink:href="#a"/></g>')
    filled = '<path fill="url(#a)" d="M0 0h9v9z"/>'
    linear = f'<linearGradient id="a" spreadMethod="repeat" x2="1e-6"/>{filled}'
    radial = f'<radialGradient id="a" spreadMethod="reflect" r="0.00001%"/>{filled}'
    for name, data, verdict in (
        ("laughs", laughs + svg("<text>&i;</text>"), unsafe),
        ("quadratic", quadratic + svg(f"<text>{'&a;' * 9_000}</text>"), "error[image-kind]"),
        ("entity", entity + svg("<text>&a;</text>"), unsafe),
        ("use", multiplied(8), unsafe),
        ("circle", circle, unsafe),
        ("mask", svg('<mask id="a"><path mask="url(#a)" d="M0 0"/></mask>'), unsafe),
        ("gradient", svg(linear), unsafe),
        ("radial", svg(radial), unsafe),
        ("depth", svg("<g>" * 20_000 + "</g>" * 20_000), unsafe),
        ("elements", svg("<g/>" * 300_000), unsafe),
        ("script", svg("<script>alert(1)</script>"), unsafe),
        ("handler", svg("<g/>", 'onload="alert(1)"'), unsafe),
        ("HTML", svg("<foreignObject/>"), unsafe),
        ("file", svg('<image xlink:href="file:///etc/passwd" width="9" height="9"/>'), unsafe),
        ("address", svg('<image href="http://127.0.0.1:9/x"/>'), unsafe),
        ("other file", svg('<use xlink:href="../secret.svg#a"/>'), unsafe),
        ("import", svg('<style>@import "file:///etc/passwd";</style>'), unsafe),
        ("SVG in an address", svg('<image href="data:image/svg+xml,x"/>'), unsafe),
        ("end", svg("<g>")[:-3], broken),
    ):  # fmt: skip
        yield picture(f"SVG {name}", data, verdict, "x.svg")


def _sheets() -> Iterator[Case]:
    yield style("CSS brackets", "a { width: " + "(" * 100_000, "1:43")
    yield style(
        "CSS calc", "a { width: " + "calc(1px + " * 5_000 + "1px" + ")" * 5_000 + "}", "1:*"
    )
    yield style("CSS not", ":not(" * 3_000 + "a" + ")" * 3_000 + " {}", "1:*")
    doubled = "".join(f"--p{n}: var(--p{n - 1}) var(--p{n - 1});" for n in range(1, 30))
    yield style(
        "CSS properties", f":root {{ --p0: xxxx; {doubled} }} p {{ color: var(--p29) }}", "1:*"
    )
    for name, rule in (
        ("repeat", "grid-template-columns: repeat(100000000, 1px)"),
        ("line of a grid", "grid-column: 100000000"),
        ("columns", "column-count: 1000000000"),
        ("counter", "counter-reset: x 100000000"),
        ("type size", "font-size: 1e9px"),
        ("height", "height: 1000000000px"),
        ("margin", "margin: 0 0 99999999999999999999cm"),
    ):
        yield style(f"CSS {name}", f"p {{ {rule} }}", "1:*")
    yield style("CSS page", "@page { size: 10000000mm 1mm }", "1:*")
    yield style("CSS in a comment ends", "/* " + "(" * 99 + "\n*/\np { width: 1e12in }", "3:*")
    yield Case(
        "CSS of the e-book", "templates/epub-extra.css: error[template]",
        files={"templates/epub-extra.css": "a {" * 3_000},
        command=("build", "BOOK", "-e", "ebook", "-o", "OUT"),
    )  # fmt: skip


def _nested() -> Iterator[Case]:
    """Yield boxes that the renderer lays out several times, within one another."""
    at_rule, at_page = "templates/print-extra.css:1:1", "templates/book.html"
    column = ".x { display: flex; flex-direction: column }"
    for name, css, levels, leaves in (
        ("flex", ".x { display: flex }", 14, 1),
        ("inline flex", ".x { display: inline-flex }", 14, 1),
        ("a column of flex", column, 14, 1),
        ("grid", ".x { display: grid }", 14, 1),
        ("columns", ".x { columns: 2 }", 14, 1),
        ("columns by their width", ".x { column-width: 9pt }", 14, 1),
        ("by a selector", "div > div { display: flex }", 14, 1),
        ("by the display of all", "* { display: grid }", 14, 1),
        ("five deep, with much in them", column, 5, 900),
        ("a crowded grid", ".x { display: grid }", 1, 2_400),
        ("a crowded column", column, 1, 1_700),
    ):
        inner = "<i>x</i>" * leaves
        more = '<div class="x">' * levels + inner + "</div>" * levels
        files = template("x", more).files | {"templates/print-extra.css": css}
        yield Case(f"nested {name}", f"{at_rule}: error[style-limit]", 1, files=files)
    more = '<div style="display: flex">' * 14 + "x" + "</div>" * 14
    yield replace(template("nested by an attribute", more, f"{at_page}: error[style-limit]"),
                  status=1)  # fmt: skip
    note = f'<p>x<span style="float: footnote">{more}</span></p>'
    yield replace(template("nested in a note", note, f"{at_page}: error[style-limit]"), status=1)
    mixed = "".join(f'<div style="{one}">' for one in ("columns: 2", "display: grid") * 4)
    yield replace(
        template("nested of all kinds", mixed + "</div>" * 8, f"{at_page}: error[style-limit]"),
        status=1,
    )


def _templates() -> Iterator[Case]:
    here = "templates/parts/half-title.html:1: error[template]"
    doubling = "{% set a = 'xxxxxxxx' %}" + "{% set a = DOUBLE %}" * 40
    for name, code in (
        ("class", "{{ ''.__class__.__mro__ }}"),
        ("globals", "{{ book.title.__init__.__globals__ }}"),
        ("attr", "{{ book|attr('__class__') }}{{ ''.join([book.__class__]) }}"),
        ("map", "{{ [book]|map(attribute='__class__')|list }}{{ x }}"),
        ("method", "{{ book.title.text.encode() }}"),
        ("percent", "{{ '%2000000000d' % 1 }}"),
        ("times", "{{ 'a' * 1000000000 }}"),
        ("power", "{{ 9 ** 9 ** 9 }}"),
        ("product", doubling.replace("'xxxxxxxx'", "99").replace("DOUBLE", "a * a")),
        ("format", "{{ '{0:2000000000}'.format(1) }}"),
        ("format filter", "{{ '%d'|format(1) }}"),
        ("center", "{{ 'a'|center(2000000000) }}"),
        ("tilde", doubling.replace("DOUBLE", "a ~ a")),
        ("plus", doubling.replace("DOUBLE", "a + a")),
        ("list", doubling.replace("'xxxxxxxx'", "[1]").replace("DOUBLE", "a + a")),
        ("replace", doubling.replace("DOUBLE", "a|replace('x', 'xxxxxxxx')")),
        ("join", doubling.replace("DOUBLE", "[a, a]|join(a)")),
        (
            "block",
            doubling.replace("{% set a = DOUBLE %}", "{% set a %}{{ a }}{{ a }}{% endset %}"),
        ),
        ("range", "{{ range(1000000000) }}"),
        ("loops", "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"),
        ("loops over words", "{% for a in w %}" * 6 + "{% endfor %}" * 6),
        ("loops over a filter", "{% for a in w|list %}" * 6 + "{% endfor %}" * 6),
        ("loops that are told of", "{% for a in w %}{{ loop.index }}" * 6 + "{% endfor %}" * 6),
        ("loops with a condition", "{% for a in w if a %}" * 6 + "{% endfor %}" * 6),
        (
            "a loop that calls itself",
            "{% for a in w recursive %}{{ loop(w) if loop.depth < 30 }}{% endfor %}",
        ),
        (
            "macros that double",
            "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}"
            "{{ m(60) }}",
        ),
        (
            "blocks that double",
            "{% macro m(n) %}{% if n %}{% call m(n - 1) %}{{ m(n - 1) }}"
            "{% endcall %}{{ caller() if caller else '' }}{% endif %}{% endmacro %}{{ m(60) }}",
        ),
        ("macro", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
        ("cycler", "{{ cycler('a') }}"),
        ("lipsum", "{{ lipsum(9) }}"),
    ):
        words = "{% set w = '" + "x" * 500 + "' %}" if " w" in code else ""
        made = template(f"template {name}", words + code, here)
        yield replace(made, header={"limits": {"template-steps": 50_000}})
    doubled = {
        f"templates/d{n}.html": f'{{% include "d{n + 1}.html" %}}' * 2 for n in range(40)
    } | {"templates/d40.html": ""}
    made = template("template within others, twice each", '{% include "d0.html" %}')
    yield replace(
        made, files={**made.files, **doubled}, header={"limits": {"template-steps": 9_000}}
    )
    yield template("template itself", '{% include "parts/half-title.html" %}')
    yield template("template above", '{% include "../../secret.html" %}')
    yield template("template absolute", '{% include "/etc/passwd" %}')
    yield Case(
        "template by link", "*: error[template]",
        files=template("x", '{% include "x.html" %}').files,
        make=link("templates/x.html", "../../secret.html"),
    )  # fmt: skip
    whole = "templates/book.html: error[template]"
    for name, more in (
        ("depth", "<div>" * 150 + "</div>" * 150),
        ("depth beyond the parser", "<div>" * 100_000),
        ("colspan", '<table><tr><td colspan="1000000000">x</td></tr></table>'),
        ("column", '<table><col span="1000000000"/><tr><td>x</td></tr></table>'),
        ("rowspan", '<table><tr><td rowspan="1000000000">x</td></tr></table>'),
        ("style", '<p style="width: 1e12px">x</p>'),
        ("sheet", "<style>p { margin: 1e12px }</style>"),
        ("script", "<script>alert(1)</script>"),
        ("frame", '<iframe src="file:///etc/passwd"></iframe>'),
        ("form", '<form action="http://127.0.0.1:9/"></form>'),
        ("base", '<base href="file:///etc/"/>'),
        ("entity", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a;</p>'),
        ("attachment", '<link rel="attachment" href="file:///etc/passwd"/>'),
        ("handler", '<p onclick="alert(1)">x</p>'),
    ):
        yield template(f"HTML {name}", more, whole)


def _resources() -> Iterator[Case]:
    background = "body {{ background: url({}) }}".format
    drawing = {"templates__art__x.svg": multiplied(8)}
    yield asks("drawing that multiplies", background("art/x.svg"), **drawing)
    yield asks(
        "drawing of another kind",
        background("art/x.png"),
        **{"templates__art__x.png": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"},
    )
    yield asks(
        "drawing that is a GIF by content",
        background("art/x.png"),
        **{"templates__art__x.png": b"GIF89a\1\0\1\0\0\0\0;"},
    )
    face = "@font-face {{ font-family: X; src: url({}) }} body {{ font-family: X, serif }}".format
    yield asks(
        "font that grows", face("art/x.woff"), **{"templates__art__x.woff": woff(200_000_000)}
    )
    yield asks("font that lies", face("art/x.woff"), **{"templates__art__x.woff": woff(9_000)})
    yield asks(
        "font that grows, WOFF2",
        face("art/x.woff2"),
        **{"templates__art__x.woff2": woff(1 << 31, kind=b"wOF2")},
    )
    yield asks(
        "sheet that is imported",
        '@import "more.css";',
        **{"templates__more.css": "a { width: 1e30mm }"},
    )


def _pdfs() -> Iterator[Case]:
    tree, page = "<</Type/Pages/Kids[3 0 R]/Count 1>>", "/Type/Page/Parent 2 0 R/MediaBox[0 0"
    packed = zlib.compress(b"q " * 100_000_000)
    grown = _pdf(tree, f"<<{page} 99 99]/Contents 4 0 R>>", packed)
    impose = ("impose", "BOOK/x.pdf", "-o", "OUT/x.pdf")
    for name, data, expected in (
        ("empty", b"", "error[pdf-damaged]"),
        ("no PDF", b"\x89PNG\r\n\x1a\n" + b"x" * 999, "error[pdf-damaged]"),
        ("arrays", b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000, "error[pdf-damaged]"),
        ("trailer", b"%PDF-1.7\ntrailer <</Root 1 0 R /Prev 9>> startxref 9", "error[pdf-damaged]"),
        ("tree in a circle", _pdf("<</Type/Pages/Kids[2 0 R]/Count 1>>"), "error[pdf-damaged]"),
        ("no pages", _pdf("<</Type/Pages/Kids[]/Count 0>>"), "error[pdf-damaged]"),
        ("a page of any size", _pdf(tree, f"<<{page} 999999999 9]>>"), "error[page-box]"),
        ("content that grows", grown, "error[pdf-damaged]"),
    ):  # fmt: skip
        yield Case(f"PDF {name}", f"book/x.pdf: {expected}", files={"x.pdf": data}, command=impose)
        yield Case(
            f"PDF {name}, preflight", "stdout: error P", 1, files={"x.pdf": data},
            command=("preflight", "BOOK/x.pdf", "--fast"),
        )  # fmt: skip


def _missing() -> Iterator[Case]:
    """Yield what a page asks for and would not get; each is told, and none is left blank."""
    path, broken = '<path d="M0 0h9v9z" {}/>'.format, "error[image-broken]"
    blur = '<filter id="f"><feGaussianBlur stdDeviation="9"/></filter>'
    for name, data in (
        ("use", svg('<use href="#no"/>')),
        ("fill", svg(path('fill="url(#no)"'))),
        ("mask", svg(path('mask="url(#no)"'))),
        ("clip", svg(path("style=\"clip-path: url('#no')\""))),
        ("style", svg("<style>path { fill: url(#no) }</style>" + path(""))),
        ("effect", svg(blur + path('filter="url(#f)"'))),
        ("flow", svg("<flowRoot><flowPara>甲</flowPara></flowRoot>")),
        ("size", svg(path("")).replace('width="9"', 'width="0.0mm"')),
    ):
        yield picture(f"SVG that lacks its {name}", data, broken, "x.svg")
    whole = "templates/book.html: error[template]"
    for name, more in (
        ("picture without a name", '<img alt="x"/>'),
        ("picture of many sizes", '<img alt="x" src=" " srcset="x.png 2x"/>'),
        ("film", '<video src="x.mp4"></video>'),
        ("drawing that lacks a part", svg('<use href="#no"/>')),
        ("drawing that multiplies", multiplied(8)),
        ("drawing in a circle", svg('<g id="a"><use href="#a"/></g>')),
        ("drawing that repeats", svg('<linearGradient spreadMethod="repeat" x2="1e-6"/>')),
        ("drawing that runs", svg("<script/>")),
    ):
        yield template(f"HTML {name}", more, whole)
    sheet, build = "templates/print-extra.css", "build: error"
    cut = base64.b64encode(png(64, 64, whole=True)[:60]).decode()
    font = "@font-face {{ font-family: X; src: {} }}".format
    for name, css, expected in (
        ("family", 'p { font-family: "Nothing Here" }', f"{sheet}:1:*: error[font-missing]"),
        ("font", font("url(art/x.ttf)"), f"{sheet}: error[css]"),
        ("font of this machine", font('local("DejaVu Sans")'), f"{sheet}: error[css]"),
        ("sheet", '@import "no.css";', f"{build}[resource-refused]"),
        ("colour", ".half-title { color: color(--no 0 0 0) }", f"{build}[render]"),
        ("glyph", '.half-title::before { content: "\U00013000" }', f"{build}[render]"),
        ("end of a picture", f"body {{ background: url(data:image/png;base64,{cut}) }}",
         f"{build}[render]"),
    ):  # fmt: skip
        files: dict[str, str | bytes] = {sheet: css, "templates/art/x.ttf": b"\0\1\0\0" + b"x" * 99}
        yield Case(f"CSS that lacks its {name}", expected, 1, files=files)


def _active_pdfs() -> Iterator[Case]:
    """Yield PDFs that act, hide or go round in circles; each thing is named."""
    preflight = ("preflight", "BOOK/x.pdf", "--fast")
    tree = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]%s>>"
    note = "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]%s>>]"
    script = "<</S/JavaScript/JS(app.alert\\(1\\))>>"
    for name, root, more, says in (
        ("that opens a script", f"/OpenAction {script}", "", "P07 active-content: it has an act"),
        ("that launches", "", note % "/A<</S/Launch/F(x)>>", "P07 active-content: it has an act"),
        (
            "that launches afterwards",
            "",
            note % "/A<</S/URI/Next[<</S/Launch/F(x)>>]>>",
            "P07 active-content: it has an action of type Launch",
        ),
        (
            "that sends a form",
            "",
            note % "/AA<</K<</S/SubmitForm/F(x)>>>>",
            "P07 active-content: it has an action of type SubmitForm",
        ),
        ("with a form", "/AcroForm<</Fields[]>>", "", "P07 active-content: it has form fields"),
        (
            "with an attachment",
            "/Names<</EmbeddedFiles<</Names[]>>>>",
            "",
            "P07 active-content: it has attachments",
        ),
        ("with scripts", "/Names<</JavaScript<</Names[]>>>>", "", "P07 active-content: it has scr"),
        (
            "with a layer",
            "/OCProperties<</OCGs[4 0 R]/D<</OFF[4 0 R]>>>>",
            "",
            "P08 layers: it has 1",
        ),
        (
            "that draws itself",
            "",
            "/Contents 4 0 R/Resources<</XObject<</X 4 0 R>>>>",
            "P01 readable: the form /X draws itself",
        ),
        ("with a name that moves the cursor", "/OpenAction<</S/#1b#5b31m>>", "", "P07"),
        (
            "with notes in a circle",
            "",
            "/Annots[3 0 R 3 0 R]/A<</S/URI/Next 3 0 R>>/AA<<>>",
            "P07 active-content: it has actions",
        ),
    ):
        form = b"/X Do"
        stream = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>"
        data = _pdf(tree, page % more, form, stream, root)
        grave = "warning" if says.startswith("P08") else "error"
        yield Case(f"PDF {name}", f"stdout: {grave} {says}", 1, files={"x.pdf": data},
                   command=preflight)  # fmt: skip


def _pdf(
    pages: str, page: str = "null", content: bytes = b"", stream: bytes = b"", root: str = ""
) -> bytes:
    """Write a PDF of four objects, without a table of them: readers make one."""
    words = [f"<</Type/Catalog/Pages 2 0 R{root}>>".encode(), pages.encode(), page.encode()]
    head = stream or b"<</Filter/FlateDecode"
    stream = b"%s/Length %d>>stream\n%s\nendstream" % (head, len(content), content)
    body = b"".join(
        b"%d 0 obj\n%s\nendobj\n" % (number, text)
        for number, text in enumerate([*words, stream], 1)
    )
    return b"%PDF-1.7\n" + body + b"trailer <</Root 1 0 R/Size 5>>\n%%EOF\n"
