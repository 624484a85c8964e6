"""Check P36: the barcode of a cover is read as a scanner would read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booklet.finish.preflight.events import Colour, Picture, Setting, Shape, Watcher
from booklet.finish.preflight.geometry import Box, common, grown
from booklet.finish.preflight.limits import Barcode
from booklet.finish.preflight.report import Ledger, spot_of
from booklet.finish.preflight.source import Page
from booklet.model.measures import MM

if TYPE_CHECKING:
    from PIL import Image

RESOLUTION = 300
MODULES = 95
"""In the bars of an EAN-13 symbol."""

QUIET = 11, 7
"""Modules that stay white before and after the bars (GB/T 12904)."""

SMALLEST_MODULE = 0.264
"""Millimetres: 80 % of the nominal size."""

DARK = 128
INSTALL = "install zxing-cpp: pip install zxing-cpp"


class InkWatch(Watcher):
    """Notes what is painted where the barcode stands, and not in black alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._painted: list[tuple[int, Box, str]] = []

    def shape(self, shape: Shape) -> None:
        """Note a path."""
        for colour in shape.colours:
            self._note(shape.setting, shape.box, colour)

    def picture(self, picture: Picture) -> None:
        """Note a picture: pixels are never as sharp as bars must be."""
        if picture.colour is None:
            self._add(picture.setting, picture.box, "a picture")

    def _note(self, setting: Setting, box: Box, colour: Colour) -> None:
        inks = colour.inks
        if inks is None:
            self._add(setting, box, colour.space.family)
        elif inks.total > 0.005 and (inks.black < 0.995 or inks.total - inks.black > 0.005):
            self._add(setting, box, str(inks))

    def _add(self, setting: Setting, box: Box, what: str) -> None:
        if not setting.mask and setting.placed and len(self._painted) < 10_000:
            self._painted.append((setting.page.number, box, what))

    def within(self, page: int, box: Box) -> list[str]:
        """Give what is painted within a box and does not go far beyond: the bars."""
        room = grown(box, MM)
        return [
            what
            for number, place, what in self._painted
            if number == page
            and common(place, box) is not None
            and place[0] >= room[0] and place[2] <= room[2]
        ]  # fmt: skip


def check_barcode(
    data: bytes, page: Page, barcode: Barcode, inks: InkWatch, ledger: Ledger
) -> None:
    """Draw the page, look for the barcode, read it, and look at its ink and quiet zones."""
    try:
        import zxingcpp
    except ImportError:
        ledger.skip("P36", "there is no reader of barcodes here", INSTALL)
        return
    cut = page.boxes.cut
    region = cut if barcode.box is None else _moved(barcode.box, cut)
    image = draw(data, page, region)
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.EAN13])
    found = [one for one in zxingcpp.read_barcodes(image, formats=formats) if one.valid]
    if not found:
        ledger.add("P36", "no barcode can be read", page.number)
        return
    digits = barcode.digits
    match = next((one for one in found if one.text == digits), found[0])
    if digits and match.text != digits:
        ledger.add("P36", f"the barcode says {match.text}, not {digits}", page.number)
    left, right, top, bottom = _edges(match.position)
    corner = (region[0] + left * 72 / RESOLUTION, region[3] - top * 72 / RESOLUTION)
    place = (
        corner[0], region[3] - bottom * 72 / RESOLUTION,
        region[0] + right * 72 / RESOLUTION, corner[1],
    )  # fmt: skip
    spot = spot_of(*corner, cut)
    module = (right - left) / MODULES
    millimetres = module / RESOLUTION * 25.4
    if millimetres < SMALLEST_MODULE * 0.97:
        message = f"its modules are {millimetres:.3f} mm wide, below {SMALLEST_MODULE} mm"
        ledger.add("P36", message, page.number, spot=spot)
    if not _quiet(image, left, right, (top + bottom) // 2, module):
        ledger.add("P36", "its quiet zones are not white", page.number, spot=spot)
    for what in sorted(set(inks.within(page.number, place)))[:1]:
        ledger.add("P36", f"its bars are painted in {what}, not in K 100 %", page.number, spot=spot)


def draw(data: bytes, page: Page, region: Box) -> Image.Image:
    """Draw a part of a page in grey, as a scanner sees it."""
    import pypdfium2

    media = page.boxes.crop
    with pypdfium2.PdfDocument(data) as document:
        bitmap = document[page.number - 1].render(
            scale=RESOLUTION / 72,
            crop=(
                max(region[0] - media[0], 0), max(region[1] - media[1], 0),
                max(media[2] - region[2], 0), max(media[3] - region[3], 0),
            ),
            grayscale=True,
        )  # fmt: skip
        image: Image.Image = bitmap.to_pil().convert("L")
        image.load()
        return image.copy()


def _moved(box: Box, cut: Box) -> Box:
    return box[0] + cut[0], box[1] + cut[1], box[2] + cut[0], box[3] + cut[1]


def _edges(position: Any) -> tuple[int, int, int, int]:
    corners = [position.top_left, position.top_right, position.bottom_left, position.bottom_right]
    xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
    return min(xs), max(xs), min(ys), max(ys)


def _quiet(image: Image.Image, left: int, right: int, row: int, module: float) -> bool:
    """Tell whether no bar stands in the quiet zones beside the bars."""
    slack = 1.5 * module  # of the reader's own measure
    zones = (
        (left - QUIET[0] * module + slack, left - slack),
        (right + slack, right + QUIET[1] * module - slack),
    )
    for start, end in zones:
        if start < 0 or end > image.width:
            return False
        strip = image.crop((int(start), row, max(int(end), int(start) + 1), row + 1))
        if min(strip.tobytes(), default=255) < DARK:
            return False
    return True
