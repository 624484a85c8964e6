"""A PDF of plain pages in RGB, made ready for a press."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode

from booklet.errors import Diagnostic
from booklet.finish.press.boxes import Box, PageBoxes, Side, plan_boxes
from booklet.finish.press.flatten import drop_opaque_masks, flatten_page
from booklet.finish.press.fonts import unwrap_fonts
from booklet.finish.press.ground import refusal
from booklet.finish.press.intent import describe
from booklet.finish.press.job import PressError, PressFile, PressJob
from booklet.finish.press.lettering import draw_letters
from booklet.finish.press.marks import Slug
from booklet.finish.press.profile import press_profile_fault
from booklet.finish.press.separation import (
    BlackSeparation,
    LightSeparation,
    ProcessSeparation,
    Separation,
)
from booklet.finish.press.survey import ObjectId, Survey, survey
from booklet.finish.press.walk import Manner, Walker
from booklet.model.measures import MM
from booklet.model.press import Press

SAME = 0.02
"""Points by which a bleed may fall short: the rounding of CSS pixels."""

_PAGE_KEYS = ("/Type", "/Parent", "/Resources", "/Contents")


def prepare_press(data: bytes, job: PressJob) -> PressFile:
    """Make a PDF ready for a press.

    Args:
        data: Pages in RGB with a TrimBox, drawn with bleed, such as WeasyPrint writes them.
        job: What the printer asks for.

    Returns:
        The file, or no data and the errors that forbid it.
    """
    if job.press.inking != "srgb" and (fault := press_profile_fault(job.profile)):
        msg = f"the ICC profile is of no use: {fault}"
        return PressFile(b"", 0, (PressError(msg, code="press-profile").diagnostic(),))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        try:
            drop_opaque_masks(pdf)
            return _Preparation(pdf, job, survey(pdf)).run(data)
        except PressError as error:
            return PressFile(b"", len(pdf.pages), (error.diagnostic(),))


def separation_for(press: Press, profile: bytes) -> Separation:
    """Choose how colours are separated."""
    match press.inking:
        case "black":
            return BlackSeparation()
        case "srgb":
            return LightSeparation(profile)
        case _:
            return ProcessSeparation(profile, press.ink_limit, keep_cmyk=press.keep_cmyk)


@dataclass(slots=True)
class _Faults:
    """What is wrong, and on which pages; the same fault is told once."""

    found: dict[tuple[str, str], tuple[PressError, list[int]]] = field(default_factory=dict)

    def add(self, error: PressError, page: int) -> None:
        """Keep a fault of a page."""
        self.found.setdefault((error.code, str(error)), (error, []))[1].append(page)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Tell them, each with its pages."""
        return tuple(error.diagnostic(pages) for error, pages in self.found.values())


@dataclass(slots=True)
class _Preparation:
    """One file on its way to the press."""

    pdf: pikepdf.Pdf
    job: PressJob
    survey: Survey

    def run(self, source: bytes) -> PressFile:
        press = self.job.press
        slug = self._slug()
        faults = _Faults()
        self._flatten(faults)
        walker = Walker(self.pdf, frozenset(press.spots), dict(self._reductions()))
        separation = separation_for(press, self.job.profile)
        for number, page in enumerate(self.pdf.pages, 1):
            opaque = not self.survey.transparency[number - 1]
            overprints = press.overprint and press.inking != "srgb"
            manner = Manner(separation, overprints, opaque)
            try:
                self._page(page.obj, number, walker, manner, slug)
            except PressError as error:
                faults.add(error, number)
        if faults.found:
            return PressFile(b"", len(self.pdf.pages), faults.diagnostics())
        self._fill_up(slug)
        if not press.transparency:
            unwrap_fonts(self.pdf)
        describe(self.pdf, self.job, source)
        return PressFile(self._saved(), len(self.pdf.pages))

    def _flatten(self, faults: _Faults) -> None:
        """Make opaque what is transparent where nothing may be, or refuse it."""
        if self.job.press.transparency:
            return
        for number, page in enumerate(self.pdf.pages, 1):
            try:
                if self.survey.transparency[number - 1]:
                    flatten_page(self.pdf, page.obj)
            except PressError as error:
                faults.add(error, number)
        if not faults.found:
            self.survey = survey(self.pdf)
            for number, words in enumerate(self.survey.transparency, 1):
                for what in words:
                    faults.add(refusal(what), number)

    def _reductions(self) -> Iterator[tuple[ObjectId, float]]:
        """Tell of each picture what share of its pixels is enough."""
        wanted = self.job.press.downsample
        for objgen, (width, height) in self.survey.sizes.items() if wanted else ():
            image: Any = self.pdf.get_object(objgen)
            across = wanted * width / 72 / max(int(image.Width), 1)
            down = wanted * height / 72 / max(int(image.Height), 1)
            yield objgen, max(across, down)

    def _slug(self) -> Slug | None:
        job, press = self.job, self.job.press
        if not press.marks:
            return None
        words = "   ".join(filter(None, (job.title, job.label, job.made.strftime("%Y-%m-%d"))))
        letters = draw_letters(job.lettering, f"{words}0123456789/…") if press.slug else {}
        last = -(-len(self.pdf.pages) // press.multiple) * press.multiple
        return Slug(self.pdf, press.inking, letters, words, last, job.folds)

    def _page(
        self, page: Any, number: int, walker: Walker, manner: Manner, slug: Slug | None
    ) -> None:
        before = Box(*(float(value) for value in page.get("/TrimBox", page.MediaBox)))
        boxes = self._boxes(page, before, number)
        dx, dy = boxes.shift[0] - before.left, boxes.shift[1] - before.low
        shifted = Manner(manner.separation, manner.overprints, manner.opaque, (1, 0, 0, 1, dx, dy))
        content, resources = walker.content(
            pikepdf.Page(page), page.get("/Resources"), shifted, page=True
        )
        for key in list(page.keys()):
            if key not in _PAGE_KEYS:
                del page[key]
        black = {1: "0 g 0 G", 3: "0 g 0 G", 4: "0 0 0 1 k 0 0 0 1 K"}[manner.separation.channels]
        corner = f"{boxes.bleed.left:.4f} {boxes.bleed.low:.4f}"
        clip = f"q {corner} {boxes.bleed.width:.4f} {boxes.bleed.height:.4f} re W n"
        head = f"{clip} 1 0 0 1 {dx:.4f} {dy:.4f} cm {black}\n"
        marks = ""
        if slug is not None:
            marks, named = slug.draw(boxes, number)
            resources.XObject = Dictionary({**resources.get("/XObject", {}), **named})
        page.Contents = self.pdf.make_stream(
            head.encode("ascii") + content + b"\nQ\n" + marks.encode("ascii")
        )
        page.Resources = resources
        self._set_boxes(page, boxes)
        if not manner.opaque:
            page.Group = Dictionary(
                Type=Name.Group, S=Name.Transparency, CS=Name(manner.separation.space)
            )

    def _boxes(self, page: Any, trim: Box, number: int) -> PageBoxes:
        boxes = plan_boxes(trim.width, trim.height, self.job.press, self._side(number))
        media = Box(*(float(value) for value in page.MediaBox))
        drawn = min(
            trim.left - media.left, trim.low - media.low,
            media.right - trim.right, media.high - trim.high,
        )  # fmt: skip
        if drawn + SAME < self.job.press.bleed:
            wanted = f"{self.job.press.bleed / MM:.4g} mm"
            msg = f"the page is drawn with a bleed of {drawn / MM:.4g} mm, the press wants {wanted}"
            hint = "leave the bleed to booklet: take it out of the theme's @page rules"
            raise PressError(msg, hint, code="press-bleed")
        return boxes

    def _side(self, number: int) -> Side:
        """Tell on which side of its spread a page lies."""
        if self.job.flat:
            return "flat"
        return "right" if (number % 2 == 1) == (self.job.bound == "left") else "left"

    def _set_boxes(self, page: Any, boxes: PageBoxes) -> None:
        page.MediaBox = Array(boxes.media.rounded())
        page.BleedBox = Array(boxes.bleed.rounded())
        page.TrimBox = Array(boxes.trim.rounded())

    def _fill_up(self, slug: Slug | None) -> None:
        """Add blank pages at the end: the cover is a file of its own."""
        pages = self.pdf.pages
        first: Any = pages[0].obj
        trim = Box(*(float(value) for value in first.TrimBox))
        while len(pages) % self.job.press.multiple:
            number = len(pages) + 1
            boxes = plan_boxes(trim.width, trim.height, self.job.press, self._side(number))
            marks, named = slug.draw(boxes, number) if slug else ("q Q", Dictionary())
            page = Dictionary(
                Type=Name.Page,
                Resources=Dictionary(XObject=named),
                Contents=self.pdf.make_stream(marks.encode("ascii")),
            )
            self._set_boxes(page, boxes)
            pages.append(pikepdf.Page(self.pdf.make_indirect(page)))

    def _saved(self) -> bytes:
        file = io.BytesIO()
        old = not self.job.press.transparency
        self.pdf.save(
            file,
            force_version="1.4" if old else "1.6",
            object_stream_mode=ObjectStreamMode.disable if old else ObjectStreamMode.generate,
            compress_streams=True,
            deterministic_id=True,
        )
        return file.getvalue()
