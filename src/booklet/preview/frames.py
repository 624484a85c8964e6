"""What server and worker say to each other: frames of JSON, with bytes behind it.

Nothing is unpickled: the worker runs templates of strangers, and its word is only data.
"""

from __future__ import annotations

import asyncio
import json
import os
import struct
from collections.abc import Mapping
from typing import Any

Message = dict[str, Any]

_SIZES = struct.Struct(">II")
LARGEST = 512 * 1024 * 1024
"""Bytes behind one message."""


def write_frame(handle: int, message: Mapping[str, Any], blob: bytes = b"") -> None:
    """Write a frame to a file descriptor."""
    data = memoryview(pack(message, blob))
    while data:
        data = data[os.write(handle, data) :]


def pack(message: Mapping[str, Any], blob: bytes = b"") -> bytes:
    """Give the bytes of a frame."""
    head = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
    return _SIZES.pack(len(head), len(blob)) + head + blob


def read_frame(handle: int) -> tuple[Message, bytes] | None:
    """Read a frame from a file descriptor, waiting for all of it; None at the end."""
    sizes = _read(handle, _SIZES.size)
    if sizes is None:
        return None
    head, blob = _SIZES.unpack(sizes)
    data = _read(handle, head + blob)
    return None if data is None else (json.loads(data[:head]), data[head:])


def _read(handle: int, size: int) -> bytes | None:
    parts = []
    while size:
        part = os.read(handle, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


async def receive(reader: asyncio.StreamReader) -> tuple[Message, bytes] | None:
    """Read a frame from a stream; None at the end."""
    try:
        head, blob = _SIZES.unpack(await reader.readexactly(_SIZES.size))
        if head + blob > LARGEST:
            return None
        data = await reader.readexactly(head + blob)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return json.loads(data[:head]), data[head:]
