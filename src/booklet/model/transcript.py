"""What the manuscript says, run by run, before anything is made of it.

The transcript is taken from the parsed source on a path of its own, so that an output can be
compared with the manuscript and not with what we made of the manuscript.
"""

from __future__ import annotations

from dataclasses import dataclass

from booklet.errors import Place


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
