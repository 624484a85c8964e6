"""Pictures with a colour space of their own, brought to sRGB before a page takes them.

The renderer drops the profile of a PNG or WebP and takes its numbers for sRGB, which dulls the
pictures of cameras that see more. A JPEG keeps its profile in the file, and is left alone.
"""

from __future__ import annotations

import io

from PIL import Image, ImageCms

_KINDS = frozenset({"image/png", "image/webp"})


def in_srgb(data: bytes, kind: str) -> bytes:
    """Give a picture in sRGB: itself, or a PNG if it had a profile that is another.

    Args:
        data: The file.
        kind: Its media type.
    """
    if kind not in _KINDS:
        return data
    try:
        with Image.open(io.BytesIO(data)) as image:
            profile = image.info.get("icc_profile")
            if not isinstance(profile, bytes) or not profile:
                return data
            changed = _converted(image, profile)
    except (OSError, ValueError, ImageCms.PyCMSError):
        return data  # a broken profile says nothing
    if changed is None:
        return data
    file = io.BytesIO()
    changed.save(file, "PNG")
    return file.getvalue()


def _converted(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Convert a picture; None where it is sRGB already, or no picture in RGB."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if source.profile.xcolor_space.strip() != "RGB":
        return None
    if "srgb" in (source.profile.profile_description or "").lower():
        return None
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    target = ImageCms.createProfile("sRGB")
    changed = ImageCms.profileToProfile(
        image.convert("RGB"), source, target, ImageCms.Intent.RELATIVE_COLORIMETRIC, "RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )  # fmt: skip
    if changed is not None and alpha is not None:
        changed.putalpha(alpha)
    if changed is not None:
        changed.info.pop("icc_profile", None)
    return changed
