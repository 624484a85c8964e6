"""Colours of the e-book, made from the theme's tokens.

Paper is white, a screen need not be. A tint therefore becomes a veil that lets the page shine
through, and an accent gets a lighter twin for the night. ``epub.css`` says which is wanted in a
comment before a colour, ``/*veil tint*/ rgba(…)``, and the colour made from the token goes there.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping

_WANTED = re.compile(
    r"(?P<comment>/\*\s*(?P<kind>veil|line|night-veil|night-line|night)\s+(?P<token>[a-z][a-z0-9-]*)"
    r"\s*\*/)\s*(?P<own>#[0-9a-fA-F]{6}\b|rgba\([^)]*\))"
)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NIGHT = (0x12 / 255,) * 3
_LEGIBLE = 6.5
"""Contrast of an accent with a dark page; WCAG 2.2, 1.4.3, asks for 4.5."""

Rgb = tuple[float, float, float]


def colour_sheet(css: str, tokens: Mapping[str, str], colours: Mapping[str, str]) -> str:
    """Write a publication's tokens into the style sheet of its e-book.

    Args:
        css: The theme's ``epub.css``.
        tokens: Value of each token.
        colours: Defaults of the tokens → the values that take their place.
    """

    def make(match: re.Match[str]) -> str:
        value = tokens.get(match["token"], "")
        if not _COLOUR.fullmatch(value):
            return match[0]
        return f"{match['comment']} {derive(match['kind'], value)}"

    if colours:
        pattern = "|".join(map(re.escape, colours))
        css = re.sub(pattern, lambda match: colours[match[0]], css)
    return _WANTED.sub(make, css)


def derive(kind: str, colour: str) -> str:
    """Make a colour of one kind from ``#rrggbb``.

    Args:
        kind: ``veil``, over white the colour itself; ``line``, twice as strong; ``night``, light
            enough for a dark page; ``night-veil`` and ``night-line``.
        colour: The token.
    """
    rgb = _parse(colour)
    if kind == "night":
        return _hex(_lightened(rgb))
    strength = max(1 - min(rgb), 0.06)
    veil = tuple(max((part - 1 + strength) / strength, 0) for part in rgb)
    if kind.startswith("night"):
        hue, _, saturation = colorsys.rgb_to_hls(*veil)
        veil = colorsys.hls_to_rgb(hue, 0.72, min(saturation, 0.7))
        strength += 0.05
    if kind.endswith("line"):
        strength = min(strength * 2, 1)
    red, green, blue = (round(part * 255) for part in veil)
    return f"rgba({red}, {green}, {blue}, {round(strength, 2):g})"


def contrast(one: Rgb, other: Rgb) -> float:
    """Give the contrast of two colours (WCAG 2.2, "contrast ratio"), 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _lightened(rgb: Rgb) -> Rgb:
    """Lighten a colour, keeping its hue, until it can be read on a dark page."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*rgb)
    while contrast(rgb, _NIGHT) < _LEGIBLE and lightness < 1:
        lightness = min(lightness + 0.01, 1)
        rgb = colorsys.hls_to_rgb(hue, lightness, saturation)
    return rgb


def _luminance(rgb: Rgb) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _parse(colour: str) -> Rgb:
    number = int(colour.removeprefix("#"), 16)
    return (number >> 16) / 255, (number >> 8 & 255) / 255, (number & 255) / 255


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
