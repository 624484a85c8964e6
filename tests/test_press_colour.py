"""Inks: greys are black alone, the limit holds, gradients and pictures keep their looks."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops
from tests.press_pages import photo, profile, wide_gamut

from booklet.finish.press import PressError
from booklet.finish.press.functions import read_function, value_at
from booklet.finish.press.images import separate_image
from booklet.finish.press.inks import Inks, limit_bytes, limit_picture, limited
from booklet.finish.press.profile import press_profile_fault, read_profile
from booklet.finish.press.separation import (
    BlackSeparation,
    Colour,
    LightSeparation,
    MaskSeparation,
    ProcessSeparation,
    transformed,
)
from booklet.finish.press.shadings import separate_shading
from booklet.finish.press.spaces import lab_colour, read_space

channel = st.floats(0, 1)
colours = st.tuples(channel, channel, channel)
LIMITS = (220, 240, 300)


@cache
def process(limit: int = 300, *, keep_cmyk: bool = True) -> ProcessSeparation:
    return ProcessSeparation(profile(), limit, keep_cmyk=keep_cmyk)


def most(image: Image.Image) -> float:
    """The heaviest pixel of a CMYK picture, in per cent."""
    return round(max(map(sum, quads(image.tobytes()))) / 2.55, 6)


def quads(data: bytes) -> list[bytes]:
    """Cut CMYK samples into pixels."""
    return [data[at : at + 4] for at in range(0, len(data), 4)]


# ---- flat colours --------------------------------------------------------------------------------


@given(channel, st.floats(-0.005, 0.005))
def test_a_neutral_colour_is_black_alone(grey: float, drift: float) -> None:
    cyan, magenta, yellow, black = process().separate(Colour("rgb", (grey, grey + drift, grey)))
    assert (cyan, magenta, yellow) == (0, 0, 0)
    assert black == pytest.approx(1 - grey, abs=0.01)


@given(colours, st.sampled_from(LIMITS))
def test_no_colour_exceeds_the_limit(rgb: tuple[float, float, float], limit: int) -> None:
    assert Inks(*process(limit).separate(Colour("rgb", rgb))).total <= limit


@given(st.tuples(channel, channel, channel, channel), st.integers(200, 400))
def test_the_limit_takes_from_the_colours_in_proportion(
    inks: tuple[float, float, float, float], limit: int
) -> None:
    before, after = Inks(*inks), limited(Inks(*inks), limit)
    assert after.total <= limit + 1e-9 or after == before
    assert after.black == before.black
    shares = {round(b / a, 2) for a, b in zip(before[:3], after[:3], strict=True) if a > 0.1}
    assert len(shares) <= 2
    assert max(shares, default=1) - min(shares, default=1) <= 0.011


def test_colours_keep_their_order_of_lightness_and_white_has_no_ink() -> None:
    reds = [Inks(*process().separate(Colour("rgb", (1, v, v)))) for v in (0.2, 0.5, 0.8)]
    assert reds[0].magenta > reds[1].magenta > reds[2].magenta > reds[0].cyan
    assert process().separate(Colour("rgb", (1, 1, 1)), grey=False) == (0, 0, 0, 0)


def test_cmyk_stays_as_it_is_or_is_separated_anew() -> None:
    rich = Colour("cmyk", (0.6, 0.5, 0.4, 0.9))
    assert process().separate(rich) == (0.6, 0.5, 0.4, 0.9)
    assert process(keep_cmyk=False).separate(rich) != (0.6, 0.5, 0.4, 0.9)
    solid = Colour("cmyk", (0, 0, 0, 1))
    assert process(keep_cmyk=False).separate(solid) == (0, 0, 0, 1)


@given(colours)
def test_one_ink_is_as_dark_as_the_colour(rgb: tuple[float, float, float]) -> None:
    *others, black = BlackSeparation().separate(Colour("rgb", rgb))
    assert others == [0, 0, 0]
    light = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]
    assert MaskSeparation().separate(Colour("rgb", rgb))[0] == pytest.approx(light, abs=1e-4)
    assert black == pytest.approx(1 - light, abs=1e-4)


def test_light_stays_light_and_greys_need_one_value() -> None:
    light = LightSeparation(profile())
    red = light.separate(Colour("rgb", (1, 0, 0)))
    assert light.operator(red, stroke=False) == ((1, 0, 0), "rg")
    assert light.operator(light.separate(Colour("gray", (0.5,))), stroke=True) == ((0.5,), "G")
    assert light.separate(Colour("cmyk", (0, 1, 1, 0)))[0] > 0.7
    assert light.separate(Colour("cmyk", (0, 0, 0, 1))) == (0, 0, 0)


def test_lab_is_read_relative_to_its_white() -> None:
    assert lab_colour((100, 0, 0)).values == pytest.approx((1, 1, 1), abs=0.01)
    assert lab_colour((50, 0, 0)).values == pytest.approx((0.466, 0.466, 0.466), abs=0.01)
    red, green, blue = lab_colour((54.3, 80.8, 69.9)).values
    assert (red, green, blue) == pytest.approx((1, 0, 0), abs=0.03)


def test_a_colour_of_another_profile_is_read_by_it() -> None:
    green = process().separate(Colour("rgb", (1, 0, 0), wide_gamut()))
    red = process().separate(Colour("rgb", (1, 0, 0)))
    assert red[1] > 0.8
    assert green[1] < 0.3, "the other profile calls green what sRGB calls red"


def test_profiles_say_what_they_are() -> None:
    facts = read_profile(profile())
    assert (facts.device, facts.space) == ("prtr", "CMYK")
    assert "ISO Coated v2 300%" in facts.description
    assert press_profile_fault(profile()) == ""
    assert press_profile_fault(b"%PDF-1.4" * 40) == "it is no ICC profile"
    assert press_profile_fault(profile()[:5000]) == "it is cut off"
    assert "a monitor" in press_profile_fault(wide_gamut())


# ---- gradients -----------------------------------------------------------------------------------


def exponential(first: list[float], last: list[float]) -> Dictionary:
    return Dictionary(FunctionType=2, Domain=[0, 1], C0=first, C1=last, N=1)


def gradient(function: object, space: object = Name.DeviceRGB) -> Dictionary:
    return Dictionary(ShadingType=2, ColorSpace=space, Coords=[0, 0, 1, 0], Function=function)


def test_a_gradient_follows_its_colours_between_the_stops() -> None:
    pdf = pikepdf.new()
    done = separate_shading(pdf, gradient(exponential([1, 0, 0], [0, 0, 1])), process())
    assert done.ColorSpace == Name.DeviceCMYK
    pieces = read_function(done.Function)
    for place in (0, 0.25, 0.5, 1):
        wanted = process().separate(Colour("rgb", (1 - place, 0, place)), grey=False)
        assert value_at(pieces, place) == pytest.approx(wanted, abs=0.02)


def test_a_grey_gradient_stays_on_the_black_plate() -> None:
    done = separate_shading(pikepdf.new(), gradient(exponential([0, 0, 0], [1, 1, 1])), process())
    assert value_at(read_function(done.Function), 0.5) == pytest.approx((0, 0, 0, 0.5))


def test_a_hard_edge_of_a_gradient_stays_hard() -> None:
    function = Dictionary(
        FunctionType=3, Domain=[0, 2], Bounds=[0.5], Encode=[0, 1, 0, 1],
        Functions=[exponential([1, 0, 0], [1, 0, 0]), exponential([0, 0, 1], [0, 1, 1])],
    )  # fmt: skip
    pdf = pikepdf.new()
    done = separate_shading(pdf, gradient(function), process())
    pieces = read_function(done.Function)
    assert [(piece.start, piece.end) for piece in pieces] == [(0, 0.5), (0.5, 2)]
    red, blue = (process().separate(Colour("rgb", c), grey=False) for c in ((1, 0, 0), (0, 0, 1)))
    assert value_at(pieces, 0.5) == pytest.approx(red, abs=0.005)
    assert value_at(pieces, 0.5001) == pytest.approx(blue, abs=0.005)


def test_channels_may_have_functions_of_their_own() -> None:
    each = [exponential([c], [0]) for c in (1, 0.5, 0)]
    pdf = pikepdf.new()
    done = separate_shading(pdf, gradient(Array(each)), process())
    wanted = process().separate(Colour("rgb", (0.5, 0.25, 0)), grey=False)
    assert value_at(read_function(done.Function), 0.5) == pytest.approx(wanted, abs=0.02)


@pytest.mark.parametrize(
    ("shading", "words"),
    [
        (Dictionary(ShadingType=4, ColorSpace=Name.DeviceRGB), "a mesh"),
        (gradient(exponential([1], [0])), "1 values where its colours have 3"),
        (gradient(Dictionary(FunctionType=4, Domain=[0, 1])), "a function of type 4"),
        (gradient(exponential([1], [0]), Name.DeviceX), "the colour space DeviceX"),
    ],
)
def test_what_has_no_form_in_ink_is_refused(shading: Dictionary, words: str) -> None:
    with pytest.raises(PressError, match=words):
        separate_shading(pikepdf.new(), shading, process())


def test_a_function_that_holds_itself_is_refused() -> None:
    pdf = pikepdf.new()
    loop = pdf.make_indirect(Dictionary(FunctionType=3, Domain=[0, 1], Bounds=[], Encode=[0, 1]))
    loop.Functions = Array([loop])
    with pytest.raises(PressError, match="nested too deep"):
        read_function(loop)


def test_a_spot_colour_is_mixed_by_its_function() -> None:
    space = read_space(
        Array([Name.Separation, Name.Gold, Name.DeviceRGB, exponential([1, 1, 1], [1, 0.5, 0])])
    )
    assert (space.spot, space.channels) == ("Gold", 1)
    assert space.colour((0.5,)).values == pytest.approx((1, 0.75, 0.5))


# ---- pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", LIMITS)
def test_no_pixel_exceeds_the_limit(limit: int) -> None:
    assert most(process(limit).picture(photo())) <= limit
    heavy = Image.effect_noise((64, 300), 200)
    cmyk = Image.merge("CMYK", [heavy, heavy, heavy, heavy.rotate(180)])
    assert most(cmyk) > limit
    assert most(process(limit).picture(cmyk)) <= limit


@given(st.binary(min_size=4, max_size=64).filter(lambda data: len(data) % 4 == 0))
def test_bytes_and_pixels_are_limited_alike(data: bytes) -> None:
    done = limit_bytes(data, 240)
    image = limit_picture(Image.frombytes("CMYK", (len(data) // 4, 1), data), 240)
    for before, ours, pixel in zip(*map(quads, (data, done, image.tobytes())), strict=True):
        assert max(sum(ours), sum(pixel)) <= 240 * 2.55
        assert all(abs(a - b) <= 3 for a, b in zip(ours, pixel, strict=True))
        if sum(before) <= 240 * 2.55 - 2:
            assert ours == pixel == before


def test_the_table_of_pictures_agrees_with_the_profile() -> None:
    direct = transformed(photo(), b"", profile(), "CMYK")
    difference = ImageChops.difference(process(400).picture(photo()), direct)
    assert max(difference.tobytes()) <= 8


def test_pictures_without_colour_are_black_alone() -> None:
    grey = photo("L")
    assert process().picture(grey) is grey
    assert process().picture(grey.convert("RGB")).tobytes() == grey.tobytes()
    assert BlackSeparation().picture(photo()).mode == "L"


def xobject(pdf: pikepdf.Pdf, image: Image.Image, **keys: Any) -> pikepdf.Stream:
    space = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}[image.mode]
    stream = pdf.make_stream(image.tobytes())
    stream.update(
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=image.width, Height=image.height,
            ColorSpace=space, BitsPerComponent=8, **keys,
        )
    )  # fmt: skip
    return stream


def test_a_picture_of_black_and_white_becomes_line_art() -> None:
    pdf = pikepdf.new()
    image = xobject(pdf, photo("1").convert("RGB"))
    separate_image(pdf, image, process())
    assert (image.ColorSpace, int(image.BitsPerComponent)) == (Name.DeviceGray, 1)
    assert pikepdf.PdfImage(image).as_pil_image().tobytes() == photo("1").tobytes()


def test_a_picture_keeps_its_pixels_when_it_is_packed() -> None:
    pdf = pikepdf.new()
    image = xobject(pdf, photo(), Interpolate=True)
    separate_image(pdf, image, process())
    assert "/Interpolate" not in image
    wanted = process().picture(photo())
    assert image.read_bytes() == wanted.tobytes()
    assert len(image.read_raw_bytes()) < len(wanted.tobytes()) / 4


def test_a_finer_picture_is_reduced_and_line_art_is_not() -> None:
    pdf = pikepdf.new()
    fine, same, art = (
        xobject(pdf, source) for source in (photo(), photo(), photo("1").convert("L"))
    )
    separate_image(pdf, fine, process(), reduction=0.5)
    separate_image(pdf, same, process(), reduction=0.8)
    separate_image(pdf, art, process(), reduction=0.5)
    assert [int(image.Width) for image in (fine, same, art)] == [120, 240, 240]


@pytest.mark.parametrize("bits", [1, 2, 4, 16])
def test_samples_of_every_depth_are_read(bits: int) -> None:
    pdf = pikepdf.new()
    levels = list(range(1 << bits)) if bits < 16 else [0, 0x55AA, 0xFFFF, 0x8000]
    packed = int("".join(f"{level:0{bits}b}" for level in levels), 2)
    stream = pdf.make_stream(packed.to_bytes(max(bits * len(levels) // 8, 1), "big"))
    if bits == 1:
        stream.write(bytes([0b01_000000]))
    stream.update(
        Dictionary(
            Subtype=Name.Image, Width=len(levels), Height=1, ColorSpace=Name.CalGray,
            BitsPerComponent=bits, Decode=[1, 0],
        )
    )  # fmt: skip
    separate_image(pdf, stream, process())
    top = (1 << bits) - 1
    wanted = [255 - level * 255 // top for level in levels]
    found = pikepdf.PdfImage(stream).as_pil_image().convert("L").tobytes()
    assert all(abs(a - b) <= 1 for a, b in zip(found, wanted, strict=True))


def test_a_mask_by_colour_becomes_a_stencil() -> None:
    pdf = pikepdf.new()
    image = xobject(pdf, photo(), Mask=[0, 0, 0, 0, 0, 0])
    separate_image(pdf, image, process())
    mask = image.Mask
    hidden = Image.frombytes("1", (int(mask.Width), int(mask.Height)), mask.read_bytes())
    black = photo().point(lambda level: 0 if level else 255).split()
    wanted = ImageChops.darker(ImageChops.darker(black[0], black[1]), black[2])
    assert hidden.convert("L").tobytes() == wanted.tobytes()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Decode": [0, 0.5] * 3}, "unusual /Decode"),
        ({"Width": 5000}, "is cut off"),
        (
            {"Width": 100_000, "Height": 100_000},
            "too many pixels .limit picture-pixels: 100,000,000",
        ),
        ({"BitsPerComponent": 4}, "3 channels of 4 bits"),
        ({"Filter": Name.DCTDecode}, "cannot be decoded"),
    ],
)
def test_a_picture_that_cannot_be_read_is_refused(change: dict[str, Any], words: str) -> None:
    pdf = pikepdf.new()
    image = xobject(pdf, photo())
    if "Filter" in change:
        image.write(b"no JPEG", filter=Name.DCTDecode)
    else:
        image.update(Dictionary(**change))
    with pytest.raises(PressError, match=words):
        separate_image(pdf, image, process())


def test_a_profile_inside_a_jpeg_is_respected() -> None:
    pdf = pikepdf.new()
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (255, 0, 0)).save(file, "JPEG", icc_profile=wide_gamut())
    image = xobject(pdf, Image.new("RGB", (8, 8)))
    image.write(file.getvalue(), filter=Name.DCTDecode)
    separate_image(pdf, image, process())
    assert image.ColorSpace == Name.DeviceCMYK
    assert image.Filter == Name.DCTDecode
    with Image.open(io.BytesIO(image.read_raw_bytes())) as done:
        magenta = done.getpixel((4, 4))
    assert isinstance(magenta, tuple)
    assert magenta[1] < 80, "the embedded profile calls it green"
