"""Documents to import, made here: Word, EPUB, archives, good and hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape

from tests.hostile_inputs import png

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="urn:wp" xmlns:a="urn:a" xmlns:m="urn:m" xmlns:mc="urn:mc" xmlns:wps="urn:wps"'
)
PICTURE = png(40, 30, whole=True)


def packed(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack files into an archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


# ---- Word ----------------------------------------------------------------------------------------


def run(text: str, looks: str = "") -> str:
    """Write a run of Word."""
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def par(*runs: str, style: str = "", more: str = "") -> str:
    """Write a paragraph of Word; a run that is no element is text."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{inner}</w:p>"


STYLES = f"<w:styles {W}>" + "".join(
    f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name}"/>{more}</w:style>'
    for id_, name, more in (
        ("T", "Title", ""), ("S", "Subtitle", ""), ("1", "heading 1", ""), ("2", "heading 2", ""),
        ("mine", "我的标题", '<w:basedOn w:val="1"/>'), ("Q", "Quote", ""), ("C", "toc 1", ""),
        ("V", "诗", ""), ("K", "HTML Preformatted", ""), ("P", "caption", ""),
        ("A", "Author", '<w:basedOn w:val="T"/>'),
    )
) + (
    '<w:style w:type="character" w:styleId="VC"><w:name w:val="Verbatim Char"/></w:style>'
    "</w:styles>"
)  # fmt: skip
NUMBERS = (
    f"<w:numbering {W}>"
    + "".join(
        f'<w:abstractNum w:abstractNumId="{id_}">'
        + "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/></w:lvl>'
            for at in range(3)
        )
        + "</w:abstractNum>"
        for id_, form, start in ((0, "bullet", 1), (1, "decimal", 3), (2, "chineseCounting", 1))
    )
    + "".join(
        f'<w:num w:numId="{id_ + 1}"><w:abstractNumId w:val="{id_}"/></w:num>' for id_ in range(3)
    )
    + "</w:numbering>"
)


def item(text: str, list_: int, level: int = 0) -> str:
    """Write an item of a list of Word."""
    numbers = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>'
    return par(text, more=numbers)


def notes(kind: str, **texts: str) -> str:
    """Write the notes of a Word document: ``n2="words"``."""
    mark = f"<w:r><w:{kind}Ref/></w:r>"
    inner = "".join(
        f'<w:{kind} w:id="{name[1:]}">{par(mark, " " + text)}</w:{kind}>'
        for name, text in texts.items()
    )
    separator = f'<w:{kind} w:id="0" w:type="separator">{par()}</w:{kind}>'
    return f"<w:{kind}s {W}>{separator}{inner}</w:{kind}s>"


def docx(body: str, **parts: str | bytes) -> bytes:
    """Make a Word document; parts are named with ``__`` for ``/``."""
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERS,
        "word/_rels/document.xml.rels": "<Relationships>"
        '<Relationship Id="rId1" Target="media/image1.png"/>'
        '<Relationship Id="rId2" Target="https://example.org/" TargetMode="External"/>'
        '<Relationship Id="rId3" Target="http://example.org/a.png" TargetMode="External"/>'
        '<Relationship Id="rId4" Target="../../../secret.png"/>'
        "</Relationships>",
        "word/media/image1.png": PICTURE,
    }
    files |= {name.replace("__", "/").replace("_xml", ".xml"): data for name, data in parts.items()}
    return packed(files)


# ---- EPUB ----------------------------------------------------------------------------------------

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)


def page(body: str, *, kind: str = "", doctype: str = "<!DOCTYPE html>") -> str:
    """Write a page of an EPUB."""
    typed = f' epub:type="{kind}"' if kind else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{doctype}'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>页</title></head><body{typed}>{body}</body></html>"
    )


def epub(
    pages: Mapping[str, str], more: Mapping[str, str | bytes] | None = None, meta: str = ""
) -> bytes:
    """Make an EPUB of pages, in their order."""
    items = "".join(
        f'<item id="p{at}" href="{name}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="p{at}"/>' for at in range(len(pages)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>书名</dc:title>{meta}</metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    files: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": package,
    }  # fmt: skip
    files |= {f"OEBPS/{name}": text for name, text in pages.items()}
    return packed({**files, **(more or {})})
