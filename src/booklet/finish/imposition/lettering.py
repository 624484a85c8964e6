"""Letters drawn with a pen of one width, for the slug: no font, so nothing to embed.

Each letter is a set of strokes on a grid four wide and six high, its baseline at 0.
"""

from __future__ import annotations

from collections.abc import Iterator

Point = tuple[float, float]

HEIGHT, WIDTH, ADVANCE = 6, 4, 5.6

_STROKES = {
    "A": "00 26 40|12 32", "B": "00 06 36 45 44 33 03|33 42 41 30 00",
    "C": "45 36 16 05 01 10 30 41", "D": "00 06 26 44 42 20 00",
    "E": "40 00 06 46|03 33", "F": "00 06 46|03 33",
    "G": "45 36 16 05 01 10 30 41 43 23", "H": "00 06|40 46|03 43", "I": "10 30|20 26|16 36",
    "J": "01 10 20 31 36", "K": "00 06|46 02|13 40", "L": "06 00 40", "M": "00 06 23 46 40",
    "N": "00 06 40 46", "O": "10 01 05 16 36 45 41 30 10", "P": "00 06 36 45 44 33 03",
    "Q": "10 01 05 16 36 45 41 30 10|22 40", "R": "00 06 36 45 44 33 03|23 40",
    "S": "01 10 30 41 42 33 13 04 05 16 36 45", "T": "20 26|06 46", "U": "06 01 10 30 41 46",
    "V": "06 20 46", "W": "06 10 24 30 46", "X": "00 46|06 40", "Y": "06 23 46|23 20",
    "Z": "06 46 00 40", "0": "10 01 05 16 36 45 41 30 10|12 34", "1": "04 26 20|10 30",
    "2": "05 16 36 45 44 00 40", "3": "05 16 36 45 44 33 42 41 30 10 01|33 23",
    "4": "30 36 02 42", "5": "46 06 03 33 42 41 30 10 01",
    "6": "45 36 16 05 01 10 30 41 42 33 13 02", "7": "06 46 10",
    "8": "13 04 05 16 36 45 44 33 13 02 01 10 30 41 42 33",
    "9": "01 10 30 41 45 36 16 05 04 13 33 44", "/": "00 46", "-": "13 33", "–": "13 33",
    ".": "10 20", ":": "11 12|14 15", " ": "",
}  # fmt: skip

_LETTERS = {
    letter: tuple(
        tuple((int(at[0]), int(at[1])) for at in stroke.split()) for stroke in drawn.split("|")
    )
    for letter, drawn in _STROKES.items()
    if drawn
}


def width_of(text: str, height: float) -> float:
    """Tell how wide a text of a height is, in the unit of the height."""
    return ((len(text) - 1) * ADVANCE + WIDTH) * height / HEIGHT if text else 0.0


def strokes(text: str, start: Point, height: float) -> Iterator[tuple[Point, ...]]:
    """Draw a text as lines from point to point.

    Args:
        text: ASCII capitals, digits and a few marks; other characters leave a space.
        start: The left end of its baseline.
        height: Of the capitals.
    """
    scale, bottom = height / HEIGHT, start[1]
    for place, letter in enumerate(text.upper()):
        left = start[0] + place * ADVANCE * scale
        for stroke in _LETTERS.get(letter, ()):
            yield tuple([(left + x * scale, bottom + y * scale) for x, y in stroke])
