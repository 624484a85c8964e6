"""Checks of text: P09, P17, P22, P27."""

from __future__ import annotations

from booklet.finish.preflight.events import TextRun
from booklet.finish.preflight.faces import Face
from booklet.finish.preflight.geometry import Box, common, holds
from booklet.finish.preflight.limits import Limits
from booklet.finish.preflight.report import Ledger
from booklet.finish.preflight.watching import Reporter
from booklet.model.measures import MM

SLACK = 0.05 * MM


class TypeChecks(Reporter):
    """Watches text."""

    def __init__(self, limits: Limits, ledger: Ledger, version: tuple[int, ...]) -> None:
        """Take the version of the file, which decides what fonts it may hold."""
        super().__init__(limits, ledger)
        self._version = version
        self._told: set[tuple[str, str]] = set()

    def text(self, run: TextRun) -> None:
        """Check a string of text."""
        self._font(run, run.face)
        missing = run.face.missing(run.codes)
        if missing:
            what = f"text in {run.face.name}"
            message = "the box of a missing glyph is printed"
            self.report("P17", message, run.setting, run.box, what)
        if run.setting.mask or not run.setting.inside:
            return
        what = f"text in {run.face.name or run.font}"
        if 0 < run.size < self.limits.smallest_type - 0.01:
            message = f"{run.size:.1f} pt text is below {self.limits.smallest_type:g} pt"
            self.report("P22", message, run.setting, run.box, what, words=run.words)
        if run.setting.placed and run.size < self.limits.display_type:
            self._distance(run, what)

    def _font(self, run: TextRun, face: Face) -> None:
        if face.type3:
            wrong = "is of Type 3: drawings instead of type"
        elif not face.embedded:
            wrong = "is not embedded"
        elif face.opentype and self._version < (1, 6):
            wrong = "is an OpenType program, which only PDF 1.6 knows"
        else:
            return
        name = face.name or run.font
        if (name, wrong) not in self._told:  # once for the file: a font is one thing
            self._told.add((name, wrong))
            message = f"the font {name} {wrong}"
            self.report("P09", message, run.setting, run.box, f"font {name}")

    def _distance(self, run: TextRun, what: str) -> None:
        boxes, box = run.setting.page.boxes, run.box
        cut, safe = boxes.cut, self.limits.safe
        if boxes.bleed is None and common(box, cut) is None:
            return  # a slug line, where nothing tells the slug from the bleed
        inner = (cut[0] + safe, cut[1] + safe, cut[2] - safe, cut[3] - safe)
        if not holds(inner, box, SLACK):
            distance = _distance(box, cut) / MM
            where = f"{distance:.1f} mm from" if distance > 0 else f"{-distance:.1f} mm beyond"
            message = f"text is {where} the trim, not {safe / MM:.3g} mm inside"
            self.report("P27", message, run.setting, box, what, words=run.words)


def _distance(box: Box, cut: Box) -> float:
    """Measure from the nearest edge inwards; negative beyond it."""
    return min(box[0] - cut[0], box[1] - cut[1], cut[2] - box[2], cut[3] - box[3])
