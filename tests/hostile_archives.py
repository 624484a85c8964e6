"""Hostile documents to import: archives that lie, lead out or grow; XML with entities; pages."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Iterator

from tests.hostile_inputs import Case, link, pipe, png, svg
from tests.import_files import CONTAINER, W, docx, epub, packed, page, par

SUMMARY = {"SUMMARY.md": "- [一](1.md)\n", "1.md": "# 一\n\n文。\n"}
XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:../secret.md">]>'
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "笑">'
    + "".join(f'<!ENTITY l{at + 1} "{f"&l{at};" * 10}">' for at in range(9))
    + "]>"
)
PARAMETER = '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:../secret.md"> %x;]>'
OUTSIDE = '<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd">'


def refused(name: str, file: str, data: bytes, expected: str, part: str = "") -> Case:
    """A document that must not be imported; nothing is written."""
    place = f"book/{file}{part}: error[{expected}]"
    return Case(
        f"import {name}", place, files={file: data}, command=("import", f"BOOK/{file}", "OUT/new")
    )


def told(name: str, file: str, data: bytes | str, expected: str, part: str = "") -> Case:
    """A document of which something stays behind."""
    return Case(
        f"import {name}", f"book/{file}{part}: warning[{expected}]", 0, files={file: data},
        command=("import", f"BOOK/{file}", "OUT/new", "--dry-run"),
    )  # fmt: skip


def archives() -> Iterator[Case]:
    """Give all cases of imports."""
    yield from _names()
    yield from _members()
    yield from _markup()
    yield from _parts()
    yield from _pages()


# ---- names ---------------------------------------------------------------------------------------


def _names() -> Iterator[Case]:
    for name, member, shown in (
        ("zip slip", "../evil.md", "/../evil.md"),
        ("zip slip within", "a/../../evil.md", "/a/../../evil.md"),
        ("absolute name", "/tmp/evil.md", "//tmp/evil.md"),
        ("drive letter", "C:/evil.md", "/C:/evil.md"),
        ("backslash", "..\\evil.md", "/..\\evil.md"),
        ("dot in a name", "a/./evil.md", "/a/./evil.md"),
        ("two slashes", "a//evil.md", "/a//evil.md"),
        ("escape in a name", "a\x1b[2J.md", "/a\\u001b[2J.md"),
        ("direction in a name", "a\u202egnp.md", "/a\\u202egnp.md"),
        ("a very long name", "长" * 1_200, "/" + "长" * 1_200),
    ):
        yield refused(name, "x.zip", packed({**SUMMARY, member: "文"}), "import-archive", shown)
        if name == "zip slip":
            book = epub({"a.xhtml": page("文")})
            for file, data in (("x.docx", docx(par("文"))), ("x.epub", book)):
                bad = _with(data, member)
                yield refused(f"{name} in {file}", file, bad, "import-archive", shown)
    for name, one, other in (
        ("the same name twice", "a.md", "a.md"),
        ("names that differ in case", "a.md", "A.MD"),
        ("names that differ in form", "e\u0301.md", "\u00e9.md"),
        ("names that fold", "stra\u00dfe.md", "STRASSE.md"),
    ):
        data = _with(_with(packed(SUMMARY), one), other)
        yield refused(name, "x.zip", data, "import-archive", f"/{other}")
    zero = packed({**SUMMARY, "a_b.md": "文"}).replace(b"a_b.md", b"a\0b.md")
    yield refused("zero in a name", "x.zip", zero, "import-archive", "/a")


def _with(archive: bytes, name: str, data: bytes = b"x", mode: int = 0) -> bytes:
    """Add a member to an archive."""
    stream = io.BytesIO(archive)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as out:
        warnings.simplefilter("ignore")  # twice the same
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        out.writestr(info, data)
    return stream.getvalue()


# ---- members -------------------------------------------------------------------------------------


def _members() -> Iterator[Case]:
    summary, target = packed(SUMMARY), b"../../secret.md"
    linked = _with(packed({"SUMMARY.md": "- [一](1.md)\n"}), "1.md", target, 0o120777)
    yield refused("a link in an archive", "x.zip", linked, "import-archive", "/1.md")
    yield refused("a device in an archive", "x.zip", _with(summary, "d", b"", 0o020666),
                  "import-archive", "/d")  # fmt: skip
    yield refused("an encrypted member", "x.zip", _flagged(summary, 1), "import-archive",
                  "/SUMMARY.md")  # fmt: skip
    yield refused("a strange method", "x.zip", packed(SUMMARY, zipfile.ZIP_BZIP2), "import-archive",
                  "/SUMMARY.md")  # fmt: skip
    bomb = b"\0" * 60_000_000
    yield refused("a bomb", "x.zip", _with(summary, "bomb", bomb), "import-limit", "/bomb")
    yield refused("a bomb in Word", "x.docx", _with(docx(par("文")), "word/media/b", bomb),
                  "import-limit", "/word/media/b")  # fmt: skip
    yield refused("a bomb in an EPUB", "x.epub", _with(epub({"a.xhtml": page("文")}), "b", bomb),
                  "import-limit", "/b")  # fmt: skip
    yield refused("a size that lies", "x.zip", _lying(bomb), "import-archive", "/1.md")
    yield refused("a size beyond all bounds", "x.zip", _sized(summary, 0xFFFFFFF0), "import-limit")
    yield refused("members that share their bytes", "x.zip", _shared(), "import-limit")
    many = packed({f"{number}": "" for number in range(20_001)}, zipfile.ZIP_STORED)
    yield refused("a huge number of members", "x.zip", many, "import-limit")
    yield refused("an archive cut off", "x.epub", summary[: len(summary) // 2], "import-archive")
    yield refused("an archive of nothing", "x.docx", b"PK\5\6" + b"\0" * 18, "import-archive")
    yield refused("no archive", "x.docx", b"PK\3\4" + b"x" * 99, "import-archive")
    yield refused("an archive with a broken sum", "x.zip", _broken(), "import-archive", "/1.md")
    nested = _with(summary, "inner.zip", packed({"bomb": bomb}))
    yield told("an archive in an archive", "x.zip", nested, "import-not-carried", "/inner.zip")
    yield Case("import a pipe", "book/x.md: error[file-unreadable]", make=pipe("x.md"),
               command=("import", "BOOK/x.md", "OUT/new"))  # fmt: skip
    yield Case("import a folder by link", "book/in/SUMMARY.md:1: error[import-part-missing]",
               files={"in/SUMMARY.md": "- [一](1.md)\n"}, make=link("in/1.md", "../../secret.md"),
               command=("import", "BOOK/in", "OUT/new"))  # fmt: skip
    yield Case("import above a folder", "book/in/SUMMARY.md:1: error[import-part-missing]",
               files={"in/SUMMARY.md": "- [一](../../secret.md)\n"},
               command=("import", "BOOK/in", "OUT/new"))  # fmt: skip
    for name, asked in (("above", "../secret.md"), ("absolute", "/etc/passwd")):
        chapter = f"# 一\n\n文{{{{#include {asked}}}}}\n"
        yield Case(f"import what lies {name}", "book/in/1.md:3: warning[import-not-carried]", 0,
                   files={"in/SUMMARY.md": "- [一](1.md)\n", "in/1.md": chapter},
                   command=("import", "BOOK/in", "OUT/new", "--dry-run"))  # fmt: skip
    yield Case("import a picture by link", "book/x.md:1: warning[import-picture]", 0,
               files={"x.md": "文![图](p.png)\n"}, make=link("p.png", "../secret.png"),
               command=("import", "BOOK/x.md", "OUT/new", "--dry-run"))  # fmt: skip


def _central(data: bytes) -> int:
    """Find the first entry of the table of an archive."""
    return data.index(b"PK\1\2")


def _flagged(data: bytes, flag: int) -> bytes:
    at = _central(data)
    return data[: at + 8] + struct.pack("<H", flag) + data[at + 10 :]


def _sized(data: bytes, size: int) -> bytes:
    at = _central(data)
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


def _lying(bomb: bytes) -> bytes:
    """Say in the table that a bomb is short; it comes first, so that the table begins with it."""
    data = packed({"1.md": bomb, "SUMMARY.md": "- [一](1.md)\n"})
    return _sized(data, 9)


def _shared() -> bytes:
    """Make a table of which thousands of entries name the same bytes."""
    data = packed({"1": b"\0" * 900_000})
    at = _central(data)
    end = data.index(b"PK\5\6")
    entry = data[at:end]
    entries = b"".join(
        entry[:28] + struct.pack("<H", 4) + entry[30:46] + f"{number:04d}".encode()
        for number in range(500)
    )
    tail = data[end : end + 8] + struct.pack("<HHIIH", 500, 500, len(entries), at, 0)
    return data[:at] + entries + tail


def _broken() -> bytes:
    data = packed({"1.md": "文" * 99, "SUMMARY.md": "- [一](1.md)\n"}, zipfile.ZIP_STORED)
    return data.replace("文文文".encode(), "文交文".encode(), 1)


# ---- markup --------------------------------------------------------------------------------------


def _markup() -> Iterator[Case]:
    for name, doctype in (("entity", XXE), ("laughs", LAUGHS), ("parameter", PARAMETER)):
        body = f"<w:document {W}><w:body>{par('&x;&l9;')}</w:body></w:document>"
        word = docx("", word__document_xml=doctype + body.replace("&amp;", "&"))
        yield refused(f"{name} in Word", "x.docx", word, "import-markup", "/word/document.xml")
        styles = docx(par("文"), word__styles_xml=f"{doctype}<w:styles {W}/>")
        yield refused(f"{name} in styles", "x.docx", styles, "import-markup", "/word/styles.xml")
        pages = epub({"a.xhtml": page("<p>&x;&l9;</p>", doctype=doctype)})
        yield refused(f"{name} in an EPUB", "x.epub", pages, "import-markup", "/OEBPS/a.xhtml")
        boxed = epub({"a.xhtml": page("文")}, {"META-INF/container.xml": doctype + CONTAINER})
        yield refused(f"{name} in a container", "x.epub", boxed, "import-markup",
                      "/META-INF/container.xml")  # fmt: skip
        html = f"{doctype}<html><body><p>&x;文</p></body></html>".encode()
        yield refused(f"{name} in HTML", "x.html", html, "import-markup")
    wide = f'<?xml version="1.0" encoding="UTF-16"?>{XXE}<w:document {W}/>'
    yield refused("entity in UTF-16", "x.docx", docx("", word__document_xml=wide.encode("utf-16")),
                  "import-markup", "/word/document.xml")  # fmt: skip
    yield refused("document type from outside", "x.docx",
                  docx("", word__document_xml=f"{OUTSIDE}<w:document {W}/>"), "import-markup",
                  "/word/document.xml")  # fmt: skip
    deep = f"<w:document {W}><w:body>{'<w:sdt>' * 50_000}"
    yield refused("deep Word", "x.docx", docx("", word__document_xml=deep), "import-limit",
                  "/word/document.xml")  # fmt: skip
    yield refused("deep EPUB", "x.epub", epub({"a.xhtml": page("<div>" * 90_000)}), "import-limit",
                  "/OEBPS/a.xhtml")  # fmt: skip
    yield refused("deep HTML", "x.html", b"<div>" * 90_000 + "文".encode(), "import-limit")
    yield refused("many elements", "x.html", b"<b>" * 4_000_001, "import-limit")
    yield refused("Word that is no XML", "x.docx", docx("</w:p>"), "import-markup",
                  "/word/document.xml:1")  # fmt: skip
    include = (
        '<p xmlns:i="http://www.w3.org/2001/XInclude">文<i:include href="../../secret.md" '
        'parse="text"/></p><iframe src="../secret.html">里</iframe>'
    )
    yield told("XInclude and a frame", "x.epub", epub({"a.xhtml": page(include)}),
               "import-not-carried", "/OEBPS/a.xhtml:1")  # fmt: skip


# ---- parts ---------------------------------------------------------------------------------------


def _parts() -> Iterator[Case]:
    away = CONTAINER.replace("OEBPS/book.opf", "../../secret.md")
    yield refused("package above", "x.epub",
                  epub({"a.xhtml": page("文")}, {"META-INF/container.xml": away}),
                  "import-part-missing",
                  "/META-INF/container.xml")  # fmt: skip
    yield refused("page above", "x.epub", epub({"../../secret.html": page("文")}), "import-archive",
                  "/OEBPS/../../secret.html")  # fmt: skip
    lock = (
        '<encryption><EncryptedData><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#'
        'aes256-cbc"/><CipherData><CipherReference URI="OEBPS/a.xhtml"/></CipherData>'
        "</EncryptedData></encryption>"
    )
    yield refused("locked EPUB", "x.epub",
                  epub({"a.xhtml": page("文")}, {"META-INF/encryption.xml": lock}),
                  "import-archive", "/META-INF/encryption.xml")  # fmt: skip
    for name, data in (
        ("that is a page", b"<html><body>x</body></html>"),
        ("that is a program", b"MZ" + b"\0" * 99),
        ("cut off", png(90, 90, whole=True)[:60]),
        ("of too many pixels", png(30_000, 30_000)),
        ("that runs", svg("<script>alert(1)</script>").encode()),
        ("that loads", svg('<image xlink:href="file:../secret.png"/>').encode()),
    ):
        word = _pictured(data)
        yield told(f"picture {name}", "x.docx", word, "import-picture", "/word/document.xml:1")
    for name, source in (
        ("above", "../../../secret.png"), ("absolute", "/etc/passwd"), ("a file", "file:///etc/passwd"),
        ("http", "http://127.0.0.1:9/x.png"), ("of data", "data:text/html;base64,PGI+"),
        ("of long data", "data:image/png," + "".join(map(str, range(500_000)))),
    ):  # fmt: skip
        body = f'<p>文<img src="{source}" alt=""/></p>'
        yield told(f"picture {name}", "x.epub", epub({"a.xhtml": page(body)}), "import-picture",
                   "/OEBPS/a.xhtml:1")  # fmt: skip


def _pictured(data: bytes) -> bytes:
    """Put a picture into a Word document."""
    drawn = '<w:r><w:drawing><a:blip r:embed="rId1"/></w:drawing></w:r>'
    return docx(par("文", drawn), **{"word__media__image1.png": data})


# ---- pages that take time ------------------------------------------------------------------------


def _pages() -> Iterator[Case]:
    span = "<table><tr><td colspan=1000>甲<td>乙" + "<tr><td>丙" * 8_000 + "</table>"
    yield told("a wide and long table", "x.html", span, "import-changed", ":1")
    links = "".join(f'<a href="#n{at % 9}">{at}</a> ' for at in range(4_000))
    notes = "".join(f'<a id="n{at}">文</a>' for at in range(9))
    bad = "<p><a href=y.html>甲</a></p>"
    yield told("links in a heap", "x.html", f"{bad}<div>{links}</div><div>{notes}{links}</div>",
               "import-link", ":1")  # fmt: skip
    breaks = f"{bad}<p>" + "甲<br>" * 12_000 + "</p>"
    yield told("lines in a heap", "x.html", breaks, "import-link", ":1")
    marks = f"{bad}<p>" + "<b>甲</b>乙，<i>”</i>" * 1_000 + "</p>"
    yield told("marks in a heap", "x.html", marks, "import-link", ":1")
    same = f"{bad}" + "<p>一</p>" * 10_000 + "<h1>一</h1>" * 9
    yield told("the same in a heap", "x.html", same, "import-link", ":1")
