"""Rules for the archive and the lists of the package document (EPUB 3.3, chapters 3 to 5)."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import Counter

from booklet.check.epub_file import XHTML_TYPE, Epub, find
from booklet.errors import Findings

_MIMETYPE = b"application/epub+zip"
_DAY_ONE = (1980, 1, 1, 0, 0, 0)
_NAME = re.compile(r"[A-Za-z0-9_.\-]+(/[A-Za-z0-9_.\-]+)*/?")
_TYPES = {
    ".xhtml": {XHTML_TYPE},
    ".css": {"text/css"},
    ".png": {"image/png"},
    ".jpg": {"image/jpeg"},
    ".jpeg": {"image/jpeg"},
    ".gif": {"image/gif"},
    ".webp": {"image/webp"},
    ".svg": {"image/svg+xml"},
    ".ncx": {"application/x-dtbncx+xml"},
    ".otf": {"font/otf", "application/vnd.ms-opentype", "application/font-sfnt"},
    ".ttf": {"font/ttf", "font/otf", "application/vnd.ms-opentype", "application/font-sfnt"},
    ".woff": {"font/woff", "application/font-woff"},
    ".woff2": {"font/woff2"},
}
_MAGIC = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "font/otf": (b"OTTO", b"\x00\x01\x00\x00"),
    "font/ttf": (b"\x00\x01\x00\x00", b"true"),
    "font/woff": (b"wOFF",),
    "font/woff2": (b"wOF2",),
}
_CONTENT = {
    "svg": "//s:svg",
    "mathml": "//m:math",
    "scripted": "//h:script | //h:form | //h:*[@*[starts-with(name(), 'on')]]",
}
_META_INF = "META-INF/"


def check_archive(epub: Epub, findings: Findings) -> None:
    """Check the ZIP (C1 to C3): ``mimetype``, names, dates."""
    infos = epub.archive.infolist()
    first = infos[0]
    if first.filename != "mimetype":
        findings.error(
            epub.place("mimetype"), "epub-container", "it is not the first file of the archive"
        )
    elif first.compress_type != zipfile.ZIP_STORED or first.extra:
        findings.error(
            epub.place("mimetype"), "epub-container",
            "it is compressed or has an extra field, so that the file is known by nobody",
        )  # fmt: skip
    if "mimetype" in epub.names and epub.read("mimetype", 64) != _MIMETYPE:
        findings.error(epub.place("mimetype"), "epub-container", "it is not application/epub+zip")
    folded = Counter(unicodedata.normalize("NFC", info.filename).casefold() for info in infos)
    for info in infos:
        place = epub.place(info.filename)
        if not _NAME.fullmatch(info.filename) or ".." in info.filename.split("/"):
            findings.error(place, "epub-name", "its name is not plain ASCII without spaces")
        if folded[unicodedata.normalize("NFC", info.filename).casefold()] > 1:
            findings.error(place, "epub-name", "its name is there twice, but for letter case")
        if info.flag_bits & 1:
            findings.error(place, "epub-container", "it is encrypted")
    if any(info.date_time != _DAY_ONE for info in infos):
        findings.note(
            epub.place(infos[0].filename), "epub-clock",
            "the archive dates its files, so that two builds differ",
        )  # fmt: skip


def check_manifest(epub: Epub, findings: Findings) -> None:
    """Check that manifest and archive name the same files, rightly described (Z1)."""
    listed = find(epub.package, "o:manifest/o:item")
    for item_id, count in Counter(item.get("id") for item in listed).items():
        if count > 1:
            findings.error(
                epub.place(epub.package_path), "epub-manifest", f"the id {item_id} is there twice"
            )
    for path, count in Counter(item.path for item in epub.items.values()).items():
        if count > 1:
            findings.error(
                epub.place(epub.package_path), "epub-manifest", f"{path} is listed twice"
            )
    for item in epub.items.values():
        place = epub.place(epub.package_path, item.line)
        if item.path not in epub.names:
            findings.error(place, "epub-manifest", f"{item.path} is not in the archive")
            continue
        kinds = _TYPES.get("." + item.path.rpartition(".")[2].lower())
        if kinds and item.media_type not in kinds:
            findings.error(place, "epub-manifest", f"{item.path} is called {item.media_type}")
        magic = _MAGIC.get(item.media_type)
        if magic and not epub.read(item.path, 12).startswith(magic):
            findings.error(
                epub.place(item.path), "epub-manifest", f"it is damaged, or no {item.media_type}"
            )
    known = {item.path for item in epub.items.values()} | {"mimetype", epub.package_path}
    for name in sorted(epub.names - known):
        if not name.startswith(_META_INF) and not name.endswith("/"):
            findings.error(epub.place(name), "epub-manifest", "the manifest does not list it")
    _properties(epub, findings)


def _properties(epub: Epub, findings: Findings) -> None:
    navs = [item for item in epub.items.values() if "nav" in item.properties]
    if len(navs) != 1:
        findings.error(
            epub.place(epub.package_path), "epub-manifest",
            f"{len(navs)} files are the navigation document",
        )  # fmt: skip
    for item in epub.items.values():
        tree = epub.trees.get(item.path)
        if tree is None or item.media_type != XHTML_TYPE:
            continue
        holds = {name for name, path in _CONTENT.items() if find(tree, path)}
        declared = item.properties & _CONTENT.keys()
        place = epub.place(epub.package_path, item.line)
        for prop in sorted(holds - declared):
            findings.error(place, "epub-manifest", f"{item.path} lacks the property {prop}")
        for prop in sorted(declared - holds):
            findings.error(place, "epub-manifest", f"{item.path} is called {prop} and is not")
        if "scripted" in holds:
            findings.error(
                epub.place(item.path), "epub-outdated",
                "it holds a script or a form, which many readers do not run",
            )  # fmt: skip


def check_spine(epub: Epub, findings: Findings) -> None:
    """Check the reading order: it is there, every document is in it once, all linear."""
    place = epub.place(epub.package_path)
    refs = find(epub.package, "o:spine/o:itemref")
    if not refs:
        findings.error(place, "epub-spine", "there is no reading order")
    for ref in refs:
        name = ref.get("idref", "")
        if name not in epub.items:
            findings.error(epub.at(ref), "epub-spine", f"{name} is not in the manifest")
        elif epub.items[name].media_type != XHTML_TYPE:
            findings.error(epub.at(ref), "epub-spine", f"{name} is no XHTML document")
        if ref.get("linear") == "no":
            findings.error(
                epub.at(ref), "epub-spine", f"{name} is not linear, and readers pass it over"
            )
    for name, count in Counter(ref.get("idref") for ref in refs).items():
        if count > 1:
            findings.error(place, "epub-spine", f"{name} is read {count} times")
    read = {item.path for item, _ in epub.spine}
    for item in epub.items.values():
        if item.media_type == XHTML_TYPE and item.path not in read and item.path in epub.names:
            findings.error(epub.place(item.path), "epub-spine", "it is not in the reading order")


def check_outdated(epub: Epub, findings: Findings) -> None:
    """Check that nothing is used that EPUB 3.4 calls outdated (Z2)."""
    for name, path in (
        ("guide", "o:guide"), ("collections", "o:collection"), ("bindings", "o:bindings"),
        ("media overlays", "o:manifest/o:item[@media-overlay]"),
    ):  # fmt: skip
        for element in find(epub.package, path)[:1]:
            findings.warning(epub.at(element), "epub-outdated", f"it uses {name}")
    if "META-INF/encryption.xml" in epub.names:
        findings.warning(
            epub.place("META-INF/encryption.xml"), "epub-outdated",
            "fonts or texts are obfuscated, and many readers cannot show them",
        )  # fmt: skip
