"""Pictures: their pixels get the inks of the press, and no more of them than it can use."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops, UnidentifiedImageError

from booklet import limits
from booklet.finish.press.job import PressError
from booklet.finish.press.separation import Separation, transformed
from booklet.finish.press.shadings import separate_spot
from booklet.finish.press.spaces import PLATES, Space, read_space

JPEG_QUALITY = 95
"""A second compression that nobody sees, at about the size of the first."""

OVERSIZE = 1.5
"""How much finer than asked for a picture must be before it is reduced: less would only blur it."""

_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_NAMES = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
_DROPPED = ("/Interpolate", "/Intent", "/Alternates", "/OPI", "/Metadata", "/OC", "/StructParent")
_LOSSY = ("/DCTDecode", "/JPXDecode")


def separate_image(
    pdf: pikepdf.Pdf,
    image: Any,
    separation: Separation,
    spots: frozenset[str] = frozenset(),
    reduction: float = 1.0,
) -> None:
    """Give a picture of a PDF the inks of the press, in place.

    Args:
        pdf: Where it belongs.
        image: An image XObject.
        separation: Gives the inks.
        spots: Plates that may stay as they are.
        reduction: Share of its width and height that is enough at its placed size.

    Raises:
        PressError: Its colours or its coding cannot be read.
    """
    for key in _DROPPED:
        if key in image:
            del image[key]
    if image.get("/ImageMask", False):
        return  # a stencil: the page colours it
    if (mask := image.get("/SMask")) is not None and "/Matte" in mask:
        msg = "a picture that is blended with its ground already cannot be separated"
        raise PressError(msg, "save it with a plain alpha channel, or without one")
    if "/ColorSpace" not in image:
        raise _unreadable("has no colour space")
    if isinstance(image.ColorSpace, Array) and image.ColorSpace[0] == Name.Indexed:
        _separate_palette(image, separation)
        return
    space = read_space(image.ColorSpace)
    if space.spot and (space.spot in spots or space.spot in PLATES):
        image.ColorSpace = separate_spot(pdf, image.ColorSpace, separation)
        return
    original, lossy = _pixels(image, space)
    pixels = _reduced(original, reduction)
    if isinstance(image.get("/Mask"), Array):
        image.Mask = _stencil(pdf, image, original)
    if space.spot:
        pixels = _mixed(pixels, space)
    done = separation.picture(pixels, space.profile or _embedded_profile(image, space))
    if done is original and image.get("/BitsPerComponent") != 16:  # which PDF 1.4 does not know
        image.ColorSpace = _NAMES[done.mode]
    else:
        _write(image, done, lossy=lossy)


def blend_image(pdf: pikepdf.Pdf, image: Any, ground: Sequence[float], opacity: float) -> Any:
    """Lay a picture with an alpha channel on an even ground.

    Args:
        pdf: Where it belongs.
        image: An image XObject; it stays as it is.
        ground: Red, green and blue of what lies below, from 0 to 1.
        opacity: Of the whole picture.

    Returns:
        A new, opaque image XObject.

    Raises:
        PressError: Its colours or its coding cannot be read.
    """
    space = read_space(image.ColorSpace)
    pixels, _ = _pixels(image, space)
    if pixels.mode == "CMYK" or space.spot or "/Mask" in image:
        raise _unreadable("that is transparent is neither RGB nor grey")
    if space.profile:
        pixels = transformed(pixels, space.profile, b"", "RGB")
    veil = Image.new("L", pixels.size, 255)
    if (mask := image.get("/SMask")) is not None:
        veil = _pixels(mask, read_space(mask.ColorSpace))[0].resize(pixels.size)
    if opacity < 1:
        veil = veil.point([round(level * opacity) for level in range(256)])
    red, green, blue = (round(value * 255) for value in ground)
    below = Image.new("RGB", pixels.size, (red, green, blue))
    new = pdf.make_stream(b"")
    new.Type, new.Subtype = Name.XObject, Name.Image
    _write(new, Image.composite(pixels.convert("RGB"), below, veil), lossy=False)
    return new


def _reduced(pixels: Image.Image, share: float) -> Image.Image:
    """Reduce a picture that is finer than any screen shows; line art keeps its edges."""
    if share * OVERSIZE >= 1 or _is_bilevel(pixels):
        return pixels
    width, height = (max(round(side * share), 1) for side in pixels.size)
    return pixels.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _pixels(image: Any, space: Space) -> tuple[Image.Image, bool]:
    """Give the pixels of an image, and whether its compression is one that loses."""
    size = (int(image.Width), int(image.Height))
    if size[0] * size[1] > limits.value("picture-pixels"):
        why = f"has too many pixels ({limits.named('picture-pixels')})"
        raise _unreadable(why)
    filters = image.get("/Filter")
    last = filters[-1] if isinstance(filters, Array) and len(filters) else filters
    lossy = last is not None and str(last) in _LOSSY
    try:
        if lossy and not isinstance(filters, Array):
            with Image.open(io.BytesIO(image.read_raw_bytes())) as opened:
                pixels: Image.Image = opened.copy()
                inverted = opened.format == "JPEG" and opened.mode == "CMYK"
            if inverted:  # Pillow turns CMYK round as Adobe does, a PDF leaves that to /Decode
                pixels = ImageChops.invert(pixels)
        else:
            pixels = _raw_pixels(image, space, size)
    except (UnidentifiedImageError, OSError, ValueError, pikepdf.PdfError) as error:
        why = f"cannot be decoded: {error}"
        raise _unreadable(why) from error
    wanted = _MODES[space.channels]
    if pixels.mode != wanted:
        pixels = pixels.convert(wanted)
    return _decoded(image, pixels, space), lossy


def _raw_pixels(image: Any, space: Space, size: tuple[int, int]) -> Image.Image:
    """Read samples that are packed without loss."""
    bits = int(image.get("/BitsPerComponent", 8))
    if bits not in (8, 16):
        return _few_bits(image, space, size, bits)
    data = image.read_bytes()
    samples = data if bits == 8 else data[::2]  # the upper half of each sample
    wanted = size[0] * size[1] * space.channels
    if len(samples) < wanted:
        raise _unreadable("is cut off")
    return Image.frombytes(_MODES[space.channels], size, samples[:wanted])


def _few_bits(image: Any, space: Space, size: tuple[int, int], bits: int) -> Image.Image:
    """Read greys of 1, 2 or 4 bits, each row of which begins with a byte of its own."""
    if space.channels != 1 or bits not in (1, 2, 4):
        why = f"has {space.channels} channels of {bits} bits"
        raise _unreadable(why)
    try:
        data = image.read_bytes()
    except pikepdf.PdfError:  # the codings of fax machines, which qpdf does not undo
        return pikepdf.PdfImage(image).as_pil_image().convert("L")
    if bits == 1:
        return Image.frombytes("1", size, data).convert("L")
    return Image.frombytes("L", size, data, "raw", f"L;{bits}")


def _decoded(image: Any, pixels: Image.Image, space: Space) -> Image.Image:
    """Apply the picture's /Decode: turned round, or as it is."""
    decode = [float(value) for value in image.get("/Decode", [])]
    if not decode or decode == [0, 1] * space.channels:
        return pixels
    if decode == [1, 0] * space.channels:
        return ImageChops.invert(pixels)
    raise _unreadable("has an unusual /Decode")


def _embedded_profile(image: Any, space: Space) -> bytes:
    """Give the profile that a JPEG holds, where the PDF says no more than RGB or CMYK."""
    if space.profile or image.get("/Filter") != Name.DCTDecode:
        return b""
    with Image.open(io.BytesIO(image.read_raw_bytes())) as opened:
        profile = opened.info.get("icc_profile")
    fits = {"rgb": b"RGB ", "cmyk": b"CMYK"}
    kind = space.colour(space.initial).kind
    if isinstance(profile, bytes) and len(profile) > 132 and profile[16:20] == fits.get(kind):
        return profile
    return b""


def _mixed(pixels: Image.Image, space: Space) -> Image.Image:
    """Mix a picture in a spot colour from process colours."""
    tints = [space.colour((level / 255,)) for level in range(256)]
    channels = len(tints[0].values)
    bands = [
        pixels.point([round(min(max(tint.values[band], 0), 1) * 255) for tint in tints])
        for band in range(channels)
    ]
    return bands[0] if channels == 1 else Image.merge(_MODES[channels], bands)


def _separate_palette(image: Any, separation: Separation) -> None:
    """Separate the colours of a palette; the pixels stay."""
    _, base, high, table = image.ColorSpace
    space = read_space(base)
    data = table.read_bytes() if isinstance(table, pikepdf.Stream) else bytes(table)
    count = min(int(high) + 1, len(data) // space.channels)
    colours = [
        space.colour(tuple(v / 255 for v in data[at * space.channels : (at + 1) * space.channels]))
        for at in range(count)
    ]
    done = [separation.separate(colour) for colour in colours]
    entries = bytes(round(value * 255) for values in done for value in values)
    image.ColorSpace = Array(
        [Name.Indexed, Name(separation.space), count - 1, pikepdf.String(entries)]
    )


def _stencil(pdf: pikepdf.Pdf, image: Any, pixels: Image.Image) -> Any:
    """Turn a mask by colour into a mask of its own: 1 hides (ISO 32000-1, 8.9.6.3 and .4)."""
    limits = [int(value) for value in image.Mask]
    hidden = Image.new("L", pixels.size, 255)
    for band, low, high in zip(pixels.split(), limits[::2], limits[1::2], strict=True):
        within = band.point([255 if low <= level <= high else 0 for level in range(256)])
        hidden = ImageChops.darker(hidden, within)
    stencil = pdf.make_stream(hidden.convert("1").tobytes())
    stencil.update(
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, ImageMask=True, BitsPerComponent=1,
            Width=pixels.width, Height=pixels.height,
        )
    )  # fmt: skip
    return stencil


def _write(image: Any, pixels: Image.Image, *, lossy: bool) -> None:
    """Put pixels into an image XObject, compressed as it was."""
    for key in ("/DecodeParms", "/Decode"):
        if key in image:
            del image[key]
    bilevel = _is_bilevel(pixels)
    image.Width, image.Height = pixels.size
    image.BitsPerComponent = 1 if bilevel else 8
    image.ColorSpace = _NAMES[pixels.mode]
    if bilevel:
        image.write(pixels.convert("1", dither=Image.Dither.NONE).tobytes())
    elif lossy:
        file = io.BytesIO()
        pixels.save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0)
        image.write(file.getvalue(), filter=Name.DCTDecode)
        if pixels.mode == "CMYK":  # Pillow writes it turned round, as Adobe does
            image.Decode = Array([1, 0] * 4)
    else:
        _write_differences(image, pixels)


def _write_differences(image: Any, pixels: Image.Image) -> None:
    """Write pixels, or their differences to the left neighbour if those are smaller."""
    plain = zlib.compress(pixels.tobytes())
    differences = ImageChops.subtract_modulo(pixels, ImageChops.offset(pixels, 1, 0))
    differences.paste(pixels.crop((0, 0, 1, pixels.height)), (0, 0))
    packed = zlib.compress(differences.tobytes())
    if len(plain) <= len(packed):
        image.write(plain, filter=Name.FlateDecode)
        return
    parameters = Dictionary(
        Predictor=2, Columns=pixels.width, Colors=len(pixels.getbands()), BitsPerComponent=8
    )
    image.write(packed, filter=Name.FlateDecode, decode_parms=parameters)


def _is_bilevel(pixels: Image.Image) -> bool:
    """Tell whether a picture is line art: black and white and nothing between."""
    return pixels.mode == "L" and not any(pixels.histogram()[1:255])


def _unreadable(why: str) -> PressError:
    return PressError(f"a picture {why}", "export it again as PNG or JPEG")
