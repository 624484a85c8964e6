"""Rules for fonts that a book carries (row F1)."""

from __future__ import annotations

import io

from booklet import limits
from booklet.check.epub_file import Epub, resolve
from booklet.check.epub_metadata import metas, value
from booklet.check.epub_style import read_sheets, urls
from booklet.errors import Findings

_LICENCES = "META-INF/font-licences.txt"
_FONT_TYPES = ("font/", "application/vnd.ms-opentype", "application/font-")
_LICENCE, _LICENCE_URL = 13, 14


def check_fonts(epub: Epub, findings: Findings) -> None:
    """Check that carried fonts are allowed, used, and shown by every reader."""
    loaded = {
        resolve(path, url)[0]
        for path, css in read_sheets(epub, Findings()).items()
        for url, _ in urls(css)
    }
    fonts = [item for item in epub.items.values() if item.media_type.startswith(_FONT_TYPES)]
    specified = [value(meta) for meta in metas(epub, "ibooks:specified-fonts")]
    place = epub.place(epub.package_path)
    if fonts and specified != ["true"]:
        findings.error(
            place, "epub-font", "ibooks:specified-fonts is not true, and Apple Books ignores fonts"
        )
    if fonts and _LICENCES not in epub.names:
        findings.error(
            place, "epub-font", f"the licences of the fonts are missing: {_LICENCES}",
            "the Open Font License asks that it goes with every copy",
        )  # fmt: skip
    for item in fonts:
        if item.path not in loaded:
            findings.error(epub.place(item.path), "epub-font", "no style sheet uses it")
        if item.media_type.endswith("woff2"):
            findings.warning(
                epub.place(item.path), "epub-font-format", "Apple Books and Kobo know no WOFF2"
            )
        if item.path in epub.names and not item.media_type.endswith(("woff", "woff2")):
            _licence(epub, item.path, findings)  # those are packed, perhaps as a bomb


def _licence(epub: Epub, path: str, findings: Findings) -> None:
    """A font may be embedded and says under which licence."""
    from fontTools.ttLib import TTFont, TTLibError

    place = epub.place(path)
    try:
        with TTFont(io.BytesIO(epub.read(path, limits.value("font-size"))), lazy=True) as font:
            restricted = "OS/2" in font and bool(font["OS/2"].fsType & 0x0002)
            names = font.get("name")
            said = names is not None and any(
                names.getDebugName(number) for number in (_LICENCE, _LICENCE_URL)
            )
    except (TTLibError, AssertionError, KeyError, ValueError, OSError, IndexError) as error:
        findings.error(place, "epub-font", f"it cannot be read: {error}")
        return
    except Exception as error:  # fontTools raises struct.error and others on damaged tables
        findings.error(place, "epub-font", f"it cannot be read: {type(error).__name__}")
        return
    if restricted:
        findings.error(place, "epub-font", "its maker forbids embedding (OS/2 fsType)")
    if not said:
        findings.error(place, "epub-font", "it does not say its licence (name records 13 and 14)")
