"""Transparency made opaque, where that can be done without looking at the pages as pictures.

What is transparent over blank paper, or over one even tint, has a colour of its own: the mixture.
Anything else is refused, with its page, for a printer who allows no transparency would draw it
wrong. Colours mix as light, as they do on the screen edition.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import ContentStreamInstruction, Dictionary, Name, Operator

from booklet.finish.press.boxes import Box
from booklet.finish.press.extent import (
    FILLS,
    SHOWS,
    STROKES,
    Extents,
    form_extents,
)
from booklet.finish.press.ground import Ground, light, mix, refusal
from booklet.finish.press.images import blend_image
from booklet.finish.press.separation import BLACK, Colour, Kind
from booklet.finish.press.spaces import Space, device_space, is_pattern, read_space
from booklet.finish.press.survey import state_transparency

ALPHA = frozenset({"/ca", "/CA", "/BM", "/SMask", "/AIS", "/TK"})
_OPAQUE = {"/ca": 1, "/CA": 1}
_DEVICE: dict[str, Kind] = {"g": "gray", "rg": "rgb", "k": "cmyk"}
_SPACES = frozenset({"cs", "CS", "sc", "SC", "scn", "SCN"})


def drop_opaque_masks(pdf: pikepdf.Pdf) -> None:
    """Take the alpha channel from pictures in which it hides nothing."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == Name.Image:
            mask: Any = item.get("/SMask")
            if mask is not None and "/Decode" not in mask and mask.get("/BitsPerComponent") == 8:
                data = mask.read_bytes()
                if data.count(b"\xff") == len(data):
                    del item["/SMask"]


def flatten_page(pdf: pikepdf.Pdf, page: Any) -> None:
    """Make a page opaque.

    Raises:
        PressError: Something transparent lies over more than paper or one tint.
    """
    flattener = _Flattener(pdf)
    content, resources = flattener.content(
        pikepdf.Page(page), page.get("/Resources"), Extents(page.get("/Resources")), _State()
    )
    page.Contents = pdf.make_stream(content)
    page.Resources = resources


@dataclass(slots=True)
class _Side:
    """What fills or strokes are painted with; no colour stands for a pattern or a spot colour."""

    colour: Colour | None = BLACK
    space: Space | None = None
    opacity: float = 1.0


@dataclass(slots=True)
class _State:
    """The part of the graphics state that decides how things look.

    Attributes:
        within: Opacity of the groups around.
        strange: A mask or blend mode that is in force, in words.
        render_mode: How type is drawn.
    """

    fill: _Side = field(default_factory=_Side)
    stroke: _Side = field(default_factory=_Side)
    within: float = 1.0
    strange: str = ""
    render_mode: int = 0

    def copy(self) -> _State:
        """Copy it, sides and all."""
        return replace(self, fill=replace(self.fill), stroke=replace(self.stroke))


@dataclass(slots=True)
class _Flattener:
    """Goes through a page in the order in which it is painted."""

    pdf: pikepdf.Pdf
    ground: Ground = field(default_factory=Ground)

    def content(
        self, stream: Any, resources: Any, extents: Extents, state: _State
    ) -> tuple[bytes, Dictionary]:
        """Write a stream anew, without transparency."""
        new = Dictionary() if resources is None else Dictionary(dict(resources.items()))
        new.XObject = Dictionary(dict(new.get("/XObject", Dictionary()).items()))
        states = new.get("/ExtGState", Dictionary())
        new.ExtGState = Dictionary(
            {
                name: Dictionary({key: v for key, v in one.items() if key not in ALPHA})
                for name, one in states.items()
            }
        )
        writer = _Writer(self, resources, new, extents, state)
        for instruction in pikepdf.parse_content_stream(stream):
            if str(instruction.operator) == "INLINE IMAGE":
                writer.out.append(instruction)
                self.ground.mark(extents.unit())
            else:
                writer.take(list(instruction.operands), str(instruction.operator))
        return pikepdf.unparse_content_stream(writer.out), new


@dataclass(slots=True)
class _Writer:
    """Writes one content stream."""

    page: _Flattener
    before: Any
    after: Any
    extents: Extents
    state: _State
    out: list[Any] = field(default_factory=list)
    stack: list[_State] = field(default_factory=list)

    def emit(self, operands: Any, operator: str) -> None:
        """Write an operator."""
        self.out.append(ContentStreamInstruction(list(operands), Operator(operator)))

    def take(self, operands: list[Any], operator: str) -> None:
        """Take an operator in, and write what it becomes."""
        if operator in _SPACES:
            self._choose(operands, operator)
            return
        if operator == "Do":
            self._use_object(operands, self._original("/XObject", operands))
            return
        self._follow(operands, operator)
        solid = self.extents.is_rectangle and operator in ("f", "F", "f*")
        box = self.extents.follow(operands, operator)
        if box is None:
            self.emit(operands, operator)
        else:
            self._paint(operands, operator, box, solid=solid)

    def _follow(self, operands: list[Any], operator: str) -> None:
        lower = operator.lower()
        if lower in _DEVICE and operator in (lower, lower.upper()):
            side = self._side(stroke=operator != lower)
            side.space = device_space(_DEVICE[lower])
            side.colour = side.space.colour(tuple(map(float, operands)))
        elif operator == "gs":
            self._use_state(self._original("/ExtGState", operands))
        elif operator == "q":
            self.stack.append(self.state.copy())
        elif operator == "Q" and self.stack:
            self.state = self.stack.pop()
        elif operator == "Tr":
            self.state.render_mode = int(operands[0])

    def _side(self, *, stroke: bool) -> _Side:
        return self.state.stroke if stroke else self.state.fill

    def _original(self, category: str, operands: list[Any]) -> Any:
        entries = self.before.get(category) if self.before is not None else None
        return entries.get(str(operands[-1])) if entries is not None else None

    # ---- colour and state ------------------------------------------------------------------------

    def _choose(self, operands: list[Any], operator: str) -> None:
        """Follow a choice of space or colour; process colours are written as those of devices."""
        stroke = operator.isupper()
        side = self._side(stroke=stroke)
        if operator in ("cs", "CS"):
            found = self._original("/ColorSpace", operands) or operands[0]
            side.space = None if is_pattern(found) else read_space(found)
            values = side.space.initial if side.space is not None else ()
        elif side.space is not None and not side.space.spot:
            values = tuple(map(float, operands))
        if side.space is None or side.space.spot:
            side.colour = None
            self.emit(operands, operator)
        else:
            side.colour = side.space.colour(values)
            self._write_colour(side.colour, stroke=stroke)

    def _write_colour(self, colour: Colour, *, stroke: bool) -> None:
        name = {"gray": "g", "rgb": "rg", "cmyk": "k"}[colour.kind]
        self.emit(colour.values, name.upper() if stroke else name)

    def _use_state(self, found: Any) -> None:
        if found is None:
            return
        state = self.state
        state.fill.opacity = float(found.get("/ca", state.fill.opacity))
        state.stroke.opacity = float(found.get("/CA", state.stroke.opacity))
        if "/SMask" in found or "/BM" in found:
            state.strange = state_transparency(Dictionary({**dict(found.items()), **_OPAQUE}))

    # ---- painting --------------------------------------------------------------------------------

    def _sides(self, operator: str) -> list[tuple[bool, _Side]]:
        """Tell which sides an operator paints with."""
        fills, strokes = operator in FILLS or operator == "sh", operator in STROKES
        if operator in SHOWS:
            mode = self.state.render_mode % 4
            fills, strokes = mode in (0, 2), mode in (1, 2)
        chosen = ((False, fills, self.state.fill), (True, strokes, self.state.stroke))
        return [(stroke, side) for stroke, used, side in chosen if used]

    def _paint(self, operands: list[Any], operator: str, box: Box, *, solid: bool) -> None:
        sides = self._sides(operator)
        if sides and self.state.strange:
            raise refusal(self.state.strange)
        within = self.state.within
        if all(side.opacity * within <= 0 for _, side in sides):
            self._paint_nothing(operands, operator)
            return
        tint = None
        for stroke, side in sides:
            shown = side.colour
            if side.opacity * within < 1:
                shown = self._mixed(side, box, even=operator != "sh")
                self._write_colour(shown, stroke=stroke)
            tint = light(shown) if solid and shown is not None else None
        self.emit(operands, operator)
        for stroke, side in sides:
            if side.opacity * within < 1 and side.colour is not None:
                self._write_colour(side.colour, stroke=stroke)
        self.page.ground.mark(box, tint)

    def _paint_nothing(self, operands: list[Any], operator: str) -> None:
        """Write what shows nothing: words stay in the file, as they do on the screen."""
        if operator in SHOWS:
            self.emit([3], "Tr")
            self.emit(operands, operator)
            self.emit([self.state.render_mode], "Tr")
        elif operator != "sh":
            self.emit([], "n")

    def _mixed(self, side: _Side, box: Box, *, even: bool = True) -> Colour:
        """Mix a colour with what lies under it."""
        opacity = side.opacity * self.state.within
        what = f"an opacity of {opacity:g}"
        if side.colour is None or not even:
            refused = f"a pattern, gradient or spot colour of {what}"
            raise refusal(refused)
        below = self.page.ground.under(box, what, group=side.opacity >= 1)
        return mix(side.colour, below, opacity)

    def _use_object(self, operands: list[Any], found: Any) -> None:
        if found is None:
            return
        if self.state.strange:
            raise refusal(self.state.strange)
        fill = self.state.fill
        opacity = fill.opacity * self.state.within
        form = found.get("/Subtype") == Name.Form
        box = None if form else self.extents.unit()
        if form:
            self._use_form(found, opacity)
        elif opacity <= 0:
            return
        elif found.get("/ImageMask", False) and opacity < 1 and box is not None:
            self._write_colour(self._mixed(fill, box), stroke=False)
            self.emit(operands, "Do")
            if fill.colour is not None:
                self._write_colour(fill.colour, stroke=False)
        elif ("/SMask" in found or opacity < 1) and box is not None:
            whole = "/SMask" not in found and fill.opacity >= 1
            below = self.page.ground.under(box, "a transparent picture", group=whole)
            opaque = blend_image(self.page.pdf, found, below, opacity)
            self.emit([self._name(opaque)], "Do")
        else:
            self.emit(operands, "Do")
        self.page.ground.mark(box)

    def _use_form(self, form: Any, opacity: float) -> None:
        page, ground = self.page, self.page.ground
        outer = ground.group_start
        inner = form_extents(form, self.extents)
        state = self.state.copy()
        state.fill.opacity = state.stroke.opacity = 1.0
        state.within = opacity
        if self.state.fill.opacity < 1:
            if outer >= 0:
                raise refusal("a transparent group within another")
            ground.group_start = len(ground.painted)
        data, resources = page.content(form, form.get("/Resources"), inner, state)
        ground.group_start = outer
        new = page.pdf.make_stream(data)
        for key, value in form.items():
            if key not in ("/Length", "/Filter", "/DecodeParms", "/Group", "/Resources"):
                new[key] = value
        new.Resources = resources
        self.emit([self._name(new)], "Do")

    def _name(self, found: Any) -> Name:
        name = f"/PxO{len(self.after.XObject)}"
        self.after.XObject[name] = found
        return Name(name)
