"""Text shaped once by Pango, kept as plain bytes, and drawn without shaping it again.

A text box is shaped as one line;
its glyphs are copied out of Pango, so that a line is a slice of bytes with other advances.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from types import SimpleNamespace
from typing import Any

from booklet.compose.cells import fit_cells
from booklet.compose.classes import has_cjk
from booklet.compose.latin import set_chinese_marks
from booklet.compose.weasy import FROM_UNITS, TO_UNITS, ffi, line_break, pango

GLYPH = ffi.sizeof("PangoGlyphInfo")
FIELDS = GLYPH // 4
"""Glyph, width, x offset, y offset, attributes: 32 bits each."""

EMPTY = int(pango.PANGO_GLYPH_EMPTY)


class _Lengths(dict[str, int]):
    def __missing__(self, char: str) -> int:
        length = self[char] = len(char.encode())
        return length


_LENGTHS = _Lengths()


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one font; offsets and ends count within the text box.

    Attributes:
        glyph: Its first glyph.
        stop: The glyph behind its last.
        start: Byte offset of its text.
        end: Byte offset behind it.
        font: The font as Pango knows it.
        ascent: Pixels above the baseline.
        descent: Pixels below.
    """

    glyph: int
    stop: int
    start: int
    end: int
    font: Any
    ascent: float
    descent: float


@dataclass(frozen=True, slots=True)
class Shaped:
    """A text box shaped in one go.

    Attributes:
        text: Its text.
        starts: Byte offset of each cluster, and of the end.
        texts: The characters of each cluster.
        widths: Their advances in pixels.
        glyphs: Index of the first glyph of each cluster, and of the end.
        infos: All glyphs as Pango stores them.
        log: Byte offset of the cluster of each glyph.
        runs: Fonts.
        height: Pixels of the whole line.
        baseline: Pixels from its top.
        layout: The attributes of the base's layout that drawing needs.
        em: Type size in pixels.
    """

    text: str
    starts: list[int]
    texts: list[str]
    widths: list[float]
    glyphs: Sequence[int]
    infos: bytes
    log: list[int]
    runs: list[Run]
    height: float
    baseline: float
    layout: Any
    em: float

    def metrics(self, low: int, high: int) -> tuple[float, float]:
        """Give the height and the baseline of some clusters, as the base gives those of a line."""
        if len(self.runs) == 1:
            return self.height, self.baseline
        start, end = self.starts[low], self.starts[high]
        used = [run for run in self.runs if run.start < end and run.end > start]
        ascent = max(run.ascent for run in used)
        return ascent + max(run.descent for run in used), ascent


SHORT, MOST_SHORT = 12, 4096
"""Characters of a text that is worth keeping shaped, and how many such texts are kept."""

_short: dict[tuple[str, int], tuple[Any, Shaped]] = {}


def shape(text: str, style: Any) -> Shaped:
    """Shape a text as one line, without letter and word spacing.

    Dates, numbers and marks come again and again in the same style; they are shaped once.
    """
    if len(text) > SHORT:
        return _shape(text, style)
    key = text, id(style)
    if key not in _short:
        if len(_short) >= MOST_SHORT:
            _short.clear()
        _short[key] = style, _shape(text, style)  # the style lives as long as its name
    return _short[key][1]


def _shape(text: str, style: Any) -> Shaped:
    spaced = style["letter_spacing"] != "normal"
    if spaced or style["word_spacing"]:
        style = style.copy()
        style["letter_spacing"], style["word_spacing"] = "normal", 0
        if spaced:  # CSS Text 4, 9.2: no ligatures
            style["font_variant_ligatures"] = "none"
    layout = line_break.create_layout(text, style, None, None, 0)
    if not has_cjk(text):
        # The paragraph around it is Chinese.
        set_chinese_marks(layout.layout, text, style)
    line, _ = layout.get_first_line()
    _, height = line_break.line_size(line, style)
    baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
    runs: list[Run] = []
    infos, widths = bytearray(), []
    log: list[int] = []
    node = line.runs
    kept = style.font_config.__dict__.setdefault("compose_fonts", {})
    while node != ffi.NULL:
        item, string = node.data.item, node.data.glyphs
        node = node.next
        count = string.num_glyphs
        data = bytes(ffi.buffer(string.glyphs, count * GLYPH))
        offset = item.offset
        clusters = ffi.unpack(string.log_clusters, count)
        font = item.analysis.font
        ascent, descent = _extents(kept, font, layout)
        runs.append(
            Run(len(log), len(log) + count, offset, offset + item.length, font, ascent, descent)
        )
        infos += data
        log += [offset + cluster for cluster in clusters] if offset else clusters
        widths += memoryview(data).cast("i")[1::FIELDS].tolist()
    fit_cells(text, infos, widths, style)
    keeper, layout_ = _Attributes(), layout
    keeper.__dict__.update(
        {key: value for key, value in layout.__dict__.items() if key not in _LIVE}
    )
    shaped = _clusters(text, log, widths)
    del layout_
    return Shaped(
        text, *shaped, bytes(infos), log, runs, height, baseline, keeper, style["font_size"]
    )  # fmt: skip


_LIVE = frozenset({"layout", "language", "style", "text"})


class _Attributes(SimpleNamespace):
    """What a layout of the base knows besides its glyphs: the places of underlines."""


def _extents(kept: dict[Any, Any], font: Any, layout: Any) -> tuple[float, float]:
    """Give the ascent and descent of a font; keep it alive with the layout that uses it."""
    key = int(ffi.cast("intptr_t", font))
    if key not in kept:
        ink, logical = ffi.new("PangoRectangle *"), ffi.new("PangoRectangle *")
        pango.pango_font_get_glyph_extents(font, EMPTY, ink, logical)
        top, height = -logical.y * FROM_UNITS, logical.height * FROM_UNITS
        kept[key] = (layout.layout, top, height - top)
    return kept[key][1:]  # type: ignore[no-any-return]


def _clusters(
    text: str, log: list[int], widths: list[int]
) -> tuple[list[int], list[str], list[float], Sequence[int]]:
    """Group glyphs by what they stand for: byte offsets, texts, pixels, first glyphs."""
    count = len(log)
    offsets = [0, *accumulate(map(_LENGTHS.__getitem__, text))]
    if count == len(text) and log == offsets[:-1]:
        pixels = [width * FROM_UNITS for width in widths]
        return offsets, list(text), pixels, range(count + 1)
    firsts = [at for at in range(count) if at == 0 or log[at] != log[at - 1]]
    glyphs = [*firsts, count]
    starts = [*(log[at] for at in firsts), offsets[-1]]
    where = {offset: at for at, offset in enumerate(offsets)}
    at = [where[start] for start in starts]
    total = [0, *accumulate(widths)]
    pairs = range(len(firsts))
    return (
        starts,
        [text[at[n] : at[n + 1]] for n in pairs],
        [(total[glyphs[n + 1]] - total[glyphs[n]]) * FROM_UNITS for n in pairs],
        glyphs,
    )


class Segment(line_break.Layout):  # type: ignore[misc]
    """Some clusters of a shaped text box, squeezed and stretched, as the drawing sees them.

    It stands in for the base's layout, and gives it glyphs instead of shaping the text again.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - a value
        self, shaped: Shaped, low: int, high: int, origin: int,
        before: Mapping[int, float], after: Mapping[int, float], tail: Shaped | None,
    ) -> None:  # fmt: skip
        self.__dict__.update(shaped.layout.__dict__)
        self.shaped, self.low, self.high, self.origin = shaped, low, high, origin
        self.before, self.after, self.tail = before, after, tail
        self.text = "".join(shaped.texts[low:high]) + (tail.text if tail else "")
        self.first_line_direction = 0
        self.plain = True

    def reactivate(self, style: Any) -> None:
        """Make ready to be drawn."""
        self.style = style
        kept = style.font_config.__dict__["compose_fonts"]
        self.layout = next(iter(kept.values()))[0]

    def deactivate(self) -> None:
        """Let go of what only drawing needs."""
        self.__dict__.pop("layout", None)
        self.__dict__.pop("style", None)

    def set_text(self, text: str, justify: bool = False) -> None:
        """Become an ordinary layout: the base shortens the line with an ellipsis."""
        width = self.max_width
        self.setup(self.style)
        self.plain = False
        pango.pango_layout_set_width(self.layout, int(width * TO_UNITS))
        super().set_text(text, justify)

    def get_first_line(self) -> Any:
        """Give the line as the base's drawing reads it, in place of Pango's structures."""
        if not self.plain:
            return super().get_first_line()
        nodes = list(self._runs())
        for node, following in pairwise(nodes):
            node.next = following
        return SimpleNamespace(runs=nodes[:1] or [ffi.NULL], resolved_dir=0), None

    def _runs(self) -> Any:
        shaped, low, high = self.shaped, self.low, self.high
        first, last = shaped.glyphs[low], shaped.glyphs[high]
        start = shaped.starts[low]
        data = bytearray(shaped.infos[first * GLYPH : last * GLYPH])
        if self.before or self.after:
            self._shift(memoryview(data).cast("i"))
        runs = shaped.runs
        for run in runs[bisect_right(runs, first, key=lambda run: run.stop) :]:
            if run.glyph >= last:
                break
            one, two = max(run.glyph, first), min(run.stop, last)
            offset = max(run.start, start)
            yield _node(
                data[(one - first) * GLYPH : (two - first) * GLYPH],
                [byte - offset for byte in shaped.log[one:two]],
                offset - start, min(run.end, shaped.starts[high]) - offset, run.font,
            )  # fmt: skip
        if self.tail is not None:
            tail, offset = self.tail, shaped.starts[high] - start
            for run in tail.runs:
                yield _node(
                    bytearray(tail.infos[run.glyph * GLYPH : run.stop * GLYPH]),
                    [byte - run.start for byte in tail.log[run.glyph : run.stop]],
                    offset + run.start, run.end - run.start, run.font,
                )  # fmt: skip

    def _shift(self, fields: memoryview) -> None:
        """Put the planned shifts into the advances.

        A PDF adjusts glyphs by whole thousandths of the type size: what one gap rounds away, the
        next makes up for, so that the line ends where it should.
        """
        shaped, low, origin = self.shaped, self.low, self.origin
        glyphs, first = shaped.glyphs, shaped.glyphs[low]
        unit = shaped.em * TO_UNITS / 1000
        # The base divides offsets by the em of 1024 units, widths by one of 1000.
        slant = TO_UNITS * 1000 / 1024
        before, after = self.before, self.after
        owed = 0.0
        for at in range(low, self.high):
            key = at + origin
            left, right = before.get(key, 0.0), after.get(key, 0.0)
            if not left and not right:
                continue
            owed += (left + right) * TO_UNITS / unit
            given = round(owed)
            owed -= given
            place = (glyphs[at + 1] - 1 - first) * FIELDS
            # Drawing cuts the fraction off: a little more than a whole number stays whole.
            wanted = given * unit
            fields[place + 1] += int(wanted) + ((wanted > 0) - (wanted < 0)) * (wanted % 1 > 0)
            if left:
                for glyph in range(glyphs[at] - first, glyphs[at + 1] - first):
                    fields[glyph * FIELDS + 2] += round(left * slant)


def _node(data: bytearray, log: list[int], offset: int, length: int, font: Any) -> Any:
    count = len(log)
    glyphs = ffi.from_buffer("PangoGlyphInfo[]", data)
    analysis = SimpleNamespace(font=font, level=0)
    item = SimpleNamespace(offset=offset, length=length, analysis=analysis)
    string = SimpleNamespace(glyphs=glyphs, num_glyphs=count, log_clusters=log)
    return SimpleNamespace(data=SimpleNamespace(item=item, glyphs=string), next=ffi.NULL)


def line_breaks(text: str, language: str) -> list[int]:
    """Tell before which characters the Unicode algorithm lets a line begin: 1 or 0 for each."""
    attributes = line_break.get_log_attrs(text, language)
    bits = memoryview(ffi.buffer(attributes)).cast("I")
    return [word & 1 for word in bits.tolist()[: len(text)]]


def byte_to_cluster(shaped: Shaped, byte: int) -> int:
    """Find the cluster that begins at or behind a byte offset."""
    return bisect_left(shaped.starts, byte)
