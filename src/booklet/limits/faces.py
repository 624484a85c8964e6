"""Packed fonts, before they are unpacked: what their headers declare (WOFF 1.0, WOFF 2.0)."""

from __future__ import annotations

import zlib

from booklet.limits.current import named, value

_ENTRY = 20
"""Bytes of an entry of the table directory (WOFF 1.0, 5)."""

_RATIO = 200
"""How much smaller than its font no honest WOFF2 is."""


def fault_of_font(data: bytes) -> str:
    """Say what is wrong with the sizes of a font, or ''. Fonts that are not packed have none."""
    if data[:4] not in {b"wOFF", b"wOF2"}:
        return ""
    if len(data) < 48:
        return "the font is cut off"
    declared, most = int.from_bytes(data[16:20], "big"), value("font-size")
    if declared > most:
        return f"the font unpacks to {declared:,} bytes ({named('font-size')})"
    if data[:4] == b"wOF2":
        lies = declared > _RATIO * len(data)
        return (
            f"the font claims to unpack to {declared // len(data)} times its size" if lies else ""
        )
    return _fault_of_tables(data, most)


def _fault_of_tables(data: bytes, most: int) -> str:
    count, total = int.from_bytes(data[12:14], "big"), 0
    for number in range(count):
        entry = data[44 + number * _ENTRY :][:_ENTRY]
        if len(entry) < _ENTRY:
            return "the font is cut off"
        start, packed, size = (int.from_bytes(entry[at : at + 4], "big") for at in (4, 8, 12))
        total += size
        if start + packed > len(data):
            return "the font is cut off"
        if total > most:
            return f"the tables of the font unpack to more than it may have ({named('font-size')})"
        if packed < size and _longer(data[start : start + packed], size):
            return f"a table of the font is larger than it claims ({named('font-size')})"
    return ""


def _longer(packed: bytes, size: int) -> bool:
    """Tell whether a table unpacks to more than it declares, without unpacking more than that."""
    unpacker = zlib.decompressobj()
    try:
        return len(unpacker.decompress(packed, size + 1)) > size
    except zlib.error:
        return False  # damaged, which whoever reads it will say
