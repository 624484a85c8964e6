"""The guard of archives: what a stranger packed is looked at by its table, then read by member.

Nothing is ever unpacked to a disk. A name that leads out of the archive's own folder, a link, two
names that one disk could not tell apart, a locked member or a bomb refuse the whole archive, for
who packs one of them may have packed others.
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from booklet import limits
from booklet.errors import Findings, InputError, Place
from booklet.importing.refusal import NOTHING, refusal

BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError,
    RuntimeError, EOFError, OSError, ValueError, KeyError, OverflowError, UnicodeError,
)  # fmt: skip
"""What damaged archives raise."""

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
NESTED = (".zip", ".epub", ".docx", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".jar")

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_UTF8 = 0x800
_LOCKED = 0x1 | 0x40 | 0x2000
_SMALL = 1 << 20
"""Bytes; what unpacks to less is no bomb, however well it is packed."""

_DRIVE = re.compile(r"[A-Za-z]:")
_NOISE = re.compile(r"(?:^|/)(?:__MACOSX|\.DS_Store|Thumbs\.db|\._[^/]*)(?:/|$)")


class Archive:
    """An archive whose table of contents is harmless, read member by member.

    Attributes:
        place: The file as the user typed it.
        names: Names of its members, with ``/``, in the order of the table.
    """

    def __init__(self, data: bytes, place: Place, findings: Findings) -> None:
        """Open an archive.

        Raises:
            InputError: It is damaged or may do harm; every reason is told.
        """
        self.place = place
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except BROKEN as error:
            raise refusal(
                place, "import-archive", f"the archive is damaged: {error}", "save it again"
            ) from error
        _check(infos, len(data), place)
        self._members = {_name(info): info for info in infos if not info.is_dir()}
        self.names = tuple(name for name in self._members if not _NOISE.search(name))
        for name in self.names:
            if name.lower().endswith(NESTED):
                findings.warning(
                    self.shown(name), "import-not-carried",
                    "an archive within the archive is not opened", "import it by itself",
                )  # fmt: skip

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def shown(self, name: str, line: int = 0) -> Place:
        """Give the place of a member: the archive's name, ``/``, its own."""
        return Place(f"{self.place.file}/{name}", line)

    def read(self, name: str) -> bytes:
        """Unpack a member.

        Raises:
            InputError: It is not there, damaged, or not what the table says.
        """
        info = self._members.get(name)
        if info is None:
            raise refusal(
                self.shown(name), "import-part-missing", "the archive lacks it", "save it again"
            )
        try:
            with self._zip.open(info) as stream:
                data = stream.read(info.file_size + 1)
        except BROKEN as error:
            raise refusal(
                self.shown(name), "import-archive", f"it cannot be unpacked: {error}",
                "save it again",
            ) from error  # fmt: skip
        if len(data) != info.file_size:
            raise refusal(
                self.shown(name), "import-archive", "it is not as long as the archive says",
                "save it again",
            )  # fmt: skip
        return data


def _name(info: zipfile.ZipInfo) -> str:
    """Give a member's name; old programs for Chinese Windows wrote GBK and do not say so."""
    name = info.filename
    if info.flag_bits & _UTF8 or name.isascii():
        return name
    raw = name.encode("cp437", "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return name


def _check(infos: list[zipfile.ZipInfo], packed: int, place: Place) -> None:
    """Refuse an archive for what its table says, and name all of it."""
    findings = Findings()
    if not infos:
        findings.error(place, "import-archive", "the archive is empty", "save it again")
    if len(infos) > limits.value("archive-entries"):
        _over(findings, place, f"it has {len(infos):,} members", "archive-entries")
    else:
        for info in infos:
            where = Place(f"{place.file}/{_name(info)}")
            for reason in _faults(info):
                findings.error(where, "import-archive", reason, "pack it anew, without this")
        _check_names(infos, place, findings)
    total = sum(info.file_size for info in infos)
    if total > limits.value("archive-size"):
        _over(findings, place, f"it unpacks to {total:,} bytes", "archive-size")
    most = limits.value("archive-ratio")
    if total > _SMALL and total > most * max(packed, 1):
        _over(findings, place, f"it unpacks to {total // max(packed, 1):,} times", "archive-ratio")
    for info in infos:
        if info.file_size > _SMALL and info.file_size > most * max(info.compress_size, 1):
            times = info.file_size // max(info.compress_size, 1)
            where = Place(f"{place.file}/{_name(info)}")
            _over(findings, where, f"it unpacks to {times:,} times", "archive-ratio")
    if findings.fatal:
        raise InputError(NOTHING, findings)


def _over(findings: Findings, place: Place, what: str, limit: str) -> None:
    findings.error(
        place, "import-limit", f"{what}, too much ({limits.named(limit)})", limits.raised(limit)
    )


def _faults(info: zipfile.ZipInfo) -> Iterator[str]:
    """Say what is wrong with a member."""
    name = _name(info)
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in info.orig_filename + name):
        yield "its name has control characters"
    elif "\\" in name:
        yield "its name has a backslash"
    elif name.startswith("/") or _DRIVE.match(name):
        yield "its name is absolute"
    elif ".." in name.split("/"):
        yield "its name leads out of the archive"
    elif name.rstrip("/") != str(PurePosixPath(name)) or len(name) > 1_000:
        yield "its name is no plain path"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        yield "it is a link"
    elif kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        yield "it is no regular file"
    if info.flag_bits & _LOCKED:
        yield "it is encrypted"
    elif info.compress_type not in _METHODS:
        yield f"it is packed by method {info.compress_type}, which is not read"


def _check_names(infos: list[zipfile.ZipInfo], place: Place, findings: Findings) -> None:
    """Refuse two names that a disk may take for one, for none can say which was meant."""
    seen: dict[str, str] = {}
    for info in infos:
        name = _name(info)
        key = unicodedata.normalize("NFC", name).casefold().rstrip("/")
        if info.is_dir() and seen.get(key, name) == name:
            seen[key] = name
        elif key in seen:
            findings.error(
                Place(f"{place.file}/{name}"), "import-archive",
                "it is there twice" if seen[key] == name else f"{seen[key]} is named like it",
                "pack it anew, without one of them",
            )  # fmt: skip
        seen.setdefault(key, name)
