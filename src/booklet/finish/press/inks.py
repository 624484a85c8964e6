"""Ink: the four process colours, their sum, and the limit that paper sets to it."""

from __future__ import annotations

import math
from functools import partial
from typing import Any, NamedTuple

from PIL import Image, ImageMath

STRIP = 256
"""Rows of a picture that are worked on at a time, which bounds the memory of a large one."""


class Inks(NamedTuple):
    """Coverage of each plate, from 0 to 1."""

    cyan: float
    magenta: float
    yellow: float
    black: float

    @property
    def total(self) -> float:
        """Coverage of all plates together, in per cent."""
        return 100 * sum(self)


PAPER = Inks(0, 0, 0, 0)
SOLID_BLACK = Inks(0, 0, 0, 1)


def limited(inks: Inks, limit: float) -> Inks:
    """Keep inks below a limit, in per cent: black stays, the colours lose in proportion.

    Grey balance and the drawing of dark parts, which black carries, stay as they are.
    """
    if inks.total <= limit:
        return inks
    black = min(inks.black, limit / 100)
    share = (limit / 100 - black) / (inks.total / 100 - inks.black)
    # Rounding down, so that what is written never exceeds the limit.
    cyan, magenta, yellow = (math.floor(ink * share * 10_000) / 10_000 for ink in inks[:3])
    return Inks(cyan, magenta, yellow, black)


def limit_bytes(values: bytes, limit: float) -> bytes:
    """Keep CMYK samples of 8 bits below a limit, with room for one rounding of each channel."""
    most = limit * 2.55 - 2
    out = bytearray(values)
    for at in range(0, len(out), 4):
        cyan, magenta, yellow, black = out[at : at + 4]
        if (total := cyan + magenta + yellow + black) > most:
            share = max(most - black, 0) / (total - black)
            out[at : at + 3] = bytes(int(ink * share) for ink in (cyan, magenta, yellow))
    return bytes(out)


def limit_picture(image: Image.Image, limit: float) -> Image.Image:
    """Keep each pixel of a CMYK picture below a limit, in per cent.

    Returns:
        The picture itself where nothing is above it.
    """
    out = image
    for top in range(0, image.height, STRIP):
        box = (0, top, image.width, min(top + STRIP, image.height))
        strip = image.crop(box)
        if (kept := _limit_strip(strip, limit)) is not None:
            out = image.copy() if out is image else out
            out.paste(kept, box)
    return out


def _limit_strip(strip: Image.Image, limit: float) -> Image.Image | None:
    """Keep a strip below a limit; None where it is already."""
    most = int(limit * 2.55)
    bands = dict(zip("cmyk", strip.split(), strict=True))
    total = ImageMath.lambda_eval(lambda a: a["c"] + a["m"] + a["y"] + a["k"], **bands)
    if total.getextrema()[1] <= most:
        return None

    def kept(a: dict[str, Any], name: str) -> Any:
        # A pixel within the limit has more room than colours, and so keeps what it has.
        colours = a["max"](a["total"] - a["k"], 1)
        room = a["max"](most - a["k"], 0)
        return a["convert"](a["min"](a[name], a[name] * room / colours), "L")

    colours = [
        ImageMath.lambda_eval(partial(kept, name=name), **bands, total=total) for name in "cmy"
    ]
    black = bands["k"].point(lambda value: min(value, most))
    return Image.merge("CMYK", [*colours, black])
