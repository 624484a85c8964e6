"""What a file is, by its content first and its name second, and who reads it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from booklet import limits
from booklet.errors import Findings, Place
from booklet.importing.archive import MAGIC, Archive
from booklet.importing.decoding import decode
from booklet.importing.files import LooseFiles
from booklet.importing.headers import split_front_matter
from booklet.importing.html import read_html
from booklet.importing.markdown import Rows, to_html
from booklet.importing.meta import meta_of
from booklet.importing.parsing import parse_page
from booklet.importing.reading import Reading, Sheet
from booklet.importing.refusal import refusal
from booklet.importing.room import Page, Room
from booklet.importing.tree import Draft

MARKDOWN = {".md", ".markdown", ".mdown", ".mkd"}
HTML = {".html", ".htm", ".xhtml"}
ARCHIVES = {".docx", ".epub", ".zip"}
_OTHER = {".doc": "Word 97", ".wps": "WPS", ".pdf": "PDF", ".rtf": "RTF", ".odt": "ODF"}


def read(source: Path, findings: Findings) -> Draft:
    """Read a document.

    Raises:
        InputError: It is of no kind that can be imported, or may not be.
    """
    place = Place(source.as_posix())
    if source.is_dir():
        from booklet.importing.summary import read_summary

        return read_summary(LooseFiles(source, source.as_posix(), listed=True), place, findings)
    data = _bytes(source, place)
    ending = source.suffix.lower()
    if data.startswith(MAGIC) or ending in ARCHIVES:
        return _read_archive(Archive(data, place, findings), place, findings)
    if ending in _OTHER or data.startswith((b"%PDF-", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise refusal(
            place, "import-kind", f"{_OTHER.get(ending, 'this format')} is not read",
            "save it as .docx, .epub, .html or .md",
        )  # fmt: skip
    if ending not in MARKDOWN | HTML:
        raise refusal(
            place, "import-kind", f"{ending or 'a file without ending'} is not read",
            ".md, .docx, .html, .epub, .zip, or a folder with SUMMARY.md",
        )  # fmt: skip
    if len(data) > limits.value("file-size"):
        raise refusal(
            place, "file-size", f"it is too large for a text ({limits.named('file-size')})",
            f"divide it; or {limits.raised('file-size')}",
        )  # fmt: skip
    files = LooseFiles(source.parent, source.parent.as_posix(), listed=False)
    text = decode(data, place, findings, marked_up=ending in HTML)
    if ending in HTML:
        return read_html(text, source.name, files, place, findings)
    return read_markdown(text, source.name, files, place, findings)


def _bytes(source: Path, place: Place) -> bytes:
    """Read a regular file; a pipe must not make us wait."""
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise refusal(place, "file-unreadable", f"it cannot be read: {reason}") from error
    most = limits.value("import-file")
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise refusal(place, "file-unreadable", "it is no regular file", "give a document")
        data = stream.read(most + 1)
    if len(data) > most:
        raise refusal(
            place, "import-limit", f"it is too large ({limits.named('import-file')})",
            limits.raised("import-file"),
        )  # fmt: skip
    if not data.strip():
        raise refusal(place, "import-empty", "the file is empty", "is it the right one?")
    return data


def _read_archive(archive: Archive, place: Place, findings: Findings) -> Draft:
    if "word/document.xml" in archive:
        from booklet.importing.docx import read_docx

        return read_docx(archive, findings)
    if "META-INF/container.xml" in archive:
        from booklet.importing.epub import read_epub

        return read_epub(archive, findings)
    if any(name.rpartition("/")[2] == "SUMMARY.md" for name in archive.names):
        from booklet.importing.summary import read_summary

        return read_summary(archive, place, findings)
    raise refusal(
        place, "import-kind", "the archive holds no Word document, no EPUB and no SUMMARY.md",
        "import one document of it by itself",
    )  # fmt: skip


def read_markdown(
    text: str, name: str, files: LooseFiles, place: Place, findings: Findings
) -> Draft:
    """Read a lone file of Markdown."""
    header, body, first = split_front_matter(text, place, findings)
    html = to_html(body, Rows(place.file, first), findings)
    root = parse_page(html, place, findings, xhtml=False)
    page = Page(name, place.file, _body(root), slugs=True)
    meta = meta_of(header.values, header.place, findings)
    return Reading(Room(files, findings), meta, [Sheet(page)]).draft()


def _body(root: Any) -> Any:
    found = root.find(".//body")
    return root if found is None else found
