"""ICC profiles: what the header of one says, and whether a press can use it (ICC.1, 7.2)."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from PIL import ImageCms

SMALLEST, LARGEST = 132, 8 * 1024 * 1024
"""Bytes of a profile: a header and its table of tags, and more than any profile of a press."""

_CLASSES = {
    b"prtr": "an output device", b"mntr": "a monitor", b"scnr": "a scanner",
    b"link": "a device link", b"spac": "a colour space", b"abst": "an effect", b"nmcl": "names",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """What a profile says of itself.

    Attributes:
        device: ``prtr`` for an output device.
        space: ``CMYK``, ``RGB``, ``GRAY`` …
        version: Major and minor number of the profile's format.
        description: Its name, for people.
        copyright: Its terms, as it states them.
    """

    device: str
    space: str
    version: tuple[int, int]
    description: str
    copyright: str


def read_profile(data: bytes) -> ProfileFacts:
    """Read what a profile says of itself.

    Raises:
        ValueError: It is no profile, or not whole.
    """
    if not SMALLEST <= len(data) <= LARGEST or data[36:40] != b"acsp":
        msg = "it is no ICC profile"
        raise ValueError(msg)
    if struct.unpack(">I", data[:4])[0] > len(data):
        msg = "it is cut off"
        raise ValueError(msg)
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data)).profile
    except OSError as error:
        msg = "it cannot be read"
        raise ValueError(msg) from error
    return ProfileFacts(
        device=data[12:16].decode("latin-1"),
        space=data[16:20].decode("latin-1").strip(),
        version=(data[8], data[9] >> 4),
        description=" ".join((profile.profile_description or "").split()),
        copyright=" ".join((profile.copyright or "").split()),
    )


def press_profile_fault(data: bytes) -> str:
    """Say why a profile cannot be that of a press; '' where it can."""
    try:
        facts = read_profile(data)
    except ValueError as error:
        return str(error)
    if facts.device != "prtr":
        kind = _CLASSES.get(facts.device.encode("latin-1"), "something else")
        return f"it describes {kind}, not an output device"
    if facts.space != "CMYK":
        return f"it is for {facts.space}, not for CMYK"
    return ""
