"""A private fontconfig set-up: the fonts of the shelf and nothing else.

WeasyPrint finds fonts through fontconfig, which falls back on whatever a system has and says
nothing of it. With the configuration written here there is nothing to fall back on.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from xml.sax.saxutils import escape

from booklet.fonts.cache import cache_folder, stamp
from booklet.fonts.face import COLLECTIONS, WEB_FONTS, BrokenFontError, Face, opened
from booklet.fonts.shelf import Family

LAYOUT = 1  # raise it whenever the text of fonts.conf changes

LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib")

_ENVIRONMENT = Lock()


@dataclass(frozen=True, slots=True)
class _Link:
    """A font file under the name that fontconfig sees, with the faces it may use of it."""

    name: str
    source: Path
    indexes: tuple[int, ...]


def fontconfig_folder(families: Iterable[Family], folder: Path | None = None) -> Path:
    """Write a configuration in which only some families exist, or find it from last time.

    It is never changed once it is there: other fonts, or another version of one, make another
    folder. So concurrent builds may share it, and fontconfig's own cache beside it stays true.

    Args:
        families: The families a build uses; the first is what generic names such as ``serif``
            come down to.
        folder: Where to keep configurations; by default in the user's cache, or for the time of
            this process if that cannot be written.

    Returns:
        Absolute path of `fonts.conf`, for `isolated`.

    Raises:
        BrokenFontError: There are no families, or a web font cannot be unpacked.
        OSError: A font is gone, or ``folder`` cannot be written.
    """
    wanted = tuple(families)
    if not wanted:  # the typesetter would crash
        message = "there is no font to set anything in"
        raise BrokenFontError(message)
    links = _plan(face for family in wanted for face in family.faces)
    home = Path(os.path.realpath(folder or _home())) / _state(links)[:20]
    if not home.is_dir():
        _write(home, links)
    return home / "fonts.conf"


def fonts_state(families: Iterable[Family]) -> str:
    """Digest families: another font, or another version of one, has another state.

    Raises:
        OSError: A font is gone.
    """
    return _state(_plan(face for family in families for face in family.faces))


def _state(links: Iterable[_Link]) -> str:
    state = [f"{link.name}\0{link.indexes}\0{stamp(link.source)}" for link in links]
    key = "\n".join([str(LAYOUT), *state]).encode("utf-8", "surrogateescape")
    return hashlib.sha256(key).hexdigest()


@contextlib.contextmanager
def isolated(configuration: Path) -> Iterator[None]:
    """Let fontconfig load one configuration.

    Make WeasyPrint's ``FontConfiguration`` inside; it stays isolated when the environment is
    restored. Threads wait for each other, so do not render inside.

    Args:
        configuration: What `fontconfig_folder` returned.
    """
    with _ENVIRONMENT:
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(configuration)
        try:
            _forget_rules()
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def _forget_rules() -> None:
    """Load the configuration as that of the process, too.

    Pango takes the fonts from the ``FontConfiguration``, but the rules that replace one family by
    another from the process, where those of the system stand as soon as anything used fontconfig.
    """
    for name in LIBRARIES:
        with contextlib.suppress(OSError):
            ctypes.CDLL(name).FcInitReinitialize()


def _plan(faces: Iterable[Face]) -> tuple[_Link, ...]:
    """Name the files: the same faces get the same names on every machine."""
    files: dict[str, list[Face]] = {}
    for face in faces:
        files.setdefault(os.path.realpath(face.path), []).append(face)
    return tuple(
        _Link(
            name=_link_name(number, of_file[0].path),
            source=Path(real),
            indexes=tuple(sorted({face.index for face in of_file})),
        )
        for number, (real, of_file) in enumerate(files.items())
    )


def _link_name(number: int, path: Path) -> str:
    # Pango refuses every file that is called a web font, even when it is unpacked.
    suffix = ".otf" if path.suffix.lower() in WEB_FONTS else path.suffix
    return f"{number:02}-{re.sub(r'[^A-Za-z0-9]+', '-', path.stem)}{suffix}"


def _home() -> Path:
    folder = cache_folder("fontconfig")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="booklet-fonts-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _write(home: Path, links: Sequence[_Link]) -> None:
    """Make the folder aside and move it into place; whoever comes first wins."""
    home.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=home.parent))
    try:
        fonts = aside / "fonts"
        fonts.mkdir()
        for link in links:
            _bring(link.source, fonts / link.name)
        # fontconfig dates its cache by SOURCE_DATE_EPOCH, and distrusts one older than the folder.
        os.utime(fonts, (0, 0))
        (aside / "fonts.conf").write_text(_configuration(home, links), encoding="utf-8")
        aside.rename(home)
    except OSError:
        if not home.is_dir():
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _bring(source: Path, target: Path) -> None:
    """Link a font, or copy it where links fail; a web font is unpacked, as PDF needs it."""
    if source.suffix.lower() in WEB_FONTS:
        with opened(source, 0) as font:
            font.flavor = None
            font.save(target)
        return
    try:
        target.symlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _configuration(home: Path, links: Sequence[_Link]) -> str:
    """Give the text of fonts.conf: every face is refused but those of the shelf.

    A collection holds more families than the shelf may want of it, and a face that a drop-in
    replaces; so faces are accepted one by one.
    """
    accepted = "\n".join(
        f'<pattern><patelt name="file"><string>{escape(str(home / "fonts" / link.name))}</string>'
        f"</patelt>{index}</pattern>"
        for link in links
        for index in _index_tests(link)
    )
    return f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<dir>{escape(str(home / "fonts"))}</dir>
<cachedir>{escape(str(home / "cache"))}</cachedir>
<selectfont>
<rejectfont><pattern/></rejectfont>
<acceptfont>
{accepted}
</acceptfont>
</selectfont>
</fontconfig>
"""


def _index_tests(link: _Link) -> list[str]:
    """Name faces by index in a collection only: variable fonts have an index of their own."""
    if link.source.suffix.lower() not in COLLECTIONS:
        return [""]
    return [f'<patelt name="index"><int>{index}</int></patelt>' for index in link.indexes]
