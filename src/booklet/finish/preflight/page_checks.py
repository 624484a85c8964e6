"""Checks of each page's boxes, flags and annotations: P11 to P15, and P37 of covers."""

from __future__ import annotations

from collections import Counter

from pikepdf import Array, Dictionary

from booklet.finish.preflight.geometry import Box, common, height, holds, width
from booklet.finish.preflight.limits import Limits, Order
from booklet.finish.preflight.report import Ledger, spot_of
from booklet.finish.preflight.source import BROKEN, Page, box_of, name_of, part
from booklet.limits import value
from booklet.model.measures import MM

SLACK = 0.01
"""Points; boxes are written rounded."""

SMALLEST, LARGEST = 3.0, 14_400.0
"""Points of a page's side (ISO 32000-1, annex C)."""

PRINTED = frozenset({"PrinterMark", "TrapNet"})
"""Annotations that belong on a press sheet."""


def check_pages(pages: list[Page], limits: Limits, order: Order, ledger: Ledger) -> None:
    """Check the boxes and flags of all pages."""
    for page in pages:
        _boxes(page, limits, ledger)
        _flags(page, ledger)
        try:
            _annotations(page, ledger)
        except BROKEN:
            ledger.add("P01", "its annotations cannot be read", page.number)
    if order.spine is not None and order.trim is not None:
        check_cover(pages, order.trim, order.spine, limits, ledger)
    else:
        _sizes(pages, order, limits, ledger)


# ---- boxes ---------------------------------------------------------------------------------------


def _boxes(page: Page, limits: Limits, ledger: Ledger) -> None:
    boxes, number = page.boxes, page.number
    media = boxes.media
    if not all(SMALLEST <= side <= LARGEST for side in (width(media), height(media))):
        ledger.add("P11", f"the MediaBox is {_in_mm(media)}: no page is", number)
    if boxes.trim is None:
        ledger.add("P11", "it has no TrimBox", number)
    if boxes.art is not None:
        ledger.add("P11", "it has an ArtBox", number)
    for inner, outer, names in (
        (boxes.trim, boxes.bleed or media, "TrimBox reaches beyond the BleedBox"),
        (boxes.bleed, media, "BleedBox reaches beyond the MediaBox"),
        (boxes.bleed or boxes.trim, boxes.crop, "CropBox cuts what is to be printed"),
    ):
        if inner is not None and not holds(outer, inner, SLACK):
            ledger.add("P11", f"the {names}", number)
    if not limits.press.marks and boxes.bleed and not holds(boxes.bleed, media, 0.5):
        message = "the page is larger than its bleed; this printer wants no marks"
        ledger.add("P11", message, number, severity=limits.severity("P02"))
    if boxes.trim is not None:
        _bleed(page, boxes.trim, limits, ledger)


def _bleed(page: Page, trim: Box, limits: Limits, ledger: Ledger) -> None:
    bleed, wanted = page.boxes.inked, limits.press.bleed
    sides = {
        "left": trim[0] - bleed[0], "foot": trim[1] - bleed[1],
        "right": bleed[2] - trim[2], "head": bleed[3] - trim[3],
    }  # fmt: skip
    narrow = [side for side, got in sides.items() if got < wanted - 0.1]
    if not limits.press.gutter_bleed and len(narrow) == 1 and narrow[0] in ("left", "right"):
        return  # the side at the spine
    if narrow:
        got = min(sides[side] for side in narrow) / MM
        ledger.add(
            "P12", f"the bleed is {got:.2f} mm at {' and '.join(narrow)}, not {wanted / MM:.3g} mm",
            page.number,
        )  # fmt: skip


def _sizes(pages: list[Page], order: Order, limits: Limits, ledger: Ledger) -> None:
    sizes = {page.number: (width(page.boxes.cut), height(page.boxes.cut)) for page in pages}
    if not sizes:
        return
    usual = Counter(tuple(round(side, 1) for side in size) for size in sizes.values())
    common_size = usual.most_common(1)[0][0]
    wanted = order.trim or (common_size[0], common_size[1])
    whose = "the job's" if order.trim else "that of most pages,"
    for number, size in sizes.items():
        if any(abs(a - b) > limits.size_slack for a, b in zip(size, wanted, strict=True)):
            ledger.add("P13", f"the trim size is {_mm(size)}, not {whose} {_mm(wanted)}", number)


def check_cover(
    pages: list[Page], trim: tuple[float, float], spine: float, limits: Limits, ledger: Ledger
) -> None:
    """Check a flat cover: back, spine and front beside each other, on one page."""
    wanted = (2 * trim[0] + spine, trim[1])
    for page in pages:
        got = (width(page.boxes.cut), height(page.boxes.cut))
        if any(abs(a - b) > limits.cover_slack for a, b in zip(got, wanted, strict=True)):
            parts = f"two pages and a spine of {spine / MM:.2f} mm make {_mm(wanted)}"
            ledger.add("P37", f"the cover is {_mm(got)}; {parts}", page.number)


def _mm(size: tuple[float, float]) -> str:
    return f"{size[0] / MM:.2f} × {size[1] / MM:.2f} mm"


def _in_mm(box: Box) -> str:
    return _mm((width(box), height(box)))


# ---- flags and annotations -----------------------------------------------------------------------


def _flags(page: Page, ledger: Ledger) -> None:
    boxes = page.boxes
    if boxes.rotate:
        ledger.add("P14", f"it is turned by {boxes.rotate}°", page.number)
    if boxes.unit != 1.0:
        ledger.add("P14", f"it is scaled by a UserUnit of {boxes.unit:g}", page.number)
    if part(page.object, "/AA") is not None:
        ledger.add("P07", "it has actions", page.number, object="/AA")


def _annotations(page: Page, ledger: Ledger) -> None:
    annotations = part(page.object, "/Annots")
    if not isinstance(annotations, Array):
        return
    for annotation in list(annotations)[: value("pdf-annotations")]:
        if not isinstance(annotation, Dictionary):
            continue
        kind, box = name_of(annotation.get("/Subtype")), box_of(annotation.get("/Rect"))
        if kind in PRINTED or box is None:
            continue
        if common(box, page.boxes.inked) is not None:
            spot = spot_of(box[0], box[3], page.boxes.cut)
            ledger.add(
                "P15", f"a {kind or 'nameless'} annotation lies on it", page.number, spot=spot
            )
