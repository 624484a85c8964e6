"""Separation: which inks print a colour, for each kind of press and for what is no colour at all.

Neutral colours go to the black plate alone, or else grey type would need four plates in register.
All others go through the ICC profile of the printing condition, relative to the paper and with
black point compensation; pictures as well, so that a tint and a picture of it meet unseen.
"""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from PIL import Image, ImageChops, ImageCms, ImageFilter

from booklet.finish.press.inks import PAPER, Inks, limit_bytes, limit_picture, limited

Values = tuple[float, ...]
Kind = Literal["gray", "rgb", "cmyk"]

NEUTRAL = 0.012
"""Difference of the channels of RGB up to which a colour is grey: 3 in 255."""

NEUTRAL_PICTURE = 4
"""The same for the pixels of a picture, in 255."""

GRID = 33
"""Points along each side of the table by which pictures are separated."""

_LUMA = (0.299, 0.587, 0.114)
_RELATIVE = ImageCms.Intent.RELATIVE_COLORIMETRIC
_COMPENSATED = ImageCms.Flags.BLACKPOINTCOMPENSATION


class Colour(NamedTuple):
    """A colour as a page asks for it, each value from 0 to 1.

    Attributes:
        profile: Its own ICC profile; empty for sRGB, or for the CMYK of the press.
    """

    kind: Kind
    values: Values
    profile: bytes = b""

    @property
    def neutral(self) -> bool:
        """Tell whether it is a grey, black or white."""
        if self.kind == "cmyk":
            return not any(self.values[:3])
        return max(self.values) - min(self.values) <= NEUTRAL


BLACK = Colour("gray", (0.0,))


class Separation(ABC):
    """Gives every colour the inks, or the light, that it is printed with.

    Attributes:
        space: Name of the colour space that it gives.
        channels: Values of a colour there.
    """

    space: str
    channels: int

    def __init__(self) -> None:
        self.separate = lru_cache(maxsize=4096)(self._separate)

    @abstractmethod
    def _separate(self, colour: Colour, *, grey: bool = True) -> Values: ...

    @abstractmethod
    def picture(self, image: Image.Image, profile: bytes = b"") -> Image.Image:
        """Give the pixels of a picture (mode L, RGB or CMYK) the same treatment.

        Returns:
            Mode L where one channel is enough, else a mode of this colour space.
        """

    def operator(self, values: Values, *, stroke: bool) -> tuple[Values, str]:
        """Give operands and operator that choose a colour, by what `separate` gave."""
        name = {1: "g", 3: "rg", 4: "k"}[len(values)]
        return values, name.upper() if stroke else name


class ProcessSeparation(Separation):
    """Cyan, magenta, yellow and black."""

    space, channels = "/DeviceCMYK", 4

    def __init__(self, profile: bytes, limit: float, *, keep_cmyk: bool = True) -> None:
        """Separate for a printing condition.

        Args:
            profile: Of the condition; class ``prtr``, CMYK.
            limit: Per cent of ink in any one place.
            keep_cmyk: Leave alone what is CMYK already, but for the limit.
        """
        super().__init__()
        self._profile, self._limit, self._keep = profile, limit, keep_cmyk
        self._tables: dict[bytes, ImageFilter.Color3DLUT] = {}

    def _separate(self, colour: Colour, *, grey: bool = True) -> Values:
        if grey and colour.neutral and colour.kind != "cmyk":
            mean = sum(colour.values) / len(colour.values)
            return Inks(0, 0, 0, round(1 - min(max(mean, 0), 1), 4))
        if colour.kind == "cmyk":
            return self._reprint(colour)
        red, green, blue = colour.values * 3 if colour.kind == "gray" else colour.values
        if min(red, green, blue) >= 1:
            return PAPER  # a profile may give white a trace of ink
        pixel = _pixel("RGB", (red, green, blue))
        return self._limited(transformed(pixel, colour.profile, self._profile, "CMYK"))

    def _reprint(self, colour: Colour) -> Values:
        inks = Inks(*(round(min(max(value, 0), 1), 4) for value in colour.values))
        if self._keep or colour.neutral:
            return limited(inks, self._limit)
        pixel = _pixel("CMYK", inks)
        source = colour.profile or self._profile
        return self._limited(transformed(pixel, source, self._profile, "CMYK"))

    def _limited(self, pixel: Image.Image) -> Values:
        values = pixel.tobytes()
        return limited(Inks(*(round(value / 255, 4) for value in values)), self._limit)

    def picture(self, image: Image.Image, profile: bytes = b"") -> Image.Image:
        """Give a picture its inks: grey ones black alone, all others within the limit."""
        if image.mode == "L":
            return image
        if image.mode == "CMYK":
            if not self._keep:
                image = transformed(image, profile or self._profile, self._profile, "CMYK")
            return limit_picture(image, self._limit)
        if is_neutral(image):
            return image.convert("L")
        if profile not in self._tables:
            self._tables[profile] = self._table(profile)
        return image.filter(self._tables[profile])

    def _table(self, profile: bytes) -> ImageFilter.Color3DLUT:
        """Separate a grid of colours; what is interpolated between them keeps the limit too."""
        steps = [round(255 * step / (GRID - 1)) for step in range(GRID)]
        grid = bytes(
            v for blue in steps for green in steps for red in steps for v in (red, green, blue)
        )
        pixels = Image.frombytes("RGB", (GRID * GRID, GRID), grid)
        values = transformed(pixels, profile, self._profile, "CMYK").tobytes()
        values = limit_bytes(values[:-4] + bytes(4), self._limit)  # the last is white
        table = [value / 255 for value in values]
        return ImageFilter.Color3DLUT(GRID, table, channels=4, target_mode="CMYK")


class BlackSeparation(Separation):
    """Black alone, by how light a colour is."""

    space, channels = "/DeviceCMYK", 4

    def _separate(self, colour: Colour, *, grey: bool = True) -> Values:
        return Inks(0, 0, 0, round(1 - lightness(colour), 4))

    def picture(self, image: Image.Image, profile: bytes = b"") -> Image.Image:
        """Reduce a picture to its lightness."""
        return light_picture(image, profile)


class LightSeparation(Separation):
    """No ink but light: sRGB for printers who separate themselves."""

    space, channels = "/DeviceRGB", 3

    def __init__(self, profile: bytes = b"") -> None:
        """Convert CMYK by the profile of a printing condition, or by rule of thumb without one."""
        super().__init__()
        self._profile = profile

    def _separate(self, colour: Colour, *, grey: bool = True) -> Values:
        if colour.kind == "gray" or (colour.kind == "cmyk" and colour.neutral):
            return (lightness(colour),) * 3
        source = colour.profile or (self._profile if colour.kind == "cmyk" else b"")
        if colour.kind == "cmyk" and not source:
            cyan, magenta, yellow, black = colour.values
            return tuple(1 - min(1, ink + black) for ink in (cyan, magenta, yellow))
        if not source:
            return tuple(round(min(max(value, 0), 1), 4) for value in colour.values)
        pixel = _pixel(colour.kind.upper(), colour.values)
        return tuple(round(v / 255, 4) for v in transformed(pixel, source, b"", "RGB").tobytes())

    def picture(self, image: Image.Image, profile: bytes = b"") -> Image.Image:
        """Convert a picture to sRGB, or to grey where it has no colour."""
        if image.mode == "L":
            return image
        if image.mode == "CMYK":
            source = profile or self._profile
            image = transformed(image, source, b"", "RGB") if source else image.convert("RGB")
        elif image.mode == "RGB" and profile:
            image = transformed(image, profile, b"", "RGB")
        return image.convert("L") if is_neutral(image) else image

    def operator(self, values: Values, *, stroke: bool) -> tuple[Values, str]:
        """Choose a colour; a grey needs one value."""
        return super().operator(values[:1] if len(set(values)) == 1 else values, stroke=stroke)


class MaskSeparation(Separation):
    """No colour at all: how much a luminosity mask lets through (ISO 32000-1, 11.5.3)."""

    space, channels = "/DeviceGray", 1

    def _separate(self, colour: Colour, *, grey: bool = True) -> Values:
        return (round(lightness(colour), 4),)

    def picture(self, image: Image.Image, profile: bytes = b"") -> Image.Image:
        """Reduce a picture to its lightness."""
        return light_picture(image, profile)


class _Srgb:
    @cached_property
    def profile(self) -> ImageCms.ImageCmsProfile:
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


_SRGB = _Srgb()


def transformed(image: Image.Image, source: bytes, target: bytes, mode: str) -> Image.Image:
    """Convert a picture between profiles; no profile stands for sRGB."""
    changed = Image.new(mode, image.size)
    # Pillow's own way attaches the profile to the result, which takes longer than the pixel.
    _transform(source, target, image.mode, mode).transform.apply(image.getim(), changed.getim())
    return changed


@lru_cache(maxsize=16)
def _transform(source: bytes, target: bytes, before: str, after: str) -> ImageCms.ImageCmsTransform:
    first, last = (
        ImageCms.ImageCmsProfile(io.BytesIO(data)) if data else _SRGB.profile
        for data in (source, target)
    )
    return ImageCms.buildTransform(first, last, before, after, _RELATIVE, _COMPENSATED)


def lightness(colour: Colour) -> float:
    """Tell how light a colour is, from 0 to 1 (ISO 32000-1, 10.3.3 and 10.3.5)."""
    values = colour.values
    if colour.kind == "cmyk":
        light = 1 - sum(w * v for w, v in zip(_LUMA, values[:3], strict=True)) - values[3]
    elif colour.kind == "rgb":
        light = sum(w * v for w, v in zip(_LUMA, values, strict=True))
    else:
        light = values[0]
    return min(max(light, 0.0), 1.0)


def light_picture(image: Image.Image, profile: bytes = b"") -> Image.Image:
    """Reduce a picture to its lightness."""
    if image.mode == "L":
        return image
    if image.mode == "RGB" and profile:
        image = transformed(image, profile, b"", "RGB")
    return image.convert("RGB").convert("L")


def is_neutral(image: Image.Image) -> bool:
    """Tell whether no pixel of a picture has a colour."""
    red, green, blue = image.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    least = ImageChops.darker(ImageChops.darker(red, green), blue)
    extrema = ImageChops.subtract(most, least).getextrema()
    return int(extrema[1]) <= NEUTRAL_PICTURE  # type: ignore[arg-type]


def _pixel(mode: str, values: Values) -> Image.Image:
    channels = bytes(round(min(max(value, 0), 1) * 255) for value in values)
    return Image.frombytes(mode, (1, 1), channels)
