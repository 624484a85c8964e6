"""Everything of WeasyPrint 70 that composition touches: the one module to mend for a new version.

The base has no public way into its inline layout, so three functions are replaced:
`iter_line_boxes` (a paragraph begins: compose it), `split_text_box` (cut a text box where the plan
says) and `Layout.get_first_line` (shift the glyphs just before they are drawn). What the composer
cannot do goes the base's own way, unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import weasyprint
from weasyprint.css import properties as css_properties
from weasyprint.css.validation import properties as validators
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block as block_layout
from weasyprint.layout import inline as inline_layout
from weasyprint.layout.percent import resolve_percentages
from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, pango

VERSION = "70.0"
KEYWORDS = {
    "text-justify": ("auto", "none", "inter-word", "inter-character"),
    "text-spacing-trim": (
        "space-all", "normal", "space-first", "trim-start", "trim-both", "trim-all", "auto",
    ),
    "text-autospace": ("no-autospace", "normal", "auto"),
}  # fmt: skip
"""Properties of CSS Text 4 that switch composition, the initial value first."""

INITIAL = {"text-justify": "auto", "text-spacing-trim": "normal", "text-autospace": "no-autospace"}
# The base divides offsets by the em of 1024 units, widths by one of 1000.
OFFSET_UNITS = TO_UNITS * 1000 / 1024


@dataclass(frozen=True, slots=True)
class ComposeStyle:
    """What the properties of a paragraph ask for.

    Attributes:
        justify: Fill its lines.
        squeeze: Blanks of punctuation may be used at all.
        adjacent: Neighbouring marks share their blanks.
        trim_start: An opening mark at the start of a line loses its left half.
        trim_end: A closing mark at the end of a line may lose its right half.
        force_end: It always does.
        autospace: A quarter em between Han and Latin.
    """

    justify: bool
    squeeze: bool
    adjacent: bool
    trim_start: bool
    trim_end: bool
    force_end: bool
    autospace: bool


def compose_style(line_box: Any) -> ComposeStyle:
    """Read the properties of a paragraph."""
    style = line_box.style
    trim = style["text_spacing_trim"]
    justify = style["text_align_all"] == "justify" and style["text_justify"] != "none"
    return ComposeStyle(
        justify=justify and style["text_justify"] != "inter-word",
        squeeze=trim != "space-all",
        adjacent=trim != "space-all",
        trim_start=trim in {"trim-start", "trim-both", "trim-all", "auto"},
        trim_end=trim != "space-all",
        force_end=trim in {"trim-both", "trim-all"},
        autospace=style["text_autospace"] != "no-autospace",
    )


# ---- what a paragraph is made of ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shaped:
    """A text box shaped in one go: clusters as (byte offset, text, pixels), and its metrics."""

    clusters: tuple[tuple[int, str, float], ...]
    height: float
    baseline: float
    layout: Any


def kind(box: Any) -> str:
    """Name the kind of an inline-level box."""
    if isinstance(box, boxes.TextBox):
        return "text"
    if isinstance(box, boxes.InlineBox):
        return "inline"
    if isinstance(box, boxes.AtomicInlineLevelBox) and not getattr(box, "is_table_wrapper", False):
        return "atom"
    return "other"


def edges(box: Any, containing_block: Any) -> tuple[float, float]:
    """Give the margin, border and padding of an inline box in pixels, left and right."""
    resolve_percentages(box, containing_block)
    sides = []
    for side in ("left", "right"):
        margin = getattr(box, f"margin_{side}")
        sides.append(
            (0.0 if margin == "auto" else margin)
            + getattr(box, f"padding_{side}")
            + getattr(box, f"border_{side}_width")
        )
    return sides[0], sides[1]


def atom_width(context: Any, box: Any, containing_block: Any) -> float:
    """Lay out a picture or an inline block, and give its width in pixels."""
    resolve_percentages(box, containing_block)
    laid_out = inline_layout.atomic_box(context, box, 0, None, containing_block, [], [])
    return float(laid_out.margin_width())


def shape(box: Any) -> Shaped:
    """Shape a text box as one line."""
    layout = line_break.create_layout(box.text, box.style, None, None, 0)
    line, _ = _get_first_line(layout)
    _, height = line_break.line_size(line, box.style)
    baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
    text = box.text.encode()
    widths: dict[int, int] = {}
    for start, glyph in _glyphs(line):
        widths[start] = widths.get(start, 0) + glyph.geometry.width
    starts = sorted(widths)
    ends = [*starts[1:], len(text)]
    clusters = tuple(
        (start, text[start:end].decode(), widths[start] * FROM_UNITS)
        for start, end in zip(starts, ends, strict=True)
    )
    layout.deactivate()
    return Shaped(clusters, height, baseline, layout)


def _glyphs(line: Any) -> Iterator[tuple[int, Any]]:
    """Yield the byte offset of each glyph's cluster, and the glyph."""
    run = line.runs[0] if line.runs != ffi.NULL else ffi.NULL
    while run != ffi.NULL:
        item = run.data
        run = run.next
        string, offset = item.glyphs, item.item.offset
        clusters, glyphs = string.log_clusters, string.glyphs
        for index in range(string.num_glyphs):
            yield offset + clusters[index], glyphs[index]


def line_breaks(text: str, language: str) -> list[bool]:
    """Tell before which characters the Unicode algorithm lets a line begin."""
    attributes = line_break.get_log_attrs(text, language)
    return [bool(attributes[at].is_line_break) for at in range(len(text))]


# ---- what is replaced ---------------------------------------------------------------------------

_iter_line_boxes = inline_layout.iter_line_boxes
_split_text_box = inline_layout.split_text_box
_get_first_line = line_break.Layout.get_first_line
_PLAN, _LEAF = "_compose_plan", "_compose_leaf"


def iter_line_boxes(  # noqa: PLR0913, PLR0917 - the base's own signature
    context: Any, box: Any, position_y: Any, bottom_space: Any, skip_stack: Any,
    containing_block: Any, absolute_boxes: Any, fixed_boxes: Any,
    first_letter_style: Any, first_line_style: Any,
) -> Any:  # fmt: skip
    """Compose a paragraph before the base lays out its lines."""
    plain = first_letter_style or first_line_style or context.excluded_shapes
    _prepare(context, box, containing_block, plain=bool(plain))
    yield from _iter_line_boxes(
        context, box, position_y, bottom_space, skip_stack, containing_block, absolute_boxes,
        fixed_boxes, first_letter_style, first_line_style,
    )  # fmt: skip


def _prepare(context: Any, box: Any, containing_block: Any, *, plain: bool) -> None:
    from booklet.compose.composer import plan_paragraph
    from booklet.compose.material import TooComplexError

    resolve_percentages(box, containing_block)
    inline_layout.resolve_one_percentage(box, "text_indent", containing_block.width)
    width = containing_block.width
    key = (width - box.text_indent, width)
    known = getattr(box, _PLAN, None)
    if plain:
        _forget(box)
        return
    if known is not None and known[0] == key:
        return
    _forget(box)
    plan = None
    try:
        plan = plan_paragraph(context, box, containing_block, key)
    except TooComplexError:
        plan = None
    setattr(box, _PLAN, (key, plan))
    if plan is not None:
        for number, leaf in enumerate(plan.leaves):
            setattr(leaf, _LEAF, (plan, number))


def _forget(box: Any) -> None:
    known = getattr(box, _PLAN, None)
    if known is not None:
        delattr(box, _PLAN)
        if known[1] is not None:
            for leaf in known[1].leaves:
                if hasattr(leaf, _LEAF):
                    delattr(leaf, _LEAF)


def split_text_box(
    context: Any,
    box: Any,
    available_width: Any,
    skip: int,
    is_line_start: bool = True,
) -> Any:
    """Cut a text box where the plan says; leave others to the base."""
    planned = getattr(box, _LEAF, None)
    if planned is None or available_width is None:
        return _split_text_box(context, box, available_width, skip, is_line_start)
    plan, leaf = planned
    piece = plan.piece(leaf, skip)
    if piece is None:
        return None, None, False
    if not piece.text:
        return None, piece.resume, False
    shaped = plan.metrics[leaf]
    new_box = box.copy_with_text(piece.text)
    delattr(new_box, _LEAF)
    new_box.width = piece.width
    new_box.pango_layout = _Segment.of(shaped.layout, piece)
    new_box.height = shaped.height
    line_height, _ = line_break.strut(box.style)
    half_leading = (line_height - shaped.height) / 2
    new_box.margin_top = new_box.margin_bottom = half_leading
    new_box.baseline = shaped.baseline + half_leading
    return new_box, piece.resume, False


class _Segment(line_break.Layout):  # type: ignore[misc]
    """A piece of a shaped paragraph. Pango sees it only when it is drawn."""

    text: str
    shifts: dict[int, tuple[float, float]]
    shifted: Any

    @classmethod
    def of(cls, whole: Any, piece: Any) -> _Segment:
        segment = cls.__new__(cls)
        segment.__dict__.update(whole.__dict__)
        segment.text = piece.text
        segment.shifts = piece.shifts
        segment.shifted = None
        return segment

    def get_first_line(self) -> Any:
        """Give the line, its glyphs squeezed and stretched."""
        line, index = super().get_first_line()
        if self.shifts and self.shifted is not self.layout:
            self.shifted = self.layout
            for start, glyph in _glyphs(line):
                if start in self.shifts:
                    before, after = self.shifts[start]
                    glyph.geometry.width += round((before + after) * TO_UNITS)
                    if before:
                        glyph.geometry.x_offset += round(before * OFFSET_UNITS)
        return line, index


def install() -> None:
    """Teach WeasyPrint to compose; a second call does nothing.

    Raises:
        RuntimeError: It is not the version that this module was written for.
    """
    if weasyprint.__version__ != VERSION:
        msg = f"composition is written for WeasyPrint {VERSION}, not {weasyprint.__version__}"
        raise RuntimeError(msg)
    for name, keywords in KEYWORDS.items():
        key = name.replace("-", "_")
        css_properties.INITIAL_VALUES.setdefault(key, INITIAL[name])
        css_properties.INHERITED.add(key)
        css_properties.KNOWN_PROPERTIES.add(name)
        validators.PROPERTIES.setdefault(name, _keyword(keywords))
    inline_layout.iter_line_boxes = block_layout.iter_line_boxes = iter_line_boxes
    inline_layout.split_text_box = split_text_box


def uninstall() -> None:
    """Give WeasyPrint its own line layout back; the properties stay known."""
    inline_layout.iter_line_boxes = block_layout.iter_line_boxes = _iter_line_boxes
    inline_layout.split_text_box = _split_text_box


def _keyword(keywords: tuple[str, ...]) -> Any:
    def validate(tokens: Any) -> str | None:
        word = validators.get_single_keyword(tokens)
        return word if word in keywords else None

    validate.wants_base_url = False  # type: ignore[attr-defined]
    return validate
