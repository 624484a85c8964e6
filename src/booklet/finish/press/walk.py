"""From page to page, and into forms, patterns, masks and glyphs: each gets resources of its own.

The renderer gives all pages one dictionary of resources. Here each stream keeps what it names and
no more, so that nothing on one page taints another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from booklet.finish.press.content import Rewriter
from booklet.finish.press.images import separate_image
from booklet.finish.press.job import PressError
from booklet.finish.press.separation import MaskSeparation, Separation
from booklet.finish.press.shadings import separate_shading, separate_spot
from booklet.finish.press.survey import Matrix, ObjectId, matrix_of, multiply

_ALPHA = ("/ca", "/CA", "/BM", "/SMask", "/AIS", "/TK")
_DEVICE_KEYS = ("/OP", "/op", "/OPM", "/TR", "/TR2", "/HT", "/HTP", "/BG", "/BG2", "/UCR", "/UCR2")
_DROPPED = (
    "/StructParent",
    "/StructParents",
    "/OC",
    "/PieceInfo",
    "/Metadata",
    "/OPI",
    "/LastModified",
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a stream is made ready.

    Attributes:
        separation: Gives its colours their inks.
        overprints: Whether black type overprints.
        opaque: Whether nothing on the page is transparent, so that groups may go.
        shift: From the coordinates of the page to those of its patterns.
    """

    separation: Separation
    overprints: bool
    opaque: bool
    shift: Matrix | None = None


@dataclass(slots=True)
class Walker:
    """Makes the streams of one PDF ready, each once for every manner it is used in.

    Attributes:
        spots: Names of spot colours that keep their plates.
        reductions: Share of a picture's size that is enough for it; 1 where none is told.
    """

    pdf: pikepdf.Pdf
    spots: frozenset[str] = frozenset()
    reductions: dict[ObjectId, float] = field(default_factory=dict)
    _done: dict[Any, Any] = field(default_factory=dict)
    _states: dict[tuple[bool, bool], Any] = field(default_factory=dict)
    _masks: MaskSeparation = field(default_factory=MaskSeparation)

    def content(
        self, stream: Any, resources: Any, manner: Manner, *, page: bool = False
    ) -> tuple[bytes, Dictionary]:
        """Write a content stream anew, with the resources that it uses."""
        desk = _Desk(self, resources, manner)
        rewriter = Rewriter(
            desk, manner.separation, manner.overprints, begins_black=page, spots=self.spots
        )
        instructions: Iterable[Any] = pikepdf.parse_content_stream(stream)
        written = pikepdf.unparse_content_stream(rewriter.rewrite(instructions))
        return written or b"q Q", desk.resources()

    def once(self, kind: str, found: Any, manner: object, make: Callable[[], Any]) -> Any:
        """Make something ready, and remember it where it can be used again."""
        if not found.is_indirect:
            return make()
        key = (kind, found.objgen, manner)
        if key not in self._done:
            self._done[key] = make()
        return self._done[key]

    def overprint_state(self, fill: bool, stroke: bool) -> Any:
        """Give the graphics state in which fills, strokes, both or neither overprint."""
        if (fill, stroke) not in self._states:
            state = Dictionary(Type=Name.ExtGState, OP=stroke, op=fill, OPM=1)
            self._states[fill, stroke] = self.pdf.make_indirect(state)
        return self._states[fill, stroke]

    # ---- kinds of resources ----------------------------------------------------------------------

    def image(self, image: Any, manner: Manner) -> Any:
        """Separate a picture; for a mask, a copy of it."""
        separation = manner.separation

        def separated() -> Any:
            target = self._copy(image, image.read_raw_bytes(), coded=True) if masks else image
            share = self.reductions.get(image.objgen, 1.0)
            separate_image(self.pdf, target, separation, self.spots, share)
            return target

        masks = separation is self._masks
        return self.once("image", image, separation, separated)

    def form(self, form: Any, manner: Manner) -> Any:
        """Make a form ready."""
        inside = replace(manner, shift=None)
        return self.once("form", form, inside, lambda: self._form(form, inside))

    def _form(self, form: Any, manner: Manner) -> Any:
        data, resources = self.content(form, form.get("/Resources"), manner)
        new = self._copy(form, data)
        new.Resources = resources
        if "/Group" in new:
            if manner.opaque:
                del new["/Group"]
            else:
                new.Group = Dictionary(dict(new.Group.items()))
                new.Group.CS = Name(manner.separation.space)
        return new

    def _copy(self, stream: Any, data: bytes, *, coded: bool = False) -> Any:
        """Copy a stream with other data, and without what belongs to no press."""
        new = self.pdf.make_stream(data)
        dropped = _DROPPED if coded else (*_DROPPED, "/Filter", "/DecodeParms")
        for key, value in stream.items():
            if key != "/Length" and key not in dropped:
                new[key] = value
        return new

    def pattern(self, pattern: Any, manner: Manner) -> Any:
        """Make a tiling or a gradient ready, and move it with its page."""
        return self.once("pattern", pattern, manner, lambda: self._pattern(pattern, manner))

    def _pattern(self, pattern: Any, manner: Manner) -> Any:
        inside = replace(manner, shift=None)
        if isinstance(pattern, pikepdf.Stream):
            data, resources = self.content(pattern, pattern.get("/Resources"), inside)
            new = self._copy(pattern, data)
            new.Resources = resources
        else:
            new = Dictionary(dict(pattern.items()))
            new.Shading = self.shading(pattern.Shading, inside)
            if "/ExtGState" in new:
                new.ExtGState = self.state(pattern.ExtGState, inside) or Dictionary()
        if manner.shift:
            new.Matrix = Array(multiply(matrix_of(pattern.get("/Matrix")), manner.shift))
        return self.pdf.make_indirect(new)

    def shading(self, shading: Any, manner: Manner) -> Any:
        """Separate a gradient."""
        inks = manner.separation
        return self.once(
            "shading", shading, inks,
            lambda: self.pdf.make_indirect(separate_shading(self.pdf, shading, inks)),
        )  # fmt: skip

    def spot(self, space: Any, manner: Manner) -> Any:
        """Keep the plate of a spot colour."""
        inks = manner.separation
        return self.once("spot", space, inks, lambda: separate_spot(self.pdf, space, inks))

    def state(self, state: Any, manner: Manner) -> Any:
        """Make a graphics state ready; None where it says nothing any more."""
        kept = {
            key: value
            for key, value in state.items()
            if key not in _DEVICE_KEYS and not (manner.opaque and key in _ALPHA)
        }
        kept.pop("/Type", None)
        mask = kept.get("/SMask")
        if isinstance(mask, Dictionary):
            kept["/SMask"] = self._mask(mask, manner)
        return Dictionary(kept) if kept else None

    def _mask(self, mask: Any, manner: Manner) -> Any:
        """Make a soft mask ready: one of luminosity is about light, not about ink."""
        new = Dictionary(dict(mask.items()))
        within = replace(manner, overprints=False, shift=None)
        if mask.get("/S") == Name.Luminosity:
            within = replace(within, separation=self._masks)
        new.G = self.form(mask.G, within)
        if "/BC" in new:
            if within.separation is not self._masks:
                del new["/BC"]
            else:
                channels = [float(value) for value in mask.BC]
                new.BC = Array([sum(channels) / len(channels)])
        if "/TR" in new:
            del new["/TR"]
        return new

    def font(self, font: Any, manner: Manner) -> Any:
        """Make a font ready: only one whose glyphs are drawings needs it."""
        if font.get("/Subtype") != Name.Type3:
            return font
        inside = replace(manner, shift=None)
        return self.once("font", font, inside, lambda: self._drawn_font(font, inside))

    def _drawn_font(self, font: Any, manner: Manner) -> Any:
        new = Dictionary(dict(font.items()))
        new.CharProcs = Dictionary()
        gathered: dict[str, Any] = {}
        for name, glyph in font.CharProcs.items():
            data, resources = self.content(glyph, font.get("/Resources"), manner)
            new.CharProcs[name] = self.pdf.make_stream(data)
            for category, entries in resources.items():
                gathered.setdefault(category, Dictionary()).update(entries)
        new.Resources = Dictionary(gathered)
        return self.pdf.make_indirect(new)


@dataclass(slots=True)
class _Desk:
    """Hands out the resources of one stream, and keeps which were asked for."""

    walker: Walker
    before: Any
    manner: Manner
    after: dict[str, dict[str, Any]] = field(default_factory=dict)

    def resources(self) -> Dictionary:
        """Give what was asked for, by name."""
        return Dictionary(
            {
                category: Dictionary({name: entries[name] for name in sorted(entries)})
                for category, entries in sorted(self.after.items())
            }
        )

    def original(self, category: str, name: str) -> Any:
        return self._all(category).get(name)

    def _all(self, category: str) -> Any:
        entries = self.before.get(category) if self.before is not None else None
        return Dictionary() if entries is None else entries

    def use(self, category: str, name: str) -> Any:
        known = self.after.get(category, {})
        if name in known:
            return known[name]
        found = self.original(category, name)
        ready = None if found is None else self._ready(category, found)
        if ready is not None:
            self.after.setdefault(category, {})[name] = ready
        return ready

    def _ready(self, category: str, found: Any) -> Any:
        walker, manner = self.walker, self.manner
        match category:
            case "/XObject" if found.get("/Subtype") == Name.Image:
                return walker.image(found, manner)
            case "/XObject" if found.get("/Subtype") == Name.Form:
                return walker.form(found, manner)
            case "/XObject":
                msg = "a program in PostScript cannot be printed"
                raise PressError(msg)
            case "/ExtGState":
                return walker.state(found, manner)
            case "/Pattern":
                return walker.pattern(found, manner)
            case "/Shading":
                return walker.shading(found, manner)
            case "/Font":
                return walker.font(found, manner)
            case "/ColorSpace" if isinstance(found, Array) and len(found) > 3:
                return walker.spot(found, manner)
            case _:
                return found

    def inline(self, image: Any) -> str:
        """Make an image XObject of an inline image, by way of a page that holds nothing else."""
        pdf = self.walker.pdf
        spaces = self._all("/ColorSpace")
        page = pikepdf.Page(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Page, Resources=Dictionary(ColorSpace=spaces),
                    Contents=pdf.make_stream(image.unparse()),
                )
            )
        )  # fmt: skip
        page.externalize_inline_images(min_size=0)
        (found,) = page.obj.Resources.XObject.values()
        entries = self.after.setdefault("/XObject", {})
        name = f"PxI{len(entries)}"
        entries["/" + name] = self.walker.image(found, self.manner)
        return name

    def pattern_space(self, separation: Separation) -> str:
        name = "/PxInk"
        self.after.setdefault("/ColorSpace", {})[name] = Array(
            [Name.Pattern, Name(separation.space)]
        )
        return name[1:]

    def overprint(self, fill: bool, stroke: bool) -> str:
        name = (
            "/Px"
            + ("F" if fill else "")
            + ("S" if stroke else "")
            + ("" if fill or stroke else "N")
        )
        self.after.setdefault("/ExtGState", {})[name] = self.walker.overprint_state(fill, stroke)
        return name[1:]
