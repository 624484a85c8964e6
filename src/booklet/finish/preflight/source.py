"""Open a file, anybody's, within limits; and read its objects without trusting them.

Whatever is damaged or beyond the limits becomes `Damage`, which the caller reports: a hostile file
costs bounded time and memory, and never stops the check.
"""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from booklet import limits
from booklet.finish.preflight.geometry import Box

MOST_WARNINGS = 200
"""Repairs after which a file counts as beyond repair."""

DEEPEST_TREE = 64
"""Nodes of the page tree above a page."""

BROKEN = (
    pikepdf.PikepdfError, pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError,
    AttributeError, OverflowError, NotImplementedError, ArithmeticError, RuntimeError,
)  # fmt: skip
"""What reading an object may raise when the object is not what it should be."""


class Damage(Exception):  # noqa: N818 - it is a state of the file, not a fault of ours
    """The file, or a part of it, cannot be read; ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """The boxes of a page in points, as the file gives them, and the two flags that change them.

    Attributes:
        media: MediaBox.
        crop: CropBox, else MediaBox.
        trim: TrimBox, or None.
        bleed: BleedBox, or None.
        art: ArtBox, or None.
        rotate: Degrees.
        unit: UserUnit.
    """

    media: Box
    crop: Box
    trim: Box | None
    bleed: Box | None
    art: Box | None
    rotate: int = 0
    unit: float = 1.0

    @property
    def cut(self) -> Box:
        """What is left after cutting: the trim, else the whole page."""
        return self.trim or self.crop

    @property
    def inked(self) -> Box:
        """What may carry art: the bleed, else the whole page."""
        return self.bleed or self.crop


@dataclass(slots=True)
class Page:
    """One page of the file."""

    number: int
    object: Any
    boxes: PageBoxes


@dataclass(slots=True)
class Source:
    """An open file.

    Attributes:
        pdf: What pikepdf makes of it.
        pages: Its pages, as far as they can be read and are asked for.
        count: Number of its pages, as far as they can be counted.
        damage: What was wrong while it was opened.
    """

    pdf: pikepdf.Pdf
    pages: list[Page] = field(default_factory=list)
    count: int = 0
    damage: list[tuple[int, str]] = field(default_factory=list)


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Limit what streams may unpack to."""
    most = limits.value("pdf-checked")
    previous: dict[str, Any] = pikepdf.settings.set_qpdf_limits(
        flate_max_memory=most, run_length_max_memory=most, png_max_memory=most,
        tiff_max_memory=most, dct_max_memory=most, max_stream_filters=4,
        doc_max_warnings=MOST_WARNINGS,
    )  # fmt: skip
    try:
        yield
    finally:
        pikepdf.settings.set_qpdf_limits(**previous)


def open_source(data: bytes, max_pages: int) -> Source:
    """Open a file and read the boxes of its pages.

    Raises:
        Damage: It cannot be opened, or has no pages.
    """
    try:
        pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        msg = "it is encrypted and opens with a password only"
        raise Damage(msg) from None
    except (*BROKEN, RecursionError, MemoryError) as error:
        msg = f"it cannot be opened: {reason_of(error)}"
        raise Damage(msg) from None
    source = Source(pdf)
    try:
        source.count = len(pdf.pages)
        for number in range(1, min(source.count, max_pages) + 1):
            _add_page(source, number)
    except (*BROKEN, RecursionError) as error:
        source.damage.append((0, f"its pages cannot be listed: {reason_of(error)}"))
    if not source.count:
        msg = "it has no pages"
        raise Damage(msg)
    return source


def _add_page(source: Source, number: int) -> None:
    try:
        obj = source.pdf.pages[number - 1].obj
        source.pages.append(Page(number, obj, read_boxes(obj)))
    except Damage as error:
        source.damage.append((number, str(error)))
    except BROKEN as error:
        source.damage.append((number, f"it cannot be read: {reason_of(error)}"))


def reason_of(error: BaseException) -> str:
    """Give the last part of an error's text: the words before it name buffers and offsets."""
    return str(error).rpartition(": ")[2].strip().rstrip(".") or type(error).__name__


def read_boxes(page: Any) -> PageBoxes:
    """Read the boxes of a page.

    Raises:
        Damage: It has no MediaBox that a page can have.
    """
    media = box_of(inherited(page, "/MediaBox"))
    if media is None:
        msg = "it has no MediaBox of four numbers"
        raise Damage(msg)
    rotate, unit = number_of(inherited(page, "/Rotate")), number_of(page.get("/UserUnit"), 1.0)
    return PageBoxes(
        media,
        box_of(inherited(page, "/CropBox")) or media,
        box_of(page.get("/TrimBox")),
        box_of(page.get("/BleedBox")),
        box_of(page.get("/ArtBox")),
        int(rotate) % 360,
        unit if unit > 0 else 1.0,
    )


def inherited(page: Any, key: str) -> Any:
    """Look a key up on a page or above it."""
    node = page
    for _ in range(DEEPEST_TREE):
        if not isinstance(node, Dictionary):
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def box_of(value: Any) -> Box | None:
    """Read a rectangle; None where it is none."""
    if not isinstance(value, Array) or len(value) != 4:
        return None
    a, b, c, d = (number_of(one, math.nan) for one in value)
    if not all(map(math.isfinite, (a, b, c, d))):
        return None
    return min(a, c), min(b, d), max(a, c), max(b, d)


def number_of(value: Any, otherwise: float = 0.0) -> float:
    """Read a number; anything else gives ``otherwise``."""
    if value is None or isinstance(value, bool):
        return otherwise
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return otherwise


def numbers_of(value: Any, most: int = 4096) -> tuple[float, ...]:
    """Read an array of numbers; anything else gives none."""
    if not isinstance(value, Array) or len(value) > most:
        return ()
    return tuple(number_of(one) for one in value)


def name_of(value: Any) -> str:
    """Read a name without its slash; anything else gives ''."""
    return str(value)[1:] if isinstance(value, Name) else ""


def part(value: Any, key: str) -> Any:
    """Look into a dictionary, or the dictionary of a stream; None where it is neither."""
    return value.get(key) if isinstance(value, (Dictionary, Stream)) else None


def content_of(value: Any) -> bytes:
    """Unpack the content of a page or form, joined where it is in parts.

    Raises:
        Damage: It is damaged or too large.
    """
    parts = list(value) if isinstance(value, Array) else [value]
    pieces: list[bytes] = []
    size = 0
    for piece in parts:
        if not isinstance(piece, Stream):
            if piece is None:
                continue
            msg = "its content is no stream"
            raise Damage(msg)
        try:
            pieces.append(piece.read_bytes())
        except BROKEN as error:
            reason = reason_of(error)
            large = f"its content unpacks to too much ({limits.named('pdf-checked')})"
            msg = large if "limit" in reason else f"its content cannot be unpacked: {reason}"
            raise Damage(msg) from None
        size += len(pieces[-1])
        if size > limits.value("pdf-checked"):
            msg = f"its content unpacks to too much ({limits.named('pdf-checked')})"
            raise Damage(msg)
    return b"\n".join(pieces)
