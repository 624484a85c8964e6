"""What the manuscript says, run by run, before anything is made of it.

The transcript is taken from the parsed source on a path of its own, so that an output can be
compared with the manuscript and not with what we made of the manuscript.
"""

from __future__ import annotations

from dataclasses import dataclass

from booklet.errors import Place

INVISIBLE = dict.fromkeys(
    [0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
)
"""Characters that shape or break text and leave no mark of their own on the page."""


def visible(text: str) -> str:
    """Keep the characters that leave a mark: no white space, nothing invisible."""
    return "".join(text.split()).translate(INVISIBLE)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of manuscript text.

    Attributes:
        stream: ``title``, ``front-1`` …, ``body``, or ``note-ID``. Each stream is set in its own
            place of the book and keeps its order; between streams no order is promised.
        text: The characters, readings of ruby and words of pictures' captions included.
        place: Where the run begins in the source.
    """

    stream: str
    text: str
    place: Place
