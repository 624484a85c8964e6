"""Checks of the drawn plates: P25, P31, P32, P33."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any

from booklet.finish.preflight.geometry import Box, grown, height, width
from booklet.finish.preflight.limits import Limits
from booklet.finish.preflight.report import Ledger, spot_of
from booklet.finish.preflight.source import Page
from booklet.model.measures import MM

if TYPE_CHECKING:
    from PIL import Image

RESOLUTION = 72.0
"""Pixels per inch: a pixel is a third of a millimetre."""

LARGEST_IMAGE = 16_000_000
"""Pixels; larger pages are drawn more coarsely."""

FAINT = 12
"""Of 255: less is no art. Renderers blur edges."""

ROUNDING = 3.0
"""Per cent of ink that four rounded plates may be off."""

NEAR = 0.5 * MM
"""Points from the trim inwards: art that is there touches the trim."""

SHORTEST = 2 * MM
"""Points along an edge: what is shorter is a stroke of a letter."""

_ROTATED = {90: 4, 180: 3, 270: 2}
"""Turns that undo /Rotate, as Pillow numbers them: ROTATE_270, ROTATE_180, ROTATE_90."""


def resolution_for(pages: list[Page]) -> float:
    """Choose pixels per inch so that no page becomes too large an image."""
    largest = max((_area(page) for page in pages), default=1.0)
    fits: float = (LARGEST_IMAGE / largest) ** 0.5 * 72
    return max(1.0, min(RESOLUTION, fits))


def _area(page: Page) -> float:
    return width(page.boxes.media) * height(page.boxes.media) * page.boxes.unit**2


def read_images(stream: IO[bytes]) -> Iterator[Image.Image]:
    """Read PAM images of four plates, one after another, until the renderer stops."""
    from PIL import Image

    while True:
        header = _header(stream)
        size = int(header.get(b"WIDTH", 0)), int(header.get(b"HEIGHT", 0))
        count = size[0] * size[1]
        if not 0 < count <= LARGEST_IMAGE * 2 or header.get(b"DEPTH") != b"4":
            return
        data = stream.read(count * 4)
        if len(data) < count * 4:
            return
        yield Image.frombytes("CMYK", size, data)


def _header(stream: IO[bytes]) -> dict[bytes, bytes]:
    values: dict[bytes, bytes] = {}
    for _ in range(16):
        line = stream.readline(200)
        if line.strip() == b"ENDHDR" or not line:
            break
        key, _, value = line.strip().partition(b" ")
        values[key] = value
    return values


class PlateChecks:
    """Looks at the plates of one page after another.

    Attributes:
        blank: Numbers of pages without any ink within the trim.
    """

    def __init__(self, limits: Limits, ledger: Ledger) -> None:
        """Take the thresholds, and the ledger to write into."""
        self._limits, self._ledger = limits, ledger
        self.blank: set[int] = set()

    def check(self, page: Page, image: Image.Image) -> None:
        """Check one page."""
        image = _upright(image, page)
        sheet = _Sheet(page, image)
        inside = image.crop(sheet.pixels(page.boxes.inked))
        if inside.width and inside.height:
            self._inks(page, sheet, inside)
        cut = image.crop(sheet.pixels(page.boxes.cut))
        if _strongest(cut) <= FAINT:
            self.blank.add(page.number)
        elif page.boxes.trim is not None:
            self._bleed(page, sheet, image)

    def _inks(self, page: Page, sheet: _Sheet, inside: Image.Image) -> None:
        peaks = [high for _, high in inside.getextrema()]  # type: ignore[misc]
        if max(peaks[:3]) > FAINT:
            shares = " ".join(
                f"{name} {peak / 2.55:.0f} %" for name, peak in zip("CMY", peaks, strict=False)
            )
            self._ledger.add("P25", f"other inks than black are drawn: {shares}", page.number)
        limit = self._limits.press.ink_limit
        if sum(peaks) / 2.55 > limit + ROUNDING:  # else no place can be above it
            self._too_much(page, sheet, inside, limit)

    def _too_much(self, page: Page, sheet: _Sheet, inside: Image.Image, limit: int) -> None:
        from PIL import ImageMath

        threshold = (limit + ROUNDING) * 2.55
        bands = dict(zip("cmyk", inside.split(), strict=True))

        def mark(inks: dict[str, Any]) -> Any:
            return (inks["c"] + inks["m"] + inks["y"] + inks["k"]) > threshold

        mask = ImageMath.lambda_eval(mark, **bands).convert("L").point(lambda value: value and 255)
        area = mask.histogram()[255] * sheet.pixel**2
        if area < self._limits.ink_area:
            return
        most = max(
            sum(inside.getpixel(place))  # type: ignore[arg-type]
            for place in _some(mask)
        )
        left, top = mask.getbbox()[:2]
        origin = sheet.pixels(page.boxes.inked)
        spot = sheet.point(origin[0] + left, origin[1] + top)
        message = f"up to {most / 2.55:.0f} % of ink on {area / MM**2:.0f} mm², more than {limit} %"
        self._ledger.add("P31", message, page.number, spot=spot_of(*spot, page.boxes.cut))

    # ---- bleed -----------------------------------------------------------------------------------

    def _bleed(self, page: Page, sheet: _Sheet, image: Image.Image) -> None:
        trim, bleed = page.boxes.cut, page.boxes.inked
        edges: tuple[tuple[str, float, Box, Box], ...] = (
            ("left", trim[0] - bleed[0], _line(trim, 0, NEAR), _line(bleed, 0, 0)),
            ("foot", trim[1] - bleed[1], _line(trim, 1, NEAR), _line(bleed, 1, 0)),
            ("right", bleed[2] - trim[2], _line(trim, 2, NEAR), _line(bleed, 2, 0)),
            ("head", bleed[3] - trim[3], _line(trim, 3, NEAR), _line(bleed, 3, 0)),
        )
        for name, room, near, edge in edges:
            if room < MM:
                continue  # no bleed to reach: P12 says so, or it is the spine
            upright = name in ("left", "right")
            # Both lines run along the trim, so that the corners of the bleed are left out.
            within = (edge[0], trim[1], edge[2], trim[3]) if upright else (
                trim[0], edge[1], trim[2], edge[3])  # fmt: skip
            short = sheet.stops_short(image, near, within)
            if short >= SHORTEST:
                message = f"art at the {name} stops short of the bleed along {short / MM:.0f} mm"
                self._ledger.add("P32", message, page.number)


def _line(box: Box, side: int, inwards: float) -> Box:
    """Give the thin box along one side, some points inwards."""
    inner = list(grown(box, -inwards))
    at = inner[side] + (0.5 if side < 2 else -0.5)  # the middle of the outermost pixel
    if side % 2:
        return box[0], at, box[2], at
    return at, box[1], at, box[3]


class _Sheet:
    """Where the points of a page are in its image."""

    def __init__(self, page: Page, image: Image.Image) -> None:
        self._media = page.boxes.media
        self._across = image.width / max(width(self._media), 1)
        self._down = image.height / max(height(self._media), 1)
        self._size = image.size

    @property
    def pixel(self) -> float:
        """Points in the side of a pixel, as the geometric mean of both."""
        return float((self._across * self._down) ** -0.5)

    def pixels(self, box: Box) -> tuple[int, int, int, int]:
        """Give the pixels that lie wholly in a box: left, top, right, bottom."""
        left, top = self._place(box[0], box[3])
        right, bottom = self._place(box[2], box[1])
        return (
            _bounded(left + 0.999, self._size[0]), _bounded(top + 0.999, self._size[1]),
            _bounded(right, self._size[0]), _bounded(bottom, self._size[1]),
        )  # fmt: skip

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Give the point of the page where a pixel is."""
        return self._media[0] + x / self._across, self._media[3] - y / self._down

    def _place(self, x: float, y: float) -> tuple[float, float]:
        return (x - self._media[0]) * self._across, (self._media[3] - y) * self._down

    def stops_short(self, image: Image.Image, near: Box, edge: Box) -> float:
        """Measure how far art at one line has none beside it at another, in points."""
        inner, outer = self._along(image, near), self._along(image, edge)
        runs = groupby(
            a > FAINT and b <= FAINT for a, b in zip(inner, outer, strict=False)
        )  # fmt: skip
        longest = max((len(list(run)) for short, run in runs if short), default=0)
        return longest * self.pixel

    def _along(self, image: Image.Image, line: Box) -> bytes:
        """Give the strongest ink of each pixel along a line."""
        left, top = (int(value) for value in self._place(line[0], line[3]))
        right, bottom = (int(value) for value in self._place(line[2], line[1]))
        strip = image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
        return _strongest_of_each(strip).tobytes()


def _upright(image: Image.Image, page: Page) -> Image.Image:
    turn = _ROTATED.get(page.boxes.rotate)
    return image if turn is None else image.transpose(turn)  # type: ignore[arg-type]


def _bounded(value: float, most: int) -> int:
    return max(0, min(int(value), most))


def _strongest(image: Image.Image) -> int:
    if not image.width or not image.height:
        return 0
    return int(max(high for _, high in image.getextrema()))  # type: ignore[misc]


def _strongest_of_each(image: Image.Image) -> Image.Image:
    from PIL import ImageChops

    first, *others = image.split()
    for band in others:
        first = ImageChops.lighter(first, band)
    return first


def _some(mask: Image.Image) -> Iterator[tuple[int, int]]:
    """Give some places that are marked, evenly spread."""
    wide = mask.width
    marked = [at for at, value in enumerate(mask.tobytes()) if value]
    for at in marked[:: max(1, len(marked) // 2000)]:
        yield at % wide, at // wide
